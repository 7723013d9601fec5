"""Protocols, follow-ups and ledgers over HTTP."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.domain.clock import utc_now
from shared.domain.wall_clock import day_of
from shared.domain.words import Permission
from shared.operations.occurrences import make_due
from shared.store.connection import Connection
from shared.store.follow_up_occurrences import select_to_make
from tests.calls import Caller, Http, make_actor, make_token
from tests.city import City, make_city
from tests.phones import FEVER, NORMAL, give

ZONE = "Asia/Shanghai"
MEASURED = {"code": "measured", "names": {"en": "Measured", "zh": "已测"}, "kinds": ["temperature_check"]}
# Open all day long, whatever the time is now.
ALL_DAY = {"kind": "temperature_check", "times": ["00:00"]}
WATCH: dict[str, Any] = {
    "code": "watch",
    "names": {"en": "Watch", "zh": "观察"},
    "days": 7,
    "lines": [ALL_DAY],
    "ledger": [MEASURED],
    "lost_after_days": 2,
    "for_contacts": ["close"],
}


@pytest.fixture
async def city(conn: Connection) -> City:
    made = await make_city(conn, teams=1, follow_up_ahead_s=0)  # whatever the time is now, tomorrow is not made today
    await conn.execute("UPDATE kinds SET due_after_s = NULL WHERE code = 'temperature_check'")
    return made


@pytest.fixture
async def desk(http: Http, conn: Connection, city: City) -> Caller:
    """A coordinator of the city."""
    return Caller(http, await make_actor(conn, Permission.COORDINATOR, (city.district_id,)))


def person(**given: Any) -> dict[str, Any]:
    mark = uuid4().hex
    return {
        "subject": {"name": "Li Hua", "phone": f"+86138{int(mark[:7], 16) % 10**8:08d}"},
        "household": {"ref": f"door-{mark}", "address": "Sichuan North Road 9", "lat": 31.22, "lon": 121.46},
        **given,
    }


async def make_tasks(conn: Connection) -> list[UUID]:
    """What is due now gets its tasks; all tasks, the newest last."""
    now = utc_now()
    for row in await select_to_make(conn, now, 100):
        await make_due(conn, row, now)
    return [row["id"] for row in await conn.fetch("SELECT id FROM tasks ORDER BY id")]


async def see(http: Http, conn: Connection, city: City, task_id: UUID, result: dict[str, Any]) -> None:
    await give(conn, city, city.team_ids[0], [task_id])
    doctor = Caller(http, await make_token(conn, member_id=city.member_ids[1]))
    now = utc_now().isoformat()
    visit = {"id": str(uuid4()), "report": "visit", "at": now, "task_id": str(task_id), "outcome": "seen_ok"}
    body = {"sent_at": now, "reports": [{**visit, "result": result, "form_version": 1}]}
    (answer,) = (await doctor.post("/v1/me/reports", body, expect=200))["items"]
    assert answer["status"] == "done"


async def test_a_new_district_starts_with_useful_protocols(desk: Caller) -> None:
    found = {one["code"]: one for one in (await desk.get("/v1/protocols"))["items"]}
    assert set(found) == {"home_isolation", "health_monitoring", "fever_watch"}
    isolation = found["home_isolation"]
    assert (isolation["days"], isolation["for_contacts"]) == (14, ["close"])
    assert {line["kind"]: (line["times"], line["every"], line["days"]) for line in isolation["lines"]} == {
        "temperature_check": (["08:00", "16:00"], 1, None),
        "isolation_visit": (["10:00"], 3, None),
        "release": (["09:00"], 1, [-1]),
    }


async def test_a_protocol_is_made_read_found_and_changed(desk: Caller) -> None:
    made = await desk.post("/v1/protocols", WATCH)
    assert await desk.get(f"/v1/protocols/{made['id']}") == made
    assert [one["code"] for one in (await desk.get("/v1/protocols?q=观察&active=true"))["items"]] == [
        "fever_watch",
        "watch",
    ]
    changed = await desk.patch(f"/v1/protocols/{made['id']}", {"days": 3, "active": False, "lost_after_days": None})
    assert (changed["days"], changed["active"], changed["lost_after_days"]) == (3, False, None)
    assert changed["lines"] == made["lines"]
    assert (await desk.post("/v1/protocols", WATCH, expect=409))["errors"][0]["loc"] == "code"
    refused = await desk.post("/v1/follow-ups", person(protocol="watch"), expect=422)
    assert refused["errors"][0]["msg"] == "This protocol is not in use any more."


@pytest.mark.parametrize(
    ("wrong", "loc"),
    [
        ({"lines": []}, "lines"),
        ({"lines": [{**ALL_DAY, "times": ["24:00"]}]}, "lines.0.times.0"),
        ({"lines": [{**ALL_DAY, "times": ["08:00", "08:00"]}]}, "lines.0.times"),
        ({"lines": [{**ALL_DAY, "days": [0]}]}, "lines.0.days.0"),
        ({"lines": [{**ALL_DAY, "days": [1], "every": 2}]}, "lines.0"),
        ({"lines": [ALL_DAY, {**ALL_DAY, "kind": "absent"}]}, "lines.1.kind"),
        (
            {"ledger": [MEASURED, {**MEASURED, "kinds": ["temperature_check", "absent"], "code": "b"}]},
            "ledger.1.kinds.1",
        ),
        ({"ledger": [MEASURED, MEASURED]}, "ledger.1.code"),
        ({"days": 0}, "days"),
        ({"days": 366, "lines": [{**ALL_DAY, "times": [f"{hour:02d}:00" for hour in range(24)]}]}, "lines"),
        ({"lost_after_days": 0}, "lost_after_days"),
        ({"for_contacts": ["near"]}, "for_contacts.0"),
    ],
)
async def test_what_is_wrong_with_a_protocol_is_named(desk: Caller, wrong: dict[str, Any], loc: str) -> None:
    refused = await desk.post("/v1/protocols", {**WATCH, **wrong}, expect=422)
    assert loc in [error["loc"] for error in refused["errors"]]
    made = await desk.post("/v1/protocols", WATCH)
    await desk.patch(f"/v1/protocols/{made['id']}", wrong, expect=422)


async def test_a_follow_up_is_begun_and_listed_with_its_person_its_day_and_what_is_missing(
    conn: Connection, desk: Caller, city: City
) -> None:
    await desk.post("/v1/protocols", WATCH)
    today = day_of(utc_now(), ZONE)
    body = person(protocol="watch", first_day=str(today - timedelta(days=2)))
    made = await desk.post("/v1/follow-ups", body)
    assert (made["status"], made["day"], made["days"], made["protocol"]) == ("under_follow_up", 3, 7, "watch")
    (row,) = (await desk.get("/v1/follow-ups?missing_today=true&protocol=watch&status=under_follow_up&q=Hua"))["items"]
    assert row["follow_up_id"] == made["id"]
    assert (row["subject"]["name"], row["subject"]["phone"]) == ("Li Hua", body["subject"]["phone"])
    assert row["household"]["address"] == "Sichuan North Road 9"
    assert (row["day"], row["days"], row["missing"], row["missed"]) == (3, 7, ["measured"], 0)
    assert row["items"] == [{"code": "measured", "names": MEASURED["names"], "due": 1, "done": 0}]
    assert (row["next"]["kind"], row["next"]["task_id"], row["last_seen_at"]) == ("temperature_check", None, None)
    assert (await desk.get("/v1/follow-ups?missing_today=false"))["items"] == []
    (task_id,) = await make_tasks(conn)
    shown = await desk.get(f"/v1/follow-ups/{made['id']}")
    assert [one["state"] for one in shown["occurrences"]] == ["open", *["planned"] * 4]
    assert shown["occurrences"][0]["task_id"] == str(task_id)
    assert [(day["day"], day["items"][0]["due"]) for day in shown["ledger_days"]] == [(1, 0), (2, 0), (3, 1)]


async def test_a_visit_does_what_the_ledger_asks_for(conn: Connection, http: Http, desk: Caller, city: City) -> None:
    await desk.post("/v1/protocols", {**WATCH, "ledger": [{**MEASURED, "field": "temperature_c"}]})
    first, second = [await desk.post("/v1/follow-ups", person(protocol="watch")) for _ in range(2)]
    path = f"/v1/districts/{city.district_id}/ledger"
    assert [row["missing"] for row in (await desk.get(path))["items"]] == [["measured"], ["measured"]]
    task_of = {
        row["follow_up_id"]: row["task_id"]
        for _ in [await make_tasks(conn)]
        for row in await conn.fetch("SELECT follow_up_id, task_id FROM follow_up_occurrences WHERE task_id IS NOT NULL")
    }
    await see(http, conn, city, task_of[UUID(first["id"])], NORMAL)
    (lacking,) = (await desk.get(f"{path}?missing=true"))["items"]
    assert lacking["follow_up_id"] == second["id"]
    (done,) = (await desk.get("/v1/follow-ups?missing_today=false"))["items"]
    assert (done["follow_up_id"], done["items"][0]["done"], done["missing"]) == (first["id"], 1, [])
    assert done["last_seen_at"] is not None
    yesterday = day_of(utc_now(), ZONE) - timedelta(days=1)
    assert (await desk.get(f"{path}?day={yesterday}"))["items"] == []
    page = await desk.get(f"{path}?limit=1")
    assert [row["follow_up_id"] for row in page["items"]] == [second["id"]]
    rest = await desk.get(f"{path}?limit=1&cursor={page['next_cursor']}")
    assert [row["follow_up_id"] for row in rest["items"]] == [first["id"]]


async def test_a_subject_is_followed_up_once_and_the_same_post_again_is_the_same(desk: Caller) -> None:
    body = person(protocol="home_isolation", id=str(uuid4()))
    made = await desk.post("/v1/follow-ups", body)
    assert await desk.post("/v1/follow-ups", body) == made
    other = {"subject": {"id": made["subject_id"]}, "protocol": "home_isolation"}
    assert (await desk.post("/v1/follow-ups", other, expect=409))["code"] == "followed_up_already"
    assert (await desk.post("/v1/follow-ups", {**other, "id": made["id"], "protocol": "fever_watch"}, expect=409))[
        "code"
    ] == "taken"


@pytest.mark.parametrize(
    "differs", [{"lost_after_days": 9}, {"lines": [ALL_DAY]}, {"ledger": []}, {"protocol": "fever_watch"}]
)
async def test_an_id_that_came_with_another_plan_is_taken(desk: Caller, differs: dict[str, Any]) -> None:
    body = person(protocol="home_isolation", id=str(uuid4()), lost_after_days=3)
    made = await desk.post("/v1/follow-ups", body)
    assert (await desk.post("/v1/follow-ups", {**body, **differs}, expect=409))["code"] == "taken"
    assert await desk.post("/v1/follow-ups", body) == made


@pytest.mark.parametrize(
    ("wrong", "loc"),
    [
        ({"protocol": "absent"}, "protocol"),
        ({"protocol": None}, "last_day"),
        ({"protocol": None, "last_day": "2199-01-01"}, "last_day"),
        ({"first_day": "2026-02-30"}, "first_day"),
        ({"first_day": 20260101}, "first_day"),
        ({"last_day": "2020-01-01"}, "last_day"),
        ({"subject": {"name": "Li"}, "household": None}, "subject"),
        ({"subject": {"ref": "unreachable"}, "household": None}, "household"),
        ({"lines": [{**ALL_DAY, "kind": "absent"}]}, "lines.0.kind"),
    ],
)
async def test_what_is_wrong_with_a_follow_up_is_named_and_nothing_of_it_stays(
    conn: Connection, desk: Caller, wrong: dict[str, Any], loc: str
) -> None:
    refused = await desk.post("/v1/follow-ups", {**person(protocol="home_isolation"), **wrong}, expect=422)
    assert loc in [error["loc"] for error in refused["errors"]]
    assert await conn.fetchval("SELECT (SELECT count(*) FROM follow_ups) + (SELECT count(*) FROM subjects)") == 0


async def test_a_follow_up_may_be_given_whole(desk: Caller) -> None:
    last_day = str(day_of(utc_now(), ZONE) + timedelta(days=1))
    made = await desk.post("/v1/follow-ups", person(lines=[ALL_DAY], ledger=[MEASURED], last_day=last_day))
    assert (made["protocol"], made["days"], made["lost_after_days"]) == (None, 2, None)
    shown = await desk.get(f"/v1/follow-ups/{made['id']}")
    assert (shown["protocol_names"], len(shown["occurrences"])) == (None, 2)


async def test_a_change_holds_from_now_on_and_only_at_the_version_it_was_made_for(desk: Caller) -> None:
    made = await desk.post("/v1/follow-ups", person(protocol="home_isolation"))
    path = f"/v1/follow-ups/{made['id']}"
    last_day = str(day_of(utc_now(), ZONE) + timedelta(days=2))
    changed = await desk.patch(path, {"last_day": last_day, "lines": [ALL_DAY], "version": made["version"]})
    assert (changed["days"], changed["version"], len(changed["lines"])) == (3, made["version"] + 1, 1)
    occurrences = (await desk.get(path))["occurrences"]
    assert [one["day"] for one in occurrences if one["state"] != "withdrawn"] == [1, 2, 3]
    await desk.patch(path, {"last_day": last_day, "version": made["version"]}, expect=409)
    refused = await desk.patch(path, {"last_day": "2020-01-01"}, expect=422)
    assert refused["errors"][0]["loc"] == "last_day"


async def test_an_end_withdraws_and_a_conversion_goes_on(conn: Connection, desk: Caller) -> None:
    made = await desk.post("/v1/follow-ups", person(protocol="fever_watch", lines=[ALL_DAY]))
    await make_tasks(conn)
    converted = await desk.post(
        f"/v1/follow-ups/{made['id']}/convert", {"protocol": "home_isolation", "reason": "fever over"}
    )
    assert (converted["follows_id"], converted["day"]) == (made["id"], 1)
    path = f"/v1/follow-ups/{converted['id']}"
    ended = await desk.post(f"{path}/end", {"status": "cancelled", "reason": "moved away"}, expect=200)
    assert (ended["status"], ended["end_reason"]) == ("cancelled", "moved away")
    assert await desk.post(f"{path}/end", {"status": "completed"}, expect=200) == ended
    assert (await desk.patch(path, {"lost_after_days": 1}, expect=409))["code"] == "follow_up_ended"
    assert (await desk.post(f"{path}/convert", {"protocol": "fever_watch"}, expect=409))["code"] == "follow_up_ended"
    await desk.post(f"{path}/end", {"status": "converted"}, expect=422)
    assert await conn.fetchval("SELECT count(*) FROM tasks WHERE closed_at IS NULL") == 0
    assert {row["status"] for row in (await desk.get("/v1/follow-ups?status=cancelled&status=converted"))["items"]} == {
        "cancelled",
        "converted",
    }


async def test_the_phone_shows_the_day_of_the_plan_but_not_to_the_police(
    conn: Connection, http: Http, desk: Caller, city: City
) -> None:
    today = day_of(utc_now(), ZONE)
    await desk.post("/v1/protocols", WATCH)
    await desk.post("/v1/follow-ups", person(protocol="watch", first_day=str(today - timedelta(days=2))))
    (task_id,) = await make_tasks(conn)
    await give(conn, city, city.team_ids[0], [task_id])
    _, doctor, police = [Caller(http, await make_token(conn, member_id=member_id)) for member_id in city.member_ids]
    shown = [(await phone.get("/v1/me/route"))["stops"][0]["tasks"][0]["follow_up"] for phone in (doctor, police)]
    assert shown == [{"day": 3, "days": 7}, None]


async def test_a_fever_counts_as_measured(conn: Connection, http: Http, desk: Caller, city: City) -> None:
    await desk.post("/v1/protocols", WATCH)
    await desk.post("/v1/follow-ups", person(protocol="watch"))
    (task_id,) = await make_tasks(conn)
    await see(http, conn, city, task_id, FEVER)
    items = [row["items"] for row in (await desk.get(f"/v1/districts/{city.district_id}/ledger"))["items"]]
    assert sum(item["done"] for of_one in items for item in of_one if item["code"] == "measured") >= 1
