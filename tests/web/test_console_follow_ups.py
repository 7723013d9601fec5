"""Follow-ups at the desk: begun, looked at day by day, changed, converted and ended; the day's ledger; protocols made and used."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from shared.domain.clock import utc_now
from shared.domain.intake import HouseholdDraft
from shared.domain.wall_clock import day_of
from tests.city import LAT, LON
from tests.web.console_page import ConsolePage
from tests.web.desks import DESK, SMALL_PHONE, Desks
from tests.web.district import District
from tests.web.followed import follow
from tests.web.judges import look, too_wide
from tests.web.test_hostile_words import HOSTILE
from tests.web.test_keyboard_only import tab_to
from tests.web.words import Language

LANGUAGES: tuple[Language, ...] = ("en", "zh")
DOOR = "柳荫街5号2单元201室"
SHANGHAI = ZoneInfo("Asia/Shanghai")
ISOLATION = {"en": "Home isolation", "zh": "居家隔离"}


def today(days: int = 0) -> str:
    return (day_of(utc_now(), "Asia/Shanghai") + timedelta(days=days)).isoformat()


async def followed(district: District, name: str = "赵敏", **given: Any) -> str:
    """Somebody under home isolation for four days, of whom two occurrences were missed."""
    given.setdefault("missed", {(2, 16), (4, 8)})
    door = HouseholdDraft(address=given.pop("address", DOOR), lat=LAT, lon=LON)
    return str(await follow(district.conn, district.id, district.members[1].id, name=name, door=door, **given))


async def task_due_now(district: District) -> UUID:
    """A team's task of a follow-up of 赵敏 that the coordinator begins, with one line that opened a minute ago."""
    opens = (utc_now() - timedelta(minutes=1)).astimezone(SHANGHAI)
    body = {
        "subject": {"name": "赵敏", "phone": "+8613900000001"},
        "household": {"address": DOOR, "lat": LAT, "lon": LON},
        "first_day": opens.date().isoformat(),
        "last_day": (opens.date() + timedelta(days=2)).isoformat(),
        "lines": [{"kind": "temperature_check", "times": [f"{opens:%H:%M}"]}],
    }
    plan = (await district.api.post("/v1/follow-ups", body))["id"]
    first = "FROM follow_up_occurrences o JOIN tasks t ON t.id = o.task_id WHERE o.follow_up_id = $1 AND o.day = 1"
    await district.until(f"SELECT count(t.team_id) = 1 {first}", UUID(plan))
    task_id: UUID = await district.conn.fetchval(f"SELECT t.id {first}", UUID(plan))
    return task_id


async def opened(district: District, desks: Desks, language: Language = "en") -> ConsolePage:
    console = await desks.console(language=language)
    await console.log_in(district.coordinator)
    await console.go("People")
    await console.button("Start a follow-up").wait_for()
    return console


async def on_page_of(console: ConsolePage, name: str) -> None:
    await console.page.get_by_role("link", name=name).click()
    await console.page.get_by_role("heading", name=console.say("Day by day")).wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_follow_up_is_begun_for_somebody_new_and_listed_by_itself(
    district: District, desks: Desks, language: Language
) -> None:
    console = await opened(district, desks, language)
    beside = await opened(district, desks, language)
    await beside.says("Nobody is followed up yet.")
    await console.button("Start a follow-up").click()
    dialog = console.dialog()
    start = dialog.get_by_role("button", name=console.say("Start"))
    await start.click()
    await console.says("Say who.")
    await dialog.get_by_role("button", name=console.say("Another person")).click()
    await start.click()
    await console.says("Give a name or a phone number.")
    await console.says("Visits need a home.")
    await dialog.get_by_label(console.say("Name")).fill("王芳")
    await dialog.get_by_role("button", name=console.say("New address")).click()
    await dialog.get_by_label(console.say("Address")).fill(DOOR)
    await dialog.get_by_label(console.say("Latitude")).fill(str(LAT))
    await dialog.get_by_label(console.say("Longitude")).fill(str(LON))
    await dialog.get_by_label(console.say("Protocol")).select_option("home_isolation")
    await expect(dialog.get_by_label(console.say("Last day"))).to_have_value(today(13))
    await dialog.get_by_label(console.say("First day")).fill(today(1))
    await expect(dialog.get_by_label(console.say("Last day"))).to_have_value(today(14))
    await start.click()
    await console.page.get_by_role("heading", name="王芳").wait_for()
    await expect(console.page.locator(".days tbody tr")).to_have_count(14)
    await beside.page.get_by_role("row").filter(has_text="王芳").filter(has_text=ISOLATION[language]).wait_for()
    told = await district.conn.fetchrow("SELECT * FROM follow_ups WHERE district_id = $1", district.id)
    assert told is not None
    assert (str(told["first_day"]), str(told["last_day"])) == (today(1), today(14))


