"""`doorstep plan`: problems from files, days in hindsight, and what is printed and kept of their plans."""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from typer.testing import CliRunner

from services.cli import app
from services.errors import CommandError
from services.simulator.day import day_of
from services.simulator.files import CannotRead
from services.simulator.policies import Place
from services.simulator.replay import hindsight, read_replay
from services.simulator.run import simulate
from services.worker.planner.improve import improve
from services.worker.planner.place import place
from services.worker.planner.problem import Problem
from services.worker.planner.solver import Stop
from services.worker.problem_file import problem_as_json, problem_of
from services.worker.travel.great_circle import GreatCircle
from shared.domain.breaks import Break
from shared.domain.geography import Point
from tests.simulator.days import content, made_up, moment, task, team
from tests.simulator.test_street import Watching


@pytest.fixture
def day_file(tmp_path: Path) -> Path:
    file = tmp_path / "day.json"
    file.write_text(json.dumps(made_up(1, disturbed=True)))
    return file


def run(*arguments: object) -> str:
    ran = CliRunner().invoke(app, ["plan", *map(str, arguments)], env={"COLUMNS": "100"}, catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    return ran.output


def number(said: str, row: str) -> float:
    line = next(line for line in said.splitlines() if row in line)
    return float(line.split("│")[2].split()[0])


def with_durations(problem: Problem) -> dict[str, Any]:
    """The problem with the times between its points given, and the points left out."""
    said = problem_as_json(problem)
    works = [*said["pending"], *(work for team in said["teams"] for work in team["works"])]
    points = [team["place"] for team in said["teams"]] + [work["point"] for work in works]
    places = list(dict.fromkeys((point["lat"], point["lon"]) for point in points))
    paces = {json.dumps(as_json["pace"]): team.pace for as_json, team in zip(said["teams"], problem.teams, strict=True)}
    said["durations"] = {
        name: [[pace.seconds(Point(*a), Point(*b)) for b in places] for a in places] for name, pace in paces.items()
    }
    for each in said["teams"]:
        each["pace"] = {"durations": json.dumps(each["pace"])}
        each["place"] = {"place": places.index((each["place"]["lat"], each["place"]["lon"]))}
    for each in works:
        each["point"] = {"place": places.index((each["point"]["lat"], each["point"]["lon"]))}
    return said


def test_a_day_is_planned_as_if_all_of_it_were_known(day_file: Path, tmp_path: Path) -> None:
    kept = tmp_path / "plan.json"
    said = run(day_file, "--iterations", 50, "--passes", 2, "--output", kept)
    tasks = sum("cancelled_at" not in task for task in json.loads(day_file.read_text())["tasks"])
    assert number(said, "tasks") == tasks
    assert number(said, "rules broken") == 0
    plan = json.loads(kept.read_text())
    planned = [stop["task"] for walk in plan["walks"] for stop in walk["stops"]]
    assert len(planned) == len(set(planned)) >= number(said, "planned on time") > 0.7 * tasks
    assert {waiting["task"] for waiting in plan["waiting"]}.isdisjoint(planned)
    assert planned[0].startswith("v")


def test_hindsight_knows_every_surprise() -> None:
    surprises: dict[str, Any] = {"actual_service_s": 900, "absent_until": moment(60).isoformat()}
    known = hindsight(
        day_of(
            content(
                [team("a", 0, gone={"role": "police", "at": moment(300).isoformat()})],
                [task("v", 100, **surprises), task("w", 200, cancelled_at=moment(90).isoformat())],
            )
        )
    )
    (work,) = known.pending
    assert (work.service_s, work.earliest) == (900, moment(60))
    assert known.teams[0].shift_ends == moment(300)


def test_equal_seeds_and_iterations_give_equal_plans(day_file: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    for file in (first, second):
        run(day_file, "--iterations", 40, "--seed", 7, "--output", file)
    assert first.read_text() == second.read_text()


def test_parts_may_be_planned_side_by_side(day_file: Path, tmp_path: Path) -> None:
    alone, shared = tmp_path / "alone.json", tmp_path / "shared.json"
    run(day_file, "--iterations", 20, "--passes", 1, "--output", alone)
    run(day_file, "--iterations", 20, "--passes", 1, "--processes", 2, "--output", shared)
    assert alone.read_text() == shared.read_text()


def test_more_iterations_cost_no_more_than_none(day_file: Path) -> None:
    none, some = (number(run(day_file, "--iterations", count), "cost") for count in (0, 50))
    assert some <= none


def test_every_problem_of_a_day_is_the_same_after_a_file() -> None:
    watching = Watching(Place())
    simulate(day_of(made_up(2, disturbed=True)), watching)
    for problem, _ in watching.shown[::7]:
        again, make_travel = problem_of(json.loads(json.dumps(problem_as_json(problem))))
        assert again == problem
        assert make_travel is GreatCircle


def test_breaks_ahead_and_under_way_are_the_same_after_a_file() -> None:
    problem = hindsight(day_of(made_up(2)))
    noon = Break(earliest=problem.now, latest=problem.now + timedelta(hours=1), duration_s=1800)
    over_at = problem.now + noon.duration
    ahead, on = (noon.work(UUID(int=1)), noon.work(UUID(int=2), began_at=problem.now, over_at=over_at))
    first, second, *others = problem.teams
    teams = (first.with_works((ahead,)), second.with_works((on,)), *others)
    again, _ = problem_of(json.loads(json.dumps(problem_as_json(replace(problem, teams=teams)))))
    assert again.teams == teams


def test_a_problem_with_times_instead_of_points_gets_the_same_plan() -> None:
    problem = hindsight(day_of(made_up(4)))
    given, make_travel = problem_of(with_durations(problem))
    placed = place(problem, GreatCircle)
    assert place(given, make_travel).placements == placed.placements
    stop = Stop(iterations=30)
    better, given_better = (
        improve(problem, GreatCircle, seed=1, stop=stop),
        improve(given, make_travel, seed=1, stop=stop),
    )
    assert order(given_better.routes) == order(better.routes) != order(placed.routes)


def order(routes: Any) -> dict[Any, list[Any]]:
    """Who does what, begun when."""
    return {team_id: [(stop.work.task_id, stop.begin_at) for stop in route] for team_id, route in routes.items()}


def test_a_problem_from_a_file_is_planned_under_its_own_names(tmp_path: Path) -> None:
    file, kept = tmp_path / "problem.json", tmp_path / "plan.json"
    problem = hindsight(day_of(made_up(5, tasks=20)))
    file.write_text(json.dumps(with_durations(problem)))
    said = run(file, "--iterations", 10, "--output", kept)
    assert number(said, "tasks") == 20
    ids = {str(work.task_id) for work in problem.pending}
    assert {stop["task"] for walk in json.loads(kept.read_text())["walks"] for stop in walk["stops"]} <= ids


def wrong(*path: Any, to: Any) -> Any:
    def change(said: Any) -> Any:
        inner = said
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = to
        return said

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (wrong("format", to="doorstep-problem/9"), "its format is neither"),
        (wrong("now", to="2026-03-16T08:00:00"), "timezone|naive|offset"),
        (wrong("pending", 0, "earliest", to="2026-03-16T08:00:00"), "timezone|naive|offset"),
        (wrong("pending", 0, "service_s", to="long"), "pending.0.service_s"),
        (wrong("pending", 0, "point", to={"place": 10_000}), "there is no place 10000"),
        (wrong("teams", 0, "pace", to={"durations": "by boat"}), "there are no durations"),
        (wrong("teams", 0, "pace", to={"kmh": 4}), "a team's pace is the name of some"),
        (wrong("durations", "odd", to=[[1, 2]]), "durations odd are not square"),
        (wrong("durations", to={"x": [[-1]]}), "x.0.0"),
        (wrong("teams", to="nobody"), "teams is no list"),
    ],
)
def test_a_bad_problem_is_refused_in_one_line(change: Any, said: str, tmp_path: Path) -> None:
    file = tmp_path / "problem.json"
    file.write_text(json.dumps(change(deepcopy(with_durations(hindsight(day_of(made_up(5, tasks=3))))))))
    with pytest.raises(CannotRead, match=said) as refused:
        read_replay(file)
    assert "\n" not in str(refused.value)


def test_seconds_and_iterations_do_not_go_together(day_file: Path) -> None:
    with pytest.raises(CommandError, match="not both"):
        run(day_file, "--iterations", 1, "--seconds", 1)


def test_a_plan_that_cannot_be_written_is_said_in_words(day_file: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        run(day_file, "--iterations", 0, "--output", tmp_path / "nowhere" / "plan.json")


def test_times_in_a_plan_are_aware(day_file: Path, tmp_path: Path) -> None:
    kept = tmp_path / "plan.json"
    run(day_file, "--iterations", 0, "--output", kept)
    stop = json.loads(kept.read_text())["walks"][0]["stops"][0]
    assert datetime.fromisoformat(stop["begin_at"]).tzinfo is not None
