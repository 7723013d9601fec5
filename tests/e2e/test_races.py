"""Races, each in two halves: the first has written and not committed, the second has begun and waits, then the first commits."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import asyncpg
import pytest

from services.worker.placing import _problem
from services.worker.planner.place import place
from services.worker.travel.great_circle import GreatCircle
from shared.domain.clock import utc_now
from shared.domain.errors import SlotFilled
from shared.domain.ids import new_id
from shared.domain.reports import Accept, Report
from shared.domain.words import Duty
from shared.operations import by_hand
from shared.operations.members import set_duty
from shared.operations.planning import Applied, NewWalk, Situation, apply_plan, load_situation
from shared.operations.reports import take_report
from shared.operations.rosters import Seat, add_substitute, set_roster
from shared.operations.shifts import change_shift
from shared.store import events, tasks
from shared.store.connection import Connection, Pool, connect
from tests.city import City, add_member, assert_consistent, make_city, post

T = TypeVar("T")
Half = Callable[[Connection], Awaitable[T]]
InTwoHalves = Callable[[Half[Any], Half[T]], Coroutine[Any, Any, T]]


@pytest.fixture
async def in_two_halves(database: str) -> AsyncIterator[InTwoHalves[Any]]:
    """`await in_two_halves(first, second)`: what `second` gives or raises, having met the locks of `first` for certain."""

    async with (
        connect(database, application_name="first") as one,
        connect(database, application_name="second") as two,
        connect(database, application_name="watch") as watch,
    ):

        async def run(first: Half[Any], second: Half[T]) -> T:
            async with one.transaction():
                await first(one)
                other = asyncio.ensure_future(second(two))
                await _until_it_waits(watch, two.get_server_pid(), other)
            return await other

        yield run


async def _until_it_waits(watch: Connection, pid: int, other: "asyncio.Future[Any]") -> None:
    deadline = time.monotonic() + 60
    while await watch.fetchval("SELECT wait_event_type FROM pg_stat_activity WHERE pid = $1", pid) != "Lock":
        assert not other.done(), f"the second half met no lock: {other}"
        assert time.monotonic() < deadline, "the second half met no lock"
        await asyncio.sleep(0.01)


async def apply(conn: Connection, situation: Situation) -> Applied:
    """Plan from what was loaded before, and apply."""
    plan = place(_problem(situation), GreatCircle)
    assert plan.placements or not situation.pending
    teams = {team.team_id: team for team in situation.teams}
    return await apply_plan(
        conn,
        situation.district.id,
        walks=[
            NewWalk(team=teams[team_id], works=[step.work for step in route]) for team_id, route in plan.routes.items()
        ],
        reasons={task_id: placement.reason for task_id, placement in plan.placements.items()},
        waiting=plan.waiting,
        planned_at=situation.read_at,
        now=utc_now(),
    )


async def load(conn: Connection, city: City, *task_ids: UUID) -> Situation:
    """What a placer starts from that sees these tasks only; all where none is named."""
    situation = await load_situation(conn, city.district_id, utc_now(), most=500)
    if not task_ids:
        return situation
    return replace(situation, pending=tuple(work for work in situation.pending if work.task_id in task_ids))


async def status(conn: Connection, task_id: UUID) -> str:
    found: str = await conn.fetchval("SELECT status FROM tasks WHERE id = $1", task_id)
    return found


async def held_by_plan(conn: Connection, city: City, count: int = 1) -> list[UUID]:
    """That many tasks, assigned by the placer."""
    task_ids = await post(conn, city, count)
    assert await apply(conn, await load(conn, city)) == Applied(placed=count, overtaken=0)
    return task_ids


def cancelling(city: City, task_id: UUID) -> Half[Any]:
    return lambda c: by_hand.cancel(c, city.district_id, [task_id], reason="moved away", now=utc_now(), account_id=None)


def releasing(city: City, task_id: UUID) -> Half[Any]:
    return lambda c: by_hand.release(c, city.district_id, [task_id], now=utc_now(), account_id=None)


def pinning(team_id: UUID, task_id: UUID) -> Half[Any]:
    return lambda c: by_hand.assign(c, team_id, [task_id], force=False, preview=False, now=utc_now(), account_id=None)


def leaving(city: City) -> Half[Any]:
    """The first team's grid worker goes off duty."""
    return lambda c: set_duty(c, city.member_ids[0], Duty.OFF, utc_now())


