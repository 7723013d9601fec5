"""One part of a problem as a PyVRP model, and a solution of it as walks.

PyVRP knows neither roles nor lateness nor prices per team and visit. So each team has a profile of its own, in which a price is added to
the *distance* of every arc into a visit, a prohibitive one where the team must not make it; every visit is optional, for a prize; and a
visit that should be early but may be late is a group of two, one of which is made. A break is a visit of its own, its team's only, at the
place where the team is before it in the walk that stands: exact where it stays, never a short cut elsewhere. What has begun is cut off:
a team starts where and when that ends. Times are whole seconds from the problem's `now`.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from math import ceil, floor
from uuid import UUID

import numpy as np
import pyvrp
from numpy.typing import NDArray

from services.worker.planner.blocks import (
    VISIT_LOAD,
    Block,
    Option,
    Start,
    holds_fixed_work_beyond_shift,
    is_call,
    start_of,
    with_breaks,
)
from services.worker.planner.evaluate import Origin, Standing
from services.worker.planner.prices import Prices
from services.worker.planner.problem import Problem, TravelTimes
from shared.domain.geography import Pace, Point
from shared.domain.routing import PlannedWork, TeamOnShift, Work, is_home

Int = NDArray[np.int64]
Bool = NDArray[np.bool_]
MakeTravel = Callable[[Sequence[Pace]], TravelTimes]
"""The travel times of teams, given their paces."""

COSTS_PER_S = 2
"""PyVRP counts costs in whole numbers, and a second of a reserve costs less than one of travel: so in half seconds."""
FORBIDDEN_S = 10_000_000
"""On an arc: more than any prize, so that leaving the visit out is better."""
FIXED_PRIZE_S = 2_000_000
"""For a visit that only a person takes from its team: it is never left out for others' sake."""
NEVER_S = 10_000_000
MOST_EVEN_S = 1000
"""What evenness costs a visit at most: leaving it out is always dearer."""


