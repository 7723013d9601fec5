"""Problems of the last rounds as files, for whoever wonders about a plan: `doorstep plan FILE` plans one again.

They hold ids and figures, nobody's name or address. Nor do they say where anything lies: the map is turned on the globe, which keeps
every distance.
"""

import gzip
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from math import asin, atan2, cos, degrees, radians, sin
from pathlib import Path

import orjson

from services.worker.planner.problem import Problem
from services.worker.problem_file import problem_as_json
from shared.domain.geography import Point
from shared.domain.routing import Work

_SUFFIX = ".json.gz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Where problems are kept, and how many at most."""

    folder: Path
    most: int


def keep(problem: Problem, number: int, keeping: Keeping) -> Path:
    """Write the problem of a district's round of that number, whole or not at all, and remove the oldest. Raises OSError."""
    keeping.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{problem.now:%Y%m%dT%H%M%S}Z-{problem.district_id}-{number}{_SUFFIX}"
    content = orjson.dumps(problem_as_json(elsewhere(problem), number=number))
    unfinished = keeping.folder / f".{name}.{os.getpid()}"
    unfinished.write_bytes(gzip.compress(content, compresslevel=6))
    unfinished.chmod(0o600)
    unfinished.replace(keeping.folder / name)
    for old in sorted(keeping.folder.glob(f"*{_SUFFIX}"))[: -keeping.most]:
        with suppress(FileNotFoundError):  # another worker removed it
            old.unlink()
    return keeping.folder / name


def elsewhere(problem: Problem) -> Problem:
    """The same problem with its middle at 0° N 0° E, north still in the north."""
    works = [*problem.pending, *(work for team in problem.teams for work in team.works)]
    points = [point for point in (*(work.point for work in works), *(team.place for team in problem.teams)) if point]
    if not points:
        return problem
    turn = _turn(
        Point(sum(point.lat for point in points) / len(points), sum(point.lon for point in points) / len(points))
    )

    def turned(work: Work) -> Work:
        return replace(work, point=turn(work.point) if work.point else None)

    return replace(
        problem,
        pending=tuple(map(turned, problem.pending)),
        teams=tuple(
            replace(team, place=turn(team.place) if team.place else None, works=tuple(map(turned, team.works)))
            for team in problem.teams
        ),
    )


def _turn(middle: Point) -> Callable[[Point], Point]:
    """The turn of the globe that brings `middle` to 0° N 0° E: about the poles first, then along the meridian."""
    rise = radians(middle.lat)

    def turn(point: Point) -> Point:
        lat, lon = radians(point.lat), radians(point.lon - middle.lon)
        x, y, z = cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)
        x, z = x * cos(rise) + z * sin(rise), z * cos(rise) - x * sin(rise)
        return Point(degrees(asin(max(-1.0, min(1.0, z)))), degrees(atan2(y, x)))

    return turn
