"""One more task in a big district: judged at the likeliest teams, and at all of them, in turns on the same walks."""

import random
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import ceil, sqrt
from uuid import UUID

from services.worker.planner.layouts import Layouts
from services.worker.planner.place import place
from services.worker.planner.problem import Problem
from services.worker.planner.walks import MOST_SCANNED, Walks
from services.worker.travel.great_circle import GreatCircle
from shared.domain.district import DistrictSettings
from shared.domain.geography import Pace, Point
from shared.domain.routing import TeamOnShift, Work, timetable

NOW = datetime(2026, 3, 16, 1, tzinfo=UTC)
GRID_DEGREES = 0.0077
"""A home grid is 850 m wide: as many teams to the square kilometre as where 200 share twelve by twelve."""
PACES = Pace(kmh=4.5), Pace(kmh=12.0, parking_s=30)
HOURS = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneMore:
    """Milliseconds of one core: one more task in a pass, and a pass besides. How much dearer, in seconds of travel."""

    task_ms: float
    task_all_ms: float
    pass_ms: float
    dearer_pct: float
    worst_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dearer:
    """What choosing from a few teams costs against choosing from all: seconds, for each task that both begin on time."""

    chosen_s: Sequence[int]
    best_s: Sequence[int]
    later: int  # tasks that wait or come late because of it
    looked_everywhere: int

    @property
    def pct(self) -> float:
        return 100 * (sum(self.chosen_s) / sum(self.best_s) - 1)

    @property
    def worst_s(self) -> int:
        return max(chosen - best for chosen, best in zip(self.chosen_s, self.best_s, strict=True))


def measure_one_more(*, teams: int, stops: int, tasks: int, rounds: int) -> OneMore:
    """Medians of so many rounds; how much dearer over all `tasks`."""
    problem = district(teams, stops, seed=1)
    works = newcomers(teams, tasks, seed=2)
    layouts = Layouts(problem)
    dearer = how_much_dearer(problem, works, layouts)  # lays out every walk
    few, everywhere, passes = [], [], []
    for number in range(rounds):
        some = works[number * 20 : number * 20 + 20]
        few.append(_more_ms(problem, some, layouts, MOST_SCANNED))
        everywhere.append(_more_ms(problem, some, layouts, teams))
        passes.append(_pass_ms(problem, some[:1], layouts, MOST_SCANNED))
    task_ms = statistics.median(few)
    return OneMore(
        task_ms=task_ms,
        task_all_ms=statistics.median(everywhere),
        pass_ms=statistics.median(passes) - task_ms,
        dearer_pct=dearer.pct,
        worst_s=dearer.worst_s,
    )


def how_much_dearer(
    problem: Problem, works: Sequence[Work], layouts: Layouts, most_scanned: int = MOST_SCANNED
) -> Dearer:
    """Each task by itself into the walks as they are."""
    some = Walks(problem, GreatCircle, layouts, most_scanned)
    everyone = Walks(problem, GreatCircle, layouts, len(problem.teams))
    chosen_s, best_s, later, looked_everywhere = list[int](), list[int](), 0, 0
    for work in works:
        offered = _offered_s(some, work)
        best = _offered_s(everyone, work)
        looked_everywhere += len(some.scan(work).rows) == len(problem.teams)
        if best is not None and offered is not None:
            chosen_s.append(offered)
            best_s.append(best)
        later += (offered is None) != (best is None)
    return Dearer(chosen_s=chosen_s, best_s=best_s, later=later, looked_everywhere=looked_everywhere)


def _offered_s(walks: Walks, work: Work) -> int | None:
    """What the task costs where it is best put; None where it waits or comes late."""
    scan = walks.scan(work)
    offer = walks.best(work, scan)
    if offer is None:
        return None
    line = scan.line(offer.row)
    due_s = (work.due_at - NOW) / timedelta(microseconds=1)
    return int(scan.cost_s[line, offer.position]) if scan.begin_at[line, offer.position] <= due_s else None


def _more_ms(problem: Problem, works: Sequence[Work], layouts: Layouts, most_scanned: int) -> float:
    """By how much a pass takes longer for each task beyond the first."""
    longer = _pass_ms(problem, works, layouts, most_scanned) - _pass_ms(problem, works[:1], layouts, most_scanned)
    return longer / (len(works) - 1)


