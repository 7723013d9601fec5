"""Many tasks at once."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.dispatcher.payloads.fields import District, JsonObject, Payload
from services.dispatcher.payloads.task_views import Warned
from services.dispatcher.problems import Problem

MOST_ROWS = 10_000


class BatchIn(Payload):
    """Each task is what `POST /v1/tasks` takes (without `district`) and is checked for itself: bad ones are answered, good ones land."""

    district: District | None = None
    tasks: Annotated[list[JsonObject], Field(min_length=1, max_length=MOST_ROWS)]


class BatchQuery(Payload):
    district: District | None = None


class BatchItem(Payload):
    """`row`: in JSON the place in `tasks`, from 1; in CSV the row of the spreadsheet, its header being row 1."""

    row: int
    status: Literal["created", "repeated", "rejected"]
    id: UUID | None = None
    warnings: list[Warned] = Field(default_factory=list)
    problem: Problem | None = None


class BatchOut(Payload):
    """What became of each row, in their order, and how often."""

    created: int
    repeated: int
    rejected: int
    items: list[BatchItem]
