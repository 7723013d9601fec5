"""Accounts, tokens and the audit over HTTP."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest

from shared.domain.clock import utc_now
from shared.domain.ids import new_id
from shared.domain.words import Permission
from shared.store import audit
from shared.store.connection import Connection
from tests.calls import Caller, Http, make_token

LI = {"name": "li", "secret": "correct horse battery", "permission": "coordinator", "districts": ["centre"]}


async def test_an_admin_makes_an_account_that_can_log_in(admin: Caller, anyone: Caller) -> None:
    answer = await admin.send("POST", "/v1/accounts", LI, expect=201)
    assert answer.headers["Location"] == f"/v1/accounts/{answer.json['id']}"
    assert "secret" not in answer.content.decode()
    assert await admin.get(answer.headers["Location"]) == answer.json
    session = await anyone.post("/v1/sessions", {"name": "li", "secret": LI["secret"]})
    assert session["who"]["districts"] == answer.json["districts"]


async def test_a_name_is_taken_once(admin: Caller) -> None:
    await admin.post("/v1/accounts", LI)
    refused = await admin.post("/v1/accounts", LI, expect=409)
    assert refused["code"] == "taken"
    assert refused["errors"][0]["loc"] == "name"


async def test_every_bad_field_of_an_account_is_named(admin: Caller) -> None:
    body = {"name": " ", "secret": "short", "permission": "member", "districts": ["Centre"], "admin": True}
    refused = await admin.post("/v1/accounts", body, expect=422)
    assert [e["loc"] for e in refused["errors"]] == ["name", "secret", "permission", "districts.0", "admin"]


async def test_an_unknown_district_is_named(admin: Caller) -> None:
    refused = await admin.post("/v1/accounts", {**LI, "districts": ["centre", "nowhere"]}, expect=404)
    assert [e["loc"] for e in refused["errors"]] == ["districts.1"]


async def test_accounts_are_listed_page_by_page(admin: Caller) -> None:
    made = [(await admin.post("/v1/accounts", {**LI, "name": f"li-{n}"}))["id"] for n in range(5)]
    seen, cursor = [], None
    while True:
        params = {"limit": "2", "text": "LI-"} | ({"cursor": cursor} if cursor else {})
        page = await admin.get("/v1/accounts", params=params)
        seen += [account["id"] for account in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == made


@pytest.mark.parametrize(
    "params", [{"cursor": "!"}, {"cursor": "x" * 23}, {"limit": "0"}, {"limit": "201"}, {"limit": "1_0"}]
)
async def test_a_page_that_cannot_be_is_refused(admin: Caller, params: dict[str, str]) -> None:
    refused = await admin.get("/v1/accounts", params=params, expect=422)
    assert [e["loc"] for e in refused["errors"]] == list(params)


async def test_a_new_secret_ends_the_sessions_and_not_the_program_tokens(
    admin: Caller, anyone: Caller, http: Http
) -> None:
    account = await admin.post("/v1/accounts", LI)
    session = await anyone.post("/v1/sessions", {"name": "li", "secret": LI["secret"]})
    program = await admin.post(f"/v1/accounts/{account['id']}/tokens", {"label": "import"})
    await Caller(http, session["token"]).get("/v1/sessions/current")
    await admin.patch(f"/v1/accounts/{account['id']}", {"secret": "another horse battery"})
    await Caller(http, session["token"]).get("/v1/sessions/current", expect=401)
    await Caller(http, program["token"]).get("/v1/sessions/current")


async def test_a_deactivated_account_has_no_tokens_left(admin: Caller, http: Http) -> None:
    account = await admin.post("/v1/accounts", LI)
    program = await admin.post(f"/v1/accounts/{account['id']}/tokens")
    await Caller(http, program["token"]).get("/v1/sessions/current")
    await admin.patch(f"/v1/accounts/{account['id']}", {"active": False})
    await Caller(http, program["token"]).get("/v1/sessions/current", expect=401)
    await admin.patch(f"/v1/accounts/{account['id']}", {"active": True})
    await Caller(http, program["token"]).get("/v1/sessions/current", expect=401)


async def test_a_change_of_districts_counts_at_once(
    admin: Caller, http: Http, foreign_district_id: UUID, district_id: UUID
) -> None:
    account = await admin.post("/v1/accounts", LI)
    li = Caller(http, (await admin.post(f"/v1/accounts/{account['id']}/tokens"))["token"])
    assert [d["code"] for d in (await li.get("/v1/sessions/current"))["who"]["districts"]] == ["centre"]
    await admin.patch(f"/v1/accounts/{account['id']}", {"districts": [str(foreign_district_id)]})
    assert [d["code"] for d in (await li.get("/v1/sessions/current"))["who"]["districts"]] == ["elsewhere"]


@pytest.mark.parametrize("change", [{"active": False}, {"permission": "auditor"}])
async def test_the_last_admin_stays(admin: Caller, change: dict[str, object]) -> None:
    me = (await admin.get("/v1/sessions/current"))["who"]["id"]
    refused = await admin.patch(f"/v1/accounts/{me}", change, expect=409)
    assert refused["code"] == "last_admin"
    second = await admin.post("/v1/accounts", {**LI, "name": "zhao", "permission": "admin"})
    await admin.patch(f"/v1/accounts/{second['id']}", change)
    await admin.patch(f"/v1/accounts/{me}", change, expect=409)


async def test_a_token_is_shown_once_listed_without_itself_and_revoked(
    admin: Caller, http: Http, conn: Connection
) -> None:
    account = await admin.post("/v1/accounts", {**LI, "permission": "integration", "secret": None})
    made = await admin.post(f"/v1/accounts/{account['id']}/tokens", {"label": "hospital"})
    listed = await admin.get(f"/v1/accounts/{account['id']}/tokens")
    assert [(t["id"], t["label"], t["purpose"]) for t in listed["items"]] == [(made["id"], "hospital", "program")]
    assert made["token"] not in str(listed)
    program = Caller(http, made["token"])
    await program.get("/v1/sessions/current")
    await admin.delete(f"/v1/tokens/{made['id']}")
    await program.get("/v1/sessions/current", expect=401)
    await admin.delete(f"/v1/tokens/{made['id']}", expect=404)


async def test_an_absent_account_is_not_found(admin: Caller) -> None:
    absent = new_id()
    await admin.get(f"/v1/accounts/{absent}", expect=404)
    await admin.patch(f"/v1/accounts/{absent}", {"active": False}, expect=404)
    await admin.post(f"/v1/accounts/{absent}/tokens", expect=404)
    await admin.get(f"/v1/accounts/{absent}/tokens", expect=404)


@pytest.mark.parametrize("permission", [p for p in Permission if p is not Permission.ADMIN])
async def test_only_admins_see_accounts(caller: Callable[..., Awaitable[Caller]], permission: Permission) -> None:
    answer = await (await caller(permission)).get("/v1/accounts", expect=403)
    assert answer["code"] == "not_allowed"


async def test_an_auditor_sees_the_reads_of_their_districts_newest_first(
    auditor: Caller, admin: Caller, conn: Connection, district_id: UUID, foreign_district_id: UUID
) -> None:
    for number, district in enumerate((district_id, foreign_district_id, district_id)):
        await audit.insert_audit(
            conn,
            new_id(),
            at=utc_now() + timedelta(seconds=number),
            district_id=district,
            account_id=None,
            member_id=None,
            action="GET /v1/tasks/{id}",
            target=str(number),
            request_id="r",
        )
    page = await auditor.get("/v1/audit")
    assert [read["target"] for read in page["items"]] == ["2", "0"]
    assert len((await admin.get("/v1/audit"))["items"]) == 3
    assert len((await admin.get("/v1/audit", params={"district": "elsewhere"}))["items"]) == 1
    await auditor.get("/v1/audit", params={"district": "elsewhere"}, expect=404)


async def test_a_token_of_a_deleted_member_counts_no_more(member: Caller, conn: Connection) -> None:
    await conn.execute("UPDATE members SET active = false")
    await member.get("/v1/sessions/current", expect=401)
    assert await make_token(conn, member_id=await conn.fetchval("SELECT id FROM members"))


async def test_a_client_may_make_the_id_and_say_when_a_token_ends(admin: Caller) -> None:
    wanted = str(new_id())
    account = await admin.post("/v1/accounts", {**LI, "id": wanted})
    assert account["id"] == wanted
    made = await admin.post(f"/v1/accounts/{wanted}/tokens", {"expires_at": "2999-12-31T08:00:00+08:00"})
    assert made["expires_at"] == "2999-12-31T00:00:00Z"
    for bad in ("2999-12-31T08:00:00", "2999-12-31", "2999-12-31 08:00:00Z", 32503651200, "9999-12-31T23:59:59-01:00"):
        refused = await admin.post(f"/v1/accounts/{wanted}/tokens", {"expires_at": bad}, expect=422)
        assert [error["loc"] for error in refused["errors"]] == ["expires_at"]
    for bad in (wanted.replace("-", ""), f"urn:uuid:{wanted}", 1):
        refused = await admin.post("/v1/accounts", {**LI, "name": "n", "id": bad}, expect=422)
        assert [error["loc"] for error in refused["errors"]] == ["id"]