def _pass_ms(problem: Problem, works: Sequence[Work], layouts: Layouts, most_scanned: int) -> float:
    pending = replace(problem, pending=tuple(works))
    began = time.process_time()
    place(pending, GreatCircle, layouts, most_scanned=most_scanned)
    return 1000 * (time.process_time() - began)


def district(teams: int, stops: int, seed: int) -> Problem:
    """Teams on foot and by scooter with so many stops each, on time; most of them in and around the home grid, one in ten far off."""
    chance = random.Random(seed)
    return Problem(
        now=NOW,
        district_id=UUID(int=1),
        settings=DistrictSettings(),
        teams=tuple(_team(chance, row, teams, stops) for row in range(teams)),
        pending=(),
    )


def newcomers(teams: int, count: int, seed: int) -> list[Work]:
    """Tasks anywhere in a district of so many teams."""
    chance = random.Random(seed)
    return [
        replace(
            _work(chance, 2**40 + number, chance.randrange(teams), teams, 0.5),
            earliest=NOW + chance.uniform(-0.5, 3) * HOURS,
            due_at=NOW + chance.uniform(3.5, 8) * HOURS,
            capabilities=frozenset({"swab"} if chance.random() < 0.2 else ()),
        )
        for number in range(count)
    ]


def _team(chance: random.Random, row: int, teams: int, stops: int) -> TeamOnShift:
    home = _home(row, teams)
    works = [
        _work(chance, row * 1000 + number, row, teams, 3.0 if chance.random() < 0.1 else 0.7)
        for number in range(chance.randint(stops * 2 // 3, stops * 4 // 3))
    ]
    team = TeamOnShift(
        team_id=UUID(int=row + 1),
        shift_id=UUID(int=row + 1),
        pace=chance.choice(PACES),
        place=_around(chance, home, 0.5),
        free_at=NOW + chance.choice([0, 0, 1]) * HOURS,
        shift_ends=NOW + 24 * HOURS,
        roles=frozenset({"grid_worker", "doctor", "police"}),
        capabilities=frozenset({"swab"} if row % 2 else ()),
        home_grid_id=UUID(int=2**64 + row),
        visits_left=60,
        setup_s=60,
    )
    planned = timetable(team, list(_nearest_first(team.place or home, works)))
    on_time = [
        replace(
            step.work,
            earliest=step.begin_at - chance.uniform(0, 2) * HOURS,
            due_at=step.begin_at + chance.uniform(0.5, 4) * HOURS,
        )
        for step in planned
    ]
    return replace(team, works=tuple(on_time), shift_ends=planned[-1].leave_at + chance.uniform(0.2, 2) * HOURS)


def _work(chance: random.Random, number: int, grid: int, grids: int, spread: float) -> Work:
    return Work(
        task_id=UUID(int=2**80 + number),
        door=UUID(int=2**80 + number),
        point=_around(chance, _home(grid, grids), spread),
        grid_id=UUID(int=2**64 + grid),
        earliest=NOW - 4 * HOURS,
        due_at=NOW + 24 * HOURS,
        service_s=chance.choice([300, 480, 660, 780]),
        priority=chance.choice([3, 3, 3, 4, 5]),
        roles=frozenset({"doctor"}),
        capabilities=frozenset(),
    )


def _home(row: int, teams: int) -> Point:
    side = ceil(sqrt(teams))
    return Point(34.7 + row // side * GRID_DEGREES, 113.6 + row % side * GRID_DEGREES * 1.2)


def _around(chance: random.Random, home: Point, spread: float) -> Point:
    """Within so many grids' width to every side."""
    lat, lon = (chance.uniform(-spread, spread) * GRID_DEGREES for _ in range(2))
    return Point(home.lat + lat, home.lon + lon * 1.2)


def _nearest_first(place: Point, works: Sequence[Work]) -> Iterator[Work]:
    left = list(works)
    while left:
        here = place
        work = min(left, key=lambda one: _apart(here, one.point or here))
        left.remove(work)
        place = work.point or place
        yield work


def _apart(one: Point, other: Point) -> float:
    return (one.lat - other.lat) ** 2 + (one.lon - other.lon) ** 2
