"""Pick-up points, and the legs on which specimens travel to the lab."""

from services.dispatcher.answers import Created, Page
from services.dispatcher.paging import page_of
from services.dispatcher.payloads.fields import IdPath
from services.dispatcher.payloads.specimens import (
    LegDetail,
    LegOut,
    LegQuery,
    NewPickUpPoint,
    PickUpPointOut,
    PickUpPointPatch,
    PickUpPointQuery,
)
from services.dispatcher.request import Request
from shared.domain.errors import NotFound
from shared.domain.specimens import PickUpPoint
from shared.operations import pick_up_points as operations
from shared.store import pick_up_points, specimens
from shared.store.connection import Connection


async def get_pick_up_points(request: Request, query: PickUpPointQuery) -> Page[PickUpPointOut]:
    """Where teams leave specimens."""
    among = await request.scope(query.district)
    async with request.connection() as conn:
        found = await pick_up_points.select_pick_up_points(
            conn, among, active=query.active, after=query.after_id(), limit=query.fetch
        )
    return page_of(found, query, PickUpPointOut.of, key=lambda point: (point.id,))


async def get_pick_up_point(request: Request, path: IdPath) -> PickUpPointOut:
    """One pick-up point."""
    async with request.connection() as conn:
        return PickUpPointOut.of(await _own_point(request, conn, path))


async def post_pick_up_point(request: Request, body: NewPickUpPoint) -> Created[PickUpPointOut]:
    """Make a pick-up point. From then on what is swabbed goes to the nearest one, and a transport task is made for each round."""
    district_id = await request.district(body.district)
    async with request.transaction() as conn:
        made = await operations.create_pick_up_point(
            conn, body.pick_up_point(district_id), now=request.now, account_id=request.actor.account_id
        )
    return Created(PickUpPointOut.of(made), location=f"/v1/pick-up-points/{made.id}")


async def patch_pick_up_point(request: Request, path: IdPath, body: PickUpPointPatch) -> PickUpPointOut:
    """Change a pick-up point. Legs that are open move with it; one that is not active gets no new ones."""
    async with request.transaction() as conn:
        before = await _own_point(request, conn, path)
        made = await operations.change_pick_up_point(
            conn, path.id, body.changes(before), now=request.now, account_id=request.actor.account_id
        )
    request.nudge(made.district_id)
    return PickUpPointOut.of(made)


async def get_specimen_legs(request: Request, query: LegQuery) -> Page[LegOut]:
    """Legs with their counts, in the order in which they were made."""
    among = await request.scope(query.district)
    async with request.connection() as conn:
        found = await specimens.select_legs(
            conn,
            among,
            point_id=query.pick_up_point_id,
            since=query.since,
            until=query.until,
            after=query.after_id(),
            limit=query.fetch,
        )
    return page_of(found, query, lambda row: LegOut.of(row, request.now), key=lambda row: (row["task_id"],))


async def get_specimen_leg(request: Request, path: IdPath) -> LegDetail:
    """One leg with what is on it."""
    async with request.connection() as conn:
        rows = await specimens.select_legs(conn, None, leg_id=path.id)
        if not rows:
            raise NotFound
        request.check_district(rows[0]["district_id"])
        return LegDetail.with_specimens(rows[0], await specimens.select_tubes(conn, path.id), request.now)


async def _own_point(request: Request, conn: Connection, path: IdPath) -> PickUpPoint:
    point = await pick_up_points.select_pick_up_point(conn, path.id)
    if point is None:
        raise NotFound
    request.check_district(point.district_id)
    return point
