"""Both pages by keyboard alone: Tab, Enter, Space, arrows and letters; no mouse, no finger."""

import re

from playwright.async_api import Page

from tests.city import LAT, LON
from tests.web.desks import Desks
from tests.web.district import PIN, SECRET, District

DOOR = "四川北路1号"
_MOST_STEPS = 60
# What a screen reader would say of what has the focus, roughly.
_FOCUSED = """() => {
  const at = document.activeElement;
  const labels = [...(at.labels ?? [])].map((label) => label.innerText).join(" ");
  return at.getAttribute("aria-label") || labels || at.innerText || at.getAttribute("placeholder") || "";
}"""
_IS_SEEN = """() => {
  const at = document.activeElement;
  const drawn = at.matches(":focus-visible") ? [at, ...(at.labels ?? [])] : [];
  return drawn.some((e) => getComputedStyle(e).outlineStyle !== "none" || getComputedStyle(e).boxShadow !== "none");
}"""


async def tab_to(page: Page, name: str | re.Pattern[str]) -> None:
    """Press Tab until that has the focus, and see that it shows."""
    passed = []
    for _ in range(_MOST_STEPS):
        await page.keyboard.press("Tab")
        focused = str(await page.evaluate(_FOCUSED)).strip()
        if re.search(name, focused):
            assert await page.evaluate(_IS_SEEN), f"nobody sees that {focused!r} has the focus"
            return
        passed.append(focused)
    raise AssertionError(f"Tab does not come to {name!r}, only to {passed}")


async def test_a_member_logs_in_and_records_a_visit(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOOR)
    phone = await desks.phone()
    page, keys = phone.page, phone.page.keyboard
    await phone.phone_number_field().wait_for()
    await tab_to(page, "Phone number")
    await keys.type(district.members[0].phone)
    await tab_to(page, "PIN")
    await keys.type(PIN)
    await keys.press("Enter")
    await phone.next_door(DOOR)
    await tab_to(page, "On our way")
    await keys.press("Enter")
    await district.until("SELECT status = 'in_progress' FROM tasks WHERE id = $1", task_id)
    await tab_to(page, "^Record$")
    await keys.press("Enter")
    await phone.page.get_by_role("group", name=phone.say("Outcome")).wait_for()
    await tab_to(page, "In person")
    await keys.press("ArrowDown")
    await tab_to(page, "All well")
    await keys.press("Enter")
    await district.until("SELECT status = 'completed' FROM tasks WHERE id = $1", task_id)
    (visit,) = await district.visits(task_id)
    assert visit["result"] == {"handed_over": "at_door"}


async def test_a_dialog_keeps_the_focus_and_gives_it_back(district: District, desks: Desks) -> None:
    await district.post_placed(DOOR)
    phone = await desks.phone()
    await phone.log_in(district.members[0])
    await phone.next_door(DOOR)
    page = phone.page
    await tab_to(page, "We cannot do this")
    await page.keyboard.press("Enter")
    await page.get_by_role("dialog").wait_for()
    for _ in range(15):
        await page.keyboard.press("Tab")
        assert await page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    await page.keyboard.press("Escape")
    await page.get_by_role("dialog").wait_for(state="detached")
    assert "We cannot do this" in str(await page.evaluate(_FOCUSED))


async def test_a_coordinator_logs_in_and_makes_a_task(district: District, desks: Desks) -> None:
    await district.api.post("/v1/households", {"ref": "h-1", "address": DOOR, "lat": LAT, "lon": LON})
    console = await desks.console()
    page, keys = console.page, console.page.keyboard
    await console.field("Name").wait_for()
    await tab_to(page, "Name")
    await keys.type(district.coordinator.name)
    await tab_to(page, "Secret")
    await keys.type(SECRET)
    await keys.press("Enter")
    await console.tasks().wait_for()
    await tab_to(page, "New task")
    await keys.press("Enter")
    await console.field("What is to be done").locator("option").filter(has_text="Delivery").wait_for(state="attached")
    await tab_to(page, "What is to be done")
    await keys.type("Delivery")
    await tab_to(page, "Find a known door")
    await keys.type("四川")
    await page.get_by_role("listbox").get_by_role("option").filter(has_text=DOOR).wait_for()
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await console.shows(DOOR)
    await tab_to(page, "^Send$")
    await keys.press("Enter")
    await console.says("{team} has it.")
    await district.until(
        "SELECT EXISTS (SELECT FROM tasks WHERE district_id = $1 AND team_id IS NOT NULL)", district.id
    )


async def test_a_coordinator_walks_the_list_ticks_and_opens_a_task(district: District, desks: Desks) -> None:
    for number in range(3):
        await district.post_placed(f"四川北路{number}号", near=number)
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.lists("四川北路2号")
    page, keys = console.page, console.page.keyboard
    await tab_to(page, "^Open tasks$")
    await keys.press("ArrowDown")
    await keys.press("Space")
    await keys.press("ArrowDown")
    await keys.press("Space")
    await console.says("{n} chosen")
    await keys.press("Enter")
    await page.get_by_role("heading", name=console.say("History")).first.wait_for()
    await keys.press("Escape")
    await page.get_by_role("heading", name=console.say("History")).first.wait_for(state="detached")
