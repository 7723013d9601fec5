"""Connections to Postgres: types, codecs and the pool."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
import orjson
from asyncpg.pool import PoolConnectionProxy

Record: TypeAlias = asyncpg.Record
# In quotes: these classes are generic for the type checker only.
Connection: TypeAlias = "asyncpg.Connection[Record] | PoolConnectionProxy[Record]"
Pool: TypeAlias = "asyncpg.Pool[Record]"


async def open_pool(
    url: str,
    *,
    min_size: int,
    max_size: int,
    application_name: str,
    statement_timeout_s: float = 30,
    keeps_nothing: bool = False,
) -> Pool:
    """A pool whose connections speak UTC and read and write `jsonb` as Python values. The caller closes it.

    `keeps_nothing` says that its users leave no lock, setting or listener in a session, which saves a round trip at each release.
    Raises OSError or `asyncpg.PostgresError` when the server cannot be reached.
    """
    return await asyncpg.create_pool(
        url,
        min_size=min_size,
        max_size=max_size,
        init=set_codecs,
        reset=_end_transaction if keeps_nothing else None,
        timeout=10,
        server_settings=_server_settings(application_name, statement_timeout_s),
    )


@asynccontextmanager
async def connect(
    url: str, *, application_name: str, statement_timeout_s: float = 30
) -> AsyncIterator["asyncpg.Connection[Record]"]:
    """One connection outside any pool, like those of `open_pool`; closed at the end."""
    conn = await asyncpg.connect(
        url, timeout=10, server_settings=_server_settings(application_name, statement_timeout_s)
    )
    try:
        await set_codecs(conn)
        yield conn
    finally:
        await conn.close(timeout=5)


async def _end_transaction(conn: Connection) -> None:
    if conn.is_in_transaction():
        await conn.reset()


async def set_codecs(conn: Connection) -> None:
    """Make `json` and `jsonb` Python values on this connection; datetimes and UUIDs inside become strings."""
    for type_name in ("json", "jsonb"):
        await conn.set_type_codec(
            type_name, schema="pg_catalog", encoder=_encode_json, decoder=orjson.loads, format="text"
        )


def _encode_json(value: Any) -> str:
    return orjson.dumps(value, default=_text_of_uuid).decode()


def _text_of_uuid(value: Any) -> str:
    """asyncpg reads UUIDs as a class of its own, which orjson does not know."""
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(type(value).__name__)


def _server_settings(application_name: str, statement_timeout_s: float) -> dict[str, str]:
    return {
        "application_name": application_name,
        "timezone": "UTC",
        "statement_timeout": str(int(statement_timeout_s * 1000)),
        "idle_in_transaction_session_timeout": "60000",
    }
