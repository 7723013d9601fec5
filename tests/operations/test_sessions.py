"""Logging in: limits that many at once cannot outrun, and links that two cannot both redeem."""

import asyncio
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from shared.domain.errors import TooManyAttempts, WrongCredentials
from shared.operations import sessions
from shared.operations.sessions import LoginPolicy, Session, hash_secret, verify_secret
from shared.store import login_failures, tokens
from shared.store.connection import Connection, Pool
from tests.calls import make_district, make_member

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
POLICY = LoginPolicy(
    session=timedelta(hours=12),
    member_session=timedelta(hours=26),
    attempts_per_account=5,
    attempts_per_address=20,
    window=timedelta(minutes=15),
)


@pytest.fixture
async def member_id(conn: Connection) -> UUID:
    return await make_member(conn, await make_district(conn, "centre"), phone="13800001111")


async def try_pin(pool: Pool, pin: str, *, address: str = "10.0.0.1", now: datetime = NOW) -> Session | Exception:
    def acquire() -> AbstractAsyncContextManager[Connection]:
        return pool.acquire()

    try:
        return await sessions.log_in_member(
            acquire, phone="13800001111", pin=pin, district=None, address=address, now=now, policy=POLICY
        )
    except (WrongCredentials, TooManyAttempts) as refused:
        return refused


async def test_a_secret_fits_its_own_hash_only() -> None:
    stored = await hash_secret("4711")
    assert "4711" not in stored
    assert await verify_secret(stored, "4711")
    assert not await verify_secret(stored, "4712")
    assert not await verify_secret("no hash at all", "4711")


async def test_where_nothing_is_stored_no_secret_fits_and_the_same_work_is_done() -> None:
    assert not await verify_secret(None, "")
    assert sessions._HASHER.check_needs_rehash(sessions._NOBODYS_HASH) is False


async def test_many_guesses_at_once_get_no_more_tries_than_the_limit(pool: Pool, member_id: UUID) -> None:
    answers = await asyncio.gather(*(try_pin(pool, f"{n:04}") for n in range(12)))
    assert sum(isinstance(answer, WrongCredentials) for answer in answers) == POLICY.attempts_per_account
    assert sum(isinstance(answer, TooManyAttempts) for answer in answers) == 12 - POLICY.attempts_per_account


async def test_a_new_window_counts_anew(pool: Pool, conn: Connection, member_id: UUID) -> None:
    await conn.execute("UPDATE members SET pin_hash = $1", await hash_secret("4711"))
    for _ in range(5):
        await try_pin(pool, "0000")
    refused = await try_pin(pool, "4711", now=NOW + timedelta(minutes=14))
    assert isinstance(refused, TooManyAttempts)
    assert refused.retry_after_s == 60
    assert isinstance(await try_pin(pool, "4711", now=NOW + timedelta(minutes=15)), Session)


async def test_a_locked_account_does_not_count_against_its_address(
    pool: Pool, conn: Connection, member_id: UUID
) -> None:
    for _ in range(12):
        await try_pin(pool, "0000")
    counted = await conn.fetchval("SELECT failures FROM login_failures WHERE subject LIKE 'address:%'")
    assert counted == POLICY.attempts_per_account


async def test_windows_that_are_over_are_forgotten(pool: Pool, conn: Connection, member_id: UUID) -> None:
    await try_pin(pool, "0000")
    await login_failures.delete_older_than(conn, NOW + timedelta(hours=1))
    assert await conn.fetchval("SELECT count(*) FROM login_failures") == 0


async def test_two_who_redeem_one_link_at_once_get_one_session(pool: Pool, conn: Connection, member_id: UUID) -> None:
    link = await sessions.make_link(conn, member_id=member_id, now=NOW, lifetime=timedelta(minutes=10))

    def redeem() -> object:
        return sessions.log_in_by_link(pool.acquire, link_token=link, address="10.0.0.1", now=NOW, policy=POLICY)

    answers = await asyncio.gather(redeem(), redeem(), redeem(), return_exceptions=True)
    assert sum(isinstance(answer, Session) for answer in answers) == 1
    assert sum(isinstance(answer, WrongCredentials) for answer in answers) == 2


async def test_the_link_of_an_inactive_member_opens_nothing(pool: Pool, conn: Connection, member_id: UUID) -> None:
    link = await sessions.make_link(conn, member_id=member_id, now=NOW, lifetime=timedelta(minutes=10))
    await conn.execute("UPDATE members SET active = false")
    with pytest.raises(WrongCredentials):
        await sessions.log_in_by_link(pool.acquire, link_token=link, address="10.0.0.1", now=NOW, policy=POLICY)
    assert await conn.fetchval("SELECT count(*) FROM tokens WHERE purpose = 'session'") == 0


async def test_ended_tokens_are_forgotten(conn: Connection, member_id: UUID) -> None:
    await sessions.make_link(conn, member_id=member_id, now=NOW, lifetime=timedelta(minutes=10))
    await tokens.delete_tokens_expired(conn, NOW + timedelta(minutes=5))
    assert await conn.fetchval("SELECT count(*) FROM tokens") == 1
    await tokens.delete_tokens_expired(conn, NOW + timedelta(minutes=11))
    assert await conn.fetchval("SELECT count(*) FROM tokens") == 0
