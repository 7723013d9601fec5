"""Figures of a district and its list of visits, as JSON and as tables."""

import csv
import io
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.dispatcher.payloads.figure_rows import DAY_COLUMNS, MEMBER_COLUMNS, TEAM_COLUMNS
from services.dispatcher.payloads.visit_rows import COLUMNS
from services.dispatcher.table import PAGE
from shared.domain.clock import utc_now
from shared.domain.figures import MOST_DAYS
from shared.domain.wall_clock import day_of
from shared.domain.words import Permission
from shared.store.connection import Connection, Pool
from tests.calls import Answer, Caller
from tests.city import LAT, LON, City, make_city, post
from tests.many_visits import make_visits
from tests.phones import DOOR, Phone, give, phone_of

CSV = {"Accept": "text/csv"}
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=1)


@pytest.fixture
async def district_id(city: City) -> UUID:
    """The fixtures' callers belong to a district with kinds, a grid and a team."""
    return city.district_id


@pytest.fixture
async def phone(pool: Pool, city: City) -> Phone:
    return await phone_of(pool, city.member_ids[1])


async def visited(conn: Connection, city: City, phone: Phone, *, ago_s: float = 60, note: str = "") -> UUID:
    """A task that a team completed so long ago."""
    (task_id,) = await post(conn, city)
    await conn.execute(
        "UPDATE tasks SET created_at = $2, earliest = $2 WHERE id = $1",
        task_id,
        utc_now() - timedelta(seconds=ago_s + 600),
    )
    await give(conn, city, city.team_ids[0], [task_id])
    await phone.visits(task_id, ago_s=ago_s, result=DOOR)
    await conn.execute("UPDATE visits SET note = $2 WHERE task_id = $1", task_id, note)
    return task_id


async def seen_at(conn: Connection, task_id: UUID) -> datetime:
    at: datetime = await conn.fetchval("SELECT corrected_at FROM visits WHERE task_id = $1", task_id)
    return at


def today() -> date:
    return day_of(utc_now(), "Asia/Shanghai")


async def figures(caller: Caller, district_id: UUID, query: str = "") -> Any:
    return await caller.get(f"/v1/districts/{district_id}/figures?{query}")


def rows_of(answer: Answer) -> list[dict[str, str]]:
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), strict=True))


async def table(caller: Caller, path: str) -> list[dict[str, str]]:
    return rows_of(await caller.send("GET", path, headers=CSV, expect=200))


async def test_the_last_seven_days_are_told_where_none_are_named(coordinator: Caller, district_id: UUID) -> None:
    before = today()
    answer = await figures(coordinator, district_id)
    week_until = [[str(last - timedelta(days=ago)) for ago in range(6, -1, -1)] for last in (before, today())]
    assert [day["day"] for day in answer["days"]] in week_until
    assert answer["time_zone"] == "Asia/Shanghai"
    one = await figures(coordinator, district_id, "from=2026-03-02&to=2026-03-02")
    assert [(day["begins"], day["ends"]) for day in one["days"]] == [("2026-03-01T16:00:00Z", "2026-03-02T16:00:00Z")]


async def test_days_on_which_clocks_change_have_their_own_length(
    coordinator: Caller, conn: Connection, district_id: UUID
) -> None:
    await conn.execute("UPDATE districts SET time_zone = 'Europe/Berlin' WHERE id = $1", district_id)
    rows = await table(coordinator, f"/v1/districts/{district_id}/figures?from=2026-03-28&to=2026-03-30")
    assert [(row["day"], row["hours"]) for row in rows] == [
        ("2026-03-28", "24"),
        ("2026-03-29", "23"),
        ("2026-03-30", "24"),
    ]
    (row,) = await table(coordinator, f"/v1/districts/{district_id}/figures?from=2026-10-25&to=2026-10-25")
    assert row["hours"] == "25"


