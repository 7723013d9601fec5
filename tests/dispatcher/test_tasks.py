"""Tasks over HTTP: one at a time."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.dispatcher import keys
from services.dispatcher.intake import Intake
from shared.domain.clock import utc_now
from shared.domain.errors import DomainError, NotFound
from shared.domain.ids import new_id
from shared.domain.intake import HouseholdDraft, TaskDraft
from shared.domain.words import Permission
from shared.operations.intake import TakenIn
from shared.store.connection import Connection, Pool
from tests.city import City, assert_consistent, make_city
from tests.city import post as take_in

HOME = {"address": "Garden Road 1", "lat": 31.22, "lon": 121.46}
TASK = {"kind": "temperature_check", "household": HOME}


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=2)


@pytest.fixture
async def district_id(city: City) -> UUID:
    """The fixtures' callers belong to a district with kinds, a grid and teams."""
    return city.district_id


def wrong(problem: dict[str, Any]) -> list[str]:
    return [field["loc"] for field in problem["errors"]]


async def test_a_task_is_taken_in_and_found_again(coordinator: Any, district_id: UUID) -> None:
    answer = await coordinator.send("POST", "/v1/tasks", TASK, expect=201)
    made = answer.json
    assert answer.headers["Location"] == f"/v1/tasks/{made['id']}"
    assert (made["status"], made["waiting_reason"], made["warnings"]) == ("pending", "being_planned", [])
    shown = await coordinator.get(f"/v1/tasks/{made['id']}")
    assert shown["household"]["address"] == "Garden Road 1"
    assert shown["kind_names"]["en"]
    assert [event["name"] for event in shown["events"]] == ["task.created"]
    assert shown["visits"] == []
    assert shown["assignment"] is None


async def test_a_task_of_a_program_may_be_posted_by_it(integration: Any) -> None:
    await integration.post("/v1/tasks", TASK)


async def test_the_same_ref_is_the_same_task_and_another_body_a_conflict(coordinator: Any) -> None:
    first = await coordinator.post("/v1/tasks", {**TASK, "ref": "r1"})
    again = await coordinator.post("/v1/tasks", {**TASK, "ref": "r1"}, expect=200)
    assert again["id"] == first["id"]
    problem = await coordinator.post("/v1/tasks", {**TASK, "ref": "r1", "priority": 5}, expect=409)
    assert problem["code"] == "body_differs"
    assert wrong(problem) == ["ref"]


async def test_what_looks_like_an_open_task_comes_with_a_warning(coordinator: Any) -> None:
    first = await coordinator.post("/v1/tasks", TASK)
    second = await coordinator.post("/v1/tasks", TASK)
    (warned,) = second["warnings"]
    assert (warned["code"], warned["task_id"]) == ("possible_duplicate", first["id"])


async def test_a_repeated_post_warns_again_as_long_as_it_is_true(coordinator: Any) -> None:
    first = await coordinator.post("/v1/tasks", {**TASK, "ref": "r1"})
    second = await coordinator.post("/v1/tasks", {**TASK, "ref": "r2"})
    assert (await coordinator.post("/v1/tasks", {**TASK, "ref": "r2"}, expect=200))["warnings"] == second["warnings"]
    assert (await coordinator.post("/v1/tasks", {**TASK, "ref": "r1"}, expect=200))["warnings"] == []
    await coordinator.post(f"/v1/tasks/{first['id']}/cancel", {"reason": "moved away"}, expect=200)
    assert (await coordinator.post("/v1/tasks", {**TASK, "ref": "r2"}, expect=200))["warnings"] == []


async def test_under_a_key_the_first_answer_comes_again(coordinator: Any, conn: Connection) -> None:
    headers = {"Idempotency-Key": "k1"}
    first = await coordinator.post("/v1/tasks", TASK, headers=headers)
    assert await coordinator.post("/v1/tasks", TASK, headers=headers) == first
    assert await conn.fetchval("SELECT count(*) FROM tasks") == 1


