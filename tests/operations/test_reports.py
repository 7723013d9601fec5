"""What phones say: accept, decline, depart, arrive, duty, position; said twice, at once, about what is not theirs."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from shared.domain import reports
from shared.domain.clock import utc_now
from shared.domain.errors import BodyDiffers
from shared.domain.geography import Point
from shared.domain.reports import Answered
from shared.domain.words import Duty
from shared.operations.planning import load_situation
from shared.store import tasks
from shared.store.connection import Connection, Pool
from tests.city import City, add_member, assert_consistent, make_city, post
from tests.phones import Phone, give, heard, phone_of, standing, take


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=2, accept_limit=2)


@pytest.fixture
async def phone(pool: Pool, city: City) -> Phone:
    """The phone of the first team's doctor."""
    return await phone_of(pool, city.member_ids[1])


@pytest.fixture
async def others(pool: Pool, city: City) -> Phone:
    """The phone of the second team's doctor."""
    return await phone_of(pool, city.member_ids[4])


async def route_of(conn: Connection, team_id: UUID) -> list[UUID]:
    return list(await conn.fetchval("SELECT task_ids FROM routes WHERE team_id = $1", team_id))


async def test_accepting_twice_is_accepting_once(conn: Connection, city: City, phone: Phone) -> None:
    team = city.team_ids[0]
    first, second = await post(conn, city, 2)
    await give(conn, city, team, [first, second])
    assert (await phone.accept(first, second)).status is Answered.DONE
    version = await conn.fetchval("SELECT route_version FROM teams WHERE id = $1", team)
    assert (await phone.accept(first)).status is Answered.DONE
    assert await standing(conn, first) == ("accepted", team)
    assert await conn.fetchval("SELECT route_version FROM teams WHERE id = $1", team) == version
    assert (await heard(conn, team_id=team)).count("task.accepted") == 2
    await assert_consistent(conn)


async def test_a_team_accepts_only_its_next_few_stops(conn: Connection, city: City, phone: Phone) -> None:
    task_ids = await post(conn, city, 3)
    await give(conn, city, city.team_ids[0], task_ids)
    answer = await phone.accept(task_ids[0], task_ids[2])
    assert (answer.status, answer.error) == (Answered.REFUSED, "too_far_ahead")
    assert await standing(conn, task_ids[0]) == ("assigned", city.team_ids[0]), (
        "one item is accepted whole or not at all"
    )
    assert (await phone.accept(*task_ids[:2])).status is Answered.DONE


async def test_what_is_accepted_already_may_be_accepted_again_however_far_it_is(
    conn: Connection, city: City, phone: Phone
) -> None:
    task_ids = await post(conn, city, 3)
    await give(conn, city, city.team_ids[0], task_ids)
    await phone.accept(task_ids[1])
    await phone.depart(task_ids[2])
    await phone.depart(task_ids[0])
    assert await route_of(conn, city.team_ids[0]) == [task_ids[0], task_ids[2], task_ids[1]]
    assert (await phone.accept(task_ids[1])).status is Answered.DONE


async def test_nobody_accepts_another_teams_task_or_one_that_waits(
    conn: Connection, city: City, phone: Phone, others: Phone
) -> None:
    held, waiting = await post(conn, city, 2)
    await give(conn, city, city.team_ids[0], [held])
    for said in (
        others.accept(held),
        others.depart(held),
        others.arrive(held),
        others.decline(held),
        phone.accept(waiting),
    ):
        answer = await said
        assert (answer.status, answer.error) == (Answered.REFUSED, "not_your_task")
    assert await standing(conn, held) == ("assigned", city.team_ids[0])


