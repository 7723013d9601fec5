"""Field types that many payloads share. JSON bodies are read strictly: a number is a number, a text is a text."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, WithJsonSchema

# RFC 3339, section 5.6; pydantic alone would also take bare numbers, missing seconds and other separators.
_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# The driver reads the ends of the calendar back as times without an offset.
_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DIGITS = re.compile(r"-?\d{1,18}", re.ASCII)


class Payload(BaseModel):
    """What is read or written: unknown fields are refused, values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, serialize_by_alias=True)


def _rfc_3339(value: Any) -> Any:
    """Read here, for strict pydantic takes a text for a moment only as long as no validator stands before it."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
        raise ValueError("Use RFC 3339 with an offset, such as 2026-02-03T08:00:00+08:00.")
    try:
        return datetime.fromisoformat(value.upper())
    except ValueError:
        raise ValueError("This is not in the calendar.") from None


def _in_utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("Say the offset from UTC.")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("This is beyond the calendar.") from None


def _in_living_memory(moment: datetime) -> datetime:
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(f"Give a time from {_FIRST_YEAR} to {_LAST_YEAR}.")
    return moment


def _plain_date(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError("Use a day such as 2026-02-03.")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise ValueError("This is not in the calendar.") from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError(f"Give a day from {_FIRST_YEAR} to {_LAST_YEAR}.")
    return day


def _canonical_uuid(value: Any) -> Any:
    if not isinstance(value, UUID) and not (isinstance(value, str) and _UUID.fullmatch(value)):
        raise ValueError("Use a UUID, such as 0197c1c4-6f5e-7cc3-9c64-0a6f3c1f7a11.")
    return value


def plain_integer(value: Any) -> Any:
    """Validates a whole number in a query. Bounds go between `int` and this one, or the JSON Schema loses them."""
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        raise ValueError("Use a whole number.")
    return value


def _plain_boolean(value: Any) -> Any:
    if isinstance(value, str) and value not in ("true", "false"):
        raise ValueError("Use true or false.")
    return value


# Not strict inside, because behind a validator of ours a text is no JSON text any more; the validators are strict themselves.
AwareTime = Annotated[datetime, Field(strict=False), BeforeValidator(_rfc_3339), AfterValidator(_in_utc)]
"""A moment with its offset, in UTC inside."""
WorkTime = Annotated[
    AwareTime,
    AfterValidator(_in_living_memory),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": "^(19[7-9][0-9]|2[01][0-9][0-9])-"}),
]
"""A moment at which teams work: no typing mistake in the year."""
Day = Annotated[
    date,
    Field(strict=False),
    BeforeValidator(_plain_date),
    WithJsonSchema({"type": "string", "format": "date", "pattern": "^(19[7-9][0-9]|2[01][0-9][0-9])-"}),
]
"""A day of a district, such as 2026-02-03."""
Id = Annotated[UUID, Field(strict=False), BeforeValidator(_canonical_uuid)]
Lat = Annotated[float, Field(ge=-90, le=90, description="degrees north, WGS 84")]
Lon = Annotated[float, Field(ge=-180, le=180, description="degrees east, WGS 84")]
Phone = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 ()-]{2,30}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
"""Lower case letters, digits, underscore and hyphen."""
Ref = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""Another system's name for something."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"[^\s\u0085\ufeff]")]
"""A text of which something can be seen."""
Text200 = Annotated[str, StringConstraints(max_length=200)]
Text2000 = Annotated[str, StringConstraints(max_length=2000)]
Secret = Annotated[str, StringConstraints(min_length=10, max_length=200)]
Pin = Annotated[str, StringConstraints(pattern=r"^[0-9]{4,12}$")]
District = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
"""A district's code or id; where the account has only one it need not be said."""
QueryBool = Annotated[bool, BeforeValidator(_plain_boolean)]
JsonObject = Annotated[dict[str, Any], WithJsonSchema({"type": "object"})]


class IdPath(Payload):
    """`/…/{id}`"""

    id: Id
