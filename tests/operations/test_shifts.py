"""Shifts: made, moved, removed; two at once; what no longer fits goes back."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from asyncpg import ExclusionViolationError

from shared.domain.clock import utc_now
from shared.domain.errors import Invalid, NotFound, ShiftOverlaps, Taken
from shared.domain.ids import new_id
from shared.domain.team import Shift
from shared.operations.shifts import change_shift, create_shifts, remove_shift
from shared.store.connection import Connection, Pool
from tests.city import City, assert_consistent, make_city, post
from tests.phones import give
from tests.races import in_two_halves

HOUR = timedelta(hours=1)


@pytest.fixture
async def city(conn: Connection) -> City:
    """Two teams, on shift from an hour ago for eight hours."""
    return await make_city(conn, teams=2)


def shift(city: City, starts_at: datetime, hours: float = 8, *, team: int = 0, **rest: Any) -> Shift:
    return Shift(
        **{
            "id": new_id(),
            "district_id": city.district_id,
            "team_id": city.team_ids[team],
            "starts_at": starts_at,
            "ends_at": starts_at + hours * HOUR,
            **rest,
        }
    )


async def create(conn: Connection, city: City, *given: Shift) -> list[Shift]:
    return await create_shifts(conn, city.district_id, given, now=utc_now(), account_id=None)


async def count(conn: Connection) -> int:
    found: int = await conn.fetchval("SELECT count(*) FROM shifts")
    return found


async def test_shifts_may_touch_but_not_overlap(conn: Connection, city: City) -> None:
    morning = shift(city, utc_now() + 24 * HOUR)
    await create(conn, city, morning, shift(city, morning.ends_at))
    overlapping = shift(city, morning.starts_at - HOUR, 2)
    with pytest.raises(ShiftOverlaps):
        await create(conn, city, overlapping)
    await create(conn, city, replace(overlapping, team_id=city.team_ids[1]))


async def test_a_list_with_one_bad_shift_is_refused_whole_and_names_it(conn: Connection, city: City) -> None:
    tomorrow = utc_now() + 24 * HOUR
    given = [shift(city, tomorrow), shift(city, tomorrow + 8 * HOUR), shift(city, tomorrow + 10 * HOUR, 1)]
    with pytest.raises(ShiftOverlaps) as refused:
        await create(conn, city, *given)
    assert [error.loc for error in refused.value.errors] == ["2"]
    with pytest.raises(ShiftOverlaps) as refused:
        await create(conn, city, shift(city, tomorrow), shift(city, utc_now()))
    assert [error.loc for error in refused.value.errors] == ["1"]
    assert await count(conn) == 2


@pytest.mark.parametrize("hours", [0, -1, 24.01])
async def test_a_shift_runs_forward_and_at_most_a_day(conn: Connection, city: City, hours: float) -> None:
    with pytest.raises(Invalid) as refused:
        await create(conn, city, shift(city, utc_now() + 24 * HOUR, hours))
    assert [error.loc for error in refused.value.errors] == ["ends_at"]


async def test_the_same_shift_sent_again_is_the_same_shift(conn: Connection, city: City) -> None:
    tomorrow = utc_now() + 24 * HOUR
    given = [shift(city, tomorrow), shift(city, tomorrow, team=1)]
    assert await create(conn, city, *given) == await create(conn, city, *given)
    assert await count(conn) == 4
    assert await conn.fetchval("SELECT count(*) FROM events WHERE name = 'shift.changed'") == 2


async def test_an_id_of_another_shift_is_taken(conn: Connection, city: City) -> None:
    first = shift(city, utc_now() + 24 * HOUR)
    await create(conn, city, first)
    with pytest.raises(Taken):
        await create(conn, city, replace(first, starts_at=first.starts_at + HOUR))
    assert await count(conn) == 3


async def test_a_team_of_another_district_is_not_found(conn: Connection, city: City) -> None:
    elsewhere = await make_city(conn, teams=1)
    tomorrow = utc_now() + 24 * HOUR
    with pytest.raises(NotFound) as refused:
        await create(conn, city, shift(city, tomorrow), shift(city, tomorrow, team_id=elsewhere.team_ids[0]))
    assert [error.loc for error in refused.value.errors] == ["1.team_id"]


async def test_of_two_overlapping_shifts_at_once_one_is_refused(conn: Connection, pool: Pool, city: City) -> None:
    tomorrow = utc_now() + 24 * HOUR
    _, refused = await in_two_halves(
        pool,
        lambda one: create(one, city, shift(city, tomorrow)),
        lambda other: create(other, city, shift(city, tomorrow + HOUR)),
    )
    assert isinstance(refused, ShiftOverlaps)
    assert await count(conn) == 3


async def test_the_database_itself_forbids_overlaps(conn: Connection, city: City) -> None:
    with pytest.raises(ExclusionViolationError):
        await conn.execute(
            "INSERT INTO shifts (id, district_id, team_id, during) SELECT $1, district_id, team_id, during FROM shifts LIMIT 1",
            new_id(),
        )


async def test_a_shift_moved_over_another_is_refused(conn: Connection, city: City) -> None:
    tomorrow = utc_now() + 24 * HOUR
    first, second = await create(conn, city, shift(city, tomorrow), shift(city, tomorrow + 8 * HOUR))
    with pytest.raises(ShiftOverlaps):
        await change_shift(conn, first.id, {"ends_at": second.starts_at + HOUR}, now=utc_now(), account_id=None)
    with pytest.raises(NotFound):
        await change_shift(conn, new_id(), {}, now=utc_now(), account_id=None)


@pytest.mark.parametrize("how", ["shortened", "removed"])
async def test_what_no_longer_fits_goes_back_and_what_is_accepted_stays(conn: Connection, how: str) -> None:
    city = await make_city(conn, teams=1)
    task_ids = await post(conn, city, 4)
    await give(conn, city, city.team_ids[0], task_ids)
    accepted = await conn.fetchval("SELECT task_ids[4] FROM routes")
    await conn.execute("UPDATE tasks SET status = 'accepted' WHERE id = $1", accepted)
    await conn.execute("UPDATE assignments SET accepted_at = now() WHERE task_id = $1", accepted)
    shift_id, now = await conn.fetchval("SELECT id FROM shifts"), utc_now()
    if how == "shortened":
        await change_shift(conn, shift_id, {"ends_at": now + timedelta(seconds=1)}, now=now, account_id=None)
    else:
        await remove_shift(conn, shift_id, now=now, account_id=None)
    assert await held(conn) == {accepted}
    assert len(task_ids) == 4
    await assert_consistent(conn)


async def test_a_new_shift_has_what_waits_looked_at_again(conn: Connection, city: City) -> None:
    await post(conn, city)
    await conn.execute("UPDATE tasks SET plan_at = now() + interval '1 hour'")
    await create(conn, city, shift(city, utc_now() + 24 * HOUR))
    assert await conn.fetchval("SELECT plan_at <= now() FROM tasks")


async def held(conn: Connection) -> set[UUID]:
    return {row["id"] for row in await conn.fetch("SELECT id FROM tasks WHERE team_id IS NOT NULL")}
