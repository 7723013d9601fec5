"""Read views of tasks: lists for people, a district at a glance."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.district import DistrictSettings
from shared.domain.task import Task
from shared.domain.words import CLOSED
from shared.store.connection import Connection, Record
from shared.store.patterns import contains
from shared.store.tasks import COLUMNS, as_task

_OF_TASK = ", ".join(f"t.{name.strip()}" for name in COLUMNS.split(","))
_SOON = f"?::timestamptz + make_interval(secs => coalesce((d.settings ->> 'due_soon_s')::float8, {DistrictSettings().due_soon_s}))"
# Uncorrelated, so that Postgres reads the few there are once, from the index `visits_to_review`.
_TO_REVIEW = "SELECT task_id FROM visits WHERE needs_review <> '{}' AND struck_at IS NULL AND reviewed_at IS NULL"
_NAMES = tuple(name.strip() for name in COLUMNS.split(","))


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFilter:
    """Which tasks a list shows; None and empty: no matter. `q` is part of the address, the subject's name or phone, or the ref.

    `due_soon`: open, and due from now to the end of its district's `due_soon_s`, as `select_open_counts` counts them. `needs_review`: with
    a visit at which a person should look and nobody has.
    """

    districts: Collection[UUID] | None
    ids: Collection[UUID] = ()
    statuses: Collection[str] = ()
    kind: str | None = None
    grid_id: UUID | None = None
    team_id: UUID | None = None
    household_id: UUID | None = None
    subject_id: UUID | None = None
    waiting_reason: str | None = None
    overdue: bool | None = None
    due_soon: bool | None = None
    needs_review: bool | None = None
    ref: str | None = None
    q: str | None = None


async def select_tasks_listed(
    conn: Connection, wanted: TaskFilter, *, now: datetime, before: UUID | None, limit: int
) -> list[tuple[Task, Record]]:
    """Tasks with smaller ids than `before`, the newest first, each with kind, address, subject_name, team_code."""
    shown = "k.code AS kind, h.address, s.name AS subject_name, m.code AS team_code"
    return await _select(conn, shown, wanted, now=now, before=before, limit=limit)


async def select_tasks_written_out(
    conn: Connection, wanted: TaskFilter, *, now: datetime, before: UUID | None, limit: int
) -> list[tuple[Task, Record]]:
    """The same tasks, each with all of its door and person, the codes of kind, district, team and grid, and the district's time_zone."""
    shown = """
               k.code AS kind, d.code AS district, d.time_zone, m.code AS team, g.code AS grid, h.ref AS household_ref,
               h.address AS household_address, h.lat AS household_lat, h.lon AS household_lon,
               h.access_notes AS household_access_notes, s.ref AS subject_ref, s.name AS subject_name,
               s.phone AS subject_phone, s.flags AS subject_flags"""
    return await _select(conn, shown, wanted, now=now, before=before, limit=limit)


async def _select(
    conn: Connection, shown: str, wanted: TaskFilter, *, now: datetime, before: UUID | None, limit: int
) -> list[tuple[Task, Record]]:
    """Postgres leaves out the outer joins of which neither `shown` nor a condition says anything."""
    conditions, values = _conditions(wanted, now, before)
    rows = await conn.fetch(
        f"""
        SELECT {_OF_TASK}, {shown}
          FROM tasks t
          JOIN kinds k ON k.id = t.kind_id
          LEFT JOIN districts d ON d.id = t.district_id
          LEFT JOIN grids g ON g.id = t.grid_id
          LEFT JOIN households h ON h.id = t.household_id AND t.redacted_at IS NULL
          LEFT JOIN subjects s ON s.id = t.subject_id AND t.redacted_at IS NULL
          LEFT JOIN teams m ON m.id = t.team_id
         WHERE {" AND ".join(conditions) or "true"}
         ORDER BY t.id DESC
         LIMIT {int(limit)}
        """,
        *values,
    )
    return [(as_task({name: row[name] for name in _NAMES}), row) for row in rows]


def _conditions(wanted: TaskFilter, now: datetime, before: UUID | None) -> tuple[list[str], list[Any]]:
    """SQL for what is asked, and its parameters. Only what is asked is said, so that each list finds its own index.

    One district is said by `=`, for then the index by district and id gives the order too (5,000 tasks beside 90,000 of others: 0.4 ms a
    page instead of 5).
    """
    several = None if wanted.districts is None or len(wanted.districts) == 1 else list(wanted.districts)
    alone = next(iter(wanted.districts)) if wanted.districts is not None and several is None else None
    only_open = not CLOSED & set(wanted.statuses)
    said: list[tuple[str, Any]] = [
        ("t.district_id = ?", alone),
        ("t.district_id = ANY(?)", several),
        ("t.id = ANY(?)", list(wanted.ids) or None),
        ("t.status = ANY(?)" + " AND t.closed_at IS NULL" * only_open, list(wanted.statuses) or None),
        ("k.code = ?", wanted.kind),
        ("t.grid_id = ?", wanted.grid_id),
        ("t.team_id = ?", wanted.team_id),
        ("t.household_id = ?", wanted.household_id),
        ("t.subject_id = ?", wanted.subject_id),
        ("t.waiting_reason = ?", wanted.waiting_reason),
        ("t.ref = ?", wanted.ref),
        ("t.closed_at IS NULL AND t.due_at < ?", now if wanted.overdue is True else None),
        ("(t.closed_at IS NOT NULL OR t.due_at >= ?)", now if wanted.overdue is False else None),
        (f"t.closed_at IS NULL AND t.due_at >= ? AND t.due_at < {_SOON}", now if wanted.due_soon is True else None),
        (
            f"(t.closed_at IS NOT NULL OR t.due_at < ? OR t.due_at >= {_SOON})",
            now if wanted.due_soon is False else None,
        ),
        (f"t.id = ANY(ARRAY({_TO_REVIEW})) AND ?", wanted.needs_review or None),
        (f"t.id <> ALL(ARRAY({_TO_REVIEW})) AND NOT ?", wanted.needs_review if wanted.needs_review is False else None),
        ("(h.address ILIKE ? OR s.name || ' ' || s.phone ILIKE ? OR t.ref ILIKE ?)", contains(wanted.q)),
        ("t.id < ?", before),
    ]
    asked = [(condition, value) for condition, value in said if value is not None]
    conditions = [condition.replace("?", f"${number}") for number, (condition, _) in enumerate(asked, start=1)]
    return conditions, [value for _, value in asked]


