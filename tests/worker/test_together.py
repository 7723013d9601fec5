"""Many tasks at once are planned by a process of its own: whatever becomes of it or happens meanwhile, each task gets one team."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.standalone.service import Service
from services.worker import round_process, together
from services.worker.metrics import Metrics
from services.worker.placer import Placer
from shared.domain.clock import utc_now
from shared.domain.words import Duty
from shared.operations import by_hand
from shared.settings import Settings
from shared.store.connection import Connection, Pool
from tests.city import City, assert_consistent, make_city, post
from tests.phones import give, phone_of
from tests.worker.conftest import LIMIT_S

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="finds the solver's process in /proc")

MANY = 100


@pytest.fixture
def placer(pool: Pool) -> Placer:
    return Placer(pool, Metrics(), most_at_once=4)


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many solvers were started so far."""
    noted = tmp_path / "started"
    code = f"open({str(noted)!r}, 'a').write('.'); {round_process._CODE}"
    monkeypatch.setattr(round_process, "_CODE", code)
    return lambda: len(noted.read_text()) if noted.exists() else 0


def solvers(parent: int) -> list[int]:
    """Processes of that one which plan, ended ones that nobody waited for included."""
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in pids if _is_solver(pid, parent)]


def _is_solver(pid: int, parent: int) -> bool:
    with suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        said = Path(f"/proc/{pid}/cmdline").read_text()
        return int(stat[1]) == parent and ("round_process" in said or not said)
    return False


def is_alive(pid: int) -> bool:
    with suppress(OSError):
        return "round_process" in Path(f"/proc/{pid}/cmdline").read_text()
    return False


@pytest.fixture
async def solver(eventually: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[..., Any]]:
    """`pid = await solver()`: wait until it is at work, and hold it there. Nobody gives it up meanwhile, however long that takes."""
    monkeypatch.setattr(together, "LIMIT_S", 2.0 * LIMIT_S)
    held: list[int] = []

    async def wait(parent: int = os.getpid()) -> int:
        async def is_there() -> bool:
            return any(map(is_alive, solvers(parent)))

        await eventually(is_there)
        (pid,) = solvers(parent)
        os.kill(pid, signal.SIGSTOP)
        held.append(pid)
        return pid

    yield wait
    for pid in filter(is_alive, held):
        os.kill(pid, signal.SIGCONT)


@pytest.fixture(autouse=True)
async def none_is_left(eventually: Any) -> AsyncIterator[None]:
    yield

    async def are_gone() -> bool:
        return not solvers(os.getpid())

    await eventually(are_gone)


async def standing(conn: Connection, task_ids: list[UUID]) -> dict[str, int]:
    rows = await conn.fetch("SELECT status, count(*) FROM tasks WHERE id = ANY($1) GROUP BY status", task_ids)
    return {row["status"]: row["count"] for row in rows}


async def versions(conn: Connection) -> dict[UUID, int]:
    return {row["id"]: row["route_version"] for row in await conn.fetch("SELECT id, route_version FROM teams")}


async def test_a_morning_gets_its_teams_at_once_each_task_with_its_reason(
    placer: Placer, conn: Connection, started: Callable[[], int]
) -> None:
    city = await make_city(conn, teams=5)
    before = await versions(conn)
    task_ids = await post(conn, city, MANY)
    await placer.place(city.district_id)
    assert await standing(conn, task_ids) == {"assigned": MANY}
    assert started() == 1
    for row in await conn.fetch("SELECT team_id, reason FROM assignments"):
        assert row["reason"]["on_time"]
        assert row["reason"]["slack_s"] >= 0
        assert UUID(row["reason"]["next_best"]["team_id"]) in set(city.team_ids) - {row["team_id"]}
    with_work = {row["team_id"] for row in await conn.fetch("SELECT DISTINCT team_id FROM assignments")}
    assert await versions(conn) == {team_id: version + (team_id in with_work) for team_id, version in before.items()}
    await assert_consistent(conn)


async def test_few_tasks_and_a_district_without_a_team_need_no_solver(
    placer: Placer, conn: Connection, started: Callable[[], int]
) -> None:
    city, empty = await make_city(conn), await make_city(conn, teams=0)
    some, all_of_them = await post(conn, city, 30), await post(conn, empty, MANY)
    await placer.place(city.district_id)
    await placer.place(empty.district_id)
    assert await standing(conn, some) == {"assigned": 30}
    assert await standing(conn, all_of_them) == {"pending": MANY}
    assert started() == 0


