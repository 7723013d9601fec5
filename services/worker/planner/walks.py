"""The walks of a district as arrays: one more task is judged at every gap of every team at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from services.worker.planner.layouts import Layouts
from services.worker.planner.positions import NO_OWN_DOOR, SECOND, Gap, Int
from services.worker.planner.problem import Problem, TravelTimes
from shared.domain.geography import Pace
from shared.domain.reasons import NextBest
from shared.domain.routing import PlannedWork, TeamOnShift, Work, is_home

Bool = NDArray[np.bool_]

SPARE_COLUMNS = 8  # a walk grows by as many tasks before the arrays are copied


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One task judged at every gap; arrays are (teams, gaps)."""

    fits: Bool  # could, within the shift, nobody else pays
    fits_alone: Bool  # could, within the shift, whoever pays
    begin_at: Int
    added_travel_s: Int
    added_setup_s: Int
    cost_s: Int
    weight_behind: Int
    weighted_wait: Int  # see `Insertion.weighted_wait`; microseconds


class Offer(NamedTuple):
    """A gap for a task: the team's row, the place in its walk."""

    row: int
    position: int
    added_travel_s: int


class Near(NamedTuple):
    """A team's row, and its way to a task from where it is now; None for a call, and where its place is not known."""

    row: int
    travel_s: int | None


