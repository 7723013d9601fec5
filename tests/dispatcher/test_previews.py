"""What posting tasks would do, asked before it is done: the same answers, and nothing is written."""

import asyncio
import time
from typing import Any
from uuid import UUID

import pytest

from services.dispatcher import keys
from shared.domain.clock import utc_now
from shared.domain.ids import new_id
from shared.domain.intake import HouseholdDraft, TaskDraft
from shared.operations.intake import take_in
from shared.store.connection import Connection, connect
from tests.calls import Caller, Http
from tests.city import City, make_city
from tests.tables import everything

ONE, MANY = "/v1/tasks/preview", "/v1/tasks/batch/preview"


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=1)


@pytest.fixture
async def district_id(city: City) -> UUID:
    """The fixtures' callers belong to a district with kinds, a grid and a team."""
    return city.district_id


def task(door: int, **said: Any) -> dict[str, Any]:
    return {"kind": "notice", "household": {"address": f"Lane {door}", "lat": 31.22, "lon": 121.46}, **said}


def without_made_up(answer: dict[str, Any], known: set[str]) -> dict[str, Any]:
    """A batch's answer with the ids left out that were not known before."""
    items = [
        {
            **item,
            "id": item["id"] if item["id"] in known else None,
            "warnings": [
                {**warned, "task_id": warned["task_id"] if warned["task_id"] in known else None}
                for warned in item["warnings"]
            ],
        }
        for item in answer["items"]
    ]
    return {**answer, "items": items}


async def test_a_batch_is_answered_beforehand_as_it_will_be(coordinator: Caller, conn: Connection) -> None:
    known = (await coordinator.post("/v1/tasks", task(1, ref="known")))["id"]
    own = str(new_id())
    rows = [
        task(2, ref="r1"),
        task(3, kind="juggling"),
        task(4, priority=9),
        task(2, ref="r1"),
        task(5, ref="r1"),
        task(1, ref="known"),
        task(6, ref="known"),
        task(1),
        task(2),
        task(7, id=own),
        task(7),
        *(task(door) for door in range(100, 600)),
        task(599, ref="far"),
        task(599, ref="far"),
    ]
    before = await everything(conn)
    preview = await coordinator.post(MANY, {"tasks": rows}, expect=200)
    assert await everything(conn) == before
    real = await coordinator.post("/v1/tasks/batch", {"tasks": rows}, expect=200)
    assert without_made_up(real, {known, own}) == preview
    told = preview["items"]
    assert [item["status"] for item in told[:6]] == [
        "created",
        "rejected",
        "rejected",
        "repeated",
        "rejected",
        "repeated",
    ]
    assert (told[3]["repeats_row"], told[4]["problem"]["code"], told[5]["id"]) == (1, "body_differs", known)
    assert told[7]["warnings"] == [{"code": "possible_duplicate", "task_id": known, "row": None}]
    assert told[8]["warnings"] == [{"code": "possible_duplicate", "task_id": None, "row": 1}]
    assert told[10]["warnings"] == [{"code": "possible_duplicate", "task_id": own, "row": 10}]
    assert (told[-2]["warnings"][0]["row"], told[-1]["repeats_row"]) == (511, 512), (
        "in another transaction of the real one"
    )


async def test_a_table_is_answered_by_the_rows_of_the_spreadsheet(coordinator: Caller, conn: Connection) -> None:
    table = "kind,ref,household_address,due_at\nnotice,a,Lane 1,2026-99-01 10:00\nnotice,b,Lane 2,\nnotice,b,Lane 2,\n"
    before = await everything(conn)
    answer = (await coordinator.send("POST", MANY, content=table.encode(), content_type="text/csv", expect=200)).json
    assert await everything(conn) == before
    assert [(item["row"], item["status"], item["repeats_row"]) for item in answer["items"]] == [
        (2, "rejected", None),
        (3, "created", None),
        (4, "repeated", 3),
    ]
    assert [error["loc"] for error in answer["items"][0]["problem"]["errors"]] == ["due_at"]


async def test_a_batch_of_another_shape_is_refused_as_the_real_one_is(coordinator: Caller) -> None:
    for body in ([], {}, {"tasks": []}, {"tasks": [task(1)], "colour": 1}):
        refused = [await coordinator.post(path, body, expect=422) for path in (MANY, "/v1/tasks/batch")]
        assert refused[0]["errors"] == refused[1]["errors"]


