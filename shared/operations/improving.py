"""The improver's two ends: a district as a round starts from it, and new walks becoming assignments, a group of teams at a time.

A round computes for seconds, and meanwhile phones accept, tasks arrive and people leave. What changed is put into the new walks under the
teams' locks; they are written whole if they are then still better than what stands, else thrown away. So arrivals never starve a round,
and no group is half-written.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from shared.domain.district import District, DistrictSettings
from shared.domain.errors import NotFound
from shared.domain.reasons import AssignmentReason
from shared.domain.routing import TeamOnShift, Work, frozen_prefix, insert_where_cheapest, reason_in_walk, timetable
from shared.domain.task import Task
from shared.domain.words import EndReason, Status
from shared.operations.holding import Gain, give, part_with
from shared.operations.planning import Situation
from shared.operations.walks import load_teams, rewrite_routes, work_of
from shared.store import districts, tasks, teams
from shared.store.connection import Connection

Walks = Mapping[UUID, Sequence[Work]]
"""Whole walks by team."""
IsBetter = Callable[[District, Sequence[TeamOnShift], Sequence[Work], Walks], bool]
"""Whether these walks are allowed and cost less than those that the teams have, given the work that waits."""


async def load_round(conn: Connection, district_id: UUID, now: datetime, *, most: int) -> Situation:
    """Read, without locks, all teams on shift and at most `most` tasks that wait, due for planning or not. Raises NotFound."""
    district = await districts.select_district(conn, district_id)
    if district is None:
        raise NotFound("There is no such district.")
    waiting = await tasks.select_waiting_for_teams(conn, district_id, most)
    on_shift = await load_teams(conn, district.settings, now=now, district_id=district_id)
    return Situation(
        read_at=now,
        now=now,
        district=district,
        teams=tuple(team for team in on_shift if team.shift_id is not None),
        pending=tuple(work_of(task) for task in waiting),
    )


async def apply_walks(
    conn: Connection,
    district: District,
    walks: Walks,
    *,
    reasons: Mapping[UUID, AssignmentReason],
    is_better: IsBetter,
    now: datetime,
) -> bool:
    """Give a group of teams these walks, as far as they hold and if that is still better; whether it was.

    The group is closed: a task moves only between its teams, or from waiting to one of them. Accepted, pinned and begun work stays with
    its team.
    """
    async with conn.transaction():
        await teams.lock_teams(conn, walks)
        loaded = await load_teams(conn, district.settings, now=now, team_ids=list(walks))
        group = [team for team in loaded if team.shift_id is not None]
        if len(group) < len(walks):
            return False
        locked = {task.id: task for task in await tasks.lock_tasks(conn, _new_to_their_teams(group, walks))}
        waiting = [work_of(task) for task in locked.values() if task.status is Status.PENDING]
        merged = rebase(group, walks, waiting, now=now, settings=district.settings)
        if not is_better(district, group, waiting, merged):
            return False
        await _write(conn, district, group, merged, locked, reasons, now)
        await tasks.update_plan_at_for_district(conn, district.id, now)
        return True


def rebase(
    group: Sequence[TeamOnShift],
    walks: Walks,
    waiting: Sequence[Work],
    *,
    now: datetime,
    settings: DistrictSettings,
) -> dict[UUID, tuple[Work, ...]]:
    """The new walks brought up to what stands now: closed work is left out, fixed work stays, new work comes where it costs least."""
    heads = {team.team_id: _frozen(team, now, settings.freeze_s) for team in group}
    holder = {work.task_id: team.team_id for team in group for work in team.works}
    known = {work.task_id: work for team in group for work in team.works} | {work.task_id: work for work in waiting}
    taken = {work.task_id for head in heads.values() for work in head}
    merged: dict[UUID, list[Work]] = {team_id: list(head) for team_id, head in heads.items()}
    for team_id, planned in walks.items():
        for task_id in (work.task_id for work in planned):
            work = known.get(task_id)
            if work is None or task_id in taken:
                continue
            if holder.get(task_id, team_id) != team_id and (work.team_fixed or work.is_under_way):
                continue
            taken.add(task_id)
            merged[team_id].append(work)
    for team in group:
        for work in (work for work in team.works if work.task_id not in taken):
            grown = team.with_works(merged[team.team_id])
            placed = insert_where_cheapest(grown, work, now, settings.freeze_s, settings.home_grid_price_s, forced=True)
            merged[team.team_id] = [step.work for step in placed.planned] if placed else [*grown.works, work]
    return {team_id: tuple(works) for team_id, works in merged.items()}


async def _write(
    conn: Connection,
    district: District,
    group: Sequence[TeamOnShift],
    merged: Walks,
    locked: Mapping[UUID, Task],
    reasons: Mapping[UUID, AssignmentReason],
    now: datetime,
) -> None:
    had = {team.team_id: {work.task_id for work in team.works} for team in group}
    gained = {
        team.team_id: [work.task_id for work in merged[team.team_id] if work.task_id not in had[team.team_id]]
        for team in group
    }
    moved = [locked[task_id] for task_ids in gained.values() for task_id in task_ids if locked[task_id].status.is_held]
    if moved:
        await part_with(conn, moved, EndReason.REPLANNED, now=now)
    gains = [
        Gain(
            team=team,
            works=merged[team.team_id],
            reasons=_why(team, merged[team.team_id], gained[team.team_id], reasons),
        )
        for team in group
        if gained[team.team_id]
    ]
    if gains:
        await give(conn, district.id, gains, now=now, why="improved")
    reordered = [
        (team, merged[team.team_id])
        for team in group
        if not gained[team.team_id] and merged[team.team_id] != team.works
    ]
    await rewrite_routes(conn, reordered, district_id=district.id, now=now, why="improved")


def _why(
    team: TeamOnShift, works: Sequence[Work], gained: Sequence[UUID], reasons: Mapping[UUID, AssignmentReason]
) -> dict[UUID, dict[str, object]]:
    """As the round told it; of what it found with the team and was given back meanwhile, what its walk says."""
    why = {task_id: reasons[task_id].as_json() for task_id in gained if task_id in reasons}
    if len(why) < len(gained):
        planned = timetable(team, works)
        why |= {
            stop.work.task_id: reason_in_walk(team, planned, stop).figures()
            for stop in planned
            if stop.work.task_id in gained and stop.work.task_id not in why
        }
    return why


def _new_to_their_teams(group: Sequence[TeamOnShift], walks: Walks) -> list[UUID]:
    had = {team.team_id: {work.task_id for work in team.works} for team in group}
    return [work.task_id for team_id, works in walks.items() for work in works if work.task_id not in had[team_id]]


def _frozen(team: TeamOnShift, now: datetime, freeze_s: int) -> tuple[Work, ...]:
    return team.works[: frozen_prefix(timetable(team, team.works), now, freeze_s)]
