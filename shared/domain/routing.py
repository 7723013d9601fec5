"""A team's walk: what its tasks ask of it, and when it would be where. The one timetable of planner, operations and pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.domain.geography import Pace, Point


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a task asks of a team. A phone call has no point: it costs time, no travel. Times are aware."""

    task_id: UUID
    door: UUID | None  # tasks at one door, one after the other, are one stop
    point: Point | None
    grid_id: UUID | None
    earliest: datetime
    due_at: datetime  # latest start of the visit
    service_s: int
    priority: int  # 1 (can wait) … 5 (urgent)
    roles: frozenset[str]
    capabilities: frozenset[str]
    team_fixed: bool = False  # accepted or pinned: only a person changes the team
    departed_at: datetime | None = None  # the team is on its way
    arrived_at: datetime | None = None  # the team is at the door

    @property
    def is_under_way(self) -> bool:
        return self.departed_at is not None or self.arrived_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamOnShift:
    """A team as a plan sees it: who is there, where, until when, and the walk it has now."""

    team_id: UUID
    shift_id: UUID | None  # None: no shift now or soon; it keeps what it holds and gets nothing new
    pace: Pace
    place: Point | None  # last known; None: unknown, the first stop costs no travel
    free_at: datetime  # nothing starts before: now, or the shift's begin
    shift_ends: datetime
    roles: frozenset[str]  # on duty
    capabilities: frozenset[str]  # of those on duty
    home_grid_id: UUID | None
    visits_left: int | None  # most further visits in this shift, those in `works` included; None: no limit
    setup_s: int
    works: tuple[Work, ...] = ()
    members: tuple[
        Mapping[str, Any], ...
    ] = ()  # {"member_id", "role"} of those on duty: the snapshot for assignments and visits
    route_version: int = 0
    roster_version: int = 0

    def can_do(self, work: Work) -> bool:
        """Whether those on duty have the roles and capabilities that the task needs."""
        return work.roles <= self.roles and work.capabilities <= self.capabilities

    def with_works(self, works: Iterable[Work]) -> "TeamOnShift":
        return replace(self, works=tuple(works))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedWork:
    """One task's place in the walk. `begin_at` is when the visit starts; the stop's set-up lies before it."""

    work: Work
    travel_s: int  # from the place before
    arrive_at: datetime
    begin_at: datetime
    leave_at: datetime

    @property
    def late_s(self) -> float:
        """Seconds by which the visit starts after its due time, at least 0."""
        return max(0.0, (self.begin_at - self.work.due_at).total_seconds())


def timetable(team: TeamOnShift, works: Sequence[Work]) -> tuple[PlannedWork, ...]:
    """When the team would be where if it did `works` in this order from now on."""
    planned: list[PlannedWork] = []
    place, free_at, door = team.place, team.free_at, None
    for work in works:
        travel_s = team.pace.seconds(place, work.point) if place and work.point else 0
        arrive_at = free_at + timedelta(seconds=travel_s)
        if work.arrived_at is not None:
            travel_s, arrive_at = 0, work.arrived_at
        elif work.departed_at is not None:
            arrive_at = max(team.free_at, work.departed_at + timedelta(seconds=travel_s))
        same_stop = work.point is None or (work.door is not None and work.door == door)
        setup = timedelta(seconds=0 if same_stop else team.setup_s)
        begin_at = max(arrive_at + setup, work.earliest)
        leave_at = max(begin_at + timedelta(seconds=work.service_s), free_at)
        planned.append(
            PlannedWork(work=work, travel_s=travel_s, arrive_at=arrive_at, begin_at=begin_at, leave_at=leave_at)
        )
        free_at = leave_at
        if work.point is not None:
            place, door = work.point, work.door
    return tuple(planned)


def frozen_prefix(planned: Sequence[PlannedWork], now: datetime, freeze_s: int) -> int:
    """How many works at the head of the walk keep team and place: under way, or starting within `freeze_s` of `now`."""
    limit = now + timedelta(seconds=freeze_s)
    count = 0
    for index, stop in enumerate(planned, start=1):
        if stop.work.is_under_way or stop.begin_at <= limit:
            count = index
    return count
