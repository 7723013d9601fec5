"""Logging in and out over HTTP."""

from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from uuid import UUID

import pytest

from services.dispatcher.access import COOKIE
from shared.domain.clock import utc_now
from shared.domain.ids import new_id
from shared.domain.words import Permission
from shared.operations.sessions import hash_secret
from shared.store import accounts
from shared.store.connection import Connection
from tests.calls import Caller, Http, make_member, make_token

SECRET = "correct horse battery"
PIN = "4711"
PHONE = "13800001111"


@pytest.fixture
async def account_id(conn: Connection, district_id: UUID) -> UUID:
    """The coordinator Li, who logs in by name."""
    account_id = new_id()
    await accounts.insert_account(
        conn,
        account_id,
        name="li",
        secret_hash=await hash_secret(SECRET),
        permission=Permission.COORDINATOR,
        created_at=utc_now(),
    )
    await accounts.insert_account_districts(conn, account_id, [district_id])
    return account_id


@pytest.fixture
async def member_id(conn: Connection, district_id: UUID) -> UUID:
    """A member who logs in by phone."""
    member_id = await make_member(conn, district_id, phone=PHONE)
    await conn.execute("UPDATE members SET pin_hash = $2 WHERE id = $1", member_id, await hash_secret(PIN))
    return member_id


async def test_a_coordinator_logs_in_by_name_and_secret(anyone: Caller, http: Http, account_id: UUID) -> None:
    session = await anyone.post("/v1/sessions", {"name": "li", "secret": SECRET})
    assert session["who"]["id"] == str(account_id)
    assert session["who"]["permission"] == "coordinator"
    assert [d["code"] for d in session["who"]["districts"]] == ["centre"]
    current = await Caller(http, session["token"]).get("/v1/sessions/current")
    assert current == {"expires_at": session["expires_at"], "who": session["who"]}


async def test_a_member_logs_in_by_phone_and_pin_however_the_phone_is_written(anyone: Caller, member_id: UUID) -> None:
    session = await anyone.post("/v1/sessions", {"phone": "138-0000 1111", "pin": PIN})
    assert session["who"]["id"] == str(member_id)
    assert session["who"]["kind"] == "member"
    assert session["who"]["role"] == "doctor"


@pytest.mark.parametrize(
    "body",
    [
        {"name": "li", "secret": "wrong"},
        {"name": "nobody", "secret": SECRET},
        {"phone": PHONE, "pin": "0000"},
        {"phone": "13900000000", "pin": PIN},
        {"phone": PHONE, "pin": PIN, "district": "elsewhere"},
        {"link_token": "x" * 43},
    ],
)
async def test_wrong_credentials_say_nothing_about_which_part_is_wrong(
    anyone: Caller, account_id: UUID, member_id: UUID, foreign_district_id: UUID, body: Any
) -> None:
    answer = await anyone.send("POST", "/v1/sessions", body, expect=401)
    assert answer.json["code"] == "wrong_credentials"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({}, [""]),
        ([], [""]),
        ({"name": "li"}, ["secret"]),
        ({"phone": PHONE, "pin": 4711}, ["pin"]),
        ({"pin": PIN}, ["phone"]),
        ({"name": "li", "secret": SECRET, "pin": PIN}, ["pin"]),
        ({"name": "l\u0000i", "secret": SECRET}, ["name"]),
    ],
)
async def test_a_log_in_of_no_known_shape_names_the_bad_fields(anyone: Caller, body: Any, places: list[str]) -> None:
    answer = await anyone.post("/v1/sessions", body, expect=422)
    assert [error["loc"] for error in answer["errors"]] == places


async def test_an_inactive_account_cannot_log_in(anyone: Caller, conn: Connection, account_id: UUID) -> None:
    await accounts.update_account(conn, account_id, active=False)
    await anyone.post("/v1/sessions", {"name": "li", "secret": SECRET}, expect=401)


