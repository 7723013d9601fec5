"""The end of a shift: what goes to the team that follows, what is asked about, and who is told of what is left open."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import get_args
from uuid import UUID

import pytest

from shared.domain import reports
from shared.domain.clock import utc_now
from shared.domain.reports import Answer, Answered, HandOver, Keep
from shared.domain.words import Duty, EndReason
from shared.operations import by_hand
from shared.operations import reports as operations
from shared.operations.handover import close_ended_shift
from shared.operations.phone_route import load_phone_route
from shared.operations.planning import load_situation
from shared.operations.shifts import change_shift, remove_shift
from shared.store import assignments
from shared.store.connection import Connection, Pool
from tests.city import add_shift, assert_consistent, post
from tests.errands import run_errands
from tests.evening import Evening, make_evening
from tests.phones import Phone, give, heard, phone_of, standing

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def evening(conn: Connection) -> Evening:
    return await make_evening(conn)


@pytest.fixture
async def phone(pool: Pool, evening: Evening) -> Phone:
    """The phone of the ending team's doctor."""
    return await phone_of(pool, evening.city.member_ids[1])


@pytest.fixture
async def next_phone(pool: Pool, evening: Evening) -> Phone:
    """The phone of the doctor of the team that follows."""
    return await phone_of(pool, evening.city.member_ids[4])


async def posted(conn: Connection, evening: Evening, count: int = 1) -> list[UUID]:
    """Tasks on the ending team's walk, due in six hours."""
    task_ids = await post(conn, evening.city, count)
    await give(conn, evening.city, evening.ending, task_ids)
    return task_ids


async def handed(conn: Connection, task_id: UUID) -> list[tuple[UUID, UUID | None, str]]:
    rows = await conn.fetch(
        "SELECT from_team_id, to_team_id, note FROM handovers WHERE task_id = $1 ORDER BY at, id", task_id
    )
    return [(row["from_team_id"], row["to_team_id"], row["note"]) for row in rows]


async def end_shift(conn: Connection, evening: Evening, now: datetime | None = None) -> None:
    await close_ended_shift(conn, evening.shift_id, evening.ending, now or evening.later)


async def alarms(conn: Connection, *, standing_only: bool = False) -> list[UUID]:
    rows = await conn.fetch(
        "SELECT task_id FROM alarms WHERE what = 'handover_open' AND (NOT $1 OR cleared_at IS NULL) ORDER BY task_id",
        standing_only,
    )
    return [row["task_id"] for row in rows]


def code_of(answer: Answer) -> str:
    """Of a refusal."""
    return str(answer.error)


async def look(conn: Connection, now: datetime) -> None:
    await run_errands(conn, now, "end_shifts", "tell_of_left_open", "clear_alarms")


def test_every_report_is_carried_out() -> None:
    assert set(operations._HOW) == set(get_args(reports.Said))


async def test_what_nobody_accepted_goes_to_the_team_that_follows_and_what_was_accepted_stays(
    conn: Connection, evening: Evening, phone: Phone
) -> None:
    free, accepted = await posted(conn, evening, 2)
    await phone.accept(accepted)
    await end_shift(conn, evening)
    assert await standing(conn, free) == ("assigned", evening.following)
    assert await standing(conn, accepted) == ("accepted", evening.ending)
    assert await handed(conn, free) == [(evening.ending, evening.following, "")]
    assert await handed(conn, accepted) == []
    assert "task.handed_over" in await heard(conn, team_id=evening.following)
    first, second = await assignments.select_assignments_of_task(conn, free)
    assert (first.end_reason, second.reason["handed_over"]) == (EndReason.SHIFT_ENDED, True)
    await assert_consistent(conn)


async def test_a_shift_ends_once_however_often_it_is_looked_at(conn: Connection, evening: Evening) -> None:
    (task_id,) = await posted(conn, evening)
    for _ in range(3):
        await look(conn, evening.later)
        await end_shift(conn, evening)
    assert len(await handed(conn, task_id)) == 1
    assert (await heard(conn, team_id=evening.ending)).count("shift.ended") == 1


async def test_what_does_not_fit_into_the_next_teams_shift_waits(conn: Connection, evening: Evening) -> None:
    free = await posted(conn, evening, 12)
    await change_shift(
        conn, evening.next_shift_id, {"ends_at": evening.ends_at + 45 * MINUTE}, now=utc_now(), account_id=None
    )
    await end_shift(conn, evening)
    stand = [await standing(conn, task_id) for task_id in free]
    given = stand.count(("assigned", evening.following))
    assert 0 < given < len(free)
    assert stand.count(("pending", None)) == len(free) - given
    assert {row[1] for task_id in free for row in await handed(conn, task_id)} == {evening.following, None}
    await assert_consistent(conn)


