"""Phones for tests: tasks put on a team's walk, and reports said by its members straight to the operations."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from shared.domain import reports
from shared.domain.clock import utc_now
from shared.domain.ids import new_id
from shared.domain.reports import Answer, Answered, Findings, Position, Report
from shared.domain.words import Duty, Outcome
from shared.operations import holding
from shared.operations.reports import take_report
from shared.operations.walks import load_teams, work_of
from shared.store import districts, members, tasks
from shared.store.connection import Connection, Pool
from tests.city import City

DOOR = {"sensor": "working"}
NORMAL = {"temperature_c": 36.6, "method": "forehead"}
FEVER = {"temperature_c": 38.4, "method": "forehead"}


async def give(conn: Connection, city: City, team_id: UUID, task_ids: Sequence[UUID], *, pinned: bool = False) -> None:
    """Put pending tasks at the end of a team's walk, in this order."""
    now = utc_now()
    async with conn.transaction():
        locked = await holding.lock(conn, task_ids, team_id)
        district = await districts.select_district(conn, city.district_id)
        assert district is not None
        (team,) = await load_teams(conn, district.settings, now=now, team_ids=[team_id])
        works = [*team.works, *(work_of(locked[task_id]) for task_id in task_ids)]
        gain = holding.Gain(team=team, works=works, reasons={task_id: {} for task_id in task_ids})
        await holding.give(conn, city.district_id, [gain], now=now, pinned=pinned)


async def take(conn: Connection, city: City, task_id: UUID) -> None:
    """A coordinator takes the task back."""
    async with conn.transaction():
        locked = await holding.lock(conn, [task_id])
        district = await districts.select_district(conn, city.district_id)
        assert district is not None
        await holding.take_back(conn, district, [locked[task_id]], holding.EndReason.RELEASED, now=utc_now())


@dataclass(frozen=True, kw_only=True)
class Phone:
    """A member's phone. `said` is the last report, to be said again."""

    connect: Callable[[], AbstractAsyncContextManager[Connection]]
    member_id: UUID
    district_id: UUID
    role: str

    def report(self, said: reports.Said, *, ago_s: float = 0, report_id: UUID | None = None) -> Report:
        """A report of something that happened `ago_s` seconds ago."""
        now = utc_now()
        at = now - timedelta(seconds=ago_s)
        kind = type(said).__name__.lower()
        return Report(
            id=report_id or new_id(),
            member_id=self.member_id,
            district_id=self.district_id,
            role=self.role,
            kind=kind,
            said=said,
            body={"said": repr(said)},
            body_hash=sha256(repr(said).encode()).digest(),
            device_at=at,
            corrected_at=at,
            received_at=now,
        )

    async def send(self, report: Report) -> Answer:
        """Send it (again); the answer as it is kept."""
        described, _ = await take_report(self.connect, report, _describe)
        return Answer(
            status=Answered(described["status"]),
            error=described["code"],
            needs_review=tuple(reports.Review(reason) for reason in described["needs_review"]),
            outcome=Outcome(described["outcome"]) if described["outcome"] else None,
            made_task_ids=tuple(UUID(task_id) for task_id in described["made"]),
        )

    async def say(self, said: reports.Said, *, ago_s: float = 0) -> Answer:
        return await self.send(self.report(said, ago_s=ago_s))

    async def accept(self, *task_ids: UUID) -> Answer:
        return await self.say(reports.Accept(task_ids=task_ids))

    async def decline(self, task_id: UUID) -> Answer:
        return await self.say(reports.Decline(task_id=task_id, reason="too far"))

    async def depart(self, task_id: UUID) -> Answer:
        return await self.say(reports.Depart(task_id=task_id))

    async def arrive(self, task_id: UUID, *, ago_s: float = 0) -> Answer:
        return await self.say(reports.Arrive(task_id=task_id), ago_s=ago_s)

    def visit(
        self,
        task_id: UUID,
        outcome: str = "seen_ok",
        *,
        result: Any = None,
        form_version: int = 1,
        ago_s: float = 0,
        position: Position | None = None,
    ) -> Report:
        found = findings(outcome, result, form_version, position)
        return self.report(reports.VisitMade(task_id=task_id, findings=found), ago_s=ago_s)

    async def visits(self, task_id: UUID, outcome: str = "seen_ok", **found: Any) -> Answer:
        return await self.send(self.visit(task_id, outcome, **found))

    async def correct(self, visit_id: UUID, outcome: str, result: Any = None) -> Answer:
        return await self.say(reports.Correct(visit_id=visit_id, findings=findings(outcome, result, 1)))

    async def duty(self, duty: Duty, *, ago_s: float = 0) -> Answer:
        return await self.say(reports.DutyChanged(duty=duty), ago_s=ago_s)


def findings(outcome: str, result: Any = None, form_version: int = 1, position: Position | None = None) -> Findings:
    """The result of a door that was looked at, where the person was seen, unless told otherwise."""
    said = Outcome(outcome)
    filled_in = (DOOR if said.saw_the_person else {}) if result is None else result
    return Findings(outcome=said, result=filled_in, form_version=form_version, position=position)


async def phone_of(pool: Pool, member_id: UUID) -> Phone:
    @asynccontextmanager
    async def connect() -> AsyncIterator[Connection]:
        async with pool.acquire() as conn:
            yield conn

    async with connect() as conn:
        member = await members.select_member(conn, member_id)
    assert member is not None
    return Phone(connect=connect, member_id=member.id, district_id=member.district_id, role=member.role)


async def standing(conn: Connection, task_id: UUID) -> tuple[str, UUID | None]:
    """Status of a task, and who holds it."""
    task = await tasks.select_task(conn, task_id)
    assert task is not None
    return task.status.value, task.team_id


async def heard(conn: Connection, *, team_id: UUID | None = None, since: datetime | None = None) -> list[str]:
    """Names of the events (of a team), oldest first."""
    rows = await conn.fetch(
        "SELECT name FROM events WHERE ($1::uuid IS NULL OR team_id = $1) AND ($2::timestamptz IS NULL OR at >= $2) ORDER BY id",
        team_id,
        since,
    )
    return [row["name"] for row in rows]


def _describe(report: Report, answer: Answer) -> dict[str, Any]:
    return {
        "id": str(report.id),
        "status": answer.status.value,
        "code": answer.error.code if answer.error else None,
        "needs_review": list(answer.needs_review),
        "outcome": answer.outcome,
        "made": [str(task_id) for task_id in answer.made_task_ids],
    }
