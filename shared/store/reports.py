"""What phones said, with the answers they got."""

from typing import Any
from uuid import UUID

from shared.domain.reports import Report
from shared.store.connection import Connection, Record


async def insert_report(conn: Connection, report: Report) -> bool:
    """Claim the report's id, its answer still empty; False where it came before.

    Of two that come at once the second waits here until the first is answered.
    """
    claimed = await conn.fetchval(
        """
        INSERT INTO reports (id, district_id, member_id, kind, body, body_hash, device_at, corrected_at, received_at, answer)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '{}')
        ON CONFLICT (id) DO NOTHING
        RETURNING true
        """,
        report.id,
        report.district_id,
        report.member_id,
        report.kind,
        report.body,
        report.body_hash,
        report.device_at,
        report.corrected_at,
        report.received_at,
    )
    return claimed is not None


async def update_answer(conn: Connection, report_id: UUID, answer: dict[str, Any]) -> None:
    await conn.execute("UPDATE reports SET answer = $2 WHERE id = $1", report_id, answer)


async def select_report(conn: Connection, report_id: UUID) -> Record | None:
    """member_id, body_hash and answer of a report."""
    return await conn.fetchrow("SELECT member_id, body_hash, answer FROM reports WHERE id = $1", report_id)
