"""Solves one part of a problem with PyVRP: some tenths of a second for ten teams."""

import warnings
from dataclasses import dataclass
from uuid import UUID

import pyvrp
from pyvrp import search, stop
from pyvrp.exceptions import PenaltyBoundWarning

from services.worker.planner.evaluate import Origin
from services.worker.planner.prices import Prices
from services.worker.planner.problem import Problem
from services.worker.planner.solver_model import COSTS_PER_S, MakeTravel, Model
from shared.domain.routing import Work

DOWNHILL_PENALTY = 1000.0 * COSTS_PER_S
"""For a second of lateness: none is worth it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """When to end: after so many seconds by the clock, or so many iterations (then equal seeds give equal plans)."""

    seconds: float | None = None
    iterations: int | None = None

    def __post_init__(self) -> None:
        if (self.seconds is None) == (self.iterations is None):
            raise ValueError("stop after seconds or after iterations")

    def criterion(self) -> stop.StoppingCriterion:
        """The same in PyVRP's words."""
        if self.iterations is not None:
            return stop.MaxIterations(self.iterations)
        return stop.MaxRuntime(self.seconds or 0.0)


def solve(
    problem: Problem, make_travel: MakeTravel, prices: Prices, origin: Origin, *, seed: int, stop: Stop
) -> dict[UUID, tuple[Work, ...]]:
    """New walks by team, as good as found; to be judged by `evaluate`, for PyVRP does not know all that it does.

    Walks in which nothing is free, or which a person has to mend, are not among them; with no iterations there is none. Works left out of
    every walk found no place.
    """
    if stop.iterations == 0:
        return {}
    model = Model(problem, make_travel, prices, origin)
    if model.data is None:
        return {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PenaltyBoundWarning)  # expected of low penalties; the plan is judged anyway
        return model.walks(_search(model.data, model.start(), seed, stop))


def _search(data: pyvrp.ProblemData, start: pyvrp.Solution, seed: int, stop: Stop) -> pyvrp.Solution:
    """As `pyvrp.solve`, but first straight downhill from the start, at penalties that keep it feasible."""
    params = search_params()
    neighbours = search.compute_neighbours(data, params.neighbourhood)
    local = search.LocalSearch(
        data, pyvrp.RandomNumberGenerator(seed), neighbours, search.PerturbationManager(params.perturbation)
    )
    for operator in params.operators:
        if operator.supports(data):
            local.add_operator(operator(data))
    penalties = pyvrp.PenaltyManager(params.penalty.midpoint_penalties(data), params.penalty)
    high = pyvrp.CostEvaluator([DOWNHILL_PENALTY] * data.num_load_dimensions, DOWNHILL_PENALTY, DOWNHILL_PENALTY)
    downhill = local(start, high, exhaustive=True)
    if downhill.is_feasible() and high.penalised_cost(downhill) < high.penalised_cost(start):
        start = downhill
    return pyvrp.IteratedLocalSearch(data, penalties, local, start, params.ils).run(stop.criterion(), False).best


def search_params() -> pyvrp.SolveParams:
    """For a second, not for hours: measured on parts of 10 teams and 150 visits with prices in seconds."""
    return pyvrp.SolveParams(
        ils=pyvrp.IteratedLocalSearchParams(history_length=30),
        penalty=pyvrp.PenaltyParams(
            min_penalty=0.1 * COSTS_PER_S, max_penalty=60 * COSTS_PER_S, solutions_between_updates=50
        ),
        neighbourhood=search.NeighbourhoodParams(num_neighbours=25),
        perturbation=search.PerturbationParams(1, 10),
    )
