"""`python -m bench.days FOLDER`: every day of a folder played with every policy and planned in hindsight; one table, in Markdown."""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.simulator.command import POLICIES
from services.simulator.day import read_day
from services.simulator.figures import figures_of
from services.simulator.log import write_log
from services.simulator.policy_names import PolicyName
from services.simulator.processes import spread_over
from services.simulator.replay import hindsight
from services.simulator.run import simulate
from services.worker.planner.evaluate import evaluate
from services.worker.planner.improve import improve
from services.worker.planner.prices import prices_of
from services.worker.planner.solver import Stop
from services.worker.travel.great_circle import GreatCircle

MOST_PLAYED = 3000
"""Tasks of a day. Larger ones are for planning at once."""
HINDSIGHT = "hindsight"
PASSES = 4
STOP = Stop(iterations=12_000)
"""In hindsight, for each part in each pass."""
PART_TEAMS, PART_STOPS = 25, 800
"""In hindsight there is time for large parts: 20x640-s1 at 30 h of travel, in parts as the rounds have them 31 h in thrice the time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """One day with one policy, or in hindsight."""

    file: Path
    column: str
    seed: int
    logs: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What one play came to, as a cell of the table."""

    day: str
    column: str
    cell: str


def main() -> None:
    """Play and print."""
    asked = _parser().parse_args()
    plays = list(_plays(asked))
    if not plays:
        sys.exit(f"There is no such day in {asked.folder}.")
    table: dict[str, dict[str, str]] = {}
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress, spread_over(asked.jobs) as run:
        bar = progress.add_task("playing days", total=len(plays))
        for done in run(play, plays):
            table.setdefault(done.day, {})[done.column] = done.cell
            progress.update(bar, advance=1, description=f"played {done.day}, {done.column}")
    for line in markdown(table, list(dict.fromkeys(one.column for one in plays))):
        print(line)


def play(one: Play) -> Played:
    """Play the day, or plan it."""
    day = read_day(one.file)
    if one.column == HINDSIGHT:
        return Played(day=day.name, column=one.column, cell=_planned(one))
    if len(day.tasks) > MOST_PLAYED:
        return Played(day=day.name, column=one.column, cell="–")
    began = time.process_time()
    lines = simulate(day, POLICIES[PolicyName(one.column)](one.seed)).lines
    cpu_s = time.process_time() - began
    if one.logs:
        write_log(lines, day, one.logs / f"{one.file.name.split('.')[0]}.{one.column}.jsonl")
    found = figures_of(day, lines)
    response = "–" if found.urgent_response_min is None else f"{found.urgent_response_min:.0f}"
    cell = f"{found.on_time} / {found.travel_h:.1f} / {found.team_changes} / {response} / {cpu_s:.0f}"
    return Played(day=day.name, column=one.column, cell=cell)


def markdown(table: dict[str, dict[str, str]], columns: Sequence[str]) -> Iterator[str]:
    """The table's lines."""
    yield "Visits on time / hours of travel / changes of team / mean urgent response, minutes / CPU seconds; in hindsight"
    yield "visits on time / hours of travel / CPU seconds."
    yield ""
    yield f"| day | {' | '.join(columns)} |"
    yield f"|{'---|' * (len(columns) + 1)}"
    for day, cells in table.items():
        yield f"| {day} | {' | '.join(cells.get(column, '') for column in columns)} |"


def _planned(one: Play) -> str:
    day = read_day(one.file)
    problem = hindsight(day)
    prices = prices_of(day.settings).with_nothing_to_come()
    began = time.process_time()
    plan = improve(
        problem,
        GreatCircle,
        seed=one.seed,
        stop=STOP,
        passes=PASSES,
        prices=prices,
        most_teams=PART_TEAMS,
        most_stops=PART_STOPS,
    )
    cpu_s = time.process_time() - began
    walks = {team_id: [stop.work for stop in route] for team_id, route in plan.routes.items()}
    cost = evaluate(problem, walks, prices).cost
    on_time = len(problem.pending) - cost.late - cost.lost
    return f"{on_time} / {cost.travel_s / 3600:.1f} / {cpu_s:.0f}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.days", description=__doc__)
    parser.add_argument("folder", type=Path, help="with days, *.json and *.json.gz")
    parser.add_argument("--day", action="append", default=[], help="only days whose file is called so; may be repeated")
    parser.add_argument("--policy", action="append", choices=list(PolicyName), help="only that one; may be repeated")
    parser.add_argument("--no-hindsight", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1, help="days played side by side")
    parser.add_argument("--logs", type=Path, help="keep what happened there, a file for each day and policy")
    return parser


def _plays(asked: argparse.Namespace) -> Iterator[Play]:
    asked.policy = asked.policy or list(PolicyName)
    for file in sorted(asked.folder.glob("*.json*")):
        if asked.day and file.name.split(".")[0] not in asked.day:
            continue
        for column in (*asked.policy, *([] if asked.no_hindsight else [HINDSIGHT])):
            yield Play(file=file, column=column, seed=asked.seed, logs=asked.logs)


if __name__ == "__main__":
    main()
