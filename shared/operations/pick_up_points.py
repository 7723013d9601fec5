"""Pick-up points: made and changed. A point has a household of its own, so that its transports are tasks like any other."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.errors import FieldError, Invalid, NotFound
from shared.domain.household import Household
from shared.domain.ids import new_id
from shared.domain.specimens import SPECIMEN_TRANSPORT, PickUpPoint
from shared.operations.households import change_household, create_household
from shared.operations.kinds import make_usual_kinds
from shared.operations.repeats import first_or_taken, making
from shared.store import districts, kinds, pick_up_points
from shared.store.connection import Connection
from shared.store.constraints import domain_errors
from shared.store.events import NewEvent, insert_events

_SET_BY_PEOPLE = ("district_id", "name", "address", "point", "lab_address", "kinds", "active")


async def create_pick_up_point(
    conn: Connection, point: PickUpPoint, *, now: datetime, account_id: UUID | None
) -> PickUpPoint:
    """A new point; what is swabbed from now on goes there. `household_id` is made here. A district that is older than the kind of the
    transport gets it. Raises Taken (name, or id with other content), Invalid (kinds), NotFound (district).
    """
    async with making(conn, point.id):
        if await districts.lock_district(conn, point.district_id) is None:
            raise NotFound("There is no such district.")
        first = await pick_up_points.select_pick_up_point(conn, point.id)
        if first is not None:
            return first_or_taken(first, point, _SET_BY_PEOPLE)
        await _check_kinds(conn, point)
        await make_usual_kinds(conn, point.district_id, now=now, account_id=account_id, only={SPECIMEN_TRANSPORT})
        door = await create_household(conn, _door(point), now=now, account_id=account_id)
        made = replace(point, household_id=door.id)
        await pick_up_points.insert_pick_up_point(conn, made)
        await insert_events(conn, [_changed(made, now, account_id)])
        return await pick_up_points.select_pick_up_point(conn, made.id) or made


async def change_pick_up_point(
    conn: Connection, point_id: UUID, changes: Mapping[str, Any], *, now: datetime, account_id: UUID | None
) -> PickUpPoint:
    """Change a point; legs that are on their way stay as they are, but for where they are picked up. Raises NotFound, Taken, Invalid."""
    with domain_errors():
        async with conn.transaction():
            before = await pick_up_points.select_pick_up_point(conn, point_id)
            if before is None:
                raise NotFound
            changed = replace(before, **changes)
            if (changed.point, changed.address) != (before.point, before.address):
                place = {"lat": changed.point.lat, "lon": changed.point.lon, "address": changed.address}
                await change_household(conn, before.household_id, place, now=now, account_id=account_id)
            known = await pick_up_points.lock_pick_up_point(conn, point_id)
            if known is None:
                raise NotFound
            point = replace(known, **changes)
            await _check_kinds(conn, point)
            await pick_up_points.update_pick_up_point(conn, point)
            await insert_events(conn, [_changed(point, now, account_id)])
            return point


def _door(point: PickUpPoint) -> Household:
    """The ref is the point's own, so that no person's door is ever taken for it."""
    return Household(
        id=new_id(),
        district_id=point.district_id,
        door="",
        ref=f"pick_up_point:{point.id}",
        address=point.address or point.name,
        lat=point.point.lat,
        lon=point.point.lon,
    )


async def _check_kinds(conn: Connection, point: PickUpPoint) -> None:
    """Raises Invalid naming kinds that the district does not have."""
    known = {kind.code for kind in await kinds.select_all_kinds(conn, point.district_id)} - {SPECIMEN_TRANSPORT}
    wrong = [
        FieldError(in_="body", loc=f"kinds.{index}", msg="The district has no such kind.")
        for index, code in enumerate(point.kinds)
        if code not in known
    ]
    if wrong:
        raise Invalid(errors=tuple(wrong))


def _changed(point: PickUpPoint, now: datetime, account_id: UUID | None) -> NewEvent:
    return NewEvent(
        district_id=point.district_id,
        at=now,
        name="pick_up_point.changed",
        account_id=account_id,
        data={"pick_up_point_id": str(point.id)},
    )
