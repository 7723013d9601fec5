"""Breaks: in the walk until they are over, begun by a member's word or by their planned time, neither planned twice nor lost."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from asyncpg import CheckViolationError

from services.worker.improver import is_better
from shared.domain.breaks import Break
from shared.domain.clock import utc_now
from shared.domain.district import District
from shared.domain.errors import Invalid
from shared.domain.ids import new_id
from shared.domain.reports import Answered, DutyChanged
from shared.domain.routing import TeamOnShift, Work
from shared.domain.team import Shift
from shared.domain.words import Duty
from shared.operations import by_hand
from shared.operations.breaks import settle_break
from shared.operations.improving import apply_walks, load_round
from shared.operations.members import set_duty
from shared.operations.overview import load_overview
from shared.operations.phone_route import load_phone_route
from shared.operations.planning import NewWalk, apply_plan, load_situation
from shared.operations.shifts import change_shift, create_shifts, remove_shift
from shared.operations.walks import load_teams
from shared.store import districts, shifts
from shared.store.connection import Connection, Pool
from tests.city import City, add_break, assert_consistent, make_city, post
from tests.phones import Phone, give, phone_of

MINUTE = 60
HALF_AN_HOUR = 30 * MINUTE
HOUR = timedelta(hours=1)


@pytest.fixture
async def city(conn: Connection) -> City:
    """Two teams, on shift from an hour ago for eight hours."""
    return await make_city(conn, teams=2, accept_limit=1, freeze_s=0)


@pytest.fixture
async def worker(pool: Pool, city: City) -> Phone:
    """The phone of the first team's grid worker."""
    return await phone_of(pool, city.member_ids[0])


@pytest.fixture
async def doctor(pool: Pool, city: City) -> Phone:
    """The phone of the first team's doctor."""
    return await phone_of(pool, city.member_ids[1])


async def team_of(conn: Connection, city: City, *, now: datetime | None = None, number: int = 0) -> TeamOnShift:
    district = await district_of(conn, city)
    (team,) = await load_teams(conn, district.settings, now=now or utc_now(), team_ids=[city.team_ids[number]])
    return team


async def district_of(conn: Connection, city: City) -> District:
    district = await districts.select_district(conn, city.district_id)
    assert district is not None
    return district


async def break_in_walk(conn: Connection, city: City, **but: Any) -> Work | None:
    works = (await team_of(conn, city, **but)).works
    assert sum(work.is_break for work in works) <= 1
    return next((work for work in works if work.is_break), None)


async def shift_of(conn: Connection, shift_id: UUID) -> Shift:
    shift = await shifts.select_shift(conn, shift_id)
    assert shift is not None
    return shift


async def order(conn: Connection, city: City) -> list[UUID]:
    return [work.task_id for work in (await team_of(conn, city)).works]


async def route(conn: Connection, city: City) -> tuple[int, list[UUID]]:
    row = await conn.fetchrow("SELECT version, task_ids FROM routes WHERE team_id = $1", city.team_ids[0])
    return (row["version"], list(row["task_ids"])) if row else (0, [])


async def settle(conn: Connection, city: City, *, in_s: float = 0, now: datetime | None = None) -> None:
    """What a sweep does, as it finds out what is due."""
    now = now or utc_now() + timedelta(seconds=in_s)
    for due in await shifts.select_breaks_due(conn, now, 10):
        await settle_break(conn, due["team_id"], now)
    await assert_consistent(conn)


# What people set


def shift_with(city: City, break_: Break | None, **but: Any) -> Shift:
    begins = but.pop("starts_at", utc_now() + 24 * HOUR)
    return Shift(
        id=new_id(),
        district_id=city.district_id,
        team_id=city.team_ids[0],
        starts_at=begins,
        ends_at=begins + 8 * HOUR,
        break_=break_,
        **but,
    )


async def test_a_break_is_kept_with_its_shift_and_asked_for_twice_is_one(conn: Connection, city: City) -> None:
    begins = utc_now() + 24 * HOUR
    noon = Break(earliest=begins + 3 * HOUR, latest=begins + 5 * HOUR, duration_s=HALF_AN_HOUR)
    given = shift_with(city, noon, starts_at=begins)
    for _ in range(2):
        (made,) = await create_shifts(conn, city.district_id, [given], now=utc_now(), account_id=None)
        assert made.break_ == noon
    assert (await shift_of(conn, given.id)).break_ == noon