class Walks:
    """The current walks of a problem's teams (at least one), in order of their ids; they grow as tasks are inserted."""

    def __init__(self, problem: Problem, travel: Callable[[Sequence[Pace]], TravelTimes], layouts: Layouts) -> None:
        self.teams = sorted(problem.teams, key=lambda team: team.team_id)
        self._layouts = layouts
        self._laid = [layouts.of(team) for team in self.teams]
        self._at = layouts.at
        self._home_grid_price_s = problem.settings.home_grid_price_s
        self._travel = travel([team.pace for team in self.teams])
        self._able: dict[tuple[frozenset[str], frozenset[str], frozenset[UUID]], Bool] = {}
        self._price_s: dict[UUID, Int] = {}
        self._setup_s = np.array([[team.setup_s] for team in self.teams])
        self._shift_ends = np.array([[self._at(team.shift_ends)] for team in self.teams])
        self._visits = np.zeros(len(self.teams), dtype=np.int64)
        self._most_visits = np.array([_most_visits(team) for team in self.teams])
        self._make_arrays()

    def someone_could(self, work: Work) -> bool:
        """Whether a team has the roles and capabilities on duty and is still there when the window opens."""
        return bool(self._could(work).any())

    def scan(self, work: Work) -> Scan:
        """Judge the task everywhere."""
        here: Gap[Int] = Gap(*self._table)
        there_s, onward_s, setup_s, onward_setup_s = self._legs(work, here)
        begin_at = np.maximum(here.free_at + (there_s + setup_s) * SECOND, self._at(work.earliest))
        leave_at = begin_at + work.service_s * SECOND
        next_at = np.maximum(leave_at + here.run_busy, here.run_until) + (onward_s + onward_setup_s) * SECOND
        able = self._could(work)
        if work.point is not None:
            able = able & (self._visits < self._most_visits)
        fits_alone = (here.is_open > 0) & able[:, np.newaxis] & (leave_at <= self._shift_ends)
        added_travel_s = there_s + onward_s - here.next_travel_s
        added_setup_s = setup_s + onward_setup_s - here.next_setup_s
        pushed_back = (added_travel_s + added_setup_s + work.service_s) * SECOND
        return Scan(
            fits=fits_alone & (leave_at <= here.run_latest) & (next_at <= here.next_latest),
            fits_alone=fits_alone,
            begin_at=begin_at,
            added_travel_s=added_travel_s,
            added_setup_s=added_setup_s,
            cost_s=added_travel_s + self._home_prices_s(work),
            weight_behind=here.weight_behind,
            weighted_wait=work.priority * begin_at + here.weight_behind * pushed_back,
        )

    def best(self, work: Work, scan: Scan, *, besides: int | None = None) -> Offer | None:
        """On time where it costs least; else late as early as possible; None where it fits nowhere.

        `besides`: the row of a team that is left out.
        """
        fits = scan.fits
        if besides is not None:
            fits = fits.copy()
            fits[besides] = False
        on_time = fits & (scan.begin_at <= self._at(work.due_at))
        if on_time.any():
            return _least(on_time, scan, (scan.cost_s, scan.added_setup_s, scan.weighted_wait, scan.weight_behind))
        if fits.any():
            return _least(fits, scan, (scan.begin_at, scan.cost_s, scan.added_setup_s, scan.weight_behind))
        return None

    def next_best(self, work: Work, scan: Scan, row: int) -> NextBest | None:
        """The best offer of any team but that one, while nothing is inserted since the scan."""
        offer = self.best(work, scan, besides=row)
        if offer is None:
            return None
        team = self.teams[offer.row]
        slack = self._at(work.due_at) - int(scan.begin_at[offer.row, offer.position])
        return NextBest(
            team_id=team.team_id,
            added_travel_s=offer.added_travel_s,
            home_grid=is_home(team, work),
            slack_s=slack // SECOND,
        )

    def nearest(self, work: Work, rows: Sequence[int]) -> Near:
        """Of the teams in these rows (at least one) the one with the shortest way to the task from where it is now, else the first."""
        if work.point is None:
            return Near(min(rows), None)
        place = self._lat[:, :1], self._lon[:, :1]
        there_s, _ = self._travel.to_and_from(*place, work.point)
        known = [row for row in rows if not np.isnan(place[0][row, 0])]
        if not known:
            return Near(min(rows), None)
        nearest = min(known, key=lambda row: (there_s[row, 0], row))
        return Near(nearest, int(there_s[nearest, 0]))

    def rows_that_could(self, work: Work) -> list[int]:
        """Rows of the teams with the roles and capabilities on duty that are still there when the window opens."""
        return [int(row) for row in np.flatnonzero(self._could(work))]

    def cheapest_alone(self, scan: Scan, row: int) -> Offer | None:
        """Where the task would cost that team least if it may push others back; None where it does not even fit the shift itself."""
        fits_there = np.zeros_like(scan.fits_alone)
        fits_there[row] = scan.fits_alone[row]
        return _least(fits_there, scan, (scan.cost_s,)) if fits_there.any() else None

    def insert(self, offer: Offer, work: Work) -> PlannedWork:
        """Put the task there. Returns its place in the timetable."""
        team = self.teams[offer.row]
        works = (*team.works[: offer.position], work, *team.works[offer.position :])
        self.teams[offer.row] = team.with_works(works)
        self._laid[offer.row] = self._layouts.grown(self.teams[offer.row], self._laid[offer.row].first)
        if len(works) < self._lat.shape[1]:
            self._fill(offer.row)
        else:
            self._make_arrays()
        return self._laid[offer.row].planned[offer.position]

    def planned(self, row: int) -> tuple[PlannedWork, ...]:
        """The walk of the team in that row, as it has grown."""
        return self._laid[row].planned

    def _could(self, work: Work) -> Bool:
        needs = work.roles, work.capabilities, work.declined_in
        if needs not in self._able:
            self._able[needs] = np.array([team.can_do(work) for team in self.teams])
        could: Bool = self._able[needs] & (self._shift_ends[:, 0] > self._at(work.earliest))
        return could

    def _legs(self, work: Work, here: Gap[Int]) -> tuple[Int, Int, Int, Int]:
        """Travel to the task and from it to the next visit, set-up of both (teams, gaps)."""
        if work.point is None:
            nothing = np.zeros_like(here.free_at)
            return nothing, here.next_travel_s, nothing, here.next_setup_s
        door = NO_OWN_DOOR if work.door is None else self._layouts.door(work.door)
        there_s, back_s = self._travel.to_and_from(self._lat, self._lon, work.point)
        has_next = here.next_place > 0
        onward_s = np.where(has_next, np.take_along_axis(back_s, here.next_place, axis=1), 0)
        setup_s = np.where(here.door == door, 0, self._setup_s)
        onward_setup_s = np.where(has_next & (here.next_door != door), self._setup_s, 0)
        return there_s, onward_s, setup_s, onward_setup_s

    def _home_prices_s(self, work: Work) -> Int | int:
        """What leaving the home grid for it costs each team (teams, 1)."""
        if work.grid_id is None:
            return 0
        if work.grid_id not in self._price_s:
            away = np.array([[team.home_grid_id != work.grid_id] for team in self.teams])
            self._price_s[work.grid_id] = away * self._home_grid_price_s
        return self._price_s[work.grid_id]

    def _make_arrays(self) -> None:
        width = max(len(laid.planned) for laid in self._laid) + 1 + SPARE_COLUMNS
        shape = len(self.teams), width
        self._lat, self._lon = np.full(shape, np.nan), np.full(shape, np.nan)
        self._table = np.zeros((len(Gap._fields), *shape), dtype=np.int64)
        for row in range(len(self.teams)):
            self._fill(row)

    def _fill(self, row: int) -> None:
        laid = self._laid[row]
        end = len(laid.lat)
        self._lat[row, :end], self._lon[row, :end] = laid.lat, laid.lon
        self._table[:, row, laid.first : end] = laid.gaps
        self._visits[row] = laid.visits


def _most_visits(team: TeamOnShift) -> int:
    return np.iinfo(np.int64).max if team.visits_left is None else team.visits_left


def _least(allowed: Bool, scan: Scan, keys: Sequence[Int]) -> Offer:
    """The allowed gap (there is one) with the least first key, then second, …; among equals the first of the first team."""
    candidates = np.flatnonzero(allowed)
    for key in keys:
        values = key.ravel()[candidates]
        candidates = candidates[values == values.min()]
    row, position = divmod(int(candidates[0]), allowed.shape[1])
    return Offer(row, position, int(scan.added_travel_s[row, position]))
