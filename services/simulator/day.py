"""The file format `doorstep-day/1`: a district's day, revealed as it comes. Read into frozen values; nothing here decides anything."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from services.simulator.files import CannotRead, read_json
from shared.domain.clock import aware
from shared.domain.district import DistrictSettings
from shared.domain.geography import Pace, Point
from shared.domain.routing import Work
from shared.domain.words import DEFAULT_SLOTS, Mode

FORMAT = "doorstep-day/1"
DISTRICT_ID = UUID(int=1)
PRIORITIES = ((10, 5), (3, 4), (0, 3))
"""From which weight on a task has which priority: as the seeded kinds (5 trace call, 4 isolation visit, 3 temperature check)."""

Id = Annotated[str, Field(min_length=1, max_length=200)]
Seconds = Annotated[int, Field(ge=0, le=86_400)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A member leaves for good; what is under way at a door is finished."""

    role: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTeam:
    """A team and the span in which all its members are on."""

    id: str
    team_id: UUID
    mode: Mode
    pace: Pace
    start: Point
    home_grid_id: UUID | None
    capabilities: frozenset[str]
    roles: frozenset[str]
    on_from: datetime
    on_until: datetime
    gone: Gone | None  # a surprise


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTask:
    """A task. `work` is what is known of it from `created_at` on; the rest are surprises, each known when it happens."""

    id: str
    kind: str
    weight: float
    created_at: datetime
    work: Work
    point: Point
    actual_service_s: int
    absent_until: datetime | None
    cancelled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day; times in UTC, `zone` is the offset in which the file writes them."""

    name: str
    start: datetime
    end: datetime
    zone: tzinfo
    settings: DistrictSettings
    teams: tuple[DayTeam, ...]
    tasks: tuple[DayTask, ...]


def read_day(file: Path) -> Day:
    """The day in that file (JSON, or the same packed with gzip). Raises CannotRead."""
    return day_of(read_json(file), str(file))


def day_of(content: Any, source: str = "the day") -> Day:
    """The day that this JSON value says. Raises CannotRead naming `source` and the first thing that is wrong."""
    try:
        return _day(_DayFile.model_validate(content))
    except ValidationError as error:
        first = error.errors()[0]
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise CannotRead(f"{source}: {_named(first['loc'], content)}: {first['msg']}{more}") from None
    except _Contradiction as error:
        raise CannotRead(f"{source}: {error}") from None


class _Contradiction(Exception):
    """What each value alone is right to say, but not together."""


class _Place(BaseModel):
    lat: Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
    lon: Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class _Member(BaseModel):
    role: Literal["grid_worker", "doctor", "police"]
    on_from: AwareDatetime
    on_until: AwareDatetime


class _Gone(BaseModel):
    role: Literal["grid_worker", "doctor", "police"]
    at: AwareDatetime


class _Team(BaseModel):
    id: Id
    mode: Mode
    home_grid: Id | None = None
    start: _Place
    capabilities: list[Id] = []
    members: list[_Member]
    gone: _Gone | None = None


class _Task(_Place):
    id: Id
    kind: Id
    household: Id
    grid: Id | None = None
    created_at: AwareDatetime
    earliest: AwareDatetime
    due_at: AwareDatetime
    service_s: Seconds
    weight: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    needs: list[Id] = []
    actual_service_s: Seconds | None = None
    absent_until: AwareDatetime | None = None
    cancelled_at: AwareDatetime | None = None


class _Travel(BaseModel):
    detour: Annotated[float, Field(ge=1, le=100)]
    walk_kmh: Annotated[float, Field(gt=0, le=1000)]
    scooter_kmh: Annotated[float, Field(gt=0, le=1000)]
    scooter_parking_s: Seconds


class _DayFile(BaseModel):
    format: Literal["doorstep-day/1"]
    name: Id
    start: AwareDatetime
    end: AwareDatetime
    travel: _Travel
    teams: list[_Team]
    tasks: list[_Task]


class _Numbers:
    """Gives each name of a sort a UUID of its own, counting up: equal files have equal ids, in the file's order."""

    def __init__(self, sort: int) -> None:
        self._sort = sort << 64
        self._numbers: dict[str, UUID] = {}

    def __call__(self, name: str) -> UUID:
        return self._numbers.setdefault(name, UUID(int=self._sort + len(self._numbers) + 1))