async def test_somebody_known_keeps_the_home_and_is_followed_up_once(district: District, desks: Desks) -> None:
    await followed(district)
    console = await opened(district, desks)
    await console.button("Start a follow-up").click()
    await console.find("Find a known person", "赵敏", "+86139")
    dialog = console.dialog()
    await dialog.get_by_text(DOOR).wait_for()
    await dialog.get_by_label("Protocol").select_option("health_monitoring")
    await dialog.get_by_role("button", name="Start", exact=True).click()
    await console.says("The person is under follow-up already.")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_days_say_what_was_done_missed_and_is_to_come(
    district: District, desks: Desks, language: Language
) -> None:
    await followed(district)
    console = await opened(district, desks, language)
    await console.shows("赵敏")
    await on_page_of(console, "赵敏")
    grid = console.page.locator(".days")
    temperature = {"en": "Temperature check", "zh": "体温测量"}[language]
    said = {
        "en": [f"{temperature}, day 1, 08:00: done", f"{temperature}, day 2, 16:00: missed"],
        "zh": [f"{temperature}，第 1 天 08:00：已做", f"{temperature}，第 2 天 16:00：漏做"],
    }[language]
    for words in said:
        await grid.get_by_role("link", name=words).wait_for()
    await expect(grid.locator("[aria-current=date]")).to_contain_text({"en": "today", "zh": "今天"}[language])
    row = grid.get_by_role("row").filter(has=console.page.get_by_role("link", name=said[1]))
    await expect(row).to_contain_text({"en": "1 of 2", "zh": "1/2"}[language])
    await grid.get_by_role("link", name=said[1]).click()
    await console.page.get_by_role("heading", name=temperature).wait_for()
    await console.link("Open the follow-up").click()
    await console.page.get_by_role("heading", name="赵敏").wait_for()


async def test_a_visit_turns_up_in_the_days_by_itself(district: District, desks: Desks) -> None:
    task_id = await task_due_now(district)
    console = await opened(district, desks)
    await on_page_of(console, "赵敏")
    sign = console.page.locator(f".days a[href='#/task/{task_id}']")
    await expect(sign).to_have_attribute("aria-label", re.compile("open now$"))
    await district.record(task_id, district.members[1], {"temperature_c": 36.5, "method": "forehead"})
    await expect(sign).to_have_attribute("aria-label", re.compile("done$"))


async def test_what_is_due_and_the_last_day_are_changed_and_read_out(district: District, desks: Desks) -> None:
    plan = await followed(district)
    console = await opened(district, desks)
    await on_page_of(console, "赵敏")
    await console.button("Change").click()
    dialog = console.dialog()
    await dialog.get_by_label("Last day").fill(today(-9))
    await dialog.get_by_role("button", name="Save").click()
    await console.says("Give a day not before the first day.")
    await dialog.get_by_label("Last day").fill(today(3))
    first = dialog.get_by_role("group", name="Line 1")
    await first.get_by_label("Times").fill("soon")
    await dialog.get_by_role("button", name="Save").click()
    await console.says("Write times such as 08:00, 16:00.")
    await first.get_by_label("Times").fill("7:30 20")
    await first.get_by_label("On which days").select_option("every")
    await first.get_by_label("Every how many days").fill("2")
    await dialog.get_by_text("Temperature check: every other day at 07:30 and 20:00").wait_for()
    await dialog.get_by_role("button", name="Save").click()
    await console.says("Changed from now on.")
    await expect(console.page.locator(".people__facts")).to_contain_text("every other day at 07:30 and 20:00")
    row = await district.conn.fetchrow("SELECT last_day, version FROM follow_ups WHERE id = $1", plan)
    assert row is not None
    assert str(row["last_day"]) == today(3)


