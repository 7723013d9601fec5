"""Who read personal data."""

from services.dispatcher.answers import Page
from services.dispatcher.paging import page_of
from services.dispatcher.payloads.audit import AuditOut, AuditQuery
from services.dispatcher.request import Request
from shared.store import audit


async def get_audit(request: Request, query: AuditQuery) -> Page[AuditOut]:
    """Reads of personal data, newest first."""
    reach = await request.scope(query.district)
    async with request.connection() as conn:
        rows = await audit.select_audit(
            conn,
            reach=reach,
            account_id=query.account_id,
            member_id=query.member_id,
            target=query.target,
            before=query.after_id(),
            limit=query.fetch,
        )
    return page_of(rows, query, AuditOut.of, key=lambda row: (row["id"],))
