"""Why a task that could not be placed waits, and when to look again."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.worker.planner.problem import Problem
from services.worker.planner.walks import Offer, Scan, Walks
from shared.domain.reasons import Waiting
from shared.domain.routing import TeamOnShift, Work, timetable
from shared.domain.words import WaitingReason

A_DAY = timedelta(days=1)  # no shift that is planned now reaches further


def nobody_on_shift(problem: Problem) -> dict[UUID, Waiting]:
    """Every pending task waits for a team."""
    return {work.task_id: _wait(problem, WaitingReason.NO_TEAM_ON_SHIFT, {}) for work in problem.pending}


def why_nobody_could(problem: Problem, teams: Sequence[TeamOnShift], work: Work) -> Waiting:
    """Why no team (there is one) could take it however empty its walk: roles, capabilities, all declined, or it opens too late."""
    if roles := _least_lacking([work.roles - team.roles for team in teams]):
        return _wait(problem, WaitingReason.ROLE_MISSING, {"roles": roles})
    teams = [team for team in teams if work.roles <= team.roles]
    if capabilities := _least_lacking([work.capabilities - team.capabilities for team in teams]):
        return _wait(problem, WaitingReason.CAPABILITY_MISSING, {"capabilities": capabilities})
    teams = [team for team in teams if work.capabilities <= team.capabilities]
    willing = [team.shift_ends for team in teams if team.can_do(work)]
    if willing:
        return _opens_later(problem, work, min(willing))
    return _stopped(problem, teams[0], "declined")


def why_all_are_full(problem: Problem, walks: Walks, work: Work, scan: Scan) -> Waiting:
    """Teams could, none has room: the nearest one, and what stops it."""
    nearest = walks.nearest(work, scan)
    team = walks.teams[nearest.row]
    if not team.has_visit_left_for(work):
        stopped_by = "visits"
    elif not scan.fits_alone[nearest.row].any() or _pushes_beyond_shift(team, work, nearest):
        stopped_by = "shift_ends"
    else:
        stopped_by = "would_be_late"
    return _stopped(problem, team, stopped_by)


def _least_lacking(lacking: Sequence[frozenset[str]]) -> list[str]:
    fewest = min(map(len, lacking))
    return sorted(next(words for words in lacking if len(words) == fewest))


def _pushes_beyond_shift(team: TeamOnShift, work: Work, offer: Offer) -> bool:
    before = timetable(team, team.works)
    works = (*team.works[: offer.position], work, *team.works[offer.position :])
    behind = timetable(team, works)[offer.position + 1 :]
    return any(
        now.leave_at > max(team.shift_ends, then.leave_at)
        for then, now in zip(before[offer.position :], behind, strict=True)
    )


def _stopped(problem: Problem, team: TeamOnShift, stopped_by: str) -> Waiting:
    detail = {"team_id": str(team.team_id), "stopped_by": stopped_by}
    return _wait(problem, WaitingReason.ALL_TEAMS_FULL, detail)


def _opens_later(problem: Problem, work: Work, first_end: datetime) -> Waiting:
    """Looked at again when the shifts that follow come into view: those planned now end, and the next begin within `plan_ahead_s`."""
    next_shifts = first_end - timedelta(seconds=problem.settings.plan_ahead_s)
    look_again_at = max(next_shifts, work.earliest - A_DAY)
    return _wait(problem, WaitingReason.OPENS_LATER, {"earliest": work.earliest.isoformat()}, look_again_at)


def _wait(
    problem: Problem, reason: WaitingReason, detail: Mapping[str, object], not_before: datetime | None = None
) -> Waiting:
    look_again_at = problem.now + timedelta(seconds=problem.settings.look_again_s)
    return Waiting(reason=reason, detail=detail, look_again_at=max(look_again_at, not_before or look_again_at))
