"""Setting a district up at the desk: people, teams, shifts, grids, and the QR codes that bring phones in."""

import json
import re
from pathlib import Path

from playwright.async_api import expect

from tests.city import LAT, LON
from tests.web.desks import Desks
from tests.web.district import District, Person

DOOR = "四川北路1号"


async def test_a_new_member_logs_in_with_the_pin_that_the_desk_made_up(district: District, desks: Desks) -> None:
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.set_up("Members")
    await console.button("Add a member").click()
    dialog = console.dialog()
    await dialog.get_by_label(console.say("Name")).fill("新来的")
    await dialog.get_by_label(console.say("Phone")).fill(f"+86139{district.id.int % 10**8:08d}")
    await dialog.get_by_role("button", name=console.say("Make one up")).click()
    pin = await dialog.get_by_label(console.say("PIN")).input_value()
    assert re.fullmatch(r"\d{4,12}", pin)
    await dialog.get_by_role("button", name=console.say("Save")).click()
    await expect(console.page.get_by_role("row").filter(has_text="新来的")).to_be_visible()
    row = await district.conn.fetchrow(
        "SELECT id, phone, role FROM members WHERE district_id = $1 AND name = '新来的'", district.id
    )
    assert row is not None
    phone = await desks.phone()
    await phone.log_in(Person(id=row["id"], name="新来的", phone=row["phone"], role=row["role"]), pin)


async def test_the_qr_code_of_the_desk_logs_a_phone_in(district: District, desks: Desks) -> None:
    await district.post_placed(DOOR)
    member = district.members[0]
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.set_up("Members")
    await console.page.get_by_role("button", name=re.compile(f"QR.*{member.name}")).click()
    await console.dialog().get_by_role("img").wait_for()
    await console.dialog().get_by_text(console.say("The same as a link")).click()
    link = await console.dialog().locator("code").inner_text()
    phone = await desks.phone(fragment=f"#{link.partition('#')[2]}")
    await phone.next_door(DOOR)


async def test_a_lost_phone_is_logged_out_from_the_desk(district: District, desks: Desks) -> None:
    await district.post_placed(DOOR)
    member = district.members[0]
    phone = await desks.phone()
    await phone.log_in(member)
    await phone.next_door(DOOR)
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.set_up("Members")
    await console.page.get_by_role("button", name=f"Edit {member.name}").click()
    await console.button("Log out everywhere").click()
    await console.shows("For a lost phone")
    await console.dialog().get_by_role("button", name=console.say("Log out everywhere")).click()
    await phone.is_asked_to_log_in_again()


async def test_a_team_is_formed_of_members(district: District, desks: Desks) -> None:
    await district.api.post(
        "/v1/members", {"name": "高洁", "phone": f"+86137{district.id.int % 10**8:08d}", "role": "grid_worker"}
    )
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.set_up("Teams")
    await console.button("Form a team").click()
    dialog = console.dialog()
    await dialog.get_by_label(console.say("Code")).fill("team-9")
    await dialog.get_by_label(console.say("Name")).fill("第九小队")
    await dialog.get_by_role("button", name=console.say("Save")).click()
    await district.until("SELECT EXISTS (SELECT FROM teams WHERE district_id = $1 AND code = 'team-9')", district.id)
    await console.page.get_by_role("dialog", name=re.compile("People of team-9")).wait_for()
    await console.dialog().get_by_role("button", name=re.compile("Grid worker")).first.click()
    await console.dialog().get_by_role("button", name=re.compile("高洁")).first.click()
    await console.dialog().get_by_role("button", name=console.say("Save people")).click()
    await district.until(
        "SELECT EXISTS (SELECT FROM memberships m JOIN members p ON p.id = m.member_id WHERE p.name = '高洁' AND m.district_id = $1)",
        district.id,
    )


async def test_a_week_of_shifts_is_planned_looked_at_and_saved(district: District, desks: Desks) -> None:
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.set_up("Shifts")
    for _ in range(2):  # behind the shift that runs now, also on a Sunday night
        await console.button("Week after").click()
    await console.button("Plan shifts").click()
    pattern = console.say("Three 8-hour shifts for each team", whole=False)
    await console.dialog().get_by_role("radio", name=pattern).check()
    await console.dialog().get_by_role("button", name=console.say("Show in the week")).click()
    count = "SELECT count(*) FROM shifts WHERE district_id = $1"
    assert await district.conn.fetchval(count, district.id) == 1
    await console.button("Save shifts ({n})").click()
    await district.until(f"{count} HAVING count(*) = 22", district.id)


async def test_a_single_shift_is_added_to_the_week(district: District, desks: Desks) -> None:
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.set_up("Shifts")
    await console.button("Week after").click()
    await console.button("Add a shift").click()
    await console.dialog().get_by_role("button", name=console.say("Save")).click()
    await district.until("SELECT count(*) = 2 FROM shifts WHERE district_id = $1", district.id)


async def test_grids_are_drawn_from_a_file_after_a_look_at_what_changes(
    district: District, desks: Desks, tmp_path: Path
) -> None:
    west, south = LON - 0.02, LAT - 0.02
    features = [_square("west", "西片", west, south), _square("east", "东片", west + 0.02, south)]
    file = tmp_path / "grids.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.set_up("Grids")
    await console.page.locator("input[type=file]").set_input_files(file)
    await console.shows("西片|west")
    assert await district.conn.fetchval("SELECT count(*) FROM grids WHERE district_id = $1", district.id) == 1
    await console.button("Draw grids ({n})").click()
    await district.until(
        "SELECT count(*) = 2 FROM grids WHERE district_id = $1 AND code IN ('west', 'east')", district.id
    )


async def test_an_auditor_may_look_at_the_set_up_and_change_nothing(district: District, desks: Desks) -> None:
    console = await desks.console()
    await console.log_in(district.auditor)
    for page in ("Members", "Teams", "Shifts", "Kinds", "Grids"):
        await console.set_up(page)
        await console.says("You may look at everything here and change nothing.")
        await expect(console.page.get_by_role("button", name=re.compile("^(Save|Add|Form|Edit|Upload)"))).to_have_count(
            0
        )


def _square(code: str, name: str, west: float, south: float) -> dict[str, object]:
    east, north = west + 0.02, south + 0.04
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "id": code,
        "properties": {"name": name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