BAD = {
    "no kind": ({"household": HOME}, ["kind"]),
    "unknown kind": ({**TASK, "kind": "juggling"}, ["kind"]),
    "kind of a wrong shape": ({**TASK, "kind": "Temperature Check"}, ["kind"]),
    "unknown field": ({**TASK, "colour": "red"}, ["colour"]),
    "no place": ({"kind": "temperature_check"}, ["household"]),
    "no phone to call": ({"kind": "trace_call", "household": HOME}, ["subject.phone"]),
    "phone that is none": ({**TASK, "subject": {"phone": "call me"}}, ["subject.phone"]),
    "latitude beyond the pole": ({**TASK, "household": {**HOME, "lat": 91}}, ["household.lat"]),
    "longitude as text": ({**TASK, "household": {**HOME, "lon": "121"}}, ["household.lon"]),
    "half a point": ({**TASK, "household": {"address": "A", "lat": 31}}, ["household"]),
    "id and address": ({**TASK, "household": {"id": str(new_id()), "address": "A"}}, ["household"]),
    "naive time": ({**TASK, "due_at": "2026-03-02T10:00:00"}, ["due_at"]),
    "time as a number": ({**TASK, "due_at": 1772443200}, ["due_at"]),
    "due before it opens": (
        {**TASK, "earliest": "2026-03-02T10:00:00Z", "due_at": "2026-03-02T09:00:00Z"},
        ["due_at"],
    ),
    "due in another century": ({**TASK, "due_at": "2126-03-02T09:00:00Z"}, ["due_at"]),
    "priority beyond the scale": ({**TASK, "priority": 6}, ["priority"]),
    "priority as true": ({**TASK, "priority": True}, ["priority"]),
    "endless service": ({**TASK, "service_s": 10**9}, ["service_s"]),
    "instructions without end": ({**TASK, "instructions": "x" * 2001}, ["instructions"]),
    "NUL": ({**TASK, "instructions": "a\x00b"}, ["instructions"]),
    "too many needs": ({**TASK, "needs": [f"n{i}" for i in range(21)]}, ["needs"]),
    "need of a wrong shape": ({**TASK, "needs": ["A woman, please"]}, ["needs.0"]),
    "empty ref": ({**TASK, "ref": ""}, ["ref"]),
    "id that is none": ({**TASK, "id": "42"}, ["id"]),
    "several at once": ({"kind": 5, "household": {"lat": 200}, "priority": 0}, ["kind", "household.lat", "priority"]),
    "not an object": ([TASK], [""]),
}


@pytest.mark.parametrize("name", BAD)
async def test_bad_input_names_its_fields_and_writes_nothing(coordinator: Any, conn: Connection, name: str) -> None:
    body, fields = BAD[name]
    if name == "due before it opens":
        at = utc_now()
        body = {**TASK, "earliest": at.isoformat(), "due_at": (at - timedelta(hours=1)).isoformat()}
    problem = await coordinator.post("/v1/tasks", body, expect=422)
    assert wrong(problem) == fields
    for table in ("tasks", "households", "subjects"):
        assert await conn.fetchval(f"SELECT count(*) FROM {table}") == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"kind": "temperature_check", "household": {"lat": NaN, "lon": 1}}',
        b'{"kind": "temperature_check", "household": {"lat": Infinity, "lon": 1}}',
        b'{"kind": "\xff"}',
        b'{"kind": "\\ud800"}',
        b"\xef\xbb\xbf" + b'{"kind": 1',
    ],
)
async def test_what_is_no_json_is_malformed(coordinator: Any, content: bytes) -> None:
    await coordinator.send("POST", "/v1/tasks", content=content, expect=400)


async def test_an_oversized_body_and_a_wrong_type_are_refused(coordinator: Any) -> None:
    await coordinator.send("POST", "/v1/tasks", content=b" " * 300_000, expect=413)
    await coordinator.send("POST", "/v1/tasks", content=b"kind=x", content_type="text/plain", expect=415)


