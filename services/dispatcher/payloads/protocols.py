"""Protocols, and the lines and ledgers that follow-ups share with them. Kinds are named by their codes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from services.dispatcher.paging import PageQuery
from services.dispatcher.payloads.changes import Changes, left_out
from services.dispatcher.payloads.fields import District, Id, Payload, QueryBool
from services.dispatcher.payloads.kinds import KindCode, Names
from shared.domain.errors import FieldError, Invalid
from shared.domain.follow_up import LONGEST_DAYS, Expected, LedgerItem, Line
from shared.domain.ids import new_id
from shared.domain.kind import Kind
from shared.domain.protocol import Protocol
from shared.domain.words import ContactClass

_SAFE = 2**53 - 1  # the largest whole number that every reader of JSON keeps exactly


def _each_once(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(set(values)) < len(values):
        raise ValueError("Name each once.")
    return values


def _not_nought(day: int) -> int:
    if day == 0:
        raise ValueError("1 is the first day, -1 the last.")
    return day


ProtocolCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$"), Field(examples=["home_isolation"])]
ClockTime = Annotated[
    str,
    StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"),
    Field(description="what the district's clocks show", examples=["08:00"]),
]
Times = Annotated[
    tuple[ClockTime, ...],
    Field(min_length=1, max_length=24, json_schema_extra={"uniqueItems": True}),
    AfterValidator(_each_once),
]
PlanDay = Annotated[
    int,
    Field(ge=-LONGEST_DAYS, le=LONGEST_DAYS, json_schema_extra={"not": {"const": 0}}),
    AfterValidator(_not_nought),
]
ChosenDays = Annotated[
    tuple[PlanDay, ...],
    Field(min_length=1, max_length=LONGEST_DAYS, json_schema_extra={"uniqueItems": True}, examples=[[1, 4, -1]]),
    AfterValidator(_each_once),
]
Days = Annotated[int, Field(ge=1, le=LONGEST_DAYS)]
ItemCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$"), Field(examples=["measured"])]
ItemField = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,62}$"), Field(examples=["temperature_c"])
]
ItemValue = (
    bool | Annotated[int, Field(ge=-_SAFE, le=_SAFE)] | Annotated[str, StringConstraints(min_length=1, max_length=200)]
)
ContactClasses = Annotated[
    tuple[ContactClass, ...],
    Field(max_length=len(ContactClass), json_schema_extra={"uniqueItems": True}),
    AfterValidator(_each_once),
]


class LineIn(Payload):
    """One kind at some times of the district's day: every `every`-th day from the first on, or on the chosen `days`, where 1 is the first
    day and -1 the last."""

    kind: KindCode
    times: Times
    every: Days = 1
    days: ChosenDays | None = None


class LedgerItemIn(Payload):
    """What should be done for a subject in a day: a visit of one of `kinds` that saw them and whose result has `field` (null: any result),
    with `value` (null: any). `expected`: once for each time that a line has one of its kinds due, once a day, or not at all."""

    code: ItemCode
    names: Names
    kinds: Annotated[tuple[KindCode, ...], Field(min_length=1, max_length=20)]
    field: ItemField | None = None
    value: ItemValue | None = None
    expected: Expected = Expected.AS_PLANNED


Lines = Annotated[tuple[LineIn, ...], Field(min_length=1, max_length=20)]
Ledger = Annotated[tuple[LedgerItemIn, ...], Field(max_length=20)]
KindIds = Mapping[str, UUID]


def lines_of(given: Sequence[LineIn], kinds: KindIds) -> tuple[Line, ...]:
    """Raises Invalid naming the lines whose kind is not the district's, and those that say twice on which days."""
    _check_kinds({f"lines.{index}.kind": line.kind for index, line in enumerate(given)}, kinds)
    _refuse({f"lines.{i}": "Give every or days." for i, line in enumerate(given) if line.days and line.every != 1})
    return tuple(
        Line(
            kind_id=kinds[line.kind],
            times=tuple(sorted(_minute(time) for time in line.times)),
            every=line.every,
            days=line.days,
        )
        for line in given
    )


def ledger_of(given: Sequence[LedgerItemIn], kinds: KindIds) -> tuple[LedgerItem, ...]:
    """Raises Invalid naming the items with a kind that is not the district's, and those with the code of one before."""
    named = {
        f"ledger.{index}.kinds.{place}": kind
        for index, item in enumerate(given)
        for place, kind in enumerate(item.kinds)
    }
    _check_kinds(named, kinds)
    codes = [item.code for item in given]
    _refuse({f"ledger.{i}.code": "Name each code once." for i, code in enumerate(codes) if code in codes[:i]})
    return tuple(
        LedgerItem(
            code=item.code,
            names=item.names,
            kind_ids=tuple(kinds[kind] for kind in dict.fromkeys(item.kinds)),
            field=item.field,
            value=item.value,
            expected=item.expected,
        )
        for item in given
    )