async def test_a_break_outside_its_shift_is_refused_by_field_and_by_the_database(conn: Connection, city: City) -> None:
    begins = utc_now() + 24 * HOUR
    late = Break(earliest=begins, latest=begins + 8 * HOUR, duration_s=60)
    with pytest.raises(Invalid) as refused:
        await create_shifts(
            conn, city.district_id, [shift_with(city, late, starts_at=begins)], now=utc_now(), account_id=None
        )
    assert [error.loc for error in refused.value.errors] == ["break.latest"]
    for broken in (
        "break_s = 60",
        "break_earliest = now(), break_latest = now() - interval '1 s', break_s = 60",
        "break_earliest = lower(during) - interval '1 s', break_latest = now(), break_s = 60",
        "break_earliest = now(), break_latest = upper(during), break_s = 60",
        "break_began_at = now(), break_over_at = now()",
    ):
        with pytest.raises(CheckViolationError):
            await conn.execute(f"UPDATE shifts SET {broken}")


async def test_a_shift_is_not_cut_off_its_break(conn: Connection, city: City) -> None:
    shift_id = await add_break(conn, city.team_ids[0], in_s=5 * 3600, until_s=6 * 3600)
    with pytest.raises(Invalid):
        await change_shift(conn, shift_id, {"ends_at": utc_now() + 4 * HOUR}, now=utc_now(), account_id=None)
    changes = {"ends_at": utc_now() + 4 * HOUR, "break_": None}
    await change_shift(conn, shift_id, changes, now=utc_now(), account_id=None)
    assert await break_in_walk(conn, city) is None


async def test_another_break_than_before_is_ahead_whatever_was_had(conn: Connection, city: City, doctor: Phone) -> None:
    shift_id = await add_break(conn, city.team_ids[0], in_s=-50 * MINUTE, until_s=3600)
    await doctor.duty(Duty.BREAK, ago_s=40 * MINUTE)
    known = await shift_of(conn, shift_id)
    assert known.break_over_at is not None
    assert known.break_ is not None
    await change_shift(conn, shift_id, {"break_": known.break_}, now=utc_now(), account_id=None)
    assert await break_in_walk(conn, city) is None
    second = replace(known.break_, latest=known.break_.latest + HOUR)
    await change_shift(conn, shift_id, {"break_": second}, now=utc_now(), account_id=None)
    assert await break_in_walk(conn, city) is not None
    assert (await route(conn, city))[1] == [shift_id]


async def test_a_removed_shift_takes_its_break_off_the_route(conn: Connection, city: City) -> None:
    shift_id = await add_break(conn, city.team_ids[0], in_s=3600, until_s=7200)
    await settle(conn, city)
    await remove_shift(conn, shift_id, now=utc_now(), account_id=None)
    assert (await route(conn, city))[1] == []


# In the walk


async def test_a_break_is_on_the_route_within_a_sweep_and_then_left_alone(conn: Connection, city: City) -> None:
    shift_id = await add_break(conn, city.team_ids[0], in_s=3600, until_s=7200)
    assert await order(conn, city) == [shift_id]
    await settle(conn, city)
    assert await route(conn, city) == (1, [shift_id])
    await settle(conn, city)
    assert await route(conn, city) == (1, [shift_id])


async def test_a_break_keeps_its_place_in_the_order(conn: Connection, city: City) -> None:
    shift_id = await add_break(conn, city.team_ids[0], in_s=0, until_s=4 * 3600)
    first, second, third = await post(conn, city, 3)
    await give(conn, city, city.team_ids[0], [first, second])
    assert await order(conn, city) == [shift_id, first, second]
    await conn.execute("UPDATE routes SET task_ids = $1", [first, shift_id, second])
    await give(conn, city, city.team_ids[0], [third])
    assert await order(conn, city) == [first, shift_id, second, third]
    await assert_consistent(conn)


async def test_a_team_that_is_not_active_has_no_break_to_settle(conn: Connection, city: City) -> None:
    await add_break(conn, city.team_ids[0], in_s=3600, until_s=7200)
    await conn.execute("UPDATE teams SET active = false")
    assert await shifts.select_breaks_due(conn, utc_now(), 10) == []


async def test_a_break_of_the_next_shift_waits_for_it(conn: Connection, city: City) -> None:
    begins = utc_now() + 8 * HOUR
    noon = Break(earliest=begins + HOUR, latest=begins + 2 * HOUR, duration_s=HALF_AN_HOUR)
    await create_shifts(
        conn, city.district_id, [shift_with(city, noon, starts_at=begins)], now=utc_now(), account_id=None
    )
    assert await break_in_walk(conn, city) is None
    assert await break_in_walk(conn, city, now=utc_now() + 7.5 * HOUR) is not None


