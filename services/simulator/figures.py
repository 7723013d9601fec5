"""What a day came to, counted from its log."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import mean, pstdev
from uuid import UUID

from services.simulator.day import Day, DayTask, DayTeam
from services.simulator.log import Event, Line
from shared.domain.geography import Point

URGENT_KIND = "trace_call"
ON_TIME_GRACE = timedelta(seconds=1)
"""Times are whole seconds; a second is rounding."""
LATE_CHANGE = timedelta(minutes=10)
"""A team that is to be at the door sooner than this is not to hear that another one goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One knock. `came_from`: the door before, or where the team started; `travel_s`: the way from there."""

    task: DayTask
    team: DayTeam
    came_from: Point
    travel_s: int
    began_at: datetime
    left_at: datetime
    found: bool

    @property
    def is_on_time(self) -> bool:
        return self.began_at <= self.task.work.due_at + ON_TIME_GRACE


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A day's figures. Tasks withdrawn before anybody was seen count as cancelled, nowhere else."""

    tasks: int
    cancelled: int
    on_time: int
    late: int
    unserved: int
    weighted_pct: float  # of the weight: on time
    travel_h: float
    urgent_on_time_pct: float
    urgent_response_min: float | None  # mean from creation to the visit; None: no urgent task was visited
    team_changes: int
    late_changes: int  # less than LATE_CHANGE before the visit, though the team could still have made it
    home_pct: float  # of the visits: in the team's home grid
    visits: int
    load_sd: float  # of the visits per team
    load_max: int


def visits_of(day: Day, lines: Iterable[Line]) -> tuple[Visit, ...]:
    """The visits in order of their ends."""
    teams = {team.team_id: team for team in day.teams}
    tasks = {task.work.task_id: task for task in day.tasks}
    place = {team.team_id: team.start for team in day.teams}
    begun: dict[UUID, datetime] = {}
    visits: list[Visit] = []
    for line in lines:
        if line.event is Event.STARTED:
            begun[line.team_id] = line.at
        elif line.event is Event.FINISHED:
            task, team, came_from = tasks[line.task_id], teams[line.team_id], place[line.team_id]
            visits.append(
                Visit(
                    task=task,
                    team=team,
                    came_from=came_from,
                    travel_s=team.pace.seconds(came_from, task.point),
                    began_at=begun[line.team_id],
                    left_at=line.at,
                    found=bool(line.found),
                )
            )
            place[line.team_id] = task.point
    return tuple(visits)


def figures_of(day: Day, lines: Collection[Line]) -> Figures:
    """Count."""
    visits = visits_of(day, lines)
    seen = {visit.task.id: visit for visit in visits if visit.found}
    cancelled = [task for task in day.tasks if task.cancelled_at is not None and task.id not in seen]
    asked = [task for task in day.tasks if task.cancelled_at is None or task.id in seen]
    on_time = [task for task in asked if task.id in seen and seen[task.id].is_on_time]
    urgent = [task for task in asked if task.kind == URGENT_KIND]
    responses = [seen[task.id].began_at - task.created_at for task in urgent if task.id in seen]
    load = Counter(visit.team.id for visit in visits)
    loads = [load[team.id] for team in day.teams]
    return Figures(
        tasks=len(asked),
        cancelled=len(cancelled),
        on_time=len(on_time),
        late=len(seen) - len(on_time),
        unserved=len(asked) - len(seen),
        weighted_pct=_percent(sum(task.weight for task in on_time), sum(task.weight for task in asked)),
        travel_h=sum(visit.travel_s for visit in visits) / 3600,
        urgent_on_time_pct=_percent(sum(task.kind == URGENT_KIND for task in on_time), len(urgent)),
        urgent_response_min=mean(wait / timedelta(minutes=1) for wait in responses) if responses else None,
        team_changes=_team_changes(lines),
        late_changes=_late_changes(lines),
        home_pct=_percent(sum(visit.task.work.grid_id == visit.team.home_grid_id for visit in visits), len(visits)),
        visits=len(visits),
        load_sd=pstdev(loads) if loads else 0.0,
        load_max=max(loads, default=0),
    )


def _team_changes(lines: Iterable[Line]) -> int:
    """How often a task went to another team than the one that had it last."""
    changes, last = 0, dict[UUID, UUID]()
    for line in lines:
        if line.event is Event.ASSIGNED:
            changes += last.get(line.task_id, line.team_id) != line.team_id
            last[line.task_id] = line.team_id
    return changes


def _late_changes(lines: Iterable[Line]) -> int:
    """How many visits began soon after the task had gone to another team that way."""
    late, last = 0, dict[UUID, UUID]()
    changed_at: dict[UUID, datetime] = {}  # to the team that has it, from one that could have gone on
    for line in lines:
        match line.event:
            case Event.ASSIGNED:
                if last.get(line.task_id, line.team_id) != line.team_id:
                    changed_at[line.task_id] = line.at
                last[line.task_id] = line.team_id
            case Event.RELEASED if line.unable:
                last.pop(line.task_id, None)
                changed_at.pop(line.task_id, None)
            case Event.STARTED:
                late += line.task_id in changed_at and line.at - changed_at[line.task_id] < LATE_CHANGE
    return late


def _percent(part: float, whole: float) -> float:
    return 100 * part / whole if whole else 0.0
