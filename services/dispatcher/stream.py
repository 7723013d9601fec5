"""Events as they happen: one reader per process follows the table and hands each event to the listeners it is for.

A listener catches up from Postgres, then hears the reader. It never has a gap: the reader's position is set before the listener begins to
catch up, so what one does not read the other does; what both read is told apart by position. A listener that cannot keep up with the
reader forgets what waited for it and catches up from Postgres again. When Postgres is away everybody waits and then goes on.
"""

import asyncio
import re
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from aiohttp import web

from services.dispatcher import keys
from shared.domain.clock import utc_now
from shared.domain.hearing import Audience
from shared.domain.words import Permission
from shared.log import get_logger
from shared.store import listeners
from shared.store.connection import Pool, Record
from shared.store.events import select_events, select_horizon
from shared.store.outage import is_outage

Position = tuple[int, int]

_log = get_logger(__name__)
_PAGE = 500
_MOST_WAITING = 1000  # events for one slow listener, then it reads them from Postgres instead
_RETRY_S = 0.5
_POSITION = re.compile(r"(\d{1,18})-(\d{1,18})", re.ASCII)


def position_of(event: Record) -> Position:
    return event["tx"], event["id"]


def read_position(text: str) -> Position | None:
    """The position in an event's public id, `{tx}-{id}`; None where it is none."""
    found = _POSITION.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else None


@dataclass(eq=False, slots=True, kw_only=True)
class Listener:
    """One open stream. `behind`: what waited was forgotten, Postgres has it."""

    token_id: UUID
    audience: Audience
    only: UUID | None  # the one district asked for
    waiting: deque[Record] = field(default_factory=deque)
    behind: bool = True
    ended: bool = False
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, event: Record) -> None:
        if self.behind or not self.audience.hears(event):
            return
        if len(self.waiting) >= _MOST_WAITING:
            self.waiting.clear()
            self.behind = True
        else:
            self.waiting.append(event)
        self.woken.set()

    def end(self) -> None:
        self.ended = True
        self.woken.set()


