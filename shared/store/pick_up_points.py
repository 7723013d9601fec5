"""Pick-up points: where teams leave specimens. Address and point are those of their household."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from shared.domain.geography import Point
from shared.domain.specimens import PickUpPoint
from shared.store.connection import Connection

_SELECT = """
    SELECT p.id, p.district_id, p.household_id, p.name, p.lab_address, p.kinds, p.active, p.created_at, h.address, h.lat, h.lon
      FROM pick_up_points p JOIN households h ON h.id = p.household_id"""


def _point(row: Any) -> PickUpPoint:
    fields = dict(row)
    place = Point(fields.pop("lat"), fields.pop("lon"))
    return PickUpPoint(**{**fields, "kinds": tuple(fields["kinds"]), "point": place})


async def insert_pick_up_point(conn: Connection, point: PickUpPoint) -> None:
    """Write a new point, its household being there."""
    await conn.execute(
        """
        INSERT INTO pick_up_points (id, district_id, household_id, name, lab_address, kinds, active)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        point.id,
        point.district_id,
        point.household_id,
        point.name,
        point.lab_address,
        list(point.kinds),
        point.active,
    )


async def update_pick_up_point(conn: Connection, point: PickUpPoint) -> None:
    """Write what is the point's own; the caller holds its lock."""
    await conn.execute(
        "UPDATE pick_up_points SET name = $2, lab_address = $3, kinds = $4, active = $5 WHERE id = $1",
        point.id,
        point.name,
        point.lab_address,
        list(point.kinds),
        point.active,
    )


async def lock_pick_up_point(conn: Connection, point_id: UUID) -> PickUpPoint | None:
    row = await conn.fetchrow(f"{_SELECT} WHERE p.id = $1 FOR NO KEY UPDATE OF p", point_id)
    return None if row is None else _point(row)


async def select_pick_up_point(conn: Connection, point_id: UUID) -> PickUpPoint | None:
    row = await conn.fetchrow(f"{_SELECT} WHERE p.id = $1", point_id)
    return None if row is None else _point(row)


async def select_all_pick_up_points(conn: Connection, district_id: UUID) -> list[PickUpPoint]:
    """Every point of a district, inactive ones included."""
    rows = await conn.fetch(f"{_SELECT} WHERE p.district_id = $1 ORDER BY p.id", district_id)
    return [_point(row) for row in rows]


async def select_pick_up_points(
    conn: Connection, districts: Collection[UUID] | None, *, active: bool | None, after: UUID | None, limit: int
) -> list[PickUpPoint]:
    """Points of these districts (None: of all) behind id `after`, in id order."""
    rows = await conn.fetch(
        f"""
        {_SELECT}
         WHERE ($1::uuid[] IS NULL OR p.district_id = ANY($1))
           AND ($2::bool IS NULL OR p.active = $2)
           AND ($3::uuid IS NULL OR p.id > $3)
         ORDER BY p.id
         LIMIT $4
        """,
        None if districts is None else list(districts),
        active,
        after,
        limit,
    )
    return [_point(row) for row in rows]
