"""Who holds a task: giving tasks to teams and taking them back, with the routes and events that go with it.

Callers hold the locks (`lock`): the teams concerned in id order, then the tasks in id order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.calls import share_out
from shared.domain.district import District
from shared.domain.ids import new_id
from shared.domain.routing import TeamOnShift, Work
from shared.domain.task import AfterVisit, Assignment, Task
from shared.domain.words import EndReason, Status
from shared.operations.push import wake_teams
from shared.operations.walks import load_teams, rewrite_routes
from shared.store import assignments, rounds, tasks, teams
from shared.store.connection import Connection
from shared.store.events import NewEvent, insert_events

FREES_A_TEAM = frozenset({EndReason.CANCELLED, EndReason.EXPIRED, EndReason.VISITED_BY_ANOTHER})
"""Ends of held work that its team did nothing for: what others hold may suit it better now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """Tasks that a team gets: its whole walk from now on, in order, and of each task new to it why it is this team."""

    team: TeamOnShift
    works: Sequence[Work]
    reasons: Mapping[UUID, Mapping[str, Any]]

    @property
    def new_works(self) -> list[Work]:
        return [work for work in self.works if work.task_id in self.reasons]


async def lock(conn: Connection, task_ids: Iterable[UUID], *team_ids: UUID) -> dict[UUID, Task]:
    """These tasks by id, locked after the teams that hold them and after `team_ids`; absent ones are left out.

    A holder is only known by reading its task, so it may change before the lock is had: then these locks are given back (a savepoint undone
    frees them) and taken again in order. That ends, because each round needs a change by somebody else.
    """
    wanted_tasks = list(set(task_ids))
    while True:
        seen = await tasks.select_tasks(conn, wanted_tasks)
        wanted = {*team_ids, *(task.team_id for task in seen if task.team_id)}
        attempt = conn.transaction()
        await attempt.start()
        await teams.lock_teams(conn, wanted)
        locked = await tasks.lock_tasks(conn, wanted_tasks)
        if all(task.team_id is None or task.team_id in wanted for task in locked):
            await attempt.commit()
            return {task.id: task for task in locked}
        await attempt.rollback()


async def give(
    conn: Connection,
    district_id: UUID,
    gains: Sequence[Gain],
    *,
    now: datetime,
    pinned: bool = False,
    why: str = "planned",
    account_id: UUID | None = None,
) -> None:
    """Give tasks that have no live assignment to their teams, rewrite those teams' routes, and wake phones for what is urgent.

    Raises UniqueViolationError where a task has a live assignment, which under the locks cannot be.
    """
    given = [(gain.team, task_id, reason, new_id()) for gain in gains for task_id, reason in gain.reasons.items()]
    task_ids = [task_id for _, task_id, _, _ in given]
    team_ids = [team.team_id for team, _, _, _ in given]
    ids = [assignment_id for _, _, _, assignment_id in given]
    await assignments.insert_assignments(
        conn,
        district_id,
        ids=ids,
        task_ids=task_ids,
        team_ids=team_ids,
        members=[[dict(member) for member in team.members] for team, _, _, _ in given],
        reasons=[dict(reason) for _, _, reason, _ in given],
        caller_ids=await _callers(conn, gains, task_ids),
        pinned=pinned,
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
                team_id=team.team_id,
                account_id=account_id,
                data={"assignment_id": str(assignment_id), "pinned": pinned},
            )
            for team, task_id, _, assignment_id in given
        ],
    )
    await rewrite_routes(conn, [(gain.team, gain.works) for gain in gains], district_id=district_id, now=now, why=why)
    await wake_teams(conn, [(gain.team, gain.new_works) for gain in gains], now=now)


async def _callers(conn: Connection, gains: Sequence[Gain], task_ids: Sequence[UUID]) -> list[UUID | None]:
    """Of each task who on its team makes the call, where it can be one: what has a place is none."""
    calls = {gain.team.team_id: [(w.task_id, w.roles) for w in gain.new_works if w.point is None] for gain in gains}
    calling = [gain.team for gain in gains if calls[gain.team.team_id]]
    if not calling:
        return [None] * len(task_ids)
    people = [UUID(member["member_id"]) for team in calling for member in team.members]
    still_to_make = await assignments.select_open_calls(conn, people)
    callers: dict[UUID, UUID] = {}
    for team in calling:
        callers |= share_out(calls[team.team_id], team.members, still_to_make)
    return [callers.get(task_id) for task_id in task_ids]


