"""Why a task that could not be placed waits, and when to look again."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.worker.planner.problem import Problem
from services.worker.planner.walks import Near, Offer, Scan, Walks
from shared.domain.reasons import Waiting
from shared.domain.routing import TeamOnShift, Work, timetable
from shared.domain.words import WaitingReason

A_DAY = timedelta(days=1)  # no shift that is planned now reaches further


def nobody_on_shift(problem: Problem) -> dict[UUID, Waiting]:
    """Every pending task waits for a team."""
    return {work.task_id: _wait(problem, WaitingReason.NO_TEAM_ON_SHIFT, {}) for work in problem.pending}


def why_nobody_could(problem: Problem, walks: Walks, work: Work) -> Waiting:
    """Why no team (there is one) could take it however empty its walk: roles, capabilities, all declined, or it opens too late."""
    teams, rows = walks.teams, range(len(walks.teams))
    with_roles = [row for row in rows if work.roles <= teams[row].roles]
    if not with_roles:
        near = _nearest_lacking_least(walks, work, rows, lambda team: work.roles - team.roles)
        team = teams[near.row]
        detail = {"roles": sorted(work.roles - team.roles), **_who_must_rest(team, work), **_named(walks, near)}
        return _wait(problem, WaitingReason.ROLE_MISSING, detail)
    able = [row for row in with_roles if work.capabilities <= teams[row].capabilities]
    if not able:
        near = _nearest_lacking_least(walks, work, with_roles, lambda team: work.capabilities - team.capabilities)
        capabilities = sorted(work.capabilities - teams[near.row].capabilities)
        detail = {"capabilities": capabilities, **_named(walks, near)}
        return _wait(problem, WaitingReason.CAPABILITY_MISSING, detail)
    willing = [row for row in able if teams[row].can_do(work)]
    if not willing:
        return _stopped(problem, walks, walks.nearest(work, able), "declined")
    return _opens_later(problem, walks, work, willing)


def why_all_are_full(problem: Problem, walks: Walks, work: Work, scan: Scan) -> Waiting:
    """Teams could, none has room: the nearest one, and what stops it."""
    near = walks.nearest(work, walks.rows_that_could(work))
    team = walks.teams[near.row]
    if not team.has_visit_left_for(work):
        return _stopped(problem, walks, near, "visits")
    offer = walks.cheapest_alone(scan, near.row)
    if offer is None or _pushes_beyond_shift(team, work, offer):
        return _stopped(problem, walks, near, "shift_ends")
    return _stopped(problem, walks, near, "would_be_late")


def _who_must_rest(team: TeamOnShift, work: Work) -> dict[str, object]:
    """Of what it lacks, the slots whose members a rule of rest keeps off, and when the last of them counts, if that is in the shift."""
    resting = [kept for kept in team.kept_off if kept.role in work.roles - team.roles]
    if not resting:
        return {}
    until = max(kept.until for kept in resting)
    over = {"rest_until": until.isoformat()} if until < team.shift_ends else {}
    return {"must_rest": sorted({kept.role for kept in resting}), **over}


def _nearest_lacking_least(
    walks: Walks, work: Work, rows: Sequence[int], lacking: Callable[[TeamOnShift], Collection[str]]
) -> Near:
    numbers = {row: len(lacking(walks.teams[row])) for row in rows}
    fewest = min(numbers.values())
    return walks.nearest(work, [row for row, number in numbers.items() if number == fewest])


def _pushes_beyond_shift(team: TeamOnShift, work: Work, offer: Offer) -> bool:
    before = timetable(team, team.works)
    works = (*team.works[: offer.position], work, *team.works[offer.position :])
    behind = timetable(team, works)[offer.position + 1 :]
    return any(
        now.leave_at > max(team.shift_ends, then.leave_at)
        for then, now in zip(before[offer.position :], behind, strict=True)
    )


def _stopped(problem: Problem, walks: Walks, near: Near, stopped_by: str) -> Waiting:
    detail = {"stopped_by": stopped_by, **_named(walks, near)}
    if stopped_by == "shift_ends":
        detail["shift_ends"] = walks.teams[near.row].shift_ends.isoformat()
    return _wait(problem, WaitingReason.ALL_TEAMS_FULL, detail)


def _opens_later(problem: Problem, walks: Walks, work: Work, willing: Sequence[int]) -> Waiting:
    """Looked at again when the shifts that follow come into view: those planned now end, and the next begin within `plan_ahead_s`."""
    first_end = min(walks.teams[row].shift_ends for row in willing)
    next_shifts = first_end - timedelta(seconds=problem.settings.plan_ahead_s)
    look_again_at = max(next_shifts, work.earliest - A_DAY)
    near = walks.nearest(work, willing)
    detail = {
        "earliest": work.earliest.isoformat(),
        "shift_ends": walks.teams[near.row].shift_ends.isoformat(),
        **_named(walks, near),
    }
    return _wait(problem, WaitingReason.OPENS_LATER, detail, look_again_at)


def _named(walks: Walks, near: Near) -> dict[str, object]:
    named: dict[str, object] = {"team_id": str(walks.teams[near.row].team_id)}
    return named if near.travel_s is None else {**named, "travel_s": near.travel_s}


def _wait(
    problem: Problem, reason: WaitingReason, detail: Mapping[str, object], not_before: datetime | None = None
) -> Waiting:
    look_again_at = problem.now + timedelta(seconds=problem.settings.look_again_s)
    return Waiting(reason=reason, detail=detail, look_again_at=max(look_again_at, not_before or look_again_at))
