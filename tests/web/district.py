"""A district of a test: teams on shift who can log in, people at desks, and tasks on their way to the teams."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import UNAUTHORIZED
from typing import Any
from uuid import UUID

import aiohttp

from shared.domain.clock import utc_now
from shared.domain.ids import new_id
from shared.domain.words import Permission
from shared.store import accounts
from shared.store.connection import Connection
from tests.calls import Caller, make_token
from tests.city import LAT, LON, City, make_city

PIN = "246813"
SECRET = "a long enough secret"
_PATIENCE_S = 30  # on a machine that is busy with other tests
_NAMES = ("王秀英", "李建国", "赵敏", "陈桂兰", "刘洋", "周涛", "吴静", "马超", "林丽")


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who can log in: a member by phone and PIN, or somebody at a desk by name and secret."""

    id: UUID
    name: str
    phone: str = ""
    role: str = ""
    pin: str = PIN


@dataclass(frozen=True, kw_only=True)
class District:
    """`members` are three a team: grid worker, doctor, police. `api` calls as the coordinator."""

    conn: Connection
    city: City
    members: Sequence[Person]
    coordinator: Person
    auditor: Person
    api: Caller

    @property
    def id(self) -> UUID:
        return self.city.district_id

    async def post(self, address: str = "四川北路1号", *, kind: str = "delivery", near: int = 0, **fields: Any) -> UUID:
        """The coordinator posts a task at a door; `near` moves it a few steps away from the middle. Its id."""
        door = {"address": address, "lat": LAT + near * 2e-4, "lon": LON + near * 2e-4}
        door |= fields.pop("household", {})
        answer = await self.api.post("/v1/tasks", {"kind": kind, "household": door, **fields})
        return UUID(answer["id"])

    async def post_placed(self, address: str = "四川北路1号", **fields: Any) -> UUID:
        """The same, once a team has it."""
        task_id = await self.post(address, **fields)
        await self.until("SELECT team_id IS NOT NULL FROM tasks WHERE id = $1", task_id)
        return task_id

    async def status(self, task_id: UUID) -> str:
        said: str = await self.conn.fetchval("SELECT status FROM tasks WHERE id = $1", task_id)
        return said

    async def visits(self, task_id: UUID) -> list[dict[str, Any]]:
        rows = await self.conn.fetch("SELECT * FROM visits WHERE task_id = $1 ORDER BY received_at", task_id)
        return [dict(row) for row in rows]

    async def record(self, task_id: UUID | str, person: Person, result: dict[str, Any]) -> None:
        """A visit that found all well, as the person's phone sends it."""
        now = utc_now()
        said = {"task_id": str(task_id), "outcome": "seen_ok", "result": result, "form_version": 1}
        report = {"id": str(new_id()), "at": now, "report": "visit", **said}
        phone = Caller(self.api.http, await make_token(self.conn, member_id=person.id))
        answer = await phone.post("/v1/me/reports", {"sent_at": now, "reports": [report]}, expect=200)
        assert answer["items"][0]["status"] != "refused", answer

    async def expire(self, person: Person, token: str) -> None:
        """End their sessions by time; the dispatcher remembers for a second that a token counts."""
        await self.conn.execute(
            "UPDATE tokens SET expires_at = now() - interval '1 second' WHERE $1 IN (member_id, account_id)", person.id
        )
        deadline = time.monotonic() + _PATIENCE_S
        while (await Caller(self.api.http, token).send("GET", "/v1/me")).status != UNAUTHORIZED:
            assert time.monotonic() < deadline, "the session still counts"
            await asyncio.sleep(0.05)

    async def until(self, query: str, *values: Any, patience_s: float = _PATIENCE_S) -> None:
        """Until the query's first value is true."""
        deadline = time.monotonic() + patience_s
        while not await self.conn.fetchval(query, *values):
            assert time.monotonic() < deadline, f"not within {patience_s} s: {query} {values}"
            await asyncio.sleep(0.03)


async def make_district(
    conn: Connection, http: aiohttp.ClientSession, hashes: dict[str, str], *, teams: int = 1
) -> District:
    """`hashes` are those of PIN and SECRET, which everybody has."""
    city = await make_city(conn, teams=teams)
    await conn.execute("UPDATE members SET pin_hash = $2 WHERE district_id = $1", city.district_id, hashes[PIN])
    members = [await _named(conn, id_, number) for number, id_ in enumerate(city.member_ids)]
    coordinator = await _make_account(conn, city, Permission.COORDINATOR, hashes[SECRET])
    auditor = await _make_account(conn, city, Permission.AUDITOR, hashes[SECRET])
    api = Caller(http, await make_token(conn, account_id=coordinator.id))  # type: ignore[arg-type]  # asks alike
    return District(conn=conn, city=city, members=members, coordinator=coordinator, auditor=auditor, api=api)


async def _named(conn: Connection, member_id: UUID, number: int) -> Person:
    row = await conn.fetchrow(
        "UPDATE members SET name = $2 WHERE id = $1 RETURNING name, phone, role",
        member_id,
        _NAMES[number % len(_NAMES)] + (str(number) if number >= len(_NAMES) else ""),
    )
    assert row is not None
    return Person(id=member_id, name=row["name"], phone=row["phone"], role=row["role"])


async def _make_account(conn: Connection, city: City, permission: Permission, secret_hash: str) -> Person:
    account_id = new_id()
    name = f"{permission}-{account_id.hex[-8:]}"
    await accounts.insert_account(
        conn, account_id, name=name, secret_hash=secret_hash, permission=permission, created_at=utc_now()
    )
    await accounts.insert_account_districts(conn, account_id, (city.district_id,))
    return Person(id=account_id, name=name)