async def test_of_two_who_change_at_once_the_second_looks_again(district: District, desks: Desks) -> None:
    plan = await followed(district)
    console = await opened(district, desks)
    await on_page_of(console, "赵敏")
    await console.button("Change").click()
    dialog = console.dialog()
    await dialog.get_by_label("Last day").fill(today(3))
    await district.api.patch(f"/v1/follow-ups/{plan}", {"last_day": today(20)})
    await dialog.get_by_role("button", name="Save").click()
    await console.says(
        "Somebody else has changed this follow-up. Start from how it is now; what you have changed here is lost."
    )
    await dialog.get_by_role("button", name="Start from how it is now").click()
    await expect(dialog.get_by_label("Last day")).to_have_value(today(20))
    await dialog.get_by_label("Last day").fill(today(4))
    await dialog.get_by_role("button", name="Save").click()
    await console.says("Changed from now on.")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_follow_up_goes_on_by_another_protocol_and_ends_with_a_reason(
    district: District, desks: Desks, language: Language
) -> None:
    await followed(district)
    console = await opened(district, desks, language)
    await on_page_of(console, "赵敏")
    await console.button("Change the protocol").click()
    dialog = console.dialog()
    convert = dialog.get_by_role("button", name=console.say("Change the protocol"))
    await convert.click()
    await console.says("Choose a protocol.")
    await dialog.get_by_label(console.say("Protocol")).select_option("fever_watch")
    await convert.click()
    await console.says("It goes on by the new protocol.")
    await console.link("the follow-up before this one").wait_for()
    await console.button("End").click()
    await console.dialog().get_by_label(console.say("Cancelled: it was not needed")).check()
    await console.button("End the follow-up").click()
    await console.says("Say why in a few words.")
    await console.dialog().get_by_label(console.say("Why")).fill("已搬走")
    await console.button("End the follow-up").click()
    await console.says("The follow-up has ended.")
    await expect(console.page.locator(".people__facts")).to_contain_text("已搬走")
    await expect(console.page.get_by_role("button", name=console.say("Change"))).to_have_count(0)
    states = await district.conn.fetch("SELECT status FROM follow_ups WHERE district_id = $1 ORDER BY id", district.id)
    assert [row["status"] for row in states] == ["converted", "cancelled"]


