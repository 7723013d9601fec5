"""Members: made and changed, and their duty."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.errors import NotFound
from shared.domain.household import plain_phone
from shared.domain.member import Member
from shared.domain.words import AlarmCode, Duty
from shared.operations.alarms import raise_alarm
from shared.operations.breaks import note_duty
from shared.operations.release import release_what_team_cannot_do
from shared.operations.repeats import first_or_taken, making
from shared.store import members, memberships, teams, tokens
from shared.store.connection import Connection
from shared.store.constraints import domain_errors
from shared.store.events import NewEvent, insert_events

_SET_BY_PEOPLE = ("district_id", "name", "phone", "role", "capabilities", "language", "active")


async def create_member(
    conn: Connection, member: Member, *, pin_hash: str | None, now: datetime, account_id: UUID | None
) -> Member:
    """A new member. Raises Taken (phone, or id with other content), Invalid (a role that is no slot of the district)."""
    async with making(conn, member.id):
        member = replace(member, phone=plain_phone(member.phone))
        first = await members.select_member(conn, member.id)
        if first is not None:
            return first_or_taken(first, member, _SET_BY_PEOPLE)
        made = await members.insert_member(conn, member, pin_hash=pin_hash)
        await insert_events(conn, [_event("member.changed", made, None, now, account_id)])
        return made


async def change_member(
    conn: Connection,
    member_id: UUID,
    changes: Mapping[str, Any],
    *,
    pin_hash: str | None,
    now: datetime,
    account_id: UUID | None,
) -> Member:
    """Change a member, except duty; the PIN stays where `pin_hash` is None. What the team cannot do any more goes back to be placed again.

    A new PIN, or the end of being active, logs the member out everywhere. Raises NotFound, Taken, Invalid.
    """
    with domain_errors():
        async with conn.transaction():
            team_id, known = await _lock_with_team(conn, member_id, now)
            member = replace(known, **changes)
            member = replace(member, phone=plain_phone(member.phone))
            made = await members.update_member(conn, member, pin_hash=pin_hash)
            await insert_events(conn, [_event("member.changed", made, team_id, now, account_id)])
            if pin_hash is not None or not made.active:
                await tokens.update_tokens_revoked(conn, now, member_id=member_id)
            what_they_can = (made.capabilities, made.active)
            if team_id is not None and what_they_can != (known.capabilities, known.active):
                await release_what_team_cannot_do(conn, team_id, now)
            return made


async def set_duty(
    conn: Connection,
    member_id: UUID,
    duty: Duty,
    now: datetime,
    *,
    at: datetime | None = None,
    account_id: UUID | None = None,
) -> Member:
    """Put a member on duty, on a break or off.

    Off: what their team cannot do without them and has not accepted goes back to be placed again. On a break it stays, and nothing new
    comes that needs them; it may be the team's break.

    `at`: when it was, if not now. `account_id`: the coordinator who did it; None: the member. Raises NotFound.
    """
    async with conn.transaction():
        team_id, known = await _lock_with_team(conn, member_id, now)
        if known.duty is duty:
            return known
        member = await members.update_duty(conn, member_id, duty, now)
        if duty is Duty.OFF and known.suit_since is not None:
            member = await members.update_suit(conn, member_id, None)
        event = _event("member.duty_changed", member, team_id, now, account_id, duty=duty.value)
        await insert_events(conn, [event])
        if team_id is not None:
            await note_duty(conn, team_id, member_id, was=known.duty, duty=duty, at=at or now, now=now)
            await release_what_team_cannot_do(conn, team_id, now)
        return member


async def set_suit(
    conn: Connection,
    member_id: UUID,
    *,
    on: bool,
    now: datetime,
    at: datetime | None = None,
    account_id: UUID | None = None,
) -> Member:
    """A member put a protective suit on, or took it off. Who is in one for longer than the district allows gets nothing new that needs
    them, and keeps what they have. One put on twice is worn since the first time.

    `at`: when it was, if not now. `account_id`: the coordinator who says so; None: the member, or the clock. Raises NotFound.
    """
    async with conn.transaction():
        team_id, known = await _lock_with_team(conn, member_id, now)
        if (known.suit_since is not None) is on:
            return known
        member = await members.update_suit(conn, member_id, min(at or now, now) if on else None)
        await insert_events(conn, [_event("member.suit_changed", member, team_id, now, account_id, suit=_word(on))])
        if team_id is not None and not on:
            await release_what_team_cannot_do(conn, team_id, now)
        return member


async def note_long_suit(conn: Connection, member_id: UUID, now: datetime) -> None:
    """A member wears the suit for too long: the alarm is raised, and plans made before are overtaken. Raises NotFound."""
    async with conn.transaction():
        team_id, member = await _lock_with_team(conn, member_id, now)
        if member.suit_since is None:
            return
        await members.update_suit_noted(conn, member_id, now)
        await raise_alarm(
            conn,
            district_id=member.district_id,
            what=AlarmCode.SUIT_TOO_LONG,
            now=now,
            team_id=team_id,
            member_id=member_id,
            occasion=member.suit_since.isoformat(),
        )


def _word(on: bool) -> str:
    return "on" if on else "off"


async def _lock_with_team(conn: Connection, member_id: UUID, now: datetime) -> tuple[UUID | None, Member]:
    """The member's team at `now`, locked first as everywhere, and the member. Raises NotFound.

    The team is only known by reading a membership, so it may change before its lock is had: then these locks are given back (a savepoint
    undone frees them) and taken again.
    """
    while True:
        team_id = await memberships.select_team_of_member(conn, member_id, now)
        attempt = conn.transaction()
        await attempt.start()
        if team_id is not None:
            await teams.lock_teams(conn, [team_id])
        locked = await members.lock_members(conn, [member_id])
        if not locked:
            await attempt.rollback()
            raise NotFound
        if await memberships.select_team_of_member(conn, member_id, now) == team_id:
            await attempt.commit()
            return team_id, locked[0]
        await attempt.rollback()


def _event(
    name: str, member: Member, team_id: UUID | None, now: datetime, account_id: UUID | None, **data: str
) -> NewEvent:
    return NewEvent(
        district_id=member.district_id,
        at=now,
        name=name,
        member_id=member.id,
        team_id=team_id,
        account_id=account_id,
        data=data,
    )
