"""The tables `rounds`, when each district was last improved, and `round_wishes`, what should not wait for the period."""

from datetime import datetime, timedelta
from uuid import UUID

from shared.store.connection import Connection, Record


async def insert_wish(conn: Connection, district_id: UUID, now: datetime) -> None:
    """Have the district improved soon. Waits for nobody and keeps nobody waiting, whatever else the transaction does."""
    await conn.execute("INSERT INTO round_wishes (district_id, at) VALUES ($1, $2)", district_id, now)


async def claim_round(conn: Connection, now: datetime, *, period: timedelta, haste: timedelta) -> Record | None:
    """Begin a round and take the wishes for it: district_id and number. None where no district is due.

    Due is a district with work on its routes whose last round began at least `period` ago, if its routes changed since or that round did
    not end; or at least `haste` ago where that round ended and another is wished for. The one that waited longest comes first; one that
    another worker claims just now is left to it.
    """
    return await conn.fetchrow(
        """
        WITH due AS (
            SELECT d.id AS district_id
              FROM districts d
              LEFT JOIN rounds last ON last.district_id = d.id
             CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM round_wishes WHERE district_id = d.id) AS there) wish
             WHERE coalesce(last.begun_at, '-infinity') <= $1::timestamptz - CASE WHEN wish.there AND last.ended_at IS NOT NULL
                                                                     THEN least($2::interval, $3::interval) ELSE $2::interval END
               AND EXISTS (SELECT FROM teams t JOIN routes r ON r.team_id = t.id
                            WHERE t.district_id = d.id AND t.active AND r.task_ids <> '{}'
                              AND (wish.there OR last.ended_at IS NULL OR r.planned_at > last.begun_at))
             ORDER BY last.begun_at NULLS FIRST, d.id
             LIMIT 1
               FOR NO KEY UPDATE OF d SKIP LOCKED
        ), claimed AS (
            INSERT INTO rounds AS known (district_id, begun_at)
            SELECT district_id, $1::timestamptz FROM due
            ON CONFLICT (district_id) DO UPDATE SET begun_at = excluded.begun_at, ended_at = NULL, number = known.number + 1
             WHERE known.begun_at <= $1::timestamptz - least($2::interval, $3::interval)
            RETURNING district_id, number
        ), granted AS (
            DELETE FROM round_wishes w USING claimed WHERE w.district_id = claimed.district_id
        )
        SELECT district_id, number FROM claimed
        """,
        now,
        period,
        haste,
    )


async def update_ended(conn: Connection, district_id: UUID, number: int, now: datetime) -> None:
    """That round has ended; nothing where a later one was begun."""
    await conn.execute(
        "UPDATE rounds SET ended_at = $3 WHERE district_id = $1 AND number = $2", district_id, number, now
    )


async def delete_wishes_before(conn: Connection, moment: datetime) -> None:
    """Forget old wishes: of districts where nobody had work since."""
    await conn.execute("DELETE FROM round_wishes WHERE at < $1", moment)
