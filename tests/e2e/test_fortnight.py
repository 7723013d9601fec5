"""A fortnight of follow-ups in virtual time, recounted by a model that knows nothing of how plans are kept.

People arrive, are seen or not, move away, are converted and released; the clocks change; the worker is away for hours, dies in the middle
of its work, and works twice at once. Nothing sleeps: every operation is told what time it is.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from shared.domain import reports
from shared.domain.follow_up import FollowUpDraft, Line
from shared.domain.ids import new_id
from shared.domain.intake import HouseholdDraft, SubjectDraft
from shared.domain.reports import Answered, Findings, Report
from shared.domain.words import FollowUpStatus, Outcome
from shared.operations import holding
from shared.operations.follow_ups import convert_follow_up, end_follow_up, start_follow_up
from shared.operations.reports import take_report
from shared.operations.walks import load_teams, work_of
from shared.store import districts, follow_up_lists
from shared.store.connection import Connection, Pool
from tests.city import LAT, LON, SPREAD, City, make_city
from tests.errands import errand_named
from tests.fortnight import (
    BY_HAND,
    ISOLATION,
    MONITORING,
    WATCH,
    ZONE,
    Followed,
    Plan,
    clock_of,
    difference,
    expected_states,
    minutes_of,
    moment,
    moments,
    slots_of,
    unseen_days,
)

ERRANDS = (
    "replan_follow_ups",
    "make_occurrences",
    "settle_occurrences",
    "settle_what_came_back",
    "expire",
    "lose_follow_ups",
    "complete_follow_ups",
)
DAYS = 14
RESULTS: dict[str, dict[str, Any]] = {
    "temperature_check": {"temperature_c": 36.6, "method": "forehead"},
    "isolation_visit": {"person_at_home": True},
    "release": {"released": True},
}


class Fortnight:
    """The district, its people and the worker that comes and goes."""

    def __init__(self, pool: Pool, conn: Connection, city: City, seed: int) -> None:
        self.pool, self.conn, self.city = pool, conn, city
        self.chance = random.Random(seed)
        self.followed: dict[UUID, Followed] = {}
        self.kinds: dict[UUID, str] = {}
        self.happened: Counter[str] = Counter()

    async def arrive(self, now: datetime, plan: Plan, *, never_in: bool = False) -> None:
        mark = new_id().hex
        lat, lon = LAT + self.chance.uniform(-SPREAD, SPREAD), LON + self.chance.uniform(-SPREAD, SPREAD)
        by_code = {code: kind_id for kind_id, code in self.kinds.items()}
        whole: dict[str, Any] = {"protocol": plan.protocol}
        today = now.astimezone(ZONE).date()
        if plan.protocol is None:
            lines = tuple(
                Line(kind_id=by_code[kind], times=tuple(minutes_of(clock) for clock in clocks), days=days)
                for kind, (days, clocks) in plan.lines.items()
            )
            last_day = today + timedelta(days=plan.days - 1)
            whole = {"lines": lines, "last_day": last_day, "lost_after_days": plan.lost_after_days}
        draft = FollowUpDraft(
            subject=SubjectDraft(ref=f"person-{mark}", name="Li Hua", phone=f"138{mark[-8:]}"),
            household=HouseholdDraft(ref=f"door-{mark}", address="Sichuan North Road", lat=lat, lon=lon),
            **whole,
        )
        made = await start_follow_up(self.conn, self.city.district_id, draft, now=now)
        slots = slots_of(plan, today, now, [])
        self.followed[made.id] = Followed(made.id, plan, made.subject_id, now, today, slots, never_in=never_in)
        self.happened["arrived"] += 1

    async def sweep(self, now: datetime) -> None:
        """Look until nothing is due. Now and then the worker dies before it commits; now and then two work at once."""
        for name in ERRANDS:
            errand = errand_named(name)
            while rows := await errand.find(self.conn, now, 200):
                fate = self.chance.random()
                if fate < 0.1:
                    await self._die_in_the_middle(name, rows[0], now)
                elif fate < 0.3:
                    await asyncio.gather(*(self._deal_alone(name, rows, now) for _ in range(2)))
                else:
                    for row in rows:
                        await errand.deal(self.conn, row, now)

    async def _die_in_the_middle(self, name: str, row: Any, now: datetime) -> None:
        async with self.pool.acquire() as dying:
            await dying.transaction().start()
            await errand_named(name).deal(dying, row, now)
            dying.terminate()
        self.happened["died"] += 1

    async def _deal_alone(self, name: str, rows: Any, now: datetime) -> None:
        async with self.pool.acquire() as conn:
            for row in rows:
                await errand_named(name).deal(conn, row, now)
        self.happened["side by side"] += 1

    async def knock(self, now: datetime, share: float) -> None:
        """Some of the open tasks whose time has come are visited, some are accepted by the team first."""
        rows = await self.conn.fetch(
            """
            SELECT o.follow_up_id, o.kind_id, o.day, o.minute, o.task_id, t.status
              FROM follow_up_occurrences o JOIN tasks t ON t.id = o.task_id
             WHERE t.closed_at IS NULL AND t.earliest <= $1 AND t.due_at > $1 ORDER BY o.opens_at, o.task_id
            """,
            now,
        )
        for row in rows:
            followed = self.followed[row["follow_up_id"]]
            key = (self.kinds[row["kind_id"]], row["day"], clock_of(row["minute"]))
            gone = followed.ended is not None and row["status"] in ("pending", "assigned")  # withdrawn a moment ago
            if gone or followed.never_in or self.chance.random() > share:
                continue
            if row["status"] == "pending" and self.chance.random() < 0.05:
                await self._accept(row["task_id"], now)
                followed.slot(key).accepted = True
            else:
                await self._see(followed, key, row["task_id"], now)

    async def _accept(self, task_id: UUID, now: datetime) -> None:
        async with self.conn.transaction():
            locked = await holding.lock(self.conn, [task_id], self.city.team_ids[0])
            district = await districts.select_district(self.conn, self.city.district_id)
            assert district is not None
            (team,) = await load_teams(self.conn, district.settings, now=now, team_ids=[self.city.team_ids[0]])
            gain = holding.Gain(team=team, works=[work_of(locked[task_id]), *team.works], reasons={task_id: {}})
            await holding.give(self.conn, self.city.district_id, [gain], now=now)
        await self._report(reports.Accept(task_ids=(task_id,)), now)
        self.happened["accepted"] += 1

    async def _see(self, followed: Followed, key: tuple[str, int, str], task_id: UUID, now: datetime) -> None:
        found = Findings(outcome=Outcome.SEEN_OK, result=RESULTS[key[0]], form_version=1)
        await self._report(reports.VisitMade(task_id=task_id, findings=found), now)
        followed.slot(key).seen = True
        followed.seen_at.append(now)
        followed.measured[now.astimezone(ZONE).date()] += key[0] == "temperature_check"
        self.happened["seen"] += 1
        if key[0] == "release" and followed.ended is None:
            followed.ended, followed.status = now, "completed"
            self.happened["released"] += 1

    async def _report(self, said: reports.Said, now: datetime) -> None:
        member_id = self.city.member_ids[0]
        report = Report(
            id=new_id(),
            member_id=member_id,
            district_id=self.city.district_id,
            role="grid_worker",
            kind=type(said).__name__.lower(),
            said=said,
            body={},
            body_hash=sha256(repr(said).encode()).digest(),
            device_at=now,
            corrected_at=now,
            received_at=now,
        )

        @asynccontextmanager
        async def connect() -> AsyncIterator[Connection]:
            yield self.conn

        answer, _ = await take_report(
            connect, report, lambda _, answer: {"status": answer.status, "error": str(answer.error)}
        )
        assert answer["status"] != Answered.REFUSED, answer

    async def part(self, now: datetime) -> None:
        """Somebody moves away, or is put under another protocol."""
        live = [
            one for one in self.followed.values() if one.ended is None and not one.never_in and one.plan is not WATCH
        ]
        leaving = self.chance.choice(live)
        if await self.conn.fetchval("SELECT ended_at FROM follow_ups WHERE id = $1", leaving.id) is not None:
            return  # lost or completed, which the model learns at the end
        if self.chance.random() < 0.5:
            await end_follow_up(self.conn, leaving.id, FollowUpStatus.CANCELLED, now=now, reason="moved")
            leaving.status = "cancelled"
        else:
            other = await convert_follow_up(self.conn, leaving.id, "fever_watch", now=now)
            leaving.status = "converted"
            today = now.astimezone(ZONE).date()
            slots = slots_of(WATCH, today, now, leaving.slots)
            self.followed[other.id] = Followed(other.id, WATCH, leaving.subject, now, today, slots)
        leaving.ended = now
        self.happened[leaving.status] += 1

    async def learn_ends(self) -> None:
        """Ends by the clock: the last day over, or nobody seen for too long. When is the worker's affair, whether is checked."""
        rows = await self.conn.fetch("SELECT id, status, ended_at FROM follow_ups WHERE ended_at IS NOT NULL")
        for row in rows:
            followed = self.followed[row["id"]]
            if followed.ended is not None:
                assert (row["ended_at"], row["status"]) == (followed.ended, followed.status)
                continue
            followed.ended, followed.status = row["ended_at"], row["status"]
            self.happened[row["status"]] += 1
            if row["status"] == "completed":
                assert row["ended_at"] >= followed.over
            else:
                assert row["status"] == "lost"
                assert unseen_days(followed, row["ended_at"]) >= followed.plan.lost_after_days

    async def add_up(self, now: datetime) -> None:
        """The ledger's days before the last one, of those who had one protocol all the time: measured as often as somebody measured, due as
        often as the plan says."""
        today = now.astimezone(ZONE).date()
        for followed in self.followed.values():
            if followed.plan not in (ISOLATION, MONITORING) or followed.status == "converted":
                continue
            end = min(today, (followed.ended or now).astimezone(ZONE).date())
            for row in await follow_up_lists.select_ledger(self.conn, followed.id, end - timedelta(days=1)):
                item = next(one for one in row["ledger_of_day"] if one["code"] == "measured")
                due = sum(s.kind == "temperature_check" and s.day == row["day"] for s in followed.slots)
                assert (item["done"], item["due"]) == (followed.measured[row["on_day"]], due), (followed, row)
                self.happened["ledger days"] += 1

    async def recount(self, now: datetime) -> None:
        rows = await self.conn.fetch(
            """
            SELECT o.follow_up_id, k.code, o.day, o.minute, o.state, o.task_id, o.refused, o.opens_at, o.ends_at
              FROM follow_up_occurrence_states o JOIN kinds k ON k.id = o.kind_id
             WHERE o.state <> 'withdrawn'
            """
        )
        found: dict[UUID, dict[tuple[str, int, str], str]] = {follow_up_id: {} for follow_up_id in self.followed}
        for row in rows:
            key = (row["code"], row["day"], clock_of(row["minute"]))
            assert key not in found[row["follow_up_id"]], "an occurrence is there twice"
            slot = self.followed[row["follow_up_id"]].slot(key)
            assert (row["opens_at"], row["ends_at"]) == (slot.opens, slot.ends)
            found[row["follow_up_id"]][key] = row["state"]
            assert row["refused"] is None
            assert (row["task_id"] is None) == (row["state"] == "planned")
        for followed in self.followed.values():
            expected = expected_states(followed, now)
            assert found[followed.id] == expected, difference(followed, found[followed.id], expected)
            self.happened.update(f"occurrences {state}" for state in expected.values())


