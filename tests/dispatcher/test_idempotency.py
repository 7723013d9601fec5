"""A write sent again under its key is done once and answered the same."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from shared.domain.clock import utc_now
from shared.domain.words import Permission
from shared.store import idempotency_keys
from shared.store.connection import Connection, connect
from tests.calls import Caller

LI = {"name": "li", "permission": "coordinator", "districts": []}


def key(value: str = "k1") -> dict[str, str]:
    return {"Idempotency-Key": value}


async def count(conn: Connection) -> int:
    return int(await conn.fetchval("SELECT count(*) FROM accounts WHERE name LIKE 'li%'"))


async def test_the_first_answer_comes_again_and_nothing_is_done_twice(admin: Caller, conn: Connection) -> None:
    first = await admin.send("POST", "/v1/accounts", LI, headers=key(), expect=201)
    again = await admin.send("POST", "/v1/accounts", LI, headers=key(), expect=201)
    assert again.content == first.content
    assert again.headers["Location"] == first.headers["Location"]
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert await count(conn) == 1


async def test_another_body_under_the_same_key_is_a_conflict(admin: Caller) -> None:
    await admin.post("/v1/accounts", LI, headers=key())
    refused = await admin.post("/v1/accounts", {**LI, "name": "li-2"}, headers=key(), expect=409)
    assert refused["code"] == "body_differs"


async def test_the_same_key_of_another_account_or_route_is_another_key(
    admin: Caller, caller: Callable[..., Awaitable[Caller]]
) -> None:
    made = await admin.post("/v1/accounts", LI, headers=key())
    patched = await admin.patch(f"/v1/accounts/{made['id']}", {"name": "li-2"}, headers=key())
    assert patched["name"] == "li-2"
    other = await caller(Permission.ADMIN)
    await other.post("/v1/accounts", LI, headers=key())


async def test_a_refusal_is_not_kept_so_the_mended_request_may_use_its_key(admin: Caller, conn: Connection) -> None:
    await admin.post("/v1/accounts", LI)
    await admin.post("/v1/accounts", LI, headers=key(), expect=409)
    await admin.post("/v1/accounts", {**LI, "name": "li-2"}, headers=key())
    assert await count(conn) == 2


async def test_many_at_once_do_it_once(admin: Caller, conn: Connection) -> None:
    answers = await asyncio.gather(*(admin.send("POST", "/v1/accounts", LI, headers=key()) for _ in range(8)))
    assert {answer.status for answer in answers} <= {201, 409}
    assert all(answer.json["code"] == "still_in_flight" for answer in answers if answer.status == 409)
    assert await count(conn) == 1


async def test_while_the_first_is_in_flight_the_second_is_told_to_wait(
    admin: Caller, conn: Connection, database: str
) -> None:
    me = (await admin.get("/v1/sessions/current"))["who"]["id"]
    async with connect(database, application_name="test") as first, first.transaction():
        assert await idempotency_keys.lock_key(first, f"{UUID(me)} POST /v1/accounts", "k1")
        refused = await admin.post("/v1/accounts", LI, headers=key(), expect=409)
        assert refused["code"] == "still_in_flight"
    await admin.post("/v1/accounts", LI, headers=key())


@pytest.mark.parametrize("path", ["/v1/accounts/{}/tokens"])
async def test_an_answer_with_a_token_is_never_kept(admin: Caller, conn: Connection, path: str) -> None:
    account = await admin.post("/v1/accounts", LI)
    first = await admin.post(path.format(account["id"]), {}, headers=key())
    again = await admin.post(path.format(account["id"]), {}, headers=key())
    assert first["token"] != again["token"]
    assert await conn.fetchval("SELECT count(*) FROM idempotency_keys") == 0


async def test_old_answers_are_forgotten(admin: Caller, conn: Connection) -> None:
    await admin.post("/v1/accounts", LI, headers=key())
    await idempotency_keys.delete_older_than(conn, utc_now())
    await admin.post("/v1/accounts", LI, headers=key(), expect=409)
