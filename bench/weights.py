"""What the pages weigh: the bytes that a browser gets over the line until somebody who is logged in sees theirs."""

import asyncio
import time
from typing import Any

from playwright.async_api import Browser, CDPSession

from services.dispatcher.access import COOKIE

KB = 1000
LIMITS_KB = {"phone": 150, "console": 500}
"""Compressed: the phone page before its map, the console with its map and all that the board needs."""

_SHOWN = {"phone": "navigation", "console": "application"}
_QUIET_S = 1.0
_PATIENCE_S = 30


async def weigh(browser: Browser, url: str, page: str, token: str) -> int:
    """Bytes of everything but the API's answers that `/phone` or `/console` asks for when it is opened for the first time."""
    context = await browser.new_context(service_workers="block")  # it would bring the files of later, too
    await context.add_cookies([{"name": COOKIE, "value": token, "url": url}])
    opened = await context.new_page()
    scales = _Scales(await context.new_cdp_session(opened))
    await scales.begin()
    await opened.goto(f"{url}/{page}")
    await opened.get_by_role(_SHOWN[page]).first.wait_for()  # type: ignore[arg-type]  # a role
    await scales.until_quiet()
    await context.close()
    return scales.total()


class _Scales:
    """Adds up what comes over the line."""

    def __init__(self, session: CDPSession) -> None:
        self._session = session
        self._asked: dict[str, str] = {}
        self._weights: dict[str, int] = {}
        session.on("Network.requestWillBeSent", self._on_request)
        session.on("Network.loadingFinished", self._on_end)

    async def begin(self) -> None:
        await self._session.send("Network.enable")

    async def until_quiet(self) -> None:
        """Until for a second nothing has come any more."""
        deadline = time.monotonic() + _PATIENCE_S
        before = -1
        while before != len(self._weights):
            assert time.monotonic() < deadline, "the page goes on loading"
            before = len(self._weights)
            await asyncio.sleep(_QUIET_S)

    def total(self) -> int:
        return sum(weight for id_, weight in self._weights.items() if "/v1/" not in self._asked[id_])

    def _on_request(self, event: dict[str, Any]) -> None:
        self._asked[event["requestId"]] = event["request"]["url"]

    def _on_end(self, event: dict[str, Any]) -> None:
        self._weights[event["requestId"]] = int(event["encodedDataLength"])
