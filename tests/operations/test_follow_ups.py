"""Follow-ups: begun, their tasks made, missed, changed, ended and converted at any virtual time."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.worker.errands import ERRANDS
from shared.domain.errors import FollowedUpAlready
from shared.domain.follow_up import FollowUp, FollowUpDraft
from shared.domain.ids import new_id
from shared.domain.intake import HouseholdDraft, SubjectDraft
from shared.domain.words import FollowUpStatus
from shared.operations.follow_ups import convert_follow_up, end_follow_up, start_follow_up
from shared.store import follow_ups
from shared.store.connection import Connection
from tests.city import LAT, LON, City, make_city

MINE = ("replan_follow_ups", "make_occurrences", "settle_occurrences", "lose_follow_ups", "complete_follow_ups")
SHANGHAI = timedelta(hours=8)
DAY_1 = date(2026, 3, 2)


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=1)


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
