"""Logging in and out: by name and secret, by phone and PIN, by a one-time link."""

import asyncio
import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shared.domain.access import Actor
from shared.domain.errors import FieldError, TooManyAttempts, WhichDistrict, WrongCredentials
from shared.domain.household import plain_phone
from shared.domain.ids import new_id
from shared.domain.secrets import hash_token, new_token
from shared.domain.words import TokenPurpose
from shared.store import accounts, login_failures, members, tokens
from shared.store.connection import Connection

Connect = Callable[[], AbstractAsyncContextManager[Connection]]

# OWASP's second choice for argon2id: 19 MiB keeps a crowd that logs in at shift change within a small process.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODYS_HASH = "$argon2id$v=19$m=19456,t=2,p=1$FRMdou9qQ7FxVG22/5QLYA$8NP/zxg8lovBgguwu6/UpgPxtYgLE87YQfcMEOjiDHE"
# Two at a time: more would take the processor from those who are logged in.
_HASHING = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginPolicy:
    """How long sessions live and how often a log-in may fail in one window."""

    session: timedelta
    member_session: timedelta
    attempts_per_account: int
    attempts_per_address: int
    window: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A fresh session. `token` is known to nobody else, us included."""

    token: str
    actor: Actor


async def hash_secret(secret: str) -> str:
    """The argon2id hash to store of a secret or PIN, made off the event loop. Call it outside transactions: it queues."""
    return await asyncio.get_running_loop().run_in_executor(_HASHING, _HASHER.hash, secret)


async def verify_secret(stored: str | None, secret: str) -> bool:
    """Whether that is the secret; where nothing is stored, no, after the same time."""
    return await asyncio.get_running_loop().run_in_executor(_HASHING, _matches, stored, secret)


def _matches(stored: str | None, secret: str) -> bool:
    try:
        _HASHER.verify(stored or _NOBODYS_HASH, secret)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


async def log_in_account(
    connect: Connect, *, name: str, secret: str, address: str, now: datetime, policy: LoginPolicy
) -> Session:
    """Log in by name and secret. Raises WrongCredentials, TooManyAttempts."""
    subject = _digest("account", name)
    async with connect() as conn:
        await _count_attempt(conn, subject, address, now, policy)
        found = await accounts.select_login(conn, name)
    fits = await verify_secret(None if found is None else found["secret_hash"], secret)
    async with connect() as conn:
        if found is None or not fits:
            await _count_failure(conn, address, now, policy)
            raise WrongCredentials
        async with conn.transaction():
            await login_failures.delete_failures(conn, subject)
            return await _open(conn, now, policy.session, account_id=found["id"])


async def log_in_member(
    connect: Connect, *, phone: str, pin: str, district: str | None, address: str, now: datetime, policy: LoginPolicy
) -> Session:
    """Log in by phone and PIN. Raises WrongCredentials, TooManyAttempts, and WhichDistrict where both fit in several."""
    dialled = plain_phone(phone)
    subject = _digest("member", dialled)
    async with connect() as conn:
        await _count_attempt(conn, subject, address, now, policy)
        candidates = await members.select_logins(conn, phone=dialled, district=district)
    fitting: list[UUID] = [c["id"] for c in candidates if await verify_secret(c["pin_hash"], pin)]
    if not candidates:
        await verify_secret(None, pin)
    async with connect() as conn:
        if not fitting:
            await _count_failure(conn, address, now, policy)
            raise WrongCredentials
        if len(fitting) > 1:
            raise WhichDistrict(errors=(FieldError(in_="body", loc="district", msg="Say which district."),))
        async with conn.transaction():
            await login_failures.delete_failures(conn, subject)
            return await _open(conn, now, policy.member_session, member_id=fitting[0])


async def log_in_by_link(
    connect: Connect, *, link_token: str, address: str, now: datetime, policy: LoginPolicy
) -> Session:
    """Redeem a one-time link. Raises WrongCredentials where it is unknown, used or too old, and TooManyAttempts."""
    async with connect() as conn:
        await _check_address(conn, address, now, policy)
        async with conn.transaction():
            member_id = await tokens.update_link_used(conn, hash_token(link_token), now)
            if member_id is not None:
                return await _open(conn, now, policy.member_session, member_id=member_id)
        await _count_failure(conn, address, now, policy)
        raise WrongCredentials


async def make_link(conn: Connection, *, member_id: UUID, now: datetime, lifetime: timedelta) -> str:
    """The token of a one-time log-in link for a member."""
    token = new_token()
    await tokens.insert_token(
        conn,
        new_id(),
        digest=hash_token(token),
        purpose=TokenPurpose.LINK,
        member_id=member_id,
        created_at=now,
        expires_at=now + lifetime,
    )
    return token


async def _open(
    conn: Connection,
    now: datetime,
    lifetime: timedelta,
    *,
    account_id: UUID | None = None,
    member_id: UUID | None = None,
) -> Session:
    token = new_token()
    digest = hash_token(token)
    await tokens.insert_token(
        conn,
        new_id(),
        digest=digest,
        purpose=TokenPurpose.SESSION,
        account_id=account_id,
        member_id=member_id,
        created_at=now,
        expires_at=now + lifetime,
    )
    actor = await tokens.select_actor(conn, digest, now)
    if actor is None:  # deactivated since the secret was checked
        raise WrongCredentials
    return Session(token=token, actor=actor)


async def _count_attempt(conn: Connection, subject: str, address: str, now: datetime, policy: LoginPolicy) -> None:
    """Count the attempt before it is tried, so that many at once get no more tries than the limit; success clears it.

    The account comes first: phones share addresses, and one locked out must not lock out the others.
    """
    row = await login_failures.upsert_failure(conn, subject, now, now + policy.window)
    if row["failures"] > policy.attempts_per_account:
        raise TooManyAttempts(_seconds_until(row["window_ends"], now))
    await _check_address(conn, address, now, policy)


async def _check_address(conn: Connection, address: str, now: datetime, policy: LoginPolicy) -> None:
    row = await login_failures.select_failures(conn, _digest("address", address), now)
    if row is not None and row["failures"] >= policy.attempts_per_address:
        raise TooManyAttempts(_seconds_until(row["window_ends"], now))


async def _count_failure(conn: Connection, address: str, now: datetime, policy: LoginPolicy) -> None:
    await login_failures.upsert_failure(conn, _digest("address", address), now, now + policy.window)


def _seconds_until(moment: datetime, now: datetime) -> int:
    return max(1, ceil((moment - now).total_seconds()))


def _digest(kind: str, text: str) -> str:
    """What a name, phone or address is counted under: not readable in the table."""
    return f"{kind}:{hashlib.sha256(text.encode()).hexdigest()}"