async def select_team_codes(conn: Connection, team_ids: Sequence[UUID]) -> dict[UUID, str]:
    """id → code of these teams."""
    rows = await conn.fetch("SELECT id, code FROM teams WHERE id = ANY($1)", team_ids)
    return {row["id"]: row["code"] for row in rows}


async def select_names(conn: Connection, member_ids: Sequence[UUID], account_ids: Sequence[UUID]) -> dict[UUID, str]:
    """id → name of these members and accounts."""
    rows = await conn.fetch(
        """
        SELECT id, name FROM members WHERE id = ANY($1)
         UNION ALL
        SELECT id, name FROM accounts WHERE id = ANY($2)
        """,
        member_ids,
        account_ids,
    )
    return {row["id"]: row["name"] for row in rows}


async def select_zones_and_teams(
    conn: Connection, district_ids: Sequence[UUID], team_ids: Sequence[UUID]
) -> list[Record]:
    """district_id and time_zone of these districts, a row for each of those teams in it with its team_id and name; null where none is."""
    return await conn.fetch(
        """
        SELECT d.id AS district_id, d.time_zone, t.id AS team_id, t.name
          FROM districts d
          LEFT JOIN teams t ON t.district_id = d.id AND t.id = ANY($2)
         WHERE d.id = ANY($1)
        """,
        district_ids,
        team_ids,
    )


async def select_team_id(conn: Connection, district_id: UUID, name: str) -> UUID | None:
    """The district's team of that code or id."""
    team_id: UUID | None = await conn.fetchval(
        "SELECT id FROM teams WHERE district_id = $1 AND (code = $2 OR id::text = lower($2)) ORDER BY code = $2 DESC LIMIT 1",
        district_id,
        name,
    )
    return team_id


async def select_open_counts(
    conn: Connection, district_id: UUID, *, now: datetime, due_before: datetime
) -> list[Record]:
    """status, waiting_reason, tasks, overdue and due_soon (due from now to `due_before`) of a district's open tasks."""
    return await conn.fetch(
        """
        SELECT status, waiting_reason, count(*) AS tasks, count(*) FILTER (WHERE due_at < $2) AS overdue,
               count(*) FILTER (WHERE due_at >= $2 AND due_at < $3) AS due_soon
          FROM tasks
         WHERE district_id = $1 AND closed_at IS NULL
         GROUP BY status, waiting_reason
        """,
        district_id,
        now,
        due_before,
    )


async def select_visits_to_review(conn: Connection, district_id: UUID) -> int:
    """How many visits of a district a person should look at and nobody has."""
    count: int = await conn.fetchval(f"SELECT count(*) FROM ({_TO_REVIEW} AND district_id = $1) v", district_id)
    return count


async def select_closed_counts(conn: Connection, district_id: UUID, *, since: datetime) -> list[Record]:
    """status and tasks: what a district closed since then."""
    return await conn.fetch(
        "SELECT status, count(*) AS tasks FROM tasks WHERE district_id = $1 AND closed_at >= $2 GROUP BY status",
        district_id,
        since,
    )


async def select_teams_at_a_glance(conn: Connection, district_id: UUID) -> list[Record]:
    """id, code, name, last place and `heard_at` (the last word from a phone of somebody on the team) of a district's active teams."""
    return await conn.fetch(
        """
        SELECT t.id, t.code, t.name, t.mode, t.place_lat, t.place_lon, t.place_at, heard.heard_at
          FROM teams t
         CROSS JOIN LATERAL (
               SELECT greatest(max(p.at), max(said.received_at)) AS heard_at
                 FROM memberships x
                 LEFT JOIN positions p ON p.member_id = x.member_id
                 LEFT JOIN LATERAL (SELECT received_at FROM reports r WHERE r.member_id = x.member_id
                                     ORDER BY received_at DESC LIMIT 1) said ON true
                WHERE x.team_id = t.id AND x.during @> now()) heard
         WHERE t.district_id = $1 AND t.active
         ORDER BY t.code
        """,
        district_id,
    )


async def select_tasks_of_route(conn: Connection, team_id: UUID) -> list[tuple[Task, Record]]:
    """What a team holds, each with kind, household, subject_name, team_code and whether it is pinned."""
    rows = await conn.fetch(
        f"""
        SELECT {_OF_TASK}, k.code AS kind, h.ref AS household_ref, h.address, h.lat AS household_lat, h.lon AS household_lon,
               h.grid_id AS household_grid_id, h.access_notes, s.name AS subject_name, m.code AS team_code, a.pinned
          FROM tasks t
          JOIN kinds k ON k.id = t.kind_id
          JOIN assignments a ON a.id = t.assignment_id
          JOIN teams m ON m.id = t.team_id
          LEFT JOIN households h ON h.id = t.household_id
          LEFT JOIN subjects s ON s.id = t.subject_id
         WHERE t.team_id = $1
        """,
        team_id,
    )
    return [(as_task({name: row[name] for name in _NAMES}), row) for row in rows]
