"""Who listens to the stream: whether their tokens still count, and what they may hear now."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from shared.store.connection import Connection, Record


async def select_listeners(conn: Connection, token_ids: Collection[UUID], now: datetime) -> list[Record]:
    """token_id, permission, districts of each of these tokens that still counts; of a member's also member_id, role and the team now."""
    return await conn.fetch(
        """
        SELECT t.id AS token_id, coalesce(a.permission, 'member') AS permission, m.id AS member_id, m.role,
               CASE WHEN m.id IS NULL
                    THEN ARRAY(SELECT district_id FROM account_districts WHERE account_id = a.id)
                    ELSE ARRAY[m.district_id]
               END AS districts,
               (SELECT team_id FROM memberships WHERE member_id = m.id AND during @> $2::timestamptz) AS team_id
          FROM tokens t
          LEFT JOIN accounts a ON a.id = t.account_id
          LEFT JOIN members m ON m.id = t.member_id
         WHERE t.id = ANY($1) AND t.purpose <> 'link' AND t.revoked_at IS NULL AND t.expires_at > $2
           AND coalesce(a.active, m.active)
        """,
        list(token_ids),
        now,
    )
