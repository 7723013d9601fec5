"""Members. The hash of a PIN goes in here and comes out in `select_pin` only."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from shared.domain.member import Member
from shared.domain.words import Duty
from shared.store.connection import Connection, Record
from shared.store.patterns import contains

COLUMNS = (
    "id, district_id, name, phone, role, capabilities, language, duty, duty_changed_at, active, suit_since,"
    " pin_hash IS NOT NULL AS has_pin, created_at"
)


def _member(row: Record) -> Member:
    return Member(**{**row, "capabilities": tuple(row["capabilities"]), "duty": Duty(row["duty"])})


async def insert_member(conn: Connection, member: Member, *, pin_hash: str | None) -> Member:
    """Write a new member."""
    row = await conn.fetchrow(
        f"""
        INSERT INTO members (id, district_id, name, phone, pin_hash, role, capabilities, language, duty, active)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
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
    assert row is not None  # noqa: S101 - what is inserted is returned
    return _member(row)


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


async def update_suit(conn: Connection, member_id: UUID, since: datetime | None) -> Member:
    """Write since when a member wears a protective suit, None: wears none; the caller holds the locks as for `update_duty`."""
    row = await conn.fetchrow(
        f"UPDATE members SET suit_since = $2, suit_noted_at = NULL WHERE id = $1 RETURNING {COLUMNS}", member_id, since
    )
    assert row is not None  # noqa: S101 - the caller holds the row's lock
    return _member(row)


async def select_long_in_suits(
    conn: Connection, now: datetime, *, usual_limit: timedelta | None, most: int
) -> list[Record]:
    """id and district_id of members in a suit for longer than their district's `suit_limit_s` (`usual_limit` where it set none), whose
    teams were not looked at since, longest first."""
    return await conn.fetch(
        """
        SELECT m.id, m.district_id
          FROM members m JOIN districts d ON d.id = m.district_id
         WHERE m.suit_since IS NOT NULL AND m.suit_noted_at IS NULL
           AND m.suit_since <= $1::timestamptz - CASE WHEN d.settings ? 'suit_limit_s'
                                                      THEN make_interval(secs => (d.settings ->> 'suit_limit_s')::float)
                                                      ELSE $2::interval END
         ORDER BY m.suit_since
         LIMIT $3
        """,
        now,
        usual_limit,
        most,
    )


async def update_suit_noted(conn: Connection, member_id: UUID, now: datetime) -> None:
    """Mark that the team was looked at because the member is in the suit for too long. Counts its roster version up."""
    await conn.execute(
        "UPDATE members SET suit_noted_at = $2 WHERE id = $1 AND suit_since IS NOT NULL AND suit_noted_at IS NULL",
        member_id,
        now,
    )


async def select_suits_after_shifts(conn: Connection, now: datetime, most: int) -> list[Record]:
    """id and district_id of members still in a suit after the shift in which they wore it, none following at once."""
    return await conn.fetch(
        """
        SELECT m.id, m.district_id
          FROM members m
         WHERE m.suit_since IS NOT NULL
           AND EXISTS (SELECT FROM memberships x JOIN shifts s ON s.team_id = x.team_id AND s.during && x.during
                        WHERE x.member_id = m.id AND s.during && tstzrange(least(m.suit_since, $1), $1, '[]') AND upper(s.during) <= $1)
           AND NOT EXISTS (SELECT FROM memberships x JOIN shifts s ON s.team_id = x.team_id
                            WHERE x.member_id = m.id AND x.during @> $1::timestamptz AND s.during @> $1::timestamptz)
         ORDER BY m.suit_since
         LIMIT $2
        """,
        now,
        most,
    )


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
    free: tuple[datetime, datetime] | None = None,
) -> list[Member]:
    """Members of these districts (None: of all) behind id `after`, in id order; `q` is part of name and phone.

    `free`: who is in no shift of a team from the one moment until before the other.
    """
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
           AND ($8::timestamptz IS NULL OR NOT EXISTS (
               SELECT FROM memberships x JOIN shifts s ON s.team_id = x.team_id AND s.during && (x.during * tstzrange($8, $9))
                WHERE x.member_id = members.id AND x.during && tstzrange($8, $9)))
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
        *(free or (None, None)),
    )
    return [_member(row) for row in rows]


async def select_members_named(conn: Connection, district_id: UUID, said: Collection[str]) -> list[Member]:
    """The district's members whose name, phone or id is one of these."""
    rows = await conn.fetch(
        f"SELECT {COLUMNS} FROM members WHERE district_id = $1 AND (name = ANY($2) OR phone = ANY($2) OR id::text = ANY($2))",
        district_id,
        list(said),
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
