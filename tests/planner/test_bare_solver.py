"""What the model around the solver costs: against PyVRP alone on instances like Solomon's, with equal parameters and iterations."""

import pytest

from bench.solomon import Scatter, instance, plan_bare, plan_ours, problem_file
from services.worker.planner.solver import Stop


@pytest.mark.parametrize("wide", [False, True])
def test_our_plans_are_within_two_in_a_hundred_of_the_bare_solvers(*, wide: bool) -> None:
    stop = Stop(iterations=500)
    ours_s = bare_s = 0
    for scatter in Scatter:
        of = instance(scatter, 100, wide=wide, seed=1)
        ours, bare = plan_ours(problem_file(of), seed=1, stop=stop), plan_bare(of, seed=1, stop=stop)
        assert bare is not None
        assert ours.visits == bare.visits == 100
        ours_s, bare_s = ours_s + ours.travel_s, bare_s + bare.travel_s
    assert ours_s <= 1.02 * bare_s


def test_equal_seeds_make_equal_instances() -> None:
    first, second, third = (problem_file(instance(Scatter.MIXED, 20, wide=True, seed=seed)) for seed in (1, 1, 2))
    assert first == second != third