class EventStream:
    """The reader and its listeners. `poll_s`: how often it asks while somebody listens; `check_s`: how often it asks who still may."""

    def __init__(self, pool: Pool, *, poll_s: float, check_s: float) -> None:
        self._pool = pool
        self._poll_s = poll_s
        self._check_s = check_s
        self._listeners: set[Listener] = set()
        self._position: Position | None = None
        self._somebody = asyncio.Event()
        self._starting = asyncio.Lock()
        self._closed = False

    async def admit(self, token_id: UUID, only: UUID | None) -> Listener | None:
        """A listener of what the token's owner may hear, of one district where `only` says so; None where the token counts no longer."""
        async with self._pool.acquire(timeout=_RETRY_S * 10) as conn:
            rows = await listeners.select_listeners(conn, [token_id], utc_now())
        return Listener(token_id=token_id, audience=_audience(rows[0], only), only=only) if rows else None

    async def start_of(self, after: Position | None) -> Position:
        """Where a stream begins: behind `after`, or now. A position of the future (of another database, say) is now."""
        async with self._pool.acquire(timeout=_RETRY_S * 10) as conn:
            now = await select_horizon(conn)
        return now if after is None else min(after, now)

    async def follow(self, listener: Listener, start: Position, idle_s: float) -> AsyncGenerator[list[Record], None]:
        """The listener's events behind `start`, in commit order, none skipped and none twice, until it is ended.

        Yields an empty list after `idle_s` seconds without any, so that the caller sees whether its client is still there.
        """
        position = start
        await self._join(listener)
        try:
            while not listener.ended:
                if listener.behind:
                    listener.waiting.clear()
                    listener.behind = False
                    async for page in self._catch_up(listener, position):
                        position = position_of(page[-1])
                        yield [event for event in page if listener.audience.hears(event)]
                waiting, listener.waiting = listener.waiting, deque()
                if news := [event for event in waiting if position_of(event) > position]:
                    position = position_of(news[-1])
                    yield news
                elif not await _woken(listener, idle_s):
                    yield []
        finally:
            self._leave(listener)

    async def run(self) -> None:
        """Read on while somebody listens, for ever."""
        while True:
            await self._somebody.wait()
            try:
                full = await self._read()
            except Exception as error:  # noqa: BLE001  (whatever it is, nobody may be left listening to nothing)
                _log.warning("stream_reads_again", error=type(error).__name__, outage=is_outage(error))
                await asyncio.sleep(_RETRY_S)
                continue
            if not full:
                await asyncio.sleep(self._poll_s)

    async def check(self) -> None:
        """End the streams of tokens that count no longer, and of owners who may hear something else now: they come back and hear that."""
        while True:
            await asyncio.sleep(self._check_s)
            open_now = list(self._listeners)
            if not open_now:
                continue
            try:
                async with self._pool.acquire(timeout=_RETRY_S * 10) as conn:
                    rows = await listeners.select_listeners(conn, {one.token_id for one in open_now}, utc_now())
            except Exception as error:  # noqa: BLE001  (whatever it is, the next check comes)
                _log.warning("stream_checks_again", error=type(error).__name__, outage=is_outage(error))
                continue
            _end_changed(open_now, {row["token_id"]: row for row in rows})

    def close(self) -> None:
        """End every stream, and those that come after."""
        self._closed = True
        for listener in self._listeners:
            listener.end()

    async def _join(self, listener: Listener) -> None:
        async with self._starting:
            if self._position is None:
                self._position = await self.start_of(None)
            self._listeners.add(listener)
            self._somebody.set()
        if self._closed:
            listener.end()

    def _leave(self, listener: Listener) -> None:
        self._listeners.discard(listener)
        if not self._listeners:
            self._position = None
            self._somebody.clear()

    async def _read(self) -> bool:
        """Hand on the next page; whether there may be more."""
        position = self._position
        if position is None:
            return False
        async with self._pool.acquire(timeout=_RETRY_S * 10) as conn:
            page = await select_events(conn, after=position, districts=None, limit=_PAGE)
        if page and self._position == position:
            self._position = position_of(page[-1])
            for listener in self._listeners:
                for event in page:
                    listener.tell(event)
        return len(page) == _PAGE

    async def _catch_up(self, listener: Listener, position: Position) -> AsyncIterator[list[Record]]:
        """Pages of the listener's events behind `position`, as far as they are written now."""
        audience = listener.audience
        while not listener.ended:
            try:
                async with self._pool.acquire(timeout=_RETRY_S * 10) as conn:
                    districts = None if audience.districts is None else sorted(audience.districts)
                    page = await select_events(
                        conn,
                        after=position,
                        districts=districts,
                        team_id=audience.team_id,
                        member_id=audience.member_id,
                        limit=_PAGE,
                    )
            except Exception as error:
                if not is_outage(error):
                    raise
                await asyncio.sleep(_RETRY_S)
                continue
            if page:
                position = position_of(page[-1])
                yield page
            if len(page) < _PAGE:
                return


STREAM = web.AppKey("stream", EventStream)


async def event_stream(app: web.Application) -> AsyncIterator[None]:
    """The application's reader, from its start until it stops."""
    settings = app[keys.SETTINGS]
    stream = EventStream(app[keys.POOL], poll_s=settings.stream_poll_s, check_s=settings.stream_check_s)
    app[STREAM] = stream

    async def close_with_the_app() -> None:
        await app[keys.CLOSING].wait()
        stream.close()

    running = [asyncio.create_task(part) for part in (stream.run(), stream.check(), close_with_the_app())]
    yield
    stream.close()
    for task in running:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _audience(row: Record, only: UUID | None) -> Audience:
    districts = None if row["permission"] == Permission.ADMIN else frozenset(row["districts"])
    if only is not None:
        districts = frozenset({only}) if districts is None else districts & {only}
    return Audience(districts=districts, member_id=row["member_id"], team_id=row["team_id"], role=row["role"])


def _end_changed(open_now: Iterable[Listener], rows: dict[UUID, Record]) -> None:
    for listener in open_now:
        row = rows.get(listener.token_id)
        if row is None or _audience(row, listener.only) != listener.audience:
            listener.end()


async def _woken(listener: Listener, within_s: float) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(listener.woken.wait(), within_s)
    woken = listener.woken.is_set()
    listener.woken.clear()
    return woken
