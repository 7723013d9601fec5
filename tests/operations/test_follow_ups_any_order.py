"""Follow-ups begun, visited, missed, changed, converted and ended in any order, with a worker that is away at times, in virtual time."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.worker.errands import ERRANDS
from shared.domain.errors import DomainError
from shared.domain.follow_up import Expected, FollowUpDraft, LedgerItem, Line, occurrences_of, still_to_come
from shared.domain.ids import new_id
from shared.domain.intake import HouseholdDraft, SubjectDraft
from shared.domain.kind import Kind
from shared.domain.reports import Findings, Report, VisitMade
from shared.domain.wall_clock import day_begins, day_of
from shared.domain.words import FollowUpStatus, Outcome
from shared.operations.follow_ups import change_follow_up, convert_follow_up, end_follow_up, start_follow_up
from shared.operations.visits import record_visit
from shared.store import follow_up_lists, follow_ups, kinds
from shared.store.connection import Connection, connect
from tests.city import LAT, LON, City, make_city
from tests.phones import NORMAL, give

ERRANDS_OF_FOLLOW_UPS = (
    "replan_follow_ups",
    "make_occurrences",
    "settle_occurrences",
    "settle_what_came_back",
    "lose_follow_ups",
    "complete_follow_ups",
)
# Each begins two days before its clocks change, or before a day that its calendar leaves out.
BEGINNINGS = [
    ("Asia/Shanghai", date(2024, 2, 27)),
    ("Europe/Berlin", date(2026, 3, 27)),
    ("Europe/Berlin", date(2026, 10, 23)),
    ("Australia/Lord_Howe", date(2026, 4, 3)),
    ("Pacific/Apia", date(2011, 12, 28)),
]
CHECK_TIMES = [(480, 960), (150,), (0, 720, 1439), (540,)]
VISIT_DAYS: list[tuple[int, ...] | None] = [None, (1, 3, -1), (2,)]
HOUR = timedelta(hours=1)

steps = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.sampled_from([1, 3, 7, 11, 26])),
        st.tuples(st.just("wait_alone"), st.sampled_from([2, 9, 30])),  # the worker is away meanwhile
        st.tuples(st.just("start"), st.sampled_from(CHECK_TIMES), st.sampled_from(VISIT_DAYS), st.integers(0, 4)),
        st.tuples(st.just("see"), st.integers(0, 9)),
        st.tuples(st.just("accept"), st.integers(0, 9)),
        st.tuples(st.just("change_lines"), st.integers(0, 3), st.sampled_from(CHECK_TIMES)),
        st.tuples(st.just("change_last_day"), st.integers(0, 3), st.integers(0, 5)),
        st.tuples(st.just("convert"), st.integers(0, 3)),
        st.tuples(st.just("end"), st.integers(0, 3), st.sampled_from(["completed", "cancelled", "lost"])),
    ),
    min_size=4,
    max_size=14,
)


@dataclass
class Street:
    """A city at a virtual time, with all that was begun in it."""

    conn: Connection
    city: City
    time_zone: str
    now: datetime
    known: Mapping[str, Kind]
    begun: list[UUID] = field(default_factory=list)
    changed: set[UUID] = field(default_factory=set)

    async def wait(self, hours: int) -> None:
        """Hours pass, and the worker sweeps in each."""
        for _ in range(hours):
            self.now += HOUR
            await self.sweep()

    async def wait_alone(self, hours: int) -> None:
        self.now += hours * HOUR

    async def sweep(self) -> None:
        while await self._look():
            pass

    async def _look(self) -> int:
        found = 0
        for errand in ERRANDS:
            if errand.name in ERRANDS_OF_FOLLOW_UPS:
                rows = await errand.find(self.conn, self.now, 50)
                found += len(rows)
                for row in rows:
                    await errand.deal(self.conn, row, self.now)
        return found

    async def start(self, times: tuple[int, ...], days: tuple[int, ...] | None, more: int) -> None:
        mark = new_id().hex
        check, visit = self.known["temperature_check"], self.known["isolation_visit"]
        draft = FollowUpDraft(
            subject=SubjectDraft(ref=mark, name="Li Hua", phone="+8613800000000"),
            household=HouseholdDraft(ref=mark, address="Sichuan North Road", lat=LAT, lon=LON),
            last_day=day_of(self.now, self.time_zone) + timedelta(days=more),
            lines=(Line(kind_id=check.id, times=times), Line(kind_id=visit.id, times=(600,), days=days)),
            ledger=(
                LedgerItem(code="measured", names={}, kind_ids=(check.id,), field="temperature_c"),
                LedgerItem(code="visited", names={}, kind_ids=(visit.id,), expected=Expected.AS_PLANNED),
            ),
        )
        made = await start_follow_up(self.conn, self.city.district_id, draft, now=self.now)
        self.begun.append(made.id)

    async def see(self, which: int) -> None:
        task_id = await self._open_task(which)
        if task_id is not None:
            kind = await self.conn.fetchval(
                "SELECT k.code FROM tasks t JOIN kinds k ON k.id = t.kind_id WHERE t.id = $1", task_id
            )
            result = NORMAL if kind == "temperature_check" else {"person_at_home": True}
            said = VisitMade(task_id=task_id, findings=Findings(outcome=Outcome.SEEN_OK, result=result, form_version=1))
            await record_visit(self.conn, self._report(said), said)

    async def accept(self, which: int) -> None:
        task_id = await self._open_task(which, "pending")
        if task_id is not None:
            await give(self.conn, self.city, self.city.team_ids[0], [task_id])
            await self.conn.execute("UPDATE tasks SET status = 'accepted' WHERE id = $1", task_id)
            await self.conn.execute("UPDATE assignments SET accepted_at = $2 WHERE task_id = $1", task_id, self.now)

    async def change_lines(self, which: int, times: tuple[int, ...]) -> None:
        line = Line(kind_id=self.known["temperature_check"].id, times=times)
        await self._change(which, {"lines": (line,)})

    async def change_last_day(self, which: int, more: int) -> None:
        await self._change(which, {"last_day": day_of(self.now, self.time_zone) + timedelta(days=more)})

    async def convert(self, which: int) -> None:
        if self.begun:
            made = await convert_follow_up(self.conn, self._one(which), "fever_watch", now=self.now)
            self.begun.append(made.id)

    async def end(self, which: int, status: str) -> None:
        if self.begun:
            await end_follow_up(self.conn, self._one(which), FollowUpStatus(status), now=self.now, reason="test")

    async def _change(self, which: int, changes: dict[str, Any]) -> None:
        if self.begun:
            await change_follow_up(self.conn, self._one(which), changes, version=None, now=self.now)
            self.changed.add(self._one(which))

    def _one(self, which: int) -> UUID:
        return self.begun[which % len(self.begun)]

    async def _open_task(self, which: int, status: str | None = None) -> UUID | None:
        rows = await self.conn.fetch(
            """
            SELECT id FROM tasks
             WHERE district_id = $1 AND closed_at IS NULL AND earliest <= $2 AND ($3::text IS NULL OR status = $3) ORDER BY id
            """,
            self.city.district_id,
            self.now,
            status,
        )
        return rows[which % len(rows)]["id"] if rows else None

    def _report(self, said: VisitMade) -> Report:
        return Report(
            id=new_id(),
            member_id=self.city.member_ids[1],
            district_id=self.city.district_id,
            role="doctor",
            kind="visit",
            said=said,
            body={},
            body_hash=sha256().digest(),
            device_at=self.now,
            corrected_at=self.now,
            received_at=self.now,
        )


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(BEGINNINGS), steps)
def test_whatever_happens_no_occurrence_is_doubled_or_lost_and_the_ledger_adds_up(
    database: str, beginning: tuple[str, date], todo: Sequence[tuple[Any, ...]]
) -> None:
    asyncio.run(_play(database, beginning, todo))


async def _play(database: str, beginning: tuple[str, date], todo: Sequence[tuple[Any, ...]]) -> None:
    async with connect(database, application_name="test") as conn:
        street = await _make_street(conn, *beginning)
        for name, *how in todo:
            step: Callable[..., Awaitable[None]] = getattr(street, name)
            try:
                await step(*how)
            except DomainError:
                continue  # it is over already, say: then nothing may have changed
            await assert_nothing_doubled(street)
        await street.sweep()
        await assert_all_is_accounted_for(street)
        await street.wait_alone(24 * 12)
        await street.sweep()
        await assert_all_is_accounted_for(street)
        assert (
            await conn.fetchval(
                "SELECT count(*) FROM follow_ups WHERE district_id = $1 AND ended_at IS NULL", street.city.district_id
            )
            == 0
        )


async def _make_street(conn: Connection, time_zone: str, first_day: date) -> Street:
    now = day_begins(first_day, time_zone) + 7 * HOUR
    city = await make_city(conn, teams=1, begins=now - HOUR)
    await conn.execute("UPDATE districts SET time_zone = $2 WHERE id = $1", city.district_id, time_zone)
    known = {kind.code: kind for kind in await kinds.select_all_kinds(conn, city.district_id)}
    return Street(conn=conn, city=city, time_zone=time_zone, now=now, known=known)


async def assert_nothing_doubled(street: Street) -> None:
    tasks = await street.conn.fetch(
        """
        SELECT t.id, count(o.id) AS occurrences
          FROM tasks t LEFT JOIN follow_up_occurrences o ON o.task_id = t.id
         WHERE t.district_id = $1 AND t.subject_id IS NOT NULL GROUP BY t.id
        """,
        street.city.district_id,
    )
    assert all(row["occurrences"] == 1 for row in tasks), "a task without its occurrence"
    after_the_end = await street.conn.fetchval(
        """
        SELECT count(*)
          FROM follow_ups f JOIN follow_up_occurrences o ON o.follow_up_id = f.id LEFT JOIN tasks t ON t.id = o.task_id
         WHERE f.district_id = $1 AND f.ended_at IS NOT NULL
           AND (o.made_at IS NULL OR o.made_at > f.ended_at OR t.status IN ('pending', 'assigned'))
        """,
        street.city.district_id,
    )
    assert after_the_end == 0, "a task after the end"


async def assert_all_is_accounted_for(street: Street) -> None:
    """After a sweep: what was due is made, what ended is done, missed or taken back; events and ledger tell the same."""
    await assert_nothing_doubled(street)
    for follow_up_id in street.begun:
        follow_up = await follow_ups.select_follow_up(street.conn, follow_up_id)
        assert follow_up is not None
        rows = await street.conn.fetch(
            "SELECT * FROM follow_up_occurrence_states WHERE follow_up_id = $1", follow_up_id
        )
        standing = [row for row in rows if row["state"] != "withdrawn"]
        for row in standing:
            if row["ends_at"] <= street.now and row["state"] != "done" and follow_up.ended_at is None:
                assert row["state"] == "missed"
            if row["opens_at"] <= street.now:
                assert row["task_id"] is not None
        await _assert_nothing_lost(street, follow_up_id, standing)
        await _assert_missed_are_told(street, follow_up_id, rows)
        await _assert_ledger_adds_up(street, follow_up_id, standing)


async def _assert_nothing_lost(street: Street, follow_up_id: UUID, standing: Sequence[Any]) -> None:
    """Against the plan expanded by itself: what opens after the lines began to hold, until the end; all of it where nothing was changed."""
    follow_up = await follow_ups.select_follow_up(street.conn, follow_up_id)
    assert follow_up is not None
    by_id = {kind.id: kind for kind in street.known.values()}
    planned = still_to_come(
        occurrences_of(follow_up.lines, follow_up.first_day, follow_up.last_day, by_id, street.time_zone),
        follow_up.since,
    )
    until = follow_up.ended_at or datetime.max.replace(tzinfo=UTC)
    ended_early = follow_up.status is not FollowUpStatus.COMPLETED or follow_up.end_reason == "test"
    wanted = {one.key for one in planned if follow_up.since <= one.opens_at and one.ends_at <= until}
    there = {(row["kind_id"], row["day"], row["minute"]) for row in standing}
    assert wanted <= there, "lost"
    if follow_up_id not in street.changed and not ended_early:
        surplus = there - {one.key for one in planned}
        assert not surplus, "made up"


async def _assert_missed_are_told(street: Street, follow_up_id: UUID, rows: Sequence[Any]) -> None:
    told = await street.conn.fetch(
        """
        SELECT data ->> 'occurrence_id' AS id FROM events
         WHERE district_id = $1 AND name = 'occurrence.missed' AND data ->> 'follow_up_id' = $2
        """,
        street.city.district_id,
        str(follow_up_id),
    )
    assert Counter(row["id"] for row in told) == Counter(str(row["id"]) for row in rows if row["missed_at"])
    for row in rows:
        if row["missed_at"] is not None:
            assert row["state"] in ("missed", "done")


async def _assert_ledger_adds_up(street: Street, follow_up_id: UUID, standing: Sequence[Any]) -> None:
    days = await follow_up_lists.select_ledger(street.conn, follow_up_id, date(2100, 1, 1))
    for code, kind in (("measured", "temperature_check"), ("visited", "isolation_visit")):
        items = [item for day in days for item in day["ledger_of_day"] if item["code"] == code]
        until = days[-1]["on_day"] if days else date(1, 1, 1)
        of_kind = [row for row in standing if row["kind_id"] == street.known[kind].id and row["on_day"] <= until]
        if items:
            assert sum(item["due"] for item in items) == sum(row["state"] != "cancelled" for row in of_kind)
            lacking = sum(max(item["due"] - item["done"], 0) for item in items)
            assert lacking <= sum(row["state"] != "done" for row in of_kind)
            assert sum(item["done"] for item in items) >= sum(row["state"] == "done" for row in of_kind)
