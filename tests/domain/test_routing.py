"""A team's walk: its timetable, its frozen head, and one more task in it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from shared.domain.errors import NaiveTime
from shared.domain.geography import Pace, Point
from shared.domain.routing import Insertion, TeamOnShift, Work, frozen_prefix, insert_where_cheapest, timetable

NOW = datetime(2022, 4, 1, 8, tzinfo=UTC)
HOME, ELSEWHERE = UUID(int=901), UUID(int=902)
METRES_A_DEGREE = 111_195.08


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def along(metres: float) -> Point:
    """A point that far along a straight street: one second a metre at the pace of `team`."""
    return Point(0.0, metres * (1 - 1e-6) / METRES_A_DEGREE)


def visit(number: int, metres: float | None, **but: object) -> Work:
    values: dict[str, object] = {
        "task_id": UUID(int=number),
        "door": None if metres is None else UUID(int=1000 + int(metres)),
        "point": None if metres is None else along(metres),
        "grid_id": None,
        "earliest": after(-60),
        "due_at": after(480),
        "service_s": 300,
        "priority": 3,
        "roles": frozenset({"doctor"}),
        "capabilities": frozenset[str](),
    }
    return Work(**{**values, **but})  # type: ignore[arg-type]  # a builder takes only what matters


def team(*works: Work, **but: object) -> TeamOnShift:
    values: dict[str, object] = {
        "team_id": UUID(int=1),
        "shift_id": UUID(int=2),
        "pace": Pace(kmh=3.6, detour=1.0),
        "place": along(0),
        "free_at": NOW,
        "shift_ends": after(480),
        "roles": frozenset({"doctor", "police"}),
        "capabilities": frozenset[str](),
        "home_grid_id": HOME,
        "visits_left": None,
        "setup_s": 60,
        "works": works,
    }
    return TeamOnShift(**{**values, **but})  # type: ignore[arg-type]  # a builder takes only what matters


def begins(team: TeamOnShift) -> list[float]:
    return [(stop.begin_at - NOW).total_seconds() for stop in timetable(team, team.works)]


def inserted(team: TeamOnShift, work: Work, *, forced: bool = False) -> Insertion:
    insertion = insert_where_cheapest(team, work, NOW, 600, 60, forced=forced)
    assert insertion is not None
    return insertion


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(NaiveTime):
        visit(1, 0, earliest=datetime(2022, 4, 1))  # noqa: DTZ001 - that is the point
    with pytest.raises(NaiveTime):
        team(shift_ends=datetime(2022, 4, 1))  # noqa: DTZ001 - that is the point


def test_travel_then_set_up_then_service() -> None:
    assert begins(team(visit(1, 100), visit(2, 300))) == [100 + 60, 160 + 300 + 200 + 60]


def test_a_team_waits_for_the_window_to_open() -> None:
    assert begins(team(visit(1, 100, earliest=after(10)), visit(2, 101))) == [600, 600 + 300 + 1 + 60]


def test_tasks_at_one_door_are_one_stop() -> None:
    assert begins(team(visit(1, 100), visit(2, 100))) == [160, 160 + 300]


def test_two_doors_at_one_point_are_set_up_twice() -> None:
    assert begins(team(visit(1, 100), visit(2, 100, door=UUID(int=77)))) == [160, 160 + 300 + 60]


def test_a_task_without_a_door_shares_no_stop() -> None:
    assert begins(team(visit(1, 100, door=None), visit(2, 100, door=None))) == [160, 160 + 300 + 60]


def test_a_call_takes_time_but_no_travel_and_does_not_end_the_stop() -> None:
    assert begins(team(visit(1, 100), visit(2, None), visit(3, 100))) == [160, 460, 760]


def test_the_first_stop_of_a_team_nobody_has_seen_costs_no_travel() -> None:
    assert begins(team(visit(1, 100), visit(2, 300), place=None)) == [60, 60 + 300 + 200 + 60]


def test_a_team_at_the_door_began_when_it_arrived() -> None:
    at_the_door = visit(1, 100, departed_at=after(-5), arrived_at=after(-2))
    assert begins(team(at_the_door, visit(2, 100))) == [-60, 240]


def test_a_visit_that_takes_longer_than_thought_ends_no_sooner_than_now() -> None:
    at_the_door = visit(1, 100, arrived_at=after(-30))
    assert begins(team(at_the_door, visit(2, 200))) == [-29 * 60, 100 + 60]


def test_who_arrived_for_two_tasks_does_one_after_the_other() -> None:
    both = [visit(n, 100, arrived_at=after(-2)) for n in (1, 2)]
    assert begins(team(*both)) == [-60, 240]


def test_a_team_under_way_arrives_by_its_departure() -> None:
    assert begins(team(visit(1, 300, departed_at=after(-2)))) == [180 + 60]
    assert begins(team(visit(1, 300, departed_at=after(-20)))) == [60]


def test_what_is_under_way_or_starts_soon_is_frozen() -> None:
    walk = team(visit(1, 100), visit(2, 200), visit(3, 400))
    assert begins(walk) == [160, 620, 1180]
    planned = timetable(walk, walk.works)
    assert frozen_prefix(planned, NOW, 600) == 1
    assert frozen_prefix(planned, NOW, 620) == 2
    assert frozen_prefix(planned, NOW, 0) == 0
    under_way = team(visit(1, 100), visit(2, 4000, departed_at=after(-1)))
    assert frozen_prefix(timetable(under_way, under_way.works), NOW, 0) == 2


def test_one_more_task_goes_where_the_way_is_shortest() -> None:
    insertion = inserted(team(visit(1, 1000), visit(2, 3000)), visit(3, 2000))
    assert (insertion.position, insertion.cost_s, insertion.reason.added_travel_s) == (1, 0, 0)
    assert [stop.work.task_id.int for stop in insertion.planned] == [1, 3, 2]


def test_one_more_task_at_a_door_of_the_walk_costs_no_travel_and_no_set_up() -> None:
    insertion = inserted(team(visit(1, 1000), visit(2, 3000)), visit(3, 3000))
    assert (insertion.cost_s, insertion.added_setup_s) == (0, 0)


def test_a_pair_at_one_door_is_not_broken_by_a_neighbour_in_the_house() -> None:
    pair = (visit(1, 1000, earliest=after(60)), visit(2, 1000, earliest=after(60)))
    insertion = inserted(team(*pair), visit(3, 1000, door=UUID(int=77), earliest=after(60)))
    assert insertion.position in (0, 2)


def test_nothing_goes_before_what_is_frozen() -> None:
    insertion = inserted(team(visit(1, 500), place=along(0)), visit(2, 250))
    assert insertion.position == 1


def test_leaving_the_home_grid_has_its_price() -> None:
    assert inserted(team(), visit(1, 100, grid_id=HOME)).cost_s == 100
    away = inserted(team(), visit(1, 100, grid_id=ELSEWHERE))
    assert (away.cost_s, away.reason.added_travel_s, away.reason.home_grid) == (160, 100, False)
    assert inserted(team(), visit(1, None)).cost_s == 0


def test_the_reason_says_how_much_time_is_left_to_the_deadline() -> None:
    reason = inserted(team(), visit(1, 100, due_at=after(10))).reason
    assert reason.figures() == {"added_travel_s": 100, "home_grid": False, "slack_s": 600 - 160, "on_time": True}
    late = inserted(team(), visit(1, 100, due_at=NOW + timedelta(seconds=159.5))).reason
    assert (late.slack_s, late.on_time) == (-1, False)


def test_on_time_at_a_longer_way_beats_late_at_a_short_one() -> None:
    walk = team(visit(1, 1000), visit(2, 4000))
    assert inserted(walk, visit(3, 5000, due_at=after(240))).position == 2
    assert inserted(walk, visit(3, 5000, due_at=after(90))).position == 0


def test_what_cannot_be_on_time_is_as_early_as_possible_without_making_others_late() -> None:
    walk = team(visit(1, 1000, due_at=after(18)), visit(2, 4000))
    insertion = inserted(walk, visit(3, 5000, due_at=after(-60)))
    assert (insertion.position, insertion.reason.on_time, insertion.made_late) == (1, False, ())


def test_nothing_fits_where_others_would_be_late_or_the_shift_over() -> None:
    tight = team(visit(1, 1000, due_at=after(18)), shift_ends=after(25))
    assert insert_where_cheapest(tight, visit(2, 1500), NOW, 600, 60) is None


def test_a_team_gets_nothing_that_it_cannot_do() -> None:
    assert insert_where_cheapest(team(), visit(1, 0, roles=frozenset({"grid_worker"})), NOW, 600, 60) is None
    assert insert_where_cheapest(team(), visit(1, 0, capabilities=frozenset({"swab"})), NOW, 600, 60) is None


def test_the_most_visits_of_a_shift_hold_for_visits_not_for_calls() -> None:
    walk = team(visit(1, 100), visit(2, None), visits_left=1)
    assert insert_where_cheapest(walk, visit(3, 100), NOW, 600, 60) is None
    assert inserted(walk, visit(3, None)).fits


def test_a_walk_that_overruns_already_takes_what_makes_it_no_worse() -> None:
    walk = team(visit(1, 100), visit(2, 200, earliest=after(60)), shift_ends=after(62))
    insertion = inserted(walk, visit(3, 150))
    assert (insertion.position, insertion.overrun_s) == (1, 0)
    assert insert_where_cheapest(walk, visit(3, 150, service_s=3500), NOW, 600, 60) is None


def test_by_force_a_task_goes_to_the_least_bad_place_and_says_what_it_breaks() -> None:
    tight = team(visit(1, 1000, due_at=after(18)), shift_ends=after(25))
    insertion = inserted(tight, visit(2, 1500, service_s=600), forced=True)
    assert (insertion.position, insertion.made_late) == (1, ())
    assert insertion.overrun_s == 1060 + 300 + 500 + 60 + 600 - 25 * 60
    assert not insertion.fits


def test_by_force_a_task_says_whom_it_makes_late() -> None:
    frozen_out = team(visit(1, 1000, due_at=after(18)), visit(2, 2000, due_at=after(48)), shift_ends=after(49))
    insertion = inserted(frozen_out, visit(3, 1000, service_s=900, roles=frozenset({"grid_worker"})), forced=True)
    assert insertion.made_late
    assert all(task_id.int in (1, 2) for task_id in insertion.made_late)


def test_by_force_nothing_changes_where_the_task_fits() -> None:
    walk = team(visit(1, 1000), visit(2, 3000))
    assert inserted(walk, visit(3, 2000), forced=True) == inserted(walk, visit(3, 2000))


def test_by_force_the_most_visits_may_be_exceeded_and_it_says_so() -> None:
    insertion = inserted(team(visits_left=0), visit(1, 100), forced=True)
    assert (insertion.within_visits, insertion.fits) == (False, False)


def test_a_forced_walk_is_still_one_walk() -> None:
    walk = team(visit(1, 100, arrived_at=after(-1)), visit(2, 1000))
    insertion = inserted(walk, visit(3, 50), forced=True)
    assert [stop.work for stop in insertion.planned if stop.work.task_id.int != 3] == list(walk.works)
    assert insertion.planned == timetable(walk, [stop.work for stop in insertion.planned])
    assert replace(walk.works[0], arrived_at=None).is_under_way is False
