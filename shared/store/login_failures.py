"""Failed log-ins in the current window, counted in Postgres so that every dispatcher counts alike, with or without Redis."""

from datetime import datetime

from shared.store.connection import Connection, Record


async def upsert_failure(conn: Connection, subject: str, now: datetime, window_ends: datetime) -> Record:
    """Count one more; a window that is over begins anew. Gives failures and window_ends."""
    row = await conn.fetchrow(
        """
        INSERT INTO login_failures AS f (subject, failures, window_ends) VALUES ($1, 1, $3)
        ON CONFLICT (subject) DO UPDATE
           SET failures = CASE WHEN f.window_ends > $2 THEN f.failures + 1 ELSE 1 END,
               window_ends = CASE WHEN f.window_ends > $2 THEN f.window_ends ELSE $3 END
        RETURNING failures, window_ends
        """,
        subject,
        now,
        window_ends,
    )
    if row is None:
        raise LookupError(subject)
    return row


async def select_failures(conn: Connection, subject: str, now: datetime) -> Record | None:
    """failures and window_ends of a window that is not over."""
    return await conn.fetchrow(
        "SELECT failures, window_ends FROM login_failures WHERE subject = $1 AND window_ends > $2", subject, now
    )


async def delete_failures(conn: Connection, subject: str) -> None:
    await conn.execute("DELETE FROM login_failures WHERE subject = $1", subject)


async def delete_older_than(conn: Connection, moment: datetime) -> None:
    """Forget windows that were over by then."""
    await conn.execute("DELETE FROM login_failures WHERE window_ends < $1", moment)
