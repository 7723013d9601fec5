"""New tasks at the desk: one at a time, and a whole table with bad rows."""

import csv
import io
import re
from pathlib import Path
from typing import Any

from playwright.async_api import expect

from tests.city import LAT, LON
from tests.web.browsers import held
from tests.web.console_page import ConsolePage
from tests.web.desks import Desks
from tests.web.district import District

DOOR = "四川北路1号"
_HEADER = (
    "ref",
    "kind",
    "household_address",
    "household_lat",
    "household_lon",
    "subject_name",
    "subject_phone",
    "due_at",
)


async def test_a_task_posted_at_the_desk_is_on_the_phone_without_a_reload(district: District, desks: Desks) -> None:
    await district.api.post(
        "/v1/households", {"ref": "h-1", "address": DOOR, "lat": LAT, "lon": LON, "access_notes": "三楼"}
    )
    phone = await desks.phone()
    await phone.log_in(district.members[0])
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.go("New task")
    await console.choose_kind("Delivery")
    await console.find("Find a known door", "四川北", DOOR)
    await console.button("Send").click()
    await console.says("{team} has it.")
    await phone.next_door(DOOR)
    await phone.shows("三楼")


async def test_a_new_door_is_placed_by_a_click_on_the_map(district: District, desks: Desks) -> None:
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.go("New task")
    await console.choose_kind("Delivery")
    await console.give_a_new_address("四川北路88号")
    await console.click_the_map()
    await console.button("Send").click()
    await console.says("{team} has it.")
    row = await district.conn.fetchrow(
        "SELECT lat, lon FROM households WHERE district_id = $1 AND address = '四川北路88号'", district.id
    )
    assert row is not None
    assert abs(row["lat"] - LAT) < 0.05
    assert abs(row["lon"] - LON) < 0.05


async def test_a_likely_duplicate_is_warned_of_before_it_is_sent(district: District, desks: Desks) -> None:
    await district.post_placed(DOOR, household={"ref": "h-1"})
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.go("New task")
    await console.choose_kind("Delivery")
    await console.find("Find a known door", "四川北", DOOR)
    await console.button("Send").click()
    await console.says("There is an open task like this one: same kind, same door or person.")
    count = "SELECT count(*) FROM tasks WHERE district_id = $1"
    assert await district.conn.fetchval(count, district.id) == 1
    await console.button("Send anyway").click()
    await district.until(f"{count} HAVING count(*) = 2", district.id)


async def test_what_is_missing_is_said_at_its_field_and_nothing_is_sent(district: District, desks: Desks) -> None:
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.go("New task")
    await console.button("Send").click()
    await console.says("Choose what is to be done.")
    assert await district.conn.fetchval("SELECT count(*) FROM tasks WHERE district_id = $1", district.id) == 0


async def test_a_table_with_bad_rows_is_shown_with_them_before_anything_is_sent(
    district: District, desks: Desks, tmp_path: Path
) -> None:
    rows = [_row(number) for number in range(1, 31)]
    rows[4]["kind"] = "no_such_kind"
    rows[11]["household_lat"] = "north"
    rows[20]["due_at"] = "tomorrow"
    file = tmp_path / "tasks.csv"
    file.write_bytes(_table(rows))
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.go("Import")
    await console.page.locator("input[type=file]").set_input_files(file)
    await console.shows(r"\b27 good")
    await console.shows(r"\b3 bad")
    table = console.page.get_by_role("table").last
    for number in (6, 13, 22):  # as a spreadsheet counts: the header is row 1
        await expect(table.get_by_role("row").filter(has_text=re.compile(rf"^\s*{number}(?!\d)"))).to_have_count(1)
    assert await district.conn.fetchval("SELECT count(*) FROM tasks WHERE district_id = $1", district.id) == 0
    await console.page.get_by_role("button", name=re.compile("Send the 27 good rows")).click()
    await console.shows(r"\b27 tasks made")
    assert await district.conn.fetchval("SELECT count(*) FROM tasks WHERE district_id = $1", district.id) == 27
    async with console.page.expect_download() as downloading:
        await console.page.get_by_text(re.compile("Download the 3 rows")).click()
    rejected = Path(await (await downloading.value).path()).read_text("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(rejected)))) == 3


async def test_the_same_table_sent_again_makes_nothing_twice(district: District, desks: Desks, tmp_path: Path) -> None:
    file = tmp_path / "tasks.csv"
    file.write_bytes(_table([_row(number) for number in range(1, 11)]))
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.go("Import")
    await _send(console, file)
    await console.button("Another file").click()
    await console.page.locator("input[type=file]").set_input_files(file)
    await console.shows(r"\b10 sent before")
    assert await district.conn.fetchval("SELECT count(*) FROM tasks WHERE district_id = $1", district.id) == 10


async def test_a_large_table_shows_how_far_it_is(district: District, desks: Desks, tmp_path: Path) -> None:
    rows = [_row(number) | {"household_lat": "", "household_lon": ""} for number in range(1, 2001)]  # nothing to plan
    file = tmp_path / "tasks.csv"
    file.write_bytes(_table(rows))
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.go("Import")
    await console.page.locator("input[type=file]").set_input_files(file)
    async with held(console.page, "**/v1/tasks/batch"):
        await console.page.get_by_role("button", name=console.say("Send the {n} good rows")).click()
        bar = console.page.get_by_role("progressbar", name=console.say("Progress", whole=False))
        await bar.wait_for()
        await console.says("Sending {done} of {all} rows")
    count = "SELECT count(*) FROM tasks WHERE district_id = $1"
    await district.until(f"{count} HAVING count(*) = 2000", district.id, patience_s=60)
    await console.shows(r"\b2,?000 tasks made")
    assert await district.conn.fetchval(count, district.id) == 2000


async def _send(console: ConsolePage, file: Path) -> None:
    await console.page.locator("input[type=file]").set_input_files(file)
    await console.page.get_by_role("button", name=re.compile(r"Send the \d+ good rows")).click()
    await console.says("Done.")


def _row(number: int) -> dict[str, Any]:
    return {
        "ref": f"row-{number}",
        "kind": "delivery",
        "household_address": f"四川北路{100 + number}号",
        "household_lat": f"{LAT + number * 1e-4:.5f}",
        "household_lon": f"{LON:.5f}",
        "subject_name": f"居民{number}",
        "subject_phone": f"+8613700{number:06d}",
        "due_at": "",
    }


def _table(rows: list[dict[str, Any]]) -> bytes:
    """As spreadsheets write it: UTF-8 with a byte order mark."""
    text = io.StringIO()
    writer = csv.DictWriter(text, _HEADER)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")
