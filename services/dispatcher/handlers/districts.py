"""Districts: the tenants."""

from services.dispatcher.answers import Created, Page
from services.dispatcher.paging import PageQuery, page_of
from services.dispatcher.payloads.districts import DistrictOut, DistrictPatch, NewDistrict
from services.dispatcher.payloads.fields import IdPath
from services.dispatcher.request import Request
from shared.domain.district import District
from shared.domain.errors import NotFound
from shared.domain.ids import new_id
from shared.operations import districts as operations
from shared.store import districts


async def get_districts(request: Request, query: PageQuery) -> Page[DistrictOut]:
    """The districts that the caller may use."""
    async with request.connection() as conn:
        found = await districts.select_districts(conn, among=request.reach, after=query.after_id(), limit=query.fetch)
    return page_of(found, query, DistrictOut.of, key=lambda district: (district.id,))


async def get_district(request: Request, path: IdPath) -> DistrictOut:
    """One district."""
    request.check_district(path.id)
    async with request.connection() as conn:
        found = await districts.select_district(conn, path.id)
    if found is None:
        raise NotFound
    return DistrictOut.of(found)


async def post_district(request: Request, body: NewDistrict) -> Created[DistrictOut]:
    """Make a district with its slots and the kinds of the catalogue."""
    district = District(
        id=body.id or new_id(), code=body.code, name=body.name, time_zone=body.time_zone, slots=body.slots
    )
    async with request.transaction() as conn:
        made = await operations.create_district(
            conn, district, body.settings.given(), now=request.now, account_id=request.actor.account_id
        )
    return Created(DistrictOut.of(made), location=f"/v1/districts/{made.id}")


async def patch_district(request: Request, path: IdPath, body: DistrictPatch) -> DistrictOut:
    """Change a district. `slots` are given whole, `settings` one by one; a slot that is still needed stays."""
    changes = body.given()
    if "settings" in changes:
        changes["settings"] = body.settings.given()
    async with request.transaction() as conn:
        made = await operations.change_district(
            conn, path.id, changes, now=request.now, account_id=request.actor.account_id
        )
    request.forget_credentials()
    request.nudge(path.id)
    return DistrictOut.of(made)
