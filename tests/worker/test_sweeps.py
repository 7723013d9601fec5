"""What sweeps find by looking."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest

from services.worker.app import working
from services.worker.errands import Errand
from services.worker.health import pages
from services.worker.metrics import Metrics
from services.worker.pauses import pause_s
from services.worker.placer import Placer
from services.worker.sweeps import Sweeps
from shared.domain.clock import utc_now
from shared.queue import Nudger
from shared.settings import Settings
from shared.store.connection import Connection, Pool, Record
from tests.city import add_break, add_shift, assert_consistent, make_city, post
from tests.errands import errand_named
from tests.phones import give


@pytest.fixture
async def sweeps(settings: Settings, pool: Pool) -> AsyncIterator[Sweeps]:
    metrics = Metrics()
    nudger = Nudger(settings.redis_url.get_secret_value(), timeout_s=1)
    yield Sweeps(settings, pool, Placer(pool, metrics, most_at_once=2), nudger, metrics)
    await nudger.close()


async def test_what_an_ended_shift_left_goes_to_the_next_one(
    without_redis: Settings, conn: Connection, eventually: Any
) -> None:
    city = await make_city(conn, teams=1)
    async with working(without_redis):
        (task_id,) = await post(conn, city)

        async def is_assigned() -> bool:
            return await conn.fetchval("SELECT status FROM tasks WHERE id = $1", task_id) == "assigned"

        await eventually(is_assigned)
        first = await conn.fetchval("SELECT assignment_id FROM tasks WHERE id = $1", task_id)
        # The shift is over by now, and the next one has begun: at once, for whoever finds no shift looks again a minute later.
        ended = utc_now()
        async with conn.transaction():
            await conn.execute("UPDATE shifts SET during = tstzrange(lower(during), $1)", ended)
            await add_shift(conn, city.district_id, city.team_ids[0], ended, ended + timedelta(hours=8))

        async def is_closed() -> bool:
            return await conn.fetchval("SELECT count(*) FROM shifts WHERE closed_at IS NULL") == 1

        await eventually(is_closed)
        await eventually(is_assigned)
    assert first is not None
    await assert_consistent(conn)


async def test_a_break_is_shown_and_then_begins_by_itself(sweeps: Sweeps, conn: Connection) -> None:
    city = await make_city(conn, teams=1)
    shift_id = await add_break(conn, city.team_ids[0], in_s=-60, until_s=3600)
    await sweeps.run_errand(errand_named("settle_breaks"))
    assert await conn.fetchval("SELECT task_ids FROM routes") == [shift_id]
    assert await conn.fetchval("SELECT break_began_at FROM shifts") is None
    await sweeps.run_errand(errand_named("settle_breaks"))
    assert await conn.fetchval("SELECT break_over_at - break_began_at FROM shifts") == timedelta(minutes=30)
    await assert_consistent(conn)


async def test_who_leaves_a_team_by_the_clock_takes_along_what_only_they_could_do(
    sweeps: Sweeps, conn: Connection
) -> None:
    city = await make_city(conn, teams=1)
    doctor = city.member_ids[1]
    (needs_doctor,) = await post(conn, city, kind="temperature_check")
    (needs_worker,) = await post(conn, city)
    await give(conn, city, city.team_ids[0], [needs_doctor, needs_worker])
    await conn.execute(
        "UPDATE memberships SET during = tstzrange(lower(during), $2) WHERE member_id = $1", doctor, utc_now()
    )
    await sweeps.run_errand(errand_named("end_memberships"))
    assert await conn.fetchval("SELECT status FROM tasks WHERE id = $1", needs_doctor) == "pending"
    assert await conn.fetchval("SELECT status FROM tasks WHERE id = $1", needs_worker) == "assigned"
    version = await conn.fetchval("SELECT roster_version FROM teams")
    await sweeps.run_errand(errand_named("end_memberships"))
    assert await conn.fetchval("SELECT roster_version FROM teams") == version, "looked at once"
    await assert_consistent(conn)


async def test_a_task_that_is_worthless_after_its_window_expires(sweeps: Sweeps, conn: Connection) -> None:
    city = await make_city(conn)
    (task_id,) = await post(conn, city)
    await conn.execute(
        "UPDATE tasks SET expires = true, earliest = $2, due_at = $2 WHERE id = $1",
        task_id,
        utc_now() - timedelta(minutes=1),
    )
    await sweeps.run_errand(errand_named("expire"))
    assert await conn.fetchval("SELECT status FROM tasks WHERE id = $1", task_id) == "expired"


async def test_tidying_forgets_old_answers_and_ended_tokens(sweeps: Sweeps, conn: Connection) -> None:
    await conn.execute(
        """
        INSERT INTO idempotency_keys (scope, key, body_hash, status, body, created_at)
        VALUES ('s', 'old', '', 200, '', now() - interval '25 hours'), ('s', 'new', '', 200, '', now() - interval '23 hours')
        """
    )
    await conn.execute("INSERT INTO login_failures VALUES ('x', 3, now() - interval '1 second')")
    await sweeps.tidy()
    assert [row["key"] for row in await conn.fetch("SELECT key FROM idempotency_keys")] == ["new"]
    assert await conn.fetchval("SELECT count(*) FROM login_failures") == 0


async def test_when_one_part_fails_the_others_go_on(without_redis: Settings, conn: Connection, eventually: Any) -> None:
    city = await make_city(conn)
    await conn.execute("ALTER TABLE shifts RENAME COLUMN closed_at TO gone")
    await conn.execute("ALTER TABLE idempotency_keys RENAME TO also_gone")
    (task_id,) = await post(conn, city)
    async with working(without_redis):

        async def is_assigned() -> bool:
            return await conn.fetchval("SELECT status FROM tasks WHERE id = $1", task_id) == "assigned"

        await eventually(is_assigned)


async def test_errands_that_all_have_to_wait_leave_connections_to_who_places(
    without_redis: Settings, conn: Connection, pool: Pool, eventually: Any
) -> None:
    city = await make_city(conn)
    settings = without_redis.model_copy(update={"pool_max_size": 8})
    async with pool.acquire() as other, other.transaction():
        await other.execute("LOCK TABLE alarms, follow_ups, follow_up_occurrences, specimen_legs")
        async with working(settings):

            async def errands_wait() -> bool:
                sql = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = ANY($1::regclass[])"
                tables = ["alarms", "follow_ups", "follow_up_occurrences", "specimen_legs"]
                return await conn.fetchval(sql, tables) >= settings.pool_max_size // 2

            await eventually(errands_wait)
            (task_id,) = await post(conn, city)

            async def is_assigned() -> bool:
                return await conn.fetchval("SELECT status FROM tasks WHERE id = $1", task_id) == "assigned"

            await eventually(is_assigned)


async def test_a_worker_that_sweeps_is_healthy_and_says_what_it_did(sweeps: Sweeps) -> None:
    async with pages("127.0.0.1", 0, sweeps, Metrics()) as port, aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{port}"

        async def get(path: str) -> tuple[int, str]:
            async with session.get(url + path) as response:
                return response.status, await response.text()

        assert (await get("/healthz"))[0] == 200
        assert "doorstep_tasks_placed_total 0.0" in (await get("/metrics"))[1]
        sweeps.beat_at -= 60
        assert (await get("/healthz"))[0] == 503


async def test_a_stopping_worker_leaves_nothing_running(settings: Settings, conn: Connection) -> None:
    city = await make_city(conn)
    await post(conn, city, 20)
    before = asyncio.all_tasks()
    async with working(settings):
        await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


def test_pauses_double_up_to_the_longest_however_long_an_outage_lasts() -> None:
    pauses = [pause_s(failures, first_s=0.25, longest_s=30) for failures in (1, 2, 3, 8, 9, 2000, 10**9)]
    assert pauses == [0.25, 0.5, 1, 30, 30, 30, 30]


async def test_a_task_that_cannot_be_closed_keeps_no_other_from_expiring(sweeps: Sweeps, conn: Connection) -> None:
    city = await make_city(conn, teams=0)
    stuck, *others = await post(conn, city, 3)
    await conn.execute(
        "UPDATE tasks SET expires = true, earliest = now() - interval '2 h', due_at = now() - interval '1 h'"
    )
    await conn.execute("UPDATE tasks SET due_at = due_at - interval '1 min' WHERE id = $1", stuck)
    await conn.execute(
        f"""
        CREATE FUNCTION stick() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'stuck'; END $$;
        CREATE TRIGGER stick BEFORE UPDATE ON tasks FOR EACH ROW WHEN (OLD.id = '{stuck}') EXECUTE FUNCTION stick();
        """
    )
    await sweeps.run_errand(errand_named("expire"))
    expired = await conn.fetch("SELECT id FROM tasks WHERE status = 'expired'")
    assert {row["id"] for row in expired} == set(others)


async def test_what_waited_for_others_of_the_same_look_is_dealt_with_at_its_own_time(
    sweeps: Sweeps, conn: Connection
) -> None:
    """A placer that looked in between would else take what a row asks it to look at for something it has seen."""
    dealt: list[datetime] = []

    async def find(conn: Connection, now: datetime, most: int) -> Sequence[Record]:
        return await conn.fetch("SELECT generate_series(1, 2) AS number")

    async def deal(conn: Connection, row: Record, now: datetime) -> None:
        dealt.append(now)
        await conn.execute("SELECT pg_sleep(0.01)")

    await sweeps.run_errand(Errand(name="slow", find=find, deal=deal))
    assert dealt[1] - dealt[0] >= timedelta(milliseconds=10)
