"""The table `visits`: recorded, struck, never overwritten."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.reports import Review, Visit
from shared.domain.words import Outcome
from shared.store.connection import Connection, Record

COLUMNS = (
    "id, district_id, task_id, team_id, assignment_id, member_id, members, outcome, result, form_version, needs_review, note, "
    "device_at, corrected_at, received_at, replaces_id, struck_at, struck_by, reviewed_at, reviewed_by"
)


def as_visit(row: Record | Mapping[str, Any]) -> Visit:
    """The visit in a row of COLUMNS."""
    fields = dict(row)
    fields["members"] = tuple(fields["members"])
    fields["outcome"] = Outcome(fields["outcome"])
    fields["needs_review"] = tuple(Review(reason) for reason in fields["needs_review"])
    return Visit(**fields)


async def insert_visit(conn: Connection, visit: Visit) -> None:
    await conn.execute(
        f"""
        INSERT INTO visits ({COLUMNS})
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
        """,
        visit.id,
        visit.district_id,
        visit.task_id,
        visit.team_id,
        visit.assignment_id,
        visit.member_id,
        [dict(member) for member in visit.members],
        visit.outcome,
        dict(visit.result),
        visit.form_version,
        list(visit.needs_review),
        visit.note,
        visit.device_at,
        visit.corrected_at,
        visit.received_at,
        visit.replaces_id,
        visit.struck_at,
        visit.struck_by,
        visit.reviewed_at,
        visit.reviewed_by,
    )


async def update_struck(conn: Connection, visit_id: UUID, *, by: UUID, now: datetime) -> bool:
    """Strike a visit that was entered in error; False where it is struck already."""
    struck = await conn.fetchval(
        "UPDATE visits SET struck_at = $2, struck_by = $3 WHERE id = $1 AND struck_at IS NULL RETURNING true",
        visit_id,
        now,
        by,
    )
    return struck is not None


async def select_visit(conn: Connection, visit_id: UUID) -> Visit | None:
    row = await conn.fetchrow(f"SELECT {COLUMNS} FROM visits WHERE id = $1", visit_id)
    return as_visit(row) if row else None


async def select_visits_of_task(conn: Connection, task_id: UUID) -> list[Visit]:
    """Every visit of a task in the order of receipt, struck ones included."""
    rows = await conn.fetch(f"SELECT {COLUMNS} FROM visits WHERE task_id = $1 ORDER BY received_at, id", task_id)
    return [as_visit(row) for row in rows]


async def select_visits_since(conn: Connection, member_id: UUID, since: datetime) -> list[Record]:
    """What a member recorded since then, oldest first: the visit, its kind's code and names, the household's address."""
    return await conn.fetch(
        """
        SELECT v.id, v.task_id, v.outcome, v.result, v.form_version, v.needs_review, v.note, v.corrected_at, v.received_at,
               v.replaces_id, v.struck_at, t.channel, k.code AS kind, k.names, h.address
          FROM visits v
          JOIN tasks t ON t.id = v.task_id
          JOIN kinds k ON k.id = t.kind_id
          LEFT JOIN households h ON h.id = t.household_id
         WHERE v.member_id = $1 AND v.received_at >= $2
         ORDER BY v.received_at, v.id
        """,
        member_id,
        since,
    )


async def has_visited_another_door(
    conn: Connection, team_id: UUID, household_id: UUID, *, since: datetime, until: datetime
) -> bool:
    """Whether the team knocked between these moments (both left out) at another household's door."""
    visited: bool = await conn.fetchval(
        """
        SELECT EXISTS (SELECT FROM visits v JOIN tasks t ON t.id = v.task_id
                        WHERE v.team_id = $1 AND v.received_at > $3 AND v.corrected_at > $3 AND v.corrected_at < $4
                          AND v.struck_at IS NULL AND t.channel = 'visit' AND t.household_id <> $2)
        """,
        team_id,
        household_id,
        since,
        until,
    )
    return visited


async def lock_visit(conn: Connection, visit_id: UUID) -> Record | None:
    """district_id, task_id, needs_review and reviewed_at of a visit, locked."""
    return await conn.fetchrow(
        "SELECT district_id, task_id, needs_review, reviewed_at FROM visits WHERE id = $1 FOR NO KEY UPDATE",
        visit_id,
    )


async def update_reviewed(conn: Connection, visit_id: UUID, *, by: UUID, now: datetime) -> None:
    """Somebody at a desk looked at it."""
    await conn.execute("UPDATE visits SET reviewed_at = $2, reviewed_by = $3 WHERE id = $1", visit_id, now, by)


async def was_held_at(conn: Connection, task_id: UUID, team_id: UUID, at: datetime) -> bool:
    """Whether the task was with the team at that moment."""
    held: bool = await conn.fetchval(
        """
        SELECT EXISTS (SELECT FROM assignments
                        WHERE task_id = $1 AND team_id = $2 AND assigned_at <= $3 AND (ended_at IS NULL OR ended_at >= $3))
        """,
        task_id,
        team_id,
        at,
    )
    return held
