"""Rosters: who fills which slot of a team from when to when. What has been is never rewritten."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from shared.domain.errors import FieldError, Invalid, NotFound
from shared.domain.ids import new_id
from shared.domain.member import Membership
from shared.domain.team import Team
from shared.operations.release import release_what_team_cannot_do
from shared.operations.rest import judge_rest, lock_teams_concerned
from shared.operations.teams import changed_event, create_team
from shared.store import members, memberships
from shared.store.connection import Connection
from shared.store.constraints import domain_errors
from shared.store.events import insert_events

# A coordinator's clock, and the time between reading a form and sending it: a change "from" so little ago means from now on.
_JUST_NOW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A member in a slot; None: the slot of the member's own role."""

    member_id: UUID
    role: str | None = None


async def form_team(
    conn: Connection,
    team: Team,
    seats: Sequence[Seat],
    *,
    since: datetime | None,
    now: datetime,
    account_id: UUID | None,
) -> Team:
    """A new team with its people from `since` (None: now) on. Raises what `create_team` and `set_roster` raise."""
    async with conn.transaction():
        made, is_new = await create_team(conn, team, now=now, account_id=account_id)
        if is_new and seats:
            await set_roster(conn, made.id, seats, since=since, now=now, account_id=account_id)
        return made


async def set_roster(
    conn: Connection,
    team_id: UUID,
    seats: Sequence[Seat],
    *,
    since: datetime | None,
    now: datetime,
    account_id: UUID | None,
) -> list[Membership]:
    """From `since` (None: now) on these and no others are on the team; memberships that go on unchanged are left as they are.

    Raises NotFound (team, members), Invalid (a role that is no slot, a time gone by), SlotFilled (a slot named twice, a member who is on
    another team then).
    """
    with domain_errors():
        async with conn.transaction():
            since = _from_now_on(since, now, "from")
            team = (await _lock(conn, team_id, seats, now))[team_id]
            wanted = await _seat(conn, team, seats, since, None, locs=[f"members.{i}." for i in range(len(seats))])
            known = await memberships.select_memberships_of_team(conn, team_id, since=since)
            going_on = [m for m in known if any(_is_kept_by(m, seat, since) for seat in wanted)]
            await _cut(conn, [m for m in known if m not in going_on], since, None)
            new = [seat for seat in wanted if not any(_is_kept_by(m, seat, since) for m in going_on)]
            await memberships.insert_memberships(conn, new)
            await insert_events(conn, [changed_event(team, "roster", now, account_id)])
            await _judge(conn, team, [*known, *new], now)
            await release_what_team_cannot_do(conn, team_id, now)
            return [*going_on, *new]


async def add_substitute(
    conn: Connection,
    team_id: UUID,
    seat: Seat,
    *,
    since: datetime | None,
    until: datetime,
    now: datetime,
    account_id: UUID | None,
) -> Membership:
    """From `since` (None: now) until before `until` somebody else fills a slot; whoever filled it is back afterwards.

    The substitute may be of a team that has no shift then, and is back there afterwards.

    Raises NotFound (team, member), Invalid (no such slot, times), SlotFilled (the substitute is on a team then).
    """
    with domain_errors():
        async with conn.transaction():
            since = _from_now_on(since, now, "from")
            if until <= since:
                raise Invalid(errors=(FieldError(in_="body", loc="until", msg="Give a time after from, from now on."),))
            locked = await _lock(conn, team_id, [seat], now)
            team = locked[team_id]
            (substitute,) = await _seat(conn, team, [seat], since, until, locs=[""])
            known = await memberships.select_memberships_of_team(conn, team_id, since=since, until=until)
            lent = await memberships.select_idle_memberships(conn, seat.member_id, since=since, until=until)
            lent = [m for m in lent if m.team_id != team_id]
            await _cut(conn, [*(m for m in known if m.role == substitute.role), *lent], since, until)
            await memberships.insert_memberships(conn, [substitute])
            changed = [team, *(locked[m.team_id] for m in lent if m.team_id in locked)]
            await insert_events(conn, [changed_event(each, "substitute", now, account_id) for each in changed])
            await _judge(conn, team, [*known, substitute], now)
            await release_what_team_cannot_do(conn, team_id, now)
            return substitute


async def _lock(conn: Connection, team_id: UUID, seats: Sequence[Seat], now: datetime) -> dict[UUID, Team]:
    """The team and all whose people's rest its roster decides, by id. Raises NotFound."""
    locked = await lock_teams_concerned(conn, [team_id], now, member_ids=[seat.member_id for seat in seats])
    if team_id not in locked:
        raise NotFound
    return locked


async def _judge(conn: Connection, team: Team, changed: Iterable[Membership], now: datetime) -> None:
    member_ids = {membership.member_id for membership in changed}
    await judge_rest(conn, team.district_id, now=now, team_ids=[team.id], member_ids=member_ids, but=team.id)


def _from_now_on(since: datetime | None, now: datetime, loc: str) -> datetime:
    if since is None:
        return now
    if since < now - _JUST_NOW:
        raise Invalid(errors=(FieldError(in_="body", loc=loc, msg="Give a time from now on: what has been stays."),))
    return max(since, now)


async def _seat(
    conn: Connection,
    team: Team,
    seats: Sequence[Seat],
    since: datetime,
    until: datetime | None,
    *,
    locs: Sequence[str],
) -> list[Membership]:
    """The memberships of these seats, their members locked (after the team). Raises NotFound naming members who are not the district's."""
    locked = {member.id: member for member in await members.lock_members(conn, [seat.member_id for seat in seats])}
    unknown = [
        FieldError(in_="body", loc=f"{loc}member_id", msg="The district has no such member.")
        for loc, seat in zip(locs, seats, strict=True)
        if seat.member_id not in locked or locked[seat.member_id].district_id != team.district_id
    ]
    if unknown:
        raise NotFound(errors=tuple(unknown))
    return [
        Membership(
            id=new_id(),
            district_id=team.district_id,
            team_id=team.id,
            member_id=seat.member_id,
            role=seat.role or locked[seat.member_id].role,
            starts_at=since,
            ends_at=until,
        )
        for seat in seats
    ]


async def _cut(conn: Connection, known: Iterable[Membership], since: datetime, until: datetime | None) -> None:
    """Take the span from `since` until before `until` out of these memberships."""
    not_begun: list[UUID] = []
    back_afterwards: list[Membership] = []
    for membership in known:
        if until is not None and (membership.ends_at is None or membership.ends_at > until):
            back_afterwards.append(replace(membership, id=new_id(), starts_at=until))
        if membership.starts_at < since:
            await memberships.update_membership_end(conn, membership.id, since)
        else:
            not_begun.append(membership.id)
    await memberships.delete_memberships(conn, not_begun)
    await memberships.insert_memberships(conn, back_afterwards)


def _is_kept_by(membership: Membership, seat: Membership, since: datetime) -> bool:
    return (
        membership.member_id == seat.member_id
        and membership.role == seat.role
        and membership.starts_at <= since
        and membership.ends_at is None
    )
