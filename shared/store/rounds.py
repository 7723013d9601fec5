"""The table `rounds`: when each district was last improved, and when it last wanted to be."""

from datetime import datetime, timedelta
from uuid import UUID

from shared.store.connection import Connection, Record


async def upsert_wanted(conn: Connection, district_id: UUID, now: datetime) -> None:
    """Have the district improved soon: work was given back, a team was freed, or a task could only be placed late."""
    await conn.execute(
        """
        INSERT INTO rounds (district_id, begun_at, wanted_at, number) VALUES ($1, '-infinity', $2, 0)
        ON CONFLICT (district_id) DO UPDATE SET wanted_at = greatest(rounds.wanted_at, excluded.wanted_at)
        """,
        district_id,
        now,
    )


async def claim_round(conn: Connection, now: datetime, *, period: timedelta, haste: timedelta) -> Record | None:
    """Begin a round: district_id and number. None where no district is due.

    Due is a district whose routes changed since its last round, which began at least `period` ago, or `haste` where a round is wanted; the
    one that waited longest comes first.
    """
    return await conn.fetchrow(
        """
        WITH due AS (
            SELECT t.district_id, last.begun_at
              FROM teams t JOIN routes r ON r.team_id = t.id LEFT JOIN rounds last ON last.district_id = t.district_id
             WHERE t.active AND r.planned_at > coalesce(last.begun_at, '-infinity') AND r.task_ids <> '{}'
               AND coalesce(last.begun_at, '-infinity') <= CASE WHEN last.wanted_at > last.begun_at
                                                                THEN $1::timestamptz - $3::interval
                                                                ELSE $1::timestamptz - $2::interval END
             GROUP BY t.district_id, last.begun_at
             ORDER BY last.begun_at NULLS FIRST
             LIMIT 1
        )
        INSERT INTO rounds AS known (district_id, begun_at)
        SELECT district_id, $1::timestamptz FROM due
        ON CONFLICT (district_id) DO UPDATE SET begun_at = excluded.begun_at, number = known.number + 1
         WHERE known.begun_at <= $1::timestamptz - least($2::interval, $3::interval)
        RETURNING district_id, number
        """,
        now,
        period,
        haste,
    )
