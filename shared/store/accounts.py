"""Accounts of people at desks and of programs, and the districts they reach."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.domain.words import Permission
from shared.store.connection import Connection, Record

COLUMNS = """
    a.id, a.name, a.permission, a.active, a.leads, a.created_at,
    (SELECT coalesce(jsonb_object_agg(d.id, d.code), '{}')
       FROM account_districts ad JOIN districts d ON d.id = ad.district_id WHERE ad.account_id = a.id) AS districts
"""


async def select_account(conn: Connection, account_id: UUID) -> Record | None:
    return await conn.fetchrow(f"SELECT {COLUMNS} FROM accounts a WHERE a.id = $1", account_id)


async def select_accounts(
    conn: Connection, *, text: str | None, permission: Permission | None, after: UUID | None, limit: int
) -> list[Record]:
    """Accounts behind id `after`, in id order, whose name contains `text`."""
    return await conn.fetch(
        f"""
        SELECT {COLUMNS}
          FROM accounts a
         WHERE ($1::text IS NULL OR strpos(lower(a.name), lower($1)) > 0)
           AND ($2::text IS NULL OR a.permission = $2)
           AND ($3::uuid IS NULL OR a.id > $3)
         ORDER BY a.id
         LIMIT $4
        """,
        text,
        permission,
        after,
        limit,
    )


async def select_login(conn: Connection, name: str) -> Record | None:
    """What a log-in by name is checked against: id and secret_hash of the active account."""
    return await conn.fetchrow("SELECT id, secret_hash FROM accounts WHERE name = $1 AND active", name)


async def lock_admins(conn: Connection) -> list[UUID]:
    """Lock the active admins until the transaction ends, in id order."""
    rows = await conn.fetch("SELECT id FROM accounts WHERE permission = 'admin' AND active ORDER BY id FOR UPDATE")
    return [row["id"] for row in rows]


async def insert_account(
    conn: Connection,
    account_id: UUID,
    *,
    name: str,
    secret_hash: str,
    permission: Permission,
    created_at: datetime,
    leads: bool = False,
) -> None:
    await conn.execute(
        "INSERT INTO accounts (id, name, secret_hash, permission, created_at, leads) VALUES ($1, $2, $3, $4, $5, $6)",
        account_id,
        name,
        secret_hash,
        permission,
        created_at,
        leads,
    )


async def update_account(
    conn: Connection,
    account_id: UUID,
    *,
    name: str | None = None,
    secret_hash: str | None = None,
    permission: Permission | None = None,
    active: bool | None = None,
    leads: bool | None = None,
) -> bool:
    """Change what is given; False where there is no such account."""
    done = await conn.fetchval(
        """
        UPDATE accounts
           SET name = coalesce($2, name), secret_hash = coalesce($3, secret_hash),
               permission = coalesce($4, permission), active = coalesce($5, active), leads = coalesce($6, leads)
         WHERE id = $1
        RETURNING true
        """,
        account_id,
        name,
        secret_hash,
        permission,
        active,
        leads,
    )
    return done is not None


async def insert_account_districts(conn: Connection, account_id: UUID, districts: Sequence[UUID]) -> None:
    await conn.execute(
        "INSERT INTO account_districts (account_id, district_id) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING",
        account_id,
        districts,
    )


async def delete_account_districts(conn: Connection, account_id: UUID) -> None:
    await conn.execute("DELETE FROM account_districts WHERE account_id = $1", account_id)


async def select_district_codes(conn: Connection) -> dict[UUID, str]:
    """Every district's id and code."""
    return {row["id"]: row["code"] for row in await conn.fetch("SELECT id, code FROM districts")}