async def test_one_task_is_shown_as_it_would_be(coordinator: Caller, conn: Connection) -> None:
    body = task(1, id=str(new_id()), ref="r1", subject={"name": "Chen Xia", "phone": "+86 21 5555"})
    before = await everything(conn)
    shown = await coordinator.post(ONE, body, expect=200)
    assert await everything(conn) == before
    assert (shown["status"], shown["task"]["warnings"]) == ("created", [])
    made = await coordinator.post("/v1/tasks", body)
    same = ("id", "ref", "kind", "status", "waiting_reason", "grid_id", "priority", "roles", "service_s", "lat", "lon")
    assert {name: made[name] for name in same} == {name: shown["task"][name] for name in same}
    again = await coordinator.post(ONE, body, expect=200)
    assert (again["status"], again["task"]["id"]) == ("repeated", body["id"])


async def test_a_likely_twin_is_shown_before_and_after(coordinator: Caller) -> None:
    twin = await coordinator.post("/v1/tasks", task(1))
    shown = (await coordinator.post(ONE, task(1, priority=5), expect=200))["task"]
    made = await coordinator.post("/v1/tasks", task(1, priority=5))
    assert shown["warnings"] == made["warnings"]
    (warned,) = made["warnings"]
    assert (warned["code"], warned["task_id"], warned["twin"]["id"]) == ("possible_duplicate", twin["id"], twin["id"])
    assert (warned["twin"]["status"], warned["twin"]["due_at"]) == ("pending", twin["due_at"])


async def test_what_is_wrong_with_a_task_is_said_beforehand(coordinator: Caller, conn: Connection) -> None:
    await coordinator.post("/v1/tasks", task(1, ref="r1"))
    before = await everything(conn)
    for body, status in ((task(1, kind="juggling"), 422), (task(1, priority=9), 422), (task(2, ref="r1"), 409)):
        refused = [await coordinator.post(path, body, expect=status) for path in (ONE, "/v1/tasks")]
        assert refused[0]["errors"] == refused[1]["errors"]
    assert await everything(conn) == before


async def test_a_key_is_left_for_the_real_one(coordinator: Caller) -> None:
    body, key = {"tasks": [task(1)]}, {"Idempotency-Key": "k1"}
    for path in (MANY, MANY, "/v1/tasks/batch"):
        answer = await coordinator.send("POST", path, body, headers=key, expect=200)
        assert answer.json["created"] == 1
        assert "Idempotent-Replayed" not in answer.headers


async def test_nobody_is_woken_for_what_is_only_asked(http: Http, conn: Connection, admin: Caller, city: City) -> None:
    elsewhere = await make_city(conn, teams=1)
    nudger = http.app[keys.NUDGER]
    await admin.post(ONE, {**task(1), "district": str(city.district_id)}, expect=200)
    await admin.post(f"{MANY}?district={city.district_id}", {"tasks": [task(1)]}, expect=200)
    await admin.post("/v1/tasks", {**task(1), "district": str(elsewhere.district_id)})
    deadline = time.monotonic() + 30
    while nudger.lost < 1:  # nobody listens where these tests have Redis
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)
    assert nudger.lost == 1, "for the one that was posted after the previews"


async def test_a_preview_gives_way_to_what_is_taken_in_meanwhile(
    database: str, conn: Connection, coordinator: Caller, city: City
) -> None:
    """While somebody takes the same task in, the preview waits, lets go of all it holds, and comes again."""
    draft = TaskDraft(kind="notice", ref="r1", household=HouseholdDraft(address="Lane 1", lat=31.22, lon=121.46))
    async with connect(database, application_name="taking-in") as other:
        async with other.transaction():
            await take_in(other, city.district_id, [draft], now=utc_now())
            asking = asyncio.create_task(coordinator.post(MANY, {"tasks": [task(0), task(1, ref="r1")]}, expect=200))
            began = await waits_since(conn)
            await waits_since(conn, not_since=began)
        answer = await asyncio.wait_for(asking, 30)
    assert [item["status"] for item in answer["items"]] == ["created", "repeated"]


async def waits_since(conn: Connection, not_since: Any = None) -> Any:
    """When the dispatcher's transaction began that waits for a lock; another one than that."""
    deadline = time.monotonic() + 30
    while True:
        began = await conn.fetchval(
            "SELECT xact_start FROM pg_stat_activity WHERE application_name = 'doorstep-dispatcher' AND wait_event_type = 'Lock'"
        )
        if began not in (None, not_since):
            return began
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)
