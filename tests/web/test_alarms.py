"""Alarms as people meet them: on top of the board, as a strip on the phone, acknowledged with one press, ruled in the set-up."""

from datetime import timedelta
from uuid import UUID

from playwright.async_api import expect

from shared.domain.clock import utc_now
from shared.domain.words import AlarmCode, AlarmLevel
from shared.operations.alarms import raise_alarm
from tests.web.desks import Desks
from tests.web.district import District
from tests.web.judges import accessibility

DOORS = ("四川北路1号", "四川北路2号")
WORKER_LOOKS_WITHIN_S = 30


async def alarm(district: District, what: AlarmCode, level: AlarmLevel, task_id: UUID | str | None = None) -> UUID:
    """One that no worker clears: only a person ends it."""
    raised = await raise_alarm(
        district.conn,
        district_id=district.city.district_id,
        what=what,
        level=level,
        task_id=UUID(str(task_id)) if task_id else None,
        team_id=district.city.team_ids[0],
        now=utc_now(),
    )
    assert raised is not None
    return raised


async def test_an_alarm_comes_to_the_board_by_itself_and_one_press_takes_it(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOORS[0])
    console = await desks.console()
    await console.log_in(district.coordinator)
    lead = await alarm(district, AlarmCode.FEVER, AlarmLevel.LEAD, task_id)
    await alarm(district, AlarmCode.REFUSED, AlarmLevel.COORDINATOR, task_id)
    wrong = console.wrong_now()
    fever = wrong.get_by_role("group", name=console.say("Fever"))
    await expect(fever).to_contain_text(DOORS[0])
    await expect(fever).to_contain_text(console.say("For the district lead", whole=False))
    await wrong.get_by_role("group", name=console.say("Refused")).wait_for()
    first = wrong.get_by_role("group").first
    assert await first.get_attribute("aria-label") == await fever.get_attribute("aria-label")
    assert await accessibility(console.page) == []
    await fever.get_by_role("button").click()
    await expect(fever).to_have_count(0)
    row = await district.conn.fetchrow("SELECT * FROM alarms WHERE id = $1", lead)
    assert row is not None
    assert row["acknowledged_by_account_id"] == district.coordinator.id


async def test_a_press_leads_to_what_the_alarm_is_about(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOORS[0])
    await alarm(district, AlarmCode.REFUSED, AlarmLevel.COORDINATOR, task_id)
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.wrong_now().get_by_role("group", name=console.say("Refused")).get_by_role("link").click()
    await console.page.get_by_role("heading", name=console.say("History")).wait_for()
    await console.shows("team-0")


async def test_many_of_one_sort_are_one_group_acknowledged_at_once(district: District, desks: Desks) -> None:
    for number in range(5):
        task_id = await district.post_placed(f"{DOORS[0]}{number}室", near=number)
        await alarm(district, AlarmCode.NOT_EXECUTABLE, AlarmLevel.COORDINATOR, task_id)
    console = await desks.console()
    await console.log_in(district.coordinator)
    group = console.wrong_now().get_by_role("group", name=console.say("Not executable"))
    await expect(group.get_by_role("listitem")).to_have_count(2)
    await group.get_by_role("button", name="3 more").click()
    await expect(group.get_by_role("listitem")).to_have_count(5)
    await group.get_by_role("button", name="Acknowledge all 5").click()
    await expect(group).to_have_count(0)


async def test_who_acknowledged_is_named_and_an_auditor_only_looks(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOORS[0])
    await alarm(district, AlarmCode.REFUSED, AlarmLevel.COORDINATOR, task_id)
    silent = "SELECT id FROM alarms WHERE what = 'phone_silent' AND district_id = $1"
    await district.until(silent, district.city.district_id, patience_s=WORKER_LOOKS_WITHIN_S)
    alarm_id = await district.conn.fetchval(silent, district.city.district_id)
    await district.api.post(f"/v1/alarms/{alarm_id}/acknowledge", expect=200)
    console = await desks.console()
    await console.log_in(district.auditor)
    await console.page.get_by_text(console.say("Acknowledged: {n}")).click()
    await console.shows(district.coordinator.name)
    group = console.wrong_now().get_by_role("group", name=console.say("Refused"))
    await group.wait_for()
    await expect(group.get_by_role("button")).to_have_count(0)


