"""Rest kept true: judged anew, under the locks of all teams concerned, by whoever writes a roster."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from shared.domain.district import District
from shared.domain.errors import NotFound
from shared.domain.rest import Rest, RestLimits, Stint, is_free_of_rest, judge
from shared.domain.team import Team
from shared.operations.release import release_what_team_cannot_do
from shared.store import districts, rests, teams
from shared.store.connection import Connection

_A_DAY = timedelta(days=1)


async def lock_teams_concerned(
    conn: Connection, team_ids: Iterable[UUID], now: datetime, *, member_ids: Collection[UUID] = ()
) -> dict[UUID, Team]:
    """Lock these teams and those whose people's rest may change with their rosters, in id order; by id, absent ones left out.

    `member_ids`: who will be on them besides.
    """
    concerned = await rests.select_teams_concerned(conn, list(team_ids), member_ids, since=now - _A_DAY)
    return {team.id: team for team in await teams.lock_teams(conn, concerned)}


async def judge_rest(
    conn: Connection,
    district_id: UUID,
    *,
    now: datetime,
    team_ids: Collection[UUID] = (),
    member_ids: Collection[UUID] = (),
    but: UUID | None = None,
) -> None:
    """After a roster was written: judge the rest of these members, and of whoever is or will be on these teams, anew.

    What teams cannot do any more, and have not accepted, is given back, except by team `but`: its caller sees to that. The caller holds
    the locks of `lock_teams_concerned`. Raises NotFound.
    """
    district = await districts.select_district(conn, district_id)
    if district is None:
        raise NotFound("There is no such district.")
    concerned = {*member_ids, *(await rests.select_members_of_teams(conn, team_ids, since=now))}
    before = {rest.key: rest for rest in await rests.select_rests_of_members(conn, concerned)}
    stints, found = await _judge(conn, district, concerned, before, now)
    judged = {rest.key for rest in found}
    ends = {stint.key: stint.shift_ends for stint in stints}
    ahead = {stint.key for stint in stints if stint.ends_at > now}
    changed = [rest for rest in found if before.get(rest.key) != rest]
    gone = [
        rest
        for key, rest in before.items()
        if key not in judged and (key in ahead or (key not in ends and rest.until > now))
    ]
    if gone:
        await rests.delete_rests(conn, gone)
    if changed:
        await rests.upsert_rests(conn, district_id, changed, [ends[rest.key] for rest in changed], now)
    for team_id in sorted({rest.team_id for rest in (*changed, *gone)} - {but}):
        await release_what_team_cannot_do(conn, team_id, now)


async def settle_rest(conn: Connection, shift_id: UUID, member_id: UUID, team_id: UUID, now: datetime) -> None:
    """A rest is over: the member counts, and what waits is looked at again. Raises NotFound where the team is gone."""
    async with conn.transaction():
        await release_what_team_cannot_do(conn, team_id, now)
        await rests.update_settled(conn, shift_id, member_id, now)


async def judge_anew(conn: Connection, district_id: UUID, member_ids: Sequence[UUID], now: datetime) -> None:
    """The rules changed: judge the rest of these members anew, once. Raises NotFound where the district is gone."""
    async with conn.transaction():
        await lock_teams_concerned(conn, [], now, member_ids=member_ids)
        await judge_rest(conn, district_id, now=now, member_ids=member_ids)
        await rests.delete_checks(conn, member_ids, now)


async def who_may_work(conn: Connection, district: District, extra: Sequence[Stint], *, now: datetime) -> list[UUID]:
    """Of the members of these stints, which nobody has rostered yet, those whom no rule of rest forbids theirs, in their order."""
    members = [stint.member_id for stint in extra]
    limits = RestLimits.of(district.settings, district.time_zone)
    before = {rest.key: rest.until for rest in await rests.select_rests_of_members(conn, members)}
    since = min([now, *(stint.starts_at for stint in extra)]) - limits.looks_back
    rostered: dict[UUID, list[Stint]] = {member_id: [] for member_id in members}
    for stint in await rests.select_stints(conn, members, since=since):
        rostered[stint.member_id].append(stint)
    return [
        stint.member_id
        for stint in extra
        if is_free_of_rest(rostered[stint.member_id], stint, limits, now=now, known=before)
    ]


async def _judge(
    conn: Connection,
    district: District,
    member_ids: Collection[UUID],
    before: dict[tuple[UUID, UUID], Rest],
    now: datetime,
) -> tuple[list[Stint], list[Rest]]:
    limits = RestLimits.of(district.settings, district.time_zone)
    stints = await rests.select_stints(conn, member_ids, since=now - limits.looks_back)
    return stints, judge(stints, limits, now=now, known={key: rest.until for key, rest in before.items()})
