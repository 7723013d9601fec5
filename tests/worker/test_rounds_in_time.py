"""Rounds keep to their time: they are skipped, never piled up; what hangs is ended; no district has another's trouble."""

import asyncio
import os
import signal
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from services.worker import improver as improving
from services.worker.app import working
from services.worker.improver import Improver
from services.worker.metrics import Metrics
from services.worker.planner.problem import Problem
from services.worker.round_process import Order, RoundProcess
from shared.domain.clock import utc_now
from shared.operations.improving import load_round
from shared.queue import Nudger
from shared.settings import Settings
from shared.store import rounds
from shared.store.connection import Connection, Pool
from tests.city import City, assert_consistent, make_city, post
from tests.phones import give
from tests.worker.conftest import LIMIT_S

MakeImprover = Callable[..., Improver]


@pytest.fixture
async def make_improver(settings: Settings, pool: Pool) -> AsyncIterator[MakeImprover]:
    """An improver as of a worker of its own; its settings by name."""
    nudger = Nudger(settings.redis_url.get_secret_value(), timeout_s=1)
    made: list[Improver] = []

    def make(**changed: float) -> Improver:
        made.append(Improver(settings.model_copy(update=changed), pool, nudger, Metrics()))
        return made[-1]

    yield make
    for improver in made:
        await improver.close()
    await nudger.close()


@asynccontextmanager
async def running(*improvers: Improver) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(improver.run()) for improver in improvers]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def walking(conn: Connection, *, teams: int = 2, count: int = 8) -> City:
    city = await make_city(conn, teams=teams, freeze_s=0)
    task_ids = await post(conn, city, count, seed=2)
    for number, team_id in enumerate(city.team_ids):
        await give(conn, city, team_id, task_ids[number::teams])
    return city


async def wish_after_every_round(conn: Connection) -> None:
    """Note each claim and each end, and have every end followed by another wish."""
    await conn.execute(
        """
        CREATE TABLE noted (id bigserial, district_id uuid, number bigint, begun_at timestamptz, ended_at timestamptz);
        CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO noted (district_id, number, begun_at, ended_at) VALUES (NEW.district_id, NEW.number, NEW.begun_at, NEW.ended_at);
            IF NEW.ended_at IS NOT NULL THEN
                INSERT INTO round_wishes VALUES (NEW.district_id, NEW.ended_at);
            END IF;
            RETURN NULL;
        END $$;
        CREATE TRIGGER note AFTER INSERT OR UPDATE ON rounds FOR EACH ROW EXECUTE FUNCTION note();
        """
    )


async def rounds_of(conn: Connection, city: City) -> int:
    """How many rounds of the district have ended."""
    ended: int = await conn.fetchval("SELECT count(ended_at) FROM noted WHERE district_id = $1", city.district_id)
    return ended


def passed_over(rows: Sequence[Any]) -> list[tuple[UUID, UUID]]:
    """Who had a second round while who had none and none under way, from what was noted in its order."""
    found = []
    begun: dict[UUID, int] = {}
    for at, row in enumerate(rows):
        mine = row["district_id"]
        if row["ended_at"] is not None:
            continue
        since = begun.get(mine)
        begun[mine] = at
        for other in {each["district_id"] for each in rows} - {mine}:
            if since is None or any(each["district_id"] == other for each in rows[since:at]):
                continue
            before = [each for each in rows[:since] if each["district_id"] == other]
            if not before or before[-1]["ended_at"] is not None:
                found.append((mine, other))
    return found


async def test_overloaded_workers_skip_rounds_in_turns_and_pile_none_up(
    conn: Connection, make_improver: MakeImprover, eventually: Any
) -> None:
    """Five districts want a round every tenth of a second, which is more than two workers can do."""
    cities = [await walking(conn) for _ in range(5)]
    await wish_after_every_round(conn)

    async def each_had_three() -> bool:
        return min([await rounds_of(conn, city) for city in cities]) >= 3

    two = [make_improver(improve_haste_s=0.1, improve_part_s=0.05) for _ in range(2)]
    async with running(*two):
        await eventually(each_had_three)
    rows = await conn.fetch("SELECT * FROM noted ORDER BY id")
    noted: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        noted[row["district_id"]].append(row)
    for of_one in noted.values():
        for one, next_ in pairwise(of_one):
            assert (one["ended_at"] is None) != (next_["ended_at"] is None), (
                "a round begins when the last one has ended"
            )
    assert passed_over(rows) == [], "each in its turn"
    await assert_consistent(conn)


async def test_two_workers_claim_two_districts_at_the_same_moment(conn: Connection, pool: Pool) -> None:
    cities = [await walking(conn) for _ in range(2)]
    claimed = set()
    async with pool.acquire() as one, pool.acquire() as other, one.transaction(), other.transaction():
        for worker in (one, other):
            await worker.execute("SET LOCAL lock_timeout = '1s'")
            row = await rounds.claim_round(worker, utc_now(), period=timedelta(minutes=5), haste=timedelta(minutes=1))
            assert row is not None
            claimed.add(row["district_id"])
    assert claimed == {city.district_id for city in cities}


