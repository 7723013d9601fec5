"""Households: doors."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from shared.domain.household import Household
from shared.store.connection import Connection, Record
from shared.store.patterns import contains

COLUMNS = "id, district_id, door, ref, address, lat, lon, grid_id, access_notes, created_at, updated_at, redacted_at"


def _household(row: Record) -> Household:
    return Household(**row)


async def upsert_households(conn: Connection, district_id: UUID, households: Sequence[Household]) -> list[Record]:
    """Find or make the households of these mentions, each door once; what a mention leaves blank stays as it was known.

    Returns door, id, grid_id, lat, lon and `moved` (it was known at another place, or nowhere) in no particular order.
    The id of a mention is used where its door is new. The grid follows the point.
    """
    ordered = sorted(households, key=lambda household: household.door)
    # In RETURNING a subquery sees the row as it was before the statement. A join would be planned for ten rows, and meets thousands.
    return await conn.fetch(
        """
        WITH given AS MATERIALIZED (
            SELECT g.*, CASE WHEN g.lat IS NOT NULL THEN grid_at($1, g.lat, g.lon) END AS grid_id
              FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::float8[], $7::float8[], $8::text[])
                AS g (id, door, ref, address, lat, lon, access_notes)
        )
        INSERT INTO households AS h (id, district_id, door, ref, address, lat, lon, grid_id, access_notes)
        SELECT id, $1, door, ref, address, lat, lon, grid_id, access_notes FROM given
        ON CONFLICT (district_id, door) DO UPDATE
           SET address = coalesce(nullif(excluded.address, ''), h.address),
               lat = coalesce(excluded.lat, h.lat),
               lon = coalesce(excluded.lon, h.lon),
               grid_id = CASE WHEN excluded.lat IS NULL THEN h.grid_id ELSE excluded.grid_id END,
               access_notes = coalesce(nullif(excluded.access_notes, ''), h.access_notes),
               updated_at = now()
        RETURNING h.door, h.id, h.grid_id, h.lat, h.lon, coalesce(
            (SELECT (known.lat, known.lon) IS DISTINCT FROM (h.lat, h.lon) FROM households known WHERE known.id = h.id), false
        ) AS moved
        """,
        district_id,
        [h.id for h in ordered],
        [h.door for h in ordered],
        [h.ref for h in ordered],
        [h.address for h in ordered],
        [h.lat for h in ordered],
        [h.lon for h in ordered],
        [h.access_notes for h in ordered],
    )


async def insert_household(conn: Connection, household: Household) -> Household:
    """Write a new household in the grid that holds its point."""
    row = await conn.fetchrow(
        f"""
        INSERT INTO households (id, district_id, door, ref, address, lat, lon, grid_id, access_notes)
        VALUES ($1, $2, $3, $4, $5, $6, $7, grid_at($2, $6, $7), $8)
        RETURNING {COLUMNS}
        """,
        household.id,
        household.district_id,
        household.door,
        household.ref,
        household.address,
        household.lat,
        household.lon,
        household.access_notes,
    )
    assert row is not None  # noqa: S101 - what is inserted is returned
    return _household(row)


async def update_household(conn: Connection, household: Household, now: datetime) -> Household:
    """Write a household; its grid follows its point. The caller holds its lock."""
    row = await conn.fetchrow(
        f"""
        UPDATE households
           SET door = $2, ref = $3, address = $4, lat = $5, lon = $6, grid_id = grid_at(district_id, $5, $6), access_notes = $7,
               updated_at = $8
         WHERE id = $1
        RETURNING {COLUMNS}
        """,
        household.id,
        household.door,
        household.ref,
        household.address,
        household.lat,
        household.lon,
        household.access_notes,
        now,
    )
    assert row is not None  # noqa: S101 - the caller holds the row's lock
    return _household(row)


async def update_pending_tasks_to_households(conn: Connection, household_ids: Sequence[UUID], now: datetime) -> int:
    """Move the pending visits at these households to where the households are now, to be looked at again; returns how many moved."""
    status = await conn.execute(
        """
        WITH moved AS (
            SELECT t.id, h.lat, h.lon, h.grid_id
              FROM tasks t JOIN households h ON h.id = t.household_id
             WHERE t.household_id = ANY($1)
               AND t.closed_at IS NULL AND t.status = 'pending'
               AND (t.lat, t.lon, t.grid_id) IS DISTINCT FROM (h.lat, h.lon, h.grid_id)
             ORDER BY t.id
               FOR NO KEY UPDATE OF t
        )
        UPDATE tasks t
           SET lat = moved.lat, lon = moved.lon, grid_id = moved.grid_id, plan_at = least(t.plan_at, $2), version = version + 1,
               updated_at = $2
          FROM moved
         WHERE t.id = moved.id
        """,
        household_ids,
        now,
    )
    return int(status.split()[-1])


async def update_held_tasks_to_household(
    conn: Connection, household_id: UUID, task_ids: Sequence[UUID], now: datetime
) -> None:
    """Move these (locked) tasks, which teams hold, to where their household is now."""
    await conn.execute(
        """
        UPDATE tasks t
           SET lat = h.lat, lon = h.lon, grid_id = h.grid_id, version = version + 1, updated_at = $3
          FROM households h
         WHERE h.id = $1 AND t.household_id = h.id AND t.id = ANY($2) AND t.assignment_id IS NOT NULL
        """,
        household_id,
        task_ids,
        now,
    )


async def lock_household(conn: Connection, household_id: UUID) -> Household | None:
    row = await conn.fetchrow(
        f"SELECT {COLUMNS} FROM households WHERE id = $1 AND redacted_at IS NULL FOR NO KEY UPDATE", household_id
    )
    return None if row is None else _household(row)


async def select_household(conn: Connection, household_id: UUID) -> Household | None:
    row = await conn.fetchrow(f"SELECT {COLUMNS} FROM households WHERE id = $1", household_id)
    return None if row is None else _household(row)


async def select_households(
    conn: Connection,
    districts: Collection[UUID] | None,
    *,
    q: str | None,
    ref: str | None,
    grid_id: UUID | None,
    after: UUID | None,
    limit: int,
) -> list[Household]:
    """Households of these districts (None: of all) behind id `after`, in id order; `q` is part of the address."""
    rows = await conn.fetch(
        f"""
        SELECT {COLUMNS}
          FROM households
         WHERE redacted_at IS NULL
           AND ($1::uuid[] IS NULL OR district_id = ANY($1))
           AND ($2::text IS NULL OR address ILIKE $2)
           AND ($3::text IS NULL OR ref = $3)
           AND ($4::uuid IS NULL OR grid_id = $4)
           AND ($5::uuid IS NULL OR id > $5)
         ORDER BY id
         LIMIT $6
        """,
        None if districts is None else list(districts),
        contains(q),
        ref,
        grid_id,
        after,
        limit,
    )
    return [_household(row) for row in rows]


async def select_mentioned(conn: Connection, district_id: UUID, household_ids: Sequence[UUID]) -> list[Record]:
    """id, lat, lon, grid_id of those of these households that are in the district."""
    return await conn.fetch(
        "SELECT id, lat, lon, grid_id FROM households WHERE district_id = $1 AND id = ANY($2) AND redacted_at IS NULL",
        district_id,
        household_ids,
    )
