"""The table `rounds`: when each district was last improved."""

from datetime import datetime, timedelta

from shared.store.connection import Connection, Record


async def claim_round(conn: Connection, now: datetime, period: timedelta) -> Record | None:
    """Begin a round: district_id and number. None where no district is due.

    Due is a district whose routes changed since its last round, which began at least `period` ago; the one that waited longest comes first.
    """
    return await conn.fetchrow(
        """
        WITH due AS (
            SELECT t.district_id, last.begun_at
              FROM teams t JOIN routes r ON r.team_id = t.id LEFT JOIN rounds last ON last.district_id = t.district_id
             WHERE t.active AND r.planned_at > coalesce(last.begun_at, '-infinity') AND r.task_ids <> '{}'
               AND coalesce(last.begun_at, '-infinity') <= $1::timestamptz - $2::interval
             GROUP BY t.district_id, last.begun_at
             ORDER BY last.begun_at NULLS FIRST
             LIMIT 1
        )
        INSERT INTO rounds AS known (district_id, begun_at)
        SELECT district_id, $1::timestamptz FROM due
        ON CONFLICT (district_id) DO UPDATE SET begun_at = excluded.begun_at, number = known.number + 1
         WHERE known.begun_at <= $1::timestamptz - $2::interval
        RETURNING district_id, number
        """,
        now,
        period,
    )
