"""The answer that is a whole list of tasks as CSV."""

from collections.abc import Sequence
from uuid import UUID

from aiohttp import web

from services.dispatcher.payloads.task_rows import COLUMNS, table_rows
from services.dispatcher.request import Request
from services.dispatcher.table import PAGE, Table
from shared.domain.task import Task
from shared.store import task_lists
from shared.store.connection import Record


async def answer(request: Request, wanted: task_lists.TaskFilter, *, before: UUID | None) -> web.Response:
    """The table of these tasks, sent while it is read."""

    async def more(last: tuple[Task, Record] | None) -> Sequence[tuple[Task, Record]]:
        async with request.connection() as conn:
            return await task_lists.select_tasks_written_out(
                conn, wanted, now=request.now, before=before if last is None else last[0].id, limit=PAGE
            )

    return await Table("tasks", COLUMNS, more=more, rows=lambda page: table_rows(page, request.now)).answer(request)