async def test_a_foreign_district_and_its_tasks_are_not_there(coordinator: Any, conn: Connection, caller: Any) -> None:
    elsewhere = await make_city(conn, teams=1)
    (foreign,) = await take_in(conn, elsewhere)
    await coordinator.post("/v1/tasks", {**TASK, "district": str(elsewhere.district_id)}, expect=404)
    team = str(elsewhere.team_ids[0])
    await coordinator.get(f"/v1/tasks/{foreign}", expect=404)
    await coordinator.get(f"/v1/tasks/{new_id()}", expect=404)
    await coordinator.patch(f"/v1/tasks/{foreign}", {"priority": 1}, expect=404)
    await coordinator.post(f"/v1/tasks/{foreign}/cancel", {"reason": "x"}, expect=404)
    await coordinator.post(f"/v1/tasks/{foreign}/release", expect=404)
    await coordinator.post(f"/v1/tasks/{foreign}/assign", {"team": team}, expect=404)
    await coordinator.get(f"/v1/teams/{team}/route", expect=404)
    await coordinator.get(f"/v1/districts/{elsewhere.district_id}/overview", expect=404)
    assert (await coordinator.get("/v1/tasks"))["items"] == []
    items = (await coordinator.post("/v1/tasks/bulk", {"action": "release", "task_ids": [str(foreign)]}, expect=200))[
        "items"
    ]
    assert items[0]["problem"]["status"] == 404
    own = await coordinator.post("/v1/tasks", TASK)
    assert wrong(await coordinator.post(f"/v1/tasks/{own['id']}/assign", {"team": team}, expect=422)) == ["team"]


async def test_who_has_several_districts_says_which(caller: Any, conn: Connection, city: City) -> None:
    elsewhere = await make_city(conn, teams=1)
    both = await caller(Permission.COORDINATOR, city.district_id, elsewhere.district_id)
    assert wrong(await both.post("/v1/tasks", TASK, expect=422)) == ["district"]
    made = await both.post("/v1/tasks", {**TASK, "district": str(elsewhere.district_id)})
    assert made["district_id"] == str(elsewhere.district_id)


async def test_lists_are_filtered_and_paged(coordinator: Any, conn: Connection, city: City) -> None:
    made = [
        await coordinator.post(
            "/v1/tasks", {"kind": "delivery", "household": {"address": f"Lane {i}", "lat": 31.22, "lon": 121.46}}
        )
        for i in range(5)
    ]
    ids = [task["id"] for task in made]
    await coordinator.post(f"/v1/tasks/{ids[0]}/assign", {"team": "team-0"}, expect=200)
    await coordinator.post(f"/v1/tasks/{ids[1]}/cancel", {"reason": "x"}, expect=200)
    await conn.execute(
        "UPDATE tasks SET due_at = now() - interval '1 minute', earliest = due_at - interval '1 day' WHERE id = $1",
        UUID(ids[2]),
    )

    async def found(query: str) -> set[str]:
        return {item["id"] for item in (await coordinator.get(f"/v1/tasks?{query}"))["items"]}

    assert await found("status=assigned") == {ids[0]}
    assert await found("status=assigned&status=cancelled") == set(ids[:2])
    assert await found(f"team_id={city.team_ids[0]}") == {ids[0]}
    assert await found("overdue=true") == {ids[2]}
    assert await found("overdue=false") == set(ids) - {ids[2]}
    assert await found("kind=delivery&waiting_reason=being_planned") == set(ids[2:])
    assert await found("kind=notice") == set()
    assert await found(f"id={ids[1]}&id={ids[3]}") == {ids[1], ids[3]}
    assert await found("q=lane%203") == {ids[3]}
    assert await found("q=%25") == set()
    assert await found(f"household_id={made[4]['household_id']}") == {ids[4]}
    assert await found(f"grid_id={made[4]['grid_id']}") == set(ids)
    pages, cursor = [], ""
    while True:
        page = await coordinator.get(f"/v1/tasks?limit=2{cursor}")
        pages += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert pages == ids[::-1]


@pytest.mark.parametrize(
    "query", ["status=lost", "kind=A", "team_id=7", "overdue=maybe", "limit=0", "cursor=%21", "colour=red", "q="]
)
async def test_a_bad_filter_is_named(coordinator: Any, query: str) -> None:
    problem = await coordinator.get(f"/v1/tasks?{query}", expect=422)
    assert [loc.partition(".")[0] for loc in wrong(problem)] == [query.partition("=")[0]]


