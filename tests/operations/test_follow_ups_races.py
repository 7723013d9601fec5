"""Follow-ups and two of anything at once: sweepers, an end and a sweeper, a visit and a sweeper, two beginnings."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from asyncpg import UniqueViolationError

from shared.domain.errors import FollowedUpAlready, FollowUpEnded
from shared.domain.follow_up import FollowUp, FollowUpDraft
from shared.domain.ids import new_id
from shared.domain.intake import HouseholdDraft, SubjectDraft
from shared.domain.reports import Findings, Report, VisitMade
from shared.domain.words import FollowUpStatus, Outcome
from shared.operations.follow_ups import change_follow_up, convert_follow_up, end_follow_up, start_follow_up
from shared.operations.occurrences import make_due, settle_due
from shared.operations.visits import record_visit
from shared.store import follow_ups
from shared.store.connection import Connection, Pool
from shared.store.follow_up_occurrences import select_to_make, select_to_settle
from tests.city import LAT, LON, City, make_city
from tests.phones import NORMAL
from tests.races import in_two_halves

HOUR = timedelta(hours=1)
MORNING = datetime(2026, 3, 2, 7, tzinfo=UTC) - 8 * HOUR  # in Shanghai


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=1, begins=MORNING)


@pytest.fixture
async def plan(conn: Connection, city: City) -> FollowUp:
    """Begun at seven in the morning, with nothing made yet."""
    return await start(conn, city, SubjectDraft(ref="li", name="Li Hua", phone="+8613800000000"))


async def start(conn: Connection, city: City, subject: SubjectDraft) -> FollowUp:
    draft = FollowUpDraft(
        subject=subject,
        household=HouseholdDraft(ref="door", address="Sichuan North Road", lat=LAT, lon=LON),
        protocol="home_isolation",
        last_day=date(2026, 3, 3),
    )
    return await start_follow_up(conn, city.district_id, draft, now=MORNING)


async def make(conn: Connection, now: datetime = MORNING) -> None:
    """As the worker does; what is due is looked up by the one who waits, too, before it waits."""
    for row in await select_to_make(conn, now, 100):
        await make_due(conn, row, now)


async def settle(conn: Connection, now: datetime) -> None:
    for row in await select_to_settle(conn, now, 100):
        await settle_due(conn, row, now)


async def end(conn: Connection, plan: FollowUp) -> FollowUp:
    return await end_follow_up(conn, plan.id, FollowUpStatus.CANCELLED, now=MORNING, reason="moved away")


def visit_of(city: City, task_id: UUID, at: datetime, result: dict[str, Any]) -> tuple[Report, VisitMade]:
    said = VisitMade(task_id=task_id, findings=Findings(outcome=Outcome.SEEN_OK, result=result, form_version=1))
    report = Report(
        id=new_id(),
        member_id=city.member_ids[1],
        district_id=city.district_id,
        role="doctor",
        kind="visit",
        said=said,
        body={},
        body_hash=sha256().digest(),
        device_at=at,
        corrected_at=at,
        received_at=at,
    )
    return report, said


async def see(conn: Connection, city: City, task_id: UUID, at: datetime, **result: Any) -> None:
    report, said = visit_of(city, task_id, at, result or NORMAL)
    await record_visit(conn, report, said)


async def task_of(conn: Connection, kind: str, day: int = 1) -> UUID:
    task_id: UUID = await conn.fetchval(
        """
        SELECT o.task_id FROM follow_up_occurrences o JOIN kinds k ON k.id = o.kind_id
         WHERE k.code = $1 AND o.day = $2 AND o.task_id IS NOT NULL ORDER BY o.opens_at LIMIT 1
        """,
        kind,
        day,
    )
    return task_id


async def statuses(conn: Connection) -> list[str]:
    return [row["status"] for row in await conn.fetch("SELECT status FROM tasks ORDER BY id")]


async def test_two_sweepers_at_once_make_each_task_once(conn: Connection, pool: Pool, plan: FollowUp) -> None:
    await in_two_halves(pool, make, make)
    assert await statuses(conn) == ["pending", "pending"]


async def test_two_sweepers_at_once_miss_each_once(conn: Connection, pool: Pool, plan: FollowUp) -> None:
    await make(conn)
    later = MORNING + 9 * HOUR
    await in_two_halves(pool, lambda one: settle(one, later), lambda other: settle(other, later))
    assert await conn.fetchval("SELECT count(*) FROM events WHERE name = 'occurrence.missed'") == 1
    assert sorted(await statuses(conn)) == ["expired", "pending"]


async def test_an_end_before_the_sweeper_leaves_nothing_to_make(conn: Connection, pool: Pool, plan: FollowUp) -> None:
    await in_two_halves(pool, lambda one: end(one, plan), make)
    assert await statuses(conn) == []


async def test_an_end_that_comes_while_tasks_are_made_withdraws_them(
    conn: Connection, pool: Pool, plan: FollowUp
) -> None:
    await in_two_halves(pool, make, lambda other: end(other, plan))
    assert await statuses(conn) == ["cancelled", "cancelled"]


async def test_a_change_that_comes_while_tasks_are_made_keeps_what_stays_in_the_plan(
    conn: Connection, pool: Pool, plan: FollowUp
) -> None:
    only_checks = {"lines": plan.lines[:1]}
    await in_two_halves(
        pool, make, lambda other: change_follow_up(other, plan.id, only_checks, version=None, now=MORNING)
    )
    assert sorted(await statuses(conn)) == ["cancelled", "pending"]


async def test_a_release_that_comes_while_tasks_are_made_leaves_none_open(
    conn: Connection, pool: Pool, city: City, plan: FollowUp
) -> None:
    second_day = MORNING + 24 * HOUR
    await make(conn, second_day)
    release = await task_of(conn, "release", day=2)
    afternoon = second_day + 6 * HOUR
    await in_two_halves(
        pool,
        lambda one: make(one, afternoon),
        lambda other: see(other, city, release, afternoon, released=True),
    )
    assert await conn.fetchval("SELECT count(*) FROM tasks WHERE closed_at IS NULL") == 0
    ended = await follow_ups.select_follow_up(conn, plan.id)
    assert ended is not None
    assert ended.status is FollowUpStatus.COMPLETED


async def test_a_sweeper_that_comes_while_a_release_is_recorded_makes_nothing_more(
    conn: Connection, pool: Pool, city: City, plan: FollowUp
) -> None:
    second_day = MORNING + 24 * HOUR
    await make(conn, second_day)
    release = await task_of(conn, "release", day=2)
    afternoon = second_day + 6 * HOUR
    await in_two_halves(
        pool,
        lambda one: see(one, city, release, afternoon, released=True),
        lambda other: make(other, afternoon),
    )
    assert await conn.fetchval("SELECT count(*) FROM tasks WHERE closed_at IS NULL") == 0


async def test_a_visit_just_before_the_end_of_its_occurrence_is_not_missed(
    conn: Connection, pool: Pool, city: City, plan: FollowUp
) -> None:
    await make(conn)
    task_id, later = await task_of(conn, "temperature_check"), MORNING + 9 * HOUR
    await in_two_halves(pool, lambda one: see(one, city, task_id, later), lambda other: settle(other, later))
    assert await conn.fetchval("SELECT status FROM tasks WHERE id = $1", task_id) == "completed"
    assert await conn.fetchval("SELECT count(*) FROM follow_up_occurrences WHERE missed_at IS NOT NULL") == 0


async def test_a_visit_just_after_the_end_of_its_occurrence_is_kept_and_it_stays_missed(
    conn: Connection, pool: Pool, city: City, plan: FollowUp
) -> None:
    await make(conn)
    task_id, later = await task_of(conn, "temperature_check"), MORNING + 9 * HOUR
    await in_two_halves(pool, lambda one: settle(one, later), lambda other: see(other, city, task_id, later))
    assert await conn.fetchval("SELECT status FROM tasks WHERE id = $1", task_id) == "expired"
    assert await conn.fetchval("SELECT count(*) FROM visits") == 1
    assert await conn.fetchval("SELECT count(*) FROM follow_up_occurrences WHERE missed_at IS NOT NULL") == 1


async def test_of_two_beginnings_at_once_one_is_refused(conn: Connection, pool: Pool, city: City) -> None:
    who = SubjectDraft(ref="wang", name="Wang", phone="+8613900000000")
    answers = await in_two_halves(pool, lambda one: start(one, city, who), lambda other: start(other, city, who))
    assert isinstance(answers[1], FollowedUpAlready)
    assert await conn.fetchval("SELECT count(*) FROM follow_ups") == 1


async def test_of_two_conversions_at_once_one_is_refused(conn: Connection, pool: Pool, plan: FollowUp) -> None:
    answers = await in_two_halves(
        pool,
        lambda one: convert_follow_up(one, plan.id, "fever_watch", now=MORNING),
        lambda other: convert_follow_up(other, plan.id, "health_monitoring", now=MORNING),
    )
    assert isinstance(answers[1], FollowUpEnded)
    assert await conn.fetchval("SELECT count(*) FROM follow_ups WHERE ended_at IS NULL") == 1


async def test_an_end_twice_at_once_is_one_end(conn: Connection, pool: Pool, plan: FollowUp) -> None:
    one, other = await in_two_halves(pool, lambda one: end(one, plan), lambda other: end(other, plan))
    assert one == other
    assert await conn.fetchval("SELECT count(*) FROM events WHERE name = 'follow_up.ended'") == 1


async def test_the_database_itself_forbids_an_occurrence_twice_and_a_task_for_two(
    conn: Connection, plan: FollowUp
) -> None:
    columns = "district_id, follow_up_id, kind_id, day, on_day, minute, opens_at, due_at, ends_at"
    with pytest.raises(UniqueViolationError):
        await conn.execute(
            f"INSERT INTO follow_up_occurrences (id, {columns}) SELECT gen_random_uuid(), {columns} FROM follow_up_occurrences LIMIT 1"
        )
    await make(conn)
    with pytest.raises(UniqueViolationError):
        await conn.execute(
            """
            UPDATE follow_up_occurrences SET made_at = now(), task_id = (SELECT id FROM tasks LIMIT 1) WHERE made_at IS NULL
            """
        )
