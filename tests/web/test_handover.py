"""The end of a shift in the pages: door by door on the phone, the note at the next team's door, all of it at the desk."""

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from uuid import UUID

import pytest_asyncio
from playwright.async_api import Locator, expect

from shared.domain.clock import utc_now
from tests.web.desks import SMALL_PHONE, Desks
from tests.web.district import District
from tests.web.judges import accessibility, too_wide
from tests.web.phone_page import PhonePage

DOORS = ("四川北路1号", "四川北路2号", "四川北路3号")
NOTE = "钥匙在居委会，家里有狗"
NEAR_THE_END = timedelta(minutes=20)


@pytest_asyncio.fixture(loop_scope="session")
async def evening(districts: Callable[..., Awaitable[District]]) -> District:
    """The first team's shift ends in twenty minutes, the second's begins then, at home in the same grid."""
    district = await districts(teams=2)
    conn, (ending, following) = district.conn, district.city.team_ids
    ends_at = utc_now() + NEAR_THE_END
    async with conn.transaction():
        await conn.execute(
            "UPDATE teams SET home_grid_id = (SELECT id FROM grids WHERE district_id = $1) WHERE district_id = $1",
            district.id,
        )
        await conn.execute(
            "UPDATE shifts SET during = tstzrange($2::timestamptz, $2::timestamptz + interval '8 hours') WHERE team_id = $1",
            following,
            ends_at,
        )
        await conn.execute(
            "UPDATE shifts SET during = tstzrange(lower(during), $2) WHERE team_id = $1", ending, ends_at
        )
    return district


async def give(district: District, address: str, team: str = "team-0", **fields: object) -> UUID:
    """A task, pinned to a team."""
    task_id = await district.post(address, **fields)  # type: ignore[arg-type]  # fields of a task
    await district.api.post(f"/v1/tasks/{task_id}/assign", {"team": team, "force": True}, expect=200)
    return task_id


async def in_the_walk(district: District, tasks: Mapping[str, UUID]) -> list[str]:
    """These doors in the order of the first team's walk."""
    order = await district.conn.fetchval("SELECT task_ids FROM routes WHERE team_id = $1", district.city.team_ids[0])
    return sorted(tasks, key=lambda door: order.index(tasks[door]))


async def go_through_the_doors(phone: PhonePage) -> None:
    await phone.tap("Go through them")
    await phone.says("End of the shift")


def asked(phone: PhonePage) -> Locator:
    """The door that is asked about."""
    return phone.page.get_by_role("main").get_by_role("heading", level=2).first


async def test_a_team_goes_through_its_doors_and_the_next_reads_the_note(evening: District, desks: Desks) -> None:
    tasks = {door: await give(evening, door, near=number) for number, door in enumerate(DOORS[:2])}
    phone = await desks.phone()
    await phone.log_in(evening.members[1])
    await go_through_the_doors(phone)
    await phone.says("Door {n} of {m}")
    first, second = await in_the_walk(evening, tasks)
    await expect(asked(phone)).to_have_text(first)
    assert not await accessibility(phone.page)
    await phone.tap("We finish it")
    await expect(asked(phone)).to_have_text(second)
    await phone.tap("Hand it over…")
    await phone.page.get_by_label(phone.say("Note for the next team")).first.fill(NOTE)
    assert not await accessibility(phone.page)
    await phone.tap("Hand over")
    await phone.says("Every door is settled")
    await evening.until("SELECT count(*) = 1 FROM handovers WHERE district_id = $1 AND note = $2", evening.id, NOTE)
    following = evening.city.team_ids[1]
    await evening.until("SELECT team_id = $2 FROM tasks WHERE id = $1", tasks[second], following)
    assert await evening.status(tasks[first]) == "accepted"
    await phone.tap("Back to the doors")
    await phone.next_door(first)
    await phone.says("we finish it")

    next_phone = await desks.phone()
    await next_phone.log_in(evening.members[4])
    await next_phone.next_door(second)
    await next_phone.shows(NOTE)
    police = await desks.phone()
    await police.log_in(evening.members[5])
    await police.next_door(second)
    await police.shows("team-0")
    await expect(police.page.get_by_text(NOTE)).to_have_count(0)

    console = await desks.console()
    await console.log_in(evening.coordinator)
    await console.open(second)
    await console.shows(NOTE)
    assert not await accessibility(console.page)
    await console.page.goto(f"{console.page.url.split('#')[0]}#/team/{evening.city.team_ids[0]}")
    box = console.page.get_by_role("region", name=console.say("End of the shift"))
    await expect(box).to_contain_text(NOTE)
    await expect(box).to_contain_text("team-1")
    await expect(box).to_contain_text(console.say("they finish it", whole=False))
    assert not await accessibility(console.page)


