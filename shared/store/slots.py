"""The role slots of a district's teams."""

from collections.abc import Sequence
from uuid import UUID

from shared.store.connection import Connection


async def upsert_slots(conn: Connection, district_id: UUID, roles: Sequence[str]) -> None:
    """Give the district these slots, in this order, besides those it has."""
    await conn.execute(
        """
        INSERT INTO slots (district_id, role, place)
        SELECT $1, role, place FROM unnest($2::text[]) WITH ORDINALITY AS s (role, place)
        ON CONFLICT (district_id, role) DO UPDATE SET place = excluded.place
        """,
        district_id,
        list(roles),
    )


async def delete_other_slots(conn: Connection, district_id: UUID, roles: Sequence[str]) -> None:
    """Take every other slot from the district."""
    await conn.execute("DELETE FROM slots WHERE district_id = $1 AND role <> ALL($2)", district_id, list(roles))
