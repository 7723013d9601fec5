"""Pick-up points and legs, as desks see them."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.domain.clock import utc_now
from shared.domain.words import Permission
from shared.store.connection import Connection, Pool
from tests.calls import Caller, Http, make_actor, make_token
from tests.city import LAT, LON, City, make_city, post
from tests.errands import run_errands
from tests.phones import give, phone_of

ERRANDS = ("sort_specimens", "look_at_legs")


def point_body(**fields: Any) -> dict[str, Any]:
    return {"name": "North gate", "lat": LAT, "lon": LON, "lab_address": "Lab Road 5", **fields}


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=1)


@pytest.fixture
async def desk(http: Http, conn: Connection, city: City) -> Caller:
    return Caller(http, await make_actor(conn, Permission.COORDINATOR, (city.district_id,)))


async def test_a_point_is_made_once_however_often_it_is_sent_and_changed(desk: Caller) -> None:
    body = point_body(id="0192f0c1-4f5e-7cc3-9c64-0a6f3c1f7a11")
    made = await desk.post("/v1/pick-up-points", body)
    assert await desk.post("/v1/pick-up-points", body) == made
    assert made["kinds"] == ["home_swab"]
    assert made["address"] == "North gate"
    changed = await desk.patch(f"/v1/pick-up-points/{made['id']}", {"lat": LAT + 0.01, "active": False})
    assert (changed["lat"], changed["lon"], changed["active"]) == (LAT + 0.01, LON, False)
    assert await desk.get(f"/v1/pick-up-points/{made['id']}") == changed
    assert (await desk.get("/v1/pick-up-points?active=true"))["items"] == []
    assert (await desk.get("/v1/pick-up-points?active=false"))["items"] == [changed]


async def test_a_point_that_is_sent_several_times_at_once_is_made_once(desk: Caller) -> None:
    body = point_body(id=str(uuid4()))
    answers = await asyncio.gather(*(desk.post("/v1/pick-up-points", body) for _ in range(5)))
    assert all(answer == answers[0] for answer in answers)
    assert (await desk.get("/v1/pick-up-points"))["items"] == [answers[0]]


async def test_a_name_in_use_and_an_unknown_kind_are_refused(desk: Caller) -> None:
    await desk.post("/v1/pick-up-points", point_body())
    twice = await desk.post("/v1/pick-up-points", point_body(), expect=409)
    assert (twice["code"], twice["errors"][0]["loc"]) == ("taken", "name")
    wrong = await desk.post("/v1/pick-up-points", point_body(name="South", kinds=["home_swab", "gone"]), expect=422)
    assert [error["loc"] for error in wrong["errors"]] == ["kinds.1"]


async def test_a_district_older_than_the_transport_gets_its_kind_with_the_first_point(
    desk: Caller, conn: Connection
) -> None:
    await conn.execute(
        "DELETE FROM kind_forms WHERE kind_id IN (SELECT id FROM kinds WHERE code = 'specimen_transport')"
    )
    await conn.execute("DELETE FROM kinds WHERE code = 'specimen_transport'")
    await desk.post("/v1/pick-up-points", point_body())
    kinds = (await desk.get("/v1/kinds?q=specimen"))["items"]
    assert [kind["code"] for kind in kinds] == ["specimen_transport"]


async def test_who_fetches_tubes_is_told_how_many_and_where_and_the_police_are_not(
    http: Http, desk: Caller, conn: Connection, pool: Pool, city: City
) -> None:
    await desk.post("/v1/pick-up-points", point_body())
    doctor = await phone_of(pool, city.member_ids[1])
    for tube in ("A-7", "A-7", "A-8"):
        (task_id,) = await post(conn, city, kind="home_swab")
        await doctor.send(doctor.visit(task_id, result={"sample_taken": True, "tube_code": tube}))
    await run_errands(conn, utc_now(), *ERRANDS)
    (leg,) = (await desk.get("/v1/specimen-legs"))["items"]
    (other,) = await post(conn, city, kind="delivery")
    await give(conn, city, city.team_ids[0], [UUID(leg["id"]), other])

    async def told(member_id: UUID) -> dict[str, Any]:
        route = await Caller(http, await make_token(conn, member_id=member_id)).get("/v1/me/route")
        return {task["id"]: task["specimens"] for stop in route["stops"] for task in stop["tasks"]}

    both = {"expected": 2, "pick_up_point": "North gate"}
    assert await told(city.member_ids[0]) == {leg["id"]: both, str(other): None}
    assert await told(city.member_ids[2]) == {leg["id"]: None, str(other): None}


async def test_a_leg_is_shown_with_its_tubes_and_counts(desk: Caller, conn: Connection, pool: Pool, city: City) -> None:
    point = await desk.post("/v1/pick-up-points", point_body())
    phone = await phone_of(pool, city.member_ids[1])
    (task_id,) = await post(conn, city, kind="home_swab")
    report = phone.visit(task_id, result={"sample_taken": True, "tube_code": "A-7"})
    await phone.send(report)
    await run_errands(conn, utc_now(), *ERRANDS)
    (leg,) = (await desk.get("/v1/specimen-legs"))["items"]
    assert (leg["status"], leg["tubes"], leg["agree"], leg["late"]) == ("waiting", 1, None, False)
    assert (leg["pick_up_point_id"], leg["pick_up_point"]) == (point["id"], "North gate")
    leg_id = UUID(leg["id"])
    await give(conn, city, city.team_ids[0], [leg_id])
    await phone.arrive(leg_id)
    assert (await desk.get(f"/v1/specimen-legs/{leg_id}"))["status"] == "picked_up"
    await phone.visits(leg_id, result={"specimens_out": 1, "specimens_in": 0})
    await run_errands(conn, utc_now(), *ERRANDS)
    shown = await desk.get(f"/v1/specimen-legs/{leg_id}")
    assert (shown["status"], shown["specimens_out"], shown["specimens_in"], shown["agree"]) == (
        "delivered",
        1,
        0,
        False,
    )
    (tube,) = shown["specimens"]
    assert (tube["visit_id"], tube["task_id"], tube["tube_code"]) == (str(report.id), str(task_id), "A-7")
    assert await conn.fetchval("SELECT count(*) FROM audit WHERE target = $1", str(leg_id)) == 2


async def test_legs_are_found_by_point_and_time(desk: Caller, conn: Connection, pool: Pool, city: City) -> None:
    point = await desk.post("/v1/pick-up-points", point_body())
    phone = await phone_of(pool, city.member_ids[1])
    (task_id,) = await post(conn, city, kind="home_swab")
    await phone.visits(task_id, result={"sample_taken": True})
    await run_errands(conn, utc_now(), *ERRANDS)
    tomorrow = (utc_now() + timedelta(days=1)).isoformat()

    async def found(**params: str) -> int:
        return len((await desk.get("/v1/specimen-legs", params=params))["items"])

    assert await found(pick_up_point_id=point["id"], until=tomorrow) == 1
    assert await found(since=tomorrow) == 0
    assert await found(pick_up_point_id=str(task_id)) == 0
