"""Which teams come by a task: told from where their walks lead, without laying the walks out in time."""

from collections.abc import Sequence
from math import cos, radians
from typing import NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from services.worker.planner.positions import Int
from shared.domain.geography import EARTH_RADIUS_M, Point
from shared.domain.routing import TeamOnShift, Work

Metres = NDArray[np.float32]  # centimetres do not matter, speed does
Floats = NDArray[np.float64]

METRES_A_DEGREE = radians(1) * EARTH_RADIUS_M
FAR = 1e8  # metres; where nothing is
SPARE_PLACES = 8
SIEVE = 8
"""So many times as many teams as are asked for pass the first look, at the boxes around their walks."""


class _Seen(NamedTuple):
    team_id: UUID
    place: Point | None
    works: tuple[Work, ...]

    def places(self) -> list[Point]:
        visits = [work.point for work in self.works if work.point is not None]
        return visits if self.place is None else [self.place, *visits]


class Nearby:
    """Where each team of a district is and will be, and how much it has before it: a row a team, in the order in which they came.

    Right at any moment: followed from pass to pass, only rows that changed are written.
    """

    def __init__(self) -> None:
        self._seen: list[_Seen] = []
        self._middle = Point(0.0, 0.0)
        self._busy_s = self._weight = np.zeros(0)
        self._make_room(0)

    def follow(self, teams: Sequence[TeamOnShift]) -> None:
        """Bring the rows up to these teams, in this order."""
        if [seen.team_id for seen in self._seen] != [team.team_id for team in teams]:
            self._begin(teams)
        for row, (team, seen) in enumerate(zip(teams, self._seen, strict=True)):
            if team.works is not seen.works or team.place is not seen.place:
                self.put(row, team)

    def put(self, row: int, team: TeamOnShift) -> None:
        """Bring one row up to what its team has become."""
        seen = _Seen(team.team_id, team.place, team.works)
        before, self._seen[row] = self._seen[row], seen
        if seen == before:
            return
        self._busy_s[row] = sum(work.service_s for work in team.works)
        self._weight[row] = sum(work.priority for work in team.works)
        places = seen.places()
        if len(places) > self._x.shape[1]:
            self._make_room(len(places))
        else:
            self._write(row, places)

    def for_visit(self, point: Point, rows: Int, most: int, s_per_m: Floats, extra_s: Floats) -> Int:
        """Of these rows `most` whose walks grow least with that point in them, as the crow flies and whatever the time.

        `s_per_m`, `extra_s`: of all rows, how fast the team is, and what the visit costs it besides.
        """
        x, y = (axis[0] for axis in self._on_plane([point]))
        rows = _least(self._off_box_m(x, y)[rows] * s_per_m[rows] + extra_s[rows], rows, SIEVE * most)
        return _least(self._added_m(x, y, rows) * s_per_m[rows] + extra_s[rows], rows, most)

    def for_call(self, work: Work, rows: Int, most: int, free_s: Floats, extra_s: Floats) -> Int:
        """Of these rows `most` where people wait least, for the call and behind it, made first or last of all: ways and windows left out.

        `free_s`, `extra_s`: of all rows, when the team is free to begin anything, and what counts besides.
        """
        last = work.priority * (free_s + self._busy_s)
        first = work.priority * free_s + self._weight * work.service_s
        return _least((np.minimum(last, first) + extra_s)[rows], rows, most)

    def _off_box_m(self, x: float, y: float) -> Metres:
        """How far the point lies from each walk, if that is all over its box."""
        west, east, south, north = self._boxes
        off_x = np.maximum(np.maximum(west - x, x - east), 0)
        off_y = np.maximum(np.maximum(south - y, y - north), 0)
        off: Metres = np.sqrt(off_x * off_x + off_y * off_y)
        return off

    def _added_m(self, x: float, y: float, rows: Int) -> Metres:
        """How much longer each walk is with the point in it, where that is least; 0 for who may be anywhere."""
        off_x, off_y = self._x[rows] - x, self._y[rows] - y
        away = np.sqrt(off_x * off_x + off_y * off_y)
        added: Metres = (away[:, :-1] + (away[:, 1:] - self._onward[rows]) * self._has_next[rows]).min(axis=1)
        added[self._nowhere[rows]] = 0
        return added

    def _begin(self, teams: Sequence[TeamOnShift]) -> None:
        self._seen = [_Seen(team.team_id, None, ()) for team in teams]
        self._middle = next((team.place for team in teams if team.place is not None), self._middle)
        self._busy_s, self._weight = np.zeros(len(teams)), np.zeros(len(teams))
        self._make_room(max((len(team.works) for team in teams), default=0))

    def _make_room(self, places: int) -> None:
        """For walks of so many places; those that are known are written anew."""
        teams, columns = len(self._seen), places + SPARE_PLACES
        self._x, self._y = (np.full((teams, columns), FAR, dtype=np.float32) for _ in range(2))
        self._onward, self._has_next = (np.zeros((teams, columns - 1), dtype=np.float32) for _ in range(2))
        self._boxes = np.zeros((4, teams), dtype=np.float32)
        self._nowhere = np.ones(teams, dtype=np.bool_)
        for row, seen in enumerate(self._seen):
            self._write(row, seen.places())

    def _write(self, row: int, places: Sequence[Point]) -> None:
        end = len(places)
        xs, ys = self._on_plane(places)
        self._x[row] = self._y[row] = FAR
        self._x[row, :end], self._y[row, :end] = xs, ys
        self._has_next[row] = 0
        self._has_next[row, : max(0, end - 1)] = 1
        self._onward[row] = np.hypot(np.diff(self._x[row]), np.diff(self._y[row]))
        self._boxes[:, row] = (min(xs), max(xs), min(ys), max(ys)) if places else (-FAR, FAR, -FAR, FAR)
        self._nowhere[row] = not places

    def _on_plane(self, places: Sequence[Point]) -> tuple[list[float], list[float]]:
        """Metres to the east and to the north of the middle."""
        east = cos(radians(self._middle.lat)) * METRES_A_DEGREE
        xs = [(place.lon - self._middle.lon) * east for place in places]
        return xs, [(place.lat - self._middle.lat) * METRES_A_DEGREE for place in places]


def _least(values: Floats, rows: Int, most: int) -> Int:
    """Of these rows `most` with the least values, in order of rows."""
    if len(rows) <= most:
        return rows
    return np.sort(rows[np.argpartition(values, most - 1)[:most]])
