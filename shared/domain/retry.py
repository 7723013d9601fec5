"""When a team knocks again: after how long, in which part of the day, how often."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from shared.domain.clock import aware
from shared.domain.task import AfterVisit, Task
from shared.domain.wall_clock import day_begins, day_of, moment_of
from shared.domain.words import EndReason, Outcome, Status

LONGEST_EXTRA_WINDOW = timedelta(hours=2)
"""How long an attempt may take that opens after the task was due."""

ENOUGH_ROOM = timedelta(minutes=30)
"""A part of the day of which the window leaves less is no chance to find somebody."""


class DayPart(StrEnum):
    """Who is out in one is likely at home in another. At night nobody is tried again unless the window leaves no other time."""

    NIGHT = "night"
    MORNING = "morning"
    NOON = "noon"
    EVENING = "evening"


# In minutes of the district's day: commuters are back from about 17:00, and nobody wants a knock after 22:00.
_BEGINS = {
    DayPart.MORNING: 6 * 60,
    DayPart.NOON: 11 * 60,
    DayPart.EVENING: 17 * 60,
    DayPart.NIGHT: 22 * 60,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """A kind's rule for the next attempt, in a time zone (an IANA name). `elsewhen`: in another part of the day, if the window allows."""

    after: timedelta
    elsewhen: bool = False
    time_zone: str


def part_of_day(moment: datetime, time_zone: str) -> DayPart:
    """The part of the day in which `moment` falls there. Raises NaiveTime."""
    wall = aware(moment).astimezone(ZoneInfo(time_zone))
    minute = wall.hour * 60 + wall.minute
    for (part, begins), (_, ends) in pairwise(_BEGINS.items()):
        if begins <= minute < ends:
            return part
    return DayPart.NIGHT


def after_visit(task: Task, outcome: Outcome, at: datetime, retry: Retry) -> AfterVisit:
    """The task's next step after one visit at `at`.

    Seen: completed. Otherwise the attempt counts; while attempts are left the window opens again `retry.after` later, or (`elsewhen`) with
    the next part of the day that is neither the one of this knock nor the night, where the window leaves half an hour of it. It ends when
    it did, or where that is over by then, as long after the opening as before, at most two hours. Without attempts left it is not
    executable.
    """
    attempts = task.attempts + 1
    if outcome.saw_the_person:
        return AfterVisit(status=Status.COMPLETED, end_reason=EndReason.COMPLETED, attempts=attempts)
    if attempts >= task.max_attempts:
        return AfterVisit(status=Status.NOT_EXECUTABLE, end_reason=EndReason.NOT_EXECUTABLE, attempts=attempts)
    soonest = max(at + retry.after, task.earliest)
    elsewhen = _elsewhen(at, soonest, task.due_at - ENOUGH_ROOM, retry.time_zone) if retry.elsewhen else None
    earliest = elsewhen or soonest
    extra = min(task.due_at - task.earliest, LONGEST_EXTRA_WINDOW)
    return AfterVisit(
        status=Status.PENDING,
        end_reason=EndReason.RETRY,
        attempts=attempts,
        earliest=earliest,
        due_at=task.due_at if task.due_at >= earliest else earliest + extra,
    )


def _elsewhen(knocked: datetime, soonest: datetime, latest: datetime, time_zone: str) -> datetime | None:
    """The first moment from `soonest` to `latest` in a part of the day other than the knock's, and not at night."""
    tried = {part_of_day(knocked, time_zone), DayPart.NIGHT}
    if soonest > latest:
        return None
    if part_of_day(soonest, time_zone) not in tried:
        return soonest
    for begins in _beginnings(soonest, latest, time_zone):
        if part_of_day(begins, time_zone) not in tried:
            return begins
    return None


def _beginnings(first: datetime, last: datetime, time_zone: str) -> Iterator[datetime]:
    """When parts of the day begin there, from `first` to `last`, in UTC."""
    day = day_of(first, time_zone)
    while day_begins(day, time_zone) <= last:
        for minute in _BEGINS.values():
            begins = moment_of(day, minute, time_zone)
            if first <= begins <= last:
                yield begins
        day += timedelta(days=1)
