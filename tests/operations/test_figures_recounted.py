"""Figures against a recount in plain Python, over histories made by chance: SQL and loops must agree on every number."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.domain.district import District
from shared.domain.figures import DistrictFigures, Figures
from shared.domain.ids import new_id
from shared.domain.words import DEFAULT_SLOTS, AlarmCode, Outcome, WaitingReason
from shared.operations.figures import load_figures
from shared.store.connection import Connection, connect

DAYS = 4
NOW_AFTER_DAYS = 3.5  # so that one of the days is not over and one is ahead
MINUTE = timedelta(minutes=1)
CLOSED = ("completed", "not_executable", "cancelled", "expired")
# In Berlin clocks go forward on the third day and, in the other week, back; in Shanghai they never change.
PLACES = [
    ("Europe/Berlin", date(2026, 3, 27)),
    ("Europe/Berlin", date(2026, 10, 23)),
    ("Asia/Shanghai", date(2026, 3, 27)),
]


@dataclass(frozen=True, kw_only=True)
class VisitThen:
    at: datetime
    outcome: str
    struck: bool
    flags: list[str]
    team: int | None
    members: list[int]
    stop: int | None  # which of the task's assignments it was made under
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, kw_only=True)
class Stop:
    team: int
    departed_at: datetime | None
    arrived_at: datetime | None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, kw_only=True)
class TaskThen:
    created_at: datetime
    earliest: datetime
    due_at: datetime
    status: str
    closed_at: datetime | None
    subject: int | None
    visits: list[VisitThen]
    stops: list[Stop]
    events: list[tuple[datetime, str, dict[str, str]]]
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, kw_only=True)
class Plan:
    subject: int
    first_day: date
    last_day: date
    started_at: datetime
    ended_at: datetime
    occurrences: list[tuple[date, int | None, bool, bool]]  # on that day, with that task, missed, withdrawn


@dataclass(frozen=True, kw_only=True)
class History:
    zone: str
    first: date
    tasks: list[TaskThen]
    shifts: list[tuple[int, datetime, datetime]]
    memberships: list[tuple[int, int, datetime, datetime]]
    plans: list[Plan]
    alarms: list[tuple[str, datetime]]

    @property
    def begins(self) -> datetime:
        return wall(self.first, self.zone)

    @property
    def now(self) -> datetime:
        return self.begins + timedelta(days=NOW_AFTER_DAYS)


def wall(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@st.composite
def histories(draw: st.DrawFn) -> History:
    zone, first = draw(st.sampled_from(PLACES))
    begins = wall(first, zone)
    midnights = [wall(first + timedelta(days=number), zone) for number in range(-1, DAYS + 2)]
    moments = st.one_of(
        st.integers(-1440, 1440 * (DAYS + 1)).map(lambda minutes: begins + minutes * MINUTE), st.sampled_from(midnights)
    )
    tasks = draw(st.lists(tasks_then(moments, begins + timedelta(days=NOW_AFTER_DAYS)), max_size=6))
    return History(
        zone=zone,
        first=first,
        tasks=tasks,
        shifts=[(team, *span) for team in (0, 1) for span in draw(spans(moments))],
        memberships=[(member, draw(st.integers(0, 1)), *span) for member in range(3) for span in draw(spans(moments))],
        plans=draw(plans(moments, first, len(tasks))),
        alarms=draw(st.lists(st.tuples(st.sampled_from([code.value for code in AlarmCode]), moments), max_size=4)),
    )


@st.composite
def spans(draw: st.DrawFn, moments: st.SearchStrategy[datetime]) -> list[tuple[datetime, datetime]]:
    """Up to two spans one after the other."""
    cuts = sorted(draw(st.sets(moments, max_size=4)))
    return list(zip(cuts[::2], cuts[1::2], strict=False))


@st.composite
def tasks_then(draw: st.DrawFn, moments: st.SearchStrategy[datetime], now: datetime) -> TaskThen:
    created_at = min(draw(moments), now)
    after = st.one_of(st.just(0), st.integers(0, 3000)).map(lambda minutes: created_at + minutes * MINUTE)
    earliest = draw(st.integers(-30, 600)) * MINUTE + created_at
    due_at = earliest + draw(st.integers(0, 2000)) * MINUTE
    stops = draw(st.lists(stops_then(created_at), max_size=2))
    visits = draw(st.lists(visits_then(after, len(stops)), max_size=3))
    status = draw(st.sampled_from(("pending", *CLOSED)))
    counted = [visit.at for visit in visits if "task_was_closed" not in visit.flags]
    closed_at = max([draw(after), *counted]) if status in CLOSED else None
    return TaskThen(
        created_at=created_at,
        earliest=earliest,
        due_at=due_at,
        status=status,
        closed_at=closed_at,
        subject=draw(st.none() | st.integers(0, 1)),
        visits=visits,
        stops=stops,
        events=draw(events_of(created_at, status, closed_at)),
    )


@st.composite
def stops_then(draw: st.DrawFn, created_at: datetime) -> Stop:
    """Few different times, so that tasks share stops."""
    departed_at = draw(st.none() | st.sampled_from([created_at, created_at + 30 * MINUTE]))
    arrived_at = draw(st.none() | st.sampled_from([created_at + 10 * MINUTE, created_at + 50 * MINUTE]))
    return Stop(team=draw(st.integers(0, 1)), departed_at=departed_at, arrived_at=arrived_at)


@st.composite
def visits_then(draw: st.DrawFn, after: st.SearchStrategy[datetime], stops: int) -> VisitThen:
    return VisitThen(
        at=draw(after),
        outcome=draw(st.sampled_from([outcome.value for outcome in Outcome])),
        struck=draw(st.booleans()),
        flags=draw(
            st.sampled_from([[], [], ["task_was_closed"], ["not_held_by_team"], ["result_breaks_form", "too_quick"]])
        ),
        team=draw(st.none() | st.integers(0, 1)),
        members=draw(st.lists(st.integers(0, 2), min_size=1, max_size=3, unique=True)),
        stop=draw(st.integers(-1, stops - 1).map(lambda stop: None if stop < 0 else stop)),
    )


@st.composite
def events_of(
    draw: st.DrawFn, created_at: datetime, status: str, closed_at: datetime | None
) -> list[tuple[datetime, str, dict[str, str]]]:
    """What was told of a task, in the order of the telling; clocks of two machines may differ by a minute."""
    reasons = st.sampled_from([reason.value for reason in WaitingReason])
    told: list[tuple[datetime, str, dict[str, str]]] = [
        (created_at, "task.created", draw(st.sampled_from([{}, {"waiting_reason": "no_location"}])))
    ]
    at = created_at
    for _ in range(draw(st.integers(0, 4))):
        at += draw(st.integers(-1, 900)) * MINUTE
        name = draw(
            st.sampled_from(["waiting", "waiting", "assigned", "accepted", "released", "reopened", "changed", "moved"])
        )
        if name == "waiting":
            told.append((at, "task.waiting", {"reason": draw(reasons)}))
        elif name == "moved":
            told.append((at, "task.changed", {"waiting_reason": draw(reasons)}))
        else:
            told.append((at, f"task.{name}", {"reason": "retry"}))
    if closed_at is not None:
        told = [event for event in told if event[0] <= closed_at] + [(closed_at, f"task.{status}", {})]
    return told


@st.composite
def plans(draw: st.DrawFn, moments: st.SearchStrategy[datetime], first: date, tasks: int) -> list[Plan]:
    free = list(range(tasks))
    made: list[Plan] = []
    for subject in (0, 0, 1):
        begins = draw(st.integers(-2, DAYS))
        days = draw(st.integers(0, 5))
        states = st.tuples(st.booleans(), st.booleans(), st.booleans())
        drawn = draw(st.lists(st.tuples(st.integers(0, days), states), max_size=4))
        due = [
            (day, (free.pop() if free and has_task else None, missed, withdrawn))
            for day, (has_task, missed, withdrawn) in drawn
        ]
        first_day = first + timedelta(days=begins)
        started_at, ended_at = sorted([draw(moments), draw(moments)])
        made.append(
            Plan(
                subject=subject,
                first_day=first_day,
                last_day=first_day + timedelta(days=days),
                started_at=started_at,
                ended_at=ended_at,
                occurrences=[(first_day + timedelta(days=day), *became) for day, became in due],
            )
        )
    return made


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(history=histories())
def test_sql_and_a_recount_agree(database: str, history: History) -> None:
    async def count() -> DistrictFigures:
        async with connect(database, application_name="test") as conn:
            district = await write(conn, history)
            last = history.first + timedelta(days=DAYS - 1)
            return await load_figures(conn, district, history.first, last, now=history.now)

    found = asyncio.run(count())
    for number, (day, figures) in enumerate(zip(found.days, found.by_day, strict=True)):
        assert day.date == history.first + timedelta(days=number)
        assert (day.begins, day.ends) == (
            wall(day.date, history.zone),
            wall(day.date + timedelta(days=1), history.zone),
        )
        same(figures, recount(history, [day.date]))
    same(found.whole, recount(history, [day.date for day in found.days]))
    same_people(found, history)


def same(figures: Figures, expected: dict[str, Any]) -> None:
    told = {name: getattr(figures, name) for name in expected if name not in ("waiting", "alarms")}
    assert told == pytest.approx({name: expected[name] for name in told})
    waiting = {reason: (one.tasks, one.seconds) for reason, one in figures.waiting.items()}
    assert waiting == {reason: pytest.approx(one) for reason, one in expected["waiting"].items()}
    assert dict(figures.alarms) == expected["alarms"]


def recount(history: History, dates: Sequence[date]) -> dict[str, Any]:
    """Each figure as its definition says it, by going through everything."""
    since = wall(dates[0], history.zone)
    until = wall(dates[-1] + timedelta(days=1), history.zone)

    def then(moment: datetime | None) -> bool:
        return moment is not None and since <= moment < until

    counts: Counter[str] = Counter()
    responses: list[float] = []
    for task in history.tasks:
        standing = [visit for visit in task.visits if not visit.struck]
        sights = [visit.at for visit in standing if visit.outcome in ("seen_ok", "seen_not_ok")]
        seen_at = min(sights, default=task.closed_at) if task.status == "completed" else None
        counts["posted"] += then(task.created_at)
        if seen_at is not None and then(seen_at):
            counts["on_time" if seen_at <= task.due_at else "late"] += 1
        if (seen_at or task.closed_at or history.now) > task.due_at:
            counts["became_overdue"] += then(max(task.due_at, task.created_at))
        if task.status in ("not_executable", "cancelled", "expired"):
            counts[task.status] += then(task.closed_at)
        first = min(
            (visit.at for visit in standing if not {"task_was_closed", "not_held_by_team"} & set(visit.flags)),
            default=None,
        )
        if first is not None and then(first):
            began = max(task.created_at, task.earliest) if task.earliest <= first else task.created_at
            responses.append((first - began).total_seconds())
        for visit in standing:
            counts["visits"] += then(visit.at)
            counts["seen"] += then(visit.at) and visit.outcome in ("seen_ok", "seen_not_ok")
    counts += Counter(dict(stops_recounted(history, then)))
    counts += Counter(dict(followed_recounted(history, dates)))
    names = (
        *("posted", "on_time", "late", "became_overdue", "not_executable", "cancelled", "expired", "visits", "seen"),
        *("stops_timed", "travel_s", "at_door_s", "subjects_followed", "subjects_seen"),
        *("occurrences_done", "occurrences_missed"),
    )
    return {
        **{name: counts[name] for name in names},
        "response_s": median(responses) if responses else None,
        "waiting": waits_recounted(history, since, until),
        "alarms": dict(Counter(what for what, at in history.alarms if then(at))),
    }


def stops_recounted(history: History, then: Callable[[datetime | None], bool]) -> Iterator[tuple[str, int]]:
    left: dict[tuple[int, datetime, datetime], datetime] = {}
    for task in history.tasks:
        for visit in task.visits:
            stop = task.stops[visit.stop] if visit.stop is not None else None
            if stop and not visit.struck and stop.departed_at and stop.arrived_at:
                key = (stop.team, stop.departed_at, stop.arrived_at)
                left[key] = max(left.get(key, visit.at), visit.at)
    timed = [
        (departed_at, arrived_at, left_at)
        for (_, departed_at, arrived_at), left_at in left.items()
        if departed_at <= arrived_at <= left_at and then(arrived_at)
    ]
    yield "stops_timed", len(timed)
    yield "travel_s", sum(int((arrived_at - departed_at).total_seconds()) for departed_at, arrived_at, _ in timed)
    yield "at_door_s", sum(int((left_at - arrived_at).total_seconds()) for _, arrived_at, left_at in timed)


def followed_recounted(history: History, dates: Sequence[date]) -> Iterator[tuple[str, int]]:
    followed, seen = set(), set()
    for day in dates:
        begins, ends = wall(day, history.zone), wall(day + timedelta(days=1), history.zone)
        if begins > history.now:
            continue
        for plan in history.plans:
            if plan.first_day <= day <= plan.last_day and plan.started_at < ends and plan.ended_at >= begins:
                followed.add((plan.subject, day))
        for task in history.tasks:
            for visit in task.visits:
                if not visit.struck and visit.outcome.startswith("seen") and begins <= visit.at < ends:
                    seen.add((task.subject, day))
    yield "subjects_followed", len(followed)
    yield "subjects_seen", len(followed & seen)
    kept = [one for plan in history.plans for one in plan.occurrences if one[0] in dates and not one[3]]
    states = [(None if task is None else history.tasks[task].status, missed) for _, task, missed, _ in kept]
    yield "occurrences_done", sum(status == "completed" for status, _ in states)
    yield (
        "occurrences_missed",
        sum(
            status not in ("completed", "cancelled") and (missed or status in ("expired", "not_executable"))
            for status, missed in states
        ),
    )


def waits_recounted(history: History, since: datetime, until: datetime) -> dict[str, tuple[int, float]]:
    waited: dict[str, dict[UUID, float]] = defaultdict(lambda: defaultdict(float))
    for task in history.tasks:
        turns: list[tuple[datetime, str | None]] = []
        for at, name, data in task.events:
            match name.removeprefix("task."):
                case "created":
                    turns.append((at, data.get("waiting_reason", "being_planned")))
                case "waiting":
                    turns.append((at, data["reason"]))
                case "changed" if "waiting_reason" in data:
                    turns.append((at, data["waiting_reason"]))
                case "released" | "reopened":
                    turns.append((at, "being_planned"))
                case "assigned" | "completed" | "not_executable" | "cancelled" | "expired":
                    turns.append((at, None))
        for (at, reason), (over_at, _) in pairwise([*turns, (history.now, None)]):
            seconds = (min(over_at, until) - max(at, since)).total_seconds()
            if reason is not None and seconds > 0:
                waited[reason][task.id] += seconds
    return {reason: (len(by_task), sum(by_task.values())) for reason, by_task in waited.items()}


def same_people(found: DistrictFigures, history: History) -> None:
    """Of each team and member and day."""
    standing = [visit for task in history.tasks for visit in task.visits if not visit.struck]
    teams = {team.code: team for team in found.teams}
    members = {member.name: member for member in found.members}
    for number, day in enumerate(found.days):
        today = [visit for visit in standing if day.begins <= visit.at < day.ends]
        ends = max(day.begins, min(day.ends, history.now))
        for team in (0, 1):
            told = teams.get(f"team-{team}")
            hours = sum(overlap(day.begins, ends, from_, to) for whose, from_, to in history.shifts if whose == team)
            own = [visit for visit in today if visit.team == team]
            expected = [len(own), sum(visit.outcome.startswith("seen") for visit in own), hours]
            done = [told.visits[number], told.seen[number], told.shift_h[number]] if told else [0, 0, 0]
            assert done == pytest.approx(expected)
        for member in range(3):
            then = members.get(f"member-{member}")
            hours = sum(
                overlap(day.begins, ends, max(from_, on_from), min(to, on_to))
                for whose, team, on_from, on_to in history.memberships
                for shift_team, from_, to in history.shifts
                if whose == member and shift_team == team
            )
            there = sum(member in visit.members for visit in today)
            recorded = sum(member == visit.members[0] for visit in today)
            expected = [there, recorded, hours]
            done = [then.visits[number], then.recorded[number], then.shift_h[number]] if then else [0, 0, 0]
            assert done == pytest.approx(expected)


def overlap(begins: datetime, ends: datetime, from_: datetime, to: datetime) -> float:
    return max(0.0, (min(ends, to) - max(begins, from_)).total_seconds() / 3600)


async def write(conn: Connection, history: History) -> District:
    """The history as rows of a new district."""
    district = District(
        id=new_id(), code=f"d{new_id().hex[-12:]}", name="Any", time_zone=history.zone, slots=DEFAULT_SLOTS
    )
    ids = {name: [new_id() for _ in range(3)] for name in ("team", "member", "subject")}
    kind_id = new_id()
    async with conn.transaction():
        await conn.execute("SET LOCAL session_replication_role = replica")
        await conn.execute(
            "INSERT INTO districts (id, code, name, time_zone) VALUES ($1, $2, 'Any', $3)",
            *(district.id, district.code, history.zone),
        )
        await write_people(conn, district.id, ids, history)
        for task in history.tasks:
            await write_task(conn, district.id, kind_id, ids, task)
        for plan in history.plans:
            await write_plan(conn, district.id, kind_id, ids, plan, history.tasks)
        await conn.executemany(
            "INSERT INTO alarms (id, district_id, what, about, level, raised_at) VALUES ($1, $2, $3, $1, 'team', $4)",
            [(new_id(), district.id, what, at) for what, at in history.alarms],
        )
    return district


async def write_people(conn: Connection, district_id: UUID, ids: dict[str, list[UUID]], history: History) -> None:
    await conn.executemany(
        "INSERT INTO teams (id, district_id, code, name) VALUES ($1, $2, $3, $3)",
        [(team_id, district_id, f"team-{number}") for number, team_id in enumerate(ids["team"])],
    )
    await conn.executemany(
        "INSERT INTO members (id, district_id, name, phone, role) VALUES ($1, $2, $3, $3, $4)",
        [
            (member_id, district_id, f"member-{number}", DEFAULT_SLOTS[number])
            for number, member_id in enumerate(ids["member"])
        ],
    )
    await conn.executemany(
        "INSERT INTO shifts (id, district_id, team_id, during) VALUES ($1, $2, $3, tstzrange($4, $5))",
        [(new_id(), district_id, ids["team"][team], from_, to) for team, from_, to in history.shifts],
    )
    await conn.executemany(
        "INSERT INTO memberships (id, district_id, team_id, member_id, role, during) VALUES ($1, $2, $3, $4, $5, tstzrange($6, $7))",
        [
            (new_id(), district_id, ids["team"][team], ids["member"][member], DEFAULT_SLOTS[member], from_, to)
            for member, team, from_, to in history.memberships
        ],
    )


async def write_task(
    conn: Connection, district_id: UUID, kind_id: UUID, ids: dict[str, list[UUID]], task: TaskThen
) -> None:
    waits = task.status == "pending"
    await conn.execute(
        """
        INSERT INTO tasks (id, district_id, kind_id, channel, earliest, due_at, priority, roles, service_s, max_attempts, created_at,
                           status, closed_at, waiting_reason, plan_at, subject_id)
        VALUES ($1, $2, $3, 'visit', $4, $5, 3, '{}', 60, 3, $6, $7, $8, $9, $10, $11)
        """,
        *(task.id, district_id, kind_id, task.earliest, task.due_at, task.created_at, task.status, task.closed_at),
        *("being_planned" if waits else None, task.created_at if waits else None),
        None if task.subject is None else ids["subject"][task.subject],
    )
    await conn.executemany(
        """
        INSERT INTO assignments (id, district_id, task_id, team_id, members, reason, assigned_at, departed_at, arrived_at, ended_at,
                                 end_reason)
        VALUES ($1, $2, $3, $4, '[]', '{}', $5, $6, $7, $5, 'retry')
        """,
        [
            (stop.id, district_id, task.id, ids["team"][stop.team], task.created_at, stop.departed_at, stop.arrived_at)
            for stop in task.stops
        ],
    )
    await conn.executemany(
        """
        INSERT INTO visits (id, district_id, task_id, team_id, assignment_id, member_id, members, outcome, form_version, needs_review,
                            device_at, corrected_at, received_at, struck_at, struck_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, $10, $10, $11, $12)
        """,
        [
            (
                *(visit.id, district_id, task.id, None if visit.team is None else ids["team"][visit.team]),
                None if visit.stop is None else task.stops[visit.stop].id,
                ids["member"][visit.members[0]],
                [{"member_id": str(ids["member"][member]), "role": "doctor"} for member in visit.members],
                *(visit.outcome, visit.flags, visit.at),
                *((visit.at, ids["member"][0]) if visit.struck else (None, None)),
            )
            for visit in task.visits
        ],
    )
    await conn.executemany(
        "INSERT INTO events (district_id, at, name, task_id, data) VALUES ($1, $2, $3, $4, $5)",
        [(district_id, at, name, task.id, data) for at, name, data in task.events],
    )


async def write_plan(
    conn: Connection,
    district_id: UUID,
    kind_id: UUID,
    ids: dict[str, list[UUID]],
    plan: Plan,
    tasks: Sequence[TaskThen],
) -> None:
    plan_id = new_id()
    await conn.execute(
        """
        INSERT INTO follow_ups (id, district_id, subject_id, status, first_day, last_day, lines, since, over_at, started_at, ended_at)
        VALUES ($1, $2, $3, 'completed', $4, $5, '[]', $6, $6, $6, $7)
        """,
        *(plan_id, district_id, ids["subject"][plan.subject], plan.first_day, plan.last_day),
        *(plan.started_at, plan.ended_at),
    )
    await conn.executemany(
        """
        INSERT INTO follow_up_occurrences (id, district_id, follow_up_id, kind_id, day, on_day, minute, opens_at, due_at, ends_at, task_id,
                                           made_at, missed_at, withdrawn_at)
        VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8, $8, $9, $10, $11, $12)
        """,
        [
            (
                *(new_id(), district_id, plan_id, kind_id, on_day, minute),
                *(plan.started_at, plan.started_at + MINUTE, None if task is None else tasks[task].id),
                *(None if task is None else plan.started_at, plan.started_at if missed else None),
                plan.started_at if withdrawn else None,
            )
            for minute, (on_day, task, missed, withdrawn) in enumerate(plan.occurrences)
        ],
    )
