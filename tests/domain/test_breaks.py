"""A break in a shift and in a walk."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from shared.domain.breaks import ABOUT, Break, check_break, place_of_break
from shared.domain.errors import Invalid, NaiveTime
from shared.domain.geography import Point
from shared.domain.routing import TeamOnShift, Work, frozen_prefix, insert_where_cheapest, timetable
from tests.domain.test_routing import NOW, after, begins, team, visit

SHIFT = UUID(int=2)


def noon(earliest: float = 60, latest: float = 120, minutes: float = 30) -> Break:
    return Break(earliest=after(earliest), latest=after(latest), duration_s=round(60 * minutes))


def resting(walk: TeamOnShift, at: int, break_: Break | None = None) -> TeamOnShift:
    work = (break_ or noon()).work(SHIFT)
    return walk.with_works((*walk.works[:at], work, *walk.works[at:]))


def hour(number: int, metres: float, **but: object) -> Work:
    """A visit that takes an hour, set-up apart."""
    return visit(number, metres, service_s=3600, **but)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(NaiveTime):
        Break(earliest=datetime(2022, 4, 1), latest=after(1), duration_s=60)  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize("but", [{"point": Point(0, 0)}, {"team_fixed": False}])
def test_a_break_is_at_no_point_and_stays_with_its_team(but: dict[str, object]) -> None:
    whole: dict[str, object] = {"is_break": True, "team_fixed": True}
    visit(1, None, **whole)
    with pytest.raises(ValueError, match="stays with its team"):
        visit(1, None, **(whole | but))


@pytest.mark.parametrize(
    ("break_", "wrong"),
    [
        (None, []),
        (noon(), []),
        (noon(0, 450), []),
        (noon(0, 451), ["break.latest"]),
        (noon(-1, 60), ["break.earliest"]),
        (noon(100, 90), ["break.latest"]),
        (noon(500, 490), ["break.earliest", "break.latest"]),
    ],
)
def test_a_break_lies_in_its_shift_however_late_it_begins(break_: Break | None, wrong: list[str]) -> None:
    found = []
    try:
        check_break(break_, NOW, after(480))
    except Invalid as refused:
        found = [error.loc for error in refused.errors]
    assert found == wrong


def test_a_break_waits_for_its_window_and_costs_no_way() -> None:
    walk = resting(team(visit(1, 100), visit(2, 300)), 1)
    assert begins(walk) == [160, 3600, 3600 + 1800 + 200 + 60]
    assert [stop.setup_s for stop in timetable(walk, walk.works)] == [60, 0, 60]


def test_a_break_under_way_ends_when_it_should_and_no_sooner_than_now() -> None:
    def goes_on_at(minutes_ago: float) -> float:
        began_at = after(-minutes_ago)
        rest = noon(-60, 60).work(SHIFT, began_at=began_at, over_at=began_at + timedelta(minutes=30))
        return begins(team(rest, visit(1, 0)))[1]

    assert goes_on_at(10) == 20 * 60 + 60
    assert goes_on_at(31) == 60


def test_a_break_begun_a_little_before_its_window_lasts_no_longer() -> None:
    rest = noon(5, 60).work(SHIFT, began_at=NOW, over_at=after(30))
    assert begins(team(rest, visit(1, 0))) == [0, 1800 + 60]


def test_a_break_that_begins_soon_is_frozen_and_what_comes_before_it() -> None:
    walk = resting(team(visit(1, 100), visit(2, 200)), 1, noon(8, 60))
    assert frozen_prefix(timetable(walk, walk.works), NOW, 600) == 2
    later = resting(team(), 0)
    assert frozen_prefix(timetable(later, later.works), NOW, 600) == 0


def test_one_more_task_goes_before_or_behind_a_break_and_never_makes_it_late() -> None:
    walk = resting(team(), 0, noon(60, 61))
    before = insert_where_cheapest(walk, visit(1, 100, service_s=1800, due_at=after(50)), NOW, 600, 60)
    assert before is not None
    assert before.position == 0
    behind = insert_where_cheapest(walk, visit(1, 100, service_s=3700), NOW, 600, 60)
    assert behind is not None
    assert behind.position == 1


def test_rest_counts_as_the_break_from_about_its_window_on_and_when_half_of_it_was_had() -> None:
    break_ = noon()
    assert not break_.may_begin(break_.earliest - ABOUT - timedelta(seconds=1))
    assert break_.may_begin(break_.earliest - ABOUT)
    assert break_.may_begin(break_.latest + timedelta(hours=1))
    assert not break_.was_had(NOW, after(14.9))
    assert break_.was_had(NOW, after(15))


def placed(walk: TeamOnShift, break_: Break | None = None) -> int:
    return place_of_break(walk, (break_ or noon()).work(SHIFT))


def test_a_break_that_nobody_placed_comes_where_the_team_is_first_free_inside_the_window() -> None:
    assert placed(team(hour(1, 0), hour(2, 0), hour(3, 0))) == 1
    assert placed(team(hour(1, 0), hour(2, 0), hour(3, 0)), noon(62, 130)) == 2


def test_else_at_the_last_place_where_it_is_not_late() -> None:
    assert placed(team(visit(1, 0), visit(2, 0))) == 2
    assert placed(team(hour(1, 0), visit(2, 0, earliest=after(150))), noon(90, 120)) == 1
    assert placed(team()) == 0


def test_else_first_behind_what_is_under_way() -> None:
    assert placed(team(hour(1, 0), hour(2, 0)), noon(-60, -30)) == 0
    assert placed(team(hour(1, 0, arrived_at=after(-1)), hour(2, 0)), noon(-60, -30)) == 1
    assert placed(team(visit(1, 0, departed_at=after(-1)), visit(2, 0)), noon(0, 60)) == 1