async def test_a_task_of_another_district_is_as_good_as_absent(conn: Connection, city: City, phone: Phone) -> None:
    elsewhere = await make_city(conn, teams=1)
    (foreign,) = await post(conn, elsewhere)
    await give(conn, elsewhere, elsewhere.team_ids[0], [foreign])
    absent = utc_now()
    for said in (phone.accept(foreign), phone.depart(foreign), phone.visits(foreign), phone.decline(foreign)):
        assert (await said).error == "not_found"
    assert await conn.fetchval("SELECT count(*) FROM visits") == 0
    assert await conn.fetchval("SELECT count(*) FROM reports WHERE received_at >= $1", absent) == 4, "kept all the same"


async def test_a_member_on_no_team_can_only_be_seen_and_record(conn: Connection, city: City, pool: Pool) -> None:
    loner = await phone_of(pool, await add_member(conn, city.district_id, "doctor"))
    (task_id,) = await post(conn, city)
    assert (await loner.accept(task_id)).error == "not_on_a_team"
    assert (await loner.visits(task_id)).status is Answered.DONE
    assert await standing(conn, task_id) == ("completed", None)
    assert (await loner.duty(Duty.OFF)).status is Answered.DONE


async def test_a_declined_task_waits_and_does_not_come_back_in_this_shift(
    conn: Connection, city: City, phone: Phone
) -> None:
    team = city.team_ids[0]
    (task_id,) = await post(conn, city)
    await give(conn, city, team, [task_id])
    await phone.accept(task_id)
    assert (await phone.decline(task_id)).status is Answered.DONE
    assert await standing(conn, task_id) == ("pending", None)
    assert await conn.fetchval("SELECT end_reason FROM assignments WHERE task_id = $1", task_id) == "declined"
    situation = await load_situation(conn, city.district_id, utc_now(), most=10)
    (work,) = situation.pending
    able = {candidate.team_id: candidate.can_do(work) for candidate in situation.teams}
    assert able == {team: False, city.team_ids[1]: True}
    await conn.execute("DELETE FROM shifts WHERE team_id = $1", team)
    begins = utc_now()
    await conn.execute(
        "INSERT INTO shifts (id, district_id, team_id, during) VALUES (gen_random_uuid(), $1, $2, tstzrange($3, $4))",
        city.district_id,
        team,
        begins,
        begins + timedelta(hours=8),
    )
    tomorrow = await load_situation(conn, city.district_id, utc_now(), most=10)
    assert all(candidate.can_do(work) for candidate in tomorrow.teams), "the next shift may get it again"
    await assert_consistent(conn)


async def test_a_task_under_way_cannot_be_declined(conn: Connection, city: City, phone: Phone) -> None:
    (task_id,) = await post(conn, city)
    await give(conn, city, city.team_ids[0], [task_id])
    await phone.depart(task_id)
    assert (await phone.decline(task_id)).error == "already_under_way"
    assert await standing(conn, task_id) == ("in_progress", city.team_ids[0])


async def test_arriving_at_a_door_arrives_for_all_its_tasks_and_puts_it_first(
    conn: Connection, city: City, phone: Phone
) -> None:
    team = city.team_ids[0]
    far, at_door, same_door = await post(conn, city, 3)
    await conn.execute(
        """
        UPDATE tasks t SET household_id = d.household_id, lat = d.lat, lon = d.lon
          FROM tasks d WHERE d.id = $1 AND t.id = $2
        """,
        at_door,
        same_door,
    )
    await give(conn, city, team, [far, at_door, same_door])
    assert (await phone.arrive(same_door, ago_s=30)).status is Answered.DONE
    assert await route_of(conn, team) == [at_door, same_door, far]
    for task_id in (at_door, same_door):
        assert await standing(conn, task_id) == ("in_progress", team)
    place = await conn.fetchrow("SELECT place_lat, place_lon, place_at FROM teams WHERE id = $1", team)
    task = await tasks.select_task(conn, at_door)
    assert place is not None
    assert task is not None
    assert (place["place_lat"], place["place_lon"]) == (task.lat, task.lon)
    assert utc_now() - place["place_at"] > timedelta(seconds=25), "where it was then, not where it is now"
    assert await standing(conn, far) == ("assigned", team)
    await assert_consistent(conn)


