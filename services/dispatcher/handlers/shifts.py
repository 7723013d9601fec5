"""Shifts: when teams work."""

from collections.abc import Sequence
from uuid import UUID

from services.dispatcher.answers import Created, NoContent, Page
from services.dispatcher.paging import page_of
from services.dispatcher.payloads.fields import IdPath
from services.dispatcher.payloads.shifts import (
    NewShift,
    NewShifts,
    RestWarning,
    ShiftList,
    ShiftOut,
    ShiftPatch,
    ShiftQuery,
)
from services.dispatcher.request import Request
from shared.domain.errors import FieldError, Invalid, NotFound
from shared.domain.rest import Rest
from shared.domain.team import Shift
from shared.operations import shifts as operations
from shared.store import districts, rests, shifts, teams
from shared.store.connection import Connection


async def get_shifts(request: Request, query: ShiftQuery) -> Page[ShiftOut]:
    """Shifts that touch the time from `since` until before `until`, by their ids: in the order in which they were made."""
    if query.since is not None and query.until is not None and query.until < query.since:
        raise Invalid(errors=(FieldError(in_="query", loc="until", msg="Give a time after since."),))
    among = await request.scope(query.district)
    async with request.connection() as conn:
        found = await shifts.select_shifts(
            conn,
            among,
            team_id=query.team_id,
            since=query.since,
            until=query.until,
            after=query.after_id(),
            limit=query.fetch,
        )
        of_shift = by_shift(await rests.select_rests_of_shifts(conn, [shift.id for shift in found]))
    return page_of(
        found, query, lambda shift: ShiftOut.of(shift, of_shift.get(shift.id, ())), key=lambda shift: (shift.id,)
    )


async def get_shift(request: Request, path: IdPath) -> ShiftOut:
    """One shift."""
    async with request.connection() as conn:
        shift = await _own_shift(request, conn, path)
        return ShiftOut.of(shift, await rests.select_rests_of_shifts(conn, [shift.id]))


async def post_shifts(request: Request, body: NewShifts) -> Created[ShiftOut | ShiftList]:
    """Make one shift, or a list of up to 1000 of one district's teams: all of them or none."""
    given: list[NewShift] = body if isinstance(body, list) else [body]
    async with request.transaction() as conn:
        first = await teams.select_team(conn, given[0].team_id)
        if first is None:
            raise NotFound
        request.check_district(first.district_id)
        district = await districts.select_district(conn, first.district_id)
        if district is None:
            raise NotFound
        made = await operations.create_shifts(
            conn,
            first.district_id,
            [new.shift(district.id, district.settings) for new in given],
            now=request.now,
            account_id=request.actor.account_id,
        )
        warnings = await _warnings(request, conn, made)
    request.nudge(first.district_id)
    if not isinstance(body, list):
        return Created(ShiftOut.of(made[0], warnings), location=f"/v1/shifts/{made[0].id}")
    own = by_shift(warnings)
    elsewhere = [rest for rest in warnings if rest.shift_id not in {shift.id for shift in made}]
    items = [ShiftOut.of(shift, own.get(shift.id, ())) for shift in made]
    return Created(ShiftList(items=items, warnings=[RestWarning.of(rest) for rest in elsewhere]), location="/v1/shifts")


async def patch_shift(request: Request, path: IdPath, body: ShiftPatch) -> ShiftOut:
    """Move a shift's start or end, or set its break. What no longer fits in, and is not accepted, goes back to be placed again."""
    async with request.transaction() as conn:
        await _own_shift(request, conn, path)
        made = await operations.change_shift(
            conn, path.id, body.shift_changes(), now=request.now, account_id=request.actor.account_id
        )
        warnings = await _warnings(request, conn, [made])
    request.nudge(made.district_id)
    return ShiftOut.of(made, warnings)


async def delete_shift(request: Request, path: IdPath) -> NoContent:
    """Remove a shift. What the team has not accepted in it goes back to be placed again."""
    async with request.transaction() as conn:
        known = await _own_shift(request, conn, path)
        await operations.remove_shift(conn, path.id, now=request.now, account_id=request.actor.account_id)
    request.nudge(known.district_id)
    return NoContent()


def by_shift(found: Sequence[Rest]) -> dict[UUID, list[Rest]]:
    """The rests of each shift."""
    of_shift: dict[UUID, list[Rest]] = {}
    for rest in found:
        of_shift.setdefault(rest.shift_id, []).append(rest)
    return of_shift


async def _warnings(request: Request, conn: Connection, made: Sequence[Shift]) -> list[Rest]:
    return await rests.select_warnings(
        conn,
        shift_ids=[shift.id for shift in made],
        team_ids={shift.team_id for shift in made},
        judged_at=request.now,
    )


async def _own_shift(request: Request, conn: Connection, path: IdPath) -> Shift:
    shift = await shifts.select_shift(conn, path.id)
    if shift is None:
        raise NotFound
    request.check_district(shift.district_id)
    return shift
