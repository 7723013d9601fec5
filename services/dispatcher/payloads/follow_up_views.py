"""Follow-ups as they are shown: listed with what is missing, one with all that it has due, the ledger of a day."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from services.dispatcher.payloads.fields import Payload
from services.dispatcher.payloads.protocols import LedgerItemOut, LineOut, clock_time
from services.dispatcher.payloads.subjects import Flags
from shared.domain.follow_up import FollowUp
from shared.domain.kind import Kind
from shared.domain.words import FollowUpStatus
from shared.store.connection import Record


class FollowUpOut(Payload):
    """A follow-up. `day`: which of its `days` is today; null before the first and after the last. `lost_at`: lost then, unless somebody
    sees the subject before."""

    id: UUID
    district_id: UUID
    subject_id: UUID
    protocol: str | None
    status: FollowUpStatus
    first_day: date
    last_day: date
    day: int | None
    days: int
    lines: list[LineOut]
    ledger: list[LedgerItemOut]
    lost_after_days: int | None
    lost_at: datetime | None
    made_by_task_id: UUID | None
    follows_id: UUID | None
    started_at: datetime
    ended_at: datetime | None
    end_reason: str
    version: int

    @classmethod
    def of(cls, follow_up: FollowUp, protocol: str | None, kinds: Mapping[UUID, Kind], today: date) -> "FollowUpOut":
        return cls(**fields_of(follow_up, protocol, kinds, today))


_MADE_HERE = {"protocol", "day", "lines", "ledger"}


def fields_of(follow_up: FollowUp, protocol: str | None, kinds: Mapping[UUID, Kind], today: date) -> dict[str, Any]:
    """What FollowUpOut shows."""
    plain = {name: getattr(follow_up, name) for name in FollowUpOut.model_fields if name not in _MADE_HERE}
    return {
        **plain,
        "protocol": protocol,
        "day": follow_up.day_on(today),
        "lines": [LineOut.of(line, kinds) for line in follow_up.lines],
        "ledger": [LedgerItemOut.of(item, kinds) for item in follow_up.ledger],
    }


class FollowedSubject(Payload):
    id: UUID
    ref: str | None
    name: str
    phone: str | None
    flags: Flags


class FollowedHome(Payload):
    id: UUID
    address: str
    grid_id: UUID | None
    lat: float | None
    lon: float | None


class ItemOfDay(Payload):
    """An item of the ledger on one day: so often due, so often done. It is missing where it was done less often than it is due."""

    code: str
    names: dict[str, str]
    due: int
    done: int


class NextOccurrence(Payload):
    """`task_id` null: its task is not made yet."""

    kind: str
    names: dict[str, str]
    opens_at: datetime
    due_at: datetime
    task_id: UUID | None


class LedgerRow(Payload):
    """One subject's day. `missing`: codes of the items that are due that day and not done."""

    follow_up_id: UUID
    district_id: UUID
    status: FollowUpStatus
    protocol: str | None
    protocol_names: dict[str, str] | None
    subject: FollowedSubject
    household: FollowedHome | None
    first_day: date
    last_day: date
    on_day: date
    day: int | None
    days: int
    items: list[ItemOfDay]
    missing: list[str]

    @classmethod
    def of(cls, shown: tuple[FollowUp, Record]) -> "LedgerRow":
        follow_up, row = shown
        return cls(**_person_and_day(follow_up, row))


class FollowUpListed(LedgerRow):
    """A follow-up with today's ledger. `missed`: occurrences that nobody did; `last_seen_at` null: nobody saw them since it began."""

    next: NextOccurrence | None
    missed: int
    last_seen_at: datetime | None
    lost_at: datetime | None
    started_at: datetime
    ended_at: datetime | None
    end_reason: str
    version: int

    @classmethod
    def of(cls, shown: tuple[FollowUp, Record]) -> "FollowUpListed":
        follow_up, row = shown
        plain = {
            name: getattr(follow_up, name) for name in ("lost_at", "started_at", "ended_at", "end_reason", "version")
        }
        return cls(**_person_and_day(follow_up, row), **plain, **standing_of(row))