def shortening(shift_id: UUID) -> Half[Any]:
    """The shift ends in a minute."""

    def shorten(c: Connection) -> Awaitable[Any]:
        now = utc_now()
        return change_shift(c, shift_id, {"ends_at": now + timedelta(minutes=1)}, now=now, account_id=None)

    return shorten


def accepting(city: City, task_id: UUID) -> Half[str]:
    now = utc_now()
    report = Report(
        id=new_id(),
        member_id=city.member_ids[0],
        district_id=city.district_id,
        role="grid_worker",
        kind="accept",
        said=Accept(task_ids=(task_id,)),
        body={},
        body_hash=b"",
        device_at=now,
        corrected_at=now,
        received_at=now,
    )

    async def accept(conn: Connection) -> str:
        @asynccontextmanager
        async def same() -> AsyncIterator[Connection]:
            yield conn

        answer, _ = await take_report(
            same, report, lambda _, answer: {"status": answer.status, "error": type(answer.error).__name__}
        )
        return f"{answer['status']} {answer['error']}"

    return accept


async def test_two_placers_with_different_tasks_for_one_team(
    conn: Connection, in_two_halves: InTwoHalves[Applied]
) -> None:
    city = await make_city(conn, teams=1)
    one, two = await post(conn, city, 2)
    for_one, for_two = await load(conn, city, one), await load(conn, city, two)
    late = await in_two_halves(lambda c: apply(c, for_one), lambda c: apply(c, for_two))
    assert late == Applied(placed=0, overtaken=1)
    assert (await status(conn, one), await status(conn, two)) == ("assigned", "pending")
    assert [task.id for task in await tasks.select_due_for_planning(conn, city.district_id, utc_now(), 9)] == [two]
    assert await apply(conn, await load(conn, city)) == Applied(placed=1, overtaken=0)
    await assert_consistent(conn)


async def test_two_placers_with_the_same_task(conn: Connection, in_two_halves: InTwoHalves[Applied]) -> None:
    city = await make_city(conn, teams=1)
    await post(conn, city)
    both = await load(conn, city)
    assert await in_two_halves(lambda c: apply(c, both), lambda c: apply(c, both)) == Applied(placed=0, overtaken=1)
    assert await conn.fetchval("SELECT count(*) FROM assignments") == 1
    await assert_consistent(conn)


async def test_two_placers_with_the_same_task_and_different_teams(
    conn: Connection, in_two_halves: InTwoHalves[Applied]
) -> None:
    city = await make_city(conn, teams=2)
    await post(conn, city)
    loaded = await load(conn, city)
    one, two = (replace(loaded, teams=(team,)) for team in loaded.teams)
    assert await in_two_halves(lambda c: apply(c, one), lambda c: apply(c, two)) == Applied(placed=0, overtaken=1)
    assert await conn.fetchval("SELECT count(*) FROM assignments") == 1
    await assert_consistent(conn)


async def test_the_database_itself_refuses_a_second_live_assignment(conn: Connection) -> None:
    city = await make_city(conn, teams=2)
    (task_id,) = await held_by_plan(conn, city)
    with pytest.raises(asyncpg.UniqueViolationError, match="assignments_one_live_per_task"):
        await conn.execute(
            """
            INSERT INTO assignments (id, district_id, task_id, team_id, members, reason, assigned_at)
            SELECT gen_random_uuid(), district_id, task_id, team_id, members, reason, now() FROM assignments WHERE task_id = $1
            """,
            task_id,
        )