async def test_the_same_phone_and_pin_in_two_districts_need_the_district(
    anyone: Caller, conn: Connection, member_id: UUID, foreign_district_id: UUID
) -> None:
    other = await make_member(conn, foreign_district_id, phone=PHONE)
    await conn.execute(
        "UPDATE members SET pin_hash = (SELECT pin_hash FROM members WHERE id = $2) WHERE id = $1", other, member_id
    )
    refused = await anyone.post("/v1/sessions", {"phone": PHONE, "pin": PIN}, expect=422)
    assert refused["code"] == "which_district"
    session = await anyone.post("/v1/sessions", {"phone": PHONE, "pin": PIN, "district": "elsewhere"})
    assert session["who"]["id"] == str(other)


async def test_after_logging_out_the_token_counts_no_more(anyone: Caller, http: Http, account_id: UUID) -> None:
    li = Caller(http, (await anyone.post("/v1/sessions", {"name": "li", "secret": SECRET}))["token"])
    await li.get("/v1/sessions/current")
    await li.delete("/v1/sessions/current")
    await li.get("/v1/sessions/current", expect=401)


async def test_too_many_failures_lock_the_account_and_no_other(
    anyone: Caller, conn: Connection, account_id: UUID, member_id: UUID
) -> None:
    for _ in range(10):
        await anyone.post("/v1/sessions", {"name": "li", "secret": "wrong"}, expect=401)
    answer = await anyone.send("POST", "/v1/sessions", {"name": "li", "secret": SECRET}, expect=429)
    assert 800 < int(answer.headers["Retry-After"]) <= 900
    await anyone.post("/v1/sessions", {"phone": PHONE, "pin": PIN})
    await conn.execute("UPDATE login_failures SET window_ends = now() - interval '1 s'")
    await anyone.post("/v1/sessions", {"name": "li", "secret": SECRET})


async def test_a_success_forgives_the_failures_before_it(anyone: Caller, account_id: UUID) -> None:
    for _ in range(2):
        for _ in range(9):
            await anyone.post("/v1/sessions", {"name": "li", "secret": "wrong"}, expect=401)
        await anyone.post("/v1/sessions", {"name": "li", "secret": SECRET})


async def test_an_address_that_tries_many_names_is_locked_out(
    anyone: Caller, conn: Connection, account_id: UUID
) -> None:
    await anyone.post("/v1/sessions", {"name": "nobody", "secret": "wrong"}, expect=401)
    await conn.execute("UPDATE login_failures SET failures = 100 WHERE subject LIKE 'address:%'")
    await anyone.post("/v1/sessions", {"name": "li", "secret": SECRET}, expect=429)
    await anyone.post("/v1/sessions", {"link_token": "x" * 43}, expect=429)


async def test_neither_names_nor_phones_nor_tokens_can_be_read_in_the_tables(
    anyone: Caller, conn: Connection, account_id: UUID, member_id: UUID
) -> None:
    await anyone.post("/v1/sessions", {"name": "li", "secret": "wrong"}, expect=401)
    session = await anyone.post("/v1/sessions", {"phone": PHONE, "pin": PIN})
    subjects = await conn.fetch("SELECT subject FROM login_failures")
    assert subjects
    assert not any("li" in row["subject"].partition(":")[2] or PHONE in row["subject"] for row in subjects)
    hashes = await conn.fetch("SELECT hash FROM tokens")
    assert all(session["token"].encode() not in row["hash"] for row in hashes)


