"""Follow-ups: subjects' plans, and the ledger of a district's day."""

from datetime import date
from uuid import UUID

from aiohttp import hdrs

from services.dispatcher.answers import Created, Page
from services.dispatcher.handlers.protocols import kind_ids
from services.dispatcher.paging import page_of
from services.dispatcher.payloads.fields import IdPath
from services.dispatcher.payloads.follow_up_views import FollowUpDetail, FollowUpListed, FollowUpOut, LedgerRow
from services.dispatcher.payloads.follow_ups import (
    FollowUpConversion,
    FollowUpEnd,
    FollowUpPatch,
    FollowUpQuery,
    LedgerQuery,
    NewFollowUp,
)
from services.dispatcher.payloads.tasks import IfMatch
from services.dispatcher.request import Request
from shared.domain.errors import NotFound
from shared.domain.follow_up import FollowUp
from shared.domain.wall_clock import day_of
from shared.domain.words import FollowUpStatus
from shared.operations import follow_ups as operations
from shared.store import districts, follow_up_lists, follow_ups, kinds, protocols
from shared.store.connection import Connection
from shared.store.follow_up_lists import FollowUpFilter


async def post_follow_up(request: Request, body: NewFollowUp) -> Created[FollowUpOut]:
    """Begin to follow a subject up. The same `id` with the same plan is the same follow-up; of a subject at most one is live."""
    district_id = await request.district(body.district)
    async with request.transaction() as conn:
        made = await operations.start_follow_up(
            conn,
            district_id,
            body.draft(await kind_ids(conn, district_id)),
            now=request.now,
            account_id=request.actor.account_id,
        )
        answer = await _shown(request, conn, made)
    request.nudge(district_id)
    return Created(answer, location=f"/v1/follow-ups/{made.id}")


async def get_follow_ups(request: Request, query: FollowUpQuery) -> Page[FollowUpListed]:
    """Follow-ups with their people, what is missing today, and what comes next."""
    wanted = FollowUpFilter(
        districts=await request.scope(query.district),
        statuses=query.status,
        protocol=query.protocol,
        subject_id=query.subject_id,
        grid_id=query.grid_id,
        missing_today=query.missing_today,
        q=query.q,
    )
    async with request.connection() as conn:
        found = await follow_up_lists.select_follow_ups_listed(
            conn, wanted, now=request.now, before=query.after_id(), limit=query.fetch
        )
    return page_of(found, query, FollowUpListed.of, key=lambda shown: (shown[0].id,))


async def get_follow_up(request: Request, path: IdPath) -> FollowUpDetail:
    """One follow-up with the person, all that it has and had due, and its ledger, day by day."""
    async with request.connection() as conn:
        known = await _own_follow_up(request, conn, path.id)
        wanted = FollowUpFilter(districts=None, ids=[path.id])
        (shown,) = await follow_up_lists.select_follow_ups_listed(conn, wanted, now=request.now, before=None, limit=1)
        return FollowUpDetail.whole(
            shown,
            await kinds.select_kinds_by_id(conn, _kinds_in(known)),
            await follow_up_lists.select_occurrences(conn, path.id),
            await follow_up_lists.select_ledger(conn, path.id, shown[1]["on_day"]),
        )


async def patch_follow_up(request: Request, path: IdPath, headers: IfMatch, body: FollowUpPatch) -> FollowUpOut:
    """Change what is due, the last day, the ledger or when the subject is lost, from now on."""
    version = headers.version if headers.version is not None else body.version
    async with request.transaction() as conn:
        known = await _own_follow_up(request, conn, path.id)
        made = await operations.change_follow_up(
            conn,
            path.id,
            body.changes(await kind_ids(conn, known.district_id)),
            version=version,
            now=request.now,
            account_id=request.actor.account_id,
        )
        answer = await _shown(request, conn, made)
    request.nudge(known.district_id)
    request.outgoing[hdrs.ETAG] = f'"{made.version}"'
    return answer


async def post_follow_up_end(request: Request, path: IdPath, body: FollowUpEnd) -> FollowUpOut:
    """End a follow-up; what no team has accepted is withdrawn. Repeatable: one that ended stays as it ended."""
    async with request.transaction() as conn:
        known = await _own_follow_up(request, conn, path.id)
        ended = await operations.end_follow_up(
            conn,
            path.id,
            FollowUpStatus(body.status),
            now=request.now,
            reason=body.reason,
            account_id=request.actor.account_id,
        )
        answer = await _shown(request, conn, ended)
    request.nudge(known.district_id)
    return answer


async def post_follow_up_convert(request: Request, path: IdPath, body: FollowUpConversion) -> Created[FollowUpOut]:
    """End a follow-up and begin another today, which is answered. What is done or with a team today is not asked for again."""
    async with request.transaction() as conn:
        known = await _own_follow_up(request, conn, path.id)
        made = await operations.convert_follow_up(
            conn,
            path.id,
            body.protocol,
            now=request.now,
            reason=body.reason,
            account_id=request.actor.account_id,
        )
        answer = await _shown(request, conn, made)
    request.nudge(known.district_id)
    return Created(answer, location=f"/v1/follow-ups/{made.id}")


async def get_district_ledger(request: Request, path: IdPath, query: LedgerQuery) -> Page[LedgerRow]:
    """Whom the district follows up on a day, and what of it is done and missing."""
    request.check_district(path.id)
    async with request.connection() as conn:
        found = await follow_up_lists.select_ledger_of_district(
            conn,
            path.id,
            day=query.day or await _today(request, conn, path.id),
            missing=query.missing,
            grid_id=query.grid_id,
            before=query.after_id(),
            limit=query.fetch,
        )
    return page_of(found, query, LedgerRow.of, key=lambda shown: (shown[0].id,))


async def _own_follow_up(request: Request, conn: Connection, follow_up_id: UUID) -> FollowUp:
    follow_up = await follow_ups.select_follow_up(conn, follow_up_id)
    if follow_up is None:
        raise NotFound
    request.check_district(follow_up.district_id)
    return follow_up


async def _shown(request: Request, conn: Connection, follow_up: FollowUp) -> FollowUpOut:
    protocol = await protocols.select_protocol(conn, follow_up.protocol_id) if follow_up.protocol_id else None
    return FollowUpOut.of(
        follow_up,
        protocol.code if protocol else None,
        await kinds.select_kinds_by_id(conn, _kinds_in(follow_up)),
        await _today(request, conn, follow_up.district_id),
    )


async def _today(request: Request, conn: Connection, district_id: UUID) -> date:
    district = await districts.select_district(conn, district_id)
    if district is None:
        raise NotFound
    return day_of(request.now, district.time_zone)


def _kinds_in(follow_up: FollowUp) -> set[UUID]:
    of_ledger = {kind_id for item in follow_up.ledger for kind_id in item.kind_ids}
    return of_ledger | {line.kind_id for line in follow_up.lines}
