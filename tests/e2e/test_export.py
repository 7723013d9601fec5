"""A table of any length comes out of a real dispatcher in constant memory."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bench.export import export
from services.standalone.ports import free_port
from services.standalone.service import Service
from shared.domain.clock import utc_now
from shared.domain.words import Permission
from shared.store.connection import Connection
from tests.calls import make_actor
from tests.many_visits import make_visits

VISITS = 100_000
READY_LIMIT_S = 60


@pytest.fixture
async def dispatcher(database: str, tmp_path: Path) -> AsyncIterator[tuple[Service, str]]:
    """A process of its own, and its address."""
    port = free_port()
    env = {name: value for name, value in os.environ.items() if not name.startswith("DOORSTEP_")} | {
        "DOORSTEP_PORT": str(port),
        "DOORSTEP_POSTGRES_URL": database,
        "DOORSTEP_REDIS_URL": "redis://127.0.0.1:1/0",
        "DOORSTEP_HOME": str(tmp_path),
    }
    service = Service("dispatcher", log=tmp_path / "dispatcher.log", env=env)
    service.start()
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + READY_LIMIT_S
    async with aiohttp.ClientSession() as session:
        while not await answers(session, url):
            assert time.monotonic() < deadline, (tmp_path / "dispatcher.log").read_text()
            await asyncio.sleep(0.05)
    yield service, url
    service.stop()


async def answers(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(f"{url}/healthz") as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


async def test_a_hundred_thousand_visits_come_out_in_constant_memory(
    conn: Connection, dispatcher: tuple[Service, str]
) -> None:
    service, url = dispatcher
    district_id = await make_visits(conn, VISITS, until=utc_now(), note="体温正常, 家中无异常。" * 10, told=False)
    await conn.execute("ANALYZE tasks, visits")
    token = await make_actor(conn, Permission.COORDINATOR, (district_id,))
    came = await export(url, f"/v1/visits?district={district_id}", token, service.pid)
    assert came.rows == VISITS
    whole_mb = came.size / 2**20
    grown_mb = came.most_mb - came.before_mb
    assert whole_mb > 60
    assert grown_mb < whole_mb / 4, (
        f"{came.before_mb:.0f} MB grew to {came.most_mb:.0f} MB for a table of {whole_mb:.0f} MB"
    )
