"""Who am I, and the route on a phone: in order, fresh, and only as far as the role may see."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from shared.domain.clock import utc_now
from shared.domain.intake import HouseholdDraft, SubjectDraft, TaskDraft
from shared.domain.words import Permission
from shared.operations.intake import TakenIn, take_in
from shared.store.connection import Connection, Pool
from tests.calls import Caller, Http, make_actor, make_token
from tests.city import LAT, LON, City, add_member, make_city
from tests.phones import FEVER, NORMAL, give, phone_of


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=2)


async def phone(http: Http, conn: Connection, member_id: UUID) -> Caller:
    return Caller(http, await make_token(conn, member_id=member_id))


@pytest.fixture
async def doctor(http: Http, conn: Connection, city: City) -> Caller:
    return await phone(http, conn, city.member_ids[1])


@pytest.fixture
async def police(http: Http, conn: Connection, city: City) -> Caller:
    return await phone(http, conn, city.member_ids[2])


async def task_at(conn: Connection, city: City, kind: str, north_m: float = 0, **draft: Any) -> UUID:
    """A task for Chen Xia at 3 Lane 12, that many metres further north."""
    lat = LAT + north_m / 111_000
    household = HouseholdDraft(
        ref=f"lane-{north_m}", address="3 Lane 12", lat=lat, lon=LON, access_notes="back door, code 7"
    )
    subject = SubjectDraft(ref="chen", name="Chen Xia", phone="+86 21 5555", flags={"language": "shanghainese"})
    said = TaskDraft(
        kind=kind,
        household=household,
        subject=subject,
        due_at=utc_now() + timedelta(hours=5),
        instructions="positive contact",
        **draft,
    )
    (answer,) = await take_in(conn, city.district_id, [said], now=utc_now())
    assert isinstance(answer, TakenIn), answer
    return answer.task.id


async def test_a_member_learns_team_shift_duty_and_colleagues(doctor: Caller, city: City) -> None:
    me = await doctor.get("/v1/me")
    assert me["permission"] == "member"
    assert [district["id"] for district in me["districts"]] == [str(city.district_id)]
    member = me["member"]
    assert (member["role"], member["duty"], member["time_zone"]) == ("doctor", "on", "Asia/Shanghai")
    assert member["team"]["id"] == str(city.team_ids[0])
    assert {colleague["role"] for colleague in member["team"]["colleagues"]} == {"grid_worker", "police"}
    assert member["shift"]["is_now"] is True


async def test_a_member_between_teams_has_neither_team_nor_route(http: Http, conn: Connection, city: City) -> None:
    loner = await phone(http, conn, await add_member(conn, city.district_id, "doctor"))
    member = (await loner.get("/v1/me"))["member"]
    assert (member["team"], member["shift"]) == (None, None)
    route = await loner.get("/v1/me/route")
    assert (route["team_id"], route["stops"]) == (None, [])


async def test_accounts_learn_their_districts(
    coordinator: Caller, admin: Caller, district_id: UUID, city: City
) -> None:
    assert (await coordinator.get("/v1/me"))["districts"] == [{"id": str(district_id), "code": "centre"}]
    assert {one["id"] for one in (await admin.get("/v1/me"))["districts"]} == {str(district_id), str(city.district_id)}


async def test_accounts_have_no_route(coordinator: Caller) -> None:
    await coordinator.get("/v1/me/route", expect=403)


async def test_the_route_shows_stops_in_order_with_all_that_a_visit_needs(
    conn: Connection, city: City, doctor: Caller
) -> None:
    far = await task_at(conn, city, "door_sensor_check", 900)
    here, also_here = await task_at(conn, city, "temperature_check"), await task_at(conn, city, "delivery")
    await give(conn, city, city.team_ids[0], [here, also_here, far], pinned=False)
    route = await doctor.get("/v1/me/route")
    assert route["version"] == await conn.fetchval("SELECT route_version FROM teams WHERE id = $1", city.team_ids[0])
    first, second = route["stops"]
    assert [task["id"] for task in first["tasks"]] == [str(here), str(also_here)]
    assert [task["id"] for task in second["tasks"]] == [str(far)]
    assert (first["address"], first["access_notes"]) == ("3 Lane 12", "back door, code 7")
    task = first["tasks"][0]
    assert task["kind"] == "temperature_check"
    assert task["names"]["zh"] == "体温测量"
    assert task["subject"] == {"name": "Chen Xia", "phone": "+86 21 5555", "flags": {"language": "shanghainese"}}
    assert task["instructions"] == "positive contact"
    assert (task["needed"], task["warnings"]) == (True, [])
    forms = {form["kind"]: form for form in route["forms"]}
    assert set(forms) == {"temperature_check", "delivery", "door_sensor_check"}
    assert "temperature_c" in forms["temperature_check"]["schema"]["properties"]
    assert forms["temperature_check"]["version"] == task["form_version"]
    assert route["accept_limit"] == 5
    assert second["arrive_at"] > first["arrive_at"]


async def test_a_phone_says_whose_call_it_is_and_who_stands_in_for_somebody_who_left(
    http: Http, conn: Connection, city: City, doctor: Caller
) -> None:
    call, visit = await task_at(conn, city, "trace_call"), await task_at(conn, city, "temperature_check")
    await give(conn, city, city.team_ids[0], [call, visit])
    grid_worker = await phone(http, conn, city.member_ids[0])

    async def caller(phone: Caller) -> Any:
        (stop,) = (await phone.get("/v1/me/route"))["stops"]
        of = {task["id"]: task["caller"] for task in stop["tasks"]}
        assert of[str(visit)] is None
        return of[str(call)]

    name = await conn.fetchval("SELECT name FROM members WHERE id = $1", city.member_ids[0])
    assert await caller(grid_worker) == {"name": name, "role": "grid_worker", "is_me": True}
    assert await caller(doctor) == {"name": name, "role": "grid_worker", "is_me": False}
    desk = Caller(http, await make_actor(conn, Permission.COORDINATOR, (city.district_id,)))
    of = {task_id: (await desk.get(f"/v1/tasks/{task_id}"))["assignment"]["caller_id"] for task_id in (call, visit)}
    assert of == {call: str(city.member_ids[0]), visit: None}
    await conn.execute("UPDATE assignments SET caller_id = NULL")
    assert (await caller(grid_worker))["is_me"], "an assignment of the release before names nobody"
    left = "UPDATE memberships SET during = tstzrange(lower(during), now()) WHERE member_id = $1"
    await conn.execute(left, city.member_ids[0])
    substitute = await add_member(conn, city.district_id, "grid_worker", team_id=city.team_ids[0], since=utc_now())
    assert (await caller(await phone(http, conn, substitute)))["is_me"]


async def test_a_phone_knows_beforehand_what_a_fever_means(conn: Connection, city: City, doctor: Caller) -> None:
    checked, given = await task_at(conn, city, "temperature_check"), await task_at(conn, city, "delivery")
    await give(conn, city, city.team_ids[0], [checked, given])
    await conn.execute("UPDATE districts SET settings = settings || '{\"fever_line_c\": 37.5}'")
    await conn.execute(
        'UPDATE kinds SET follow_on = \'{"fever": ["transfer_escort", "home_swab", "notice"]}\' WHERE code = \'temperature_check\''
    )
    await conn.execute("UPDATE kinds SET active = false WHERE code = 'notice'")
    forms = {form["kind"]: form for form in (await doctor.get("/v1/me/route"))["forms"]}
    assert forms["temperature_check"]["fever_above_c"] == 37.5
    assert [names["zh"] for names in forms["temperature_check"]["on_fever"]] == ["转运护送", "上门采样"]
    assert (forms["delivery"]["fever_above_c"], forms["delivery"]["on_fever"]) == (None, [])


async def test_the_members_of_a_team_see_that_one_of_them_is_there(
    conn: Connection, city: City, doctor: Caller, police: Caller, pool: Pool
) -> None:
    task_id = await task_at(conn, city, "temperature_check")
    await give(conn, city, city.team_ids[0], [task_id])
    own = await phone_of(pool, city.member_ids[0])
    await own.arrive(task_id)
    for other in (doctor, police):
        (stop,) = (await other.get("/v1/me/route"))["stops"]
        (task,) = stop["tasks"]
        assert (task["departed_at"], task["under_way"]) == (None, True)
        assert task["arrived_at"] is not None


async def test_what_may_be_corrected_today_still_has_its_form(
    conn: Connection, city: City, doctor: Caller, pool: Pool
) -> None:
    task_id = await task_at(conn, city, "temperature_check")
    await give(conn, city, city.team_ids[0], [task_id])
    await (await phone_of(pool, city.member_ids[1])).visits(task_id, "seen_ok", result=NORMAL)
    for team in (city.team_ids[0], None):
        if team is None:
            await conn.execute("DELETE FROM memberships")
        route = await doctor.get("/v1/me/route")
        assert (route["stops"], [form["kind"] for form in route["forms"]]) == ([], ["temperature_check"])


async def test_an_unchanged_route_is_not_sent_again_and_a_changed_one_is(
    conn: Connection, city: City, doctor: Caller, pool: Pool
) -> None:
    task_id = await task_at(conn, city, "delivery")
    await give(conn, city, city.team_ids[0], [task_id])
    first = await doctor.send("GET", "/v1/me/route", expect=200)
    known = {"If-None-Match": first.headers["ETag"]}
    again = await doctor.send("GET", "/v1/me/route", headers=known, expect=304)
    assert (again.content, again.headers["ETag"]) == (b"", first.headers["ETag"])
    await (await phone_of(pool, city.member_ids[0])).accept(task_id)
    changed = await doctor.send("GET", "/v1/me/route", headers=known, expect=200)
    assert changed.json["stops"][0]["tasks"][0]["accepted"] is True
    known = {"If-None-Match": changed.headers["ETag"]}
    await conn.execute("UPDATE households SET access_notes = 'front door'")
    assert (await doctor.send("GET", "/v1/me/route", headers=known, expect=200)).json["version"] == changed.json[
        "version"
    ]


async def test_reading_a_route_is_audited_once_for_each_time_it_was_shown(
    conn: Connection, city: City, doctor: Caller
) -> None:
    shown = await doctor.send("GET", "/v1/me/route", expect=200)
    await doctor.send("GET", "/v1/me/route", headers={"If-None-Match": shown.headers["ETag"]}, expect=304)
    booked = await conn.fetch("SELECT member_id, target, district_id FROM audit")
    assert [tuple(row) for row in booked] == [(city.member_ids[1], str(city.team_ids[0]), city.district_id)]


async def test_a_member_sees_only_the_own_teams_stops(http: Http, conn: Connection, city: City) -> None:
    await give(conn, city, city.team_ids[0], [await task_at(conn, city, "delivery")])
    other = await phone(http, conn, city.member_ids[4])
    assert (await other.get("/v1/me/route"))["stops"] == []


async def test_warnings_say_what_is_wrong_with_a_task(conn: Connection, city: City, doctor: Caller) -> None:
    late, needy = await task_at(conn, city, "delivery"), await task_at(conn, city, "home_swab", 200)
    await conn.execute(
        "UPDATE tasks SET earliest = now() - interval '2 hours', due_at = now() - interval '1 hour' WHERE id = $1", late
    )
    await give(conn, city, city.team_ids[0], [late, needy])
    await conn.execute("UPDATE members SET duty = 'off' WHERE id = $1", city.member_ids[1])
    shown = [stop["tasks"][0]["warnings"] for stop in (await doctor.get("/v1/me/route"))["stops"]]
    assert shown == [["late", "overdue"], ["role_missing", "capability_missing"]]


async def test_the_police_see_where_and_when_but_nothing_medical(
    http: Http, conn: Connection, city: City, police: Caller, doctor: Caller, pool: Pool
) -> None:
    checked, escort = await task_at(conn, city, "temperature_check"), await task_at(conn, city, "transfer_escort", 500)
    swab, done = await task_at(conn, city, "home_swab", 700), await task_at(conn, city, "temperature_check", 900)
    await give(conn, city, city.team_ids[0], [checked, escort, swab, done])
    own = await phone_of(pool, city.member_ids[2])
    await own.visits(done, "seen_ok", result=FEVER)
    answer = await police.send("GET", "/v1/me/route", expect=200)
    route = answer.json
    assert route["forms"] == []
    first, second, *_ = route["stops"]
    assert (first["address"], first["access_notes"]) == ("3 Lane 12", "back door, code 7")
    (task,) = first["tasks"]
    assert (task["kind"], task["names"], task["subject"], task["needed"]) == (
        None,
        {"en": "Household visit", "zh": "入户走访"},
        None,
        False,
    )
    (needed,) = second["tasks"]
    assert needed["needed"] is True
    assert needed["names"] == task["names"]
    assert needed["subject"] == {"name": "Chen Xia", "phone": "", "flags": {}}
    (recorded,) = route["recorded_today"]
    assert (recorded["outcome"], recorded["result"], recorded["note"], recorded["kind"]) == (None, None, None, None)
    told = re.sub(r"T\d\d:\d\d:\d\d[.\d]*", "", orjson.dumps(route).decode())  # 38.4 may be seconds of a clock
    for code in ("temperature", "swab", "fever", "positive", "seen_", "38.4", "transfer", "shanghainese"):
        assert code not in told
    assert "temperature" in orjson.dumps(await doctor.get("/v1/me/route")).decode()


async def test_what_was_recorded_today_is_shown_with_what_became_of_it(
    conn: Connection, city: City, doctor: Caller, pool: Pool
) -> None:
    task_id = await task_at(conn, city, "temperature_check")
    await give(conn, city, city.team_ids[0], [task_id])
    own = await phone_of(pool, city.member_ids[1])
    said = own.visit(task_id, "seen_ok", result=NORMAL)
    await own.send(said)
    await own.correct(said.id, "seen_ok", FEVER)
    route = await doctor.get("/v1/me/route")
    assert route["stops"] == []
    old, new = route["recorded_today"]
    assert (old["id"], old["struck"], old["outcome"], old["result"]) == (str(said.id), True, "seen_ok", NORMAL)
    assert (new["replaces_id"], new["struck"], new["outcome"]) == (str(said.id), False, "seen_not_ok")
    await conn.execute("UPDATE visits SET received_at = received_at - interval '1 day'")
    assert (await doctor.get("/v1/me/route"))["recorded_today"] == []
