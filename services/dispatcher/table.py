"""The answer that is a whole list as CSV, however long: page by page, each read when the one before is on its way."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from aiohttp import hdrs, web

from services.dispatcher.request import Request
from shared.log import describe, get_logger

CSV = "text/csv"
PAGE = 200
"""Rows read and written at once: about 5 ms of the loop."""

Row = TypeVar("Row")
_log = get_logger(__name__)


class Table(Generic[Row]):
    """A table called `name` of the rows that `more` reads: up to PAGE behind a row, or (None) from the start; `rows` writes them out."""

    def __init__(
        self,
        name: str,
        header: Sequence[str],
        *,
        more: Callable[[Row | None], Awaitable[Sequence[Row]]],
        rows: Callable[[Sequence[Row]], bytes],
    ) -> None:
        self._name = name
        self._header = header_line(header)
        self._more = more
        self._rows = rows

    async def answer(self, request: Request) -> web.Response:
        """The table, sent while it is read. Its first page is there already, so an outage is still answered as one."""
        return csv_answer(request, self._name, self._lines(request, await self._more(None)))

    async def _lines(self, request: Request, page: Sequence[Row]) -> AsyncIterator[bytes]:
        """Raises ConnectionResetError where it cannot go on: the answer breaks off, so that nobody takes a part for the whole."""
        yield self._header
        while page:
            yield self._rows(page)
            if len(page) < PAGE:
                return
            try:
                page = await self._more(page[-1])
            except Exception as error:
                _log.warning("table_broke_off", request_id=request.id, **describe(error))
                raise ConnectionResetError from error


def header_line(columns: Sequence[str]) -> bytes:
    """The first line, with the mark by which spreadsheets know UTF-8."""
    return ("\ufeff" + ",".join(columns) + "\r\n").encode()


def csv_answer(request: Request, name: str, body: bytes | AsyncIterator[bytes]) -> web.Response:
    """That body as a file `name-<moment>.csv`."""
    return web.Response(
        body=body,
        headers={
            hdrs.CONTENT_TYPE: f"{CSV}; charset=utf-8",
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}-{request.now:%Y%m%dT%H%M%SZ}.csv"',
        },
    )


def wants_csv(request: Request) -> bool:
    """Whether the asker would rather have a table."""
    return CSV in request.raw.headers.get(hdrs.ACCEPT, "")
