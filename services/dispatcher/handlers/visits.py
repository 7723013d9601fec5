"""Visits: what was found at doors and on the phone, listed and as a table."""

from collections.abc import Sequence
from datetime import timedelta

from aiohttp import web

from services.dispatcher.answers import Page
from services.dispatcher.paging import page_of
from services.dispatcher.payloads.visit_lists import VisitListed, VisitQuery
from services.dispatcher.payloads.visit_rows import COLUMNS, visit_rows
from services.dispatcher.request import Request
from services.dispatcher.table import PAGE, Table, wants_csv
from shared.domain.access import READERS
from shared.domain.errors import NotFound
from shared.domain.reports import Visit
from shared.domain.wall_clock import day_begins
from shared.store import districts, visit_lists
from shared.store.connection import Record


async def get_visits(request: Request, query: VisitQuery) -> Page[VisitListed] | web.Response:
    """Visits, the last made first, struck ones too. With `Accept: text/csv` all of them at once, from `cursor` on, as a table
    for spreadsheets, of any length."""
    wanted = await _wanted(request, query)
    shows_members = request.actor.permission in READERS
    if wants_csv(request):

        async def more(last: tuple[Visit, Record] | None) -> Sequence[tuple[Visit, Record]]:
            before = query.after_id() if last is None else last[0].id
            async with request.connection() as conn:
                return await visit_lists.select_visits_listed(conn, wanted, before=before, limit=PAGE)

        def rows(page: Sequence[tuple[Visit, Record]]) -> bytes:
            return visit_rows(page, shows_members=shows_members)

        return await Table("visits", COLUMNS, more=more, rows=rows).answer(request)
    async with request.connection() as conn:
        found = await visit_lists.select_visits_listed(conn, wanted, before=query.after_id(), limit=query.fetch)
    return page_of(
        found,
        query,
        lambda each: VisitListed.row(each, shows_members=shows_members),
        key=lambda each: (each[0].id,),
    )


async def _wanted(request: Request, query: VisitQuery) -> visit_lists.VisitFilter:
    """Days are those of one district, so with them it must be known which."""
    since = until = None
    if query.from_ is None and query.to is None:
        among = await request.scope(query.district)
    else:
        district_id = await request.district(query.district, where="query")
        among = [district_id]
        async with request.connection() as conn:
            district = await districts.select_district(conn, district_id)
        if district is None:
            raise NotFound
        since = None if query.from_ is None else day_begins(query.from_, district.time_zone)
        until = None if query.to is None else day_begins(query.to + timedelta(days=1), district.time_zone)
    return visit_lists.VisitFilter(
        districts=among,
        since=since,
        until=until,
        kind=query.kind,
        outcome=query.outcome,
        team_id=query.team_id,
        member_id=query.member_id,
        task_id=query.task_id,
        needs_review=query.needs_review,
        struck=query.struck,
    )
