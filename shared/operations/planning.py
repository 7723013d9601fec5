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
from shared.domain.ids import new_id
from shared.domain.reasons import AssignmentReason, Waiting
from shared.domain.routing import TeamOnShift, Work
from shared.domain.words import Status
from shared.operations.walks import load_teams, rewrite_routes, work_of
from shared.store import assignments, districts, routes, tasks
from shared.store.connection import Connection
from shared.store.events import NewEvent, insert_events


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A district as a plan starts from it: teams on shift (now or soon) with their walks, and the pending work whose turn it is."""

    now: datetime
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


async def load_situation(conn: Connection, district_id: UUID, now: datetime, *, most: int) -> Situation:
    """Read, without locks, at most `most` pending tasks and all teams on shift. Raises NotFound."""
    district = await districts.select_district(conn, district_id)
    if district is None:
        raise NotFound("There is no such district.")
    pending = await tasks.select_due_for_planning(conn, district_id, now, most)
    teams = await load_teams(conn, district.settings, now=now, district_id=district_id) if pending else []
    return Situation(
        now=now,
        district=district,
        teams=tuple(team for team in teams if team.shift_id is not None),
        pending=tuple(work_of(task) for task in pending),
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

    `reasons` has each newly placed task; `planned_at` is the `now` the plan started from. A team whose route, shift, people or duty
    changed since, and a task that is no longer pending as it was, are left as they are.
    """
    async with conn.transaction():
        unchanged = await _unchanged_teams(conn, walks)
        wanted = [work for walk in unchanged for work in walk.works if work.task_id in reasons]
        locked = await tasks.lock_tasks(conn, [work.task_id for work in wanted])
        still_pending = {task.id: work_of(task) for task in locked if task.status is Status.PENDING}
        to_give = {work.task_id for work in wanted if still_pending.get(work.task_id) == work}
        kept = [
            (walk.team, [work for work in walk.works if work.task_id in to_give or work.task_id not in reasons])
            for walk in unchanged
            if any(work.task_id in to_give for work in walk.works)
        ]
        await _give(conn, district_id, kept, {task_id: reasons[task_id] for task_id in to_give}, now)
        await rewrite_routes(conn, kept, district_id=district_id, now=now, why="planned")
        await _say_why_they_wait(conn, district_id, waiting, planned_at, now)
    return Applied(placed=len(to_give), overtaken=len(reasons) - len(to_give))


async def _unchanged_teams(conn: Connection, walks: Sequence[NewWalk]) -> list[NewWalk]:
    versions = {
        row["id"]: (row["route_version"], row["roster_version"])
        for row in await routes.lock_teams(conn, [walk.team.team_id for walk in walks])
    }
    return [
        walk for walk in walks if versions.get(walk.team.team_id) == (walk.team.route_version, walk.team.roster_version)
    ]


async def _give(
    conn: Connection,
    district_id: UUID,
    walks: Sequence[tuple[TeamOnShift, Sequence[Work]]],
    reasons: Mapping[UUID, AssignmentReason],
    now: datetime,
) -> None:
    given = [(team, work.task_id) for team, works in walks for work in works if work.task_id in reasons]
    if not given:
        return
    ids, task_ids, team_ids = (
        [new_id() for _ in given],
        [task_id for _, task_id in given],
        [team.team_id for team, _ in given],
    )
    await assignments.insert_assignments(
        conn,
        district_id,
        ids=ids,
        task_ids=task_ids,
        team_ids=team_ids,
        members=[[dict(member) for member in team.members] for team, _ in given],
        reasons=[reasons[task_id].as_json() for task_id in task_ids],
        pinned=False,
        now=now,
    )
    await tasks.update_held(conn, task_ids, ids, team_ids, now)
    await insert_events(
        conn,
        [
            NewEvent(
                district_id=district_id,
                at=now,
                name="task.assigned",
                task_id=task_id,
                team_id=team_id,
                data={"assignment_id": str(assignment)},
            )
            for assignment, task_id, team_id in zip(ids, task_ids, team_ids, strict=True)
        ],
    )


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
    await insert_events(
        conn,
        [
            NewEvent(
                district_id=district_id, at=now, name="task.waiting", task_id=row["id"], data={"reason": row["reason"]}
            )
            for row in changed
        ],
    )
