"""What one placing leaves to the next makes it quicker and changes nothing."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given

from services.worker.planner.layouts import Layouts
from services.worker.planner.place import place
from services.worker.planner.problem import Problem
from services.worker.travel.great_circle import GreatCircle
from tests.planner.test_place_properties import problems


@given(problems(), problems())
def test_a_plan_is_the_same_whatever_was_laid_out_before(problem: Problem, other: Problem) -> None:
    layouts = Layouts(problem)
    first = place(problem, GreatCircle, layouts)
    assert first == place(problem, GreatCircle)
    half = len(problem.pending) // 2
    placed = {task_id for task_id in first.placements if task_id in {work.task_id for work in problem.pending[:half]}}
    # As if only some of what was placed had been applied; teams of another problem stand for those that changed otherwise.
    teams = tuple(
        team.with_works(
            step.work
            for step in first.routes.get(team.team_id, ())
            if step.work.task_id in placed or step.work in team.works
        )
        if team.team_id in first.routes
        else team
        for team in problem.teams
    )
    known = {team.team_id for team in teams}
    teams += tuple(team for team in other.teams if team.team_id not in known)
    second = replace(problem, teams=teams, pending=problem.pending[half:])
    assert layouts.serve(second)
    assert place(second, GreatCircle, layouts) == place(second, GreatCircle)


@given(problems())
def test_layouts_serve_one_moment_and_one_set_of_numbers(problem: Problem) -> None:
    layouts = Layouts(problem)
    assert not layouts.serve(replace(problem, now=problem.now + timedelta(microseconds=1)))
    freezes_longer = replace(problem.settings, freeze_s=problem.settings.freeze_s + 1)
    assert not layouts.serve(replace(problem, settings=freezes_longer))
