"""Figures at the desk: what a district did day by day, for eyes, ears, the keyboard and spreadsheets."""

import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import expect

from shared.domain.clock import utc_now
from shared.domain.wall_clock import day_of
from tests.many_visits import make_visits
from tests.web.browsers import until
from tests.web.console_page import ConsolePage
from tests.web.desks import DESK, SMALL_PHONE, Desks
from tests.web.district import District
from tests.web.judges import accessibility, look, too_wide
from tests.web.words import Language

VISITS, DAYS = 800, 10


async def opened(district: District, desks: Desks, language: Language = "en") -> ConsolePage:
    """The figures of a district that has worked for ten days."""
    await make_visits(district.conn, VISITS, until=utc_now(), days=DAYS, district_id=district.id)
    console = await desks.console(language=language)
    await console.log_in(district.coordinator)
    await console.go("Figures")
    await console.page.get_by_role("region", name=console.say("Day by day")).wait_for()
    return console


async def test_a_row_a_day_and_all_days_together(district: District, desks: Desks) -> None:
    console = await opened(district, desks)
    table = console.page.get_by_role("region", name=console.say("Day by day"))
    await expect(table.get_by_role("row")).to_have_count(1 + 14 + 1)
    await expect(table.get_by_role("row").last).to_contain_text(f"{VISITS}")
    await expect(table.get_by_role("row").last).to_contain_text("90%")
    await console.page.get_by_role("button", name="7 days").click()
    await expect(table.get_by_role("row")).to_have_count(1 + 7 + 1)
    today = day_of(utc_now(), "Asia/Shanghai")
    assert console.page.url.endswith(f"#/figures/{today - timedelta(days=6)}/{today}")
    await console.page.reload()
    await expect(table.get_by_role("row")).to_have_count(1 + 7 + 1)


async def test_days_are_typed_and_what_is_wrong_with_them_is_said(district: District, desks: Desks) -> None:
    console = await opened(district, desks)
    today = day_of(utc_now(), "Asia/Shanghai")
    await console.field("From").fill(str(today - timedelta(days=200)))
    await console.page.keyboard.press("Enter")
    await console.says("At most {n} days at once.")
    await console.field("From").fill(str(today - timedelta(days=2)))
    await console.field("To").fill(str(today - timedelta(days=1)))
    await console.button("Show").click()
    table = console.page.get_by_role("region", name=console.say("Day by day"))
    await expect(table.get_by_role("row")).to_have_count(1 + 2 + 1)


async def test_charts_are_told_in_words(district: District, desks: Desks) -> None:
    console = await opened(district, desks)
    await expect(
        console.page.get_by_role("img", name=re.compile(r"^On time, day by day from .*: least \d+ ?%"))
    ).to_be_visible()
    await expect(
        console.page.get_by_role("img", name=re.compile("^Seen of followed: nothing to count"))
    ).to_be_visible()


async def test_who_did_how_much_is_shown_per_team_and_per_member(district: District, desks: Desks) -> None:
    console = await opened(district, desks)
    teams = console.page.get_by_role("region", name=console.say("Visits per team"))
    await expect(teams.get_by_role("row").nth(1)).to_contain_text(f"{VISITS}")
    members = console.page.get_by_role("region", name=console.say("Visits per member"))
    for person in district.members:
        await expect(members.get_by_role("row").filter(has_text=person.name)).to_contain_text(f"{VISITS}")


async def test_tables_are_downloaded(district: District, desks: Desks, tmp_path: Path) -> None:
    console = await opened(district, desks)
    for name, rows in (("Days (CSV)", 14), ("Members (CSV)", 14 * 3), ("All visits (CSV)", VISITS)):
        async with console.page.expect_download() as coming:
            await console.button(name).click()
        download = await coming.value
        assert re.fullmatch(r"(figures-days|figures-members|visits)-\d{8}T\d{6}Z\.csv", download.suggested_filename)
        await download.save_as(tmp_path / "table.csv")
        text = (tmp_path / "table.csv").read_text(encoding="utf-8-sig")
        assert len(list(csv.DictReader(io.StringIO(text, newline="")))) == rows


async def test_each_figure_says_what_it_means_by_keyboard_too(district: District, desks: Desks) -> None:
    console = await opened(district, desks)
    await console.page.get_by_text(console.say("What the figures mean")).focus()
    await console.page.keyboard.press("Enter")
    await console.says("Tasks taken in that day.")
    await look(console.page, SMALL_PHONE, "light")
    await console.page.get_by_role("region", name=console.say("Day by day")).focus()
    await until(console.page, "document.activeElement.scrollWidth > document.activeElement.clientWidth")
    await console.page.keyboard.press("ArrowRight")
    await until(console.page, "document.activeElement.scrollLeft > 0")


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_everybody_can_use_the_figures_in_any_light_on_any_screen(
    district: District, desks: Desks, language: Language
) -> None:
    console = await opened(district, desks, language)
    await console.page.get_by_text(console.say("What the figures mean")).click()
    found = []
    for scheme in ("light", "dark"):
        await look(console.page, DESK, scheme)
        found += await accessibility(console.page)
    await look(console.page, SMALL_PHONE, "dark")
    found += [*await accessibility(console.page), *await too_wide(console.page)]
    assert not found, "\n".join(found)
