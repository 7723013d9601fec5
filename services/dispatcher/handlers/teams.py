"""Teams, their people and substitutes."""

from collections.abc import Sequence
from uuid import UUID

from services.dispatcher.answers import Created, Page
from services.dispatcher.paging import page_of
from services.dispatcher.payloads.fields import IdPath
from services.dispatcher.payloads.shifts import RestWarning
from services.dispatcher.payloads.teams import (
    MembershipOut,
    NewSubstitute,
    NewTeam,
    Roster,
    RosterMade,
    RosterOut,
    SubstituteMade,
    TeamOut,
    TeamPatch,
    TeamQuery,
)
from services.dispatcher.request import Request
from shared.domain.errors import NotFound
from shared.domain.rest import Rest
from shared.domain.team import Team
from shared.operations import rosters
from shared.operations import teams as operations
from shared.store import memberships, rests, shifts, teams
from shared.store.connection import Connection


async def get_teams(request: Request, query: TeamQuery) -> Page[TeamOut]:
    """Teams with their people and their shifts now."""
    among = await request.scope(query.district)
    async with request.connection() as conn:
        found = await teams.select_teams(
            conn, among, q=query.q, active=query.active, after=query.after_id(), limit=query.fetch
        )
        shown = {team.id: team for team in await _with_people(request, conn, found)}
    return page_of(found, query, lambda team: shown[team.id], key=lambda team: (team.id,))


async def get_team(request: Request, path: IdPath) -> TeamOut:
    """One team with its people and its shift now."""
    async with request.connection() as conn:
        (team,) = await _with_people(request, conn, [await _own_team(request, conn, path)])
        return team


async def post_team(request: Request, body: NewTeam) -> Created[TeamOut]:
    """Form a team."""
    district_id = await request.district(body.district)
    async with request.transaction() as conn:
        home = await operations.home_grid(conn, district_id, body.home_grid) if body.home_grid else None
        made = await rosters.form_team(
            conn,
            body.team(district_id, home),
            [seat.seat() for seat in body.members],
            since=body.from_,
            now=request.now,
            account_id=request.actor.account_id,
        )
        (team,) = await _with_people(request, conn, [made])
    request.nudge(district_id)
    return Created(team, location=f"/v1/teams/{made.id}")


async def patch_team(request: Request, path: IdPath, body: TeamPatch) -> TeamOut:
    """Change a team. One that is not active any more gives back what it has not accepted."""
    changes = body.team_changes()
    async with request.transaction() as conn:
        known = await _own_team(request, conn, path)
        if "home_grid" in body.model_fields_set:
            given = body.home_grid
            changes["home_grid_id"] = await operations.home_grid(conn, known.district_id, given) if given else None
        made = await operations.change_team(
            conn, path.id, changes, now=request.now, account_id=request.actor.account_id
        )
        (team,) = await _with_people(request, conn, [made])
    request.nudge(made.district_id)
    return team


async def get_team_members(request: Request, path: IdPath) -> RosterOut:
    """Who is on the team now and who will be, substitutes too, by when they begin."""
    async with request.connection() as conn:
        team = await _own_team(request, conn, path)
        known = await memberships.select_memberships_of_team(conn, team.id, since=request.now)
    return RosterOut(items=[MembershipOut.of(membership) for membership in known])


async def put_team_members(request: Request, path: IdPath, body: Roster) -> RosterMade:
    """Say who is on the team from a moment on: memberships of others end there, what has been stays."""
    async with request.transaction() as conn:
        team = await _own_team(request, conn, path)
        on_team = await rosters.set_roster(
            conn,
            path.id,
            [seat.seat() for seat in body.members],
            since=body.from_,
            now=request.now,
            account_id=request.actor.account_id,
        )
        warnings = await _warnings(request, conn, team)
    request.nudge(team.district_id)
    return RosterMade(items=[MembershipOut.of(membership) for membership in on_team], warnings=warnings)


async def post_team_substitute(request: Request, path: IdPath, body: NewSubstitute) -> Created[SubstituteMade]:
    """Let somebody else fill a slot for a while; whoever filled it is back afterwards."""
    async with request.transaction() as conn:
        team = await _own_team(request, conn, path)
        substitute = await rosters.add_substitute(
            conn,
            path.id,
            body.seat(),
            since=body.from_,
            until=body.until,
            now=request.now,
            account_id=request.actor.account_id,
        )
        warnings = await _warnings(request, conn, team)
    request.nudge(team.district_id)
    made = MembershipOut.of(substitute).model_dump(by_alias=True)
    return Created(SubstituteMade(**made, warnings=warnings), location=f"/v1/teams/{path.id}")


async def _warnings(request: Request, conn: Connection, team: Team) -> list[RestWarning]:
    found = await rests.select_warnings(conn, team_ids=[team.id], judged_at=request.now)
    return [RestWarning.of(rest) for rest in found]


async def _own_team(request: Request, conn: Connection, path: IdPath) -> Team:
    team = await teams.select_team(conn, path.id)
    if team is None:
        raise NotFound
    request.check_district(team.district_id)
    return team


async def _with_people(request: Request, conn: Connection, found: Sequence[Team]) -> list[TeamOut]:
    ids: list[UUID] = [team.id for team in found]
    on_teams = await memberships.select_roster(conn, ids, request.now)
    working = {shift.team_id: shift for shift in await shifts.select_shifts_at(conn, ids, request.now)}
    resting: dict[UUID, list[Rest]] = {}
    for rest in await rests.select_rests_of_shifts(conn, [shift.id for shift in working.values()]):
        resting.setdefault(rest.team_id, []).append(rest)
    return [
        TeamOut.of(
            team,
            [row for row in on_teams if row["team_id"] == team.id],
            working.get(team.id),
            resting.get(team.id, ()),
        )
        for team in found
    ]
