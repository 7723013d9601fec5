"""Great-circle travel times for numpy: to the second what `Pace.seconds` says."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from shared.domain.geography import EARTH_RADIUS_M, SAME_PLACE_M, Pace, Point

# numpy's sine differs from the C library's in the last bit. A time this close (relatively) to a whole second could be rounded
# up differently, so it is asked of `Pace.seconds`; wide enough for antipodes, where the arcsine magnifies the last bit most.
CLOSE = 1e-7


class GreatCircle:
    """Travel at these paces, one row of places a pace."""

    def __init__(self, paces: Sequence[Pace]) -> None:
        self._paces = tuple(paces)
        self._detour = np.array([[pace.detour] for pace in paces])
        self._metres_per_s = np.array([[pace.kmh / 3.6] for pace in paces])
        self._parking_s = np.array([[float(pace.parking_s)] for pace in paces])

    def to_and_from(
        self, lat: NDArray[np.float64], lon: NDArray[np.float64], point: Point
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Seconds from each place to the point, and back: two arrays (paces, places), 0 where the place is unknown (nan).

        `lat`, `lon`: degrees, (paces, places).
        """
        metres = _metres(lat, lon, point)
        parked = np.where(metres > SAME_PLACE_M, self._parking_s, 0.0)
        exact = metres * self._detour / self._metres_per_s + parked
        seconds = np.ceil(np.fmax(exact, 0.0)).astype(np.int64)
        doubtful = (np.abs(exact - np.rint(exact)) <= CLOSE * (1 + exact)) & (metres > 0)
        doubtful |= np.abs(metres - SAME_PLACE_M) <= CLOSE
        for row, column in np.argwhere(doubtful):
            place = Point(float(lat[row, column]), float(lon[row, column]))
            seconds[row, column] = self._paces[row].seconds(place, point)
        return seconds, seconds


def _metres(lat: NDArray[np.float64], lon: NDArray[np.float64], point: Point) -> NDArray[np.float64]:
    there = np.radians(lat)
    here = np.radians(point.lat)
    half: NDArray[np.float64] = (
        np.sin((here - there) / 2) ** 2 + np.cos(there) * np.cos(here) * np.sin(np.radians(point.lon - lon) / 2) ** 2
    )
    metres: NDArray[np.float64] = 2 * EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, np.sqrt(half)))
    return metres
