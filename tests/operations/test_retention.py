"""Retention: what goes, what stays because something needs it, and what happens to it all when work stops halfway."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.domain.clock import utc_now
from shared.domain.errors import Invalid, NotFound
from shared.domain.follow_up import FollowUpDraft
from shared.domain.geography import Point
from shared.domain.ids import new_id
from shared.domain.intake import HouseholdDraft, SubjectDraft, TaskDraft
from shared.domain.reports import Answered
from shared.domain.specimens import PickUpPoint
from shared.domain.words import FollowUpStatus
from shared.operations import by_hand
from shared.operations.follow_ups import end_follow_up, start_follow_up
from shared.operations.households import change_household
from shared.operations.intake import TakenIn, take_in
from shared.operations.pick_up_points import create_pick_up_point
from shared.operations.retention import find_old, redact
from shared.operations.subjects import change_subject
from shared.operations.tidying import forget_ended
from shared.store import retention
from shared.store.connection import Connection, Pool, Record
from shared.store.task_lists import TaskFilter, select_tasks_listed
from tests.city import LAT, LON, City, make_city
from tests.errands import run_errands
from tests.phones import DOOR, Phone, phone_of

DAYS = 30
WANG = SubjectDraft(name="王小明", phone="+8613800001111", flags={"lives_alone": True})
HOME = HouseholdDraft(address="四川北路 1688 弄 7 号", lat=LAT, lon=LON, access_notes="Key with the neighbour")


def later(days: float = DAYS + 1) -> datetime:
    return utc_now() + timedelta(days=days)


async def redact_all(conn: Connection, now: datetime) -> None:
    for _ in range(2):
        await run_errands(conn, now, "redact")


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=1)


@pytest.fixture
async def phone(pool: Pool, city: City) -> Phone:
    return await phone_of(pool, city.member_ids[1])


async def take(
    conn: Connection, city: City, subject: SubjectDraft | None = WANG, home: HouseholdDraft | None = HOME, **draft: Any
) -> Any:
    draft.setdefault("kind", "door_sensor_check")
    asked = TaskDraft(subject=subject, household=home, instructions="Ring twice", **draft)
    (answer,) = await take_in(conn, city.district_id, [asked], now=utc_now())
    return answer.task if isinstance(answer, TakenIn) else answer


async def close(conn: Connection, task_id: UUID, days_ago: float = 0) -> None:
    """It was completed so many days ago."""
    await conn.execute(
        "UPDATE tasks SET status = 'completed', closed_at = $2, waiting_reason = NULL, plan_at = NULL WHERE id = $1",
        task_id,
        utc_now() - timedelta(days=days_ago),
    )


async def row_of(conn: Connection, table: str, row_id: UUID | None) -> Record:
    row = await conn.fetchrow(f"SELECT * FROM {table} WHERE id = $1", row_id)
    assert row is not None
    return row


async def test_a_closed_task_loses_what_it_tells_and_stays_to_be_counted(
    conn: Connection, city: City, phone: Phone
) -> None:
    task = await take(conn, city, ref="order-7")
    await phone.visits(task.id, result={**DOOR, "device_code": "secret"})
    await redact_all(conn, later())
    row = await row_of(conn, "tasks", task.id)
    assert (row["instructions"], row["lat"], row["redacted_at"] is None) == ("", None, False)
    assert (row["status"], row["ref"], row["grid_id"], row["closed_reason"]) == (
        "completed",
        "order-7",
        task.grid_id,
        "seen_ok",
    )
    visit = await conn.fetchrow("SELECT * FROM visits WHERE task_id = $1", task.id)
    assert visit is not None
    assert (visit["outcome"], visit["result"], visit["note"]) == ("seen_ok", {}, "")
    person, door = await row_of(conn, "subjects", task.subject_id), await row_of(conn, "households", task.household_id)
    assert (person["name"], person["phone"], person["flags"]) == ("", "", {})
    assert (door["address"], door["lat"], door["access_notes"]) == ("", None, "")


@pytest.mark.parametrize("reason", ["Moved to Wang's aunt", "wang_xiaoming"])
async def test_what_a_coordinator_wrote_on_cancelling_goes(conn: Connection, city: City, reason: str) -> None:
    task = await take(conn, city)
    await by_hand.cancel(conn, city.district_id, [task.id], reason=reason, now=utc_now(), account_id=None)
    await redact_all(conn, later())
    assert (await row_of(conn, "tasks", task.id))["closed_reason"] == ""


async def test_the_districts_days_decide(conn: Connection, city: City) -> None:
    task = await take(conn, city)
    await close(conn, task.id)
    await redact_all(conn, later(DAYS - 0.01))
    assert (await row_of(conn, "tasks", task.id))["redacted_at"] is None
    await conn.execute("UPDATE districts SET settings = $1", {"retention_days": 7})
    await redact_all(conn, later(7.01))
    assert (await row_of(conn, "tasks", task.id))["redacted_at"]


async def test_an_open_task_keeps_its_person_and_door_but_not_what_an_old_one_told(
    conn: Connection, city: City
) -> None:
    old, still_open = await take(conn, city), await take(conn, city, kind="delivery")
    await close(conn, old.id)
    await redact_all(conn, later())
    assert (await row_of(conn, "tasks", old.id))["instructions"] == ""
    assert (await row_of(conn, "tasks", still_open.id))["instructions"] == "Ring twice"
    assert (await row_of(conn, "subjects", old.subject_id))["name"] == WANG.name
    assert (await row_of(conn, "households", old.household_id))["address"] == HOME.address
    wanted = TaskFilter(districts=[city.district_id])
    listed = await select_tasks_listed(conn, wanted, now=later(), before=None, limit=9)
    assert {(task.id, row["subject_name"], row["address"]) for task, row in listed} == {
        (old.id, None, None),
        (still_open.id, WANG.name, HOME.address),
    }
    await close(conn, still_open.id)
    await redact_all(conn, later())
    assert (await row_of(conn, "subjects", old.subject_id))["name"] == ""
    assert (await row_of(conn, "households", old.household_id))["address"] == ""


async def test_a_live_follow_up_keeps_everything_of_its_subject(conn: Connection, city: City) -> None:
    task = await take(conn, city)
    await close(conn, task.id)
    draft = FollowUpDraft(
        subject=SubjectDraft(id=task.subject_id),
        household=HouseholdDraft(id=task.household_id),
        protocol=await conn.fetchval("SELECT code FROM protocols ORDER BY code LIMIT 1"),
    )
    follow_up = await start_follow_up(conn, city.district_id, draft, now=utc_now())
    await redact_all(conn, later())
    assert (await row_of(conn, "tasks", task.id))["instructions"] == "Ring twice"
    assert (await row_of(conn, "subjects", task.subject_id))["name"] == WANG.name
    ended_at = later()
    await end_follow_up(conn, follow_up.id, FollowUpStatus.CANCELLED, now=ended_at, reason="Moved to Wang's aunt")
    await conn.execute("UPDATE tasks SET closed_at = $1 WHERE closed_at > $1", ended_at)
    await redact_all(conn, ended_at + timedelta(days=1))
    assert (await row_of(conn, "tasks", task.id))["instructions"] == ""
    assert (await row_of(conn, "subjects", task.subject_id))["name"] == WANG.name, "the follow-up ended yesterday"
    await redact_all(conn, ended_at + timedelta(days=DAYS + 1))
    assert (await row_of(conn, "subjects", task.subject_id))["name"] == ""
    assert (await row_of(conn, "follow_ups", follow_up.id))["end_reason"] == ""


async def test_a_contact_that_is_newer_keeps_both_persons_until_it_is_old_itself(conn: Connection, city: City) -> None:
    index = await take(conn, city)
    exposed = await take(conn, city, SubjectDraft(name="Li", phone="+8613900000000"), None, kind="trace_call")
    for task in (index, exposed):
        await close(conn, task.id)
    contact_id, since = new_id(), utc_now() + timedelta(days=20)
    await conn.execute(
        """
        INSERT INTO contacts (id, district_id, index_id, subject_id, class, note, created_at, updated_at)
        VALUES ($1, $2, $3, $4, 'close', 'Same table as Wang', $5, $5)
        """,
        *(contact_id, city.district_id, index.subject_id, exposed.subject_id, since),
    )
    await redact_all(conn, later())
    assert (await row_of(conn, "subjects", index.subject_id))["name"] == WANG.name
    assert (await row_of(conn, "contacts", contact_id))["note"] == "Same table as Wang"
    await redact_all(conn, later(DAYS + 21))
    for subject_id in (index.subject_id, exposed.subject_id):
        assert (await row_of(conn, "subjects", subject_id))["name"] == ""
    assert (await row_of(conn, "contacts", contact_id))["note"] == ""
    await conn.execute("UPDATE contacts SET note = 'again', updated_at = $1", later(DAYS + 21))
    assert (await row_of(conn, "contacts", contact_id))["redacted_at"] is None


async def test_a_door_stays_as_long_as_somebody_who_is_known_lives_there(conn: Connection, city: City) -> None:
    wang = await take(conn, city)
    li = await take(conn, city, SubjectDraft(name="Li", phone="+8613900000000"))
    await close(conn, wang.id)
    await close(conn, li.id, days_ago=-5)
    await redact_all(conn, later(DAYS + 1))
    assert (await row_of(conn, "subjects", wang.subject_id))["name"] == ""
    assert (await row_of(conn, "households", wang.household_id))["address"] == HOME.address
    await redact_all(conn, later(DAYS + 6))
    assert (await row_of(conn, "households", wang.household_id))["address"] == ""


async def test_what_nothing_ever_asked_about_is_a_register_and_stays(conn: Connection, city: City) -> None:
    await take(conn, city)
    await conn.execute("DELETE FROM events; DELETE FROM tasks")
    await redact_all(conn, later(400))
    assert await conn.fetchval("SELECT count(*) FROM subjects WHERE redacted_at IS NULL") == 1


async def test_the_door_of_a_pick_up_point_is_nobodys(conn: Connection, city: City) -> None:
    point = PickUpPoint(
        id=new_id(),
        district_id=city.district_id,
        household_id=new_id(),
        name="Gate",
        point=Point(LAT, LON),
        lab_address="Lab",
    )
    made = await create_pick_up_point(conn, point, now=utc_now(), account_id=None)
    task = await take(conn, city, None, HouseholdDraft(id=made.household_id))
    await close(conn, task.id)
    await redact_all(conn, later())
    assert (await row_of(conn, "tasks", task.id))["redacted_at"]
    assert (await row_of(conn, "households", made.household_id))["address"] == "Gate"


async def test_nobody_is_recognised_as_one_who_was_redacted(conn: Connection, city: City) -> None:
    task = await take(conn, city)
    await close(conn, task.id)
    await redact_all(conn, later())
    again = await take(conn, city)
    assert again.subject_id != task.subject_id
    assert again.household_id != task.household_id
    by_id = await take(conn, city, SubjectDraft(id=task.subject_id), HouseholdDraft(id=task.household_id))
    assert isinstance(by_id, Invalid)
    assert {error.loc for error in by_id.errors} == {"household.id", "subject.id"}
    with pytest.raises(NotFound):
        await change_subject(conn, task.subject_id, {"name": "Wang"}, now=utc_now(), account_id=None)
    with pytest.raises(NotFound):
        await change_household(conn, task.household_id, {"address": "There"}, now=utc_now(), account_id=None)


async def test_a_visit_that_comes_after_has_its_own_time(conn: Connection, city: City, phone: Phone) -> None:
    task = await take(conn, city)
    await close(conn, task.id, days_ago=DAYS + 1)
    await redact_all(conn, utc_now())
    answer = await phone.visits(task.id, result={**DOOR, "device_code": "late"})
    assert answer.status is Answered.KEPT_FOR_REVIEW
    await redact_all(conn, later(DAYS - 1))
    assert await conn.fetchval("SELECT result ->> 'device_code' FROM visits") == "late"
    await redact_all(conn, later())
    assert await conn.fetchval("SELECT result FROM visits") == {}


async def test_a_report_said_again_after_that_gets_its_answer(conn: Connection, city: City, phone: Phone) -> None:
    task = await take(conn, city)
    report = phone.visit(task.id, result=DOOR)
    first = await phone.send(report)
    await redact_all(conn, later())
    assert await conn.fetchval("SELECT body FROM reports WHERE id = $1", report.id) == {}
    assert await phone.send(report) == first


async def test_no_answer_outlives_the_shortest_retention(conn: Connection, city: City) -> None:
    await conn.execute("UPDATE districts SET settings = $1", {"retention_days": 1})
    await conn.execute(
        "INSERT INTO idempotency_keys (scope, key, body_hash, status, body) VALUES ('x', 'y', '', 201, 'Wang')"
    )
    await forget_ended(conn, later(1.1), answers_kept=timedelta(days=90))
    assert await conn.fetchval("SELECT count(*) FROM idempotency_keys") == 0


async def many(conn: Connection, city: City, count: int) -> None:
    """That many closed tasks, each of a person and a door of its own, a visit each."""
    drafts = [
        TaskDraft(
            kind="door_sensor_check",
            household=HouseholdDraft(address=f"Door {number}", lat=LAT, lon=LON),
            subject=SubjectDraft(name=f"Name {number}", phone=f"+86{number:011}"),
        )
        for number in range(count)
    ]
    await take_in(conn, city.district_id, drafts, now=utc_now())
    await conn.execute(
        "UPDATE tasks SET status = 'cancelled', closed_at = now(), closed_reason = 'x', waiting_reason = NULL, plan_at = NULL"
    )


async def left(conn: Connection) -> int:
    count: int = await conn.fetchval("SELECT count(*) FROM tasks WHERE redacted_at IS NULL")
    return count


async def test_batches_are_small_and_a_stop_halfway_costs_only_the_batch(conn: Connection, city: City) -> None:
    await many(conn, city, 1200)
    found = await find_old(conn, later(), 200)
    assert sorted(len(batch["ids"]) for batch in found) == [200, retention.BATCH, retention.BATCH]
    await redact(conn, found[0], later())
    halfway = conn.transaction()
    await halfway.start()
    await redact(conn, found[1], later())
    await halfway.rollback()
    assert await left(conn) == 1200 - len(found[0]["ids"])
    await redact_all(conn, later())
    assert await left(conn) == 0
    assert await conn.fetchval("SELECT count(*) FROM subjects WHERE name <> ''") == 0
    assert await conn.fetchval("SELECT count(*) FROM households WHERE address <> ''") == 0


async def test_who_holds_a_door_or_a_task_is_not_waited_for(conn: Connection, pool: Pool, city: City) -> None:
    task, held = await take(conn, city), await take(conn, city, SubjectDraft(name="Li", phone="+8613900000000"), None)
    for one in (task, held):
        await close(conn, one.id)
    async with pool.acquire() as other, other.transaction():
        await other.execute("SELECT FROM tasks WHERE id = $1 FOR UPDATE", held.id)
        await redact_all(conn, later())
        assert await left(conn) == 1
    async with pool.acquire() as other, other.transaction():
        await other.execute("SELECT FROM subjects WHERE id = $1 FOR UPDATE", held.subject_id)
        await redact_all(conn, later())
        assert await left(conn) == 1
    await redact_all(conn, later())
    assert await left(conn) == 0


async def test_a_task_taken_in_meanwhile_keeps_its_person(conn: Connection, pool: Pool, city: City) -> None:
    task = await take(conn, city)
    await close(conn, task.id)
    (batch,) = await find_old(conn, later(), 200)
    async with pool.acquire() as other, other.transaction():
        await take(other, city)
        await redact(conn, batch, later())
        assert await left(conn) == 1, "it gave way"
    await redact_all(conn, later())
    assert (await row_of(conn, "subjects", task.subject_id))["name"] == WANG.name
