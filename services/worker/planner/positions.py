"""What one more task needs to know about each gap of a walk.

A gap is judged in O(1) because it carries the earliest time the team is free there (forward) and the latest that harms nobody behind it
(backward): Savelsbergh, "The vehicle routing problem with time windows: minimizing route duration", 1992.
Times are integer microseconds from the problem's `now`: exact, as in `timetable`.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from shared.domain.routing import PlannedWork, TeamOnShift

Int = NDArray[np.int64]
T = TypeVar("T", int, Int)

MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
NEVER = 2**62  # beyond every datetime, and any datetime may be added without overflow
NO_DOOR, NO_NEXT_DOOR, NO_OWN_DOOR = -1, -2, -3  # equal to no door, nor to each other


class Gap(NamedTuple, Generic[T]):
    """The gap before work k, k = 0 … length of the walk; or, for each field, one array (teams, gaps).

    The next *visit* may lie behind a run of calls: the run takes a start t to max(t + run_busy, run_until).
    """

    is_open: T  # 1: something may be inserted, being behind the frozen prefix and not beyond the walk's end
    free_at: T
    door: T  # of the last visit before
    weight_behind: T  # priorities of what comes behind, summed
    run_busy: T
    run_until: T
    run_latest: T  # latest start of the run that makes no call late(r) nor pushes it beyond the shift
    next_place: T  # column of the next visit's point; 0: there is none
    next_door: T
    next_travel_s: T
    next_setup_s: T
    next_latest: (
        T  # latest begin of the next visit that makes nothing from it on late(r) nor pushes it beyond the shift
    )


class Clock:
    """Counts moments in whole microseconds from `now`."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def __call__(self, moment: datetime) -> int:
        return (moment - self._now) // MICROSECOND


def gaps(
    team: TeamOnShift, planned: Sequence[PlannedWork], first: int, at: Clock, code: Callable[[UUID], int]
) -> list[Gap[int]]:
    """The gaps of a walk from the `first` open one to its end; `code` gives a door its number, 0 or more."""
    doors = [NO_DOOR]
    for stop in planned:
        own = NO_DOOR if stop.work.door is None else code(stop.work.door)
        doors.append(doors[-1] if stop.work.point is None else own)
    end = len(planned)
    free_at = [at(team.free_at), *(at(stop.leave_at) for stop in planned)]
    gap = Gap(1, free_at[end], doors[end], 0, 0, -NEVER, NEVER, 0, NO_NEXT_DOOR, 0, 0, NEVER)
    backwards, latest = [gap], NEVER
    shift_ends = at(team.shift_ends)
    for k in range(end - 1, first - 1, -1):
        stop, service = planned[k], planned[k].work.service_s * SECOND
        begin_at = at(stop.begin_at)
        own_latest = min(max(at(stop.work.due_at), begin_at), max(shift_ends - service, begin_at))
        latest = min(own_latest, latest - service)  # to begin at, this and all behind
        if stop.work.point is None:
            gap = _before_call(gap, at(stop.work.earliest), service, own_latest)
        else:
            gap = _before_visit(gap, k, stop, doors[k + 1], latest)
        latest -= (stop.travel_s + stop.setup_s) * SECOND  # to set out at
        weight = gap.weight_behind + stop.work.priority
        gap = gap._replace(free_at=free_at[k], door=doors[k], weight_behind=weight)
        backwards.append(gap)
    return backwards[::-1]


def _before_call(gap: Gap[int], earliest: int, service: int, own_latest: int) -> Gap[int]:
    return gap._replace(
        run_busy=service + gap.run_busy,
        run_until=max(earliest + service + gap.run_busy, gap.run_until),
        run_latest=min(own_latest, gap.run_latest - service),
    )


def _before_visit(gap: Gap[int], k: int, stop: PlannedWork, door: int, latest: int) -> Gap[int]:
    return gap._replace(
        run_busy=0,
        run_until=-NEVER,
        run_latest=NEVER,
        next_place=k + 1,
        next_door=NO_NEXT_DOOR if door == NO_DOOR else door,
        next_travel_s=stop.travel_s,
        next_setup_s=stop.setup_s,
        next_latest=latest,
    )
