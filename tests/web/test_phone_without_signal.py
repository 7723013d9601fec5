"""What a member records without a signal: kept through everything, sent once, never by somebody else."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from tests.web.browsers import token_of
from tests.web.desks import Desks
from tests.web.district import District
from tests.web.phone_page import PhonePage

DOORS = ("四川北路1号", "四川北路2号", "四川北路3号")
_TOGETHER_S = 1.0


async def test_visits_recorded_without_signal_survive_closing_the_app_and_each_counts_once(
    district: District, desks: Desks
) -> None:
    grid_worker = district.members[0]
    phone = await desks.phone(kept_as="worker")
    await phone.log_in(grid_worker)
    tasks = [await district.post_placed(door, near=number) for number, door in enumerate(DOORS)]
    for door in DOORS:
        await phone.lists(door)  # it came by itself: the page was never loaded again
    await phone.works_without_signal()
    await phone.lose_signal()
    for number in range(1, 4):
        await phone.record_delivery()
        await phone.says_waiting(number)
    await phone.close()
    phone = await desks.phone(kept_as="worker", signal=False)
    await phone.says_waiting(3)
    assert [await district.visits(task_id) for task_id in tasks] == [[], [], []]
    await phone.get_signal()
    await phone.says_waiting(0)
    for task_id in tasks:
        (visit,) = await district.visits(task_id)
        assert visit["member_id"] == grid_worker.id
        assert visit["outcome"] == "seen_ok"
        assert await district.status(task_id) == "completed"
    device_times = [(await district.visits(task_id))[0]["device_at"] for task_id in tasks]
    received = [(await district.visits(task_id))[0]["received_at"] for task_id in tasks]
    assert all(device < came for device, came in zip(device_times, received, strict=True))


async def test_a_phone_opened_without_signal_shows_the_route_it_had(district: District, desks: Desks) -> None:
    await district.post_placed(DOORS[0], household={"access_notes": "三楼，无电梯"})
    phone = await desks.phone(kept_as="opened")
    await phone.log_in(district.members[0])
    await phone.next_door(DOORS[0])
    await phone.works_without_signal()
    await phone.close()
    phone = await desks.phone(kept_as="opened", signal=False)
    await phone.next_door(DOORS[0])
    await phone.shows("三楼，无电梯")
    await phone.shows(phone.say("No signal", whole=False))


async def test_a_server_that_is_away_is_told_apart_and_reports_wait(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOORS[0])
    phone = await desks.phone()
    await phone.log_in(district.members[0])
    await phone.next_door(DOORS[0])
    phone.line.cut()  # the phone itself believes in its signal
    await phone.record_delivery()
    await phone.says_waiting(1)
    phone.line.mend()
    await phone.says_waiting(0)
    assert len(await district.visits(task_id)) == 1


async def test_an_answer_that_was_lost_on_the_way_is_asked_for_again_and_the_visit_counts_once(
    district: District, desks: Desks
) -> None:
    task_id = await district.post_placed(DOORS[0])
    phone = await desks.phone()
    await phone.log_in(district.members[0])
    await phone.next_door(DOORS[0])
    phone.line.lose_answers()
    await phone.record_delivery()
    await district.until("SELECT count(*) = 1 FROM visits WHERE task_id = $1", task_id)
    await phone.says_waiting(1)
    phone.line.mend()
    await phone.says_waiting(0)
    assert len(await district.visits(task_id)) == 1


async def test_a_session_that_expired_keeps_the_queue_and_the_same_member_sends_it_after_logging_in_again(
    district: District, desks: Desks
) -> None:
    task_id = await district.post_placed(DOORS[0])
    grid_worker = district.members[0]
    phone = await desks.phone()
    await phone.log_in(grid_worker)
    await phone.next_door(DOORS[0])
    await phone.lose_signal()
    await phone.record_delivery()
    await district.expire(grid_worker, await token_of(phone.page))
    await phone.get_signal()
    await phone.is_asked_to_log_in_again()
    await phone.says_waiting(1)
    assert await district.visits(task_id) == []
    await phone.log_in_again(grid_worker)
    await phone.says_waiting(0)
    assert len(await district.visits(task_id)) == 1


async def test_a_session_that_was_revoked_keeps_the_queue_through_a_restart(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOORS[0])
    grid_worker = district.members[0]
    phone = await desks.phone(kept_as="revoked")
    await phone.log_in(grid_worker)
    await phone.next_door(DOORS[0])
    await phone.lose_signal()
    await phone.record_delivery()
    await district.api.delete(f"/v1/members/{grid_worker.id}/sessions")
    await phone.close()
    phone = await desks.phone(kept_as="revoked")
    await phone.is_asked_to_log_in_again()
    assert await district.visits(task_id) == []
    await phone.log_in_again(grid_worker)
    await phone.says_waiting(0)
    (visit,) = await district.visits(task_id)
    assert visit["member_id"] == grid_worker.id


async def test_another_member_on_the_phone_never_sends_what_waits_of_the_first(
    district: District, desks: Desks
) -> None:
    task_id = await district.post_placed(DOORS[0])
    first, second = district.members[0], district.members[1]
    phone = await desks.phone()
    await phone.log_in(first)
    await phone.next_door(DOORS[0])
    await phone.lose_signal()
    await phone.record_delivery()
    await phone.says_waiting(1)
    await district.api.delete(f"/v1/members/{first.id}/sessions")
    await phone.get_signal()
    await phone.is_asked_to_log_in_again()
    await phone.log_in_as_another(second)
    await phone.next_door(DOORS[0])
    await phone.says_waiting(0)
    await phone.set_duty("Break")  # the second one's own report goes out
    await district.until("SELECT duty = 'break' FROM members WHERE id = $1", second.id)
    assert await district.visits(task_id) == []
    await phone.log_out()
    await phone.log_in(first)
    await district.until("SELECT count(*) = 1 FROM visits WHERE task_id = $1", task_id)
    (visit,) = await district.visits(task_id)
    assert visit["member_id"] == first.id


async def test_a_report_on_a_task_that_moved_to_another_team_is_kept_and_the_phone_says_so(
    districts: Callable[..., Awaitable[District]], desks: Desks
) -> None:
    district = await districts(teams=2)
    task_id = await district.post_placed(DOORS[0])
    team_id = await district.conn.fetchval("SELECT team_id FROM tasks WHERE id = $1", task_id)
    mine = district.city.team_ids.index(team_id)
    phone = await desks.phone()
    await phone.log_in(district.members[3 * mine])
    await phone.next_door(DOORS[0])
    await phone.lose_signal()
    await phone.record_nobody_there()
    other = district.city.team_ids[1 - mine]
    await district.api.post(f"/v1/tasks/{task_id}/assign", {"team": str(other)}, expect=200)
    await phone.get_signal()
    await phone.tells_of_a_report_set_aside(DOORS[0])
    (visit,) = await district.visits(task_id)
    assert visit["needs_review"] == ["not_held_by_team"]
    assert await district.conn.fetchval("SELECT team_id FROM tasks WHERE id = $1", task_id) == other


async def test_the_phones_of_a_team_show_the_same_stops_within_a_second_of_each_other(
    district: District, desks: Desks
) -> None:
    grid_worker, doctor = await desks.phone(), await desks.phone()
    await grid_worker.log_in(district.members[0])
    await doctor.log_in(district.members[1])
    for door in DOORS:
        await district.post(door, near=DOORS.index(door))
        seen = await asyncio.gather(*(_seen_at(phone, door) for phone in (grid_worker, doctor)))
        assert abs(seen[0] - seen[1]) < _TOGETHER_S
    await grid_worker.record_delivery()
    gone = await asyncio.gather(*(_next_door_changed(phone, DOORS[0]) for phone in (grid_worker, doctor)))
    assert abs(gone[0] - gone[1]) < _TOGETHER_S
    assert await grid_worker.doors() == await doctor.doors()


async def _seen_at(phone: PhonePage, door: str) -> float:
    await phone.lists(door)
    return time.monotonic()


async def _next_door_changed(phone: PhonePage, door: str) -> float:
    await phone.lists_no_more(door)
    return time.monotonic()
