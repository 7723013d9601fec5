"""Many tasks taken in by one request, from JSON or CSV; or only tried."""

import asyncio
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

import orjson
from pydantic import TypeAdapter, ValidationError

from services.dispatcher.contract import JSON, RawBody
from services.dispatcher.parsing import read_json
from services.dispatcher.payloads.batch import BatchIn, BatchItem, BatchOut, BatchQuery, RowWarned
from services.dispatcher.payloads.task_csv import as_json, in_columns, read_table
from services.dispatcher.payloads.tasks import TaskIn
from services.dispatcher.problems import field_errors, problem_of
from services.dispatcher.refusals import MalformedBody
from services.dispatcher.request import Request
from shared.domain.errors import DomainError, FieldError, Invalid, NotFound
from shared.domain.intake import TaskDraft
from shared.operations.intake import Answer, TakenIn, take_in, try_out
from shared.store import districts

_READ_AT_ONCE = 100
"""Rows read before other requests get their turn: about 5 ms."""
_TAKEN_AT_ONCE = 500
"""Rows in one transaction: about 80 ms. Larger ones are not faster, and hold back every reader of events."""
_TASK = TypeAdapter(TaskIn)


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    said: TaskDraft | DomainError


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
    chunks = [drafts[first : first + _TAKEN_AT_ONCE] for first in range(0, len(drafts), _TAKEN_AT_ONCE)]
    async with request.connection() as conn:
        answers = await try_out(conn, district_id, chunks, now=request.now, account_id=request.actor.account_id)
    return _summed(_items(rows, answers, preview=True))


async def _said(request: Request, query: BatchQuery, body: RawBody) -> tuple[UUID, list[_Row]]:
    """The district that is meant and the rows, each read for itself."""
    given, where = query.district, "query"
    listed: list[Any] = []
    if body.media_type == JSON:
        outer = _outer(body.content, request.settings.batch_limit_rows)
        listed = list(outer.tasks)
        if outer.district or given is None:
            given, where = outer.district, "body"
    district_id = await request.district(given, where=where)
    if body.media_type == JSON:
        rows = await _read(_json_rows(listed), request.settings.batch_limit_rows)
    else:
        table = read_table(body.content, body.charset)
        rows = await _read(_csv_rows(table, await _time_zone(request, district_id)), request.settings.batch_limit_rows)
    if not rows:
        raise Invalid(errors=(FieldError(in_="body", loc="tasks", msg="There are no tasks."),))
    return district_id, rows


def _outer(content: bytes, most: int) -> BatchIn:
    """Raises MalformedBody, Invalid."""
    try:
        decoded = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise MalformedBody from error
    if isinstance(decoded, dict) and isinstance(decoded.get("tasks"), list) and len(decoded["tasks"]) > most:
        raise _too_many(most)
    try:
        return BatchIn.model_validate(decoded)
    except ValidationError as error:
        raise Invalid(errors=tuple(field_errors(error, "body"))) from None


def _too_many(most: int) -> Invalid:
    return Invalid(errors=(FieldError(in_="body", loc="tasks", msg=f"Send at most {most} tasks at once."),))


def _json_rows(listed: Iterable[Any]) -> Iterator[_Row]:
    for number, body in enumerate(listed, start=1):
        yield _Row(number, _draft(body))


def _csv_rows(table: Iterator[tuple[int, dict[str, str]]], time_zone: str) -> Iterator[_Row]:
    for number, cells in table:
        yield _Row(number, _draft_of_cells(cells, time_zone))


def _draft_of_cells(cells: Mapping[str, str], time_zone: str) -> TaskDraft | DomainError:
    try:
        said = _draft(as_json(cells, time_zone))
    except Invalid as error:
        return error
    return in_columns(said) if isinstance(said, Invalid) else said


def _draft(body: Any) -> TaskDraft | DomainError:
    """Read as `POST /v1/tasks` would read it, from its bytes, so that there is one way of reading a task."""
    try:
        task: TaskIn = read_json(_TASK, orjson.dumps(body))
        return task.draft()
    except (Invalid, MalformedBody) as error:
        return error


async def _read(rows: Iterator[_Row], most: int) -> list[_Row]:
    """All rows, letting others have their turn. Raises Invalid beyond `most`."""
    read: list[_Row] = []
    while chunk := list(islice(rows, _READ_AT_ONCE)):
        read += chunk
        if len(read) > most:
            raise _too_many(most)
        await asyncio.sleep(0)
    return read


async def _time_zone(request: Request, district_id: UUID) -> str:
    async with request.connection() as conn:
        district = await districts.select_district(conn, district_id)
    if district is None:
        raise NotFound
    return district.time_zone


async def _take_in(request: Request, district_id: UUID, rows: Sequence[_Row]) -> list[BatchItem]:
    """Chunk by chunk, each committed alone (under an Idempotency-Key all together); what is in is planned even where a later one fails."""
    drafts = _drafts(rows)
    answers: list[Answer] = []
    async with request.connection() as conn:
        for first in range(0, len(drafts), _TAKEN_AT_ONCE):
            chunk = drafts[first : first + _TAKEN_AT_ONCE]
            answers += await take_in(conn, district_id, chunk, now=request.now, account_id=request.actor.account_id)
            request.nudge(district_id)
    return _items(rows, answers)


def _drafts(rows: Iterable[_Row]) -> list[TaskDraft]:
    return [row.said for row in rows if isinstance(row.said, TaskDraft)]


def _items(rows: Iterable[_Row], answers: Iterable[Answer], *, preview: bool = False) -> list[BatchItem]:
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
