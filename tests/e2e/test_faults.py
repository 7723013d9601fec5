"""Kill everything, again and again, under traffic: nothing answered is lost, nothing is done twice, no event is missed.

`--long` runs the long version: 500 tasks and Redis away for three minutes.
"""

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import aiohttp
import pytest

from shared.domain.alarm import AlarmRule
from shared.domain.words import AlarmCode, AlarmLevel, Permission
from shared.store import alarm_rules
from shared.store.connection import Connection, connect
from shared.store.migrate import migrate
from tests.calls import make_actor, make_token
from tests.city import City, assert_consistent, make_city
from tests.e2e.system import System
from tests.e2e.traffic import Client, Listener, Phone, follow_up_people, post_tasks


@dataclass(frozen=True, kw_only=True)
class Storm:
    """How often what is hit. Faults come one after the other, in an order drawn by the seed; Redis stays away once, beside the others."""

    seed: int
    tasks: int
    people: int  # under follow-up
    posting_s: float
    workers_killed: int
    redis_flushed: int
    redis_killed: int
    redis_away_s: float
    postgres_restarted: int
    dispatcher_killed: int


SHORT = Storm(
    seed=7,
    tasks=120,
    people=24,
    posting_s=14,
    workers_killed=2,
    redis_flushed=2,
    redis_killed=1,
    redis_away_s=5,
    postgres_restarted=1,
    dispatcher_killed=1,
)
LONG = Storm(
    seed=11,
    tasks=500,
    people=120,
    posting_s=240,
    workers_killed=5,
    redis_flushed=5,
    redis_killed=3,
    redis_away_s=180,
    postgres_restarted=2,
    dispatcher_killed=2,
)


SETTLES_WITHIN_S = 60
AHEAD_S = 3600
"""How long before they open tasks of plans are made: of each, something due now and something due next."""
UNACCEPTED = AlarmRule(
    what=AlarmCode.UNACCEPTED,
    after_s=1,
    first=AlarmLevel.TEAM,
    escalate_after_s={AlarmLevel.TEAM: 2, AlarmLevel.COORDINATOR: 2},
)


@pytest.fixture
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    folder = Path(tmp_path_factory.mktemp("storm"))
    built = System(folder, workers=2)
    try:
        built.start_servers()
        yield built
    finally:
        built.stop()


