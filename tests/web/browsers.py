"""What a browser keeps, for tests."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Page, Route, Worker

from services.dispatcher.access import COOKIE


async def token_of(page: Page) -> str:
    """The token of the page's session."""
    return next(cookie["value"] for cookie in await page.context.cookies() if cookie["name"] == COOKIE)


async def until(page: Page | Worker, question: str, *, patience_s: float = 20) -> None:
    """Until it answers an asynchronous question with yes; Playwright's own waiting takes a promise for a yes."""
    deadline = time.monotonic() + patience_s
    while not await page.evaluate(question):
        assert time.monotonic() < deadline, f"not within {patience_s} s: {question}"


@asynccontextmanager
async def held(page: Page, which: str) -> AsyncIterator[None]:
    """What the page asks of such an address from now on goes out when the block is over."""
    over = asyncio.Event()

    async def hold(route: Route) -> None:
        await over.wait()
        await route.continue_()

    await page.route(which, hold)
    try:
        yield
    finally:
        over.set()
