"""Placing, by example."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.worker.planner.place import place
from services.worker.planner.problem import Plan, Problem
from services.worker.travel.great_circle import GreatCircle
from shared.domain.district import DistrictSettings
from shared.domain.errors import NaiveTime
from shared.domain.geography import Pace, Point
from shared.domain.routing import TeamOnShift, Work
from shared.domain.words import WaitingReason

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


def team(number: int, metres: float, *works: Work, **but: object) -> TeamOnShift:
    values: dict[str, object] = {
        "team_id": UUID(int=number),
        "shift_id": UUID(int=500 + number),
        "pace": Pace(kmh=3.6, detour=1.0),
        "place": along(metres),
        "free_at": NOW,
        "shift_ends": after(480),
        "roles": frozenset({"doctor", "police"}),
        "capabilities": frozenset[str](),
        "home_grid_id": None,
        "visits_left": None,
        "setup_s": 60,
        "works": works,
    }
    return TeamOnShift(**{**values, **but})  # type: ignore[arg-type]  # a builder takes only what matters


def planned(teams: list[TeamOnShift], *pending: Work, settings: DistrictSettings | None = None) -> Plan:
    problem = Problem(
        now=NOW,
        district_id=UUID(int=1),
        settings=settings or DistrictSettings(),
        teams=tuple(teams),
        pending=tuple(pending),
    )
    return place(problem, GreatCircle)


def walk(plan: Plan, number: int) -> list[int]:
    return [stop.work.task_id.int for stop in plan.routes.get(UUID(int=number), ())]


def why(plan: Plan, number: int) -> tuple[WaitingReason, dict[str, object]]:
    waiting = plan.waiting[UUID(int=number)]
    return waiting.reason, dict(waiting.detail)


def full(number: int, stopped_by: str, travel_s: int | None, **more: object) -> tuple[WaitingReason, dict[str, object]]:
    """What `why` says where all teams are full, and that one is the nearest."""
    near = {"team_id": str(UUID(int=number))} | ({} if travel_s is None else {"travel_s": travel_s})
    return WaitingReason.ALL_TEAMS_FULL, {"stopped_by": stopped_by, **near, **more}


def test_a_problem_is_a_moment_with_each_team_and_task_once() -> None:
    with pytest.raises(ValueError, match="a team has one walk"):
        planned([team(1, 0), team(1, 5)])
    with pytest.raises(ValueError, match="a task is pending once"):
        planned([team(1, 0)], visit(1, 0), visit(1, 5))
    with pytest.raises(NaiveTime):
        Problem(
            now=NOW.replace(tzinfo=None), district_id=UUID(int=1), settings=DistrictSettings(), teams=(), pending=()
        )


def test_nothing_pending_changes_nothing() -> None:
    plan = planned([team(1, 0, visit(1, 100))])
    assert not plan.routes
    assert not plan.placements
    assert not plan.waiting


def test_the_team_with_the_shortest_way_gets_the_task() -> None:
    plan = planned([team(1, 0), team(2, 900)], visit(9, 700))
    assert walk(plan, 2) == [9]
    assert plan.placements[UUID(int=9)].reason.added_travel_s == 200


def test_a_task_on_the_way_costs_no_detour() -> None:
    plan = planned([team(1, 0, visit(1, 1000), visit(2, 3000)), team(2, 2100)], visit(9, 2000))
    assert walk(plan, 1) == [1, 9, 2]


def test_a_task_at_a_door_of_a_walk_joins_that_stop() -> None:
    plan = planned([team(1, 0, visit(1, 1000), visit(2, 3000)), team(2, 1001)], visit(9, 1000))
    stops = plan.routes[UUID(int=1)]
    assert [(stop.travel_s, stop.setup_s) for stop in stops if stop.work.point == along(1000)] == [(1000, 60), (0, 0)]


def test_tasks_of_one_household_pending_together_become_one_stop() -> None:
    plan = planned([team(1, 0), team(2, 40)], visit(8, 20), visit(9, 20, priority=1))
    assert sorted(walk(plan, 1) + walk(plan, 2)) == [8, 9]
    assert len(plan.routes) == 1


def test_a_call_goes_to_whoever_is_free_first_without_travel() -> None:
    plan = planned([team(1, 0, visit(1, 5000)), team(2, 0)], visit(9, None))
    assert walk(plan, 2) == [9]
    assert plan.placements[UUID(int=9)].reason.added_travel_s == 0


def test_a_batch_of_calls_is_shared_out_the_most_urgent_first() -> None:
    calls = [visit(number, None, due_at=after(120), priority=1 + number % 5) for number in range(1, 16)]
    plan = planned([team(number, 0) for number in (1, 2, 3)], *calls)
    assert [len(walk(plan, number)) for number in (1, 2, 3)] == [5, 5, 5]
    for number in (1, 2, 3):
        priorities = [stop.work.priority for stop in plan.routes[UUID(int=number)]]
        assert priorities == sorted(priorities, reverse=True)


def test_calls_between_visits_push_them_back_only_as_far_as_they_bear() -> None:
    held = team(1, 0, visit(1, 700), visit(2, None), visit(3, 1400, due_at=after(35)), shift_ends=after(100))
    fits = planned([held], visit(9, None, service_s=60))
    assert len(walk(fits, 1)) == 4
    late = planned([held], visit(9, None, service_s=3000, due_at=after(20)))
    assert walk(late, 1) == [1, 2, 3, 9]


def next_best(plan: Plan, number: int) -> tuple[int, int, bool] | None:
    """Team, added travel and whether on time."""
    found = plan.placements[UUID(int=number)].reason.next_best
    return None if found is None else (found.team_id.int, found.added_travel_s, found.on_time)


def test_a_placement_tells_which_other_team_would_have_got_it_and_at_what_cost() -> None:
    assert next_best(planned([team(1, 0), team(2, 900), team(3, 1800)], visit(9, 700)), 9) == (1, 700, True)
    assert next_best(planned([team(1, 0), team(2, 900)], visit(9, 700, due_at=after(5))), 9) == (1, 700, False)


def test_without_another_team_that_could_there_is_no_next_best() -> None:
    assert next_best(planned([team(1, 0)], visit(9, 700)), 9) is None
    assert next_best(planned([team(1, 0), team(2, 0, roles=frozenset[str]())], visit(9, 700)), 9) is None


def test_a_team_leaves_its_home_grid_only_when_it_saves_more_than_the_price() -> None:
    at_home, near = team(1, 0, home_grid_id=HOME), team(2, 150, home_grid_id=ELSEWHERE)
    plan = planned([at_home, near], visit(8, 100, grid_id=HOME))
    assert walk(plan, 1) == [8]
    assert plan.placements[UUID(int=8)].reason.home_grid
    plan = planned([at_home, near], visit(8, 120, grid_id=HOME))
    assert walk(plan, 2) == [8]
    assert not plan.placements[UUID(int=8)].reason.home_grid


def test_the_urgent_task_gets_the_last_place() -> None:
    short = team(1, 0, shift_ends=after(8))
    plan = planned([short], visit(8, 100, priority=1), visit(9, 100, door=UUID(int=77), priority=5))
    assert walk(plan, 1) == [9]
    assert why(plan, 8) == full(1, "shift_ends", 100, shift_ends="2022-04-01T08:08:00+00:00")


def test_an_overdue_task_is_placed_as_early_as_possible_and_shown_late() -> None:
    busy, free = team(1, 0, visit(1, 700)), team(2, 900)
    plan = planned([busy, free], visit(9, 701, due_at=after(-30)))
    assert walk(plan, 2) == [9]
    reason = plan.placements[UUID(int=9)].reason
    assert (reason.on_time, reason.slack_s) == (False, -(30 * 60 + 199 + 60))


def test_a_late_task_makes_nobody_else_late() -> None:
    held = team(1, 0, visit(1, 1000, due_at=after(18)), visit(2, 1000))
    plan = planned([held], visit(9, 500, due_at=after(-30)))
    assert walk(plan, 1)[0] == 1


def test_what_starts_within_ten_minutes_keeps_its_place() -> None:
    plan = planned([team(1, 0, visit(1, 500), visit(2, 2000))], visit(9, 250, priority=5))
    assert walk(plan, 1)[0] == 1


def test_a_shift_that_begins_soon_is_planned_already() -> None:
    plan = planned([team(1, 0, free_at=after(45), shift_ends=after(500))], visit(9, 100))
    assert plan.routes[UUID(int=1)][0].begin_at == after(45) + timedelta(seconds=160)


def test_without_a_team_on_shift_everything_waits_for_one() -> None:
    plan = planned([], visit(9, 100, roles=frozenset({"pilot"})))
    assert why(plan, 9) == (WaitingReason.NO_TEAM_ON_SHIFT, {})
    assert plan.waiting[UUID(int=9)].look_again_at == after(1)


def test_a_missing_role_is_named_as_the_team_that_lacks_least_lacks_it() -> None:
    teams = [team(1, 0, roles=frozenset[str]()), team(2, 300, roles=frozenset({"doctor"}))]
    plan = planned(teams, visit(9, 0, roles=frozenset({"doctor", "police", "grid_worker"})))
    expected = {"roles": ["grid_worker", "police"], "team_id": str(UUID(int=2)), "travel_s": 300}
    assert why(plan, 9) == (WaitingReason.ROLE_MISSING, expected)


def test_a_missing_capability_is_asked_of_teams_that_have_the_roles() -> None:
    teams = [team(1, 0, capabilities=frozenset({"swab"}), roles=frozenset({"police"})), team(2, 0)]
    plan = planned(teams, visit(9, 0, capabilities=frozenset({"swab"})))
    expected = {"capabilities": ["swab"], "team_id": str(UUID(int=2)), "travel_s": 0}
    assert why(plan, 9) == (WaitingReason.CAPABILITY_MISSING, expected)


def test_of_teams_that_lack_the_same_the_nearest_is_named_and_one_whose_place_is_unknown_last() -> None:
    teams = [team(1, 0, place=None), team(2, 800), team(3, 300), team(4, 300)]
    swab = visit(9, 100, capabilities=frozenset({"swab"}))
    assert why(planned(teams, swab), 9)[1] == {"capabilities": ["swab"], "team_id": str(UUID(int=3)), "travel_s": 200}
    assert why(planned(teams[:1], swab), 9)[1] == {"capabilities": ["swab"], "team_id": str(UUID(int=1))}


def test_no_team_is_nearer_to_a_call_than_another() -> None:
    call = visit(9, None, capabilities=frozenset({"swab"}))
    assert why(planned([team(2, 0), team(1, 800)], call), 9)[1] == {
        "capabilities": ["swab"],
        "team_id": str(UUID(int=1)),
    }


def test_what_opens_after_all_shifts_waits_until_the_next_come_into_view() -> None:
    evening = visit(9, 0, earliest=after(480), due_at=after(600))
    hour_ahead = DistrictSettings(plan_ahead_s=3600)
    plan = planned([team(1, 0), team(2, 0, shift_ends=after(420))], evening, settings=hour_ahead)
    nearest = {"team_id": str(UUID(int=1)), "travel_s": 0, "shift_ends": "2022-04-01T16:00:00+00:00"}
    assert why(plan, 9) == (WaitingReason.OPENS_LATER, {"earliest": "2022-04-01T16:00:00+00:00", **nearest})
    assert plan.waiting[UUID(int=9)].look_again_at == after(420 - 60)


def test_what_opens_in_days_is_not_looked_at_before_the_day_before() -> None:
    plan = planned([team(1, 0)], visit(9, 0, earliest=after(5 * 1440), due_at=after(5 * 1440)))
    assert plan.waiting[UUID(int=9)].look_again_at == after(4 * 1440)


def test_a_window_that_opens_just_before_the_shift_ends_is_too_late() -> None:
    plan = planned([team(1, 0)], visit(9, 0, earliest=after(477), due_at=after(600)))
    assert why(plan, 9) == full(1, "shift_ends", 0, shift_ends="2022-04-01T16:00:00+00:00")


def test_a_full_district_names_the_nearest_team_and_the_visits_it_has_made() -> None:
    plan = planned([team(1, 0, visits_left=0), team(2, 500, visits_left=0)], visit(9, 400))
    assert why(plan, 9) == full(2, "visits", 100)


def test_a_full_district_says_when_others_would_be_late() -> None:
    held = team(1, 0, visit(1, 1000, due_at=after(18)), visit(2, 1000, earliest=after(40)), shift_ends=after(46))
    plan = planned([held], visit(9, 900, service_s=120))
    assert walk(plan, 1) == [1, 9, 2]
    plan = planned([held.with_works(held.works[:1])], visit(9, 100, service_s=1200))
    assert why(plan, 9) == full(1, "would_be_late", 100)


def test_a_team_that_declined_is_not_asked_again_in_that_shift() -> None:
    declined = frozenset({UUID(int=501)})
    plan = planned([team(1, 0), team(2, 900)], visit(9, 0, declined_in=declined))
    assert walk(plan, 2) == [9]
    plan = planned([team(1, 0)], visit(9, 0, declined_in=declined))
    assert why(plan, 9) == full(1, "declined", 0)


def test_walks_grow_far_beyond_what_they_were() -> None:
    calls = [visit(number, None, service_s=10) for number in range(1, 61)]
    plan = planned([team(1, 0)], *calls)
    assert sorted(walk(plan, 1)) == list(range(1, 61))
    assert plan.routes[UUID(int=1)][-1].leave_at == NOW + timedelta(seconds=600)
