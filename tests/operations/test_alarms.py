"""Alarms: each level of each occasion once, told to whom it concerns, acknowledged by a person."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.domain.clock import utc_now
from shared.domain.words import AlarmCode, AlarmLevel
from shared.operations import alarm_clock
from shared.operations.alarms import acknowledge_alarm, clear_alarms, raise_alarm
from shared.store import tasks
from shared.store.connection import Connection, Pool, Record
from tests.city import City, make_city, post
from tests.phones import give
from tests.push_service import Browser, subscribe
from tests.races import Half, in_two_halves


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=2)


async def levels(conn: Connection, alarm_id: UUID | None) -> list[str]:
    rows = await conn.fetch("SELECT level FROM alarm_levels WHERE alarm_id = $1 ORDER BY due_at, raised_at", alarm_id)
    return [row["level"] for row in rows]


async def told(conn: Connection, name: str = "alarm.raised") -> list[tuple[str, str]]:
    rows = await conn.fetch("SELECT data FROM events WHERE name = $1 ORDER BY id", name)
    return [(row["data"]["what"], row["data"]["level"]) for row in rows]


async def test_an_alarm_is_raised_once_of_one_occasion(conn: Connection, city: City) -> None:
    (task_id,) = await post(conn, city)
    about: dict[str, Any] = {
        "district_id": city.district_id,
        "what": AlarmCode.FEVER,
        "task_id": task_id,
        "now": utc_now(),
    }
    first = await raise_alarm(conn, **about, level=AlarmLevel.COORDINATOR, occasion="one")
    assert first is not None
    assert await raise_alarm(conn, **about, level=AlarmLevel.COORDINATOR, occasion="one") is None
    assert await raise_alarm(conn, **about, level=AlarmLevel.COORDINATOR, occasion="two") is not None
    assert await told(conn) == [("fever", "coordinator")] * 2


async def test_a_later_level_of_the_same_occasion_is_raised_once_too(conn: Connection, city: City) -> None:
    about: dict[str, Any] = {
        "district_id": city.district_id,
        "what": AlarmCode.HANDOVER_OPEN,
        "team_id": city.team_ids[0],
    }
    first = await raise_alarm(conn, **about, level=AlarmLevel.TEAM, now=utc_now())
    again = [await raise_alarm(conn, **about, level=AlarmLevel.COORDINATOR, now=utc_now()) for _ in range(2)]
    assert again == [first, None]
    assert await raise_alarm(conn, **about, level=AlarmLevel.TEAM, now=utc_now()) is None
    assert await levels(conn, first) == ["team", "coordinator"]


async def test_in_its_quiet_hours_a_team_is_left_alone_and_the_coordinator_told(conn: Connection, city: City) -> None:
    later = utc_now() + timedelta(hours=12)
    alarm_id = await raise_alarm(
        conn,
        district_id=city.district_id,
        what=AlarmCode.SUIT_TOO_LONG,
        level=AlarmLevel.TEAM,
        team_id=city.team_ids[0],
        now=later,
    )
    assert await levels(conn, alarm_id) == ["coordinator"]


async def test_who_acknowledged_first_stays(conn: Connection, city: City) -> None:
    now = utc_now()
    alarm_id = await raise_alarm(
        conn, district_id=city.district_id, what=AlarmCode.ROLE_SHORT, team_id=city.team_ids[0], now=now
    )
    assert alarm_id is not None
    first, second = city.member_ids[:2]
    await acknowledge_alarm(conn, alarm_id, at=now, now=now, member_id=first)
    again = await acknowledge_alarm(conn, alarm_id, at=now, now=now, member_id=second)
    assert again.acknowledged_by_member_id == first
    assert again.cleared_at is None, "its cause is not gone"
    await clear_alarms(conn, AlarmCode.ROLE_SHORT, [city.team_ids[0]], now)
    await clear_alarms(conn, AlarmCode.ROLE_SHORT, [city.team_ids[0]], now)
    assert (
        await told(conn, "alarm.acknowledged") == await told(conn, "alarm.cleared") == [("role_short", "coordinator")]
    )


async def test_what_ends_only_by_a_person_is_over_once_acknowledged(conn: Connection, city: City) -> None:
    now = utc_now()
    (task_id,) = await post(conn, city)
    alarm_id = await raise_alarm(
        conn, district_id=city.district_id, what=AlarmCode.FEVER, task_id=task_id, team_id=city.team_ids[0], now=now
    )
    assert alarm_id is not None
    alarm = await acknowledge_alarm(conn, alarm_id, at=now, now=now, member_id=city.member_ids[0])
    assert alarm.cleared_at == now


async def found_overdue(conn: Connection, city: City, now: datetime) -> Record:
    (task_id,) = await post(conn, city, due_at=now - timedelta(minutes=1), earliest=now - timedelta(hours=1))
    await give(conn, city, city.team_ids[0], [task_id])
    (found,) = await alarm_clock.find_causes(conn, AlarmCode.OVERDUE, now, 200)
    return found


async def test_two_workers_that_found_the_same_raise_it_once(conn: Connection, pool: Pool, city: City) -> None:
    now = utc_now()
    found = await found_overdue(conn, city, now)

    async def deal(one: Connection) -> None:
        await alarm_clock.raise_found(one, AlarmCode.OVERDUE, found, now)

    await in_two_halves(pool, deal, deal)
    assert await told(conn) == [("overdue", "team")]
    assert await conn.fetchval("SELECT count(*) FROM alarm_levels") == 1


async def test_two_workers_that_escalate_the_same_tell_each_level_once(
    conn: Connection, pool: Pool, city: City
) -> None:
    now = utc_now()
    await alarm_clock.raise_found(conn, AlarmCode.OVERDUE, await found_overdue(conn, city, now), now)
    later = now + timedelta(hours=2)
    (due,) = await alarm_clock.find_escalating(conn, later, 200)
    async with pool.acquire() as one, pool.acquire() as other:
        async with one.transaction():
            await alarm_clock.escalate_found(one, due, later)
            await alarm_clock.escalate_found(other, due, later)  # finds it taken, and waits for nobody
        await alarm_clock.escalate_found(other, due, later)
    assert await told(conn) == [("overdue", level) for level in ("team", "coordinator", "lead")]


async def test_an_acknowledgement_while_the_next_level_is_being_told_keeps_it_from_the_one_after(
    conn: Connection, pool: Pool, city: City
) -> None:
    now = utc_now()
    await alarm_clock.raise_found(conn, AlarmCode.OVERDUE, await found_overdue(conn, city, now), now)
    alarm_id = await conn.fetchval("SELECT id FROM alarms")
    soon, later = now + timedelta(minutes=11), now + timedelta(hours=2)
    (due,) = await alarm_clock.find_escalating(conn, soon, 200)

    async def escalate(one: Connection) -> None:
        await alarm_clock.escalate_found(one, due, soon)

    async def acknowledge(one: Connection) -> None:
        await acknowledge_alarm(one, alarm_id, at=soon, now=soon, member_id=city.member_ids[0])

    await in_two_halves(pool, escalate, acknowledge)
    assert await alarm_clock.find_escalating(conn, later, 200) == []
    assert await told(conn) == [("overdue", "team"), ("overdue", "coordinator")]


async def test_an_acknowledgement_under_way_is_waited_for_by_no_escalation_and_counts(
    conn: Connection, pool: Pool, city: City
) -> None:
    now = utc_now()
    await alarm_clock.raise_found(conn, AlarmCode.OVERDUE, await found_overdue(conn, city, now), now)
    alarm_id = await conn.fetchval("SELECT id FROM alarms")
    later = now + timedelta(hours=2)
    (due,) = await alarm_clock.find_escalating(conn, later, 200)
    async with pool.acquire() as one:
        async with one.transaction():
            await acknowledge_alarm(one, alarm_id, at=later, now=later, member_id=city.member_ids[0])
            await alarm_clock.escalate_found(conn, due, later)
        await alarm_clock.escalate_found(conn, due, later)
    assert await told(conn) == [("overdue", "team")]


async def test_two_who_acknowledge_at_once_are_one(conn: Connection, pool: Pool, city: City) -> None:
    now = utc_now()
    alarm_id = await raise_alarm(
        conn, district_id=city.district_id, what=AlarmCode.FEVER, team_id=city.team_ids[0], now=now
    )
    assert alarm_id is not None

    def by(member_id: UUID) -> Half:
        return lambda one: acknowledge_alarm(one, alarm_id, at=now, now=now, member_id=member_id)

    first, second = await in_two_halves(pool, by(city.member_ids[0]), by(city.member_ids[1]))
    assert first.acknowledged_by_member_id == second.acknowledged_by_member_id == city.member_ids[0]
    assert await told(conn, "alarm.acknowledged") == [("fever", "coordinator")]


async def test_a_teams_alarm_wakes_its_phones_and_not_that_of_the_police_where_it_may_not_know(
    conn: Connection, city: City
) -> None:
    sessions = [await subscribe(conn, member_id, browser(number)) for number, member_id in enumerate(city.member_ids)]
    about: dict[str, Any] = {"district_id": city.district_id, "team_id": city.team_ids[0], "now": utc_now()}
    await raise_alarm(conn, **about, what=AlarmCode.FEVER, level=AlarmLevel.TEAM)
    assert await woken(conn) == {(session, "alarm") for session in sessions[:2]}
    await raise_alarm(conn, **about, what=AlarmCode.ROLE_SHORT, level=AlarmLevel.TEAM)
    assert await woken(conn) == {(session, "alarm") for session in sessions[:3]}


async def test_what_only_a_coordinator_is_told_wakes_no_phone(conn: Connection, city: City) -> None:
    await subscribe(conn, city.member_ids[0], browser(0))
    await raise_alarm(conn, district_id=city.district_id, what=AlarmCode.FEVER, team_id=city.team_ids[0], now=utc_now())
    assert await woken(conn) == set()


async def test_a_new_urgent_task_is_said_before_an_alarm_that_waits_to_be_sent(conn: Connection, city: City) -> None:
    session = await subscribe(conn, city.member_ids[0], browser(0))
    about: dict[str, Any] = {"district_id": city.district_id, "team_id": city.team_ids[0], "level": AlarmLevel.TEAM}
    await raise_alarm(conn, **about, what=AlarmCode.ROLE_SHORT, now=utc_now())
    (task_id,) = await post(conn, city, priority=5)
    await give(conn, city, city.team_ids[0], [task_id])
    assert await woken(conn) == {(session, "new_urgent_task")}
    await raise_alarm(conn, **about, what=AlarmCode.HANDOVER_OPEN, now=utc_now())
    assert await woken(conn) == {(session, "new_urgent_task")}


def browser(number: int) -> Browser:
    return Browser(endpoint=f"https://push.test/{number}")


async def woken(conn: Connection) -> set[tuple[UUID, str]]:
    rows = await conn.fetch("SELECT token_id, what FROM push_messages WHERE next_try_at IS NOT NULL")
    return {(row["token_id"], row["what"]) for row in rows}


async def test_alarms_about_many_tasks_take_their_turn_behind_whoever_has_one_of_them(
    conn: Connection, pool: Pool, city: City
) -> None:
    """The first due is the last by id: keeping it while waiting for the other one would be a deadlock with who locks in id order."""
    now = utc_now()
    first, last = sorted(await post(conn, city, 2))
    await conn.execute("UPDATE tasks SET due_at = $2 WHERE id = $1", first, now + timedelta(minutes=20))
    await conn.execute("UPDATE tasks SET due_at = $2 WHERE id = $1", last, now + timedelta(minutes=10))
    later = now + timedelta(hours=1)
    async with pool.acquire() as one, pool.acquire() as other:
        (found,) = await alarm_clock.find_causes(other, AlarmCode.OVERDUE, later, 200)
        async with one.transaction():
            await tasks.lock_tasks(one, [first])
            raising = asyncio.create_task(alarm_clock.raise_found(other, AlarmCode.OVERDUE, found, later))
            pid = other.get_server_pid()
            async with asyncio.timeout(10):
                while True:
                    if await conn.fetchval("SELECT cardinality(pg_blocking_pids($1)) > 0", pid):
                        break
                    await asyncio.sleep(0.01)
            await tasks.lock_tasks(one, [last])
        await raising
    assert await told(conn) == [("overdue", "coordinator")] * 2
