"""Many tasks at once, over HTTP: JSON, CSV, and by hand."""

import asyncio
import json
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import pytest

from services.dispatcher import keys
from services.spreadsheet import escape_cell, read_cell
from shared.domain.clock import utc_now
from shared.domain.ids import new_id
from shared.store.connection import Connection
from tests.calls import Http
from tests.city import City, assert_consistent, make_city
from tests.city import post as take_in
from tests.tables import everything

BATCH = "/v1/tasks/batch"
TASK = {"kind": "notice", "household": {"address": "A", "lat": 31.22, "lon": 121.46}}
HEADER = "kind,ref,household_address,household_lat,household_lon\n"
ROW = "notice,{},Lane {},31.22,121.46\n"


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=1)


@pytest.fixture
async def district_id(city: City) -> UUID:
    """The fixtures' callers belong to a district with kinds, a grid and a team."""
    return city.district_id


async def send_csv(caller: Any, text: str | bytes, expect: int = 200, charset: str = "") -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    answer = await caller.send(
        "POST", BATCH, content=content, content_type=f"text/csv{charset and f'; charset={charset}'}", expect=expect
    )
    return answer.json


def wrong(problem: dict[str, Any]) -> list[str]:
    return [field["loc"] for field in problem["errors"]]


async def count(conn: Connection) -> int:
    counted: int = await conn.fetchval("SELECT count(*) FROM tasks")
    return counted


@pytest.mark.parametrize(
    ("path", "name"), [(BATCH, "tasks"), ("/v1/contacts/batch", "contacts"), ("/v1/rosters/import", "rows")]
)
@pytest.mark.parametrize("depth", [200, 300, 900])
async def test_a_row_that_nests_too_deep_is_refused_alone(coordinator: Any, path: str, name: str, depth: int) -> None:
    deep: Any = []
    for _ in range(depth):
        deep = [deep]
    content = json.dumps({name: [{"note": deep}, {}]}).encode()
    items = (await coordinator.send("POST", path, content=content, expect=200)).json["items"]
    assert [item["problem"]["code"] for item in items] == ["invalid", "invalid"]


async def test_good_rows_land_and_bad_ones_come_back(coordinator: Any, conn: Connection) -> None:
    rows = [
        {**TASK, "ref": "r1"},
        {**TASK, "kind": "juggling"},
        {**TASK, "priority": 9, "colour": 1},
        {**TASK, "ref": "r1"},
    ]
    answer = await coordinator.post(BATCH, {"tasks": rows}, expect=200)
    assert (answer["created"], answer["repeated"], answer["rejected"]) == (1, 1, 2)
    assert [(item["row"], item["status"]) for item in answer["items"]] == [
        (1, "created"),
        (2, "rejected"),
        (3, "rejected"),
        (4, "repeated"),
    ]
    assert answer["items"][0]["id"] == answer["items"][3]["id"]
    assert wrong(answer["items"][1]["problem"]) == ["kind"]
    assert wrong(answer["items"][2]["problem"]) == ["priority", "colour"]
    assert answer["items"][2]["problem"]["status"] == 422
    assert await count(conn) == 1


async def test_a_batch_sent_again_changes_nothing(coordinator: Any, conn: Connection) -> None:
    rows = [{**TASK, "ref": f"r{i}"} for i in range(5)]
    first = await coordinator.post(BATCH, {"tasks": rows}, expect=200)
    again = await coordinator.post(BATCH, {"tasks": rows}, expect=200)
    assert again["repeated"] == 5
    assert [item["id"] for item in again["items"]] == [item["id"] for item in first["items"]]
    assert await count(conn) == 5


async def test_a_batch_under_a_key_is_made_once_even_without_refs(coordinator: Any, conn: Connection) -> None:
    for _ in range(2):
        await coordinator.post(BATCH, {"tasks": [TASK, TASK]}, expect=200, headers={"Idempotency-Key": "k1"})
    assert await count(conn) == 2


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ([], [""]),
        ({}, ["tasks"]),
        ({"tasks": []}, ["tasks"]),
        ({"tasks": {}}, ["tasks"]),
        ({"tasks": [TASK, 5]}, ["tasks.1"]),
        ({"tasks": [TASK], "colour": 1}, ["colour"]),
        ({"tasks": [TASK], "district": 5}, ["district"]),
    ],
)
async def test_a_batch_of_another_shape_is_refused_whole(
    coordinator: Any, conn: Connection, body: Any, fields: list[str]
) -> None:
    assert wrong(await coordinator.post(BATCH, body, expect=422)) == fields
    assert await count(conn) == 0


