"""From creation to assignment in a calm district, while two workers are busy placing and improving in another one."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from bench.district import task_bodies
from bench.load import Seen, Shot, shoot
from bench.system import Bench
from bench.waits import MEASURED, Waits, prepare, read_waits
from shared.store.connection import connect

_ROUNDS = """
    SELECT count(DISTINCT e.tx) FROM events e JOIN districts d ON d.id = e.district_id
     WHERE d.code = $1 AND e.name = 'route.changed' AND e.data ->> 'why' = 'improved'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The calm district's waits; how many improvements the busy one had meanwhile, each a transaction over a group of its teams."""

    waits: Waits
    improvements: int


def measure_beside(bench: Bench, token: str, *, already_open: int, seconds: int) -> Beside:
    """Fifty teams with `already_open` tasks get 50 tasks a second and a round every ten; in the other district 20 teams get 8 a second."""
    for worker in bench.busy_workers:
        worker.start()
    asyncio.run(prepare(bench, token, "busy", teams=50, already_open=already_open))
    asyncio.run(prepare(bench, token, "calm", teams=20, already_open=0))
    with ThreadPoolExecutor(2) as threads:
        busy = threads.submit(_post, bench, token, "busy", 50, seconds)
        seen = threads.submit(_post, bench, token, "calm", 8, seconds).result()
        busy.result()
    waits = asyncio.run(read_waits(bench, "calm", seen))
    improvements = asyncio.run(_improvements(bench))
    for worker in bench.busy_workers:
        worker.stop()
    return Beside(waits=waits, improvements=improvements)


def _post(bench: Bench, token: str, code: str, per_second: int, seconds: int) -> Seen:
    bodies = task_bodies(code, per_second * seconds, seed=MEASURED)
    return shoot(Shot(url=f"{bench.url}/v1/tasks", token=token, bodies=bodies, per_second=per_second))


async def _improvements(bench: Bench) -> int:
    async with connect(bench.postgres.url(), application_name="bench") as conn:
        count: int = await conn.fetchval(_ROUNDS, "busy")
        return count