async def test_a_late_report_and_a_correction_mend_the_day_they_belong_to(
    coordinator: Caller, conn: Connection, city: City, phone: Phone
) -> None:
    before = (await figures(coordinator, city.district_id, f"to={today()}"))["days"]
    assert not any(day["visits"] for day in before)
    task_id = await visited(conn, city, phone, ago_s=36 * 3600)
    days = {day["day"]: day for day in (await figures(coordinator, city.district_id))["days"]}
    (then,) = (day for day in days.values() if day["visits"])
    seen = await seen_at(conn, task_id)
    assert then["day"] == str(day_of(seen, "Asia/Shanghai"))
    assert (then["completed"], then["on_time"], then["seen"]) == (1, 1, 1)
    posted = await conn.fetchval("SELECT created_at FROM tasks WHERE id = $1", task_id)
    assert then["response_s"] == pytest.approx((seen - posted).total_seconds(), abs=1)
    visit_id = await conn.fetchval("SELECT id FROM visits WHERE task_id = $1", task_id)
    await phone.correct(visit_id, "unavailable")
    (mended,) = (day for day in (await figures(coordinator, city.district_id))["days"] if day["day"] == then["day"])
    assert (mended["completed"], mended["visits"], mended["seen"]) == (0, 1, 0)


async def test_what_tasks_wait_for_is_known_from_the_first_moment_and_through_changes(
    coordinator: Caller, conn: Connection, city: City
) -> None:
    (astray,) = await post(conn, city)
    outside = {"household": {"ref": "far", "lat": LAT + 10, "lon": LON}, "kind": "door_sensor_check"}
    made = await coordinator.post("/v1/tasks", outside)
    assert made["waiting_reason"] == "outside_every_grid"
    await coordinator.patch(f"/v1/tasks/{astray}", {"household": {"ref": "far"}})
    await coordinator.patch(f"/v1/tasks/{made['id']}", {"household": {"ref": "near", "lat": LAT, "lon": LON}})
    waiting = {
        one["reason"]: one["tasks"] for one in (await figures(coordinator, city.district_id))["whole"]["waiting"]
    }
    assert waiting == {"being_planned": 2, "outside_every_grid": 2}
    for task_id in (astray, UUID(made["id"])):
        told = await conn.fetch(
            "SELECT data ->> 'waiting_reason' AS reason FROM events WHERE task_id = $1 AND name LIKE 'task.c%' ORDER BY id",
            task_id,
        )
        now = await conn.fetchval("SELECT waiting_reason FROM tasks WHERE id = $1", task_id)
        assert told[-1]["reason"] == now


async def test_names_of_members_are_for_those_who_may_read_members_and_each_reading_is_booked(
    coordinator: Caller,
    auditor: Caller,
    integration: Caller,
    member: Caller,
    conn: Connection,
    city: City,
    phone: Phone,
) -> None:
    day = day_of(await seen_at(conn, await visited(conn, city, phone)), "Asia/Shanghai")
    path = f"/v1/districts/{city.district_id}/figures"
    for reader, names in ((coordinator, 3), (auditor, 3), (integration, 0)):
        told = await reader.get(path)
        assert sum(one["name"] is not None for one in told["members"]) == names
        assert (
            sum(row["name"] != "" for row in await table(reader, f"{path}?table=members&from={day}&to={day}")) == names
        )
        await table(reader, f"{path}?table=teams")
    await member.get(path, expect=403)
    booked = await conn.fetch("SELECT action, target FROM audit")
    assert [tuple(row) for row in booked] == [("GET /v1/districts/{id}/figures", str(city.district_id))] * 4


async def test_tables_say_what_the_answer_says(coordinator: Caller, conn: Connection, city: City, phone: Phone) -> None:
    await visited(conn, city, phone)
    await conn.execute("UPDATE teams SET name = '=cmd|1'")
    now = today()  # it may be tomorrow by the time that somebody asks
    yesterday, tomorrow = now - timedelta(days=1), now + timedelta(days=1)
    path = f"/v1/districts/{city.district_id}/figures?from={yesterday}&to={tomorrow}"
    told = await coordinator.get(path)
    days = await table(coordinator, path)
    assert tuple(days[0]) == DAY_COLUMNS
    assert [sum(int(day[name]) for day in days) for name in ("posted", "visits", "on_time")] == [1, 1, 1]
    assert sum(int(day["waiting_being_planned"]) for day in days) >= 1
    teams = await table(coordinator, f"{path}&table=teams")
    assert tuple(teams[0]) == TEAM_COLUMNS
    assert [(team["team"], team["name"]) for team in teams] == [("team-0", "'=cmd|1")] * 3
    assert [sum(int(team[name]) for team in teams) for name in ("visits", "seen")] == [1, 1]
    assert [float(team["shift_h"]) for team in teams] == pytest.approx(told["teams"][0]["shift_h"], abs=0.01)
    members = [row for row in await table(coordinator, f"{path}&table=members") if row["visits"] != "0"]
    assert tuple(members[0]) == MEMBER_COLUMNS
    assert [member["recorded"] for member in members].count("1") == 1
    assert {member["visits"] for member in members} == {"1"}