async def test_more_rows_than_allowed_land_nothing(coordinator: Any, conn: Connection) -> None:
    rows = [TASK] * 10_001
    assert wrong(await coordinator.post(BATCH, {"tasks": rows}, expect=422)) == ["tasks"]
    table = HEADER + "".join(ROW.format(i, i) for i in range(10_001))
    assert wrong(await send_csv(coordinator, table, expect=422)) == ["tasks"]
    assert await count(conn) == 0


async def test_malformed_oversized_and_wrongly_typed_bodies_are_refused(coordinator: Any) -> None:
    await coordinator.send("POST", BATCH, content=b'{"tasks": [', expect=400)
    await coordinator.send("POST", BATCH, content=b'{"tasks": [{"household": {"lat": NaN}}]}', expect=400)
    await coordinator.send("POST", BATCH, content=b" " * (16 * 1024 * 1024 + 1), expect=413)
    await coordinator.send("POST", BATCH, content=b"<tasks/>", content_type="application/xml", expect=415)


async def test_a_foreign_district_takes_no_batch(coordinator: Any, conn: Connection) -> None:
    elsewhere = await make_city(conn, teams=0)
    await coordinator.post(f"{BATCH}?district={elsewhere.district_id}", {"tasks": [TASK]}, expect=404)
    await coordinator.post(BATCH, {"tasks": [TASK], "district": str(elsewhere.district_id)}, expect=404)


async def test_ten_thousand_rows_land_while_others_are_answered(
    coordinator: Any, anyone: Any, conn: Connection
) -> None:
    """The loop belongs to everybody: a small request beside a big batch waits for a chunk of it, not for the batch."""
    rows = [{**TASK, "ref": f"r{i}", "household": {"ref": f"h{i}", "lat": 31.22, "lon": 121.46}} for i in range(10_000)]
    content = orjson.dumps({"tasks": rows})
    posting = asyncio.create_task(coordinator.send("POST", BATCH, content=content, expect=200))
    answered_meanwhile = 0
    while not posting.done():
        await anyone.get("/healthz")
        answered_meanwhile += 1
        await asyncio.sleep(0.005)
    answer = (await posting).json
    assert answer["created"] == await count(conn) == 10_000
    assert answered_meanwhile > 20, "more than one a chunk"
    assert await conn.fetchval("SELECT count(*) FROM events WHERE name = 'task.created'") == 10_000


async def test_a_table_is_taken_in_with_or_without_byte_order_mark(coordinator: Any, conn: Connection) -> None:
    text = HEADER + ROW.format("r1", "长寿路 1") + 'notice,r2,"a, b",31.22,121.46\n'
    answer = await send_csv(coordinator, text)
    assert (answer["created"], [item["row"] for item in answer["items"]]) == (2, [2, 3])
    again = await send_csv(coordinator, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert again["repeated"] == 2
    assert await conn.fetchval("SELECT count(*) FROM households WHERE address = 'Lane 长寿路 1'") == 1


async def test_every_column_finds_its_field(coordinator: Any) -> None:
    task_id = new_id()
    text = (
        "kind,id,ref,household_ref,household_address,household_lat,household_lon,household_access_notes,subject_ref,subject_name,"
        "subject_phone,subject_flags,earliest,due_at,priority,needs,service_s,instructions\n"
        f'home_swab,{task_id},r1,h1,A,31.22,121.46,gate 4711,s1,Li,+86 139 0000 0001,"no_smartphone, language=en",'
        '2026-11-30 09:30,2026/11/30 22:48,4,"woman, tibetan",600,"ring, then wait"\n'
    )
    if utc_now() > datetime(2027, 10, 1, tzinfo=UTC):
        text = text.replace("2026", str(utc_now().year))
    answer = await send_csv(coordinator, text)
    assert answer["items"][0]["status"] == "created", answer
    shown = await coordinator.get(f"/v1/tasks/{task_id}")
    assert shown["household"]["access_notes"] == "gate 4711"
    assert shown["subject"]["flags"] == {"no_smartphone": True, "language": "en"}
    assert shown["subject"]["phone"] == "+86 139 0000 0001"
    assert (shown["earliest"][10:], shown["due_at"][10:]) == ("T01:30:00Z", "T14:48:00Z")
    assert {"woman", "tibetan"} <= set(shown["capabilities"])
    assert (shown["priority"], shown["service_s"], shown["instructions"]) == (4, 600, "ring, then wait")


async def test_empty_cells_and_empty_rows_say_nothing(coordinator: Any) -> None:
    answer = await send_csv(coordinator, "kind,household_address,priority,,\n\nnotice,A,,,\n,,,,\n  ,\nnotice,B\n")
    assert [(item["row"], item["status"]) for item in answer["items"]] == [(3, "created"), (6, "created")]


CELLS = {
    "kind": ("juggling", "kind"),
    "household_lat": ("north", "household_lat"),
    "household_lon": ("1e3", "household_lon"),
    "priority": ("3.5", "priority"),
    "service_s": ("-1", "service_s"),
    "due_at": ("tomorrow", "due_at"),
    "earliest": ("2026-02-30 10:00", "earliest"),
    "subject_phone": ("none", "subject_phone"),
    "id": ("7", "id"),
}


@pytest.mark.parametrize("column", CELLS)
async def test_a_bad_cell_is_named_by_its_column(coordinator: Any, conn: Connection, column: str) -> None:
    cells = {"kind": "notice", "household_address": "A", "household_lat": "31.2", "household_lon": "121.4"}
    cells[column], expected = CELLS[column]
    answer = await send_csv(coordinator, ",".join(cells) + "\n" + ",".join(cells.values()) + "\n")
    assert wrong(answer["items"][0]["problem"]) == [expected]
    assert await count(conn) == 0


async def test_a_row_longer_than_the_header_is_refused(coordinator: Any) -> None:
    answer = await send_csv(coordinator, "kind,household_address\nnotice,A,B\nnotice,C\n")
    assert [item["status"] for item in answer["items"]] == ["rejected", "created"]


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "=HYPERLINK(1)"])
async def test_formulas_are_plain_text(coordinator: Any, conn: Connection, cell: str) -> None:
    text = f'kind,household_address,instructions\nnotice,A,"{cell}"\n'
    answer = await send_csv(coordinator, text)
    assert answer["created"] == 1
    assert await conn.fetchval("SELECT instructions FROM tasks") == cell.strip()


