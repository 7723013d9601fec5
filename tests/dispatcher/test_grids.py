"""Grids over HTTP."""

from typing import Any
from uuid import UUID

import pytest

from shared.store.connection import Connection
from tests.calls import Caller

GEO_JSON = "application/geo+json"


def square(code: str, west: float = 121.4, south: float = 31.2, size: float = 0.01) -> dict[str, Any]:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "properties": {"code": code}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def collection(*features: dict[str, Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


async def test_grids_are_drawn_and_read_back_as_json_and_geojson(coordinator: Caller) -> None:
    answer = await coordinator.put("/v1/grids", collection(square("a"), square("b", west=121.5)), content_type=GEO_JSON)
    assert answer == {"added": 2, "changed": 0, "removed": 0, "households_moved": 0, "tasks_moved": 0}
    page = await coordinator.get("/v1/grids?limit=1")
    rest = await coordinator.get(f"/v1/grids?limit=1&cursor={page['next_cursor']}")
    assert rest["next_cursor"] is None
    assert {grid["code"] for grid in page["items"] + rest["items"]} == {"a", "b"}
    shown = await coordinator.send("GET", "/v1/grids", headers={"Accept": GEO_JSON}, expect=200)
    assert shown.headers["Content-Type"] == GEO_JSON
    assert {feature["id"] for feature in shown.json["features"]} == {"a", "b"}
    again = await coordinator.put("/v1/grids?replace=true", shown.json)
    assert (again["added"], again["changed"], again["removed"]) == (0, 2, 0)


async def test_replacing_removes_what_is_not_named(coordinator: Caller) -> None:
    await coordinator.put("/v1/grids", collection(square("a"), square("b")))
    assert (await coordinator.put("/v1/grids?replace=true", collection(square("b"))))["removed"] == 1
    assert [grid["code"] for grid in (await coordinator.get("/v1/grids"))["items"]] == ["b"]


async def test_a_household_is_in_the_smallest_grid_that_holds_it(coordinator: Caller) -> None:
    await coordinator.put("/v1/grids", collection(square("big", size=0.1), square("small")))
    grids = {grid["code"]: grid["id"] for grid in (await coordinator.get("/v1/grids"))["items"]}
    home = await coordinator.post("/v1/households", {"address": "Garden Road 1", "lat": 31.205, "lon": 121.405})
    assert home["grid_id"] == grids["small"]
    moved = await coordinator.patch(f"/v1/households/{home['id']}", {"lat": 31.25})
    assert moved["grid_id"] == grids["big"]
    assert (await coordinator.patch(f"/v1/households/{home['id']}", {"lat": None, "lon": None}))["grid_id"] is None


@pytest.mark.parametrize(
    ("body", "status", "loc"),
    [
        (b"{", 400, None),
        (b'{"type": "FeatureCollection", "features": [NaN]}', 400, None),
        (b'{"type": "FeatureCollection"}', 422, "features"),
        (b'{"type": "Feature", "features": []}', 422, "type"),
        (b'{"type": "FeatureCollection", "features": [{"type": "Feature"}]}', 422, "features.0.properties.code"),
        (b'{"type": "FeatureCollection", "features": [3]}', 422, "features.0"),
        (b'{"type": "FeatureCollection", "features": [{"type": "a\\u0000"}]}', 422, "features.0.type"),
    ],
)
async def test_bad_drawings_are_refused_whole(coordinator: Caller, body: bytes, status: int, loc: str | None) -> None:
    await coordinator.put("/v1/grids", collection(square("a")))
    answer = await coordinator.send("PUT", "/v1/grids?replace=true", content=body, expect=status)
    assert [error["loc"] for error in answer.json["errors"]] == ([loc] if loc else [])
    assert [grid["code"] for grid in (await coordinator.get("/v1/grids"))["items"]] == ["a"]


async def test_the_grids_of_another_district_are_nobody_s_business(
    coordinator: Caller, admin: Caller, foreign_district_id: UUID, conn: Connection
) -> None:
    await admin.put("/v1/grids?district=elsewhere", collection(square("a")))
    foreign = await conn.fetchval("SELECT id FROM grids")
    await coordinator.get(f"/v1/grids/{foreign}", expect=404)
    assert (await coordinator.get("/v1/grids"))["items"] == []
    await coordinator.get("/v1/grids?district=elsewhere", expect=404)
    await coordinator.send("PUT", f"/v1/grids?district={foreign_district_id}&replace=true", collection(), expect=404)
    assert await conn.fetchval("SELECT count(*) FROM grids") == 1