@pytest.mark.parametrize(
    ("query", "loc"),
    [
        ("from=2026-02-30", "from"),
        ("from=yesterday", "from"),
        ("to=1812-01-01", "to"),
        ("from=2026-02-03&to=2026-02-01", "to"),
        (f"from=2026-01-01&to={date(2026, 1, 1) + timedelta(days=MOST_DAYS)}", "to"),
        ("table=grids", "table"),
        ("since=2026-01-01", "since"),
        ("from_=2026-01-01", "from_"),
    ],
)
async def test_days_that_cannot_be_told_are_refused_by_name(
    coordinator: Caller, district_id: UUID, query: str, loc: str
) -> None:
    answer = await coordinator.get(f"/v1/districts/{district_id}/figures?{query}", expect=422)
    assert [(error["in"], error["loc"]) for error in answer["errors"]] == [("query", loc)]


async def test_visits_are_listed_by_when_they_were_made_page_by_page(
    coordinator: Caller, conn: Connection, city: City, phone: Phone
) -> None:
    hours = [1, 30, 2, 74]  # as they are reported; the last on a day of its own, whatever the time is now
    tasks = {ago: await visited(conn, city, phone, ago_s=ago * 3600) for ago in hours}
    listed: list[str] = []
    cursor = ""
    while True:
        page = await coordinator.get(f"/v1/visits?limit=2{cursor}")
        listed += [visit["task_id"] for visit in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert listed == [str(tasks[ago]) for ago in sorted(hours)]
    day = day_of(await seen_at(conn, tasks[74]), "Asia/Shanghai")
    then = await coordinator.get(f"/v1/visits?from={day}&to={day}")
    assert [visit["task_id"] for visit in then["items"]] == [str(tasks[74])]
    for query in ("team_id=" + str(city.team_ids[0]), "kind=door_sensor_check", "outcome=seen_ok", "struck=false"):
        assert len((await coordinator.get(f"/v1/visits?{query}"))["items"]) == 4
    for query in ("kind=delivery", "outcome=refused", "struck=true", "task_id=" + str(city.district_id)):
        assert (await coordinator.get(f"/v1/visits?{query}"))["items"] == []


async def test_a_row_of_the_table_of_visits_says_all_there_is_to_say(
    coordinator: Caller, integration: Caller, conn: Connection, city: City, phone: Phone
) -> None:
    task_id = await visited(conn, city, phone, note="=HYPERLINK(1)")
    (row,) = await table(coordinator, "/v1/visits")
    assert tuple(row) == COLUMNS
    assert (row["task_id"], row["outcome"], row["on_time"], row["team"]) == (str(task_id), "seen_ok", "true", "team-0")
    assert row["note"] == "'=HYPERLINK(1)"
    assert row["result"] == '{"sensor":"working"}'
    assert row["at"].endswith("+08:00")
    assert datetime.fromisoformat(row["at"]).date() == (await seen_at(conn, task_id)).astimezone(ZONE).date()
    assert row["member"] == await conn.fetchval("SELECT name FROM members WHERE id = $1", phone.member_id)
    (unnamed,) = await table(integration, "/v1/visits")
    assert unnamed == {**row, "member": ""}
    assert await conn.fetchval("SELECT count(*) FROM audit WHERE action = 'GET /v1/visits'") == 2


async def test_the_table_of_visits_has_every_page_once(
    coordinator: Caller, conn: Connection, caller: Any, member: Caller
) -> None:
    worked_id = await make_visits(conn, 3 * PAGE + 7, until=utc_now(), days=2, told=False)
    await conn.execute("UPDATE visits SET corrected_at = date_trunc('minute', corrected_at)")  # many at one moment
    there = await caller(Permission.COORDINATOR, worked_id)
    ids = [row["id"] for row in await table(there, "/v1/visits")]
    assert len(ids) == len(set(ids)) == 3 * PAGE + 7
    assert await table(coordinator, "/v1/visits") == []
    await coordinator.get(f"/v1/visits?district={worked_id}", expect=404)
    await member.get("/v1/visits", expect=403)
