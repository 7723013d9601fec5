"""Points on the earth, WGS 84."""

from dataclasses import dataclass
from math import asin, ceil, cos, isfinite, radians, sin, sqrt

EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG
SAME_PLACE_M = 5.0  # closer than this nobody parks a scooter again


@dataclass(frozen=True, slots=True)
class Point:
    """A position in degrees. Raises ValueError outside ±90, ±180 or where not finite."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        if not (isfinite(self.lat) and isfinite(self.lon) and abs(self.lat) <= 90 and abs(self.lon) <= 180):
            raise ValueError(f"not a position: {self.lat}, {self.lon}")


def metres_between(a: Point, b: Point) -> float:
    """Great-circle distance in metres (haversine)."""
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin(radians(b.lon - a.lon) / 2) ** 2
    return 2 * EARTH_RADIUS_M * asin(min(1.0, sqrt(half)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast a team gets about: km/h along a way `detour` times the great circle, and seconds to park at each new place."""

    kmh: float
    detour: float = 1.3
    parking_s: int = 0

    def seconds(self, a: Point, b: Point) -> int:
        """Travel time from a to b in whole seconds, rounded up."""
        metres = metres_between(a, b)
        return ceil(metres * self.detour / (self.kmh / 3.6) + (self.parking_s if metres > SAME_PLACE_M else 0))
