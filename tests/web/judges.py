"""What is asked of every state of every page: that everybody can use it, on the narrowest screen, in one language."""

from typing import Literal

from playwright.async_api import Page

from tests.web.words import WEB

_AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_ASK_AXE = """async (tags) => {
  const found = await axe.run(document, {runOnly: tags, resultTypes: ["violations"]});
  return found.violations.map(({id, help, nodes}) =>
    `${id}: ${help}\\n` + nodes.slice(0, 4).map((node) => `    ${node.html.slice(0, 200)}\\n    ${node.failureSummary}`).join("\\n"));
}"""
_SETTLE = """async () => {
  const over = document.getAnimations().map((animation) => animation.finished.catch(() => null));
  await Promise.race([Promise.all(over), new Promise((later) => setTimeout(later, 500))]);
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
}"""
_TOO_WIDE = """() => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide <= 0) return [];
  const beyond = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1);
  return [`${wide} px too wide: ` + beyond.slice(-3).map((e) => e.outerHTML.slice(0, 160)).join(" | ")];
}"""


async def look(page: Page, size: tuple[int, int], scheme: Literal["light", "dark"]) -> None:
    """Show the page in another size and other colours, and let it settle."""
    await page.set_viewport_size({"width": size[0], "height": size[1]})
    await page.emulate_media(color_scheme=scheme)
    await page.evaluate(_SETTLE)


async def accessibility(page: Page, *, colours_only: bool = False) -> list[str]:
    """What axe finds. It is evaluated from outside, so that the page's own Content-Security-Policy stands."""
    if not await page.evaluate("typeof axe === 'object'"):
        await page.evaluate(_AXE.read_text())
    found: list[str] = await page.evaluate(_ASK_AXE, ["color-contrast"] if colours_only else list(_RULES))
    return found


async def too_wide(page: Page) -> list[str]:
    """What reaches beyond the screen's right edge."""
    told: list[str] = await page.evaluate(_TOO_WIDE)
    return told
