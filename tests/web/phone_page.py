"""The page on a member's phone, as a member uses it."""

import json
import re
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from playwright.async_api import Locator, Page, expect

from tests.web.browsers import until
from tests.web.district import Person
from tests.web.line import Line
from tests.web.words import Words

_AT_DOOR = {"en": "Left at the door", "zh": "放在门口"}
_FOREHEAD = {"en": "Forehead", "zh": "额温"}
_TEMPERATURE = re.compile("Temperature|体温")
_COUNT_TAPS = "() => { window.taps = 0; addEventListener('pointerdown', () => window.taps++, true); }"
_EVERYTHING_KEPT = """async () => {
  const kept = [JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie];
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((resolve, reject) => {
      const opening = indexedDB.open(name);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(opening.error);
    });
    for (const store of db.objectStoreNames) {
      const reading = db.transaction(store).objectStore(store).getAll();
      kept.push(JSON.stringify(await new Promise((resolve) => { reading.onsuccess = () => resolve(reading.result); })));
    }
    db.close();
  }
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) {
      const path = new URL(request.url).pathname;
      kept.push(path);
      if (!path.startsWith("/phone")) kept.push(await (await caches.match(request)).text());
    }
  return kept.join("\\n");
}"""


class PhonePage:
    """`say` gives what the page says for an English text, in its own language."""

    def __init__(self, page: Page, say: Words, line: Line) -> None:
        self.page = page
        self.say = say
        self.line = line

    @property
    def url(self) -> str:
        """Where this phone finds the system."""
        return f"http://{self.line.address}"

    def button(self, english: str) -> Locator:
        return self.page.get_by_role("button", name=self.say(english)).first

    def link(self, english: str) -> Locator:
        return self.page.get_by_role("link", name=self.say(english)).first

    async def close_dialog(self) -> None:
        """By Escape, once it is there."""
        await self.page.get_by_role("dialog").wait_for()
        await self.page.keyboard.press("Escape")
        await self.page.get_by_role("dialog").wait_for(state="detached")

    async def tap(self, english: str) -> None:
        await self.button(english).click()

    async def tap_twice(self, english: str) -> None:
        """Quicker than any answer to the first tap."""
        await self.button(english).evaluate("button => { button.click(); button.click(); }")

    async def shows(self, text: str | re.Pattern[str]) -> None:
        """Somewhere on the page, to be read."""
        pattern = text if isinstance(text, re.Pattern) else re.compile(text)
        await self.page.get_by_text(pattern).locator("visible=true").first.wait_for()

    async def says(self, english: str) -> None:
        """The same for an English text of the tables, in the page's language."""
        await self.shows(self.say(english, whole=False))

    # Logging in and out

    def phone_number_field(self) -> Locator:
        return self.page.get_by_label(self.say("Phone number"))

    async def log_in(self, person: Person, pin: str | None = None) -> None:
        await self.try_to_log_in(person, pin)
        await self.tab("Me").wait_for()

    async def try_to_log_in(self, person: Person, pin: str | None = None) -> None:
        await self.phone_number_field().fill(person.phone)
        await self._give_pin(person, pin)

    async def _give_pin(self, person: Person, pin: str | None = None) -> None:
        await self.page.get_by_label(self.say("PIN")).fill(pin or person.pin)
        await self.tap("Log in")

    async def refuses_the_log_in(self) -> None:
        await self.says("Phone number and PIN do not match.")
        await expect(self.page.get_by_label(self.say("PIN"))).to_have_value("")

    async def says_too_many_attempts(self) -> None:
        await self.says("Too many attempts. Try again in {time}, or ask your coordinator for a QR code.")

    async def says_the_link_is_used(self) -> None:
        await self.says("This link was used already, or is too old. Ask your coordinator for a new one.")

    async def is_of(self, person: Person) -> None:
        """On "Me": a colleague's name stands there too, below."""
        await self.page.get_by_role("heading", level=1).filter(has_text=person.name).wait_for()

    async def is_asked_to_log_in_again(self) -> None:
        await self.button("Log in again").wait_for()

    async def log_in_again(self, person: Person) -> None:
        """The page knows the number still."""
        await self.tap("Log in again")
        await expect(self.phone_number_field()).to_have_value(person.phone)
        await self._give_pin(person)
        await self.tab("Me").wait_for()

    async def log_in_as_another(self, person: Person) -> None:
        await self.tap("Log in again")
        await self.log_in(person)

    async def begin_to_log_out(self) -> None:
        await self.go_to("Me")
        await self.tap("Log out")
        await self.page.get_by_role("dialog").wait_for()

    async def warns_that_reports_wait(self, count: int) -> None:
        one = "1 report has not been sent. If you log out now, it is deleted and nobody can get it back."
        many = "{n} reports have not been sent. If you log out now, they are deleted and nobody can get them back."
        await expect(self.page.get_by_role("dialog")).to_contain_text(
            self.say(one if count == 1 else many, whole=False)
        )

    async def stays(self) -> None:
        await self.tap("Stay logged in")

    async def goes_in_spite_of_it(self) -> None:
        await self.tap("Delete them and log out")
        await self.phone_number_field().wait_for()

    async def log_out(self) -> None:
        await self.begin_to_log_out()
        await self.page.get_by_role("dialog").get_by_role("button", name=self.say("Log out")).click()
        await self.phone_number_field().wait_for()

    async def everything_kept(self) -> str:
        """All that the phone keeps of the page: databases, caches, storage."""
        kept: str = await self.page.evaluate(_EVERYTHING_KEPT)
        return kept

    async def keeps(self, words: str) -> None:
        """Until the phone would still know these words if it were closed now."""
        await until(self.page, f"async () => (await ({_EVERYTHING_KEPT})()).includes({json.dumps(words)})")

    # Signal

    async def lose_signal(self) -> None:
        self.line.cut()
        await self.page.context.set_offline(True)

    async def get_signal(self) -> None:
        self.line.mend()
        await self.page.context.set_offline(False)

    async def works_without_signal(self) -> None:
        """Until the service worker has brought everything in."""
        await self.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        await until(self.page, "navigator.serviceWorker.controller !== null")

    async def close(self) -> None:
        await self.page.context.close()

    async def make_letters_larger(self) -> None:
        """As who sees badly sets their phone."""
        session = await self.page.context.new_cdp_session(self.page)
        await session.send("Page.setFontSizes", {"fontSizes": {"standard": 32}})

    async def fits_across(self) -> None:
        """Nothing has to be pulled sideways."""
        assert await self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    async def another_tab(self) -> "PhonePage":
        page = await self.page.context.new_page()
        await page.goto("/phone")
        return PhonePage(page, self.say, self.line)

    async def says_waiting(self, count: int) -> None:
        """How many reports wait, as the page always says."""
        wanted = {0: "all sent", 1: "1 report waits"}.get(count, "{n} reports wait")
        pattern = self.say(wanted, whole=False).pattern.replace(".+?", str(count))
        await self.page.get_by_role("banner").get_by_text(re.compile(pattern)).wait_for()

    # The route

    def tab(self, english: str) -> Locator:
        return self.page.get_by_role("navigation").get_by_role("button", name=self.say(english))

    async def go_to(self, tab: str) -> None:
        """Now, Route, Done, Me; without a tap where it is there already."""
        is_there = await self.tab(tab).get_attribute("aria-current") == "page"
        if not is_there or await self.button("Back").count():
            await self.tab(tab).click()

    def _navigation_to(self, address: str) -> Locator:
        return self.page.locator(f'a[href^="geo:"][href*="({quote(address)})"]')

    async def next_door(self, address: str) -> None:
        """Until that is the door to go to now."""
        await self.go_to("Now")
        await self._navigation_to(address).wait_for()

    async def lists(self, address: str) -> None:
        """Until the door is on the route."""
        await self.go_to("Route")
        await self._row(address).first.wait_for()

    async def lists_no_more(self, address: str) -> None:
        await self.go_to("Route")
        await self._row(address).first.wait_for(state="detached")

    async def doors(self) -> list[str]:
        """The addresses of the route, in order, each with what is said beside it."""
        await self.go_to("Route")
        return await self.page.get_by_role("main").get_by_role("listitem").all_inner_texts()

    def _row(self, address: str) -> Locator:
        return self.page.get_by_role("main").get_by_role("listitem").filter(has_text=address)

    async def open_door(self, address: str) -> None:
        """A later door of the route."""
        await self.go_to("Route")
        await self._row(address).get_by_role("button").first.click()
        await self._navigation_to(address).wait_for()

    async def open_map(self) -> None:
        await self.go_to("Route")
        await self.page.get_by_role("main").get_by_role("button", name=self.say("Map")).click()
        await self.page.get_by_label(self.say("Map of the route")).wait_for()

    async def tells_of_a_change(self, *, new: int) -> None:
        heading = self.page.get_by_role("heading", name=self.say("Your route changed", whole=False))
        await expect(heading).to_contain_text(re.compile(rf"\b{new} (new)|新增 {new} 户"))

    async def acknowledge_the_change(self) -> None:
        await self.tap("Got it")
        await self.page.get_by_role("heading", name=self.say("Your route changed", whole=False)).wait_for(
            state="detached"
        )

    async def accept_next(self, count: int) -> None:
        await self.go_to("Route")
        await self.tap("Accept the next door" if count == 1 else "Accept the next {n}")

    async def decline(self, address: str, reason: str = "Too far away") -> None:
        await self.open_door(address)
        await self.tap("We cannot do this")
        await self.tap(reason)
        await self.tap("Give it back")

    async def set_duty(self, chosen: str) -> None:
        await self.go_to("Me")
        await self.page.get_by_role("main").get_by_role("button", name=self.say(chosen)).first.click()
        if chosen == "Off duty":
            await self.tap("Yes, go off duty")

    # Recording

    async def count_taps(self) -> Callable[[], Awaitable[int]]:
        """Counts from now on."""
        await self.page.evaluate(_COUNT_TAPS)

        async def taps() -> int:
            counted: int = await self.page.evaluate("window.taps")
            return counted

        return taps

    async def begin_to_record(self) -> None:
        await self.go_to("Now")
        await self.tap("Record")

    async def record_delivery(self, *, note: str = "") -> None:
        await self.begin_to_record()
        await self.page.get_by_text(_AT_DOOR[self.say.language], exact=True).click()
        if note:
            await self.tap("Add a note")
            await self.page.get_by_label(self.say("Note")).fill(note)
        await self.tap("All well")
        await self._is_recorded()

    async def record_nobody_there(self) -> None:
        await self.begin_to_record()
        await self.open_not_seen()
        await self.tap("Nobody there")
        await self._is_recorded()

    async def open_not_seen(self) -> None:
        await self.page.get_by_role("button", name=self.say("Nobody seen", whole=False)).click()

    async def record_usual_temperature(self, value: str) -> None:
        """By the chips that are offered."""
        await self.begin_to_record()
        await self.page.get_by_role("button", name=value, exact=True).click()
        await self.choose_forehead()
        await self.tap("All well")
        await self._is_recorded()

    async def fill_in_temperature(self, typed: str) -> None:
        await self.begin_to_record()
        await self.type_temperature(typed)
        await self.choose_forehead()

    async def choose_forehead(self) -> None:
        """How it was measured."""
        await self.page.get_by_text(_FOREHEAD[self.say.language], exact=True).click()

    async def type_temperature(self, typed: str) -> None:
        await self.temperature_field().fill(typed)
        await self.temperature_field().blur()

    def temperature_field(self) -> Locator:
        return self.page.get_by_role("textbox", name=_TEMPERATURE)

    async def asks_twice(self, value: str) -> None:
        await expect(self.page.get_by_role("dialog", name=self.say("Is that right?"))).to_contain_text(value)

    async def confirms_the_unusual(self) -> None:
        await self.tap("Yes, it is {value}")
        await self._is_recorded()

    async def record_the_fever(self) -> None:
        await self.tap("Record the fever")
        await self._is_recorded()

    async def correct_last_temperature(self, typed: str) -> None:
        await self.go_to("Now")
        await self.tap("Correct")
        await self.type_temperature(typed)
        await self.tap("All well")

    async def tells_of_a_report_set_aside(self, address: str) -> None:
        await self.says("1 report needs a look.")
        await self.tap("Look")
        await self.says("The task had moved to another team. The record is kept.")
        await self.shows(address)

    async def _is_recorded(self) -> None:
        await self.page.get_by_role("group", name=self.say("Outcome")).wait_for(state="detached")
