"""Callers of the dispatcher that assert what they expect and show what came instead; and who they are, made by SQL."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from aiohttp import web
from aiohttp.test_utils import TestClient

from shared.domain.clock import utc_now
from shared.domain.ids import new_id
from shared.domain.secrets import hash_token, new_token
from shared.domain.words import DEFAULT_SLOTS, Permission, TokenPurpose
from shared.store import accounts, tokens
from shared.store.connection import Connection

Http = TestClient[web.Request, web.Application]


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

    def __init__(self, http: Http, token: str | None = None) -> None:
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
        response = await self.http.request(method, path, data=data, headers=sent, params=params, allow_redirects=False)
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
