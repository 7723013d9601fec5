"""One system and one browser for all tests of the pages; a district of its own for each, and somebody who watches every page."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from argon2 import PasswordHasher
from playwright.async_api import Browser, BrowserType, async_playwright, expect

from shared.store.connection import Connection, Pool, open_pool
from shared.store.migrate import migrate
from tests.e2e.system import System
from tests.web.chromium import find_chromium, left_out
from tests.web.desks import BROWSER_ARGUMENTS, PATIENCE_MS, Desks
from tests.web.district import PIN, SECRET, District, make_district
from tests.web.watching import Watch
from tests.web.words import WEB, read_texts

_HERE = Path(__file__).parent
_LIMIT_S = 90
_NO_CHROMIUM = "there is no Chromium on this machine"
_FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser lives in one event loop, so its tests share that."""
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.timeout(_LIMIT_S))
            if pytest_asyncio.is_async_test(item):
                item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[_FAILED] = report.failed
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if any(_NO_CHROMIUM in str(report.longrepr) for report in terminalreporter.stats.get("skipped", ())):
        terminalreporter.write(left_out(), red=True, bold=True)


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The browser's program. Without one the tests are left out, in CI they fail."""
    found = find_chromium()
    if found is None:
        (pytest.fail if "CI" in os.environ else pytest.skip)(_NO_CHROMIUM)
    return found


@pytest.fixture(scope="session")
def system(chromium: Path, server_folder: Path) -> Iterator[System]:
    """Real servers, a dispatcher and a worker; every test has its own district there."""
    if not (WEB / "dist" / "phone" / "index.html").exists():
        pytest.fail("the pages are not built: make pages")
    settings = {"DOORSTEP_LOGIN_ATTEMPTS_PER_ADDRESS": "100000", "DOORSTEP_LOGIN_ATTEMPTS_PER_ACCOUNT": "4"}
    folder = server_folder / "web"
    folder.mkdir(mode=0o755)
    running = System(folder, workers=1, settings=settings)
    running.start_servers()
    asyncio.run(migrate(running.postgres.url()))
    running.start_services()
    yield running
    running.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium_type() -> AsyncIterator[BrowserType]:
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        yield playwright.chromium


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium_type: BrowserType, chromium: Path) -> AsyncIterator[Browser]:
    launched = await chromium_type.launch(executable_path=chromium, args=BROWSER_ARGUMENTS)
    yield launched
    await launched.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def pool(system: System) -> AsyncIterator[Pool]:
    opened = await open_pool(system.postgres.url(), min_size=1, max_size=4, application_name="test")
    yield opened
    opened.terminate()


@pytest_asyncio.fixture(loop_scope="session")
async def conn(pool: Pool) -> AsyncIterator[Connection]:
    async with pool.acquire() as acquired:
        yield acquired


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def http(system: System) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(system.url) as session:
        yield session


@pytest.fixture(scope="session")
def hashes() -> dict[str, str]:
    """What is stored of the PIN and the secret with which everybody logs in: hashed at small cost, for there are hundreds of log-ins."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return {said: cheap.hash(said) for said in (PIN, SECRET)}


@pytest_asyncio.fixture(loop_scope="session")
async def districts(
    conn: Connection, http: aiohttp.ClientSession, hashes: dict[str, str]
) -> Callable[..., Awaitable[District]]:
    """Makes a district with teams on shift: `await districts(teams=2)`."""

    async def make(*, teams: int = 1) -> District:
        return await make_district(conn, http, hashes, teams=teams)

    return make


@pytest_asyncio.fixture(loop_scope="session")
async def district(districts: Callable[..., Awaitable[District]]) -> District:
    """A district with one team on shift, a coordinator and an auditor."""
    return await districts()


@pytest.fixture(scope="session")
def texts() -> dict[str, set[str]]:
    return read_texts()


@pytest_asyncio.fixture(loop_scope="session")
async def desks(
    browser: Browser,
    chromium_type: BrowserType,
    chromium: Path,
    system: System,
    texts: dict[str, set[str]],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> AsyncIterator[Desks]:
    """Phones and consoles, each in a browser of its own. The test fails when any of its pages did what none may do."""
    watch = Watch()
    opened = Desks(browser, chromium_type, chromium, system.url, texts, watch, tmp_path)
    yield opened
    if request.node.stash.get(_FAILED, False):
        await opened.say_what_is_shown()
    await opened.close()
    assert not watch.complaints, "\n".join(watch.complaints)
