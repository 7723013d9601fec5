"""Members, teams and shifts over HTTP."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.store.connection import Connection
from tests.calls import Caller, make_member

HOUR = timedelta(hours=1)
DOCTOR: dict[str, Any] = {"name": "Wu Min", "phone": "+86 139 0000 0001", "role": "doctor", "pin": "2580"}


def at(hours: float) -> str:
    return (datetime.now(UTC) + hours * HOUR).isoformat()


async def hire(coordinator: Caller, role: str, number: int) -> str:
    member = await coordinator.post(
        "/v1/members", {"name": f"{role} {number}", "phone": f"1390000{number:04d}", "role": role}
    )
    made: str = member["id"]
    return made


async def form_team(coordinator: Caller, code: str = "T1", *members: str, **rest: Any) -> Any:
    seats = [{"member_id": member} for member in members]
    return await coordinator.post("/v1/teams", {"code": code, "name": code, "members": seats, **rest})


async def test_a_member_is_made_found_and_changed_and_the_pin_never_shown(
    coordinator: Caller, conn: Connection
) -> None:
    pin = "258025802580"  # so long that no id holds it by chance
    made = await coordinator.post("/v1/members", {**DOCTOR, "pin": pin, "capabilities": ["swab", "english", "swab"]})
    assert made["phone"] == "+8613900000001"
    assert made["capabilities"] == ["english", "swab"]
    assert made["has_pin"]
    assert pin not in str(made)
    assert pin not in await conn.fetchval("SELECT pin_hash FROM members WHERE id = $1", UUID(made["id"]))
    assert (await coordinator.get("/v1/members?q=wu%20m&role=doctor&duty=on&active=true"))["items"] == [made]
    changed = await coordinator.patch(f"/v1/members/{made['id']}", {"duty": "off", "name": "Wu Min-Li"})
    assert (changed["duty"], changed["name"], changed["has_pin"]) == ("off", "Wu Min-Li", True)
    assert (await coordinator.get("/v1/members?duty=on"))["items"] == []
    dialled = await coordinator.get("/v1/members", params={"q": f" {made['phone'][-7:-4]} - {made['phone'][-4:]}"})
    assert [member["id"] for member in dialled["items"]] == [made["id"]], "however the number is written"


async def test_a_phone_is_used_once_however_it_is_written(coordinator: Caller) -> None:
    await coordinator.post("/v1/members", DOCTOR)
    refused = await coordinator.post("/v1/members", {**DOCTOR, "phone": "+86 (139) 0000-0001"}, expect=409)
    assert refused["errors"][0]["loc"] == "phone"


async def test_making_a_member_again_under_the_same_id_gives_the_first_one(coordinator: Caller) -> None:
    body = {**DOCTOR, "id": str(uuid4())}
    assert await coordinator.post("/v1/members", body) == await coordinator.post("/v1/members", body)
    await coordinator.post("/v1/members", {**body, "role": "police"}, expect=409)


@pytest.mark.parametrize(
    ("wrong", "loc"),
    [
        ({"role": "pilot"}, "role"),
        ({"phone": "none"}, "phone"),
        ({"pin": "12"}, "pin"),
        ({"pin": 2580}, "pin"),
        ({"name": ""}, "name"),
        ({"duty": "asleep"}, "duty"),
        ({"capabilities": ["Swab!"]}, "capabilities.0"),
        ({"language": "Klingon"}, "language"),
    ],
)
async def test_a_bad_member_is_refused_by_field(coordinator: Caller, wrong: dict[str, Any], loc: str) -> None:
    refused = await coordinator.post("/v1/members", {**DOCTOR, **wrong}, expect=422)
    assert [error["loc"] for error in refused["errors"]] == [loc]


async def test_a_new_pin_logs_the_member_out(coordinator: Caller, anyone: Caller) -> None:
    made = await coordinator.post("/v1/members", DOCTOR)
    session = await anyone.post("/v1/sessions", {"phone": DOCTOR["phone"], "pin": "2580"})
    phone = Caller(anyone.http, session["token"])
    await phone.get("/v1/sessions/current")
    await coordinator.patch(f"/v1/members/{made['id']}", {"pin": "1470"})
    await phone.get("/v1/sessions/current", expect=401)
    await anyone.post("/v1/sessions", {"phone": DOCTOR["phone"], "pin": "2580"}, expect=401)
    await anyone.post("/v1/sessions", {"phone": DOCTOR["phone"], "pin": "1470"})


async def test_a_team_shows_its_people_duty_and_shift(coordinator: Caller) -> None:
    worker, doctor = await hire(coordinator, "grid_worker", 1), await hire(coordinator, "doctor", 2)
    team = await form_team(coordinator, "T1", doctor, worker, start={"lat": 31.2, "lon": 121.4}, mode="scooter")
    assert [(member["role"], member["duty"]) for member in team["members"]] == [("grid_worker", "on"), ("doctor", "on")]
    assert (team["shift"], team["start"], team["mode"]) == (None, {"lat": 31.2, "lon": 121.4}, "scooter")
    shift = await coordinator.post("/v1/shifts", {"team_id": team["id"], "starts_at": at(-1), "ends_at": at(7)})
    await coordinator.patch(f"/v1/members/{doctor}", {"duty": "break"})
    shown = await coordinator.get(f"/v1/teams/{team['id']}")
    assert shown["shift"] == shift
    assert [member["duty"] for member in shown["members"]] == ["on", "break"]
    assert (await coordinator.get("/v1/teams?q=t1&active=true"))["items"] == [shown]
    changed = await coordinator.patch(f"/v1/teams/{team['id']}", {"start": None, "max_visits": 40})
    assert (changed["start"], changed["max_visits"], changed["code"]) == (None, 40, "T1")


async def test_making_a_team_again_under_its_own_id_gives_the_first_one(coordinator: Caller) -> None:
    doctor = await hire(coordinator, "doctor", 1)
    body = {"id": str(uuid4()), "code": "T1", "name": "One", "members": [{"member_id": doctor}]}
    assert await coordinator.post("/v1/teams", body) == await coordinator.post("/v1/teams", body)
    await coordinator.post("/v1/teams", {**body, "mode": "scooter"}, expect=409)
    refused = await coordinator.post("/v1/teams", {"code": "T1", "name": "Two"}, expect=409)
    assert refused["errors"][0]["loc"] == "code"


async def test_a_team_with_a_member_of_another_team_is_not_formed_at_all(coordinator: Caller, conn: Connection) -> None:
    doctor = await hire(coordinator, "doctor", 1)
    await form_team(coordinator, "T1", doctor)
    seats = {"code": "T2", "name": "T2", "members": [{"member_id": doctor}]}
    assert (await coordinator.post("/v1/teams", seats, expect=409))["code"] == "slot_filled"
    assert await conn.fetchval("SELECT count(*) FROM teams") == 1


async def test_the_home_grid_is_named_by_code_or_id(coordinator: Caller) -> None:
    ring = [[121.4, 31.2], [121.5, 31.2], [121.5, 31.3], [121.4, 31.2]]
    feature = {"type": "Feature", "id": "g 7", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    await coordinator.put("/v1/grids", {"type": "FeatureCollection", "features": [feature]})
    grid = (await coordinator.get("/v1/grids"))["items"][0]
    team = await form_team(coordinator, "T1", home_grid="g 7")
    assert team["home_grid_id"] == grid["id"]
    assert (await coordinator.patch(f"/v1/teams/{team['id']}", {"home_grid": None}))["home_grid_id"] is None
    assert (await coordinator.patch(f"/v1/teams/{team['id']}", {"home_grid": grid["id"]}))["home_grid_id"] == grid["id"]
    refused = await coordinator.send("PATCH", f"/v1/teams/{team['id']}", {"home_grid": "g 8"}, expect=404)
    assert refused.json["errors"][0]["loc"] == "home_grid"


async def test_people_change_and_substitutes_stand_in(coordinator: Caller) -> None:
    doctor, other, stand_in = [await hire(coordinator, "doctor", number) for number in range(3)]
    team = await form_team(coordinator, "T1", doctor)
    on_team = await coordinator.put(f"/v1/teams/{team['id']}/members", {"members": [{"member_id": other}]})
    assert [(m["member_id"], m["until"]) for m in on_team["items"]] == [(other, None)]
    stood_in = await coordinator.post(
        f"/v1/teams/{team['id']}/substitutes", {"member_id": stand_in, "role": "doctor", "until": at(2)}
    )
    assert stood_in["member_id"] == stand_in
    ahead = await coordinator.get(f"/v1/teams/{team['id']}/members")
    assert [(m["member_id"], m["until"]) for m in ahead["items"]] == [(stand_in, stood_in["until"]), (other, None)]
    shown = await coordinator.get(f"/v1/teams/{team['id']}")
    assert [member["member_id"] for member in shown["members"]] == [stand_in]
    refused = await coordinator.send(
        "PUT", f"/v1/teams/{team['id']}/members", {"members": [], "from": at(-3)}, expect=422
    )
    assert refused.json["errors"][0]["loc"] == "from"


async def test_members_and_teams_of_another_district_are_not_found(
    coordinator: Caller, admin: Caller, conn: Connection, foreign_district_id: UUID
) -> None:
    foreigner = await make_member(conn, foreign_district_id)
    foreign_team = await admin.post("/v1/teams", {"code": "F", "name": "F", "district": "elsewhere"})
    team = await form_team(coordinator)
    seats = {"members": [{"member_id": str(foreigner)}]}
    await coordinator.send("PUT", f"/v1/teams/{team['id']}/members", seats, expect=404)
    await coordinator.send("PUT", f"/v1/teams/{foreign_team['id']}/members", {"members": []}, expect=404)
    await coordinator.send("PATCH", f"/v1/members/{foreigner}", {"duty": "off"}, expect=404)
    await coordinator.get(f"/v1/members/{foreigner}", expect=404)
    shift = {"team_id": foreign_team["id"], "starts_at": at(1), "ends_at": at(2)}
    await coordinator.post("/v1/shifts", shift, expect=404)
    theirs = await admin.post("/v1/shifts", shift)
    await coordinator.send("DELETE", f"/v1/shifts/{theirs['id']}", expect=404)
    await coordinator.send("PATCH", f"/v1/shifts/{theirs['id']}", {"ends_at": at(3)}, expect=404)
    assert (await coordinator.get("/v1/shifts"))["items"] == []


async def test_shifts_are_made_singly_and_by_the_list_and_found_by_time(coordinator: Caller) -> None:
    team = await form_team(coordinator)
    one = await coordinator.post("/v1/shifts", {"team_id": team["id"], "starts_at": at(1), "ends_at": at(9)})
    many = [
        {"id": str(uuid4()), "team_id": team["id"], "starts_at": at(24 * day + 1), "ends_at": at(24 * day + 9)}
        for day in range(1, 100)
    ]
    made = await coordinator.post("/v1/shifts", many)
    assert [shift["id"] for shift in made["items"]] == [shift["id"] for shift in many]
    assert await coordinator.post("/v1/shifts", many) == made
    found = await coordinator.get("/v1/shifts", params={"team_id": team["id"], "since": at(0), "until": at(30)})
    assert sorted(shift["id"] for shift in found["items"]) == sorted([one["id"], many[0]["id"]])
    await coordinator.delete(f"/v1/shifts/{one['id']}")
    await coordinator.get(f"/v1/shifts/{one['id']}", expect=404)


@pytest.mark.parametrize(
    ("wrong", "loc"),
    [
        ({"starts_at": "2026-03-02T08:00:00"}, "starts_at"),
        ({"starts_at": "tomorrow"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00Z"}, "starts_at"),
        ({"ends_at": "9999-12-31T23:59:59.999999Z"}, "ends_at"),
        ({"ends_at": at(0)}, "ends_at"),
        ({"ends_at": at(36)}, "ends_at"),
        ({"team_id": "T1"}, "team_id"),
        ({"colour": 1}, "colour"),
    ],
)
async def test_a_bad_shift_is_refused_by_field(coordinator: Caller, wrong: dict[str, Any], loc: str) -> None:
    team = await form_team(coordinator)
    shift = {"team_id": team["id"], "starts_at": at(1), "ends_at": at(9), **wrong}
    refused = await coordinator.post("/v1/shifts", shift, expect=422)
    assert [error["loc"] for error in refused["errors"]] == [loc]
    fine = {"team_id": team["id"], "starts_at": at(41), "ends_at": at(49)}
    refused = await coordinator.post("/v1/shifts", [fine, shift], expect=422)
    assert [error["loc"] for error in refused["errors"]] == [f"1.{loc}"]
    assert (await coordinator.get("/v1/shifts"))["items"] == []


@pytest.mark.parametrize("count", [0, 1001])
async def test_a_list_has_one_to_a_thousand_shifts(coordinator: Caller, count: int) -> None:
    shift = {"team_id": str(uuid4()), "starts_at": at(1), "ends_at": at(9)}
    await coordinator.post("/v1/shifts", [shift] * count, expect=422)


async def test_of_many_overlapping_shifts_at_once_exactly_one_is_made(coordinator: Caller) -> None:
    team = await form_team(coordinator)
    shift = {"team_id": team["id"], "starts_at": at(1), "ends_at": at(9)}
    answers = await asyncio.gather(*(coordinator.send("POST", "/v1/shifts", shift) for _ in range(6)))
    assert sorted(answer.status for answer in answers) == [201, *[409] * 5]
    assert {answer.json.get("code") for answer in answers if answer.status == 409} == {"shift_overlaps"}


async def test_the_same_member_posted_by_two_at_once_is_one_member(coordinator: Caller, conn: Connection) -> None:
    body = {**DOCTOR, "id": str(uuid4()), "pin": None}
    answers = await asyncio.gather(*(coordinator.post("/v1/members", body) for _ in range(6)))
    assert {answer["id"] for answer in answers} == {body["id"]}
    assert await conn.fetchval("SELECT count(*) FROM members WHERE phone = '+8613900000001'") == 1
