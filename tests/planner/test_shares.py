"""An even share: what counts, and what a district's price on it changes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.worker.planner.shares import shares_of
from shared.domain.routing import TeamOnShift
from tests.planner.test_improve import district, improved, walk_numbers
from tests.planner.test_place import team, visit
from tests.planner.test_place_properties import NOW


def shares(*teams: TeamOnShift, pending: int = 0) -> list[float]:
    works = tuple(visit(100 + number, 100) for number in range(pending))
    return list(shares_of(district(*teams, pending=works)).values())


def test_what_is_ahead_is_shared_by_the_time_left() -> None:
    full = team(1, 0, visit(1, 100), visit(2, 200))
    half = team(2, 0, shift_ends=NOW + (full.shift_ends - NOW) / 2)
    assert shares(full, half, pending=4) == pytest.approx([4, 2])


def test_who_has_made_more_than_others_in_as_much_time_has_less_to_make() -> None:
    since = {"shift_starts": NOW - timedelta(hours=3)}
    assert shares(team(1, 0, visits_made=8, **since), team(2, 0, visits_made=2, **since), pending=10) == pytest.approx(
        [2, 8]
    )


def test_who_has_just_begun_owes_nothing_for_the_hours_before() -> None:
    old = team(1, 0, visits_made=8, shift_starts=NOW - timedelta(hours=3))
    assert shares(old, team(2, 0, shift_starts=NOW), pending=10) == pytest.approx([5, 5])


def test_calls_are_no_visits() -> None:
    assert shares(team(1, 0, visit(1, None)), team(2, 0, visit(2, 100))) == pytest.approx([0.5, 0.5])


def test_where_nobody_has_time_left_nobody_has_a_share() -> None:
    assert shares(team(1, 0, visit(1, 100), shift_ends=NOW)) == [0]


def share_out(price_s: int, *, made_by_the_other: int = 0) -> tuple[int, int]:
    """How many of one team's twelve visits each of two teams has after a round, the other standing a kilometre away."""
    works = [visit(number, 50.0 * number) for number in range(1, 13)]
    one, other = team(1, 0, *works), team(2, 1000)
    began = NOW - timedelta(hours=2)
    problem = district(
        replace(one, shift_starts=began),
        replace(other, shift_starts=began, visits_made=made_by_the_other),
        freeze_s=0,
        home_grid_price_s=0,
        even_price_s=price_s,
    )
    plan = improved(problem)
    return len(walk_numbers(problem, plan, 1)), len(walk_numbers(problem, plan, 2))


def test_visits_go_to_a_team_with_fewer_where_evenness_has_a_price() -> None:
    assert share_out(0) == (12, 0)
    heavy, light = share_out(100)
    assert heavy + light == 12
    assert 4 <= light <= 6


def test_visits_stay_where_the_other_team_made_as_many_before() -> None:
    assert share_out(100, made_by_the_other=12) == (12, 0)
