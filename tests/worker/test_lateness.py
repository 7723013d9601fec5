"""Teams that fall behind: found by the clock, given true times, improved; once each time."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from services.worker.metrics import Metrics
from services.worker.placer import Placer
from services.worker.sweeps import Sweeps
from shared.domain.clock import utc_now
from shared.operations.lateness import lay_out_late_route
from shared.queue import Nudger
from shared.settings import Settings
from shared.store import routes
from shared.store.connection import Connection, Pool
from tests.city import City, assert_consistent, make_city, post
from tests.errands import errand_named
from tests.phones import give, phone_of

LATE_AFTER = timedelta(minutes=10)


@pytest.fixture
async def sweeps(settings: Settings, pool: Pool) -> AsyncIterator[Sweeps]:
    metrics = Metrics()
    nudger = Nudger(settings.redis_url.get_secret_value(), timeout_s=1)
    yield Sweeps(settings, pool, Placer(pool, metrics, most_at_once=2), nudger, metrics)
    await nudger.close()


async def walking(conn: Connection, *, count: int = 3, **city: float) -> tuple[City, list[UUID]]:
    """A city whose one team has a walk."""
    made = await make_city(conn, teams=1, **city)
    task_ids = await post(conn, made, count)
    await give(conn, made, made.team_ids[0], task_ids)
    return made, task_ids


async def late_at(conn: Connection, now: datetime) -> list[UUID]:
    late = await routes.select_late(conn, now, usually_after=LATE_AFTER, most=100)
    return [row["team_id"] for row in late]


async def report_due(conn: Connection, city: City) -> datetime:
    due_at = await routes.select_report_due(conn, city.team_ids[0])
    assert due_at is not None
    return due_at


async def begins(conn: Connection, city: City) -> Sequence[datetime]:
    route = await routes.select_route(conn, city.team_ids[0])
    assert route is not None
    return [datetime.fromisoformat(at) for stop in route["stops"] for at in stop["begin_at"]]


async def test_a_team_is_late_ten_minutes_after_its_next_visit_should_have_begun(conn: Connection) -> None:
    city, _ = await walking(conn)
    due_at = (await begins(conn, city))[0]
    assert await report_due(conn, city) == due_at
    assert await late_at(conn, due_at + LATE_AFTER - timedelta(seconds=1)) == []
    assert await late_at(conn, due_at + LATE_AFTER) == list(city.team_ids)


async def test_a_district_says_itself_how_late_is_late(conn: Connection) -> None:
    patient, _ = await walking(conn, late_after_s=3600)
    due_at = await report_due(conn, patient)
    assert await late_at(conn, due_at + timedelta(minutes=59)) == []
    assert await late_at(conn, due_at + timedelta(hours=1)) == list(patient.team_ids)
    assert not await lay_out_late_route(conn, patient.team_ids[0], due_at + timedelta(minutes=59))


async def test_who_is_at_a_door_is_late_ten_minutes_after_the_visit_should_have_ended(
    conn: Connection, pool: Pool
) -> None:
    city, task_ids = await walking(conn)
    phone = await phone_of(pool, city.member_ids[0])
    await phone.arrive(task_ids[0])
    route = await routes.select_route(conn, city.team_ids[0])
    assert route is not None
    assert await report_due(conn, city) == datetime.fromisoformat(route["stops"][0]["leave_at"])


async def test_a_late_route_gets_true_times_in_its_order_and_a_round_is_wished_for(
    conn: Connection, sweeps: Sweeps
) -> None:
    city, task_ids = await walking(conn)
    await conn.execute("UPDATE routes SET report_due_at = now() - interval '11 minutes'")
    began = utc_now()
    await sweeps.run_errand(errand_named("lay_out_late"))
    assert min(await begins(conn, city)) >= began
    assert await conn.fetchval("SELECT task_ids FROM routes") == task_ids
    told = await conn.fetch("SELECT name, data FROM events ORDER BY id DESC LIMIT 2")
    assert [row["name"] for row in told] == ["alarm.raised", "route.changed"]
    assert (told[0]["data"]["what"], told[1]["data"]["why"]) == ("route_late", "late")
    assert await conn.fetchval("SELECT count(*) FROM round_wishes") == 1
    await assert_consistent(conn)


async def test_each_lateness_counts_once(conn: Connection) -> None:
    city, _ = await walking(conn)
    team_id = city.team_ids[0]
    late = await report_due(conn, city) + LATE_AFTER
    assert await lay_out_late_route(conn, team_id, late)
    assert not await lay_out_late_route(conn, team_id, late), "another worker saw it, too"
    assert await late_at(conn, late) == []
    assert await conn.fetchval("SELECT count(*) FROM round_wishes") == 1
    assert await report_due(conn, city) >= late
    assert await lay_out_late_route(conn, team_id, await report_due(conn, city) + LATE_AFTER), "late again"


async def test_a_report_in_time_leaves_nothing_late(conn: Connection, pool: Pool) -> None:
    city, task_ids = await walking(conn)
    before = await report_due(conn, city)
    phone = await phone_of(pool, city.member_ids[0])
    await phone.visits(task_ids[0])
    assert await report_due(conn, city) > before
    for task_id in task_ids[1:]:
        await phone.visits(task_id)
    assert await routes.select_report_due(conn, city.team_ids[0]) is None, "nothing is left to do"


async def test_nobody_is_late_off_shift(conn: Connection) -> None:
    city, _ = await walking(conn)
    due_at = await report_due(conn, city)
    await conn.execute("UPDATE tasks SET status = 'accepted'")
    await conn.execute("UPDATE assignments SET accepted_at = now()")
    await conn.execute("UPDATE shifts SET during = tstzrange(lower(during), now())")
    version = await conn.fetchval("SELECT route_version FROM teams")
    assert not await lay_out_late_route(conn, city.team_ids[0], due_at + LATE_AFTER)
    assert await late_at(conn, due_at + timedelta(days=1)) == [], "it is not looked at again"
    assert await conn.fetchval("SELECT route_version FROM teams") == version


async def test_late_routes_are_found_by_their_index(conn: Connection) -> None:
    await walking(conn)
    await conn.execute("SET enable_seqscan = off")
    plan = await conn.fetch(
        "EXPLAIN SELECT team_id FROM routes WHERE report_due_at <= now() ORDER BY report_due_at LIMIT 200"
    )
    assert "routes_report_due" in "\n".join(row[0] for row in plan)