def _check_kinds(named: Mapping[str, str], kinds: KindIds) -> None:
    _refuse({loc: "The district has no such kind." for loc, kind in named.items() if kind not in kinds})


def _refuse(wrong: Mapping[str, str]) -> None:
    """Raises Invalid where there is something wrong: location → what."""
    if wrong:
        raise Invalid(errors=tuple(FieldError(in_="body", loc=loc, msg=msg) for loc, msg in wrong.items()))


def _minute(time: str) -> int:
    hour, minute = time.split(":")
    return int(hour) * 60 + int(minute)


def clock_time(minute: int) -> str:
    """480 is 08:00."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


class LineOut(Payload):
    kind: str
    names: dict[str, str]
    times: list[str]
    every: int
    days: list[int] | None

    @classmethod
    def of(cls, line: Line, kinds: Mapping[UUID, Kind]) -> "LineOut":
        kind = kinds[line.kind_id]
        return cls(
            kind=kind.code,
            names=dict(kind.names),
            times=[clock_time(minute) for minute in line.times],
            every=line.every,
            days=None if line.days is None else list(line.days),
        )


class LedgerItemOut(Payload):
    code: str
    names: dict[str, str]
    kinds: list[str]
    field: str | None
    value: bool | int | str | None
    expected: Expected

    @classmethod
    def of(cls, item: LedgerItem, kinds: Mapping[UUID, Kind]) -> "LedgerItemOut":
        return cls(
            code=item.code,
            names=dict(item.names),
            kinds=[kinds[kind_id].code for kind_id in item.kind_ids],
            field=item.field,
            value=item.value,
            expected=item.expected,
        )


class NewProtocol(Payload):
    """A template of follow-ups of `days` days. `lost_after_days`: on so many days something was planned and nobody saw the subject; null:
    nobody is lost. `for_contacts`: contacts of these classes get it by themselves."""

    id: Id | None = None
    district: District | None = None
    code: ProtocolCode
    names: Names
    days: Days
    lines: Lines
    ledger: Ledger = ()
    lost_after_days: Days | None = None
    for_contacts: ContactClasses = ()
    active: bool = True

    def protocol(self, district_id: UUID, kinds: KindIds) -> Protocol:
        """Raises Invalid."""
        return Protocol(
            id=self.id or new_id(),
            district_id=district_id,
            code=self.code,
            names=self.names,
            days=self.days,
            lines=lines_of(self.lines, kinds),
            ledger=ledger_of(self.ledger, kinds),
            lost_after_days=self.lost_after_days,
            for_contacts=tuple(self.for_contacts),
            active=self.active,
        )


class ProtocolPatch(Changes):
    """Follow-ups that began keep what they have."""

    code: ProtocolCode = left_out()
    names: Names = left_out()
    days: Days = left_out()
    lines: Lines = left_out()
    ledger: Ledger = left_out()
    lost_after_days: Days | None = left_out()
    for_contacts: ContactClasses = left_out()
    active: bool = left_out()

    def changes(self, kinds: KindIds) -> dict[str, Any]:
        """Raises Invalid."""
        given = self.given()
        if "lines" in given:
            given["lines"] = lines_of(self.lines, kinds)
        if "ledger" in given:
            given["ledger"] = ledger_of(self.ledger, kinds)
        return given


class ProtocolQuery(PageQuery):
    district: District | None = None
    q: Annotated[str, Field(min_length=1, max_length=100, description="part of the code or a name")] | None = None
    active: QueryBool | None = None


class ProtocolOut(Payload):
    id: UUID
    district_id: UUID
    code: str
    names: dict[str, str]
    days: int
    lines: list[LineOut]
    ledger: list[LedgerItemOut]
    lost_after_days: int | None
    for_contacts: list[ContactClass]
    active: bool
    created_at: datetime | None

    @classmethod
    def of(cls, protocol: Protocol, kinds: Mapping[UUID, Kind]) -> "ProtocolOut":
        return cls(
            id=protocol.id,
            district_id=protocol.district_id,
            code=protocol.code,
            names=dict(protocol.names),
            days=protocol.days,
            lines=[LineOut.of(line, kinds) for line in protocol.lines],
            ledger=[LedgerItemOut.of(item, kinds) for item in protocol.ledger],
            lost_after_days=protocol.lost_after_days,
            for_contacts=[ContactClass(one) for one in protocol.for_contacts],
            active=protocol.active,
            created_at=protocol.created_at,
        )


class UsualProtocolsOut(Payload):
    """The protocols made now; none where all were there."""

    made: list[ProtocolOut]
