"""Headers that protect whoever opens an answer, on every answer; log-in limits that no header gets around."""

from collections.abc import AsyncIterator
from http.cookies import SimpleCookie
from ipaddress import ip_network
from uuid import UUID

import pytest
from aiohttp.test_utils import TestClient, TestServer

from services.dispatcher.access import COOKIE
from services.dispatcher.answers import NoContent
from services.dispatcher.app import create_app
from services.dispatcher.contract import EVENT_STREAM, PUBLIC, Route
from services.dispatcher.middleware import SECURITY_HEADERS
from services.dispatcher.request import Request
from services.dispatcher.routes import ROUTES
from shared.domain.ids import new_id
from shared.operations.sessions import hash_secret
from shared.settings import Settings
from shared.store.connection import Connection
from tests.calls import Answer, Caller, Http, make_member

SECRET = "a long enough secret"
ASK_AGAIN = {"/docs/{name}", "/v1/events", "/phone", "/console"}  # kept, but asked for anew: what says nothing personal


async def get_broken(_request: Request) -> NoContent:
    raise RuntimeError("broken")


@pytest.fixture
async def open_http(settings: Settings) -> AsyncIterator[Http]:
    """A dispatcher with one more route, which breaks."""
    broken = Route("GET", "/broken", get_broken, allow=PUBLIC, summary="Breaks", tag="test")
    async with TestClient(TestServer(create_app(settings, [*ROUTES, broken]))) as http:
        yield http


