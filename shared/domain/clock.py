"""Times: always aware, UTC inside; `now` is read at the edges and passed down."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.domain.errors import NaiveTime

LONGEST_WAY = timedelta(days=31)  # no phone keeps a report longer than this before it finds a network


def utc_now() -> datetime:
    """The present, aware, in UTC."""
    return datetime.now(UTC)


def aware(moment: datetime) -> datetime:
    """The same moment in UTC. Raises NaiveTime where it has no offset."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise NaiveTime
    return moment.astimezone(UTC)


def start_of_day(moment: datetime, time_zone: str) -> datetime:
    """The midnight with which the day of `moment` began in `time_zone` (an IANA name), in UTC."""
    zone = ZoneInfo(time_zone)
    return datetime.combine(aware(moment).astimezone(zone).date(), time(), zone).astimezone(UTC)


def end_of_day(moment: datetime, time_zone: str) -> datetime:
    """The midnight that ends the day in which `moment` falls in `time_zone` (an IANA name), in UTC."""
    zone = ZoneInfo(time_zone)
    tomorrow = aware(moment).astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone).astimezone(UTC)


def corrected_time(device_at: datetime, sent_at: datetime, received_at: datetime) -> datetime:
    """When it really happened: the phone's clock read `device_at` then and `sent_at` as it sent, which was just before `received_at`.

    A moment after the sending, or ages before it (a clock that was set in between), counts as the sending.
    """
    ago = aware(sent_at) - aware(device_at)
    return received_at - ago if timedelta(0) <= ago <= LONGEST_WAY else received_at
