"""What follows from a visit, set at the desk in words; and the visits that somebody should look at."""

from typing import get_args

import pytest
from playwright.async_api import expect

from shared.domain.geography import Point
from shared.domain.reports import Position
from shared.store.connection import Pool
from tests.city import LAT, LON
from tests.phones import phone_of
from tests.web.desks import Desks
from tests.web.district import District
from tests.web.words import Language

DOOR = "四川北路1号"
DELIVERY = {"en": "Delivery", "zh": "物资配送"}
BREACH_CHECK = {"en": "Breach check", "zh": "违规核查"}
FEVER_WATCH = {"en": "Fever watch", "zh": "发热观察"}

in_both = pytest.mark.parametrize("language", get_args(Language))


@in_both
async def test_what_follows_from_a_visit_is_set_in_words_and_said_again(
    district: District, desks: Desks, language: Language
) -> None:
    console = await desks.console(language=language)
    await console.log_in(district.coordinator)
    await console.set_up("Kinds")
    edit = console.page.get_by_role("row").filter(has_text=DELIVERY[language]).get_by_role("button")
    await edit.click()
    dialog = console.dialog()
    await dialog.get_by_label(
        console.say("Try again in another part of the day (morning, noon, evening), if the window allows")
    ).uncheck()
    await dialog.get_by_label(console.say("Too far from the door")).fill("250")
    await dialog.get_by_label(console.say("Too soon after another door")).fill("")
    refused = dialog.locator("details").filter(has_text=console.say("When the person refuses", whole=False))
    await expect(refused.locator("summary")).to_contain_text(console.say("nothing more", whole=False))
    await refused.locator("summary").click()
    await refused.get_by_role("button", name=BREACH_CHECK[language]).click()
    await refused.get_by_label(console.say("Raise an alarm")).check()
    await refused.get_by_label(console.say("The person's follow-up")).select_option("to:fever_watch")
    for word in (BREACH_CHECK[language], FEVER_WATCH[language]):
        await expect(refused.locator("summary")).to_contain_text(word)
    await dialog.get_by_role("button", name=console.say("Save")).click()
    await expect(dialog).to_have_count(0)
    row = await district.conn.fetchrow("SELECT * FROM kinds WHERE district_id = $1 AND code = 'delivery'", district.id)
    assert row is not None
    assert (row["retry_elsewhen"], row["far_m"], row["quick_s"]) == (False, 250, None)
    assert (row["follow_on"], row["raises_alarm"]) == ({"refused": ["breach_check"]}, ["refused"])
    assert row["then_follow_up"] == {"refused": {"convert_to": "fever_watch"}}


@in_both
async def test_a_release_ends_the_follow_up_only_with_the_yes_that_the_desk_asks_for(
    district: District, desks: Desks, language: Language
) -> None:
    console = await desks.console(language=language)
    await console.log_in(district.coordinator)
    await console.set_up("Kinds")
    release = {"en": "Release from isolation", "zh": "解除隔离"}[language]
    await console.page.get_by_role("row").filter(has_text=release).get_by_role("button").click()
    dialog = console.dialog()
    done = dialog.locator("details").filter(has_text=console.say("When it is done", whole=False))
    await expect(done.locator("summary")).to_contain_text(console.say("ends: completed", whole=False))
    await done.locator("summary").click()
    await expect(done.get_by_text(console.say("Whoever is seen and not well stays under follow-up."))).to_be_visible()
    only_if = done.get_by_label(console.say("Only if the form says yes to"))
    await expect(only_if).to_have_value("released")
    await only_if.select_option("certificate_given")
    await dialog.get_by_role("button", name=console.say("Save")).click()
    await expect(dialog).to_have_count(0)
    rules = await district.conn.fetchval(
        "SELECT then_follow_up FROM kinds WHERE district_id = $1 AND code = 'release'", district.id
    )
    assert rules == {"completed": {"end": "completed", "when": {"certificate_given": True}}}


@in_both
async def test_a_visit_that_looks_wrong_is_found_looked_at_and_gone(
    district: District, desks: Desks, pool: Pool, language: Language
) -> None:
    task_id = await district.post_placed(DOOR, kind="isolation_visit")
    phone = await phone_of(pool, district.members[1].id)
    far_away = Position(point=Point(LAT + 0.5, LON))
    await phone.send(phone.visit(task_id, "refused", position=far_away))
    console = await desks.console(language=language)
    await console.log_in(district.coordinator)
    await console.page.get_by_role("link", name=console.say("visit to look at", whole=False)).click()
    panel = console.page.get_by_role("complementary", name=console.say("Visits to look at"))
    await panel.get_by_role("link", name=DOOR, exact=False).click()
    far = console.page.get_by_text(console.say("Recorded far from the door. The visit counts."))
    await expect(far).to_be_visible()
    followed = console.page.get_by_role("link", name=BREACH_CHECK[language], exact=False)
    await expect(followed.first).to_be_visible()
    await console.button("Looked at it").click()
    await expect(console.button("Looked at it")).to_have_count(0)
    await expect(console.page.get_by_role("link", name=console.say("visit to look at", whole=False))).to_have_count(0)
    reviewed = await district.conn.fetchval("SELECT reviewed_by FROM visits WHERE task_id = $1", task_id)
    assert reviewed == district.coordinator.id
