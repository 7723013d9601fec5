"""Households: made and changed; the open tasks at a door move with it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.errors import FieldError, Invalid, NotFound
from shared.domain.household import Household, door_key
from shared.operations import holding
from shared.operations.repeats import first_or_taken, making
from shared.store import districts, households, tasks
from shared.store.connection import Connection
from shared.store.constraints import domain_errors
from shared.store.events import NewEvent, insert_events

_SET_BY_PEOPLE = ("district_id", "ref", "address", "lat", "lon", "access_notes")


async def create_household(
    conn: Connection, household: Household, *, now: datetime, account_id: UUID | None
) -> Household:
    """A new household in the grid that holds its point. Raises Taken (ref, address with point, or id with other content), Invalid."""
    household = _with_door(household)
    async with making(conn, household.id):
        first = await households.select_household(conn, household.id)
        if first is not None:
            return first_or_taken(first, household, _SET_BY_PEOPLE)
        made = await households.insert_household(conn, household)
        await insert_events(conn, [_changed(made, now, account_id)])
        return made


async def change_household(
    conn: Connection, household_id: UUID, changes: Mapping[str, Any], *, now: datetime, account_id: UUID | None
) -> Household:
    """Change a household. Where its point moves, so do the open tasks there: what waits is looked at again, and the teams that hold one
    have their routes timed anew, in the order they had. Raises NotFound, Taken, Invalid.
    """
    with domain_errors():
        async with conn.transaction():
            held = await holding.lock(conn, await tasks.select_held_at_household(conn, household_id))
            known = await households.lock_household(conn, household_id)
            district = await districts.select_district(conn, known.district_id) if known else None
            if known is None or district is None:
                raise NotFound
            household = _with_door(replace(known, **changes))
            made = await households.update_household(conn, household, now)
            await households.update_pending_tasks_to_households(conn, [household_id], now)
            if (made.lat, made.lon) != (known.lat, known.lon):
                await households.update_held_tasks_to_household(conn, household_id, list(held), now)
                holders = {task.team_id for task in held.values() if task.team_id is not None}
                await holding.rewrite_walks(conn, district, holders, now=now, why="household_moved")
            await insert_events(conn, [_changed(made, now, account_id)])
            return made


def _with_door(household: Household) -> Household:
    """Raises Invalid where nothing tells this door from others, or half a point is given."""
    if (household.lat is None) != (household.lon is None):
        missing = "lat" if household.lat is None else "lon"
        raise Invalid(errors=(FieldError(in_="body", loc=missing, msg="A point has lat and lon."),))
    if not household.ref and not household.address.strip() and household.lat is None:
        raise Invalid(errors=(FieldError(in_="body", loc="address", msg="Give a ref, an address or a point."),))
    return replace(household, door=door_key(household.ref, household.address, household.lat, household.lon))


def _changed(household: Household, now: datetime, account_id: UUID | None) -> NewEvent:
    return NewEvent(
        district_id=household.district_id,
        at=now,
        name="household.changed",
        account_id=account_id,
        data={"household_id": str(household.id)},
    )
