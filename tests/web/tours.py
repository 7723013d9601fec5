"""Walks through every page and state, for whoever looks at each: pictures, judges of accessibility and width, readers of the words."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from playwright.async_api import Page

from shared.domain.clock import utc_now
from tests.web.console_page import ConsolePage
from tests.web.desks import Desks
from tests.web.phone_page import PhonePage
from tests.web.show import Show
from tests.web.words import Language

Tour: TypeAlias = AsyncIterator[tuple[str, Page]]
"""The name of a state, and the page that is in it. Whoever looks leaves it as it is, but for its size and colours."""

_FEVER_DOOR = "柳荫街21号2单元501室"
_OTHER_DOOR = "柳荫街36号"
_LATE = "柳荫街60号"
_WORKER_LOOKS_MS = 30_000
_OURS, _THEIRS, _HANDED = "柳荫街52号", "柳荫街54号301室", "柳荫街58号"
_NOTE = "家里有狗，请先打电话；钥匙在居委会。"
_DELIVERY = {"en": "Delivery", "zh": "物资配送"}


async def phone_tour(desks: Desks, show: Show, language: Language) -> Tour:
    """Every state of the phone page."""
    async for state in _logging_in(desks, show, language):
        yield state
    phone = await desks.phone(language=language)
    await phone.log_in(show.phones[0])
    async for state in _walking(phone):
        yield state
    doctor = await desks.phone(language=language)
    async for state in _recording(doctor, show):
        yield state
    async for state in _without_signal(doctor, show):
        yield state
    warned = await desks.phone(language=language)
    async for state in _warned(warned, show):
        yield state
    ending = await desks.phone(language=language)
    async for state in _ending(ending, show):
        yield state
    next_phone = await desks.phone(language=language)
    async for state in _taking_over(next_phone, show):
        yield state
    async for state in _leaving(phone, desks, show, language):
        yield state


async def _logging_in(desks: Desks, show: Show, language: Language) -> Tour:
    phone = await desks.phone(language=language)
    await phone.phone_number_field().wait_for()
    yield "log-in", phone.page
    await phone.try_to_log_in(show.phones[0], "000000")
    await phone.refuses_the_log_in()
    yield "log-in-wrong", phone.page
    used = await desks.phone(language=language, fragment="#link=" + "x" * 43)
    await used.says_the_link_is_used()
    yield "log-in-used-link", used.page


async def _walking(phone: PhonePage) -> Tour:
    await phone.button("Record").wait_for()
    yield "now", phone.page
    await phone.go_to("Route")
    await phone.page.get_by_role("main").get_by_role("listitem").first.wait_for()
    yield "route", phone.page
    await phone.page.get_by_role("main").get_by_role("listitem").nth(2).get_by_role("button").first.click()
    await phone.button("We cannot do this").wait_for()
    yield "later-door", phone.page
    await phone.tap("We cannot do this")
    await phone.tap("No time left in this shift")
    yield "decline", phone.page
    await phone.close_dialog()
    await phone.go_to("Route")
    await phone.open_map()
    yield "map", phone.page
    await phone.go_to("Me")
    await phone.button("Log out").wait_for()
    yield "me", phone.page
    await phone.page.get_by_role("main").get_by_role("button", name=phone.say("Off duty")).first.click()
    yield "off-duty", phone.page
    await phone.tap("Cancel")


async def _recording(phone: PhonePage, show: Show) -> Tour:
    await phone.log_in(show.doctors[8])
    subject = {"name": "陈桂兰", "phone": "+8613800138000", "flags": {"alone": True, "language": "wuu"}}
    await show.give(8, "temperature_check", _FEVER_DOOR, subject=subject, instructions="测量前请静坐五分钟")
    await phone.tells_of_a_change(new=1)
    yield "changed", phone.page
    await phone.acknowledge_the_change()
    await phone.open_door(_FEVER_DOOR)
    await phone.tap("Record")
    await phone.page.get_by_role("group", name=phone.say("Outcome")).wait_for()
    yield "record", phone.page
    await phone.tap("All well")
    await phone.says("Something is missing or impossible: see above.")
    yield "record-missing", phone.page
    await phone.type_temperature("38.4")
    await phone.says("Fever: above {line} °C")
    yield "record-fever", phone.page
    await phone.type_temperature("34.4")
    await phone.choose_forehead()
    await phone.tap("All well")
    await phone.asks_twice("34.4")
    yield "record-unusual", phone.page
    await phone.tap("Change it")
    await phone.page.get_by_role("button", name=phone.say("Nobody seen", whole=False)).click()
    await phone.button("Refused").wait_for()
    yield "record-nobody-seen", phone.page
    await phone.close_dialog()
    await phone.type_temperature("36.6")
    await phone.tap("All well")
    await phone.says("Just recorded")
    yield "just-recorded", phone.page
    await phone.go_to("Done")
    await phone.button("Correct").wait_for()
    yield "done", phone.page
    await phone.tap("Correct")
    await phone.says("Correct what was recorded")
    yield "correct", phone.page
    await phone.tap("Back")


async def _without_signal(phone: PhonePage, show: Show) -> Tour:
    task_id = await show.give(8, "temperature_check", _OTHER_DOOR, subject={"name": "赵磊", "phone": "+8613800138001"})
    await phone.lists(_OTHER_DOOR)
    await phone.lose_signal()
    await phone.open_door(_OTHER_DOOR)
    await phone.tap("Record")
    await phone.page.get_by_role("button", name=phone.say("Nobody seen", whole=False)).click()
    await phone.tap("Nobody there")
    await phone.says_waiting(1)
    await phone.go_to("Now")
    yield "no-signal", phone.page
    await phone.go_to("Done")
    yield "no-signal-done", phone.page
    await phone.begin_to_log_out()
    yield "log-out-while-reports-wait", phone.page
    await phone.stays()
    await show.api.post(f"/v1/tasks/{task_id}/assign", {"team": show.teams[9], "force": True})
    await phone.get_signal()
    await phone.says("1 report needs a look.")
    yield "report-needs-a-look", phone.page
    await phone.tap("Look")
    await phone.says("The task had moved to another team. The record is kept.")
    yield "report-set-aside", phone.page


async def _warned(phone: PhonePage, show: Show) -> Tour:
    now = utc_now()
    task_id = await show.give(5, "delivery", _LATE, earliest=(now - timedelta(hours=1)).isoformat())
    await show.api.patch(f"/v1/tasks/{task_id}", {"due_at": (now - timedelta(minutes=3)).isoformat()})
    await phone.log_in(show.doctors[5])
    seen = phone.page.get_by_role("button", name=phone.say("Seen: {what}"))
    await seen.first.wait_for(timeout=_WORKER_LOOKS_MS)
    yield "now-with-alarms", phone.page
    await seen.first.click()
    await phone.page.get_by_text(phone.say("Alarms seen: {n}")).click()
    yield "now-alarm-seen", phone.page


async def _ending(phone: PhonePage, show: Show) -> Tour:
    for address in (_THEIRS, _OURS):
        await show.give(6, "delivery", address, subject={"name": "吴静", "phone": "+8613800138002"})
    await show.end_soon(6, follower=7)
    await phone.log_in(show.doctors[6])
    await phone.button("Go through them").wait_for()
    yield "now-before-the-end", phone.page
    await phone.tap("Go through them")
    await phone.says("End of the shift")
    yield "hand-over", phone.page
    await phone.tap("Hand it over…")
    await phone.tap("Nobody opened so far.")
    yield "hand-over-note", phone.page
    await phone.tap("Hand over")
    settled = phone.page.get_by_text(phone.say("Every door is settled"))
    await phone.button("We finish it").or_(settled).wait_for()
    while not await settled.count():
        asked = await phone.page.get_by_text(phone.say("Door {n} of {m}")).inner_text()
        await phone.tap("We finish it")
        await phone.page.get_by_text(asked, exact=True).wait_for(state="detached")
    yield "hand-over-all-said", phone.page


async def _taking_over(phone: PhonePage, show: Show) -> Tour:
    task_id = await show.give(6, "delivery", _HANDED)
    await show.say(show.doctors[6], report="hand_over", task_ids=[task_id], note=_NOTE)
    await phone.log_in(show.doctors[7])
    await phone.lists(_HANDED)
    await phone.open_door(_HANDED)
    await phone.shows(_NOTE)
    yield "door-with-a-note", phone.page


async def _leaving(phone: PhonePage, desks: Desks, show: Show, language: Language) -> Tour:
    await phone.begin_to_log_out()
    yield "log-out", phone.page
    await phone.stays()
    await show.api.send("DELETE", f"/v1/members/{show.phones[0].id}/sessions")
    await phone.is_asked_to_log_in_again()
    await phone.go_to("Now")
    yield "logged-out-elsewhere", phone.page
    idle = await desks.phone(language=language)
    await idle.log_in(show.idle)
    await idle.says("You are on no team now.")
    yield "nothing-to-do", idle.page
    police = await desks.phone(language=language)
    await police.log_in(show.police)
    await police.button("Record").wait_for()
    yield "now-police", police.page


async def console_tour(desks: Desks, show: Show, language: Language) -> Tour:
    """Every state of the console."""
    console = await desks.console(language=language)
    await console.field("Name").wait_for()
    yield "log-in", console.page
    await console.try_to_log_in(show.coordinator, "not that one")
    await console.page.get_by_role("alert").wait_for()
    yield "log-in-wrong", console.page
    await console.log_in(show.coordinator)
    parts = (
        _board(console),
        _handing_over(console, show),
        _intake(console, language),
        _importing(console),
        _with_follow_ups(console, show),
        _with_contacts(console),
        _figures(console),
        _setting_up(console),
        _alarm_rules(console),
        _specimens(console, show),
        _others_at_desks(desks, show, language),
    )
    for part in parts:
        async for state in part:
            yield state


async def _board(console: ConsolePage) -> Tour:
    page = console.page
    await console.tasks().get_by_role("row").first.wait_for()
    await page.get_by_role("application").get_by_role("button").first.wait_for()
    yield "board", page
    await page.get_by_role("button", name=console.say("Acknowledge: {what}")).first.click(timeout=_WORKER_LOOKS_MS)
    taken = page.get_by_text(console.say("Acknowledged: {n}"))
    await taken.click()
    yield "board-alarms", page
    await taken.click()
    wrong = console.wrong_now().locator("button[aria-pressed]")
    await wrong.filter(has_text=console.say("overdue", whole=False)).first.click()
    yield "board-overdue", page
    await console.tasks().get_by_role("row").first.click()
    await page.get_by_role("heading", name=console.say("History")).wait_for()
    yield "task", page
    await console.button("Edit").click()
    await console.field("Instructions").wait_for()
    yield "task-edit", page
    await console.button("Discard").click()
    await console.button("Cancel task…").click()
    await console.dialog().wait_for()
    yield "task-cancel", page
    await console.button("Keep it").click()
    await console.button("Give to another team…").click()
    await console.dialog().get_by_role("radio").nth(1).check()
    await console.says("Added travel")
    yield "task-give", page
    await console.close_dialog()
    await console.button("Clear filters").click()
    await console.choose("Status", console.say("waiting"))
    await console.tasks().get_by_role("row").first.click()
    await console.says("Why it waits")
    yield "task-waiting", page
    await console.button("Clear filters").click()
    for row in range(3):
        await console.tasks().get_by_role("row").nth(row).get_by_role("checkbox").check()
    yield "several-chosen", page
    await console.button("Give to a team…").click()
    await console.dialog().wait_for()
    yield "several-give", page
    await console.close_dialog()
    await console.button("Choose none").click()
    await console.wrong_now().locator("a[href^='#/team/']").first.click()
    await page.get_by_role("heading", name=console.say("Route")).first.wait_for()
    yield "team", page


async def _handing_over(console: ConsolePage, show: Show) -> Tour:
    handed, kept, _ = [await show.give(6, "delivery", address) for address in (_HANDED, _OURS, _THEIRS)]
    await show.end_soon(6, follower=7)
    await show.say(show.doctors[6], report="hand_over", task_ids=[handed], note=_NOTE)
    await show.say(show.doctors[6], report="keep", task_ids=[kept])
    page = console.page
    await page.goto(f"{page.url.split('#')[0]}#/team/{show.teams[6]}")
    box = page.get_by_role("region", name=console.say("End of the shift"))
    await box.get_by_text(_NOTE).first.wait_for()
    yield "team-hands-over", page
    await box.get_by_role("link", name=_HANDED).first.click()
    await page.get_by_role("heading", name=console.say("History")).first.wait_for()
    await console.shows(_NOTE)
    yield "task-handed-over", page


async def _intake(console: ConsolePage, language: Language) -> Tour:
    page = console.page
    await page.evaluate("location.hash = '#/review'")
    await page.get_by_role("heading", name=console.say("Visits to look at")).wait_for()
    yield "visits-to-look-at", page
    await console.go("New task")
    await console.field("What is to be done").wait_for()
    yield "new-task", page
    await console.choose_kind(_DELIVERY[language])
    await page.get_by_role("combobox", name=console.say("Find a known door")).fill("路1")
    await page.get_by_role("listbox").get_by_role("option").nth(1).wait_for()
    yield "new-task-search", page
    await page.get_by_role("combobox", name=console.say("Find a known door")).fill("")
    await console.give_a_new_address("柳荫街 77 号")
    await console.click_the_map()
    yield "new-task-on-map", page
    await console.button("Send").click()
    await console.says("{team} has it.")
    yield "new-task-placed", page
    await console.button("Another one at the same door").click()
    await console.choose_kind(_DELIVERY[language])
    await console.button("Send").click()
    await console.says("There is an open task like this one: same kind, same door or person.")
    yield "new-task-twin", page
    await console.button("Do not send").click()


async def _alarm_rules(console: ConsolePage) -> Tour:
    await console.set_up("Alarm rules")
    await console.page.get_by_role("rowheader").first.wait_for()
    yield "alarm-rules", console.page


async def _importing(console: ConsolePage) -> Tour:
    page = console.page
    await console.go("Import")
    await console.button("choose a file").wait_for()
    yield "import", page
    with TemporaryDirectory() as folder:
        await page.locator("input[type=file]").set_input_files(_table(Path(folder)))
        await page.get_by_role("button", name=console.say("Send the {n} good rows")).wait_for()
    yield "import-checked", page
    await page.get_by_role("button", name=console.say("Send the {n} good rows")).click()
    await console.says("Done.")
    yield "import-done", page


async def _with_contacts(console: ConsolePage) -> Tour:
    page = console.page
    await console.go("People")
    await console.link("Contacts").click()
    await console.says("No contacts yet. Import a table of them.")
    yield "contacts-none", page
    await console.link("Import contacts").click()
    await console.button("choose a file").wait_for()
    yield "contacts-import", page
    with TemporaryDirectory() as folder:
        await page.locator("input[type=file]").set_input_files(_table_of_contacts(Path(folder)))
        await page.get_by_role("button", name=console.say("Send the {n} good rows")).wait_for()
    await page.get_by_role("button", name=console.say("All {n}")).click()
    yield "contacts-import-checked", page
    await page.get_by_role("button", name=console.say("Send the {n} good rows")).click()
    await console.says("Done.")
    yield "contacts-import-done", page
    await console.link("To the contacts").click()
    await page.get_by_role("link", name="周建军").wait_for()
    yield "contacts", page
    await page.get_by_role("link", name="周建军").click()
    await page.get_by_role("row").nth(8).wait_for()
    yield "contacts-of", page
    await page.get_by_label(console.say("Search by name or phone")).fill("nobody")
    await console.says("Nobody is like that.")
    yield "contacts-of-nobody", page
    await console.go("Board")


async def _with_follow_ups(console: ConsolePage, show: Show) -> Tour:
    page = console.page
    await console.go("People")
    await console.says("Nobody is followed up yet.")
    yield "follow-ups-none", page
    await show.follow("李桂芬", "柳荫街81号", "home_isolation", days=3)
    await show.follow("周明", "柳荫街83号2单元1204室", "health_monitoring", days=1)
    await page.get_by_role("link", name="周明").wait_for()
    yield "follow-ups", page
    await console.button("Start a follow-up").click()
    await console.dialog().get_by_role("button", name=console.say("Another person")).click()
    await console.dialog().get_by_role("button", name=console.say("New address")).click()
    await console.dialog().get_by_label(console.say("Protocol")).select_option("home_isolation")
    await console.dialog().get_by_role("button", name=console.say("Start")).click()
    await console.says("Give a name or a phone number.")
    yield "follow-up-new", page
    await console.close_dialog()
    await page.get_by_role("link", name="李桂芬").click()
    await page.get_by_role("heading", name=console.say("Day by day")).wait_for()
    yield "follow-up", page
    for button, state in (("Change", "change"), ("Change the protocol", "convert"), ("End", "end")):
        await console.button(button).click()
        await console.dialog().wait_for()
        yield f"follow-up-{state}", page
        await console.close_dialog()
    await console.link("Day's ledger").click()
    await page.get_by_role("rowheader").nth(1).wait_for()
    yield "ledger", page
    await console.set_up("Protocols")
    await page.get_by_role("rowheader").first.wait_for()
    yield "protocols", page
    await page.get_by_role("button", name=console.say("Edit {name}")).first.click()
    await console.dialog().locator("summary").first.click()
    yield "protocol", page
    await console.close_dialog()
    await console.go("Board")


def _table_of_contacts(folder: Path) -> Path:
    """Twelve rows: one bad, one person twice, one known otherwise, one with neither phone nor home."""
    rows = [
        f"C-7,周建军,+8613900077777,,居民{n},+86138{n:08},和平路{n}号,{'close' if n % 3 else 'secondary'},同车 (same bus)"
        for n in range(10, 20)
    ]
    rows[4] = rows[4].replace("close", "friend")
    rows.append(rows[0].replace("居民10", "居民甲"))
    rows.append("C-7,,,P-1,不知何人,,,close,")
    header = "index_ref,index_name,index_phone,subject_ref,subject_name,subject_phone,household_address,class,note"
    file = folder / "密接名单.csv"
    file.write_text("\n".join([header, *rows]), "utf-8-sig")
    return file


def _table(folder: Path) -> Path:
    """Twenty rows, three of them bad."""
    rows = [
        f"tour-{n},delivery,和平路{n}号,29.87{n:02},121.54{n:02},居民{n},+86139000{n:05},大米10斤"
        for n in range(10, 30)
    ]
    rows[3] = rows[3].replace("delivery", "delivrey")
    rows[8] = rows[8].replace("29.87", "north")
    rows[15] = rows[15].replace("+86139000", "ask ")
    header = "ref,kind,household_address,household_lat,household_lon,subject_name,subject_phone,instructions"
    file = folder / "小区物资名单.csv"
    file.write_text("\n".join([header, *rows]), "utf-8-sig")
    return file


async def _figures(console: ConsolePage) -> Tour:
    page = console.page
    await console.go("Figures")
    await page.get_by_role("region", name=console.say("Day by day")).wait_for()
    yield "figures", page
    await page.get_by_text(console.say("What the figures mean")).click()
    await console.field("From").fill("")
    await console.button("Show").click()
    await console.says("Give both days.")
    yield "figures-explained", page


async def _setting_up(console: ConsolePage) -> Tour:
    page = console.page
    await console.set_up("Members")
    await page.get_by_role("rowheader").first.wait_for()
    yield "members", page
    await page.get_by_role("button", name=console.say("Edit {name}")).first.click()
    await console.dialog().wait_for()
    yield "member", page
    await console.close_dialog()
    await page.get_by_role("button", name=re.compile("QR|二维码")).first.click()
    await console.dialog().get_by_role("img").wait_for()
    yield "member-qr", page
    await console.close_dialog()
    await console.set_up("Teams")
    await page.get_by_role("button", name=console.say("People of {name}")).first.wait_for()
    yield "teams", page
    await page.get_by_role("button", name=console.say("People of {name}")).first.click()
    await console.dialog().get_by_role("listitem").first.wait_for()
    yield "team-people", page
    await console.close_dialog()
    await console.button("Form a team").click()
    await console.dialog().wait_for()
    yield "team-new", page
    await console.close_dialog()
    await console.set_up("Shifts")
    await console.button("Plan shifts").wait_for()
    yield "shifts", page
    await console.button("Week after").click()
    await console.button("Plan shifts").click()
    await console.dialog().wait_for()
    yield "shifts-plan", page
    await console.dialog().get_by_role("button", name=console.say("Show in the week")).click()
    await console.button("Save shifts ({n})").wait_for()
    yield "shifts-drafts", page
    await console.button("Drop them").click()
    await console.link("Import a table").click()
    await console.button("choose a file").wait_for()
    yield "shifts-import", page
    await console.set_up("Kinds")
    await page.get_by_role("rowheader").first.wait_for()
    yield "kinds", page
    await page.get_by_role("button", name=console.say("Edit {name}")).first.click()
    await console.dialog().wait_for()
    yield "kind", page
    await console.dialog().locator("summary").first.click()
    await console.dialog().get_by_text(console.say("Makes tasks of these kinds")).first.wait_for()
    yield "kind-after-a-visit", page
    await console.close_dialog()
    await console.set_up("Grids")
    await page.get_by_role("listitem").first.wait_for()
    yield "grids", page
    with TemporaryDirectory() as folder:
        await page.locator("input[type=file]").set_input_files(_grids(Path(folder)))
        await console.button("Draw grids ({n})").wait_for()
    yield "grids-checked", page


def _grids(folder: Path) -> Path:
    """One new grid in the north of the show's town."""
    file = folder / "新网格.geojson"
    ring = "[[121.535,29.880],[121.545,29.880],[121.545,29.884],[121.535,29.884],[121.535,29.880]]"
    file.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","id":"north","properties":{"name":"北片"},'
        f'"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}]}}'
    )
    return file


