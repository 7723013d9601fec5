"""What a district's protocols make of contacts, by the clock: a follow-up by class and exposure, once a person."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.domain.contact import TRACE_CALL, ContactDraft
from shared.domain.district import District
from shared.domain.ids import new_id
from shared.domain.intake import HouseholdDraft, SubjectDraft
from shared.domain.words import DEFAULT_SLOTS, ContactClass
from shared.operations.contact_plans import plan_contacts
from shared.operations.contacts import Imported, import_contacts
from shared.operations.districts import create_district
from shared.store import contacts
from shared.store.connection import Connection, Pool, Record

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # nine in the morning in Shanghai
TODAY = date(2026, 3, 2)
INDEX = SubjectDraft(ref="case-1", name="Wang")


@pytest.fixture
async def district(conn: Connection) -> District:
    made = District(id=new_id(), code="centre", name="centre", time_zone="Asia/Shanghai", slots=DEFAULT_SLOTS)
    return await create_district(conn, made, {}, now=NOW, account_id=None)


def draft(number: int = 1, ago: int | None = 3, **said: Any) -> ContactDraft:
    given: dict[str, Any] = {
        "index": INDEX,
        "subject": SubjectDraft(name="Li", phone=f"138 0000 {number:04}"),
        "household": HouseholdDraft(ref=f"h{number}", lat=31.22, lon=121.46),
        "contact_class": ContactClass.CLOSE,
        "last_exposure": None if ago is None else TODAY - timedelta(days=ago),
    }
    return ContactDraft(**{**given, **said})


async def take(conn: Connection, district: District, *drafts: ContactDraft, now: datetime = NOW) -> list[Imported]:
    answers = await import_contacts(conn, district.id, drafts, call_kind=TRACE_CALL, now=now)
    taken = [answer for answer in answers if isinstance(answer, Imported)]
    assert len(taken) == len(drafts), answers
    return taken


async def run(conn: Connection, now: datetime = NOW) -> int:
    """The errand, until it finds nothing; how often it was done."""
    rounds = 0
    while found := await contacts.select_districts_to_plan(conn, now, 100):
        for row in found:
            await plan_contacts(conn, row, now)
        rounds += 1
    return rounds


async def follow_ups(conn: Connection, *, live: bool = True) -> list[tuple[str, date, date]]:
    rows = await conn.fetch(
        """
        SELECT p.code, f.first_day, f.last_day FROM follow_ups f JOIN protocols p ON p.id = f.protocol_id
         WHERE NOT $1 OR f.ended_at IS NULL ORDER BY f.started_at, f.id
        """,
        live,
    )
    return [(row["code"], row["first_day"], row["last_day"]) for row in rows]


async def kept(conn: Connection, contact_id: UUID) -> Record:
    row = await conn.fetchrow("SELECT follow_up_id, plan_refused, plan_wanted FROM contacts WHERE id = $1", contact_id)
    assert row is not None
    return row


async def test_each_class_gets_its_protocol_until_so_many_days_after_the_exposure(
    conn: Connection, district: District
) -> None:
    close, secondary, undated = await take(
        conn, district, draft(1), draft(2, contact_class=ContactClass.SECONDARY), draft(3, ago=None)
    )
    assert await run(conn) == 1
    assert sorted(await follow_ups(conn)) == [
        ("health_monitoring", TODAY, TODAY + timedelta(days=4)),
        ("home_isolation", TODAY, TODAY + timedelta(days=11)),
        ("home_isolation", TODAY, TODAY + timedelta(days=13)),
    ]
    for one in (close, secondary, undated):
        row = await kept(conn, one.contact_id)
        assert (row["follow_up_id"] is not None, row["plan_refused"], row["plan_wanted"]) == (True, None, False)


async def test_a_person_with_several_exposures_gets_one_plan_by_the_nearest_and_latest(
    conn: Connection, district: District
) -> None:
    await take(
        conn,
        district,
        draft(ago=1, contact_class=ContactClass.SECONDARY),
        draft(ago=9),
        draft(ago=4, index=SubjectDraft(ref="case-2")),
    )
    await run(conn)
    assert await follow_ups(conn) == [("home_isolation", TODAY, TODAY + timedelta(days=10))]


async def test_who_was_a_secondary_contact_and_is_now_a_close_one_is_converted(
    conn: Connection, district: District
) -> None:
    await take(conn, district, draft(contact_class=ContactClass.SECONDARY))
    await run(conn)
    (nearer,) = await take(conn, district, draft(ago=1, index=SubjectDraft(ref="case-2")))
    await run(conn)
    assert [one[0] for one in await follow_ups(conn)] == ["home_isolation"]
    assert [one[0] for one in await follow_ups(conn, live=False)] == ["health_monitoring", "home_isolation"]
    live = await conn.fetchval("SELECT id FROM follow_ups WHERE ended_at IS NULL")
    assert (await kept(conn, nearer.contact_id))["follow_up_id"] == live


async def test_a_later_exposure_makes_the_plan_longer_and_a_farther_one_changes_nothing(
    conn: Connection, district: District
) -> None:
    await take(conn, district, draft(ago=5))
    await run(conn)
    await take(conn, district, draft(ago=0, contact_class=ContactClass.SECONDARY, index=SubjectDraft(ref="case-3")))
    await run(conn)
    assert await follow_ups(conn) == [("home_isolation", TODAY, TODAY + timedelta(days=9))]
    await take(conn, district, draft(ago=0, index=SubjectDraft(ref="case-2")))
    await run(conn)
    assert await follow_ups(conn) == [("home_isolation", TODAY, TODAY + timedelta(days=14))]


async def test_an_exposure_whose_time_is_over_starts_nothing_and_says_so(conn: Connection, district: District) -> None:
    (one,) = await take(conn, district, draft(ago=60))
    await run(conn)
    assert await follow_ups(conn) == []
    assert (await kept(conn, one.contact_id))["plan_refused"] == "exposure_over"


async def test_without_a_protocol_for_contacts_there_is_none(conn: Connection, district: District) -> None:
    await conn.execute("UPDATE protocols SET for_contacts = '{}'")
    (one,) = await take(conn, district, draft())
    await run(conn)
    row = await kept(conn, one.contact_id)
    assert (row["follow_up_id"], row["plan_refused"], row["plan_wanted"]) == (None, None, False)


async def test_thousands_are_planned_in_parts_each_person_once_whatever_runs_beside(
    conn: Connection, district: District, pool: Pool
) -> None:
    drafts = [draft(number) for number in range(1, 701)]
    await take(conn, district, *drafts[:350])
    await take(conn, district, *drafts[350:], *drafts[:50])

    async def sweep() -> int:
        async with pool.acquire() as own:
            return await run(own)

    await asyncio.gather(sweep(), sweep())
    assert await conn.fetchval("SELECT count(*) FROM follow_ups WHERE ended_at IS NULL") == 700
    assert await conn.fetchval("SELECT count(*) FROM contacts WHERE follow_up_id IS NULL OR plan_wanted") == 0


async def test_a_class_raised_for_the_same_exposure_converts_the_plan(conn: Connection, district: District) -> None:
    (first,) = await take(conn, district, draft(contact_class=ContactClass.SECONDARY))
    await run(conn)
    (again,) = await take(conn, district, draft(contact_class=ContactClass.CLOSE))
    assert again.contact_id == first.contact_id
    await run(conn)
    assert await follow_ups(conn) == [("home_isolation", TODAY, TODAY + timedelta(days=11))]


async def test_a_day_that_is_known_later_sets_the_end_of_the_plan(conn: Connection, district: District) -> None:
    await take(conn, district, draft(ago=None, contact_class=ContactClass.SECONDARY))
    await run(conn)
    await take(conn, district, draft(ago=0, contact_class=ContactClass.SECONDARY))
    await run(conn)
    assert await follow_ups(conn) == [("health_monitoring", TODAY, TODAY + timedelta(days=7))]


async def test_a_converted_plan_ends_so_many_days_after_the_exposure(conn: Connection, district: District) -> None:
    await take(conn, district, draft(contact_class=ContactClass.SECONDARY))
    await run(conn)
    await take(conn, district, draft(ago=6, index=SubjectDraft(ref="case-2")))
    await run(conn)
    assert await follow_ups(conn) == [("home_isolation", TODAY, TODAY + timedelta(days=8))]


async def test_an_exposure_said_again_without_news_asks_for_no_plan(conn: Connection, district: District) -> None:
    await take(conn, district, draft())
    await run(conn)
    await conn.execute("UPDATE follow_ups SET status = 'cancelled', ended_at = now(), lost_at = NULL")
    await take(conn, district, draft(note="sat beside"))
    await run(conn)
    assert await follow_ups(conn) == []
