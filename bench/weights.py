"""What the pages weigh: the bytes that a browser gets over the line before it needs a map."""

from playwright.async_api import Browser

KB = 1000
LIMITS_KB = {"phone": 150, "console": 500}
"""Compressed, from issue to release: the phone page before its map, the console with all it opens with."""


async def weigh(browser: Browser, url: str, page: str) -> int:
    """Bytes of everything but the API's answers that `/phone` or `/console` asks for when it is opened for the first time."""
    context = await browser.new_context(service_workers="block")  # it would bring the files of later, too
    opened = await context.new_page()
    session = await context.new_cdp_session(opened)
    asked: dict[str, str] = {}
    weights: dict[str, int] = {}

    def note_request(event: dict[str, object]) -> None:
        request = event["request"]
        asked[str(event["requestId"])] = str(request["url"]) if isinstance(request, dict) else ""

    def note_end(event: dict[str, object]) -> None:
        weights[str(event["requestId"])] = int(str(event["encodedDataLength"]).partition(".")[0])

    session.on("Network.requestWillBeSent", note_request)
    session.on("Network.loadingFinished", note_end)
    await session.send("Network.enable")
    await opened.goto(f"{url}/{page}", wait_until="networkidle")
    await context.close()
    return sum(weight for id_, weight in weights.items() if "/v1/" not in asked[id_])
