"""`python -m bench.console_frames`: the console over fifty teams and five thousand open tasks, in a real Chromium: how soon it shows
something useful, and how smooth it stays while events come."""

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import aiohttp
from playwright.async_api import Browser, Page, StorageState, async_playwright

from bench.district import make_district, task_bodies
from bench.system import Bench, running
from services.demo.client import Api
from services.demo.tally import quantile
from shared.domain.clock import utc_now
from shared.domain.words import Permission
from shared.operations.accounts import create_account, make_program_token
from shared.operations.sessions import hash_secret
from shared.store.connection import Connection, connect
from shared.store.events import NewEvent, insert_events
from tests.web.chromium import find_chromium, left_out
from tests.web.desks import BROWSER_ARGUMENTS, DESK

LONG_FRAME_MS = 50
_NAME, _SECRET, _CODE = "desk", "a secret of the bench", "desk"
_BATCH = 1000
_EVENTS_A_SECOND = 50
_SETTLED_S = 120
_PATIENCE_MS = 60_000

# Rows of the list, what is wrong, and tasks drawn on the map's upper canvas: what a coordinator waits for.
_USEFUL = """() => {
  const canvas = [...document.querySelectorAll(".board-map canvas")].at(-1);
  if (!document.querySelector(".list__row") || !document.querySelector(".wrong") || !canvas?.width) return false;
  const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  for (let n = 3; n < data.length; n += 4) if (data[n]) return performance.now();
  return false;
}"""
_WATCH_FRAMES = """() => {
  window.frames_seen = [];
  let last = performance.now();
  const frame = (now) => {
    window.frames_seen.push(now - last);
    last = now;
    window.frame_asked = requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Smoothness:
    """`first_s`: from the address to rows, problems and tasks on the map, nothing cached, the median. Frames in milliseconds while
    `events_a_second` came, `frames_a_second` of the median frame; `long_frames` took more than 50 ms each, `long_share` of the time."""

    first_s: float
    events_a_second: float
    frames_a_second: float
    frame_p99_ms: float
    longest_ms: float
    long_frames: int
    long_share: float

    def lines(self) -> Sequence[str]:
        return (
            f"first useful picture            {self.first_s:6.2f} s",
            f"events                          {self.events_a_second:6.1f} a second",
            f"frames, by the median           {self.frames_a_second:6.1f} a second",
            f"99 of 100 frames within         {self.frame_p99_ms:6.1f} ms",
            f"the longest frame               {self.longest_ms:6.1f} ms",
            f"frames of more than {LONG_FRAME_MS} ms       {self.long_frames:6d}, {self.long_share:.1%} of the time",
        )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.console_frames", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke run; its figures say little")
    quick = parser.parse_args().quick
    if find_chromium() is None:
        sys.exit(left_out())
    with running() as bench:
        smooth = measure_console(bench, quick=quick)
    print("\n".join(smooth.lines()))


def measure_console(bench: Bench, *, quick: bool) -> Smoothness:
    """Fill a district of its own and look at it. Starts the bench's worker, and stops it when teams have what they can take."""
    bench.worker.start()
    try:
        return asyncio.run(_measure(bench, quick=quick))
    finally:
        bench.worker.stop()


async def _measure(bench: Bench, *, quick: bool) -> Smoothness:
    token = await _make_desk(bench.postgres.url())
    await make_district(bench.url, token, _CODE, teams=5 if quick else 50)
    async with aiohttp.ClientSession() as session:
        api = Api(session, bench.url, token)
        await _fill(api, bench.postgres.url(), 500 if quick else 5000)
        district_id = UUID((await api.get("/v1/teams", district=_CODE))["items"][0]["district_id"])
    bench.worker.stop()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=BROWSER_ARGUMENTS)
        cookie = await _log_in(browser, bench.url)
        firsts = [await _first_picture(browser, bench.url, cookie) for _ in range(1 if quick else 5)]
        frames, events = await _frames(browser, bench, cookie, district_id, seconds=3 if quick else 20)
        await browser.close()
    long = [frame for frame in frames if frame > LONG_FRAME_MS]
    return Smoothness(
        first_s=quantile(sorted(firsts), 0.5),
        events_a_second=events,
        frames_a_second=1000 / quantile(frames, 0.5),
        frame_p99_ms=quantile(frames, 0.99),
        longest_ms=frames[-1],
        long_frames=len(long),
        long_share=sum(long) / sum(frames),
    )


