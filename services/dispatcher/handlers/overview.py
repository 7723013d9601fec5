"""What the console shows: a district at a glance, and a team's walk."""

import hashlib

from services.dispatcher.payloads.fields import IdPath
from services.dispatcher.payloads.overview import OverviewOut, TeamRouteOut
from services.dispatcher.request import Request
from shared.domain.errors import NotFound
from shared.operations.overview import load_overview
from shared.store import routes, shifts, task_lists, teams


async def get_district_overview(request: Request, path: IdPath) -> OverviewOut:
    """What is open and why it waits, what is late, and how each team stands."""
    request.check_district(path.id)
    async with request.connection() as conn:
        return OverviewOut.of(await load_overview(conn, path.id, request.now), request.now)


async def get_team_route(request: Request, path: IdPath) -> TeamRouteOut:
    """A team's stops in order. `If-None-Match` with the last ETag: 304."""
    async with request.connection() as conn:
        team = await teams.select_team(conn, path.id)
        if team is None:
            raise NotFound
        request.check_district(team.district_id)
        route = await routes.select_route(conn, path.id)
        has_break = route is not None and await shifts.has_break_left(conn, route["task_ids"], request.now)
        shown = {task.id: (task, row) for task, row in await task_lists.select_tasks_of_route(conn, path.id)}
    answer = TeamRouteOut.of(path.id, route, shown, request.now, has_break=has_break)
    digest = hashlib.sha256(answer.model_dump_json().encode()).hexdigest()
    request.check_etag(f"{answer.version}-{digest[:20]}")
    return answer
