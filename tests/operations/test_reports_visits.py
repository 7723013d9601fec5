"""Visits: what each makes of its task, and what is kept whatever happens."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.domain.clock import utc_now
from shared.domain.reports import Answered, Review
from shared.domain.words import Duty
from shared.store import tasks, visits
from shared.store.connection import Connection, Pool
from tests.city import City, add_member, assert_consistent, make_city, post
from tests.phones import FEVER, NORMAL, Phone, give, heard, phone_of, standing, take


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=2)


@pytest.fixture
async def phone(pool: Pool, city: City) -> Phone:
    return await phone_of(pool, city.member_ids[1])


@pytest.fixture
async def others(pool: Pool, city: City) -> Phone:
    return await phone_of(pool, city.member_ids[4])


async def last_end(conn: Connection, task_id: UUID) -> str:
    reason: str = await conn.fetchval(
        "SELECT end_reason FROM assignments WHERE task_id = $1 ORDER BY ended_at DESC LIMIT 1", task_id
    )
    return reason


async def one(conn: Connection, city: City, team: int | None = 0, **draft: Any) -> UUID:
    """A task with one of the teams (None: with nobody)."""
    (task_id,) = await post(conn, city, **draft)
    if team is not None:
        await give(conn, city, city.team_ids[team], [task_id])
    return task_id


@pytest.mark.parametrize("before", ["assigned", "accepted", "departed", "arrived"])
async def test_a_visit_may_be_recorded_from_assigned_on(
    conn: Connection, city: City, phone: Phone, before: str
) -> None:
    task_id = await one(conn, city)
    steps = {"accepted": phone.accept, "departed": phone.depart, "arrived": phone.arrive}
    if before in steps:
        await steps[before](task_id)
    answer = await phone.visits(task_id)
    assert (answer.status, answer.outcome) == (Answered.DONE, "seen_ok")
    assert await standing(conn, task_id) == ("completed", None)
    assert await last_end(conn, task_id) == "completed"
    await assert_consistent(conn)


async def test_seeing_the_person_closes_the_task_of_another_team_which_is_told(
    conn: Connection, city: City, phone: Phone, others: Phone
) -> None:
    task_id = await one(conn, city)
    await phone.accept(task_id)
    began = utc_now()
    assert (await others.visits(task_id)).status is Answered.DONE
    assert await standing(conn, task_id) == ("completed", None)
    assert await last_end(conn, task_id) == "visited_by_another"
    assert set(await heard(conn, team_id=city.team_ids[0], since=began)) == {"task.completed", "route.changed"}
    await assert_consistent(conn)


async def test_seeing_the_person_closes_a_task_that_waits(conn: Connection, city: City, phone: Phone) -> None:
    task_id = await one(conn, city, None)
    assert (await phone.visits(task_id)).status is Answered.DONE
    assert await standing(conn, task_id) == ("completed", None)


@pytest.mark.parametrize("outcome", ["unavailable", "refused", "wrong_address", "unsafe"])
async def test_not_seeing_the_person_waits_for_a_later_window(
    conn: Connection, city: City, phone: Phone, outcome: str
) -> None:
    task_id = await one(conn, city)
    said = phone.visit(task_id, outcome, ago_s=600)
    assert (await phone.send(said)).status is Answered.DONE
    task = await tasks.select_task(conn, task_id)
    assert task is not None
    assert (task.status, task.attempts, task.team_id) == ("pending", 1, None)
    assert task.earliest == said.corrected_at + timedelta(hours=1), "an hour after the knock"
    assert task.due_at > task.earliest
    assert await last_end(conn, task_id) == "retry"
    await assert_consistent(conn)


async def test_after_the_kinds_attempts_a_task_is_not_executable(conn: Connection, city: City, phone: Phone) -> None:
    task_id = await one(conn, city)
    for attempt in (1, 2, 3):
        await phone.visits(task_id, "unavailable")
        if attempt < 3:
            assert await standing(conn, task_id) == ("pending", None)
            await give(conn, city, city.team_ids[0], [task_id])
    assert await standing(conn, task_id) == ("not_executable", None)
    assert await last_end(conn, task_id) == "not_executable"


async def test_not_seeing_the_person_counts_only_for_the_team_that_held_the_task(
    conn: Connection, city: City, phone: Phone, others: Phone
) -> None:
    task_id = await one(conn, city)
    answer = await others.visits(task_id, "unavailable")
    assert (answer.status, answer.needs_review) == (Answered.KEPT_FOR_REVIEW, (Review.NOT_HELD_BY_TEAM,))
    assert await standing(conn, task_id) == ("assigned", city.team_ids[0])
    task = await tasks.select_task(conn, task_id)
    assert task is not None
    assert task.attempts == 0
    assert await conn.fetchval("SELECT assignment_id FROM visits") is None


async def test_a_knock_before_the_task_was_taken_back_counts_when_it_is_told_late(
    conn: Connection, city: City, phone: Phone
) -> None:
    """The phone had no signal; the task waits, nobody else has it."""
    task_id = await one(conn, city)
    await conn.execute("UPDATE assignments SET assigned_at = now() - interval '1 hour'")
    await take(conn, city, task_id)
    assert (await phone.visits(task_id, "unavailable", ago_s=300)).status is Answered.DONE
    task = await tasks.select_task(conn, task_id)
    assert task is not None
    assert (task.status, task.attempts) == ("pending", 1)


async def test_a_late_knock_leaves_the_team_alone_that_has_the_task_now(
    conn: Connection, city: City, phone: Phone
) -> None:
    task_id = await one(conn, city)
    await conn.execute("UPDATE assignments SET assigned_at = now() - interval '1 hour'")
    await take(conn, city, task_id)
    await give(conn, city, city.team_ids[1], [task_id])
    answer = await phone.visits(task_id, "unavailable", ago_s=300)
    assert answer.needs_review == (Review.NOT_HELD_BY_TEAM,)
    assert await standing(conn, task_id) == ("assigned", city.team_ids[1])


async def test_a_second_visit_on_a_closed_task_is_kept_and_flagged_without_consequences(
    conn: Connection, city: City, phone: Phone, others: Phone
) -> None:
    task_id = await one(conn, city, kind="temperature_check")
    await phone.visits(task_id, result=NORMAL)
    closed = await tasks.select_task(conn, task_id)
    for outcome, result in (("seen_ok", FEVER), ("unavailable", {})):
        answer = await others.visits(task_id, outcome, result=result)
        assert (answer.status, answer.needs_review) == (Answered.KEPT_FOR_REVIEW, (Review.TASK_WAS_CLOSED,))
    assert await tasks.select_task(conn, task_id) == closed
    assert "alert.fever" not in await heard(conn)
    assert await conn.fetchval("SELECT count(*) FROM visits") == 3


@pytest.mark.parametrize(
    ("result", "version"),
    [
        ({"sensor": "melted"}, 1),
        ({}, 1),
        ({"sensor": "working", "unknown": 1}, 1),
        ({"sensor": "working"}, 7),
        ({"temperature_c": 99}, 1),
    ],
)
async def test_a_result_that_breaks_its_form_is_kept_with_the_consequences_of_its_outcome(
    conn: Connection, city: City, phone: Phone, result: dict[str, Any], version: int
) -> None:
    task_id = await one(conn, city)
    said = phone.visit(task_id, "seen_not_ok", result=result, form_version=version)
    answer = await phone.send(said)
    assert (answer.status, answer.error) == (Answered.KEPT_FOR_REVIEW, "invalid")
    assert answer.needs_review == (Review.RESULT_BREAKS_FORM,)
    assert await standing(conn, task_id) == ("completed", None)
    visit = await visits.select_visit(conn, said.id)
    assert visit is not None
    assert visit.result == result


async def test_an_old_version_of_the_form_is_as_good_as_the_one_in_force(
    conn: Connection, city: City, phone: Phone
) -> None:
    task_id = await one(conn, city)
    await conn.execute(
        "INSERT INTO kind_forms (kind_id, version, schema) SELECT kind_id, 2, $2 FROM tasks WHERE id = $1",
        task_id,
        {"type": "object", "required": ["brand_new"]},
    )
    await conn.execute("UPDATE kinds SET form_version = 2 WHERE code = 'door_sensor_check'")
    assert (await phone.visits(task_id)).status is Answered.DONE


async def test_who_saw_nobody_has_nothing_to_fill_in(conn: Connection, city: City, phone: Phone) -> None:
    task_id = await one(conn, city, kind="temperature_check")
    assert (await phone.visits(task_id, "unavailable")).status is Answered.DONE


@pytest.mark.parametrize(("temperature", "fever"), [(37.3, False), (37.4, True), (43.0, True), (36.0, False)])
async def test_above_the_fever_line_the_person_is_not_ok_an_alert_sounds_and_a_follow_on_task_is_made(
    conn: Connection, city: City, phone: Phone, temperature: float, fever: bool
) -> None:
    task_id = await one(conn, city, kind="temperature_check")
    answer = await phone.visits(task_id, "seen_ok", result={"temperature_c": temperature, "method": "ear"})
    made = await conn.fetch(
        "SELECT t.id, k.code, t.household_id FROM tasks t JOIN kinds k ON k.id = t.kind_id WHERE made_by_task_id = $1 ORDER BY k.code",
        task_id,
    )
    assert answer.outcome == ("seen_not_ok" if fever else "seen_ok")
    assert [row["code"] for row in made] == (["doctor_visit", "home_swab"] if fever else [])
    assert sorted(answer.made_task_ids) == sorted(row["id"] for row in made)
    assert (await heard(conn, team_id=city.team_ids[0])).count("alert.fever") == fever
    assert all(row["household_id"] for row in made), "at the same door"


async def test_the_districts_own_fever_line_counts(conn: Connection, city: City, phone: Phone) -> None:
    await conn.execute("UPDATE districts SET settings = settings || $1", {"fever_line_c": 38.5})
    task_id = await one(conn, city, kind="temperature_check")
    assert (await phone.visits(task_id, result=FEVER)).outcome == "seen_ok"


async def test_a_follow_on_kind_that_is_gone_does_not_stop_the_visit(
    conn: Connection, city: City, phone: Phone
) -> None:
    await conn.execute("UPDATE kinds SET active = false WHERE code IN ('home_swab', 'doctor_visit')")
    task_id = await one(conn, city, kind="temperature_check")
    answer = await phone.visits(task_id, result=FEVER)
    assert (answer.status, answer.outcome, answer.made_task_ids) == (Answered.DONE, "seen_not_ok", ())
    assert {"alert.fever", "task.follow_on_refused"} <= set(await heard(conn))


async def test_a_visit_is_judged_by_corrected_time_and_by_the_team_of_that_time(
    conn: Connection, city: City, pool: Pool
) -> None:
    """The member has joined another team since; the phone was without signal."""
    team = city.team_ids[0]
    doctor = city.member_ids[1]
    task_id = await one(conn, city, due_at=utc_now() + timedelta(hours=1))
    await conn.execute("UPDATE assignments SET assigned_at = now() - interval '50 minutes'")
    await conn.execute("UPDATE tasks SET earliest = now() - interval '1 hour', due_at = now() - interval '5 minutes'")
    switched = utc_now() - timedelta(minutes=10)
    await conn.execute(
        "UPDATE memberships SET during = tstzrange(lower(during), $2) WHERE member_id = $1", doctor, switched
    )
    await conn.execute(
        "UPDATE memberships SET during = tstzrange(lower(during), $2) WHERE member_id = $1",
        city.member_ids[4],
        switched,
    )
    await conn.execute(
        "INSERT INTO memberships (id, district_id, team_id, member_id, role, during) "
        "VALUES (gen_random_uuid(), $1, $2, $3, 'doctor', tstzrange($4, NULL))",
        city.district_id,
        city.team_ids[1],
        doctor,
        switched,
    )
    phone = await phone_of(pool, doctor)
    said = phone.visit(task_id, "unavailable", ago_s=20 * 60)
    assert (await phone.send(said)).status is Answered.DONE
    visit = await visits.select_visit(conn, said.id)
    assert visit is not None
    assert visit.team_id == team
    assert {member["role"] for member in visit.members} == {"grid_worker", "doctor", "police"}
    recorded = await conn.fetchval("SELECT data FROM events WHERE name = 'visit.recorded'")
    assert recorded["on_time"] is True, "it knocked before it was due, though it told so afterwards"


async def test_members_are_snapshotted_so_that_changing_a_team_rewrites_nothing(
    conn: Connection, city: City, phone: Phone, pool: Pool
) -> None:
    task_id = await one(conn, city)
    police = await phone_of(pool, city.member_ids[2])
    await police.duty(Duty.OFF)
    said = phone.visit(task_id)
    await phone.send(said)
    stand_in = await add_member(conn, city.district_id, "doctor")
    await conn.execute("UPDATE memberships SET member_id = $2 WHERE member_id = $1", phone.member_id, stand_in)
    visit = await visits.select_visit(conn, said.id)
    assert visit is not None
    assert {member["member_id"] for member in visit.members} == {str(member) for member in city.member_ids[:2]}


async def test_the_team_is_where_it_knocked_last(conn: Connection, city: City, phone: Phone) -> None:
    task_id = await one(conn, city)
    await phone.visits(task_id)
    same = await conn.fetchval(
        "SELECT t.lat = m.place_lat AND t.lon = m.place_lon FROM tasks t, teams m WHERE t.id = $1 AND m.id = $2",
        task_id,
        city.team_ids[0],
    )
    assert same


async def test_a_cancelled_task_stays_cancelled_whatever_was_seen(conn: Connection, city: City, phone: Phone) -> None:
    task_id = await one(conn, city)
    await phone.visits(task_id, "unavailable")
    await conn.execute(
        "UPDATE tasks SET status = 'cancelled', closed_at = now(), waiting_reason = NULL, plan_at = NULL WHERE id = $1",
        task_id,
    )
    assert (await phone.visits(task_id)).needs_review == (Review.TASK_WAS_CLOSED,)
    assert await standing(conn, task_id) == ("cancelled", None)
