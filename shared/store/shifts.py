"""Shifts: a team's working periods, which never overlap."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from shared.domain.team import Shift
from shared.store.connection import Connection, Record

COLUMNS = "id, district_id, team_id, lower(during) AS starts_at, upper(during) AS ends_at, closed_at, created_at"


def _shift(row: Record) -> Shift:
    return Shift(**row)


async def insert_shifts(conn: Connection, shifts: Sequence[Shift]) -> list[Shift]:
    """Write new shifts and return those written: the others' ids are taken. The caller holds the teams' locks."""
    rows = await conn.fetch(
        f"""
        INSERT INTO shifts (id, district_id, team_id, during)
        SELECT s.id, s.district_id, s.team_id, tstzrange(s.starts_at, s.ends_at)
          FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::timestamptz[])
            AS s (id, district_id, team_id, starts_at, ends_at)
        ON CONFLICT (id) DO NOTHING
        RETURNING {COLUMNS}
        """,
        [s.id for s in shifts],
        [s.district_id for s in shifts],
        [s.team_id for s in shifts],
        [s.starts_at for s in shifts],
        [s.ends_at for s in shifts],
    )
    return [_shift(row) for row in rows]


async def update_shift(conn: Connection, shift: Shift) -> Shift | None:
    """Move a shift; what it left open is given back anew when it ends. None: it is gone."""
    row = await conn.fetchrow(
        f"UPDATE shifts SET during = tstzrange($2, $3), closed_at = NULL WHERE id = $1 RETURNING {COLUMNS}",
        shift.id,
        shift.starts_at,
        shift.ends_at,
    )
    return None if row is None else _shift(row)


async def delete_shift(conn: Connection, shift_id: UUID) -> bool:
    """Remove a shift; False where it is gone already."""
    return await conn.fetchval("DELETE FROM shifts WHERE id = $1 RETURNING true", shift_id) is not None


async def select_shift(conn: Connection, shift_id: UUID) -> Shift | None:
    row = await conn.fetchrow(f"SELECT {COLUMNS} FROM shifts WHERE id = $1", shift_id)
    return None if row is None else _shift(row)


async def select_shifts_by_id(conn: Connection, shift_ids: Collection[UUID]) -> list[Shift]:
    rows = await conn.fetch(f"SELECT {COLUMNS} FROM shifts WHERE id = ANY($1)", list(shift_ids))
    return [_shift(row) for row in rows]


async def select_overlapping(conn: Connection, shifts: Sequence[Shift]) -> list[UUID]:
    """Which of these shifts overlap a known one of their team, other than themselves."""
    rows = await conn.fetch(
        """
        SELECT DISTINCT g.id
          FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::timestamptz[]) AS g (id, team_id, starts_at, ends_at)
          JOIN shifts s ON s.team_id = g.team_id AND s.during && tstzrange(g.starts_at, g.ends_at) AND s.id <> g.id
        """,
        [s.id for s in shifts],
        [s.team_id for s in shifts],
        [s.starts_at for s in shifts],
        [s.ends_at for s in shifts],
    )
    return [row["id"] for row in rows]


async def select_shift_at(conn: Connection, team_id: UUID, at: datetime) -> Shift | None:
    """The team's shift at that moment."""
    row = await conn.fetchrow(
        f"SELECT {COLUMNS} FROM shifts WHERE team_id = $1 AND during @> $2::timestamptz", team_id, at
    )
    return None if row is None else _shift(row)


async def select_shifts_at(conn: Connection, team_ids: Collection[UUID], at: datetime) -> list[Shift]:
    """The shifts of these teams at that moment."""
    rows = await conn.fetch(
        f"SELECT {COLUMNS} FROM shifts WHERE team_id = ANY($1) AND during @> $2::timestamptz", list(team_ids), at
    )
    return [_shift(row) for row in rows]


async def select_shifts(
    conn: Connection,
    districts: Collection[UUID] | None,
    *,
    team_id: UUID | None,
    since: datetime | None,
    until: datetime | None,
    after: UUID | None,
    limit: int,
) -> list[Shift]:
    """Shifts of these districts (None: of all) behind id `after` that touch the span from `since` until before `until`, in id order."""
    rows = await conn.fetch(
        f"""
        SELECT {COLUMNS}
          FROM shifts
         WHERE ($1::uuid[] IS NULL OR district_id = ANY($1))
           AND ($2::uuid IS NULL OR team_id = $2)
           AND during && tstzrange($3, $4)
           AND ($5::uuid IS NULL OR id > $5)
         ORDER BY id
         LIMIT $6
        """,
        None if districts is None else list(districts),
        team_id,
        since,
        until,
        after,
        limit,
    )
    return [_shift(row) for row in rows]


async def select_ended_unclosed(conn: Connection, now: datetime, most: int) -> list[Record]:
    """id, district_id and team_id of shifts that are over and whose open work nobody has given back yet, oldest first."""
    return await conn.fetch(
        "SELECT id, district_id, team_id FROM shifts WHERE closed_at IS NULL AND upper(during) <= $1 ORDER BY upper(during) LIMIT $2",
        now,
        most,
    )


async def update_closed(conn: Connection, shift_id: UUID, now: datetime) -> bool:
    """Mark that what the shift left open is given back; False where that was done already, or the shift was moved."""
    sql = "UPDATE shifts SET closed_at = $2 WHERE id = $1 AND closed_at IS NULL AND upper(during) <= $2 RETURNING true"
    return await conn.fetchval(sql, shift_id, now) is not None
