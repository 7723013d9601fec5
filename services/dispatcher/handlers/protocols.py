"""Protocols: the templates of follow-ups."""

from uuid import UUID

from services.dispatcher.answers import Created, Page
from services.dispatcher.paging import page_of
from services.dispatcher.payloads.fields import IdPath
from services.dispatcher.payloads.kinds import UsualIn
from services.dispatcher.payloads.protocols import (
    KindIds,
    NewProtocol,
    ProtocolOut,
    ProtocolPatch,
    ProtocolQuery,
    UsualProtocolsOut,
)
from services.dispatcher.request import Request
from shared.domain.errors import NotFound
from shared.domain.protocol import Protocol
from shared.operations import protocols as operations
from shared.store import kinds, protocols
from shared.store.connection import Connection


async def get_protocols(request: Request, query: ProtocolQuery) -> Page[ProtocolOut]:
    """The protocols of the districts that the caller may use."""
    among = await request.scope(query.district)
    async with request.connection() as conn:
        found = await protocols.select_protocols(
            conn, among, q=query.q, active=query.active, after=query.after_id(), limit=query.fetch
        )
        named = await kinds.select_kinds_by_id(conn, _kind_ids(found))
    return page_of(found, query, lambda one: ProtocolOut.of(one, named), key=lambda one: (one.id,))


async def get_protocol(request: Request, path: IdPath) -> ProtocolOut:
    """One protocol."""
    async with request.connection() as conn:
        return await _shown(conn, await _own_protocol(request, conn, path))


async def post_protocol(request: Request, body: NewProtocol) -> Created[ProtocolOut]:
    """Make a protocol."""
    district_id = await request.district(body.district)
    async with request.transaction() as conn:
        made = await operations.create_protocol(
            conn,
            body.protocol(district_id, await kind_ids(conn, district_id)),
            now=request.now,
            account_id=request.actor.account_id,
        )
        answer = await _shown(conn, made)
    return Created(answer, location=f"/v1/protocols/{made.id}")


async def post_protocols_usual(request: Request, body: UsualIn) -> UsualProtocolsOut:
    """Make the usual protocols that the district does not have by their codes, and the kinds that they name. What it has stays as it is:
    a class of contacts keeps the protocol that it gets by itself. Repeatable."""
    district_id = await request.district(body.district)
    async with request.transaction() as conn:
        made = await operations.make_usual_protocols(
            conn, district_id, now=request.now, account_id=request.actor.account_id
        )
        named = await kinds.select_kinds_by_id(conn, _kind_ids(made))
    return UsualProtocolsOut(made=[ProtocolOut.of(protocol, named) for protocol in made])


async def patch_protocol(request: Request, path: IdPath, body: ProtocolPatch) -> ProtocolOut:
    """Change a protocol for the follow-ups that begin from now on."""
    async with request.transaction() as conn:
        known = await _own_protocol(request, conn, path)
        made = await operations.change_protocol(
            conn,
            path.id,
            body.changes(await kind_ids(conn, known.district_id)),
            now=request.now,
            account_id=request.actor.account_id,
        )
        return await _shown(conn, made)


async def kind_ids(conn: Connection, district_id: UUID) -> KindIds:
    """code → id of the district's kinds."""
    return {kind.code: kind.id for kind in await kinds.select_all_kinds(conn, district_id)}


async def _own_protocol(request: Request, conn: Connection, path: IdPath) -> Protocol:
    protocol = await protocols.select_protocol(conn, path.id)
    if protocol is None:
        raise NotFound
    request.check_district(protocol.district_id)
    return protocol


async def _shown(conn: Connection, protocol: Protocol) -> ProtocolOut:
    return ProtocolOut.of(protocol, await kinds.select_kinds_by_id(conn, _kind_ids([protocol])))


def _kind_ids(shown: list[Protocol]) -> set[UUID]:
    of_lines = {line.kind_id for protocol in shown for line in protocol.lines}
    return of_lines | {kind_id for protocol in shown for item in protocol.ledger for kind_id in item.kind_ids}
