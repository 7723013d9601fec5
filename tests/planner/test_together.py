"""Placing together: whatever the problem, nothing that a team has leaves it, nothing new is lost, and with no time it is one by one."""

import random
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.worker.planner.evaluate import evaluate
from services.worker.planner.improve import place_together, with_walks
from services.worker.planner.place import MANY, are_many, place
from services.worker.planner.prices import prices_of
from services.worker.planner.problem import Plan, Problem
from services.worker.planner.solver import Stop
from services.worker.travel.great_circle import GreatCircle
from shared.domain.geography import Pace, Point
from shared.domain.routing import TeamOnShift, Work, frozen_prefix, timetable
from shared.domain.words import WaitingReason
from tests.planner.test_improve import any_problem, cost, district, rest, walks_of
from tests.planner.test_place import after, team, visit
from tests.planner.test_place_properties import NOW

few = settings(max_examples=50)  # each example is several solves
A_FEW, NONE = Stop(iterations=20), Stop(iterations=0)


def together(problem: Problem, stop: Stop = A_FEW, seed: int = 1) -> Plan:
    return place_together(problem, GreatCircle, seed=seed, stop=stop)


def assert_all_accounted_for(problem: Problem, plan: Plan) -> None:
    """Each pending task is with one team or waits; each held one is where it was."""
    pending = {work.task_id for work in problem.pending}
    assert plan.placements.keys() | plan.waiting.keys() == pending
    assert not plan.placements.keys() & plan.waiting.keys()
    for team_ in problem.teams:
        mine = [task_id for task_id, placement in plan.placements.items() if placement.team_id == team_.team_id]
        before = [work.task_id for work in team_.works]
        now = [stop.work.task_id for stop in plan.routes.get(team_.team_id, timetable(team_, team_.works))]
        assert sorted(now) == sorted(before + mine)


@few
@given(any_problem)
def test_what_is_pending_gets_one_team_or_waits_and_what_a_team_has_stays_with_it(problem: Problem) -> None:
    plan = together(problem)
    assert_all_accounted_for(problem, plan)
    assert all(waiting.look_again_at > NOW for waiting in plan.waiting.values())


@few
@given(any_problem)
def test_no_plan_breaks_a_rule(problem: Problem) -> None:
    plan = together(problem)
    assert evaluate(problem, walks_of(plan), prices_of(problem.settings)).breaches == ()
    works = {work for team_ in problem.teams for work in team_.works} | set(problem.pending)
    assert all(stop.work in works for route in plan.routes.values() for stop in route), "as they were given"


@few
@given(any_problem)
def test_what_is_frozen_keeps_its_place(problem: Problem) -> None:
    now = with_walks(problem, walks_of(together(problem)))
    for before, later in zip(problem.teams, now.teams, strict=True):
        frozen = frozen_prefix(timetable(before, before.works), NOW, problem.settings.freeze_s)
        assert later.works[:frozen] == before.works[:frozen]


@few
@given(any_problem, st.integers(0, 3))
def test_equal_seeds_and_iterations_give_equal_plans(problem: Problem, seed: int) -> None:
    assert together(problem, seed=seed) == together(problem, seed=seed)


@few
@given(any_problem)
def test_without_iterations_tasks_are_placed_one_by_one(problem: Problem) -> None:
    plan, one_by_one = together(problem, NONE), place(problem, GreatCircle)
    assert plan.routes == one_by_one.routes
    given_to, at_first = ({task_id: p.team_id for task_id, p in each.placements.items()} for each in (plan, one_by_one))
    assert given_to == at_first


def test_nothing_is_put_back_into_the_queue_for_something_more_urgent() -> None:
    held = visit(1, 100, priority=1, service_s=3000)
    urgent = visit(2, 200, priority=5, service_s=3000)
    problem = district(team(1, 0, held, shift_ends=after(60)), pending=(urgent,), freeze_s=0)
    plan = together(problem, Stop(iterations=50))
    assert plan.routes == {}
    assert plan.waiting.keys() == {urgent.task_id}


