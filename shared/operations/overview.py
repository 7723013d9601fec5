"""A district at a glance: what is open and why it waits, and how each team stands."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.domain.clock import end_of_day
from shared.domain.district import District
from shared.domain.errors import NotFound
from shared.domain.geography import Point
from shared.domain.routing import KeptOff, TeamOnShift, timetable
from shared.operations.walks import load_teams
from shared.store import districts, task_lists
from shared.store.connection import Connection, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamGlance:
    """How a team stands. `late` are tasks that its walk reaches after they are due; `free_at` is when the walk is done."""

    team_id: UUID
    code: str
    name: str
    on_shift: bool
    shift_ends: datetime | None
    roles_on_duty: tuple[str, ...]
    roles_missing: tuple[str, ...]
    kept_off: tuple[KeptOff, ...]  # who is on it, and not on duty by a rule of rest
    tasks: int
    late: int
    free_at: datetime | None
    visits_left: int | None
    place: Point | None
    place_age_s: int | None
    heard_at: datetime | None
    silent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Counts of open tasks by status, of those closed since midnight by status, of waiting ones by reason; and the teams."""

    district: District
    open: Mapping[str, int]
    closed_today: Mapping[str, int]
    waiting: Mapping[str, int]
    overdue: int
    due_soon: int
    visits_to_review: int
    teams: tuple[TeamGlance, ...]


async def load_overview(conn: Connection, district_id: UUID, now: datetime) -> Overview:
    """Read a district at a glance. Raises NotFound."""
    district = await districts.select_district(conn, district_id)
    if district is None:
        raise NotFound
    counts = await task_lists.select_open_counts(
        conn, district_id, now=now, due_before=now + timedelta(seconds=district.settings.due_soon_s)
    )
    midnight = end_of_day(now - timedelta(days=1), district.time_zone)
    closed = await task_lists.select_closed_counts(conn, district_id, since=midnight)
    walks = {team.team_id: team for team in await load_teams(conn, district.settings, now=now, district_id=district_id)}
    seen = await task_lists.select_teams_at_a_glance(conn, district_id)
    open_by_status: Counter[str] = Counter()
    for row in counts:
        open_by_status[row["status"]] += row["tasks"]
    return Overview(
        district=district,
        open=open_by_status,
        closed_today={row["status"]: row["tasks"] for row in closed},
        waiting={row["waiting_reason"]: row["tasks"] for row in counts if row["waiting_reason"]},
        overdue=sum(row["overdue"] for row in counts),
        due_soon=sum(row["due_soon"] for row in counts),
        visits_to_review=await task_lists.select_visits_to_review(conn, district_id),
        teams=tuple(_glance(row, walks[row["id"]], district, now) for row in seen if row["id"] in walks),
    )


def _glance(row: Record, team: TeamOnShift, district: District, now: datetime) -> TeamGlance:
    walk = timetable(team, team.works)
    tasks = [step for step in walk if not step.work.is_break]
    on_shift = team.shift_id is not None and team.free_at <= now
    heard_at, place_at = row["heard_at"], row["place_at"]
    silence = timedelta(seconds=district.settings.silent_after_s)
    return TeamGlance(
        team_id=team.team_id,
        code=row["code"],
        name=row["name"],
        on_shift=on_shift,
        shift_ends=None if team.shift_id is None else team.shift_ends,
        roles_on_duty=tuple(role for role in district.slots if role in team.roles),
        roles_missing=tuple(role for role in district.slots if role not in team.roles) if on_shift else (),
        kept_off=team.kept_off if on_shift else (),
        tasks=len(tasks),
        late=sum(step.late_s > 0 for step in tasks),
        free_at=walk[-1].leave_at if walk else None,
        visits_left=team.visits_left,
        place=None if place_at is None else Point(row["place_lat"], row["place_lon"]),
        place_age_s=None if place_at is None else int((now - place_at).total_seconds()),
        heard_at=heard_at,
        silent=on_shift and (heard_at is None or now - heard_at > silence),
    )
