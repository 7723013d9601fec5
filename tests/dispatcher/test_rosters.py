"""Rosters over HTTP: warnings of rest, tables of weeks, stand-ins, suits, breaks that nobody named."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.dispatcher.payloads.rosters import MOST_ROWS
from shared.domain.ids import new_id
from shared.store.connection import Connection
from tests.calls import Caller, Http, make_token

HOUR = timedelta(hours=1)
WEEK = (datetime.now(UTC) + 7 * 24 * HOUR).replace(hour=0, minute=0, second=0, microsecond=0)


def at(hours: float) -> str:
    return (WEEK + hours * HOUR).isoformat()


def local(hours: float) -> str:
    """As a spreadsheet of the district writes it: Shanghai is eight hours ahead."""
    return f"{WEEK + (hours + 8) * HOUR:%Y/%m/%d %H:%M}"


@pytest.fixture
async def people(coordinator: Caller) -> dict[str, str]:
    """Two teams and a doctor for each, of whom the first is on the first team; ids by name."""
    made: dict[str, str] = {}
    for number, name in enumerate(("Wu Min", "He Ping")):
        body = {"name": name, "phone": f"1390000000{number}", "role": "doctor"}
        made[name] = (await coordinator.post("/v1/members", body))["id"]
    for code, members in (("T1", ["Wu Min"]), ("T2", [])):
        seats = [{"member_id": made[name]} for name in members]
        made[code] = (await coordinator.post("/v1/teams", {"code": code, "name": code, "members": seats}))["id"]
    return made


async def shift(coordinator: Caller, team_id: str, begins: float, hours: float = 8, *, rest: Any = ...) -> Any:
    with_break = {} if rest is ... else {"break": rest}
    return await coordinator.post(
        "/v1/shifts", {"team_id": team_id, "starts_at": at(begins), "ends_at": at(begins + hours), **with_break}
    )


async def send(coordinator: Caller, table: str, preview: str = "", expect: int = 200) -> Any:
    path = f"/v1/rosters/import{preview}"
    answer = await coordinator.send("POST", path, content=table.encode(), content_type="text/csv", expect=expect)
    return answer.json


async def test_shifts_say_who_must_rest_in_them_and_because_of_them(
    coordinator: Caller, people: dict[str, str]
) -> None:
    tomorrow = await shift(coordinator, people["T1"], 32)
    assert tomorrow["warnings"] == []
    night = await shift(coordinator, people["T1"], 18)
    (warning,) = night["warnings"]
    assert warning == {
        "rule": "between_shifts",
        "member_id": people["Wu Min"],
        "shift_id": tomorrow["id"],
        "team_id": people["T1"],
        "since": at(26).replace("+00:00", "Z"),
        "until": at(37).replace("+00:00", "Z"),
    }
    shown = {each["id"]: each["warnings"] for each in (await coordinator.get("/v1/shifts"))["items"]}
    assert shown == {tomorrow["id"]: [warning], night["id"]: []}
    assert (await coordinator.get(f"/v1/shifts/{tomorrow['id']}"))["warnings"] == [warning]
    moved = await coordinator.patch(f"/v1/shifts/{night['id']}", {"starts_at": at(8), "ends_at": at(16)})
    assert moved["warnings"] == []
    assert (await coordinator.get(f"/v1/shifts/{tomorrow['id']}"))["warnings"] == []


async def test_many_shifts_say_each_its_own(coordinator: Caller, people: dict[str, str]) -> None:
    body = [{"team_id": people["T1"], "starts_at": at(h), "ends_at": at(h + 8)} for h in (8, 16, 40)]
    made = await coordinator.post("/v1/shifts", body)
    assert [len(each["warnings"]) for each in made["items"]] == [0, 1, 0]
    assert made["warnings"] == []


async def test_a_stand_in_and_a_new_team_say_who_must_rest(coordinator: Caller, people: dict[str, str]) -> None:
    for team, begins in (("T1", 8), ("T2", 18)):
        await shift(coordinator, people[team], begins)
    made = await coordinator.post(
        f"/v1/teams/{people['T2']}/substitutes",
        {"member_id": people["Wu Min"], "from": at(18), "until": at(26)},
        expect=201,
    )
    assert [warning["member_id"] for warning in made["warnings"]] == [people["Wu Min"]]
    put = await coordinator.put(f"/v1/teams/{people['T1']}/members", {"members": []})
    assert put["warnings"] == []


async def test_who_could_stand_in_is_listed(coordinator: Caller, people: dict[str, str]) -> None:
    await shift(coordinator, people["T1"], 8)

    async def free(begins: float, ends: float) -> set[str]:
        query = {"role": "doctor", "free_from": at(begins), "free_until": at(ends)}
        return {member["name"] for member in (await coordinator.get("/v1/members", params=query))["items"]}

    assert await free(10, 18) == {"He Ping"}
    assert await free(20, 28) == {"He Ping"}, "the other has to rest"
    assert await free(27, 35) == {"He Ping", "Wu Min"}
    page = await coordinator.get("/v1/members", params={"free_from": at(27), "free_until": at(35), "limit": 1})
    assert len(page["items"]) == 1
    assert page["next_cursor"]


@pytest.mark.parametrize(
    ("query", "loc"),
    [
        ({"free_from": at(8)}, "free_until"),
        ({"free_until": at(8)}, "free_from"),
        ({"free_from": at(8), "free_until": at(8)}, "free_until"),
    ],
)
async def test_half_a_span_is_refused(coordinator: Caller, query: dict[str, str], loc: str) -> None:
    refused = await coordinator.get("/v1/members", params=query, expect=422)
    assert [error["loc"] for error in refused["errors"]] == [loc]


async def test_a_shift_without_a_word_on_it_has_the_districts_break(
    coordinator: Caller, admin: Caller, people: dict[str, str], district_id: UUID
) -> None:
    await admin.patch(f"/v1/districts/{district_id}", {"settings": {"break_s": 1800, "break_after_s": 7200}})
    made = await shift(coordinator, people["T1"], 8)
    assert made["break"]["duration_s"] == 1800
    assert datetime.fromisoformat(made["break"]["earliest"]) == WEEK + 10 * HOUR
    assert (await shift(coordinator, people["T1"], 20, rest=None))["break"] is None
    assert (await shift(coordinator, people["T1"], 40, 2))["break"] is None, "too short for it"


async def test_a_table_of_a_week_lands_and_may_be_sent_again(
    coordinator: Caller, people: dict[str, str], conn: Connection
) -> None:
    table = "\n".join(
        [
            "team,from,until,doctor,break",
            f"T1,{local(8)},{local(16)},Wu Min,30",
            f"T2,{local(16)},{local(24)},13900000001,{(WEEK + 27 * HOUR):%H:%M}-{(WEEK + 28 * HOUR):%H:%M} 45",
            f"T1,{local(32)},{local(40)},,0",
        ]
    )
    looked_at = await send(coordinator, table, "/preview")
    assert await conn.fetchval("SELECT count(*) FROM shifts") == 0
    assert [item["status"] for item in looked_at["items"]] == ["created"] * 3
    made = await send(coordinator, table)
    assert (made["created"], made["rejected"], [item["row"] for item in made["items"]]) == (3, 0, [2, 3, 4])
    stored = await conn.fetch("SELECT lower(during) AS starts_at, break_s, break_earliest FROM shifts ORDER BY during")
    assert [(row["starts_at"], row["break_s"]) for row in stored] == [
        (WEEK + 8 * HOUR, 1800),
        (WEEK + 16 * HOUR, 2700),
        (WEEK + 32 * HOUR, None),
    ]
    assert stored[1]["break_earliest"] == WEEK + 19 * HOUR
    again = await send(coordinator, table)
    assert [item["status"] for item in again["items"]] == ["repeated"] * 3
    changed = await send(coordinator, table.replace("Wu Min", "He Ping"))
    assert [item["status"] for item in changed["items"]] == ["changed", "repeated", "repeated"]


async def test_bad_rows_are_named_and_the_others_land(coordinator: Caller, people: dict[str, str]) -> None:
    table = "\n".join(
        [
            "team,from,until,doctor,break",
            f"T1,{local(8)},{local(16)},Wu Min,",
            f"T9,{local(8)},{local(16)},nobody,",
            f"T1,soon,{local(40)},,",
            f"T2,{local(8)},{local(16)},Wu Min,",
            f"T1,{local(12)},{local(20)},,",
            f"T2,{local(8)},{local(16)},,noon",
            "T2,2020/01/01 08:00,2020/01/01 16:00,,",
        ]
    )
    made = await send(coordinator, table)
    assert made["rejected"] == 6
    assert {
        item["row"]: [e["loc"] for e in item["problem"]["errors"]] for item in made["items"] if item["problem"]
    } == {
        3: ["team", "doctor"],
        4: ["from"],
        5: ["doctor"],
        6: ["from"],
        7: ["break"],
        8: ["from"],
    }
    assert await send(coordinator, table, "/preview") == {
        **made,
        "created": 0,
        "repeated": 1,
        "items": [{**made["items"][0], "status": "repeated"}, *made["items"][1:]],
    }


async def test_rows_warn_of_who_must_rest_and_a_preview_says_the_same(
    coordinator: Caller, people: dict[str, str]
) -> None:
    await shift(coordinator, people["T1"], 40)
    rows = [
        {"team": "T1", "from": at(8), "until": at(16), "members": {"doctor": people["Wu Min"]}},
        {"team": "T2", "from": at(24), "until": at(32), "members": {"doctor": "Wu Min"}},
    ]
    looked_at = await coordinator.post("/v1/rosters/import/preview", {"rows": rows}, expect=200)
    made = await coordinator.post("/v1/rosters/import", {"rows": rows}, expect=200)
    for answer in (looked_at, made):
        assert [[w["until"] for w in item["warnings"]] for item in answer["items"]] == [
            [],
            [at(27).replace("+00:00", "Z")],
        ]
        assert [w["until"] for w in answer["warnings"]] == [at(43).replace("+00:00", "Z")]
    assert looked_at["items"][0]["shift_id"] is None
    assert made["items"][0]["shift_id"] is not None


async def test_a_table_with_unknown_columns_or_too_many_rows_is_refused(coordinator: Caller) -> None:
    refused = await send(coordinator, "team,from,until,cook\n", expect=422)
    assert refused["errors"][0]["loc"] == "row 1, column 4"
    row = {"team": "T1", "from": at(8), "until": at(16)}
    await coordinator.post("/v1/rosters/import", {"rows": [row] * (MOST_ROWS + 1)}, expect=422)
    half = {**row, "break": {"minutes": 30, "from": "12:00"}}
    answer = await coordinator.post("/v1/rosters/import", {"rows": [half]}, expect=200)
    assert answer["items"][0]["problem"]["errors"][0]["loc"] == "break.until"


async def test_a_phone_says_when_a_suit_goes_on_and_off(
    http: Http, conn: Connection, coordinator: Caller, people: dict[str, str]
) -> None:
    member_id = people["Wu Min"]
    phone = Caller(http, await make_token(conn, member_id=UUID(member_id)))

    async def say(on: bool) -> Any:
        now = datetime.now(UTC).isoformat()
        report = {"id": str(new_id()), "at": now, "report": "suit", "on": on}
        return await phone.post("/v1/me/reports", {"sent_at": now, "reports": [report]}, expect=200)

    assert (await say(True))["items"][0]["status"] == "done"
    me = (await phone.get("/v1/me"))["member"]
    assert me["suit_since"] is not None
    assert me["suit_limit_s"] == 14_400
    assert (await coordinator.get(f"/v1/members/{member_id}"))["suit_since"] == me["suit_since"]
    await say(False)
    assert (await phone.get("/v1/me"))["member"]["suit_since"] is None
    assert (await coordinator.patch(f"/v1/members/{member_id}", {"suit": True}))["suit_since"] is not None
    assert (await coordinator.patch(f"/v1/members/{member_id}", {"suit": False}))["suit_since"] is None


async def test_a_shift_sent_again_is_answered_with_its_warnings(coordinator: Caller, people: dict[str, str]) -> None:
    await shift(coordinator, people["T1"], 8)
    body = {"id": str(uuid4()), "team_id": people["T1"], "starts_at": at(18), "ends_at": at(26)}
    first = await coordinator.post("/v1/shifts", body)
    assert len(first["warnings"]) == 1
    assert await coordinator.post("/v1/shifts", body) == first