def _day(file: _DayFile) -> Day:
    if file.end <= file.start:
        raise _Contradiction("end: the day ends before it begins")
    _no_doubles("teams", [team.id for team in file.teams])
    _no_doubles("tasks", [task.id for task in file.tasks])
    settings = DistrictSettings(
        **file.travel.model_dump(),
        setup_s=0,
        max_visits_per_shift=None,
        plan_ahead_s=int((file.end - file.start).total_seconds()),  # the roster of the day is known in the morning
    )
    team_number, task_number, grid, door = (_Numbers(sort) for sort in (2, 3, 4, 5))
    return Day(
        name=file.name,
        start=aware(file.start),
        end=aware(file.end),
        zone=timezone(file.start.utcoffset() or timedelta(0)),
        settings=settings,
        teams=tuple(_team(team, team_number(team.id), settings, grid) for team in file.teams),
        tasks=tuple(_task(task, task_number(task.id), grid, door) for task in file.tasks),
    )


def _team(team: _Team, team_id: UUID, settings: DistrictSettings, grid: Callable[[str], UUID]) -> DayTeam:
    roles = [member.role for member in team.members]
    if sorted(roles) != sorted(DEFAULT_SLOTS):
        raise _Contradiction(f"team {team.id}: members: one {', one '.join(DEFAULT_SLOTS)} each, not {roles}")
    return DayTeam(
        id=team.id,
        team_id=team_id,
        mode=team.mode,
        pace=settings.pace(team.mode),
        start=Point(team.start.lat, team.start.lon),
        home_grid_id=None if team.home_grid is None else grid(team.home_grid),
        capabilities=frozenset(team.capabilities),
        roles=frozenset(roles),
        on_from=aware(max(member.on_from for member in team.members)),
        on_until=aware(min(member.on_until for member in team.members)),
        gone=None if team.gone is None else Gone(role=team.gone.role, at=aware(team.gone.at)),
    )


def _task(task: _Task, task_id: UUID, grid: Callable[[str], UUID], door: Callable[[str], UUID]) -> DayTask:
    if task.due_at < task.earliest:
        raise _Contradiction(f"task {task.id}: due_at lies before earliest")
    point = Point(task.lat, task.lon)
    return DayTask(
        id=task.id,
        kind=task.kind,
        weight=task.weight,
        created_at=aware(task.created_at),
        work=Work(
            task_id=task_id,
            door=door(task.household),
            point=point,
            grid_id=None if task.grid is None else grid(task.grid),
            earliest=aware(max(task.earliest, task.created_at)),
            due_at=aware(task.due_at),
            service_s=task.service_s,
            priority=next(priority for weight, priority in PRIORITIES if task.weight >= weight),
            roles=frozenset(DEFAULT_SLOTS),
            capabilities=frozenset(task.needs),
        ),
        point=point,
        actual_service_s=task.service_s if task.actual_service_s is None else task.actual_service_s,
        absent_until=None if task.absent_until is None else aware(task.absent_until),
        cancelled_at=None if task.cancelled_at is None else aware(task.cancelled_at),
    )


def _no_doubles(what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for id_ in ids:
        if id_ in seen:
            raise _Contradiction(f"{what}: {id_} comes twice")
        seen.add(id_)


def _named(loc: Sequence[int | str], content: Any) -> str:
    """Where in the file, by the name of the team or task where it has one."""
    match loc:
        case ("teams" | "tasks" as what, int(at), *rest):
            item = content[what][at]
            name = item.get("id", at) if isinstance(item, dict) else at
            return ".".join([f"{what[:-1]} {name}", *map(str, rest)])
        case ():
            return "all of it"
    return ".".join(map(str, loc))
