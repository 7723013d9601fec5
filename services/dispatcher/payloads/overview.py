"""A district at a glance, and a team's walk."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.dispatcher.payloads.fields import Payload
from services.dispatcher.payloads.task_moves import StopShown
from services.dispatcher.payloads.task_views import HouseholdShown, TaskListed
from services.dispatcher.payloads.teams import Position
from shared.domain.task import Task
from shared.domain.words import RestRule
from shared.operations.overview import Overview, TeamGlance
from shared.store.connection import Record


class KeptOffOut(Payload):
    """A member of a team that is on shift who does not count before `until`, by a rule of rest."""

    member_id: UUID
    role: str
    rule: RestRule
    until: datetime


class TeamGlanceOut(Payload):
    """How a team stands. `late`: tasks that its walk reaches after they are due; `free_at`: when the walk is done;
    `silent`: on shift, and nothing heard from its phones for the district's `silent_after_s`."""

    team_id: UUID
    code: str
    name: str
    on_shift: bool
    shift_ends: datetime | None
    roles_on_duty: list[str]
    roles_missing: list[str]
    kept_off: list[KeptOffOut]
    tasks: int
    late: int
    free_at: datetime | None
    visits_left: int | None
    place: Position | None
    place_age_s: int | None
    heard_at: datetime | None
    silent: bool

    @classmethod
    def of(cls, team: TeamGlance) -> "TeamGlanceOut":
        listed = ("roles_on_duty", "roles_missing")
        own = {name: getattr(team, name) for name in cls.model_fields if name not in ("place", "kept_off", *listed)}
        kept_off = [
            KeptOffOut(**{name: getattr(kept, name) for name in KeptOffOut.model_fields}) for kept in team.kept_off
        ]
        place = team.place and Position(lat=team.place.lat, lon=team.place.lon)
        return cls(**own, place=place, kept_off=kept_off, **{name: list(getattr(team, name)) for name in listed})


class OverviewOut(Payload):
    """Counts of open tasks by status, of those closed since midnight by status, of waiting ones by reason; and the teams."""

    district_id: UUID
    at: datetime
    open: dict[str, int]
    closed_today: dict[str, int]
    waiting: dict[str, int]
    overdue: int
    due_soon: int
    visits_to_review: int
    teams: list[TeamGlanceOut]

    @classmethod
    def of(cls, overview: Overview, now: datetime) -> "OverviewOut":
        return cls(
            district_id=overview.district.id,
            at=now,
            open=dict(overview.open),
            closed_today=dict(overview.closed_today),
            waiting=dict(overview.waiting),
            overdue=overview.overdue,
            due_soon=overview.due_soon,
            visits_to_review=overview.visits_to_review,
            teams=[TeamGlanceOut.of(team) for team in overview.teams],
        )


class TaskOnRoute(TaskListed):
    pinned: bool


class StopOnRoute(StopShown):
    """A stop with its door and tasks."""

    household: HouseholdShown | None
    tasks: list[TaskOnRoute]


class TeamRouteOut(Payload):
    """A team's stops in the order of the walk, with the times that were planned at `planned_at`."""

    team_id: UUID
    version: int
    planned_at: datetime | None
    stops: list[StopOnRoute]

    @classmethod
    def of(
        cls,
        team_id: UUID,
        route: Record | None,
        shown: Mapping[UUID, tuple[Task, Record]],
        now: datetime,
        *,
        has_break: bool,
    ) -> "TeamRouteOut":
        """`has_break`: it is not over, or the route's is not shown."""
        planned = [StopShown.model_validate(stop) for stop in (route["stops"] if route else [])]
        stops = [stop for stop in planned if has_break or not stop.break_]
        return cls(
            team_id=team_id,
            version=route["version"] if route else 0,
            planned_at=route["planned_at"] if route else None,
            stops=[
                _stop(stop, [shown[task_id] for task_id in stop.task_ids if task_id in shown], now) for stop in stops
            ],
        )


def _stop(stop: StopShown, there: Sequence[tuple[Task, Record]], now: datetime) -> StopOnRoute:
    tasks = [
        TaskOnRoute(**TaskListed.row(row, task, now, {}).model_dump(), pinned=row["pinned"]) for task, row in there
    ]
    door = next((_door(row) for _, row in there if row["household_id"] is not None), None)
    return StopOnRoute(**stop.model_dump(), household=door, tasks=tasks)


def _door(row: Record) -> HouseholdShown:
    return HouseholdShown(
        id=row["household_id"],
        ref=row["household_ref"],
        address=row["address"],
        lat=row["household_lat"],
        lon=row["household_lon"],
        grid_id=row["household_grid_id"],
        access_notes=row["access_notes"],
    )
