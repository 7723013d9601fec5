"""Grids: drawn as GeoJSON, read as JSON or GeoJSON."""

import asyncio

import orjson
from aiohttp import hdrs, web
from pydantic import TypeAdapter

from services.dispatcher.answers import Page
from services.dispatcher.contract import RawBody
from services.dispatcher.paging import page_of
from services.dispatcher.parsing import read_json
from services.dispatcher.payloads.fields import IdPath
from services.dispatcher.payloads.grids import GridCollection, GridOut, GridQuery, GridsPut, RedrawnOut, feature
from services.dispatcher.request import Request
from shared.domain.errors import NotFound
from shared.domain.grid import DrawnGrid
from shared.operations import grids as operations
from shared.operations.shapes import draw_grids
from shared.store import grids

GEO_JSON = "application/geo+json"
_COLLECTION = TypeAdapter(GridCollection)


async def get_grids(request: Request, query: GridQuery) -> Page[GridOut] | web.Response:
    """The grids in pages; with `Accept: application/geo+json` a page is a FeatureCollection with `next_cursor` beside its features."""
    among = await request.scope(query.district)
    async with request.connection() as conn:
        found = await grids.select_grids(conn, among, q=query.q, after=query.after_id(), limit=query.fetch)
    if GEO_JSON not in request.raw.headers.get(hdrs.ACCEPT, ""):
        return page_of(found, query, GridOut.of, key=lambda grid: (grid.id,))
    page = page_of(found, query, feature, key=lambda grid: (grid.id,))
    collection = {"type": "FeatureCollection", "features": page.items, "next_cursor": page.next_cursor}
    return web.Response(body=orjson.dumps(collection), content_type=GEO_JSON)


async def get_grid(request: Request, path: IdPath) -> GridOut:
    """One grid."""
    async with request.connection() as conn:
        found = await grids.select_grid(conn, path.id)
    if found is None:
        raise NotFound
    request.check_district(found.district_id)
    return GridOut.of(found)


async def put_grids(request: Request, query: GridsPut, body: RawBody) -> RedrawnOut:
    """Draw a district's grids by their codes: known ones are changed, new ones added; with `replace` those not named go.

    Households and open tasks go into the smallest grid that holds their point now.
    """
    drawn = await asyncio.to_thread(_read, body.content)
    district_id = await request.district(query.district, where="query")
    async with request.transaction() as conn:
        redrawn = await operations.redraw_grids(
            conn,
            district_id,
            drawn,
            replace=query.replace,
            now=request.now,
            account_id=request.actor.account_id,
        )
    request.nudge(district_id)
    return RedrawnOut.of(redrawn)


def _read(content: bytes) -> tuple[DrawnGrid, ...]:
    return draw_grids(read_json(_COLLECTION, content).model_dump())
