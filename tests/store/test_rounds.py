"""Claiming rounds: wishes are taken by whoever begins the round, and by nobody else."""

import asyncio
import time
from datetime import datetime, timedelta

from shared.domain.clock import utc_now
from shared.store import rounds
from shared.store.connection import Connection, Pool, Record
from tests.city import make_city, post
from tests.phones import give

PERIOD, HASTE = timedelta(minutes=5), timedelta(minutes=1)


async def claim(conn: Connection, now: datetime) -> Record | None:
    return await rounds.claim_round(conn, now, period=PERIOD, haste=HASTE)


async def until_it_waits_for_a_lock(pool: Pool, pid: int) -> None:
    deadline = time.monotonic() + 10
    async with pool.acquire() as conn:
        while not await conn.fetchval("SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = $1", pid):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.01)


async def test_who_comes_too_late_for_a_round_leaves_the_wishes_for_the_next(conn: Connection, pool: Pool) -> None:
    city, now = await make_city(conn), utc_now()
    await give(conn, city, city.team_ids[0], await post(conn, city))
    assert await claim(conn, now - 2 * PERIOD) is not None
    await conn.execute("UPDATE rounds SET ended_at = begun_at")
    async with pool.acquire() as other:
        async with conn.transaction():
            await conn.execute("UPDATE rounds SET begun_at = $1", now)
            await rounds.insert_wish(other, city.district_id, now)
            too_late = asyncio.create_task(claim(other, now))
            await until_it_waits_for_a_lock(pool, other.get_server_pid())
        assert await too_late is None
    assert await conn.fetchval("SELECT count(*) FROM round_wishes") == 1
    assert await claim(conn, now + HASTE) is not None
    assert await conn.fetchval("SELECT count(*) FROM round_wishes") == 0