async def test_the_worker_tells_the_team_of_what_is_overdue_and_a_stairwell_keeps_what_it_answers(
    district: District, desks: Desks
) -> None:
    now = utc_now()
    task_id = await district.post_placed(DOORS[0], earliest=(now - timedelta(hours=1)).isoformat())
    await district.api.patch(f"/v1/tasks/{task_id}", {"due_at": (now - timedelta(minutes=2)).isoformat()})
    phone = await desks.phone()
    await phone.log_in(district.members[0])
    strip = phone.page.get_by_role("region", name=phone.say("Alarms"))
    seen = strip.get_by_role("button", name=phone.say("Seen: {what}")).filter(has_text=phone.say("Seen"))
    overdue = strip.get_by_role("listitem").filter(has_text=phone.say("Overdue", whole=False))
    await expect(overdue).to_contain_text(DOORS[0], timeout=WORKER_LOOKS_WITHIN_S * 1000)
    assert await accessibility(phone.page) == []
    await phone.lose_signal()
    await overdue.get_by_role("button", name=phone.say("Seen: {what}")).click()
    await expect(seen).to_have_count(0)
    await phone.says_waiting(1)
    taken = "SELECT count(*) FROM alarms WHERE acknowledged_at IS NOT NULL AND district_id = $1"
    assert await district.conn.fetchval(taken, district.city.district_id) == 0
    await phone.get_signal()
    await phone.says_waiting(0)
    await district.until(
        "SELECT acknowledged_by_member_id = $1 FROM alarms WHERE what = 'overdue' AND district_id = $2",
        district.members[0].id,
        district.city.district_id,
    )
    colleague = await desks.phone()
    await colleague.log_in(district.members[1])
    await colleague.page.get_by_text(colleague.say("Alarms seen: {n}")).click()
    await colleague.shows(district.members[0].name)


async def test_the_police_see_no_alarm_that_tells_a_medical_result(district: District, desks: Desks) -> None:
    await alarm(district, AlarmCode.FEVER, AlarmLevel.TEAM)
    await alarm(district, AlarmCode.REST_BROKEN, AlarmLevel.TEAM)
    doctor, police = await desks.phone(), await desks.phone()
    await doctor.log_in(district.members[1])
    await police.log_in(district.members[2])
    await doctor.says("Fever")
    await police.says("Too little rest")
    await expect(police.page.get_by_text("Fever")).to_have_count(0)


async def test_rules_are_changed_and_given_back(district: District, desks: Desks) -> None:
    path = f"/v1/districts/{district.city.district_id}/alarm-rules"
    console = await desks.console()
    await console.log_in(district.coordinator)
    await console.set_up("Alarm rules")
    page = console.page
    await page.get_by_label("After how many minutes: Overdue").fill("15")
    await page.get_by_label("Who is told first: Overdue").select_option("coordinator")
    await page.get_by_label("Raise: Due soon").uncheck()
    await console.button("Save").click()
    await console.says("Saved.")
    rules = {rule["what"]: rule for rule in (await district.api.get(path))["rules"]}
    assert [what for what, rule in rules.items() if rule["own"]] == ["due_soon", "overdue"]
    assert (rules["overdue"]["after_s"], rules["overdue"]["first_level"]) == (900, "coordinator")
    assert rules["due_soon"]["enabled"] is False
    await console.button("Back to the defaults").click()
    await console.dialog().get_by_role("button", name=console.say("Back to the defaults")).click()
    await page.get_by_role("dialog").first.wait_for(state="detached")
    assert not any(rule["own"] for rule in (await district.api.get(path))["rules"])
