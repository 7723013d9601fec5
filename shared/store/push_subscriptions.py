"""The table `push_subscriptions`: where the phone of a session is reached. One a session; an endpoint belongs to one session."""

from datetime import datetime
from uuid import UUID

from shared.store.connection import Connection, Record


async def select_subscriptions(conn: Connection, member_id: UUID, now: datetime) -> list[Record]:
    """Those of the member's live sessions: token_id, endpoint, created_at, failed_at."""
    return await conn.fetch(
        """
        SELECT s.token_id, s.endpoint, s.created_at, s.failed_at
          FROM tokens t JOIN push_subscriptions s ON s.token_id = t.id
         WHERE t.member_id = $1 AND t.revoked_at IS NULL AND t.expires_at > $2
        """,
        member_id,
        now,
    )


async def delete_others_of_endpoint(conn: Connection, endpoint: str, token_id: UUID) -> None:
    """Another session used this browser before; what waits for it goes too."""
    await conn.execute("DELETE FROM push_subscriptions WHERE endpoint = $1 AND token_id <> $2", endpoint, token_id)


async def upsert_subscription(
    conn: Connection, token_id: UUID, *, endpoint: str, host: str, p256dh: bytes, auth: bytes, now: datetime
) -> None:
    """The session's phone is reached there from now on. Raises UniqueViolationError where another session says so at the same moment."""
    await conn.execute(
        """
        INSERT INTO push_subscriptions AS known (token_id, endpoint, host, p256dh, auth, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (token_id) DO UPDATE
           SET endpoint = excluded.endpoint, host = excluded.host, p256dh = excluded.p256dh, auth = excluded.auth,
               created_at = excluded.created_at, failed_at = NULL, failure = NULL
         WHERE (known.endpoint, known.p256dh, known.auth) IS DISTINCT FROM (excluded.endpoint, excluded.p256dh, excluded.auth)
        """,
        token_id,
        endpoint,
        host,
        p256dh,
        auth,
        now,
    )


async def update_failed(conn: Connection, token_id: UUID, failure: str, now: datetime) -> None:
    """Sending there failed; `failure` is a code."""
    await conn.execute(
        "UPDATE push_subscriptions SET failed_at = $3, failure = $2 WHERE token_id = $1", token_id, failure, now
    )


async def delete_subscription(conn: Connection, token_id: UUID, *, endpoint: str | None = None) -> None:
    """Tell that phone no more; with `endpoint`, only while it is still reached there."""
    await conn.execute(
        "DELETE FROM push_subscriptions WHERE token_id = $1 AND ($2::text IS NULL OR endpoint = $2)", token_id, endpoint
    )
