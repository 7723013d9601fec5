"""Teams."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from shared.domain.team import Team
from shared.domain.words import Mode
from shared.store.connection import Connection, Record
from shared.store.patterns import contains

COLUMNS = (
    "id, district_id, code, name, mode, home_grid_id, start_lat, start_lon, place_lat, place_lon, place_at,"
    " max_visits, active, route_version, roster_version, created_at"
)


def _team(row: Record) -> Team:
    return Team(**{**row, "mode": Mode(row["mode"])})


async def insert_team(conn: Connection, team: Team) -> Team:
    """Write a new team."""
    row = await conn.fetchrow(
        f"""
        INSERT INTO teams (id, district_id, code, name, mode, home_grid_id, start_lat, start_lon, max_visits, active)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        RETURNING {COLUMNS}
        """,
        team.id,
        team.district_id,
        team.code,
        team.name,
        team.mode,
        team.home_grid_id,
        team.start_lat,
        team.start_lon,
        team.max_visits,
        team.active,
    )
    assert row is not None  # noqa: S101 - what is inserted is returned
    return _team(row)


async def update_team(conn: Connection, team: Team) -> Team:
    """Write what people set on a team; whoever is planning for it meanwhile has to look again."""
    row = await conn.fetchrow(
        f"""
        UPDATE teams
           SET code = $2, name = $3, mode = $4, home_grid_id = $5, start_lat = $6, start_lon = $7, max_visits = $8, active = $9,
               roster_version = roster_version + 1
         WHERE id = $1
        RETURNING {COLUMNS}
        """,
        team.id,
        team.code,
        team.name,
        team.mode,
        team.home_grid_id,
        team.start_lat,
        team.start_lon,
        team.max_visits,
        team.active,
    )
    assert row is not None  # noqa: S101 - the caller holds the row's lock
    return _team(row)


async def lock_teams(conn: Connection, team_ids: Collection[UUID]) -> list[Team]:
    """Lock these teams until the transaction ends, in id order, as every writer of routes and rosters does. Absent ones are left out."""
    rows = await conn.fetch(
        f"SELECT {COLUMNS} FROM teams WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", list(team_ids)
    )
    return [_team(row) for row in rows]


async def lock_teams_living_in(conn: Connection, grid_ids: Collection[UUID]) -> list[UUID]:
    """Lock the teams whose home grid is one of these, in id order."""
    rows = await conn.fetch(
        "SELECT id FROM teams WHERE home_grid_id = ANY($1) ORDER BY id FOR NO KEY UPDATE", list(grid_ids)
    )
    return [row["id"] for row in rows]


async def select_team(conn: Connection, team_id: UUID) -> Team | None:
    row = await conn.fetchrow(f"SELECT {COLUMNS} FROM teams WHERE id = $1", team_id)
    return None if row is None else _team(row)


async def select_teams_by_code(conn: Connection, district_id: UUID, codes: Collection[str]) -> list[Team]:
    """The district's teams of these codes."""
    rows = await conn.fetch(
        f"SELECT {COLUMNS} FROM teams WHERE district_id = $1 AND code = ANY($2)", district_id, list(codes)
    )
    return [_team(row) for row in rows]


async def select_teams(
    conn: Connection,
    districts: Collection[UUID] | None,
    *,
    q: str | None,
    active: bool | None,
    after: UUID | None,
    limit: int,
) -> list[Team]:
    """Teams of these districts (None: of all) behind id `after`, in id order; `q` is part of the code or name."""
    rows = await conn.fetch(
        f"""
        SELECT {COLUMNS}
          FROM teams
         WHERE ($1::uuid[] IS NULL OR district_id = ANY($1))
           AND ($2::text IS NULL OR code ILIKE $2 OR name ILIKE $2)
           AND ($3::bool IS NULL OR active = $3)
           AND ($4::uuid IS NULL OR id > $4)
         ORDER BY id
         LIMIT $5
        """,
        None if districts is None else list(districts),
        contains(q),
        active,
        after,
        limit,
    )
    return [_team(row) for row in rows]


async def update_place(conn: Connection, team_id: UUID, lat: float, lon: float, at: datetime) -> bool:
    """Write where the team was last; False where a newer place is known."""
    moved = await conn.fetchval(
        """
        UPDATE teams SET place_lat = $2, place_lon = $3, place_at = $4
         WHERE id = $1 AND (place_at IS NULL OR place_at <= $4)
        RETURNING true
        """,
        team_id,
        lat,
        lon,
        at,
    )
    return moved is not None
