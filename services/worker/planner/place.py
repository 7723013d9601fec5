"""Place: every pending task into the walks as they are, where it costs least and nobody else pays."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.worker.planner.layouts import Layouts
from services.worker.planner.problem import Plan, Problem, TravelTimes
from services.worker.planner.waiting import nobody_on_shift, why_all_are_full, why_nobody_could
from services.worker.planner.walks import MOST_SCANNED, Walks
from shared.domain.geography import Pace
from shared.domain.reasons import Placement, Waiting
from shared.domain.routing import Work, assignment_reason

MANY = 60
"""Pending tasks, if they are half as many as teams hold: then what comes first stands in the way of what comes last."""


def are_many(problem: Problem) -> bool:
    """Whether the pending tasks are better placed together (`improve.place_together`) than one by one."""
    held = sum(len(team.works) for team in problem.teams)
    return len(problem.pending) >= max(MANY, held / 2)


def place(
    problem: Problem,
    travel: Callable[[Sequence[Pace]], TravelTimes],
    layouts: Layouts | None = None,
    *,
    most_scanned: int = MOST_SCANNED,
) -> Plan:
    """Insert all pending tasks, the most urgent first; what was there keeps its team and its order.

    A task that no team can begin by its due time is placed late, as early as possible. `travel` makes the travel times of the teams,
    given their paces in order of team ids. `layouts` that serve this problem, left by an earlier one, make it quicker and change nothing.
    Where there are more than `most_scanned` teams, only as many are judged for a task that two of them can begin on time.
    """
    if not problem.teams:
        return Plan(routes={}, placements={}, waiting=nobody_on_shift(problem))
    walks = Walks(problem, travel, layouts or Layouts(problem), most_scanned)
    placements: dict[UUID, Placement] = {}
    waiting: dict[UUID, Waiting] = {}
    changed: set[int] = set()
    for work in sorted(problem.pending, key=_urgency):
        if not walks.someone_could(work):
            waiting[work.task_id] = why_nobody_could(problem, walks, work)
            continue
        scan = walks.scan(work)
        offer = walks.best(work, scan)
        if offer is None:
            waiting[work.task_id] = why_all_are_full(problem, walks, work, scan)
            continue
        next_best = walks.next_best(work, scan, offer.row)
        stop = walks.insert(offer, work)
        team = walks.teams[offer.row]
        reason = replace(assignment_reason(team, stop, offer.added_travel_s), next_best=next_best)
        placements[work.task_id] = Placement(team_id=team.team_id, reason=reason)
        changed.add(offer.row)
    routes = {walks.teams[row].team_id: walks.planned(row) for row in sorted(changed)}
    return Plan(routes=routes, placements=placements, waiting=waiting)


def _urgency(work: Work) -> tuple[int, datetime, UUID]:
    return -work.priority, work.due_at, work.task_id