async def test_a_task_cancelled_while_it_is_planned_is_not_assigned(
    conn: Connection, in_two_halves: InTwoHalves[Applied]
) -> None:
    city = await make_city(conn)
    (task_id,) = await post(conn, city)
    planned = await load(conn, city)
    assert await in_two_halves(cancelling(city, task_id), lambda c: apply(c, planned)) == Applied(placed=0, overtaken=1)
    assert await status(conn, task_id) == "cancelled"
    assert await conn.fetchval("SELECT count(*) FROM assignments") == 0
    await assert_consistent(conn)


async def test_a_task_assigned_while_it_is_cancelled_leaves_the_route_again(
    conn: Connection, in_two_halves: InTwoHalves[Any]
) -> None:
    city = await make_city(conn)
    task_id, other = await post(conn, city, 2)
    planned = await load(conn, city)
    await in_two_halves(lambda c: apply(c, planned), cancelling(city, task_id))
    assert (await status(conn, task_id), await status(conn, other)) == ("cancelled", "assigned")
    await assert_consistent(conn)


async def test_a_task_edited_while_it_is_planned_is_planned_again(
    conn: Connection, in_two_halves: InTwoHalves[Applied]
) -> None:
    city = await make_city(conn)
    (task_id,) = await post(conn, city)
    planned = await load(conn, city)

    async def edit(c: Connection) -> None:
        await c.execute("UPDATE tasks SET service_s = service_s + 600 WHERE id = $1", task_id)

    assert await in_two_halves(edit, lambda c: apply(c, planned)) == Applied(placed=0, overtaken=1)
    assert await apply(conn, await load(conn, city)) == Applied(placed=1, overtaken=0)
    await assert_consistent(conn)


async def test_a_team_that_accepts_what_is_being_released_hears_that_it_is_gone(
    conn: Connection, in_two_halves: InTwoHalves[str]
) -> None:
    city = await make_city(conn, teams=1)
    (task_id,) = await held_by_plan(conn, city)
    assert await in_two_halves(releasing(city, task_id), accepting(city, task_id)) == "refused NotYourTask"
    assert await status(conn, task_id) == "pending"
    await assert_consistent(conn)


async def test_a_coordinator_takes_back_even_what_was_accepted_a_moment_before(
    conn: Connection, in_two_halves: InTwoHalves[Any]
) -> None:
    city = await make_city(conn, teams=1)
    (task_id,) = await held_by_plan(conn, city)
    await in_two_halves(accepting(city, task_id), releasing(city, task_id))
    assert await status(conn, task_id) == "pending"
    ended = await conn.fetchrow("SELECT accepted_at, end_reason FROM assignments WHERE task_id = $1", task_id)
    assert ended["accepted_at"] is not None
    assert ended["end_reason"] == "released"
    await assert_consistent(conn)


async def test_what_a_team_accepted_a_moment_before_stays_when_a_member_leaves(
    conn: Connection, in_two_halves: InTwoHalves[Any]
) -> None:
    city = await make_city(conn, teams=1)
    accepted, other = await held_by_plan(conn, city, 2)
    await in_two_halves(accepting(city, accepted), leaving(city))
    assert (await status(conn, accepted), await status(conn, other)) == ("accepted", "pending")
    await assert_consistent(conn)


async def test_a_task_pinned_by_hand_while_it_is_planned_stays_where_the_person_put_it(
    conn: Connection, in_two_halves: InTwoHalves[Applied]
) -> None:
    city = await make_city(conn, teams=2)
    (task_id,) = await post(conn, city)
    planned = await load(conn, city)
    choice = place(_problem(planned), GreatCircle).placements[task_id].team_id
    (other,) = set(city.team_ids) - {choice}
    assert await in_two_halves(pinning(other, task_id), lambda c: apply(c, planned)) == Applied(placed=0, overtaken=1)
    assert await conn.fetchval("SELECT team_id FROM tasks WHERE id = $1", task_id) == other
    await assert_consistent(conn)