async def test_a_change_may_be_held_to_a_version(coordinator: Any) -> None:
    made = await coordinator.post("/v1/tasks", TASK)
    path = f"/v1/tasks/{made['id']}"
    etag = (await coordinator.send("GET", path, expect=200)).headers["ETag"]
    changed = await coordinator.patch(path, {"priority": 1, "needs": ["woman"]}, headers={"If-Match": etag})
    assert (changed["priority"], "woman" in changed["capabilities"], changed["version"]) == (1, True, 2)
    await coordinator.patch(path, {"priority": 2}, headers={"If-Match": etag}, expect=409)
    await coordinator.patch(path, {"priority": 2, "version": 1}, expect=409)
    await coordinator.patch(path, {"priority": 2, "version": 2})


async def test_bad_changes_name_their_fields(coordinator: Any) -> None:
    made = await coordinator.post("/v1/tasks", TASK)
    path = f"/v1/tasks/{made['id']}"
    assert wrong(await coordinator.patch(path, {"due_at": "2020-01-01T00:00:00Z"}, expect=422)) == ["due_at", "due_at"]
    assert wrong(await coordinator.patch(path, {"priority": None}, expect=422)) == ["priority"]
    assert wrong(await coordinator.patch(path, {"household": {"id": str(new_id())}}, expect=422)) == ["household.id"]
    await coordinator.post(f"{path}/cancel", {"reason": "gone"}, expect=200)
    problem = await coordinator.patch(path, {"priority": 1}, expect=409)
    assert problem["code"] == "task_closed"


async def test_a_door_that_becomes_known_ends_the_waiting_for_it(coordinator: Any) -> None:
    lost = await coordinator.post("/v1/tasks", {"kind": "notice", "household": {"address": "somewhere"}})
    assert lost["waiting_reason"] == "no_location"
    far = await coordinator.patch(f"/v1/tasks/{lost['id']}", {"household": {"lat": 10.0, "lon": 10.0}})
    assert far["waiting_reason"] == "outside_every_grid"
    found = await coordinator.patch(f"/v1/tasks/{lost['id']}", {"household": HOME})
    assert found["waiting_reason"] == "being_planned"


async def test_assign_release_and_cancel_by_hand(coordinator: Any, conn: Connection, city: City) -> None:
    made = await coordinator.post("/v1/tasks", TASK)
    path = f"/v1/tasks/{made['id']}"
    seen = await coordinator.post(f"{path}/assign", {"team": "team-1", "preview": True}, expect=200)
    assert seen["task"]["status"] == "pending"
    assert len(seen["effect"]["after"]) == 1
    done = await coordinator.post(f"{path}/assign", {"team": str(city.team_ids[1])}, expect=200)
    assert done["task"]["team_id"] == str(city.team_ids[1])
    shown = await coordinator.get(path)
    assert shown["assignment"]["team_code"] == "team-1"
    assert shown["assignment"]["reason"]["by_hand"] is True
    released = await coordinator.post(f"{path}/release", {"reason": "team_delayed"}, expect=200)
    assert released["status"] == "pending"
    for _ in range(2):
        cancelled = await coordinator.post(f"{path}/cancel", {"reason": "moved away"}, expect=200)
    assert (cancelled["status"], cancelled["closed_reason"]) == ("cancelled", "moved away")
    shown = await coordinator.get(path)
    assert [assignment["end_reason"] for assignment in shown["earlier_assignments"]] == ["released"]
    assert shown["assignment"] is None
    await assert_consistent(conn)


async def wait_for(conn: Connection, task_id: str, reason: str, detail: dict[str, Any]) -> None:
    await conn.execute(
        "UPDATE tasks SET waiting_reason = $2, waiting_detail = $3 WHERE id = $1", UUID(task_id), reason, detail
    )