async def test_a_shift_tells_what_it_handed_over(evening: District, desks: Desks) -> None:
    task_id = await give(evening, DOORS[0])
    phone = await desks.phone()
    await phone.log_in(evening.members[1])
    await go_through_the_doors(phone)
    await phone.tap("Hand it over…")
    await phone.page.get_by_label(phone.say("Note for the next team")).first.fill(NOTE)
    await phone.tap("Hand over")
    await evening.until("SELECT count(*) = 1 FROM handovers WHERE task_id = $1", task_id)
    console = await desks.console()
    await console.log_in(evening.coordinator)
    await console.set_up("Shifts")
    await console.page.get_by_role("button", name=re.compile(r"\d–\d.*team-0")).first.click()
    box = console.dialog().get_by_role("region", name=console.say("End of the shift"))
    await expect(box).to_contain_text(NOTE)
    await expect(box).to_contain_text(DOORS[0])
    assert not await accessibility(console.page)


async def test_what_is_said_without_signal_is_sent_once_there_is_one(evening: District, desks: Desks) -> None:
    tasks = {door: await give(evening, door, near=number) for number, door in enumerate(DOORS)}
    first, second, third = await in_the_walk(evening, tasks)
    phone = await desks.phone(size=SMALL_PHONE, kept_as="ending")
    await phone.log_in(evening.members[0])
    await phone.lists(DOORS[2])
    await phone.works_without_signal()
    await phone.lose_signal()
    await phone.go_to("Now")
    await go_through_the_doors(phone)
    assert await too_wide(phone.page) == []
    await phone.tap("Decide later")
    await expect(asked(phone)).to_have_text(second)
    await phone.tap("Hand it over…")
    await phone.tap("Nobody opened so far.")
    await phone.keeps("Nobody opened so far.")
    await phone.close()
    phone = await desks.phone(size=SMALL_PHONE, kept_as="ending", signal=False)
    await go_through_the_doors(phone)
    await phone.tap("Decide later")
    await expect(phone.page.get_by_label("Note for the next team").first).to_have_value("Nobody opened so far.")
    await phone.tap_twice("Hand over")
    await phone.says_waiting(1)
    await expect(asked(phone)).to_have_text(third)
    await phone.tap("We finish it")
    await phone.says_waiting(2)
    assert await evening.conn.fetchval("SELECT count(*) FROM handovers WHERE district_id = $1", evening.id) == 0
    await phone.get_signal()
    await phone.says_waiting(0)
    await evening.until("SELECT count(*) = 1 FROM handovers WHERE district_id = $1", evening.id)
    assert [await evening.status(task_id) for task_id in (tasks[third], tasks[second])] == ["accepted", "assigned"]
    await expect(asked(phone)).to_have_text(first)


async def test_a_shift_made_longer_meanwhile_is_told(evening: District, desks: Desks) -> None:
    task_id = await give(evening, DOORS[0])
    phone = await desks.phone()
    await phone.log_in(evening.members[1])
    await go_through_the_doors(phone)
    await phone.lose_signal()
    await evening.conn.execute(
        "UPDATE shifts SET during = tstzrange(lower(during), upper(during) + interval '2 hours') WHERE team_id = $1",
        evening.city.team_ids[0],
    )
    await phone.tap("Hand it over…")
    await phone.tap("Hand over")
    await phone.get_signal()
    await phone.says("1 report needs a look.")
    await phone.go_to("Done")
    await phone.says("The shift goes on for longer. Work is handed over shortly before its end.")
    assert await evening.status(task_id) == "assigned"
    await phone.go_to("Now")
    await phone.next_door(DOORS[0])


async def test_nobody_is_asked_long_before_the_end(district: District, desks: Desks) -> None:
    await district.post_placed(DOORS[0])
    phone = await desks.phone()
    await phone.log_in(district.members[1])
    await phone.next_door(DOORS[0])
    await phone.accept_next(1)
    await phone.go_to("Now")
    await expect(phone.button("Go through them")).to_have_count(0)