def test_a_visit_that_stands_late_or_beyond_the_shift_stays_with_its_team_too() -> None:
    works = [visit(number, 100.0 * number, service_s=3600, due_at=after(90)) for number in range(1, 5)]
    pending = tuple(visit(number, 100.0 * number) for number in range(5, 12))
    problem = district(team(1, 0, *works, shift_ends=after(150)), team(2, 0), pending=pending, freeze_s=0)
    assert_all_accounted_for(problem, together(problem, Stop(iterations=100)))


def test_where_nobody_is_on_shift_all_wait() -> None:
    pending = tuple(visit(number, 100.0 * number) for number in range(1, 70))
    plan = together(district(pending=pending))
    assert {waiting.reason for waiting in plan.waiting.values()} == {WaitingReason.NO_TEAM_ON_SHIFT}
    assert_all_accounted_for(district(pending=pending), plan)


def test_many_is_a_number_of_tasks_and_half_of_what_teams_hold() -> None:
    some = tuple(visit(number, 100.0 * number) for number in range(1, MANY + 1))
    held = [visit(1000 + number, 100.0 * number) for number in range(2 * MANY + 1)]
    assert not are_many(district(team(1, 0), pending=some[1:]))
    assert are_many(district(team(1, 0), pending=some))
    assert are_many(district(team(1, 0, *held[1:]), pending=some))
    assert not are_many(district(team(1, 0, *held), pending=some))


def morning(seed: int, *, hours: float, teams: int = 5, held: int = 20, new: int = 80) -> Problem:
    """Teams with some work, breaks, calls, accepted work, and many tasks more; in a few hours not all of it can be done."""
    chance = random.Random(seed)

    def somewhere() -> Point:
        return Point(31.2 + chance.uniform(-0.01, 0.01), 121.4 + chance.uniform(-0.01, 0.01))

    def task(number: int) -> Work:
        is_call = chance.random() < 0.1
        return visit(
            number,
            None if is_call else number,
            point=None if is_call else somewhere(),
            due_at=after(60 * hours * chance.choice([0.3, 0.6, 1])),
            service_s=chance.choice([60, 600, 900]),
            priority=chance.randint(1, 5),
        )

    def someone(number: int, works: list[Work]) -> TeamOnShift:
        noon = rest(number, 60 * hours / 3, 60 * hours / 2)
        standing = [replace(work, team_fixed=chance.random() < 0.2) for work in works]
        return team(number, 0, *standing, noon, place=somewhere(), pace=Pace(kmh=15.0), shift_ends=after(60 * hours))

    works = [task(number) for number in range(held)]
    crew = [someone(number, works[number - 1 :: teams]) for number in range(1, teams + 1)]
    return district(*crew, pending=tuple(task(1000 + number) for number in range(new)))


@pytest.mark.parametrize("seed", range(4))
def test_a_morning_is_placed_without_a_loss_and_better_than_one_by_one(seed: int) -> None:
    problem = morning(seed, hours=10)
    assert are_many(problem)
    plan, at_first = together(problem, Stop(iterations=100)), place(problem, GreatCircle)
    assert_all_accounted_for(problem, plan)
    assert len(plan.waiting) <= len(at_first.waiting)
    assert cost(problem, plan) < cost(problem, at_first)


@pytest.mark.parametrize("seed", range(4))
def test_a_morning_that_is_too_much_for_all_takes_nothing_from_anybody(seed: int) -> None:
    problem = morning(seed, hours=2)
    plan = together(problem, Stop(iterations=100))
    assert_all_accounted_for(problem, plan)
    assert len(plan.waiting) > 20
    assert evaluate(problem, walks_of(plan), prices_of(problem.settings)).is_allowed
    assert cost(problem, plan) <= cost(problem, place(problem, GreatCircle))


def test_what_is_new_may_begin_soon() -> None:
    """Nobody was told of it yet, so nobody is upset."""
    pending = tuple(visit(number, 10.0 * number) for number in range(1, 20))
    plan = together(district(team(1, 0), team(2, 0), pending=pending))
    assert min(route[0].begin_at for route in plan.routes.values()) < NOW + timedelta(minutes=2)
    assert UUID(int=1) in plan.placements
