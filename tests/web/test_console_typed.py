"""What a coordinator has typed at the console is not lost by looking elsewhere, by a slip, or by a second try."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

from playwright.async_api import expect

from tests.city import LAT, LON
from tests.web.browsers import held, token_of
from tests.web.desks import Desks
from tests.web.district import SECRET, District

DOORS = ("四川北路1号", "四川北路2号")
_PRESS_ARROW_WHEN_FOUND = """() => {
  const found = new MutationObserver(() => {
    if (document.querySelectorAll("[role=listbox] [role=option]").length < 2) return;
    found.disconnect();
    const field = document.querySelector("input[role=combobox]");
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
  });
  found.observe(document.body, { childList: true, subtree: true });
}"""


async def test_an_edit_waits_while_another_task_is_looked_at(district: District, desks: Desks) -> None:
    for near, door in enumerate(DOORS):
        await district.post_placed(door, near=near)
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.open(DOORS[0])
    await console.button("Edit").click()
    await console.field("Instructions").fill("轻声敲门")
    await console.row(DOORS[1]).click()
    await console.button("Edit").wait_for()
    await console.go("Board")
    await console.row(DOORS[0]).click()
    await expect(console.field("Instructions")).to_have_value("轻声敲门")
    await console.button("Discard").click()
    await console.go("Board")
    await console.open(DOORS[0])
    await console.button("Edit").wait_for()


async def test_shifts_that_are_not_saved_wait_while_another_page_is_looked_at(district: District, desks: Desks) -> None:
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.set_up("Shifts")
    await console.button("Week after").click()
    await console.button("Plan shifts").click()
    await console.dialog().get_by_role("button", name=console.say("Show in the week")).click()
    await console.button("Save shifts ({n})").wait_for()
    await console.set_up("Teams")
    await console.set_up("Shifts")
    await console.button("Save shifts ({n})").wait_for()


async def test_a_dialog_asks_before_it_loses_what_was_typed(district: District, desks: Desks) -> None:
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.set_up("Members")
    await console.button("Add a member").click()
    await console.close_dialog()
    await console.button("Add a member").click()
    name = console.dialog().get_by_label(console.say("Name"))
    await name.fill("王秀英")
    await console.page.keyboard.press("Escape")
    await console.says("What you have typed is not saved. Close once more to leave it.")
    await expect(name).to_have_value("王秀英")
    await console.page.keyboard.press("Escape")
    await expect(console.dialog()).to_have_count(0)
    await expect(console.button("Add a member")).to_be_focused()


async def test_a_file_of_grids_that_was_refused_is_sent_once_it_is_mended(
    district: District, desks: Desks, tmp_path: Path
) -> None:
    file = tmp_path / "grids.geojson"
    bow_tie = [[LON, LAT], [LON + 0.01, LAT + 0.01], [LON + 0.01, LAT], [LON, LAT + 0.01], [LON, LAT]]
    file.write_text(_collection(bow_tie))
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.set_up("Grids")
    await console.page.locator("input[type=file]").set_input_files(file)
    await console.button("Draw grids ({n})").click()
    await console.page.get_by_role("alert").wait_for()
    square = [[LON, LAT], [LON + 0.01, LAT], [LON + 0.01, LAT + 0.01], [LON, LAT + 0.01], [LON, LAT]]
    file.write_text(_collection(square))
    await console.page.locator("input[type=file]").set_input_files(file)
    await console.button("Draw grids ({n})").click()
    await district.until("SELECT EXISTS (SELECT FROM grids WHERE district_id = $1 AND code = 'mended')", district.id)


async def test_a_phones_log_in_in_the_same_browser_ends_that_of_the_desk(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOORS[0])
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.lists(DOORS[0])
    member = district.members[0]
    body = {"phone": member.phone, "pin": member.pin, "cookie": True}
    answer = await console.page.evaluate(
        """body => fetch("/v1/sessions", {method: "POST", headers: {"Content-Type": "application/json"},
        body: JSON.stringify(body)}).then((answer) => answer.status)""",
        body,
    )
    assert answer in {200, 201}
    await console.page.evaluate("hash => { location.hash = hash; }", f"/task/{task_id}")
    await console.says("Your log-in has ended. What you have typed is still here.")


async def test_a_log_in_renewed_while_a_team_is_chosen_shows_what_giving_would_do(
    districts: Callable[..., Awaitable[District]], desks: Desks
) -> None:
    district = await districts(teams=2)
    task_id = await district.post_placed(DOORS[0])
    has_it = await district.conn.fetchval("SELECT team_id FROM tasks WHERE id = $1", task_id)
    other = 1 - district.city.team_ids.index(has_it)
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.open(DOORS[0])
    await console.button("Give to another team…").click()
    # Else the board, which asks by itself, may meet the end first.
    async with held(console.page, "**/v1/tasks/*/assign"):
        await console.dialog().get_by_text(f"team-{other}").first.click()
        await district.expire(district.coordinator, await token_of(console.page))
    await console.dialog().get_by_label(console.say("Secret")).fill(SECRET)
    await console.dialog().get_by_role("button", name=console.say("Log in", whole=False)).click()
    await console.says("Added travel")
    await expect(console.page.get_by_role("alert")).to_have_count(0)


async def test_the_keyboard_goes_on_where_a_task_is_edited(district: District, desks: Desks) -> None:
    await district.post_placed(DOORS[0])
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.open(DOORS[0])
    await console.button("Edit").press("Enter")
    await expect(console.field("Opens")).to_be_focused()
    await console.button("Discard").press("Enter")
    await expect(console.page.get_by_role("complementary")).to_be_focused()
    await console.page.keyboard.press("Escape")
    await expect(console.page.get_by_role("complementary")).to_have_count(0)


def _collection(ring: list[list[float]]) -> str:
    geometry = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"code": "mended", "name": "东片"}, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


async def test_the_browser_asks_before_it_leaves_what_is_not_sent(district: District, desks: Desks) -> None:
    console = await desks.console()
    await console.log_in(district.coordinator)
    asks = "!dispatchEvent(new Event('beforeunload', {cancelable: true}))"
    await console.go("New task")
    await console.choose_kind("Delivery")
    assert not await console.page.evaluate(asks)
    await console.field("Instructions").fill("轻声敲门")
    assert await console.page.evaluate(asks)
    await console.page.locator("summary").filter(has_text=district.coordinator.name).click()
    await console.button("Log out").click()
    await console.says("What is typed and not sent is lost. Press once more to log out all the same.")
    await console.button("Log out").click()
    await console.field("Secret").wait_for()


async def test_enter_never_takes_another_door_than_the_one_that_was_marked(district: District, desks: Desks) -> None:
    for near, door in enumerate(DOORS):
        await district.post_placed(door, near=near)
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.go("New task")
    await console.choose_kind("Delivery")
    search = console.page.get_by_role("combobox", name=console.say("Find a known door"))
    await search.fill(DOORS[0])
    found = console.page.get_by_role("listbox").get_by_role("option")
    await found.filter(has_text=DOORS[0]).nth(1).wait_for()  # the last one is the address as a new one
    marked = console.page.get_by_role("listbox").get_by_role("option", selected=True)
    async with held(console.page, "**/v1/households?*q=*"):
        await search.fill(DOORS[1])
        await search.press("ArrowDown")
        await expect(marked).to_contain_text(DOORS[0])
    await found.filter(has_text=DOORS[1]).nth(1).wait_for()
    await expect(marked).to_have_count(0)


async def test_an_arrow_pressed_in_the_moment_in_which_doors_are_found_marks_the_first(
    district: District, desks: Desks
) -> None:
    await district.post_placed(DOORS[0])
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.go("New task")
    await console.choose_kind("Delivery")
    search = console.page.get_by_role("combobox", name=console.say("Find a known door"))
    await search.wait_for()
    await console.page.evaluate(_PRESS_ARROW_WHEN_FOUND)
    await search.fill("四川")
    marked = console.page.get_by_role("listbox").get_by_role("option", selected=True)
    await expect(marked).to_contain_text(DOORS[0])
    await search.press("Enter")
    await console.button("Choose another").wait_for()
