"""Members: the people of the teams."""

from datetime import datetime
from uuid import UUID

from services.dispatcher.answers import Created, Page
from services.dispatcher.paging import page_of
from services.dispatcher.payloads.fields import IdPath
from services.dispatcher.payloads.members import MemberOut, MemberPatch, MemberQuery, NewMember
from services.dispatcher.request import Request
from shared.domain.errors import NotFound
from shared.domain.member import Member
from shared.operations import members as operations
from shared.operations.rest import find_stand_ins
from shared.operations.sessions import hash_secret
from shared.store import members
from shared.store.connection import Connection


async def get_members(request: Request, query: MemberQuery) -> Page[MemberOut]:
    """Members, by part of the name or phone, role or duty; or who could stand in from a moment until another."""
    among = await request.scope(query.district)
    free = query.free
    async with request.connection() as conn:
        if free is not None:
            stand_ins = [] if query.active is False else await _stand_ins(request, conn, query, among, free)
            return page_of(stand_ins, query, MemberOut.of, key=lambda member: (member.id,))
        found = await members.select_members(
            conn,
            among,
            q=query.text,
            role=query.role,
            duty=query.duty,
            active=query.active,
            after=query.after_id(),
            limit=query.fetch,
        )
    return page_of(found, query, MemberOut.of, key=lambda member: (member.id,))


async def get_member(request: Request, path: IdPath) -> MemberOut:
    """One member."""
    async with request.connection() as conn:
        return MemberOut.of(await _own_member(request, conn, path))


async def post_member(request: Request, body: NewMember) -> Created[MemberOut]:
    """Make a member. The PIN is kept hashed and never shown."""
    pin_hash = await hash_secret(body.pin) if body.pin else None
    district_id = await request.district(body.district)
    async with request.transaction() as conn:
        made = await operations.create_member(
            conn,
            body.member(district_id),
            pin_hash=pin_hash,
            now=request.now,
            account_id=request.actor.account_id,
        )
    return Created(MemberOut.of(made), location=f"/v1/members/{made.id}")


async def patch_member(request: Request, path: IdPath, body: MemberPatch) -> MemberOut:
    """Change a member. What the team cannot do any more, and has not accepted, goes back to be placed again."""
    pin_hash = await hash_secret(body.pin) if body.pin else None
    by = request.actor.account_id
    async with request.transaction() as conn:
        made = await _own_member(request, conn, path)
        changes = body.member_changes()
        if changes or pin_hash:
            made = await operations.change_member(
                conn, path.id, changes, pin_hash=pin_hash, now=request.now, account_id=by
            )
        if body.duty is not None:
            made = await operations.set_duty(conn, path.id, body.duty, request.now, account_id=by)
        if body.suit is not None:
            made = await operations.set_suit(conn, path.id, on=body.suit, now=request.now, account_id=by)
    request.forget_credentials()
    request.nudge(made.district_id)
    return MemberOut.of(made)


async def _stand_ins(
    request: Request, conn: Connection, query: MemberQuery, among: list[UUID] | None, free: tuple[datetime, datetime]
) -> list[Member]:
    return await find_stand_ins(
        conn,
        among,
        starts_at=free[0],
        ends_at=free[1],
        q=query.text,
        role=query.role,
        duty=query.duty,
        after=query.after_id(),
        limit=query.fetch,
        now=request.now,
    )


async def _own_member(request: Request, conn: Connection, path: IdPath) -> Member:
    member = await members.select_member(conn, path.id)
    if member is None:
        raise NotFound
    request.check_district(member.district_id)
    return member
