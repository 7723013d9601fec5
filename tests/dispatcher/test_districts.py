"""Districts over HTTP: made with kinds, changed, kept apart."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.domain.catalogue import SEED_KINDS
from shared.domain.words import Permission
from tests.calls import Caller

NEW = {"code": "garden", "name": "Garden", "time_zone": "Asia/Shanghai"}


async def test_a_new_district_starts_with_slots_settings_and_the_usual_kinds(admin: Caller) -> None:
    made = await admin.post("/v1/districts", {**NEW, "settings": {"walk_kmh": 4}})
    assert made["slots"] == ["grid_worker", "doctor", "police"]
    assert made["settings"]["walk_kmh"] == 4
    assert made["settings"]["fever_line_c"] == 37.3
    kinds = (await admin.get("/v1/kinds?district=garden&limit=200"))["items"]
    assert len(kinds) == len(SEED_KINDS)
    assert next(kind for kind in kinds if kind["code"] == "home_swab")["names"]["zh"] == "上门采样"


async def test_making_it_again_under_its_own_id_gives_the_first_one(admin: Caller) -> None:
    body = {**NEW, "id": str(uuid4()), "settings": {"setup_s": 30}}
    first = await admin.post("/v1/districts", body)
    assert await admin.post("/v1/districts", body) == first
    refused = await admin.post("/v1/districts", {**body, "name": "Other"}, expect=409)
    assert (refused["code"], refused["errors"][0]["loc"]) == ("taken", "id")
    kinds = await admin.get("/v1/kinds?district=garden&limit=200")
    assert len(kinds["items"]) == len(SEED_KINDS)


async def test_a_code_is_used_once(admin: Caller) -> None:
    await admin.post("/v1/districts", NEW)
    refused = await admin.post("/v1/districts", NEW, expect=409)
    assert refused["errors"][0]["loc"] == "code"


@pytest.mark.parametrize(
    ("wrong", "loc"),
    [
        ({"code": "Garden"}, "code"),
        ({"code": ""}, "code"),
        ({"name": " "}, "name"),
        ({"name": "a\u0000b"}, "name"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"slots": []}, "slots"),
        ({"slots": ["doctor", "doctor"]}, "slots"),
        ({"slots": ["police", "The Doctor"]}, "slots.1"),
        ({"settings": {"walk_kmh": 400}}, "settings.walk_kmh"),
        ({"settings": {"walk_kmh": "4"}}, "settings.walk_kmh"),
        ({"settings": {"drones": 4}}, "settings.drones"),
        ({"settings": {"accept_limit": None}}, "settings.accept_limit"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_a_bad_field_is_named_and_nothing_is_made(admin: Caller, wrong: dict[str, Any], loc: str) -> None:
    before = await admin.get("/v1/districts")
    refused = await admin.post("/v1/districts", {**NEW, **wrong}, expect=422)
    assert [error["loc"] for error in refused["errors"]] == [loc]
    assert await admin.get("/v1/districts") == before


async def test_settings_are_changed_one_by_one_and_slots_whole(admin: Caller) -> None:
    made = await admin.post("/v1/districts", {**NEW, "settings": {"walk_kmh": 4}})
    path = f"/v1/districts/{made['id']}"
    await admin.patch(path, {"settings": {"setup_s": 0, "max_visits_per_shift": None}})
    changed = await admin.patch(path, {"slots": ["police", "doctor", "grid_worker", "nurse"], "name": "Garden II"})
    assert changed["slots"] == ["police", "doctor", "grid_worker", "nurse"]
    settings = changed["settings"]
    assert (settings["walk_kmh"], settings["setup_s"], settings["max_visits_per_shift"]) == (4, 0, None)
    assert await admin.get(path) == changed


async def test_a_slot_that_is_needed_stays(admin: Caller, district_id: UUID) -> None:
    made = await admin.post("/v1/districts", NEW)
    refused = await admin.patch(f"/v1/districts/{made['id']}", {"slots": ["grid_worker", "police"]}, expect=409)
    assert refused["code"] == "in_use"
    assert "temperature_check" in refused["errors"][0]["msg"]
    member = {"district": "centre", "name": "Wu", "phone": "13800", "role": "police"}
    await admin.post("/v1/members", member)
    await admin.patch(f"/v1/districts/{district_id}", {"slots": ["grid_worker", "doctor"]}, expect=409)
    assert len((await admin.get(f"/v1/districts/{district_id}"))["slots"]) == 3


async def test_coordinators_see_their_own_districts_and_change_none(
    coordinator: Caller, district_id: UUID, foreign_district_id: UUID
) -> None:
    assert [d["id"] for d in (await coordinator.get("/v1/districts"))["items"]] == [str(district_id)]
    await coordinator.get(f"/v1/districts/{district_id}")
    await coordinator.get(f"/v1/districts/{foreign_district_id}", expect=404)
    await coordinator.send("PATCH", f"/v1/districts/{district_id}", {"name": "Mine"}, expect=403)
    await coordinator.post("/v1/districts", NEW, expect=403)


async def test_lists_page_through_everything_once(admin: Caller) -> None:
    for number in range(5):
        await admin.post("/v1/districts", {**NEW, "code": f"d-{number}"})
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = await admin.get(f"/v1/districts?limit=2{cursor and '&cursor=' + cursor}")
        seen += [item["code"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert sorted(seen) == sorted({*seen, *(f"d-{number}" for number in range(5))})


async def test_an_absent_id_answers_404(admin: Caller, caller: Callable[..., Awaitable[Caller]]) -> None:
    for path in ("districts", "grids", "kinds", "households", "subjects", "members", "teams", "shifts"):
        await admin.get(f"/v1/{path}/{uuid4()}", expect=404)
        if path not in ("grids", "districts"):
            await admin.send("PATCH", f"/v1/{path}/{uuid4()}", {}, expect=404)
    auditor = await caller(Permission.AUDITOR)
    await auditor.send("PATCH", f"/v1/teams/{uuid4()}", {}, expect=403)


async def test_a_district_that_is_missing_or_unknown_is_named_where_it_is_said(
    caller: Callable[..., Awaitable[Caller]], district_id: UUID, foreign_district_id: UUID
) -> None:
    both = await caller(Permission.COORDINATOR, district_id, foreign_district_id)
    map_of_nothing = {"type": "FeatureCollection", "features": []}
    missing = await both.put("/v1/grids", map_of_nothing, expect=422)
    assert [(wrong["in"], wrong["loc"]) for wrong in missing["errors"]] == [("query", "district")]
    unknown = await both.post("/v1/tasks", {"district": "nowhere", "kind": "notice"}, expect=404)
    assert [(wrong["in"], wrong["loc"]) for wrong in unknown["errors"]] == [("body", "district")]
    listed = await both.get("/v1/tasks", params={"district": "nowhere"}, expect=404)
    assert [(wrong["in"], wrong["loc"]) for wrong in listed["errors"]] == [("query", "district")]
