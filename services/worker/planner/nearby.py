"""Which teams come by a task: found by where their walks lead, without laying the walks out in time."""

from collections.abc import Sequence
from math import cos, radians
from typing import NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from services.worker.planner.positions import Int
from shared.domain.geography import EARTH_RADIUS_M, Point
from shared.domain.routing import TeamOnShift, Work

Degrees = NDArray[np.float32]  # as fine as a metre, at half the width of what is exact
Floats = NDArray[np.float64]

METRES_A_DEGREE = radians(1) * EARTH_RADIUS_M
FAR = 1e4  # degrees; where nothing is
SPARE_COLUMNS = 8
BOTH_WAYS = 2.0
"""A visit is gone to and left again: what a detour costs at most, for each metre that it leads away."""


class _Seen(NamedTuple):
    team_id: UUID
    place: Point | None
    works: tuple[Work, ...]


class Nearby:
    """Where each team of a district is and will be, and how much it has before it: a row a team, in the order in which they came.

    Right at any moment: followed from pass to pass, only rows that changed are written.
    """

    def __init__(self) -> None:
        self._seen: list[_Seen] = []
        self._lat = self._lon = np.zeros(
            (0, 0), dtype=np.float32
        )  # (places, teams): the nearest is found row by row, side by side
        self._busy_s = self._weight = np.zeros(0)
        self._nowhere = np.zeros(0, dtype=np.bool_)

    def follow(self, teams: Sequence[TeamOnShift]) -> None:
        """Bring the rows up to these teams, in this order."""
        if [seen.team_id for seen in self._seen] != [team.team_id for team in teams]:
            self._begin(teams)
        for row, team in enumerate(teams):
            seen = self._seen[row]
            if team.works is not seen.works or team.place is not seen.place:
                self.put(row, team)

    def put(self, row: int, team: TeamOnShift) -> None:
        """Bring one row up to what its team has become."""
        seen = _Seen(team.team_id, team.place, team.works)
        changed = seen != self._seen[row]
        self._seen[row] = seen
        if not changed:
            return
        places = [work.point for work in team.works if work.point is not None]
        if team.place is not None:
            places.append(team.place)
        if len(places) > len(self._lat):
            more = ((0, len(places) + SPARE_COLUMNS - len(self._lat)), (0, 0))
            self._lat, self._lon = (np.pad(each, more, constant_values=FAR) for each in (self._lat, self._lon))
        self._lat[:, row] = FAR
        self._lat[: len(places), row] = [place.lat for place in places]
        self._lon[: len(places), row] = [place.lon for place in places]
        self._nowhere[row] = not places
        self._busy_s[row] = sum(work.service_s for work in team.works)
        self._weight[row] = sum(work.priority for work in team.works)

    def metres(self, point: Point) -> Floats:
        """How far each team comes from that point at least, as the crow flies; 0 for who may be anywhere."""
        north = self._lat - np.float32(point.lat)
        east = (self._lon - np.float32(point.lon)) * np.float32(cos(radians(point.lat)))
        squares = (north * north + east * east).min(axis=0)
        squares[self._nowhere] = 0
        metres: Floats = np.sqrt(squares, dtype=np.float64) * METRES_A_DEGREE
        return metres

    def weighted_wait_s(self, work: Work, free_s: Floats) -> Floats:
        """How long people wait for a call, and for it, if each team made it first or last of all: the lesser; ways and windows left out.

        `free_s`: when each team is free to begin anything.
        """
        last = work.priority * (free_s + self._busy_s)
        first = work.priority * free_s + self._weight * work.service_s
        least: Floats = np.minimum(last, first)
        return least

    def _begin(self, teams: Sequence[TeamOnShift]) -> None:
        self._seen = [_Seen(team.team_id, None, ()) for team in teams]
        self._lat, self._lon = (np.full((SPARE_COLUMNS, len(teams)), FAR, dtype=np.float32) for _ in range(2))
        self._busy_s, self._weight = np.zeros(len(teams)), np.zeros(len(teams))
        self._nowhere = np.ones(len(teams), dtype=np.bool_)


def least(values: Floats, rows: Int, most: int) -> Int:
    """Of these rows, `most` with the least values, in order of rows."""
    if len(rows) <= most:
        return rows
    return np.sort(rows[np.argpartition(values[rows], most - 1)[:most]])
