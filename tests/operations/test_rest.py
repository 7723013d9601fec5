"""Who must rest does not count when work is given out; what a team has accepted stays with it."""

import asyncio
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from shared.domain.clock import utc_now
from shared.domain.district import DistrictSettings
from shared.domain.ids import new_id
from shared.domain.routing import TeamOnShift
from shared.domain.team import Shift
from shared.domain.words import RestRule
from shared.operations.districts import change_district
from shared.operations.rest import find_stand_ins, judge_anew
from shared.operations.rosters import Seat, add_substitute, set_roster
from shared.operations.shifts import change_shift, create_shifts, remove_shift
from shared.operations.walks import load_teams
from shared.store import rests, teams
from shared.store.connection import Connection, Pool, connect
from shared.store.migrate import MIGRATIONS, migrate
from tests.city import City, add_member, add_shift, assert_consistent, make_city, post
from tests.errands import run_errands
from tests.phones import give

HOUR = timedelta(hours=1)
ALL = {"grid_worker", "doctor", "police"}


@pytest.fixture
async def city(conn: Connection) -> City:
    """Two teams, on shift from an hour ago for eight hours."""
    return await make_city(conn, teams=2)


async def loaded(conn: Connection, city: City, at: datetime, *, team: int = 0) -> TeamOnShift:
    (found,) = await load_teams(conn, DistrictSettings(), now=at, team_ids=[city.team_ids[team]])
    return found


async def plan(conn: Connection, city: City, starts_at: datetime, hours: float = 8, *, team: int = 0) -> UUID:
    shift = Shift(
        id=new_id(),
        district_id=city.district_id,
        team_id=city.team_ids[team],
        starts_at=starts_at,
        ends_at=starts_at + hours * HOUR,
    )
    await create_shifts(conn, city.district_id, [shift], now=utc_now(), account_id=None)
    return shift.id


async def stand_in(
    conn: Connection, city: City, member_id: UUID, *, now: datetime, team: int = 0, hours: float = 4, **span: Any
) -> None:
    await add_substitute(
        conn,
        city.team_ids[team],
        Seat(member_id=member_id, role="doctor"),
        since=span.get("since"),
        until=(span.get("since") or now) + hours * HOUR,
        now=now,
        account_id=None,
    )


async def roster_version(conn: Connection, team_id: UUID) -> int:
    team = await teams.select_team(conn, team_id)
    assert team is not None
    return team.roster_version


async def tired_doctor(conn: Connection, city: City, *, ended_ago: timedelta) -> UUID:
    """A doctor of a third team whose shift ended that long ago, and who is on no team since."""
    now = utc_now()
    team_id = new_id()
    await conn.execute(
        "INSERT INTO teams (id, district_id, code, name) VALUES ($1, $2, 'night', 'Night')", team_id, city.district_id
    )
    doctor = await add_member(conn, city.district_id, "doctor")
    await conn.execute(
        "INSERT INTO memberships (id, district_id, team_id, member_id, role, during) VALUES ($1, $2, $3, $4, 'doctor', tstzrange($5, $6))",
        new_id(),
        city.district_id,
        team_id,
        doctor,
        now - ended_ago - 8 * HOUR,
        now - ended_ago,
    )
    await add_shift(conn, city.district_id, team_id, now - ended_ago - 8 * HOUR, now - ended_ago)
    return doctor


async def test_a_stand_in_who_worked_all_night_does_not_count_before_the_rest_is_had(
    conn: Connection, city: City
) -> None:
    now = utc_now()
    doctor = await tired_doctor(conn, city, ended_ago=8 * HOUR)
    await stand_in(conn, city, doctor, now=now, hours=6)
    team = await loaded(conn, city, now)
    assert team.roles == ALL - {"doctor"}
    (kept_off,) = team.kept_off
    assert (kept_off.member_id, kept_off.role, kept_off.rule) == (doctor, "doctor", RestRule.BETWEEN_SHIFTS)
    assert kept_off.until - now == pytest.approx(3 * HOUR, abs=timedelta(seconds=5))
    assert (await loaded(conn, city, kept_off.until)).roles == ALL


async def test_the_end_of_a_rest_is_news_for_whoever_plans(conn: Connection, city: City) -> None:
    now = utc_now()
    doctor = await tired_doctor(conn, city, ended_ago=8 * HOUR)
    await stand_in(conn, city, doctor, now=now, hours=6)
    (task_id,) = await post(conn, city, kind="home_swab")
    await conn.execute("UPDATE tasks SET plan_at = $1", now + 5 * HOUR)
    before = await roster_version(conn, city.team_ids[0])
    assert await run_errands(conn, now + 2 * HOUR, "end_rests") == 0
    assert await run_errands(conn, now + 4 * HOUR, "end_rests") == 1
    assert await roster_version(conn, city.team_ids[0]) > before
    assert await conn.fetchval("SELECT plan_at FROM tasks WHERE id = $1", task_id) <= now + 4 * HOUR
    assert await run_errands(conn, now + 4 * HOUR, "end_rests") == 0


