"""Breaks over HTTP: set with shifts, shown on routes, taken by a word."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.domain.ids import new_id
from shared.operations.breaks import settle_break
from shared.store.connection import Connection
from tests.calls import Caller, Http, make_token
from tests.city import City, add_break, make_city, post
from tests.phones import give

HOUR = timedelta(hours=1)


def at(hours: float) -> str:
    return (datetime.now(UTC) + hours * HOUR).isoformat()


def noon(earliest: float = 3, latest: float = 5, duration_s: int = 1800) -> dict[str, Any]:
    return {"earliest": at(earliest), "latest": at(latest), "duration_s": duration_s}


@pytest.fixture
async def city(conn: Connection) -> City:
    """A team on shift from an hour ago for eight hours."""
    return await make_city(conn, teams=1)


@pytest.fixture
async def doctor(http: Http, conn: Connection, city: City) -> Caller:
    return Caller(http, await make_token(conn, member_id=city.member_ids[1]))


@pytest.fixture
async def team(coordinator: Caller) -> str:
    made = await coordinator.post("/v1/teams", {"code": "T1", "name": "T1", "members": []})
    team_id: str = made["id"]
    return team_id


async def reported(phone: Caller, **said: Any) -> Any:
    now = at(0)
    report = {"id": str(new_id()), "at": now, **said}
    return await phone.post("/v1/me/reports", {"sent_at": now, "reports": [report]}, expect=200)


async def test_a_break_is_set_moved_and_taken_off_with_its_shift(coordinator: Caller, team: str) -> None:
    body = {"id": str(uuid4()), "team_id": team, "starts_at": at(1), "ends_at": at(9), "break": noon()}
    made = await coordinator.post("/v1/shifts", body)
    assert made["break"]["duration_s"] == 1800
    assert (made["break"]["began_at"], made["break"]["over_at"]) == (None, None)
    assert datetime.fromisoformat(made["break"]["earliest"]) == datetime.fromisoformat(body["break"]["earliest"])
    assert await coordinator.post("/v1/shifts", body) == made
    await coordinator.post("/v1/shifts", {**body, "break": noon(4)}, expect=409)
    path = f"/v1/shifts/{made['id']}"
    later = noon(4, 6, 3600)
    assert (await coordinator.patch(path, {"break": later}))["break"]["duration_s"] == 3600
    assert (await coordinator.patch(path, {"starts_at": at(2)}))["break"]["duration_s"] == 3600
    assert (await coordinator.patch(path, {"break": None}))["break"] is None
    assert (await coordinator.get(path))["break"] is None


async def test_a_shift_has_no_break_unless_one_is_set(coordinator: Caller, team: str) -> None:
    shifts = [{"team_id": team, "starts_at": at(1 + 8 * number), "ends_at": at(9 + 8 * number)} for number in (0, 1)]
    made = await coordinator.post("/v1/shifts", [shifts[0], {**shifts[1], "break": noon(10, 11)}])
    assert [shift["break"] is None for shift in made["items"]] == [True, False]
    listed = (await coordinator.get("/v1/shifts"))["items"]
    assert sorted(listed, key=lambda shift: str(shift["starts_at"])) == made["items"]


@pytest.mark.parametrize(
    ("make_wrong", "loc"),
    [
        (lambda: noon(0.5), "break.earliest"),
        (lambda: noon(5, 4), "break.latest"),
        (lambda: noon(3, 8.9), "break.latest"),
        (lambda: noon(duration_s=59), "break.duration_s"),
        (lambda: noon(duration_s=14_401), "break.duration_s"),
        (lambda: noon() | {"minutes": 30}, "break.minutes"),
        (lambda: {"earliest": at(3), "latest": at(5)}, "break.duration_s"),
    ],
)
async def test_a_bad_break_is_refused_by_field(
    coordinator: Caller, team: str, make_wrong: Callable[[], dict[str, Any]], loc: str
) -> None:
    wrong = make_wrong()
    shift = {"team_id": team, "starts_at": at(1), "ends_at": at(9)}
    refused = await coordinator.post("/v1/shifts", {**shift, "break": wrong}, expect=422)
    assert [error["loc"] for error in refused["errors"]] == [loc]
    two = [{**shift, "starts_at": at(10), "ends_at": at(18)}, {**shift, "break": wrong}]
    refused = await coordinator.post("/v1/shifts", two, expect=422)
    assert [error["loc"] for error in refused["errors"]] == [f"1.{loc}"]
    made = await coordinator.post("/v1/shifts", shift)
    refused = await coordinator.patch(f"/v1/shifts/{made['id']}", {"break": wrong}, expect=422)
    assert [error["loc"] for error in refused["errors"]] == [loc]


async def test_both_routes_show_the_break_as_a_stop_of_its_own(
    conn: Connection, city: City, doctor: Caller, admin: Caller
) -> None:
    await give(conn, city, city.team_ids[0], await post(conn, city, 2))
    shift_id = await add_break(conn, city.team_ids[0], in_s=2 * 3600, until_s=3 * 3600)
    await settle_break(conn, city.team_ids[0], datetime.now(UTC))
    mine = (await doctor.get("/v1/me/route"))["stops"]
    assert [stop["break"] for stop in mine] == [False, False, True]
    assert (mine[2]["tasks"], mine[2]["household_id"], mine[2]["travel_s"]) == ([], None, 0)
    known = await conn.fetchrow("SELECT break_earliest, break_s FROM shifts WHERE id = $1", shift_id)
    assert datetime.fromisoformat(mine[2]["arrive_at"]) == known["break_earliest"]
    assert datetime.fromisoformat(mine[2]["leave_at"]) == known["break_earliest"] + timedelta(seconds=known["break_s"])
    shown = (await admin.get(f"/v1/teams/{city.team_ids[0]}/route"))["stops"]
    assert [stop["break"] for stop in shown] == [False, False, True]
    assert (shown[2]["task_ids"], shown[2]["tasks"], shown[2]["household"]) == ([], [], None)
    assert datetime.fromisoformat(shown[2]["begin_at"][0]) == known["break_earliest"]


async def test_a_word_begins_the_break_once_and_both_routes_forget_it_when_it_is_over(
    conn: Connection, city: City, doctor: Caller, admin: Caller
) -> None:
    shift_id = await add_break(conn, city.team_ids[0], in_s=-60, until_s=3600)
    (task_id,) = await post(conn, city)
    await give(conn, city, city.team_ids[0], [task_id])
    for _ in range(2):
        await reported(doctor, report="duty", duty="break")
    shift = await admin.get(f"/v1/shifts/{shift_id}")
    assert shift["break"]["began_at"] is not None
    route = await doctor.get("/v1/me/route")
    assert [stop["break"] for stop in route["stops"]] == [True, False]
    preview = {"team": str(city.team_ids[0]), "preview": True}
    (waiting,) = await post(conn, city)
    effect = (await admin.post(f"/v1/tasks/{waiting}/assign", preview, expect=200))["effect"]
    assert [stop["break"] for stop in effect["after"]] == [True, False, False]
    await conn.execute("UPDATE shifts SET break_over_at = now()")
    for caller, path in ((doctor, "/v1/me/route"), (admin, f"/v1/teams/{city.team_ids[0]}/route")):
        assert [stop["break"] for stop in (await caller.get(path))["stops"]] == [False]


async def test_a_team_without_tasks_sees_its_break(conn: Connection, city: City, doctor: Caller) -> None:
    await add_break(conn, city.team_ids[0], in_s=3600, until_s=7200)
    await settle_break(conn, city.team_ids[0], datetime.now(UTC))
    assert [stop["break"] for stop in (await doctor.get("/v1/me/route"))["stops"]] == [True]
