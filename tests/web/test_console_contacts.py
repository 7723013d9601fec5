"""Contacts at the desk: a table of them with doubles and bad rows, and how far asking them has come; calls on the phones."""

import re
from pathlib import Path
from typing import Any

from playwright.async_api import expect

from shared.domain.clock import utc_now
from shared.domain.wall_clock import day_of
from tests.web.desks import Desks
from tests.web.district import District
from tests.web.words import Language

_HEADER = "index_ref,index_name,index_phone,subject_ref,subject_name,subject_phone,class,last_exposure,note"


def _table(*rows: str) -> str:
    today = day_of(utc_now(), "Asia/Shanghai").isoformat()
    return "\n".join([_HEADER, *(row.replace("TODAY", today) for row in rows)])


def _contact(number: int, name: str = "", ref: str = "", class_: str = "close") -> str:
    return f"C-1,王强,13900000000,{ref},{name or f'接触者{number}'},1380000{number:04},{class_},TODAY,同桌吃饭"


async def test_contacts_of_a_table_are_checked_sent_and_listed_with_their_calls(
    district: District, desks: Desks, tmp_path: Path
) -> None:
    file = tmp_path / "contacts.csv"
    rows = [
        *(_contact(number) for number in range(1, 7)),
        _contact(2, ref="P-2"),
        _contact(3, name="另一人"),
        _contact(8, class_="friend"),
        _contact(9).replace("13800000009", "ask him"),
    ]
    file.write_text(_table(*rows), "utf-8-sig")
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.go("People")
    await console.link("Contacts").click()
    await console.says("No contacts yet. Import a table of them.")
    await console.link("Import contacts").click()
    await console.page.locator("input[type=file]").set_input_files(file)
    await console.shows(r"\b8 good")
    await console.shows(r"\b2 bad")
    await console.page.get_by_role("button", name=re.compile(r"^2 to look at")).click()
    await console.shows("Same person as row 3")
    await console.shows("Known otherwise: name")
    assert await district.conn.fetchval("SELECT count(*) FROM contacts WHERE district_id = $1", district.id) == 0
    await console.page.get_by_role("button", name=re.compile("Send the 8 good rows")).click()
    await console.shows(r"\b6 contacts made")
    await console.shows(r"\b2 known before, with more to them now")
    await console.shows(r"\b2 rows not taken")
    await console.link("To the contacts").click()
    await console.shows("0 of 6")
    await console.page.get_by_role("link", name="王强").click()
    await console.says("Contacts of {name}")
    table = console.page.get_by_role("table")
    await expect(table.get_by_role("row")).to_have_count(7)
    await console.shows("Also said: name: 另一人")
    await console.page.get_by_label(console.say("Search by name or phone")).fill("接触者4")
    await expect(table.get_by_role("row")).to_have_count(2)


async def test_the_list_says_by_itself_who_was_reached(district: District, desks: Desks) -> None:
    contact = {"subject": {"name": "李明", "phone": "13800000001"}, "class": "close"}
    body = {"index": {"ref": "C-1", "name": "王强"}, "contacts": [contact]}
    answer = await district.api.post("/v1/contacts/batch", body, expect=200)
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.go("People")
    await console.link("Contacts").click()
    await console.shows("0 of 1")
    await district.record(answer["items"][0]["task_id"], district.members[0], {"reached": "person"})
    await console.shows("1 of 1")
    await console.page.get_by_role("link", name="王强").click()
    await console.page.get_by_role("row").filter(has_text="李明").filter(has_text="Reached").wait_for()
    await console.page.get_by_label(console.say("Not reached yet")).check()
    await console.says("Nobody is like that.")


async def test_the_phone_says_whose_call_it_is(district: District, desks: Desks) -> None:
    subject: dict[str, Any] = {"name": "李明", "phone": "13800000001"}
    await district.api.post("/v1/tasks", {"kind": "trace_call", "subject": subject})
    said: tuple[tuple[Language, str, re.Pattern[str]], ...] = (
        ("en", "your call", re.compile(r"call of .+ \(Grid worker\)")),
        ("zh", "由您拨打", re.compile(r"由.+（网格员）拨打")),
    )
    for language, own, other in said:
        grid_worker, doctor = await desks.phone(language=language), await desks.phone(language=language)
        await grid_worker.log_in(district.members[0])
        await grid_worker.page.get_by_text(own).first.wait_for()
        await doctor.log_in(district.members[1])
        await doctor.page.get_by_text(other).first.wait_for()
