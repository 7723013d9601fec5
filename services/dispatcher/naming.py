"""What the sentences of an answer need besides its facts, looked up once for all of them."""

from collections.abc import Iterable, Mapping
from datetime import UTC
from uuid import UUID
from zoneinfo import ZoneInfo

from services.dispatcher.request import Request
from shared.domain.explain import Facts, Names, teams_named
from shared.store.task_lists import select_zones_and_teams


async def names_for(request: Request, told: Iterable[tuple[UUID, Facts]]) -> Mapping[UUID, Names]:
    """Names by district, for facts each of a district; a team is named in its own district only.

    One query; none where no facts are told.
    """
    by_district: dict[UUID, list[Facts]] = {}
    for district_id, facts in told:
        by_district.setdefault(district_id, []).append(facts)
    if not any(any(facts) for facts in by_district.values()):
        return {district_id: Names(teams={}, zone=UTC, now=request.now) for district_id in by_district}
    named = {team_id for facts in by_district.values() for each in facts for team_id in teams_named(each)}
    async with request.connection() as conn:
        rows = await select_zones_and_teams(conn, list(by_district), list(named))
    teams: dict[UUID, dict[UUID, str]] = {district_id: {} for district_id in by_district}
    for row in rows:
        if row["team_id"] is not None:
            teams[row["district_id"]][row["team_id"]] = row["name"]
    zones = {row["district_id"]: ZoneInfo(row["time_zone"]) for row in rows}
    return {
        district_id: Names(teams=teams[district_id], zone=zones.get(district_id, UTC), now=request.now)
        for district_id in by_district
    }
