"""JSON made smaller on the way: for whom, what of it, and what stays true."""

import gzip
from typing import Any
from uuid import UUID

import pytest
from aiohttp.test_utils import TestClient, TestServer

from services.dispatcher.app import create_app
from services.dispatcher.compression import takes_gzip
from services.dispatcher.contract import Route
from services.dispatcher.payloads.sessions import LinkOut
from services.dispatcher.request import Request
from services.dispatcher.routes import ROUTES
from shared.domain.access import EVERYONE
from shared.domain.clock import utc_now
from shared.settings import Settings
from shared.store.connection import Connection
from tests.calls import Answer, Caller
from tests.city import City, make_city
from tests.city import post as take_in

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
PLAIN = {"Accept-Encoding": "identity"}


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=1)


@pytest.fixture
async def district_id(city: City) -> UUID:
    """The fixtures' callers belong to a district with kinds, a grid and a team."""
    return city.district_id


async def as_sent(caller: Caller, path: str, headers: dict[str, str], json: Any = None) -> Answer:
    """The answer with its bytes as they came over the wire."""
    sent = {"Authorization": f"Bearer {caller.token}", **headers}
    async with caller.http.session.request(
        "GET" if json is None else "POST", caller.http.make_url(path), headers=sent, auto_decompress=False, json=json
    ) as response:
        return Answer(status=response.status, headers=response.headers, content=await response.read())


@pytest.mark.parametrize(
    ("said", "takes"),
    [
        ("gzip, deflate, br", True),
        ("deflate, GZIP;q=0.5", True),
        ("br;q=1.0, *;q=0.1", True),
        ("x-gzip", True),
        ("", False),
        ("br", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000, *", False),
        ("*;q=0", False),
    ],
)
def test_gzip_is_sent_to_those_who_take_it(said: str, takes: bool) -> None:
    assert takes_gzip(said) == takes


@pytest.mark.parametrize("count", [4, 200])
async def test_a_long_answer_is_compressed_and_says_the_same(
    conn: Connection, city: City, coordinator: Any, count: int
) -> None:
    """Short ones in the loop, long ones beside it."""
    await take_in(conn, city, count)
    path = "/v1/tasks/points"
    plain, small = await as_sent(coordinator, path, PLAIN), await as_sent(coordinator, path, GZIP)
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.content) == plain.content
    assert int(small.headers["Content-Length"]) == len(small.content) < len(plain.content) / 2
    assert plain.headers["Vary"] == small.headers["Vary"] == "Accept-Encoding"


async def test_a_short_answer_is_sent_as_it_is(coordinator: Any) -> None:
    answer = await as_sent(coordinator, "/v1/tasks", GZIP)
    assert answer.json == {"items": [], "next_cursor": None}
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"


async def test_what_the_asker_has_in_either_form_is_not_sent_again(
    conn: Connection, city: City, coordinator: Any
) -> None:
    await take_in(conn, city, 5)
    task_ids = [point["id"] for point in (await coordinator.get("/v1/tasks/points"))["items"]]
    for task_id in task_ids:
        await coordinator.post(f"/v1/tasks/{task_id}/assign", {"team": "team-0"}, expect=200)
    path = f"/v1/teams/{city.team_ids[0]}/route"
    plain, small = await as_sent(coordinator, path, PLAIN), await as_sent(coordinator, path, GZIP)
    assert small.headers["ETag"] == f"W/{plain.headers['ETag']}"
    for known in (plain.headers["ETag"], small.headers["ETag"]):
        again = await as_sent(coordinator, path, {**GZIP, "If-None-Match": known})
        assert (again.status, again.content, again.headers["ETag"]) == (304, b"", known)
        assert again.headers["Vary"] == "Accept-Encoding"


async def test_the_first_answer_under_a_key_is_given_again_in_the_form_asked_for(coordinator: Any) -> None:
    task = {"kind": "notice", "household": {"address": "A" * 400, "lat": 31.22, "lon": 121.46}}
    body = {"tasks": [task] * 20}
    plain = await as_sent(coordinator, "/v1/tasks/batch", {**PLAIN, "Idempotency-Key": "k1"}, json=body)
    again = await as_sent(coordinator, "/v1/tasks/batch", {**GZIP, "Idempotency-Key": "k1"}, json=body)
    assert again.headers["Content-Encoding"] == "gzip"
    assert again.headers["Idempotent-Replayed"] == "true"
    assert gzip.decompress(again.content) == plain.content


async def test_no_answer_with_a_fresh_secret_is_compressed(settings: Settings, coordinator: Any) -> None:
    async def get_long(_request: Request) -> LinkOut:
        return LinkOut(link_token="x" * 5000, url="/", expires_at=utc_now())

    def route(path: str, *, secret: bool) -> Route:
        return Route("GET", path, get_long, allow=EVERYONE, summary="Long", tag="test", secret=secret)

    app = create_app(settings, [route("/secret", secret=True), route("/plain", secret=False)])
    async with TestClient(TestServer(app)) as http:
        asker = Caller(http, coordinator.token)
        secret, plain = await as_sent(asker, "/secret", GZIP), await as_sent(asker, "/plain", GZIP)
    assert "Content-Encoding" not in secret.headers
    assert plain.headers["Content-Encoding"] == "gzip"


def test_whatever_makes_a_token_says_that_it_is_secret() -> None:
    secret = {f"{route.method} {route.path}" for route in ROUTES if route.secret}
    assert secret >= {"POST /v1/sessions", "POST /v1/members/{id}/links", "POST /v1/accounts/{id}/tokens"}
