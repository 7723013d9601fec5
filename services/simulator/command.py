"""`doorstep simulate`: play a day, show how it goes, print what it came to, keep its log and its picture."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
from rich.table import Table

from services.simulator.day import Day, read_day
from services.simulator.figures import Figures, figures_of
from services.simulator.improving import doorstep
from services.simulator.log import Event, Log, write_log
from services.simulator.picture import write_picture
from services.simulator.policies import Nearest, Place, Pull
from services.simulator.policy import Policy
from services.simulator.policy_names import PolicyName
from services.simulator.run import simulate

POLICIES: Mapping[PolicyName, Callable[[int], Policy]] = {
    PolicyName.NEAREST: lambda _seed: Nearest(),
    PolicyName.PULL: lambda _seed: Pull(),
    PolicyName.PLACE: lambda _seed: Place(),
    PolicyName.DOORSTEP: doorstep,
}
"""Each policy's maker, given the seed of what it leaves to chance."""


def run_simulate(file: Path, *, policy: PolicyName, seed: int, log: Path | None, picture: Path | None) -> None:
    """Play and print. Raises CommandError where a file cannot be read or written."""
    day = read_day(file)
    console = Console()
    began = time.process_time()
    lines = _play(day, POLICIES[policy](seed), console).lines
    cpu_s = time.process_time() - began
    if log:
        write_log(lines, day, log)
    if picture:
        write_picture(day, lines, policy, picture)
    console.print(table_of(day, policy, figures_of(day, lines), cpu_s))


def table_of(day: Day, policy: str, found: Figures, cpu_s: float) -> Table:
    """The table that is printed."""
    table = Table("", "", title=f"{day.name}, {policy}", show_header=False)
    for name, value in _rows(found, cpu_s):
        table.add_row(name, value)
    return table


def _play(day: Day, policy: Policy, console: Console) -> Log:
    words, done = TextColumn("{task.description}"), TextColumn("{task.fields[done]} visits")
    whole_s = (day.end - day.start).total_seconds()
    with Progress(words, BarColumn(), TaskProgressColumn(), done, console=console, transient=True) as progress:
        bar = progress.add_task(day.name, total=whole_s, done=0)

        def show(now: datetime, log: Log) -> None:
            clock = f"{day.name} {now.astimezone(day.zone):%H:%M}"
            passed_s = min(whole_s, (now - day.start).total_seconds())
            progress.update(bar, completed=passed_s, description=clock, done=log.counts[Event.FINISHED])

        return simulate(day, policy, show)


def _rows(found: Figures, cpu_s: float) -> Iterator[tuple[str, str]]:
    yield "tasks", str(found.tasks)
    if found.cancelled:
        yield "  cancelled, not counted", str(found.cancelled)
    yield "on time", f"{found.on_time} ({_percent(found.on_time, found.tasks)})"
    yield "late", str(found.late)
    yield "not seen", str(found.unserved)
    yield "on time, by weight", f"{found.weighted_pct:.1f} %"
    yield "travel", f"{found.travel_h:.1f} h"
    response = (
        "" if found.urgent_response_min is None else f", seen after {found.urgent_response_min:.0f} min on average"
    )
    yield "urgent on time", f"{found.urgent_on_time_pct:.1f} %{response}"
    yield "changes of team", str(found.team_changes)
    yield "  within 10 min of the visit", str(found.late_changes)
    yield "visits", f"{found.visits}, {found.home_pct:.0f} % in the team's home grid"
    yield "visits per team", f"at most {found.load_max}, standard deviation {found.load_sd:.1f}"
    yield "CPU", f"{cpu_s:.1f} s"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"