async def test_a_solver_that_is_killed_costs_a_moment_only(placer: Placer, conn: Connection, solver: Any) -> None:
    city = await make_city(conn, teams=3)
    task_ids = await post(conn, city, MANY)
    run = placer.begin(city.district_id)
    assert run is not None
    os.kill(await solver(), signal.SIGKILL)
    await run
    assert await standing(conn, task_ids) == {"assigned": MANY}
    await assert_consistent(conn)


async def test_a_solver_that_hangs_is_not_waited_for(
    placer: Placer, conn: Connection, solver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(together, "LIMIT_S", 3.0)
    city = await make_city(conn, teams=3)
    task_ids = await post(conn, city, MANY)
    run = placer.begin(city.district_id)
    await solver()
    await placer.drain(LIMIT_S)
    assert run is not None
    assert run.done()
    assert await standing(conn, task_ids) == {"assigned": MANY}


@pytest.mark.parametrize(
    "code", ["raise SystemExit(1)", "import time; time.sleep(3600)", "print('nothing to do with it')"]
)
async def test_a_solver_that_cannot_start_is_not_waited_for(
    placer: Placer, conn: Connection, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    monkeypatch.setattr(round_process, "_CODE", code)
    monkeypatch.setattr(together, "LIMIT_S", 2.0)
    city = await make_city(conn, teams=3)
    task_ids = await post(conn, city, MANY)
    async with asyncio.timeout(LIMIT_S):
        await placer.place(city.district_id)
    assert await standing(conn, task_ids) == {"assigned": MANY}


async def test_what_a_solver_could_not_help_with_is_not_asked_again_at_once(
    placer: Placer, conn: Connection, started: Callable[[], int]
) -> None:
    city = await make_city(conn, teams=2, max_visits_per_shift=10)
    task_ids = await post(conn, city, MANY)
    for _ in range(3):
        await conn.execute("UPDATE tasks SET plan_at = now() WHERE status = 'pending'")
        await placer.place(city.district_id)
    assert await standing(conn, task_ids) == {"assigned": 20, "pending": MANY - 20}
    assert await conn.fetchval("SELECT count(*) FROM tasks WHERE waiting_reason = 'all_teams_full'") == MANY - 20
    assert started() == 1
    await assert_consistent(conn)


async def test_a_task_that_cannot_be_assigned_does_not_start_one_solver_after_the_other(
    placer: Placer, conn: Connection, started: Callable[[], int]
) -> None:
    city = await make_city(conn, teams=8)
    task_ids = await post(conn, city, 2 * MANY)
    bad = task_ids[17]
    await conn.execute(f"ALTER TABLE assignments ADD CONSTRAINT refused CHECK (task_id <> '{bad}')")
    await placer.place(city.district_id)
    assert await standing(conn, task_ids) == {"assigned": 2 * MANY - 1, "pending": 1}
    assert await conn.fetchval("SELECT waiting_detail FROM tasks WHERE id = $1", bad) == {
        "stopped_by": "planning_failed"
    }
    assert started() == 1
    await assert_consistent(conn)


async def test_what_teams_do_while_many_tasks_are_planned_is_neither_lost_nor_doubled(
    placer: Placer, conn: Connection, pool: Pool, solver: Any
) -> None:
    city = await make_city(conn, teams=6)
    held = await post(conn, city, 12, seed=2)
    for number, team_id in enumerate(city.team_ids):
        await give(conn, city, team_id, held[2 * number : 2 * number + 2])
    task_ids = await post(conn, city, MANY)
    accepts, declines, rests, walks = [await phone_of(pool, city.member_ids[3 * number]) for number in range(4)]
    run = placer.begin(city.district_id)
    pid = await solver()
    await accepts.accept(*held[:2])
    await declines.decline(held[2])
    await rests.duty(Duty.OFF)
    await walks.accept(*held[6:8])
    await walks.depart(held[6])
    await give(conn, city, city.team_ids[4], [task_ids[0]], pinned=True)
    (urgent,) = await post(conn, city, seed=3, priority=5)
    await by_hand.cancel(conn, city.district_id, task_ids[1:4], reason="moved", now=utc_now(), account_id=None)
    os.kill(pid, signal.SIGCONT)
    assert run is not None
    await run
    await placer.place(city.district_id)
    assert await standing(conn, task_ids) == {"assigned": MANY - 3, "cancelled": 3}
    assert await standing(conn, [*held, urgent]) == {"assigned": 9, "accepted": 3, "in_progress": 1}
    assert await conn.fetchval("SELECT team_id FROM tasks WHERE id = $1", task_ids[0]) == city.team_ids[4]
    stayed = await conn.fetch("SELECT id, team_id FROM tasks WHERE id = ANY($1)", held)
    was = {task_id: city.team_ids[number // 2] for number, task_id in enumerate(held)}
    declined_or_off = {held[2], *held[4:6]}
    assert all(was[row["id"]] == row["team_id"] for row in stayed if row["id"] not in declined_or_off)
    await assert_consistent(conn)


async def test_two_districts_at_once_do_not_wait_for_each_other(placer: Placer, conn: Connection, solver: Any) -> None:
    first, second = await make_city(conn, teams=3), await make_city(conn, teams=3)
    of_first, of_second = await post(conn, first, MANY), await post(conn, second, MANY)
    run = placer.begin(first.district_id)
    pid = await solver()
    await placer.place(second.district_id)
    assert await standing(conn, of_second) == {"assigned": MANY}
    assert await standing(conn, of_first) == {"pending": MANY}
    os.kill(pid, signal.SIGCONT)
    assert run is not None
    await run
    assert await standing(conn, of_first) == {"assigned": MANY}
    await assert_consistent(conn)


async def test_an_urgent_task_among_many_waits_for_no_solver(placer: Placer, conn: Connection, solver: Any) -> None:
    city = await make_city(conn, teams=3)
    task_ids, urgent = await post(conn, city, MANY), await post(conn, city, 3, seed=2, priority=5)
    run = placer.begin(city.district_id)
    pid = await solver()
    assert await standing(conn, urgent) == {"assigned": 3}
    assert await standing(conn, task_ids) == {"pending": MANY}
    os.kill(pid, signal.SIGCONT)
    assert run is not None
    await run
    assert await standing(conn, task_ids) == {"assigned": MANY}
    await assert_consistent(conn)


async def test_cancelling_all_that_is_being_planned_leaves_nothing(
    placer: Placer, conn: Connection, solver: Any
) -> None:
    city = await make_city(conn, teams=3)
    task_ids = await post(conn, city, MANY)
    run = placer.begin(city.district_id)
    pid = await solver()
    await by_hand.cancel(conn, city.district_id, task_ids, reason="moved", now=utc_now(), account_id=None)
    os.kill(pid, signal.SIGCONT)
    assert run is not None
    await run
    assert await standing(conn, task_ids) == {"cancelled": MANY}
    assert await conn.fetchval("SELECT count(*) FROM assignments") == 0
    await assert_consistent(conn)


async def test_a_worker_that_stops_takes_the_solver_with_it(
    placer: Placer, conn: Connection, solver: Any, eventually: Any
) -> None:
    city = await make_city(conn, teams=3)
    task_ids = await post(conn, city, MANY)
    placer.begin(city.district_id)
    pid = await solver()
    await placer.drain(0.1)

    async def is_gone() -> bool:
        return not is_alive(pid)

    await eventually(is_gone)
    assert await standing(conn, task_ids) == {"pending": MANY}
    assert await conn.fetchval("SELECT count(*) FROM tasks WHERE plan_at <= now()") == MANY, "the next worker's"


@pytest.fixture
def worker(settings: Settings, tmp_path: Path) -> Iterator[Service]:
    """A worker as a process of its own."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("DOORSTEP_")} | {
        "DOORSTEP_HOME": str(tmp_path),
        "DOORSTEP_POSTGRES_URL": settings.postgres_url.get_secret_value(),
        "DOORSTEP_REDIS_URL": settings.redis_url.get_secret_value(),
        "DOORSTEP_IMPROVE_PERIOD_S": "3600",
    }
    service = Service("worker", log=tmp_path / "worker.log", env=env)
    yield service
    service.stop()


async def test_a_worker_that_is_killed_leaves_no_solver_for_long_and_its_tasks_to_the_next_one(
    worker: Service, conn: Connection, solver: Any, eventually: Any
) -> None:
    city: City = await make_city(conn, teams=3)
    task_ids = await post(conn, city, MANY)
    worker.start()
    pid = await solver(worker.pid)
    worker.kill()
    os.kill(pid, signal.SIGCONT)

    async def is_gone() -> bool:
        return not is_alive(pid)

    await eventually(is_gone)
    assert await standing(conn, task_ids) == {"pending": MANY}
    worker.start()

    async def are_assigned() -> bool:
        return await standing(conn, task_ids) == {"assigned": MANY}

    await eventually(are_assigned)
    await assert_consistent(conn)