async def test_what_the_next_team_cannot_do_waits(conn: Connection, evening: Evening, next_phone: Phone) -> None:
    task_ids = await post(conn, evening.city, kind="temperature_check")
    await give(conn, evening.city, evening.ending, task_ids)
    await next_phone.duty(Duty.OFF)
    await end_shift(conn, evening)
    assert await standing(conn, task_ids[0]) == ("pending", None)
    assert await handed(conn, task_ids[0]) == [(evening.ending, None, "")]


@pytest.mark.parametrize(("begins_in", "follows"), [(59, True), (60, True), (61, False)])
async def test_a_team_follows_that_begins_soon_enough(
    conn: Connection, evening: Evening, begins_in: int, follows: bool
) -> None:
    (task_id,) = await posted(conn, evening)
    await change_shift(
        conn,
        evening.next_shift_id,
        {"starts_at": evening.later + begins_in * MINUTE},
        now=utc_now(),
        account_id=None,
    )
    await end_shift(conn, evening)
    assert (await standing(conn, task_id))[1] == (evening.following if follows else None)


@pytest.mark.parametrize("home", ["none", "another"])
async def test_a_team_at_home_elsewhere_does_not_follow(conn: Connection, evening: Evening, home: str) -> None:
    (task_id,) = await posted(conn, evening)
    grid_id = None
    if home == "another":
        grid_id = await conn.fetchval(
            """
            INSERT INTO grids (id, district_id, code, name, geometry, area_m2)
            VALUES (gen_random_uuid(), $1, 'b', 'B', '{}', 1) RETURNING id
            """,
            evening.city.district_id,
        )
    await conn.execute("UPDATE teams SET home_grid_id = $2 WHERE id = $1", evening.following, grid_id)
    await end_shift(conn, evening)
    assert await standing(conn, task_id) == ("pending", None)


async def test_of_several_the_one_with_most_room_follows(conn: Connection, evening: Evening) -> None:
    (task_id,) = await posted(conn, evening)
    await add_shift(
        conn, evening.city.district_id, evening.idle, evening.ends_at, evening.ends_at + timedelta(hours=10)
    )
    await end_shift(conn, evening)
    assert await standing(conn, task_id) == ("assigned", evening.idle)


async def test_a_team_whose_next_shift_begins_at_once_goes_on(conn: Connection, evening: Evening, phone: Phone) -> None:
    (task_id,) = await posted(conn, evening)
    await add_shift(
        conn, evening.city.district_id, evening.ending, evening.ends_at, evening.ends_at + timedelta(hours=4)
    )
    route = await load_phone_route(conn, phone.member_id, utc_now())
    assert route.ending is None, "nobody is asked"
    assert code_of(await phone.say(HandOver(task_ids=(task_id,)))) == "too_early_to_hand_over"
    await end_shift(conn, evening)
    assert await standing(conn, task_id) == ("assigned", evening.ending)
    assert await conn.fetchval("SELECT closed_at IS NOT NULL FROM shifts WHERE id = $1", evening.shift_id)


async def test_what_a_team_got_for_its_next_shift_stays_with_it(conn: Connection, evening: Evening) -> None:
    district, ends_at = evening.city.district_id, evening.ends_at
    await add_shift(conn, district, evening.ending, ends_at + timedelta(hours=8), ends_at + timedelta(hours=16))
    (task_id,) = await posted(conn, evening)
    await conn.execute("UPDATE assignments SET assigned_at = $2 WHERE task_id = $1", task_id, ends_at + MINUTE)
    await end_shift(conn, evening, ends_at + 2 * MINUTE)
    assert await standing(conn, task_id) == ("assigned", evening.ending)


async def test_a_shift_moved_on_before_the_look_does_not_end(conn: Connection, evening: Evening) -> None:
    (task_id,) = await posted(conn, evening)
    await change_shift(conn, evening.shift_id, {"ends_at": evening.ends_at + MINUTE}, now=utc_now(), account_id=None)
    await end_shift(conn, evening)
    assert await standing(conn, task_id) == ("assigned", evening.ending)
    await look(conn, evening.later + MINUTE)
    assert await standing(conn, task_id) == ("assigned", evening.following)