async def test_why_a_task_waits_is_said_in_both_languages(coordinator: Any, conn: Connection, city: City) -> None:
    made = await coordinator.post("/v1/tasks", TASK)
    assert made["why"]["en"] == "It is being planned; normally that takes a second."
    near = {"team_id": str(city.team_ids[0]), "travel_s": 240, "stopped_by": "shift_ends"}
    ends = utc_now().replace(hour=8, minute=30)
    await conn.execute("UPDATE districts SET time_zone = 'Asia/Shanghai' WHERE id = $1", city.district_id)
    await wait_for(conn, made["id"], "all_teams_full", {**near, "shift_ends": ends.isoformat()})
    shown = (await coordinator.get(f"/v1/tasks/{made['id']}"))["why"]
    name = await conn.fetchval("SELECT name FROM teams WHERE id = $1", city.team_ids[0])
    assert f"Nearest is {name} (4 min away): its shift ends at 16:30" in shown["en"]
    assert f"最近的是{name}（4分钟路程）：" in shown["zh"]
    (listed,) = (await coordinator.get("/v1/tasks"))["items"]
    assert listed["why"] == shown
    changed = await coordinator.post("/v1/tasks", {**TASK, "ref": "again"})
    await wait_for(conn, changed["id"], "all_teams_full", near)
    again = await coordinator.post("/v1/tasks", {**TASK, "ref": "again"}, expect=200)
    assert name in again["why"]["en"]


async def test_a_team_of_another_district_is_not_named(coordinator: Any, conn: Connection) -> None:
    elsewhere = await make_city(conn, teams=1)
    await conn.execute("UPDATE teams SET name = 'Foreign 1' WHERE id = $1", elsewhere.team_ids[0])
    made = await coordinator.post("/v1/tasks", TASK)
    detail = {"stopped_by": "visits", "team_id": str(elsewhere.team_ids[0])}
    await wait_for(conn, made["id"], "all_teams_full", detail)
    (listed,) = (await coordinator.get("/v1/tasks"))["items"]
    assert "One of them is a team" in listed["why"]["en"]


async def test_a_page_of_several_districts_names_the_teams_of_each(caller: Any, conn: Connection, city: City) -> None:
    elsewhere = await make_city(conn, teams=2)
    both = await caller(Permission.COORDINATOR, city.district_id, elsewhere.district_id)
    names = {row["id"]: row["name"] for row in await conn.fetch("SELECT id, name FROM teams")}
    for district in (city, elsewhere):
        for team_id in district.team_ids:
            made = await both.post("/v1/tasks", {**TASK, "district": str(district.district_id)})
            await wait_for(conn, made["id"], "all_teams_full", {"stopped_by": "visits", "team_id": str(team_id)})
    items = (await both.get("/v1/tasks"))["items"]
    for item, team_id in zip(items, reversed([*city.team_ids, *elsewhere.team_ids]), strict=True):
        assert f"One of them is {names[team_id]}:" in item["why"]["en"]


async def test_why_a_team_has_a_task_is_said_however_it_was_stored(
    coordinator: Any, conn: Connection, city: City
) -> None:
    made = await coordinator.post("/v1/tasks", TASK)
    path = f"/v1/tasks/{made['id']}"
    seen = await coordinator.post(f"{path}/assign", {"team": "team-1", "preview": True}, expect=200)
    name, other = [
        await conn.fetchval("SELECT name FROM teams WHERE id = $1", team_id) for team_id in reversed(city.team_ids)
    ]
    assert seen["effect"]["why"]["en"].startswith(f"{name} begins it at ")
    assert seen["task"]["why"] is not None
    done = await coordinator.post(f"{path}/assign", {"team": "team-1"}, expect=200)
    assert done["task"]["why"] is None
    assignment = (await coordinator.get(path))["assignment"]
    assert assignment["why"]["en"].startswith(f"A person chose this team. {name}: ")
    assert "next_best" not in assignment["reason"]
    again = await coordinator.post(f"{path}/assign", {"team": "team-1"}, expect=200)
    assert again["effect"]["why"]["zh"].startswith(f"已在{name}")
    figures = {"added_travel_s": 60, "home_grid": True, "slack_s": 600, "on_time": True}
    better = {**figures, "next_best": {"team_id": str(city.team_ids[0]), **figures}}
    for stored, words in ((figures, f"{name}: 1 min"), (better, f"Next best was {other}: 1 min"), ({}, "not recorded")):
        await conn.execute("UPDATE assignments SET reason = $1", stored)
        assert words in (await coordinator.get(path))["assignment"]["why"]["en"]


