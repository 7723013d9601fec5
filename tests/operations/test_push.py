"""Whom an urgent task wakes: in the transaction that gives it, once, and nobody who sleeps or is logged out."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from shared.domain.clock import utc_now
from shared.domain.errors import Invalid
from shared.domain.words import Duty
from shared.operations import by_hand, push
from shared.operations.members import set_duty
from shared.operations.push_keys import load_push_key
from shared.store import push_messages, tokens
from shared.store.connection import Connection, Pool, connect
from tests.city import City, make_city, post
from tests.phones import give, take
from tests.push_service import Browser, subscribe

HOST = "push.test"
PAUSE = timedelta(minutes=1)


def browser(name: str = "one") -> Browser:
    return Browser(endpoint=f"https://{HOST}/{name}")


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=2)


async def woken(conn: Connection) -> set[UUID]:
    """Sessions that a message waits for."""
    return {
        row["token_id"] for row in await conn.fetch("SELECT token_id FROM push_messages WHERE next_try_at IS NOT NULL")
    }


async def urgent(conn: Connection, city: City) -> UUID:
    (task_id,) = await post(conn, city, priority=5)
    return task_id


async def all_sent(conn: Connection, at: datetime) -> None:
    """As if a worker had sent what waits."""
    for token_id in await woken(conn):
        await push_messages.update_done(conn, token_id, told_until=utc_now(), sent=True, now=at, pause=PAUSE)


async def test_an_urgent_task_wakes_everybody_on_duty_of_the_team_that_gets_it(conn: Connection, city: City) -> None:
    sessions = [await subscribe(conn, member_id, browser(str(member_id))) for member_id in city.member_ids]
    await give(conn, city, city.team_ids[0], [await urgent(conn, city)])
    assert await woken(conn) == set(sessions[:3])


async def test_so_does_one_that_is_due_within_the_hour_and_no_other(conn: Connection, city: City) -> None:
    session = await subscribe(conn, city.member_ids[0], browser())
    (can_wait,) = await post(conn, city, priority=4)
    await give(conn, city, city.team_ids[0], [can_wait])
    assert await woken(conn) == set()
    (due_soon,) = await post(conn, city, due_at=utc_now() + timedelta(minutes=50))
    await give(conn, city, city.team_ids[0], [due_soon])
    assert await woken(conn) == {session}


async def test_a_member_is_woken_on_every_phone_they_are_logged_in_on(conn: Connection, city: City) -> None:
    sessions = {await subscribe(conn, city.member_ids[0], browser(name)) for name in ("one", "two")}
    await give(conn, city, city.team_ids[0], [await urgent(conn, city)])
    assert await woken(conn) == sessions


async def test_who_rests_or_works_later_is_not_woken(conn: Connection, city: City) -> None:
    for member_id in city.member_ids:
        await subscribe(conn, member_id, browser(str(member_id)))
    for member_id, duty in zip(city.member_ids[1:3], (Duty.BREAK, Duty.OFF), strict=True):
        await set_duty(conn, member_id, duty, utc_now())
    begins = utc_now() + timedelta(minutes=10)
    await conn.execute(
        "UPDATE shifts SET during = tstzrange($2, $3) WHERE team_id = $1",
        city.team_ids[1],
        begins,
        begins + timedelta(hours=8),
    )
    for team_id in city.team_ids:
        await give(conn, city, team_id, [await urgent(conn, city)])
    members = await conn.fetch("SELECT member_id FROM push_messages m JOIN tokens t ON t.id = m.token_id")
    assert [row["member_id"] for row in members] == [city.member_ids[0]]


async def test_a_message_is_written_with_the_assignment_or_not_at_all(conn: Connection, city: City) -> None:
    await subscribe(conn, city.member_ids[0], browser())
    task_id = await urgent(conn, city)
    undone = conn.transaction()
    await undone.start()
    await give(conn, city, city.team_ids[0], [task_id])
    assert await woken(conn)
    await undone.rollback()
    assert not await woken(conn)


async def test_a_coordinator_who_assigns_by_hand_wakes_them_too(conn: Connection, city: City) -> None:
    session = await subscribe(conn, city.member_ids[0], browser())
    task_id = await urgent(conn, city)
    for preview in (True, False):
        await by_hand.assign(
            conn, city.team_ids[0], [task_id], force=False, preview=preview, now=utc_now(), account_id=None
        )
        assert await woken(conn) == (set() if preview else {session})


async def test_many_urgent_tasks_are_one_message_and_the_next_comes_a_minute_later(
    conn: Connection, city: City
) -> None:
    session = await subscribe(conn, city.member_ids[0], browser())
    for _ in range(3):
        await give(conn, city, city.team_ids[0], [await urgent(conn, city), await urgent(conn, city)])
    assert await conn.fetchval("SELECT count(*) FROM push_messages") == 1
    sent_at = utc_now()
    await all_sent(conn, sent_at)
    assert not await woken(conn)
    await give(conn, city, city.team_ids[0], [await urgent(conn, city)])
    assert await woken(conn) == {session}
    assert await conn.fetchval("SELECT next_try_at FROM push_messages") == sent_at + PAUSE
    await all_sent(conn, sent_at - PAUSE)
    await give(conn, city, city.team_ids[0], [await urgent(conn, city)])
    assert await conn.fetchval("SELECT next_try_at <= now() FROM push_messages"), "the last one is long ago"


async def test_what_comes_while_a_message_is_being_sent_is_told_by_another(conn: Connection, city: City) -> None:
    await subscribe(conn, city.member_ids[0], browser())
    await give(conn, city, city.team_ids[0], [await urgent(conn, city)])
    (claimed,) = await push_messages.claim_due(conn, utc_now(), lease=PAUSE, resting_hosts=(), most=9)
    await give(conn, city, city.team_ids[0], [await urgent(conn, city)])
    sent_at = utc_now()
    await push_messages.update_done(
        conn, claimed["token_id"], told_until=claimed["at"], sent=True, now=sent_at, pause=PAUSE
    )
    assert await conn.fetchval("SELECT next_try_at FROM push_messages") == sent_at + PAUSE


async def test_a_task_that_moves_wakes_who_gets_it_and_none_that_had_it_in_this_shift(
    conn: Connection, city: City
) -> None:
    first, _, _, second, _, _ = [
        await subscribe(conn, member_id, browser(str(member_id))) for member_id in city.member_ids
    ]
    task_id = await urgent(conn, city)
    for team_id, session, is_woken in (
        (city.team_ids[0], first, True),
        (city.team_ids[1], second, True),
        (city.team_ids[0], first, False),
    ):
        await all_sent(conn, utc_now() - PAUSE)
        await give(conn, city, team_id, [task_id])
        assert (session in await woken(conn)) is is_woken
        await take(conn, city, task_id)


async def test_a_session_that_ended_is_told_no_more(conn: Connection, city: City) -> None:
    revoked, expired = [await subscribe(conn, city.member_ids[0], browser(name)) for name in ("one", "two")]
    await tokens.update_token_revoked(conn, revoked, utc_now())
    assert await conn.fetchval("SELECT count(*) FROM push_subscriptions") == 1
    await conn.execute("UPDATE tokens SET expires_at = $2 WHERE id = $1", expired, utc_now())
    await give(conn, city, city.team_ids[0], [await urgent(conn, city)])
    assert not await woken(conn)


async def test_a_message_for_who_went_off_duty_meanwhile_is_claimed_to_be_dropped(conn: Connection, city: City) -> None:
    await subscribe(conn, city.member_ids[0], browser())
    await give(conn, city, city.team_ids[0], [await urgent(conn, city)])
    for duty, is_wanted in ((Duty.OFF, False), (Duty.ON, True)):
        await set_duty(conn, city.member_ids[0], duty, utc_now())
        (claimed,) = await push_messages.claim_due(conn, utc_now(), lease=-PAUSE, resting_hosts=(), most=9)
        assert claimed["is_wanted"] is is_wanted
    (late,) = await push_messages.claim_due(conn, utc_now() + timedelta(hours=1), lease=PAUSE, resting_hosts=(), most=9)
    assert not late["is_wanted"], "an hour old"


async def test_two_workers_never_claim_the_same_message(conn: Connection, city: City, pool: Pool) -> None:
    for member_id in city.member_ids[:3]:
        for number in range(10):
            await subscribe(conn, member_id, browser(f"{member_id}-{number}"))
    await give(conn, city, city.team_ids[0], [await urgent(conn, city)])

    async def claim(own: Connection) -> set[UUID]:
        rows = await push_messages.claim_due(own, utc_now(), lease=PAUSE, resting_hosts=(), most=20)
        return {row["token_id"] for row in rows}

    async with pool.acquire() as other, other.transaction(), asyncio.timeout(30):
        first = await claim(other)
        second = await claim(conn)  # while the other's is not even committed
    assert (len(first), len(second)) == (20, 10)
    assert not first & second
    assert await claim(conn) == set()


async def test_a_phone_that_is_just_logged_out_keeps_no_task_waiting(
    conn: Connection, city: City, database: str
) -> None:
    session = await subscribe(conn, city.member_ids[0], browser())
    task_id = await urgent(conn, city)
    async with connect(database, application_name="test") as other, other.transaction():
        await tokens.update_token_revoked(other, session, utc_now())
        async with asyncio.timeout(30):
            await give(conn, city, city.team_ids[0], [task_id])
    assert await conn.fetchval("SELECT status FROM tasks WHERE id = $1", task_id) == "assigned"
    assert await conn.fetchval("SELECT count(*) FROM push_subscriptions") == 0


async def test_whoever_logs_in_next_on_a_phone_takes_it_over(conn: Connection, city: City) -> None:
    shared = browser()
    await subscribe(conn, city.member_ids[0], shared)
    await give(conn, city, city.team_ids[0], [await urgent(conn, city)])
    second = await subscribe(conn, city.member_ids[3], shared)
    assert [row["token_id"] for row in await conn.fetch("SELECT token_id FROM push_subscriptions")] == [second]
    assert not await woken(conn), "what waited for the first is not told to the second"
    await give(conn, city, city.team_ids[0], [await urgent(conn, city)])
    assert not await woken(conn)


async def test_a_subscription_said_again_keeps_what_waits(conn: Connection, city: City) -> None:
    phone = browser()
    session = await subscribe(conn, city.member_ids[0], phone)
    await give(conn, city, city.team_ids[0], [await urgent(conn, city)])
    for _ in range(2):
        await push.subscribe(conn, session, **phone.body, allowed_hosts=(HOST,), now=utc_now())
    assert await woken(conn) == {session}


async def test_a_key_that_is_no_point_of_the_curve_is_refused(conn: Connection, city: City) -> None:
    with pytest.raises(Invalid) as refused:
        await push.subscribe(
            conn,
            city.member_ids[0],
            endpoint=f"https://{HOST}/x",
            p256dh="B" * 87,
            auth="A" * 22,
            allowed_hosts=(HOST,),
            now=utc_now(),
        )
    assert [error.loc for error in refused.value.errors] == ["p256dh"]


async def test_many_processes_that_need_the_key_at_once_make_one(pool: Pool) -> None:
    async def load() -> str:
        async with pool.acquire() as conn:
            return (await load_push_key(conn, None, utc_now())).public

    assert len(set(await asyncio.gather(*(load() for _ in range(8))))) == 1


async def test_a_key_in_the_settings_comes_first_and_no_key_shows_in_its_text(conn: Connection) -> None:
    private = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"  # of the example in RFC 8291
    key = await load_push_key(conn, private, utc_now())
    assert key.public == "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    assert repr(key) == "PushKey()"
    assert await conn.fetchval("SELECT count(*) FROM push_keys") == 0
