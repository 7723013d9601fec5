"""Placing by nudge, by sweep, by several at once, and around what fails."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from services.worker import placing
from services.worker.app import working
from services.worker.metrics import Metrics
from services.worker.placer import Placer
from shared.domain.clock import utc_now
from shared.domain.ids import new_id
from shared.queue import Nudger
from shared.settings import Settings
from shared.store import locks
from shared.store.connection import Connection, Pool
from tests.city import City, assert_consistent, make_city, post
from tests.worker.conftest import LIMIT_S


async def statuses(conn: Connection, task_ids: list[UUID]) -> set[str]:
    rows = await conn.fetch("SELECT DISTINCT status FROM tasks WHERE id = ANY($1)", task_ids)
    return {row["status"] for row in rows}


async def make_fail(conn: Connection, *task_ids: UUID) -> None:
    """Have Postgres refuse to assign these tasks; every task when none is named."""
    await conn.execute("CREATE TABLE refused (task_id uuid)")
    await conn.executemany("INSERT INTO refused VALUES ($1)", [(task_id,) for task_id in task_ids])
    await conn.execute(
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF EXISTS (SELECT FROM refused WHERE task_id = NEW.task_id) OR NOT EXISTS (SELECT FROM refused) THEN
                RAISE 'refused';
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON assignments FOR EACH ROW EXECUTE FUNCTION refuse();
        """
    )


@pytest.fixture
def placer(pool: Pool) -> Placer:
    return Placer(pool, Metrics(), most_at_once=4)


async def test_a_nudge_gets_a_task_its_team_without_a_sweep(
    settings: Settings, conn: Connection, eventually: Any
) -> None:
    city = await make_city(conn)
    nudger = Nudger(settings.redis_url.get_secret_value(), timeout_s=10)
    async with working(settings.model_copy(update={"sweep_interval_s": 3600.0})):  # no sweep but the first
        assert await nudger.is_there()
        for number in range(5):
            task_ids = await post(conn, city, seed=number)
            nudger.nudge(city.district_id)

            async def are_assigned(task_ids: list[UUID] = task_ids) -> bool:
                return await statuses(conn, task_ids) == {"assigned"}

            await eventually(are_assigned)
    await nudger.close()
    await assert_consistent(conn)


async def test_without_redis_the_sweep_places(without_redis: Settings, conn: Connection, eventually: Any) -> None:
    city = await make_city(conn)
    async with working(without_redis):
        task_ids = await post(conn, city, 30)

        async def are_assigned() -> bool:
            return await statuses(conn, task_ids) == {"assigned"}

        await eventually(are_assigned)
    await assert_consistent(conn)


async def test_a_nudge_that_nobody_sent_costs_a_moment_only(
    settings: Settings, conn: Connection, eventually: Any
) -> None:
    city = await make_city(conn)
    async with working(settings):
        task_ids = await post(conn, city, 3)

        async def are_assigned() -> bool:
            return await statuses(conn, task_ids) == {"assigned"}

        await eventually(are_assigned)


async def test_more_tasks_than_one_pass_takes_are_all_placed(
    placer: Placer, conn: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "MOST_TASKS", 20)
    city = await make_city(conn, teams=3)
    task_ids = await post(conn, city, 70)
    await placer.place(city.district_id)
    assert await statuses(conn, task_ids) == {"assigned"}
    await assert_consistent(conn)


async def test_several_placers_in_one_district_do_the_work_once(pool: Pool, conn: Connection) -> None:
    city = await make_city(conn, teams=3)
    metrics = [Metrics() for _ in range(4)]
    placers = [Placer(pool, each, most_at_once=2) for each in metrics]
    task_ids = await post(conn, city, 60)
    await asyncio.gather(*(placer.place(city.district_id) for placer in placers for _ in range(5)))
    assert await statuses(conn, task_ids) == {"assigned"}
    assert sum(each.registry.get_sample_value("doorstep_tasks_placed_total") or 0 for each in metrics) == 60
    await assert_consistent(conn)


