"""A phone says where it is woken, and stops being told when its session ends."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr, ValidationError

from services.dispatcher.app import create_app
from shared.domain.secrets import hash_token
from shared.domain.words import Permission
from shared.settings import Settings
from shared.store.connection import Connection
from tests.calls import Caller, Http
from tests.push_service import Browser

PATH = "/v1/me/push"


def browser(name: str = "one") -> Browser:
    return Browser(endpoint=f"https://fcm.googleapis.com/fcm/send/{name}")


async def count(conn: Connection) -> int:
    there: int = await conn.fetchval("SELECT count(*) FROM push_subscriptions")
    return there


async def member_of(conn: Connection, caller: Caller) -> UUID:
    member_id: UUID = await conn.fetchval(
        "SELECT member_id FROM tokens WHERE hash = $1", hash_token(caller.token or "")
    )
    return member_id


async def test_a_phone_subscribes_with_the_servers_key_and_unsubscribes(member: Caller, conn: Connection) -> None:
    before = await member.get(PATH)
    assert (before["here"], before["elsewhere"]) == (None, 0)
    assert len(before["public_key"]) == 87
    phone = browser()
    after = await member.put(PATH, phone.body)
    assert after["public_key"] == before["public_key"]
    assert after["here"]["endpoint"] == phone.endpoint
    assert await member.put(PATH, phone.body) == after == await member.get(PATH), "said again, the same"
    await member.delete(PATH)
    await member.delete(PATH)
    assert await member.get(PATH) == before
    assert await count(conn) == 0


async def test_a_phone_that_gets_another_address_has_only_that_one(member: Caller, conn: Connection) -> None:
    for name in ("one", "two"):
        await member.put(PATH, browser(name).body)
    assert (await member.get(PATH))["here"]["endpoint"] == browser("two").endpoint
    assert await count(conn) == 1


async def test_the_next_member_on_a_phone_takes_it_over(
    caller: Callable[..., Awaitable[Caller]], conn: Connection
) -> None:
    first, second = await caller(Permission.MEMBER), await caller(Permission.MEMBER)
    phone = browser()
    await first.put(PATH, phone.body)
    await second.put(PATH, phone.body)
    assert (await first.get(PATH))["here"] is None
    assert (await second.get(PATH))["here"]["endpoint"] == phone.endpoint
    await first.delete(PATH)
    assert await count(conn) == 1, "what is another's now is not theirs to end"


@pytest.mark.parametrize("how", ["log_out", "lost_phone", "new_pin", "deactivated"])
async def test_when_a_session_ends_its_phone_is_told_no_more(
    how: str, member: Caller, coordinator: Caller, conn: Connection
) -> None:
    await member.put(PATH, browser().body)
    member_id = await member_of(conn, member)
    match how:
        case "log_out":
            await member.delete("/v1/sessions/current")
        case "lost_phone":
            await coordinator.delete(f"/v1/members/{member_id}/sessions")
        case "new_pin":
            await coordinator.patch(f"/v1/members/{member_id}", {"pin": "471100"})
        case "deactivated":
            await coordinator.patch(f"/v1/members/{member_id}", {"active": False})
    assert await count(conn) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("endpoint", "https://example.org/push"),
        ("endpoint", "http://127.0.0.1:5432/"),
        ("endpoint", "https://169.254.169.254/latest"),
        ("endpoint", "file:///etc/passwd"),
        ("endpoint", f"https://fcm.googleapis.com/{'x' * 2000}"),
        ("p256dh", "B" * 87),
        ("p256dh", "short"),
        ("auth", "A" * 21),
        ("auth", "A" * 21 + "+"),
    ],
)
async def test_an_address_elsewhere_or_a_key_that_is_none_is_refused_by_name(
    field: str, value: str, member: Caller, conn: Connection
) -> None:
    said = await member.put(PATH, browser().body | {field: value}, expect=422)
    assert [error["loc"] for error in said["errors"]] == [field]
    assert value not in str(said)
    assert await count(conn) == 0


async def test_the_private_key_is_made_once_and_never_told(
    member: Caller, settings: Settings, conn: Connection
) -> None:
    answer = await member.send("GET", PATH, expect=200)
    private: bytes = await conn.fetchval("SELECT private_key FROM push_keys")
    assert private not in answer.content
    assert private.hex().encode() not in answer.content
    async with TestClient(TestServer(create_app(settings))) as another:
        assert (await Caller(another, member.token).get(PATH))["public_key"] == answer.json["public_key"]


async def test_a_key_of_the_settings_is_used_and_not_kept(member: Caller, settings: Settings, conn: Connection) -> None:
    given = SecretStr("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")
    with_key = settings.model_copy(update={"vapid_private_key": given})
    async with TestClient(TestServer(create_app(with_key))) as dispatcher:
        told = await Caller(dispatcher, member.token).get(PATH)
    assert told["public_key"].startswith("BCVxsr7N_eNgVRqvHtD0zTZsEc6")
    assert await conn.fetchval("SELECT count(*) FROM push_keys") == 0


@pytest.mark.parametrize(
    "bad",
    [
        {"vapid_private_key": "secret"},
        {"vapid_contact": "somebody@example.org"},
        {"push_hosts": "https://push.example.org"},
        {"push_hosts": "push.example.org, *"},
    ],
)
def test_a_bad_setting_stops_the_process_and_is_named(bad: dict[str, Any]) -> None:
    (name,) = bad
    with pytest.raises(ValidationError, match=name) as refused:
        Settings(**bad)
    assert "secret" not in refused.value.errors()[0]["msg"]


def test_hosts_are_read_from_one_line() -> None:
    given: Any = "push.example.org, 127.0.0.1:9000"
    assert Settings(push_hosts=given).push_hosts == ("push.example.org", "127.0.0.1:9000")


async def test_nobody_but_a_member_has_a_phone_to_wake(coordinator: Caller, http: Http) -> None:
    for method in ("GET", "PUT", "DELETE"):
        body = browser().body if method == "PUT" else None
        await coordinator.send(method, PATH, body, expect=403)
        await Caller(http).send(method, PATH, body, expect=401)