async def test_the_newest_position_wins_and_a_vague_one_moves_no_team(
    conn: Connection, city: City, phone: Phone
) -> None:
    async def seen(lat: float, *, ago_s: float, accuracy_m: float | None = None) -> None:
        position = reports.Position(point=Point(lat, 121.4), accuracy_m=accuracy_m)
        await phone.say(reports.PositionSeen(position=position), ago_s=ago_s)

    await seen(31.1, ago_s=60, accuracy_m=10)
    await seen(31.2, ago_s=600, accuracy_m=10)
    assert await conn.fetchval("SELECT lat FROM positions") == 31.1
    assert await conn.fetchval("SELECT place_lat FROM teams WHERE id = $1", city.team_ids[0]) == 31.1
    await seen(31.3, ago_s=5, accuracy_m=3000)
    assert await conn.fetchval("SELECT lat FROM positions") == 31.3
    assert await conn.fetchval("SELECT place_lat FROM teams WHERE id = $1", city.team_ids[0]) == 31.1


async def test_going_off_duty_gives_back_what_is_not_accepted_and_needs_that_member(
    conn: Connection, city: City, phone: Phone
) -> None:
    team = city.team_ids[0]
    taken, free = await post(conn, city, 2, kind="temperature_check")
    (of_others,) = await post(conn, city, kind="delivery", seed=2)
    await give(conn, city, team, [taken, free, of_others])
    await phone.accept(taken)
    assert (await phone.duty(Duty.OFF)).status is Answered.DONE
    assert await standing(conn, taken) == ("accepted", team)
    assert await standing(conn, free) == ("pending", None)
    assert await standing(conn, of_others) == ("assigned", team), "no doctor is needed for it"
    await assert_consistent(conn)


async def test_a_report_said_again_gets_its_first_answer_and_changes_nothing(
    conn: Connection, city: City, phone: Phone
) -> None:
    (task_id,) = await post(conn, city)
    await give(conn, city, city.team_ids[0], [task_id])
    said = phone.report(reports.Accept(task_ids=(task_id,)))
    first = await phone.send(said)
    await take(conn, city, task_id)
    assert await phone.send(said) == first
    assert await standing(conn, task_id) == ("pending", None)


async def test_the_same_id_with_other_words_or_from_another_member_is_refused(
    conn: Connection, city: City, phone: Phone, others: Phone
) -> None:
    (task_id,) = await post(conn, city)
    said = phone.visit(task_id)
    await phone.send(said)
    with pytest.raises(BodyDiffers):
        await phone.send(phone.report(reports.DutyChanged(duty=Duty.OFF), report_id=said.id))
    with pytest.raises(BodyDiffers):
        await others.send(others.report(said.said, report_id=said.id))
    assert await conn.fetchval("SELECT count(*) FROM reports") == 1


async def test_a_report_said_twenty_times_at_once_is_carried_out_once(
    conn: Connection, city: City, phone: Phone
) -> None:
    (task_id,) = await post(conn, city, kind="temperature_check")
    await give(conn, city, city.team_ids[0], [task_id])
    said = phone.visit(task_id, "seen_ok", result={"temperature_c": 39.1, "method": "forehead"})
    answers = await asyncio.gather(*(phone.send(said) for _ in range(20)))
    assert all(answer == answers[0] for answer in answers)
    assert await conn.fetchval("SELECT count(*) FROM visits") == 1
    assert await conn.fetchval("SELECT count(*) FROM tasks WHERE made_by_task_id = $1", task_id) == 2
    assert (await heard(conn)).count("alert.fever") == 1


