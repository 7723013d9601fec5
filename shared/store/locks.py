"""Advisory locks: those of a session keep replicas from doing the same twice, which saves work and promises nothing; one of a transaction
guards what has no row yet. And how long a transaction waits for rows.
"""

import hashlib

from shared.store.connection import Connection

_IDLE_LIMIT_S = 30


async def lock_if_free(conn: Connection, name: str) -> bool:
    """Hold `name` until `unlock` or the end of this session; False where another session holds it.

    The server ends a session that holds a name and falls silent for half a minute, so a replica that hangs, or vanished with its host,
    does not keep the others out.
    """
    got: bool = await conn.fetchval(
        """
        SELECT CASE WHEN pg_try_advisory_lock($1) THEN set_config('idle_session_timeout', $2, false) IS NOT NULL ELSE false END
        """,
        _key(name),
        f"{_IDLE_LIMIT_S}s",
    )
    return got


async def unlock(conn: Connection, name: str) -> None:
    """Give `name` back."""
    await conn.execute("SELECT pg_advisory_unlock($1), set_config('idle_session_timeout', '0', false)", _key(name))


async def lock_in_turn(conn: Connection, name: str) -> None:
    """Hold `name` until this transaction ends. Whoever also locks rows takes it before them."""
    await conn.execute("SELECT pg_advisory_xact_lock($1)", _key(name))


async def update_lock_timeout(conn: Connection, limit_s: float) -> None:
    """Until this transaction ends, whoever waits for a lock longer than that gets LockNotAvailableError."""
    await conn.execute("SELECT set_config('lock_timeout', $1, true)", f"{int(limit_s * 1000)}ms")


def _key(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)
