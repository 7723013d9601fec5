"""What a member records without a signal: kept through everything, sent once, never by somebody else."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from tests.web.browsers import token_of
from tests.web.desks import Desks
from tests.web.district import District
from tests.web.phone_page import PhonePage

DOORS = ("四川北路1号", "四川北路2号", "四川北路3号")
_TOGETHER_S = 1.0
_PATIENCE_S = 20
# The second in which the page is seen to name a door, or no more: its own clock, whatever else a test has to do.
_WHEN = """([door, shown]) => new Promise((resolve) => {
  const look = () => {
    if (document.querySelector("main").innerText.includes(door) !== shown) return;
    changes.disconnect();
    resolve(Date.now() / 1000);
  };
  const changes = new MutationObserver(look);
  changes.observe(document.body, { childList: true, subtree: true, characterData: true });
  look();
})"""


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
    grid_worker, doctor = phones = await desks.phone(), await desks.phone()
    for phone, member in zip(phones, district.members[:2], strict=True):
        await phone.log_in(member)
        await phone.go_to("Route")
    for door in DOORS:
        async with _together(phones, door, shown=True):
            await district.post(door, near=DOORS.index(door))
    async with _together(phones, DOORS[0], shown=False):
        await grid_worker.record_delivery()
    deadline = time.monotonic() + _PATIENCE_S
    while (doors := await grid_worker.doors()) != (others := await doctor.doors()):
        assert time.monotonic() < deadline, (doors, others)


@asynccontextmanager
async def _together(phones: Sequence[PhonePage], door: str, *, shown: bool) -> AsyncIterator[None]:
    """By what is done in the block both phones come to show that door (or not) within a second of each other, by their own clock."""
    noted = asyncio.gather(*(phone.page.evaluate(_WHEN, [door, shown]) for phone in phones))
    await asyncio.sleep(0)  # both are asked before anything is done
    try:
        yield
        first, second = await asyncio.wait_for(noted, _PATIENCE_S)
    finally:
        noted.cancel()
    assert abs(first - second) < _TOGETHER_S
