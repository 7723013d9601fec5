"""Protective suits: worn too long, a member gets nothing new until it is off, and keeps what they have."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from shared.domain.clock import utc_now
from shared.domain.district import DistrictSettings
from shared.domain.routing import TeamOnShift
from shared.domain.words import Duty
from shared.operations.districts import change_district
from shared.operations.members import set_duty, set_suit
from shared.operations.walks import load_teams
from shared.store import members, teams
from shared.store.connection import Connection
from tests.city import City, add_shift, assert_consistent, make_city, post
from tests.errands import run_errands
from tests.phones import give

HOUR = timedelta(hours=1)


@pytest.fixture
async def city(conn: Connection) -> City:
    """One team, on shift from an hour ago for eight hours."""
    return await make_city(conn, teams=1)


async def loaded(conn: Connection, city: City, at: datetime, settings: DistrictSettings | None = None) -> TeamOnShift:
    (team,) = await load_teams(conn, settings or DistrictSettings(), now=at, team_ids=city.team_ids)
    return team


async def wear(conn: Connection, city: City, *, now: datetime, on: bool = True) -> UUID:
    await set_suit(conn, city.member_ids[1], on=on, now=now)
    return city.member_ids[1]


async def suit_since(conn: Connection, member_id: UUID) -> datetime | None:
    member = await members.select_member(conn, member_id)
    assert member is not None
    return member.suit_since


async def test_after_four_hours_in_a_suit_nothing_new_comes_that_needs_the_member(conn: Connection, city: City) -> None:
    now = utc_now()
    await wear(conn, city, now=now)
    assert "doctor" in (await loaded(conn, city, now + 3.9 * HOUR)).roles
    tired = await loaded(conn, city, now + 4 * HOUR)
    assert ("doctor" in tired.roles, "doctor" in tired.resting_roles) == (False, True)
    await wear(conn, city, now=now + 4 * HOUR, on=False)
    assert "doctor" in (await loaded(conn, city, now + 4 * HOUR)).roles


async def test_a_district_may_set_no_limit(conn: Connection, city: City) -> None:
    now = utc_now()
    await wear(conn, city, now=now)
    settings = {"suit_limit_s": None}
    assert "doctor" in (await loaded(conn, city, now + 6 * HOUR, DistrictSettings(suit_limit_s=None))).roles
    await change_district(conn, city.district_id, {"settings": settings}, now=now, account_id=None)
    assert await run_errands(conn, now + 6 * HOUR, "note_long_suits") == 0


async def test_what_a_team_holds_stays_with_it_however_long_the_suit_is_worn(conn: Connection, city: City) -> None:
    now = utc_now()
    await conn.execute("UPDATE members SET capabilities = '{swab}'")
    (task_id,) = await post(conn, city, kind="home_swab")
    await give(conn, city, city.team_ids[0], [task_id])
    await wear(conn, city, now=now)
    await run_errands(conn, now + 5 * HOUR, "note_long_suits")
    assert await conn.fetchval("SELECT status FROM tasks WHERE id = $1", task_id) == "assigned"
    await assert_consistent(conn)


async def test_too_long_in_a_suit_raises_its_alarm_once_and_overtakes_plans(conn: Connection, city: City) -> None:
    now = utc_now()
    await wear(conn, city, now=now)
    before = await teams.select_team(conn, city.team_ids[0])
    assert await run_errands(conn, now + 3 * HOUR, "note_long_suits") == 0
    assert await run_errands(conn, now + 5 * HOUR, "note_long_suits") == 1
    assert await run_errands(conn, now + 5 * HOUR, "note_long_suits") == 0
    after = await teams.select_team(conn, city.team_ids[0])
    assert before is not None
    assert after is not None
    assert after.roster_version > before.roster_version
    standing = "SELECT count(*) FROM alarms WHERE what = 'suit_too_long' AND cleared_at IS NULL"
    assert await conn.fetchval(standing) == 1
    await wear(conn, city, now=now + 5 * HOUR, on=False)
    await run_errands(conn, now + 5 * HOUR, "clear_alarms")
    assert await conn.fetchval(standing) == 0


async def test_said_twice_the_suit_is_worn_since_the_first_time(conn: Connection, city: City) -> None:
    now = utc_now()
    doctor = await wear(conn, city, now=now)
    await wear(conn, city, now=now + HOUR)
    assert await suit_since(conn, doctor) == now


async def test_whoever_goes_off_duty_wears_none(conn: Connection, city: City) -> None:
    now = utc_now()
    doctor = await wear(conn, city, now=now)
    await set_duty(conn, doctor, Duty.OFF, now)
    assert await suit_since(conn, doctor) is None


async def test_a_suit_that_nobody_took_off_is_off_after_the_shift(conn: Connection, city: City) -> None:
    now = utc_now()
    doctor = await wear(conn, city, now=now)
    assert await run_errands(conn, now + HOUR, "end_suits") == 0
    assert await run_errands(conn, now + 8 * HOUR, "end_suits") == 1
    assert await suit_since(conn, doctor) is None


async def test_a_suit_put_on_before_the_shift_stays_on(conn: Connection, city: City) -> None:
    now = utc_now()
    await conn.execute("DELETE FROM shifts")
    await add_shift(conn, city.district_id, city.team_ids[0], now + HOUR, now + 9 * HOUR)
    doctor = await wear(conn, city, now=now)
    assert await run_errands(conn, now + HOUR / 2, "end_suits") == 0
    assert await suit_since(conn, doctor) == now


async def test_a_suit_put_on_just_after_a_look_began_disturbs_nobody(conn: Connection, city: City) -> None:
    """Its time is that of another machine, a little ahead."""
    now = utc_now()
    await conn.execute("UPDATE shifts SET during = tstzrange(lower(during), $1)", now - HOUR / 2)
    await wear(conn, city, now=now + timedelta(seconds=1))
    assert await run_errands(conn, now, "end_suits", "note_long_suits") == 0
