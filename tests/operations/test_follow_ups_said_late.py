"""Follow-ups and what comes late or is taken back: old visits, corrections, work that teams give back, a worker that was away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.domain.follow_up import FollowUp, FollowUpDraft, Line
from shared.domain.ids import new_id
from shared.domain.intake import HouseholdDraft, SubjectDraft
from shared.domain.reports import Correct, Decline, Report, Said, VisitMade
from shared.domain.words import FollowUpStatus
from shared.operations.follow_ups import change_follow_up, convert_follow_up, end_follow_up, start_follow_up
from shared.operations.reports import take_report
from shared.operations.subjects import change_subject
from shared.store import follow_ups
from shared.store.connection import Connection
from tests.city import LAT, LON, City, assert_consistent, make_city, post
from tests.errands import errand_named
from tests.phones import FEVER, NORMAL, findings, give

MINE = (
    "replan_follow_ups",
    "make_occurrences",
    "settle_occurrences",
    "settle_what_came_back",
    "lose_follow_ups",
    "complete_follow_ups",
)
DAY_1 = date(2026, 3, 2)
RELEASED = {"released": True}


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=2, begins=at(1, "06:00"), hours=24 * 20)


def at(day: int, clock: str) -> datetime:
    """That time in Shanghai on that day of a plan whose first day is DAY_1."""
    hour, minute = map(int, clock.split(":"))
    midnight = datetime.combine(DAY_1, datetime.min.time(), UTC) - timedelta(hours=8)
    return midnight + timedelta(days=day - 1, hours=hour, minutes=minute)


async def start(conn: Connection, city: City, now: datetime, **given: Any) -> FollowUp:
    mark = new_id().hex
    given.setdefault("subject", SubjectDraft(ref=f"person-{mark}", name="Li Hua", phone=f"138{mark[-8:]}"))
    given.setdefault("household", HouseholdDraft(ref=f"door-{mark}", address="Sichuan North Road", lat=LAT, lon=LON))
    given.setdefault("protocol", "home_isolation")
    return await start_follow_up(conn, city.district_id, FollowUpDraft(**given), now=now)


async def sweep(conn: Connection, now: datetime, *names: str) -> None:
    """What a worker's sweeps would do of follow-ups at that moment, until nothing is left to do."""
    for _ in range(50):
        done = 0
        for errand in [errand_named(name) for name in names or MINE]:
            rows = await errand.find(conn, now, 200)
            done += len(rows)
            for row in rows:
                await errand.deal(conn, row, now)
        if not done:
            return
    raise AssertionError("never ends")


async def say(conn: Connection, city: City, said: Said, happened: datetime, heard: datetime, team: int = 0) -> UUID:
    """A report of a team's doctor, heard later than it happened perhaps; its id."""
    report_id = new_id()
    report = Report(
        id=report_id,
        member_id=city.member_ids[3 * team + 1],
        district_id=city.district_id,
        role="doctor",
        kind=type(said).__name__.lower(),
        said=said,
        body={},
        body_hash=report_id.bytes,
        device_at=happened,
        corrected_at=happened,
        received_at=heard,
    )

    @asynccontextmanager
    async def connected() -> AsyncIterator[Connection]:
        yield conn

    answer, _ = await take_report(connected, report, lambda _, answer: {"status": answer.status.value})
    assert answer["status"] != "refused", answer
    return report_id


async def visit(
    conn: Connection,
    city: City,
    task_id: UUID,
    when: datetime,
    outcome: str = "seen_ok",
    result: Any = None,
    *,
    heard: datetime | None = None,
    team: int = 0,
) -> UUID:
    said = VisitMade(task_id=task_id, findings=findings(outcome, result if result is not None else NORMAL))
    return await say(conn, city, said, when, heard or when, team)


async def correct(
    conn: Connection, city: City, visit_id: UUID, when: datetime, outcome: str, result: Any = None
) -> UUID:
    return await say(conn, city, Correct(visit_id=visit_id, findings=findings(outcome, result)), when, when)


