"""The numbers by which a district is steered."""

from aiohttp import web

from services.dispatcher.payloads.fields import IdPath
from services.dispatcher.payloads.figure_rows import figures_table
from services.dispatcher.payloads.figures import DistrictFiguresOut, FiguresQuery
from services.dispatcher.request import Request
from services.dispatcher.table import csv_answer, header_line, wants_csv
from shared.domain.access import READERS
from shared.domain.errors import NotFound
from shared.operations.figures import load_figures
from shared.store import districts


async def get_district_figures(
    request: Request, path: IdPath, query: FiguresQuery
) -> DistrictFiguresOut | web.Response:
    """What a district did on each of its days, counted anew at each asking. With `Accept: text/csv` one of its tables for spreadsheets.

    Members are named for those who may read members; that is booked as a read.
    """
    request.check_district(path.id)
    named = request.actor.permission in READERS
    async with request.connection() as conn:
        district = await districts.select_district(conn, path.id)
        if district is None:
            raise NotFound
        first, last = query.days(district.time_zone, request.now)
        found = await load_figures(conn, district, first, last, now=request.now)
    as_table = wants_csv(request)
    if named and (not as_table or query.table == "members"):
        request.audit(path.id)
    if as_table:
        columns, lines = figures_table(found, query.table, named=named)
        return csv_answer(request, f"figures-{query.table}", header_line(columns) + lines)
    return DistrictFiguresOut.of(district, found, request.now, named=named)
