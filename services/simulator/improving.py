"""The planner's improve rounds as the simulator plays them: by iterations, not by the clock, so that a day comes out the same twice."""

from services.simulator.policies import Doorstep
from services.simulator.policy import NewWalks
from services.worker.planner.improve import ROUND_PASSES, improve, place_together
from services.worker.planner.place import are_many, place
from services.worker.planner.problem import Plan, Problem
from services.worker.planner.solver import Stop
from services.worker.travel.great_circle import GreatCircle

ITERATIONS = 300
"""For each part in each pass: a tenth of a second of one core."""


def doorstep(seed: int, stop: Stop | None = None) -> Doorstep:
    """The policy that the product follows, at that seed; `stop`: another one for each part in each pass."""
    rounds = Improving(seed, stop or Stop(iterations=ITERATIONS))
    return Doorstep(rounds, place=rounds.place)


class Improving:
    """One district's rounds, each cutting it in another direction; and its mornings, when many tasks are placed together."""

    def __init__(self, seed: int, stop: Stop) -> None:
        self._seed = seed
        self._stop = stop
        self._number = 0

    def __call__(self, problem: Problem) -> NewWalks:
        """Whole new walks of the teams that should walk differently, with what was pending placed."""
        turn = self._next()
        plan = improve(problem, GreatCircle, seed=self._seed + turn, stop=self._stop, turn=turn, passes=ROUND_PASSES)
        return {team_id: tuple(stop.work for stop in route) for team_id, route in plan.routes.items()}

    def place(self, problem: Problem) -> Plan:
        """What is pending placed, as the worker does it: together where it is much."""
        if not are_many(problem):
            return place(problem, GreatCircle)
        return place_together(problem, GreatCircle, seed=self._seed + self._next(), stop=self._stop)

    def _next(self) -> int:
        self._number += 1
        return self._number