async def test_a_person_who_pins_what_the_placer_just_gave_away_has_the_last_word(
    conn: Connection, in_two_halves: InTwoHalves[Any]
) -> None:
    city = await make_city(conn, teams=2)
    (task_id,) = await post(conn, city)
    planned = await load(conn, city)
    choice = place(_problem(planned), GreatCircle).placements[task_id].team_id
    (other,) = set(city.team_ids) - {choice}
    await in_two_halves(lambda c: apply(c, planned), pinning(other, task_id))
    assert await conn.fetchval("SELECT team_id FROM tasks WHERE id = $1", task_id) == other
    await assert_consistent(conn)


async def test_a_walk_that_grows_while_its_team_accepts_keeps_both(
    conn: Connection, in_two_halves: InTwoHalves[Applied]
) -> None:
    city = await make_city(conn, teams=1)
    (held,) = await held_by_plan(conn, city)
    (new,) = await post(conn, city)
    planned = await load(conn, city)
    await in_two_halves(accepting(city, held), lambda c: apply(c, planned))
    await apply(conn, await load(conn, city))
    assert (await status(conn, held), await status(conn, new)) == ("accepted", "assigned")
    await assert_consistent(conn)


async def test_two_substitutes_for_one_slot_never_fill_it_both(
    conn: Connection, in_two_halves: InTwoHalves[Any]
) -> None:
    city = await make_city(conn, teams=1)
    one, two = [await add_member(conn, city.district_id, "doctor") for _ in range(2)]
    now = utc_now()

    def substituting(member_id: UUID) -> Half[Any]:
        return lambda c: add_substitute(
            c,
            city.team_ids[0],
            Seat(member_id=member_id),
            since=None,
            until=now + timedelta(hours=1),
            now=now,
            account_id=None,
        )

    await in_two_halves(substituting(one), substituting(two))
    there = await conn.fetch(
        "SELECT member_id FROM memberships WHERE role = 'doctor' AND during @> $1::timestamptz",
        now + timedelta(minutes=1),
    )
    assert [row["member_id"] for row in there] == [two], "who came last stands, and alone"


async def test_one_member_wanted_by_two_teams_gets_into_one(conn: Connection, in_two_halves: InTwoHalves[Any]) -> None:
    city = await make_city(conn, teams=2)
    wanted = await add_member(conn, city.district_id, "doctor")
    now = utc_now()

    def taking_on(team_id: UUID) -> Half[Any]:
        return lambda c: set_roster(c, team_id, [Seat(member_id=wanted)], since=None, now=now, account_id=None)

    with pytest.raises(SlotFilled):
        await in_two_halves(taking_on(city.team_ids[0]), taking_on(city.team_ids[1]))
    assert await conn.fetchval("SELECT team_id FROM memberships WHERE member_id = $1", wanted) == city.team_ids[0]


@pytest.mark.parametrize("constraint", ["memberships_one_member_per_slot", "memberships_one_team_per_member"])
async def test_the_database_itself_refuses_two_in_a_slot_and_one_on_two_teams(
    conn: Connection, constraint: str, in_two_halves: InTwoHalves[Any]
) -> None:
    city = await make_city(conn, teams=2)
    await conn.execute("DELETE FROM memberships")
    one, two = [await add_member(conn, city.district_id, "doctor") for _ in range(2)]
    same_slot = constraint == "memberships_one_member_per_slot"

    def inserting(team_id: UUID, member_id: UUID) -> Half[Any]:
        return lambda c: c.execute(
            """
            INSERT INTO memberships (id, district_id, team_id, member_id, role, during)
            VALUES (gen_random_uuid(), $1, $2, $3, 'doctor', tstzrange(now(), NULL))
            """,
            city.district_id,
            team_id,
            member_id,
        )

    first = inserting(city.team_ids[0], one)
    second = inserting(city.team_ids[0], two) if same_slot else inserting(city.team_ids[1], one)
    with pytest.raises(asyncpg.ExclusionViolationError, match=constraint):
        await in_two_halves(first, second)


