"""`python -m bench.pages`: what the pages weigh and how soon they are there, in a real Chromium. Exit 1 where one is too heavy."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
from playwright.async_api import BrowserContext, BrowserType, Page, async_playwright
from rich.console import Console
from rich.table import Table

from bench.console_frames import measure_console
from bench.district import forget_tasks, make_admin, make_district
from bench.system import Bench, running
from bench.weights import KB, LIMITS_KB, weigh
from services.demo.client import Api
from services.demo.tally import quantile
from shared.domain.clock import utc_now
from shared.store.connection import connect
from tests.web.chromium import find_chromium, left_out
from tests.web.desks import BROWSER_ARGUMENTS, PHONE

_CODE = "pages"
_USABLE_LIMIT_S = 2.0
_ADDRESS = "Sichuan North Road 1"
_CPU_TIMES_SLOWER = 4
_PATIENCE_MS = 60_000
# Chromium's own preset "Slow 3G": 400 kbit/s both ways, two seconds for an answer to come back.
_SLOW_3G = {"offline": False, "latency": 2000, "downloadThroughput": 50_000, "uploadThroughput": 50_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """One figure against what it may be. `is_size`: it does not depend on the machine, so exceeding it is an error."""

    what: str
    limit: float | None
    measured: float
    unit: str
    is_size: bool = False

    @property
    def is_kept(self) -> bool:
        return self.limit is None or self.measured <= self.limit

    def cells(self) -> tuple[str, ...]:
        limit = "" if self.limit is None else f"{self.limit:g} {self.unit}"
        verdict = "" if self.limit is None else "[green]ok[/]" if self.is_kept else "[bold red]missed[/]"
        return self.what, limit, f"{self.measured:.{0 if self.measured >= 100 else 2}f} {self.unit}", verdict


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke run; its times say little")
    quick = parser.parse_args().quick
    if find_chromium() is None:
        sys.exit(left_out())
    with running() as bench:
        token = asyncio.run(make_admin(bench.postgres.url()))
        budgets = list(measure_pages(bench, token, quick=quick))
    table = Table("what", "limit", "measured", "verdict", title="Budgets of the pages")
    for budget in budgets:
        table.add_row(*budget.cells())
    Console().print(table)
    sys.exit(any(budget.is_size and not budget.is_kept for budget in budgets))


def measure_pages(bench: Bench, token: str, *, quick: bool) -> Iterator[Budget]:
    """Everything that has a budget, and the console over a large district. `token` is an admin's. Uses the bench's worker."""
    bench.worker.start()
    try:
        yield from asyncio.run(_measure(bench, token, rounds=1 if quick else 7))
    finally:
        bench.worker.stop()
    asyncio.run(forget_tasks(bench.postgres.url()))
    smooth = measure_console(bench, quick=quick)
    over = "5 teams, 500 tasks" if quick else "50 teams, 5,000 tasks"
    yield Budget(what=f"console, {over}: first useful picture", limit=None, measured=smooth.first_s, unit="s")
    events = f"  frames while {smooth.events_a_second:.0f} events a second come"
    yield Budget(what=events, limit=None, measured=smooth.frames_a_second, unit="a second")
    yield Budget(what="  99 of 100 frames within", limit=None, measured=smooth.frame_p99_ms, unit="ms")
    yield Budget(what="  the longest frame", limit=None, measured=smooth.longest_ms, unit="ms")


async def _measure(bench: Bench, token: str, *, rounds: int) -> list[Budget]:
    async with async_playwright() as playwright, aiohttp.ClientSession() as session:
        api = Api(session, bench.url, token)
        member = await _busy_member(bench, api, token)
        budgets = [budget async for budget in _weights(playwright.chromium, bench, api, member)]
        link = await api.post(f"/v1/members/{member}/links", {})
        seconds = await _until_usable(playwright.chromium, f"{bench.url}/phone#link={link['link_token']}", rounds)
    what = f"phone usable from cache, slow 3G, CPU {_CPU_TIMES_SLOWER}× slower"
    median = Budget(
        what=f"{what}: median of {rounds}", limit=_USABLE_LIMIT_S, measured=quantile(seconds, 0.5), unit="s"
    )
    worst = Budget(what="  the slowest", limit=None, measured=seconds[-1], unit="s")
    return [*budgets, median, worst]


async def _weights(chromium: BrowserType, bench: Bench, api: Api, member: str) -> AsyncIterator[Budget]:
    link = await api.post(f"/v1/members/{member}/links", {})
    desk = {"name": "pages", "secret": "a secret of the bench", "permission": "coordinator", "districts": [_CODE]}
    await api.post("/v1/accounts", desk)
    log_ins = {
        "phone": {"link_token": link["link_token"]},
        "console": {"name": desk["name"], "secret": desk["secret"]},
    }
    async with await chromium.launch(executable_path=find_chromium(), args=BROWSER_ARGUMENTS) as browser:
        for page, what in (("phone", "phone page before its map"), ("console", "console with its board and map")):
            logged_in = await api.send("POST", "/v1/sessions", log_ins[page])
            weight = await weigh(browser, bench.url, page, logged_in.body["token"]) / KB
            yield Budget(what=f"{what}, compressed", limit=LIMITS_KB[page], measured=weight, unit="kB", is_size=True)


async def _until_usable(chromium: BrowserType, link: str, rounds: int) -> list[float]:
    """Seconds from the tap on the icon until the next door is there to read, ascending; the phone had been used before."""
    async with _phone(chromium) as phone:
        page = await phone.new_page()
        await page.goto(link)
        await _next_door(page)
        await page.evaluate("navigator.serviceWorker.ready")
        await page.reload()  # what the worker did not serve yet, it does now
        await _next_door(page)
        await page.close()
        return sorted([await _open_throttled(phone, link.partition("#")[0]) for _ in range(rounds)])


async def _open_throttled(phone: BrowserContext, url: str) -> float:
    page = await phone.new_page()
    session = await phone.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.emulateNetworkConditions", _SLOW_3G)
    await session.send("Emulation.setCPUThrottlingRate", {"rate": _CPU_TIMES_SLOWER})
    began = time.perf_counter()
    await page.goto(url, wait_until="commit")
    await _next_door(page)
    taken = time.perf_counter() - began
    await page.close()
    return taken


async def _next_door(page: Page) -> None:
    await page.get_by_text(_ADDRESS).first.wait_for(timeout=_PATIENCE_MS)


@asynccontextmanager
async def _phone(chromium: BrowserType) -> AsyncIterator[BrowserContext]:
    """A phone whose cache and database lie on disk, as on a real one."""
    look: dict[str, Any] = {"viewport": {"width": PHONE[0], "height": PHONE[1]}, "locale": "en-GB", "has_touch": True}
    with tempfile.TemporaryDirectory(prefix="doorstep-phone-", ignore_cleanup_errors=True) as profile:
        context = await chromium.launch_persistent_context(
            Path(profile), executable_path=find_chromium(), args=BROWSER_ARGUMENTS, **look
        )
        yield context
        await context.close()


async def _busy_member(bench: Bench, api: Api, token: str) -> str:
    """A member whose team has thirty doors, the first of them at the known address; their id."""
    await make_district(bench.url, token, _CODE, teams=1)
    team = (await api.get("/v1/teams", district=_CODE))["items"][0]
    for number in range(30):
        await api.post("/v1/tasks", _task(team, number))
    await _until_placed(bench)
    members = (await api.get("/v1/members", district=_CODE, role="grid_worker"))["items"]
    return str(members[0]["id"])


def _task(team: Any, number: int) -> dict[str, Any]:
    """A delivery; the first one lies where the team is and is the most urgent."""
    door = {
        "address": _ADDRESS if number == 0 else f"Liuyin Street {number}",
        "lat": team["start"]["lat"] + number * 3e-4,
        "lon": team["start"]["lon"],
    }
    due_at = (utc_now() + timedelta(hours=2 if number == 0 else 6)).isoformat()
    return {"district": _CODE, "kind": "delivery", "household": door, "due_at": due_at}


async def _until_placed(bench: Bench) -> None:
    deadline = time.monotonic() + 60
    async with connect(bench.postgres.url(), application_name="bench") as conn:
        while await conn.fetchval("SELECT count(*) FROM tasks WHERE team_id IS NULL"):
            if time.monotonic() > deadline:
                raise SystemExit("the tasks were not placed")
            await asyncio.sleep(0.05)


if __name__ == "__main__":
    main()
