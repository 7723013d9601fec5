"""Tokens of sessions, programs and one-time links, and the actor behind each."""

from datetime import datetime
from uuid import UUID

from shared.domain.access import Actor
from shared.domain.words import Permission, TokenPurpose
from shared.store.connection import Connection, Record

_ACTOR_COLUMNS = """
    t.id AS token_id, t.expires_at, coalesce(a.id, m.id) AS id, coalesce(a.name, m.name) AS name,
    coalesce(a.permission, 'member') AS permission, m.role, m.language,
    CASE WHEN m.id IS NULL
         THEN (SELECT jsonb_object_agg(d.id, d.code)
                 FROM account_districts ad JOIN districts d ON d.id = ad.district_id WHERE ad.account_id = a.id)
         ELSE (SELECT jsonb_object_agg(d.id, d.code) FROM districts d WHERE d.id = m.district_id)
    END AS districts
"""


async def select_actor(conn: Connection, digest: bytes, now: datetime) -> Actor | None:
    """The active account or member whose session or program token this is; None where it is not, or no longer."""
    row = await conn.fetchrow(
        f"""
        SELECT {_ACTOR_COLUMNS}
          FROM tokens t LEFT JOIN accounts a ON a.id = t.account_id LEFT JOIN members m ON m.id = t.member_id
         WHERE t.hash = $1 AND t.purpose <> 'link' AND t.revoked_at IS NULL AND t.expires_at > $2
           AND coalesce(a.active, m.active)
        """,
        digest,
        now,
    )
    return None if row is None else _actor(row)


async def insert_token(
    conn: Connection,
    token_id: UUID,
    *,
    digest: bytes,
    purpose: TokenPurpose,
    account_id: UUID | None = None,
    member_id: UUID | None = None,
    label: str = "",
    created_at: datetime,
    expires_at: datetime,
) -> None:
    await conn.execute(
        """
        INSERT INTO tokens (id, hash, purpose, account_id, member_id, label, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        token_id,
        digest,
        purpose,
        account_id,
        member_id,
        label,
        created_at,
        expires_at,
    )


async def update_link_used(conn: Connection, digest: bytes, now: datetime) -> UUID | None:
    """Redeem a one-time link: its member the first time, None ever after (and where it is unknown or too old)."""
    member_id: UUID | None = await conn.fetchval(
        """
        UPDATE tokens SET used_at = $2
         WHERE hash = $1 AND purpose = 'link' AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2
        RETURNING member_id
        """,
        digest,
        now,
    )
    return member_id


async def select_tokens_of_account(conn: Connection, account_id: UUID, now: datetime) -> list[Record]:
    """The account's live tokens, newest first, without what they are."""
    return await conn.fetch(
        """
        SELECT id, purpose, label, created_at, expires_at FROM tokens
         WHERE account_id = $1 AND revoked_at IS NULL AND expires_at > $2
         ORDER BY id DESC
        """,
        account_id,
        now,
    )


async def update_token_revoked(conn: Connection, token_id: UUID, now: datetime) -> bool:
    """Revoke a token; False where there is none that lives."""
    done = await conn.fetchval(
        "UPDATE tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING true", token_id, now
    )
    return done is not None


async def update_tokens_revoked(
    conn: Connection,
    now: datetime,
    *,
    account_id: UUID | None = None,
    member_id: UUID | None = None,
    purpose: TokenPurpose | None = None,
) -> None:
    """Revoke the tokens of an account or a member, all or those of one purpose."""
    await conn.execute(
        """
        UPDATE tokens SET revoked_at = $1
         WHERE (account_id = $2 OR member_id = $3) AND revoked_at IS NULL AND ($4::text IS NULL OR purpose = $4)
        """,
        now,
        account_id,
        member_id,
        purpose,
    )


async def delete_tokens_expired(conn: Connection, before: datetime) -> None:
    """Forget tokens that ended before then."""
    await conn.execute("DELETE FROM tokens WHERE expires_at < $1 OR revoked_at < $1", before)


def _actor(row: Record) -> Actor:
    return Actor(
        id=row["id"],
        permission=Permission(row["permission"]),
        token_id=row["token_id"],
        expires_at=row["expires_at"],
        name=row["name"],
        role=row["role"],
        language=row["language"],
        districts={UUID(district_id): code for district_id, code in (row["districts"] or {}).items()},
    )
