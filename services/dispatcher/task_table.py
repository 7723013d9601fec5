"""The answer that is a whole list of tasks as CSV, however long: page by page, each read when the one before is on its way."""

from collections.abc import AsyncIterator
from uuid import UUID

from aiohttp import hdrs, web

from services.dispatcher.payloads.task_rows import HEADER, table_rows
from services.dispatcher.request import Request
from shared.domain.task import Task
from shared.log import describe, get_logger
from shared.store import task_lists
from shared.store.connection import Record

CSV = "text/csv"
_PAGE = 200  # rows read and written at once: about 5 ms of the loop

_Page = list[tuple[Task, Record]]
_log = get_logger(__name__)


async def answer(request: Request, wanted: task_lists.TaskFilter, *, before: UUID | None) -> web.Response:
    """The table of these tasks, sent while it is read. Its first page is there already, so an outage is still answered as one."""
    first = await _page(request, wanted, before)
    name = f"tasks-{request.now:%Y%m%dT%H%M%SZ}.csv"
    return web.Response(
        body=_table(request, wanted, first),
        headers={
            hdrs.CONTENT_TYPE: f"{CSV}; charset=utf-8",
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"',
        },
    )


async def _table(request: Request, wanted: task_lists.TaskFilter, page: _Page) -> AsyncIterator[bytes]:
    """Raises ConnectionResetError where it cannot go on: the answer breaks off, so that nobody takes a part for the whole."""
    yield HEADER
    while page:
        yield table_rows(page, request.now)
        if len(page) < _PAGE:
            return
        try:
            page = await _page(request, wanted, page[-1][0].id)
        except Exception as error:
            _log.warning("table_broke_off", request_id=request.id, **describe(error))
            raise ConnectionResetError from error


async def _page(request: Request, wanted: task_lists.TaskFilter, before: UUID | None) -> _Page:
    async with request.connection() as conn:
        return await task_lists.select_tasks_written_out(conn, wanted, now=request.now, before=before, limit=_PAGE)
