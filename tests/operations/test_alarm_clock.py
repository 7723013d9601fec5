"""What the clock raises: found late or on time, each level of each occasion once, over by itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from shared.domain.alarm import BY_THE_CLOCK, AlarmRule
from shared.domain.clock import utc_now
from shared.domain.words import AlarmCode, AlarmLevel, Duty
from shared.operations.alarms import acknowledge_alarm
from shared.operations.members import set_duty, set_suit
from shared.store import alarm_rules
from shared.store.connection import Connection, Pool
from tests.city import City, make_city, post
from tests.errands import run_errands
from tests.phones import give, phone_of

MINUTE = timedelta(minutes=1)
TEAM, COORDINATOR, LEAD = AlarmLevel


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=1, hours=20)


async def look(conn: Connection, now: datetime) -> None:
    """What the worker's errands do of alarms, once."""
    raising = [f"raise_{what}" for what in AlarmCode if what in BY_THE_CLOCK]
    await run_errands(conn, now, "clear_alarms", *raising, "escalate_alarms")


async def raised(conn: Connection, what: AlarmCode) -> list[Sequence[str]]:
    """The levels of each alarm of that sort, the alarms in the order in which they were raised."""
    rows = await conn.fetch(
        """
        SELECT array_agg(l.level ORDER BY l.due_at, array_position(ARRAY['team', 'coordinator', 'lead'], l.level)) AS levels
          FROM alarms a JOIN alarm_levels l ON l.alarm_id = a.id WHERE a.what = $1 GROUP BY a.id ORDER BY a.id
        """,
        what,
    )
    return [row["levels"] for row in rows]


async def standing(conn: Connection, what: AlarmCode) -> int:
    number: int = await conn.fetchval("SELECT count(*) FROM alarms WHERE what = $1 AND cleared_at IS NULL", what)
    return number


async def move_due(conn: Connection, task_id: UUID, due_at: datetime) -> None:
    await conn.execute("UPDATE tasks SET due_at = $2 WHERE id = $1", task_id, due_at)


async def test_a_task_past_its_time_goes_up_level_by_level_until_the_lead(conn: Connection, city: City) -> None:
    now = utc_now()
    (task_id,) = await post(conn, city, due_at=now + 30 * MINUTE)
    await give(conn, city, city.team_ids[0], [task_id])
    said = {}
    for minute in range(0, 121, 5):
        await look(conn, now + minute * MINUTE)
        said[minute] = await raised(conn, AlarmCode.OVERDUE)
    assert said[30] == []
    assert said[35] == [["team"]]
    assert said[40] == [["team", "coordinator"]]
    assert said[65] == said[45] == [["team", "coordinator"]]
    assert said[70] == said[120] == [["team", "coordinator", "lead"]]


async def test_a_stop_through_several_levels_costs_none_and_doubles_none(conn: Connection, city: City) -> None:
    now = utc_now()
    (task_id,) = await post(conn, city, due_at=now + 30 * MINUTE)
    await give(conn, city, city.team_ids[0], [task_id])
    for _ in range(3):
        await look(conn, now + 300 * MINUTE)
    assert await raised(conn, AlarmCode.OVERDUE) == [["team", "coordinator", "lead"]]
    events = await conn.fetch(
        "SELECT data FROM events WHERE name = 'alarm.raised' AND data ->> 'what' = 'overdue' ORDER BY id"
    )
    assert [row["data"]["level"] for row in events] == ["team", "coordinator", "lead"]


async def test_nobody_further_is_told_once_somebody_acknowledged(conn: Connection, city: City) -> None:
    now = utc_now()
    (task_id,) = await post(conn, city, due_at=now + 30 * MINUTE)
    await give(conn, city, city.team_ids[0], [task_id])
    await look(conn, now + 31 * MINUTE)
    alarm_id = await conn.fetchval("SELECT id FROM alarms WHERE what = 'overdue'")
    await acknowledge_alarm(conn, alarm_id, at=now, now=now, member_id=city.member_ids[0])
    await look(conn, now + 300 * MINUTE)
    assert await raised(conn, AlarmCode.OVERDUE) == [["team"]]
    assert await standing(conn, AlarmCode.OVERDUE) == 1, "the task is overdue still"