@pytest.mark.usefixtures("account_id")
class TestCookie:
    async def log_in(self, anyone: Caller) -> str:
        answer = await anyone.send(
            "POST",
            "/v1/sessions",
            {"name": "li", "secret": SECRET, "cookie": True},
            headers={"Origin": origin(anyone)},
            expect=201,
        )
        assert answer.json["token"] is None
        cookie = SimpleCookie(answer.headers["Set-Cookie"])[COOKIE]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Strict"
        anyone.http.session.cookie_jar.clear()
        return f"{COOKIE}={cookie.value}"

    async def test_the_cookie_reads_without_more(self, anyone: Caller) -> None:
        cookie = await self.log_in(anyone)
        await anyone.get("/v1/sessions/current", headers={"Cookie": cookie})

    @pytest.mark.parametrize("foreign", [None, "https://evil.example", "null"])
    async def test_a_write_with_the_cookie_needs_this_sites_origin(self, anyone: Caller, foreign: str | None) -> None:
        cookie = await self.log_in(anyone)
        headers = {"Cookie": cookie} | ({"Origin": foreign} if foreign else {})
        answer = await anyone.send("DELETE", "/v1/sessions/current", headers=headers, expect=403)
        assert answer.json["code"] == "cross_origin"
        await anyone.delete("/v1/sessions/current", headers={"Cookie": cookie, "Origin": origin(anyone)})
        await anyone.get("/v1/sessions/current", headers={"Cookie": cookie}, expect=401)

    async def test_a_write_with_the_cookie_is_json(self, anyone: Caller) -> None:
        cookie = await self.log_in(anyone)
        await anyone.send(
            "DELETE",
            "/v1/sessions/current",
            content=b"a=1",
            content_type="application/x-www-form-urlencoded",
            headers={"Cookie": cookie, "Origin": origin(anyone)},
            expect=415,
        )

    async def test_cookie_and_bearer_at_once_are_refused(self, anyone: Caller, coordinator: Caller) -> None:
        cookie = await self.log_in(anyone)
        answer = await coordinator.send("GET", "/v1/sessions/current", headers={"Cookie": cookie}, expect=400)
        assert answer.json["code"] == "two_credentials"

    async def test_no_foreign_page_logs_a_browser_in(self, anyone: Caller) -> None:
        body = {"name": "li", "secret": SECRET, "cookie": True}
        await anyone.post("/v1/sessions", body, headers={"Origin": "https://evil.example"}, expect=403)


class TestLink:
    async def test_a_link_logs_a_member_in_once(self, anyone: Caller, coordinator: Caller, member_id: UUID) -> None:
        link = await coordinator.post(f"/v1/members/{member_id}/links")
        assert link["url"].partition("#")[2] == f"link={link['link_token']}"
        session = await anyone.post("/v1/sessions", {"link_token": link["link_token"]})
        assert session["who"]["id"] == str(member_id)
        await anyone.post("/v1/sessions", {"link_token": link["link_token"]}, expect=401)

    async def test_a_link_is_no_session(self, coordinator: Caller, http: Http, member_id: UUID) -> None:
        link = await coordinator.post(f"/v1/members/{member_id}/links")
        await Caller(http, link["link_token"]).get("/v1/sessions/current", expect=401)

    async def test_a_link_is_good_for_ten_minutes(
        self, anyone: Caller, coordinator: Caller, conn: Connection, member_id: UUID
    ) -> None:
        link = await coordinator.post(f"/v1/members/{member_id}/links")
        await conn.execute("UPDATE tokens SET expires_at = expires_at - interval '10 min' WHERE purpose = 'link'")
        await anyone.post("/v1/sessions", {"link_token": link["link_token"]}, expect=401)

    async def test_foreign_members_get_none(
        self, coordinator: Caller, admin: Caller, conn: Connection, foreign_district_id: UUID
    ) -> None:
        foreign = await make_member(conn, foreign_district_id)
        await coordinator.post(f"/v1/members/{foreign}/links", expect=404)
        await admin.post(f"/v1/members/{foreign}/links")

    async def test_a_lost_phone_is_logged_out_everywhere(
        self, coordinator: Caller, conn: Connection, http: Http, member_id: UUID
    ) -> None:
        phone = Caller(http, await make_token(conn, member_id=member_id))
        await phone.get("/v1/sessions/current")
        await coordinator.delete(f"/v1/members/{member_id}/sessions")
        await phone.get("/v1/sessions/current", expect=401)


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Basic bGk6eA==", "Bearer no-such-token", "Bearer \xff\xfe"])
async def test_a_token_that_is_none_of_ours_is_refused(anyone: Caller, header: str) -> None:
    answer = await anyone.send("GET", "/v1/sessions/current", headers={"Authorization": header}, expect=401)
    assert answer.json["code"] == "not_logged_in"


async def test_an_expired_session_counts_no_more(conn: Connection, coordinator: Caller) -> None:
    await conn.execute("UPDATE tokens SET expires_at = $1", utc_now() - timedelta(seconds=1))
    await coordinator.get("/v1/sessions/current", expect=401)


def origin(caller: Caller) -> str:
    return str(caller.http.make_url("/")).rstrip("/")
