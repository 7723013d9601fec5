"""Tasks as points of a map: all that are open at once, and those that changed again."""

from typing import Any
from uuid import UUID

import pytest

from shared.domain.clock import utc_now
from shared.domain.ids import new_id
from shared.domain.words import Permission
from shared.operations import by_hand
from shared.store.connection import Connection
from tests.city import City, add_break, make_city
from tests.city import post as take_in
from tests.tenant import make_tenant

POINTS = "/v1/tasks/points"


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=2)


@pytest.fixture
async def district_id(city: City) -> UUID:
    """The fixtures' callers belong to a district with kinds, a grid and teams."""
    return city.district_id


async def give(conn: Connection, team_id: UUID, task_ids: list[UUID]) -> None:
    done = await by_hand.assign(conn, team_id, task_ids, force=False, preview=False, now=utc_now(), account_id=None)
    assert done.effects.keys() == set(task_ids), done.answers


async def test_open_tasks_come_in_pages_and_closed_ones_do_not(conn: Connection, city: City, coordinator: Any) -> None:
    task_ids = sorted(await take_in(conn, city, 5))
    await coordinator.post(f"/v1/tasks/{task_ids[2]}/cancel", {"reason": "moved away"}, expect=200)
    first = await coordinator.get(f"{POINTS}?limit=3")
    rest = await coordinator.get(f"{POINTS}?limit=3&cursor={first['next_cursor']}")
    shown = [UUID(point["id"]) for point in first["items"] + rest["items"]]
    assert shown == [task_id for task_id in task_ids if task_id != task_ids[2]]
    assert rest["next_cursor"] is None
    assert {point["waiting_reason"] for point in first["items"]} == {"being_planned"}


async def test_a_point_says_who_has_it_and_where_it_stands_in_the_walk(
    conn: Connection, city: City, coordinator: Any
) -> None:
    task_ids = await take_in(conn, city, 4)
    team_id = city.team_ids[0]
    await add_break(conn, team_id, in_s=0, until_s=600, lasts_s=600)
    await give(conn, team_id, task_ids[:3])
    route = await coordinator.get(f"/v1/teams/{team_id}/route")
    assert any(stop["break"] for stop in route["stops"])
    doors = [stop for stop in route["stops"] if not stop["break"]]
    planned = {
        task_id: (place, begin_at, str(team_id), True)
        for place, stop in enumerate(doors, start=1)
        for task_id, begin_at in zip(stop["task_ids"], stop["begin_at"], strict=True)
    }
    waiting = {str(task_ids[3]): (None, None, None, False)}
    points = (await coordinator.get(POINTS))["items"]
    shown = {point["id"]: (point["stop"], point["begin_at"], point["team_id"], point["pinned"]) for point in points}
    assert shown == planned | waiting


async def test_those_asked_for_are_told_as_they_are_now_closed_ones_too(
    conn: Connection, city: City, coordinator: Any
) -> None:
    closed, waiting, _other = await take_in(conn, city, 3)
    await coordinator.post(f"/v1/tasks/{closed}/cancel", {"reason": "moved away"}, expect=200)
    foreign = (await make_tenant(conn)).task_id
    asked = "&".join(f"id={task_id}" for task_id in (closed, waiting, foreign, new_id()))
    points = (await coordinator.get(f"{POINTS}?{asked}"))["items"]
    assert {point["id"]: point["status"] for point in points} == {str(closed): "cancelled", str(waiting): "pending"}


async def test_points_name_nobody_and_so_are_not_booked(conn: Connection, caller: Any) -> None:
    tenant = await make_tenant(conn)
    asker = await caller(Permission.AUDITOR, tenant.district_id)
    shown = (await asker.send("GET", POINTS, expect=200)).content.decode()
    assert str(tenant.task_id) in shown
    for what in ("Address", "Notes", "Subject", "Instructions", "person", "door"):
        assert f"{what} {tenant.mark}" not in shown
        assert f"{what}-{tenant.mark}" not in shown
    assert await conn.fetchval("SELECT count(*) FROM audit WHERE account_id IS NOT NULL AND action LIKE '%points'") == 0


async def test_more_ids_than_a_page_refreshes_at_once_are_refused(coordinator: Any) -> None:
    asked = "&".join(f"id={new_id()}" for _ in range(201))
    problem = await coordinator.get(f"{POINTS}?{asked}", expect=422)
    assert [field["loc"] for field in problem["errors"]] == ["id"]
