"""Days and times of day as a district's clocks show them, and the moments they are."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.domain.clock import aware

_SECOND = timedelta(seconds=1)


def day_of(moment: datetime, time_zone: str) -> date:
    """The day that calendars in `time_zone` (an IANA name) show at that moment."""
    return aware(moment).astimezone(ZoneInfo(time_zone)).date()


def day_begins(day: date, time_zone: str) -> datetime:
    """The first moment of a day, in UTC."""
    return moment_of(day, 0, time_zone)


def moment_of(day: date, minute: int, time_zone: str) -> datetime:
    """When clocks in `time_zone` show that minute (0 … 1439) of that day, in UTC.

    A time that clocks show twice is taken the first time. One that they leap over is the first moment after the leap.
    """
    zone = ZoneInfo(time_zone)
    wall = datetime.combine(day, time(minute // 60, minute % 60))
    found = wall.replace(tzinfo=zone).astimezone(UTC)
    if _shown(found, zone) == wall:
        return found
    return _end_of_leap(wall, zone)


def is_on_calendar(day: date, time_zone: str) -> bool:
    """Whether the day is there: Samoa left out 30 December 2011."""
    return day_of(day_begins(day, time_zone), time_zone) == day


def _end_of_leap(wall: datetime, zone: ZoneInfo) -> datetime:
    """Of a wall time that clocks leap over, the first moment after the leap. The two readings of it lie around that moment (PEP 495)."""
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    after = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    while after - before > _SECOND:
        between = before + timedelta(seconds=(after - before) // _SECOND // 2)
        if _shown(between, zone) < wall:
            before = between
        else:
            after = between
    return after


def _shown(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)
