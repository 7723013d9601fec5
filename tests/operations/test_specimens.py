"""Specimens: from the swab over the pick-up point to the lab."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.domain.clock import utc_now
from shared.domain.geography import Point
from shared.domain.ids import new_id
from shared.domain.specimens import PickUpPoint
from shared.operations.pick_up_points import create_pick_up_point
from shared.operations.specimens import sort_task
from shared.store.connection import Connection, Pool, Record
from tests.city import LAT, LON, City, make_city, post
from tests.errands import run_errands
from tests.phones import Phone, give, phone_of

ERRANDS = ("sort_specimens", "look_at_legs", "sort_specimens")
TAKEN = {"sample_taken": True}
NOT_TAKEN = {"sample_taken": False}


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=2)


@pytest.fixture
async def phone(pool: Pool, city: City) -> Phone:
    return await phone_of(pool, city.member_ids[1])


async def add_point(conn: Connection, city: City, name: str = "North gate", lat: float = LAT, **fields: Any) -> UUID:
    point = PickUpPoint(
        id=new_id(),
        district_id=city.district_id,
        household_id=new_id(),
        name=name,
        point=Point(lat, LON),
        lab_address="Lab, Zhongshan Road 5",
        **fields,
    )
    return (await create_pick_up_point(conn, point, now=utc_now(), account_id=None)).id


async def swab(conn: Connection, city: City, phone: Phone, result: Any = None, **draft: Any) -> tuple[UUID, UUID]:
    """A swab at a door, recorded: its task and its visit."""
    (task_id,) = await post(conn, city, kind="home_swab", **draft)
    report = phone.visit(task_id, result=TAKEN if result is None else result)
    await phone.send(report)
    return task_id, report.id


async def legs(conn: Connection) -> list[Record]:
    return await conn.fetch("SELECT * FROM specimen_legs ORDER BY round_ends_at, task_id")


async def on_leg(conn: Connection, leg_id: UUID) -> set[UUID]:
    return {row["visit_id"] for row in await conn.fetch("SELECT visit_id FROM specimens WHERE leg_id = $1", leg_id)}


async def alarms(conn: Connection, *, standing: bool = True) -> list[str]:
    rows = await conn.fetch(
        "SELECT what FROM alarms WHERE what LIKE 'specimen%' AND (cleared_at IS NULL OR NOT $1) ORDER BY raised_at",
        standing,
    )
    return [row["what"] for row in rows]


async def deliver(conn: Connection, city: City, phone: Phone, leg_id: UUID, out: int, in_: int) -> UUID:
    """The leg's task is done by the phone's team; the visit's id."""
    if not await conn.fetchval("SELECT team_id FROM tasks WHERE id = $1", leg_id):
        await give(conn, city, city.team_ids[0], [leg_id])
    report = phone.visit(leg_id, result={"specimens_out": out, "specimens_in": in_})
    await phone.send(report)
    return report.id


async def test_swabs_of_one_round_go_with_one_leg_due_at_the_lab(conn: Connection, city: City, phone: Phone) -> None:
    await add_point(conn, city)
    first = await swab(conn, city, phone)
    second = await swab(conn, city, phone)
    now = utc_now()
    await run_errands(conn, now, *ERRANDS)
    (leg,) = await legs(conn)
    assert await on_leg(conn, leg["task_id"]) == {first[1], second[1]}
    task = await conn.fetchrow(
        "SELECT t.*, k.code FROM tasks t JOIN kinds k ON k.id = t.kind_id WHERE t.id = $1", leg["task_id"]
    )
    assert task is not None
    assert (task["code"], task["due_at"]) == ("specimen_transport", leg["due_at"])
    assert task["earliest"] == leg["round_ends_at"] > now
    assert leg["due_at"] - leg["round_ends_at"] == timedelta(minutes=90)
    assert leg["round_ends_at"] - now <= timedelta(minutes=45)
    assert task["lat"] == LAT
    assert "Zhongshan Road 5" in task["instructions"]


async def test_the_next_round_has_a_leg_of_its_own(conn: Connection, city: City, phone: Phone) -> None:
    await add_point(conn, city)
    await swab(conn, city, phone)
    now = utc_now()
    await run_errands(conn, now, *ERRANDS)
    _, late = await swab(conn, city, phone)
    await run_errands(conn, now + timedelta(minutes=45), *ERRANDS)
    first, second = await legs(conn)
    assert await on_leg(conn, second["task_id"]) == {late}
    assert second["round_ends_at"] > first["round_ends_at"]


