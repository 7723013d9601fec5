"""Alarms: each level of each occasion once, told to whom it concerns, acknowledged by a person."""

from datetime import timedelta
from uuid import UUID

import pytest

from shared.domain.clock import utc_now
from shared.domain.words import AlarmCode, AlarmLevel
from shared.operations.alarms import acknowledge_alarm, clear_alarms, raise_alarm
from shared.store.connection import Connection
from tests.city import City, make_city, post


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
    about = {"district_id": city.district_id, "what": AlarmCode.FEVER, "task_id": task_id, "now": utc_now()}
    first = await raise_alarm(conn, **about, level=AlarmLevel.COORDINATOR, occasion="one")
    assert first is not None
    assert await raise_alarm(conn, **about, level=AlarmLevel.COORDINATOR, occasion="one") is None
    assert await raise_alarm(conn, **about, level=AlarmLevel.COORDINATOR, occasion="two") is not None
    assert await told(conn) == [("fever", "coordinator")] * 2


async def test_a_later_level_of_the_same_occasion_is_raised_once_too(conn: Connection, city: City) -> None:
    about = {"district_id": city.district_id, "what": AlarmCode.HANDOVER_OPEN, "team_id": city.team_ids[0]}
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
