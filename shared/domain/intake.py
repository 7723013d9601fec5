"""A task as somebody asks for it: what they may leave out, what must be there, and which window it gets."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.domain.clock import aware
from shared.domain.errors import FieldError, Invalid
from shared.domain.household import door_key, person_key
from shared.domain.kind import Kind
from shared.domain.task import Task
from shared.domain.words import Channel, WaitingReason

FARTHEST = timedelta(days=366)  # a window further away, ahead or back, is a typing mistake
LOOK_AGAIN_ASTRAY = timedelta(days=1)  # the mending itself has it looked at at once

_CANONICAL = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), check_circular=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdDraft:
    """A door as it is mentioned: by the id of a known one, by its reference, or by address and point. Degrees, WGS 84."""

    id: UUID | None = None
    ref: str | None = None
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    access_notes: str = ""

    @property
    def door(self) -> str:
        return door_key(self.ref, self.address, self.lat, self.lon)

    @property
    def is_place(self) -> bool:
        return bool(self.id or self.ref or self.address) or self.lat is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectDraft:
    """A person as they are mentioned: by the id of a known one, by reference, or by phone and name."""

    id: UUID | None = None
    ref: str | None = None
    name: str = ""
    phone: str = ""
    flags: Mapping[str, Any] = field(default_factory=dict)

    def person(self, door: str) -> str:
        """What makes two mentions one person; `door` tells apart those who have neither reference nor phone."""
        return person_key(self.ref, self.phone, self.name, door)

    @property
    def may_have_phone(self) -> bool:
        return bool(self.phone or self.ref or self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDraft:
    """A task as somebody asks for it. None and empty: the kind's defaults. Raises NaiveTime."""

    kind: str
    id: UUID | None = None
    ref: str | None = None
    household: HouseholdDraft | None = None
    subject: SubjectDraft | None = None
    earliest: datetime | None = None
    due_at: datetime | None = None
    priority: int | None = None
    needs: tuple[str, ...] = ()
    service_s: int | None = None
    instructions: str = ""
    made_by_task_id: UUID | None = None

    def __post_init__(self) -> None:
        for moment in (self.earliest, self.due_at):
            if moment is not None:
                aware(moment)

    @property
    def can_be_repeated(self) -> bool:
        """Whether its maker gave it a name of its own, so that the same task sent again is known."""
        return self.ref is not None or self.id is not None

    def fingerprint(self) -> bytes:
        """SHA-256 of all that the maker said, the same however they wrote it. What they left out is left out: a field added in a later
        release changes no fingerprint."""
        return hashlib.sha256(_CANONICAL.encode(_said(self)).encode()).digest()


def _said(draft: Any) -> dict[str, Any]:
    said = {}
    for name in draft.__slots__:
        value = getattr(draft, name)
        if value is not None and (value or value == 0):
            said[name] = _plain(value)
    return said


def _plain(value: Any) -> Any:
    if isinstance(value, HouseholdDraft | SubjectDraft):
        return _said(value)
    if isinstance(value, datetime):
        return aware(value).isoformat()
    if isinstance(value, UUID):
        return str(value)
    return sorted(value) if isinstance(value, tuple) else value


def window(draft: TaskDraft, kind: Kind, time_zone: str, now: datetime) -> tuple[datetime, datetime]:
    """earliest and due_at of the task, in UTC.

    A task that is due already opened when it was due: it is placed as soon as possible and shown late.
    Raises Invalid naming the bad fields.
    """
    check_window(draft.earliest, draft.due_at, now)
    due_at = None if draft.due_at is None else aware(draft.due_at)
    earliest = aware(draft.earliest or min(now, due_at or now))
    return earliest, due_at or kind.due_at(earliest, time_zone)


def check_window(
    earliest: datetime | None, due_at: datetime | None, now: datetime, *, known: Task | None = None
) -> None:
    """Raises Invalid where a given time is more than a year away or the window, with what is `known` of the task, has no length."""
    given = {"earliest": earliest, "due_at": due_at}
    wrong = [
        FieldError(in_="body", loc=name, msg="Give a time at most a year away.")
        for name, moment in given.items()
        if moment is not None and abs(aware(moment) - now) > FARTHEST
    ]
    opens_at = earliest or (known.earliest if known and due_at else None)
    ends_at = due_at or (known.due_at if known and earliest else None)
    if opens_at is not None and ends_at is not None and ends_at <= opens_at:
        loc, msg = ("due_at", "after earliest") if due_at else ("earliest", "before due_at")
        wrong.append(FieldError(in_="body", loc=loc, msg=f"Give a time {msg}."))
    if wrong:
        raise Invalid(errors=tuple(wrong))


def check_reachable(draft: TaskDraft, kind: Kind) -> None:
    """Raises Invalid unless the task says whom to call (a phone kind), or a place or at least a phone (a visit)."""
    person = draft.subject is not None and draft.subject.may_have_phone
    if kind.channel is Channel.PHONE and not person:
        raise Invalid(errors=(FieldError(in_="body", loc="subject.phone", msg="A call needs a phone number."),))
    place = draft.household is not None and draft.household.is_place
    if kind.channel is Channel.VISIT and not place and not person:
        problem = "A visit needs a place: a household's ref, address or point; or a subject's phone to ask at."
        raise Invalid(errors=(FieldError(in_="body", loc="household", msg=problem),))


def astray(task: Task, *, has_grids: bool) -> WaitingReason | None:
    """Why nobody can be sent there before a person mends the map: the visit has no point, or lies outside every grid of a district that
    has grids. None where somebody can."""
    if task.channel is Channel.PHONE:
        return None
    if task.lat is None:
        return WaitingReason.NO_LOCATION
    return WaitingReason.OUTSIDE_EVERY_GRID if has_grids and task.grid_id is None else None