async def hold(conn: Connection, city: City, task_id: UUID, *, accepted: bool = True, team: int = 0) -> None:
    await give(conn, city, city.team_ids[team], [task_id])
    if accepted:
        await conn.execute("UPDATE tasks SET status = 'accepted' WHERE id = $1", task_id)
        await conn.execute("UPDATE assignments SET accepted_at = assigned_at WHERE task_id = $1", task_id)


async def task_at(conn: Connection, plan: FollowUp, day: int, hour: int, kind: str = "temperature_check") -> UUID:
    task_id: UUID = await conn.fetchval(
        """
        SELECT o.task_id FROM follow_up_occurrences o JOIN kinds k ON k.id = o.kind_id
         WHERE o.follow_up_id = $1 AND k.code = $4 AND o.day = $2 AND o.minute = $3 * 60 AND o.withdrawn_at IS NULL
        """,
        plan.id,
        day,
        hour,
        kind,
    )
    return task_id


async def visits_at_ten(conn: Connection) -> tuple[Line, ...]:
    kind_id = await conn.fetchval("SELECT id FROM kinds WHERE code = 'isolation_visit'")
    return (Line(kind_id=kind_id, times=(600,)),)


async def state_of(conn: Connection, task_id: UUID) -> tuple[str, str]:
    """Of an occurrence by its task: where the task stands and what became of the occurrence."""
    row = await conn.fetchrow("SELECT task_status, state FROM follow_up_occurrence_states WHERE task_id = $1", task_id)
    assert row is not None
    return row["task_status"], row["state"]


async def live_protocol(conn: Connection, subject_id: UUID) -> str | None:
    code: str | None = await conn.fetchval(
        "SELECT p.code FROM follow_ups f JOIN protocols p ON p.id = f.protocol_id WHERE f.subject_id = $1 AND f.ended_at IS NULL",
        subject_id,
    )
    return code


async def alarms(conn: Connection, what: str) -> list[bool]:
    """Of each such alarm whether it stands."""
    rows = await conn.fetch("SELECT cleared_at FROM alarms WHERE what = $1 ORDER BY raised_at, id", what)
    return [row["cleared_at"] is None for row in rows]


# Work that comes back


