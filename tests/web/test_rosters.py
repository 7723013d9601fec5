"""Rosters at the desk and suits on the phone: who must rest is seen, weeks come in as tables, a stand-in is found."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.async_api import expect

from shared.domain.clock import utc_now
from tests.city import add_member
from tests.web.desks import Desks
from tests.web.district import District

HOUR = timedelta(hours=1)


async def _plan(district: District, starts_at: datetime) -> None:
    body = {"team_id": str(district.city.team_ids[0]), "starts_at": starts_at, "ends_at": starts_at + 8 * HOUR}
    await district.api.post("/v1/shifts", body)


async def test_the_week_marks_a_shift_in_which_somebody_must_rest(district: District, desks: Desks) -> None:
    zone = ZoneInfo("Asia/Shanghai")
    monday = utc_now().astimezone(zone).replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=14)
    await _plan(district, monday)
    await _plan(district, monday + 10 * HOUR)
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.set_up("Shifts")
    for _ in range(2):
        await console.button("Week after").click()
    words = console.say("must rest: {n}", whole=False)
    block = console.page.get_by_role("button", name=words)
    await expect(block).to_have_count(1)
    await block.click()
    name = district.members[0].name
    await expect(console.dialog().get_by_text(re.compile(name))).to_be_visible()
    await console.close_dialog()


async def test_a_table_of_a_week_is_looked_at_and_taken_in(district: District, desks: Desks, tmp_path: Path) -> None:
    day = f"{utc_now() + timedelta(days=14):%Y-%m-%d}"
    doctor = district.members[1]
    file = tmp_path / "roster.csv"
    file.write_text(
        f"team,from,until,doctor,break\nteam-0,{day} 08:00,{day} 16:00,{doctor.phone},30\nteam-9,{day} 08:00,{day} 16:00,,\n"
    )
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.set_up("Shifts")
    await console.link("Import a table").click()
    await console.page.locator("input[type=file]").set_input_files(file)
    send = console.page.get_by_role("button", name=console.say("Send the {n} good rows"))
    await send.wait_for()
    count = "SELECT count(*) FROM shifts WHERE district_id = $1 AND break_s = 1800"
    assert await district.conn.fetchval(count, district.id) == 0
    await send.click()
    await console.says("Done.")
    assert await district.conn.fetchval(count, district.id) == 1
    await console.says("{n} rows not taken")
    await console.link("To the week").click()
    await console.button("Plan shifts").wait_for()


async def test_a_stand_in_is_chosen_among_those_who_are_free(district: District, desks: Desks) -> None:
    free = await add_member(district.conn, district.id, "grid_worker")
    await district.conn.execute("UPDATE members SET name = '闲着的' WHERE id = $1", free)
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.set_up("Teams")
    await console.page.get_by_role("button", name=console.say("People of {name}", whole=False)).first.click()
    await console.dialog().get_by_role("button", name=console.say("Let somebody stand in")).click()
    await expect(console.dialog().get_by_role("button", name=re.compile("闲着的"))).to_be_visible()
    choices = console.dialog().locator(".setup__option")
    await expect(choices).to_have_count(1)
    await console.dialog().get_by_label(console.say("Only who is free then and has had the rest")).uncheck()
    await expect(choices.nth(1)).to_be_visible()


async def test_a_member_says_that_the_suit_goes_on_and_off(district: District, desks: Desks) -> None:
    phone = await desks.phone()
    doctor = district.members[1]
    await phone.log_in(doctor)
    await phone.go_to("Me")
    worn = "SELECT suit_since IS NOT NULL FROM members WHERE id = $1"
    await phone.tap("I put it on")
    await phone.says("Take it off by {time}.")
    await district.until(worn, doctor.id)
    await phone.tap("I took it off")
    await district.until(f"SELECT NOT ({worn})", doctor.id)
    await phone.tap("I put it on")
    await district.until(worn, doctor.id)
    await district.conn.execute(
        "UPDATE members SET suit_since = suit_since - interval '5 hours' WHERE id = $1", doctor.id
    )
    await phone.page.reload()
    await phone.go_to("Me")
    await phone.says("Worn for too long. Nothing new comes until it is off.")
