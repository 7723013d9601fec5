"""How the pages are served: strictly, small, and asking no other host."""

import aiohttp
import pytest
from playwright.async_api import Browser, Request, Route

from bench.weights import KB, LIMITS_KB, weigh
from shared.store.connection import Connection
from tests.calls import make_token
from tests.e2e.system import System
from tests.web.desks import Desks
from tests.web.district import District
from tests.web.judges import too_wide


@pytest.mark.parametrize("page", ["phone", "console"])
async def test_a_page_runs_only_what_comes_from_its_own_host(http: aiohttp.ClientSession, page: str) -> None:
    async with http.get(f"/{page}") as answer:
        policy = dict(
            directive.strip().partition(" ")[::2] for directive in answer.headers["Content-Security-Policy"].split(";")
        )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["base-uri"] == policy["form-action"] == policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in str(policy)
    assert "http" not in str(policy)


async def test_both_pages_open_without_a_complaint(desks: Desks) -> None:
    for opened in (await desks.phone(), await desks.console()):
        await opened.page.get_by_role("heading", level=1).first.wait_for()
        assert await too_wide(opened.page) == []


@pytest.mark.parametrize("page", LIMITS_KB)
async def test_a_page_stays_within_its_weight(
    browser: Browser, system: System, conn: Connection, district: District, page: str
) -> None:
    """Sizes do not depend on the machine; how soon the pages are there is measured by `make budgets`."""
    who = {"member_id": district.members[0].id} if page == "phone" else {"account_id": district.coordinator.id}
    assert await weigh(browser, system.url, page, await make_token(conn, **who)) <= LIMITS_KB[page] * KB


async def test_a_console_that_was_open_during_an_upgrade_finds_the_new_pages(district: District, desks: Desks) -> None:
    console = await desks.console()
    await console.log_in(district.coordinator)
    page, upgraded = console.page, False

    async def serve(route: Route) -> None:
        await (route.continue_() if upgraded else route.fulfill(status=404))

    def note(request: Request) -> None:
        nonlocal upgraded
        upgraded = upgraded or request.is_navigation_request()

    await page.route("**/FiguresPage*", serve)
    await console.go("Figures")
    await console.button("Try again").wait_for()
    page.on("request", note)
    await console.button("Try again").click()
    await page.get_by_role("heading", level=1, name=console.say("Figures")).wait_for()
