"""The list of tasks as a table for spreadsheets."""

import asyncio
import csv
import io
import re
import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from aiohttp import ClientPayloadError

from services.dispatcher import keys
from services.dispatcher.openapi import build_openapi
from services.dispatcher.payloads.task_rows import COLUMNS, SENT_IN
from services.dispatcher.routes import ROUTES
from shared.domain.clock import utc_now
from shared.domain.words import Permission
from shared.store.connection import Connection
from tests.calls import Answer, Caller, Http
from tests.city import City, make_city

CSV = {"Accept": "text/csv"}
FULL = {
    "kind": "home_swab",
    "household": {"ref": "h1", "address": '长寿路 1, "the blue door"', "lat": 31.22, "lon": 121.46},
    "subject": {"ref": "s1", "name": "=Li", "phone": "+86 139 0000 0001", "flags": {"language": "en", "deaf": True}},
    "priority": 4,
    "service_s": 600,
    "instructions": "ring,\nthen wait",
}


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=1)


@pytest.fixture
async def district_id(city: City) -> UUID:
    """The fixtures' callers belong to a district with kinds, a grid and a team."""
    return city.district_id


async def export(caller: Caller, query: str = "", expect: int = 200) -> Answer:
    return await caller.send("GET", f"/v1/tasks?{query}", headers=CSV, expect=expect)


def rows_of(answer: Answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), strict=True))


async def fill(conn: Connection, city: City, count: int, words: str) -> None:
    """That many tasks with these instructions, made by SQL."""
    await conn.execute(
        """
        INSERT INTO tasks (id, district_id, kind_id, channel, earliest, due_at, priority, roles, service_s, instructions, waiting_reason,
                           plan_at, max_attempts, created_at, updated_at)
        SELECT gen_random_uuid(), district_id, id, channel, now(), now() + interval '1 hour', 3, '{}', 60, $2, 'being_planned', now(), 1,
               now(), now()
          FROM kinds CROSS JOIN generate_series(1, $3) WHERE district_id = $1 AND code = 'notice'
        """,
        city.district_id,
        words,
        count,
    )


async def test_a_row_says_all_there_is_to_say(coordinator: Caller, conn: Connection) -> None:
    due_at = (utc_now() + timedelta(hours=5)).replace(microsecond=0)
    made = await coordinator.post("/v1/tasks", {**FULL, "ref": "r1", "due_at": due_at.isoformat()})
    answer = await export(coordinator)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="tasks-\d{8}T\d{6}Z\.csv"', answer.headers["Content-Disposition"])
    assert answer.content.startswith(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode() + b"\r\n")
    (row,) = rows_of(answer)
    district, grid = await conn.fetchrow("SELECT d.code, g.code FROM districts d JOIN grids g ON g.district_id = d.id")
    assert {name: row[name] for name in row if name not in ("earliest", "created_at", "updated_at")} == {
        "kind": "home_swab",
        "id": made["id"],
        "ref": "r1",
        "household_ref": "h1",
        "household_address": '长寿路 1, "the blue door"',
        "household_lat": "31.22",
        "household_lon": "121.46",
        "household_access_notes": "",
        "subject_ref": "s1",
        "subject_name": "'=Li",
        "subject_phone": "'+86 139 0000 0001",
        "subject_flags": "deaf, language=en",
        "due_at": due_at.astimezone(datetime.fromisoformat(row["due_at"]).tzinfo).isoformat(),
        "priority": "4",
        "needs": "swab",
        "service_s": "600",
        "instructions": "ring,\nthen wait",
        "status": "pending",
        "waiting_reason": "being_planned",
        "overdue": "false",
        "district": district,
        "grid": grid,
        "team": "",
        "attempts": "0",
        "max_attempts": str(made["max_attempts"]),
        "closed_at": "",
        "closed_reason": "",
    }
    assert row["due_at"].endswith("+08:00")


async def test_the_table_has_every_page_and_only_what_was_asked_for(
    coordinator: Caller, conn: Connection, city: City
) -> None:
    await fill(conn, city, 650, "plain")
    made = await coordinator.post("/v1/tasks", {**FULL, "ref": "r1"})
    await coordinator.post(f"/v1/tasks/{made['id']}/assign", {"team": "team-0", "force": True}, expect=200)
    table = rows_of(await export(coordinator, "limit=1"))
    ids = [row["id"] for row in table]
    assert ids == sorted(ids, reverse=True)
    assert len(set(ids)) == 651
    (held,) = rows_of(await export(coordinator, "status=assigned"))
    assert (held["id"], held["team"]) == (made["id"], "team-0")
    assert rows_of(await export(coordinator, "kind=delivery")) == []
    assert (await export(coordinator, "status=lost", expect=422)).headers["Content-Type"] == "application/problem+json"


