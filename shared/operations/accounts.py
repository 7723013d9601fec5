"""Accounts of people and programs: made, changed, given tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.domain.errors import LastAdmin, NotFound
from shared.domain.ids import new_id
from shared.domain.secrets import hash_token, new_token
from shared.domain.words import Permission, TokenPurpose
from shared.store import accounts, tokens
from shared.store.connection import Connection, Record
from shared.store.constraints import domain_errors


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChange:
    """What to change; None leaves it. `districts` replaces the whole list."""

    name: str | None = None
    secret_hash: str | None = None
    permission: Permission | None = None
    active: bool | None = None
    leads: bool | None = None
    districts: Sequence[UUID] | None = None


async def create_account(
    conn: Connection,
    *,
    account_id: UUID | None = None,
    name: str,
    secret_hash: str,
    permission: Permission,
    districts: Sequence[UUID],
    now: datetime,
    leads: bool = False,
) -> Record:
    """A new account. Raises Taken for a name (or id) in use."""
    account_id = account_id or new_id()
    with domain_errors():
        async with conn.transaction():
            await accounts.insert_account(
                conn, account_id, name=name, secret_hash=secret_hash, permission=permission, created_at=now, leads=leads
            )
            await accounts.insert_account_districts(conn, account_id, districts)
            return await find_account(conn, account_id)


async def find_account(conn: Connection, account_id: UUID) -> Record:
    """An account with its districts. Raises NotFound."""
    row = await accounts.select_account(conn, account_id)
    if row is None:
        raise NotFound
    return row


async def change_account(conn: Connection, account_id: UUID, change: AccountChange, now: datetime) -> Record:
    """Change an account. A new secret or a deactivation ends its sessions (deactivation its program tokens too).

    Raises NotFound, Taken for a name in use, LastAdmin where nobody could administer any more.
    """
    with domain_errors():
        async with conn.transaction():
            await _keep_an_admin(conn, account_id, change)
            done = await accounts.update_account(
                conn,
                account_id,
                name=change.name,
                secret_hash=change.secret_hash,
                permission=change.permission,
                active=change.active,
                leads=change.leads,
            )
            if not done:
                raise NotFound
            if change.districts is not None:
                await accounts.delete_account_districts(conn, account_id)
                await accounts.insert_account_districts(conn, account_id, change.districts)
            if change.active is False:
                await tokens.update_tokens_revoked(conn, now, account_id=account_id)
            elif change.secret_hash is not None:
                await tokens.update_tokens_revoked(conn, now, account_id=account_id, purpose=TokenPurpose.SESSION)
            return await find_account(conn, account_id)


async def make_program_token(
    conn: Connection, account_id: UUID, *, label: str, now: datetime, expires_at: datetime
) -> tuple[UUID, str]:
    """A standing token for a program: its id and the token, shown this once. Raises NotFound."""
    token, token_id = new_token(), new_id()
    async with conn.transaction():
        await find_account(conn, account_id)
        await tokens.insert_token(
            conn,
            token_id,
            digest=hash_token(token),
            purpose=TokenPurpose.PROGRAM,
            account_id=account_id,
            label=label,
            created_at=now,
            expires_at=expires_at,
        )
    return token_id, token


async def _keep_an_admin(conn: Connection, account_id: UUID, change: AccountChange) -> None:
    demoted = change.permission is not None and change.permission is not Permission.ADMIN
    if (demoted or change.active is False) and await accounts.lock_admins(conn) == [account_id]:
        raise LastAdmin
