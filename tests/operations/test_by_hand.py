"""What coordinators do by hand, and what may happen at the same moment."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.domain.clock import utc_now
from shared.domain.errors import AlreadyUnderWay, NotFound, TaskClosed, TeamCannot
from shared.domain.ids import new_id
from shared.domain.task import Task
from shared.domain.words import Status
from shared.operations import by_hand, holding
from shared.operations.by_hand import Assigned
from shared.operations.tasks import change_task
from shared.store.connection import Connection, Pool
from tests.city import City, assert_consistent, make_city, post


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=2)


async def assign(
    conn: Connection, team_id: UUID, *task_ids: UUID, force: bool = False, preview: bool = False
) -> Assigned:
    return await by_hand.assign(conn, team_id, task_ids, force=force, preview=preview, now=utc_now(), account_id=None)


async def cancel(conn: Connection, city: City, *task_ids: UUID) -> by_hand.Answers:
    return await by_hand.cancel(conn, city.district_id, task_ids, reason="moved away", now=utc_now(), account_id=None)


async def release(conn: Connection, city: City, *task_ids: UUID) -> by_hand.Answers:
    return await by_hand.release(conn, city.district_id, task_ids, now=utc_now(), account_id=None)


async def task_row(conn: Connection, task_id: UUID) -> Any:
    return await conn.fetchrow("SELECT * FROM tasks WHERE id = $1", task_id)


async def told(conn: Connection, team_id: UUID) -> list[str]:
    """What the team's phones hear, in order."""
    rows = await conn.fetch("SELECT name FROM events WHERE team_id = $1 ORDER BY id", team_id)
    return [row["name"] for row in rows]


def only(answers: by_hand.Answers) -> Any:
    (answer,) = answers.values()
    return answer


async def test_assigning_by_hand_pins_the_task_and_says_why(conn: Connection, city: City) -> None:
    (task_id,) = await post(conn, city)
    done = await assign(conn, city.team_ids[0], task_id)
    task = done.answers[task_id]
    assert isinstance(task, Task)
    assert (task.status, task.team_id) == (Status.ASSIGNED, city.team_ids[0])
    assignment = await conn.fetchrow("SELECT * FROM assignments WHERE task_id = $1", task_id)
    assert assignment["pinned"]
    assert assignment["reason"]["by_hand"] is True
    assert len(assignment["members"]) == 3
    assert await told(conn, city.team_ids[0]) == ["task.assigned", "route.changed"]
    await assert_consistent(conn)


async def test_a_preview_says_what_it_would_break(conn: Connection, city: City) -> None:
    (task_id,) = await post(conn, city, kind="home_swab")
    done = await assign(conn, city.team_ids[0], task_id, preview=True)
    assert done.effects[task_id].breaks == ("capability_missing",)
    assert isinstance((await assign(conn, city.team_ids[0], task_id)).answers[task_id], TeamCannot)


async def test_a_preview_says_what_it_does_and_does_nothing(conn: Connection, city: City) -> None:
    first, second = await post(conn, city, 2)
    await assign(conn, city.team_ids[0], first)
    before = await conn.fetchval("SELECT count(*) FROM events")
    done = await assign(conn, city.team_ids[0], second, preview=True)
    effect = done.effects[second]
    assert len(effect.before) == 1
    assert len(effect.after) == 2
    assert effect.added_travel_s > 0
    task = done.answers[second]
    assert isinstance(task, Task)
    assert task.status is Status.PENDING
    assert await conn.fetchval("SELECT count(*) FROM events") == before


async def test_assigning_twice_is_the_same_as_once(conn: Connection, city: City) -> None:
    (task_id,) = await post(conn, city)
    first = await assign(conn, city.team_ids[0], task_id)
    again = await assign(conn, city.team_ids[0], task_id)
    assert again.answers == first.answers
    assert again.effects[task_id].before == again.effects[task_id].after
    assert await conn.fetchval("SELECT count(*) FROM assignments") == 1


async def test_assigning_what_the_team_has_pins_it(conn: Connection, city: City) -> None:
    (task_id,) = await post(conn, city)
    await assign(conn, city.team_ids[0], task_id)
    await conn.execute("UPDATE assignments SET pinned = false")
    await assign(conn, city.team_ids[0], task_id)
    assert await conn.fetchval("SELECT pinned FROM assignments")


