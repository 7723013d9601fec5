"""Who else could have had what an improved plan moved: for the people who ask why, not for the plan."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from services.worker.planner.improve import with_walks
from services.worker.planner.layouts import Layouts
from services.worker.planner.problem import Plan, Problem, TravelTimes
from services.worker.planner.walks import Walks
from shared.domain.geography import Pace


def with_next_best(problem: Problem, plan: Plan, make_travel: Callable[[Sequence[Pace]], TravelTimes]) -> Plan:
    """The plan, each placement with the next best team: where the task would go in the new walks if its own team could not have it."""
    if not plan.placements:
        return plan
    planned = with_walks(problem, {team_id: [stop.work for stop in route] for team_id, route in plan.routes.items()})
    walks = Walks(planned, make_travel, Layouts(planned))
    rows = {team.team_id: row for row, team in enumerate(walks.teams)}
    works = {work.task_id: work for team in walks.teams for work in team.works}
    placements = {}
    for task_id, placement in plan.placements.items():
        work = works[task_id]
        next_best = walks.next_best(work, walks.scan(work), rows[placement.team_id])
        placements[task_id] = replace(placement, reason=replace(placement.reason, next_best=next_best))
    return replace(plan, placements=placements)