async def test_accepted_work_that_a_team_gives_back_after_its_time_expires(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"), lines=await visits_at_ten(conn))
    await sweep(conn, at(1, "08:30"))
    task_id = await task_at(conn, plan, 1, 10, "isolation_visit")
    await hold(conn, city, task_id)
    await sweep(conn, at(2, "10:00"))
    assert await state_of(conn, task_id) == ("accepted", "missed")
    await say(conn, city, Decline(task_id=task_id, reason="too far"), at(2, "10:05"), at(2, "10:05"))
    await sweep(conn, at(2, "10:06"))
    assert await state_of(conn, task_id) == ("expired", "missed")
    assert (
        await conn.fetchval(
            "SELECT count(*) FROM events WHERE name = 'occurrence.missed' AND data ->> 'task_id' = $1", str(task_id)
        )
        == 1
    )
    await assert_consistent(conn)


async def test_accepted_work_that_nobody_opened_to_after_its_time_expires(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"), lines=await visits_at_ten(conn))
    await sweep(conn, at(1, "08:30"))
    task_id = await task_at(conn, plan, 1, 10, "isolation_visit")
    await hold(conn, city, task_id)
    await sweep(conn, at(2, "10:00"))
    await visit(conn, city, task_id, at(2, "10:05"), "unavailable", {})
    await sweep(conn, at(2, "10:06"))
    assert await state_of(conn, task_id) == ("expired", "missed")


async def test_accepted_work_of_an_ended_plan_that_a_team_gives_back_is_withdrawn(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    await sweep(conn, at(1, "08:30"))
    task_id = await task_at(conn, plan, 1, 10, "isolation_visit")
    await hold(conn, city, task_id)
    await end_follow_up(conn, plan.id, FollowUpStatus.CANCELLED, now=at(1, "11:00"), reason="moved")
    await say(conn, city, Decline(task_id=task_id, reason="too far"), at(1, "11:05"), at(1, "11:05"))
    await sweep(conn, at(1, "11:06"))
    assert await state_of(conn, task_id) == ("cancelled", "withdrawn")


async def test_work_that_comes_back_within_its_time_stays_open(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    await sweep(conn, at(1, "08:30"))
    task_id = await task_at(conn, plan, 1, 10, "isolation_visit")
    await hold(conn, city, task_id)
    await say(conn, city, Decline(task_id=task_id, reason="too far"), at(1, "11:05"), at(1, "11:05"))
    await sweep(conn, at(1, "11:06"))
    assert await state_of(conn, task_id) == ("pending", "open")


# Corrections


async def test_a_visit_taken_back_after_its_time_leaves_its_occurrence_missed(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    await sweep(conn, at(1, "08:30"))
    task_id = await task_at(conn, plan, 1, 8)
    await hold(conn, city, task_id)
    visit_id = await visit(conn, city, task_id, at(1, "15:00"))
    await sweep(conn, at(1, "16:00"))
    assert await state_of(conn, task_id) == ("completed", "done")
    await correct(conn, city, visit_id, at(1, "16:30"), "unavailable")
    await sweep(conn, at(1, "16:31"))
    assert await state_of(conn, task_id) == ("expired", "missed")


async def test_a_visit_taken_back_when_its_plan_is_converted_opens_nothing_of_the_old_plan(
    conn: Connection, city: City
) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    await sweep(conn, at(1, "08:30"))
    task_id = await task_at(conn, plan, 1, 8)
    await hold(conn, city, task_id)
    visit_id = await visit(conn, city, task_id, at(1, "09:00"))
    await convert_follow_up(conn, plan.id, "fever_watch", now=at(1, "10:00"))
    await correct(conn, city, visit_id, at(1, "11:00"), "unavailable")
    await sweep(conn, at(1, "11:01"))
    assert await state_of(conn, task_id) == ("cancelled", "withdrawn")


async def test_a_release_taken_back_as_nobody_home_is_asked_for_once(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"), last_day=DAY_1)
    await sweep(conn, at(1, "12:00"))
    row = await conn.fetchrow(
        "SELECT o.task_id FROM follow_up_occurrences o JOIN kinds k ON k.id = o.kind_id WHERE k.code = 'release' AND o.follow_up_id = $1",
        plan.id,
    )
    assert row is not None
    await hold(conn, city, row["task_id"])
    visit_id = await visit(conn, city, row["task_id"], at(1, "12:10"), "seen_ok", RELEASED)
    await correct(conn, city, visit_id, at(1, "12:20"), "unavailable")
    await sweep(conn, at(1, "12:30"))
    releases = await conn.fetch(
        "SELECT t.id FROM tasks t JOIN kinds k ON k.id = t.kind_id WHERE k.code = 'release' AND t.closed_at IS NULL"
    )
    assert len(releases) == 1


async def test_who_ended_the_plan_that_a_fever_made_is_not_undone_by_a_correction(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    (task_id,) = await post(conn, city, kind="temperature_check", subject=SubjectDraft(id=plan.subject_id))
    visit_id = await visit(conn, city, task_id, at(1, "09:00"), "seen_ok", FEVER)
    watch = await follow_ups.select_live_of_subject(conn, plan.subject_id)
    assert watch is not None
    await end_follow_up(conn, watch.id, FollowUpStatus.CANCELLED, now=at(1, "10:00"), reason="in hospital")
    await correct(conn, city, visit_id, at(1, "11:00"), "seen_ok", NORMAL)
    assert await follow_ups.select_live_of_subject(conn, plan.subject_id) is None


async def test_a_fever_that_two_phones_told_stands_when_one_of_them_takes_it_back(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    (task_id,) = await post(conn, city, kind="temperature_check", subject=SubjectDraft(id=plan.subject_id))
    first = await visit(conn, city, task_id, at(1, "09:00"), "seen_ok", FEVER)
    await visit(conn, city, task_id, at(1, "09:01"), "seen_ok", FEVER)
    await correct(conn, city, first, at(1, "09:30"), "unavailable")
    assert await conn.fetchval("SELECT status FROM tasks WHERE id = $1", task_id) == "completed"
    assert await alarms(conn, "fever") == [True]
    assert await live_protocol(conn, plan.subject_id) == "fever_watch"


async def test_a_release_that_two_phones_told_stands_when_one_of_them_takes_it_back(
    conn: Connection, city: City
) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    (task_id,) = await post(conn, city, kind="release", subject=SubjectDraft(id=plan.subject_id))
    first = await visit(conn, city, task_id, at(1, "09:00"), "seen_ok", RELEASED)
    await visit(conn, city, task_id, at(1, "09:01"), "seen_ok", RELEASED)
    await correct(conn, city, first, at(1, "09:30"), "unavailable")
    assert await conn.fetchval("SELECT status FROM tasks WHERE id = $1", task_id) == "completed"
    assert await live_protocol(conn, plan.subject_id) is None


# Old visits


async def test_a_release_told_late_does_not_end_a_plan_that_was_made_since(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    (task_id,) = await post(conn, city, kind="release", subject=SubjectDraft(id=plan.subject_id))
    await convert_follow_up(conn, plan.id, "fever_watch", now=at(1, "18:00"), reason="fever")
    await visit(conn, city, task_id, at(1, "17:00"), "seen_ok", RELEASED, heard=at(2, "13:00"))
    assert await live_protocol(conn, plan.subject_id) == "fever_watch"


async def test_a_visit_made_in_time_and_told_late_is_no_miss(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    await sweep(conn, at(1, "08:30"))
    task_id = await task_at(conn, plan, 1, 8)
    await hold(conn, city, task_id, accepted=False)
    await sweep(conn, at(1, "16:00"))
    assert await state_of(conn, task_id) == ("expired", "missed")
    await visit(conn, city, task_id, at(1, "10:00"), "seen_ok", FEVER, heard=at(2, "06:00"))
    assert await alarms(conn, "fever") == [True]
    assert await state_of(conn, task_id) == ("completed", "done")


# Alarms, and a worker that was away


async def test_each_miss_and_each_loss_raises_its_alarm_once(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    for moment in (at(1, "08:30"), at(1, "16:00"), at(1, "16:00"), at(3, "00:00"), at(3, "00:00")):
        await sweep(conn, moment)
    missed = await conn.fetchval(
        "SELECT count(*) FROM follow_up_occurrences WHERE follow_up_id = $1 AND missed_at IS NOT NULL", plan.id
    )
    assert missed >= 3
    assert len(await alarms(conn, "occurrence_missed")) == missed
    assert await alarms(conn, "subject_lost") == [True]


async def test_nobody_is_lost_because_the_worker_was_away(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    await sweep(conn, at(1, "08:30"))
    await visit(conn, city, await task_at(conn, plan, 1, 8), at(1, "09:00"))
    await sweep(conn, at(5, "12:00"))
    assert await live_protocol(conn, plan.subject_id) == "home_isolation"


async def test_who_is_lost_on_the_last_day_is_not_completed_whoever_looks_first(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"), last_day=DAY_1 + timedelta(days=1))
    for moment in (at(1, "08:30"), at(1, "16:00"), at(2, "08:00"), at(2, "16:00")):
        await sweep(conn, moment)
    await sweep(conn, at(3, "00:00"), *(name for name in MINE if name != "lose_follow_ups"))
    ended = await follow_ups.select_follow_up(conn, plan.id)
    assert ended is not None
    assert ended.status is FollowUpStatus.LOST


async def test_what_two_phones_told_is_open_again_when_both_take_it_back(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    (task_id,) = await post(conn, city, kind="isolation_visit", subject=SubjectDraft(id=plan.subject_id))
    first = await visit(conn, city, task_id, at(1, "09:00"), "seen_ok", {"person_at_home": True})
    second = await visit(conn, city, task_id, at(1, "09:01"), "seen_ok", {"person_at_home": True})
    await correct(conn, city, first, at(1, "09:30"), "unavailable")
    assert await conn.fetchval("SELECT status FROM tasks WHERE id = $1", task_id) == "completed"
    await correct(conn, city, second, at(1, "09:40"), "unavailable")
    assert await conn.fetchval("SELECT status FROM tasks WHERE id = $1", task_id) == "pending"


async def test_a_fever_found_after_the_plan_had_ended_raises_its_alarm(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    await sweep(conn, at(1, "08:30"))
    task_id = await task_at(conn, plan, 1, 8)
    await end_follow_up(conn, plan.id, FollowUpStatus.CANCELLED, now=at(1, "09:00"), reason="moved")
    visit_id = await visit(conn, city, task_id, at(1, "08:50"), "seen_ok", FEVER, heard=at(1, "20:00"))
    assert await alarms(conn, "fever") == [True]
    assert await conn.fetchval("SELECT count(*) FROM tasks WHERE made_by_task_id IS NOT NULL") == 0
    await correct(conn, city, visit_id, at(1, "20:10"), "seen_ok", NORMAL)
    assert await alarms(conn, "fever") == [False]


async def test_who_was_seen_before_they_were_taken_for_lost_is_followed_up_again(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    for moment in (at(1, "08:10"), at(1, "16:00"), at(2, "08:10"), at(2, "16:10"), at(3, "00:00")):
        await sweep(conn, moment)
    assert await live_protocol(conn, plan.subject_id) is None
    task_id: UUID = await conn.fetchval(
        "SELECT task_id FROM follow_up_occurrences WHERE withdrawn_at IS NOT NULL LIMIT 1"
    )
    await visit(conn, city, task_id, at(2, "20:00"), heard=at(3, "07:00"))
    again = await follow_ups.select_live_of_subject(conn, plan.subject_id)
    assert again is not None
    assert (again.follows_id, again.first_day, again.last_day, again.lines) == (
        plan.id,
        plan.first_day,
        plan.last_day,
        plan.lines,
    )
    assert await alarms(conn, "subject_lost") == [False]
    await sweep(conn, at(3, "08:10"))
    assert await state_of(conn, await task_at(conn, again, 3, 8)) == ("pending", "open")


async def test_who_was_ended_as_lost_by_hand_stays_so(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    await sweep(conn, at(1, "08:10"))
    task_id = await task_at(conn, plan, 1, 8)
    await end_follow_up(conn, plan.id, FollowUpStatus.LOST, now=at(1, "12:00"), reason="fled")
    await visit(conn, city, task_id, at(1, "11:00"), heard=at(1, "13:00"))
    assert await live_protocol(conn, plan.subject_id) is None


async def test_who_moves_is_visited_at_the_new_home_by_what_is_due_already(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    await sweep(conn, at(1, "09:00"))
    await hold(conn, city, await task_at(conn, plan, 1, 8))
    hotel: UUID = await conn.fetchval(
        "INSERT INTO households (id, district_id, door, address, lat, lon) VALUES ($1, $2, 'hotel', 'Hotel', $3, $4) RETURNING id",
        *(new_id(), city.district_id, LAT + 0.01, LON),
    )
    await change_subject(conn, plan.subject_id, {"household_id": hotel}, now=at(1, "09:05"), account_id=None)
    doors = await conn.fetch("SELECT DISTINCT household_id, lat FROM tasks WHERE closed_at IS NULL")
    assert [tuple(row) for row in doors] == [(hotel, LAT + 0.01)]
    await assert_consistent(conn)


async def test_a_plan_that_goes_on_loses_nobody_if_it_lost_nobody_before(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    await change_follow_up(conn, plan.id, {"lost_after_days": None}, version=None, now=at(1, "07:05"))
    (task_id,) = await post(conn, city, kind="temperature_check", subject=SubjectDraft(id=plan.subject_id))
    visit_id = await visit(conn, city, task_id, at(1, "09:00"), "seen_ok", FEVER)
    await correct(conn, city, visit_id, at(1, "09:10"), "seen_ok", NORMAL)
    again = await follow_ups.select_live_of_subject(conn, plan.subject_id)
    assert again is not None
    assert (again.lost_after_days, again.lost_at) == (None, None)