async def test_a_task_handed_over_goes_with_its_note_and_not_back(
    conn: Connection, evening: Evening, phone: Phone, next_phone: Phone
) -> None:
    first, second = await posted(conn, evening, 2)
    await phone.accept(first, second)
    await phone.depart(second)
    assert (await phone.say(HandOver(task_ids=(first, second), note=" key at 402 "))).status is Answered.DONE
    for task_id in (first, second):
        assert await standing(conn, task_id) == ("assigned", evening.following)
        assert await handed(conn, task_id) == [(evening.ending, evening.following, "key at 402")]
    route = await load_phone_route(conn, next_phone.member_id, utc_now())
    (told,) = {note for stop in route.stops for task in stop.tasks for note in task.handovers}
    assert (told.from_team, told.note) == ("team-0", "key at 402")
    assert code_of(await phone.accept(first)) == "not_your_task"
    await assert_consistent(conn)
    await by_hand.release(conn, evening.city.district_id, [first], now=utc_now(), account_id=None)
    situation = await load_situation(conn, evening.city.district_id, utc_now(), most=10)
    (work,) = situation.pending
    assert evening.shift_id in work.declined_in, "this shift's team does not get it back"


async def test_the_police_learn_from_whom_and_not_the_note(conn: Connection, evening: Evening, phone: Phone) -> None:
    (task_id,) = await posted(conn, evening)
    await phone.say(HandOver(task_ids=(task_id,), note="38.4 at noon"))
    route = await load_phone_route(conn, evening.city.member_ids[5], utc_now())
    (told,) = route.stops[0].tasks[0].handovers
    assert (told.from_team, told.note) == ("team-0", None)


async def test_a_note_stays_with_a_task_that_waits_and_goes_round(
    conn: Connection, evening: Evening, phone: Phone
) -> None:
    (task_id,) = await posted(conn, evening)
    await conn.execute("DELETE FROM shifts WHERE id = $1", evening.next_shift_id)
    await phone.say(HandOver(task_ids=(task_id,), note="dog"))
    assert await standing(conn, task_id) == ("pending", None)
    await add_shift(conn, evening.city.district_id, evening.idle, utc_now() - MINUTE, evening.ends_at)
    await give(conn, evening.city, evening.idle, [task_id])
    route = await load_phone_route(conn, evening.city.member_ids[7], utc_now())
    assert [told.note for told in route.stops[0].tasks[0].handovers] == ["dog"]


@pytest.mark.parametrize("said", [Keep, HandOver])
async def test_nothing_is_said_of_the_end_long_before_it(
    conn: Connection, evening: Evening, phone: Phone, said: type[Keep | HandOver]
) -> None:
    (task_id,) = await posted(conn, evening)
    await change_shift(
        conn, evening.shift_id, {"ends_at": evening.ends_at + timedelta(hours=1)}, now=utc_now(), account_id=None
    )
    answer = await phone.say(said(task_ids=(task_id,)))
    assert answer.status is Answered.REFUSED
    assert code_of(answer) == "too_early_to_hand_over"
    assert await standing(conn, task_id) == ("assigned", evening.ending)


async def test_nobody_keeps_or_hands_over_what_is_not_theirs(
    conn: Connection, evening: Evening, phone: Phone, next_phone: Phone
) -> None:
    mine, waiting = await post(conn, evening.city, 2)
    await give(conn, evening.city, evening.ending, [mine])
    for said in (Keep, HandOver):
        assert code_of(await phone.say(said(task_ids=(mine, waiting)))) == "not_your_task"
        await conn.execute(
            "UPDATE shifts SET during = tstzrange(now() - interval '7 h', $2) WHERE id = $1",
            evening.next_shift_id,
            evening.ends_at,
        )
        assert code_of(await next_phone.say(said(task_ids=(mine,)))) == "not_your_task"
    assert await standing(conn, mine) == ("assigned", evening.ending)


async def test_keeping_a_task_is_accepting_it_and_it_is_asked_about_no_more(
    conn: Connection, evening: Evening, phone: Phone
) -> None:
    (task_id,) = await posted(conn, evening)
    assert (await phone.say(Keep(task_ids=(task_id,)))).status is Answered.DONE
    assert (await phone.say(Keep(task_ids=(task_id,)))).status is Answered.DONE
    assert await standing(conn, task_id) == ("accepted", evening.ending)
    assert await kept(conn, phone) == [True]
    assert (await heard(conn, team_id=evening.ending)).count("task.accepted") == 1
    await end_shift(conn, evening)
    assert await standing(conn, task_id) == ("accepted", evening.ending)


async def test_what_was_kept_is_asked_about_again_where_the_shift_is_made_longer(
    conn: Connection, evening: Evening, phone: Phone
) -> None:
    (task_id,) = await posted(conn, evening)
    await phone.say(Keep(task_ids=(task_id,)))
    await change_shift(
        conn, evening.shift_id, {"ends_at": evening.ends_at + timedelta(hours=2)}, now=utc_now(), account_id=None
    )
    assert await kept(conn, phone) == [False]


