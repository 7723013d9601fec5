"""The list of visits as a table: how fast it comes, and what the dispatcher holds meanwhile."""

import asyncio
import time
from dataclasses import dataclass

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


def measure_export(bench: Bench, token: str, *, visits: int) -> Exported:
    """The table of that many visits of one district."""
    return asyncio.run(_measure(bench, token, visits))


async def _measure(bench: Bench, token: str, visits: int) -> Exported:
    async with connect(bench.postgres.url(), application_name="bench", statement_timeout_s=300) as conn:
        district_id = await make_visits(conn, visits, until=utc_now(), told=False)
        await conn.execute("ANALYZE tasks, visits")

    return await export(bench.url, f"/v1/visits?district={district_id}", token, bench.dispatcher.pid)


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