async def test_what_comes_while_another_places_is_not_left_lying(pool: Pool, conn: Connection) -> None:
    """Two processes, tasks trickling in, each followed by one nudge to either: no sweep is needed."""
    city = await make_city(conn, teams=3)
    placers = [Placer(pool, Metrics(), most_at_once=2) for _ in range(2)]
    task_ids, runs = [], []
    for number in range(60):
        task_ids += await post(conn, city, seed=number)
        runs.append(asyncio.create_task(placers[number % 2].place(city.district_id)))
    await asyncio.gather(*runs)
    for placer in placers:
        await placer.drain(LIMIT_S)
    assert await statuses(conn, task_ids) == {"assigned"}
    await assert_consistent(conn)


async def test_a_district_that_another_process_holds_is_left_to_it(
    placer: Placer, conn: Connection, pool: Pool
) -> None:
    city = await make_city(conn)
    task_ids = await post(conn, city)
    async with pool.acquire() as other:
        assert await locks.lock_if_free(other, f"place:{city.district_id}")
        await placer.place(city.district_id)
        assert await statuses(conn, task_ids) == {"pending"}
        await locks.unlock(other, f"place:{city.district_id}")
    await placer.place(city.district_id)
    assert await statuses(conn, task_ids) == {"assigned"}


async def test_a_task_that_cannot_be_planned_is_set_aside_and_the_others_are_placed(
    placer: Placer, conn: Connection
) -> None:
    city = await make_city(conn)
    task_ids = await post(conn, city, 40)
    bad = set(task_ids[7:9])
    await make_fail(conn, *bad)
    await placer.place(city.district_id)
    assert await statuses(conn, [task_id for task_id in task_ids if task_id not in bad]) == {"assigned"}
    for row in await conn.fetch("SELECT * FROM tasks WHERE id = ANY($1)", list(bad)):
        assert (row["status"], row["waiting_detail"]) == ("pending", {"stopped_by": "planning_failed"})
        assert row["plan_at"] > utc_now()
    await assert_consistent(conn)


async def test_no_task_is_blamed_when_everything_fails(placer: Placer, conn: Connection) -> None:
    city = await make_city(conn)
    task_ids = await post(conn, city, 40)
    await make_fail(conn)
    await placer.place(city.district_id)
    late = await conn.fetchval("SELECT count(*) FROM tasks WHERE plan_at > $1", utc_now())
    assert late == 0
    assert await statuses(conn, task_ids) == {"pending"}


async def test_trouble_in_one_district_pauses_that_district_only(
    placer: Placer, conn: Connection, eventually: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Long enough to be seen, however busy the machine.
    monkeypatch.setattr("services.worker.placer._FIRST_PAUSE_S", 2.0)
    troubled, calm = await make_city(conn), await make_city(conn)
    troubled_ids = await post(conn, troubled, 8)
    await make_fail(conn)
    await placer.place(troubled.district_id)
    assert placer.begin(troubled.district_id) is None, "it pauses"
    await conn.execute("DROP TRIGGER refuse ON assignments")
    calm_ids = await post(conn, calm, 8)
    await placer.place(calm.district_id)
    assert await statuses(conn, calm_ids) == {"assigned"}

    async def is_over() -> bool:
        await placer.place(troubled.district_id)
        return await statuses(conn, troubled_ids) == {"assigned"}

    await eventually(is_over)


async def test_a_district_that_is_gone_is_no_trouble_for_the_worker(placer: Placer) -> None:
    await placer.place(new_id())


async def test_draining_lets_a_run_finish(pool: Pool, conn: Connection) -> None:
    city: City = await make_city(conn, teams=3)
    placer = Placer(pool, Metrics(), most_at_once=1)
    task_ids = await post(conn, city, 50)
    placer.begin(city.district_id)
    await placer.drain(LIMIT_S)
    assert await statuses(conn, task_ids) == {"assigned"}