async def test_moving_a_task_ends_the_other_assignment_and_tells_that_team(conn: Connection, city: City) -> None:
    here, there = city.team_ids
    kept, moved = await post(conn, city, 2)
    await assign(conn, here, kept, moved)
    await assign(conn, there, moved)
    ended = await conn.fetchrow("SELECT * FROM assignments WHERE task_id = $1 AND ended_at IS NOT NULL", moved)
    assert (ended["team_id"], ended["end_reason"]) == (here, "reassigned")
    assert (await task_row(conn, moved))["team_id"] == there
    assert (await told(conn, here))[-2:] == ["task.released", "route.changed"]
    assert (await told(conn, there)) == ["task.assigned", "route.changed"]
    await assert_consistent(conn)


async def test_what_another_team_walks_to_is_moved_by_force_only(conn: Connection, city: City) -> None:
    here, there = city.team_ids
    (task_id,) = await post(conn, city)
    await assign(conn, here, task_id)
    await conn.execute("UPDATE tasks SET status = 'in_progress'")
    assert isinstance(only((await assign(conn, there, task_id)).answers), AlreadyUnderWay)
    assert isinstance(only((await assign(conn, there, task_id, force=True)).answers), Task)
    await assert_consistent(conn)


async def take_off_duty(conn: Connection, city: City) -> None:
    await conn.execute("UPDATE members SET duty = 'off'")


async def end_the_shift(conn: Connection, city: City) -> None:
    await conn.execute("UPDATE shifts SET during = tstzrange(lower(during), now() - interval '1 minute')")


async def end_the_shift_in_a_minute(conn: Connection, city: City) -> None:
    await conn.execute("UPDATE shifts SET during = tstzrange(lower(during), now() + interval '1 minute')")


async def need_what_nobody_can(conn: Connection, city: City) -> None:
    await conn.execute("UPDATE tasks SET capabilities = '{diving}'")


async def allow_one_visit(conn: Connection, city: City) -> None:
    await conn.execute("UPDATE teams SET max_visits = 1")
    (task_id,) = await post(conn, city, seed=9)
    await assign(conn, city.team_ids[0], task_id)


@pytest.mark.parametrize(
    ("hinder", "code"),
    [
        (take_off_duty, "role_missing"),
        (end_the_shift, "no_shift"),
        (end_the_shift_in_a_minute, "beyond_shift"),
        (need_what_nobody_can, "capability_missing"),
        (allow_one_visit, "too_many_visits"),
    ],
)
async def test_what_a_team_cannot_do_it_gets_by_force_only(
    conn: Connection, city: City, hinder: Any, code: str
) -> None:
    (task_id,) = await post(conn, city)
    await hinder(conn, city)
    refused = only((await assign(conn, city.team_ids[0], task_id)).answers)
    assert isinstance(refused, TeamCannot)
    assert code in refused.detail
    assert (await task_row(conn, task_id))["status"] == "pending"
    forced = await assign(conn, city.team_ids[0], task_id, force=True)
    assert code in forced.effects[task_id].breaks
    assert (await task_row(conn, task_id))["status"] == "assigned"
    await assert_consistent(conn)


async def test_what_makes_others_late_needs_force(conn: Connection, city: City) -> None:
    (tight,) = await post(conn, city, due_at=utc_now() + timedelta(minutes=30))
    await assign(conn, city.team_ids[0], tight)
    (urgent,) = await post(conn, city, due_at=utc_now() + timedelta(minutes=30), service_s=7200)
    await conn.execute("UPDATE tasks SET due_at = (SELECT max(due_at) FROM tasks)")
    await conn.execute(
        "UPDATE tasks SET due_at = now() + interval '15 minutes', earliest = now() + interval '14 minutes' WHERE id = $1",
        tight,
    )
    await conn.execute("UPDATE shifts SET during = tstzrange(lower(during), now() + interval '130 minutes')")
    refused = only((await assign(conn, city.team_ids[0], urgent)).answers)
    assert isinstance(refused, TeamCannot)


async def test_a_team_of_another_district_gets_nothing(conn: Connection, city: City) -> None:
    elsewhere = await make_city(conn, teams=1)
    (task_id,) = await post(conn, city)
    for force in (False, True):
        assert isinstance(only((await assign(conn, elsewhere.team_ids[0], task_id, force=force)).answers), NotFound)
    with pytest.raises(NotFound):
        await assign(conn, new_id(), task_id)


