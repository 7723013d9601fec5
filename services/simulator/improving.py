"""The planner's improve rounds as the simulator plays them: by iterations, not by the clock, so that a day comes out the same twice."""

from services.simulator.policy import NewWalks
from services.worker.planner.improve import improve
from services.worker.planner.problem import Problem
from services.worker.planner.solver import Stop
from services.worker.travel.great_circle import GreatCircle

ITERATIONS = 600
"""For each part in each round: some 0.15 s on one core."""


class Improving:
    """One district's rounds, each cutting it in another direction."""

    def __init__(self, seed: int, stop: Stop | None = None) -> None:
        self._seed = seed
        self._stop = stop or Stop(iterations=ITERATIONS)
        self._rounds = 0

    def __call__(self, problem: Problem) -> NewWalks:
        """Whole new walks of the teams that should walk differently, with what was pending placed."""
        self._rounds += 1
        plan = improve(problem, GreatCircle, seed=self._seed + self._rounds, stop=self._stop, turn=self._rounds)
        return {team_id: tuple(stop.work for stop in route) for team_id, route in plan.routes.items()}
