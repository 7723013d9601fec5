"""How a member gets onto the phone page, and off it again."""

from tests.web.desks import Desks
from tests.web.district import PIN, District

DOOR = "四川北路1号"


async def test_a_member_logs_in_by_phone_number_and_pin_and_sees_who_they_are(district: District, desks: Desks) -> None:
    doctor = district.members[1]
    phone = await desks.phone()
    await phone.log_in(doctor)
    await phone.go_to("Me")
    await phone.is_of(doctor)
    await phone.shows(district.members[0].name)  # a colleague


async def test_a_wrong_pin_is_said_so_and_the_number_stays_typed(district: District, desks: Desks) -> None:
    member = district.members[0]
    phone = await desks.phone()
    await phone.try_to_log_in(member, "000000")
    await phone.refuses_the_log_in()
    assert await phone.phone_number_field().input_value() == member.phone
    await phone.log_in(member)


async def test_too_many_wrong_pins_lock_the_number_and_the_page_says_for_how_long(
    district: District, desks: Desks
) -> None:
    member = district.members[0]
    phone = await desks.phone()
    for _ in range(4):
        await phone.try_to_log_in(member, "000000")
        await phone.refuses_the_log_in()
    await phone.try_to_log_in(member, PIN)
    await phone.says_too_many_attempts()


async def test_a_link_logs_in_once(district: District, desks: Desks) -> None:
    await district.post_placed(DOOR)
    member = district.members[0]
    made = await district.api.post(f"/v1/members/{member.id}/links", {})
    fragment = f"#link={made['link_token']}"
    phone = await desks.phone(fragment=fragment)
    await phone.next_door(DOOR)
    assert "link=" not in phone.page.url  # whoever looks over the shoulder or into the history finds no token
    other = await desks.phone(fragment=fragment)
    await other.says_the_link_is_used()
    await other.log_in(member)


async def test_a_link_that_expired_says_so_and_the_pin_still_works(district: District, desks: Desks) -> None:
    member = district.members[0]
    made = await district.api.post(f"/v1/members/{member.id}/links", {})
    await district.conn.execute(
        "UPDATE tokens SET expires_at = now() - interval '1 second' WHERE member_id = $1", member.id
    )
    phone = await desks.phone(fragment=f"#link={made['link_token']}")
    await phone.says_the_link_is_used()
    await phone.log_in(member)


async def test_without_a_signal_the_log_in_says_that_there_is_none(district: District, desks: Desks) -> None:
    phone = await desks.phone()
    await phone.works_without_signal()
    await phone.lose_signal()
    await phone.try_to_log_in(district.members[0])
    await phone.shows(phone.say("No signal", whole=False))
    await phone.get_signal()
    await phone.log_in(district.members[0])


async def test_logging_out_asks_while_reports_wait_then_wipes_the_phone(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOOR, subject={"name": "陈桂兰", "phone": "+8613800138000"})
    phone = await desks.phone()
    await phone.log_in(district.members[0])
    await phone.next_door(DOOR)
    await phone.works_without_signal()
    await phone.lose_signal()
    await phone.record_delivery()
    await phone.says_waiting(1)
    await phone.begin_to_log_out()
    await phone.warns_that_reports_wait(1)
    await phone.stays()
    await phone.says_waiting(1)
    await phone.get_signal()
    await phone.says_waiting(0)
    assert len(await district.visits(task_id)) == 1
    await phone.log_out()
    kept = await phone.everything_kept()
    for personal in (DOOR, "陈桂兰", "13800138000", str(task_id), district.members[0].name):
        assert personal not in kept


async def test_logging_out_in_spite_of_waiting_reports_wipes_them_too(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOOR)
    phone = await desks.phone()
    await phone.log_in(district.members[0])
    await phone.next_door(DOOR)
    await phone.lose_signal()
    await phone.record_delivery()
    await phone.says_waiting(1)
    await phone.begin_to_log_out()
    await phone.goes_in_spite_of_it()
    kept = await phone.everything_kept()
    assert str(task_id) not in kept
    assert DOOR not in kept
