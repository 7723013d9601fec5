"""First answers to repeatable writes, kept to be given again."""

import hashlib
from datetime import datetime

from shared.store.connection import Connection, Record


async def lock_key(conn: Connection, scope: str, key: str) -> bool:
    """Hold the key until the transaction ends; False where another request holds it."""
    digest = hashlib.blake2b(f"{scope}\x00{key}".encode(), digest_size=8).digest()
    got: bool = await conn.fetchval("SELECT pg_try_advisory_xact_lock($1)", int.from_bytes(digest, signed=True))
    return got


async def select_answer(conn: Connection, scope: str, key: str) -> Record | None:
    """The kept answer: body_hash, status, headers, body."""
    return await conn.fetchrow(
        "SELECT body_hash, status, headers, body FROM idempotency_keys WHERE scope = $1 AND key = $2", scope, key
    )


async def insert_answer(
    conn: Connection,
    *,
    scope: str,
    key: str,
    body_hash: bytes,
    status: int,
    headers: dict[str, str],
    body: bytes,
    created_at: datetime,
) -> None:
    await conn.execute(
        """
        INSERT INTO idempotency_keys (scope, key, body_hash, status, headers, body, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        scope,
        key,
        body_hash,
        status,
        headers,
        body,
        created_at,
    )


async def delete_older_than(conn: Connection, moment: datetime) -> None:
    """Forget answers given before then."""
    await conn.execute("DELETE FROM idempotency_keys WHERE created_at < $1", moment)
