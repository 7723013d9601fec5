"""How hard `doorstep plan` tries where nobody says."""

import pytest

from services.errors import CommandError
from services.simulator.replay import Effort
from services.worker.planner.solver import Stop


def effort(*, seconds: float | None = None, iterations: int | None = None, processes: int | None = None) -> Effort:
    return Effort(seconds=seconds, iterations=iterations, passes=1, seed=1, processes=processes)


@pytest.mark.parametrize(("tasks", "iterations"), [(0, 2000), (640, 937), (6000, 100), (100_000, 100)])
def test_the_larger_the_problem_the_shorter_each_search_and_equal_runs_give_equal_plans(
    tasks: int, iterations: int
) -> None:
    assert effort().stop(tasks) == Stop(iterations=iterations)


def test_what_is_said_counts_whatever_the_size() -> None:
    assert effort(seconds=0.0).stop(6000) == Stop(seconds=0.0)
    assert effort(iterations=0).stop(6000) == Stop(iterations=0)
    with pytest.raises(CommandError, match="not both"):
        effort(seconds=1, iterations=1).stop(6000)


def test_a_problem_of_one_part_is_planned_in_one_process_unless_said_otherwise() -> None:
    assert effort().side_by_side(1) == 1
    assert effort(processes=3).side_by_side(1) == 3
