"""`POST /v1/tasks` against a bare handler and against pgbench: the same machine, the same minute, in turns."""

import asyncio
import re
import tempfile
from dataclasses import dataclass
from statistics import median

from bench.bare import CREATE, PGBENCH
from bench.district import make_district, task_bodies
from bench.load import Seen, Shot, shoot
from bench.system import Bench
from shared.store.connection import connect

_CONNECTIONS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Medians over the rounds, per second, and the ratios of each round's pair."""

    tasks_per_s: float
    bare_per_s: float
    pgbench_per_s: float
    ratio_to_bare: float
    ratio_to_pgbench: float


def measure_posts(bench: Bench, token: str, *, rounds: int, count: int, pgbench_s: int) -> Posted:
    """`rounds` times `count` requests to each. No worker runs: what it costs shows in the waits."""
    asyncio.run(_prepare(bench, token))
    ours: list[float] = []
    bare: list[float] = []
    pgbench: list[float] = []
    _shoot_tasks(bench, token, count // 4, seed=1)  # caches and prepared statements of the first requests
    _shoot_bare(bench, count // 4, seed=1)
    for number in range(rounds):
        ours.append(_shoot_tasks(bench, token, count, seed=10 + number).per_second)
        bare.append(_shoot_bare(bench, count, seed=10 + number).per_second)
        pgbench.append(_run_pgbench(bench, pgbench_s))
    return Posted(
        tasks_per_s=median(ours),
        bare_per_s=median(bare),
        pgbench_per_s=median(pgbench),
        ratio_to_bare=median(a / b for a, b in zip(ours, bare, strict=True)),
        ratio_to_pgbench=median(a / b for a, b in zip(ours, pgbench, strict=True)),
    )


async def _prepare(bench: Bench, token: str) -> None:
    async with connect(bench.postgres.url(), application_name="bench") as conn:
        await conn.execute(CREATE)
    await make_district(bench.url, token, "posts", teams=2)


def _shoot_tasks(bench: Bench, token: str, count: int, *, seed: int) -> Seen:
    bodies = task_bodies("posts", count, seed)
    return _all_made(shoot(Shot(url=f"{bench.url}/v1/tasks", token=token, bodies=bodies, connections=_CONNECTIONS)))


def _shoot_bare(bench: Bench, count: int, *, seed: int) -> Seen:
    bodies = task_bodies("posts", count, seed)
    return _all_made(shoot(Shot(url=bench.bare_url, bodies=bodies, connections=_CONNECTIONS)))


def _all_made(seen: Seen) -> Seen:
    assert set(seen.statuses) == {201}, f"not everything was made: {dict(seen.statuses)}"
    return seen


def _run_pgbench(bench: Bench, seconds: int) -> float:
    """Inserts of the bare handler's row per second from as many clients as the pools have connections."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(PGBENCH)
        script.flush()
        options = ("-n", "-c", "16", "-j", "1", "-T", str(seconds), "-M", "prepared", "-f", script.name, "doorstep")
        printed = bench.postgres.run_client("pgbench", *options)
    found = re.search(r"tps = ([\d.]+)", printed)
    assert found, printed
    return float(found[1])
