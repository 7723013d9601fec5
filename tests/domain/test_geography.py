"""Points, distances and paces."""

from math import inf, nan, pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.geography import EARTH_RADIUS_M, Pace, Point, metres_between

points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("lat", "lon"), [(90.1, 0), (-91, 0), (0, 180.5), (0, -181), (nan, 0), (0, nan), (inf, 0), (0, -inf)]
)
def test_a_point_is_on_the_earth(lat: float, lon: float) -> None:
    with pytest.raises(ValueError, match="not a position"):
        Point(lat, lon)


def test_a_degree_of_the_meridian_is_111_kilometres() -> None:
    assert metres_between(Point(0, 0), Point(1, 0)) == pytest.approx(EARTH_RADIUS_M * pi / 180)


@given(points, points)
def test_distance_is_the_same_both_ways_and_at_most_half_round_the_earth(a: Point, b: Point) -> None:
    assert metres_between(a, b) == pytest.approx(metres_between(b, a), abs=1e-3)
    assert 0 <= metres_between(a, b) <= EARTH_RADIUS_M * pi * (1 + 1e-12)


def test_the_date_line_is_crossed_the_short_way() -> None:
    assert metres_between(Point(0, 179.99), Point(0, -179.99)) < 2300


def test_travel_takes_the_detour_at_the_pace_rounded_up() -> None:
    a, b = Point(0, 0), Point(0.001, 0)  # 111.2 m; × 1.3 at 1.25 m/s
    assert Pace(kmh=4.5, detour=1.3).seconds(a, b) == 116


def test_a_scooter_is_parked_once_at_each_new_place() -> None:
    scooter = Pace(kmh=12.0, parking_s=30)
    assert scooter.seconds(Point(0, 0), Point(0, 0)) == 0
    assert scooter.seconds(Point(0, 0), Point(0.00002, 0)) == 1  # 2.2 m: the same place
    assert scooter.seconds(Point(0, 0), Point(0.001, 0)) == 44 + 30
