"""A desk that several people share, in one browser: nobody sees, sends or undoes what another one has on the page."""

from pathlib import Path

from playwright.async_api import expect

from tests.web.browsers import held, token_of
from tests.web.console_page import ConsolePage
from tests.web.desks import Desks
from tests.web.district import SECRET, District

DOOR = "四川北路1号"


async def test_nothing_stays_on_the_page_for_whoever_logs_in_next(
    district: District, desks: Desks, tmp_path: Path
) -> None:
    await district.post_placed(DOOR, subject={"name": "陈桂兰", "phone": "+8613800138000"})
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.lists(DOOR)
    await console.page.get_by_role("searchbox").first.fill("陈桂兰")
    table = tmp_path / "tasks.csv"
    table.write_text("kind,household_address\ndelivery,四川北路7号\n", encoding="utf-8")
    await console.go("Import")
    await console.page.locator("input[type=file]").set_input_files(table)
    await console.shows("四川北路7号")
    await console.page.locator("summary").filter(has_text=district.coordinator.name).click()
    await console.button("Log out").click()
    await console.field("Secret").wait_for()
    assert "#" not in console.page.url
    await console.log_in(district.coordinator)
    await expect(console.page.get_by_role("searchbox").first).to_have_value("")
    await console.go("Import")
    await console.button("choose a file").wait_for()


async def test_another_log_in_in_the_same_browser_ends_the_one_that_was(district: District, desks: Desks) -> None:
    console = await desks.console()
    await console.log_in(district.coordinator)
    other = await second_tab(console)
    await expect(other.tasks()).to_be_visible()  # the cookie is both tabs'
    await console.page.locator("summary").filter(has_text=district.coordinator.name).click()
    await console.button("Log out").click()
    await other.field("Secret").wait_for()
    await expect(other.dialog()).to_have_count(0)
    await console.log_in(district.coordinator)
    await other.page.goto("/console")
    await other.page.reload()
    await other.tasks().wait_for()
    await other.page.locator("summary").filter(has_text=district.coordinator.name).click()
    await other.button("Log out").click()
    await console.field("Secret").wait_for()
    await other.log_in(district.auditor)
    await expect(console.dialog()).to_have_count(0)
    await expect(console.field("Secret")).to_be_visible()


async def test_a_log_in_that_is_over_cannot_be_escaped(district: District, desks: Desks) -> None:
    await district.post_placed(DOOR)
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.open(DOOR)
    await console.button("Edit").click()
    await console.field("Instructions").fill("轻声敲门")
    async with held(console.page, "**/v1/tasks/*"):  # else the board, which asks by itself, may meet the end first
        await console.button("Save").click()
        await district.expire(district.coordinator, await token_of(console.page))
    await console.dialog().get_by_label(console.say("Secret")).fill("nothing")
    for _ in range(4):
        await console.page.keyboard.press("Escape")
    await expect(console.dialog()).to_be_visible()
    await console.dialog().get_by_label(console.say("Secret")).fill(SECRET)
    await console.dialog().get_by_role("button", name=console.say("Log in", whole=False)).click()
    await expect(console.dialog()).to_have_count(0)


async def second_tab(console: ConsolePage) -> ConsolePage:
    page = await console.page.context.new_page()
    await page.goto("/console")
    return ConsolePage(page, console.say)