async def test_each_swab_goes_to_the_nearest_point_that_takes_its_kind(
    conn: Connection, city: City, phone: Phone
) -> None:
    far = await add_point(conn, city, "Far", LAT + 0.5)
    await add_point(conn, city, "Near but for others", kinds=("screening_visit",))
    await add_point(conn, city, "Near but closed", active=False)
    await swab(conn, city, phone)
    await run_errands(conn, utc_now(), *ERRANDS)
    assert [leg["pick_up_point_id"] for leg in await legs(conn)] == [far]


async def test_what_is_no_specimen_has_no_leg(conn: Connection, city: City, phone: Phone) -> None:
    await swab(conn, city, phone)  # before there was a point
    await add_point(conn, city)
    await swab(conn, city, phone, NOT_TAKEN)
    (unseen,) = await post(conn, city, kind="home_swab")
    await phone.visits(unseen, "unavailable")
    (other,) = await post(conn, city)
    await phone.visits(other)
    await run_errands(conn, utc_now(), *ERRANDS)
    assert await legs(conn) == []
    assert await conn.fetchval("SELECT count(*) FROM specimens_to_sort") == 0


async def test_a_correction_that_takes_the_sample_back_takes_it_off_its_leg(
    conn: Connection, city: City, phone: Phone
) -> None:
    await add_point(conn, city)
    _, visit_id = await swab(conn, city, phone)
    await run_errands(conn, utc_now(), *ERRANDS)
    (leg,) = await legs(conn)
    await phone.correct(visit_id, "seen_ok", NOT_TAKEN)
    await run_errands(conn, utc_now(), *ERRANDS)
    assert await on_leg(conn, leg["task_id"]) == set()


async def test_a_correction_of_the_rest_tells_of_the_same_tube(conn: Connection, city: City, phone: Phone) -> None:
    await add_point(conn, city)
    _, visit_id = await swab(conn, city, phone)
    await run_errands(conn, utc_now(), *ERRANDS)
    (leg,) = await legs(conn)
    await phone.correct(visit_id, "seen_ok", {**TAKEN, "tube_code": "A-7"})
    await run_errands(conn, utc_now() + timedelta(hours=1), *ERRANDS)
    assert len(await legs(conn)) == 1
    (on_it,) = await on_leg(conn, leg["task_id"])
    assert on_it != visit_id


async def test_what_was_picked_up_stays_on_its_leg_and_later_swabs_go_with_the_next(
    conn: Connection, city: City, phone: Phone
) -> None:
    await add_point(conn, city)
    _, taken = await swab(conn, city, phone)
    await run_errands(conn, utc_now(), *ERRANDS)
    (leg,) = await legs(conn)
    await give(conn, city, city.team_ids[0], [leg["task_id"]])
    await phone.arrive(leg["task_id"])
    _, later = await swab(conn, city, phone)
    await phone.correct(taken, "seen_ok", NOT_TAKEN)
    await run_errands(conn, utc_now(), *ERRANDS)
    first, second = await legs(conn)
    assert first["task_id"] == leg["task_id"]
    assert await on_leg(conn, first["task_id"]) == {taken}
    assert await on_leg(conn, second["task_id"]) == {later}


async def test_what_was_on_a_leg_that_is_cancelled_goes_with_the_next(
    conn: Connection, city: City, phone: Phone
) -> None:
    await add_point(conn, city)
    _, visit_id = await swab(conn, city, phone)
    await run_errands(conn, utc_now(), *ERRANDS)
    (leg,) = await legs(conn)
    await give(conn, city, city.team_ids[0], [leg["task_id"]])
    for _ in range(5):
        if await conn.fetchval("SELECT status = 'pending' FROM tasks WHERE id = $1", leg["task_id"]):
            await give(conn, city, city.team_ids[0], [leg["task_id"]])
        await phone.visits(leg["task_id"], "unavailable")
    assert await conn.fetchval("SELECT status FROM tasks WHERE id = $1", leg["task_id"]) == "not_executable"
    await run_errands(conn, utc_now(), *ERRANDS)
    given_up, following = await legs(conn)
    assert given_up["ended_at"]
    assert await on_leg(conn, given_up["task_id"]) == set()
    assert await on_leg(conn, following["task_id"]) == {visit_id}


