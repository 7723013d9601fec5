"""Routing problems after Solomon's, made up by a seed: what our planner's modelling costs against bare PyVRP.

M. M. Solomon, "Algorithms for the vehicle routing and scheduling problems with time window constraints", 1987: customers scattered at
random (R), in clusters (C) or half and half (RC), one depot, windows tight or wide. Here a route ends at its last customer, as a team's
walk does, and takes a limited number of customers instead of a load. Nothing but travel and customers left out has a price.
"""

import random
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import pairwise, product
from math import ceil, hypot
from typing import Any
from uuid import UUID

import numpy as np
import pyvrp
from numpy.typing import NDArray
from pyvrp.exceptions import PenaltyBoundWarning

from services.worker.planner.blocks import VISIT_LOAD
from services.worker.planner.evaluate import evaluate
from services.worker.planner.improve import improve
from services.worker.planner.prices import Prices
from services.worker.planner.solver import Stop, search_params
from services.worker.planner.solver_model import COSTS_PER_S
from services.worker.problem_file import FORMAT, problem_of
from shared.domain.district import DistrictSettings, settings_to_json

SIDE = 100.0
SECONDS_PER_UNIT = 40
SHIFT_S = 8 * 3600
SERVICE_S = 600
PER_CLUSTER = 10
NOW = datetime(2026, 3, 16, tzinfo=UTC)
LOST_S = 7200
PRICES = Prices(home_grid_s=0, change_s=0, late_s=LOST_S, loss_s=LOST_S, weights={3: 1.0}).with_nothing_to_come()
"""A late visit is worth as little as none."""


class Scatter(StrEnum):
    """How the customers lie."""

    RANDOM = "R"
    CLUSTERED = "C"
    MIXED = "RC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """Times are seconds from the start. Place 0 is the depot, customer k is place k + 1."""

    name: str
    durations: NDArray[np.int64]  # (places, places)
    opens: tuple[int, ...]
    due: tuple[int, ...]
    teams: int
    most_visits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a planner made of an instance."""

    visits: int  # in their windows
    travel_s: int
    cost_s: int  # travel, and `LOST_S` for each customer left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Our planner's costs by those of bare PyVRP, where that found a plan at all."""

    ratios: Mapping[str, float]  # by instance
    of_all: float  # of the sums


def compare(*, sizes: Sequence[int], stop: Stop) -> Compared:
    """Instances of each sort and size, planned by both in turns."""
    ratios, sums = dict[str, float](), [0, 0]
    for number, (size, scatter, wide) in enumerate(product(sizes, Scatter, (False, True)), start=1):
        of = instance(scatter, size, wide=wide, seed=number)
        ours, bare = plan_ours(problem_file(of), seed=number, stop=stop), plan_bare(of, seed=number, stop=stop)
        if bare is not None:
            ratios[of.name] = ours.cost_s / bare.cost_s
            sums = [sums[0] + ours.cost_s, sums[1] + bare.cost_s]
    return Compared(ratios=ratios, of_all=sums[0] / sums[1])


def instance(scatter: Scatter, customers: int, *, wide: bool, seed: int) -> Instance:
    """An instance in which the teams have some time to spare. Wide windows are three to five hours long, tight ones half an hour to one."""
    chance = random.Random(f"{scatter} {customers} {wide} {seed}")
    places = [(SIDE / 2, SIDE / 2), *_customers(chance, scatter, customers)]
    durations = np.array(
        [[ceil(SECONDS_PER_UNIT * hypot(a - c, b - d)) for c, d in places] for a, b in places], dtype=np.int64
    )
    longest_s = (3 * 3600, 5 * 3600) if wide else (1800, 3600)
    opens, due = list[int](), list[int]()
    for place in range(1, customers + 1):
        reached, last = int(durations[0, place]), SHIFT_S - SERVICE_S
        middle = chance.randint(reached, last)
        half = chance.randint(*longest_s) // 2
        opens.append(max(0, middle - half))
        due.append(min(last, middle + half))
    teams = customers // 8
    return Instance(
        name=f"{scatter}{'2' if wide else '1'} {customers} #{seed}",
        durations=durations,
        opens=tuple(opens),
        due=tuple(due),
        teams=teams,
        most_visits=ceil(1.5 * customers / teams),
    )


