"""`doorstep demo`: a district of its own, a day in a minute, a table at the end."""

import asyncio
import random
import secrets
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.commands.asking import api_as
from services.demo.city import City, made_up_city, read_city
from services.demo.client import Api
from services.demo.coordinator import Coordinator
from services.demo.ledger import Ledger
from services.demo.phones import TeamOnTheWay, log_in
from services.demo.setup import Plan, Team, planned_teams, set_up
from services.demo.tally import Tally, table_of, tally
from services.demo.workload import arrivals
from services.errors import CommandError
from shared.domain.clock import utc_now

_DAY_S_PER_TASK = 0.1
_SHORTEST_DAY_S, _LONGEST_DAY_S = 4.0, 60.0
_STALLED_S = 20.0
"""Without any change for so long, nothing can progress."""
_LOOK_EVERY_S = 0.5
_READ_AT_ONCE = 8

# A day plays in a minute: nobody waits on a bell, everybody runs, and there is no cap on visits.
_SETTINGS = {"setup_s": 0, "max_visits_per_shift": None, "walk_kmh": 15.0}


class SomethingLost(CommandError):
    """Something was lost or doubled; the table says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What to play. `keep`: leave the teams on shift and the desk's account open afterwards."""

    city: City
    teams: int
    tasks: int
    seed: int
    keep: bool = False


def run_demo(
    *,
    grids: Path | None,
    households: Path | None,
    teams: int,
    tasks: int,
    seed: int | None,
    url: str | None,
    keep: bool,
) -> None:
    """Play and print the table. Raises CommandError, SomethingLost among them."""
    if (grids is None) != (households is None):
        raise CommandError("Give both --grids and --households, or neither.")
    seed = secrets.randbelow(1_000_000) if seed is None else seed
    city = read_city(grids, households) if grids and households else made_up_city(seed)
    demo = Demo(city=city, teams=teams, tasks=tasks, seed=seed, keep=keep)
    console = Console()
    try:
        found = asyncio.run(_play(demo, console, url))
    except* CommandError as group:  # of the desk or a phone
        raise _first(group) from None
    console.print(table_of(found))
    if not found.is_sound:
        raise SomethingLost


def _first(group: BaseExceptionGroup[Any]) -> BaseException:
    error = group.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error


async def _play(demo: Demo, console: Console, url: str | None) -> Tally:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100)) as session:
        admin = await api_as(session, "admin", url)
        rng = random.Random(f"demo {demo.seed}")  # noqa: S311 - a day, not a secret
        code = f"demo-{secrets.token_hex(3)}"
        now = utc_now()
        plan = Plan(
            code=code,
            name=f"Demo {code}",
            city=demo.city,
            teams=planned_teams(code, demo.city, demo.teams, rng),
            shifts=[(now - timedelta(minutes=1), now + timedelta(hours=8))],
            settings=_SETTINGS,
        )
        console.print(f"District [bold]{code}[/]: {demo.teams} teams, {demo.tasks} tasks, seed {demo.seed}")
        await set_up(admin, plan)
        await _hurry_kinds(admin, code, rng)
        desk = await _open_desk(admin, code)
        ledger = Ledger()
        await _play_day(demo, console, desk, plan, ledger, rng)
        found = tally(ledger, await _read_all(desk, code))
        if not demo.keep:
            await _go_home(admin, plan)
        return found


async def _open_desk(admin: Api, code: str) -> Api:
    """A coordinator of this district alone, logged in."""
    secret = secrets.token_urlsafe(24)
    await admin.post(
        "/v1/accounts", {"name": f"{code}-desk", "secret": secret, "permission": "coordinator", "districts": [code]}
    )
    answer = await admin.send("POST", "/v1/sessions", {"name": f"{code}-desk", "secret": secret})
    return admin.with_token(answer.body["token"])


async def _hurry_kinds(admin: Api, code: str, rng: random.Random) -> None:
    """A visit takes seconds, and another attempt follows at once."""
    async for kind in admin.pages("/v1/kinds", district=code, limit=100):
        hurried = {"retry_elsewhen": False, "service_s": rng.randint(5, 20), "retry_after_s": rng.randint(0, 5)}
        await admin.patch(f"/v1/kinds/{kind['id']}", hurried)


async def _play_day(demo: Demo, console: Console, desk: Api, plan: Plan, ledger: Ledger, rng: random.Random) -> None:
    """Post everything, walk until all of it is closed or nothing moves any more."""
    teams = await asyncio.gather(*(_send_out(desk, plan, team, ledger, rng) for team in plan.teams))
    day_s = min(_LONGEST_DAY_S, max(_SHORTEST_DAY_S, demo.tasks * _DAY_S_PER_TASK))
    coordinator = Coordinator(desk, plan.code, ledger)
    with _progress(console) as progress:
        bar = progress.add_task("doors done", total=demo.tasks)
        async with asyncio.TaskGroup() as group:
            walking = [group.create_task(team.walk()) for team in teams]
            posting = group.create_task(coordinator.post(arrivals(demo.city, demo.tasks, demo.seed), day_s))
            last, moved_at = Counter[str](), time.monotonic()
            while True:
                overview = await desk.get(f"/v1/districts/{plan.id}/overview")
                counts = Counter(overview["open"] | overview["closed_today"])
                if counts != last:
                    last, moved_at = counts, time.monotonic()
                still_open = sum(overview["open"].values())
                progress.update(bar, completed=counts.total() - still_open, total=max(demo.tasks, counts.total()))
                if posting.done() and (still_open == 0 or time.monotonic() - moved_at > _STALLED_S):
                    break
                await asyncio.sleep(_LOOK_EVERY_S)
            for task in walking:
                task.cancel()


async def _send_out(desk: Api, plan: Plan, team: Team, ledger: Ledger, rng: random.Random) -> TeamOnTheWay:
    phones = await asyncio.gather(*(log_in(desk, plan.code, member) for member in team.members))
    return TeamOnTheWay(
        {phone.member.role: phone for phone in phones},
        ledger,
        random.Random(rng.random()),  # noqa: S311 - a walk, not a secret
        loses_signal=team is plan.teams[0],
    )


async def _go_home(admin: Api, plan: Plan) -> None:
    """End every shift, so that nobody plans for this district any more."""
    now = utc_now().isoformat()
    async for shift in admin.pages("/v1/shifts", district=plan.code, limit=200):
        await admin.patch(f"/v1/shifts/{shift['id']}", {"ends_at": now})


async def _read_all(desk: Api, code: str) -> list[dict[str, Any]]:
    """Every task of the district with its assignments and visits."""
    limit = asyncio.Semaphore(_READ_AT_ONCE)

    async def read(task_id: str) -> dict[str, Any]:
        async with limit:
            task: dict[str, Any] = await desk.get(f"/v1/tasks/{task_id}")
            return task

    ids = [task["id"] async for task in desk.pages("/v1/tasks", district=code, limit=200)]
    return await asyncio.gather(*(read(task_id) for task_id in ids))


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console)
