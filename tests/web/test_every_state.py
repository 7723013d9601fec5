"""Every state of both pages: everybody can use it, it fits the narrowest screen, and it is wholly in one language."""

import re
from collections.abc import Awaitable, Callable, Sequence

import aiohttp
import pytest
from playwright.async_api import Page

from shared.store.connection import Connection
from tests.e2e.system import System
from tests.web.desks import DESK, PHONE, SMALL_PHONE, Desks, Scheme, Size
from tests.web.judges import accessibility, look, too_wide
from tests.web.show import make_show
from tests.web.tours import Tour, console_tour, phone_tour
from tests.web.words import Language

_TOURS = {"phone": phone_tour, "console": console_tour}
_LOOKS: dict[str, Sequence[tuple[Size, Scheme]]] = {
    "phone": ((PHONE, "light"), (SMALL_PHONE, "dark")),
    "console": ((DESK, "light"), (DESK, "dark")),
}
# By which a page offers its other language; names of columns in tables, and what stands in them.
_OF_BOTH = {"English", "instructions", "needs", "priority", "class", "close", "secondary", "team", "break"}
_NEVER = re.compile(r"undefined|NaN|\[object|Invalid Date|\{[a-z_]+\}")
_TOUR_LIMIT_S = 300


async def walk(tour: Tour, judge: Callable[[Page], Awaitable[list[str]]]) -> list[str]:
    """What the judge finds, state by state."""
    found: list[str] = []
    async for state, page in tour:
        found += [f"{state}: {complaint}" for complaint in await judge(page)]
    return found


@pytest.mark.timeout(_TOUR_LIMIT_S)
@pytest.mark.parametrize("name", _TOURS)
async def test_everybody_can_use_every_state_and_it_fits_the_narrowest_screen(
    name: str, conn: Connection, http: aiohttp.ClientSession, system: System, desks: Desks
) -> None:
    async def judge(page: Page) -> list[str]:
        found = []
        before = None
        for size, scheme in _LOOKS[name]:
            await look(page, size, scheme)
            told = await accessibility(page, colours_only=size == before)  # at night only the colours are others
            found += [f"{scheme}: {violation}" for violation in told]
            before = size
        await look(page, SMALL_PHONE, "dark")
        found += await too_wide(page)
        await look(page, *_LOOKS[name][0])
        return found

    show = await make_show(conn, http, system.url, code=f"judged-{name}")
    found = await walk(_TOURS[name](desks, show, "en"), judge)
    assert not found, "\n".join(found)


@pytest.mark.timeout(_TOUR_LIMIT_S)
@pytest.mark.parametrize(("name", "language"), [("phone", "zh"), ("console", "zh")])
async def test_every_state_speaks_one_language(
    name: str,
    language: Language,
    conn: Connection,
    http: aiohttp.ClientSession,
    system: System,
    desks: Desks,
    texts: dict[str, set[str]],
) -> None:
    foreign = {english for english, chinese in texts.items() if english not in chinese} - _OF_BOTH

    async def judge(page: Page) -> list[str]:
        words = await page.evaluate(_WORDS)
        lines = {line.strip() for line in words.splitlines()}
        told = [f"in English: {line}" for line in sorted(lines & foreign)]
        if await page.evaluate("document.documentElement.lang") != "zh-CN":
            told.append("is read aloud as if it were in another language")
        return told + [f"says {word}" for word in _NEVER.findall(words)]

    show = await make_show(conn, http, system.url, code=f"read-{name}")
    found = await walk(_TOURS[name](desks, show, language), judge)
    assert not found, "\n".join(found)


def test_every_text_says_something_in_both_languages(texts: dict[str, set[str]]) -> None:
    assert len(texts) > 100
    for english, chinese in texts.items():
        assert all(bool(text.strip()) == bool(english.strip()) for text in chinese), english
        gaps = set(re.findall(r"\{\w+\}", english))
        assert all(set(re.findall(r"\{\w+\}", text)) == gaps for text in chinese), f"{english} / {chinese}"


# What is to be read, and what is read aloud.
_WORDS = """() => {
  const aloud = [...document.querySelectorAll("[aria-label], [placeholder], [title], [alt]")]
    .flatMap((e) => ["aria-label", "placeholder", "title", "alt"].map((name) => e.getAttribute(name) ?? ""));
  return [document.title, document.body.innerText, ...aloud].join("\\n");
}"""
