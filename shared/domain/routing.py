"""A team's walk: what its tasks ask of it, and when it would be where. The one timetable of planner, operations and pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil, floor
from typing import Any
from uuid import UUID

from shared.domain.errors import NaiveTime
from shared.domain.geography import Pace, Point
from shared.domain.reasons import AssignmentReason
from shared.domain.words import RestRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a task asks of a team. A phone call has no point: it costs time, no travel.

    A team's break is work too (`shared.domain.breaks`): at no point, and never another team's. Raises NaiveTime, and ValueError for a break
    with a point or without a fixed team.
    """

    task_id: UUID  # of a break: its shift's id
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
    declined_in: frozenset[UUID] = frozenset()  # shifts whose teams declined it
    is_break: bool = False

    def __post_init__(self) -> None:
        if self.earliest.tzinfo is None or self.due_at.tzinfo is None:
            raise NaiveTime
        if self.is_break and (self.point is not None or not self.team_fixed):
            raise ValueError("a break is at no point and stays with its team")

    @property
    def is_under_way(self) -> bool:
        return self.departed_at is not None or self.arrived_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOff:
    """A member whom a rule of rest (`shared.domain.rest`) keeps from a shift, until then or for all of it."""

    member_id: UUID
    role: str
    rule: RestRule
    until: datetime

    @classmethod
    def of_json(cls, said: Mapping[str, Any]) -> "KeptOff":
        return cls(
            member_id=UUID(said["member_id"]),
            role=said["role"],
            rule=RestRule(said["rule"]),
            until=datetime.fromisoformat(said["until"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamOnShift:
    """A team as a plan sees it: who is there, where, until when, and the walk it has now. Raises NaiveTime."""

    team_id: UUID
    shift_id: UUID | None  # None: no shift now or soon; it keeps what it holds and gets nothing new
    pace: Pace
    place: Point | None  # last known; None: unknown, the first stop costs no travel
    shift_starts: datetime | None = None  # None: not known, counts as now
    free_at: datetime  # nothing starts before: now, or the shift's begin
    shift_ends: datetime
    roles: frozenset[str]  # on duty
    capabilities: frozenset[str]  # of those on duty
    resting_roles: frozenset[str] = frozenset()  # on a break
    resting_capabilities: frozenset[str] = frozenset()
    kept_off: tuple["KeptOff", ...] = ()  # who is on the team, and not on duty by a rule of rest
    home_grid_id: UUID | None
    visits_left: int | None  # most further visits in this shift, those in `works` included, calls not; None: no limit
    visits_made: int = 0  # in this shift, calls not
    setup_s: int
    works: tuple[Work, ...] = ()
    members: tuple[Mapping[str, Any], ...] = ()  # {"member_id", "role"} of those on duty: the snapshot for assignments
    route_version: int = 0
    roster_version: int = 0

    def __post_init__(self) -> None:
        if any(at is not None and at.tzinfo is None for at in (self.shift_starts, self.free_at, self.shift_ends)):
            raise NaiveTime

    def can_do(self, work: Work) -> bool:
        """Whether those on duty have the roles and capabilities that the task needs, and did not decline it in this shift."""
        return (
            work.roles <= self.roles
            and work.capabilities <= self.capabilities
            and self.shift_id not in work.declined_in
        )

    def keeps(self, work: Work) -> bool:
        """Whether what it holds stays with it: those on a break come back to it, though they get nothing new."""
        return (
            work.roles <= self.roles | self.resting_roles
            and work.capabilities <= self.capabilities | self.resting_capabilities
        )

    def has_visit_left_for(self, work: Work) -> bool:
        """Whether one more keeps to the most visits of the shift. Calls do not count: a team makes hundreds a day."""
        if self.visits_left is None or work.point is None:
            return True
        return self.visits_ahead < self.visits_left

    @property
    def visits_ahead(self) -> int:
        """Of its walk, calls not."""
        return sum(work.point is not None for work in self.works)

    def with_works(self, works: Iterable[Work]) -> "TeamOnShift":
        return replace(self, works=tuple(works))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedWork:
    """One task's place in the walk. `begin_at` is when the visit starts; the stop's set-up lies before it."""

    work: Work
    travel_s: int  # from the place before
    setup_s: int = 0
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
        setup_s = 0 if same_stop else team.setup_s
        begin_at = max(arrive_at + timedelta(seconds=setup_s), work.earliest)
        if planned:  # who arrived for two tasks at once still does one after the other
            begin_at = max(begin_at, free_at)
        leave_at = max(begin_at + timedelta(seconds=work.service_s), free_at)
        planned.append(
            PlannedWork(
                work=work,
                travel_s=travel_s,
                setup_s=setup_s,
                arrive_at=arrive_at,
                begin_at=begin_at,
                leave_at=leave_at,
            )
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


def is_home(team: TeamOnShift, work: Work) -> bool:
    """Whether the task lies in the team's home grid."""
    return work.grid_id is not None and work.grid_id == team.home_grid_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Insertion:
    """What one more task does to a walk: the walk with it, why there, and what it breaks."""

    position: int
    planned: tuple[PlannedWork, ...]
    reason: AssignmentReason
    cost_s: int  # added travel, and the price of leaving the home grid
    added_setup_s: int
    made_late: tuple[UUID, ...]  # tasks there already that would start late, or later than late
    added_late_s: float  # over all of those and the new one
    overrun_s: int  # by how much it pushes itself or others beyond the end of the shift, rounded up
    within_visits: bool

    @property
    def fits(self) -> bool:
        """Whether nobody else pays for it. The task itself may be late: `reason.on_time`."""
        return not self.made_late and self.overrun_s == 0 and self.within_visits

    @property
    def begin_at(self) -> datetime:
        return self.planned[self.position].begin_at

    @property
    def weight_behind(self) -> int:
        """Priorities of what comes behind it, summed."""
        return sum(stop.work.priority for stop in self.planned[self.position + 1 :])

    def weighted_wait(self, now: datetime) -> timedelta:
        """How long people wait for it, and how much longer for what it pushes back, each by its priority.

        Decides among places that cost the same: else calls, which cost no travel anywhere, would pile up on one team, last come first.
        """
        work = self.planned[self.position].work
        pushed_back_s = self.reason.added_travel_s + self.added_setup_s + work.service_s
        return work.priority * (self.begin_at - now) + self.weight_behind * timedelta(seconds=pushed_back_s)


def insert_where_cheapest(
    team: TeamOnShift, work: Work, now: datetime, freeze_s: int, home_grid_price_s: int, *, forced: bool = False
) -> Insertion | None:
    """The best place for one more task in this team's walk behind what is frozen; the order there is kept.

    On time where it costs least; else late as early as possible, as long as nobody else pays. None where the team cannot do it or
    nothing fits. `forced`: then the least bad place, whatever the team can: least overrun, least lateness, least cost.
    """
    could = team.can_do(work) and work.earliest < team.shift_ends and team.has_visit_left_for(work)
    if not could and not forced:
        return None
    before = timetable(team, team.works)
    first = frozen_prefix(before, now, freeze_s)
    tries = [_inserted(team, work, before, at, home_grid_price_s) for at in range(first, len(before) + 1)]
    fitting = [tried for tried in tries if tried.fits] if could else []
    on_time = [tried for tried in fitting if tried.reason.on_time]
    if on_time:
        return min(
            on_time, key=lambda t: (t.cost_s, t.added_setup_s, t.weighted_wait(now), t.weight_behind, t.position)
        )
    if fitting:
        return min(fitting, key=lambda t: (t.begin_at, t.cost_s, t.added_setup_s, t.weight_behind, t.position))
    if forced:
        return min(tries, key=lambda t: (t.overrun_s, t.added_late_s, t.cost_s, t.position))
    return None


def _inserted(
    team: TeamOnShift, work: Work, before: Sequence[PlannedWork], position: int, home_grid_price_s: int
) -> Insertion:
    planned = timetable(team, (*team.works[:position], work, *team.works[position:]))
    new, others = planned[position], (*planned[:position], *planned[position + 1 :])
    later = [
        (now_.work.task_id, now_.late_s - then.late_s)
        for then, now_ in zip(before, others, strict=True)
        if now_.late_s > then.late_s
    ]
    overruns = [now_.leave_at - max(team.shift_ends, then.leave_at) for then, now_ in zip(before, others, strict=True)]
    overrun = max(new.leave_at - team.shift_ends, *overruns, timedelta(0))
    added_travel_s = sum(stop.travel_s for stop in planned) - sum(stop.travel_s for stop in before)
    away = work.grid_id is not None and not is_home(team, work)
    return Insertion(
        position=position,
        planned=planned,
        reason=assignment_reason(team, new, added_travel_s),
        cost_s=added_travel_s + (home_grid_price_s if away else 0),
        added_setup_s=sum(stop.setup_s for stop in planned) - sum(stop.setup_s for stop in before),
        made_late=tuple(task_id for task_id, _ in later),
        added_late_s=new.late_s + sum(added for _, added in later),
        overrun_s=ceil(overrun.total_seconds()),
        within_visits=team.has_visit_left_for(work),
    )


def reason_in_walk(team: TeamOnShift, planned: Sequence[PlannedWork], stop: PlannedWork) -> AssignmentReason:
    """Why the team has that task of its walk, in figures: against the same walk without it."""
    without = timetable(team, [other.work for other in planned if other is not stop])
    added_travel_s = sum(each.travel_s for each in planned) - sum(each.travel_s for each in without)
    return assignment_reason(team, stop, added_travel_s)


def assignment_reason(team: TeamOnShift, stop: PlannedWork, added_travel_s: int) -> AssignmentReason:
    """Why the team has the task, in figures."""
    slack = stop.work.due_at - stop.begin_at
    return AssignmentReason(
        added_travel_s=added_travel_s,
        home_grid=is_home(team, stop.work),
        slack_s=floor(slack.total_seconds()),
        on_time=slack >= timedelta(0),
    )