async def test_the_list_is_narrowed_and_counts_who_lacks_something(district: District, desks: Desks) -> None:
    await followed(district)
    await followed(district, name="李明", address="长江路9号", protocol="health_monitoring")
    console = await opened(district, desks)
    counts = console.page.get_by_role("region", name=console.say("Today"))
    await expect(counts).to_contain_text("2 under follow-up")
    rows = console.page.get_by_role("rowheader")
    await expect(rows).to_have_count(2)
    await console.field("Search by name, phone or address").fill("长江路")
    await expect(rows).to_have_count(1)
    await console.field("Search by name, phone or address").fill("")
    await console.page.get_by_role("combobox", name="Protocol").select_option("home_isolation")
    await expect(rows).to_have_count(1)
    await console.page.get_by_role("combobox", name="Status").select_option("lost")
    await console.says("Nobody is like that.")


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_days_ledger_says_who_lacks_what(district: District, desks: Desks, language: Language) -> None:
    await followed(district)
    await followed(district, name="李明", address="长江路9号", missed=())
    console = await opened(district, desks, language)
    await console.link("Day's ledger").click()
    await expect(console.page.get_by_role("rowheader")).to_have_count(2)
    await console.field("Day").fill(today(-3))
    await console.page.wait_for_url(f"**#/people/ledger/{today(-3)}")
    lacking = console.page.get_by_role("row").filter(has_text="赵敏")
    await expect(lacking).to_contain_text({"en": "1 of 2", "zh": "1/2"}[language])
    await console.page.get_by_label(console.say("Only who lacks something")).check()
    await expect(console.page.get_by_role("rowheader")).to_have_count(1)
    await console.page.get_by_role("link", name="赵敏").click()
    await console.page.get_by_role("heading", name=console.say("Day by day")).wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_protocol_is_made_told_in_plain_words_and_used(
    district: District, desks: Desks, language: Language
) -> None:
    console = await opened(district, desks, language)
    await console.set_up("Protocols")
    await console.button("Add a protocol").click()
    dialog = console.dialog()
    save = dialog.get_by_role("button", name=console.say("Save"))
    await save.click()
    await console.says("Choose a kind.")
    await dialog.get_by_label(console.say("Name in Chinese")).first.fill("产后访视")
    await dialog.get_by_label(console.say("Name in English")).first.fill("After a birth")
    await dialog.get_by_label(console.say("Days")).first.fill("10")
    line = dialog.get_by_role("group", name=console.say("Line {n}")).first
    await line.get_by_label(console.say("Kind")).select_option("delivery")
    await line.get_by_label(console.say("Times")).fill("9")
    await line.get_by_label(console.say("On which days")).select_option("chosen")
    await line.get_by_label(console.say("Days")).fill("1, 4, -1")
    words = {"en": "on the first day, day 4 and the last day at 09:00", "zh": "第一天、第 4 天和最后一天 09:00"}[
        language
    ]
    await dialog.get_by_text(words).wait_for()
    await expect(dialog.get_by_role("region", name=console.say("The days")).get_by_role("listitem")).to_have_count(5)
    await save.click()
    await console.says("Letters and digits without spaces.")
    await dialog.get_by_label(console.say("Code")).first.fill("after_birth")
    await save.click()
    await console.says("Saved.")
    await console.page.get_by_role("row").filter(has_text="after_birth").filter(has_text=words).wait_for()
    await console.go("People")
    await console.button("Start a follow-up").click()
    await console.dialog().get_by_label(console.say("Protocol")).select_option("after_birth")
    await console.dialog().get_by_text(words).wait_for()


async def test_hostile_words_are_text_on_the_pages_of_people(district: District, desks: Desks) -> None:
    for number, text in enumerate(HOSTILE):
        await followed(district, name=f"{number} {text[:150]}", address=f"柳荫街{number}号 {text[:300]}")
    console = await opened(district, desks)
    for place in ("#/people/follow-ups", "#/people/ledger"):
        await console.page.goto(f"{console.page.url.partition('#')[0]}{place}")
        await expect(console.page.get_by_role("rowheader")).to_have_count(len(HOSTILE))
        assert await console.page.locator("img[src=x]").count() == 0
        assert await too_wide(console.page) == []
        await look(console.page, SMALL_PHONE, "light")
        assert await console.page.evaluate("document.documentElement.scrollHeight <= innerHeight"), "it scrolls twice"
        await look(console.page, DESK, "light")
    await console.page.get_by_role("rowheader").last.get_by_role("link").click()
    await console.page.get_by_role("heading", name=console.say("Day by day")).wait_for()
    assert await console.page.locator("img[src=x]").count() == 0
    assert await too_wide(console.page) == []


async def test_an_auditor_looks_and_changes_nothing(district: District, desks: Desks) -> None:
    await followed(district)
    console = await desks.console()
    await console.log_in(district.auditor)
    await console.go("People")
    await on_page_of(console, "赵敏")
    await expect(console.page.get_by_role("button", name=console.say("End"))).to_have_count(0)


async def test_a_follow_up_is_ended_by_keyboard_alone(district: District, desks: Desks) -> None:
    await followed(district)
    console = await opened(district, desks)
    page, keys = console.page, console.page.keyboard
    await page.get_by_role("link", name="赵敏").wait_for()
    await tab_to(page, "赵敏")
    await keys.press("Enter")
    await page.get_by_role("heading", name="Day by day").wait_for()
    await tab_to(page, "^End$")
    await keys.press("Enter")
    await tab_to(page, "Completed: nothing more")
    await keys.press("ArrowDown")
    await tab_to(page, "^Why")
    await keys.type("moved away")
    await keys.press("Enter")
    await console.says("The follow-up has ended.")
    assert await district.conn.fetchval("SELECT status FROM follow_ups WHERE district_id = $1", district.id) == "lost"
