"""Races in two halves: the first has done its work and not committed when the second runs into it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from shared.domain.errors import DomainError
from shared.store.connection import Connection, Pool

Half = Callable[[Connection], Awaitable[Any]]
_MEETING_S = 10


async def in_two_halves(pool: Pool, first: Half, second: Half) -> list[Any]:
    """Run `first` in a transaction that is committed only when `second`, in another, waits for it. What each answered, or its DomainError.

    Raises AssertionError where the second never had to wait.
    """
    async with pool.acquire() as one, pool.acquire() as other, pool.acquire() as watcher:
        pid = await other.fetchval("SELECT pg_backend_pid()")
        transaction = one.transaction()
        await transaction.start()
        outcome = await outcome_of(first(one))
        racing = asyncio.create_task(outcome_of(second(other)))
        met = await _waits(watcher, pid, racing)
        await transaction.commit()
        answer = await racing
        assert met, f"the two did not meet: {answer}"
        return [outcome, answer]


async def outcome_of(call: Awaitable[Any]) -> Any:
    """What it answers, or the DomainError that it raises."""
    try:
        return await call
    except DomainError as error:
        return error


async def _waits(watcher: Connection, pid: int, racing: asyncio.Task[Any]) -> bool:
    """Whether that backend comes to wait for a lock before its task is done."""
    deadline = asyncio.get_running_loop().time() + _MEETING_S
    while not racing.done() and asyncio.get_running_loop().time() < deadline:
        if await watcher.fetchval("SELECT cardinality(pg_blocking_pids($1)) > 0", pid):
            return True
        await asyncio.sleep(0.01)
    return False
