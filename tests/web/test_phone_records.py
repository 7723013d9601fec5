"""Recording what a visit found: few taps, sensible questions, nothing impossible."""

import pytest

from tests.web.desks import Desks
from tests.web.district import District

DOOR = "四川北路1号"
_MOST_TAPS = 4


async def test_a_normal_temperature_takes_at_most_four_taps(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOOR, kind="temperature_check", subject={"name": "陈桂兰"})
    phone = await desks.phone()
    await phone.log_in(district.members[1])
    await phone.next_door(DOOR)
    taps = await phone.count_taps()
    await phone.record_usual_temperature("36.6")
    assert await taps() <= _MOST_TAPS
    await phone.says_waiting(0)
    (visit,) = await district.visits(task_id)
    assert visit["outcome"] == "seen_ok"
    assert visit["result"]["temperature_c"] == pytest.approx(36.6)


async def test_a_delivery_takes_at_most_four_taps(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOOR)
    phone = await desks.phone()
    await phone.log_in(district.members[0])
    await phone.next_door(DOOR)
    taps = await phone.count_taps()
    await phone.record_delivery()
    assert await taps() <= _MOST_TAPS
    await district.until("SELECT status = 'completed' FROM tasks WHERE id = $1", task_id)


async def test_nobody_there_takes_at_most_four_taps(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOOR)
    phone = await desks.phone()
    await phone.log_in(district.members[0])
    await phone.next_door(DOOR)
    taps = await phone.count_taps()
    await phone.record_nobody_there()
    assert await taps() <= _MOST_TAPS
    await district.until("SELECT attempts = 1 FROM tasks WHERE id = $1", task_id)


async def test_a_fever_says_at_once_what_happens_next_even_without_a_signal(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOOR, kind="temperature_check", subject={"name": "陈桂兰"})
    phone = await desks.phone()
    await phone.log_in(district.members[1])
    await phone.next_door(DOOR)
    await phone.lose_signal()
    await phone.fill_in_temperature("38.4")
    await phone.says("Fever: above {line} °C")
    await phone.shows("Ordered at once: Swab at home")
    await phone.record_the_fever()
    await phone.get_signal()
    await district.until("SELECT EXISTS (SELECT FROM visits WHERE task_id = $1 AND outcome = 'seen_not_ok')", task_id)


async def test_an_impossible_temperature_is_refused_with_a_sentence(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOOR, kind="temperature_check")
    phone = await desks.phone()
    await phone.log_in(district.members[1])
    await phone.next_door(DOOR)
    await phone.fill_in_temperature("52")
    await phone.tap("All well")
    await phone.shows("Only 34.0 to 43.0 is possible.")
    assert await district.visits(task_id) == []


async def test_an_unusual_temperature_is_asked_twice(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOOR, kind="temperature_check")
    phone = await desks.phone()
    await phone.log_in(district.members[1])
    await phone.next_door(DOOR)
    await phone.fill_in_temperature("34.5")
    await phone.tap("All well")
    await phone.asks_twice("34.5")
    assert await district.visits(task_id) == []
    await phone.confirms_the_unusual()
    await district.until("SELECT EXISTS (SELECT FROM visits WHERE task_id = $1)", task_id)
    (visit,) = await district.visits(task_id)
    assert visit["result"]["temperature_c"] == pytest.approx(34.5)


async def test_a_slip_is_corrected_and_the_old_record_stays_struck(district: District, desks: Desks) -> None:
    task_id = await district.post_placed(DOOR, kind="temperature_check", subject={"name": "陈桂兰"})
    phone = await desks.phone()
    await phone.log_in(district.members[1])
    await phone.next_door(DOOR)
    await phone.record_usual_temperature("36.6")
    await district.until("SELECT status = 'completed' FROM tasks WHERE id = $1", task_id)
    await phone.correct_last_temperature("36.9")
    await district.until("SELECT count(*) = 2 FROM visits WHERE task_id = $1", task_id)
    old, new = await district.visits(task_id)
    assert old["struck_at"] is not None
    assert new["replaces_id"] == old["id"]
    assert new["result"]["temperature_c"] == pytest.approx(36.9)
