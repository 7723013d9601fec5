"""A dispatcher on a database of its own, and callers of every permission."""

from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

import pytest
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from services.dispatcher.app import create_app
from shared.domain.words import Permission
from shared.settings import Settings
from shared.store.connection import Connection
from tests.calls import Caller, Http, make_actor, make_district


@pytest.fixture
def settings(database: str) -> Settings:
    return Settings(
        postgres_url=SecretStr(database),
        redis_url=SecretStr("redis://127.0.0.1:1/0"),
        pool_max_size=8,
        requests_per_minute=1_000_000,
        drain_s=2,
        log_level="warning",
    )


@pytest.fixture
async def http(settings: Settings) -> AsyncIterator[Http]:
    """The dispatcher, serving on a free port."""
    client = TestClient(TestServer(create_app(settings)))
    await client.start_server()
    yield client
    await client.close()


@pytest.fixture
def anyone(http: Http) -> Caller:
    """Somebody without a token."""
    return Caller(http)


@pytest.fixture
async def district_id(conn: Connection) -> UUID:
    """A district `centre` with the default slots."""
    return await make_district(conn, "centre")


@pytest.fixture
async def foreign_district_id(conn: Connection) -> UUID:
    """A district `elsewhere`, in which only an admin and whoever is given it has business."""
    return await make_district(conn, "elsewhere")


@pytest.fixture
def caller(http: Http, conn: Connection, district_id: UUID) -> Callable[..., Awaitable[Caller]]:
    """Makes a caller of a permission in some districts: `await caller(Permission.AUDITOR)` is one in `centre`."""

    async def make(permission: Permission, *districts: UUID) -> Caller:
        return Caller(http, await make_actor(conn, permission, districts or (district_id,)))

    return make


@pytest.fixture
async def admin(caller: Callable[..., Awaitable[Caller]]) -> Caller:
    return await caller(Permission.ADMIN)


@pytest.fixture
async def coordinator(caller: Callable[..., Awaitable[Caller]]) -> Caller:
    return await caller(Permission.COORDINATOR)


@pytest.fixture
async def integration(caller: Callable[..., Awaitable[Caller]]) -> Caller:
    return await caller(Permission.INTEGRATION)


@pytest.fixture
async def auditor(caller: Callable[..., Awaitable[Caller]]) -> Caller:
    return await caller(Permission.AUDITOR)


@pytest.fixture
async def member(caller: Callable[..., Awaitable[Caller]]) -> Caller:
    """A member of `centre` in the slot of the doctor, on no team."""
    return await caller(Permission.MEMBER)