async def kept(conn: Connection, phone: Phone) -> list[bool]:
    route = await load_phone_route(conn, phone.member_id, utc_now())
    return [task.kept for stop in route.stops for task in stop.tasks]


async def test_the_coordinator_is_told_once_of_what_nobody_answered_for(
    conn: Connection, evening: Evening, phone: Phone
) -> None:
    silent, promised, free = await posted(conn, evening, 3)
    await phone.accept(silent)
    await phone.say(Keep(task_ids=(promised,)))
    await look(conn, evening.ends_at + 9 * MINUTE)
    assert await alarms(conn) == []
    await look(conn, evening.ends_at + 10 * MINUTE)
    await look(conn, evening.ends_at + 20 * MINUTE)
    assert await alarms(conn) == [silent]
    await look(conn, evening.ends_at + 70 * MINUTE)
    assert await alarms(conn) == sorted([silent, promised])
    assert (await standing(conn, free))[1] == evening.following


async def test_a_stop_of_any_length_costs_no_alarm(conn: Connection, evening: Evening, phone: Phone) -> None:
    (task_id,) = await posted(conn, evening)
    await phone.accept(task_id)
    await look(conn, evening.ends_at + timedelta(hours=30))
    assert await alarms(conn) == [task_id]


@pytest.mark.parametrize("settled", ["visited", "released", "handed_over"])
async def test_an_alarm_is_over_once_the_team_has_the_task_no_more(
    conn: Connection, evening: Evening, phone: Phone, settled: str
) -> None:
    (task_id,) = await posted(conn, evening)
    await phone.accept(task_id)
    later = evening.ends_at + 10 * MINUTE
    await look(conn, later)
    assert await alarms(conn, standing_only=True) == [task_id]
    if settled == "visited":
        await phone.visits(task_id)
    elif settled == "released":
        await by_hand.release(conn, evening.city.district_id, [task_id], now=later, account_id=None)
    else:
        await phone.say(HandOver(task_ids=(task_id,)))
    await look(conn, later)
    assert await alarms(conn, standing_only=True) == []
    await look(conn, later + timedelta(hours=1))
    assert await alarms(conn) == [task_id], "raised once"


async def test_a_rule_of_the_district_says_when_and_whether_it_is_told(
    conn: Connection, evening: Evening, phone: Phone
) -> None:
    (task_id,) = await posted(conn, evening)
    await phone.accept(task_id)
    for enabled, told in ((False, []), (True, [task_id])):
        await conn.execute(
            """
            INSERT INTO alarm_rules (district_id, what, enabled, after_s, first_level) VALUES ($1, 'handover_open', $2, 60, 'coordinator')
            ON CONFLICT (district_id, what) DO UPDATE SET enabled = excluded.enabled
            """,
            evening.city.district_id,
            enabled,
        )
        await look(conn, evening.ends_at + MINUTE)
        assert await alarms(conn) == told


async def test_a_hand_over_said_after_the_end_goes_to_the_team_that_is_there(
    conn: Connection, evening: Evening, phone: Phone
) -> None:
    (task_id,) = await posted(conn, evening)
    await phone.accept(task_id)
    await end(conn, evening, [evening.shift_id])
    assert (await phone.say(HandOver(task_ids=(task_id,), note="late"))).status is Answered.DONE
    assert await standing(conn, task_id) == ("assigned", evening.following)


async def end(conn: Connection, evening: Evening, shift_ids: Sequence[UUID]) -> None:
    """The shift has ended a minute ago, by the real clock."""
    now = utc_now()
    await conn.execute(
        "UPDATE shifts SET during = tstzrange(lower(during), $2) WHERE id = ANY($1)", list(shift_ids), now - MINUTE
    )
    await conn.execute("UPDATE assignments SET assigned_at = $1", now - 2 * MINUTE)
    await look(conn, now)


async def test_what_was_accepted_in_a_shift_that_is_removed_is_told_at_once(
    conn: Connection, evening: Evening, phone: Phone
) -> None:
    free, accepted = await posted(conn, evening, 2)
    await phone.accept(accepted)
    now = utc_now()
    await remove_shift(conn, evening.next_shift_id, now=now, account_id=None)
    assert await alarms(conn) == [], "it had not begun"
    await remove_shift(conn, evening.shift_id, now=now, account_id=None)
    assert await standing(conn, free) == ("pending", None)
    assert await alarms(conn) == [accepted]
    await look(conn, now)
    assert await alarms(conn, standing_only=True) == [accepted]
    await phone.visits(accepted)
    await look(conn, utc_now())
    assert await alarms(conn, standing_only=True) == []
