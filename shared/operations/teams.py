"""Teams: made and changed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.errors import FieldError, Invalid, NotFound
from shared.domain.team import Team
from shared.operations.release import release_what_team_cannot_do
from shared.operations.repeats import first_or_taken, making
from shared.store import grids, tasks, teams
from shared.store.connection import Connection
from shared.store.constraints import domain_errors
from shared.store.events import NewEvent, insert_events

_SET_BY_PEOPLE = (
    "district_id",
    "code",
    "name",
    "mode",
    "home_grid_id",
    "start_lat",
    "start_lon",
    "max_visits",
    "active",
)


async def create_team(conn: Connection, team: Team, *, now: datetime, account_id: UUID | None) -> tuple[Team, bool]:
    """A new team without people, and whether it is new. Raises Taken (code, or id with other content), NotFound (home grid), Invalid."""
    async with making(conn, team.id):
        await _check(conn, team)
        first = await teams.select_team(conn, team.id)
        if first is not None:
            return first_or_taken(first, team, _SET_BY_PEOPLE), False
        made = await teams.insert_team(conn, team)
        await insert_events(conn, [changed_event(made, "created", now, account_id)])
        return made, True


async def change_team(
    conn: Connection, team_id: UUID, changes: Mapping[str, Any], *, now: datetime, account_id: UUID | None
) -> Team:
    """Change a team; one that is not active any more gives back what it has not accepted. Raises NotFound, Taken, Invalid."""
    with domain_errors():
        async with conn.transaction():
            known = await lock_team(conn, team_id)
            team = replace(known, **changes)
            await _check(conn, team)
            made = await teams.update_team(conn, team)
            await insert_events(conn, [changed_event(made, "changed", now, account_id)])
            if known.active and not made.active:
                await release_what_team_cannot_do(conn, team_id, now)
            await tasks.update_plan_at_for_district(conn, made.district_id, now)
            return made


async def home_grid(conn: Connection, district_id: UUID, given: str) -> UUID:
    """The grid of the district that is meant by a code or an id. Raises NotFound naming the field."""
    found = await grids.select_grid_id_by_code(conn, district_id, given)
    if found is not None:
        return found
    try:
        grid = await grids.select_grid(conn, UUID(given))
    except ValueError:
        grid = None
    if grid is None or grid.district_id != district_id:
        raise NotFound(errors=(FieldError(in_="body", loc="home_grid", msg="The district has no such grid."),))
    return grid.id


async def lock_team(conn: Connection, team_id: UUID) -> Team:
    """The team, nobody else's to change until the transaction ends. Raises NotFound."""
    locked = await teams.lock_teams(conn, [team_id])
    if not locked:
        raise NotFound
    return locked[0]


async def _check(conn: Connection, team: Team) -> None:
    if (team.start_lat is None) != (team.start_lon is None):
        raise Invalid(errors=(FieldError(in_="body", loc="start", msg="A point has lat and lon."),))
    if team.home_grid_id is not None:
        grid = await grids.select_grid(conn, team.home_grid_id)
        if grid is None or grid.district_id != team.district_id:
            raise NotFound(errors=(FieldError(in_="body", loc="home_grid", msg="The district has no such grid."),))


def changed_event(team: Team, what: str, now: datetime, account_id: UUID | None) -> NewEvent:
    """`team.changed`; `what` is created, changed, roster or substitute."""
    return NewEvent(
        district_id=team.district_id,
        at=now,
        name="team.changed",
        team_id=team.id,
        account_id=account_id,
        data={"what": what, "code": team.code},
    )
