"""Improving: whatever the problem, no plan breaks a rule, costs more than what stands, or comes out differently twice."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.worker.planner.clusters import cut
from services.worker.planner.evaluate import evaluate
from services.worker.planner.improve import improve, with_walks
from services.worker.planner.place import place
from services.worker.planner.prices import prices_of
from services.worker.planner.problem import Plan, Problem
from services.worker.planner.solver import Stop
from services.worker.travel.great_circle import GreatCircle
from shared.domain.breaks import Break
from shared.domain.district import DistrictSettings
from shared.domain.routing import TeamOnShift, Work, frozen_prefix, timetable
from tests.planner.test_place import HOME, after, team, visit
from tests.planner.test_place_properties import NOW, SETTINGS, problems

few = settings(max_examples=50)  # each example is two or three solves
A_FEW = Stop(iterations=20)
NONE = Stop(iterations=0)


@st.composite
def problems_with_fixed_teams(draw: st.DrawFn) -> Problem:
    problem = draw(problems())
    fixed = draw(st.frozensets(st.sampled_from([0, 1, 2, 3])))
    return replace(
        problem,
        teams=tuple(
            team_.with_works(
                replace(work, team_fixed=work.is_break or at in fixed) for at, work in enumerate(team_.works)
            )
            for team_ in problem.teams
        ),
    )


any_problem = problems_with_fixed_teams()


def improved(problem: Problem, stop: Stop = A_FEW, **but: int) -> Plan:
    return improve(problem, GreatCircle, seed=1, stop=stop, **but)


def walks_of(plan: Plan) -> dict[UUID, list[Work]]:
    return {team_id: [stop.work for stop in route] for team_id, route in plan.routes.items()}


def cost(problem: Problem, plan: Plan | None = None) -> int:
    walks = walks_of(plan) if plan else {}
    return evaluate(problem, walks, prices_of(problem.settings)).cost.total_s


@few
@given(any_problem)
def test_no_plan_breaks_a_rule(problem: Problem) -> None:
    assert evaluate(problem, walks_of(improved(problem, passes=2)), prices_of(problem.settings)).breaches == ()


@few
@given(any_problem)
def test_every_task_is_with_one_team_or_waits_with_a_reason(problem: Problem) -> None:
    plan = improved(problem)
    after_it = with_walks(problem, walks_of(plan))
    assert {work.task_id for work in after_it.pending} == plan.waiting.keys()
    held = [work.task_id for team_ in after_it.teams for work in team_.works]
    assert len(held) == len(set(held))
    before = {work.task_id: team_.team_id for team_ in problem.teams for work in team_.works}
    now = {work.task_id: team_.team_id for team_ in after_it.teams for work in team_.works}
    moved = {task_id: team_id for task_id, team_id in now.items() if before.get(task_id) != team_id}
    assert {task_id: placement.team_id for task_id, placement in plan.placements.items()} == moved


@few
@given(any_problem)
def test_what_is_frozen_and_who_is_fixed_stay(problem: Problem) -> None:
    plan = improved(problem)
    now = with_walks(problem, walks_of(plan))
    for before, later in zip(problem.teams, now.teams, strict=True):
        frozen = frozen_prefix(timetable(before, before.works), NOW, SETTINGS.freeze_s)
        assert later.works[:frozen] == before.works[:frozen]
        fixed = {work.task_id for work in before.works if work.team_fixed}
        assert fixed <= {work.task_id for work in later.works}


@few
@given(any_problem)
def test_what_a_team_gets_it_can_do_within_shift_and_window(problem: Problem) -> None:
    plan = improved(problem)
    for team_ in problem.teams:
        had = {work.task_id for work in team_.works}
        route = plan.routes.get(team_.team_id, ())
        assert route == timetable(team_, [stop.work for stop in route])
        for stop in route:
            assert stop.begin_at >= stop.work.earliest or stop.work.arrived_at
            if stop.work.task_id not in had:
                assert team_.can_do(stop.work)
                assert stop.leave_at <= team_.shift_ends


@few
@given(any_problem)
def test_every_break_stays_with_its_team_and_begins_in_its_window_or_no_later_than_it_stands(problem: Problem) -> None:
    now = with_walks(problem, walks_of(improved(problem, passes=2)))
    for before, later in zip(problem.teams, now.teams, strict=True):
        stood = {stop.work: stop.begin_at for stop in timetable(before, before.works) if stop.work.is_break}
        stands = {stop.work: stop.begin_at for stop in timetable(later, later.works) if stop.work.is_break}
        assert stands.keys() == stood.keys()
        assert all(begin_at <= max(rest.due_at, stood[rest]) for rest, begin_at in stands.items())


@few
@given(any_problem)
def test_a_plan_never_costs_more_than_what_stands_with_the_pending_placed(problem: Problem) -> None:
    start = place(problem, GreatCircle)
    assert cost(problem, improved(problem)) <= cost(problem, start)


@few
@given(any_problem)
def test_without_iterations_what_stands_is_the_plan_and_the_pending_are_placed(problem: Problem) -> None:
    plan, start = improved(problem, NONE), place(problem, GreatCircle)
    assert plan.routes == start.routes
    said, at_first = ({task_id: waiting.reason for task_id, waiting in each.waiting.items()} for each in (plan, start))
    assert said == at_first  # what stops the nearest team may have changed with what was placed behind it


@few
@given(any_problem)
def test_equal_seeds_and_iterations_give_equal_plans(problem: Problem) -> None:
    assert improved(problem) == improved(problem)


@few
@given(any_problem, st.integers(0, 5), st.integers(1, 3), st.integers(1, 4))
def test_every_team_and_every_task_is_in_exactly_one_part(problem: Problem, turn: int, teams: int, stops: int) -> None:
    parts = cut(problem, turn, most_teams=teams, most_stops=stops)
    assert sorted(team_.team_id for part in parts for team_ in part.teams) == sorted(
        team_.team_id for team_ in problem.teams
    )
    pending = sorted(work.task_id for part in parts for work in part.pending)
    assert pending == (sorted(work.task_id for work in problem.pending) if problem.teams else [])
    for part in parts:
        assert len(part.teams) <= teams
        assert len(part.teams) == 1 or sum(len(team_.works) for team_ in part.teams) <= stops


def district(*teams: TeamOnShift, pending: tuple[Work, ...] = (), **settings: int) -> Problem:
    return Problem(
        now=NOW, district_id=UUID(int=1), settings=DistrictSettings(**settings), teams=teams, pending=pending
    )


def walk_numbers(problem: Problem, plan: Plan, number: int) -> list[int]:
    (team_,) = (each for each in with_walks(problem, walks_of(plan)).teams if each.team_id == UUID(int=number))
    return [work.task_id.int for work in team_.works]


def test_a_walk_to_and_fro_is_straightened() -> None:
    zigzag = [visit(number, metres) for number, metres in enumerate([1000, 4000, 2000, 5000, 3000], start=1)]
    problem = district(team(1, 0, *zigzag), freeze_s=0)
    assert walk_numbers(problem, improved(problem, Stop(iterations=50)), 1) == [1, 3, 5, 2, 4]


def test_a_visit_moves_to_another_team_for_more_than_its_price_only() -> None:
    def moved(metres: float) -> bool:
        problem = district(team(1, 0, visit(1, metres)), team(2, 2 * metres + 100), freeze_s=0, home_grid_price_s=0)
        there = district(team(1, 0, visit(1, metres)), team(2, metres), freeze_s=0, home_grid_price_s=0)
        assert walk_numbers(problem, improved(problem), 2) == []
        return walk_numbers(there, improved(there), 2) == [1]

    assert not moved(110)
    assert moved(130)


def test_a_task_that_fits_nowhere_fits_once_the_others_make_room() -> None:
    tight = [visit(1, 1000, due_at=after(60)), visit(2, 2000, due_at=after(100)), visit(3, 1500, due_at=after(100))]
    problem = district(
        team(1, 0, tight[0]), team(2, 3000, tight[2]), pending=(tight[1],), freeze_s=0, home_grid_price_s=0
    )
    assert not improved(problem).waiting


def test_an_urgent_visit_is_planned_into_the_first_half_of_its_time() -> None:
    ordinary = visit(1, 100, service_s=3600)
    urgent = visit(2, 400, priority=5, earliest=NOW, due_at=after(110), service_s=60)
    problem = district(team(1, 0, ordinary, urgent), freeze_s=0)
    assert walk_numbers(problem, improved(problem, Stop(iterations=50)), 1) == [2, 1]


def test_calls_stay_behind_the_visit_they_follow() -> None:
    works = [visit(1, 3000), visit(2, None), visit(3, 1000), visit(4, None)]
    problem = district(team(1, 0, *works), freeze_s=0)
    assert walk_numbers(problem, improved(problem, Stop(iterations=50)), 1) == [3, 4, 1, 2]


def rest(number: int, earliest: float, latest: float, minutes: float = 30) -> Work:
    """The break of the team of that number."""
    window = Break(earliest=after(earliest), latest=after(latest), duration_s=round(60 * minutes))
    return window.work(UUID(int=number + 100))


def test_a_walk_is_straightened_around_its_break() -> None:
    zigzag = [visit(number, metres) for number, metres in enumerate([1000, 4000, 2000, 5000, 3000], start=1)]
    noon = rest(1, 30, 60)
    problem = district(team(1, 0, *zigzag[:3], noon, *zigzag[3:]), freeze_s=0)
    plan = improved(problem, Stop(iterations=100))
    numbers = walk_numbers(problem, plan, 1)
    assert [number for number in numbers if number != noon.task_id.int] == [1, 3, 5, 2, 4]
    (planned,) = (stop for stop in plan.routes[UUID(int=1)] if stop.work.is_break)
    assert after(30) <= planned.begin_at <= after(60)
    assert sum(stop.travel_s for stop in plan.routes[UUID(int=1)]) == 5000


def test_a_break_at_noon_leaves_the_morning_free() -> None:
    pending = tuple(visit(number, 500.0 * number, due_at=after(150)) for number in range(1, 4))
    problem = district(team(1, 0, rest(1, 200, 240)), pending=pending)
    plan = improved(problem, Stop(iterations=50))
    assert not plan.waiting
    assert walk_numbers(problem, plan, 1)[-1] == 101


def test_a_break_is_no_visit_where_visits_are_counted() -> None:
    far_apart = [visit(number, 1000.0 * number) for number in (3, 1, 2)]
    problem = district(team(1, 0, rest(1, 30, 400), *far_apart, visits_left=3), freeze_s=0)
    assert sum(stop.travel_s for stop in improved(problem, Stop(iterations=50)).routes[UUID(int=1)]) == 3000


def test_a_team_that_nobody_has_seen_travels_no_less_for_its_break() -> None:
    works = [visit(1, 5000), visit(2, 100), visit(3, 5100)]
    problem = district(team(1, 0, rest(1, 30, 400), *works, place=None), freeze_s=0)
    plan = improved(problem, Stop(iterations=100))
    assert [number for number in walk_numbers(problem, plan, 1) if number != 101] in ([2, 1, 3], [3, 1, 2])


def test_two_teams_with_the_same_window_both_have_their_break() -> None:
    works = [visit(number, 500.0 * (number * 7 % 11)) for number in range(1, 9)]
    one, two = (team(number, 0, rest(number, 30, 60), *works[4 * number - 4 : 4 * number]) for number in (1, 2))
    problem = district(one, two, freeze_s=0, home_grid_price_s=0)
    plan = improved(problem, Stop(iterations=100))
    assert cost(problem, plan) < cost(problem)
    for number in (1, 2):
        assert 100 + number in walk_numbers(problem, plan, number)
    assert evaluate(problem, walks_of(plan), prices_of(problem.settings)).is_allowed


def test_a_team_behind_its_time_is_relieved_though_its_break_runs_beyond_the_shift() -> None:
    heap = [visit(number, 100.0 * number, service_s=3600) for number in range(1, 9)]
    noon = rest(1, 200, 240)
    problem = district(team(1, 0, *heap, noon), team(2, 0), freeze_s=0, home_grid_price_s=0)
    assert timetable(problem.teams[0], problem.teams[0].works)[-1].leave_at > problem.teams[0].shift_ends
    plan = improved(problem, Stop(iterations=200))
    (planned,) = (stop for stop in plan.routes[UUID(int=1)] if stop.work.is_break)
    assert planned.begin_at <= noon.due_at
    assert walk_numbers(problem, plan, 2)


def test_tasks_at_one_door_become_one_stop() -> None:
    works = [visit(1, 3000), visit(2, 1000), visit(3, 3000), visit(4, 1000)]
    problem = district(team(1, 0, *works), freeze_s=0)
    plan = improved(problem, Stop(iterations=50))
    assert sum(stop.setup_s for stop in plan.routes[UUID(int=1)]) == 120


def test_a_walk_with_accepted_work_beyond_the_shift_is_left_to_a_person() -> None:
    works = [visit(1, 4000), visit(2, 1000, team_fixed=True, service_s=9 * 3600)]
    problem = district(team(1, 0, *works), freeze_s=0)
    assert improved(problem).routes == {}


def test_parts_may_be_improved_anywhere() -> None:
    works = [visit(number, 500 * (number * 7 % 11)) for number in range(1, 9)]
    problem = district(
        *(
            team(number, 700.0 * number, *works[2 * number - 2 : 2 * number], home_grid_id=HOME)
            for number in range(1, 5)
        ),
        freeze_s=0,
    )
    asked = []
    plan = improve(
        problem,
        GreatCircle,
        seed=1,
        stop=A_FEW,
        run=lambda one, rounds: [one(round_) for round_ in (asked.append(round_) or round_ for round_ in rounds)],
    )
    assert len(asked) == len(cut(problem, 0))
    assert plan == improved(problem)


@pytest.mark.parametrize("but", [{}, {"seconds": 1.0, "iterations": 5}])
def test_a_stop_is_either_by_the_clock_or_by_iterations(but: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="seconds or after iterations"):
        Stop(**but)  # type: ignore[arg-type]  # wrong on purpose


def test_a_stop_by_the_clock_ends_in_time() -> None:
    works = [visit(number, 500 * (number * 7 % 11)) for number in range(1, 9)]
    problem = district(team(1, 0, *works), freeze_s=0)
    plan = improved(problem, Stop(seconds=timedelta(milliseconds=50).total_seconds()))
    assert cost(problem, plan) < cost(problem)


def test_walks_get_shorter_though_every_team_is_at_its_most_visits() -> None:
    near, far = [visit(number, 300.0 * number) for number in range(1, 7)], [visit(9, 5000), visit(10, 5200)]
    problem = district(
        team(1, 0, *near[::2], far[0], visits_left=4),
        team(2, 5000, *near[1::2], far[1], visits_left=4),
        freeze_s=0,
        home_grid_price_s=0,
    )
    plan = improved(problem, Stop(iterations=100))
    assert cost(problem, plan) < cost(problem)
    assert len(walk_numbers(problem, plan, 1)) == len(walk_numbers(problem, plan, 2)) == 4
