"""Shifts: a team's working periods, which never overlap."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from shared.domain.breaks import Break
from shared.domain.team import Shift
from shared.store.connection import Connection, Record

COLUMNS = (
    "id, district_id, team_id, lower(during) AS starts_at, upper(during) AS ends_at, closed_at, created_at,"
    " break_earliest, break_latest, break_s, break_began_at, break_over_at"
)


def _shift(row: Record) -> Shift:
    of_break = ("break_earliest", "break_latest", "break_s")
    rest = {name: value for name, value in row.items() if name not in of_break}
    return Shift(**rest, break_=break_of(row))


def break_of(row: Record) -> Break | None:
    """The break of a row with a shift's columns of it."""
    if row["break_s"] is None:
        return None
    return Break(earliest=row["break_earliest"], latest=row["break_latest"], duration_s=row["break_s"])


async def insert_shifts(conn: Connection, shifts: Sequence[Shift]) -> list[Shift]:
    """Write new shifts and return those written: the others' ids are taken. The caller holds the teams' locks."""
    rows = await conn.fetch(
        f"""
        INSERT INTO shifts (id, district_id, team_id, during, break_earliest, break_latest, break_s)
        SELECT s.id, s.district_id, s.team_id, tstzrange(s.starts_at, s.ends_at), s.break_earliest, s.break_latest, s.break_s
          FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[],
                      $8::integer[])
            AS s (id, district_id, team_id, starts_at, ends_at, break_earliest, break_latest, break_s)
        ON CONFLICT (id) DO NOTHING
        RETURNING {COLUMNS}
        """,
        [s.id for s in shifts],
        [s.district_id for s in shifts],
        [s.team_id for s in shifts],
        [s.starts_at for s in shifts],
        [s.ends_at for s in shifts],
        [s.break_ and s.break_.earliest for s in shifts],
        [s.break_ and s.break_.latest for s in shifts],
        [s.break_ and s.break_.duration_s for s in shifts],
    )
    return [_shift(row) for row in rows]


async def update_shift(conn: Connection, shift: Shift) -> Shift | None:
    """Move a shift and its break; what it left open is given back anew when it ends. None: it is gone."""
    row = await conn.fetchrow(
        f"""
        UPDATE shifts
           SET during = tstzrange($2, $3), break_earliest = $4, break_latest = $5, break_s = $6, break_began_at = $7, break_over_at = $8,
               closed_at = NULL
         WHERE id = $1
        RETURNING {COLUMNS}
        """,
        shift.id,
        shift.starts_at,
        shift.ends_at,
        shift.break_ and shift.break_.earliest,
        shift.break_ and shift.break_.latest,
        shift.break_ and shift.break_.duration_s,
        shift.break_began_at,
        shift.break_over_at,
    )
    return None if row is None else _shift(row)


async def update_break_had(
    conn: Connection, shift_id: UUID, began_at: datetime | None, over_at: datetime | None
) -> None:
    """Write when a shift's break began and when it is over; both None: it is still ahead. The caller holds the team's lock."""
    sql = "UPDATE shifts SET break_began_at = $2, break_over_at = $3 WHERE id = $1"
    await conn.execute(sql, shift_id, began_at, over_at)


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


async def select_shifts_of_teams(conn: Connection, team_ids: Collection[UUID], *, since: datetime) -> list[Shift]:
    """The shifts of these teams that were not over at `since`."""
    rows = await conn.fetch(
        f"SELECT {COLUMNS} FROM shifts WHERE team_id = ANY($1) AND during && tstzrange($2, NULL)", list(team_ids), since
    )
    return [_shift(row) for row in rows]


async def select_ended_unclosed(conn: Connection, now: datetime, most: int) -> list[Record]:
    """id, district_id and team_id of shifts that are over and whose open work nobody has given back yet, oldest first."""
    return await conn.fetch(
        "SELECT id, district_id, team_id FROM shifts WHERE closed_at IS NULL AND upper(during) <= $1 ORDER BY upper(during) LIMIT $2",
        now,
        most,
    )


async def has_break_left(conn: Connection, shift_ids: Collection[UUID], now: datetime) -> bool:
    """Whether one of these shifts is not over and has a break that is not over either; ids of other things are left aside."""
    sql = """
        SELECT true FROM shifts
         WHERE id = ANY($1) AND upper(during) > $2 AND break_s IS NOT NULL AND (break_over_at IS NULL OR break_over_at > $2)
    """
    return await conn.fetchval(sql, list(shift_ids), now) is not None


async def select_breaks_due(conn: Connection, now: datetime, most: int) -> list[Record]:
    """id, district_id, team_id of shifts that are on, their break not in the team's route yet, or first in it and its time has come."""
    return await conn.fetch(
        """
        SELECT s.id, s.district_id, s.team_id
          FROM shifts s JOIN teams t ON t.id = s.team_id AND t.active LEFT JOIN routes r ON r.team_id = s.team_id
         WHERE s.break_s IS NOT NULL AND s.break_began_at IS NULL AND lower(s.during) <= $1 AND upper(s.during) > $1
           AND CASE WHEN s.id = ANY(r.task_ids)
                    THEN r.task_ids[1] = s.id AND s.break_earliest <= $1 AND (r.stops #>> '{0,begin_at,0}')::timestamptz <= $1
                    ELSE true END
         ORDER BY s.id
         LIMIT $2
        """,
        now,
        most,
    )


async def update_closed(conn: Connection, shift_id: UUID, now: datetime) -> bool:
    """Mark that what the shift left open is given back; False where that was done already, or the shift was moved."""
    sql = "UPDATE shifts SET closed_at = $2 WHERE id = $1 AND closed_at IS NULL AND upper(during) <= $2 RETURNING true"
    return await conn.fetchval(sql, shift_id, now) is not None
