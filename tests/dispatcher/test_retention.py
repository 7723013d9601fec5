"""What desks see of tasks, people and doors whose personal data was removed."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from shared.domain.clock import utc_now
from shared.domain.words import Permission
from shared.store.connection import Connection, Pool
from tests.calls import Caller, Http, make_actor
from tests.city import LAT, LON, City, make_city
from tests.errands import run_errands
from tests.phones import DOOR, phone_of

BODY = {
    "kind": "door_sensor_check",
    "ref": "order-7",
    "household": {"address": "Sichuan Road 7", "lat": LAT, "lon": LON},
    "subject": {"name": "Wang Xiaoming", "phone": "+8613800001111"},
    "instructions": "Ring twice",
}
TOLD = ("Sichuan", "Wang", "13800001111", "Ring", "device-9")


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=1)


@pytest.fixture
async def desk(http: Http, conn: Connection, city: City) -> Caller:
    return Caller(http, await make_actor(conn, Permission.COORDINATOR, (city.district_id,)))


@pytest.fixture
async def redacted(desk: Caller, conn: Connection, pool: Pool, city: City) -> Any:
    """A task, visited and then redacted, as it was when it was posted."""
    task = await desk.post("/v1/tasks", BODY)
    phone = await phone_of(pool, city.member_ids[1])
    await phone.visits(UUID(task["id"]), result={**DOOR, "device_code": "device-9"})
    for _ in range(2):
        await run_errands(conn, utc_now() + timedelta(days=31), "redact")
    return task


async def test_the_task_says_that_it_was_redacted_and_nothing_of_its_person(desk: Caller, redacted: Any) -> None:
    answer = await desk.send("GET", f"/v1/tasks/{redacted['id']}", expect=200)
    shown = answer.json
    assert [word for word in TOLD if word in answer.content.decode()] == []
    assert shown["redacted_at"]
    assert (shown["household"], shown["subject"], shown["lat"], shown["ref"]) == (None, None, None, "order-7")
    (visit,) = shown["visits"]
    assert (visit["outcome"], visit["result"], visit["note"]) == ("seen_ok", {}, "")
    assert answer.headers["ETag"] != f'"{redacted["version"]}"'


async def test_lists_and_tables_still_count_it(desk: Caller, redacted: Any) -> None:
    listed = (await desk.get("/v1/tasks?status=completed"))["items"]
    assert [(task["id"], task["address"], task["subject_name"]) for task in listed] == [(redacted["id"], None, None)]
    table = await desk.send("GET", "/v1/tasks", headers={"Accept": "text/csv"}, expect=200)
    lines = table.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "order-7" in lines[1]
    assert [word for word in TOLD if word in lines[1]] == []


async def test_no_search_finds_who_it_was_about(desk: Caller, redacted: Any) -> None:
    for path in ("/v1/tasks", "/v1/subjects", "/v1/households"):
        for word in ("Wang", "13800001111", "Sichuan"):
            assert (await desk.get(path, params={"q": word}))["items"] == [], (path, word)
    for path in ("/v1/subjects", "/v1/households"):
        assert (await desk.get(path))["items"] == []


async def test_the_person_and_the_door_are_shown_as_removed_and_cannot_be_changed(desk: Caller, redacted: Any) -> None:
    person, door = f"/v1/subjects/{redacted['subject_id']}", f"/v1/households/{redacted['household_id']}"
    assert (await desk.get(person))["redacted_at"]
    assert (await desk.get(door))["redacted_at"]
    await desk.patch(person, {"name": "Wang"}, expect=404)
    await desk.patch(door, {"address": "There"}, expect=404)


async def test_the_same_task_sent_again_is_still_the_same(desk: Caller, redacted: Any) -> None:
    again = await desk.post("/v1/tasks", BODY, expect=200)
    assert (again["id"], again["status"], again["instructions"]) == (redacted["id"], "completed", "")


async def test_events_tell_how_much_was_removed_and_of_nobody(desk: Caller, conn: Connection, redacted: Any) -> None:
    told = await conn.fetch("SELECT data FROM events WHERE name = 'data.redacted' ORDER BY id")
    assert {"what": "tasks", "rows": 1, "subjects": 1, "households": 1} in [row["data"] for row in told]
    everything = orjson.dumps([row["data"] for row in await conn.fetch("SELECT data FROM events")]).decode()
    assert [word for word in TOLD if word in everything] == []
