"""What changes its team begins late enough that nobody on the way there is upset, and rounds still get something done."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.worker.planner.evaluate import AHEAD, evaluate
from services.worker.planner.improve import improve, with_walks
from services.worker.planner.place import place
from services.worker.planner.prices import prices_of
from services.worker.planner.problem import Problem
from services.worker.planner.solver import Stop
from services.worker.travel.great_circle import GreatCircle
from shared.domain.geography import Pace, Point
from shared.domain.routing import timetable
from tests.planner.test_improve import any_problem, cost, district, improved, walks_of
from tests.planner.test_place import after, team, visit


def assert_nothing_moves_soon(problem: Problem, later: Problem) -> int:
    """How many works changed their team between the two."""
    had = {work.task_id: team_.team_id for team_ in problem.teams for work in team_.works}
    limit: datetime = problem.now + AHEAD * timedelta(seconds=problem.settings.freeze_s)
    moved = [
        stop
        for team_ in later.teams
        for stop in timetable(team_, team_.works)
        if had.get(stop.work.task_id, team_.team_id) != team_.team_id
    ]
    assert all(stop.begin_at > limit for stop in moved)
    return len(moved)


@settings(max_examples=100)
@given(any_problem, st.integers(1, 4), st.sampled_from([0, 300, 600, 1800]))
def test_however_many_passes_nothing_changes_its_team_that_begins_soon(
    problem: Problem, passes: int, freeze_s: int
) -> None:
    problem = replace(problem, settings=replace(problem.settings, freeze_s=freeze_s))
    plan = improved(problem, passes=passes)
    assert_nothing_moves_soon(problem, with_walks(problem, walks_of(plan)))
    assert evaluate(problem, walks_of(plan), prices_of(problem.settings)).is_allowed


def greedy(seed: int, *, service_s: int) -> Problem:
    """Ten teams with a day's visits as placed one by one, which leaves much to be improved."""
    chance = random.Random(seed)

    def somewhere() -> Point:
        return Point(31.2 + chance.uniform(-0.03, 0.03), 121.4 + chance.uniform(-0.03, 0.03))

    crew = [team(number, 0, place=somewhere(), pace=Pace(kmh=15.0)) for number in range(1, 11)]
    works = tuple(
        visit(
            number,
            number,
            point=somewhere(),
            service_s=service_s,
            due_at=after(chance.choice([60, 120, 240, 480])),
            priority=chance.choice([2, 3, 4, 5]),
        )
        for number in range(1, 121)
    )
    problem = district(*crew, pending=works)
    return with_walks(problem, walks_of(place(problem, GreatCircle)))


@pytest.mark.parametrize("service_s", [300, 900])
def test_one_visit_moved_too_soon_does_not_cost_all_others_their_round(service_s: int) -> None:
    helped = moved = 0
    for seed in range(5):
        problem = greedy(seed, service_s=service_s)
        plan = improve(problem, GreatCircle, seed=seed, stop=Stop(iterations=200), passes=2)
        helped += cost(problem, plan) < cost(problem)
        moved += assert_nothing_moves_soon(problem, with_walks(problem, walks_of(plan)))
    assert helped == 5
    assert moved > 0
