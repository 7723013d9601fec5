"""The end of a shift over HTTP: what phones say of it, and what desks and the next team are shown."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.domain.clock import utc_now
from shared.domain.words import Permission
from shared.operations.handover import close_ended_shift
from shared.operations.shifts import change_shift
from shared.store.connection import Connection
from tests.calls import Caller, Http, make_actor, make_token
from tests.city import post
from tests.evening import Evening, make_evening
from tests.phones import give, standing

NOTE = "钥匙在邻居家"


@pytest.fixture
async def evening(conn: Connection) -> Evening:
    return await make_evening(conn)


@pytest.fixture
async def doctor(http: Http, conn: Connection, evening: Evening) -> Caller:
    """Of the ending team."""
    return Caller(http, await make_token(conn, member_id=evening.city.member_ids[1]))


@pytest.fixture
async def desk(http: Http, conn: Connection, evening: Evening) -> Caller:
    return Caller(http, await make_actor(conn, Permission.COORDINATOR, (evening.city.district_id,)))


async def posted(conn: Connection, evening: Evening, count: int) -> list[UUID]:
    task_ids = await post(conn, evening.city, count)
    await give(conn, evening.city, evening.ending, task_ids)
    return task_ids


def item(report: str, *task_ids: UUID, **fields: Any) -> dict[str, Any]:
    said = {"report": report, "task_ids": [str(task_id) for task_id in task_ids]}
    return {"id": str(uuid4()), "at": utc_now().isoformat(), **said, **fields}


async def send(caller: Caller, *items: dict[str, Any]) -> list[Any]:
    body = {"sent_at": utc_now().isoformat(), "reports": list(items)}
    return list((await caller.post("/v1/me/reports", body, expect=200))["items"])


async def test_a_desk_sees_what_went_to_whom_and_what_is_still_open(
    conn: Connection, evening: Evening, doctor: Caller, desk: Caller
) -> None:
    kept, handed, silent, free = await posted(conn, evening, 4)
    answers = await send(
        doctor, item("accept", kept, handed, silent), item("keep", kept), item("hand_over", handed, note=NOTE)
    )
    assert [answer["status"] for answer in answers] == ["done"] * 3
    await close_ended_shift(conn, evening.shift_id, evening.ending, evening.later)
    seen = await desk.get(f"/v1/shifts/{evening.shift_id}/handover")
    assert [(one["task_id"], one["to_team"], one["note"], one["holder"]) for one in seen["handed_over"]] == [
        (str(handed), "team-1", NOTE, "team-1"),
        (str(free), "team-1", "", "team-1"),
    ]
    assert seen["handed_over"][0]["member"].startswith("doctor")
    assert seen["handed_over"][1]["member"] is None
    assert {one["task_id"]: one["kept"] for one in seen["still_open"]} == {str(kept): True, str(silent): False}
    assert (seen["goes_on"], seen["team_id"]) == (False, str(evening.ending))
    assert await desk.get(f"/v1/teams/{evening.ending}/handover") == seen
    task = await desk.get(f"/v1/tasks/{handed}")
    assert [one["note"] for one in task["handovers"]] == [NOTE]
    assert "接班" in task["assignment"]["why"]["zh"]


async def test_the_team_that_follows_sees_what_it_got_once_its_shift_is_on(
    conn: Connection, evening: Evening, doctor: Caller, desk: Caller
) -> None:
    (handed,) = await posted(conn, evening, 1)
    await send(doctor, item("hand_over", handed, note=NOTE))
    await desk.get(f"/v1/teams/{evening.following}/handover", expect=404)
    seen = await desk.get(f"/v1/shifts/{evening.next_shift_id}/handover")
    assert [(one["task_id"], one["from_team"]) for one in seen["received"]] == [(str(handed), "team-0")]
    assert seen["handed_over"] == []


async def test_a_phone_is_told_when_it_asks_and_what_was_kept(
    conn: Connection, evening: Evening, doctor: Caller
) -> None:
    kept, _ = await posted(conn, evening, 2)
    await send(doctor, item("keep", kept))
    route = await doctor.get("/v1/me/route")
    assert route["ending"]["shift_id"] == str(evening.shift_id)
    tasks = {task["id"]: task for stop in route["stops"] for task in stop["tasks"]}
    assert [(task["kept"], task["accepted"]) for task in (tasks[str(kept)],)] == [(True, True)]
    assert [task["kept"] for task_id, task in tasks.items() if task_id != str(kept)] == [False]


async def test_said_twice_a_task_is_handed_over_once(conn: Connection, evening: Evening, doctor: Caller) -> None:
    (handed,) = await posted(conn, evening, 1)
    said = item("hand_over", handed, note=NOTE)
    first = await send(doctor, said)
    assert await send(doctor, said) == first
    assert await conn.fetchval("SELECT count(*) FROM handovers") == 1


async def test_too_early_it_is_refused_and_nothing_changes(conn: Connection, evening: Evening, doctor: Caller) -> None:
    (task_id,) = await posted(conn, evening, 1)
    longer = {"ends_at": evening.ends_at + timedelta(hours=1)}
    await change_shift(conn, evening.shift_id, longer, now=utc_now(), account_id=None)
    for answer in await send(doctor, item("keep", task_id), item("hand_over", task_id)):
        assert answer["status"] == "refused"
        assert (answer["problem"]["code"], answer["problem"]["status"]) == ("too_early_to_hand_over", 409)
    assert await standing(conn, task_id) == ("assigned", evening.ending)


@pytest.mark.parametrize(
    ("broken", "loc"),
    [
        ({"task_ids": []}, "reports.0.task_ids"),
        ({"task_ids": ["no id"]}, "reports.0.task_ids.0"),
        ({"note": "x" * 2001}, "reports.0.note"),
        ({"note": None}, "reports.0.note"),
        ({"more": 1}, "reports.0.more"),
    ],
)
async def test_every_bad_field_is_named(doctor: Caller, broken: dict[str, Any], loc: str) -> None:
    (answer,) = await send(doctor, {**item("hand_over", uuid4()), **broken})
    assert [error["loc"] for error in answer["problem"]["errors"]] == [loc]


async def test_the_event_tells_both_teams_and_no_note(conn: Connection, evening: Evening, doctor: Caller) -> None:
    (handed,) = await posted(conn, evening, 1)
    await send(doctor, item("hand_over", handed, note=NOTE))
    told = await conn.fetch(
        "SELECT name, team_id, data::text AS data FROM events WHERE task_id = $1 ORDER BY id", handed
    )
    assert {(row["name"], row["team_id"]) for row in told} >= {
        ("task.handed_over", evening.following),
        ("task.released", evening.ending),
        ("task.assigned", evening.following),
    }
    assert not any(NOTE in row["data"] for row in told)
