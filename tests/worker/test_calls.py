"""Calls on the teams' walks: to the team that has time for them, to a member on it, and no visit the worse for it."""

from collections import Counter
from uuid import UUID

import pytest

from services.worker.metrics import Metrics
from services.worker.placer import Placer
from shared.domain.clock import utc_now
from shared.domain.intake import HouseholdDraft, SubjectDraft, TaskDraft
from shared.domain.words import Duty
from shared.operations.intake import TakenIn, take_in
from shared.operations.members import set_duty
from shared.operations.phone_route import load_phone_route
from shared.store.connection import Connection, Pool
from tests.city import LAT, LON, City, assert_consistent, make_city, post
from tests.phones import phone_of


@pytest.fixture
def placer(pool: Pool) -> Placer:
    return Placer(pool, Metrics(), most_at_once=4)


async def ask_for_calls(conn: Connection, city: City, many: int, *, kind: str = "trace_call") -> list[UUID]:
    """Calls to that many people, all of them at home in the middle of the district."""
    home = HouseholdDraft(ref="tower", lat=LAT, lon=LON)
    drafts = [
        TaskDraft(kind=kind, household=home, subject=SubjectDraft(name="Chen", phone=f"138 0000 {number:04}"))
        for number in range(many)
    ]
    answers = await take_in(conn, city.district_id, drafts, now=utc_now())
    return [answer.task.id for answer in answers if isinstance(answer, TakenIn)]


async def callers(conn: Connection, task_ids: list[UUID]) -> Counter[UUID | None]:
    rows = await conn.fetch("SELECT caller_id FROM assignments WHERE task_id = ANY($1) AND ended_at IS NULL", task_ids)
    assert len(rows) == len(task_ids)
    return Counter(row["caller_id"] for row in rows)


async def test_calls_go_to_the_team_with_time_for_them_even_out_of_its_home_grid(
    conn: Connection, placer: Placer
) -> None:
    city = await make_city(conn, teams=2)
    at_home, away = city.team_ids
    await conn.execute("UPDATE teams SET home_grid_id = (SELECT id FROM grids) WHERE id = $1", at_home)
    await conn.execute("UPDATE members SET duty = 'off' WHERE id = $1", city.member_ids[3])
    await post(conn, city, 20)  # for grid workers: all with the first team
    await placer.place(city.district_id)
    await conn.execute("UPDATE members SET duty = 'on' WHERE id = $1", city.member_ids[3])
    task_ids = await ask_for_calls(conn, city, 10)
    await placer.place(city.district_id)
    rows = await conn.fetch("SELECT team_id FROM tasks WHERE id = ANY($1)", task_ids)
    assert Counter(row["team_id"] for row in rows)[away] >= 8
    await assert_consistent(conn)


async def test_each_call_names_the_member_who_makes_it_and_no_visit_does(conn: Connection, placer: Placer) -> None:
    city = await make_city(conn, teams=1)
    grid_worker, doctor, _ = city.member_ids
    visits = await post(conn, city, 3)
    calls = await ask_for_calls(conn, city, 4)
    await placer.place(city.district_id)
    assert await callers(conn, calls) == {grid_worker: 4}
    assert await callers(conn, visits) == {None: 3}
    await conn.execute("UPDATE kinds SET required_roles = '{grid_worker,doctor}' WHERE code = 'trace_call'")
    shared = await ask_for_calls(conn, city, 6)
    await placer.place(city.district_id)
    assert await callers(conn, shared) == {doctor: 5, grid_worker: 1}, "whoever has fewer still to make"


async def test_calls_take_time_and_no_travel_between_visits(conn: Connection, placer: Placer) -> None:
    city = await make_city(conn, teams=1)
    await post(conn, city, 6)
    await placer.place(city.district_id)

    async def travel() -> int:
        stops = await conn.fetchval("SELECT stops FROM routes")
        return sum(stop["travel_s"] for stop in stops)

    before = await travel()
    task_ids = await ask_for_calls(conn, city, 12)
    await placer.place(city.district_id)
    assert await travel() == before
    late = await conn.fetchval(
        "SELECT count(*) FROM assignments WHERE task_id = ANY($1) AND NOT (reason ->> 'on_time')::bool", task_ids
    )
    assert late == 0


async def test_a_call_whose_caller_goes_off_duty_is_a_colleagues_on_the_team_that_accepted_it(
    conn: Connection, pool: Pool, placer: Placer
) -> None:
    city = await make_city(conn, teams=1)
    await conn.execute("UPDATE kinds SET required_roles = '{grid_worker,doctor}' WHERE code = 'trace_call'")
    (call,) = await ask_for_calls(conn, city, 1)
    await placer.place(city.district_id)
    (named,) = await callers(conn, [call])
    (colleague,) = {*city.member_ids[:2]} - {named}
    await (await phone_of(pool, colleague)).accept(call)
    assert named is not None
    await set_duty(conn, named, Duty.OFF, utc_now())
    route = await load_phone_route(conn, colleague, utc_now())
    (caller,) = [task.caller for stop in route.stops for task in stop.tasks]
    assert caller is not None
    assert caller.is_me
