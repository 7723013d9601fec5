"""Grids drawn anew, and what lies in them."""

from typing import Any
from uuid import UUID

import pytest

from shared.domain.clock import utc_now
from shared.domain.errors import NotFound
from shared.domain.ids import new_id
from shared.operations.grids import redraw_grids
from shared.operations.households import change_household
from shared.operations.shapes import draw_grids
from shared.store.connection import Connection
from tests.city import LAT, LON, City, assert_consistent, make_city, post
from tests.phones import give


def square(code: str, half: float, *, lat: float = LAT, lon: float = LON, hole: float | None = None) -> dict[str, Any]:
    rings = [_ring(lat, lon, half)] + ([_ring(lat, lon, hole)] if hole else [])
    return {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": rings}}


def _ring(lat: float, lon: float, half: float) -> list[list[float]]:
    west, east, south, north = lon - half, lon + half, lat - half, lat + half
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


async def draw(conn: Connection, city: City, *features: Any, replace: bool = False) -> Any:
    drawn = draw_grids({"type": "FeatureCollection", "features": list(features)})
    return await redraw_grids(conn, city.district_id, drawn, replace=replace, now=utc_now(), account_id=None)


async def code_of_task(conn: Connection, task_id: UUID) -> str | None:
    code: str | None = await conn.fetchval(
        "SELECT g.code FROM tasks t JOIN grids g ON g.id = t.grid_id WHERE t.id = $1", task_id
    )
    return code


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=1)


async def test_a_smaller_grid_takes_the_doors_that_lie_in_it(conn: Connection, city: City) -> None:
    (task_id,) = await post(conn, city)
    assert await code_of_task(conn, task_id) == "all"
    redrawn = await draw(conn, city, square("centre", 0.02))
    assert (redrawn.added, redrawn.changed, redrawn.removed) == (1, 0, 0)
    assert (redrawn.households_moved, redrawn.tasks_moved) == (1, 1)
    assert await code_of_task(conn, task_id) == "centre"
    household_grid = await conn.fetchval("SELECT g.code FROM households h JOIN grids g ON g.id = h.grid_id")
    assert household_grid == "centre"


async def test_a_door_in_a_hole_is_in_the_grid_around_it(conn: Connection, city: City) -> None:
    (task_id,) = await post(conn, city)
    await draw(conn, city, square("ring", 0.04, hole=0.03))
    assert await code_of_task(conn, task_id) == "all"


async def test_drawing_the_same_again_changes_nothing_that_lies_there(conn: Connection, city: City) -> None:
    await post(conn, city)
    await draw(conn, city, square("centre", 0.02))
    before = await conn.fetchval("SELECT id FROM grids WHERE code = 'centre'")
    redrawn = await draw(conn, city, square("centre", 0.02))
    assert (redrawn.added, redrawn.changed, redrawn.households_moved, redrawn.tasks_moved) == (0, 1, 0, 0)
    assert await conn.fetchval("SELECT id FROM grids WHERE code = 'centre'") == before


async def test_replacing_removes_what_is_not_named_and_lets_go_of_homes_and_history(
    conn: Connection, city: City
) -> None:
    await conn.execute("UPDATE teams SET home_grid_id = (SELECT id FROM grids WHERE code = 'all')")
    open_id, closed_id = await post(conn, city, 2)
    await conn.execute(
        "UPDATE tasks SET status = 'cancelled', closed_at = now(), waiting_reason = NULL, plan_at = NULL WHERE id = $1",
        closed_id,
    )
    redrawn = await draw(conn, city, square("centre", 0.02), replace=True)
    assert redrawn.removed == 1
    assert await code_of_task(conn, open_id) == "centre"
    assert await code_of_task(conn, closed_id) is None
    assert await conn.fetchval("SELECT home_grid_id FROM teams") is None


async def test_what_waits_is_looked_at_again(conn: Connection, city: City) -> None:
    (task_id,) = await post(conn, city)
    await conn.execute(
        "UPDATE tasks SET waiting_reason = 'outside_every_grid', plan_at = now() + interval '1 hour' WHERE id = $1",
        task_id,
    )
    await draw(conn, city, square("centre", 0.02))
    assert await conn.fetchval("SELECT plan_at <= now() FROM tasks")


async def test_a_redrawing_says_so_in_an_event(conn: Connection, city: City) -> None:
    await draw(conn, city, square("centre", 0.02))
    data = await conn.fetchval("SELECT data FROM events WHERE name = 'grids.changed'")
    assert data == {"added": 1, "changed": 0, "removed": 0}


async def test_other_districts_keep_their_grids_and_doors(conn: Connection, city: City) -> None:
    other = await make_city(conn, teams=1)
    (task_id,) = await post(conn, other)
    await draw(conn, city, square("centre", 0.02), replace=True)
    assert await code_of_task(conn, task_id) == "all"


async def test_an_absent_district_has_no_grids(conn: Connection) -> None:
    with pytest.raises(NotFound):
        await redraw_grids(conn, new_id(), (), replace=True, now=utc_now(), account_id=None)


async def test_tasks_that_wait_at_a_door_move_with_it(conn: Connection, city: City) -> None:
    (task_id,) = await post(conn, city)
    await conn.execute("UPDATE tasks SET plan_at = now() + interval '1 hour'")
    await draw(conn, city, square("east", 0.01, lon=LON + 0.03))
    household_id = await conn.fetchval("SELECT household_id FROM tasks")
    moved = {"lat": LAT, "lon": LON + 0.03}
    household = await change_household(conn, household_id, moved, now=utc_now(), account_id=None)
    assert household.grid_id == await conn.fetchval("SELECT id FROM grids WHERE code = 'east'")
    task = await conn.fetchrow("SELECT lat, lon, plan_at <= now() AS due FROM tasks")
    assert task is not None
    assert (task["lat"], task["lon"], task["due"]) == (LAT, LON + 0.03, True)
    assert await code_of_task(conn, task_id) == "east"


async def test_tasks_that_a_team_holds_at_a_door_move_with_it_and_stay_with_the_team(
    conn: Connection, city: City
) -> None:
    (task_id,) = await post(conn, city)
    await give(conn, city, city.team_ids[0], [task_id])
    version = await conn.fetchval("SELECT route_version FROM teams WHERE id = $1", city.team_ids[0])
    household_id = await conn.fetchval("SELECT household_id FROM tasks")
    moved = {"lat": LAT, "lon": LON + 0.03}
    await change_household(conn, household_id, moved, now=utc_now(), account_id=None)
    task = await conn.fetchrow("SELECT lat, lon, team_id FROM tasks")
    assert task is not None
    assert (task["lat"], task["lon"], task["team_id"]) == (LAT, LON + 0.03, city.team_ids[0])
    assert await conn.fetchval("SELECT route_version FROM teams WHERE id = $1", city.team_ids[0]) == version + 1
    await assert_consistent(conn)
