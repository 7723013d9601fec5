"""Shifts."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Discriminator, Field, Tag

from services.dispatcher.paging import PageQuery
from services.dispatcher.payloads.changes import Changes, left_out
from services.dispatcher.payloads.fields import District, Id, Payload, WorkTime
from shared.domain.ids import new_id
from shared.domain.team import Shift


class NewShift(Payload):
    """At most 24 hours of one team; its shifts never overlap."""

    id: Id | None = None
    team_id: Id
    starts_at: WorkTime
    ends_at: WorkTime

    def shift(self, district_id: UUID) -> Shift:
        return Shift(
            id=self.id or new_id(),
            district_id=district_id,
            team_id=self.team_id,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
        )


NewShifts = Annotated[
    Annotated[NewShift, Tag("<one>")] | Annotated[list[NewShift], Field(min_length=1, max_length=1000), Tag("<many>")],
    Discriminator(lambda body: "<many>" if isinstance(body, list) else "<one>"),
]


class ShiftPatch(Changes):
    starts_at: WorkTime = left_out()
    ends_at: WorkTime = left_out()


class ShiftQuery(PageQuery):
    """Shifts that touch the time from `since` until before `until`."""

    district: District | None = None
    team_id: Id | None = None
    since: WorkTime | None = None
    until: WorkTime | None = None


class ShiftOut(Payload):
    id: UUID
    district_id: UUID
    team_id: UUID
    starts_at: datetime
    ends_at: datetime
    created_at: datetime | None

    @classmethod
    def of(cls, shift: Shift) -> "ShiftOut":
        return cls(**{name: getattr(shift, name) for name in cls.model_fields})


class ShiftList(Payload):
    items: list[ShiftOut]
