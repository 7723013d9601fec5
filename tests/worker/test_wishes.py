"""What must not wait for the next regular round wishes for one, and nothing else does."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from services.worker.metrics import Metrics
from services.worker.placer import Placer
from shared.domain.clock import utc_now
from shared.domain.words import Duty
from shared.operations import by_hand, members, release, shifts, tidying
from shared.store import rounds
from shared.store.connection import Connection, Pool
from tests.city import City, make_city, post
from tests.phones import give, phone_of


async def wishes(conn: Connection, city: City) -> int:
    """Taken away, so that the next look tells of what came after."""
    rows = await conn.fetch("DELETE FROM round_wishes WHERE district_id = $1 RETURNING at", city.district_id)
    return len(rows)


async def go_off_duty(conn: Connection, city: City) -> None:
    await members.set_duty(conn, city.member_ids[0], Duty.OFF, utc_now())


async def cancel(conn: Connection, city: City) -> None:
    held = await conn.fetchval("SELECT id FROM tasks WHERE team_id IS NOT NULL LIMIT 1")
    await by_hand.cancel(conn, city.district_id, [held], reason="moved", now=utc_now(), account_id=None)


async def release_by_hand(conn: Connection, city: City) -> None:
    held = await conn.fetchval("SELECT id FROM tasks WHERE team_id IS NOT NULL LIMIT 1")
    await by_hand.release(conn, city.district_id, [held], now=utc_now(), account_id=None)


async def assign_from_another(conn: Connection, city: City) -> None:
    held = await conn.fetchval("SELECT id FROM tasks WHERE team_id = $1 LIMIT 1", city.team_ids[0])
    to = city.team_ids[1]
    await by_hand.assign(conn, to, [held], force=True, preview=False, now=utc_now(), account_id=None)


async def shorten_the_shift(conn: Connection, city: City) -> None:
    shift_id = await conn.fetchval("SELECT id FROM shifts WHERE team_id = $1", city.team_ids[0])
    soon = utc_now() + timedelta(minutes=1)
    await shifts.change_shift(conn, shift_id, {"ends_at": soon}, now=utc_now(), account_id=None)


async def expire(conn: Connection, city: City) -> None:
    held = await conn.fetchval("SELECT id FROM tasks WHERE team_id IS NOT NULL LIMIT 1")
    await conn.execute("UPDATE tasks SET earliest = now() - interval '2 h', due_at = now() - interval '1 h'")
    await release.expire_task(conn, held, utc_now())


@pytest.mark.parametrize(
    "happening", [go_off_duty, cancel, release_by_hand, assign_from_another, shorten_the_shift, expire]
)
async def test_what_breaks_a_route_or_frees_a_team_wishes_for_a_round(
    conn: Connection, happening: Callable[[Connection, City], Awaitable[None]]
) -> None:
    city = await make_city(conn)
    task_ids = await post(conn, city, 6)
    await give(conn, city, city.team_ids[0], task_ids[:3])
    await give(conn, city, city.team_ids[1], task_ids[3:])
    assert await wishes(conn, city) == 0
    await happening(conn, city)
    assert await wishes(conn, city) > 0


async def test_a_decline_wishes_for_a_round_and_a_visit_does_not(conn: Connection, pool: Pool) -> None:
    city = await make_city(conn)
    declined, visited = await post(conn, city, 2)
    await give(conn, city, city.team_ids[0], [declined, visited])
    phone = await phone_of(pool, city.member_ids[0])
    await phone.decline(declined)
    assert await wishes(conn, city) == 1
    await phone.visits(visited)
    assert await wishes(conn, city) == 0


async def test_a_task_that_is_placed_on_time_wishes_for_nothing_and_one_placed_late_for_a_round(
    conn: Connection, pool: Pool
) -> None:
    city = await make_city(conn)
    placer = Placer(pool, Metrics(), most_at_once=1)
    await post(conn, city)
    await placer.place(city.district_id)
    assert await wishes(conn, city) == 0
    await post(conn, city, due_at=utc_now() + timedelta(seconds=1))
    await placer.place(city.district_id)
    assert await conn.fetchval("SELECT count(*) FROM tasks WHERE status = 'assigned'") == 2
    assert await wishes(conn, city) == 1


async def test_a_task_that_no_team_has_room_for_wishes_for_a_round_once(conn: Connection, pool: Pool) -> None:
    city = await make_city(conn, teams=1, max_visits_per_shift=1)
    placer = Placer(pool, Metrics(), most_at_once=1)
    await post(conn, city, 2)
    await placer.place(city.district_id)
    assert await wishes(conn, city) == 1
    await conn.execute("UPDATE tasks SET plan_at = now() WHERE status = 'pending'")
    await placer.place(city.district_id)
    assert await wishes(conn, city) == 0, "it waits for what it waited for"


async def test_wishes_keep_nobody_waiting(conn: Connection, pool: Pool) -> None:
    city = await make_city(conn)
    async with pool.acquire() as other, other.transaction():
        await rounds.insert_wish(other, city.district_id, utc_now())
        await conn.execute("SET lock_timeout = '1s'")
        await rounds.insert_wish(conn, city.district_id, utc_now())
    assert await wishes(conn, city) == 2


async def test_wishes_of_a_district_where_nobody_has_work_are_forgotten(conn: Connection) -> None:
    city, now = await make_city(conn, teams=0), utc_now()
    await rounds.insert_wish(conn, city.district_id, now - timedelta(minutes=61))
    await rounds.insert_wish(conn, city.district_id, now)
    assert await rounds.claim_round(conn, now, period=timedelta(minutes=5), haste=timedelta(minutes=1)) is None
    await tidying.forget_ended(conn, now, answers_kept=timedelta(days=1))
    assert await wishes(conn, city) == 1
