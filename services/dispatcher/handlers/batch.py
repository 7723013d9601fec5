"""Many tasks taken in by one request, from JSON or CSV; or only tried."""

from collections.abc import Container, Iterable, Mapping, Sequence
from uuid import UUID

from pydantic import TypeAdapter

from services.dispatcher.contract import RawBody
from services.dispatcher.payloads.batch import BatchIn, BatchItem, BatchOut, BatchQuery, RowWarned
from services.dispatcher.payloads.task_csv import TASKS
from services.dispatcher.payloads.tasks import TaskIn
from services.dispatcher.problems import problem_of
from services.dispatcher.request import Request
from services.dispatcher.rows import TAKEN_AT_ONCE, Batch, Row, read_batch
from shared.domain.errors import DomainError
from shared.domain.intake import TaskDraft
from shared.operations.intake import Answer, TakenIn, take_in, try_out

_TASKS = Batch("tasks", outer=BatchIn, one=TypeAdapter(TaskIn), sheet=TASKS)


async def post_tasks_batch(request: Request, query: BatchQuery, body: RawBody) -> BatchOut:
    """Take many tasks in, from JSON or CSV. Good rows land, each bad one comes back with its row number and problem.

    Rows with a `ref` or `id` may be sent again; rows without are made again, unless the batch carries an Idempotency-Key.
    CSV is UTF-8 with commas and the header of the column names; times without offset are the district's.
    """
    district_id, rows = await _said(request, query, body)
    return _summed(await _take_in(request, district_id, rows))


async def post_tasks_batch_preview(request: Request, query: BatchQuery, body: RawBody) -> BatchOut:
    """What sending that batch would answer, row by row, with the rows that say the same; nothing is written."""
    district_id, rows = await _said(request, query, body)
    drafts = _drafts(rows)
    chunks = [drafts[first : first + TAKEN_AT_ONCE] for first in range(0, len(drafts), TAKEN_AT_ONCE)]
    async with request.connection() as conn:
        answers = await try_out(conn, district_id, chunks, now=request.now, account_id=request.actor.account_id)
    return _summed(_items(rows, answers, preview=True))


async def _said(request: Request, query: BatchQuery, body: RawBody) -> tuple[UUID, list[Row[TaskDraft]]]:
    """The district that is meant and the rows, each read for itself."""
    said = await read_batch(request, query.district, body, _TASKS)
    rows = [Row(row.number, row.said.draft() if isinstance(row.said, TaskIn) else row.said) for row in said.rows]
    return said.district_id, rows


async def _take_in(request: Request, district_id: UUID, rows: Sequence[Row[TaskDraft]]) -> list[BatchItem]:
    """Chunk by chunk, each committed alone (under an Idempotency-Key all together); what is in is planned even where a later one fails."""
    drafts = _drafts(rows)
    answers: list[Answer] = []
    async with request.connection() as conn:
        for first in range(0, len(drafts), TAKEN_AT_ONCE):
            chunk = drafts[first : first + TAKEN_AT_ONCE]
            answers += await take_in(conn, district_id, chunk, now=request.now, account_id=request.actor.account_id)
            request.nudge(district_id)
    return _items(rows, answers)


def _drafts(rows: Iterable[Row[TaskDraft]]) -> list[TaskDraft]:
    return [row.said for row in rows if isinstance(row.said, TaskDraft)]


def _items(rows: Iterable[Row[TaskDraft]], answers: Iterable[Answer], *, preview: bool = False) -> list[BatchItem]:
    """The answer to each row, naming the earlier rows that it repeats or looks like; `answers` are those to the drafts among them.

    In a preview the ids that were made up are left out.
    """
    left = iter(answers)
    rows_of: dict[UUID, int] = {}
    made_up: set[UUID] = set()
    items = []
    for row in rows:
        draft = row.said
        answer = next(left) if isinstance(draft, TaskDraft) else draft
        if isinstance(draft, TaskDraft) and isinstance(answer, TakenIn) and not answer.repeated:
            rows_of[answer.task.id] = row.number
            made_up |= {answer.task.id} if preview and draft.id is None else set()
        items.append(_item(row.number, answer, rows_of, made_up))
    return items


def _item(number: int, answer: Answer, rows_of: Mapping[UUID, int], made_up: Container[UUID]) -> BatchItem:
    if isinstance(answer, DomainError):
        return BatchItem(row=number, status="rejected", problem=problem_of(answer))
    task_id, twin = answer.task.id, answer.possible_duplicate
    warned = twin and RowWarned(
        code="possible_duplicate", task_id=None if twin in made_up else twin, row=rows_of.get(twin)
    )
    return BatchItem(
        row=number,
        status="repeated" if answer.repeated else "created",
        id=None if task_id in made_up else task_id,
        repeats_row=rows_of.get(task_id) if answer.repeated else None,
        warnings=[warned] if warned else [],
    )


def _summed(items: list[BatchItem]) -> BatchOut:
    statuses = [item.status for item in items]
    return BatchOut(
        created=statuses.count("created"),
        repeated=statuses.count("repeated"),
        rejected=statuses.count("rejected"),
        items=items,
    )
