"""Households: doors."""

from services.dispatcher.answers import Created, Page
from services.dispatcher.paging import page_of
from services.dispatcher.payloads.fields import IdPath
from services.dispatcher.payloads.households import HouseholdOut, HouseholdPatch, HouseholdQuery, NewHousehold
from services.dispatcher.request import Request
from shared.domain.errors import NotFound
from shared.domain.household import Household
from shared.operations import households as operations
from shared.store import households
from shared.store.connection import Connection


async def get_households(request: Request, query: HouseholdQuery) -> Page[HouseholdOut]:
    """Households, by part of the address, ref or grid."""
    among = await request.scope(query.district)
    async with request.connection() as conn:
        found = await households.select_households(
            conn,
            among,
            q=query.q,
            ref=query.ref,
            grid_id=query.grid_id,
            after=query.after_id(),
            limit=query.fetch,
        )
    return page_of(found, query, HouseholdOut.of, key=lambda household: (household.id,))


async def get_household(request: Request, path: IdPath) -> HouseholdOut:
    """One household."""
    async with request.connection() as conn:
        return HouseholdOut.of(await _own_household(request, conn, path))


async def post_household(request: Request, body: NewHousehold) -> Created[HouseholdOut]:
    """Make a household, in the grid that holds its point."""
    district_id = await request.district(body.district)
    async with request.transaction() as conn:
        made = await operations.create_household(
            conn, body.household(district_id), now=request.now, account_id=request.actor.account_id
        )
    return Created(HouseholdOut.of(made), location=f"/v1/households/{made.id}")


async def patch_household(request: Request, path: IdPath, body: HouseholdPatch) -> HouseholdOut:
    """Change a household. Tasks that wait there move with its point."""
    async with request.transaction() as conn:
        known = await _own_household(request, conn, path)
        made = await operations.change_household(
            conn, path.id, body.given(), now=request.now, account_id=request.actor.account_id
        )
    request.nudge(known.district_id)
    return HouseholdOut.of(made)


async def _own_household(request: Request, conn: Connection, path: IdPath) -> Household:
    household = await households.select_household(conn, path.id)
    if household is None:
        raise NotFound
    request.check_district(household.district_id)
    return household
