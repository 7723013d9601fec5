"""The page at a desk, as a coordinator uses it."""

import re

from playwright.async_api import Locator, Page, expect

from tests.web.district import SECRET, Person
from tests.web.words import Words


class ConsolePage:
    """`say` gives what the page says for an English text, in its own language."""

    def __init__(self, page: Page, say: Words) -> None:
        self.page = page
        self.say = say

    async def log_in(self, person: Person, secret: str = SECRET) -> None:
        await self.try_to_log_in(person, secret)
        await self.tasks().wait_for()

    async def try_to_log_in(self, person: Person, secret: str) -> None:
        await self.page.get_by_label(self.say("Name")).fill(person.name)
        await self.page.get_by_label(self.say("Secret")).fill(secret)
        await self.button("Log in").click()

    async def go(self, place: str) -> None:
        """By the links at the top: Board, New task, Import, Set-up."""
        await self.page.get_by_role("navigation").get_by_role("link", name=self.say(place)).first.click()

    def button(self, english: str) -> Locator:
        return self.page.get_by_role("button", name=self.say(english)).first

    def link(self, english: str) -> Locator:
        return self.page.get_by_role("link", name=self.say(english)).first

    def field(self, english: str) -> Locator:
        return self.page.get_by_label(self.say(english)).first

    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog").last

    async def close_dialog(self) -> None:
        """By Escape, once it is there."""
        await self.dialog().wait_for()
        await self.page.keyboard.press("Escape")
        await self.page.get_by_role("dialog").first.wait_for(state="detached")

    async def shows(self, text: str | re.Pattern[str]) -> None:
        """Somewhere on the page, to be read."""
        pattern = text if isinstance(text, re.Pattern) else re.compile(text)
        await self.page.get_by_text(pattern).locator("visible=true").first.wait_for()

    async def says(self, english: str) -> None:
        """The same for an English text of the tables, in the page's language."""
        await self.shows(self.say(english, whole=False))

    def tasks(self) -> Locator:
        """The list of open tasks."""
        return self.page.get_by_role("grid", name=self.say("Open tasks"))

    def row(self, address: str) -> Locator:
        return self.tasks().get_by_role("row").filter(has_text=address)

    async def lists(self, address: str) -> None:
        await self.row(address).first.wait_for()

    async def lists_no_more(self, address: str) -> None:
        await expect(self.row(address)).to_have_count(0)

    async def open(self, address: str) -> None:
        """The task's panel."""
        await self.row(address).first.click()
        await self.page.get_by_role("heading", name=self.say("History")).first.wait_for()

    async def tick(self, address: str) -> None:
        await self.row(address).get_by_role("checkbox").first.check()

    async def choose(self, filter_name: str, option: str | re.Pattern[str]) -> None:
        """One option of a filter, by what people read."""
        box = self.page.get_by_role("combobox", name=self.say(filter_name)).first
        wanted = option if isinstance(option, re.Pattern) else re.compile(f"^{re.escape(option)}$")
        value = await box.locator("option").filter(has_text=wanted).first.get_attribute("value")
        await box.select_option(value)

    def wrong_now(self) -> Locator:
        return self.page.get_by_role("region", name=self.say("What is wrong now"))

    # Set-up

    async def set_up(self, page: str) -> None:
        """Members, Teams, Shifts, Kinds, Grids."""
        await self.go("Set-up")
        await (
            self.page.get_by_role("navigation", name=self.say("Set-up"))
            .get_by_role("link", name=self.say(page))
            .click()
        )
        await self.page.get_by_role("heading", level=1, name=self.say(page)).wait_for()

    # New tasks

    async def choose_kind(self, name: str) -> None:
        await self.page.get_by_label(self.say("What is to be done")).select_option(label=name)

    async def find(self, field: str, typed: str, address: str) -> None:
        """One of those that a search field finds."""
        await self.page.get_by_role("combobox", name=self.say(field)).fill(typed)
        await self.page.get_by_role("option").filter(has_text=address).first.click()

    async def give_a_new_address(self, address: str) -> None:
        await self.button("New address").click()
        await self.page.get_by_label(self.say("Address")).fill(address)

    async def click_the_map(self) -> None:
        """In its middle, and until the point is taken."""
        box = await self.page.get_by_role("application").first.bounding_box()
        assert box is not None
        await self.page.mouse.click(box["x"] + box["width"] / 2 + 20, box["y"] + box["height"] / 2 + 20)
        await self.button("Remove the point").wait_for()
