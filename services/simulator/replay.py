"""`doorstep plan`: plan a problem, or a day as if all of it were known, from nothing; print what the plan comes to, keep it."""

import json
import os
import resource
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from services.errors import CommandError
from services.simulator import day as days
from services.simulator.day import DISTRICT_ID, Day, day_of
from services.simulator.files import CannotRead, read_json, write_text
from services.simulator.processes import spread_over
from services.worker import problem_file
from services.worker.planner.clusters import MOST_STOPS, MOST_TEAMS
from services.worker.planner.evaluate import NewWalks, evaluate
from services.worker.planner.improve import Round, improve
from services.worker.planner.prices import Prices, prices_of
from services.worker.planner.problem import Plan, Problem
from services.worker.planner.solver import Stop
from services.worker.problem_file import MakeTravel
from services.worker.travel.great_circle import GreatCircle
from shared.domain.routing import PlannedWork, TeamOnShift, is_home

FORMAT = "doorstep-plan/1"
WORK = 600_000
FEWEST, MOST = 100, 2000
"""Where nothing is said, a part is searched WORK / tasks iterations in each pass, within these limits. Large problems get better sooner by
another pass with other borders: 200x6000 in 17 s of one core at 201 h by eight passes of 100, at 233 h by four of 200 in smaller parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What to plan, and at which prices. `names`: what the file calls its teams and tasks; `turn`: how it is cut."""

    title: str
    problem: Problem
    make_travel: MakeTravel
    prices: Prices
    names: Mapping[UUID, str]
    turn: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How hard to try: `seconds` or `iterations` for each part in each pass, else by the problem's size. `processes`: None, all cores."""

    seconds: float | None
    iterations: int | None
    passes: int
    seed: int
    processes: int | None

    def stop(self, tasks: int) -> Stop:
        """When to end a part of a problem with so many tasks. Raises CommandError where both are given."""
        if self.seconds is not None and self.iterations is not None:
            raise CommandError("Give seconds or iterations, not both.")
        if self.iterations is not None:
            return Stop(iterations=self.iterations)
        if self.seconds is not None:
            return Stop(seconds=self.seconds)
        return Stop(iterations=min(max(WORK // max(tasks, 1), FEWEST), MOST))

    def side_by_side(self, parts: int) -> int:
        """How many processes to plan in."""
        return min(os.cpu_count() or 1, parts) if self.processes is None else self.processes


def run_plan(file: Path, effort: Effort, output: Path | None) -> None:
    """Plan and print. Raises CommandError where a file cannot be read or written."""
    replay = read_replay(file)
    console = Console()
    began, cpu_began = time.perf_counter(), _cpu_s()
    plan = _planned(replay, effort, console)
    took_s, cpu_s = time.perf_counter() - began, _cpu_s() - cpu_began
    if output:
        write_text(output, json.dumps(plan_as_json(replay, plan), indent=1) + "\n")
    table = Table("", "", title=f"{replay.title}, planned at once", show_header=False)
    for name, value in _rows(replay, plan):
        table.add_row(name, value)
    table.add_row("took", f"{took_s:.1f} s, {cpu_s:.1f} s CPU")
    console.print(table)


def read_replay(file: Path) -> Replay:
    """The problem in that file, or the day in it as a problem. Raises CannotRead."""
    content = read_json(file)
    if isinstance(content, dict) and content.get("format") == problem_file.FORMAT:
        try:
            problem, make_travel = problem_file.problem_of(content)
            turn = problem_file.round_of(content)
        except ValidationError as error:
            first = error.errors()[0]
            raise CannotRead(f"{file}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
        except ValueError as error:
            raise CannotRead(f"{file}: {error}") from None
        prices = prices_of(problem.settings)
        return Replay(title=file.name, problem=problem, make_travel=make_travel, prices=prices, names={}, turn=turn)
    if isinstance(content, dict) and content.get("format") != days.FORMAT:
        raise CannotRead(f"{file}: its format is neither {days.FORMAT} nor {problem_file.FORMAT}")
    day = day_of(content, str(file))
    names = {task.work.task_id: task.id for task in day.tasks} | {team.team_id: team.id for team in day.teams}
    prices = prices_of(day.settings).with_nothing_to_come()
    return Replay(
        title=day.name,
        problem=hindsight(day),
        make_travel=GreatCircle,
        prices=prices,
        names=names,
    )


def hindsight(day: Day) -> Problem:
    """The day as if all of it were known in the morning, surprises too: what is cancelled is left out, who is absent is visited later."""
    teams = tuple(
        TeamOnShift(
            team_id=team.team_id,
            shift_id=team.team_id,
            pace=team.pace,
            place=team.start,
            free_at=team.on_from,
            shift_ends=team.on_until if team.gone is None else min(team.on_until, team.gone.at),
            roles=team.roles,
            capabilities=team.capabilities,
            home_grid_id=team.home_grid_id,
            visits_left=None,
            setup_s=day.settings.setup_s,
        )
        for team in day.teams
    )
    pending = tuple(
        replace(
            task.work,
            service_s=task.actual_service_s,
            earliest=max(task.work.earliest, task.absent_until or task.work.earliest),
        )
        for task in day.tasks
        if task.cancelled_at is None
    )
    return Problem(now=day.start, district_id=DISTRICT_ID, settings=day.settings, teams=teams, pending=pending)


def plan_as_json(replay: Replay, plan: Plan) -> dict[str, Any]:
    """The plan as plain JSON: each changed team's whole walk, and why the rest waits."""
    name = _namer(replay.names)
    return {
        "format": FORMAT,
        "now": replay.problem.now.isoformat(),
        "walks": [
            {"team": name(team_id), "stops": [_stop_as_json(stop, name) for stop in route]}
            for team_id, route in sorted(plan.routes.items())
        ],
        "waiting": [
            {"task": name(task_id), "reason": waiting.reason.value, "detail": dict(waiting.detail)}
            for task_id, waiting in sorted(plan.waiting.items())
        ],
    }


def _stop_as_json(stop: PlannedWork, name: Callable[[UUID], str]) -> dict[str, Any]:
    return {
        "break" if stop.work.is_break else "task": name(stop.work.task_id),
        "travel_s": stop.travel_s,
        "arrive_at": stop.arrive_at.isoformat(),
        "begin_at": stop.begin_at.isoformat(),
        "leave_at": stop.leave_at.isoformat(),
    }


def _namer(names: Mapping[UUID, str]) -> Callable[[UUID], str]:
    return lambda id_: names.get(id_, str(id_))


def _planned(replay: Replay, effort: Effort, console: Console) -> Plan:
    tasks = _tasks(replay.problem)
    stop = effort.stop(tasks)
    processes = effort.side_by_side(max(ceil(len(replay.problem.teams) / MOST_TEAMS), ceil(tasks / MOST_STOPS)))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress, spread_over(processes) as run:
        bar = progress.add_task(f"{replay.title}: placing", total=None)
        begun = 0

        def run_and_show(part: Callable[[Round], NewWalks], rounds: Iterable[Round]) -> Iterator[NewWalks]:
            nonlocal begun
            todo, begun = list(rounds), begun + 1
            words = f"{replay.title}: pass {begun} of {effort.passes}"
            progress.update(bar, description=words, completed=0, total=len(todo))
            for walks in run(part, todo):
                progress.advance(bar)
                yield walks

        return improve(
            replay.problem,
            replay.make_travel,
            seed=effort.seed,
            stop=stop,
            turn=replay.turn,
            passes=effort.passes,
            prices=replay.prices,
            run=run_and_show,
        )


def _tasks(problem: Problem) -> int:
    return len(problem.pending) + sum(map(_tasks_of, problem.teams))


def _tasks_of(team: TeamOnShift) -> int:
    return sum(not work.is_break for work in team.works)


def _cpu_s() -> float:
    """Of this process and of those it waited for."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def _rows(replay: Replay, plan: Plan) -> Iterator[tuple[str, str]]:
    problem = replay.problem
    walks = {team_id: [stop.work for stop in route] for team_id, route in plan.routes.items()}
    verdict = evaluate(problem, walks, replay.prices)
    cost = verdict.cost
    teams = [team.with_works(walks.get(team.team_id, team.works)) for team in problem.teams]
    tasks = _tasks(problem)
    planned = sum(map(_tasks_of, teams))
    home = sum(is_home(team, work) for team in teams for work in team.works)
    yield "tasks", str(tasks)
    yield "planned on time", str(tasks - cost.late - cost.lost)
    yield "planned late", str(cost.late)
    yield "with no team, or beyond its shift", str(cost.lost)
    yield "travel", f"{cost.travel_s / 3600:.1f} h"
    yield "changes of team", str(cost.changes)
    yield "tasks per team", f"at most {max(map(_tasks_of, teams), default=0)}"
    yield "in the team's home grid", f"{100 * home / planned:.0f} %" if planned else "–"
    yield "cost", f"{cost.total_s / 3600:.1f} h of travel"
    yield "rules broken", str(len(verdict.breaches))
