"""The end of a shift: what was handed to whom, and what is still open."""

from services.dispatcher.payloads.fields import IdPath
from services.dispatcher.payloads.handovers import EndOfShiftOut
from services.dispatcher.request import Request
from shared.domain.errors import NotFound
from shared.operations.handover import ending_of_row
from shared.store import districts, handovers, teams
from shared.store.connection import Connection, Record

MOST = 500
"""Of each list: far more than a team does in a shift."""


async def get_shift_handover(request: Request, path: IdPath) -> EndOfShiftOut:
    """What a shift handed over at its end, what its team still has of it, and what it got from teams before it."""
    async with request.connection() as conn:
        return await _end_of_shift(request, conn, await handovers.select_ending_of_shift(conn, path.id))


async def get_team_handover(request: Request, path: IdPath) -> EndOfShiftOut:
    """The same of a team's shift now, else of its last. 404 where it never had one."""
    async with request.connection() as conn:
        team = await teams.select_team(conn, path.id)
        if team is None:
            raise NotFound
        request.check_district(team.district_id)
        return await _end_of_shift(request, conn, await handovers.select_ending(conn, path.id, request.now))


async def _end_of_shift(request: Request, conn: Connection, row: Record | None) -> EndOfShiftOut:
    if row is None:
        raise NotFound
    request.check_district(row["district_id"])
    district = await districts.select_district(conn, row["district_id"])
    ending = ending_of_row(row, district.settings) if district else None
    if ending is None:
        raise NotFound
    still_open = await handovers.select_asked_about(conn, row["team_id"], ending.ends_at)
    return EndOfShiftOut.of(
        row["team_id"],
        ending,
        handed_over=await handovers.select_handovers_of_shift(conn, ending.shift_id, MOST),
        still_open=still_open,
        received=await handovers.select_handed_to(conn, row["team_id"], ending.starts_at, ending.ends_at, MOST),
    )