async def _specimens(console: ConsolePage, show: Show) -> Tour:
    page = console.page
    await console.set_up("Specimens")
    await console.says("No pick-up points yet. Without one nobody is sent to fetch tubes.")
    yield "specimens-none", page
    await show.make_a_pick_up_point("北门岗亭")
    for number, code in enumerate(("A-0731", "A-0732", "A-0733")):
        await show.swab(3, f"柳荫街{70 + number}号", code)
    await page.get_by_role("cell", name=console.say("to be picked up", whole=False)).first.wait_for()
    yield "specimens", page
    await page.get_by_role("button", name=console.say("Open the leg of {time}, {point}")).first.click()
    await console.dialog().get_by_role("rowheader").first.wait_for()
    yield "specimens-of-a-leg", page
    await console.close_dialog()
    await console.button("Add a pick-up point").click()
    await console.dialog().wait_for()
    yield "pick-up-point", page
    await console.close_dialog()


async def _others_at_desks(desks: Desks, show: Show, language: Language) -> Tour:
    auditor = await desks.console(language=language)
    await auditor.log_in(show.auditor)
    await auditor.tasks().get_by_role("row").first.wait_for()
    yield "auditor-board", auditor.page
    await auditor.set_up("Members")
    await auditor.page.get_by_role("rowheader").first.wait_for()
    yield "auditor-members", auditor.page
    admin = await desks.console(language=language)
    await admin.log_in(show.admin)
    await admin.set_up("District & accounts")
    await admin.page.get_by_role("main").wait_for()
    yield "admin-district", admin.page
    await show.api.send("PATCH", f"/v1/accounts/{show.auditor.id}", {"active": False})
    await auditor.says("Your log-in has ended. What you have typed is still here.")
    yield "log-in-ended", auditor.page