async def test_a_plan_made_before_a_break_began_is_overtaken(conn: Connection, city: City, doctor: Phone) -> None:
    await add_break(conn, city.team_ids[0], in_s=0, until_s=3600)
    (task_id,) = await post(conn, city)
    situation = await load_situation(conn, city.district_id, utc_now(), most=10)
    (team, *_), (work,) = situation.teams, situation.pending
    assert [held.is_break for held in team.works] == [True]
    await doctor.duty(Duty.BREAK)
    walk = NewWalk(team=team, works=[work, *team.works])
    insertion = by_hand.insert_where_cheapest(team, work, situation.now, 0, 60, forced=True)
    assert insertion is not None
    applied = await apply_plan(
        conn,
        city.district_id,
        walks=[walk],
        reasons={task_id: insertion.reason},
        waiting={},
        planned_at=situation.read_at,
        now=utc_now(),
    )
    assert (applied.placed, applied.overtaken) == (0, 1)


async def test_tasks_and_a_break_are_told_apart_wherever_they_are_counted(
    conn: Connection, city: City, doctor: Phone
) -> None:
    await add_break(conn, city.team_ids[0], in_s=-3500, until_s=-3400)
    first, second = await post(conn, city, 2)
    await give(conn, city, city.team_ids[0], [first, second])
    glance = next(
        team
        for team in (await load_overview(conn, city.district_id, utc_now())).teams
        if team.team_id == city.team_ids[0]
    )
    assert (glance.tasks, glance.late) == (2, 0)
    assert (await doctor.accept(first)).status is Answered.DONE, "the break before it is no stop to accept"
    assert (await doctor.accept(second)).status is Answered.REFUSED


async def test_giving_back_takes_tasks_and_leaves_the_break(conn: Connection, city: City) -> None:
    shift_id = await add_break(conn, city.team_ids[0], in_s=0, until_s=3600)
    task_ids = await post(conn, city, 2)
    await give(conn, city, city.team_ids[0], task_ids)
    for member_id in city.member_ids[:3]:
        await set_duty(conn, member_id, Duty.OFF, utc_now())
    assert await order(conn, city) == [shift_id]
    assert (await route(conn, city))[1] == [shift_id]
    await assert_consistent(conn)


async def test_by_hand_a_break_may_be_made_late_and_it_is_said(conn: Connection, city: City) -> None:
    for member_id in city.member_ids[:3]:
        await set_duty(conn, member_id, Duty.OFF, utc_now())
    (held,), (task_id,) = await post(conn, city), await post(conn, city, due_at=utc_now() + timedelta(minutes=1))
    await give(conn, city, city.team_ids[0], [held])
    shift_id = await add_break(conn, city.team_ids[0], in_s=2 * MINUTE, until_s=3 * MINUTE)
    await conn.execute("UPDATE routes SET task_ids = $1", [held, shift_id])

    async def assign(*, force: bool) -> by_hand.Assigned:
        return await by_hand.assign(
            conn, city.team_ids[0], [task_id], force=force, preview=not force, now=utc_now(), account_id=None
        )

    effect = (await assign(force=False)).effects[task_id]
    assert effect.breaks == ("role_missing", "makes_break_late")
    assert effect.made_late == ()
    await assign(force=True)
    assert sorted((await order(conn, city))[:2]) == sorted([held, task_id])
    await assert_consistent(conn)


# Begun, over, put off


@pytest.mark.parametrize("opens_in_s", [-3000, -60, 9 * MINUTE])
async def test_a_members_word_begins_the_break_from_about_its_window_on(
    conn: Connection, city: City, doctor: Phone, opens_in_s: int
) -> None:
    shift_id = await add_break(conn, city.team_ids[0], in_s=opens_in_s, until_s=opens_in_s + 60)
    (task_id,) = await post(conn, city)
    await give(conn, city, city.team_ids[0], [task_id])
    said = doctor.report(DutyChanged(duty=Duty.BREAK), ago_s=10)
    await doctor.send(said)
    assert await order(conn, city) == [shift_id, task_id]
    rest = await break_in_walk(conn, city)
    assert rest is not None
    assert rest.arrived_at == said.corrected_at
    assert rest.service_s == HALF_AN_HOUR
    assert (await route(conn, city))[1] == [shift_id, task_id]
    await assert_consistent(conn)