async def test_a_member_who_goes_off_duty_while_a_plan_counts_on_them(
    conn: Connection, in_two_halves: InTwoHalves[Applied]
) -> None:
    city = await make_city(conn, teams=1)
    (task_id,) = await post(conn, city)
    planned = await load(conn, city)
    assert await in_two_halves(leaving(city), lambda c: apply(c, planned)) == Applied(placed=0, overtaken=1)
    assert await status(conn, task_id) == "pending"
    await assert_consistent(conn)


async def test_a_plan_that_lands_while_a_member_goes_off_duty_is_given_back(
    conn: Connection, in_two_halves: InTwoHalves[Any]
) -> None:
    city = await make_city(conn, teams=1)
    (task_id,) = await post(conn, city)
    planned = await load(conn, city)
    await in_two_halves(lambda c: apply(c, planned), leaving(city))
    assert await status(conn, task_id) == "pending"
    await assert_consistent(conn)


async def test_a_shift_cut_short_while_a_plan_fills_it(conn: Connection, in_two_halves: InTwoHalves[Applied]) -> None:
    city = await make_city(conn, teams=1)
    (task_id,) = await post(conn, city)
    planned = await load(conn, city)
    shift_id = await conn.fetchval("SELECT id FROM shifts")
    assert await in_two_halves(shortening(shift_id), lambda c: apply(c, planned)) == Applied(placed=0, overtaken=1)
    assert await status(conn, task_id) == "pending"


async def test_a_plan_that_lands_while_the_shift_is_cut_short_is_given_back(
    conn: Connection, in_two_halves: InTwoHalves[Any]
) -> None:
    city = await make_city(conn, teams=1)
    (task_id,) = await post(conn, city)
    planned = await load(conn, city)
    shift_id = await conn.fetchval("SELECT id FROM shifts")
    await in_two_halves(lambda c: apply(c, planned), shortening(shift_id))
    assert await status(conn, task_id) == "pending"
    await assert_consistent(conn)


async def test_events_that_commit_in_the_other_order_are_all_read(pool: Pool, conn: Connection) -> None:
    city = await make_city(conn, teams=1)
    start = await events.select_horizon(conn)

    async def write(c: Connection, name: str) -> None:
        await events.insert_events(c, [events.NewEvent(district_id=city.district_id, at=utc_now(), name=name)])

    async def read(after: tuple[int, int]) -> tuple[list[str], tuple[int, int]]:
        rows = await events.select_events(conn, after=after, districts=[city.district_id])
        return [row["name"] for row in rows], (rows[-1]["tx"], rows[-1]["id"]) if rows else after

    async with pool.acquire() as slow, pool.acquire() as quick:
        late = slow.transaction()
        await late.start()
        await write(slow, "test.began_first")
        await write(quick, "test.committed_first")
        seen, position = await read(start)
        assert seen == [], "what could still be overtaken by an earlier number is not shown yet"
        await late.commit()
    deadline = time.monotonic() + 30
    while len(more := (await read(position))[0]) < 2:  # the server's own upkeep holds numbers, too, for a moment
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)
    assert more == ["test.began_first", "test.committed_first"]


async def test_many_placers_and_coordinators_at_once_leave_every_route_whole(pool: Pool, conn: Connection) -> None:
    city = await make_city(conn, teams=3)
    task_ids = await post(conn, city, 60)

    async def place_some(numbers: slice) -> None:
        async with pool.acquire() as c:
            for _ in range(6):
                situation = await load(c, city, *task_ids[numbers])
                if situation.pending:
                    await apply(c, situation)

    async def meddle(number: int) -> None:
        async with pool.acquire() as c:
            await (cancelling if number % 2 else releasing)(city, task_ids[number])(c)

    await asyncio.gather(
        *(place_some(slice(start, start + 20)) for start in (0, 20, 40)), *(meddle(number) for number in range(8))
    )
    await assert_consistent(conn)
