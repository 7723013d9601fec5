"""Improve: everything that is still free planned anew, part by part, from the walks that stand."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from services.worker.planner.clusters import MOST_STOPS, MOST_TEAMS, cut
from services.worker.planner.evaluate import NewWalks, Origin, evaluate, origin_of
from services.worker.planner.place import place
from services.worker.planner.prices import Prices, prices_of
from services.worker.planner.problem import Plan, Problem
from services.worker.planner.solver import Stop, solve
from services.worker.planner.solver_model import MakeTravel
from shared.domain.reasons import Placement
from shared.domain.routing import Work, reason_in_walk, timetable

ROUND_PASSES = 2
"""Of a round: the second cuts across the borders of the first."""
TOGETHER_PASSES = 3
"""A morning of 250 tasks placed one by one and improved by a round cost a third more than placed together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One part of a problem to be improved, wherever that is done: can be sent to another process."""

    part: Problem
    origin: Origin
    prices: Prices
    make_travel: MakeTravel
    seed: int
    stop: Stop


Run = Callable[[Callable[[Round], NewWalks], Iterable[Round]], Iterable[NewWalks]]
"""Like `map`: an executor's `map` improves parts side by side."""


def improve(
    problem: Problem,
    make_travel: MakeTravel,
    *,
    seed: int,
    stop: Stop,
    turn: int = 0,
    passes: int = 1,
    prices: Prices | None = None,
    run: Run = map,
    most_teams: int = MOST_TEAMS,
    most_stops: int = MOST_STOPS,
) -> Plan:
    """A plan that costs no more than what stands with the pending tasks placed; `stop` counts for each part in each pass.

    `turn` counts the rounds of a district, so that each cuts it in another direction. With no iterations that start is the plan.
    """
    prices = prices or prices_of(problem.settings)
    origin = origin_of(problem)
    current = _placed(problem, make_travel)
    for number in range(passes):
        parts = cut(current, turn + number, most_teams=most_teams, most_stops=most_stops)
        rounds = [
            Round(
                part=part,
                origin=origin,
                prices=prices,
                make_travel=make_travel,
                seed=seed + 1000 * number + index,
                stop=stop,
            )
            for index, part in enumerate(parts)
        ]
        better: dict[UUID, Sequence[Work]] = {}
        for walks in run(improve_part, rounds):
            better |= walks
        current = with_walks(current, better)
    walks = {team.team_id: team.works for team in current.teams}
    if not evaluate(problem, walks, prices).is_allowed:
        current = _placed(problem, make_travel)
    return _plan(problem, current, make_travel)


def place_together(problem: Problem, make_travel: MakeTravel, *, seed: int, stop: Stop, run: Run = map) -> Plan:
    """The pending tasks given to teams by the solver, all at once; `stop` counts for each part in each of `TOGETHER_PASSES`.

    What a team has stays with it, whatever it keeps out; its order may change. With no iterations the tasks are placed one by one.
    """
    fixed = replace(problem, teams=tuple(team.with_works(map(_staying, team.works)) for team in problem.teams))
    plan = improve(fixed, make_travel, seed=seed, stop=stop, passes=TOGETHER_PASSES, run=run)
    given = {work.task_id: work for team in problem.teams for work in team.works}
    routes = {
        team_id: tuple(replace(step, work=given.get(step.work.task_id, step.work)) for step in route)
        for team_id, route in plan.routes.items()
    }
    return replace(plan, routes=routes)


def _staying(work: Work) -> Work:
    return replace(work, team_fixed=True)


def improve_part(round_: Round) -> NewWalks:
    """New walks of the part's teams where they are better than those that stand, else none."""
    part, prices = round_.part, round_.prices
    solved = solve(part, round_.make_travel, prices, round_.origin, seed=round_.seed, stop=round_.stop)
    if not solved:
        return {}
    found = _placed(with_walks(part, solved), round_.make_travel)
    walks = {team.team_id: team.works for team in found.teams}
    verdict = evaluate(part, walks, prices, round_.origin)
    stands = evaluate(part, {}, prices, round_.origin)
    better = verdict.is_allowed and verdict.cost.total_s < stands.cost.total_s
    return walks if better else {}


def with_walks(problem: Problem, walks: NewWalks) -> Problem:
    """The problem after that: these teams with these walks, and pending what is in no walk."""
    teams = tuple(team.with_works(walks.get(team.team_id, team.works)) for team in problem.teams)
    held = {work.task_id for team in teams for work in team.works}
    known = [*problem.pending, *(work for team in problem.teams for work in team.works)]
    return replace(problem, teams=teams, pending=tuple(work for work in known if work.task_id not in held))


def _placed(problem: Problem, make_travel: MakeTravel) -> Problem:
    """The problem with the pending tasks placed where they fit."""
    if not problem.pending:
        return problem
    plan = place(problem, make_travel)
    return with_walks(problem, {team_id: [stop.work for stop in route] for team_id, route in plan.routes.items()})


def _plan(problem: Problem, current: Problem, make_travel: MakeTravel) -> Plan:
    """What changes from the one to the other."""
    before = {team.team_id: team for team in problem.teams}
    changed = [team for team in current.teams if team.works != before[team.team_id].works]
    routes = {team.team_id: timetable(team, team.works) for team in changed}
    placements: dict[UUID, Placement] = {}
    for team in changed:
        had = {work.task_id for work in before[team.team_id].works}
        for stop in routes[team.team_id]:
            if stop.work.task_id not in had:
                reason = reason_in_walk(team, routes[team.team_id], stop)
                placements[stop.work.task_id] = Placement(team_id=team.team_id, reason=reason)
    waiting = place(current, make_travel).waiting if current.pending else {}
    return Plan(routes=routes, placements=placements, waiting=waiting)
