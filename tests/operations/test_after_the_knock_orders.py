"""Whatever is found and corrected in whatever order, and whoever races whom: no task is lost and nothing follows twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.worker.metrics import Metrics
from services.worker.placer import Placer
from shared.domain import reports
from shared.domain.clock import utc_now
from shared.domain.follow_up import FollowUpDraft
from shared.domain.ids import new_id
from shared.domain.intake import HouseholdDraft, SubjectDraft
from shared.domain.reports import Report
from shared.domain.words import FollowUpStatus, Status
from shared.operations.follow_ups import end_follow_up, start_follow_up
from shared.operations.reports import take_report
from shared.store import tasks
from shared.store.connection import Connection, Pool, connect
from tests.city import LAT, LON, City, assert_consistent, make_city, post
from tests.phones import FEVER, NORMAL, findings, give, phone_of, standing
from tests.races import in_two_halves

KINDS = ("isolation_visit", "temperature_check", "release")
RESULTS: dict[str, dict[str, Any]] = {
    "well": {**NORMAL, "released": True},
    "fever": FEVER,
    "kept": {"released": False},
    "nothing": {},
}

numbers = st.integers(0, len(KINDS) - 1)
found = st.tuples(
    st.sampled_from(["seen_ok", "seen_not_ok", "unavailable", "refused", "unsafe"]), st.sampled_from(list(RESULTS))
)
steps = st.one_of(
    st.tuples(st.just("visit"), numbers, found),
    st.tuples(st.just("visit"), numbers, found),
    st.tuples(st.just("correct"), numbers, found),
    st.tuples(st.just("accept"), numbers, st.none()),
)
stories = st.lists(st.tuples(st.sampled_from([0, 1]), steps), min_size=2, max_size=14)


@dataclass(kw_only=True)
class Story:
    """What two teams say about one person, by a clock of its own, with the newest visit of each task."""

    conn: Connection
    city: City
    task_ids: list[UUID]
    now: datetime
    visits: dict[UUID, UUID] = field(default_factory=dict)

    async def tell(self, team: int, step: tuple[str, int, Any]) -> None:
        """One thing that is said; what waits is given to the first team before."""
        self.now += timedelta(minutes=1)
        what, number, said = step
        task_id = self.task_ids[number]
        task = await tasks.select_task(self.conn, task_id)
        assert task is not None, "lost"
        if task.status is Status.PENDING:
            await give(self.conn, self.city, self.city.team_ids[0], [task_id])
        if what == "accept":
            await self._accept_follow_ons(team)
        elif what == "visit":
            visit_id = await self._say(team, reports.VisitMade(task_id=task_id, findings=self._found(said)))
            self.visits.setdefault(task_id, visit_id)
        elif task_id in self.visits:
            visit = reports.Correct(visit_id=self.visits[task_id], findings=self._found(said))
            visit_id = await self._say(0, visit)
            if await self.conn.fetchval("SELECT true FROM visits WHERE id = $1", visit_id):
                self.visits[task_id] = visit_id

    def _found(self, said: tuple[str, str]) -> reports.Findings:
        outcome, result = said
        return findings(outcome, RESULTS[result])

    async def _accept_follow_ons(self, team: int) -> None:
        waiting = await self.conn.fetch(
            "SELECT id FROM tasks WHERE made_by_task_id IS NOT NULL AND status = 'pending' LIMIT 1"
        )
        for row in waiting:
            await give(self.conn, self.city, self.city.team_ids[team], [row["id"]])
            await self._say(team, reports.Accept(task_ids=(row["id"],)))

    async def _say(self, team: int, said: reports.Said) -> UUID:
        report = report_of(self.city, team, said, self.now)

        @asynccontextmanager
        async def connected() -> AsyncIterator[Connection]:
            yield self.conn

        await take_report(connected, report, lambda _, answer: {"status": answer.status.value})
        return report.id

    async def check(self) -> None:
        await assert_consistent(self.conn)
        await self._check_tasks()
        await self._check_what_followed()
        plans = await self.conn.fetchval("SELECT count(*) FROM follow_ups WHERE status = 'under_follow_up'")
        ended = await self.conn.fetchval(
            "SELECT count(*) FROM consequences WHERE what = 'follow_up' AND trigger = 'completed' AND withdrawn_at IS NULL"
        )
        assert plans == (0 if ended else 1), "one plan, unless a release stands"

    async def _check_tasks(self) -> None:
        for task_id in self.task_ids:
            task = await tasks.select_task(self.conn, task_id)
            assert task is not None
            assert task.attempts <= task.max_attempts
            assert task.earliest <= task.due_at
            assert (task.status is Status.PENDING) == (task.plan_at is not None)
            seen = await self.conn.fetch(
                "SELECT needs_review FROM visits WHERE task_id = $1 AND struck_at IS NULL AND outcome LIKE 'seen%'",
                task_id,
            )
            counted = [row for row in seen if not set(row["needs_review"]) & {"task_was_closed", "not_held_by_team"}]
            if task.status is Status.COMPLETED:
                assert seen, "one that came second stands in for the first that was taken back"
            elif task.status is not Status.CANCELLED:
                assert not counted

    async def _check_what_followed(self) -> None:
        loose = await self.conn.fetch(
            """
            SELECT t.id, t.status FROM tasks t
             WHERE t.made_by_task_id IS NOT NULL AND t.status IN ('pending', 'assigned')
               AND NOT EXISTS (SELECT FROM consequences c WHERE c.made_id = t.id AND c.withdrawn_at IS NULL)
            """
        )
        assert not loose, "what no visit gives reason for and nobody accepted is cancelled"
        double = await self.conn.fetch(
            """
            SELECT t.kind_id FROM tasks t
             WHERE t.closed_at IS NULL
               AND EXISTS (SELECT FROM consequences c WHERE c.made_id = t.id AND c.what = 'task' AND c.withdrawn_at IS NULL)
             GROUP BY t.kind_id HAVING count(*) > 1
            """
        )
        assert not double, "whichever tasks gave reason for it, a person gets one of a kind"
        alarms = await self.conn.fetch(
            """
            SELECT a.id FROM alarms a JOIN consequences c ON c.made_id = a.id AND c.what = 'alarm'
             WHERE (a.cleared_at IS NULL) <> (c.withdrawn_at IS NULL)
            """
        )
        assert not alarms, "an alarm stands as long as its reason"
        refused = await self.conn.fetch(
            """
            SELECT t.id FROM tasks t
             WHERE t.id = ANY($1) AND EXISTS (SELECT FROM visits v WHERE v.task_id = t.id AND v.struck_at IS NULL AND v.outcome = 'refused'
                                                 AND NOT v.needs_review && '{task_was_closed,not_held_by_team}')
               AND NOT EXISTS (SELECT FROM consequences c WHERE c.task_id = t.id AND c.trigger = 'refused' AND c.withdrawn_at IS NULL)
            """,
            self.task_ids[:2],
        )
        assert not refused, "nothing that should follow is missing"


def report_of(city: City, team: int, said: reports.Said, now: datetime) -> Report:
    report_id = new_id()
    return Report(
        id=report_id,
        member_id=city.member_ids[3 * team + 1],
        district_id=city.district_id,
        role="doctor",
        kind=type(said).__name__.lower(),
        said=said,
        body={},
        body_hash=sha256(report_id.bytes).digest(),
        device_at=now,
        corrected_at=now,
        received_at=now,
    )


async def isolated(conn: Connection, city: City) -> UUID:
    """Somebody under follow-up."""
    draft = FollowUpDraft(
        subject=SubjectDraft(ref="li-hua", name="Li Hua", phone="13800000002"),
        household=HouseholdDraft(ref="li-home", address="Sichuan North Road", lat=LAT, lon=LON),
        protocol="home_isolation",
    )
    return (await start_follow_up(conn, city.district_id, draft, now=utc_now())).subject_id


async def about(conn: Connection, city: City, subject_id: UUID, kind: str) -> UUID:
    """A task about that person, held by the first team."""
    (task_id,) = await post(conn, city, kind=kind, subject=SubjectDraft(id=subject_id))
    await give(conn, city, city.team_ids[0], [task_id])
    return task_id


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=stories)
def test_for_any_order_of_outcomes_and_corrections_no_task_is_lost_and_nothing_follows_twice(
    database: str, story: list[tuple[int, tuple[str, int, Any]]]
) -> None:
    async def live() -> None:
        async with connect(database, application_name="test") as conn:
            await conn.execute("TRUNCATE districts, accounts CASCADE")
            city = await make_city(conn, teams=2, hours=12)
            subject_id = await isolated(conn, city)
            task_ids = [await about(conn, city, subject_id, kind) for kind in KINDS]
            told = Story(conn=conn, city=city, task_ids=task_ids, now=utc_now())
            for team, step in story:
                await told.tell(team, step)
                await told.check()

    asyncio.run(live())


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=2)


async def carry_out(conn: Connection, city: City, team: int, said: reports.Said, *, now: datetime | None = None) -> str:
    """What that team's doctor says; the answer's status, or the code of the refusal."""

    @asynccontextmanager
    async def connected() -> AsyncIterator[Connection]:
        yield conn

    answer, _ = await take_report(
        connected,
        report_of(city, team, said, now or utc_now()),
        lambda _, answer: {"said": answer.error.code if answer.error else answer.status.value},
    )
    return str(answer["said"])


def refusal(task_id: UUID) -> reports.Said:
    return reports.VisitMade(task_id=task_id, findings=findings("refused"))


async def test_two_who_are_refused_at_once_make_one_task_and_one_alarm(
    conn: Connection, pool: Pool, city: City
) -> None:
    task_id = await about(conn, city, await isolated(conn, city), "isolation_visit")
    now = utc_now()
    answers = await in_two_halves(
        pool,
        lambda conn: carry_out(conn, city, 0, refusal(task_id), now=now),
        lambda conn: carry_out(conn, city, 0, refusal(task_id), now=now),
    )
    assert answers == ["done", "done"]
    assert await conn.fetchval("SELECT attempts FROM tasks WHERE id = $1", task_id) == 2
    assert await conn.fetchval("SELECT count(*) FROM tasks WHERE made_by_task_id = $1", task_id) == 1
    assert await conn.fetchval("SELECT count(*) FROM alarms WHERE what = 'refused'") == 1
    await assert_consistent(conn)


async def test_a_correction_and_a_visit_that_makes_more_meet(conn: Connection, pool: Pool, city: City) -> None:
    """The correction has read what followed before the visit adds to it."""
    task_id = await about(conn, city, await isolated(conn, city), "isolation_visit")
    phone = await phone_of(pool, city.member_ids[1])
    first = phone.visit(task_id, "unavailable")
    await phone.send(first)
    await give(conn, city, city.team_ids[0], [task_id])
    right = reports.Correct(visit_id=first.id, findings=findings("unsafe"))
    await in_two_halves(
        pool,
        lambda conn: carry_out(conn, city, 0, refusal(task_id)),
        lambda conn: carry_out(conn, city, 0, right),
    )
    kinds = await conn.fetch("SELECT trigger, made_id FROM consequences WHERE what = 'task' ORDER BY trigger")
    assert [row["trigger"] for row in kinds] == ["refused", "unsafe"]
    assert len({row["made_id"] for row in kinds}) == 1, "one check of the breach for both"
    await assert_consistent(conn)


async def test_a_release_and_the_end_of_the_follow_up_by_hand_meet(conn: Connection, pool: Pool, city: City) -> None:
    subject_id = await isolated(conn, city)
    task_id = await about(conn, city, subject_id, "release")
    plan_id = await conn.fetchval("SELECT id FROM follow_ups")
    seen = reports.VisitMade(task_id=task_id, findings=findings("seen_ok", {"released": True}))
    await in_two_halves(
        pool,
        lambda conn: end_follow_up(conn, plan_id, FollowUpStatus.CANCELLED, now=utc_now(), reason="moved_away"),
        lambda conn: carry_out(conn, city, 0, seen),
    )
    assert await conn.fetchval("SELECT status FROM follow_ups") == "cancelled"
    assert await standing(conn, task_id) == ("completed", None)
    assert await conn.fetchval("SELECT count(*) FROM consequences WHERE what = 'follow_up'") == 0


async def test_corrections_race_with_the_placer(conn: Connection, pool: Pool, city: City) -> None:
    """What a correction withdraws or opens again is with one team or with none, whatever the placer does meanwhile."""
    placer = Placer(pool, Metrics(), most_at_once=4)
    subject_id = await isolated(conn, city)
    phone = await phone_of(pool, city.member_ids[1])
    task_ids = [await about(conn, city, subject_id, "isolation_visit") for _ in range(6)]
    said = {task_id: phone.visit(task_id, "refused") for task_id in task_ids}

    async def wrong_and_right(task_id: UUID) -> None:
        await phone.send(said[task_id])
        await phone.correct(said[task_id].id, "seen_ok", {"person_at_home": True})

    async def keep_placing() -> None:
        while True:
            await placer.place(city.district_id)

    placing = asyncio.create_task(keep_placing())
    try:
        await asyncio.gather(*(wrong_and_right(task_id) for task_id in task_ids))
    finally:
        placing.cancel()
        await placer.drain(5)
    await assert_consistent(conn)
    assert {(await standing(conn, task_id))[0] for task_id in task_ids} == {"completed"}
    left = await conn.fetch("SELECT status FROM tasks WHERE made_by_task_id IS NOT NULL")
    assert {row["status"] for row in left} == {"cancelled"}
    assert await conn.fetchval("SELECT count(*) FROM alarms WHERE cleared_at IS NULL") == 0