async def _make_desk(postgres_url: str) -> str:
    """An admin who logs in by name; a token of theirs."""
    now = utc_now()
    async with connect(postgres_url, application_name="bench") as conn:
        secret_hash = await hash_secret(_SECRET)
        account = await create_account(
            conn, name=_NAME, secret_hash=secret_hash, permission=Permission.ADMIN, districts=(), now=now
        )
        _, token = await make_program_token(
            conn, account["id"], label="bench", now=now, expires_at=now + timedelta(hours=3)
        )
    return token


async def _fill(api: Api, postgres_url: str, count: int) -> None:
    """Post so many tasks and wait until teams have what they can take."""
    bodies = [
        {name: value for name, value in body.items() if name != "district"} for body in task_bodies(_CODE, count, 1)
    ]
    for first in range(0, count, _BATCH):
        await api.post("/v1/tasks/batch", {"district": _CODE, "tasks": bodies[first : first + _BATCH]})
    deadline = time.monotonic() + _SETTLED_S
    async with connect(postgres_url, application_name="bench") as conn:
        while await conn.fetchval("SELECT count(*) FROM tasks WHERE waiting_reason = 'being_planned'"):
            if time.monotonic() > deadline:
                raise SystemExit("the tasks were not placed")
            await asyncio.sleep(0.2)


async def _log_in(browser: Browser, url: str) -> StorageState:
    context = await browser.new_context()
    page = await context.new_page()
    await page.goto(f"{url}/console")
    await page.fill("input[name=username]", _NAME)
    await page.fill("input[name=password]", _SECRET)
    await page.press("input[name=password]", "Enter")
    await page.wait_for_selector(".board", timeout=_PATIENCE_MS)
    state = await context.storage_state()
    await context.close()
    return state


async def _first_picture(browser: Browser, url: str, cookie: StorageState) -> float:
    """Seconds by the page's own clock, which starts with the navigation."""
    page = await _desk(browser, cookie)
    await page.goto(f"{url}/console", wait_until="commit")
    useful = await page.wait_for_function(_USEFUL, timeout=_PATIENCE_MS, polling="raf")
    taken = float(await useful.json_value())
    await page.context.close()
    return taken / 1000


async def _frames(
    browser: Browser, bench: Bench, cookie: StorageState, district_id: UUID, *, seconds: float
) -> tuple[list[float], float]:
    """How long each frame took in milliseconds, ascending, and how many changes a second were made meanwhile."""
    page = await _desk(browser, cookie)
    await page.goto(f"{bench.url}/console")
    await page.wait_for_function(_USEFUL, timeout=_PATIENCE_MS)
    changing = asyncio.create_task(_change(bench.postgres.url(), district_id, seconds + 3))
    await asyncio.sleep(2)  # so that the first events are there
    await page.evaluate(_WATCH_FRAMES)
    await asyncio.sleep(seconds)
    frames: list[float] = await page.evaluate("() => (cancelAnimationFrame(window.frame_asked), window.frames_seen)")
    events = await changing
    await page.context.close()
    return sorted(frames), events


async def _change(postgres_url: str, district_id: UUID, seconds: float) -> float:
    """Change that many tasks a second as the dispatcher would, each with its event; how many a second it came to.

    In the database itself: what a change costs the planner would be measured with the page, on the same machine.
    """
    chance = random.Random(1)
    began = time.monotonic()
    made = 0
    async with connect(postgres_url, application_name="bench") as conn:
        ids = [row["id"] for row in await conn.fetch("SELECT id FROM tasks WHERE closed_at IS NULL")]
        while (passed := time.monotonic() - began) < seconds:
            while made < passed * _EVENTS_A_SECOND:
                await _change_one(conn, district_id, chance.choice(ids), minutes=chance.randint(-60, 300))
                made += 1
            await asyncio.sleep(0.01)
    return made / (time.monotonic() - began)


async def _change_one(conn: Connection, district_id: UUID, task_id: UUID, *, minutes: int) -> None:
    """Its place in the list changes, and its sign on the map where it becomes overdue or is so no more."""
    async with conn.transaction():
        await conn.execute(
            "UPDATE tasks SET due_at = greatest(now() + make_interval(mins => $2), earliest), version = version + 1 WHERE id = $1",
            task_id,
            minutes,
        )
        event = NewEvent(district_id=district_id, at=utc_now(), name="task.changed", task_id=task_id, data={})
        await insert_events(conn, [event])


async def _desk(browser: Browser, cookie: StorageState) -> Page:
    viewport: Any = {"width": DESK[0], "height": DESK[1]}
    context = await browser.new_context(storage_state=cookie, viewport=viewport, locale="en-GB")
    return await context.new_page()


if __name__ == "__main__":
    main()
