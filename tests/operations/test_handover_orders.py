"""Whatever is said in whatever order, and whoever races whom at the end of a shift: no task is lost or doubled."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.domain import reports
from shared.domain.errors import DomainError
from shared.domain.ids import new_id
from shared.domain.reports import Answered, HandOver, Keep, Report
from shared.domain.routing import timetable
from shared.operations import by_hand
from shared.operations.handover import close_ended_shift
from shared.operations.reports import take_report
from shared.operations.shifts import change_shift
from shared.operations.walks import load_teams
from shared.store import districts
from shared.store.connection import Connection, Pool, connect
from tests.city import add_shift, assert_consistent, post
from tests.errands import run_errands
from tests.evening import ENDS_IN, Evening, make_evening
from tests.phones import findings, give
from tests.races import in_two_halves

TASKS = 4
MINUTE = timedelta(minutes=1)

# Few moments, on both sides of the first end and the second.
numbers = st.integers(0, TASKS - 1)
some = st.lists(numbers, min_size=1, max_size=3, unique=True)
steps = st.one_of(
    st.tuples(st.just("accept"), some),
    st.tuples(st.just("decline"), numbers),
    st.tuples(st.just("depart"), numbers),
    st.tuples(st.just("keep"), some),
    st.tuples(st.just("hand_over"), some),
    st.tuples(st.just("visit"), numbers, st.sampled_from(["seen_ok", "unavailable", "refused"])),
    st.tuples(st.just("correct"), numbers, st.sampled_from(["seen_ok", "unavailable"])),
    st.tuples(st.just("assign"), numbers, st.sampled_from([0, 1, 2])),
    st.tuples(st.just("wait"), st.sampled_from([1, 15, 60, 480])),
    st.tuples(st.just("move"), st.sampled_from([-30, -1, 0, 30, 120])),
)
stories = st.lists(st.tuples(st.sampled_from([0, 1]), steps), min_size=3, max_size=16)


@dataclass(kw_only=True)
class Story:
    """An evening as it goes on, by a clock of its own, with the last visit of each task."""

    conn: Connection
    evening: Evening
    task_ids: list[UUID]
    now: datetime
    visits: dict[UUID, UUID] = field(default_factory=dict)
    checked: set[UUID] = field(default_factory=set)  # handovers: a desk may crowd the walk afterwards

    async def tell(self, team: int, step: tuple[Any, ...]) -> None:
        """One thing that happens: said by the doctor of the ending team (0) or of the one that follows (1), or done at a desk."""
        match step:
            case ("wait", minutes):
                self.now += minutes * MINUTE
            case ("move", minutes):
                changes = {"ends_at": self.evening.ends_at + minutes * MINUTE}
                await self._try(change_shift(self.conn, self.evening.shift_id, changes, now=self.now, account_id=None))
            case ("assign", number, to):
                ids = [self.task_ids[number]]
                to_id = self.evening.city.team_ids[to]
                await self._try(
                    by_hand.assign(self.conn, to_id, ids, force=True, preview=False, now=self.now, account_id=None)
                )
            case (_, *_):
                await self.say(team, self._said(step))
        await run_errands(self.conn, self.now, "end_shifts", "tell_of_left_open", "clear_alarms")

    async def say(self, team: int, said: reports.Said | None) -> None:
        if said is None:
            return
        report = report_of(self.evening, team, said, self.now)

        @asynccontextmanager
        async def connected() -> AsyncIterator[Connection]:
            yield self.conn

        answer, _ = await take_report(connected, report, lambda _, answer: {"status": answer.status.value})
        if isinstance(said, reports.VisitMade) and answer["status"] != Answered.REFUSED:
            self.visits[said.task_id] = report.id

    def _said(self, step: tuple[Any, ...]) -> reports.Said | None:
        match step:
            case ("accept", chosen):
                return reports.Accept(task_ids=self._ids(chosen))
            case ("keep", chosen):
                return Keep(task_ids=self._ids(chosen))
            case ("hand_over", chosen):
                return HandOver(task_ids=self._ids(chosen), note="said")
            case ("decline", number):
                return reports.Decline(task_id=self.task_ids[number], reason="no")
            case ("depart", number):
                return reports.Depart(task_id=self.task_ids[number])
            case ("visit", number, outcome):
                return reports.VisitMade(task_id=self.task_ids[number], findings=findings(outcome))
            case ("correct", number, outcome):
                visit_id = self.visits.get(self.task_ids[number])
                return reports.Correct(visit_id=visit_id, findings=findings(outcome)) if visit_id else None
        raise AssertionError(step)

    def _ids(self, chosen: list[int]) -> tuple[UUID, ...]:
        return tuple(self.task_ids[number] for number in chosen)

    async def _try(self, call: Any) -> None:
        with suppress(DomainError):
            await call

    async def check(self) -> None:
        """Nothing is lost, nothing doubled, and what was handed over just now can be done by who has it."""
        await assert_consistent(self.conn)
        rows = await self.conn.fetch(
            "SELECT id, status, plan_at, team_id FROM tasks WHERE district_id = $1", self.evening.city.district_id
        )
        assert set(self.task_ids) <= {row["id"] for row in rows}
        for row in rows:
            assert (row["status"] == "pending") == (row["plan_at"] is not None)
        lost = await self.conn.fetch(
            """
            SELECT t.id, t.status FROM tasks t
             WHERE t.district_id = $1 AND (t.status = 'completed') <> EXISTS (
                   SELECT FROM visits v WHERE v.task_id = t.id AND v.struck_at IS NULL AND v.outcome IN ('seen_ok', 'seen_not_ok'))
            """,
            self.evening.city.district_id,
        )
        assert not lost, "completed by being seen and by nothing else"
        await self._check_handed_over_now()

    async def _check_handed_over_now(self) -> None:
        given = await self.conn.fetch(
            "SELECT id, task_id, to_team_id FROM handovers WHERE district_id = $1 AND to_team_id IS NOT NULL AND id <> ALL($2)",
            self.evening.city.district_id,
            list(self.checked),
        )
        self.checked |= {row["id"] for row in given}
        district = await districts.select_district(self.conn, self.evening.city.district_id)
        assert district is not None
        for team in await load_teams(
            self.conn, district.settings, now=self.now, team_ids=list({row["to_team_id"] for row in given})
        ):
            for step in timetable(team, team.works):
                if any(row["task_id"] == step.work.task_id for row in given):
                    assert team.can_do(step.work)
                    assert step.leave_at <= team.shift_ends


def report_of(evening: Evening, team: int, said: reports.Said, now: datetime) -> Report:
    report_id = new_id()
    return Report(
        id=report_id,
        member_id=evening.city.member_ids[3 * team + 1],
        district_id=evening.city.district_id,
        role="doctor",
        kind=type(said).__name__.lower(),
        said=said,
        body={},
        body_hash=sha256(report_id.bytes).digest(),
        device_at=now,
        corrected_at=now,
        received_at=now,
    )


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=stories)
def test_for_any_order_of_what_is_said_no_task_is_lost_or_doubled(
    database: str, story: list[tuple[int, tuple[Any, ...]]]
) -> None:
    async def live() -> None:
        async with connect(database, application_name="test") as conn:
            evening = await make_evening(conn)
            task_ids = await post(conn, evening.city, TASKS)
            await give(conn, evening.city, evening.ending, task_ids)
            told = Story(conn=conn, evening=evening, task_ids=task_ids, now=evening.ends_at - ENDS_IN + MINUTE)
            for team, step in story:
                await told.tell(team, step)
                await told.check()
            told.now = max(told.now, evening.ends_at + timedelta(hours=12))
            await told.tell(0, ("wait", 0))
            await told.check()
            still = await conn.fetchval(
                "SELECT count(*) FROM assignments a JOIN tasks t ON t.assignment_id = a.id"
                " WHERE a.district_id = $1 AND t.status = 'assigned' AND NOT a.pinned",
                evening.city.district_id,
            )
            assert still == 0, "whoever went off left nothing that nobody accepted"

    asyncio.run(live())


@pytest.fixture
async def evening(conn: Connection) -> Evening:
    return await make_evening(conn)


async def at_the_end(conn: Connection, evening: Evening, *, accepted: bool = False) -> UUID:
    """A task of the ending team."""
    (task_id,) = await post(conn, evening.city)
    await give(conn, evening.city, evening.ending, [task_id])
    if accepted:
        await carry_out(conn, evening, reports.Accept(task_ids=(task_id,)))
    return task_id


async def carry_out(conn: Connection, evening: Evening, said: reports.Said, *, after_end: bool = False) -> str:
    """What the ending team's doctor says; the answer's status, or the code of the refusal."""
    now = evening.later if after_end else evening.ends_at - MINUTE

    @asynccontextmanager
    async def connected() -> AsyncIterator[Connection]:
        yield conn

    answer, _ = await take_report(
        connected,
        report_of(evening, 0, said, now),
        lambda _, answer: {"said": answer.error.code if answer.error else answer.status.value},
    )
    return str(answer["said"])


async def end(conn: Connection, evening: Evening) -> None:
    await close_ended_shift(conn, evening.shift_id, evening.ending, evening.later)


async def stand_of(conn: Connection, evening: Evening, task_id: UUID) -> tuple[str, str | None]:
    names = {evening.ending: "ending", evening.following: "following", None: None}
    row = await conn.fetchrow("SELECT status, team_id FROM tasks WHERE id = $1", task_id)
    await assert_consistent(conn)
    assert row is not None
    return row["status"], names[row["team_id"]]


HANDED, SEEN = "hand_over", "visit"


@pytest.mark.parametrize("order", [(HANDED, SEEN), (SEEN, HANDED)])
async def test_a_visit_and_a_hand_over_meet(
    conn: Connection, pool: Pool, evening: Evening, order: tuple[str, str]
) -> None:
    task_id = await at_the_end(conn, evening, accepted=True)
    said: dict[str, reports.Said] = {
        HANDED: HandOver(task_ids=(task_id,), note="x"),
        SEEN: reports.VisitMade(task_id=task_id, findings=findings("seen_ok")),
    }
    answers = await in_two_halves(
        pool,
        lambda conn: carry_out(conn, evening, said[order[0]]),
        lambda conn: carry_out(conn, evening, said[order[1]]),
    )
    assert answers == (["done", "done"] if order[0] == HANDED else ["done", "not_your_task"])
    assert await stand_of(conn, evening, task_id) == ("completed", None)


async def test_the_end_of_a_shift_meets_an_acceptance(conn: Connection, pool: Pool, evening: Evening) -> None:
    task_id = await at_the_end(conn, evening)
    accept = reports.Accept(task_ids=(task_id,))
    answers = await in_two_halves(
        pool, lambda conn: carry_out(conn, evening, accept, after_end=True), lambda conn: end(conn, evening)
    )
    assert answers == ["done", None]
    assert await stand_of(conn, evening, task_id) == ("accepted", "ending")


async def test_an_acceptance_comes_just_after_the_end(conn: Connection, pool: Pool, evening: Evening) -> None:
    task_id = await at_the_end(conn, evening)
    accept = reports.Accept(task_ids=(task_id,))
    answers = await in_two_halves(
        pool, lambda conn: end(conn, evening), lambda conn: carry_out(conn, evening, accept, after_end=True)
    )
    assert answers == [None, "not_your_task"]
    assert await stand_of(conn, evening, task_id) == ("assigned", "following")


async def test_two_workers_end_one_shift(conn: Connection, pool: Pool, evening: Evening) -> None:
    task_id = await at_the_end(conn, evening)
    assert await in_two_halves(pool, lambda conn: end(conn, evening), lambda conn: end(conn, evening)) == [None, None]
    assert await stand_of(conn, evening, task_id) == ("assigned", "following")
    assert await conn.fetchval("SELECT count(*) FROM handovers") == 1
    assert await conn.fetchval("SELECT count(*) FROM events WHERE name = 'shift.ended'") == 1


async def test_two_teams_end_at_once_and_one_follows_both(conn: Connection, pool: Pool, evening: Evening) -> None:
    first = await at_the_end(conn, evening)
    other_shift = await add_shift(
        conn, evening.city.district_id, evening.idle, evening.ends_at - timedelta(hours=2), evening.ends_at
    )
    (second,) = await post(conn, evening.city, seed=2)
    await give(conn, evening.city, evening.idle, [second])
    await in_two_halves(
        pool,
        lambda conn: end(conn, evening),
        lambda conn: close_ended_shift(conn, other_shift, evening.idle, evening.later),
    )
    assert [await stand_of(conn, evening, task_id) for task_id in (first, second)] == [("assigned", "following")] * 2


@pytest.mark.parametrize("by", [60, -60])
async def test_a_shift_is_moved_while_it_ends(conn: Connection, pool: Pool, evening: Evening, by: int) -> None:
    task_id = await at_the_end(conn, evening)
    changes = {"ends_at": evening.ends_at + by * MINUTE}
    await in_two_halves(
        pool,
        lambda conn: change_shift(conn, evening.shift_id, changes, now=evening.later, account_id=None),
        lambda conn: end(conn, evening),
    )
    assert await stand_of(conn, evening, task_id) == (("assigned", "ending") if by > 0 else ("pending", None))
    closed = await conn.fetchval("SELECT closed_at IS NOT NULL FROM shifts WHERE id = $1", evening.shift_id)
    assert closed == (by < 0)


async def test_two_members_of_a_team_hand_over_the_same_task(conn: Connection, pool: Pool, evening: Evening) -> None:
    task_id = await at_the_end(conn, evening, accepted=True)
    said = HandOver(task_ids=(task_id,))
    answers = await in_two_halves(
        pool, lambda conn: carry_out(conn, evening, said), lambda conn: carry_out(conn, evening, said)
    )
    assert answers == ["done", "not_your_task"]
    assert await conn.fetchval("SELECT count(*) FROM handovers") == 1
