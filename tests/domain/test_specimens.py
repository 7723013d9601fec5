"""Rounds of pick-up points, the nearest of them, and how many tubes there are."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.geography import Point
from shared.domain.specimens import LegStatus, PickUpPoint, leg_status, nearest_point, round_end, tubes
from shared.domain.words import Status

ZONES = ["Asia/Shanghai", "Europe/Berlin", "America/Santiago", "Asia/Beirut", "Pacific/Apia"]
MOMENTS = st.datetimes(
    datetime(2024, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2027, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(now=MOMENTS, zone=st.sampled_from(ZONES), round_s=st.integers(600, 86_400))
def test_every_moment_lies_in_one_round_of_its_day(now: datetime, zone: str, round_s: int) -> None:
    ends_at = round_end(now, zone, round_s)
    assert now < ends_at <= now + timedelta(seconds=round_s)
    assert round_end(ends_at - timedelta(microseconds=1), zone, round_s) == ends_at
    following = round_end(ends_at, zone, round_s)
    assert ends_at < following <= ends_at + timedelta(seconds=round_s)


def test_rounds_begin_with_the_districts_day() -> None:
    now = datetime(2026, 3, 1, 16, 10, tzinfo=UTC)  # ten past midnight in Shanghai
    assert round_end(now, "Asia/Shanghai", 2700) == datetime(2026, 3, 1, 16, 45, tzinfo=UTC)


def test_the_last_round_of_a_day_of_23_hours_ends_with_it() -> None:
    now = datetime(2026, 3, 29, 21, 40, tzinfo=UTC)  # twenty to midnight in Berlin, an hour lost that morning
    assert round_end(now, "Europe/Berlin", 2700) == datetime(2026, 3, 29, 22, 0, tzinfo=UTC)


def at(number: int, lat: float, *, active: bool = True, kinds: tuple[str, ...] = ("home_swab",)) -> PickUpPoint:
    return PickUpPoint(
        id=UUID(int=number),
        district_id=UUID(int=0),
        household_id=UUID(int=number),
        name=str(number),
        point=Point(lat, 121.0),
        lab_address="Lab",
        active=active,
        kinds=kinds,
    )


def test_the_nearest_active_point_of_the_kind_takes_it() -> None:
    points = [at(1, 31.9), at(2, 31.2), at(3, 31.1, active=False), at(4, 31.1, kinds=("other",))]
    assert nearest_point(points, "home_swab", Point(31.1, 121.0)) == points[1]
    assert nearest_point(points, "home_swab", None) == points[0]
    assert nearest_point(points, "delivery", None) is None


def test_one_code_is_one_tube_and_none_is_a_tube_of_its_own() -> None:
    one, two, three, four = (UUID(int=number) for number in range(4))
    assert tubes([(one, "A"), (two, " A"), (three, None), (four, " ")]) == 3
    assert tubes([]) == 0


@pytest.mark.parametrize(
    ("status", "arrived", "leg"),
    [
        (Status.PENDING, False, LegStatus.WAITING),
        (Status.IN_PROGRESS, False, LegStatus.WAITING),
        (Status.IN_PROGRESS, True, LegStatus.PICKED_UP),
        (Status.COMPLETED, True, LegStatus.DELIVERED),
        (Status.EXPIRED, False, LegStatus.VOID),
    ],
)
def test_a_leg_stands_where_its_task_stands(status: Status, arrived: bool, leg: LegStatus) -> None:
    assert leg_status(status, arrived=arrived) is leg