async def test_a_changed_due_time_ends_the_alarm_and_is_an_occasion_of_its_own(conn: Connection, city: City) -> None:
    now = utc_now()
    (task_id,) = await post(conn, city, due_at=now + 30 * MINUTE)
    await give(conn, city, city.team_ids[0], [task_id])
    await look(conn, now + 31 * MINUTE)
    await move_due(conn, task_id, now + 50 * MINUTE)
    await look(conn, now + 32 * MINUTE)
    assert await standing(conn, AlarmCode.OVERDUE) == 0
    await look(conn, now + 51 * MINUTE)
    assert await raised(conn, AlarmCode.OVERDUE) == [["team"], ["team"]]


async def test_the_reminder_before_the_due_time_ends_where_being_overdue_begins(conn: Connection, city: City) -> None:
    now = utc_now()
    (task_id,) = await post(conn, city, due_at=now + 60 * MINUTE)
    await give(conn, city, city.team_ids[0], [task_id])
    await look(conn, now + 29 * MINUTE)
    assert await raised(conn, AlarmCode.DUE_SOON) == []
    await look(conn, now + 31 * MINUTE)
    assert await raised(conn, AlarmCode.DUE_SOON) == [["team"]]
    await look(conn, now + 61 * MINUTE)
    assert (await standing(conn, AlarmCode.DUE_SOON), await standing(conn, AlarmCode.OVERDUE)) == (0, 1)


async def test_what_waits_for_a_team_too_long_is_the_coordinators_and_over_once_it_has_one(
    conn: Connection, city: City
) -> None:
    now = utc_now()
    (task_id,) = await post(conn, city)
    await look(conn, now + 9 * MINUTE)
    assert await raised(conn, AlarmCode.UNASSIGNED) == []
    await look(conn, now + 11 * MINUTE)
    assert await raised(conn, AlarmCode.UNASSIGNED) == [["coordinator"]]
    await give(conn, city, city.team_ids[0], [task_id])
    await look(conn, now + 12 * MINUTE)
    assert await standing(conn, AlarmCode.UNASSIGNED) == 0


async def test_a_window_that_opens_later_waits_for_nobody(conn: Connection, city: City) -> None:
    now = utc_now()
    await post(conn, city, earliest=now + 120 * MINUTE, due_at=now + 240 * MINUTE)
    await look(conn, now + 125 * MINUTE)
    assert await raised(conn, AlarmCode.UNASSIGNED) == []
    await look(conn, now + 131 * MINUTE)
    assert await raised(conn, AlarmCode.UNASSIGNED) == [["coordinator"]]


async def test_the_next_stop_left_unaccepted_reminds_the_team_once_whatever_else_it_has(
    conn: Connection, city: City
) -> None:
    now = utc_now()
    await give(conn, city, city.team_ids[0], await post(conn, city, 3))
    await look(conn, now + 14 * MINUTE)
    assert await raised(conn, AlarmCode.UNACCEPTED) == []
    for minute in (16, 17):
        await look(conn, now + minute * MINUTE)
    assert await raised(conn, AlarmCode.UNACCEPTED) == [["team"]]


async def test_a_silent_phone_is_told_once_and_again_after_it_was_heard(conn: Connection, city: City) -> None:
    now = utc_now()
    await look(conn, now)
    assert await raised(conn, AlarmCode.PHONE_SILENT) == [["coordinator"]]
    await conn.execute(
        "INSERT INTO positions (member_id, at, lat, lon) VALUES ($1, $2, 31, 121)", city.member_ids[0], now + 5 * MINUTE
    )
    await look(conn, now + 6 * MINUTE)
    assert await standing(conn, AlarmCode.PHONE_SILENT) == 0
    for minute in (19, 21, 22):
        await look(conn, now + minute * MINUTE)
    assert await raised(conn, AlarmCode.PHONE_SILENT) == [["coordinator"]] * 2


