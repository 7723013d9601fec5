"""The console's board and its tasks: live, filtered, explained, and changed by hand."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from playwright.async_api import expect

from shared.domain.clock import utc_now
from tests.web.browsers import held, token_of
from tests.web.desks import Desks
from tests.web.district import SECRET, District

DOORS = ("四川北路1号", "四川北路2号", "四川北路3号")


async def test_a_coordinator_logs_in_and_a_wrong_secret_is_refused(district: District, desks: Desks) -> None:
    console = await desks.console()
    await console.try_to_log_in(district.coordinator, "something else")
    await console.page.get_by_role("alert").wait_for()
    await console.log_in(district.coordinator)
    await console.page.reload()
    await console.tasks().wait_for()  # the cookie keeps the log-in


async def test_the_list_follows_without_a_reload(district: District, desks: Desks) -> None:
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.says("No open tasks.")
    task_id = await district.post(DOORS[0])
    await console.lists(DOORS[0])
    await expect(console.row(DOORS[0])).to_contain_text(console.say("assigned", whole=False))
    await district.api.post(f"/v1/tasks/{task_id}/cancel", {"reason": "no longer needed"}, expect=200)
    await console.lists_no_more(DOORS[0])


async def test_what_is_wrong_stands_on_top_and_leads_to_its_tasks(district: District, desks: Desks) -> None:
    now = utc_now()
    due = {"earliest": (now - timedelta(hours=2)).isoformat(), "due_at": (now - timedelta(minutes=20)).isoformat()}
    await district.post_placed(DOORS[0], **due)
    await district.post_placed(DOORS[1])
    await district.post("四川北路999号", kind="psychological_support", needs=["sign_language"])
    console = await desks.console()
    await console.log_in(district.coordinator)
    wrong = console.wrong_now()
    await wrong.get_by_role("button", name=console.say("overdue", whole=False)).click()
    await console.lists(DOORS[0])
    await console.lists_no_more(DOORS[1])
    await wrong.get_by_role("button", name=console.say("wait: a capability is missing", whole=False)).click()
    await console.lists("四川北路999号")
    await console.lists_no_more(DOORS[0])
    await expect(wrong).to_contain_text("team-0")  # its phones were never heard


async def test_filters_narrow_the_list(district: District, desks: Desks) -> None:
    await district.post_placed(DOORS[0], subject={"name": "陈桂兰", "phone": "+8613800138000"})
    await district.post_placed(DOORS[1], kind="door_sensor_check", near=1)
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.choose("Kind", "Door sensor check")
    await console.lists_no_more(DOORS[0])
    await console.lists(DOORS[1])
    await console.button("Clear filters").click()
    await console.lists(DOORS[0])
    await console.page.get_by_role("searchbox").first.fill("陈桂兰")
    await console.lists_no_more(DOORS[1])
    await console.lists(DOORS[0])


async def test_a_task_says_why_this_team_and_why_it_waits(district: District, desks: Desks) -> None:
    await district.post_placed(DOORS[0])
    await district.post(DOORS[1], needs=["sign_language"])
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.open(DOORS[0])
    await console.says("Why this team")
    await console.shows("team-0")
    await console.open(DOORS[1])
    await console.says("Why it waits")
    await console.shows("sign_language")


async def test_a_task_is_edited_and_its_history_tells(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOORS[0])
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.open(DOORS[0])
    await console.button("Edit").click()
    await console.field("Instructions").fill("轻声敲门")
    await console.button("Save").click()
    await district.until("SELECT instructions = '轻声敲门' FROM tasks WHERE id = $1", task_id)
    await console.shows("轻声敲门")
    await console.says("Changed: {what}")


async def test_a_task_is_cancelled_with_its_reason(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOORS[0])
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.open(DOORS[0])
    await console.button("Cancel task…").click()
    await console.dialog().get_by_text(console.say("Entered twice")).click()
    await console.dialog().get_by_role("button", name=console.say("Cancel task")).click()
    await district.until("SELECT status = 'cancelled' FROM tasks WHERE id = $1", task_id)
    await console.lists_no_more(DOORS[0])


async def test_a_task_is_taken_back_and_placed_anew(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOORS[0])
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.open(DOORS[0])
    await console.button("Take back…").click()
    await console.dialog().get_by_role("button", name=console.say("Take back")).click()
    await district.until(
        "SELECT EXISTS (SELECT FROM assignments WHERE task_id = $1 AND end_reason = 'released')", task_id
    )
    await console.shows("Taken from|Taken back")


async def test_giving_a_task_to_a_team_shows_what_it_does_to_that_walk_first(
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
    await console.dialog().get_by_text(f"team-{other}").first.click()
    await console.says("Added travel")
    assert await district.conn.fetchval("SELECT team_id FROM tasks WHERE id = $1", task_id) == has_it
    await console.dialog().get_by_role("button", name=console.say("Give to {team}")).click()
    await district.until(
        "SELECT EXISTS (SELECT FROM assignments WHERE task_id = $1 AND team_id = $2 AND pinned AND ended_at IS NULL)",
        task_id,
        district.city.team_ids[other],
    )


async def test_several_tasks_are_cancelled_at_once(district: District, desks: Desks) -> None:
    for number, door in enumerate(DOORS):
        await district.post_placed(door, near=number)
    console = await desks.console()
    await console.log_in(district.coordinator)
    for door in DOORS[:2]:
        await console.tick(door)
    await console.button("Cancel…").click()
    await console.dialog().get_by_text(console.say("No longer needed")).click()
    await console.dialog().get_by_role("button", name=console.say("Cancel {n} tasks")).click()
    await district.until("SELECT count(*) = 2 FROM tasks WHERE district_id = $1 AND status = 'cancelled'", district.id)
    await console.lists(DOORS[2])
    await console.lists_no_more(DOORS[0])


async def test_an_auditor_sees_everything_and_changes_nothing(district: District, desks: Desks) -> None:
    await district.post_placed(DOORS[0])
    console = await desks.console()
    await console.log_in(district.auditor)
    await console.lists(DOORS[0])
    await console.says("Read only")
    await console.open(DOORS[0])
    for action in ("Edit", "Cancel task…", "Take back…", "Give to another team…"):
        await expect(console.page.get_by_role("button", name=console.say(action))).to_have_count(0)
    await expect(console.page.get_by_role("checkbox", name=console.say("Tick this task"))).to_have_count(0)
    await expect(console.page.get_by_role("link", name=console.say("New task"))).to_have_count(0)
    await expect(console.page.get_by_role("link", name=console.say("Import"))).to_have_count(0)


async def test_a_log_in_that_ends_in_the_middle_of_work_keeps_what_was_typed(district: District, desks: Desks) -> None:
    await district.post_placed(DOORS[0])
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.open(DOORS[0])
    await console.button("Edit").click()
    await console.field("Instructions").fill("轻声敲门")
    async with held(console.page, "**/v1/tasks/*"):  # else the board, which asks by itself, may meet the end first
        await console.button("Save").click()
        await district.expire(district.coordinator, await token_of(console.page))
    await console.says("Your log-in has ended. What you have typed is still here.")
    await console.dialog().get_by_label(console.say("Secret")).fill(SECRET)
    await console.dialog().get_by_role("button", name=console.say("Log in", whole=False)).click()
    await expect(console.dialog()).to_have_count(0)
    await expect(console.field("Instructions")).to_have_value("轻声敲门")
    await console.button("Save").click()
    await console.shows("轻声敲门")
