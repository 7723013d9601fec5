"""The picture of a day: routes on a map, load over time, each team's hours, and what was late."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from math import cos, radians
from pathlib import Path

from services.simulator import svg
from services.simulator.day import Day, DayTask
from services.simulator.figures import Figures, Visit, figures_of, visits_of
from services.simulator.files import write_text
from services.simulator.log import Line
from services.simulator.svg import FAINT, INK, QUIET, RED, Xy
from shared.domain.geography import EARTH_RADIUS_M, Point

WIDTH, MARGIN = 1400.0, 40.0
MAP_SIZE = 640.0
CHART_LEFT, CHART_WIDTH, LOAD_HEIGHT = 760.0, 600.0, 150.0
HOURS_TOP, HOURS_HEIGHT = 310.0, 450.0
LIST_TOP, LIST_ROWS, LIST_COLUMNS = 800.0, 8, 4
HEIGHT = 960.0
ROUND_LENGTHS_M = (100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
ROUND_COUNT = 50


@dataclass(frozen=True, slots=True)
class Scene:
    """What all parts of the picture show."""

    day: Day
    visits: Sequence[Visit]
    seen: dict[str, Visit]  # by task
    colours: dict[str, str]  # by team

    def x(self, moment: datetime) -> float:
        part = (moment - self.day.start) / (self.day.end - self.day.start)
        return CHART_LEFT + CHART_WIDTH * min(1.0, max(0.0, part))

    def clock(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.day.zone):%H:%M}"

    def not_seen(self) -> list[DayTask]:
        """What nobody was sent to in time, and was not withdrawn."""
        return [task for task in self.day.tasks if task.id not in self.seen and task.cancelled_at is None]

    def late(self) -> list[Visit]:
        """The latest first."""
        late = [visit for visit in self.seen.values() if not visit.is_on_time]
        return sorted(late, key=lambda visit: (visit.task.work.due_at - visit.began_at, visit.task.id))


def write_picture(day: Day, lines: Collection[Line], policy: str, file: Path) -> None:
    """Draw it into an SVG file. Raises CommandError."""
    write_text(file, picture_of(day, lines, policy))


def picture_of(day: Day, lines: Collection[Line], policy: str) -> str:
    """The day as an SVG document."""
    visits = visits_of(day, lines)
    colours = {team.id: svg.colour_of(number) for number, team in enumerate(day.teams)}
    scene = Scene(day, visits, {visit.task.id: visit for visit in visits if visit.found}, colours)
    parts = [
        *_heading(scene, policy, figures_of(day, lines)),
        *_map(scene),
        *_load(scene),
        *_hours(scene),
        *_late(scene),
    ]
    return svg.document(WIDTH, HEIGHT, parts)


def _heading(scene: Scene, policy: str, found: Figures) -> Iterator[str]:
    yield svg.text((MARGIN, 36), f"{scene.day.name}, {policy}", size=20, bold=True)
    said = (
        f"{found.on_time} of {found.tasks} on time, {found.late} late, {found.unserved} not seen, {found.cancelled} cancelled; "
        f"{found.travel_h:.1f} h of travel, {found.team_changes} changes of team"
    )
    yield svg.text((MARGIN, 58), said, size=14, colour=QUIET)


def _map(scene: Scene) -> Iterator[str]:
    shown = [task.point for task in scene.day.tasks] + [team.start for team in scene.day.teams]
    if not shown:
        return
    where = Projection.around(shown, (MARGIN, 90.0), MAP_SIZE)
    ways: dict[str, list[Xy]] = {team.id: [where(team.start)] for team in scene.day.teams}
    for visit in scene.visits:
        ways[visit.team.id].append(where(visit.task.point))
    for team_id, way in ways.items():
        yield svg.polyline(way, scene.colours[team_id], 1.2, opacity=0.65)
    for team in scene.day.teams:
        x, y = where(team.start)
        yield svg.rect((x - 4, y - 4), 8, 8, scene.colours[team.id], title=f"{team.id} starts")
    for visit in scene.visits:
        yield svg.circle(where(visit.task.point), 2, fill=scene.colours[visit.team.id], title=_said_of(scene, visit))
    for visit in scene.late():
        yield svg.circle(where(visit.task.point), 4.5, stroke=RED, title=_said_of(scene, visit))
    for task in scene.not_seen():
        yield svg.cross(where(task.point), 3.5, RED, title=f"{task.id} {task.kind}: not seen")
    yield from _scale_bar(where)
    yield from _legend()


def _said_of(scene: Scene, visit: Visit) -> str:
    outcome = "" if visit.found else ", nobody in"
    due = scene.clock(visit.task.work.due_at)
    return f"{visit.task.id} {visit.task.kind} by {visit.team.id} at {scene.clock(visit.began_at)}, due {due}{outcome}"


@dataclass(frozen=True, slots=True)
class Projection:
    """Degrees to pixels, north up, a metre as long east as north."""

    north_west: Point
    at: Xy
    pixels_per_degree: float  # of latitude
    squeeze: float  # a degree of longitude per one of latitude

    @classmethod
    def around(cls, points: Sequence[Point], at: Xy, size: float) -> "Projection":
        """The projection in which all points (at least one) fill a square of that size."""
        north, south = max(p.lat for p in points), min(p.lat for p in points)
        east, west = max(p.lon for p in points), min(p.lon for p in points)
        squeeze = max(0.01, cos(radians((north + south) / 2)))
        span = max(north - south, (east - west) * squeeze, 1e-4)
        return cls(Point(north, west), at, size / span, squeeze)

    def __call__(self, point: Point) -> Xy:
        return (
            self.at[0] + (point.lon - self.north_west.lon) * self.squeeze * self.pixels_per_degree,
            self.at[1] + (self.north_west.lat - point.lat) * self.pixels_per_degree,
        )

    def pixels(self, metres: float) -> float:
        return metres / radians(EARTH_RADIUS_M) * self.pixels_per_degree


def _scale_bar(where: Projection) -> Iterator[str]:
    fitting = [metres for metres in ROUND_LENGTHS_M if where.pixels(metres) <= MAP_SIZE / 4]
    metres = max(fitting, default=ROUND_LENGTHS_M[0])
    y = 90 + MAP_SIZE + 24
    yield svg.line((MARGIN, y), (MARGIN + where.pixels(metres), y), INK, 2)
    label = f"{metres} m" if metres < 1000 else f"{metres // 1000} km"
    yield svg.text((MARGIN + where.pixels(metres) + 8, y + 4), label, colour=QUIET)


def _legend() -> Iterator[str]:
    y, x = 90 + MAP_SIZE + 24, MARGIN + 260
    yield svg.rect((x, y - 4), 8, 8, QUIET)
    yield svg.text((x + 14, y + 4), "a team starts", colour=QUIET)
    yield svg.circle((x + 114, y), 2, fill=QUIET)
    yield svg.text((x + 122, y + 4), "visit", colour=QUIET)
    yield svg.circle((x + 176, y), 4.5, stroke=RED)
    yield svg.text((x + 186, y + 4), "late", colour=QUIET)
    yield svg.cross((x + 236, y), 3.5, RED)
    yield svg.text((x + 246, y + 4), "not seen", colour=QUIET)


def _load(scene: Scene) -> Iterator[str]:
    """How many tasks were known and not yet seen, and how many of them overdue."""
    bottom = 90 + 24 + LOAD_HEIGHT
    ends = {task.id: _closed_at(scene, task) for task in scene.day.tasks}
    known = _steps(
        [(task.created_at, 1) for task in scene.day.tasks] + [(ends[task.id], -1) for task in scene.day.tasks]
    )
    overdue = _steps(
        [
            step
            for task in scene.day.tasks
            if ends[task.id] > task.work.due_at
            for step in ((task.work.due_at, 1), (ends[task.id], -1))
        ]
    )
    most = max((count for _, count in known), default=0)
    top = max(ROUND_COUNT, -(-most // ROUND_COUNT) * ROUND_COUNT)
    yield svg.text((CHART_LEFT, 90), "Open tasks", bold=True)
    yield svg.text((CHART_LEFT + 84, 90), "known and not yet visited; in red: past their due time", colour=QUIET)
    for count in (0, top // 2, top):
        y = bottom - LOAD_HEIGHT * count / top
        yield svg.line((CHART_LEFT, y), (CHART_LEFT + CHART_WIDTH, y))
        yield svg.text((CHART_LEFT - 6, y + 4), str(count), size=11, colour=QUIET, anchor="end")
    yield from _hour_marks(scene, bottom)
    yield svg.polyline(_stairs(scene, known, bottom, LOAD_HEIGHT / top), INK, 1.5, fill="#e8edf3")
    yield svg.polyline(_stairs(scene, overdue, bottom, LOAD_HEIGHT / top), RED, 1.5, fill="#f7c6cb")


def _closed_at(scene: Scene, task: DayTask) -> datetime:
    visit = scene.seen.get(task.id)
    if visit is not None:
        return visit.began_at
    return scene.day.end if task.cancelled_at is None else task.cancelled_at


def _steps(changes: list[tuple[datetime, int]]) -> list[tuple[datetime, int]]:
    changes.sort()
    counts = accumulate(change for _, change in changes)
    return [(at, count) for (at, _), count in zip(changes, counts, strict=True)]


def _stairs(scene: Scene, steps: Sequence[tuple[datetime, int]], bottom: float, unit: float) -> list[Xy]:
    points: list[Xy] = [(CHART_LEFT, bottom)]
    for at, count in steps:
        points += [(scene.x(at), points[-1][1]), (scene.x(at), bottom - unit * count)]
    return [*points, (CHART_LEFT + CHART_WIDTH, points[-1][1]), (CHART_LEFT + CHART_WIDTH, bottom)]


def _hour_marks(scene: Scene, y: float) -> Iterator[str]:
    hours = int((scene.day.end - scene.day.start) / timedelta(hours=1))
    for hour in range(0, hours + 1, max(1, hours // 12)):
        at = scene.day.start + timedelta(hours=hour)
        yield svg.line((scene.x(at), y), (scene.x(at), y + 4), QUIET)
        yield svg.text((scene.x(at), y + 17), scene.clock(at), size=11, colour=QUIET, anchor="middle")


def _hours(scene: Scene) -> Iterator[str]:
    """One row a team: its shift, its ways, its visits."""
    yield svg.text((CHART_LEFT, HOURS_TOP), "Teams", bold=True)
    yield svg.text(
        (CHART_LEFT + 54, HOURS_TOP), "bars: visits, late ones red; thin: on the way; grey: on shift", colour=QUIET
    )
    rows = {team.id: row for row, team in enumerate(scene.day.teams)}
    height = min(24.0, (HOURS_HEIGHT - 40) / max(1, len(rows)))
    top = HOURS_TOP + 12
    for team in scene.day.teams:
        y = top + height * rows[team.id]
        yield svg.rect(
            (scene.x(team.on_from), y), scene.x(team.on_until) - scene.x(team.on_from), height * 0.8, "#f1f3f6"
        )
        if height >= 10:
            yield svg.text(
                (CHART_LEFT - 6, y + height * 0.7), team.id, size=min(11.0, height - 1), colour=QUIET, anchor="end"
            )
    for visit in scene.visits:
        y, x = top + height * rows[visit.team.id], scene.x(visit.began_at)
        on_the_way = scene.x(visit.began_at - timedelta(seconds=visit.travel_s))
        yield svg.rect((on_the_way, y + height * 0.32), x - on_the_way, max(0.5, height * 0.16), QUIET)
        colour = scene.colours[visit.team.id] if visit.is_on_time else RED
        width = max(0.5, scene.x(visit.left_at) - x)
        yield svg.rect((x, y), width, height * 0.8, colour if visit.found else FAINT, title=_said_of(scene, visit))
    yield from _hour_marks(scene, top + height * len(rows))


def _late(scene: Scene) -> Iterator[str]:
    """By name, the latest first, then what nobody was sent to."""
    late = scene.late()
    said = [
        f"{visit.task.id} {visit.task.kind}: {(visit.began_at - visit.task.work.due_at) / timedelta(minutes=1):.0f} min late"
        for visit in late
    ]
    said += [f"{task.id} {task.kind}: not seen" for task in scene.not_seen()]
    room = LIST_ROWS * LIST_COLUMNS
    if len(said) > room:
        said[room - 1 :] = [f"and {len(said) - room + 1} more"]
    yield svg.text(
        (MARGIN, LIST_TOP), "Late, the latest first, and not seen" if said else "Nothing was late", bold=True
    )
    for number, words in enumerate(said):
        column, row = divmod(number, LIST_ROWS)
        x = MARGIN + column * (WIDTH - 2 * MARGIN) / LIST_COLUMNS
        yield svg.text((x, LIST_TOP + 20 + 16 * row), words, size=11, colour=QUIET)
