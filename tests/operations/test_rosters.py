"""Who is on a team from when to when; two at once; what a team cannot do without somebody."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.domain.clock import utc_now
from shared.domain.errors import DomainError, Invalid, NotFound, SlotFilled
from shared.domain.ids import new_id
from shared.domain.words import DEFAULT_SLOTS, Duty
from shared.operations.members import change_member, set_duty
from shared.operations.rosters import Seat, add_substitute, set_roster
from shared.operations.teams import change_team
from shared.store import memberships
from shared.store.connection import Connection, Pool
from tests.city import City, add_member, assert_consistent, make_city, post
from tests.phones import give
from tests.races import in_two_halves, outcome_of

HOUR = timedelta(hours=1)


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=2)


async def roster(conn: Connection, team_id: UUID, at: datetime) -> dict[str, UUID]:
    return {row["role"]: row["member_id"] for row in await memberships.select_roster(conn, [team_id], at)}


async def substitute(conn: Connection, team_id: UUID, member_id: UUID, role: str, **span: Any) -> Any:
    now = utc_now()
    return await add_substitute(
        conn,
        team_id,
        Seat(member_id=member_id, role=role),
        since=span.get("since"),
        until=span.get("until", now + 2 * HOUR),
        now=now,
        account_id=None,
    )


async def test_a_substitute_fills_the_slot_and_the_first_one_is_back_afterwards(conn: Connection, city: City) -> None:
    team, doctor = city.team_ids[0], city.member_ids[1]
    stand_in = await add_member(conn, city.district_id, "doctor")
    now = utc_now()
    await substitute(conn, team, stand_in, "doctor", since=now + HOUR, until=now + 2 * HOUR)
    assert (await roster(conn, team, now + HOUR / 2))["doctor"] == doctor
    assert (await roster(conn, team, now + HOUR))["doctor"] == stand_in
    assert (await roster(conn, team, now + 2 * HOUR - timedelta(seconds=1)))["doctor"] == stand_in
    assert (await roster(conn, team, now + 2 * HOUR))["doctor"] == doctor
    assert (await roster(conn, team, now + 2 * HOUR))["police"] == city.member_ids[2]


async def test_a_substitute_of_the_substitute_fits_in_between(conn: Connection, city: City) -> None:
    team = city.team_ids[0]
    first, second = [await add_member(conn, city.district_id, "doctor") for _ in range(2)]
    now = utc_now()
    await substitute(conn, team, first, "doctor", since=now + HOUR, until=now + 4 * HOUR)
    await substitute(conn, team, second, "doctor", since=now + 2 * HOUR, until=now + 3 * HOUR)
    filled = [(await roster(conn, team, now + hours * HOUR))["doctor"] for hours in (1, 2, 3, 4)]
    assert filled == [first, second, first, city.member_ids[1]]


async def test_a_substitute_who_is_on_another_team_then_is_refused(conn: Connection, city: City) -> None:
    with pytest.raises(SlotFilled):
        await substitute(conn, city.team_ids[0], city.member_ids[4], "doctor")
    assert (await roster(conn, city.team_ids[0], utc_now()))["doctor"] == city.member_ids[1]


async def test_a_substitute_from_another_district_is_not_found(conn: Connection, city: City) -> None:
    elsewhere = await make_city(conn, teams=1)
    with pytest.raises(NotFound) as refused:
        await substitute(conn, city.team_ids[0], elsewhere.member_ids[1], "doctor")
    assert [error.loc for error in refused.value.errors] == ["member_id"]


async def test_a_slot_that_the_district_lacks_is_named(conn: Connection, city: City) -> None:
    stand_in = await add_member(conn, city.district_id, "doctor")
    with pytest.raises(Invalid) as refused:
        await substitute(conn, city.team_ids[0], stand_in, "pilot")
    assert [error.loc for error in refused.value.errors] == ["role"]


@pytest.mark.parametrize(("since", "until"), [(-2 * HOUR, HOUR), (HOUR, HOUR), (2 * HOUR, HOUR), (None, -HOUR)])
async def test_what_has_been_cannot_be_substituted(
    conn: Connection, city: City, since: timedelta | None, until: timedelta
) -> None:
    stand_in = await add_member(conn, city.district_id, "doctor")
    now = utc_now()
    with pytest.raises(Invalid):
        await substitute(
            conn, city.team_ids[0], stand_in, "doctor", since=None if since is None else now + since, until=now + until
        )


async def test_a_new_roster_ends_who_is_not_named_and_leaves_who_is(conn: Connection, city: City) -> None:
    team = city.team_ids[0]
    worker, doctor, police = city.member_ids[:3]
    new_doctor = await add_member(conn, city.district_id, "doctor")
    kept = await conn.fetchval("SELECT id FROM memberships WHERE member_id = $1", worker)
    before = utc_now()
    seats = [Seat(member_id=worker), Seat(member_id=new_doctor)]
    await set_roster(conn, team, seats, since=None, now=utc_now(), account_id=None)
    assert await roster(conn, team, utc_now()) == {"grid_worker": worker, "doctor": new_doctor}
    assert await roster(conn, team, before) == {"grid_worker": worker, "doctor": doctor, "police": police}
    assert await conn.fetchval("SELECT id FROM memberships WHERE member_id = $1", worker) == kept


async def test_a_member_may_change_slots_from_tomorrow_on(conn: Connection, city: City) -> None:
    team, now = city.team_ids[0], utc_now()
    worker, doctor, police = city.member_ids[:3]
    seats = [Seat(member_id=worker, role="police"), Seat(member_id=police, role="grid_worker"), Seat(member_id=doctor)]
    await set_roster(conn, team, seats, since=now + 24 * HOUR, now=now, account_id=None)
    assert (await roster(conn, team, now + HOUR))["police"] == police
    assert await roster(conn, team, now + 25 * HOUR) == {"police": worker, "grid_worker": police, "doctor": doctor}


@pytest.mark.parametrize("twice", ["slot", "member"])
async def test_nobody_and_no_slot_is_filled_twice(conn: Connection, city: City, twice: str) -> None:
    worker, doctor = city.member_ids[:2]
    seats = [
        Seat(member_id=worker, role="doctor"),
        Seat(member_id=doctor if twice == "slot" else worker, role="doctor" if twice == "slot" else "police"),
    ]
    before = await conn.fetch("SELECT * FROM memberships ORDER BY id")
    with pytest.raises(SlotFilled):
        await set_roster(conn, city.team_ids[0], seats, since=None, now=utc_now(), account_id=None)
    assert await conn.fetch("SELECT * FROM memberships ORDER BY id") == before


async def test_unknown_members_are_named_all_at_once(conn: Connection, city: City) -> None:
    seats = [Seat(member_id=new_id()), Seat(member_id=city.member_ids[0]), Seat(member_id=new_id())]
    with pytest.raises(NotFound) as refused:
        await set_roster(conn, city.team_ids[0], seats, since=None, now=utc_now(), account_id=None)
    assert [error.loc for error in refused.value.errors] == ["members.0.member_id", "members.2.member_id"]


async def test_of_two_substitutes_for_one_slot_at_once_the_later_one_stands_in(
    conn: Connection, pool: Pool, city: City
) -> None:
    team = city.team_ids[0]
    first, second = [await add_member(conn, city.district_id, "doctor") for _ in range(2)]
    outcomes = await in_two_halves(
        pool,
        lambda one: substitute(one, team, first, "doctor"),
        lambda other: substitute(other, team, second, "doctor"),
    )
    assert not any(isinstance(outcome, DomainError) for outcome in outcomes)
    now = utc_now()
    assert (await roster(conn, team, now))["doctor"] == second
    assert (await roster(conn, team, now + 3 * HOUR))["doctor"] == city.member_ids[1]


async def test_of_two_teams_that_take_one_member_at_once_one_is_refused(
    conn: Connection, pool: Pool, city: City
) -> None:
    wanted = await add_member(conn, city.district_id, "doctor")
    _, refused = await in_two_halves(
        pool,
        lambda one: substitute(one, city.team_ids[0], wanted, "doctor"),
        lambda other: substitute(other, city.team_ids[1], wanted, "doctor"),
    )
    assert isinstance(refused, SlotFilled)
    assert (await roster(conn, city.team_ids[1], utc_now()))["doctor"] == city.member_ids[4]


async def test_two_teams_swapping_members_at_once_never_lock_each_other_out(pool: Pool, city: City) -> None:
    """Both lists name both members, in opposite orders: without an order of locks this ends in a deadlock."""

    async def take(team: UUID, members: list[UUID]) -> None:
        async with pool.acquire() as own:
            seats = [Seat(member_id=member, role=role) for member, role in zip(members, DEFAULT_SLOTS, strict=True)]
            await outcome_of(set_roster(own, team, seats, since=None, now=utc_now(), account_id=None))

    worker, doctor, police = city.member_ids[:3]
    for _ in range(10):
        async with asyncio.timeout(10):
            await asyncio.gather(
                take(city.team_ids[0], [worker, doctor, police]), take(city.team_ids[1], [police, doctor, worker])
            )


async def test_a_duty_change_and_a_roster_change_at_once_both_happen(conn: Connection, pool: Pool, city: City) -> None:
    team, doctor = city.team_ids[0], city.member_ids[1]
    seats = [Seat(member_id=city.member_ids[0]), Seat(member_id=city.member_ids[2])]
    await in_two_halves(
        pool,
        lambda one: set_roster(one, team, seats, since=None, now=utc_now(), account_id=None),
        lambda other: set_duty(other, doctor, Duty.OFF, utc_now()),
    )
    assert await conn.fetchval("SELECT duty FROM members WHERE id = $1", doctor) == "off"
    assert "doctor" not in await roster(conn, team, utc_now())


async def test_off_duty_gives_back_only_what_needed_that_role(conn: Connection) -> None:
    city = await make_city(conn, teams=1)
    needs_doctor = set(await post(conn, city, 2, kind="temperature_check"))
    needs_worker = set(await post(conn, city, 2, kind="door_sensor_check", seed=2))
    await give(conn, city, city.team_ids[0], [*needs_doctor, *needs_worker])
    assert await held(conn) == needs_doctor | needs_worker
    await set_duty(conn, city.member_ids[1], Duty.OFF, utc_now())
    assert await held(conn) == needs_worker
    event = await conn.fetchrow("SELECT member_id, team_id, data FROM events WHERE name = 'member.duty_changed'")
    assert event is not None
    assert (event["member_id"], event["team_id"], event["data"]) == (
        city.member_ids[1],
        city.team_ids[0],
        {"duty": "off"},
    )
    await assert_consistent(conn)


async def test_a_break_keeps_what_is_there_whatever_else_changes(conn: Connection) -> None:
    city = await make_city(conn, teams=1)
    await conn.execute("UPDATE members SET capabilities = '{swab}' WHERE id = $1", city.member_ids[1])
    needs_doctor = set(await post(conn, city, 2, kind="home_swab"))
    needs_worker = set(await post(conn, city, 2, seed=2))
    await give(conn, city, city.team_ids[0], [*needs_doctor, *needs_worker])
    await set_duty(conn, city.member_ids[1], Duty.BREAK, utc_now())
    assert await held(conn) == needs_doctor | needs_worker
    await set_duty(conn, city.member_ids[0], Duty.OFF, utc_now())
    assert await held(conn) == needs_doctor
    await set_duty(conn, city.member_ids[1], Duty.OFF, utc_now())
    assert await held(conn) == set()
    await assert_consistent(conn)


async def test_back_on_duty_has_what_waits_looked_at_again(conn: Connection) -> None:
    city = await make_city(conn, teams=1)
    await post(conn, city, kind="temperature_check")
    await set_duty(conn, city.member_ids[1], Duty.BREAK, utc_now())
    await conn.execute("UPDATE tasks SET plan_at = now() + interval '1 hour'")
    await set_duty(conn, city.member_ids[1], Duty.ON, utc_now())
    assert await conn.fetchval("SELECT plan_at <= now() FROM tasks")


async def test_the_same_duty_again_is_no_change(conn: Connection, city: City) -> None:
    await set_duty(conn, city.member_ids[0], Duty.ON, utc_now())
    assert await conn.fetchval("SELECT count(*) FROM events WHERE name = 'member.duty_changed'") == 0


@pytest.mark.parametrize("change", ["capability", "member", "team", "roster"])
async def test_whatever_takes_an_ability_away_gives_its_tasks_back(conn: Connection, change: str) -> None:
    city = await make_city(conn, teams=1)
    doctor, now = city.member_ids[1], utc_now()
    await conn.execute("UPDATE members SET capabilities = '{swab}' WHERE id = $1", doctor)
    task_ids = set(await post(conn, city, 2, kind="home_swab"))
    await give(conn, city, city.team_ids[0], list(task_ids))
    assert await held(conn) == task_ids
    match change:
        case "capability":
            await change_member(conn, doctor, {"capabilities": ()}, pin_hash=None, now=now, account_id=None)
        case "member":
            await change_member(conn, doctor, {"active": False}, pin_hash=None, now=now, account_id=None)
        case "team":
            await change_team(conn, city.team_ids[0], {"active": False}, now=now, account_id=None)
        case "roster":
            seats = [Seat(member_id=city.member_ids[0])]
            await set_roster(conn, city.team_ids[0], seats, since=None, now=utc_now(), account_id=None)
    assert await held(conn) == set()
    await assert_consistent(conn)


async def held(conn: Connection) -> set[UUID]:
    return {row["id"] for row in await conn.fetch("SELECT id FROM tasks WHERE team_id IS NOT NULL")}