async def test_what_goes_out_may_be_sent_in_again(
    coordinator: Caller, conn: Connection, caller: Any, city: City
) -> None:
    """Formulas, quotes, apostrophes, flags of several words and tiny degrees survive the way through a table."""
    refs = ["r1", "=r2", "+r3", "-r4", "@r5", "'=r6", "'r7", "＝r8", "-12", 'r"9"', "r,10"]
    flags = [{}, {"deaf": True}, {"language": "en", "deaf": False}, {"note": "two words, one comma"}, {"children": 2}]
    for number, ref in enumerate(refs):
        said = {
            **FULL,
            "ref": ref,
            "household": {"ref": f"=h{number}", "address": "-", "lat": 1e-7 * number, "lon": -121.46},
            "subject": {"ref": f"s{number}", "name": ref, "flags": flags[number % len(flags)]},
        }
        await coordinator.post("/v1/tasks", said)
    elsewhere = await make_city(conn, teams=0)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [name for name in SENT_IN if name != "id"], extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows_of(await export(coordinator)))
    there = await caller(Permission.COORDINATOR, elsewhere.district_id)
    answer = await there.send(
        "POST", "/v1/tasks/batch", content=text.getvalue().encode(), content_type="text/csv", expect=200
    )
    assert answer.json["created"] == len(refs), answer.json
    shown = (
        "SELECT t.ref, h.ref, h.address, h.lat, h.lon, s.name, s.flags, t.instructions, t.priority, t.capabilities, t.service_s,"
        " date_trunc('second', t.due_at) FROM tasks t JOIN households h ON h.id = t.household_id JOIN subjects s ON s.id = t.subject_id"
        " WHERE t.district_id = $1 ORDER BY t.ref"
    )
    sent, arrived = await conn.fetch(shown, city.district_id), await conn.fetch(shown, elsewhere.district_id)
    assert [tuple(row) for row in arrived] == [tuple(row) for row in sent]


async def test_a_table_sent_in_whole_again_makes_nothing_twice(coordinator: Caller, conn: Connection) -> None:
    await coordinator.post("/v1/tasks", {**FULL, "ref": "r1"})
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, SENT_IN, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows_of(await export(coordinator)))
    answer = await coordinator.send(
        "POST", "/v1/tasks/batch", content=text.getvalue().encode(), content_type="text/csv", expect=200
    )
    assert answer.json["created"] == 0
    assert await conn.fetchval("SELECT count(*) FROM tasks") == 1


async def test_whoever_reads_the_list_reads_the_table_and_every_read_is_booked(
    auditor: Caller, integration: Caller, member: Caller, conn: Connection, city: City
) -> None:
    elsewhere = await make_city(conn, teams=0)
    await fill(conn, elsewhere, 1, "foreign")
    for reader in (auditor, integration):
        assert rows_of(await export(reader)) == []
    await export(member, expect=403)
    await export(auditor, f"district={elsewhere.district_id}", expect=404)
    booked = await conn.fetch("SELECT action, district_id FROM audit")
    assert [tuple(row) for row in booked] == [("GET /v1/tasks", city.district_id)] * 2


async def test_a_slow_reader_holds_no_connection_and_a_broken_table_is_seen_to_be_broken(
    coordinator: Caller, conn: Connection, http: Http, city: City
) -> None:
    await fill(conn, city, 4000, "慢" * 2000)  # 24 MB, far more than sockets hold
    headers = {**CSV, "Authorization": f"Bearer {coordinator.token}"}
    response = await http.get("/v1/tasks", headers=headers)
    assert response.status == 200
    pool = http.app[keys.POOL]
    assert await conn.fetchval("SELECT count(*) FROM audit") == 1  # booked before the first row is sent
    await conn.execute("ALTER TABLE households RENAME TO gone")
    deadline = time.monotonic() + 30
    while pool.get_idle_size() < pool.get_size():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)
    assert not response.content.at_eof()
    with pytest.raises(ClientPayloadError):
        await response.read()


def test_the_description_names_both_forms() -> None:
    content = build_openapi(ROUTES)["paths"]["/v1/tasks"]["get"]["responses"]["200"]["content"]
    assert set(content) == {"application/json", "text/csv"}
