"""Bad input gets a 4xx that names what is bad, whatever it is; nothing is half-written."""

import gzip
from typing import Any

import orjson
import pytest

from services.dispatcher.contract import PUBLIC
from services.dispatcher.routes import ROUTES
from shared.store.connection import Connection
from tests.calls import Caller

LI = {"name": "li", "permission": "coordinator"}


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 400, "malformed_body"),
        (b"{", 400, "malformed_body"),
        (b'{"name": NaN}', 400, "malformed_body"),
        (b'{"name": Infinity}', 400, "malformed_body"),
        (b'{"name": "\xff"}', 400, "malformed_body"),
        (b'{"name": "\\ud800"}', 400, "malformed_body"),
        (b"\xef\xbb\xbf{}", 400, "malformed_body"),
        (b"[" * 100_000, 400, "malformed_body"),
        (b"null", 422, "invalid"),
        (b"[]", 422, "invalid"),
        (b'"li"', 422, "invalid"),
        (orjson.dumps({**LI, "active": True}), 422, "invalid"),
        (orjson.dumps({**LI, "name": 7}), 422, "invalid"),
        (orjson.dumps({**LI, "name": None}), 422, "invalid"),
        (orjson.dumps({**LI, "name": "l\x00i"}), 422, "invalid"),
        (orjson.dumps({**LI, "districts": {"centre": 1}}), 422, "invalid"),
        (b'{"name": "' + b"x" * 256 * 1024 + b'"}', 413, "body_too_large"),
    ],
    ids=lambda value: repr(value)[:40],
)
async def test_a_bad_body_is_refused_in_words(
    admin: Caller, conn: Connection, content: bytes, status: int, code: str
) -> None:
    before = await conn.fetchval("SELECT count(*) FROM accounts")
    answer = await admin.send("POST", "/v1/accounts", content=content, expect=status)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["code"] == code
    assert bool(answer.json["errors"]) == (status == 422)
    assert await conn.fetchval("SELECT count(*) FROM accounts") == before


async def test_nul_is_named_wherever_it_hides(admin: Caller) -> None:
    body = {"name": "l\x00i", "permission": "coordinator", "districts": ["a", "b\x00"]}
    refused = await admin.post("/v1/accounts", body, expect=422)
    assert [error["loc"] for error in refused["errors"]] == ["name", "districts.1"]
    refused = await admin.get("/v1/accounts?text=%00", expect=422)
    assert refused["errors"][0]["loc"] == "text"


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "text/csv"]
)
async def test_another_content_type_is_refused(admin: Caller, content_type: str) -> None:
    answer = await admin.send("POST", "/v1/accounts", LI, content_type=content_type, expect=415)
    assert answer.json["detail"] == "Send application/json."


async def test_a_body_without_a_length_is_measured_as_it_comes(admin: Caller) -> None:
    async def chunks() -> Any:
        for _ in range(300):
            yield b" " * 1024

    answer = await admin.send("POST", "/v1/accounts", content=chunks(), expect=413)  # type: ignore[arg-type]
    assert answer.json["code"] == "body_too_large"


async def test_a_compressed_body_is_measured_unpacked(admin: Caller) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    answer = await admin.send("POST", "/v1/accounts", content=bomb, headers={"Content-Encoding": "gzip"}, expect=413)
    assert answer.json["code"] == "body_too_large"


async def test_a_body_that_is_not_packed_as_it_says_is_malformed(admin: Caller) -> None:
    answer = await admin.send("POST", "/v1/accounts", content=b"{}", headers={"Content-Encoding": "gzip"}, expect=400)
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("bad", ["not-a-uuid", "0", "0197c1c46f5e7cc39c640a6f3c1f7a11", "%00"])
async def test_a_malformed_id_is_named(admin: Caller, bad: str) -> None:
    refused = await admin.get(f"/v1/accounts/{bad}", expect=422)
    assert next((e["in"], e["loc"]) for e in refused["errors"]) == ("path", "id")


async def test_path_query_and_body_are_judged_together(admin: Caller) -> None:
    refused = await admin.patch("/v1/accounts/1?dry=true", {"name": ""}, expect=422)
    assert {(e["in"], e["loc"]) for e in refused["errors"]} == {("path", "id"), ("query", "dry"), ("body", "name")}


@pytest.mark.parametrize("key", ["", "x" * 201])
async def test_a_bad_idempotency_key_is_named(admin: Caller, key: str) -> None:
    refused = await admin.post("/v1/accounts", LI, headers={"Idempotency-Key": key}, expect=422)
    assert refused["errors"][0]["loc"] == "Idempotency-Key"


def test_every_route_says_who_may() -> None:
    for route in ROUTES:
        assert route.allow is PUBLIC or route.allow, route.path


def test_only_the_log_in_and_what_operations_need_is_public() -> None:
    public = {route.path for route in ROUTES if route.allow is PUBLIC and route.path.startswith("/v1")}
    assert public == {"/v1/sessions"}


def test_no_two_routes_answer_the_same() -> None:
    lines = [(route.method, route.path) for route in ROUTES]
    assert len(lines) == len(set(lines))
