"""A month of visits as a table and as figures: how fast they come, and what the dispatcher holds meanwhile."""

import asyncio
import time
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

import aiohttp

from bench.memory import memory_of
from bench.system import Bench
from shared.domain.clock import utc_now
from shared.store.connection import connect
from tests.many_visits import make_visits

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A table that came whole: its lines without the head, its bytes, the seconds, and the dispatcher's resident memory before and at
    most meanwhile."""

    rows: int
    size: int
    seconds: float
    before_mb: float
    most_mb: float


def measure_export(bench: Bench, token: str, *, visits: int) -> tuple[Exported, float]:
    """The table of that many visits of one district in a month, and the seconds until that month's figures are there."""
    return asyncio.run(_measure(bench, token, visits))


async def _measure(bench: Bench, token: str, visits: int) -> tuple[Exported, float]:
    async with connect(bench.postgres.url(), application_name="bench", statement_timeout_s=300) as conn:
        district_id = await make_visits(conn, visits, until=utc_now())
        await conn.execute("VACUUM ANALYZE tasks, visits, assignments, events")
    exported = await export(bench.url, f"/v1/visits?district={district_id}", token, bench.dispatcher.pid)
    since = utc_now().date() - timedelta(days=30)
    async with aiohttp.ClientSession(bench.url, headers={"Authorization": f"Bearer {token}"}) as session:
        took = [await _seconds(session, f"/v1/districts/{district_id}/figures?from={since}") for _ in range(3)]
    return exported, median(took)


async def _seconds(session: aiohttp.ClientSession, path: str) -> float:
    began = time.perf_counter()
    async with session.get(path, raise_for_status=True) as answer:
        await answer.read()
    return time.perf_counter() - began


async def export(url: str, path: str, token: str, pid: int) -> Exported:
    """Read a table to its end, asking meanwhile what process `pid` holds. A small one is read before, so that all code is there."""
    headers = {"Accept": "text/csv", "Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(url, headers=headers, timeout=aiohttp.ClientTimeout(total=600)) as session:
        async with session.get(f"{path}&to=1970-01-01", raise_for_status=True) as answer:
            await answer.read()
        before_mb = most_mb = memory_of(pid).rss_mb
        began, lines, size = time.perf_counter(), 0, 0
        async with session.get(path, raise_for_status=True) as answer:
            async for chunk in answer.content.iter_chunked(_CHUNK):
                lines += chunk.count(b"\r\n")
                size += len(chunk)
                most_mb = max(most_mb, memory_of(pid).rss_mb)
    seconds = time.perf_counter() - began
    return Exported(rows=lines - 1, size=size, seconds=seconds, before_mb=before_mb, most_mb=most_mb)
