"""Tasks as points of a map."""

from services.dispatcher.answers import Page
from services.dispatcher.paging import page_of
from services.dispatcher.payloads.task_points import PointQuery, TaskPoint
from services.dispatcher.request import Request
from shared.store import task_points


async def get_task_points(request: Request, query: PointQuery) -> Page[TaskPoint]:
    """The open tasks for a map and a long list, nothing personal in them. With `id` (up to 200 times) these as they are now, closed
    ones too: what a page asks after an event."""
    among = await request.scope(query.district)
    async with request.connection() as conn:
        rows = await task_points.select_points(
            conn, among, ids=query.id or None, after=query.after_id(), limit=query.fetch
        )
    return page_of(rows, query, TaskPoint.of, key=lambda row: (row["id"],))
