"""Who read personal data, when, by which route; ids only."""

from datetime import datetime
from uuid import UUID

from shared.store.connection import Connection, Record

COLUMNS = "id, at, district_id, account_id, member_id, action, target, request_id"


async def insert_audit(
    conn: Connection,
    audit_id: UUID,
    *,
    at: datetime,
    district_id: UUID | None,
    account_id: UUID | None,
    member_id: UUID | None,
    action: str,
    target: str,
    request_id: str,
) -> None:
    await conn.execute(
        f"INSERT INTO audit ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        audit_id,
        at,
        district_id,
        account_id,
        member_id,
        action,
        target,
        request_id,
    )


async def select_audit(
    conn: Connection,
    *,
    reach: list[UUID] | None,
    account_id: UUID | None = None,
    member_id: UUID | None = None,
    target: str | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[Record]:
    """The latest reads in these districts (None: everywhere), newest first, older than row `before`."""
    return await conn.fetch(
        f"""
        SELECT {COLUMNS} FROM audit
         WHERE ($1::uuid[] IS NULL OR district_id = ANY($1))
           AND ($2::uuid IS NULL OR account_id = $2) AND ($3::uuid IS NULL OR member_id = $3)
           AND ($4::text IS NULL OR target = $4) AND ($5::uuid IS NULL OR id < $5)
         ORDER BY id DESC LIMIT $6
        """,
        reach,
        account_id,
        member_id,
        target,
        before,
        limit,
    )
