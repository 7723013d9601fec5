"""A team's walk as every operation loads and rewrites it: under the team's lock, replaced whole, its version counted up.

Order of locks, everywhere: teams in id order, then tasks in id order.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from shared.domain.breaks import place_of_break
from shared.domain.district import District, DistrictSettings
from shared.domain.errors import NotFound
from shared.domain.geography import Point
from shared.domain.routing import KeptOff, PlannedWork, TeamOnShift, Work, timetable
from shared.domain.task import Task
from shared.domain.words import Channel, Mode
from shared.store import districts, routes, teams
from shared.store.connection import Connection, Record
from shared.store.events import NewEvent, insert_events
from shared.store.shifts import break_of


class KnownWalk(NamedTuple):
    """What a team held when its route had that version, and its walk with the break that it had then, if any."""

    version: int
    held: tuple[Work, ...]
    break_: Work | None
    works: tuple[Work, ...]


KnownWalks = dict[UUID, KnownWalk]
"""Walks by team: whatever changes what a team holds rewrites its route and so counts the version up. A break comes and goes without."""


async def load_teams(
    conn: Connection,
    settings: DistrictSettings,
    *,
    now: datetime,
    district_id: UUID | None = None,
    team_ids: Sequence[UUID] | None = None,
    known: KnownWalks | None = None,
) -> list[TeamOnShift]:
    """The active teams of a district, or these teams, each with its shift, those on duty and its walk, with the break until that is over.

    Walks in `known` that are still of their version are not read again; what is read is put there for the next time.
    """
    known = {} if known is None else known
    suit_limit_s = settings.suit_limit_s
    rosters = await routes.select_rosters(
        conn,
        now=now,
        plan_ahead=timedelta(seconds=settings.plan_ahead_s),
        suit_limit=None if suit_limit_s is None else timedelta(seconds=suit_limit_s),
        district_id=district_id,
        team_ids=team_ids,
    )
    changed = [row for row in rosters if not _is_known(known, row)]
    held: dict[UUID, dict[UUID, Work]] = defaultdict(dict)
    for row in await routes.select_held_works(conn, [roster["team_id"] for roster in changed]) if changed else ():
        held[row["team_id"]][row["id"]] = _held_work(row)
    for roster in changed:
        works = _in_order(held[roster["team_id"]], roster["task_ids"])
        known[roster["team_id"]] = KnownWalk(roster["route_version"], works, None, works)
    return [_with_break(roster, known, settings, now) for roster in rosters]


async def lock_team(conn: Connection, team_id: UUID, now: datetime) -> tuple[District, TeamOnShift]:
    """The team with its walk, nobody else's to change until this transaction ends. Raises NotFound."""
    locked = await teams.lock_teams(conn, [team_id])
    if not locked:
        raise NotFound("There is no such team.")
    district = await districts.select_district(conn, locked[0].district_id)
    if district is None:
        raise NotFound("There is no such district.")
    (team,) = await load_teams(conn, district.settings, now=now, team_ids=[team_id])
    return district, team


async def rewrite_routes(
    conn: Connection, walks: Iterable[tuple[TeamOnShift, Sequence[Work]]], *, district_id: UUID, now: datetime, why: str
) -> None:
    """Replace the routes of these locked teams and tell their phones. `why` is a code for the event: `planned`, `released`, `visited`, …"""
    walks = list(walks)
    if not walks:
        return
    planned = [timetable(team, works) for team, works in walks]
    team_ids = [team.team_id for team, _ in walks]
    await routes.update_route_versions(conn, team_ids)
    await routes.upsert_routes(
        conn,
        team_ids=team_ids,
        versions=[team.route_version + 1 for team, _ in walks],
        task_ids=[[work.task_id for work in works] for _, works in walks],
        stops=[stops_json(steps) for steps in planned],
        reports_due_at=[report_due_at(team, steps) for (team, _), steps in zip(walks, planned, strict=True)],
        now=now,
    )
    await insert_events(
        conn,
        [
            NewEvent(
                district_id=district_id,
                at=now,
                name="route.changed",
                team_id=team.team_id,
                data={"version": team.route_version + 1, "why": why},
            )
            for team, _ in walks
        ],
    )


def stops_json(planned: Sequence[PlannedWork]) -> list[dict[str, Any]]:
    """The walk as it is stored and shown: one entry a stop (tasks at one door, one after the other), times as RFC 3339.

    A break is a stop without tasks, with `break: true`; `begin_at` has its one begin.
    """
    stops: list[dict[str, Any]] = []
    door: UUID | None = None
    for step in planned:
        if stops and step.work.door is not None and step.work.door == door:
            stops[-1]["task_ids"].append(str(step.work.task_id))
            stops[-1]["begin_at"].append(step.begin_at.isoformat())
            stops[-1]["leave_at"] = step.leave_at.isoformat()
            continue
        door = step.work.door
        stops.append(
            {
                "task_ids": [] if step.work.is_break else [str(step.work.task_id)],
                "travel_s": step.travel_s,
                "arrive_at": step.arrive_at.isoformat(),
                "begin_at": [step.begin_at.isoformat()],
                "leave_at": step.leave_at.isoformat(),
                **({"break": True} if step.work.is_break else {}),
            }
        )
    return stops


