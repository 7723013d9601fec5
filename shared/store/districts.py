"""Districts."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from shared.domain.district import District, DistrictSettings, settings_from_json
from shared.store.connection import Connection, Record

COLUMNS = """
    d.id, d.code, d.name, d.time_zone, d.settings, d.created_at,
    ARRAY(SELECT s.role FROM slots s WHERE s.district_id = d.id ORDER BY s.place, s.role) AS slots
"""


def _district(row: Record) -> District:
    return District(**{**row, "settings": settings_from_json(row["settings"]), "slots": tuple(row["slots"])})


async def insert_district(conn: Connection, district: District, settings: Mapping[str, Any]) -> None:
    """Write a new district with the settings it sets; the others keep their defaults."""
    await conn.execute(
        """
        INSERT INTO districts (id, code, name, time_zone, settings)
        VALUES ($1, $2, $3, $4, $5)
        """,
        district.id,
        district.code,
        district.name,
        district.time_zone,
        settings,
    )


async def update_district(conn: Connection, district: District, settings: Mapping[str, Any]) -> None:
    """Write a district; `settings` are added to those it sets."""
    await conn.execute(
        "UPDATE districts SET code = $2, name = $3, time_zone = $4, settings = settings || $5 WHERE id = $1",
        district.id,
        district.code,
        district.name,
        district.time_zone,
        settings,
    )


async def lock_district(conn: Connection, district_id: UUID) -> District | None:
    """Lock a district's own row until the transaction ends: one change of its set-up at a time."""
    row = await conn.fetchrow(f"SELECT {COLUMNS} FROM districts d WHERE d.id = $1 FOR NO KEY UPDATE", district_id)
    return None if row is None else _district(row)


async def select_district(conn: Connection, district_id: UUID) -> District | None:
    row = await conn.fetchrow(f"SELECT {COLUMNS} FROM districts d WHERE d.id = $1", district_id)
    return None if row is None else _district(row)


async def select_districts(
    conn: Connection, *, among: Collection[UUID] | None, after: UUID | None, limit: int
) -> list[District]:
    """Districts behind id `after`, in id order, `among` these (None: all)."""
    rows = await conn.fetch(
        f"""
        SELECT {COLUMNS}
          FROM districts d
         WHERE ($1::uuid[] IS NULL OR d.id = ANY($1))
           AND ($2::uuid IS NULL OR d.id > $2)
         ORDER BY d.id
         LIMIT $3
        """,
        None if among is None else list(among),
        after,
        limit,
    )
    return [_district(row) for row in rows]


async def select_shortest_retention(conn: Connection) -> int:
    """The fewest days that any district keeps personal data."""
    days: int = await conn.fetchval(
        "SELECT coalesce(min(coalesce((settings ->> 'retention_days')::int, $1)), $1) FROM districts",
        DistrictSettings().retention_days,
    )
    return days
