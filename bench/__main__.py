"""`python -m bench`: everything that is measured, side by side in one run, against its floor and its aim."""

import argparse
import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from bench.batches import measure_batches
from bench.beside import measure_beside
from bench.district import forget_tasks, make_admin
from bench.export import measure_export
from bench.memory import child_of, memory_of
from bench.one_more import measure_one_more
from bench.pages import measure_pages
from bench.posts import measure_posts
from bench.solomon import compare
from bench.system import Bench, running
from bench.waits import measure_waits
from services.worker.planner.solver import Stop
from tests.web.chromium import find_chromium, left_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One figure. `most`: it should stay below floor and aim, not above them. None: nothing is asked of it."""

    what: str
    measured: float
    unit: str = ""
    floor: float | None = None
    aim: float | None = None
    most: bool = False
    digits: int = 0

    def verdict(self) -> str:
        if self.aim is None and self.floor is None:
            return ""
        if self.aim is not None and self._reaches(self.aim):
            return "[green]aim[/]"
        if self.floor is not None and self._reaches(self.floor):
            return "[yellow]floor[/]"
        return "[bold red]missed[/]"

    def _reaches(self, bound: float) -> bool:
        return self.measured <= bound if self.most else self.measured >= bound

    def cells(self) -> tuple[str, ...]:
        def shown(value: float | None) -> str:
            return "" if value is None else f"{value:,.{self.digits}f} {self.unit}".strip()

        return self.what, shown(self.floor), shown(self.aim), shown(self.measured), self.verdict()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a smoke run of seconds; its figures say little")
    quick = parser.parse_args().quick
    console = Console()
    table = Table("what", "floor", "aim", "measured", "verdict", title="Doorstep bench" + (" (quick)" if quick else ""))
    for line in (*_modelling(console, quick=quick), *_one_more(console, quick=quick)):
        table.add_row(*line.cells())
    with running() as bench:
        for line in _measure(bench, console, quick=quick):
            table.add_row(*line.cells())
    console.print(table)


def _modelling(console: Console, *, quick: bool) -> Iterator[Line]:
    console.print("improve and bare PyVRP in turns …")
    seconds = 0.2 if quick else 2.0
    found = compare(sizes=[40] if quick else [100, 200], stop=Stop(seconds=seconds))
    what = f"cost of improve against bare PyVRP, {seconds:g} s each"
    yield Line(what=what, aim=1.02, most=True, digits=3, measured=found.of_all)
    worst = max(found.ratios, key=lambda name: found.ratios[name])
    yield Line(what=f"  the worst of {len(found.ratios)}, {worst}", digits=3, measured=found.ratios[worst])


def _one_more(console: Console, *, quick: bool) -> Iterator[Line]:
    teams = 300 if quick else 5000
    console.print(f"one task more in a district of {teams:,} teams, a few judged and all in turns …")
    found = measure_one_more(teams=teams, stops=30, tasks=60 if quick else 1000, rounds=3 if quick else 15)
    what = f"one task more at {teams:,} teams of 30 stops"
    yield Line(what=what, unit="ms", aim=1, most=True, digits=2, measured=found.task_ms)
    yield Line(what="  against judging all teams", digits=3, measured=found.task_ms / found.task_all_ms)
    yield Line(what="  dearer than judging all teams", unit="%", aim=1, most=True, digits=3, measured=found.dearer_pct)
    yield Line(what="  the worst of them", unit="s of travel", measured=found.worst_s)
    yield Line(what="  a pass for it, walks laid out, besides", unit="ms", digits=1, measured=found.pass_ms)


def _measure(bench: Bench, console: Console, *, quick: bool) -> Iterator[Line]:
    token = asyncio.run(make_admin(bench.postgres.url()))
    console.print("POST /v1/tasks, a bare handler and pgbench in turns …")
    yield from _posts(bench, token, quick=quick)
    console.print("batches …")
    rows = measure_batches(bench, token, rounds=1 if quick else 3, rows=200 if quick else 10_000)
    yield Line(what="batch rows per second", floor=3000, aim=5000, measured=rows)
    asyncio.run(forget_tasks(bench.postgres.url()))
    console.print("the table of visits …")
    yield from _export(bench, token, quick=quick)
    asyncio.run(forget_tasks(bench.postgres.url()))
    bench.worker.start()
    seconds = 2 if quick else 25
    console.print("waits in a district of 20 teams …")
    yield from _waits(bench, token, "waits-20", teams=20, already_open=0, seconds=seconds)
    already_open = 100 if quick else 1500
    console.print(f"waits in a district of 50 teams with {already_open:,} open tasks …")
    yield from _waits(bench, token, "waits-50", teams=50, already_open=already_open, seconds=seconds)
    yield from _memory(bench)
    bench.worker.stop()
    asyncio.run(forget_tasks(bench.postgres.url()))
    console.print("waits beside a busy district, with two workers …")
    yield from _beside(bench, token, already_open=already_open, seconds=seconds)
    asyncio.run(forget_tasks(bench.postgres.url()))
    console.print("both pages in Chromium …")
    yield from _pages(bench, token, console, quick=quick)


def _pages(bench: Bench, token: str, console: Console, *, quick: bool) -> Iterator[Line]:
    if find_chromium() is None:
        console.print(left_out())
        return
    for budget in measure_pages(bench, token, quick=quick):
        digits = 0 if budget.measured >= 100 else 2
        yield Line(
            what=budget.what, unit=budget.unit, most=True, aim=budget.limit, digits=digits, measured=budget.measured
        )


def _posts(bench: Bench, token: str, *, quick: bool) -> Iterator[Line]:
    posted = measure_posts(bench, token, rounds=1 if quick else 5, count=100 if quick else 2000, pgbench_s=1)
    yield Line(what="durable POST /v1/tasks per second, 64 clients", measured=posted.tasks_per_s)
    yield Line(what="a bare aiohttp handler doing one asyncpg insert", measured=posted.bare_per_s)
    yield Line(what="pgbench doing the same insert, 16 clients", measured=posted.pgbench_per_s)
    yield Line(what="POST against bare handler", floor=0.3, aim=0.5, measured=posted.ratio_to_bare, digits=2)
    yield Line(what="POST against pgbench", measured=posted.ratio_to_pgbench, digits=2)


def _export(bench: Bench, token: str, *, quick: bool) -> Iterator[Line]:
    found, figures_s = measure_export(bench, token, visits=2000 if quick else 100_000)
    yield Line(what=f"table of {found.rows:,} visits, rows per second", measured=found.rows / found.seconds)
    yield Line(what="  its size", unit="MB", measured=found.size / 2**20)
    yield Line(what="  resident memory of the dispatcher before", unit="MB", measured=found.before_mb)
    grown_mb = found.most_mb - found.before_mb
    yield Line(what="  more while it is sent", unit="MB", most=True, aim=16, digits=1, measured=grown_mb)
    yield Line(what="figures of that month", unit="s", floor=4, aim=2, most=True, digits=2, measured=figures_s)


def _waits(bench: Bench, token: str, code: str, *, teams: int, already_open: int, seconds: int) -> Iterator[Line]:
    waits = measure_waits(bench, token, code, teams=teams, already_open=already_open, seconds=seconds)
    where = f"{teams} teams, {already_open:,} open, 50 tasks/s"
    yield Line(what=f"create → assigned p50: {where}", unit="ms", most=True, aim=100, measured=waits.p50_ms)
    yield Line(what=f"create → assigned p99: {where}", unit="ms", most=True, aim=1000, measured=waits.p99_ms)
    yield Line(what=f"  not assigned of {waits.posted:,}", most=True, aim=0, measured=waits.posted - waits.assigned)


def _beside(bench: Bench, token: str, *, already_open: int, seconds: int) -> Iterator[Line]:
    found = measure_beside(bench, token, already_open=already_open, seconds=seconds)
    waits, busy = found.waits, f"beside 50 teams, {already_open:,} open, 50 tasks/s"
    yield Line(what=f"create → assigned p50: 20 teams {busy}", unit="ms", most=True, measured=waits.p50_ms)
    yield Line(what=f"create → assigned p99: 20 teams {busy}", unit="ms", most=True, aim=1000, measured=waits.p99_ms)
    yield Line(what=f"  not assigned of {waits.posted:,}", most=True, aim=0, measured=waits.posted - waits.assigned)
    yield Line(what="  groups of walks that rounds improved in the busy one", measured=found.improvements)


def _memory(bench: Bench) -> Iterator[Line]:
    solver = child_of(bench.worker.pid)
    processes = {"dispatcher": bench.dispatcher.pid, "worker": bench.worker.pid} | (
        {"solver": solver} if solver else {}
    )
    for name, pid in processes.items():
        held = memory_of(pid)
        shared = "" if held.pss_mb is None else f" (PSS {held.pss_mb:.0f} MB)"
        yield Line(what=f"resident memory of the {name}{shared}", unit="MB", most=True, aim=150, measured=held.rss_mb)


if __name__ == "__main__":
    main()
