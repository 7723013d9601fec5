"""The table `push_keys`: the one key that push services know us by, where the settings name none."""

from datetime import datetime

from shared.store.connection import Connection


async def select_private_key(conn: Connection) -> bytes | None:
    """32 bytes, big-endian; None where none was made yet."""
    key: bytes | None = await conn.fetchval("SELECT private_key FROM push_keys")
    return key


async def insert_private_key(conn: Connection, private_key: bytes, now: datetime) -> None:
    """Keep a new key, unless there is one."""
    await conn.execute(
        "INSERT INTO push_keys (private_key, created_at) VALUES ($1, $2) ON CONFLICT DO NOTHING", private_key, now
    )