async def test_a_closed_task_is_not_assigned_and_not_released(conn: Connection, city: City) -> None:
    (task_id,) = await post(conn, city)
    await cancel(conn, city, task_id)
    assert isinstance(only((await assign(conn, city.team_ids[0], task_id, force=True)).answers), TaskClosed)
    assert isinstance(only(await release(conn, city, task_id)), TaskClosed)


async def test_cancelling_takes_the_task_off_the_walk(conn: Connection, city: City) -> None:
    first, second = await post(conn, city, 2)
    await assign(conn, city.team_ids[0], first, second)
    task = only(await cancel(conn, city, first))
    assert (task.status, task.closed_reason, task.team_id) == (Status.CANCELLED, "moved away", None)
    assert await conn.fetchval("SELECT end_reason FROM assignments WHERE task_id = $1", first) == "cancelled"
    assert "task.cancelled" in await told(conn, city.team_ids[0])
    await assert_consistent(conn)


async def test_cancelling_again_gives_the_same_answer_and_no_event(conn: Connection, city: City) -> None:
    (task_id,) = await post(conn, city)
    first = await cancel(conn, city, task_id)
    assert await cancel(conn, city, task_id) == first
    assert await conn.fetchval("SELECT count(*) FROM events WHERE name = 'task.cancelled'") == 1


async def test_cancelling_what_a_team_held_has_the_waiting_looked_at_again(conn: Connection, city: City) -> None:
    held, waiting = await post(conn, city, 2)
    await assign(conn, city.team_ids[0], held)
    await conn.execute("UPDATE tasks SET plan_at = now() + interval '1 hour' WHERE id = $1", waiting)
    await cancel(conn, city, held)
    assert await conn.fetchval("SELECT plan_at <= now() FROM tasks WHERE id = $1", waiting)


async def test_giving_a_task_to_another_team_has_the_waiting_looked_at_again(conn: Connection, city: City) -> None:
    held, waiting = await post(conn, city, 2)
    await assign(conn, city.team_ids[0], held)
    await conn.execute("UPDATE tasks SET plan_at = now() + interval '1 hour' WHERE id = $1", waiting)
    await assign(conn, city.team_ids[1], held)
    assert await conn.fetchval("SELECT plan_at <= now() FROM tasks WHERE id = $1", waiting)


async def test_what_is_done_cannot_be_cancelled(conn: Connection, city: City) -> None:
    (task_id,) = await post(conn, city)
    await conn.execute(
        "UPDATE tasks SET status = 'completed', closed_at = now(), waiting_reason = NULL, plan_at = NULL"
    )
    assert isinstance(only(await cancel(conn, city, task_id)), TaskClosed)


async def test_releasing_gives_even_accepted_work_back_to_the_placer(conn: Connection, city: City) -> None:
    (task_id,) = await post(conn, city)
    await assign(conn, city.team_ids[0], task_id)
    await conn.execute("UPDATE tasks SET status = 'accepted'")
    task = only(await release(conn, city, task_id))
    assert (task.status, task.waiting_reason) == (Status.PENDING, "being_planned")
    assert only(await release(conn, city, task_id)) == task
    await assert_consistent(conn)


async def test_many_at_once_are_answered_each_for_itself(conn: Connection, city: City) -> None:
    elsewhere = await make_city(conn, teams=1)
    (foreign,) = await post(conn, elsewhere)
    open_one, done = await post(conn, city, 2)
    await conn.execute(
        "UPDATE tasks SET status = 'completed', closed_at = now(), waiting_reason = NULL, plan_at = NULL WHERE id = $1",
        done,
    )
    absent = new_id()
    answers = await cancel(conn, city, open_one, foreign, done, absent, open_one)
    assert list(answers) == [open_one, foreign, done, absent]
    kinds = [type(answer) for answer in answers.values()]
    assert kinds == [Task, NotFound, TaskClosed, NotFound]
    assert (await task_row(conn, foreign))["status"] == "pending"


async def test_a_change_looks_at_what_waits_anew(conn: Connection, city: City) -> None:
    (task_id,) = await post(conn, city)
    await conn.execute(
        "UPDATE tasks SET waiting_reason = 'all_teams_full', plan_at = now() + interval '1 hour', waiting_detail = '{\"a\": 1}'"
    )
    now = utc_now()
    due_at = now + timedelta(hours=5)
    task = await change_task(conn, task_id, {"due_at": due_at}, version=1, now=now, account_id=None)
    assert (task.due_at, task.waiting_reason, task.plan_at, task.version) == (due_at, "being_planned", now, 2)


