"""The walks of a district as arrays: one more task is judged at every gap of many teams at once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.worker.planner.layouts import Layouts
from services.worker.planner.positions import NO_OWN_DOOR, SECOND, Gap, Int
from services.worker.planner.problem import Problem, TravelTimes
from services.worker.planner.rosters import Rosters
from shared.domain.geography import Pace
from shared.domain.reasons import NextBest
from shared.domain.routing import PlannedWork, Work, is_home

Bool = NDArray[np.bool_]
Floats = NDArray[np.float64]

MOST_SCANNED = 32
WIDEN = 8
"""So many teams are judged for a task where two of them can begin it on time; else so many times as many, and at last all."""
MORE_THAN_WAITING = 1e9
"""What leaving the home grid costs comes before how long people wait for a call: `Walks.best`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One task judged at every gap of the teams in `rows`; arrays are (rows, gaps)."""

    rows: Int
    fits: Bool  # could, within the shift, nobody else pays
    fits_alone: Bool  # could, within the shift, whoever pays
    begin_at: Int
    added_travel_s: Int
    added_setup_s: Int
    cost_s: Int
    weight_behind: Int
    weighted_wait: Int  # see `Insertion.weighted_wait`; microseconds

    def line(self, row: int) -> int:
        """Where in the arrays that team is, which was judged."""
        return int(np.searchsorted(self.rows, row))


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

    def __init__(
        self,
        problem: Problem,
        travel: Callable[[Sequence[Pace]], TravelTimes],
        layouts: Layouts,
        most_scanned: int = MOST_SCANNED,
    ) -> None:
        self.teams = sorted(problem.teams, key=lambda team: team.team_id.int)
        self._layouts = layouts
        self._at = layouts.at
        self._home_grid_price_s = problem.settings.home_grid_price_s
        self._make_travel = travel
        self._rosters = Rosters(self.teams, layouts.at)
        self._all = np.arange(len(self.teams))
        self._most_scanned = most_scanned
        # Given travel times belong to a pace without a speed: what is near, only they could say.
        self._picks = len(self.teams) > most_scanned and all(team.pace.kmh > 0 for team in self.teams)
        if self._picks:
            layouts.nearby.follow(self.teams)
        self._board = layouts.board
        self._board.follow(self.teams)
        self._is_laid = np.zeros(len(self.teams), dtype=np.bool_)

    def someone_could(self, work: Work) -> bool:
        """Whether a team has the roles and capabilities on duty and is still there when the window opens."""
        return bool(self._could(work).any())

    def scan(self, work: Work) -> Scan:
        """Judge the task where it is likely to be cheap; at more teams, and at last at all, until two can begin it on time."""
        if not self._picks:
            return self._judge(work, self._all)
        could = np.flatnonzero(self._could(work))
        most = self._most_scanned
        while most < len(self.teams):
            scan = self._judge(work, self._likeliest(work, could, most))
            in_time = scan.fits & (scan.begin_at <= self._at(work.due_at))
            if len(could) <= most or np.count_nonzero(in_time.any(axis=1)) > 1:
                return scan
            most *= WIDEN
        return self._judge(work, self._all)

    def _likeliest(self, work: Work, rows: Int, most: int) -> Int:
        """Of these rows `most` for which the visit is likely to be cheap, and a call soon."""
        if len(rows) <= most:
            return rows
        away_s = self._rosters.away(work.grid_id).astype(np.float64) * self._home_grid_price_s
        nearby = self._layouts.nearby
        if work.point is None:
            return nearby.for_call(work, rows, most, self._free_s, away_s * MORE_THAN_WAITING)
        return nearby.for_visit(work.point, rows, most, self._s_per_m, self._parking_s + away_s)

    def _judge(self, work: Work, rows: Int) -> Scan:
        self._lay_out(rows)
        here = self._board.gaps(None if rows is self._all else rows)
        there_s, onward_s, setup_s, onward_setup_s = self._legs(work, here, rows)
        begin_at = np.maximum(here.free_at + (there_s + setup_s) * SECOND, self._at(work.earliest))
        leave_at = begin_at + work.service_s * SECOND
        next_at = np.maximum(leave_at + here.run_busy, here.run_until) + (onward_s + onward_setup_s) * SECOND
        able = self._could(work)[rows]
        if work.point is not None:
            able &= self._board.visits[rows] < self._rosters.most_visits[rows]
        in_shift = leave_at <= self._rosters.shift_ends[rows, np.newaxis]
        fits_alone = (here.is_open > 0) & able[:, np.newaxis] & in_shift
        added_travel_s = there_s + onward_s - here.next_travel_s
        added_setup_s = setup_s + onward_setup_s - here.next_setup_s
        pushed_back = (added_travel_s + added_setup_s + work.service_s) * SECOND
        away = self._rosters.away(work.grid_id)[rows, np.newaxis]
        return Scan(
            rows=rows,
            fits=fits_alone & (leave_at <= here.run_latest) & (next_at <= here.next_latest),
            fits_alone=fits_alone,
            begin_at=begin_at,
            added_travel_s=added_travel_s,
            added_setup_s=added_setup_s,
            cost_s=added_travel_s + away * self._home_grid_price_s,
            weight_behind=here.weight_behind,
            weighted_wait=work.priority * begin_at + here.weight_behind * pushed_back,
        )

    def best(self, work: Work, scan: Scan, *, besides: int | None = None) -> Offer | None:
        """On time where it costs least; else late as early as possible; None where it fits nowhere.

        `besides`: the row of a team that is left out.
        """
        fits = scan.fits
        if besides is not None:
            fits = fits & (scan.rows != besides)[:, np.newaxis]
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
        slack = self._at(work.due_at) - int(scan.begin_at[scan.line(offer.row), offer.position])
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
        known = sorted(row for row in rows if self.teams[row].place is not None)
        if not known:
            return Near(min(rows), None)
        places = [self.teams[row].place for row in known]
        lat = np.array([[place.lat] for place in places if place])
        lon = np.array([[place.lon] for place in places if place])
        there_s, _ = self._travel(known).to_and_from(lat, lon, work.point)
        line = int(there_s.argmin())
        return Near(known[line], int(there_s[line, 0]))

    def rows_that_could(self, work: Work) -> list[int]:
        """Rows of the teams with the roles and capabilities on duty that are still there when the window opens."""
        return [int(row) for row in np.flatnonzero(self._could(work))]

    def cheapest_alone(self, scan: Scan, row: int) -> Offer | None:
        """Where the task would cost that team least if it may push others back; None where it does not even fit the shift itself."""
        fits_there = scan.fits_alone & (scan.rows == row)[:, np.newaxis]
        return _least(fits_there, scan, (scan.cost_s,)) if fits_there.any() else None

    def insert(self, offer: Offer, work: Work) -> PlannedWork:
        """Put the task there. Returns its place in the timetable."""
        team = self.teams[offer.row]
        works = (*team.works[: offer.position], work, *team.works[offer.position :])
        self.teams[offer.row] = team.with_works(works)
        self._board.put(offer.row, self._layouts.grown(self.teams[offer.row], self._board.laid(offer.row).first))
        if self._picks:
            self._layouts.nearby.put(offer.row, self.teams[offer.row])
        return self._board.laid(offer.row).planned[offer.position]

    def planned(self, row: int) -> tuple[PlannedWork, ...]:
        """The walk of a team that got something, as it has grown."""
        return self._board.laid(row).planned

    def _could(self, work: Work) -> Bool:
        return self._rosters.able(work) & (self._rosters.shift_ends > self._at(work.earliest))

    def _travel(self, rows: Iterable[int]) -> TravelTimes:
        return self._make_travel([self.teams[row].pace for row in rows])

    @cached_property
    def _travel_of_all(self) -> TravelTimes:
        return self._travel(self._all)

    @cached_property
    def _free_s(self) -> Floats:
        return np.array([self._at(team.free_at) / SECOND for team in self.teams])

    @cached_property
    def _parking_s(self) -> Floats:
        return np.array([float(team.pace.parking_s) for team in self.teams])

    @cached_property
    def _s_per_m(self) -> Floats:
        return np.array([team.pace.detour * 3.6 / team.pace.kmh for team in self.teams])

    def _legs(self, work: Work, here: Gap[Int], rows: Int) -> tuple[Int, Int, Int, Int]:
        """Travel to the task and from it to the next visit, set-up of both (rows, gaps)."""
        if work.point is None:
            nothing = np.zeros_like(here.free_at)
            return nothing, here.next_travel_s, nothing, here.next_setup_s
        door = NO_OWN_DOOR if work.door is None else self._layouts.door(work.door)
        if rows is self._all:
            there_s, back_s = self._travel_of_all.to_and_from(self._board.lat, self._board.lon, work.point)
        else:
            places = self._board.lat[rows], self._board.lon[rows]
            there_s, back_s = self._travel(rows).to_and_from(*places, work.point)
        has_next = here.next_place > 0
        onward_s = np.where(has_next, np.take_along_axis(back_s, here.next_place, axis=1), 0)
        own_setup_s = self._rosters.setup_s[rows, np.newaxis]
        setup_s = np.where(here.door == door, 0, own_setup_s)
        onward_setup_s = np.where(has_next & (here.next_door != door), own_setup_s, 0)
        return there_s, onward_s, setup_s, onward_setup_s

    def _lay_out(self, rows: Int) -> None:
        """Those of these walks that nobody looked at yet."""
        for row in rows[~self._is_laid[rows]].tolist():
            self._board.put(row, self._layouts.of(self.teams[row]))
        self._is_laid[rows] = True


def _least(allowed: Bool, scan: Scan, keys: Sequence[Int]) -> Offer:
    """The allowed gap (there is one) with the least first key, then second, …; among equals the first of the first team."""
    candidates = np.flatnonzero(allowed)
    for key in keys:
        values = key.ravel()[candidates]
        candidates = candidates[values == values.min()]
    line, position = divmod(int(candidates[0]), allowed.shape[1])
    return Offer(int(scan.rows[line]), position, int(scan.added_travel_s[line, position]))
