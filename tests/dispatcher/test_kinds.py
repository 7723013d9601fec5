"""Kinds and their forms over HTTP."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from shared.store.connection import Connection
from tests.calls import Caller

FORM = {"type": "object", "properties": {"steps": {"type": "integer"}}, "required": ["steps"]}
NEW: dict[str, Any] = {
    "code": "stair_check",
    "names": {"en": "Stair check", "zh": "楼道检查"},
    "service_s": 120,
    "required_roles": ["grid_worker"],
    "due_after_s": 3600,
    "form": FORM,
}


async def test_a_kind_is_made_read_and_found(coordinator: Caller, district_id: UUID) -> None:
    made = await coordinator.post("/v1/kinds", NEW)
    assert (made["form"], made["form_version"], made["district_id"]) == (FORM, 1, str(district_id))
    assert await coordinator.get(f"/v1/kinds/{made['id']}") == made
    for text in ("stair", "楼道"):
        assert [kind["code"] for kind in (await coordinator.get(f"/v1/kinds?q={text}"))["items"]] == ["stair_check"]
    assert (await coordinator.get("/v1/kinds?q=%25"))["items"] == []


async def test_making_it_again_under_its_own_id_gives_the_first_one(coordinator: Caller) -> None:
    body = {**NEW, "id": str(uuid4())}
    assert await coordinator.post("/v1/kinds", body) == await coordinator.post("/v1/kinds", body)
    await coordinator.post("/v1/kinds", {**body, "priority": 5}, expect=409)
    refused = await coordinator.post("/v1/kinds", NEW, expect=409)
    assert refused["errors"][0]["loc"] == "code"


async def test_a_changed_form_is_a_new_version_and_the_old_one_stays(coordinator: Caller) -> None:
    path = f"/v1/kinds/{(await coordinator.post('/v1/kinds', NEW))['id']}"
    newer = {"type": "object"}
    changed = await coordinator.patch(path, {"form": newer, "priority": 5})
    assert (changed["form"], changed["form_version"], changed["priority"]) == (newer, 2, 5)
    assert [version["version"] for version in changed["form_versions"]] == [1, 2]
    assert (await coordinator.get(f"{path}/forms/1"))["form"] == FORM
    assert (await coordinator.get(f"{path}/forms/2"))["form"] == newer
    await coordinator.get(f"{path}/forms/3", expect=404)
    assert (await coordinator.patch(path, {"form": newer}))["form_version"] == 2


async def test_two_new_forms_at_once_are_two_versions(coordinator: Caller) -> None:
    path = f"/v1/kinds/{(await coordinator.post('/v1/kinds', NEW))['id']}"
    forms = [{"type": "object", "title": f"{n}"} for n in range(6)]
    changed = await asyncio.gather(*(coordinator.patch(path, {"form": form}) for form in forms))
    assert sorted(kind["form_version"] for kind in changed) == [2, 3, 4, 5, 6, 7]
    kept = [(await coordinator.get(f"{path}/forms/{version}"))["form"] for version in range(2, 8)]
    assert sorted(form["title"] for form in kept) == [form["title"] for form in forms]


@pytest.mark.parametrize(
    ("wrong", "loc"),
    [
        ({"code": "Stair Check"}, "code"),
        ({"names": {}}, "names"),
        ({"names": {"english": "x"}}, "names.english.[key]"),
        ({"channel": "telepathy"}, "channel"),
        ({"service_s": -1}, "service_s"),
        ({"service_s": 1.5}, "service_s"),
        ({"priority": 6}, "priority"),
        ({"due_after_s": 0}, "due_after_s"),
        ({"required_roles": ["grid_worker", "pilot"]}, "required_roles.1"),
        ({"follow_on": {"fever": ["no_such_kind"]}}, "follow_on.fever"),
        ({"follow_on": {"bored": ["stair_check"]}}, "follow_on.bored"),
        ({"raises_alarm": ["unavailable"]}, "raises_alarm.0"),
        ({"then_follow_up": {"completed": {}}}, "then_follow_up.completed"),
        ({"then_follow_up": {"completed": {"end": "completed", "convert_to": "x"}}}, "then_follow_up.completed"),
        ({"then_follow_up": {"completed": {"end": "lost"}}}, "then_follow_up.completed.end"),
        ({"then_follow_up": {"bored": {"end": "completed"}}}, "then_follow_up.bored.[key]"),
        ({"quick_s": 0}, "quick_s"),
        ({"far_m": -3}, "far_m"),
        ({"form": {"type": "object", "properties": {"a": {"$ref": "https://example.org/x"}}}}, "form"),
        ({"form": {"type": "object", "properties": 3}}, "form"),
        ({"form": {"type": "string"}}, "form"),
        ({"form": []}, "form"),
        ({"max_attempts": 0}, "max_attempts"),
        ({"retry_after_s": 10**12}, "retry_after_s"),
    ],
)
async def test_a_bad_field_is_named(coordinator: Caller, wrong: dict[str, Any], loc: str) -> None:
    refused = await coordinator.post("/v1/kinds", {**NEW, **wrong}, expect=422)
    assert [error["loc"] for error in refused["errors"]] == [loc]


@pytest.mark.parametrize("depth", [100, 400, 1010, 3000])
@pytest.mark.parametrize("leaf", [b"1", b'"\\u0000"'])
async def test_a_form_that_nests_deep_is_refused_not_stumbled_over(
    coordinator: Caller, depth: int, leaf: bytes
) -> None:
    form = b'{"type": "object", "not": ' * depth + leaf + b"}" * depth
    content = orjson.dumps({**NEW, "form": None}).replace(b'"form":null', b'"form":' + form)
    answer = await coordinator.send("POST", "/v1/kinds", content=content)
    assert answer.status in (400, 422)


async def test_a_kind_may_follow_on_itself_and_others(coordinator: Caller) -> None:
    made = await coordinator.post("/v1/kinds", {**NEW, "follow_on": {"refused": ["stair_check"]}})
    assert made["follow_on"] == {"refused": ["stair_check"]}


async def test_what_an_earlier_release_took_for_a_trigger_stays_and_no_new_one_comes(
    coordinator: Caller, conn: Connection
) -> None:
    path = f"/v1/kinds/{(await coordinator.post('/v1/kinds', NEW))['id']}"
    await conn.execute("""UPDATE kinds SET follow_on = '{"broken": ["stair_check"]}' WHERE code = 'stair_check'""")
    kept = {"broken": ["stair_check"], "refused": ["stair_check"]}
    assert (await coordinator.patch(path, {"follow_on": kept, "priority": 4}))["follow_on"] == kept
    refused = await coordinator.patch(path, {"follow_on": {**kept, "bored": ["stair_check"]}}, expect=422)
    assert [error["loc"] for error in refused["errors"]] == ["follow_on.bored"]


async def test_a_kind_says_what_follows_from_a_visit_and_all_of_it_is_off_unless_said(coordinator: Caller) -> None:
    made = await coordinator.post("/v1/kinds", NEW)
    off = {"retry_elsewhen": False, "then_follow_up": {}, "raises_alarm": [], "quick_s": None, "far_m": None}
    assert {name: made[name] for name in off} == off
    rules = {
        "retry_elsewhen": True,
        "then_follow_up": {"completed": {"end": "completed", "convert_to": None, "when": {"released": True}}},
        "raises_alarm": ["refused", "fever"],
        "quick_s": 45,
        "far_m": 300,
    }
    changed = await coordinator.patch(f"/v1/kinds/{made['id']}", rules)
    assert {name: changed[name] for name in rules} == rules
    assert await coordinator.patch(f"/v1/kinds/{made['id']}", {"priority": 3}) == changed
    cleared = await coordinator.patch(f"/v1/kinds/{made['id']}", off)
    assert {name: cleared[name] for name in off} == off


async def test_a_change_says_so_in_an_event(coordinator: Caller, conn: Connection) -> None:
    made = await coordinator.post("/v1/kinds", NEW)
    await coordinator.patch(f"/v1/kinds/{made['id']}", {"active": False})
    events = await conn.fetch("SELECT data, account_id FROM events WHERE name = 'kind.changed'")
    assert [event["data"]["kind_id"] for event in events] == [made["id"]] * 2
    assert all(event["account_id"] for event in events)
    assert (await coordinator.get("/v1/kinds?active=true"))["items"] == []