class Chaos:
    """The faults, and the supervisor that starts again what was killed."""

    def __init__(self, system: System, storm: Storm) -> None:
        self._system = system
        self._storm = storm
        self._chance = random.Random(storm.seed)
        self._redis_is_away = False
        self._workers_killed = 0
        self._postgres_restarted = 0

    async def rage(self) -> None:
        """All the faults, spread over the time of the posting."""
        storm = self._storm
        faults: list[Callable[[], None]] = [
            *[self._kill_worker] * storm.workers_killed,
            *[self._flush_redis] * storm.redis_flushed,
            *[self._kill_redis] * storm.redis_killed,
            *[self._restart_postgres] * storm.postgres_restarted,
            *[self._kill_dispatcher] * storm.dispatcher_killed,
        ]
        self._chance.shuffle(faults)
        # What hits Redis comes before it stays away.
        on_redis = [fault for fault in faults if fault in (self._flush_redis, self._kill_redis)]
        others = [fault for fault in faults if fault not in on_redis]
        meanwhile = others[len(others) // 2 :]
        before = on_redis + others[: len(others) // 2]
        self._chance.shuffle(before)
        pause_s = max(0.2, (storm.posting_s - storm.redis_away_s) / (len(before) + 1))
        for fault in before:
            await asyncio.sleep(pause_s * self._chance.uniform(0.4, 1))
            await asyncio.to_thread(fault)
        await self._without_redis(meanwhile)

    async def _without_redis(self, faults: Sequence[Callable[[], None]]) -> None:
        await asyncio.to_thread(self._system.valkey.kill)
        back_at = time.monotonic() + self._storm.redis_away_s
        for number, fault in enumerate(faults):
            await asyncio.sleep(max(0.2, (back_at - time.monotonic()) / (len(faults) - number + 1)))
            await asyncio.to_thread(fault)
        await asyncio.sleep(max(0.0, back_at - time.monotonic()))
        await asyncio.to_thread(self._system.valkey.start)

    def _kill_worker(self) -> None:
        worker = self._system.workers[self._workers_killed % len(self._system.workers)]
        self._workers_killed += 1
        worker.kill()
        worker.start()

    def _flush_redis(self) -> None:
        self._system.valkey.command("FLUSHALL")

    def _kill_redis(self) -> None:
        self._system.valkey.kill()
        self._system.valkey.start()

    def _restart_postgres(self) -> None:
        """The first time as by kill -9, then in order."""
        self._postgres_restarted += 1
        if self._postgres_restarted == 1:
            self._system.postgres.kill()
        else:
            self._system.postgres.stop()
        self._system.postgres.start()

    def _kill_dispatcher(self) -> None:
        self._system.dispatcher.kill()
        self._system.dispatcher.start()


async def weather(system: System, storm: Storm) -> None:
    """Traffic under the storm, then the account of it."""
    async with connect(system.postgres.url(), application_name="test") as conn:
        await migrate(system.postgres.url())
        city = await make_city(
            conn, teams=5, hours=20, max_visits_per_shift=1000, freeze_s=0, follow_up_ahead_s=AHEAD_S
        )
        await alarm_rules.insert_rules(conn, city.district_id, [UNACCEPTED])
        program = await make_actor(conn, Permission.INTEGRATION, (city.district_id,))
        ear = await make_actor(conn, Permission.COORDINATOR, (city.district_id,))
        leaders = [await make_token(conn, member_id=member_id) for member_id in city.member_ids[::3]]
    await asyncio.to_thread(system.start_services)
    async with aiohttp.ClientSession() as session:
        listener = Listener(Client(session, system.url, ear))
        phones = [
            Phone(Client(session, system.url, token), random.Random(number)) for number, token in enumerate(leaders)
        ]
        listening = asyncio.create_task(listener.listen())
        await asyncio.wait_for(listener.listening.wait(), SETTLES_WITHIN_S)
        walking = [asyncio.create_task(phone.walk()) for phone in phones]
        raging = asyncio.create_task(Chaos(system, storm).rage())
        following = asyncio.create_task(
            follow_up_people(
                Client(session, system.url, program),
                storm.people,
                every_s=storm.posting_s / storm.people,
                chance=random.Random(storm.seed),
            )
        )
        answered = await _post_all(Client(session, system.url, program), storm)
        going_on, ended = await following
        await raging
        for walk in walking:
            walk.cancel()
        for result in await asyncio.gather(*walking, return_exceptions=True):
            assert isinstance(result, asyncio.CancelledError), result
        async with connect(system.postgres.url(), application_name="test") as conn:
            await _until_every_occurrence_has_its_task(conn)
            await _until_nothing_is_being_planned(conn, system)
            await _until_every_level_is_told(conn)
            for worker in system.workers:
                await asyncio.to_thread(worker.stop)
            assert await conn.fetchval("SELECT number FROM rounds") >= storm.posting_s / 4, "rounds went on meanwhile"
            await _nothing_is_lost_or_doubled(conn, city, answered, storm)
            await _every_plan_was_kept(conn, going_on, ended)
            await _every_level_was_told_once(conn)
            await _every_visit_counts_once(conn, phones)
            await _no_event_was_missed(conn, listener)
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
    assert listener.connections > storm.dispatcher_killed


async def _post_all(client: Client, storm: Storm) -> set[UUID]:
    posters = 4
    refs = [f"task-{number}" for number in range(storm.tasks)]
    every_s = storm.posting_s * posters / storm.tasks
    shares = await asyncio.gather(
        *(
            post_tasks(client, refs[number::posters], every_s=every_s, chance=random.Random(number))
            for number in range(posters)
        )
    )
    return set().union(*shares)


async def _until_nothing_is_being_planned(conn: Connection, system: System) -> None:
    deadline = time.monotonic() + SETTLES_WITHIN_S
    while pending := await conn.fetch("SELECT id, waiting_reason, plan_at FROM tasks WHERE status = 'pending'"):
        assert time.monotonic() < deadline, f"{pending}\n{system.log_of('worker-1')}\n{system.log_of('worker-2')}"
        await asyncio.sleep(0.1)


async def _nothing_is_lost_or_doubled(conn: Connection, city: City, answered: set[UUID], storm: Storm) -> None:
    posted = await conn.fetch(
        "SELECT id, status FROM tasks WHERE id NOT IN (SELECT task_id FROM follow_up_occurrences WHERE task_id IS NOT NULL)"
    )
    stored = {row["id"]: row["status"] for row in posted}
    assert len(answered) == storm.tasks
    assert answered == set(stored), "each ref is one task, and none that was answered is lost"
    assert set(stored.values()) <= {"assigned", "accepted", "in_progress", "completed"}
    await assert_consistent(conn)


async def _until_every_occurrence_has_its_task(conn: Connection) -> None:
    deadline = time.monotonic() + SETTLES_WITHIN_S
    while waiting := await conn.fetchval(
        "SELECT count(*) FROM follow_up_occurrences WHERE made_at IS NULL AND opens_at <= now() + make_interval(secs => $1)",
        AHEAD_S,
    ):
        assert time.monotonic() < deadline, f"{waiting} occurrences have no task"
        await asyncio.sleep(0.1)


async def _until_every_level_is_told(conn: Connection) -> None:
    """Of the task that is next for a team, and not accepted: teams stand still by now, so none will be."""
    deadline = time.monotonic() + SETTLES_WITHIN_S
    while untold := await conn.fetchval(
        """
        SELECT count(*) FROM routes r JOIN tasks t ON t.id = r.task_ids[1]
         WHERE t.status = 'assigned' AND t.earliest <= now() AND NOT EXISTS (
               SELECT FROM alarms a WHERE a.task_id = t.id AND a.what = 'unaccepted' AND a.level = 'lead' AND a.cleared_at IS NULL)
        """
    ):
        assert time.monotonic() < deadline, f"of {untold} tasks the lead was not told"
        await asyncio.sleep(0.2)


async def _every_plan_was_kept(conn: Connection, going_on: set[UUID], ended: set[UUID]) -> None:
    plans = {row["id"]: row["ended_at"] for row in await conn.fetch("SELECT id, ended_at FROM follow_ups")}
    assert {one for one, ended_at in plans.items() if ended_at is None} == going_on
    assert {one for one, ended_at in plans.items() if ended_at is not None} == ended
    made = await conn.fetch(
        """
        SELECT f.id, count(*) AS tasks, count(DISTINCT t.earliest) AS times,
               count(*) FILTER (WHERE t.status IN ('pending', 'assigned')) AS idle
          FROM follow_ups f JOIN follow_up_occurrences o ON o.follow_up_id = f.id JOIN tasks t ON t.id = o.task_id
         GROUP BY f.id
        """
    )
    assert {row["id"] for row in made} == going_on | ended, "each has something due"
    assert all(row["tasks"] == row["times"] for row in made), "none has a task twice"
    assert not [row for row in made if row["id"] in ended and row["idle"]], "the end leaves nothing to be done"
    by_plan = await conn.fetchval("SELECT count(*) FROM tasks WHERE subject_id IS NOT NULL")
    assert by_plan == sum(row["tasks"] for row in made), "no task of a plan is without its occurrence"


async def _every_level_was_told_once(conn: Connection) -> None:
    told = await conn.fetch(
        "SELECT data ->> 'alarm_id' AS alarm, data ->> 'level' AS level, count(*) FROM events WHERE name = 'alarm.raised' GROUP BY 1, 2"
    )
    assert told, "teams left something unaccepted"
    assert all(row["count"] == 1 for row in told)
    assert len(told) == await conn.fetchval("SELECT count(*) FROM alarm_levels")


async def _every_visit_counts_once(conn: Connection, phones: Sequence[Phone]) -> None:
    sent = [visit_id for phone in phones for visit_id in phone.visited]
    kept = [row["id"] for row in await conn.fetch("SELECT id FROM visits")]
    assert sent, "the phones were at some doors"
    assert sorted(kept) == sorted(sent)
    counted = await conn.fetchval("SELECT count(*) FROM tasks WHERE status = 'completed'")
    first = "SELECT count(DISTINCT task_id) FROM visits WHERE 'task_was_closed' <> ALL(needs_review)"
    assert counted == await conn.fetchval(first), "what was withdrawn before stays so"


async def _no_event_was_missed(conn: Connection, listener: Listener) -> None:
    tx, event_id = map(int, listener.begins_at.split("-"))
    rows = await conn.fetch("SELECT tx, id FROM events WHERE (tx, id) > ($1, $2) ORDER BY tx, id", tx, event_id)
    written = [f"{row['tx']}-{row['id']}" for row in rows]
    deadline = time.monotonic() + SETTLES_WITHIN_S
    while len(listener.heard) < len(written):
        assert time.monotonic() < deadline, f"missed: {set(written) - set(listener.heard)}"
        await asyncio.sleep(0.1)
    assert listener.heard == written, "each once, in order"


@pytest.mark.timeout(480)
async def test_nothing_is_lost_in_a_short_storm(system: System) -> None:
    await weather(system, SHORT)


@pytest.mark.slow
@pytest.mark.timeout(1200)
async def test_nothing_is_lost_in_a_long_storm(system: System) -> None:
    await weather(system, LONG)
