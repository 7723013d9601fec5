"""Members. The hash of a PIN goes in here and comes out in `select_pin` only."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from shared.domain.member import Member
from shared.domain.words import Duty
from shared.store.connection import Connection, Record
from shared.store.patterns import contains

COLUMNS = (
    "id, district_id, name, phone, role, capabilities, language, duty, duty_changed_at, active,"
    " pin_hash IS NOT NULL AS has_pin, created_at"
)


def _member(row: Record) -> Member:
    return Member(**{**row, "capabilities": tuple(row["capabilities"]), "duty": Duty(row["duty"])})


async def insert_member(conn: Connection, member: Member, *, pin_hash: str | None) -> Member | None:
    """Write a new member; None where the id is taken."""
    row = await conn.fetchrow(
        f"""
        INSERT INTO members (id, district_id, name, phone, pin_hash, role, capabilities, language, duty, active)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (id) DO NOTHING
        RETURNING {COLUMNS}
        """,
        member.id,
        member.district_id,
        member.name,
        member.phone,
        pin_hash,
        member.role,
        list(member.capabilities),
        member.language,
        member.duty,
        member.active,
    )
    return None if row is None else _member(row)


async def update_member(conn: Connection, member: Member, *, pin_hash: str | None) -> Member:
    """Write what people set on a member, except duty; the PIN stays where `pin_hash` is None."""
    row = await conn.fetchrow(
        f"""
        UPDATE members
           SET name = $2, phone = $3, role = $4, capabilities = $5, language = $6, active = $7, pin_hash = coalesce($8, pin_hash)
         WHERE id = $1
        RETURNING {COLUMNS}
        """,
        member.id,
        member.name,
        member.phone,
        member.role,
        list(member.capabilities),
        member.language,
        member.active,
        pin_hash,
    )
    assert row is not None  # noqa: S101 - the caller holds the row's lock
    return _member(row)


async def update_duty(conn: Connection, member_id: UUID, duty: Duty, changed_at: datetime) -> Member:
    """Write a member's duty; the caller holds the lock of the member's team, then of the member."""
    row = await conn.fetchrow(
        f"UPDATE members SET duty = $2, duty_changed_at = $3 WHERE id = $1 RETURNING {COLUMNS}",
        member_id,
        duty,
        changed_at,
    )
    assert row is not None  # noqa: S101 - the caller holds the row's lock
    return _member(row)


async def lock_members(conn: Connection, member_ids: Collection[UUID]) -> list[Member]:
    """Lock these members until the transaction ends, in id order, after their teams. Absent ones are left out."""
    rows = await conn.fetch(
        f"SELECT {COLUMNS} FROM members WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", list(member_ids)
    )
    return [_member(row) for row in rows]


async def select_member(conn: Connection, member_id: UUID) -> Member | None:
    row = await conn.fetchrow(f"SELECT {COLUMNS} FROM members WHERE id = $1", member_id)
    return None if row is None else _member(row)


async def select_members(
    conn: Connection,
    districts: Collection[UUID] | None,
    *,
    q: str | None,
    role: str | None,
    duty: Duty | None,
    active: bool | None,
    after: UUID | None,
    limit: int,
) -> list[Member]:
    """Members of these districts (None: of all) behind id `after`, in id order; `q` is part of name and phone."""
    rows = await conn.fetch(
        f"""
        SELECT {COLUMNS}
          FROM members
         WHERE ($1::uuid[] IS NULL OR district_id = ANY($1))
           AND ($2::text IS NULL OR (name || ' ' || phone) ILIKE $2)
           AND ($3::text IS NULL OR role = $3)
           AND ($4::text IS NULL OR duty = $4)
           AND ($5::bool IS NULL OR active = $5)
           AND ($6::uuid IS NULL OR id > $6)
         ORDER BY id
         LIMIT $7
        """,
        None if districts is None else list(districts),
        contains(q),
        role,
        duty,
        active,
        after,
        limit,
    )
    return [_member(row) for row in rows]


async def select_logins(conn: Connection, *, phone: str, district: str | None) -> list[Record]:
    """What a log-in by phone is checked against: id and pin_hash of each active member, in one district (code or id) or all."""
    return await conn.fetch(
        """
        SELECT m.id, m.pin_hash FROM members m JOIN districts d ON d.id = m.district_id
         WHERE m.phone = $1 AND m.active AND ($2::text IS NULL OR $2 IN (d.code, d.id::text))
         ORDER BY m.id LIMIT 5
        """,
        phone,
        district,
    )