async def test_a_rest_takes_away_what_is_not_accepted_and_leaves_what_is(conn: Connection, city: City) -> None:
    now = utc_now()
    doctor = await tired_doctor(conn, city, ended_ago=2 * HOUR)
    given, accepted = await post(conn, city, 2, kind="home_swab")
    await conn.execute("UPDATE members SET capabilities = '{swab}'")
    await give(conn, city, city.team_ids[0], [given, accepted])
    await conn.execute("UPDATE tasks SET status = 'accepted' WHERE id = $1", accepted)
    await conn.execute("UPDATE assignments SET accepted_at = now() WHERE task_id = $1", accepted)
    await stand_in(conn, city, doctor, now=now)
    statuses = {row["id"]: row["status"] for row in await conn.fetch("SELECT id, status FROM tasks")}
    assert statuses == {given: "pending", accepted: "accepted"}
    await assert_consistent(conn)


async def test_every_change_of_a_rest_overtakes_the_plans_of_all_teams_that_it_touches(
    conn: Connection, city: City
) -> None:
    """A doctor who is lent out tonight does not count in the team's own shift tomorrow morning."""
    now = utc_now()
    doctor = city.member_ids[1]
    tomorrow = await plan(conn, city, now + 24 * HOUR)
    night = await plan(conn, city, now + 14 * HOUR, team=1)
    before = await roster_version(conn, city.team_ids[0])
    await stand_in(conn, city, doctor, now=now, team=1, since=now + 14 * HOUR, hours=8)
    found = {rest.shift_id: rest.rule for rest in await rests.select_rests_of_members(conn, [doctor])}
    assert set(found) == {night, tomorrow}
    assert await roster_version(conn, city.team_ids[0]) > before
    await remove_shift(conn, night, now=now, account_id=None)
    assert await rests.select_rests_of_members(conn, [doctor]) == []


async def test_a_shift_that_is_moved_away_gives_the_rest_that_was_missing(conn: Connection, city: City) -> None:
    now = utc_now()
    soon = await plan(conn, city, now + 15 * HOUR)
    assert {rest.shift_id for rest in await rests.select_rests_of_shifts(conn, [soon])} == {soon}
    changes = {"starts_at": now + 18.5 * HOUR, "ends_at": now + 26 * HOUR}
    await change_shift(conn, soon, changes, now=now, account_id=None)
    assert await rests.select_rests_of_shifts(conn, [soon]) == []


async def test_who_leaves_the_team_has_no_rest_there_any_more(conn: Connection, city: City) -> None:
    now = utc_now()
    soon = await plan(conn, city, now + 15 * HOUR)
    fresh = await add_member(conn, city.district_id, "doctor")
    seats = [Seat(member_id=member) for member in (city.member_ids[0], fresh, city.member_ids[2])]
    await set_roster(conn, city.team_ids[0], seats, since=now + 10 * HOUR, now=now, account_id=None)
    resting = {rest.member_id for rest in await rests.select_rests_of_shifts(conn, [soon])}
    assert resting == {city.member_ids[0], city.member_ids[2]}


async def test_a_district_without_the_rule_has_no_rests_and_gets_them_with_it(conn: Connection, city: City) -> None:
    now = utc_now()
    soon = await plan(conn, city, now + 15 * HOUR)

    async def set_rule(value: int | None) -> None:
        settings = {"settings": {"rest_between_shifts_s": value}}
        await change_district(conn, city.district_id, settings, now=now, account_id=None)
        await run_errands(conn, now, "judge_rest")

    assert len(await rests.select_rests_of_shifts(conn, [soon])) == 3
    await set_rule(None)
    assert await rests.select_rests_of_shifts(conn, [soon]) == []
    await set_rule(9 * 3600)
    assert len(await rests.select_rests_of_shifts(conn, [soon])) == 3
    assert await run_errands(conn, now, "judge_rest") == 0


async def test_a_doctor_of_a_team_that_is_off_stands_in_and_is_back_afterwards(conn: Connection, city: City) -> None:
    now = utc_now()
    doctor = city.member_ids[4]
    await plan(conn, city, now + 24 * HOUR)
    await stand_in(conn, city, doctor, now=now, since=now + 24 * HOUR, hours=8)
    assert (await loaded(conn, city, now + 25 * HOUR)).roles == ALL
    during = await conn.fetch("SELECT team_id FROM memberships WHERE member_id = $1 ORDER BY lower(during)", doctor)
    assert [row["team_id"] for row in during] == [city.team_ids[1], city.team_ids[0], city.team_ids[1]]


