"""What goes wrong on phones: quick fingers, a full phone, a memory that fails, old browsers, wrong clocks, work taken away meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from playwright.async_api import expect

from tests.web.desks import PHONE, SMALL_PHONE, Desks, Size
from tests.web.district import District

DOOR = "四川北路1号"
_NO_ROOM = """() => {
  const add = IDBObjectStore.prototype.add;
  window.full = true;
  IDBObjectStore.prototype.add = function (...given) {
    if (window.full && this.name === "reports") throw new DOMException("full", "QuotaExceededError");
    return add.apply(this, given);
  };
}"""
_NO_MEMORY = "indexedDB.open = () => { throw new DOMException('no', 'UnknownError'); };"
_CLOCK_WRONG = """{
  const Right = Date;
  globalThis.Date = class extends Right {
    constructor(...given) { given.length ? super(...given) : super(Right.now() + AHEAD_MS); }
    static now() { return Right.now() + AHEAD_MS; }
  };
}"""
_PAGE_SENDS_ALONE = "delete ServiceWorkerRegistration.prototype.sync;"
_HEARS_NO_OTHER_TAB = "BroadcastChannel.prototype.addEventListener = () => {};"
_DAY_MS = 86_400_000


async def test_two_quick_taps_record_one_visit(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOOR, kind="temperature_check")
    phone = await desks.phone()
    await phone.log_in(district.members[1])
    await phone.next_door(DOOR)
    await phone.fill_in_temperature("36.6")
    await phone.tap_twice("All well")
    await phone.says_waiting(0)
    await district.until("SELECT status = 'completed' FROM tasks WHERE id = $1", task_id)
    assert len(await district.visits(task_id)) == 1


async def test_two_quick_taps_on_why_nobody_was_seen_count_as_one_attempt(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOOR)
    phone = await desks.phone()
    await phone.log_in(district.members[0])
    await phone.next_door(DOOR)
    await phone.begin_to_record()
    await phone.open_not_seen()
    await phone.tap_twice("Nobody there")
    await phone.says_waiting(0)
    await district.until("SELECT attempts = 1 FROM tasks WHERE id = $1", task_id)
    assert len(await district.visits(task_id)) == 1


async def test_a_phone_without_room_says_so_and_keeps_what_was_filled_in(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOOR, kind="temperature_check")
    phone = await desks.phone()
    await phone.log_in(district.members[1])
    await phone.next_door(DOOR)
    await phone.fill_in_temperature("36.6")
    await phone.page.evaluate(_NO_ROOM)
    await phone.tap("All well")
    await phone.says("This could not be kept on the phone. Free some of its storage and try again.")
    await phone.page.evaluate("window.full = false")
    await phone.tap("All well")
    await phone.says_waiting(0)
    await district.until("SELECT status = 'completed' FROM tasks WHERE id = $1", task_id)
    assert len(await district.visits(task_id)) == 1


async def test_a_browser_that_keeps_nothing_says_so(desks: Desks) -> None:
    phone = await desks.phone()
    await phone.page.context.add_init_script(_NO_MEMORY)
    await phone.page.reload()
    await phone.says(
        "This browser lets the page keep nothing on the phone: its storage is full, or the window is private."
    )
    await phone.button("Try again").wait_for()


async def test_half_a_log_in_link_still_leads_to_the_log_in(desks: Desks) -> None:
    phone = await desks.phone(fragment="#link=%E0%A4%A")
    await phone.says_the_link_is_used()
    await phone.phone_number_field().wait_for()


async def test_a_browser_of_two_years_ago_logs_in_and_hears_of_new_doors(district: District, desks: Desks) -> None:
    phone = await desks.phone()
    await phone.page.context.add_init_script("delete AbortSignal.any;")
    await phone.page.reload()
    await phone.log_in(district.members[0])
    await district.post_placed(DOOR)
    await phone.lists(DOOR)


@pytest.mark.parametrize("loaded_anew", [False, True])
async def test_a_task_taken_away_while_it_is_recorded_keeps_its_form_and_what_was_filled_in(
    loaded_anew: bool, districts: Callable[..., Awaitable[District]], desks: Desks
) -> None:
    district = await districts(teams=2)
    task_id = await district.post_placed(DOOR, kind="temperature_check")
    team_id = await district.conn.fetchval("SELECT team_id FROM tasks WHERE id = $1", task_id)
    mine = district.city.team_ids.index(team_id)
    phone = await desks.phone()
    await phone.log_in(district.members[3 * mine + 1])
    await phone.next_door(DOOR)
    await phone.fill_in_temperature("36.6")
    other = district.city.team_ids[1 - mine]
    await district.api.post(f"/v1/tasks/{task_id}/assign", {"team": str(other)}, expect=200)
    gone = "No longer with your team. What you record is kept all the same."
    await phone.says(gone)
    if loaded_anew:
        await phone.page.reload()
        await phone.says(gone)
    await phone.tap("All well")
    await phone.says_waiting(0)
    await district.until("SELECT status = 'completed' FROM tasks WHERE id = $1", task_id)
    (visit,) = await district.visits(task_id)
    assert visit["result"] == {"temperature_c": 36.6, "method": "forehead"}
    assert visit["needs_review"] == []


@pytest.mark.parametrize("days", [1, -1])
async def test_a_phone_whose_clock_is_a_day_off_tells_and_sends_the_right_time(
    days: int, district: District, desks: Desks
) -> None:
    task_id = await district.post_placed(DOOR)
    phone = await desks.phone()
    await phone.page.context.add_init_script(_CLOCK_WRONG.replace("AHEAD_MS", str(days * _DAY_MS)))
    await phone.page.context.add_init_script(_PAGE_SENDS_ALONE)  # the service worker's clock is right
    await phone.page.reload()
    await phone.log_in(district.members[0])
    await phone.next_door(DOOR)
    await phone.lose_signal()
    await phone.record_delivery()
    await phone.says("Just recorded")
    await phone.get_signal()
    await phone.says_waiting(0)
    (visit,) = await district.visits(task_id)
    assert abs(visit["corrected_at"] - visit["received_at"]) < timedelta(minutes=1)


async def test_another_tab_shows_who_is_logged_in_now_and_nothing_of_who_was(district: District, desks: Desks) -> None:
    await district.post_placed(DOOR)
    first, second = district.members[0], district.members[1]
    phone = await desks.phone()
    await phone.log_in(first)
    await phone.next_door(DOOR)
    other = await phone.another_tab()
    await other.go_to("Me")
    await other.is_of(first)
    await phone.log_out()
    await other.phone_number_field().wait_for()
    await phone.log_in(second)
    await other.is_of(second)
    await asyncio.gather(phone.next_door(DOOR), other.next_door(DOOR))


async def test_a_link_of_another_member_takes_the_phone_over_and_sends_nothing_of_the_first(
    district: District, desks: Desks
) -> None:
    task_id = await district.post_placed(DOOR)
    first, second = district.members[0], district.members[1]
    phone = await desks.phone()
    await phone.page.route("**/v1/me/reports", lambda route: route.abort())  # the link is quicker than the queue
    await phone.page.context.add_init_script(_PAGE_SENDS_ALONE)
    await phone.page.reload()
    await phone.log_in(first)
    await phone.next_door(DOOR)
    await phone.lose_signal()
    await phone.record_delivery()
    await phone.says_waiting(1)
    made = await district.api.post(f"/v1/members/{second.id}/links", {})
    await phone.get_signal()
    await phone.page.evaluate("hash => { location.hash = hash; }", f"link={made['link_token']}")
    await phone.go_to("Me")
    await phone.is_of(second)
    await phone.page.unroute("**/v1/me/reports")
    await phone.set_duty("Break")  # the second one's own report goes out
    await district.until("SELECT duty = 'break' FROM members WHERE id = $1", second.id)
    assert await district.visits(task_id) == []
    await phone.log_out()
    await phone.log_in(first)
    await district.until("SELECT count(*) = 1 FROM visits WHERE task_id = $1", task_id)
    (visit,) = await district.visits(task_id)
    assert visit["member_id"] == first.id


async def test_a_tab_that_slept_while_another_member_logged_in_shows_them_when_it_is_looked_at(
    district: District, desks: Desks
) -> None:
    await district.post_placed(DOOR)
    first, second = district.members[0], district.members[1]
    phone = await desks.phone()
    await phone.log_in(first)
    await phone.page.context.add_init_script(_HEARS_NO_OTHER_TAB)
    other = await phone.another_tab()
    await other.go_to("Me")
    await other.is_of(first)
    await phone.log_out()
    await phone.log_in(second)
    await other.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(other.page.get_by_role("heading", level=1)).to_contain_text(second.name)


async def test_what_was_typed_at_one_attempt_is_not_found_at_the_next(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOOR, kind="temperature_check")
    phone = await desks.phone()
    await phone.log_in(district.members[1])
    await phone.next_door(DOOR)
    await phone.fill_in_temperature("36.6")
    await phone.go_to("Route")
    await district.conn.execute("UPDATE tasks SET attempts = 1 WHERE id = $1", task_id)
    await phone.page.reload()
    await phone.open_door(DOOR)
    await phone.says("Attempt {n} of {m}")
    await phone.tap("Record")
    await expect(phone.temperature_field()).to_have_value("")


@pytest.mark.parametrize("size", [PHONE, SMALL_PHONE])
async def test_letters_twice_as_large_leave_everything_in_reach(size: Size, district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOOR, kind="temperature_check", subject={"name": "陈桂兰"})
    phone = await desks.phone(size=size)
    await phone.make_letters_larger()
    await phone.log_in(district.members[1])
    await phone.next_door(DOOR)
    await phone.fits_across()
    await phone.fill_in_temperature("36.6")
    await phone.fits_across()
    await phone.tap("All well")
    await district.until("SELECT status = 'completed' FROM tasks WHERE id = $1", task_id)


async def test_doors_accepted_without_signal_are_kept_though_one_of_them_moved_away(
    districts: Callable[..., Awaitable[District]], desks: Desks
) -> None:
    district = await districts(teams=2)
    tasks = [await district.post(f"四川北路{number}号", near=number) for number in range(1, 4)]
    mine, other = district.city.team_ids
    for task_id in tasks:
        await district.api.post(f"/v1/tasks/{task_id}/assign", {"team": str(mine)}, expect=200)
    phone = await desks.phone()
    await phone.log_in(district.members[0])
    for number in range(1, 4):
        await phone.lists(f"四川北路{number}号")
    await phone.lose_signal()
    await phone.accept_next(3)
    await phone.says_waiting(3)
    await district.api.post(f"/v1/tasks/{tasks[1]}/assign", {"team": str(other)}, expect=200)
    await phone.get_signal()
    await phone.says_waiting(0)
    await phone.says("1 report needs a look.")
    assert await district.status(tasks[0]) == await district.status(tasks[2]) == "accepted"
