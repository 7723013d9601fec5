"""Visits that need a look."""

from services.dispatcher.answers import NoContent
from services.dispatcher.payloads.fields import IdPath
from services.dispatcher.request import Request
from shared.domain.errors import NotFound
from shared.operations import reviews
from shared.store import visits


async def post_visit_review(request: Request, path: IdPath) -> NoContent:
    """Say that somebody looked at a visit that needs it: no list of what needs a look has it any more. Repeatable."""
    async with request.transaction() as conn:
        visit = await visits.select_visit(conn, path.id)
        if visit is None:
            raise NotFound
        request.check_district(visit.district_id)
        await reviews.review_visit(conn, path.id, now=request.now, account_id=request.actor.id)
    return NoContent()