def _customers(chance: random.Random, scatter: Scatter, customers: int) -> list[tuple[float, float]]:
    clustered = {Scatter.RANDOM: 0, Scatter.CLUSTERED: customers, Scatter.MIXED: customers // 2}[scatter]
    centres = [(chance.uniform(10, 90), chance.uniform(10, 90)) for _ in range(ceil(clustered / PER_CLUSTER))]
    near = [
        (chance.gauss(x, 3), chance.gauss(y, 3)) for x, y in (centres[at // PER_CLUSTER] for at in range(clustered))
    ]
    return near + [(chance.uniform(0, SIDE), chance.uniform(0, SIDE)) for _ in range(customers - clustered)]


def problem_file(of: Instance) -> dict[str, Any]:
    """The instance as a problem's file says it: teams with nothing to do yet, and customers who wait, their places as given times."""
    return {
        "format": FORMAT,
        "now": NOW.isoformat(),
        "district_id": str(UUID(int=1)),
        "settings": settings_to_json(DistrictSettings(setup_s=0, home_grid_price_s=0, freeze_s=0)),
        "durations": {"all": of.durations.tolist()},
        "teams": [
            {
                "team_id": str(UUID(int=1000 + team)),
                "shift_id": str(UUID(int=2000 + team)),
                "pace": {"durations": "all"},
                "place": {"place": 0},
                "free_at": NOW.isoformat(),
                "shift_ends": _at(SHIFT_S),
                "roles": [],
                "capabilities": [],
                "home_grid_id": None,
                "visits_left": of.most_visits,
                "setup_s": 0,
            }
            for team in range(of.teams)
        ],
        "pending": [
            {
                "task_id": str(UUID(int=1 + customer)),
                "door": str(UUID(int=3000 + customer)),
                "point": {"place": customer + 1},
                "grid_id": None,
                "earliest": _at(opens),
                "due_at": _at(due),
                "service_s": SERVICE_S,
                "priority": 3,
                "roles": [],
                "capabilities": [],
            }
            for customer, (opens, due) in enumerate(zip(of.opens, of.due, strict=True))
        ],
    }


def plan_ours(content: Mapping[str, Any], *, seed: int, stop: Stop) -> Found:
    """Our planner's plan of a problem's file, all of it one part."""
    problem, make_travel = problem_of(content)
    plan = improve(
        problem,
        make_travel,
        seed=seed,
        stop=stop,
        prices=PRICES,
        most_teams=len(problem.teams),
        most_stops=len(problem.pending),
    )
    verdict = evaluate(
        problem, {team_id: [step.work for step in walk] for team_id, walk in plan.routes.items()}, PRICES
    )
    assert verdict.is_allowed, verdict.breaches
    cost = verdict.cost
    return Found(visits=cost.visits - cost.late, travel_s=cost.travel_s, cost_s=cost.total_s)


def plan_bare(of: Instance, *, seed: int, stop: Stop) -> Found | None:
    """PyVRP's own plan, from nothing, with our parameters: one sort of vehicle, each customer once. None: it found nothing feasible."""
    back_costs_nothing = of.durations.copy()
    back_costs_nothing[:, 0] = 0
    data = pyvrp.ProblemData(
        [pyvrp.Location(0, 0)] * len(of.durations),
        [
            pyvrp.Client(
                place,
                delivery=[VISIT_LOAD],
                service_duration=SERVICE_S,
                tw_early=opens,
                tw_late=due,
                prize=LOST_S * COSTS_PER_S,
                required=False,
            )
            for place, (opens, due) in enumerate(zip(of.opens, of.due, strict=True), start=1)
        ],
        [pyvrp.Depot(0)],
        [
            pyvrp.VehicleType(
                of.teams,
                capacity=[of.most_visits * VISIT_LOAD],
                tw_early=0,
                tw_late=SHIFT_S,
                unit_distance_cost=COSTS_PER_S,
            )
        ],
        list(back_costs_nothing[np.newaxis]),
        list(back_costs_nothing[np.newaxis]),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        best = pyvrp.solve(data, stop.criterion(), seed=seed, collect_stats=False, params=search_params()).best
    if not best.is_feasible():
        return None
    routes = [[0, *(data.client(step.idx).location for step in route if step.is_client())] for route in best.routes()]
    travel_s = sum(int(of.durations[a, b]) for route in routes for a, b in pairwise(route))
    visits = sum(len(route) - 1 for route in routes)
    lost = len(of.due) - visits
    return Found(visits=visits, travel_s=travel_s, cost_s=travel_s + lost * LOST_S)


def _at(seconds: int) -> str:
    return (NOW + timedelta(seconds=seconds)).isoformat()
