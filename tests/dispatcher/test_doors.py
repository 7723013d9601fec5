"""Households and subjects over HTTP."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.store.connection import Connection
from tests.calls import Caller

HOME: dict[str, Any] = {"ref": "H-1", "address": "Garden Road 1", "lat": 31.2, "lon": 121.4, "access_notes": "bell"}
PERSON: dict[str, Any] = {"ref": "S-1", "name": "Li Na", "phone": "+86 138 0000", "flags": {"no_smartphone": True}}


async def test_a_household_is_made_found_and_changed(coordinator: Caller) -> None:
    made = await coordinator.post("/v1/households", HOME)
    assert await coordinator.get(f"/v1/households/{made['id']}") == made
    assert (await coordinator.get("/v1/households?q=den road"))["items"] == [made]
    assert (await coordinator.get("/v1/households?ref=H-1"))["items"] == [made]
    assert (await coordinator.get("/v1/households?q=100%25"))["items"] == []
    changed = await coordinator.patch(f"/v1/households/{made['id']}", {"access_notes": "", "address": "Garden Road 2"})
    assert (changed["access_notes"], changed["address"], changed["lat"]) == ("", "Garden Road 2", 31.2)


async def test_making_it_again_under_its_own_id_gives_the_first_one(coordinator: Caller) -> None:
    body = {**HOME, "id": str(uuid4())}
    assert await coordinator.post("/v1/households", body) == await coordinator.post("/v1/households", body)
    refused = await coordinator.post("/v1/households", {**body, "address": "elsewhere"}, expect=409)
    assert refused["errors"][0]["loc"] == "id"
    person = {**PERSON, "id": str(uuid4())}
    assert await coordinator.post("/v1/subjects", person) == await coordinator.post("/v1/subjects", person)


async def test_a_door_and_a_ref_are_known_once(coordinator: Caller) -> None:
    await coordinator.post("/v1/households", HOME)
    assert (await coordinator.post("/v1/households", HOME, expect=409))["code"] == "taken"
    spelt = {"address": "garden road  7", "lat": 31.2, "lon": 121.4}
    await coordinator.post("/v1/households", spelt)
    await coordinator.post("/v1/households", {**spelt, "address": "Garden Road 7"}, expect=409)
    await coordinator.post("/v1/subjects", PERSON)
    await coordinator.post("/v1/subjects", PERSON, expect=409)


@pytest.mark.parametrize(
    ("wrong", "locs"),
    [
        ({"lat": 91}, ["lat"]),
        ({"lat": 91, "lon": "east"}, ["lat", "lon"]),
        ({"lat": None}, ["lat"]),
        ({"ref": None, "address": " ", "lat": None, "lon": None}, ["address"]),
        ({"ref": ""}, ["ref"]),
        ({"address": "x" * 501}, ["address"]),
        ({"address": None}, ["address"]),
        ({"access_notes": "\u0000"}, ["access_notes"]),
        ({"id": "7"}, ["id"]),
    ],
)
async def test_a_bad_household_is_refused_by_field(coordinator: Caller, wrong: dict[str, Any], locs: list[str]) -> None:
    refused = await coordinator.post("/v1/households", {**HOME, **wrong}, expect=422)
    assert [error["loc"] for error in refused["errors"]] == locs


@pytest.mark.parametrize(
    "content", [b'{"address": "a", "lat": NaN, "lon": 1}', b'{"address": "a", "lat": 1e999, "lon": 1}']
)
async def test_no_point_is_infinite_or_not_a_number(coordinator: Caller, content: bytes) -> None:
    answer = await coordinator.send("POST", "/v1/households", content=content)
    assert answer.status in (400, 422)


@pytest.mark.parametrize(
    ("wrong", "loc"),
    [
        ({"ref": None, "phone": None}, "name"),
        ({"phone": "call me"}, "phone"),
        ({"flags": {"language": None}}, "flags.language"),
        ({"flags": {"No Phone": True}}, "flags.No Phone.[key]"),
        ({"flags": {"language": {"nested": 1}}}, "flags.language"),
        ({"flags": {f"f{n}": True for n in range(31)}}, "flags"),
    ],
)
async def test_a_bad_subject_is_refused_by_field(coordinator: Caller, wrong: dict[str, Any], loc: str) -> None:
    refused = await coordinator.post("/v1/subjects", {**PERSON, **wrong}, expect=422)
    assert all(error["loc"].startswith(loc) for error in refused["errors"])


async def test_a_subject_belongs_to_a_household_of_the_same_district(
    coordinator: Caller, admin: Caller, foreign_district_id: UUID
) -> None:
    home = await coordinator.post("/v1/households", HOME)
    foreign = await admin.post("/v1/households", {**HOME, "district": "elsewhere"})
    person = {"name": "Li Na", "household_id": home["id"]}
    made = await coordinator.post("/v1/subjects", person)
    assert (await coordinator.get(f"/v1/subjects?household_id={home['id']}"))["items"] == [made]
    assert (await coordinator.get("/v1/subjects?q=li%20n"))["items"] == [made]
    refused = await coordinator.post("/v1/subjects", {**person, "household_id": foreign["id"]}, expect=404)
    assert refused["errors"][0]["loc"] == "household_id"
    await coordinator.send("PATCH", f"/v1/subjects/{made['id']}", {"household_id": foreign["id"]}, expect=404)
    changed = await coordinator.patch(f"/v1/subjects/{made['id']}", {"phone": "138-0000", "flags": {"language": "en"}})
    assert (changed["phone"], changed["flags"]) == ("138-0000", {"language": "en"})


async def test_reading_a_person_or_door_is_booked(coordinator: Caller, conn: Connection) -> None:
    home = await coordinator.post("/v1/households", HOME)
    person = await coordinator.post("/v1/subjects", PERSON)
    await coordinator.get(f"/v1/households/{home['id']}")
    await coordinator.get(f"/v1/subjects/{person['id']}")
    targets = [row["target"] for row in await conn.fetch("SELECT target FROM audit ORDER BY at")]
    assert targets == [home["id"], person["id"]]


async def test_what_is_said_of_a_door_never_shows_in_events(coordinator: Caller, conn: Connection) -> None:
    home = await coordinator.post("/v1/households", HOME)
    person = await coordinator.post("/v1/subjects", PERSON)
    found = await conn.fetch("SELECT name, data FROM events ORDER BY id")
    assert [(event["name"], event["data"]) for event in found] == [
        ("household.changed", {"household_id": home["id"]}),
        ("subject.changed", {"subject_id": person["id"]}),
    ]
