"""The placer's two ends: what a district's plan starts from, and the one way in which a plan becomes assignments.

Between the two nothing is locked. What changed meanwhile is found under the locks and thrown away; its tasks stay due and are planned
again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.domain.district import District
from shared.domain.errors import NotFound
from shared.domain.intake import LOOK_AGAIN_ASTRAY
from shared.domain.reasons import AssignmentReason, Waiting
from shared.domain.routing import TeamOnShift, Work
from shared.domain.words import Status, WaitingReason
from shared.operations.holding import Gain, give
from shared.operations.walks import KnownWalks, load_teams, work_of
from shared.store import districts, rounds, tasks, teams
from shared.store.connection import Connection
from shared.store.events import NewEvent, insert_events


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A district as a plan starts from it: teams on shift (now or soon) with their walks, and the pending work whose turn it is."""

    read_at: datetime
    now: datetime  # for which the walks are laid out: `read_at`, or a little later
    district: District
    teams: tuple[TeamOnShift, ...]
    pending: tuple[Work, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWalk:
    """A team as it was planned from, and its walk with the newly placed work in it."""

    team: TeamOnShift
    works: Sequence[Work]


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What became of a plan: tasks given to teams, and tasks whose placement was overtaken by a change meanwhile."""

    placed: int
    overtaken: int


async def load_situation(
    conn: Connection,
    district_id: UUID,
    now: datetime,
    *,
    most: int,
    known: KnownWalks | None = None,
    lay_out_at: datetime | None = None,
) -> Situation:
    """Read, without locks, at most `most` pending tasks and all teams on shift. Raises NotFound.

    Visits to which nobody can be sent before a person mends the map are said to wait for that first. `known`: the district's walks as
    they were read before, brought up to date here. `lay_out_at`: a moment a little ahead, for which to lay the walks out instead of `now`.
    """
    as_of = lay_out_at or now
    district = await districts.select_district(conn, district_id)
    if district is None:
        raise NotFound("There is no such district.")
    await _set_astray_aside(conn, district_id, now)
    pending = await tasks.select_due_for_planning(conn, district_id, now, most)
    teams = (
        await load_teams(conn, district.settings, now=as_of, district_id=district_id, known=known) if pending else []
    )
    return Situation(
        read_at=now,
        now=as_of,
        district=district,
        teams=tuple(team for team in teams if team.shift_id is not None),
        pending=tuple(work_of(task) for task in pending),
    )


async def _set_astray_aside(conn: Connection, district_id: UUID, now: datetime) -> None:
    async with conn.transaction():
        astray = await tasks.update_astray(conn, district_id, now=now, look_again_at=now + LOOK_AGAIN_ASTRAY)
        await _tell_waiting(
            conn,
            district_id,
            {row["id"]: row["waiting_reason"] for row in astray if row["waiting_reason"] != row["before"]},
            now,
        )


async def apply_plan(
    conn: Connection,
    district_id: UUID,
    *,
    walks: Sequence[NewWalk],
    reasons: Mapping[UUID, AssignmentReason],
    waiting: Mapping[UUID, Waiting],
    planned_at: datetime,
    now: datetime,
) -> Applied:
    """Give the placed tasks to their teams and say why the others wait, in one transaction.

    `reasons` has each newly placed task; `planned_at` is when the situation was read. A team whose route, shift, people or duty
    changed since, and a task that is no longer pending as it was, are left as they are. Raises ValueError where a walk leaves out what
    its team has.
    """
    if any({work.task_id for work in walk.team.works} - {work.task_id for work in walk.works} for walk in walks):
        raise ValueError("a walk leaves out what its team has")
    async with conn.transaction():
        unchanged = await _unchanged_teams(conn, walks)
        wanted = [work for walk in unchanged for work in walk.works if work.task_id in reasons]
        locked = await tasks.lock_tasks(conn, [work.task_id for work in wanted])
        still_pending = {task.id: work_of(task) for task in locked if task.status is Status.PENDING}
        to_give = {work.task_id for work in wanted if still_pending.get(work.task_id) == work}
        gains = [_without_overtaken(walk, to_give, reasons) for walk in unchanged]
        if to_give:
            await give(conn, district_id, [gain for gain in gains if gain.reasons], now=now)
            if not all(reasons[task_id].on_time for task_id in to_give):
                await rounds.insert_wish(conn, district_id, now)
        await _say_why_they_wait(conn, district_id, waiting, planned_at, now)
    return Applied(placed=len(to_give), overtaken=len(reasons) - len(to_give))


async def _unchanged_teams(conn: Connection, walks: Sequence[NewWalk]) -> list[NewWalk]:
    versions = {
        team.id: (team.route_version, team.roster_version)
        for team in await teams.lock_teams(conn, [walk.team.team_id for walk in walks])
    }
    return [
        walk for walk in walks if versions.get(walk.team.team_id) == (walk.team.route_version, walk.team.roster_version)
    ]


def _without_overtaken(walk: NewWalk, to_give: set[UUID], reasons: Mapping[UUID, AssignmentReason]) -> Gain:
    works = [work for work in walk.works if work.task_id in to_give or work.task_id not in reasons]
    given = {work.task_id: reasons[work.task_id].as_json() for work in works if work.task_id in to_give}
    return Gain(team=walk.team, works=works, reasons=given)


async def _say_why_they_wait(
    conn: Connection, district_id: UUID, waiting: Mapping[UUID, Waiting], planned_at: datetime, now: datetime
) -> None:
    changed = await tasks.update_waiting(
        conn,
        list(waiting),
        [said.reason for said in waiting.values()],
        [dict(said.detail) for said in waiting.values()],
        [said.look_again_at for said in waiting.values()],
        planned_at,
    )
    if any(row["reason"] == WaitingReason.ALL_TEAMS_FULL for row in changed):
        await rounds.insert_wish(conn, district_id, now)
    await _tell_waiting(conn, district_id, {row["id"]: row["reason"] for row in changed}, now)


async def _tell_waiting(conn: Connection, district_id: UUID, reasons: Mapping[UUID, str], now: datetime) -> None:
    await insert_events(
        conn,
        [
            NewEvent(district_id=district_id, at=now, name="task.waiting", task_id=task_id, data={"reason": reason})
            for task_id, reason in reasons.items()
        ],
    )
