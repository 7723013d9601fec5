"""Rest kept true: judged anew, under the locks of all teams concerned, by whoever writes a roster."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from shared.domain.errors import NotFound
from shared.domain.ids import new_id
from shared.domain.member import Member
from shared.domain.rest import Key, Rest, RestLimits, Stint, is_free_of_rest, judge
from shared.domain.team import Team
from shared.domain.words import AlarmCode, Duty, RestRule
from shared.operations.alarms import raise_alarm
from shared.operations.release import release_what_team_cannot_do
from shared.store import districts, members, rests, teams
from shared.store.connection import Connection

_A_DAY = timedelta(days=1)
_STAND_INS_AT_ONCE = 500


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

    What teams cannot do any more, and have not accepted, is given back, except by team `but`: its caller sees to that. Shifts that nobody
    plans for yet have nothing to give back. The caller holds the locks of `lock_teams_concerned`. Raises NotFound.
    """
    district = await districts.select_district(conn, district_id)
    if district is None:
        raise NotFound("There is no such district.")
    concerned = {*member_ids, *(await rests.select_members_of_teams(conn, team_ids, since=now))}
    limits = RestLimits.of(district.settings, district.time_zone)
    before = {rest.key: rest for rest in await rests.select_rests_of_members(conn, concerned)}
    stints = await rests.select_stints(conn, concerned, since=now - limits.looks_back)
    found = judge(stints, limits, now=now, known={key: rest.until for key, rest in before.items()})
    changed = [rest for rest in found if before.get(rest.key) != rest]
    gone = _not_found_again(before, found, stints, now)
    if gone:
        await rests.delete_rests(conn, gone)
    if changed:
        ends = {stint.key: stint.shift_ends for stint in stints}
        await rests.upsert_rests(conn, district_id, changed, [ends[rest.key] for rest in changed], now)
    await rests.update_unsettled(conn, concerned, now)
    planned_until = now + timedelta(seconds=district.settings.plan_ahead_s)
    later = {stint.key for stint in stints if stint.shift_starts > planned_until}
    for team_id in sorted({rest.team_id for rest in (*changed, *gone) if rest.key not in later} - {but}):
        await release_what_team_cannot_do(conn, team_id, now)


def _not_found_again(
    before: Mapping[Key, Rest], found: Iterable[Rest], stints: Iterable[Stint], now: datetime
) -> list[Rest]:
    """Rests that nothing asks for any more. Those of stints that are over stay as they were judged."""
    judged = {rest.key for rest in found}
    over: set[Key] = set()
    ahead: set[Key] = set()
    for stint in stints:
        (ahead if stint.ends_at > now else over).add(stint.key)
    return [
        rest
        for key, rest in before.items()
        if key not in judged and (key in ahead or (key not in over and rest.until > now))
    ]


async def settle_rest(conn: Connection, shift_id: UUID, member_id: UUID, team_id: UUID, now: datetime) -> None:
    """A rest is over: the member counts, and what waits is looked at again. Raises NotFound where the team is gone."""
    async with conn.transaction():
        await release_what_team_cannot_do(conn, team_id, now)
        await rests.update_settled(conn, shift_id, member_id, now)


async def tell_rest(
    conn: Connection, district_id: UUID, shift_id: UUID, member_id: UUID, team_id: UUID, rule: RestRule, now: datetime
) -> None:
    """Somebody is rostered in the shift that runs and does not count: raise the alarm, once a shift."""
    async with conn.transaction():
        await raise_alarm(
            conn,
            district_id=district_id,
            what=AlarmCode.REST_BROKEN,
            now=now,
            team_id=team_id,
            member_id=member_id,
            occasion=str(shift_id),
            data={"rule": rule.value, "shift_id": str(shift_id)},
        )
        await rests.update_told(conn, shift_id, member_id, now)


async def judge_anew(conn: Connection, district_id: UUID, member_ids: Sequence[UUID], now: datetime) -> None:
    """The rules changed: judge the rest of these members anew, once. Raises NotFound where the district is gone."""
    async with conn.transaction():
        await lock_teams_concerned(conn, [], now, member_ids=member_ids)
        await judge_rest(conn, district_id, now=now, member_ids=member_ids)
        await rests.delete_checks(conn, member_ids, now)


async def find_stand_ins(
    conn: Connection,
    among: Collection[UUID] | None,
    *,
    starts_at: datetime,
    ends_at: datetime,
    q: str | None,
    role: str | None,
    duty: Duty | None,
    after: UUID | None,
    limit: int,
    now: datetime,
) -> list[Member]:
    """Active members of these districts (None: of all) who are in no shift then, and whom no rule of rest forbids one, in id order."""
    found: list[Member] = []
    while len(found) < limit:
        free = await members.select_members(
            conn,
            among,
            q=q,
            role=role,
            duty=duty,
            active=True,
            after=after,
            limit=_STAND_INS_AT_ONCE,
            free=(starts_at, ends_at),
        )
        for district_id in sorted({member.district_id for member in free}):
            theirs = [member for member in free if member.district_id == district_id]
            rested = await _rested(conn, district_id, [member.id for member in theirs], starts_at, ends_at, now)
            found += [member for member in theirs if member.id in rested]
        if len(free) < _STAND_INS_AT_ONCE:
            break
        after = free[-1].id
    return sorted(found, key=lambda member: member.id)[:limit]


async def _rested(
    conn: Connection,
    district_id: UUID,
    member_ids: Sequence[UUID],
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
) -> set[UUID]:
    """Of these members of one district, whom no rule forbids a shift then, nor any other shift because of it."""
    district = await districts.select_district(conn, district_id)
    if district is None:
        raise NotFound("There is no such district.")
    limits = RestLimits.of(district.settings, district.time_zone)
    known = {rest.key: rest.until for rest in await rests.select_rests_of_members(conn, member_ids)}
    rostered: dict[UUID, list[Stint]] = {member_id: [] for member_id in member_ids}
    for stint in await rests.select_stints(conn, member_ids, since=min(now, starts_at) - limits.looks_back):
        rostered[stint.member_id].append(stint)
    shift_id, team_id = new_id(), new_id()
    return {
        member_id
        for member_id, stints in rostered.items()
        if is_free_of_rest(
            stints,
            Stint(
                member_id=member_id,
                shift_id=shift_id,
                team_id=team_id,
                shift_starts=starts_at,
                shift_ends=ends_at,
                starts_at=starts_at,
                ends_at=ends_at,
            ),
            limits,
            now=min(now, starts_at),
            known=known,
        )
    }
