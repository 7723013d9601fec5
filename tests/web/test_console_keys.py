"""The console's list: what is ticked is what is seen, and the keyboard comes back to where it was."""

from playwright.async_api import expect

from tests.web.browsers import held
from tests.web.desks import Desks
from tests.web.district import District

DOORS = ("四川北路1号", "四川北路2号")


async def test_ticking_all_waits_for_what_is_searched_for(district: District, desks: Desks) -> None:
    for near, door in enumerate(DOORS):
        await district.post_placed(door, near=near)
    console = await desks.console()
    await console.log_in(district.coordinator)
    for door in DOORS:
        await console.lists(door)
    tick_all = console.page.get_by_role("button", name=console.say("Tick all {n}"))
    async with held(console.page, "**/v1/tasks?*q=*"):
        await console.page.get_by_role("searchbox").first.fill(DOORS[1])
        await expect(tick_all).to_be_disabled()
    await console.lists_no_more(DOORS[0])
    await tick_all.click()
    await console.shows(console.say("{n} chosen"))
    await console.button("Clear filters").click()
    await expect(console.row(DOORS[0]).get_by_role("checkbox")).not_to_be_checked()
    await expect(console.row(DOORS[1]).get_by_role("checkbox")).to_be_checked()


async def test_a_search_that_nobody_answers_says_so(district: District, desks: Desks) -> None:
    await district.post_placed(DOORS[0])
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.lists(DOORS[0])
    await console.page.route("**/v1/tasks?*q=*", lambda route: route.abort())
    await console.page.get_by_role("searchbox").first.fill(DOORS[0])
    await console.says("The search did not work. Type again in a moment.")
    await expect(console.page.get_by_role("button", name=console.say("Tick all {n}"))).to_be_disabled()


async def test_what_is_chosen_and_not_in_the_list_is_told(district: District, desks: Desks) -> None:
    await district.post_placed(DOORS[0])
    await district.post_placed(DOORS[1], kind="door_sensor_check", near=1)
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.tick(DOORS[0])
    await console.tick(DOORS[1])
    await console.choose("Kind", "Door sensor check")
    await console.lists_no_more(DOORS[0])
    await console.says("{n} of them not in the list as it is filtered")


async def test_the_keyboard_comes_back_to_the_list_when_a_task_is_closed(district: District, desks: Desks) -> None:
    await district.post_placed(DOORS[0])
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.lists(DOORS[0])
    await console.tasks().focus()
    await console.page.keyboard.press("Enter")
    await console.page.get_by_role("heading", name=console.say("History")).first.wait_for()
    await console.page.keyboard.press("Escape")
    await expect(console.tasks()).to_be_focused()
