"""Phones and consoles of a test: each a browser of its own, watched."""

from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, BrowserType, Page

from tests.web.console_page import ConsolePage
from tests.web.line import Line
from tests.web.phone_page import PhonePage
from tests.web.watching import Watch
from tests.web.words import Language, Words

Scheme = Literal["light", "dark"]
Size = tuple[int, int]

PHONE: Size = (390, 844)
SMALL_PHONE: Size = (320, 568)
DESK: Size = (1440, 900)

BROWSER_ARGUMENTS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-color-profile=srgb")
PATIENCE_MS = 20_000
_LOCALES = {"en": "en-GB", "zh": "zh-CN"}


class Desks:
    """Opens pages of the system at `url`. A phone with a name keeps what it knows when it is closed and opened again.

    Every phone has a line of its own to the system.
    """

    def __init__(
        self,
        browser: Browser,
        browser_type: BrowserType,
        program: Path,
        url: str,
        texts: dict[str, set[str]],
        watch: Watch,
        profiles: Path,
    ) -> None:
        self._browser = browser
        self._browser_type = browser_type
        self._program = program
        self._url = url
        self._texts = texts
        self._watch = watch
        self._profiles = profiles
        self._open: list[BrowserContext] = []
        self._lines: dict[str, Line] = {}

    async def phone(
        self,
        *,
        kept_as: str | None = None,
        language: Language = "en",
        size: Size = PHONE,
        scheme: Scheme = "light",
        fragment: str = "",
        signal: bool = True,
    ) -> PhonePage:
        """A phone that shows its page; `kept_as` names a profile on disk, `fragment` is what a link adds to the address."""
        line = await self._line(kept_as or f"phone {len(self._lines)}")
        if signal:
            line.mend()
        else:
            line.cut()
        look = _look(language, size, scheme) | {
            "has_touch": True,
            "offline": not signal,
            "base_url": f"http://{line.address}",
        }
        if kept_as is None:
            context = await self._browser.new_context(**look)
        else:
            context = await self._browser_type.launch_persistent_context(
                self._profiles / kept_as, executable_path=self._program, args=BROWSER_ARGUMENTS, **look
            )
        page = await self._page(context, line.address)
        await page.goto(f"/phone{fragment}")
        return PhonePage(page, Words(language, self._texts), line)

    async def console(self, *, language: Language = "en", size: Size = DESK, scheme: Scheme = "light") -> ConsolePage:
        """A console that shows its page."""
        context = await self._browser.new_context(**_look(language, size, scheme), base_url=self._url)
        page = await self._page(context, urlsplit(self._url).netloc)
        await page.goto("/console")
        return ConsolePage(page, Words(language, self._texts))

    async def close(self) -> None:
        for context in self._open:
            await context.close()
        for line in self._lines.values():
            await line.close()

    async def say_what_is_shown(self) -> None:
        """Print every open page's words: after a failure they tell most."""
        for page in (page for context in self._open for page in context.pages):
            print(f"--- {page.url}\n{await page.locator('body').inner_text()}")  # noqa: T201 - shown with the failure

    async def _page(self, context: BrowserContext, host: str) -> Page:
        self._open.append(context)
        context.set_default_timeout(PATIENCE_MS)
        self._watch.look_at(context, host)
        return context.pages[0] if context.pages else await context.new_page()

    async def _line(self, name: str) -> Line:
        if name not in self._lines:
            system = urlsplit(self._url)
            self._lines[name] = Line(system.hostname or "", system.port or 0)
            await self._lines[name].open()
        return self._lines[name]


def _look(language: Language, size: Size, scheme: Scheme) -> dict[str, Any]:
    return {
        "locale": _LOCALES[language],
        "timezone_id": "Asia/Shanghai",
        "viewport": {"width": size[0], "height": size[1]},
        "color_scheme": scheme,
        "reduced_motion": "reduce",
    }
