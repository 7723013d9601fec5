"""Handover: open work goes, with notes, from a team whose shift ends to the team that follows it in its grid."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.domain.clock import aware
from shared.domain.reasons import AssignmentReason
from shared.domain.routing import TeamOnShift, Work, insert_where_cheapest, timetable

OPEN_AFTER = timedelta(minutes=10)
"""So long after the end of a shift its coordinator is told what the team accepted, left open and said nothing about: the walk back."""
KEPT_FOR = timedelta(hours=1)
"""So much later of what the team said that it finishes itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One row of `handovers`: a task went from a team to the one that follows it, or back to be placed (`to_team_id` None).

    `member_id` None: nobody said so, the shift ended. The note stays with the task until it is closed. Raises NaiveTime.
    """

    id: UUID
    district_id: UUID
    task_id: UUID
    from_team_id: UUID
    to_team_id: UUID | None
    shift_id: UUID | None
    member_id: UUID | None = None
    note: str = ""
    at: datetime

    def __post_init__(self) -> None:
        aware(self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """The end of a team's shift. `goes_on`: the team's next shift begins at once, so there is nothing to hand over."""

    shift_id: UUID
    starts_at: datetime
    ends_at: datetime
    asks_from: datetime  # from here the team is asked about each task that it has accepted
    goes_on: bool

    def asks_at(self, now: datetime) -> bool:
        return not self.goes_on and now >= self.asks_from

    def was_kept(self, kept_at: datetime | None) -> bool:
        """Whether the team said of a task that it finishes it, and said so of this end: one that is moved is asked about anew."""
        return kept_at is not None and kept_at >= self.asks_from


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOn:
    """What becomes of work that is handed over: the teams that get some, each with its walk from now on, and why of each task."""

    teams: Mapping[UUID, TeamOnShift]  # those that get something, as they were
    walks: Mapping[UUID, TeamOnShift]  # the same with what they get
    reasons: Mapping[UUID, tuple[UUID, AssignmentReason]]  # task → team, and why

    @property
    def all_on_time(self) -> bool:
        return all(reason.on_time for _, reason in self.reasons.values())

    def taker_of(self, task_id: UUID) -> UUID | None:
        taken = self.reasons.get(task_id)
        return taken[0] if taken else None


def follows(team: TeamOnShift, home_grid_id: UUID | None, ends_at: datetime, within: timedelta) -> bool:
    """Whether the team is the next in that grid when a shift there ends: on shift then and for longer, or beginning `within` that."""
    if home_grid_id is None or team.home_grid_id != home_grid_id or team.shift_id is None or team.shift_starts is None:
        return False
    return team.shift_starts <= ends_at + within and team.shift_ends > ends_at


def room_of(team: TeamOnShift) -> timedelta:
    """How much of its shift is free behind its walk."""
    planned = timetable(team, team.works)
    return team.shift_ends - (planned[-1].leave_at if planned else team.free_at)


def pass_on(
    works: Iterable[Work], followers: Sequence[TeamOnShift], *, now: datetime, freeze_s: int, home_grid_price_s: int
) -> PassedOn:
    """Put each into the walk of the follower with the most room that can do it within its shift, the most urgent first.

    What no follower can do is in no walk. No order in which the followers are given makes a difference.
    """
    before = {team.team_id: team for team in followers}
    walks, reasons = dict(before), dict[UUID, tuple[UUID, AssignmentReason]]()
    for work in sorted(works, key=lambda work: (-work.priority, work.due_at, work.task_id)):
        for team in sorted(walks.values(), key=lambda team: (-room_of(team), team.team_id)):
            found = insert_where_cheapest(team, work, now, freeze_s, home_grid_price_s)
            if found is not None:
                walks[team.team_id] = team.with_works(step.work for step in found.planned)
                reasons[work.task_id] = (team.team_id, found.reason)
                break
    takers = {team_id for team_id, _ in reasons.values()}
    return PassedOn(
        teams={team_id: before[team_id] for team_id in takers},
        walks={team_id: walks[team_id] for team_id in takers},
        reasons=reasons,
    )
