"""Travel times that are given, one by one, instead of computed from where places lie."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shared.domain.geography import Pace, Point

_PLACES_PER_DEGREE = 1000.0
MOST_PLACES = int(90 * _PLACES_PER_DEGREE)


def point_of(place: int) -> Point:
    """What stands for that place, 0 … MOST_PLACES, where a point is asked for. It lies nowhere."""
    return Point(place / _PLACES_PER_DEGREE, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenPace(Pace):
    """Whole seconds from each place to each (places, places). Equal to itself only; `kmh` and the like mean nothing."""

    kmh: float = 0.0
    seconds_between: NDArray[np.int64]

    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def seconds(self, a: Point, b: Point) -> int:
        """Travel time from a to b; both are places of `point_of`."""
        return int(self.seconds_between[_place(a.lat), _place(b.lat)])


class Given:
    """Travel at given paces, for a planner: one row of places a pace."""

    def __init__(self, paces: Sequence[Pace]) -> None:
        if not all(isinstance(pace, GivenPace) for pace in paces):
            raise TypeError("either all times are given or none")
        self._given = [pace.seconds_between for pace in paces if isinstance(pace, GivenPace)]

    def to_and_from(
        self, lat: NDArray[np.float64], lon: NDArray[np.float64], point: Point
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Seconds from each place to the point, and back: two arrays (paces, places), 0 where the place is unknown (nan)."""
        known = np.isfinite(lat) & np.isfinite(lon)
        places = np.rint(np.where(known, lat, 0.0) * _PLACES_PER_DEGREE).astype(np.int64)
        here = _place(point.lat)
        there = np.array([given[row, here] for given, row in zip(self._given, places, strict=True)])
        back = np.array([given[here, row] for given, row in zip(self._given, places, strict=True)])
        return np.where(known, there, 0), np.where(known, back, 0)


def _place(lat: float) -> int:
    return round(lat * _PLACES_PER_DEGREE)