class Model:
    """A part of a problem, taken apart into what is free and what is not, and put together as PyVRP's data."""

    def __init__(self, problem: Problem, make_travel: MakeTravel, prices: Prices, origin: Origin) -> None:
        self._now = problem.now
        self._prices = prices
        self._origin = origin
        standing = [Standing(team, origin) for team in problem.teams]
        self._even_s = _even_prices(problem.teams, prices, origin)
        self._starts = [start_of(each) for each in standing if not holds_fixed_work_beyond_shift(each)]
        self._blocks: list[Block] = []
        self._routes = [self._take_apart(row, start) for row, start in enumerate(self._starts)]
        self._blocks += [self._block((work,), None) for work in problem.pending if work.point is not None]
        self._options = [self._options_of(block) for block in self._blocks]
        self._clients = [(block, option) for block, options in enumerate(self._options) for option in options]
        is_free = any(not block.visit.is_break for block in self._blocks)
        self.data = self._data(make_travel) if self._starts and is_free else None

    def start(self) -> pyvrp.Solution:
        """The walks that stand."""
        assert self.data is not None, "something is free"  # noqa: S101 - the caller asked
        client_of = {chosen: client for client, chosen in enumerate(self._clients)}
        routes = []
        for row, blocks in enumerate(self._routes):
            visits = [client_of[number, self._option_that_stands(number)] for number in blocks]
            if visits:
                routes.append(pyvrp.Route(self.data, visits, row))
        return pyvrp.Solution(self.data, routes)

    def walks(self, solution: pyvrp.Solution) -> dict[UUID, tuple[Work, ...]]:
        """The whole walks of the teams in the model, what has begun included."""
        walks = {start.standing.team.team_id: start.prefix for start in self._starts}
        for route in solution.routes():
            team_id = self._starts[route.vehicle_type()].standing.team.team_id
            blocks = [self._blocks[self._clients[step.idx][0]] for step in route if step.is_client()]
            walks[team_id] += tuple(work for block in blocks for work in block.works)
        return {start.standing.team.team_id: with_breaks(start, walks) for start in self._starts}

    def _take_apart(self, row: int, start: Start) -> list[int]:
        """Add the blocks behind a team's prefix and return their numbers in order; what goes beyond the shift is to find another place."""
        standing, route, run, anchor = start.standing, list[int](), list[PlannedWork](), row
        for step in (*standing.planned[len(start.prefix) :], None):
            if run and (step is None or not is_call(step.work)):
                if run[0].leave_at <= standing.team.shift_ends:
                    route.append(len(self._blocks))
                block = self._block(tuple(one.work for one in run), run[0])
                if block.visit.is_break:
                    block = block._replace(anchor=anchor)
                else:
                    anchor = len(self._starts) + len(self._blocks)
                self._blocks.append(block)
                run = []
            if step is not None:
                run.append(step)
        return route

    def _block(self, works: tuple[Work, ...], stands: PlannedWork | None) -> Block:
        earliest, latest, service_s = 0, NEVER_S, 0
        for work in works:
            opens, due = max(0, ceil(self._s(work.earliest))), floor(self._s(work.due_at))
            wait = max(0, opens - service_s - latest)
            earliest = min(max(earliest, opens - service_s), max(earliest, latest))
            latest = min(latest, due - service_s)
            service_s += wait + work.service_s
        holder = self._origin.holder.get(works[0].task_id)
        begin = None if stands is None else ceil(self._s(stands.begin_at)) + 1
        return Block(works, earliest, latest, service_s, holder, begin)

    def _options_of(self, block: Block) -> list[Option]:
        """Urgent: in the first half of its time, or at least in time. Late as it stands: in time, or at least no later."""
        weight = sum(self._prices.weight(work) for work in block.works)
        prize = FIXED_PRIZE_S if block.is_fixed else 0
        in_time = Option(block.latest, prize + round(weight * self._prices.loss_s))
        late = prize + round(weight * (self._prices.loss_s - self._prices.late_s))
        stands_late = block.begin is not None and block.begin > block.latest
        if block.latest < block.earliest:
            return [Option(NEVER_S if block.begin is None else max(block.begin, block.earliest), late)]
        if block.begin is not None and stands_late:
            return [in_time, Option(block.begin, late)]
        soon = floor(self._s(self._prices.soon_by(block.visit)))
        slow_s = self._prices.of_slowness(block.visit)
        if slow_s and block.earliest < soon < block.latest:
            return [Option(soon, in_time.prize + slow_s), in_time]
        return [in_time]

    def _option_that_stands(self, number: int) -> Option:
        begin = self._blocks[number].begin or 0
        kept = (option for option in self._options[number] if begin <= option.latest)
        return next(kept, self._options[number][-1])

    def _data(self, make_travel: MakeTravel) -> pyvrp.ProblemData:
        teams, capacities = len(self._starts), self._capacities()
        clients, groups = list[pyvrp.Client](), list[pyvrp.ClientGroup]()
        for number, (block, options) in enumerate(zip(self._blocks, self._options, strict=True)):
            group = None
            if len(options) > 1:
                group = len(groups)
                groups.append(pyvrp.ClientGroup(list(range(len(clients), len(clients) + len(options))), required=False))
            for option in options:
                client = pyvrp.Client(
                    teams + number,
                    delivery=[] if capacities is None else [block.load],
                    service_duration=block.service_s,
                    tw_early=min(block.earliest, option.latest),
                    tw_late=option.latest,
                    prize=option.prize * COSTS_PER_S,
                    required=False,
                    group=group,
                )
                clients.append(client)
        durations, distances = self._matrices(make_travel)
        vehicles = [
            self._vehicle(row, start, None if capacities is None else capacities[row])
            for row, start in enumerate(self._starts)
        ]
        return pyvrp.ProblemData(
            [pyvrp.Location(0, 0)] * (teams + len(self._blocks)),
            clients,
            [pyvrp.Depot(row) for row in range(teams)],
            vehicles,
            list(distances),
            list(durations),
            groups,
        )

    def _vehicle(self, row: int, start: Start, most_visits: int | None) -> pyvrp.VehicleType:
        """A team. Its reserve is overtime to PyVRP, counted by the clock because the route cannot start later than the team is free."""
        team = start.standing.team
        opens = ceil(self._s(start.free_at))
        ends = max(opens, floor(self._s(team.shift_ends)))
        reserve = max(opens, min(ends, ceil(self._s(self._prices.reserve_begins(team)))))
        return pyvrp.VehicleType(
            1,
            capacity=[] if most_visits is None else [most_visits * VISIT_LOAD],
            start_depot=row,
            end_depot=row,
            tw_early=opens,
            start_late=opens,
            tw_late=ends,
            shift_duration=reserve - opens,
            max_overtime=ends - reserve,
            unit_distance_cost=COSTS_PER_S,
            unit_overtime_cost=round(self._prices.reserve_per_s * COSTS_PER_S),
            profile=row,
        )

    def _capacities(self) -> list[int] | None:
        """How many of the visits each team may make; None where no team can come to its limit.

        Who has less than its share gets no more than that where evenness has a price: the solver knows what the first visit more saves,
        not that each next one saves less.
        """
        left = []
        for start in self._starts:
            most = start.standing.most_visits
            share = self._origin.shares[start.standing.team.team_id]
            if self._prices.even_s and start.standing.team.visits_ahead < share:
                most = ceil(share) if most is None else min(most, ceil(share))
            made = sum(work.point is not None for work in start.prefix)
            left.append(len(self._blocks) if most is None else max(0, most - made))
        return left if min(left) < len(self._blocks) else None

    def _matrices(self, make_travel: MakeTravel) -> tuple[Int, Int]:
        """Durations and distances (team, from, to); the teams' starts come first, then the blocks, a break where its anchor is."""
        teams = [start.standing.team for start in self._starts]
        points = [start.place for start in self._starts] + [block.visit.point for block in self._blocks]
        doors = [start.door for start in self._starts] + [block.visit.door for block in self._blocks]
        paces = list(dict.fromkeys(team.pace for team in teams))
        durations = _travel(points, paces, make_travel(paces))[[paces.index(team.pace) for team in teams]]
        codes = {door: code for code, door in enumerate(dict.fromkeys(doors))}
        door = np.array([codes[door] if door is not None else -1 - place for place, door in enumerate(doors)])
        setup = np.array([team.setup_s for team in teams])
        durations += setup[:, np.newaxis, np.newaxis] * (door[:, np.newaxis] != door)
        anchors = {len(teams) + at: block.anchor for at, block in enumerate(self._blocks) if block.anchor is not None}
        stand_in = [anchors.get(place, place) for place in range(len(points))]
        durations = durations[:, stand_in][:, :, stand_in]
        for place, anchor in anchors.items():
            durations[:, [place, anchor], [anchor, place]] = 0
        prices = np.array([[self._price(team, block) for block in self._blocks] for team in teams])
        durations[:, :, : len(teams)] = 0
        distances = durations.copy()
        distances[:, :, len(teams) :] += prices[:, np.newaxis, :]
        for row, start in enumerate(self._starts):
            distances[row, row, len(teams) :][self._too_soon(start, durations[row, row, len(teams) :])] = FORBIDDEN_S
        for place, anchor in anchors.items():
            if points[anchor] is None:  # a place that nobody knows is no short cut: no way leads there from elsewhere
                distances[:, np.arange(len(points)) != anchor, place] = FORBIDDEN_S
        for place in range(len(points)):
            durations[:, place, place] = distances[:, place, place] = 0
        return durations, distances

    def _too_soon(self, start: Start, durations: Int) -> Bool:
        """Which blocks of other teams this one would begin too soon as its first; `durations`: seconds to each of them."""
        begin = np.maximum(ceil(self._s(start.free_at)) + durations, [block.earliest for block in self._blocks])
        team_id = start.standing.team.team_id
        moved = np.array([self._origin.is_moved(block.visit, team_id) for block in self._blocks])
        return moved & (begin <= self._s(self._origin.moves_after))

    def _price(self, team: TeamOnShift, block: Block) -> int:
        """What it costs, beyond the way, that this team makes the visit."""
        price = 0 if block.visit.is_break else self._even_s[team.team_id]
        for work in block.works:
            holder = self._origin.holder.get(work.task_id)
            if holder != team.team_id and (work.team_fixed or not team.can_do(work)):
                return FORBIDDEN_S
            if holder is not None and holder != team.team_id:
                price += self._prices.change_s
            if work.grid_id is not None and not is_home(team, work):
                price += self._prices.home_grid_s
        return price

    def _s(self, moment: datetime) -> float:
        return (moment - self._now) / timedelta(seconds=1)


def _even_prices(teams: Sequence[TeamOnShift], prices: Prices, origin: Origin) -> dict[UUID, int]:
    """By team, what one more visit costs there for evenness, less what it costs the team that lacks most of its share."""
    above = {team.team_id: team.visits_ahead - origin.shares[team.team_id] for team in teams}
    least = min(above.values(), default=0.0)
    return {team_id: min(MOST_EVEN_S, round(prices.even_s * (more - least))) for team_id, more in above.items()}


def _travel(points: Sequence[Point | None], paces: Sequence[Pace], travel: TravelTimes) -> Int:
    """Seconds (pace, from, to); 0 from a place that is not known."""
    places = list(dict.fromkeys(points))
    lat = np.array([[np.nan if point is None else point.lat for point in places]] * len(paces))
    lon = np.array([[np.nan if point is None else point.lon for point in places]] * len(paces))
    seconds = np.zeros((len(paces), len(places), len(places)), dtype=np.int64)
    for column, point in enumerate(places):
        if point is not None:
            seconds[:, :, column], _ = travel.to_and_from(lat, lon, point)
    column_of = {point: column for column, point in enumerate(places)}
    at = [column_of[point] for point in points]
    return seconds[:, at][:, :, at]
