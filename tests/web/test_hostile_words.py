"""Names, notes and addresses from people are text on both pages, whatever stands in them."""

from tests.web.desks import Desks
from tests.web.district import District
from tests.web.judges import too_wide

HOSTILE = (
    '<img src=x onerror="alert(1)">',
    '"><script>alert(2)</script>',
    "javascript:alert(3)//{{constructor.constructor('alert(4)')()}}",
    "\u202e上门\u202c 👩‍👩‍👧‍👦 𠮷野家",
    "长" * 2000,
)
DOOR = "四川北路1号"


async def test_hostile_words_are_shown_as_text_on_both_pages(district: District, desks: Desks) -> None:
    doors = [f"四川北路{number}号 {text[:200]}" for number, text in enumerate(HOSTILE)]
    for number, (door, text) in enumerate(zip(doors, HOSTILE, strict=True)):
        said = {"access_notes": text, "ref": f"hostile-{number}"}
        subject = {"name": text[:200], "phone": f"+861380013800{number}"}
        await district.post(door, near=number, household=said, subject=subject, instructions=text)
    await district.conn.execute(
        "UPDATE members SET name = $2 WHERE district_id = $1 AND role = 'doctor'", district.id, HOSTILE[0]
    )
    phone, console = await desks.phone(), await desks.console()
    await phone.log_in(district.members[0])
    await console.log_in(district.coordinator)
    for door, text in zip(doors, HOSTILE, strict=True):
        await phone.lists(door[:8])
        await (
            phone.page.get_by_role("main")
            .get_by_role("listitem")
            .filter(has_text=door[:8])
            .get_by_role("button")
            .click()
        )
        await console.open(door[:8])
        for page in (phone.page, console.page):
            await page.get_by_text(text[:60].strip("\u202e ")).first.wait_for(state="attached")
            assert await page.locator("img[src=x]").count() == 0
            assert await page.evaluate("() => [...document.scripts].every((script) => script.src)")
            assert await too_wide(page) == []
    await phone.go_to("Me")
    await phone.page.get_by_text(HOSTILE[0]).first.wait_for()


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
