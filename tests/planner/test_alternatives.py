"""Who else could have had what a round moved."""

from dataclasses import replace

from hypothesis import given, settings

from services.worker.planner.alternatives import with_next_best
from services.worker.planner.improve import with_walks
from services.worker.planner.problem import Problem
from services.worker.travel.great_circle import GreatCircle
from tests.planner.test_improve import any_problem, improved, walks_of
from tests.planner.test_place_properties import next_best_of


@settings(max_examples=50)  # each example is a solve
@given(any_problem)
def test_of_each_task_that_moved_the_next_best_team_is_the_one_that_trying_all_others_says(problem: Problem) -> None:
    plan = improved(problem)
    told = with_next_best(problem, plan, GreatCircle)
    after = with_walks(problem, walks_of(plan))
    works = {work.task_id: work for team in after.teams for work in team.works}
    assert told.placements.keys() == plan.placements.keys()
    for task_id, placement in told.placements.items():
        assert placement.reason.next_best == next_best_of(after, works[task_id], placement.team_id)


@settings(max_examples=50)  # each example is a solve
@given(any_problem)
def test_nothing_else_of_the_plan_changes(problem: Problem) -> None:
    plan = improved(problem)
    told = with_next_best(problem, plan, GreatCircle)
    placements = {
        task_id: replace(placement, reason=replace(placement.reason, next_best=None))
        for task_id, placement in told.placements.items()
    }
    assert replace(told, placements=placements) == plan
