"""Names, notes and addresses from people are text on both pages, whatever stands in them."""

import pytest

from tests.web.desks import Desks
from tests.web.district import District

HOSTILE = (
    '<img src=x onerror="alert(1)">',
    '"><script>alert(2)</script>',
    "javascript:alert(3)//{{constructor.constructor('alert(4)')()}}",
    "\u202e上门\u202c 👩‍👩‍👧‍👦 𠮷野家",
    "长" * 2000,
)
DOOR = "四川北路1号"


@pytest.mark.parametrize("text", HOSTILE, ids=["image", "script", "template", "right-to-left", "long"])
async def test_hostile_words_are_shown_as_text_on_both_pages(district: District, desks: Desks, text: str) -> None:
    short = text[:200]
    await district.post_placed(
        f"{DOOR} {short}"[:500],
        kind="temperature_check",
        household={"access_notes": text},
        subject={"name": short, "phone": "+8613800138000"},
        instructions=text,
    )
    await district.conn.execute(
        "UPDATE members SET name = $2 WHERE district_id = $1 AND role = 'doctor'", district.id, short
    )
    phone = await desks.phone()
    await phone.log_in(district.members[1])
    await phone.lists(DOOR)
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.open(DOOR)
    for page in (phone.page, console.page):
        await page.get_by_text(text[:60].strip("\u202e ")).first.wait_for(state="attached")
        assert await page.locator("img[src=x]").count() == 0
        assert await page.evaluate("() => [...document.scripts].every((script) => script.src)")


async def test_hostile_results_and_notes_from_phones_are_text_at_the_desk(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOOR)
    phone = await desks.phone()
    await phone.log_in(district.members[0])
    await phone.next_door(DOOR)
    await phone.record_delivery(note=HOSTILE[0])
    await district.until("SELECT note = $2 FROM visits WHERE task_id = $1", task_id, HOSTILE[0])
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.page.goto(f"{console.page.url.partition('#')[0]}#/task/{task_id}")
    await console.page.get_by_text(HOSTILE[0]).first.wait_for()
    assert await console.page.locator("img[src=x]").count() == 0
