"""Keeping the ends of shifts free: the solver and the judge charge the same, and who has nothing to expect keeps nothing free."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import pyvrp
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.worker.planner.evaluate import evaluate, origin_of
from services.worker.planner.improve import improve
from services.worker.planner.prices import Prices
from services.worker.planner.problem import Problem
from services.worker.planner.solver import Stop
from services.worker.planner.solver_model import COSTS_PER_S, Model
from services.worker.travel.great_circle import GreatCircle
from shared.domain.routing import Work
from tests.planner.test_improve import district
from tests.planner.test_place import HOME, NOW, after, team, visit

RESERVE_ONLY = Prices(slow_s={}, home_grid_s=0)
"""Being early has no price, so that the only trade is travel for the ends of shifts."""


@st.composite
def days(draw: st.DrawFn) -> Problem:
    """A few teams that can do all of a few visits on time, free now or later, some of their work begun or about to."""
    numbers = iter(range(1, 100))

    def a_visit() -> Work:
        return visit(
            next(numbers),
            draw(st.integers(0, 40)) * 100,
            grid_id=draw(st.sampled_from([None, HOME])),
            earliest=after(draw(st.sampled_from([-60, 5, 45, 150]))),
            service_s=draw(st.sampled_from([60, 1200, 2400])),
        )

    crew = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        works = [a_visit() for _ in range(draw(st.integers(0, 3)))]
        here = team(
            number,
            draw(st.integers(0, 20)) * 100,
            *works,
            free_at=after(draw(st.sampled_from([0, 1.5, 30]))),
            shift_ends=after(draw(st.sampled_from([240, 300.5, 480]))),
            home_grid_id=draw(st.sampled_from([None, HOME])),
        )
        crew.append(here)
    pending = tuple(a_visit() for _ in range(draw(st.integers(1, 4))))
    return district(*crew, pending=pending, freeze_s=draw(st.sampled_from([0, 600])))


@settings(max_examples=200)
@given(days(), st.integers(1, 2**16), st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from([0.0, 0.5, 0.9]))
def test_a_plan_that_costs_the_solver_more_costs_the_judge_as_much_more(
    problem: Problem, seed: int, per_s: float, share: float
) -> None:
    prices = replace(RESERVE_ONLY, home_grid_s=60, reserve_per_s=per_s, reserve_share=share)
    model = Model(problem, GreatCircle, prices, origin_of(problem))
    assert model.data is not None
    random = pyvrp.Solution.make_random(model.data, pyvrp.RandomNumberGenerator(seed))
    walks = model.walks(random)
    found, stands = evaluate(problem, walks, prices), evaluate(problem, {}, prices)
    assume(random.is_feasible() and found.is_allowed and not found.cost.late)
    assume(not stands.cost.late and stands.cost.lost == len(problem.pending))
    count = pyvrp.CostEvaluator([], 0, 0)
    dearer = count.penalised_cost(random) - count.penalised_cost(model.start())
    rounding = len(problem.teams)
    assert dearer == pytest.approx(COSTS_PER_S * (found.cost.total_s - stands.cost.total_s), abs=rounding)


def shares(prices: Prices, metres: float) -> list[int]:
    """How many of ten visits of half an hour, that far away, each of two idle teams gets, the fewer first. One could do all."""
    pending = tuple(visit(number, metres + number, service_s=1740) for number in range(1, 11))
    problem = district(team(1, 0), team(2, 0), pending=pending, freeze_s=0)
    plan = improve(problem, GreatCircle, seed=1, stop=Stop(iterations=100), prices=prices)
    assert not plan.waiting
    return sorted(len(plan.routes.get(UUID(int=number), ())) for number in (1, 2))


def test_two_idle_teams_share_what_one_does_with_less_travel_only_where_the_end_of_its_shift_is_worth_more() -> None:
    over_s = 10 * 1800 - 4 * 3600  # one alone goes on so long in the second half of its shift, and the way
    worth_it = over_s * RESERVE_ONLY.reserve_per_s - 60
    assert shares(RESERVE_ONLY, worth_it)[0] > 0
    assert shares(RESERVE_ONLY, 3 * worth_it) == [0, 10]
    assert shares(replace(RESERVE_ONLY, reserve_per_s=2.0), 3 * worth_it)[0] > 0
    assert shares(replace(RESERVE_ONLY, reserve_share=0.1), worth_it) == [0, 10]


def test_with_nothing_to_come_no_end_of_a_shift_is_kept_free() -> None:
    alone = RESERVE_ONLY.with_nothing_to_come()
    assert shares(alone, 100) == [0, 10]
    busy = team(1, 0)
    assert alone.of_reserve(busy, busy.shift_ends) == 0
    assert RESERVE_ONLY.of_reserve(busy, busy.shift_ends) == 4 * 1800


@pytest.mark.parametrize(
    ("free", "ends", "share", "begins"),
    [
        (0, 480, 0.5, 240),
        (240, 480, 0.5, 360),  # half of what is left, not of the whole
        (0, 480, 0.0, 480),
        (500, 480, 0.5, 480),  # its shift is over
    ],
)
def test_the_reserve_is_a_share_of_what_is_left_of_the_shift(
    free: float, ends: float, share: float, begins: float
) -> None:
    here = team(1, 0, free_at=after(free), shift_ends=after(ends))
    prices = replace(RESERVE_ONLY, reserve_share=share)
    assert prices.reserve_begins(here) == after(begins)
    assert prices.of_reserve(here, after(begins)) == 0
    assert prices.of_reserve(here, after(begins + 1)) == 30
    assert prices.of_reserve(here, NOW - timedelta(hours=1)) == 0