async def test_reading_a_task_is_booked(coordinator: Any, conn: Connection) -> None:
    made = await coordinator.post("/v1/tasks", TASK)
    await coordinator.get(f"/v1/tasks/{made['id']}")
    assert await conn.fetchval("SELECT count(*) FROM audit WHERE target = $1", made["id"]) == 1


async def test_the_walk_of_a_team_is_shown_and_not_sent_twice(coordinator: Any, city: City) -> None:
    path = f"/v1/teams/{city.team_ids[0]}/route"
    assert (await coordinator.get(path))["stops"] == []
    made = await coordinator.post("/v1/tasks", TASK)
    await coordinator.post(f"/v1/tasks/{made['id']}/assign", {"team": "team-0"}, expect=200)
    answer = await coordinator.send("GET", path, expect=200)
    (stop,) = answer.json["stops"]
    assert stop["household"]["address"] == "Garden Road 1"
    assert [task["id"] for task in stop["tasks"]] == [made["id"]]
    await coordinator.send("GET", path, headers={"If-None-Match": answer.headers["ETag"]}, expect=304)
    await coordinator.post(f"/v1/tasks/{made['id']}/release", expect=200)
    await coordinator.send("GET", path, headers={"If-None-Match": answer.headers["ETag"]}, expect=200)


async def test_a_district_at_a_glance(coordinator: Any, conn: Connection, city: City) -> None:
    one = await coordinator.post("/v1/tasks", TASK)
    await coordinator.post("/v1/tasks", {"kind": "notice", "household": {"address": "somewhere"}})
    await coordinator.post(f"/v1/tasks/{one['id']}/assign", {"team": "team-0"}, expect=200)
    await conn.execute("UPDATE members SET duty = 'off' WHERE role = 'doctor'")
    seen = await coordinator.get(f"/v1/districts/{city.district_id}/overview")
    assert seen["open"] == {"assigned": 1, "pending": 1}
    assert seen["waiting"] == {"no_location": 1}
    team = seen["teams"][0]
    assert (team["code"], team["tasks"], team["on_shift"], team["silent"]) == ("team-0", 1, True, True)
    assert team["roles_missing"] == ["doctor"]


def draft(**said: Any) -> TaskDraft:
    return TaskDraft(**{"kind": "delivery", "household": HouseholdDraft(address="A", lat=31.22, lon=121.46), **said})


async def test_many_single_posts_share_transactions(pool: Pool, conn: Connection, city: City) -> None:
    intake = Intake(pool)
    answers = await asyncio.gather(*(intake.take_in(city.district_id, None, draft(ref=f"r{i}")) for i in range(100)))
    assert all(isinstance(answer, TakenIn) for answer in answers)
    assert await conn.fetchval("SELECT count(DISTINCT xmin::text) FROM tasks") < 10


async def test_one_bad_member_of_a_group_fails_alone(pool: Pool, conn: Connection, city: City) -> None:
    """A bad draft is answered; one that breaks the database's own rules makes the group fail, and each is then tried alone."""
    intake = Intake(pool)
    broken = draft(ref="broken", instructions="NUL \x00 which the database cannot keep")
    answers = await asyncio.gather(
        intake.take_in(city.district_id, None, draft(ref="good")),
        intake.take_in(city.district_id, None, draft(kind="juggling")),
        intake.take_in(city.district_id, None, broken),
        intake.take_in(city.district_id, None, draft(ref="good too")),
        return_exceptions=True,
    )
    assert isinstance(answers[0], TakenIn)
    assert isinstance(answers[1], DomainError)
    assert isinstance(answers[2], Exception)
    assert not isinstance(answers[2], DomainError)
    assert isinstance(answers[3], TakenIn)
    assert await conn.fetchval("SELECT count(*) FROM tasks") == 2


