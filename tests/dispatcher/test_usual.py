"""Districts that are older than the catalogue get what is usual at a press. The districts of these tests begin without any."""

import asyncio
from typing import Any

from shared.domain.catalogue import SEED_KINDS
from shared.domain.protocol import SEED_PROTOCOLS
from shared.store.connection import Connection
from tests.calls import Caller

KINDS = [seed.code for seed in SEED_KINDS]
PROTOCOLS = [seed.code for seed in SEED_PROTOCOLS]
OLD: dict[str, Any] = {"names": {"en": "As before"}, "service_s": 60, "required_roles": [], "due_after_s": 60}


def codes_of(made: list[dict[str, Any]]) -> list[str]:
    return [one["code"] for one in made]


async def usual(caller: Caller, what: str) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = (await caller.post(f"/v1/{what}/usual", {}, expect=200))["made"]
    return made


async def test_missing_kinds_are_made_and_those_there_stay_as_they_are(coordinator: Caller) -> None:
    old = await coordinator.post("/v1/kinds", {"code": "home_swab", **OLD})
    made = {kind["code"]: kind for kind in await usual(coordinator, "kinds")}
    assert list(made) == [code for code in KINDS if code != "home_swab"]
    shown = await coordinator.get(f"/v1/kinds/{made['isolation_visit']['id']}")
    assert (shown["follow_on"]["fever"], shown["form_version"]) == (["home_swab", "doctor_visit"], 1)
    assert shown["form"]["properties"]
    assert await coordinator.get(f"/v1/kinds/{old['id']}") == old
    assert await usual(coordinator, "kinds") == []


async def test_a_kind_names_no_protocol_that_the_district_has_not_and_can_be_changed(coordinator: Caller) -> None:
    made = {kind["code"]: kind for kind in await usual(coordinator, "kinds")}
    assert made["temperature_check"]["then_follow_up"] == {}
    assert made["release"]["then_follow_up"]["completed"]["end"] == "completed"
    for kind in made.values():
        await coordinator.patch(f"/v1/kinds/{kind['id']}", {"service_s": 240})


async def test_missing_protocols_are_made_with_the_kinds_that_they_name(coordinator: Caller) -> None:
    made = await usual(coordinator, "protocols")
    assert codes_of(made) == PROTOCOLS
    assert [line["kind"] for line in made[0]["lines"]] == ["temperature_check", "isolation_visit", "release"]
    assert [protocol["for_contacts"] for protocol in made] == [["close"], ["secondary"], []]
    kinds = {kind["code"]: kind for kind in (await coordinator.get("/v1/kinds"))["items"]}
    assert set(kinds) == {"temperature_check", "isolation_visit", "release", "delivery", "home_swab"}
    rule = kinds["temperature_check"]["then_follow_up"]["fever"]
    assert (rule["convert_to"], kinds["temperature_check"]["follow_on"]) == ("fever_watch", {"fever": ["home_swab"]})
    assert await usual(coordinator, "protocols") == []
    for protocol in made:
        await coordinator.patch(f"/v1/protocols/{protocol['id']}", {"lost_after_days": 4})


async def test_contacts_keep_their_own_protocol_and_kinds_out_of_use_are_left_out(
    coordinator: Caller, conn: Connection
) -> None:
    kinds = {kind["code"]: kind["id"] for kind in await usual(coordinator, "kinds")}
    line = {"kind": "temperature_check", "times": ["08:00"]}
    ours = {"code": "ours", "names": {"en": "Ours"}, "days": 3, "lines": [line], "for_contacts": ["close"]}
    await coordinator.post("/v1/protocols", ours)
    await coordinator.patch(f"/v1/kinds/{kinds['isolation_visit']}", {"active": False})
    made = await usual(coordinator, "protocols")
    assert [protocol["for_contacts"] for protocol in made] == [[], ["secondary"], []]
    assert [line["kind"] for line in made[0]["lines"]] == ["temperature_check", "release"]


async def test_of_several_who_press_at_once_one_makes_each(coordinator: Caller) -> None:
    for what, codes in (("protocols", PROTOCOLS), ("kinds", KINDS)):
        answers = await asyncio.gather(*(usual(coordinator, what) for _ in range(4)))
        made = [code for answer in answers for code in codes_of(answer)]
        assert len(made) == len(set(made))
        assert set(codes) == set(codes_of((await coordinator.get(f"/v1/{what}?limit=100"))["items"]))
