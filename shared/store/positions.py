"""Where members last were, as their phones said."""

from datetime import datetime
from uuid import UUID

from shared.store.connection import Connection


async def upsert_position(
    conn: Connection, *, member_id: UUID, at: datetime, lat: float, lon: float, accuracy_m: float | None
) -> bool:
    """Keep a member's position; False where a newer one is known."""
    kept = await conn.fetchval(
        """
        INSERT INTO positions AS p (member_id, at, lat, lon, accuracy_m)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (member_id) DO UPDATE
           SET at = excluded.at, lat = excluded.lat, lon = excluded.lon, accuracy_m = excluded.accuracy_m
         WHERE excluded.at > p.at
        RETURNING true
        """,
        member_id,
        at,
        lat,
        lon,
        accuracy_m,
    )
    return kept is not None
