"""Tasks as points of a map."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from services.dispatcher.paging import PageQuery
from services.dispatcher.payloads.fields import District, Id, Payload, plain_integer
from shared.domain.words import Channel, Status, WaitingReason
from shared.store.connection import Record

MOST_POINTS = 5000


class PointQuery(PageQuery):
    """The open tasks in the order of their ids; with `id` these as they are now, closed ones too."""

    limit: Annotated[int, Field(ge=1, le=MOST_POINTS), BeforeValidator(plain_integer)] = MOST_POINTS
    district: District | None = None
    id: list[Id] = Field(default_factory=list, max_length=200)


class TaskPoint(Payload):
    """A task without its person and address. `stop`: which door of its team's walk, from 1; `begin_at`: when the plan begins it."""

    id: UUID
    district_id: UUID
    kind: str
    channel: Channel
    status: Status
    waiting_reason: WaitingReason | None
    lat: float | None
    lon: float | None
    household_id: UUID | None
    grid_id: UUID | None
    team_id: UUID | None
    stop: int | None
    begin_at: datetime | None
    earliest: datetime
    due_at: datetime
    priority: int
    pinned: bool
    version: int

    @classmethod
    def of(cls, row: Record) -> "TaskPoint":
        return cls(**row)
