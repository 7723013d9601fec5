"""The judge of plans, by example and against a slow obvious one."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.worker.planner.evaluate import Rule, evaluate, origin_of
from services.worker.planner.prices import Prices
from services.worker.planner.problem import Problem
from shared.domain.routing import TeamOnShift, Work
from tests.planner.test_place import HOME, after, team, visit
from tests.planner.test_place_properties import NOW, SETTINGS, problems

SLOW = {4: 100, 5: 600}
PRICES = Prices(even_s=7, slow_s=SLOW)


@st.composite
def problems_with_walks(draw: st.DrawFn) -> tuple[Problem, dict[UUID, tuple[Work, ...]]]:
    """Some works fixed to their teams, and walks that mix everything up, rules or not."""
    problem = draw(problems())
    fixed = draw(st.frozensets(st.sampled_from([0, 1, 2, 3])))
    teams = tuple(
        team.with_works(replace(work, team_fixed=work.is_break or at in fixed) for at, work in enumerate(team.works))
        for team in problem.teams
    )
    problem = replace(problem, teams=teams)
    works = [*problem.pending, *(work for team in teams for work in team.works)]
    walks = {}
    for team_ in teams:
        if draw(st.booleans()):
            walks[team_.team_id] = tuple(draw(st.lists(st.sampled_from(works), max_size=6)))
    return problem, walks


def minutes_of(team: TeamOnShift, works: tuple[Work, ...]) -> list[tuple[Work, int, int, datetime, datetime]]:
    """Slow and obvious: work, travel, set-up, begin and end, one after the other."""
    made, place, door, free = [], team.place, None, team.free_at
    for work in works:
        travel = 0
        if work.point and place and not work.arrived_at:
            travel = team.pace.seconds(place, work.point)
        at_door = free + timedelta(seconds=travel)
        if work.departed_at:
            at_door = max(team.free_at, work.departed_at + timedelta(seconds=travel))
        if work.arrived_at:
            at_door = work.arrived_at
        setup = team.setup_s if work.point and (work.door is None or work.door != door) else 0
        begin = max(at_door + timedelta(seconds=setup), work.earliest, *([free] if made else []))
        free = max(free, begin + timedelta(seconds=work.service_s))
        made.append((work, travel, setup, begin, free))
        if work.point:
            place, door = work.point, work.door
    return made


def frozen_slowly(team: TeamOnShift) -> int:
    made = minutes_of(team, team.works)
    soon = [
        at + 1
        for at, (work, _, _, begin, _) in enumerate(made)
        if work.departed_at or work.arrived_at or begin <= NOW + timedelta(seconds=SETTINGS.freeze_s)
    ]
    return max(soon, default=0)


def share_slowly(problem: Problem, team: TeamOnShift) -> float:
    """What is ahead by the time that is left, what was made by the time that has passed, less what it made itself."""

    def passed(one: TeamOnShift) -> float:
        return (NOW - min(NOW, one.shift_starts or NOW)).total_seconds()

    def left(one: TeamOnShift) -> float:
        return (max(one.shift_ends, one.free_at) - one.free_at).total_seconds()

    ahead = sum(1 for one in problem.teams for work in one.works if work.point)
    ahead += sum(1 for work in problem.pending if work.point)
    share = -float(team.visits_made)
    if left(team):
        share += ahead * left(team) / sum(map(left, problem.teams))
    if passed(team):
        share += sum(one.visits_made for one in problem.teams) * passed(team) / sum(map(passed, problem.teams))
    return share


@given(problems_with_walks())
def test_it_charges_what_adding_it_all_up_charges(case: tuple[Problem, dict[UUID, tuple[Work, ...]]]) -> None:
    problem, walks = case
    cost = evaluate(problem, walks, PRICES).cost
    had = {work.task_id: team.team_id for team in problem.teams for work in team.works}
    everything = {work.task_id: work for work in problem.pending}
    everything |= {work.task_id: work for team in problem.teams for work in team.works}
    total = 0.0
    seen = set()
    for team_ in problem.teams:
        visits = 0
        left_s = max(0.0, (team_.shift_ends - team_.free_at).total_seconds())
        last = team_.free_at
        for work, travel, setup, begin, end in minutes_of(team_, tuple(walks.get(team_.team_id, team_.works))):
            last = end if end <= team_.shift_ends else last
            seen.add(work.task_id)
            visits += work.point is not None
            total += travel + setup
            total += PRICES.home_grid_s * (work.grid_id not in (None, team_.home_grid_id))
            total += PRICES.change_s * (work.task_id in had and had[work.task_id] != team_.team_id)
            weight = PRICES.weights[work.priority]
            late = (begin - work.due_at).total_seconds()
            if end > team_.shift_ends:
                total += round(weight * 7200) + SLOW.get(work.priority, 0) * (not work.is_break)
            elif late > 0:
                total += round(weight * min(7200, 1800 + 0.25 * late))
            elif not work.is_break and begin > work.earliest + (work.due_at - work.earliest) / 2:
                total += SLOW.get(work.priority, 0)
        total += round(PRICES.even_s / 2 * (visits - share_slowly(problem, team_)) ** 2)
        free_s = (team_.shift_ends - last).total_seconds()
        total += (
            round(PRICES.reserve_per_s * max(0.0, PRICES.reserve_share * left_s - free_s))
            if last > team_.free_at
            else 0
        )
    lost = [work for task_id, work in everything.items() if task_id not in seen and not work.is_break]
    total += sum(round(PRICES.weights[work.priority] * 7200) + SLOW.get(work.priority, 0) for work in lost)
    assert abs(cost.total_s - total) <= len(problem.teams), "but for a second of rounding a team"


@given(problems_with_walks())
def test_it_finds_each_rule_that_looking_at_every_work_finds(
    case: tuple[Problem, dict[UUID, tuple[Work, ...]]],
) -> None:
    problem, walks = case
    expected = set()
    everywhere = Counter(w.task_id for t in problem.teams for w in walks.get(t.team_id, t.works))
    expected |= {(Rule.TWICE, task_id) for task_id, times in everywhere.items() if times > 1}
    for team_ in problem.teams:
        walk = walks.get(team_.team_id, team_.works)
        frozen = frozen_slowly(team_)
        ended = {work.task_id: end for work, *_, end in minutes_of(team_, team_.works)}
        if walk[:frozen] != team_.works[:frozen]:
            expected.add((Rule.FROZEN, team_.team_id))
        for work, _, _, _, end in minutes_of(team_, tuple(walk)):
            if end > max(team_.shift_ends, ended.get(work.task_id, NOW)):
                expected.add((Rule.SHIFT, work.task_id))
            if work not in team_.works and work.team_fixed and not work.is_break:
                expected.add((Rule.TEAM_FIXED, work.task_id))
            if work not in team_.works and not team_.can_do(work):
                expected.add((Rule.ABILITY, work.task_id))
        for work in team_.works:
            if work.team_fixed and not work.is_break and not everywhere[work.task_id]:
                expected.add((Rule.TEAM_FIXED, work.task_id))
        visits, stood = (sum(work.point is not None for work in each) for each in (walk, team_.works))
        if team_.visits_left is not None and visits > max(team_.visits_left, stood):
            expected.add((Rule.VISITS, team_.team_id))
    found = {(breach.rule, breach.id) for breach in evaluate(problem, walks, PRICES).breaches}
    assert {breach for breach in found if breach[0] not in (Rule.BREAK, Rule.TOO_SOON)} == expected


@given(problems_with_walks())
def test_it_finds_what_changes_its_team_and_begins_within_twice_the_freeze(
    case: tuple[Problem, dict[UUID, tuple[Work, ...]]],
) -> None:
    problem, walks = case
    had = {work.task_id: team.team_id for team in problem.teams for work in team.works}
    soon = NOW + 2 * timedelta(seconds=problem.settings.freeze_s)
    expected = {
        work.task_id
        for team_ in problem.teams
        for work, _, _, begin, _ in minutes_of(team_, tuple(walks.get(team_.team_id, team_.works)))
        if had.get(work.task_id, team_.team_id) != team_.team_id and begin <= soon
    }
    assert {b.id for b in evaluate(problem, walks, PRICES).breaches if b.rule is Rule.TOO_SOON} == expected


@given(problems_with_walks())
def test_it_finds_each_break_that_is_left_out_or_late_or_elsewhere(
    case: tuple[Problem, dict[UUID, tuple[Work, ...]]],
) -> None:
    problem, walks = case
    broken = set()
    for team_ in problem.teams:
        walk = tuple(walks.get(team_.team_id, team_.works))
        begun = {work.task_id: begin for work, _, _, begin, _ in minutes_of(team_, team_.works)}
        for work, _, _, begin, _ in minutes_of(team_, walk):
            if work.is_break and (work not in team_.works or begin > max(work.due_at, begun[work.task_id])):
                broken.add(work.task_id)
        broken |= {work.task_id for work in team_.works if work.is_break and work not in walk}
    found = evaluate(problem, walks, PRICES).breaches
    assert {breach.id for breach in found if breach.rule is Rule.BREAK} == broken


@given(problems_with_walks())
def test_costs_of_parts_add_up_to_the_cost_of_the_whole(case: tuple[Problem, dict[UUID, tuple[Work, ...]]]) -> None:
    problem, _ = case
    origin = origin_of(problem)
    parts = [replace(problem, teams=(team_,), pending=()) for team_ in problem.teams]
    rest = replace(problem, teams=())
    costs = [evaluate(part, {}, PRICES, origin).cost.total_s for part in (*parts, rest)]
    assert sum(costs) == evaluate(problem, {}, PRICES).cost.total_s


@given(problems())
def test_leaving_everything_as_it_is_breaks_no_rule(problem: Problem) -> None:
    assert evaluate(problem, {}, PRICES).is_allowed


def test_walks_of_strangers_and_changed_tasks_are_no_plan() -> None:
    here = team(1, 0, visit(1, 100))
    problem = Problem(now=NOW, district_id=UUID(int=1), settings=SETTINGS, teams=(here,), pending=())
    stranger = evaluate(problem, {UUID(int=9): ()}, PRICES)
    assert [breach.rule for breach in stranger.breaches] == [Rule.UNKNOWN]
    changed = evaluate(problem, {here.team_id: (visit(1, 100, due_at=after(1)),)}, PRICES)
    assert Rule.UNKNOWN in {breach.rule for breach in changed.breaches}


def test_each_shortcoming_has_its_price() -> None:
    stands = visit(1, 5000, grid_id=HOME)
    one, two = team(1, 0, stands), team(2, 0)
    problem = Problem(now=NOW, district_id=UUID(int=1), settings=SETTINGS, teams=(one, two), pending=(visit(2, 0),))
    cost = evaluate(problem, {one.team_id: (), two.team_id: (stands,)}, Prices(slow_s={})).cost
    assert (cost.travel_s, cost.setup_s, cost.home_grid_s, cost.change_s) == (5000, 60, 60, 120)
    assert (cost.loss_s, cost.lost, cost.changes, cost.visits) == (7200, 1, 1, 1)
