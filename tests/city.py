"""A small district with three-person teams on shift, made by SQL and by the operations, for tests that are about what comes after."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.domain.clock import utc_now
from shared.domain.district import District
from shared.domain.ids import new_id
from shared.domain.intake import HouseholdDraft, TaskDraft
from shared.domain.words import DEFAULT_SLOTS
from shared.operations.districts import create_district
from shared.operations.intake import TakenIn, take_in
from shared.store.connection import Connection

LAT, LON = 31.22, 121.46
SPREAD = 0.01  # degrees: about a kilometre


@dataclass(frozen=True, kw_only=True)
class City:
    district_id: UUID
    team_ids: Sequence[UUID]
    member_ids: Sequence[UUID]  # three a team, in the order of the teams and of the default slots


async def make_city(
    conn: Connection,
    *,
    teams: int = 2,
    begins: datetime | None = None,
    hours: float = 8,
    seed: int = 1,
    **settings: Any,
) -> City:
    """A district, one grid over it, and teams on a shift that began an hour ago."""
    chance = random.Random(seed)
    now = utc_now()
    district_id = new_id()
    district = District(
        id=district_id, code=f"d{district_id.hex[:12]}", name="Hongkou", time_zone="Asia/Shanghai", slots=DEFAULT_SLOTS
    )
    await create_district(conn, district, settings, now=now, account_id=None)
    await _make_grid(conn, district_id)
    begins = begins or now - timedelta(hours=1)
    team_ids: list[UUID] = []
    member_ids: list[UUID] = []
    for number in range(teams):
        team_id = new_id()
        await conn.execute(
            "INSERT INTO teams (id, district_id, code, name, start_lat, start_lon) VALUES ($1, $2, $3, $3, $4, $5)",
            team_id,
            district_id,
            f"team-{number}",
            LAT + chance.uniform(-SPREAD, SPREAD),
            LON + chance.uniform(-SPREAD, SPREAD),
        )
        team_ids.append(team_id)
        member_ids += [
            await add_member(conn, district_id, role, team_id=team_id, since=begins) for role in DEFAULT_SLOTS
        ]
        await add_shift(conn, district_id, team_id, begins, begins + timedelta(hours=hours))
    return City(district_id=district_id, team_ids=team_ids, member_ids=member_ids)


async def add_member(
    conn: Connection, district_id: UUID, role: str, *, team_id: UUID | None = None, since: datetime | None = None
) -> UUID:
    """A member on duty, on that team since then where one is given."""
    member_id = new_id()
    await conn.execute(
        "INSERT INTO members (id, district_id, name, phone, role) VALUES ($1, $2, $3, $4, $5)",
        member_id,
        district_id,
        f"{role} {member_id.hex[-4:]}",
        f"+86{member_id.int % 10**11:011d}",
        role,
    )
    if team_id is not None:
        await conn.execute(
            "INSERT INTO memberships (id, district_id, team_id, member_id, role, during) VALUES ($1, $2, $3, $4, $5, tstzrange($6, NULL))",
            new_id(),
            district_id,
            team_id,
            member_id,
            role,
            since or utc_now() - timedelta(hours=1),
        )
    return member_id


async def add_shift(conn: Connection, district_id: UUID, team_id: UUID, begins: datetime, ends: datetime) -> UUID:
    shift_id = new_id()
    await conn.execute(
        "INSERT INTO shifts (id, district_id, team_id, during) VALUES ($1, $2, $3, tstzrange($4, $5))",
        shift_id,
        district_id,
        team_id,
        begins,
        ends,
    )
    return shift_id


async def add_break(
    conn: Connection, team_id: UUID, *, in_s: float, until_s: float, lasts_s: int = 1800, now: datetime | None = None
) -> UUID:
    """Give the team's only shift a break that begins so many seconds from now; the shift's id."""
    now = now or utc_now()
    shift_id: UUID = await conn.fetchval(
        "UPDATE shifts SET break_earliest = $2, break_latest = $3, break_s = $4 WHERE team_id = $1 RETURNING id",
        team_id,
        now + timedelta(seconds=in_s),
        now + timedelta(seconds=until_s),
        lasts_s,
    )
    return shift_id


async def post(
    conn: Connection, city: City, count: int = 1, *, kind: str = "door_sensor_check", seed: int = 1, **draft: Any
) -> list[UUID]:
    """Take in that many tasks, each at a door of its own and due in six hours unless told otherwise; their ids."""
    draft.setdefault("due_at", utc_now() + timedelta(hours=6))
    chance = random.Random(seed)
    drafts = [
        TaskDraft(
            kind=kind,
            household=HouseholdDraft(
                ref=f"door-{new_id().hex}",
                address="Sichuan North Road",
                lat=LAT + chance.uniform(-SPREAD, SPREAD),
                lon=LON + chance.uniform(-SPREAD, SPREAD),
            ),
            **draft,
        )
        for _ in range(count)
    ]
    answers = await take_in(conn, city.district_id, drafts, now=utc_now())
    taken = [answer for answer in answers if isinstance(answer, TakenIn)]
    assert len(taken) == count, answers
    return [answer.task.id for answer in taken]


async def assert_consistent(conn: Connection) -> None:
    """What must hold at every moment: one live assignment a task, tasks and assignments agree, routes hold exactly what is live."""
    async with conn.transaction(isolation="repeatable_read", readonly=True):  # one moment, whoever works meanwhile
        await _assert_one_team_a_task(conn)
        await _assert_routes_hold_what_is_live(conn)


async def _assert_one_team_a_task(conn: Connection) -> None:
    doubled = await conn.fetch(
        "SELECT task_id FROM assignments WHERE ended_at IS NULL GROUP BY task_id HAVING count(*) > 1"
    )
    assert not doubled
    # An event's id is drawn under the task's lock, so per task ids are in the order in which things happened.
    given_twice = await conn.fetch(
        """
        SELECT task_id
          FROM (SELECT task_id, name, lag(name) OVER (PARTITION BY task_id ORDER BY id) AS before FROM events
                 WHERE name IN ('task.assigned', 'task.released', 'task.completed', 'task.cancelled', 'task.expired')) told
         WHERE name = 'task.assigned' AND before = 'task.assigned'
        """
    )
    assert not given_twice, "assigned twice at once"
    disagreeing = await conn.fetch(
        """
        SELECT t.id, a.id
          FROM (SELECT * FROM tasks WHERE assignment_id IS NOT NULL) t
          FULL JOIN (SELECT * FROM assignments WHERE ended_at IS NULL) a ON a.id = t.assignment_id AND a.team_id = t.team_id
         WHERE t.id IS NULL OR a.id IS NULL
        """
    )
    assert not disagreeing


async def _assert_routes_hold_what_is_live(conn: Connection) -> None:
    live = await conn.fetch(
        "SELECT team_id, array_agg(task_id ORDER BY task_id) AS held FROM assignments WHERE ended_at IS NULL GROUP BY team_id"
    )
    routes = await conn.fetch(
        """
        SELECT r.team_id, r.stops, array_agg(task_id ORDER BY task_id) AS ordered
          FROM routes r, unnest(r.task_ids) AS task_id
         WHERE task_id NOT IN (SELECT id FROM shifts)  -- breaks
         GROUP BY r.team_id, r.stops
        """
    )
    assert {row["team_id"]: row["held"] for row in live} == {row["team_id"]: row["ordered"] for row in routes}
    for row in routes:
        assert sorted(UUID(task_id) for stop in row["stops"] for task_id in stop["task_ids"]) == row["ordered"]


async def _make_grid(conn: Connection, district_id: UUID) -> None:
    grid_id = new_id()
    west, east, south, north = LON - 0.05, LON + 0.05, LAT - 0.05, LAT + 0.05
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    await conn.execute(
        "INSERT INTO grids (id, district_id, code, name, geometry, area_m2) VALUES ($1, $2, 'all', 'All', $3, 1e8)",
        grid_id,
        district_id,
        {"type": "Polygon", "coordinates": [ring]},
    )
    outline = "(" + ",".join(f"({lon},{lat})" for lon, lat in ring[:-1]) + ")"
    await conn.execute("INSERT INTO grid_shapes (grid_id, outer_ring) VALUES ($1, $2::text::polygon)", grid_id, outline)
