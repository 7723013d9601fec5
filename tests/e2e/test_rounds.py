"""Improve rounds in a running system: while tasks arrive, phones accept and workers die, no accepted task changes its team.

`--long` runs a minute of a dozen tasks a second.
"""

import asyncio
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import aiohttp
import pytest

from shared.domain.words import Permission
from shared.store.connection import Connection, connect
from shared.store.migrate import migrate
from tests.calls import make_actor, make_token
from tests.city import assert_consistent, make_city
from tests.e2e.system import System
from tests.e2e.traffic import Client, Phone, post_tasks

POSTERS = 6
PERIOD_S = 2  # what System sets


@dataclass(frozen=True, kw_only=True)
class Rush:
    """So many tasks of a dozen a second."""

    teams: int
    tasks: int
    rounds: int  # at least
    improved: int = 0  # at least so many routes changed by rounds while tasks arrived: chance may leave a short rush nothing to improve


@pytest.fixture
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    built = System(Path(tmp_path_factory.mktemp("rounds")), workers=2)
    try:
        built.start_servers()
        yield built
    finally:
        built.stop()


async def rush(system: System, rush: Rush) -> None:
    await migrate(system.postgres.url())
    async with connect(system.postgres.url(), application_name="test") as conn:
        city = await make_city(conn, teams=rush.teams, hours=20, max_visits_per_shift=1000, freeze_s=0)
        program = await make_actor(conn, Permission.INTEGRATION, (city.district_id,))
        leaders = [await make_token(conn, member_id=member_id) for member_id in city.member_ids[::3]]
        await asyncio.to_thread(system.start_services)
        async with aiohttp.ClientSession() as session:
            phones = [
                Phone(Client(session, system.url, token), random.Random(number), accepts=3)
                for number, token in enumerate(leaders)
            ]
            walking = [asyncio.create_task(phone.walk()) for phone in phones]
            answered = await post_all(Client(session, system.url, program), rush)
            before_the_last = await conn.fetchval("SELECT number FROM rounds")
            for walk in walking:
                walk.cancel()
            await asyncio.gather(*walking, return_exceptions=True)
            await until_placed(conn, system)
        for worker in system.workers:
            await asyncio.to_thread(worker.stop)
        assert len(answered) == rush.tasks
        assert before_the_last >= rush.rounds, "arrivals starve no rounds"
        assert await improved_meanwhile(conn) >= rush.improved
        await nobody_was_upset(conn)
        await assert_consistent(conn)


async def post_all(client: Client, rush: Rush) -> set[UUID]:
    refs = [f"task-{number}" for number in range(rush.tasks)]
    shares = await asyncio.gather(
        *(
            post_tasks(client, refs[number::POSTERS], every_s=POSTERS / 13, chance=random.Random(number))
            for number in range(POSTERS)
        )
    )
    return set().union(*shares)


async def until_placed(conn: Connection, system: System) -> None:
    deadline = time.monotonic() + 60
    while await conn.fetchval("SELECT count(*) FROM tasks WHERE status = 'pending'"):
        assert time.monotonic() < deadline, system.log_of("worker-1")
        await asyncio.sleep(0.1)


async def improved_meanwhile(conn: Connection) -> int:
    return await conn.fetchval(
        """
        SELECT count(*) FROM events
         WHERE name = 'route.changed' AND data ->> 'why' = 'improved' AND at < (SELECT max(created_at) FROM tasks)
        """
    )


async def nobody_was_upset(conn: Connection) -> None:
    """Tasks were accepted while rounds went on; none of those moved, and no team got two plans at once."""
    accepted = await conn.fetchrow(
        """
        SELECT count(*) AS all, count(*) FILTER (WHERE end_reason NOT IN ('completed', 'visited_by_another')) AS moved
          FROM assignments WHERE accepted_at IS NOT NULL
        """
    )
    assert accepted is not None
    assert accepted["all"] > 0
    assert accepted["moved"] == 0
    twice = await conn.fetch(
        """
        SELECT team_id, data ->> 'version' FROM events WHERE name = 'route.changed'
         GROUP BY team_id, data ->> 'version' HAVING count(*) > 1
        """
    )
    assert not twice, "each version of a route is one plan"


@pytest.mark.timeout(300)
async def test_rounds_go_on_while_tasks_arrive_and_phones_accept(system: System) -> None:
    await rush(system, Rush(teams=5, tasks=130, rounds=2))


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_rounds_go_on_through_a_minute_of_a_dozen_tasks_a_second(system: System) -> None:
    await rush(system, Rush(teams=12, tasks=800, rounds=15, improved=1))


@pytest.mark.timeout(360)
async def test_the_demo_loses_nothing_while_rounds_go_on_and_workers_are_killed(system: System) -> None:
    await migrate(system.postgres.url())
    async with connect(system.postgres.url(), application_name="test") as conn:
        admin = await make_actor(conn, Permission.ADMIN, ())
        await asyncio.to_thread(system.start_services)
        over = asyncio.Event()
        killing = asyncio.create_task(kill_in_turns(system, over))
        try:
            table = await asyncio.to_thread(play_demo, system, admin)
        finally:
            over.set()
            await killing
        assert table["posted"] == table["assigned"] == "80"
        assert table["lost"] == table["assigned twice"] == table["visits lost"] == "0"
        assert await conn.fetchval("SELECT max(number) FROM rounds") > 2
        await assert_consistent(conn)


async def kill_in_turns(system: System, over: asyncio.Event) -> None:
    """One worker is always there; the other one is being killed."""
    number = 0
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), 2.5 * PERIOD_S)
        if over.is_set():
            return
        worker = system.workers[number % len(system.workers)]
        number += 1
        await asyncio.to_thread(worker.kill)
        await asyncio.to_thread(worker.start)


def play_demo(system: System, token: str) -> dict[str, str]:
    """The demo's table, first column → second."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DOORSTEP_")}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "services.cli",
            "demo",
            "--url",
            system.url,
            "--teams",
            "4",
            "--tasks",
            "80",
            "--seed",
            "5",
        ],
        env=kept | {"DOORSTEP_TOKEN": token, "COLUMNS": "120"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {name.strip(): value for name, value in re.findall(r"│ (.+?) +│ (.+?) +│", done.stdout)}
