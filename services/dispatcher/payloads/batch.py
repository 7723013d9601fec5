"""Many tasks at once."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.dispatcher.payloads.fields import District, JsonObject, Payload
from services.dispatcher.problems import Problem

MOST_ROWS = 10_000


class BatchIn(Payload):
    """Each task is what `POST /v1/tasks` takes (without `district`) and is checked for itself: bad ones are answered, good ones land."""

    district: District | None = None
    tasks: Annotated[list[JsonObject], Field(min_length=1, max_length=MOST_ROWS)]


class BatchQuery(Payload):
    district: District | None = None


class RowWarned(Payload):
    """Something to look at; the task is in all the same. `row`: the twin is an earlier row of this batch.

    `task_id` is null in a preview where that row's task is not there yet.
    """

    code: Literal["possible_duplicate"]
    task_id: UUID | None
    row: int | None


class BatchItem(Payload):
    """`row`: in JSON the place in `tasks`, from 1; in CSV the row of the spreadsheet, its header being row 1.

    `repeats_row`: an earlier row of this batch with the same ref or id, said in the same words.
    `id`: in a preview null where the task is not there yet and its id is not given.
    """

    row: int
    status: Literal["created", "repeated", "rejected"]
    id: UUID | None = None
    repeats_row: int | None = None
    warnings: list[RowWarned] = Field(default_factory=list)
    problem: Problem | None = None


class BatchOut(Payload):
    """What became of each row, in their order, and how often."""

    created: int
    repeated: int
    rejected: int
    items: list[BatchItem]
