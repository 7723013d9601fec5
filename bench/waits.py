"""From a task's creation to its assignment, at a steady 50 tasks a second."""

import asyncio
import time
from dataclasses import dataclass

import aiohttp

from bench.batches import batch, post_batch
from bench.district import make_district, task_bodies
from bench.load import Seen, Shot, shoot
from bench.system import Bench
from services.demo.client import Api
from services.demo.tally import quantile
from shared.store.connection import Connection, connect

ALREADY_OPEN, MEASURED = 1, 2
"""Seeds of the tasks that were there before, and of those whose waits count."""
_PER_SECOND = 50
_PATIENCE_S = 60.0

# From when the request came in until the assignment was committed, for everybody to see (track_commit_timestamp is on).
_WAITS = """
    SELECT extract(epoch FROM pg_xact_commit_timestamp(e.tx::text::xid) - t.created_at) * 1000 AS wait_ms
      FROM tasks t
      JOIN districts d ON d.id = t.district_id AND d.code = $1
      JOIN LATERAL (SELECT tx FROM events WHERE task_id = t.id AND name = 'task.assigned' ORDER BY tx, id LIMIT 1) e ON true
     WHERE t.ref LIKE $2
     ORDER BY wait_ms
"""
_PENDING = """
    SELECT count(*) FROM tasks t JOIN districts d ON d.id = t.district_id WHERE d.code = $1 AND t.status = 'pending'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """Milliseconds from creation to assignment; how many of the tasks were assigned at all, and answers of the API itself."""

    p50_ms: float
    p99_ms: float
    assigned: int
    posted: int
    post_p50_ms: float


def measure_waits(bench: Bench, token: str, code: str, *, teams: int, already_open: int, seconds: int) -> Waits:
    """Post 50 tasks a second for `seconds` into a district of `teams` teams that hold `already_open` tasks when it begins."""
    asyncio.run(prepare(bench, token, code, teams=teams, already_open=already_open))
    bodies = task_bodies(code, _PER_SECOND * seconds, seed=MEASURED)
    seen = shoot(Shot(url=f"{bench.url}/v1/tasks", token=token, bodies=bodies, per_second=_PER_SECOND))
    return asyncio.run(read_waits(bench, code, seen))


async def prepare(bench: Bench, token: str, code: str, *, teams: int, already_open: int) -> None:
    """Make the district, and have its teams hold that many tasks. Workers must run."""
    await make_district(bench.url, token, code, teams=teams)
    if already_open:
        async with aiohttp.ClientSession() as session:
            await post_batch(
                Api(session, bench.url, token), code, batch(task_bodies(code, already_open, seed=ALREADY_OPEN))
            )
    async with connect(bench.postgres.url(), application_name="bench") as conn:
        await _wait_until_placed(conn, code)


async def read_waits(bench: Bench, code: str, seen: Seen) -> Waits:
    """The waits of the tasks that were posted there and counted in `seen`, once all have a team."""
    async with connect(bench.postgres.url(), application_name="bench") as conn:
        await _wait_until_placed(conn, code)
        waits = [float(row["wait_ms"]) for row in await conn.fetch(_WAITS, code, f"{MEASURED}-%")]
    return Waits(
        p50_ms=quantile(waits, 0.5),
        p99_ms=quantile(waits, 0.99),
        assigned=len(waits),
        posted=seen.statuses[201],
        post_p50_ms=quantile(sorted(seen.latencies_ms), 0.5),
    )


async def _wait_until_placed(conn: Connection, code: str) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        if not await conn.fetchval(_PENDING, code) or time.monotonic() > deadline:
            return
        await asyncio.sleep(0.2)