async def test_rest_long_before_the_window_is_not_the_break(conn: Connection, city: City, doctor: Phone) -> None:
    shift_id = await add_break(conn, city.team_ids[0], in_s=11 * MINUTE, until_s=3600)
    await doctor.duty(Duty.BREAK)
    assert (await shift_of(conn, shift_id)).break_began_at is None


async def test_the_first_word_counts_and_the_same_again_changes_nothing(
    conn: Connection, city: City, doctor: Phone, worker: Phone
) -> None:
    shift_id = await add_break(conn, city.team_ids[0], in_s=-3000, until_s=3600)
    said = doctor.report(DutyChanged(duty=Duty.BREAK), ago_s=5 * MINUTE)
    await doctor.send(said)
    began = await shift_of(conn, shift_id)
    version, _ = await route(conn, city)
    await doctor.send(said)
    await doctor.duty(Duty.BREAK)
    await worker.duty(Duty.BREAK)
    assert await shift_of(conn, shift_id) == began
    assert (await route(conn, city))[0] == version
    assert await _told(conn) == ["break_began"]


async def test_a_break_is_over_when_it_has_lasted_and_never_planned_again(
    conn: Connection, city: City, doctor: Phone
) -> None:
    shift_id = await add_break(conn, city.team_ids[0], in_s=-50 * MINUTE, until_s=2 * 3600)
    said = doctor.report(DutyChanged(duty=Duty.BREAK), ago_s=31 * MINUTE)
    await doctor.send(said)
    assert await break_in_walk(conn, city) is None
    await doctor.duty(Duty.ON)
    await doctor.duty(Duty.BREAK)
    await settle(conn, city)
    assert await break_in_walk(conn, city) is None
    (task_id,) = await post(conn, city)
    await give(conn, city, city.team_ids[0], [task_id])
    assert await order(conn, city) == [task_id]
    assert (await shift_of(conn, shift_id)).break_began_at == said.corrected_at


async def test_a_break_ends_when_the_last_who_rests_is_back(
    conn: Connection, city: City, doctor: Phone, worker: Phone
) -> None:
    shift_id = await add_break(conn, city.team_ids[0], in_s=-50 * MINUTE, until_s=2 * 3600)
    await doctor.duty(Duty.BREAK, ago_s=20 * MINUTE)
    await worker.duty(Duty.BREAK, ago_s=19 * MINUTE)
    await doctor.duty(Duty.ON, ago_s=2 * MINUTE)
    assert await break_in_walk(conn, city) is not None
    said = worker.report(DutyChanged(duty=Duty.ON), ago_s=MINUTE)
    await worker.send(said)
    assert await break_in_walk(conn, city) is None
    assert (await shift_of(conn, shift_id)).break_over_at == said.corrected_at
    assert await _told(conn) == ["break_began", "break_over"]


async def test_a_break_cut_short_before_its_half_is_still_ahead(conn: Connection, city: City, doctor: Phone) -> None:
    shift_id = await add_break(conn, city.team_ids[0], in_s=-50 * MINUTE, until_s=2 * 3600)
    await doctor.duty(Duty.BREAK, ago_s=15 * MINUTE)
    await doctor.duty(Duty.ON, ago_s=MINUTE)
    assert (await shift_of(conn, shift_id)).break_began_at is None
    rest = await break_in_walk(conn, city)
    assert rest is not None
    assert not rest.is_under_way
    assert await _told(conn) == ["break_began", "break_put_off"]
    await assert_consistent(conn)


async def test_reports_of_a_whole_break_that_come_late_are_believed(
    conn: Connection, city: City, doctor: Phone
) -> None:
    shift_id = await add_break(conn, city.team_ids[0], in_s=-55 * MINUTE, until_s=2 * 3600)
    await settle(conn, city)
    await doctor.duty(Duty.BREAK, ago_s=50 * MINUTE)
    await doctor.duty(Duty.ON, ago_s=25 * MINUTE)
    shift = await shift_of(conn, shift_id)
    assert shift.break_began_at is not None
    assert shift.break_over_at is not None
    assert round((shift.break_over_at - shift.break_began_at).total_seconds() / MINUTE) == 25


