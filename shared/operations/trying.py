"""Trying something out: done as if for good, then undone, so that nothing of it is there and nobody is told."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from asyncpg import LockNotAvailableError

from shared.store import locks
from shared.store.connection import Connection

_GIVES_WAY_AFTER_S = 0.5  # below Postgres' deadlock_timeout, so that it is never the others who are undone
Answer = TypeVar("Answer")


class _Undo(Exception):
    """The answer is there, and nothing of it shall stay."""


async def try_out(conn: Connection, do: Callable[[], Awaitable[Answer]]) -> Answer:
    """What `do` answers on this connection. Gives way to those who do it for good: starts again where one of them holds a row for long."""
    answers: list[Answer] = []
    while True:
        try:
            async with conn.transaction():
                await locks.update_lock_timeout(conn, _GIVES_WAY_AFTER_S)
                answers.append(await do())
                raise _Undo
        except _Undo:
            return answers[-1]
        except LockNotAvailableError:
            continue  # ends: who holds the row commits