async def test_a_missing_role_is_named_and_a_break_is_no_absence(conn: Connection, city: City) -> None:
    now = utc_now()
    grid_worker, doctor, _ = city.member_ids
    await set_duty(conn, grid_worker, Duty.BREAK, now)
    await set_duty(conn, doctor, Duty.OFF, now)
    await conn.execute("UPDATE members SET duty_changed_at = $1", now)
    await look(conn, now + 4 * MINUTE)
    assert await raised(conn, AlarmCode.ROLE_SHORT) == []
    await look(conn, now + 6 * MINUTE)
    rows = await conn.fetch("SELECT data FROM alarms WHERE what = 'role_short'")
    assert [row["data"] for row in rows] == [{"role": "doctor"}]
    await set_duty(conn, doctor, Duty.ON, now)
    await look(conn, now + 7 * MINUTE)
    assert await standing(conn, AlarmCode.ROLE_SHORT) == 0


async def test_after_the_shift_a_team_is_left_alone(conn: Connection, city: City) -> None:
    now = utc_now()
    (task_id,) = await post(conn, city, due_at=now + 30 * MINUTE)
    await give(conn, city, city.team_ids[0], [task_id])
    await conn.execute("UPDATE shifts SET during = tstzrange(lower(during), $1)", now + 20 * MINUTE)
    await look(conn, now + 31 * MINUTE)
    assert await raised(conn, AlarmCode.OVERDUE) == [["coordinator"]]
    assert await raised(conn, AlarmCode.PHONE_SILENT) == []


async def test_a_district_has_rules_of_its_own_or_none_of_an_alarm(conn: Connection, city: City) -> None:
    now = utc_now()
    (task_id,) = await post(conn, city, due_at=now + 30 * MINUTE)
    await give(conn, city, city.team_ids[0], [task_id])
    rules = [
        AlarmRule(what=AlarmCode.OVERDUE, after_s=300, first=COORDINATOR, escalate_after_s={COORDINATOR: 60}),
        AlarmRule(what=AlarmCode.DUE_SOON, enabled=False),
    ]
    await alarm_rules.insert_rules(conn, city.district_id, rules)
    await look(conn, now + 34 * MINUTE)
    assert await raised(conn, AlarmCode.OVERDUE) == await raised(conn, AlarmCode.DUE_SOON) == []
    await look(conn, now + 37 * MINUTE)
    assert await raised(conn, AlarmCode.OVERDUE) == [["coordinator", "lead"]]


async def test_a_late_route_is_told_once_until_the_team_goes_on_and_anew_after_that(
    conn: Connection, pool: Pool, city: City
) -> None:
    now = utc_now()
    first, second = await post(conn, city, 2)
    await give(conn, city, city.team_ids[0], [first, second])
    for minute in (30, 60):
        await conn.execute("UPDATE routes SET report_due_at = $1", now)
        await run_errands(conn, now + minute * MINUTE, "lay_out_late", "clear_alarms")
        assert await raised(conn, AlarmCode.ROUTE_LATE) == [["coordinator"]]
    assert await standing(conn, AlarmCode.ROUTE_LATE) == 1
    await conn.execute("UPDATE alarms SET raised_at = $1", now - MINUTE)  # reports come in real time
    phone = await phone_of(pool, city.member_ids[0])
    await phone.depart(first)
    await look(conn, now)
    assert await standing(conn, AlarmCode.ROUTE_LATE) == 0
    await conn.execute("UPDATE routes SET report_due_at = $1", now + MINUTE)
    await run_errands(conn, now + 90 * MINUTE, "lay_out_late")
    assert await raised(conn, AlarmCode.ROUTE_LATE) == [["coordinator"]] * 2


async def test_an_alarm_about_a_suit_ends_when_it_is_off(conn: Connection, city: City) -> None:
    now = utc_now()
    member_id = city.member_ids[0]
    await set_suit(conn, member_id, on=True, now=now)
    await run_errands(conn, now + 13 * 60 * MINUTE, "note_long_suits", "clear_alarms")
    assert await standing(conn, AlarmCode.SUIT_TOO_LONG) == 1
    await set_suit(conn, member_id, on=False, now=now)
    await look(conn, now + 13 * 60 * MINUTE)
    assert await standing(conn, AlarmCode.SUIT_TOO_LONG) == 0
