"""Alarms while workers are killed through the moment: each level of each alarm is told once, in order, however late."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from shared.domain.alarm import AlarmRule
from shared.domain.clock import utc_now
from shared.domain.words import AlarmCode, AlarmLevel
from shared.store import alarm_rules
from shared.store.connection import Connection, connect
from shared.store.migrate import migrate
from tests.city import make_city, post
from tests.e2e.system import System

TASKS = 30
WAIT_S = 4
"""From one level to the next: a little less than between two looks."""
LIMIT_S = 60
LEVELS = [level.value for level in AlarmLevel]


@pytest.fixture
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    built = System(Path(tmp_path_factory.mktemp("alarms")), workers=2)
    try:
        built.start_servers()
        yield built
    finally:
        built.stop()


@pytest.mark.timeout(480)
async def test_workers_killed_through_the_moment_tell_every_level_once(system: System) -> None:
    await migrate(system.postgres.url())
    async with connect(system.postgres.url(), application_name="test") as conn:
        city = await make_city(conn, teams=3)
        escalates = {AlarmLevel.TEAM: WAIT_S, AlarmLevel.COORDINATOR: WAIT_S}
        rule = AlarmRule(what=AlarmCode.OVERDUE, after_s=0, first=AlarmLevel.TEAM, escalate_after_s=escalates)
        await alarm_rules.insert_rules(conn, city.district_id, [rule])
        await asyncio.to_thread(system.start_services)
        await post(conn, city, TASKS)
        await _until(lambda: _all_are_held(conn))
        _kill(system)  # before the moment
        due_at = utc_now() + timedelta(seconds=1)  # now that each has a team to be told
        await conn.execute("UPDATE tasks SET due_at = $1", due_at)
        await _clock_passes(due_at + timedelta(seconds=1))
        _start(system)
        await _until(lambda: _told(conn, "team", at_least=1))
        _kill(system)  # in the middle of telling, and away for two more levels
        await _clock_passes(utc_now() + timedelta(seconds=2 * WAIT_S + 1))
        _start(system)
        await _until(lambda: _told(conn, "coordinator", at_least=1))
        _kill(system)
        _start(system)
        await _until(lambda: _told(conn, "lead", at_least=TASKS))
        rows = await conn.fetch(
            """
            SELECT task_id, array_agg(data ->> 'level' ORDER BY id) AS levels
              FROM events WHERE name = 'alarm.raised' AND data ->> 'what' = 'overdue' GROUP BY task_id
            """
        )
        assert [row["levels"] for row in rows] == [LEVELS] * TASKS
        assert await conn.fetchval("SELECT count(*) FROM alarms WHERE what = 'overdue'") == TASKS


def _kill(system: System) -> None:
    for worker in system.workers:
        worker.kill()


def _start(system: System) -> None:
    for worker in system.workers:
        worker.start()


async def _all_are_held(conn: Connection) -> bool:
    held: int = await conn.fetchval("SELECT count(*) FROM tasks WHERE team_id IS NOT NULL")
    return held == TASKS


async def _told(conn: Connection, level: str, *, at_least: int) -> bool:
    sql = """
        SELECT count(*) FROM alarm_levels l JOIN alarms a ON a.id = l.alarm_id WHERE a.what = 'overdue' AND l.level = $1
    """
    told: int = await conn.fetchval(sql, level)
    return told >= at_least


async def _clock_passes(moment: datetime) -> None:
    await _until(lambda: _is_past(moment))


async def _is_past(moment: datetime) -> bool:
    return utc_now() > moment


async def _until(comes_true: Callable[[], Awaitable[bool]]) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not await comes_true():
        assert time.monotonic() < deadline, "it did not come"
        await asyncio.sleep(0.1)
