"""Rounds: what stands gets better, and nothing that happens meanwhile is lost, doubled or taken from a team that accepted it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from services.worker.improver import Improver, groups_of
from services.worker.metrics import Metrics
from shared.domain.clock import utc_now
from shared.domain.routing import TeamOnShift, Work, timetable
from shared.operations import by_hand
from shared.operations.improving import apply_walks, load_round
from shared.operations.walks import load_teams
from shared.queue import Nudger
from shared.settings import Settings
from shared.store import assignments, districts, rounds, tasks
from shared.store.connection import Connection, Pool
from tests.city import City, assert_consistent, make_city, post
from tests.phones import give


@pytest.fixture
async def improver(settings: Settings, pool: Pool) -> AsyncIterator[Improver]:
    nudger = Nudger(settings.redis_url.get_secret_value(), timeout_s=1)
    improver = Improver(settings, pool, nudger, Metrics())
    yield improver
    await improver.close()
    await nudger.close()


async def crossed(conn: Connection, *, teams: int = 2, count: int = 16) -> tuple[City, list[UUID]]:
    """A city in which neighbouring doors went to the teams in turns, whoever is near; everything may still change."""
    city = await make_city(conn, teams=teams, freeze_s=0, setup_s=0)
    task_ids = await post(conn, city, count, seed=2)
    for number, team_id in enumerate(city.team_ids):
        await give(conn, city, team_id, task_ids[number :: len(city.team_ids)])
    return city, task_ids


async def walks_of(conn: Connection, city: City) -> list[TeamOnShift]:
    district = await districts.select_district(conn, city.district_id)
    assert district is not None
    return await load_teams(conn, district.settings, now=utc_now(), district_id=city.district_id)


def travel_s(walks: Sequence[TeamOnShift]) -> int:
    return sum(step.travel_s for team in walks for step in timetable(team, team.works))


async def test_a_round_shortens_the_walks_and_keeps_every_task(conn: Connection, improver: Improver) -> None:
    city, task_ids = await crossed(conn)
    before = travel_s(await walks_of(conn, city))
    assert await improver.improve(city.district_id, 1) == 1
    after = await walks_of(conn, city)
    assert travel_s(after) < before * 0.8
    assert {work.task_id for team in after for work in team.works} == set(task_ids)
    await assert_consistent(conn)


async def test_who_loses_and_who_gets_a_task_both_hear_of_it(conn: Connection, improver: Improver) -> None:
    city, _ = await crossed(conn)
    await improver.improve(city.district_id, 1)
    moved = await conn.fetch("SELECT task_id, team_id FROM assignments WHERE end_reason = 'replanned'")
    assert moved
    for row in moved:
        told = await conn.fetch("SELECT name, team_id FROM events WHERE task_id = $1 ORDER BY id", row["task_id"])
        assert [event["name"] for event in told][-2:] == ["task.released", "task.assigned"]
        assert told[-2]["team_id"] == row["team_id"] != told[-1]["team_id"]


async def test_what_a_round_moved_names_the_other_team_that_would_have_got_it(
    conn: Connection, improver: Improver
) -> None:
    city, _ = await crossed(conn)
    await improver.improve(city.district_id, 1)
    moved = await conn.fetch(
        """
        SELECT now_with.team_id, now_with.reason
          FROM assignments now_with JOIN assignments was_with USING (task_id)
         WHERE now_with.ended_at IS NULL AND was_with.end_reason = 'replanned'
        """
    )
    assert moved
    for row in moved:
        assert {UUID(row["reason"]["next_best"]["team_id"]), row["team_id"]} == set(city.team_ids)


async def test_what_is_accepted_or_pinned_keeps_its_team(conn: Connection, improver: Improver) -> None:
    city, task_ids = await crossed(conn)
    await conn.execute("UPDATE tasks SET status = 'accepted' WHERE id = ANY($1)", task_ids[:8])
    await assignments.update_accepted(conn, task_ids[:8], utc_now())
    before = dict(await conn.fetch("SELECT id, team_id FROM tasks WHERE id = ANY($1)", task_ids[:8]))
    await improver.improve(city.district_id, 1)
    assert before == dict(await conn.fetch("SELECT id, team_id FROM tasks WHERE id = ANY($1)", task_ids[:8]))
    await assert_consistent(conn)


async def test_what_happened_during_a_round_is_put_into_its_walks(conn: Connection) -> None:
    city, task_ids = await crossed(conn)
    now = utc_now()
    situation = await load_round(conn, city.district_id, now, most=100)
    first, second = situation.teams
    swapped: dict[UUID, Sequence[Work]] = {first.team_id: second.works, second.team_id: first.works}
    cancelled, accepted = second.works[0].task_id, second.works[1].task_id
    await by_hand.cancel(conn, city.district_id, [cancelled], reason="moved", now=now, account_id=None)
    await conn.execute("UPDATE tasks SET status = 'accepted' WHERE id = $1", accepted)
    await assignments.update_accepted(conn, [accepted], now)
    (arrived,) = await post(conn, city)
    await give(conn, city, first.team_id, [arrived])
    assert await apply_walks(
        conn, situation.district, swapped, reasons={}, is_better=lambda *_: True, now=now + timedelta(seconds=1)
    )
    after = {team.team_id: [work.task_id for work in team.works] for team in await walks_of(conn, city)}
    assert arrived in after[first.team_id]
    assert accepted in after[second.team_id]
    assert set(after[first.team_id]) == {work.task_id for work in second.works} - {cancelled, accepted} | {arrived}
    assert sorted([*after[first.team_id], *after[second.team_id]]) == sorted({*task_ids, arrived} - {cancelled})
    await assert_consistent(conn)


async def test_walks_that_are_no_better_any_more_are_thrown_away_whole(conn: Connection) -> None:
    city, _ = await crossed(conn)
    situation = await load_round(conn, city.district_id, utc_now(), most=100)
    first, second = situation.teams
    before = await walks_of(conn, city)
    swapped: dict[UUID, Sequence[Work]] = {first.team_id: second.works, second.team_id: first.works}
    assert not await apply_walks(
        conn, situation.district, swapped, reasons={}, is_better=lambda *_: False, now=utc_now()
    )
    after = await walks_of(conn, city)
    assert [team.works for team in after] == [team.works for team in before]
    assert [team.route_version for team in after] == [team.route_version for team in before]


async def test_a_task_that_fits_nowhere_gets_its_place_by_a_round(conn: Connection, improver: Improver) -> None:
    city, _ = await crossed(conn)
    (waiting,) = await post(conn, city)
    await conn.execute(
        "UPDATE tasks SET waiting_reason = 'all_teams_full', plan_at = now() + interval '1 minute' WHERE id = $1",
        waiting,
    )
    await improver.improve(city.district_id, 1)
    assert await conn.fetchval("SELECT status FROM tasks WHERE id = $1", waiting) == "assigned"
    await assert_consistent(conn)


PERIOD, HASTE = timedelta(minutes=5), timedelta(minutes=1)


async def claim(conn: Connection, now: datetime) -> tuple[UUID, int] | None:
    row = await rounds.claim_round(conn, now, period=PERIOD, haste=HASTE)
    return None if row is None else (row["district_id"], row["number"])


async def test_a_district_is_improved_once_a_period_and_only_when_its_routes_changed(conn: Connection) -> None:
    city, _ = await crossed(conn)
    now = utc_now()
    assert await claim(conn, now) == (city.district_id, 1)
    await rounds.update_ended(conn, city.district_id, 1, now)
    assert await claim(conn, now) is None
    assert await claim(conn, now + PERIOD) is None, "nothing changed since"
    await conn.execute("UPDATE routes SET planned_at = $1", now + timedelta(minutes=1))
    assert await claim(conn, now + timedelta(minutes=2)) is None, "too early"
    assert await claim(conn, now + PERIOD) == (city.district_id, 2)


async def test_what_frees_a_team_brings_the_next_round_forward(conn: Connection) -> None:
    city, task_ids = await crossed(conn)
    now = utc_now() - timedelta(minutes=2)
    await conn.execute("UPDATE routes SET planned_at = $1", now)
    assert await claim(conn, now) == (city.district_id, 1)
    await by_hand.cancel(conn, city.district_id, task_ids[:1], reason="moved", now=now, account_id=None)
    assert await claim(conn, now + timedelta(seconds=90)) is None, "the round is still going on"
    await rounds.update_ended(conn, city.district_id, 1, now)
    assert await claim(conn, now + timedelta(seconds=30)) is None, "too soon even so"
    assert await claim(conn, now + HASTE) == (city.district_id, 2)
    await rounds.update_ended(conn, city.district_id, 2, now)
    assert await claim(conn, now + 2 * HASTE) is None, "one round grants every wish before it"


async def test_a_round_whose_worker_was_killed_is_done_again_after_a_period(conn: Connection) -> None:
    city, _ = await crossed(conn)
    now = utc_now()
    assert await claim(conn, now) == (city.district_id, 1)
    assert await claim(conn, now + PERIOD - timedelta(seconds=1)) is None
    assert await claim(conn, now + PERIOD) == (city.district_id, 2), "though no route changed since"
    await rounds.update_ended(conn, city.district_id, 1, now + PERIOD)
    assert await claim(conn, now + 2 * PERIOD) == (city.district_id, 3), "the end of an older one is not its end"


async def test_a_task_left_to_a_team_without_any_other_still_brings_a_round(conn: Connection) -> None:
    """The one team has an empty route after the cancellation, the other an old one."""
    city, task_ids = await crossed(conn)
    now = utc_now()
    assert await claim(conn, now) is not None
    await rounds.update_ended(conn, city.district_id, 1, now)
    await by_hand.cancel(conn, city.district_id, task_ids[::2], reason="moved", now=now, account_id=None)
    assert await claim(conn, now + HASTE) == (city.district_id, 2)


async def test_two_workers_claim_a_round_once(pool: Pool, conn: Connection) -> None:
    await crossed(conn)
    now = utc_now()
    async with pool.acquire() as one, pool.acquire() as other:
        claims = await asyncio.gather(claim(one, now), claim(other, now))
    assert sorted(number for _, number in filter(None, claims)) == [1]


async def test_a_solver_that_was_killed_is_started_anew(conn: Connection, improver: Improver) -> None:
    city, _ = await crossed(conn)
    await improver.improve(city.district_id, 1)
    await improver.close()
    await improver.improve(city.district_id, 2)
    await assert_consistent(conn)


async def test_teams_between_which_a_task_moves_are_written_together(conn: Connection) -> None:
    city, _ = await crossed(conn, teams=3, count=6)
    teams = await walks_of(conn, city)
    a, b, c = teams
    walks = {a.team_id: (*a.works, b.works[0]), b.team_id: b.works[1:], c.team_id: c.works[::-1]}
    assert sorted(map(sorted, groups_of(teams, walks))) == sorted([sorted([a.team_id, b.team_id]), [c.team_id]])


async def test_a_round_of_a_district_without_a_shift_does_nothing(conn: Connection, improver: Improver) -> None:
    city = await make_city(conn, teams=0)
    assert await improver.improve(city.district_id, 1) == 0
    assert await tasks.select_waiting_for_teams(conn, city.district_id, 10) == []
