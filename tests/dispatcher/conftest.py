"""A dispatcher on a database of its own, and clients that assert what they expect and show what came instead."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from services.dispatcher.app import create_app
from shared.domain.clock import utc_now
from shared.domain.ids import new_id
from shared.domain.secrets import hash_token, new_token
from shared.domain.words import DEFAULT_SLOTS, Permission, TokenPurpose
from shared.settings import Settings
from shared.store import accounts, tokens
from shared.store.connection import Connection


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: Any
    content: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.content)


class Caller:
    """A client with or without a token: `await admin.post("/v1/tasks", body, expect=201)` gives the decoded body."""

    def __init__(self, http: TestClient[web.Request, web.Application], token: str | None = None) -> None:
        self.http = http
        self.token = token

    async def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        expect: int | None = None,
        headers: dict[str, str] | None = None,
        content: bytes | None = None,
        content_type: str = "application/json",
        params: dict[str, str] | None = None,
    ) -> Answer:
        """Send `body` as JSON, or `content` as it is; assert the status."""
        sent = dict(headers or {})
        if self.token is not None:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        data = orjson.dumps(body) if body is not None else content
        if data is not None:
            sent.setdefault("Content-Type", content_type)
        response: ClientResponse = await self.http.request(method, path, data=data, headers=sent, params=params)
        answer = Answer(status=response.status, headers=response.headers, content=await response.read())
        if expect is not None:
            assert answer.status == expect, f"{method} {path} → {answer.status}: {answer.content[:2000].decode()}"
        return answer

    async def get(self, path: str, *, expect: int = 200, **kwargs: Any) -> Any:
        return (await self.send("GET", path, expect=expect, **kwargs)).json

    async def post(self, path: str, body: Any = None, *, expect: int = 201, **kwargs: Any) -> Any:
        answer = await self.send("POST", path, body, expect=expect, **kwargs)
        return answer.json if answer.content else None

    async def put(self, path: str, body: Any = None, *, expect: int = 200, **kwargs: Any) -> Any:
        answer = await self.send("PUT", path, body, expect=expect, **kwargs)
        return answer.json if answer.content else None

    async def patch(self, path: str, body: Any, *, expect: int = 200, **kwargs: Any) -> Any:
        return (await self.send("PATCH", path, body, expect=expect, **kwargs)).json

    async def delete(self, path: str, *, expect: int = 204, **kwargs: Any) -> Answer:
        return await self.send("DELETE", path, expect=expect, **kwargs)


@pytest.fixture
def settings(database: str) -> Settings:
    return Settings(
        postgres_url=SecretStr(database),
        redis_url=SecretStr("redis://127.0.0.1:1/0"),
        pool_min_size=0,
        pool_max_size=8,
        requests_per_minute=1_000_000,
        drain_s=2,
        log_level="warning",
    )


@pytest.fixture
async def http(settings: Settings) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    """The dispatcher, serving on a free port."""
    client = TestClient(TestServer(create_app(settings)))
    await client.start_server()
    yield client
    await client.close()


@pytest.fixture
def anyone(http: TestClient[web.Request, web.Application]) -> Caller:
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
def caller(
    http: TestClient[web.Request, web.Application], conn: Connection, district_id: UUID
) -> Callable[..., Awaitable[Caller]]:
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


async def make_district(conn: Connection, code: str) -> UUID:
    district_id = new_id()
    await conn.execute(
        "INSERT INTO districts (id, code, name, time_zone) VALUES ($1, $2, initcap($2), 'Asia/Shanghai')",
        district_id,
        code,
    )
    await conn.executemany(
        "INSERT INTO slots (district_id, role, place) VALUES ($1, $2, $3)",
        [(district_id, role, place) for place, role in enumerate(DEFAULT_SLOTS)],
    )
    return district_id


async def make_member(conn: Connection, district_id: UUID, *, role: str = "doctor", phone: str | None = None) -> UUID:
    member_id = new_id()
    await conn.execute(
        "INSERT INTO members (id, district_id, name, phone, role) VALUES ($1, $2, 'Wang Fang', $3, $4)",
        member_id,
        district_id,
        phone or str(member_id.int)[-12:],
        role,
    )
    return member_id


async def make_actor(conn: Connection, permission: Permission, districts: tuple[UUID, ...]) -> str:
    """The token of a new account (or member of the first district)."""
    now = utc_now()
    account_id = member_id = None
    if permission is Permission.MEMBER:
        member_id = await make_member(conn, districts[0])
    else:
        account_id = new_id()
        await accounts.insert_account(
            conn,
            account_id,
            name=f"{permission}-{account_id.hex[-6:]}",
            secret_hash="unusable",
            permission=permission,
            created_at=now,
        )
        await accounts.insert_account_districts(conn, account_id, districts)
    return await make_token(conn, account_id=account_id, member_id=member_id)


async def make_token(conn: Connection, *, account_id: UUID | None = None, member_id: UUID | None = None) -> str:
    token, now = new_token(), utc_now()
    await tokens.insert_token(
        conn,
        new_id(),
        digest=hash_token(token),
        purpose=TokenPurpose.SESSION,
        account_id=account_id,
        member_id=member_id,
        created_at=now,
        expires_at=now + timedelta(hours=1),
    )
    return token