class OccurrenceOut(Payload):
    """One kind at one time of one day. `state`: `planned`, `open`, `done`, `missed` (a late visit makes it done), `cancelled` (its task
    was, by hand), `withdrawn` (the plan was ended or changed before a team accepted it). `refused`: why no task could be made."""

    kind: str
    names: dict[str, str]
    day: int
    on_day: date
    time: str
    opens_at: datetime
    due_at: datetime
    ends_at: datetime
    state: Literal["planned", "open", "done", "missed", "cancelled", "withdrawn"]
    task_id: UUID | None
    refused: str | None

    @classmethod
    def of(cls, row: Record) -> "OccurrenceOut":
        plain = {name: row[name] for name in cls.model_fields if name != "time"}
        return cls(**plain, time=clock_time(row["minute"]))


class LedgerDay(Payload):
    on_day: date
    day: int
    items: list[ItemOfDay]


class FollowUpDetail(FollowUpOut):
    """A follow-up with the person, all that it has and had due, and its ledger, day by day until today."""

    protocol_names: dict[str, str] | None
    subject: FollowedSubject
    household: FollowedHome | None
    next: NextOccurrence | None
    missed: int
    last_seen_at: datetime | None
    occurrences: list[OccurrenceOut]
    ledger_days: list[LedgerDay]

    @classmethod
    def whole(
        cls,
        shown: tuple[FollowUp, Record],
        kinds: Mapping[UUID, Kind],
        occurrences: Sequence[Record],
        ledger: Sequence[Record],
    ) -> "FollowUpDetail":
        follow_up, row = shown
        person = {name: _person(follow_up, row)[name] for name in ("protocol_names", "subject", "household")}
        return cls(
            **fields_of(follow_up, row["protocol"], kinds, row["on_day"]),
            **person,
            **standing_of(row),
            occurrences=[OccurrenceOut.of(one) for one in occurrences],
            ledger_days=[
                LedgerDay(on_day=day["on_day"], day=day["day"], items=_items(follow_up, day["ledger_of_day"]))
                for day in ledger
            ],
        )


def standing_of(row: Record) -> dict[str, Any]:
    """next, missed and last_seen_at of a row of a list."""
    coming = row["next"]
    return {
        "next": None if coming is None else NextOccurrence.model_validate(coming, strict=False),
        "missed": row["missed"],
        "last_seen_at": row["last_seen_at"],
    }


def _person_and_day(follow_up: FollowUp, row: Record) -> dict[str, Any]:
    items = _items(follow_up, row["ledger_of_day"])
    return {
        **_person(follow_up, row),
        "on_day": row["on_day"],
        "day": follow_up.day_on(row["on_day"]),
        "items": items,
        "missing": [item.code for item in items if item.done < item.due],
    }


def _person(follow_up: FollowUp, row: Record) -> dict[str, Any]:
    home = row["household_id"]
    return {
        "follow_up_id": follow_up.id,
        "district_id": follow_up.district_id,
        "status": follow_up.status,
        "protocol": row["protocol"],
        "protocol_names": row["protocol_names"],
        "subject": FollowedSubject(
            id=follow_up.subject_id,
            ref=row["subject_ref"],
            name=row["subject_name"],
            phone=row["subject_phone"] or None,
            flags=row["subject_flags"],
        ),
        "household": None
        if home is None
        else FollowedHome(id=home, **{name: row[name] for name in ("address", "grid_id", "lat", "lon")}),
        "first_day": follow_up.first_day,
        "last_day": follow_up.last_day,
        "days": follow_up.days,
    }


def _items(follow_up: FollowUp, of_day: Sequence[Mapping[str, Any]]) -> list[ItemOfDay]:
    names = {item.code: dict(item.names) for item in follow_up.ledger}
    return [ItemOfDay(names=names[item["code"]], **item) for item in of_day]