async def take_back(
    conn: Connection,
    district: District,
    held: Sequence[Task],
    end_reason: EndReason,
    *,
    now: datetime,
    account_id: UUID | None = None,
    member_id: UUID | None = None,
    why: str | None = None,
    note: str = "",
) -> list[Assignment]:
    """Held tasks become pending, to be placed now; their assignments end, their teams' routes go on without them. Returns what ended.

    A round is wished for. `why`: a code that a person gave, for the event. `note`: their own words, for the assignment.
    """
    ended = await assignments.update_ended(conn, [task.id for task in held], end_reason, now, note=note)
    await tasks.update_pending(conn, [task.id for task in held], now)
    said = {"reason": end_reason} | ({"why": why} if why else {})
    await _tell(conn, held, "task.released", now, account_id, member_id, **said)
    await rewrite_walks(conn, district, _holders(held), now=now, why=end_reason)
    if held:
        await rounds.insert_wish(conn, district.id, now)
    return ended


async def part_with(
    conn: Connection,
    held: Sequence[Task],
    end_reason: EndReason,
    *,
    now: datetime,
    account_id: UUID | None = None,
    member_id: UUID | None = None,
) -> list[Assignment]:
    """End the assignments of tasks that the caller gives to another team at once, and then writes the routes. Returns what ended."""
    ended = await assignments.update_ended(conn, [task.id for task in held], end_reason, now)
    await _tell(conn, held, "task.released", now, account_id, member_id, reason=end_reason)
    return ended


async def take_back_for_retry(
    conn: Connection, district: District, task: Task, after: AfterVisit, *, now: datetime, member_id: UUID | None = None
) -> list[Assignment]:
    """After a visit that did not see the person: pending again with the later window of `after`. Returns what ended."""
    assert after.earliest is not None, "a retry has a window"  # noqa: S101 - what AfterVisit promises with `pending`
    assert after.due_at is not None, "a retry has a window"  # noqa: S101 - what AfterVisit promises with `pending`
    ended = await assignments.update_ended(conn, [task.id], after.end_reason, now)
    await tasks.update_for_retry(
        conn, task.id, earliest=after.earliest, due_at=after.due_at, attempts=after.attempts, now=now
    )
    await _tell(conn, [task], "task.released", now, None, member_id, reason=after.end_reason)
    await rewrite_walks(conn, district, _holders([task]), now=now, why=after.end_reason)
    return ended


async def close(
    conn: Connection,
    district: District,
    open_tasks: Sequence[Task],
    status: Status,
    end_reason: EndReason,
    *,
    now: datetime,
    reason: str = "",
    attempts: int | None = None,
    account_id: UUID | None = None,
    member_id: UUID | None = None,
) -> list[Assignment]:
    """Open tasks become `status` (a closed one) for `reason`, a text or code; whoever held them is told. Returns what ended."""
    ended = await assignments.update_ended(conn, [task.id for task in open_tasks], end_reason, now)
    await tasks.update_closed(conn, [task.id for task in open_tasks], status, reason=reason, now=now, attempts=attempts)
    await _tell(conn, open_tasks, f"task.{status}", now, account_id, member_id, reason=end_reason)
    holders = _holders(open_tasks)
    await rewrite_walks(conn, district, holders, now=now, why=end_reason)
    if holders and end_reason in FREES_A_TEAM:
        await rounds.insert_wish(conn, district.id, now)
    return ended


async def rewrite_walks(
    conn: Connection, district: District, team_ids: Iterable[UUID], *, now: datetime, why: str
) -> None:
    """Write the routes of these locked teams anew from what they hold now, in the order they had."""
    wanted = sorted(set(team_ids))
    if not wanted:
        return
    teams = await load_teams(conn, district.settings, now=now, team_ids=wanted)
    await rewrite_routes(conn, [(team, team.works) for team in teams], district_id=district.id, now=now, why=why)


def _holders(held: Iterable[Task]) -> set[UUID]:
    return {task.team_id for task in held if task.team_id is not None}


async def _tell(
    conn: Connection,
    told: Sequence[Task],
    name: str,
    now: datetime,
    account_id: UUID | None,
    member_id: UUID | None,
    **data: str,
) -> None:
    await insert_events(
        conn,
        [
            NewEvent(
                district_id=task.district_id,
                at=now,
                name=name,
                task_id=task.id,
                team_id=task.team_id,
                account_id=account_id,
                member_id=member_id,
                data=data,
            )
            for task in told
        ],
    )