async def test_unannounced_a_break_begins_when_it_is_next_and_its_planned_time_has_come(
    conn: Connection, city: City
) -> None:
    shift_id = await add_break(conn, city.team_ids[0], in_s=MINUTE, until_s=3600)
    planned = (await shift_of(conn, shift_id)).break_
    assert planned is not None
    await settle(conn, city, now=planned.earliest - timedelta(seconds=59))
    await settle(conn, city, now=planned.earliest - timedelta(seconds=1))
    assert (await shift_of(conn, shift_id)).break_began_at is None
    await settle(conn, city, now=planned.earliest + timedelta(seconds=10))
    shift = await shift_of(conn, shift_id)
    assert shift.break_ is not None
    assert shift.break_began_at == shift.break_.earliest, "as planned, however late somebody looked"
    over = shift.break_.earliest + shift.break_.duration
    assert await break_in_walk(conn, city, now=over - timedelta(seconds=1)) is not None
    assert await break_in_walk(conn, city, now=over) is None


async def test_unannounced_a_break_does_not_begin_while_a_visit_comes_first(
    conn: Connection, city: City, doctor: Phone
) -> None:
    shift_id = await add_break(conn, city.team_ids[0], in_s=0, until_s=3600)
    (task_id,) = await post(conn, city)
    await give(conn, city, city.team_ids[0], [task_id])
    await doctor.depart(task_id)
    assert await order(conn, city) == [task_id, shift_id]
    await settle(conn, city, in_s=20 * MINUTE)
    assert (await shift_of(conn, shift_id)).break_began_at is None
    await doctor.visits(task_id)
    await settle(conn, city, in_s=1)
    assert (await shift_of(conn, shift_id)).break_began_at is not None


async def test_a_word_sets_right_what_the_plan_took_for_begun(conn: Connection, city: City, doctor: Phone) -> None:
    shift_id = await add_break(conn, city.team_ids[0], in_s=-20 * MINUTE, until_s=3600)
    await settle(conn, city)
    await conn.execute(
        "UPDATE shifts SET break_began_at = now() - interval '20 min', break_over_at = now() + interval '10 min'"
        " WHERE id = $1",
        shift_id,
    )
    said = doctor.report(DutyChanged(duty=Duty.BREAK))
    await doctor.send(said)
    assert (await shift_of(conn, shift_id)).break_began_at == said.corrected_at


@pytest.mark.parametrize(("had_min", "is_over"), [(5, False), (20, True)])
async def test_who_sets_out_ends_the_break_or_puts_it_off(
    conn: Connection, city: City, doctor: Phone, had_min: int, is_over: bool
) -> None:
    shift_id = await add_break(conn, city.team_ids[0], in_s=-55 * MINUTE, until_s=3600)
    first, second = await post(conn, city, 2)
    await give(conn, city, city.team_ids[0], [first, second])
    await doctor.duty(Duty.BREAK, ago_s=had_min * MINUTE)
    await doctor.depart(second)
    assert await order(conn, city) == ([second, first] if is_over else [second, shift_id, first])
    assert ((await shift_of(conn, shift_id)).break_over_at is not None) is is_over
    await assert_consistent(conn)


async def test_a_visit_recorded_in_an_announced_break_does_not_end_it(
    conn: Connection, city: City, doctor: Phone, worker: Phone
) -> None:
    await add_break(conn, city.team_ids[0], in_s=-55 * MINUTE, until_s=3600)
    task_ids = await post(conn, city, 2)
    await give(conn, city, city.team_ids[0], task_ids)
    await doctor.duty(Duty.BREAK, ago_s=MINUTE)
    await worker.visits(task_ids[0])
    rest = await break_in_walk(conn, city)
    assert rest is not None
    assert rest.is_under_way


async def test_a_visit_without_a_word_in_a_break_nobody_announced_puts_it_off(
    conn: Connection, city: City, doctor: Phone
) -> None:
    shift_id = await add_break(conn, city.team_ids[0], in_s=-MINUTE, until_s=3600)
    task_ids = await post(conn, city, 2)
    await give(conn, city, city.team_ids[0], task_ids)
    await settle(conn, city)
    assert (await shift_of(conn, shift_id)).break_began_at is not None
    await doctor.visits(task_ids[0])
    assert (await shift_of(conn, shift_id)).break_began_at is None


async def test_a_member_who_leaves_ends_no_break_of_the_others(conn: Connection, city: City, doctor: Phone) -> None:
    await add_break(conn, city.team_ids[0], in_s=-55 * MINUTE, until_s=3600)
    await doctor.duty(Duty.BREAK, ago_s=20 * MINUTE)
    await set_duty(conn, city.member_ids[2], Duty.OFF, utc_now())
    assert await break_in_walk(conn, city) is not None


# Phones, rounds