def report_due_at(team: TeamOnShift, planned: Sequence[PlannedWork]) -> datetime | None:
    """When the next report is due if all goes by plan: at the begin of the next task, of one under way at its end. Off shift none is."""
    coming = next((step for step in planned if not step.work.is_break), None)
    if team.shift_id is None or coming is None:
        return None
    return coming.leave_at if coming.work.is_under_way else coming.begin_at


def work_of(task: Task, **standing: Any) -> Work:
    """What a task asks of a team. `standing`: team_fixed, departed_at, arrived_at."""
    return Work(
        task_id=task.id,
        door=task.household_id,
        point=task.point,
        grid_id=_grid_of(task.channel, task.grid_id),
        earliest=task.earliest,
        due_at=task.due_at,
        service_s=task.service_s,
        priority=task.priority,
        roles=frozenset(task.roles),
        capabilities=frozenset(task.capabilities),
        declined_in=frozenset(task.declined_in),
        **standing,
    )


def _held_work(row: Record) -> Work:
    on_foot = row["channel"] == Channel.VISIT and row["lat"] is not None
    return Work(
        task_id=row["id"],
        door=row["household_id"],
        point=Point(row["lat"], row["lon"]) if on_foot else None,
        grid_id=_grid_of(row["channel"], row["grid_id"]),
        earliest=row["earliest"],
        due_at=row["due_at"],
        service_s=row["service_s"],
        priority=row["priority"],
        roles=frozenset(row["roles"]),
        capabilities=frozenset(row["capabilities"]),
        team_fixed=row["pinned"] or row["accepted_at"] is not None,
        departed_at=row["departed_at"],
        arrived_at=row["arrived_at"],
        declined_in=frozenset(row["declined_in"]),
    )


def _grid_of(channel: str, grid_id: UUID | None) -> UUID | None:
    """A call is made from anywhere: it is in no grid, so that it goes to the team with time for it and not to the one whose home it is."""
    return None if channel == Channel.PHONE else grid_id


def _in_order(held: Mapping[UUID, Work], task_ids: Sequence[UUID]) -> tuple[Work, ...]:
    ordered = dict.fromkeys(task_ids)
    unordered = [work for task_id, work in held.items() if task_id not in ordered]
    return (*(held[task_id] for task_id in ordered if task_id in held), *unordered)


def _is_known(known: KnownWalks, row: Record) -> bool:
    walk = known.get(row["team_id"])
    return walk is not None and walk.version == row["route_version"]


def _with_break(row: Record, known: KnownWalks, settings: DistrictSettings, now: datetime) -> TeamOnShift:
    """The team with its walk, its shift's break in it; a walk that is known stays the very same."""
    walk, break_ = known[row["team_id"]], _break_left(row, now)
    if break_ != walk.break_:
        at = 0 if break_ is None else _place_of_break(_team(row, walk.held, settings, now), break_, row["task_ids"])
        works = walk.held if break_ is None else (*walk.held[:at], break_, *walk.held[at:])
        walk = known[row["team_id"]] = walk._replace(break_=break_, works=works)
    return _team(row, walk.works, settings, now)


def _break_left(row: Record, now: datetime) -> Work | None:
    """The break of the team's shift, unless it is over."""
    break_ = break_of(row)
    if break_ is None or (row["break_over_at"] is not None and row["break_over_at"] <= now):
        return None
    return break_.work(row["shift_id"], began_at=row["break_began_at"], over_at=row["break_over_at"])


def _place_of_break(team: TeamOnShift, work: Work, task_ids: Sequence[UUID]) -> int:
    """First where it has begun, else where the route has it, else where the rule puts it."""
    if work.is_under_way:
        return 0
    if work.task_id not in task_ids:
        return place_of_break(team, work)
    before = set(task_ids[: task_ids.index(work.task_id)])
    return sum(held.task_id in before for held in team.works)


def _team(row: Record, works: tuple[Work, ...], settings: DistrictSettings, now: datetime) -> TeamOnShift:
    most = row["max_visits"] or settings.max_visits_per_shift
    return TeamOnShift(
        team_id=row["team_id"],
        shift_id=row["shift_id"],
        pace=settings.pace(Mode(row["mode"])),
        place=_last_known_place(row),
        shift_starts=row["shift_starts"],
        free_at=max(now, row["shift_starts"] or now),
        shift_ends=row["shift_ends"] or now,
        roles=frozenset(row["roles"]),
        capabilities=frozenset(row["capabilities"]),
        resting_roles=frozenset(row["resting_roles"]),
        resting_capabilities=frozenset(row["resting_capabilities"]),
        kept_off=tuple(KeptOff.of_json(said) for said in row["rests"]),
        home_grid_id=row["home_grid_id"],
        visits_left=None if most is None else max(0, most - row["visits"]),
        visits_made=row["visits"],
        setup_s=settings.setup_s,
        works=works,
        members=tuple(row["members"]),
        route_version=row["route_version"],
        roster_version=row["roster_version"],
    )


def _last_known_place(row: Record) -> Point | None:
    """Where the team was last seen in this shift, else where its shifts start."""
    seen_this_shift = row["place_at"] is not None and (
        row["shift_starts"] is None or row["place_at"] >= row["shift_starts"]
    )
    if seen_this_shift:
        return Point(row["place_lat"], row["place_lon"])
    return Point(row["start_lat"], row["start_lon"]) if row["start_lat"] is not None else None
