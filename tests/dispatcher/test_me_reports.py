"""Reports over HTTP: item by item, safe to send twice, bad ones named and never in the way of the others."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from shared.domain.clock import utc_now
from shared.domain.words import Permission
from shared.store.connection import Connection
from tests.calls import Caller, Http, make_actor, make_token
from tests.city import City, assert_consistent, make_city, post
from tests.phones import DOOR, FEVER, give, standing


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=2)


@pytest.fixture
async def doctor(http: Http, conn: Connection, city: City) -> Caller:
    return Caller(http, await make_token(conn, member_id=city.member_ids[1]))


def item(report: str, at: datetime | None = None, **fields: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "report": report, "at": (at or utc_now()).isoformat(), **fields}


def visit(task_id: UUID, outcome: str = "seen_ok", **fields: Any) -> dict[str, Any]:
    fields = {"result": DOOR if outcome.startswith("seen") else {}, "form_version": 1, **fields}
    return item("visit", task_id=str(task_id), outcome=outcome, **fields)


async def send(caller: Caller, *items: Any, sent_at: datetime | None = None) -> list[Any]:
    body = {"sent_at": (sent_at or utc_now()).isoformat(), "reports": list(items)}
    answers: list[Any] = (await caller.post("/v1/me/reports", body, expect=200))["items"]
    assert len(answers) == len(items)
    return answers


async def test_a_visit_from_the_door_to_the_record(conn: Connection, city: City, doctor: Caller) -> None:
    (task_id,) = await post(conn, city)
    await give(conn, city, city.team_ids[0], [task_id])
    answers = await send(
        doctor,
        item("accept", task_ids=[str(task_id)]),
        item("depart", task_id=str(task_id)),
        item("position", lat=31.22, lon=121.46, accuracy_m=8.5),
        item("arrive", task_id=str(task_id)),
        visit(task_id, note="两位老人", position={"lat": 31.22, "lon": 121.46}),
        item("duty", duty="break"),
    )
    assert [answer["status"] for answer in answers] == ["done"] * 6
    assert answers[4]["outcome"] == "seen_ok"
    assert await standing(conn, task_id) == ("completed", None)
    assert await conn.fetchval("SELECT duty FROM members WHERE id = $1", city.member_ids[1]) == "break"
    assert await conn.fetchval("SELECT note FROM visits") == "两位老人"
    await assert_consistent(conn)


async def test_the_same_batch_again_gets_the_same_answers_and_changes_nothing(
    conn: Connection, city: City, doctor: Caller
) -> None:
    done, refused = await post(conn, city, 2, kind="temperature_check")
    await give(conn, city, city.team_ids[0], [done])
    items = [
        visit(done, result=FEVER),
        item("accept", task_ids=[str(refused)]),
        visit(refused, "unavailable"),
        {"report": "visit", "id": "no id"},
    ]
    first = await send(doctor, *items)
    events = await conn.fetchval("SELECT count(*) FROM events")
    assert [answer["status"] for answer in first] == ["done", "refused", "kept_for_review", "refused"]
    assert len(first[0]["made_task_ids"]) == 2
    for _ in range(2):
        assert await send(doctor, *items) == first
    at_once = await asyncio.gather(*(send(doctor, *items) for _ in range(4)))
    assert all(answers == first for answers in at_once)
    assert await conn.fetchval("SELECT count(*) FROM events") == events
    assert await conn.fetchval("SELECT count(*) FROM visits") == 2
    assert await conn.fetchval("SELECT count(*) FROM reports") == 3, "what is no report is not kept"


async def test_fresh_batches_sent_at_once_by_many_phones_are_each_counted_once(
    http: Http, conn: Connection, city: City
) -> None:
    task_ids = await post(conn, city, 12)
    await give(conn, city, city.team_ids[0], task_ids[:6])
    await give(conn, city, city.team_ids[1], task_ids[6:])
    phones = [Caller(http, await make_token(conn, member_id=member_id)) for member_id in city.member_ids]
    batches = [[visit(task_id) for task_id in task_ids] for _ in phones]
    sent = [pair for pair in zip(phones, batches, strict=True) for _ in range(2)]
    answers = await asyncio.gather(*(send(phone, *batch) for phone, batch in sent))
    assert answers[::2] == answers[1::2]
    assert await conn.fetchval("SELECT count(*) FROM visits") == 72
    assert await conn.fetchval("SELECT count(*) FROM visits WHERE needs_review <@ '{too_quick}'") == 12
    assert await conn.fetchval("SELECT count(*) FROM tasks WHERE status = 'completed'") == 12
    await assert_consistent(conn)


async def test_the_same_id_with_another_body_is_refused_and_the_first_stands(
    conn: Connection, city: City, doctor: Caller
) -> None:
    (task_id,) = await post(conn, city)
    first = visit(task_id, "unavailable")
    await send(doctor, first)
    (answer,) = await send(doctor, {**first, "outcome": "seen_ok"})
    assert (answer["status"], answer["problem"]["status"], answer["problem"]["code"]) == (
        "refused",
        409,
        "body_differs",
    )
    (again,) = await send(doctor, dict(reversed(first.items())))
    assert again["status"] == "kept_for_review", "the order of the fields does not make another body"


@pytest.mark.parametrize(
    ("change", "loc"),
    [
        ({"outcome": "fine"}, "reports.0.outcome"),
        ({"form_version": "1"}, "reports.0.form_version"),
        ({"form_version": 2**31}, "reports.0.form_version"),
        ({"at": "2026-02-03T08:00:00"}, "reports.0.at"),
        ({"at": 1700000000}, "reports.0.at"),
        ({"result": []}, "reports.0.result"),
        ({"note": "x" * 2001}, "reports.0.note"),
        ({"position": {"lat": 91, "lon": 0}}, "reports.0.position.lat"),
        ({"colour": "red"}, "reports.0.colour"),
        ({"task_id": None}, "reports.0.task_id"),
        ({"report": "dance"}, "reports.0"),
        ({"id": "7"}, "reports.0.id"),
    ],
)
async def test_a_bad_item_names_its_fields_and_stops_nobody(
    conn: Connection, city: City, doctor: Caller, change: dict[str, Any], loc: str
) -> None:
    bad, good = await post(conn, city, 2)
    broken, kept = await send(doctor, visit(bad) | change, visit(good))
    assert (broken["status"], broken["problem"]["status"], broken["problem"]["code"]) == ("refused", 422, "invalid")
    assert loc in [error["loc"] for error in broken["problem"]["errors"]]
    assert kept["status"] == "done"
    assert await conn.fetchval("SELECT count(*) FROM reports") == 1


@pytest.mark.parametrize("number", ["1" * 31, "1e999", "-0.0", "1" * 18])
@pytest.mark.parametrize("depth", [0, 200, 400])
async def test_no_result_is_too_odd_to_be_answered(
    conn: Connection, city: City, doctor: Caller, number: str, depth: int
) -> None:
    (task_id,) = await post(conn, city)
    body = {"sent_at": utc_now().isoformat(), "reports": [visit(task_id, result={"n": "NUMBER"})]}
    content = orjson.dumps(body).replace(b'"NUMBER"', b"[" * depth + number.encode() + b"]" * depth)
    for _ in range(2):
        answer = await doctor.send("POST", "/v1/me/reports", content=content)
        assert answer.status in (200, 400, 422)
        if answer.status == 200:
            assert answer.json["items"][0]["status"] in ("kept_for_review", "refused")


@pytest.mark.parametrize("thing", [None, 7, "visit", [], {}, {"report": "visit"}, {"report": None}])
async def test_what_is_no_report_at_all_is_answered_too(city: City, doctor: Caller, thing: Any) -> None:
    (answer,) = await send(doctor, thing)
    assert (answer["id"], answer["status"], answer["problem"]["status"]) == (None, "refused", 422)


async def test_more_than_five_hundred_items_are_refused_whole(conn: Connection, doctor: Caller) -> None:
    body = {"sent_at": utc_now().isoformat(), "reports": [item("duty", duty="on")] * 501}
    await doctor.post("/v1/me/reports", body, expect=422)
    assert await conn.fetchval("SELECT count(*) FROM reports") == 0


async def test_a_result_that_breaks_its_form_is_kept_and_its_fields_are_named(
    conn: Connection, city: City, doctor: Caller
) -> None:
    (task_id,) = await post(conn, city, kind="temperature_check")
    await give(conn, city, city.team_ids[0], [task_id])
    (answer,) = await send(doctor, visit(task_id, result={"temperature_c": 36.66, "method": "guess"}))
    assert (answer["status"], answer["needs_review"]) == ("kept_for_review", ["result_breaks_form"])
    assert {error["loc"] for error in answer["problem"]["errors"]} == {"result.temperature_c", "result.method"}
    assert await standing(conn, task_id) == ("completed", None)


@pytest.mark.parametrize("wrong_by", [timedelta(0), timedelta(hours=7), timedelta(days=-9000)])
async def test_a_wrong_clock_is_corrected_by_the_time_of_sending(
    conn: Connection, city: City, doctor: Caller, wrong_by: timedelta
) -> None:
    (task_id,) = await post(conn, city)
    clock = utc_now() + wrong_by
    await send(doctor, visit(task_id, at=clock - timedelta(minutes=20)), sent_at=clock)
    row = await conn.fetchrow("SELECT device_at, corrected_at, received_at FROM visits")
    assert row is not None
    assert row["device_at"] == clock - timedelta(minutes=20)
    assert abs(row["received_at"] - row["corrected_at"] - timedelta(minutes=20)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("at", "sent_at"),
    [("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"), ("9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z")],
)
async def test_an_absurd_clock_counts_as_now(
    conn: Connection, city: City, doctor: Caller, at: str, sent_at: str
) -> None:
    (task_id,) = await post(conn, city)
    answers = await send(doctor, visit(task_id, at=datetime.fromisoformat(at)), sent_at=datetime.fromisoformat(sent_at))
    assert answers[0]["status"] == "done"
    assert await conn.fetchval("SELECT received_at - corrected_at < interval '5 seconds' FROM visits")


async def test_only_members_report(coordinator: Caller, anyone: Caller) -> None:
    body = {"sent_at": utc_now().isoformat(), "reports": []}
    await coordinator.post("/v1/me/reports", body, expect=403)
    await anyone.post("/v1/me/reports", body, expect=401)


async def test_reports_of_another_member_are_refused_whole_and_their_own_go_on_counting(
    conn: Connection, city: City, doctor: Caller
) -> None:
    own, others = city.member_ids[1], city.member_ids[0]
    duty = item("duty", duty="break")
    body = {"sent_at": utc_now().isoformat(), "member_id": str(others), "reports": [duty]}
    problem = await doctor.post("/v1/me/reports", body, expect=403)
    assert problem["code"] == "not_allowed"
    assert await conn.fetchval("SELECT count(*) FROM reports") == 0
    answers = await doctor.post("/v1/me/reports", {**body, "member_id": str(own)}, expect=200)
    assert [answer["status"] for answer in answers["items"]] == ["done"]


async def test_the_police_are_not_told_what_a_fever_brought_about(http: Http, conn: Connection, city: City) -> None:
    (task_id,) = await post(conn, city, kind="temperature_check")
    await give(conn, city, city.team_ids[0], [task_id])
    police = Caller(http, await make_token(conn, member_id=city.member_ids[2]))
    (answer,) = await send(police, visit(task_id, result=FEVER))
    assert (answer["status"], answer["outcome"], answer["made_task_ids"]) == ("done", None, [])
    assert await conn.fetchval("SELECT count(*) FROM tasks WHERE made_by_task_id = $1", task_id) == 2


async def test_a_coordinator_reads_why_a_team_declined_and_the_events_do_not_say(
    http: Http, conn: Connection, city: City, doctor: Caller
) -> None:
    (task_id,) = await post(conn, city)
    await give(conn, city, city.team_ids[0], [task_id])
    await send(doctor, item("decline", task_id=str(task_id), reason="a big dog"))
    desk = Caller(http, await make_actor(conn, Permission.COORDINATOR, (city.district_id,)))
    shown = await desk.get(f"/v1/tasks/{task_id}")
    (declined,) = shown["earlier_assignments"]
    assert (declined["end_reason"], declined["end_note"]) == ("declined", "a big dog")
    assert "dog" not in str(shown["events"])


async def test_text_that_cannot_be_kept_is_mended_and_the_visit_recorded(
    http: Http, conn: Connection, city: City, doctor: Caller
) -> None:
    (task_id,) = await post(conn, city)
    await give(conn, city, city.team_ids[0], [task_id])
    body = {"sent_at": utc_now().isoformat(), "reports": [visit(task_id, note="NOTE")]}
    note = rb"half \ud83d, whole \ud83d\ude00, nothing \u0000, a path C:\\u0000"
    content = orjson.dumps(body).replace(b"NOTE", note)
    answer = await doctor.send("POST", "/v1/me/reports", content=content, expect=200)
    assert answer.json["items"][0]["status"] == "done"
    assert (
        await conn.fetchval("SELECT note FROM visits")
        == "half \N{REPLACEMENT CHARACTER}, whole 😀, nothing \N{REPLACEMENT CHARACTER}, a path C:\\u0000"
    )


async def test_a_report_that_breaks_us_is_not_kept_and_never_in_the_way_of_the_others(
    conn: Connection, city: City, doctor: Caller
) -> None:
    first, second = await post(conn, city, 2)
    await give(conn, city, city.team_ids[0], [first, second])
    await conn.execute("ALTER TABLE visits ADD CONSTRAINT breaks CHECK (note <> 'break')")
    broken = visit(first, note="break")
    answers = await send(doctor, broken, visit(second))
    assert [answer["status"] for answer in answers] == ["refused", "done"]
    assert answers[0]["problem"]["status"] == 500
    await conn.execute("ALTER TABLE visits DROP CONSTRAINT breaks")
    assert [answer["status"] for answer in await send(doctor, broken)] == ["done"]
    assert await standing(conn, first) == ("completed", None)
