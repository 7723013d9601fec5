"""Visits that need a look: somebody at a desk says that they had it."""

from datetime import datetime
from uuid import UUID

from shared.domain.errors import NotFound
from shared.store import visits
from shared.store.connection import Connection
from shared.store.events import NewEvent, insert_events


async def review_visit(conn: Connection, visit_id: UUID, *, now: datetime, account_id: UUID) -> None:
    """Somebody looked at the visit: it is on no list of what needs a look any more. Who was first stays. Raises NotFound."""
    async with conn.transaction():
        visit = await visits.lock_visit(conn, visit_id)
        if visit is None:
            raise NotFound
        if visit["reviewed_at"] is not None or not visit["needs_review"]:
            return
        await visits.update_reviewed(conn, visit_id, by=account_id, now=now)
        said = NewEvent(
            district_id=visit["district_id"],
            at=now,
            name="visit.reviewed",
            task_id=visit["task_id"],
            account_id=account_id,
            data={"visit_id": str(visit_id)},
        )
        await insert_events(conn, [said])