@pytest.fixture
async def city(conn: Connection) -> City:
    """One team whose shift is the whole fortnight and more."""
    city = await make_city(conn, teams=1, accept_limit=100, max_visits_per_shift=None)
    await conn.execute("UPDATE districts SET time_zone = 'Europe/Berlin'")
    await conn.execute("UPDATE memberships SET during = tstzrange('2026-01-01Z', NULL)")
    await conn.execute("UPDATE shifts SET during = tstzrange('2026-01-01Z', '2027-12-31Z')")
    return city


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("people", "first_day"),
    [
        pytest.param(450, date(2026, 10, 17), id="450 people, the clocks go back"),
        pytest.param(60, date(2027, 3, 20), id="60 people, the clocks leap"),
    ],
)
async def test_a_fortnight(pool: Pool, conn: Connection, city: City, people: int, first_day: date) -> None:
    fortnight = Fortnight(pool, conn, city, seed=people)
    fortnight.kinds = {row["id"]: row["code"] for row in await conn.fetch("SELECT id, code FROM kinds")}
    chance = fortnight.chance
    arrivals = sorted(
        moment(first_day, "06:00") + timedelta(minutes=chance.randrange(6 * 24 * 60)) for _ in range(people)
    )
    away = [  # the worker: an evening, a whole day over the change of the clocks, a morning
        (moment(first_day + timedelta(days=2), "15:00"), moment(first_day + timedelta(days=2), "22:00")),
        (moment(first_day + timedelta(days=7), "20:00"), moment(first_day + timedelta(days=8), "20:00")),
        (moment(first_day + timedelta(days=11), "07:00"), moment(first_day + timedelta(days=11), "12:00")),
    ]
    now = moment(first_day, "06:00")
    for now in moments(first_day, DAYS):
        while arrivals and arrivals[0] <= now:
            plan = chance.choice((ISOLATION, ISOLATION, MONITORING, BY_HAND))
            await fortnight.arrive(arrivals.pop(0), plan, never_in=chance.random() < 0.05)
        if not any(begins <= now < ends for begins, ends in away):
            await fortnight.sweep(now)
        if 7 <= now.astimezone(ZONE).hour < 22 or now.astimezone(ZONE).hour == 3:
            await fortnight.knock(now, share=0.12)
        if now.minute == 0 and chance.random() < people / 1800 and now > moment(first_day + timedelta(days=1), "12:00"):
            await fortnight.part(now)
    await fortnight.sweep(now)
    await fortnight.learn_ends()
    await fortnight.recount(now)
    await fortnight.add_up(now)
    await _nothing_after_the_end(conn)
    wanted = (
        "ledger days",
        "lost",
        "completed",
        "cancelled",
        "converted",
        "died",
        "side by side",
        "accepted",
        "seen",
        "occurrences missed",
    )
    assert all(fortnight.happened[name] for name in wanted), fortnight.happened


async def _nothing_after_the_end(conn: Connection) -> None:
    linked = await conn.fetchval("SELECT count(*) FROM follow_up_occurrences WHERE task_id IS NOT NULL")
    assert linked == await conn.fetchval("SELECT count(*) FROM tasks"), "a task without an occurrence"
    late = await conn.fetch(
        """
        SELECT f.id, t.status, t.created_at, f.ended_at
          FROM follow_ups f JOIN follow_up_occurrences o ON o.follow_up_id = f.id JOIN tasks t ON t.id = o.task_id
         WHERE f.ended_at IS NOT NULL
           AND (t.created_at > f.ended_at OR t.status IN ('pending', 'assigned')
                OR (o.opens_at > f.ended_at AND o.withdrawn_at IS NULL))
        """
    )
    assert not late