async def test_a_district_in_which_every_round_fails_keeps_no_other_from_its_rounds(
    conn: Connection, make_improver: MakeImprover, eventually: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(improving, "_PAUSE_AFTER_TROUBLE_S", 0.05)
    troubled, calm = await walking(conn), await walking(conn)
    await wish_after_every_round(conn)
    await conn.execute("UPDATE districts SET settings = '{\"walk_kmh\": 0}' WHERE id = $1", troubled.district_id)

    async def is_improved() -> bool:
        return await rounds_of(conn, calm) >= 3

    async with running(make_improver(improve_period_s=3, improve_haste_s=0.05, improve_part_s=0.05)):
        await eventually(is_improved)
    assert await rounds_of(conn, troubled) == 0
    assert await conn.fetchval("SELECT number FROM rounds WHERE district_id = $1", troubled.district_id) > 0


async def test_a_round_that_hangs_is_ended_after_its_period_and_the_next_one_works(
    conn: Connection, make_improver: MakeImprover, eventually: Any
) -> None:
    city = await walking(conn)
    patient, hasty = make_improver(), make_improver(improve_period_s=1)
    await patient.improve(city.district_id, 1)
    assert hasty.solver_pid is None
    hasty._process, patient._process = patient._process, hasty._process  # started by now, whatever the machine's load
    pid = hasty.solver_pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(TimeoutError):
        await hasty.improve(city.district_id, 2)

    async def is_gone() -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        return False

    await eventually(is_gone)
    await patient.improve(city.district_id, 3)
    await assert_consistent(conn)


async def problem_of(conn: Connection, city: City) -> Problem:
    situation = await load_round(conn, city.district_id, utc_now(), most=100)
    return Problem(
        now=situation.now,
        district_id=city.district_id,
        settings=situation.district.settings,
        teams=situation.teams,
        pending=situation.pending,
    )


async def test_a_solver_ends_itself_when_it_takes_too_long_so_that_none_outlives_its_worker(conn: Connection) -> None:
    problem = await problem_of(conn, await walking(conn))
    process = RoundProcess()
    await process.start()
    with pytest.raises(asyncio.IncompleteReadError):
        await process.plan(Order(problem=problem, number=1, part_s=60, parts_s=60, limit_s=0.2))
    await process.start()
    answer = await process.plan(Order(problem=problem, number=1, part_s=0.05, parts_s=60, limit_s=60))
    assert answer.plan is not None
    await process.close()


async def test_all_parts_together_keep_to_their_time(conn: Connection) -> None:
    """Twelve teams are two parts: each would take a minute."""
    problem = await problem_of(conn, await walking(conn, teams=12, count=36))
    process = RoundProcess()
    await process.start()
    answer = await process.plan(Order(problem=problem, number=1, part_s=60, parts_s=0.4, limit_s=30))
    assert answer.plan is not None
    await process.close()


async def test_a_solver_that_was_killed_between_rounds_costs_none(
    conn: Connection, make_improver: MakeImprover, eventually: Any
) -> None:
    city = await walking(conn)
    improver = make_improver()
    await improver.improve(city.district_id, 1)
    pid = improver.solver_pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)

    async def is_noticed() -> bool:
        await asyncio.sleep(0)
        return improver.solver_pid is None

    await eventually(is_noticed)
    await improver.improve(city.district_id, 2)
    assert await conn.fetchval("SELECT count(*) FROM rounds") == 0, "neither was claimed"
    await assert_consistent(conn)


async def test_tasks_are_placed_while_a_round_goes_on_there_and_elsewhere(
    settings: Settings, conn: Connection, eventually: Any
) -> None:
    busy, other = await walking(conn), await make_city(conn)
    # The round would go on for longer than anything is waited for.
    async with working(
        settings.model_copy(update={"improve_part_s": 10.0 * LIMIT_S, "improve_period_s": 100.0 * LIMIT_S})
    ):

        async def is_at_it() -> bool:
            return await conn.fetchval("SELECT true FROM rounds WHERE district_id = $1", busy.district_id) is True

        await eventually(is_at_it)
        task_ids = [*await post(conn, busy, 5, seed=3), *await post(conn, other, 5, seed=4)]

        async def are_placed() -> bool:
            return (
                await conn.fetchval("SELECT count(*) FROM tasks WHERE id = ANY($1) AND team_id IS NULL", task_ids) == 0
            )

        await eventually(are_placed)
        assert await conn.fetchval("SELECT ended_at FROM rounds WHERE district_id = $1", busy.district_id) is None
    await assert_consistent(conn)
