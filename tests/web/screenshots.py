"""`python -m tests.web.screenshots`: pictures of every page and state, by day and by night, in both languages, into `screenshots/`."""

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from itertools import product
from pathlib import Path

import aiohttp
from playwright.async_api import async_playwright

from shared.store.connection import connect
from shared.store.migrate import migrate
from tests.e2e.system import System
from tests.web.chromium import find_chromium, left_out
from tests.web.desks import BROWSER_ARGUMENTS, DESK, PHONE, SMALL_PHONE, Desks, Scheme, Size
from tests.web.judges import look
from tests.web.show import Show, make_show
from tests.web.tours import Tour, console_tour, phone_tour
from tests.web.watching import Watch
from tests.web.words import Language, read_texts

FOLDER = Path("screenshots")
_SCHEMES: Sequence[Scheme] = ("light", "dark")
_LANGUAGES: Sequence[Language] = ("zh", "en")
_SIZES: dict[str, Sequence[Size]] = {"phone": (PHONE, SMALL_PHONE), "console": (DESK,)}


def main() -> None:
    """Take them all, or those of one page."""
    parser = argparse.ArgumentParser(prog="python -m tests.web.screenshots", description=__doc__)
    parser.add_argument("--only", choices=sorted(_SIZES), help="one page instead of both")
    parser.add_argument("--language", choices=_LANGUAGES, help="one language instead of both")
    chosen = parser.parse_args()
    if find_chromium() is None:
        sys.exit(left_out())
    pages = [chosen.only] if chosen.only else list(_SIZES)
    languages = [chosen.language] if chosen.language else list(_LANGUAGES)
    with _running() as system:
        asyncio.run(_take(system, pages, languages))


async def _take(system: System, pages: Sequence[str], languages: Sequence[Language]) -> None:
    for page in pages:
        shutil.rmtree(FOLDER / page, ignore_errors=True)
    for language in languages:  # a day of its own each, for the tours change it
        async with _desks(system) as desks, _show(system, f"liuhe-{language}") as show:
            for page in pages:
                await _pictures(page, language, _tour(page, desks, show, language))


def _tour(page: str, desks: Desks, show: Show, language: Language) -> Tour:
    return phone_tour(desks, show, language) if page == "phone" else console_tour(desks, show, language)


async def _pictures(name: str, language: Language, tour: Tour) -> None:
    number = 0
    async for state, page in tour:
        number += 1
        for size, scheme in product(_SIZES[name], _SCHEMES):
            await look(page, size, scheme)
            folder = FOLDER / name / f"{size[0]}x{size[1]}-{language}-{scheme}"
            folder.mkdir(parents=True, exist_ok=True)
            await page.screenshot(path=folder / f"{number:02}-{state}.png")
        print(f"{name} {language} {number:02} {state}", flush=True)  # noqa: T201 - a command
        await look(page, _SIZES[name][0], "light")


@contextmanager
def _running() -> Iterator[System]:
    with tempfile.TemporaryDirectory(prefix="doorstep-screenshots-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # the server's own user must enter
        system = System(folder, workers=1)
        system.start_servers()
        try:
            asyncio.run(migrate(system.postgres.url()))
            system.start_services()
            yield system
        finally:
            system.stop()


@asynccontextmanager
async def _desks(system: System) -> AsyncIterator[Desks]:
    program = find_chromium()
    assert program is not None
    watch = Watch()
    with tempfile.TemporaryDirectory(prefix="doorstep-phones-", ignore_cleanup_errors=True) as profiles:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=program, args=BROWSER_ARGUMENTS)
            desks = Desks(browser, playwright.chromium, program, system.url, read_texts(), watch, Path(profiles))
            try:
                yield desks
            finally:
                await desks.close()
                await browser.close()
    for complaint in watch.complaints:
        print(f"complaint: {complaint}", file=sys.stderr)  # noqa: T201 - a command


@asynccontextmanager
async def _show(system: System, code: str) -> AsyncIterator[Show]:
    async with (
        connect(system.postgres.url(), application_name="screenshots") as conn,
        aiohttp.ClientSession() as http,
    ):
        yield await make_show(conn, http, system.url, code=code)


if __name__ == "__main__":
    main()
