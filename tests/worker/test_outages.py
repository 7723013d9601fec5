"""Servers that go away under a worker, and come back."""

import asyncio
import secrets
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from services.standalone.ports import free_port
from services.standalone.postgres import EmbeddedPostgres
from services.standalone.valkey import EmbeddedValkey
from services.worker.app import working
from shared.queue import Nudger, open_hasty_queue
from shared.settings import Settings
from shared.store.connection import Connection, connect
from shared.store.migrate import migrate
from tests.city import City, assert_consistent, make_city, post
from tests.worker.conftest import LIMIT_S


def waiting_for(conn: Connection) -> Any:
    async def nothing_is_pending() -> bool:
        return await conn.fetchval("SELECT count(*) FROM tasks WHERE status = 'pending'") == 0

    return nothing_is_pending


async def takes_jobs(settings: Settings, city: City, eventually: Any) -> None:
    """Wait until a nudge is taken from the queue, by whom only arq's worker can be."""
    nudger = Nudger(settings.redis_url.get_secret_value(), timeout_s=LIMIT_S)
    redis = open_hasty_queue(settings.redis_url.get_secret_value(), timeout_s=LIMIT_S)
    assert await nudger.send([city.district_id])

    async def is_taken() -> bool:
        return await redis.zcard("doorstep:jobs") == 0

    await eventually(is_taken)
    await nudger.close()
    await redis.aclose(close_connection_pool=True)


async def test_redis_killed_under_a_worker_costs_nothing(
    settings: Settings, valkey: EmbeddedValkey, conn: Connection, eventually: Any
) -> None:
    city = await make_city(conn)
    async with working(settings):
        await takes_jobs(settings, city, eventually)
        for _ in range(2):
            valkey.kill()
            await post(conn, city, 5)
            await eventually(waiting_for(conn))
            valkey.start()
            await takes_jobs(settings, city, eventually)
    await assert_consistent(conn)


async def test_redis_flushed_under_a_worker_costs_nothing(
    settings: Settings, valkey: EmbeddedValkey, conn: Connection, eventually: Any
) -> None:
    city = await make_city(conn)
    async with working(settings):
        for _ in range(3):
            await post(conn, city, 2)
            valkey.command("FLUSHALL")
        await eventually(waiting_for(conn))
        await takes_jobs(settings, city, eventually)


async def test_a_worker_that_began_without_redis_takes_jobs_once_it_is_there(
    server_folder: Path, settings: Settings, conn: Connection, eventually: Any
) -> None:
    valkey = EmbeddedValkey(
        server_folder / "late-valkey", port=free_port(), password=secrets.token_hex(8), log=server_folder / "late.log"
    )
    late = settings.model_copy(update={"redis_url": SecretStr(valkey.url())})
    city = await make_city(conn)
    async with working(late):
        await post(conn, city, 3)
        await eventually(waiting_for(conn))
        valkey.start()
        try:
            await takes_jobs(late, city, eventually)
        finally:
            valkey.stop()


async def test_a_worker_waits_for_postgres_and_goes_on_after_its_crash(
    server_folder: Path, without_redis: Settings, eventually: Any
) -> None:
    postgres = EmbeddedPostgres(
        server_folder / "late-postgres",
        port=free_port(),
        password=secrets.token_hex(32),
        log=server_folder / "late-postgres.log",
    )
    settings = without_redis.model_copy(update={"postgres_url": SecretStr(postgres.url())})
    async with working(settings):
        await asyncio.to_thread(postgres.start)
        try:
            await migrate(postgres.url())
            async with connect(postgres.url(), application_name="test") as conn:
                city = await make_city(conn)
                await post(conn, city, 3)
                await eventually(waiting_for(conn))
            await asyncio.to_thread(postgres.kill)
            await asyncio.to_thread(postgres.start)
            async with connect(postgres.url(), application_name="test") as conn:
                await post(conn, city, 3)
                await eventually(waiting_for(conn))
                await assert_consistent(conn)
        finally:
            await asyncio.to_thread(postgres.stop)
