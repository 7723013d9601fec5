"""The table `push_messages`: the outbox of wake-ups, at most one a phone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from shared.store.connection import Connection, Record


async def upsert_messages(
    conn: Connection,
    *,
    task_ids: Sequence[UUID],
    team_ids: Sequence[UUID],
    shifts_start: Sequence[datetime],
    members: Sequence[UUID],
    teams_of_members: Sequence[UUID],
    now: datetime,
    lifetime: timedelta,
    pause: timedelta,
) -> None:
    """Wake these teams' members for tasks just given to them, on every phone that they are logged in on.

    Two lists of parallel sequences: tasks with their team and when its shift started, members with their team. A team that had the task
    before in this shift is not woken for it again. A phone that has a message waiting gets no second one; one that got one within
    `pause` gets the next at its end. Waits for nobody: a phone that is just being logged out is left out.
    """
    await conn.execute(
        """
        WITH woken AS (
            SELECT given.team_id
              FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS given (task_id, team_id, shift_starts)
             WHERE NOT EXISTS (SELECT FROM assignments a
                                WHERE a.task_id = given.task_id AND a.team_id = given.team_id
                                  AND a.assigned_at >= given.shift_starts AND a.ended_at IS NOT NULL)
        )
        INSERT INTO push_messages AS known (token_id, at, expires_at, next_try_at)
        SELECT s.token_id, $6::timestamptz, $6::timestamptz + $7::interval, $6::timestamptz
          FROM unnest($4::uuid[], $5::uuid[]) AS told (member_id, team_id)
          JOIN tokens t ON t.member_id = told.member_id AND t.revoked_at IS NULL AND t.expires_at > $6
          JOIN push_subscriptions s ON s.token_id = t.id
         WHERE told.team_id IN (SELECT team_id FROM woken)
         ORDER BY s.token_id
           FOR KEY SHARE OF s SKIP LOCKED
        ON CONFLICT (token_id) DO UPDATE
           SET at = excluded.at, expires_at = excluded.expires_at, what = 'new_urgent_task',
               next_try_at = coalesce(known.next_try_at, greatest(excluded.next_try_at, known.sent_at + $8::interval))
        """,
        task_ids,
        team_ids,
        shifts_start,
        members,
        teams_of_members,
        now,
        lifetime,
        pause,
    )


async def upsert_alarm_messages(
    conn: Connection, members: Sequence[UUID], *, now: datetime, lifetime: timedelta, pause: timedelta
) -> None:
    """Wake these members for an alarm, on every phone that they are logged in on. A phone that has a message waiting gets no second one.

    Phones in one order here as above: an alarm and a task for the same two teams wait for each other in turn, not both at once."""
    await conn.execute(
        """
        INSERT INTO push_messages AS known (token_id, at, expires_at, next_try_at, what)
        SELECT s.token_id, $2::timestamptz, $2::timestamptz + $3::interval, $2::timestamptz, 'alarm'
          FROM unnest($1::uuid[]) AS told (member_id)
          JOIN tokens t ON t.member_id = told.member_id AND t.revoked_at IS NULL AND t.expires_at > $2
          JOIN push_subscriptions s ON s.token_id = t.id
         ORDER BY s.token_id
           FOR KEY SHARE OF s SKIP LOCKED
        ON CONFLICT (token_id) DO UPDATE
           SET at = excluded.at, expires_at = excluded.expires_at,
               what = CASE WHEN known.next_try_at IS NULL THEN excluded.what ELSE known.what END,
               next_try_at = coalesce(known.next_try_at, greatest(excluded.next_try_at, known.sent_at + $4::interval))
        """,
        list(members),
        now,
        lifetime,
        pause,
    )


async def claim_due(
    conn: Connection, now: datetime, *, lease: timedelta, resting_hosts: Sequence[str], most: int
) -> list[Record]:
    """Take at most `most` messages whose turn it is, for as long as `lease`; whoever takes them and dies leaves them to the next.

    Each with what it tells, its phone's endpoint, host, p256dh and auth, `at`, expires_at, attempts (this one counted), and `is_wanted`:
    whether it has not expired and the member is still logged in there and on duty. Those of `resting_hosts` are left.
    """
    return await conn.fetch(
        """
        WITH due AS (
            SELECT m.token_id
              FROM push_messages m JOIN push_subscriptions s ON s.token_id = m.token_id
             WHERE m.next_try_at <= $1 AND s.host <> ALL ($3)
             ORDER BY m.next_try_at
             LIMIT $4
               FOR NO KEY UPDATE OF m SKIP LOCKED
        )
        UPDATE push_messages m SET attempts = m.attempts + 1, next_try_at = $1::timestamptz + $2::interval
          FROM due JOIN push_subscriptions s ON s.token_id = due.token_id
               JOIN tokens t ON t.id = due.token_id JOIN members who ON who.id = t.member_id
         WHERE m.token_id = due.token_id
        RETURNING m.token_id, s.endpoint, s.host, s.p256dh, s.auth, m.what, m.at, m.expires_at, m.attempts,
                  m.expires_at > $1 AND t.revoked_at IS NULL AND t.expires_at > $1 AND who.active AND who.duty = 'on' AS is_wanted
        """,
        now,
        lease,
        resting_hosts,
        most,
    )


async def update_retry(conn: Connection, token_id: UUID, next_try_at: datetime) -> None:
    """It did not go out; it is tried again then."""
    await conn.execute("UPDATE push_messages SET next_try_at = $2 WHERE token_id = $1", token_id, next_try_at)


async def update_done(
    conn: Connection, token_id: UUID, *, told_until: datetime, sent: bool, now: datetime, pause: timedelta
) -> None:
    """Nothing waits any more, unless something came after `told_until`, the claimed `at`: then that is told after `pause`."""
    await conn.execute(
        """
        UPDATE push_messages
           SET attempts = 0, sent_at = CASE WHEN $3 THEN $4::timestamptz ELSE sent_at END,
               next_try_at = CASE WHEN at > $2 THEN $4::timestamptz + $5::interval END
         WHERE token_id = $1
        """,
        token_id,
        told_until,
        sent,
        now,
        pause,
    )