async def test_a_change_that_no_longer_fits_gives_unaccepted_work_back(conn: Connection, city: City) -> None:
    (task_id,) = await post(conn, city)
    await assign(conn, city.team_ids[0], task_id)
    await conn.execute("UPDATE assignments SET pinned = false")
    kept = await change_task(conn, task_id, {"priority": 5}, version=None, now=utc_now(), account_id=None)
    assert kept.status is Status.ASSIGNED
    gone = await change_task(conn, task_id, {"needs": ("diving",)}, version=None, now=utc_now(), account_id=None)
    assert gone.status is Status.PENDING
    await assert_consistent(conn)


async def test_a_change_leaves_accepted_work_with_its_team(conn: Connection, city: City) -> None:
    (task_id,) = await post(conn, city)
    await assign(conn, city.team_ids[0], task_id)
    task = await change_task(conn, task_id, {"needs": ("diving",)}, version=None, now=utc_now(), account_id=None)
    assert task.status is Status.ASSIGNED
    assert (await told(conn, city.team_ids[0]))[-2:] == ["task.changed", "route.changed"]


@pytest.mark.parametrize("winner", ["cancel", "assign"])
async def test_of_cancel_and_assign_the_second_sees_what_the_first_did(
    pool: Pool, conn: Connection, city: City, winner: str
) -> None:
    """Two halves: the one holds its transaction open while the other already waits for the task; then it commits."""
    (task_id,) = await post(conn, city)
    async with pool.acquire() as first, pool.acquire() as second:
        held = first.transaction()
        await held.start()
        if winner == "cancel":
            await cancel(first, city, task_id)
            other: Any = asyncio.create_task(assign(second, city.team_ids[0], task_id))
        else:
            await assign(first, city.team_ids[0], task_id)
            other = asyncio.create_task(cancel(second, city, task_id))
        await until_one_waits(conn)
        await held.commit()
        result = await other
    if winner == "cancel":
        assert isinstance(only(result.answers), TaskClosed)
    else:
        assert only(result).status is Status.CANCELLED
    assert (await task_row(conn, task_id))["status"] == "cancelled"
    await assert_consistent(conn)


async def test_two_coordinators_pinning_one_task_to_two_teams_leave_it_with_one(
    pool: Pool, conn: Connection, city: City
) -> None:
    (task_id,) = await post(conn, city)

    async def pin(team_id: UUID) -> None:
        async with pool.acquire() as own:
            await assign(own, team_id, task_id)

    await asyncio.gather(*(pin(team_id) for team_id in list(city.team_ids) * 4))
    assert await conn.fetchval("SELECT count(*) FROM assignments WHERE ended_at IS NULL") == 1
    await assert_consistent(conn)


async def test_everything_at_once_ends_and_agrees(pool: Pool, conn: Connection, city: City) -> None:
    """Cancels, releases and assignments of the same tasks in any order: no deadlock, and the rows agree afterwards."""
    task_ids = await post(conn, city, 12)

    async def meddle(number: int) -> None:
        some = [*task_ids[number:], *task_ids[:number]][:8]
        async with pool.acquire() as own:
            if number % 3 == 0:
                await assign(own, city.team_ids[number % 2], *some)
            elif number % 3 == 1:
                await release(own, city, *reversed(some))
            else:
                await cancel(own, city, some[0])

    await asyncio.gather(*(meddle(number) for number in range(12)))
    await assert_consistent(conn)


async def test_the_lock_follows_a_task_that_changes_hands_meanwhile(pool: Pool, conn: Connection, city: City) -> None:
    here, there = city.team_ids
    (task_id,) = await post(conn, city)
    await assign(conn, here, task_id)
    async with pool.acquire() as mover, pool.acquire() as waiter:
        held = mover.transaction()
        await held.start()
        await assign(mover, there, task_id)

        async def take() -> UUID | None:
            async with waiter.transaction():
                return (await holding.lock(waiter, [task_id]))[task_id].team_id

        waiting = asyncio.create_task(take())
        await until_one_waits(conn)
        await held.commit()
        assert await waiting == there


async def until_one_waits(conn: Connection) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    for _ in range(1000):
        if await conn.fetchval(waiting):
            return
        await asyncio.sleep(0.01)
    pytest.fail("nobody waits for a lock")