@pytest.mark.parametrize(
    "text", ["=1+1", "+86 139", "-x", "@x", "\tx", "plain", "'quoted", "'=1", "''-x", "＝1", "-31.2", "+5", ""]
)
def test_what_goes_out_escaped_comes_back_as_it_was(text: str) -> None:
    assert read_cell(escape_cell(text)) == text
    assert not escape_cell(text).startswith(("=", "@", "\t", "＝"))


async def test_flags_of_several_words_are_sent_as_json(coordinator: Any, conn: Connection) -> None:
    row = 'notice,A,Li,"{""language"": ""Tibetan, a little"", ""children"": 2}"\n'
    answer = await send_csv(
        coordinator, f"kind,household_address,subject_name,subject_flags\n{row}notice,B,Wu,{{broken\n"
    )
    assert [item["status"] for item in answer["items"]] == ["created", "rejected"]
    assert wrong(answer["items"][1]["problem"]) == ["subject_flags"]
    (flags,) = await conn.fetchrow("SELECT flags FROM subjects")
    assert flags == {"language": "Tibetan, a little", "children": 2}


async def test_what_is_in_is_planned_even_where_a_later_chunk_fails(
    coordinator: Any, conn: Connection, http: Http
) -> None:
    await conn.execute(
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON tasks FOR EACH ROW WHEN (NEW.ref = 'r600') EXECUTE FUNCTION refuse();
        """
    )
    nudger = http.app[keys.NUDGER]
    await coordinator.post(BATCH, {"tasks": [{**TASK, "ref": f"r{i}"} for i in range(700)]}, expect=500)
    assert await count(conn) == 500
    deadline = time.monotonic() + 30
    while nudger.lost < 1:  # nobody listens where these tests have Redis
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


HEADERS = {
    "semicolons": (HEADER.replace(",", ";") + "notice;r1;A;31;121\n", "not separated by commas"),
    "tabs": (HEADER.replace(",", "\t"), "not separated by commas"),
    "an unknown column": ("kind,colour,smell\nnotice,red,none\n", "There is no column 'colour'"),
    "a column twice": ("kind,ref,ref\n", "there twice"),
    "no kind": ("ref,household_address\nr1,A\n", "no column kind"),
    "nothing": ("", "no header"),
    "only rows": (ROW.format(1, 1), "There is no column"),
    "an unclosed quote": (HEADER + 'notice,r1,"A,31,121\n', "Row 2"),
    "only a header": (HEADER, "no tasks"),
}


@pytest.mark.parametrize("name", HEADERS)
async def test_a_table_that_cannot_be_read_is_refused_whole(coordinator: Any, conn: Connection, name: str) -> None:
    text, hint = HEADERS[name]
    problem = await send_csv(coordinator, text, expect=422)
    assert hint in problem["errors"][0]["msg"]
    assert await count(conn) == 0


async def test_unknown_columns_are_all_named(coordinator: Any) -> None:
    problem = await send_csv(coordinator, "kind,colour,smell\n", expect=422)
    assert wrong(problem) == ["row 1, column 2", "row 1, column 3"]


async def test_a_wrong_encoding_is_refused_at_its_byte_and_may_be_declared(coordinator: Any, conn: Connection) -> None:
    text = HEADER + ROW.format("r1", "长寿路")
    problem = await send_csv(coordinator, text.encode("gb18030"), expect=422)
    assert f"Byte {len(HEADER) + len('notice,r1,Lane ')}" in problem["errors"][0]["msg"]
    assert "gb18030" in problem["errors"][0]["msg"]
    await send_csv(coordinator, text.encode("utf-16"), expect=422)
    await send_csv(coordinator, text, expect=422, charset="klingon")
    assert await count(conn) == 0
    await send_csv(coordinator, text.encode("gb18030"), charset="gb18030")
    assert await conn.fetchval("SELECT address FROM households") == "Lane 长寿路"


async def test_many_are_moved_by_hand_and_answered_each(coordinator: Any, conn: Connection, city: City) -> None:
    task_ids = [str(task_id) for task_id in await take_in(conn, city, 4)]
    absent = str(new_id())

    async def bulk(action: str, ids: list[str], **more: Any) -> list[str]:
        body = {"action": action, "task_ids": ids, **more}
        answer = await coordinator.post("/v1/tasks/bulk", body, expect=200)
        assert [item["task_id"] for item in answer["items"]] == ids
        return [item["status"] for item in answer["items"]]

    assert await bulk("assign", [*task_ids, absent], team="team-0") == ["done"] * 4 + ["refused"]
    assert await bulk("release", task_ids[:1]) == ["done"]
    for _ in range(2):
        assert await bulk("cancel", task_ids[:2], reason="rain") == ["done", "done"]
    assert await bulk("release", task_ids[1:3]) == ["refused", "done"]
    assert await bulk("assign", task_ids[1:3], team="team-0", force=True) == ["refused", "done"]
    await assert_consistent(conn)


async def test_what_giving_many_to_a_team_does_is_said_before_it_is_done(
    coordinator: Any, conn: Connection, city: City
) -> None:
    held, *task_ids = [str(task_id) for task_id in await take_in(conn, city, 4)]
    body = {"action": "assign", "team": "team-0"}
    await coordinator.post("/v1/tasks/bulk", {**body, "task_ids": [held]}, expect=200)
    before = await everything(conn)
    asked = {**body, "task_ids": [*task_ids, held, str(new_id())]}
    preview = await coordinator.post("/v1/tasks/bulk", {**asked, "preview": True}, expect=200)
    assert await everything(conn) == before
    done = await coordinator.post("/v1/tasks/bulk", asked, expect=200)
    assert [item["status"] for item in preview["items"]] == [item["status"] for item in done["items"]]
    assert [item["status"] for item in done["items"]] == ["done"] * 4 + ["refused"]
    route = await coordinator.get(f"/v1/teams/{city.team_ids[0]}/route")
    walked = [stop["task_ids"] for stop in route["stops"]]
    for answer in (preview, done):
        assert [stop["task_ids"] for stop in answer["walk"]["before"]] == [[held]]
        assert [stop["task_ids"] for stop in answer["walk"]["after"]] == walked
        effect = answer["items"][0]["effect"]
        assert (effect["breaks"], effect["overrun_s"]) == ([], 0)
        assert effect["why"]["zh"]
    cancelled = await coordinator.post(
        "/v1/tasks/bulk", {"action": "cancel", "reason": "rain", "task_ids": [held]}, expect=200
    )
    assert (cancelled["walk"], cancelled["items"][0]["effect"]) == (None, None)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"action": "assign"}, [""]),
        ({"action": "cancel"}, [""]),
        ({"action": "dance"}, ["action"]),
        ({"action": "release", "preview": True}, [""]),
        ({"action": "cancel", "reason": "rain", "preview": True}, [""]),
        ({"action": "release", "task_ids": []}, ["task_ids"]),
        ({"action": "release", "task_ids": ["x"]}, ["task_ids.0"]),
        ({"action": "release", "task_ids": [str(new_id())] * 1001}, ["task_ids"]),
    ],
)
async def test_a_bulk_action_that_is_none_is_refused(coordinator: Any, body: Any, fields: list[str]) -> None:
    problem = await coordinator.post("/v1/tasks/bulk", {"task_ids": [str(new_id())], **body}, expect=422)
    assert wrong(problem) == fields


async def test_a_thousand_are_moved_by_hand_at_once(coordinator: Any, conn: Connection, city: City) -> None:
    task_ids = [str(task_id) for task_id in await take_in(conn, city, 1000)]
    answer = await coordinator.post(
        "/v1/tasks/bulk", {"action": "cancel", "task_ids": task_ids, "reason": "all clear"}, expect=200
    )
    assert {item["status"] for item in answer["items"]} == {"done"}
