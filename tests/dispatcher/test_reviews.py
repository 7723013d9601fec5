"""Visits that need a look, over HTTP: found, looked at, and what followed from a visit."""

from uuid import UUID

import pytest

from shared.domain.geography import Point
from shared.domain.reports import Position
from shared.domain.words import Permission
from shared.store.connection import Connection, Pool
from tests.calls import Caller, Http, make_actor
from tests.city import LAT, LON, City, make_city, post
from tests.phones import Phone, give, phone_of

FAR_AWAY = Position(point=Point(LAT + 0.5, LON))


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn)


@pytest.fixture
async def phone(pool: Pool, city: City) -> Phone:
    return await phone_of(pool, city.member_ids[1])


@pytest.fixture
async def desk(http: Http, conn: Connection, city: City) -> Caller:
    return Caller(http, await make_actor(conn, Permission.COORDINATOR, (city.district_id,)))


async def visited(conn: Connection, city: City, phone: Phone, *, far: bool) -> tuple[str, str]:
    """A task and its visit."""
    (task_id,) = await post(conn, city)
    await give(conn, city, city.team_ids[0], [task_id])
    said = phone.visit(task_id, position=FAR_AWAY if far else None)
    await phone.send(said)
    return str(task_id), str(said.id)


async def listed(desk: Caller, **query: str) -> set[str]:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return {task["id"] for task in (await desk.get(f"/v1/tasks?{asked}"))["items"]}


async def test_tasks_with_a_visit_that_needs_a_look_are_found_until_somebody_looked(
    conn: Connection, city: City, phone: Phone, desk: Caller
) -> None:
    await conn.execute("UPDATE kinds SET quick_s = NULL")
    marked, visit_id = await visited(conn, city, phone, far=True)
    plain, _ = await visited(conn, city, phone, far=False)
    overview = f"/v1/districts/{city.district_id}/overview"
    assert await listed(desk, needs_review="true") == {marked}
    assert await listed(desk, needs_review="false") == {plain}
    assert (await desk.get(overview))["visits_to_review"] == 1
    for _ in range(2):
        await desk.post(f"/v1/visits/{visit_id}/review", {}, expect=204)
    assert await listed(desk, needs_review="true") == set()
    assert (await desk.get(overview))["visits_to_review"] == 0
    (visit,) = (await desk.get(f"/v1/tasks/{marked}"))["visits"]
    assert (visit["needs_review"], visit["reviewed_at"] is None) == (["too_far"], False)
    assert await conn.fetchval("SELECT count(*) FROM events WHERE name = 'visit.reviewed'") == 1


async def test_a_struck_visit_needs_no_look(conn: Connection, city: City, phone: Phone, desk: Caller) -> None:
    marked, visit_id = await visited(conn, city, phone, far=True)
    await phone.correct(UUID(visit_id), "seen_not_ok")
    assert (await desk.get(f"/v1/districts/{city.district_id}/overview"))["visits_to_review"] == 1
    assert await listed(desk, needs_review="true") == {marked}


async def test_a_task_shows_what_followed_from_its_visits(
    conn: Connection, city: City, phone: Phone, desk: Caller
) -> None:
    (task_id,) = await post(conn, city, kind="isolation_visit")
    await give(conn, city, city.team_ids[0], [task_id])
    said = phone.visit(task_id, "refused")
    (made_id,) = (await phone.send(said)).made_task_ids
    shown = (await desk.get(f"/v1/tasks/{task_id}"))["consequences"]
    followed = {(one["trigger"], one["what"], one["kind"], one["status"], one["withdrawn_at"]) for one in shown}
    assert followed == {
        ("refused", "alarm", None, None, None),
        ("refused", "task", "breach_check", "pending", None),
    }
    assert str(made_id) in {one["made_id"] for one in shown}
    await phone.correct(said.id, "unavailable")
    again = (await desk.get(f"/v1/tasks/{task_id}"))["consequences"]
    assert all(one["withdrawn_at"] for one in again)
