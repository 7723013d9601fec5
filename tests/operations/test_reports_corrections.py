"""Correcting a visit: the old one stays, struck, and what it did is derived anew."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.domain.reports import Answered, Review
from shared.store import tasks, visits
from shared.store.connection import Connection, Pool
from tests.city import City, assert_consistent, make_city, post
from tests.phones import FEVER, NORMAL, Phone, give, heard, phone_of, standing


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=2)


@pytest.fixture
async def phone(pool: Pool, city: City) -> Phone:
    return await phone_of(pool, city.member_ids[1])


@pytest.fixture
async def others(pool: Pool, city: City) -> Phone:
    return await phone_of(pool, city.member_ids[4])


async def visited(conn: Connection, city: City, phone: Phone, outcome: str, **found: Any) -> tuple[UUID, UUID]:
    """A task of the first team and its visit."""
    (task_id,) = await post(conn, city, kind=found.pop("kind", "door_sensor_check"))
    await give(conn, city, city.team_ids[0], [task_id])
    said = phone.visit(task_id, outcome, **found)
    await phone.send(said)
    return task_id, said.id


async def attempts(conn: Connection, task_id: UUID) -> int:
    task = await tasks.select_task(conn, task_id)
    assert task is not None
    return task.attempts


async def test_the_old_visit_stays_struck_and_the_new_one_says_when_and_by_whom_as_before(
    conn: Connection, city: City, phone: Phone
) -> None:
    task_id, visit_id = await visited(conn, city, phone, "seen_ok", ago_s=900)
    assert (await phone.correct(visit_id, "seen_not_ok")).status is Answered.DONE
    old, new = await visits.select_visits_of_task(conn, task_id)
    assert (old.id, old.struck_by, new.replaces_id, new.struck_at) == (visit_id, phone.member_id, visit_id, None)
    assert old.struck_at is not None
    assert (new.corrected_at, new.team_id, new.members) == (old.corrected_at, old.team_id, old.members)
    assert (old.outcome, new.outcome) == ("seen_ok", "seen_not_ok")
    assert await standing(conn, task_id) == ("completed", None)


async def test_not_seen_after_all_opens_the_task_again(conn: Connection, city: City, phone: Phone) -> None:
    task_id, visit_id = await visited(conn, city, phone, "seen_ok")
    assert (await phone.correct(visit_id, "unavailable")).status is Answered.DONE
    assert await standing(conn, task_id) == ("pending", None)
    assert await attempts(conn, task_id) == 1
    assert "task.reopened" in await heard(conn)
    await give(conn, city, city.team_ids[1], [task_id])
    await assert_consistent(conn)


async def test_not_seen_after_all_at_the_last_attempt_is_not_executable(
    conn: Connection, city: City, phone: Phone
) -> None:
    task_id, visit_id = await visited(conn, city, phone, "unavailable")
    await conn.execute("UPDATE tasks SET max_attempts = 2")
    await give(conn, city, city.team_ids[0], [task_id])
    last = phone.visit(task_id, "seen_ok")
    await phone.send(last)
    await phone.correct(last.id, "unavailable")
    assert await standing(conn, task_id) == ("not_executable", None)
    assert await attempts(conn, task_id) == 2
    await phone.correct(visit_id, "refused")
    assert await attempts(conn, task_id) == 2


async def test_not_seen_by_this_team_leaves_it_closed_when_another_saw_the_person(
    conn: Connection, city: City, phone: Phone, others: Phone
) -> None:
    task_id, visit_id = await visited(conn, city, phone, "seen_ok")
    await others.visits(task_id)
    await phone.correct(visit_id, "unavailable")
    assert await standing(conn, task_id) == ("completed", None)


async def test_seen_after_all_completes_the_task_wherever_it_is(conn: Connection, city: City, phone: Phone) -> None:
    task_id, visit_id = await visited(conn, city, phone, "unavailable")
    await give(conn, city, city.team_ids[1], [task_id])
    assert (await phone.correct(visit_id, "seen_ok")).status is Answered.DONE
    assert await standing(conn, task_id) == ("completed", None)
    assert await attempts(conn, task_id) == 1
    ends = await conn.fetch("SELECT end_reason FROM assignments ORDER BY assigned_at")
    assert [row["end_reason"] for row in ends] == ["retry", "visited_by_another"]
    await assert_consistent(conn)


async def test_seen_after_all_completes_what_was_not_executable(conn: Connection, city: City, phone: Phone) -> None:
    await conn.execute("UPDATE kinds SET max_attempts = 1")
    task_id, visit_id = await visited(conn, city, phone, "unavailable")
    assert await standing(conn, task_id) == ("not_executable", None)
    await phone.correct(visit_id, "seen_ok")
    assert await standing(conn, task_id) == ("completed", None)


async def test_what_something_else_closed_since_stays_closed(
    conn: Connection, city: City, phone: Phone, others: Phone
) -> None:
    task_id, visit_id = await visited(conn, city, phone, "unavailable")
    await others.visits(task_id, "seen_ok")
    answer = await phone.correct(visit_id, "refused")
    assert (answer.status, answer.needs_review) == (Answered.KEPT_FOR_REVIEW, (Review.TASK_WAS_CLOSED,))
    assert await standing(conn, task_id) == ("completed", None)


async def test_a_fever_found_late_sounds_the_alert_once(conn: Connection, city: City, phone: Phone) -> None:
    task_id, visit_id = await visited(conn, city, phone, "seen_ok", kind="temperature_check", result=NORMAL)
    answer = await phone.correct(visit_id, "seen_ok", FEVER)
    assert (answer.outcome, len(answer.made_task_ids)) == ("seen_not_ok", 2)
    newest = (await visits.select_visits_of_task(conn, task_id))[-1]
    again = await phone.correct(newest.id, "seen_ok", {**FEVER, "temperature_c": 39.0})
    assert again.made_task_ids == ()
    assert (await heard(conn)).count("alert.fever") == 1


async def test_a_fever_by_mistake_is_taken_back_with_the_tasks_it_made(
    conn: Connection, city: City, phone: Phone
) -> None:
    task_id, visit_id = await visited(conn, city, phone, "seen_ok", kind="temperature_check", result=FEVER)
    await phone.correct(visit_id, "seen_ok", NORMAL)
    assert await standing(conn, task_id) == ("completed", None)
    made = await conn.fetch("SELECT status, closed_reason FROM tasks WHERE made_by_task_id = $1", task_id)
    assert [tuple(row) for row in made] == [("cancelled", "corrected")] * 2
    assert "alert.withdrawn" in await heard(conn)
    newest = (await visits.select_visits_of_task(conn, task_id))[-1]
    assert len((await phone.correct(newest.id, "seen_ok", FEVER)).made_task_ids) == 2, "a fever after all"


async def test_a_follow_on_that_a_team_accepted_is_left_to_people(
    conn: Connection, city: City, phone: Phone, others: Phone
) -> None:
    task_id, visit_id = await visited(conn, city, phone, "seen_ok", kind="temperature_check", result=FEVER)
    made: UUID = await conn.fetchval("SELECT id FROM tasks WHERE made_by_task_id = $1", task_id)
    await give(conn, city, city.team_ids[1], [made])
    await others.accept(made)
    await phone.correct(visit_id, "seen_ok", NORMAL)
    assert await standing(conn, made) == ("accepted", city.team_ids[1])


async def test_one_corrects_ones_own_visits_and_the_teams_of_today_only(
    conn: Connection, city: City, phone: Phone, others: Phone, pool: Pool
) -> None:
    task_id, visit_id = await visited(conn, city, phone, "seen_ok")
    assert (await others.correct(visit_id, "unavailable")).error == "not_found"
    assert (await phone.correct(task_id, "unavailable")).error == "not_found"
    colleague = await phone_of(pool, city.member_ids[0])
    assert (await colleague.correct(visit_id, "seen_not_ok")).status is Answered.DONE
    assert (await phone.correct(visit_id, "seen_ok")).error == "corrected_already"
    _, yesterdays = await visited(conn, city, phone, "seen_ok")
    await conn.execute(
        "UPDATE visits SET received_at = received_at - $2::interval WHERE id = $1", yesterdays, timedelta(days=1)
    )
    assert (await phone.correct(yesterdays, "unavailable")).error == "too_late_to_correct"
    assert await standing(conn, task_id) == ("completed", None)


async def test_two_corrections_at_once_correct_once(conn: Connection, city: City, phone: Phone, pool: Pool) -> None:
    colleague = await phone_of(pool, city.member_ids[0])
    task_id, visit_id = await visited(conn, city, phone, "seen_ok")
    answers = await asyncio.gather(phone.correct(visit_id, "unavailable"), colleague.correct(visit_id, "refused"))
    assert sorted(answer.error or "" for answer in answers) == ["", "corrected_already"]
    assert len(await visits.select_visits_of_task(conn, task_id)) == 2
    assert await standing(conn, task_id) == ("pending", None)


async def test_a_correction_that_breaks_the_form_is_kept_all_the_same(
    conn: Connection, city: City, phone: Phone
) -> None:
    task_id, visit_id = await visited(conn, city, phone, "seen_ok")
    answer = await phone.correct(visit_id, "seen_ok", {"sensor": 7})
    assert (answer.status, answer.needs_review) == (Answered.KEPT_FOR_REVIEW, (Review.RESULT_BREAKS_FORM,))
    assert await standing(conn, task_id) == ("completed", None)