async def test_whoever_is_rostered_without_the_rest_is_an_alarm_once_the_shift_runs(
    conn: Connection, city: City
) -> None:
    now = utc_now()
    soon = await plan(conn, city, now + 15 * HOUR)
    assert await run_errands(conn, now + 14 * HOUR, "tell_rests") == 0
    assert await run_errands(conn, now + 15 * HOUR, "tell_rests") == 3
    assert await run_errands(conn, now + 16 * HOUR, "tell_rests") == 0
    told = await conn.fetch("SELECT member_id, data ->> 'shift_id' AS shift_id FROM alarms WHERE what = 'rest_broken'")
    assert {row["member_id"] for row in told} == set(city.member_ids[:3])
    assert {row["shift_id"] for row in told} == {str(soon)}


async def stand_ins(conn: Connection, city: City, starts_at: datetime, *, limit: int = 50) -> list[UUID]:
    found = await find_stand_ins(
        conn,
        [city.district_id],
        starts_at=starts_at,
        ends_at=starts_at + 8 * HOUR,
        q=None,
        role="doctor",
        duty=None,
        after=None,
        limit=limit,
        now=utc_now(),
    )
    return [member.id for member in found]


async def test_who_could_stand_in_is_free_and_has_had_the_rest(conn: Connection, city: City) -> None:
    now = utc_now()
    fresh = await add_member(conn, city.district_id, "doctor")
    tired = await tired_doctor(conn, city, ended_ago=2 * HOUR)
    await add_member(conn, city.district_id, "police")
    assert await stand_ins(conn, city, now + HOUR) == [fresh]
    assert set(await stand_ins(conn, city, now + 10 * HOUR)) == {fresh, tired}
    everybody = {fresh, tired, city.member_ids[1], city.member_ids[4]}
    assert set(await stand_ins(conn, city, now + 18 * HOUR + HOUR / 10)) == everybody
    assert len(await stand_ins(conn, city, now + 19 * HOUR, limit=2)) == 2


async def test_nobody_stands_in_who_could_not_work_the_own_shift_afterwards(conn: Connection, city: City) -> None:
    now = utc_now()
    await plan(conn, city, now + 36 * HOUR)
    assert set(await stand_ins(conn, city, now + 20 * HOUR)) == {city.member_ids[4]}


async def test_rosters_written_at_once_that_decide_each_others_rest_all_land(pool: Pool, conn: Connection) -> None:
    """Each team lends its doctor to the next one, all at the same moment, while shifts are made: locks in one order, no deadlock."""
    city = await make_city(conn, teams=4)
    now = utc_now()
    for team in range(4):
        await plan(conn, city, now + 24 * HOUR, team=team)

    async def lend(team: int, day: int) -> None:
        async with pool.acquire() as own:
            doctor = city.member_ids[3 * ((team + 1) % 4) + 1]
            since = now + (day * 24 + 10 + team) * HOUR
            await stand_in(own, city, doctor, now=now, team=team, since=since, hours=0.5)

    async def work(team: int, day: int) -> None:
        async with pool.acquire() as own:
            await plan(own, city, now + (day * 24 + 72) * HOUR, team=team)

    await asyncio.gather(*(do(team, day) for team in range(4) for day in range(3) for do in (lend, work)))
    stored = {
        rest.key: rest for member in city.member_ids for rest in await rests.select_rests_of_members(conn, [member])
    }
    await judge_anew(conn, city.district_id, list(city.member_ids), now)
    again = {
        rest.key: rest for member in city.member_ids for rest in await rests.select_rests_of_members(conn, [member])
    }
    assert stored == again


async def test_a_rest_for_a_whole_shift_ends_by_the_clock_once_the_shift_is_made_longer(
    conn: Connection, city: City
) -> None:
    now = utc_now()
    shift_id = await plan(conn, city, now + 8 * HOUR, 4)  # eleven hours of rest go on until 18 hours from now
    await change_shift(conn, shift_id, {"ends_at": now + 20 * HOUR}, now=now, account_id=None)
    over = now + 18.1 * HOUR
    before = await roster_version(conn, city.team_ids[0])
    assert await run_errands(conn, over, "end_rests") == len(ALL)
    assert await roster_version(conn, city.team_ids[0]) > before
    assert await run_errands(conn, over, "end_rests") == 0, "looked at once"
    assert (await loaded(conn, city, over)).roles == ALL


async def test_rosters_of_a_release_without_rules_of_rest_are_judged_after_the_upgrade(
    empty_database: str, tmp_path: Path
) -> None:
    for migration in MIGRATIONS.glob("*.sql"):
        if migration.name < "0022":
            shutil.copy(migration, tmp_path)
    await migrate(empty_database, tmp_path)
    async with connect(empty_database, application_name="test") as conn:
        city = await make_city(conn, teams=1)
        begins = utc_now() + 8 * HOUR
        await add_shift(conn, city.district_id, city.team_ids[0], begins, begins + 20 * HOUR)
        await migrate(empty_database)
        assert await run_errands(conn, utc_now(), "judge_rest") == 1
        assert (await loaded(conn, city, begins)).roles == set()
        assert {kept.rule for kept in (await loaded(conn, city, begins)).kept_off} == {RestRule.BETWEEN_SHIFTS}
