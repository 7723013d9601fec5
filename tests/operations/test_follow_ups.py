"""Follow-ups: begun, their tasks made, missed, changed, ended and converted at any virtual time."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from services.worker.errands import ERRANDS
from shared.domain.errors import ChangedMeanwhile, FollowedUpAlready
from shared.domain.follow_up import Expected, FollowUp, FollowUpDraft, LedgerItem, Line
from shared.domain.ids import new_id
from shared.domain.intake import HouseholdDraft, SubjectDraft
from shared.domain.reports import Findings, Report, VisitMade
from shared.domain.words import FollowUpStatus, Outcome
from shared.operations.districts import change_district
from shared.operations.follow_ups import change_follow_up, convert_follow_up, end_follow_up, start_follow_up
from shared.operations.visits import record_visit
from shared.store import follow_up_lists, follow_ups
from shared.store.connection import Connection
from tests.city import LAT, LON, City, make_city
from tests.phones import NORMAL, give

MINE = ("replan_follow_ups", "make_occurrences", "settle_occurrences", "lose_follow_ups", "complete_follow_ups")
SHANGHAI = timedelta(hours=8)
DAY_1 = date(2026, 3, 2)


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=1, begins=at(1, "06:00"))


def at(day: int, clock: str) -> datetime:
    """That time in Shanghai on that day of a plan whose first day is DAY_1."""
    hour, minute = map(int, clock.split(":"))
    midnight = datetime.combine(DAY_1, datetime.min.time(), UTC) - SHANGHAI
    return midnight + timedelta(days=day - 1, hours=hour, minutes=minute)


def draft(**given: Any) -> FollowUpDraft:
    mark = new_id().hex
    given.setdefault("subject", SubjectDraft(ref=f"person-{mark}", name="Li Hua", phone=f"138{mark[-8:]}"))
    given.setdefault("household", HouseholdDraft(ref=f"door-{mark}", address="Sichuan North Road", lat=LAT, lon=LON))
    given.setdefault("protocol", "home_isolation")
    return FollowUpDraft(**given)


async def start(conn: Connection, city: City, now: datetime, **given: Any) -> FollowUp:
    return await start_follow_up(conn, city.district_id, draft(**given), now=now)


async def sweep(conn: Connection, now: datetime) -> None:
    """What a worker's sweeps would do of follow-ups at that moment, until nothing is left to do."""
    while True:
        done = 0
        for errand in ERRANDS:
            if errand.name in MINE:
                rows = await errand.find(conn, now, 200)
                done += len(rows)
                for row in rows:
                    await errand.deal(conn, row, now)
        if not done:
            return


async def states(conn: Connection, follow_up_id: UUID) -> dict[tuple[str, int, int], str]:
    rows = await conn.fetch(
        """
        SELECT k.code, o.day, o.minute / 60 AS hour, o.state FROM follow_up_occurrence_states o JOIN kinds k ON k.id = o.kind_id
         WHERE o.follow_up_id = $1 AND o.state <> 'withdrawn'
        """,
        follow_up_id,
    )
    return {(row["code"], row["day"], row["hour"]): row["state"] for row in rows}


async def test_a_plan_that_is_sent_again_after_midnight_is_the_same(conn: Connection, city: City) -> None:
    said = draft(id=new_id())
    first = await start_follow_up(conn, city.district_id, said, now=at(1, "23:59"))
    again = await start_follow_up(conn, city.district_id, said, now=at(2, "00:01"))
    assert (again.id, again.first_day, again.last_day) == (first.id, first.first_day, first.last_day)


