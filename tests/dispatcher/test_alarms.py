"""Alarms over HTTP: listed by urgency, acknowledged at a desk or by a phone, told to whom they concern, raised by the district's rules."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.domain.alarm import DEFAULT_RULES
from shared.domain.clock import utc_now
from shared.domain.words import AlarmCode, AlarmLevel, Permission
from shared.operations.alarms import clear_alarms, raise_alarm
from shared.store.connection import Connection
from tests.calls import Caller, Http, make_actor, make_token
from tests.city import City, make_city, post
from tests.phones import give
from tests.streams import listening

TEAM, COORDINATOR, LEAD = AlarmLevel


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=2)


@pytest.fixture
async def desk(http: Http, conn: Connection, city: City) -> Caller:
    return Caller(http, await make_actor(conn, Permission.COORDINATOR, (city.district_id,)))


async def phone(http: Http, conn: Connection, city: City, place: int) -> Caller:
    """Of the member at that place: 0 grid worker, 1 doctor, 2 police officer of the first team, then those of the second."""
    return Caller(http, await make_token(conn, member_id=city.member_ids[place]))


async def alarm(conn: Connection, city: City, what: AlarmCode, level: AlarmLevel = TEAM, **about: Any) -> str:
    about.setdefault("team_id", city.team_ids[0])
    about.setdefault("now", utc_now())
    raised = await raise_alarm(conn, district_id=city.district_id, what=what, level=level, **about)
    assert raised is not None
    return str(raised)


async def listed(desk: Caller, query: str = "") -> list[str]:
    return [item["id"] for item in (await desk.get(f"/v1/alarms{query}"))["items"]]


async def on_phone(member: Caller) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = (await member.get("/v1/me/route"))["alarms"]
    return shown


async def test_the_highest_level_stands_first_and_of_it_the_oldest(conn: Connection, city: City, desk: Caller) -> None:
    first = await alarm(conn, city, AlarmCode.ROLE_SHORT, COORDINATOR)
    team = await alarm(conn, city, AlarmCode.ROUTE_LATE)
    second = await alarm(conn, city, AlarmCode.PHONE_SILENT, COORDINATOR)
    lead = await alarm(conn, city, AlarmCode.FEVER, LEAD)
    assert await listed(desk) == [lead, first, second, team]
    page = await desk.get("/v1/alarms?limit=2")
    assert [item["id"] for item in page["items"]] == [lead, first]
    assert await listed(desk, f"?limit=2&cursor={page['next_cursor']}") == [second, team]
    assert await listed(desk, "?level=lead&level=team") == [lead, team]
    assert await listed(desk, "?what=fever") == [lead]
    assert await listed(desk, f"?team_id={city.team_ids[1]}") == []


async def test_an_alarm_says_what_it_is_about(conn: Connection, city: City, desk: Caller) -> None:
    (task_id,) = await post(conn, city)
    await give(conn, city, city.team_ids[1], [task_id])
    await alarm(conn, city, AlarmCode.OVERDUE, task_id=task_id)
    (shown,) = (await desk.get("/v1/alarms"))["items"]
    assert (shown["kind"], shown["address"], shown["team"]) == ("door_sensor_check", "Sichuan North Road", "team-1")
    assert [level["level"] for level in shown["levels"]] == ["team"]
    assert shown["acknowledged"] is None
    assert shown["escalate_at"] is not None


async def test_acknowledging_names_who_and_keeps_the_first(
    conn: Connection, city: City, desk: Caller, http: Http
) -> None:
    alarm_id = await alarm(conn, city, AlarmCode.ROLE_SHORT, COORDINATOR)
    shown = await desk.post(f"/v1/alarms/{alarm_id}/acknowledge", expect=200)
    assert shown["acknowledged"]["name"].startswith("coordinator-")
    assert (shown["escalate_at"], shown["cleared_at"]) == (None, None)
    other = Caller(http, await make_actor(conn, Permission.COORDINATOR, (city.district_id,)))
    again = await other.post(f"/v1/alarms/{alarm_id}/acknowledge", expect=200)
    assert again["acknowledged"] == shown["acknowledged"]
    assert await listed(desk, "?acknowledged=false") == []
    assert await listed(desk, "?acknowledged=true") == [alarm_id]


async def test_several_are_acknowledged_at_once_all_or_none(conn: Connection, city: City, desk: Caller) -> None:
    ids = [await alarm(conn, city, AlarmCode.FEVER, COORDINATOR, occasion=str(n)) for n in range(3)]
    wrong = await desk.send("POST", "/v1/alarms/acknowledge", {"ids": [ids[0], str(uuid4())]}, expect=404)
    assert [error["loc"] for error in wrong.json["errors"]] == ["ids.1"]
    assert await listed(desk, "?acknowledged=false") == ids
    assert await desk.post("/v1/alarms/acknowledge", {"ids": [*ids, ids[0]]}, expect=200) == {"acknowledged": 3}
    assert await desk.post("/v1/alarms/acknowledge", {"ids": ids}, expect=200) == {"acknowledged": 0}
    assert await listed(desk) == []
    assert await listed(desk, "?standing=false") == ids[::-1]


async def test_what_is_over_is_listed_only_where_asked_for(conn: Connection, city: City, desk: Caller) -> None:
    alarm_id = await alarm(conn, city, AlarmCode.ROLE_SHORT, COORDINATOR)
    await clear_alarms(conn, AlarmCode.ROLE_SHORT, [city.team_ids[0]], utc_now())
    assert (await listed(desk), await listed(desk, "?standing=false")) == ([], [alarm_id])
    shown = await desk.post(f"/v1/alarms/{alarm_id}/acknowledge", expect=200)
    assert shown["acknowledged"] is None, "it is over: nobody needs to look"


async def test_a_phone_shows_its_teams_alarms_until_the_task_goes_elsewhere(
    http: Http, conn: Connection, city: City
) -> None:
    (task_id,) = await post(conn, city)
    await give(conn, city, city.team_ids[0], [task_id])
    alarm_id = await alarm(conn, city, AlarmCode.OVERDUE, task_id=task_id)
    await alarm(conn, city, AlarmCode.PHONE_SILENT, COORDINATOR)
    mine, theirs = await phone(http, conn, city, 0), await phone(http, conn, city, 3)
    (shown,) = await on_phone(mine)
    assert (shown["id"], shown["what"], shown["task_id"]) == (alarm_id, "overdue", str(task_id))
    assert await on_phone(theirs) == []
    await conn.execute("UPDATE assignments SET team_id = $1", city.team_ids[1])
    await conn.execute("UPDATE tasks SET team_id = $1", city.team_ids[1])
    assert (await on_phone(mine), [one["id"] for one in await on_phone(theirs)]) == ([], [alarm_id])


async def test_a_phone_acknowledges_late_and_twice_with_the_time_at_which_it_was_seen(
    http: Http, conn: Connection, city: City, desk: Caller
) -> None:
    alarm_id = await alarm(conn, city, AlarmCode.ROLE_SHORT, data={"role": "police"})
    member = await phone(http, conn, city, 0)
    assert [one["role"] for one in await on_phone(member)] == ["police"]
    seen_at = utc_now() - timedelta(minutes=5)
    body = {
        "sent_at": utc_now().isoformat(),
        "reports": [{"id": str(uuid4()), "report": "acknowledge", "at": seen_at.isoformat(), "alarm_id": alarm_id}],
    }
    answers = [await member.post("/v1/me/reports", body, expect=200) for _ in range(2)]
    assert [one["items"][0]["status"] for one in answers] == ["done", "done"]
    (shown,) = (await desk.get("/v1/alarms"))["items"]
    assert shown["acknowledged"]["member_id"] == str(city.member_ids[0])
    assert seen_at <= datetime.fromisoformat(shown["acknowledged"]["at"]) <= utc_now() - timedelta(minutes=5)
    (on_it,) = await on_phone(member)
    assert on_it["acknowledged_by"] == shown["acknowledged"]["name"]


async def test_nobody_acknowledges_what_they_cannot_see(http: Http, conn: Connection, city: City) -> None:
    hidden = await alarm(conn, city, AlarmCode.FEVER)
    theirs = await alarm(conn, city, AlarmCode.ROLE_SHORT, team_id=city.team_ids[1])
    police = await phone(http, conn, city, 2)
    for alarm_id in (hidden, theirs, str(uuid4())):
        said = {"id": str(uuid4()), "report": "acknowledge", "at": utc_now().isoformat(), "alarm_id": alarm_id}
        body = {"sent_at": utc_now().isoformat(), "reports": [said]}
        (answer,) = (await police.post("/v1/me/reports", body, expect=200))["items"]
        assert (answer["status"], answer["problem"]["status"]) == ("refused", 404)


@pytest.mark.parametrize("what", list(AlarmCode))
async def test_the_police_learn_of_no_alarm_that_tells_a_medical_result(
    http: Http, conn: Connection, city: City, what: AlarmCode
) -> None:
    """Not from the route and not from the stream; a doctor learns of all."""
    tells = what in {
        AlarmCode.FEVER,
        AlarmCode.REFUSED,
        AlarmCode.NOT_EXECUTABLE,
        AlarmCode.SUIT_TOO_LONG,
        AlarmCode.SPECIMEN_LATE,
        AlarmCode.SPECIMEN_COUNT_DIFFERS,
        AlarmCode.OCCURRENCE_MISSED,
        AlarmCode.SUBJECT_LOST,
    }
    doctor, police = await phone(http, conn, city, 1), await phone(http, conn, city, 2)
    async with listening(doctor, "/v1/me/events") as medical, listening(police, "/v1/me/events") as neutral:
        alarm_id = await alarm(conn, city, what)
        after = await alarm(conn, city, AlarmCode.ROUTE_LATE, occasion="after")
        heard = [(await medical.hear()).data["data"]["alarm_id"] for _ in range(2)]  # type: ignore[union-attr]
        first = (await neutral.hear()).data["data"]  # type: ignore[union-attr]
    assert heard == [alarm_id, after]
    assert first["alarm_id"] == (after if tells else alarm_id)
    assert [one["id"] for one in await on_phone(doctor)] == [alarm_id, after]
    assert [one["id"] for one in await on_phone(police)] == ([after] if tells else [alarm_id, after])


async def test_a_team_hears_of_no_level_above_it(http: Http, conn: Connection, city: City, desk: Caller) -> None:
    member = await phone(http, conn, city, 1)
    async with listening(member, "/v1/me/events") as ear, listening(desk) as console:
        await alarm(conn, city, AlarmCode.PHONE_SILENT, COORDINATOR)
        told = await alarm(conn, city, AlarmCode.ROUTE_LATE)
        heard = await ear.hear()
        assert heard is not None
        assert heard.data["data"] == {"alarm_id": told, "what": "route_late", "level": "team"}
        assert [(await console.hear()).data["data"]["what"] for _ in range(2)] == ["phone_silent", "route_late"]  # type: ignore[union-attr]


async def test_a_district_without_rules_of_its_own_has_the_defaults(city: City, desk: Caller) -> None:
    rules = (await desk.get(f"/v1/districts/{city.district_id}/alarm-rules"))["rules"]
    assert [rule["what"] for rule in rules] == list(DEFAULT_RULES)
    assert not any(rule["own"] for rule in rules)
    waits = {rule["what"]: rule["waits_s"] for rule in rules}
    assert (waits["due_soon"], waits["phone_silent"], waits["overdue"], waits["fever"]) == (1800, 900, 0, None)


async def test_rules_that_several_set_at_once_are_those_of_one_of_them(city: City, desk: Caller) -> None:
    path = f"/v1/districts/{city.district_id}/alarm-rules"
    wanted = [
        {"rules": [{"what": what, "first_level": "lead"} for what in pair]} for pair in (("overdue", "fever"),) * 4
    ]
    answers = await asyncio.gather(*(desk.send("PUT", path, body, expect=200) for body in wanted))
    assert {tuple(rule["what"] for rule in answer.json["rules"] if rule["own"]) for answer in answers} == {
        ("overdue", "fever")
    }


async def test_rules_are_replaced_whole_and_what_is_switched_off_is_over(
    conn: Connection, city: City, desk: Caller
) -> None:
    path = f"/v1/districts/{city.district_id}/alarm-rules"
    await alarm(conn, city, AlarmCode.ROLE_SHORT, COORDINATOR)
    off = {"what": "role_short", "enabled": False, "first_level": "coordinator"}
    own = {"what": "overdue", "after_s": 60, "first_level": "team", "escalate_after_s": {"team": 120}}
    rules = {rule["what"]: rule for rule in (await desk.put(path, {"rules": [off, own]}))["rules"]}
    assert rules["overdue"]["escalate_after_s"] == {"team": 120, "coordinator": None}
    assert [what for what, rule in rules.items() if rule["own"]] == ["overdue", "role_short"]
    assert await listed(desk) == []
    assert (
        await raise_alarm(
            conn, district_id=city.district_id, what=AlarmCode.ROLE_SHORT, team_id=city.team_ids[1], now=utc_now()
        )
        is None
    )
    assert not any(rule["own"] for rule in (await desk.put(path, {"rules": []}))["rules"])


async def test_bad_rules_are_named(city: City, desk: Caller) -> None:
    path = f"/v1/districts/{city.district_id}/alarm-rules"
    overdue = {"what": "overdue", "first_level": "team"}
    answer = await desk.send(
        "PUT", path, {"rules": [overdue, overdue, {"what": "fever", "first_level": "lead", "after_s": 5}]}, expect=422
    )
    assert [error["loc"] for error in answer.json["errors"]] == ["rules.1.what", "rules.2.after_s"]
    for bad in ({"what": "x", "first_level": "team"}, {**overdue, "after_s": -1}, {**overdue, "more": 1}):
        await desk.send("PUT", path, {"rules": [bad]}, expect=422)


async def test_leads_are_marked_on_their_accounts(http: Http, conn: Connection, city: City) -> None:
    admin = Caller(http, await make_actor(conn, Permission.ADMIN, ()))
    body = {"name": "Lead", "permission": "coordinator", "districts": [str(city.district_id)], "leads": True}
    made = await admin.post("/v1/accounts", body)
    assert made["leads"] is True
    token = (await admin.post(f"/v1/accounts/{made['id']}/tokens", {}))["token"]
    assert (await Caller(http, token).get("/v1/me"))["leads"] is True
    assert (await admin.patch(f"/v1/accounts/{made['id']}", {"name": "Boss"}))["leads"] is True
    assert (await admin.patch(f"/v1/accounts/{made['id']}", {"leads": False}))["leads"] is False


async def test_an_auditor_looks_and_acknowledges_nothing(http: Http, conn: Connection, city: City) -> None:
    alarm_id = await alarm(conn, city, AlarmCode.ROLE_SHORT, COORDINATOR)
    auditor = Caller(http, await make_actor(conn, Permission.AUDITOR, (city.district_id,)))
    assert await listed(auditor) == [alarm_id]
    await auditor.send("POST", f"/v1/alarms/{alarm_id}/acknowledge", expect=403)
    assert await conn.fetchval("SELECT count(*) FROM audit WHERE action = 'GET /v1/alarms'") == 1
