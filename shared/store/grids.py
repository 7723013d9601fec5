"""Grids and their shapes; what lies in which grid."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from shared.domain.grid import DrawnGrid, Grid, Ring, Shape
from shared.domain.ids import new_id
from shared.store.connection import Connection, Record
from shared.store.patterns import contains

COLUMNS = "id, district_id, code, name, geometry, area_m2, created_at"


def _grid(row: Record) -> Grid:
    return Grid(**row)


def _polygon(ring: Ring) -> str:
    """As Postgres writes a polygon; the driver would take a list of its own polygons for nested arrays."""
    return "(" + ",".join(f"({lon!r},{lat!r})" for lon, lat in ring[:-1]) + ")"


async def upsert_grids(conn: Connection, district_id: UUID, drawn: Sequence[DrawnGrid]) -> dict[str, tuple[UUID, bool]]:
    """Write grids by their codes; returns each code's id and whether it is new. The caller holds the district's lock."""
    rows = await conn.fetch(
        """
        INSERT INTO grids (id, district_id, code, name, geometry, area_m2)
        SELECT g.id, $1, g.code, g.name, g.geometry, g.area_m2
          FROM unnest($2::uuid[], $3::text[], $4::text[], $5::jsonb[], $6::float8[]) AS g (id, code, name, geometry, area_m2)
        ON CONFLICT (district_id, code) DO UPDATE
           SET name = excluded.name, geometry = excluded.geometry, area_m2 = excluded.area_m2
        RETURNING code, id, xmax = 0 AS is_new
        """,
        district_id,
        [new_id() for _ in drawn],
        [grid.code for grid in drawn],
        [grid.name for grid in drawn],
        [grid.geometry for grid in drawn],
        [grid.area_m2 for grid in drawn],
    )
    return {row["code"]: (row["id"], row["is_new"]) for row in rows}


async def delete_shapes(conn: Connection, grid_ids: Collection[UUID]) -> None:
    await conn.execute("DELETE FROM grid_shapes WHERE grid_id = ANY($1)", list(grid_ids))


async def insert_shapes(conn: Connection, shapes: Sequence[tuple[UUID, Shape]]) -> None:
    """Write the shapes by which points find their grids: (grid id, shape)."""
    await conn.executemany(
        "INSERT INTO grid_shapes (grid_id, outer_ring, holes) VALUES ($1, $2::text::polygon, $3::text[]::polygon[])",
        [(grid_id, _polygon(shape.outer), [_polygon(hole) for hole in shape.holes]) for grid_id, shape in shapes],
    )


async def delete_grids(conn: Connection, grid_ids: Collection[UUID]) -> None:
    """Remove grids in which nothing open lies any more."""
    await conn.execute("DELETE FROM grids WHERE id = ANY($1)", list(grid_ids))


async def update_households_to_grids(conn: Connection, district_id: UUID) -> int:
    """Put every household of the district into the grid that holds its point now; returns how many moved."""
    status = await conn.execute(
        """
        WITH found AS MATERIALIZED (
            SELECT id, grid_id, CASE WHEN lat IS NOT NULL THEN grid_at($1, lat, lon) END AS found_id
              FROM households
             WHERE district_id = $1
        ), moved AS (
            SELECT h.id, found.found_id
              FROM households h JOIN found USING (id)
             WHERE found.grid_id IS DISTINCT FROM found.found_id
             ORDER BY h.door
               FOR NO KEY UPDATE OF h
        )
        UPDATE households h SET grid_id = moved.found_id, updated_at = now() FROM moved WHERE h.id = moved.id
        """,
        district_id,
    )
    return int(status.split()[-1])


async def update_open_tasks_to_grids(conn: Connection, district_id: UUID, now: datetime) -> int:
    """Put every open task of the district into the grid that holds its point now; returns how many moved. Rows are locked in id order."""
    status = await conn.execute(
        """
        WITH found AS MATERIALIZED (
            SELECT id, grid_id, CASE WHEN lat IS NOT NULL THEN grid_at($1, lat, lon) END AS found_id
              FROM tasks
             WHERE district_id = $1 AND closed_at IS NULL
        ), moved AS (
            SELECT t.id, found.found_id
              FROM tasks t JOIN found USING (id)
             WHERE found.grid_id IS DISTINCT FROM found.found_id AND t.closed_at IS NULL
             ORDER BY t.id
               FOR NO KEY UPDATE OF t
        )
        UPDATE tasks t SET grid_id = moved.found_id, version = version + 1, updated_at = $2 FROM moved WHERE t.id = moved.id
        """,
        district_id,
        now,
    )
    return int(status.split()[-1])


async def select_grid(conn: Connection, grid_id: UUID) -> Grid | None:
    row = await conn.fetchrow(f"SELECT {COLUMNS} FROM grids WHERE id = $1", grid_id)
    return None if row is None else _grid(row)


async def select_grid_id_by_code(conn: Connection, district_id: UUID, code: str) -> UUID | None:
    grid_id: UUID | None = await conn.fetchval(
        "SELECT id FROM grids WHERE district_id = $1 AND code = $2", district_id, code
    )
    return grid_id


async def select_grid_ids_except(conn: Connection, district_id: UUID, codes: Collection[str]) -> list[UUID]:
    """The district's grids with other codes than these."""
    rows = await conn.fetch(
        "SELECT id FROM grids WHERE district_id = $1 AND code <> ALL($2) ORDER BY id", district_id, list(codes)
    )
    return [row["id"] for row in rows]


async def select_grids(
    conn: Connection, districts: Collection[UUID] | None, *, q: str | None, after: UUID | None, limit: int
) -> list[Grid]:
    """Grids of these districts (None: of all) behind id `after`, in id order; `q` is part of code and name."""
    rows = await conn.fetch(
        f"""
        SELECT {COLUMNS}
          FROM grids
         WHERE ($1::uuid[] IS NULL OR district_id = ANY($1))
           AND ($2::text IS NULL OR code ILIKE $2 OR name ILIKE $2)
           AND ($3::uuid IS NULL OR id > $3)
         ORDER BY id
         LIMIT $4
        """,
        None if districts is None else list(districts),
        contains(q),
        after,
        limit,
    )
    return [_grid(row) for row in rows]


async def has_grids(conn: Connection, district_id: UUID) -> bool:
    """Whether the district is divided into grids at all."""
    found: bool = await conn.fetchval("SELECT EXISTS (SELECT FROM grids WHERE district_id = $1)", district_id)
    return found
