"""In a big district few teams are judged for a task: nobody waits or comes late for it, and it costs next to nothing."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bench.one_more import district, how_much_dearer, newcomers
from services.worker.planner.layouts import Layouts
from services.worker.planner.place import place
from services.worker.planner.problem import Problem
from services.worker.planner.walks import Walks
from services.worker.travel.great_circle import GreatCircle
from services.worker.travel.matrix import Given, GivenPace, point_of
from shared.domain.routing import Work
from tests.planner.test_place_properties import one_task, problems

FEW = st.integers(1, 2)


def test_choosing_from_the_likeliest_teams_costs_next_to_nothing() -> None:
    problem = district(150, 12, seed=3)
    dearer = how_much_dearer(problem, newcomers(150, 400, seed=4), Layouts(problem), most_scanned=16)
    assert len(dearer.best_s) > 350
    assert dearer.pct <= 1
    assert dearer.later == 0
    assert dearer.looked_everywhere < 40


def test_calls_go_to_who_can_make_them_soon() -> None:
    problem = district(150, 12, seed=3)
    calls = [replace(work, point=None, door=None, grid_id=None) for work in newcomers(150, 60, seed=4)]
    few, all_ = (Walks(problem, GreatCircle, Layouts(problem), most) for most in (16, 150))
    for call in calls:
        waits = []
        for walks in (few, all_):
            scan = walks.scan(call)
            offer = walks.best(call, scan)
            assert offer is not None
            waits.append(int(scan.weighted_wait[scan.line(offer.row), offer.position]) / call.priority / 1e6)
        assert waits[0] <= waits[1] + 600


@given(one_task, FEW)
def test_no_task_waits_or_comes_late_because_few_were_judged(problem: Problem, most: int) -> None:
    few, all_ = place(problem, GreatCircle, most_scanned=most), place(problem, GreatCircle)
    assert few.waiting == all_.waiting
    for task_id, placement in all_.placements.items():
        chosen = few.placements[task_id].reason
        assert chosen.on_time == placement.reason.on_time
        assert (chosen.next_best is None) == (placement.reason.next_best is None)
        if not chosen.on_time:
            assert few.placements[task_id] == placement


@given(problems())
def test_where_no_more_teams_are_than_are_judged_nothing_changes(problem: Problem) -> None:
    assert place(problem, GreatCircle, most_scanned=max(1, len(problem.teams))) == place(problem, GreatCircle)


@given(problems(), problems(), FEW)
def test_what_an_earlier_moment_knew_of_walks_changes_nothing(problem: Problem, other: Problem, most: int) -> None:
    layouts = Layouts(problem)
    place(problem, GreatCircle, layouts, most_scanned=most)
    known = {team.team_id for team in other.teams}
    teams = (*other.teams, *(team for team in problem.teams if team.team_id not in known))
    later = replace(other, now=other.now + timedelta(seconds=1), teams=teams)
    taken_over = place(later, GreatCircle, Layouts(later, layouts), most_scanned=most)
    assert taken_over == place(later, GreatCircle, most_scanned=most)


def test_who_alone_can_do_it_is_found_however_far() -> None:
    problem = district(60, 6, seed=5)
    teams = [replace(team, capabilities=frozenset[str]()) for team in problem.teams]
    teams[59] = replace(teams[59], capabilities=frozenset({"swab"}), shift_ends=problem.now + timedelta(hours=24))
    (work,) = newcomers(60, 1, seed=6)
    asked = replace(problem, teams=tuple(teams), pending=(replace(work, capabilities=frozenset({"swab"})),))
    plan = place(asked, GreatCircle, most_scanned=8)
    assert plan.routes.keys() == {teams[59].team_id}


def test_given_travel_times_say_themselves_what_is_near() -> None:
    """The points that stand for their places lie nowhere."""
    problem = district(12, 2, seed=7)
    places = 1 + max(len(team.works) for team in problem.teams)
    far = np.full((places, places), 3000) - 3000 * np.eye(places, dtype=np.int64)
    paces = [GivenPace(seconds_between=far.astype(np.int64)) for _ in problem.teams]
    paces[7] = GivenPace(seconds_between=(far // 100).astype(np.int64))
    teams = tuple(
        replace(team, pace=pace, place=point_of(0), works=_at_places(team.works))
        for team, pace in zip(problem.teams, paces, strict=True)
    )
    (work,) = newcomers(12, 1, seed=8)
    task = replace(work, point=point_of(1), grid_id=None, door=UUID(int=7), capabilities=frozenset[str]())
    asked = replace(problem, teams=teams, pending=(task,))
    assert place(asked, Given, most_scanned=2) == place(asked, Given)


def _at_places(works: tuple[Work, ...]) -> tuple[Work, ...]:
    return tuple(replace(work, point=point_of(number)) for number, work in enumerate(works, start=1))
