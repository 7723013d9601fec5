"""What a browser keeps, for tests."""

from playwright.async_api import Page

from services.dispatcher.access import COOKIE


async def token_of(page: Page) -> str:
    """The token of the page's session."""
    return next(cookie["value"] for cookie in await page.context.cookies() if cookie["name"] == COOKIE)