async def test_who_goes_away_leaves_the_others_alone(pool: Pool, conn: Connection, city: City) -> None:
    intake = Intake(pool)
    posts = [asyncio.create_task(intake.take_in(city.district_id, None, draft(ref=f"r{i}"))) for i in range(10)]
    await asyncio.sleep(0)
    posts[0].cancel()
    posts[5].cancel()
    answers = await asyncio.gather(*posts, return_exceptions=True)
    assert sum(isinstance(answer, TakenIn) for answer in answers) == 8
    assert sum(isinstance(answer, asyncio.CancelledError) for answer in answers) == 2


async def test_a_group_of_an_absent_district_hears_that_it_is_absent(pool: Pool, conn: Connection) -> None:
    with pytest.raises(NotFound):
        await Intake(pool).take_in(new_id(), None, draft())


async def test_the_same_ref_posted_at_once_is_made_once(coordinator: Any, conn: Connection) -> None:
    answers = await asyncio.gather(*(coordinator.send("POST", "/v1/tasks", {**TASK, "ref": "r1"}) for _ in range(20)))
    assert sorted(answer.status for answer in answers) == [200] * 19 + [201]
    assert len({answer.json["id"] for answer in answers}) == 1
    assert await conn.fetchval("SELECT count(*) FROM tasks") == 1


async def test_what_waits_when_the_process_stops_is_taken_in_first(http: Any, conn: Connection, city: City) -> None:
    intake = http.app[keys.INTAKE]
    posts = [asyncio.create_task(intake.take_in(city.district_id, None, draft(ref=f"r{i}"))) for i in range(5)]
    await asyncio.sleep(0)
    await intake.drain(5)
    assert all(isinstance(answer, TakenIn) for answer in await asyncio.gather(*posts))


@pytest.mark.parametrize("own_s", [None, 7200])
async def test_what_is_due_soon_is_listed_as_the_overview_counts_it(
    coordinator: Any, conn: Connection, city: City, own_s: int | None
) -> None:
    now = utc_now()
    minutes = (-5, 10, 20, 60, 100, 300)
    made = {
        minute: (await take_in(conn, city, due_at=now + timedelta(minutes=minute), seed=minute))[0]
        for minute in minutes
    }
    cancelled = await take_in(conn, city, due_at=now + timedelta(minutes=15))
    await coordinator.post(f"/v1/tasks/{cancelled[0]}/cancel", {"reason": "moved away"}, expect=200)
    if own_s is not None:
        await conn.execute("UPDATE districts SET settings = settings || $1", {"due_soon_s": own_s})
    soon = {made[minute] for minute in minutes if 0 <= minute * 60 < (own_s or 1800)}
    listed = await coordinator.get("/v1/tasks?due_soon=true")
    assert {UUID(task["id"]) for task in listed["items"]} == soon
    overview = await coordinator.get(f"/v1/districts/{city.district_id}/overview")
    assert overview["due_soon"] == len(soon)
    others = await coordinator.get("/v1/tasks?due_soon=false")
    assert {UUID(task["id"]) for task in others["items"]} == {*made.values(), *cancelled} - soon


async def test_a_task_names_who_did_what_to_those_who_may_know(
    coordinator: Any, integration: Any, conn: Connection, city: City
) -> None:
    (task_id,) = await take_in(conn, city)
    await coordinator.post(f"/v1/tasks/{task_id}/assign", {"team": "team-0"}, expect=200)
    shown = await coordinator.get(f"/v1/tasks/{task_id}")
    me = (await coordinator.get("/v1/me"))["id"]
    members = await conn.fetch("SELECT id, name FROM members WHERE id = ANY($1)", city.member_ids[:3])
    named = {str(row["id"]): row["name"] for row in members}
    assert shown["people"] == {**named, me: (await coordinator.get("/v1/me"))["name"]}
    assert (await integration.get(f"/v1/tasks/{task_id}"))["people"] == {}