async def test_phones_show_the_break_until_it_is_over(conn: Connection, city: City, doctor: Phone) -> None:
    shift_id = await add_break(conn, city.team_ids[0], in_s=3000, until_s=3600)
    (task_id,) = await post(conn, city)
    await give(conn, city, city.team_ids[0], [task_id])
    shown = await load_phone_route(conn, doctor.member_id, utc_now())
    shift = await shift_of(conn, shift_id)
    assert shift.break_ is not None
    rest = next(stop for stop in shown.stops if stop.is_break)
    assert (rest.arrive_at, rest.leave_at) == (shift.break_.earliest, shift.break_.earliest + shift.break_.duration)
    assert [task.id for stop in shown.stops for task in stop.tasks] == [task_id]
    await conn.execute(
        "UPDATE shifts SET break_began_at = now() - interval '1 h', break_over_at = now() WHERE id = $1", shift_id
    )
    shown = await load_phone_route(conn, doctor.member_id, utc_now())
    assert not any(stop.is_break for stop in shown.stops)


async def test_phones_show_no_break_of_a_shift_that_is_over_in_place_of_the_next_one(
    conn: Connection, city: City, doctor: Phone
) -> None:
    shift_id = await add_break(conn, city.team_ids[0], in_s=3000, until_s=3600)
    await settle(conn, city)
    assert any(stop.is_break for stop in (await load_phone_route(conn, doctor.member_id, utc_now())).stops)
    await conn.execute(
        """
        UPDATE shifts SET during = tstzrange(lower(during) - interval '12 h', upper(during) - interval '12 h'),
                          break_earliest = break_earliest - interval '12 h', break_latest = break_latest - interval '12 h'
         WHERE id = $1
        """,
        shift_id,
    )
    next_one = replace(shift_with(city, None), starts_at=utc_now() + HOUR, ends_at=utc_now() + 9 * HOUR)
    rest = Break(earliest=utc_now() + 2 * HOUR, latest=utc_now() + 3 * HOUR, duration_s=HALF_AN_HOUR)
    await create_shifts(conn, city.district_id, [replace(next_one, break_=rest)], now=utc_now(), account_id=None)
    assert await break_in_walk(conn, city) is not None
    assert not any(stop.is_break for stop in (await load_phone_route(conn, doctor.member_id, utc_now())).stops)


async def test_a_round_writes_walks_around_breaks_that_began_meanwhile(
    conn: Connection, city: City, doctor: Phone
) -> None:
    breaks = [await add_break(conn, team_id, in_s=0, until_s=2 * 3600) for team_id in city.team_ids]
    task_ids = await post(conn, city, 4)
    await give(conn, city, city.team_ids[0], task_ids)
    district = await district_of(conn, city)
    situation = await load_round(conn, city.district_id, utc_now(), most=10)
    one, two = situation.teams
    rest_of_one, *tasks_of_one = one.works
    assert rest_of_one.task_id == breaks[0]
    walks = {one.team_id: [*tasks_of_one[:2], rest_of_one], two.team_id: [*two.works, *tasks_of_one[2:]]}
    await doctor.duty(Duty.BREAK)
    written = await apply_walks(conn, district, walks, reasons={}, is_better=lambda *_: True, now=utc_now())
    assert written
    assert await order(conn, city) == [breaks[0], *(work.task_id for work in tasks_of_one[:2])]
    assert sum(work.is_break for work in (await team_of(conn, city, number=1)).works) == 1
    await assert_consistent(conn)


async def test_a_round_that_would_give_a_break_to_another_team_is_not_written(conn: Connection, city: City) -> None:
    for team_id in city.team_ids:
        await add_break(conn, team_id, in_s=0, until_s=2 * 3600)
    await give(conn, city, city.team_ids[0], await post(conn, city, 2))
    situation = await load_round(conn, city.district_id, utc_now(), most=10)
    one, two = situation.teams
    stolen = {one.team_id: one.works[1:], two.team_id: (one.works[0], *two.works)}
    assert not is_better(situation.now, situation.district, situation.teams, (), stolen)
    district = await district_of(conn, city)
    await apply_walks(conn, district, stolen, reasons={}, is_better=lambda *_: True, now=utc_now())
    for number in (0, 1):
        assert await break_in_walk(conn, city, number=number) is not None
    await assert_consistent(conn)


async def _told(conn: Connection) -> list[str]:
    rows = await conn.fetch("SELECT data ->> 'what' AS what FROM events WHERE name = 'shift.changed' ORDER BY id")
    return [row["what"] for row in rows]
