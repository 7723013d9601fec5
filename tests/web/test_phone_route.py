"""The next door and the rest of the walk: what members see of it, and what they say about it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from shared.domain.clock import utc_now
from tests.web.desks import Desks
from tests.web.district import District

DOORS = ("四川北路1号", "四川北路2号", "四川北路3号")


async def test_the_next_door_tells_all_that_is_needed_to_get_in(district: District, desks: Desks) -> None:
    await district.post_placed(
        DOORS[0],
        kind="temperature_check",
        household={"access_notes": "密码 2580，三楼"},
        subject={"name": "陈桂兰", "phone": "+8613800138000"},
        instructions="轻声敲门",
        due_at=(utc_now() + timedelta(minutes=50)).isoformat(),
    )
    phone = await desks.phone()
    await phone.log_in(district.members[1])
    await phone.next_door(DOORS[0])
    for text in ("密码 2580，三楼", "陈桂兰", "轻声敲门", "Temperature check"):
        await phone.shows(text)
    await phone.shows(r"\b(49|50) min")
    assert await phone.link("Call {name}").get_attribute("href") == "tel:+8613800138000"
    assert (await phone.link("Navigate").get_attribute("href") or "").startswith("geo:31.22")


async def test_all_tasks_of_a_door_are_one_stop(district: District, desks: Desks) -> None:
    await district.post_placed(DOORS[0], household={"ref": "door-1"}, kind="delivery")
    await district.post_placed(DOORS[0], household={"ref": "door-1"}, kind="door_sensor_check")
    phone = await desks.phone()
    await phone.log_in(district.members[0])
    await phone.next_door(DOORS[0])
    await phone.shows("Delivery")
    await phone.shows("Door sensor check")
    assert len(await phone.doors()) == 1


async def test_on_our_way_and_here_reach_the_coordinator(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOORS[0])
    phone = await desks.phone()
    await phone.log_in(district.members[0])
    await phone.next_door(DOORS[0])
    await phone.tap("On our way")
    await district.until("SELECT status = 'in_progress' FROM tasks WHERE id = $1", task_id)
    await phone.tap("We are here")
    await district.until(
        "SELECT EXISTS (SELECT FROM reports WHERE kind = 'arrive' AND member_id = $1)", district.members[0].id
    )


async def test_a_change_of_the_route_is_shown_as_a_change(district: District, desks: Desks) -> None:
    gone = await district.post_placed(DOORS[0])
    await district.post_placed(DOORS[1], near=1)
    phone = await desks.phone()
    await phone.log_in(district.members[0])
    await phone.next_door(DOORS[0])
    await district.api.post(f"/v1/tasks/{gone}/cancel", {"reason": "moved"}, expect=200)
    await district.post_placed(DOORS[2], near=2)
    await phone.tells_of_a_change(new=1)
    await phone.acknowledge_the_change()
    await phone.lists_no_more(DOORS[0])


async def test_what_was_accepted_is_the_teams_and_a_decline_gives_it_back_with_its_reason(
    district: District, desks: Desks
) -> None:
    accepted = await district.post_placed(DOORS[0])
    phone = await desks.phone()
    await phone.log_in(district.members[0])
    await phone.next_door(DOORS[0])
    await phone.accept_next(1)
    await district.until("SELECT status = 'accepted' FROM tasks WHERE id = $1", accepted)
    declined = await district.post_placed(DOORS[1], near=1)
    await phone.decline(DOORS[1])
    await district.until(
        "SELECT EXISTS (SELECT FROM assignments WHERE task_id = $1 AND end_reason = 'declined')", declined
    )
    assert await district.status(accepted) == "accepted"


async def test_a_member_goes_on_a_break_and_off_duty(district: District, desks: Desks) -> None:
    phone = await desks.phone()
    await phone.log_in(district.members[0])
    for chosen, duty in (("Break", "break"), ("On duty", "on"), ("Off duty", "off")):
        await phone.set_duty(chosen)
        await district.until("SELECT duty = $2 FROM members WHERE id = $1", district.members[0].id, duty)


async def test_the_police_see_no_medical_work_by_its_name(district: District, desks: Desks) -> None:
    await district.post_placed(DOORS[0], kind="temperature_check", subject={"name": "陈桂兰"})
    doctor, police = await desks.phone(), await desks.phone()
    await doctor.log_in(district.members[1])
    await doctor.next_door(DOORS[0])
    await doctor.shows("Temperature check")
    await police.log_in(district.members[2])
    await police.next_door(DOORS[0])
    assert "emperature" not in await police.page.content()


async def test_the_walk_is_also_a_map_that_asks_no_other_host(
    districts: Callable[..., Awaitable[District]], desks: Desks
) -> None:
    district = await districts()
    for number, door in enumerate(DOORS):
        await district.post_placed(door, near=number)
    phone = await desks.phone()
    await phone.log_in(district.members[0])
    await phone.next_door(DOORS[0])
    await phone.open_map()
