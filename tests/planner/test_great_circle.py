"""The vectorised travel times are the domain's, to the second."""

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from services.worker.travel.great_circle import GreatCircle
from shared.domain.geography import Pace, Point

degrees_lat = st.floats(-90, 90, allow_nan=False)
degrees_lon = st.floats(-180, 180, allow_nan=False)
points = st.builds(Point, degrees_lat, degrees_lon)
nearby = st.builds(
    lambda lat, lon: Point(31.2 + lat / 1e5, 121.4 + lon / 1e5), st.integers(0, 900), st.integers(0, 900)
)
paces = st.builds(
    Pace, kmh=st.sampled_from([3.6, 4.5, 12.0]), detour=st.sampled_from([1.0, 1.3]), parking_s=st.sampled_from([0, 30])
)


def seconds(pace: Pace, places: list[Point | None], point: Point) -> list[int]:
    lat = np.array([[np.nan if place is None else place.lat for place in places]])
    lon = np.array([[np.nan if place is None else place.lon for place in places]])
    there, back = GreatCircle([pace]).to_and_from(lat, lon, point)
    assert there.tolist() == back.tolist()
    return [int(value) for value in there[0]]


@given(paces, st.lists(points | nearby, min_size=1, max_size=20), points | nearby)
@example(Pace(kmh=3.6), [Point(0.0, 0.0), Point(0.0, 180.0), Point(90.0, 0.0), Point(-90.0, 0.0)], Point(0.0, 180.0))
def test_it_agrees_with_the_pace_to_the_second(pace: Pace, places: list[Point], point: Point) -> None:
    assert seconds(pace, list(places), point) == [pace.seconds(place, point) for place in places]


def test_it_agrees_where_the_distance_is_just_where_a_scooter_is_parked_again() -> None:
    pace = Pace(kmh=12.0, parking_s=30)
    five_metres = 5.0 / 6_371_008.8 * 180 / np.pi
    for nudge in (-1e-13, 0.0, 1e-13, 1e-9, -1e-9):
        place, point = Point(0.0, 10.0), Point(five_metres + nudge, 10.0)
        assert seconds(pace, [place], point) == [pace.seconds(place, point)]


def test_an_unknown_place_costs_no_travel() -> None:
    assert seconds(Pace(kmh=4.5, parking_s=30), [None, Point(0.0, 0.0)], Point(0.0, 0.0)) == [0, 0]


def test_each_row_travels_at_its_own_pace() -> None:
    slow, fast = Pace(kmh=4.5), Pace(kmh=12.0, parking_s=30)
    point = Point(31.21, 121.41)
    there, _ = GreatCircle([slow, fast]).to_and_from(np.full((2, 1), 31.2), np.full((2, 1), 121.4), point)
    assert there.ravel().tolist() == [pace.seconds(Point(31.2, 121.4), point) for pace in (slow, fast)]