def check(answer: Answer, what: str, *, path: str = "") -> None:
    headers = answer.headers
    missing = set(SECURITY_HEADERS) - set(headers)
    assert not missing, f"{what}: {missing}"
    policy = dict(directive.strip().partition(" ")[::2] for directive in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"], what
    assert "http" not in headers["Content-Security-Policy"], what
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Server"] == "doorstep"
    assert headers["X-Request-ID"]
    assert headers["Cache-Control"] == ("no-cache" if path in ASK_AGAIN and answer.status == 200 else "no-store"), what
    if answer.status >= 400:
        assert headers["Content-Type"] == "application/problem+json", what
        assert answer.json["status"] == answer.status
        assert answer.json["request_id"] == headers["X-Request-ID"]
        assert answer.json["type"].startswith("urn:doorstep:")


async def test_every_route_protects_its_answers(open_http: Http, admin: Caller) -> None:
    for route in ROUTES:
        for asker in (Caller(open_http), Caller(open_http, admin.token)):
            if route.produces == EVENT_STREAM and asker.token:
                continue
            ids = {"id": new_id(), "version": 1, "name": "docs.js"}
            answer = await asker.send(route.method, route.path.format_map(ids))
            check(answer, f"{route.method} {route.path} → {answer.status}", path=route.path)


async def test_every_kind_of_refusal_protects_its_answer(open_http: Http, admin: Caller) -> None:
    asker = Caller(open_http, admin.token)
    origin = {"Origin": "https://evil.example"}
    answers = [
        await asker.send("POST", "/v1/accounts", content=b"{", expect=400),
        await asker.send("GET", "/v1/me", headers={"Cookie": f"{COOKIE}=x"}, expect=400),
        await Caller(open_http).send("GET", "/v1/me", expect=401),
        await Caller(open_http).send(
            "DELETE", "/v1/sessions/current", headers={"Cookie": f"{COOKIE}=x", **origin}, expect=403
        ),
        await asker.send("GET", f"/v1/teams/{new_id()}", expect=404),
        await asker.send("GET", "/nothing", expect=404),
        await asker.send("PROPFIND", "/v1/teams", expect=405),
        await asker.send("POST", "/v1/accounts", content=b" " * 300_000, expect=413),
        await asker.send("POST", "/v1/accounts", content=b"a=1", content_type="text/plain", expect=415),
        await asker.send("POST", "/v1/accounts", {}, expect=422),
        await asker.send("GET", "/broken", expect=500),
    ]
    for answer in answers:
        check(answer, str(answer.status))


async def test_a_stream_is_protected_like_every_answer(open_http: Http, coordinator: Caller) -> None:
    async with open_http.get("/v1/events", headers={"Authorization": f"Bearer {coordinator.token}"}) as response:
        check(Answer(status=response.status, headers=response.headers, content=b""), "stream", path="/v1/events")


async def test_the_cookie_is_sent_over_tls_only_where_people_come_by_tls(settings: Settings, conn: Connection) -> None:
    await make_account(conn, "li")
    body = {"name": "li", "secret": SECRET, "cookie": True}
    for public_url, secure in (("https://doorstep.example", True), ("http://doorstep.example", False)):
        site = settings.model_copy(update={"public_url": public_url})
        async with TestClient(TestServer(create_app(site))) as http:
            answer = await Caller(http).send("POST", "/v1/sessions", body, headers={"Origin": public_url}, expect=201)
            cookie = SimpleCookie(answer.headers["Set-Cookie"])[COOKIE]
            assert bool(cookie["secure"]) == secure
            assert cookie["httponly"]
            assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Strict", "/", "")


@pytest.mark.parametrize(("trusted", "names_tried"), [((), 3), ((ip_network("127.0.0.0/8"),), 6)])
async def test_an_address_is_counted_by_where_it_really_is(
    settings: Settings, conn: Connection, trusted: tuple[object, ...], names_tried: int
) -> None:
    """Three failures an address: a forged header wins nothing, a trusted proxy's tells two addresses apart."""
    strict = settings.model_copy(update={"login_attempts_per_address": 3, "trusted_proxies": trusted})
    async with TestClient(TestServer(create_app(strict))) as http:
        tried = 0
        for address in ("198.51.100.1", "198.51.100.2"):
            for number in range(4):
                body = {"name": f"{address} {number}", "secret": "wrong"}
                answer = await Caller(http).send("POST", "/v1/sessions", body, headers={"X-Forwarded-For": address})
                assert answer.status in (401, 429)
                tried += answer.status == 401
    assert tried == names_tried


async def test_the_account_is_locked_before_the_address_and_by_whichever_address(
    settings: Settings, conn: Connection
) -> None:
    await make_account(conn, "li")
    await make_account(conn, "wang")
    policy = {
        "login_attempts_per_account": 2,
        "login_attempts_per_address": 5,
        "trusted_proxies": (ip_network("127.0.0.0/8"),),
    }
    async with TestClient(TestServer(create_app(settings.model_copy(update=policy)))) as http:

        async def log_in(name: str, secret: str, address: str, expect: int) -> Answer:
            body, sent = {"name": name, "secret": secret}, {"X-Forwarded-For": address}
            return await Caller(http).send("POST", "/v1/sessions", body, headers=sent, expect=expect)

        for address in ("198.51.100.1", "198.51.100.2"):
            await log_in("li", "wrong", address, 401)
        refused = await log_in("li", SECRET, "198.51.100.3", 429)
        assert refused.json["code"] == "too_many_attempts"
        assert 1 <= int(refused.headers["Retry-After"]) <= settings.login_window_s
        await log_in("wang", SECRET, "198.51.100.1", 201)


async def make_account(conn: Connection, name: str) -> None:
    await conn.execute(
        "INSERT INTO accounts (id, name, secret_hash, permission) VALUES ($1, $2, $3, 'coordinator')",
        new_id(),
        name,
        await hash_secret(SECRET),
    )


@pytest.mark.parametrize(
    ("trusted", "public_url", "reached_at"),
    [
        ((), None, "http://inside:8080"),
        ((ip_network("127.0.0.0/8"),), None, "https://doorstep.example"),
        ((ip_network("127.0.0.0/8"),), "https://public.example/", "https://public.example"),
    ],
)
async def test_a_link_leads_to_where_people_reach_the_site(
    settings: Settings,
    conn: Connection,
    coordinator: Caller,
    district_id: UUID,
    trusted: tuple[object, ...],
    public_url: str | None,
    reached_at: str,
) -> None:
    """A proxy that we trust says how it was asked; what it passes on from the asker stands before that, and does not count."""
    site = settings.model_copy(update={"trusted_proxies": trusted, "public_url": public_url})
    said = {"X-Forwarded-Host": "evil.example, doorstep.example", "X-Forwarded-Proto": "http, https"}
    member_id = await make_member(conn, district_id)
    async with TestClient(TestServer(create_app(site))) as http:
        link = await Caller(http, coordinator.token).post(
            f"/v1/members/{member_id}/links", headers={"Host": "inside:8080", **said}
        )
    assert link["url"] == f"{reached_at}/phone#link={link['link_token']}"
