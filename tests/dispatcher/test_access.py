"""Who a request comes from, how often it may come, and what is booked of it."""

from collections.abc import AsyncIterator
from ipaddress import ip_network
from uuid import UUID

import pytest
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request

from services.dispatcher.addresses import client_address, own_origin
from services.dispatcher.answers import Page
from services.dispatcher.app import create_app
from services.dispatcher.contract import Route
from services.dispatcher.payloads.fields import IdPath
from services.dispatcher.payloads.health import Health
from services.dispatcher.ratelimits import RateLimits
from services.dispatcher.request import Request
from services.dispatcher.routes import ROUTES
from shared.domain.access import EVERYONE
from shared.domain.ids import new_id
from shared.domain.words import Permission
from shared.settings import Settings
from shared.store.connection import Connection
from tests.calls import Caller, make_actor

OK = Health(status="ok")


async def get_person(request: Request, path: IdPath) -> Health:
    request.check_etag("v1")
    return OK


async def get_people(request: Request) -> Page[str]:
    request.check_district(next(iter(request.actor.districts)))
    return Page(items=[], next_cursor=None)


async def get_two(request: Request) -> Health:
    for name in ("first", "second"):
        request.audit(name)
    return OK


AUDITED = [
    Route("GET", "/people/{id}", get_person, allow=EVERYONE, summary="One", tag="test", audited=True, etag=True),
    Route("GET", "/people", get_people, allow=EVERYONE, summary="All", tag="test", audited=True),
    Route("GET", "/two", get_two, allow=EVERYONE, summary="Two", tag="test"),
]


@pytest.fixture
async def reader(settings: Settings, conn: Connection, district_id: UUID) -> AsyncIterator[Caller]:
    """A coordinator of `centre` before routes that answer personal data."""
    async with TestClient(TestServer(create_app(settings, [*ROUTES, *AUDITED]))) as http:
        yield Caller(http, await make_actor(conn, Permission.COORDINATOR, (district_id,)))


async def test_a_read_of_personal_data_is_booked_with_who_and_what(
    reader: Caller, conn: Connection, district_id: UUID
) -> None:
    person = new_id()
    await reader.get(f"/people/{person}", headers={"X-Request-ID": "r-1"})
    row = await conn.fetchrow("SELECT * FROM audit")
    me = (await reader.get("/v1/sessions/current"))["who"]["id"]
    assert row is not None
    assert str(row["account_id"]) == me
    assert row["member_id"] is None
    assert row["district_id"] == district_id
    assert (row["action"], row["target"], row["request_id"]) == ("GET /people/{id}", str(person), "r-1")


async def test_lists_and_several_targets_are_booked(reader: Caller, conn: Connection) -> None:
    await reader.get("/people")
    await reader.get("/two")
    rows = await conn.fetch("SELECT action, target FROM audit ORDER BY action, target")
    assert [tuple(row) for row in rows] == [("GET /people", ""), ("GET /two", "first"), ("GET /two", "second")]


async def test_what_the_caller_has_already_is_neither_sent_nor_booked(reader: Caller, conn: Connection) -> None:
    path = f"/people/{new_id()}"
    first = await reader.send("GET", path, expect=200)
    assert first.headers["ETag"] == '"v1"'
    again = await reader.send("GET", path, headers={"If-None-Match": '"v0", W/"v1"'}, expect=304)
    assert again.content == b""
    assert again.headers["ETag"] == 'W/"v1"', "under the name that the caller knows"
    assert await conn.fetchval("SELECT count(*) FROM audit") == 1


async def test_a_refused_read_is_not_booked(reader: Caller, conn: Connection) -> None:
    await reader.get("/people/1", expect=422)
    assert await conn.fetchval("SELECT count(*) FROM audit") == 0


async def test_whoever_asks_too_often_is_told_when_to_come_back(
    settings: Settings, conn: Connection, district_id: UUID
) -> None:
    slow = settings.model_copy(update={"requests_per_minute": 1})
    async with TestClient(TestServer(create_app(slow))) as http:
        first = Caller(http, await make_actor(conn, Permission.COORDINATOR, (district_id,)))
        second = Caller(http, await make_actor(conn, Permission.COORDINATOR, (district_id,)))
        await first.get("/v1/sessions/current")
        answer = await first.send("GET", "/v1/sessions/current", expect=429)
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        assert answer.json["code"] == "too_many_requests"
        await second.get("/v1/sessions/current")
        for _ in range(5):
            await Caller(http).get("/healthz")


def test_a_bucket_fills_again_with_time() -> None:
    limits = RateLimits(per_minute=60)
    assert [limits.take("a", 0.0) for _ in range(11)] == [0] * 10 + [1]
    assert limits.take("b", 0.0) == 0
    assert limits.take("a", 1.0) == 0
    assert limits.take("a", 1.0) == 1


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("", (), "10.0.0.9"),
        ("1.2.3.4", (), "10.0.0.9"),
        ("1.2.3.4", ("10.0.0.0/8",), "1.2.3.4"),
        ("6.6.6.6, 1.2.3.4", ("10.0.0.0/8",), "1.2.3.4"),
        ("6.6.6.6, 1.2.3.4, 10.0.0.2", ("10.0.0.0/8",), "1.2.3.4"),
        ("10.0.0.3, 10.0.0.2", ("10.0.0.0/8",), "10.0.0.3"),
    ],
)
def test_only_trusted_proxies_say_where_a_request_came_from(
    forwarded: str, proxies: tuple[str, ...], address: str
) -> None:
    settings = Settings(trusted_proxies=tuple(ip_network(proxy) for proxy in proxies))
    raw = make_mocked_request("GET", "/", headers={"X-Forwarded-For": forwarded}).clone(remote="10.0.0.9")
    assert client_address(raw, settings) == address


def test_the_public_url_names_this_site_whatever_the_headers_say() -> None:
    raw = make_mocked_request("GET", "/", headers={"Host": "evil.example", "X-Forwarded-Proto": "https"})
    assert own_origin(raw, Settings(public_url="https://doorstep.example/")) == "https://doorstep.example"
    assert own_origin(raw, Settings()) == "http://evil.example"