@pytest.mark.parametrize(
    ("out", "in_", "raised"), [(2, 2, []), (2, 1, ["specimen_count_differs"]), (3, 3, ["specimen_count_differs"])]
)
async def test_counts_that_disagree_raise_an_alarm(
    conn: Connection, city: City, phone: Phone, out: int, in_: int, raised: list[str]
) -> None:
    await add_point(conn, city)
    await swab(conn, city, phone)
    await swab(conn, city, phone)
    await run_errands(conn, utc_now(), *ERRANDS)
    (leg,) = await legs(conn)
    await deliver(conn, city, phone, leg["task_id"], out, in_)
    for _ in range(2):
        await run_errands(conn, utc_now(), *ERRANDS)
    assert await alarms(conn) == raised
    (counted,) = await legs(conn)
    assert (counted["expected"], counted["specimens_out"], counted["specimens_in"]) == (2, out, in_)


async def test_people_in_one_tube_are_one_specimen(conn: Connection, city: City, phone: Phone) -> None:
    await add_point(conn, city)
    for code in ("T1", "T1", " T1 ", "T2"):
        await swab(conn, city, phone, {**TAKEN, "tube_code": code})
    await run_errands(conn, utc_now(), *ERRANDS)
    (leg,) = await legs(conn)
    await deliver(conn, city, phone, leg["task_id"], 2, 2)
    await run_errands(conn, utc_now(), *ERRANDS)
    assert await alarms(conn) == []


async def test_a_corrected_count_clears_the_alarm(conn: Connection, city: City, phone: Phone) -> None:
    await add_point(conn, city)
    await swab(conn, city, phone)
    await run_errands(conn, utc_now(), *ERRANDS)
    (leg,) = await legs(conn)
    visit_id = await deliver(conn, city, phone, leg["task_id"], 1, 0)
    await run_errands(conn, utc_now(), *ERRANDS)
    assert await alarms(conn) == ["specimen_count_differs"]
    await phone.correct(visit_id, "seen_ok", {"specimens_out": 1, "specimens_in": 1})
    await run_errands(conn, utc_now(), *ERRANDS)
    assert await alarms(conn) == []
    (counted,) = await legs(conn)
    assert counted["specimens_in"] == 1


async def test_a_leg_that_is_late_at_the_lab_raises_an_alarm_once_and_is_cleared_when_it_comes(
    conn: Connection, city: City, phone: Phone
) -> None:
    await add_point(conn, city)
    await swab(conn, city, phone)
    now = utc_now()
    await run_errands(conn, now, *ERRANDS)
    (leg,) = await legs(conn)
    late: datetime = leg["due_at"] + timedelta(hours=3)  # the worker was away
    for _ in range(3):
        await run_errands(conn, late, *ERRANDS)
    assert await alarms(conn) == ["specimen_late"]
    await deliver(conn, city, phone, leg["task_id"], 1, 1)
    await run_errands(conn, late + timedelta(seconds=5), *ERRANDS)
    assert await alarms(conn) == []
    assert await alarms(conn, standing=False) == ["specimen_late"]


async def test_workers_that_sort_at_once_make_one_leg_a_round_while_it_is_picked_up(
    conn: Connection, pool: Pool, city: City, phone: Phone
) -> None:
    await add_point(conn, city)
    early = [await swab(conn, city, phone) for _ in range(2)]
    now = utc_now()
    await run_errands(conn, now, *ERRANDS)
    (leg,) = await legs(conn)
    await give(conn, city, city.team_ids[0], [leg["task_id"]])
    late = [await swab(conn, city, phone) for _ in range(8)]

    async def sort(task_id: UUID) -> None:
        async with pool.acquire() as own:
            await sort_task(own, task_id, now)

    at_once = [sort(task_id) for task_id, _ in late for _ in range(2)]
    await asyncio.gather(*at_once[:8], phone.arrive(leg["task_id"]), *at_once[8:])
    made = await legs(conn)
    assert len(made) <= 2
    assert len({row["round_ends_at"] for row in made}) == len(made)
    on_legs = [await on_leg(conn, row["task_id"]) for row in made]
    assert set().union(*on_legs) == {visit_id for _, visit_id in early + late}
    assert {visit_id for _, visit_id in early} <= on_legs[0]
    transports = await conn.fetchval(
        "SELECT count(*) FROM tasks t JOIN kinds k ON k.id = t.kind_id WHERE k.code = 'specimen_transport'"
    )
    assert transports == len(made)