async def test_a_plan_makes_each_task_a_while_ahead_and_expires_what_nobody_did(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    await sweep(conn, at(1, "07:00"))
    first = await states(conn, plan.id)
    assert {key for key, state in first.items() if state == "open"} == {
        ("temperature_check", 1, 8),
        ("isolation_visit", 1, 10),
    }
    await sweep(conn, at(1, "16:00"))
    later = await states(conn, plan.id)
    assert later["temperature_check", 1, 8] == "missed"
    assert later["temperature_check", 1, 16] == "open"
    assert later["isolation_visit", 1, 10] == "open"
    statuses = await conn.fetch("SELECT status, count(*) FROM tasks GROUP BY 1 ORDER BY 1")
    assert [tuple(row) for row in statuses] == [("expired", 1), ("pending", 2)]


async def test_a_subject_has_one_live_follow_up(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    with pytest.raises(FollowedUpAlready):
        await start(conn, city, at(1, "07:00"), subject=SubjectDraft(id=plan.subject_id))


async def test_the_end_withdraws_what_no_team_accepted(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    await sweep(conn, at(1, "07:00"))
    ended = await end_follow_up(conn, plan.id, FollowUpStatus.CANCELLED, now=at(1, "07:30"), reason="moved away")
    assert ended.status is FollowUpStatus.CANCELLED
    await sweep(conn, at(3, "07:30"))
    assert await conn.fetchval("SELECT array_agg(DISTINCT status) FROM tasks") == ["cancelled"]
    assert await states(conn, plan.id) == {}
    assert await follow_ups.select_live_of_subject(conn, plan.subject_id) is None


async def test_a_plan_that_is_over_is_completed(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"), protocol="health_monitoring", lost_after_days=30)
    for day in range(1, 9):
        await sweep(conn, at(day, "09:30"))
    ended = await follow_ups.select_follow_up(conn, plan.id)
    assert ended is not None
    assert ended.status is FollowUpStatus.COMPLETED
    assert set((await states(conn, plan.id)).values()) == {"missed"}
    assert await conn.fetchval("SELECT count(*) FROM tasks WHERE status = 'expired'") == 7


async def test_a_conversion_begins_the_other_plan_today(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    await sweep(conn, at(2, "08:30"))
    converted = await convert_follow_up(conn, plan.id, "fever_watch", now=at(2, "09:00"), reason="fever")
    assert (converted.first_day, converted.follows_id) == (DAY_1 + timedelta(days=1), plan.id)
    await sweep(conn, at(2, "09:00"))
    assert (await states(conn, converted.id))["temperature_check", 1, 8] == "open"


async def test_a_subject_whom_nobody_saw_for_so_many_planned_days_is_lost(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    assert plan.lost_at == at(3, "00:00")
    for day in (1, 2):
        await sweep(conn, at(day, "23:59"))
    assert (await found(conn, plan)).is_live
    await sweep(conn, at(3, "00:00"))
    lost = await found(conn, plan)
    assert (lost.status, lost.end_reason) == (FollowUpStatus.LOST, "not_seen")
    assert await conn.fetchval("SELECT count(*) FROM tasks WHERE closed_at IS NULL") == 0
    assert await conn.fetchval("SELECT data ->> 'status' FROM events WHERE name = 'follow_up.ended'") == "lost"


async def test_who_was_seen_is_not_lost(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    for day in (1, 2, 3):
        await sweep(conn, at(day, "08:00"))
        if day == 2:
            await see(conn, city, await task_at(conn, plan, 2, 8), at(2, "09:00"))
    assert (await found(conn, plan)).is_live
    assert (await found(conn, plan)).lost_at == at(5, "00:00")
    await sweep(conn, at(5, "00:00"))
    assert (await found(conn, plan)).status is FollowUpStatus.LOST


async def test_accepted_work_stays_with_its_team_and_is_missed_until_it_is_done(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    await sweep(conn, at(1, "07:00"))
    task_id = await task_at(conn, plan, 1, 8)
    await accept(conn, city, task_id)
    await sweep(conn, at(1, "16:00"))
    assert await conn.fetchval("SELECT status FROM tasks WHERE id = $1", task_id) == "accepted"
    assert (await states(conn, plan.id))["temperature_check", 1, 8] == "missed"
    await see(conn, city, task_id, at(1, "16:30"))
    assert (await states(conn, plan.id))["temperature_check", 1, 8] == "done"


async def test_the_end_leaves_accepted_work_with_its_team_and_counts_it_no_more(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    await sweep(conn, at(1, "07:00"))
    task_id = await task_at(conn, plan, 1, 8)
    await accept(conn, city, task_id)
    await end_follow_up(conn, plan.id, FollowUpStatus.COMPLETED, now=at(1, "09:00"), reason="")
    await sweep(conn, at(2, "09:00"))
    assert await states(conn, plan.id) == {("temperature_check", 1, 8): "open"}


async def test_how_long_ahead_tasks_are_made_is_the_districts_to_say(conn: Connection, city: City) -> None:
    await conn.execute("UPDATE districts SET settings = settings || '{\"follow_up_ahead_s\": 3600}'")
    plan = await start(conn, city, at(1, "06:30"))
    await sweep(conn, at(1, "06:59"))
    assert "open" not in (await states(conn, plan.id)).values()
    await sweep(conn, at(1, "07:00"))
    made = {key for key, state in (await states(conn, plan.id)).items() if state == "open"}
    assert made == {("temperature_check", 1, 8)}


async def test_a_kind_that_is_not_in_use_any_more_is_told_and_missed(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    await conn.execute("UPDATE kinds SET active = false WHERE code = 'temperature_check'")
    await sweep(conn, at(1, "07:00"))
    assert (await states(conn, plan.id))["temperature_check", 1, 8] == "missed"
    assert (await states(conn, plan.id))["isolation_visit", 1, 10] == "open"
    told = await conn.fetchval("SELECT data ->> 'code' FROM events WHERE name = 'follow_up.task_refused'")
    assert told == "invalid"


async def test_a_worker_that_was_away_makes_what_it_missed_and_counts_it(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"), lost_after_days=30)
    await sweep(conn, at(4, "12:00"))
    checks = {key[1:]: state for key, state in (await states(conn, plan.id)).items() if key[0] == "temperature_check"}
    gone = {(day, hour) for day in (1, 2, 3) for hour in (8, 16)}
    assert {key for key, state in checks.items() if state == "missed"} == gone
    assert {key for key, state in checks.items() if state == "open"} == {(4, 8), (4, 16)}
    assert (
        await conn.fetchval("SELECT count(*) FROM tasks WHERE status = 'expired'") == len(gone) + 1
    )  # a visit on day 1


async def test_new_clocks_move_what_is_not_made_yet(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    await sweep(conn, at(1, "07:00"))
    changed = {"time_zone": "Asia/Urumqi"}  # two hours behind Shanghai's
    await change_district(conn, city.district_id, changed, now=at(1, "07:30"), account_id=None)
    await sweep(conn, at(1, "07:31"))
    rows = await conn.fetch(
        """
        SELECT o.minute / 60 AS hour, o.opens_at FROM follow_up_occurrences o JOIN kinds k ON k.id = o.kind_id
         WHERE o.follow_up_id = $1 AND o.day = 1 AND k.code = 'temperature_check' ORDER BY o.opens_at
        """,
        plan.id,
    )
    assert [tuple(row) for row in rows] == [(8, at(1, "08:00")), (16, at(1, "18:00"))]


async def test_a_longer_plan_moves_the_release_to_its_new_last_day(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"), last_day=DAY_1 + timedelta(days=2))
    await sweep(conn, at(2, "07:00"))
    last_day = DAY_1 + timedelta(days=4)
    await change_follow_up(conn, plan.id, {"last_day": last_day}, version=1, now=at(2, "07:30"))
    release = {key[1] for key in await states(conn, plan.id) if key[0] == "release"}
    assert release == {5}


async def test_a_plan_shortened_withdraws_what_was_made_ahead_of_its_new_end(conn: Connection, city: City) -> None:
    await conn.execute("UPDATE districts SET settings = settings || '{\"follow_up_ahead_s\": 86400}'")
    plan = await start(conn, city, at(1, "07:00"))
    await sweep(conn, at(1, "09:00"))
    assert (await states(conn, plan.id))["temperature_check", 2, 8] == "open"
    await change_follow_up(conn, plan.id, {"last_day": DAY_1}, version=None, now=at(1, "09:00"))
    assert {day for _, day, _ in await states(conn, plan.id)} == {1}
    with pytest.raises(ChangedMeanwhile):
        await change_follow_up(conn, plan.id, {"last_day": DAY_1}, version=1, now=at(1, "09:00"))
    await sweep(conn, at(2, "00:00"))
    assert (await found(conn, plan)).status is FollowUpStatus.COMPLETED


async def test_what_was_withdrawn_comes_back_with_the_line_that_asks_for_it(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    await sweep(conn, at(1, "07:00"))
    await change_follow_up(conn, plan.id, {"lines": plan.lines[1:]}, version=None, now=at(1, "07:10"))
    assert ("temperature_check", 1, 8) not in await states(conn, plan.id)
    await change_follow_up(conn, plan.id, {"lines": plan.lines}, version=None, now=at(1, "07:20"))
    await sweep(conn, at(1, "07:20"))
    assert (await states(conn, plan.id))["temperature_check", 1, 8] == "open"


async def test_a_conversion_does_not_ask_again_for_what_was_just_done(conn: Connection, city: City) -> None:
    plan = await start(conn, city, at(1, "07:00"))
    await sweep(conn, at(1, "08:00"))
    await see(conn, city, await task_at(conn, plan, 1, 8), at(1, "09:00"))
    converted = await convert_follow_up(conn, plan.id, "fever_watch", now=at(1, "09:30"))
    today = {key for key in await states(conn, converted.id) if key[1] == 1}
    assert today == {("isolation_visit", 1, 10), ("temperature_check", 1, 14), ("temperature_check", 1, 20)}


async def test_somebody_known_by_id_is_visited_where_the_plan_says_that_they_live_now(
    conn: Connection, city: City
) -> None:
    first = await start(conn, city, at(1, "07:00"))
    await end_follow_up(conn, first.id, FollowUpStatus.CANCELLED, now=at(1, "07:00"), reason="moved")
    elsewhere = HouseholdDraft(ref="hotel", address="Quarantine hotel", lat=LAT, lon=LON)
    await start(conn, city, at(1, "07:00"), subject=SubjectDraft(id=first.subject_id), household=elsewhere)
    await sweep(conn, at(1, "07:00"))
    doors = await conn.fetch("SELECT DISTINCT h.ref FROM tasks t JOIN households h ON h.id = t.household_id")
    assert [row["ref"] for row in doors] == ["hotel"]


async def test_the_ledger_counts_visits_that_saw_the_subject_for_the_day_that_asked_for_them(
    conn: Connection, city: City
) -> None:
    known = {row["code"]: row["id"] for row in await conn.fetch("SELECT id, code FROM kinds")}
    check, delivery = known["temperature_check"], known["delivery"]
    ledger = (
        LedgerItem(code="measured", names={}, kind_ids=(check,), field="temperature_c"),
        LedgerItem(code="forehead", names={}, kind_ids=(check,), field="method", value="forehead"),
        LedgerItem(
            code="armpit", names={}, kind_ids=(check,), field="method", value="armpit", expected=Expected.OPTIONAL
        ),
        LedgerItem(code="supplied", names={}, kind_ids=(delivery,), expected=Expected.DAILY),
    )
    lines = (Line(kind_id=check, times=(480, 1320)),)
    plan = await start(conn, city, at(1, "07:00"), lines=lines, ledger=ledger, last_day=DAY_1 + timedelta(days=1))
    await sweep(conn, at(1, "20:00"))
    late = await task_at(conn, plan, 1, 22)
    await accept(conn, city, late)
    await sweep(conn, at(2, "00:10"))
    await see(conn, city, late, at(2, "00:20"))
    await sweep(conn, at(2, "08:00"))
    await see(conn, city, await task_at(conn, plan, 2, 8), at(2, "08:30"))
    days = await follow_up_lists.select_ledger(conn, plan.id, DAY_1 + timedelta(days=1))
    assert [{item["code"]: (item["due"], item["done"]) for item in day["ledger_of_day"]} for day in days] == [
        {"measured": (2, 1), "forehead": (2, 1), "armpit": (0, 0), "supplied": (1, 0)},
        {"measured": (2, 1), "forehead": (2, 1), "armpit": (0, 0), "supplied": (1, 0)},
    ]


async def found(conn: Connection, plan: FollowUp) -> FollowUp:
    now = await follow_ups.select_follow_up(conn, plan.id)
    assert now is not None
    return now


async def task_at(conn: Connection, plan: FollowUp, day: int, hour: int) -> UUID:
    """The task of the temperature check at that hour."""
    task_id: UUID = await conn.fetchval(
        """
        SELECT o.task_id FROM follow_up_occurrences o JOIN kinds k ON k.id = o.kind_id
         WHERE o.follow_up_id = $1 AND k.code = 'temperature_check' AND o.day = $2 AND o.minute = $3 AND o.withdrawn_at IS NULL
        """,
        plan.id,
        day,
        hour * 60,
    )
    return task_id


async def accept(conn: Connection, city: City, task_id: UUID) -> None:
    await give(conn, city, city.team_ids[0], [task_id])
    await conn.execute("UPDATE tasks SET status = 'accepted' WHERE id = $1", task_id)
    await conn.execute("UPDATE assignments SET accepted_at = now() WHERE task_id = $1", task_id)


async def see(conn: Connection, city: City, task_id: UUID, when: datetime) -> None:
    """The team's doctor measures the temperature then."""
    said = VisitMade(task_id=task_id, findings=Findings(outcome=Outcome.SEEN_OK, result=NORMAL, form_version=1))
    report = Report(
        id=new_id(),
        member_id=city.member_ids[1],
        district_id=city.district_id,
        role="doctor",
        kind="visit",
        said=said,
        body={},
        body_hash=sha256().digest(),
        device_at=when,
        corrected_at=when,
        received_at=when,
    )
    await record_visit(conn, report, said)
