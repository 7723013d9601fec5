"""Forgetting what has served its time."""

from datetime import datetime, timedelta

from shared.store import districts, idempotency_keys, login_failures, rounds, tokens
from shared.store.connection import Connection

TOKENS_KEPT = timedelta(days=7)
"""After their end: the audit names who used them."""
WISHES_KEPT = timedelta(hours=1)
"""For a round where nobody has work: the next one comes by itself when somebody has."""


async def forget_ended(conn: Connection, now: datetime, *, answers_kept: timedelta) -> None:
    """Forget first answers older than `answers_kept`, windows of failed log-ins that are over, tokens that ended long ago, old wishes.

    No answer is kept longer than any district keeps personal data: an answer repeats what was sent.
    """
    kept = min(answers_kept, timedelta(days=await districts.select_shortest_retention(conn)))
    await idempotency_keys.delete_older_than(conn, now - kept)
    await login_failures.delete_older_than(conn, now)
    await tokens.delete_tokens_expired(conn, now - TOKENS_KEPT)
    await rounds.delete_wishes_before(conn, now - WISHES_KEPT)