async def test_of_two_sendings_at_once_the_second_waits_for_the_firsts_answer(
    conn: Connection, city: City, phone: Phone, pool: Pool
) -> None:
    (task_id,) = await post(conn, city)
    said = phone.visit(task_id)
    async with pool.acquire() as first:
        held = first.transaction()
        await held.start()
        await first.execute("SELECT FROM tasks WHERE id = $1 FOR UPDATE", task_id)
        sendings = [asyncio.create_task(phone.send(said)) for _ in range(2)]
        await _until_waiting(conn, 2)
        await held.rollback()
    one, two = await asyncio.gather(*sendings)
    assert one == two
    assert one.status is Answered.DONE
    assert await conn.fetchval("SELECT count(*) FROM visits") == 1


async def test_two_teams_that_see_the_person_at_once_complete_the_task_once(
    conn: Connection, city: City, phone: Phone, others: Phone
) -> None:
    for seed in range(8):
        (task_id,) = await post(conn, city, seed=seed)
        await give(conn, city, city.team_ids[seed % 2], [task_id])
        answers = await asyncio.gather(phone.visits(task_id), others.visits(task_id))
        assert sorted(answer.status for answer in answers) == [Answered.DONE, Answered.KEPT_FOR_REVIEW]
        assert await standing(conn, task_id) == ("completed", None)
    await assert_consistent(conn)


async def test_accepting_races_with_taking_back(conn: Connection, city: City, phone: Phone, pool: Pool) -> None:
    """Whoever comes first wins, and the other is told."""
    for seed in range(8):
        (task_id,) = await post(conn, city, seed=seed)
        await give(conn, city, city.team_ids[0], [task_id])

        async def release(task_id: UUID = task_id) -> None:
            async with pool.acquire() as own:
                await take(own, city, task_id)

        answer, _ = await asyncio.gather(phone.accept(task_id), release())
        assert await standing(conn, task_id) == ("pending", None)
        accepted = await conn.fetchval("SELECT accepted_at IS NOT NULL FROM assignments WHERE task_id = $1", task_id)
        assert accepted == (answer.status is Answered.DONE)
    await assert_consistent(conn)


async def _until_waiting(conn: Connection, count: int) -> None:
    """Until that many connections of this database wait for a lock."""
    async with asyncio.timeout(30):
        while True:
            waiting = await conn.fetchval(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if waiting >= count:
                return
            await asyncio.sleep(0.01)


async def test_a_report_whose_connection_breaks_is_carried_out_all_the_same(
    conn: Connection, city: City, phone: Phone, pool: Pool
) -> None:
    (task_id,) = await post(conn, city)
    async with pool.acquire() as other:
        held = other.transaction()
        await held.start()
        await other.execute("SELECT FROM tasks WHERE id = $1 FOR UPDATE", task_id)
        sending = asyncio.create_task(phone.visits(task_id))
        await _until_waiting(conn, 1)
        await conn.fetch(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        await _until_waiting(conn, 1)
        await held.rollback()
    assert (await sending).status is Answered.DONE
    assert await conn.fetchval("SELECT count(*) FROM reports") == 1
    assert await conn.fetchval("SELECT count(*) FROM visits") == 1


async def test_teams_that_lock_each_others_tasks_at_once_all_get_through(
    conn: Connection, city: City, phone: Phone, others: Phone
) -> None:
    """Each reports about both teams' tasks in opposite order, while members come and go."""
    task_ids = await post(conn, city, 16)
    await give(conn, city, city.team_ids[0], task_ids[:8])
    await give(conn, city, city.team_ids[1], task_ids[8:])

    async def visit_all(own: Phone, order: list[UUID]) -> None:
        for task_id in order:
            assert (await own.visits(task_id)).status is not Answered.REFUSED
            await own.duty(Duty.BREAK)
            await own.duty(Duty.ON)

    await asyncio.gather(visit_all(phone, task_ids), visit_all(others, task_ids[::-1]))
    assert await conn.fetchval("SELECT count(*) FROM tasks WHERE status = 'completed'") == 16
    assert await conn.fetchval("SELECT count(*) FROM visits WHERE needs_review <@ '{too_quick}'") == 16
    await assert_consistent(conn)
