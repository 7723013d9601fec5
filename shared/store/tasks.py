"""The table `tasks`: one function, one statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.task import Task
from shared.domain.words import Channel, Status, WaitingReason
from shared.store.connection import Connection, Record

COLUMNS = (
    "id, district_id, ref, kind_id, household_id, subject_id, grid_id, channel, lat, lon, earliest, due_at, expires, "
    "priority, roles, capabilities, service_s, instructions, status, waiting_reason, waiting_detail, plan_at, "
    "assignment_id, team_id, attempts, max_attempts, declined_in, closed_at, closed_reason, made_by_task_id, version, "
    "redacted_at, created_at, updated_at"
)


def as_task(row: Record | dict[str, Any]) -> Task:
    """The task in a row of COLUMNS."""
    fields = dict(row)
    fields["channel"] = Channel(fields["channel"])
    fields["status"] = Status(fields["status"])
    fields["waiting_reason"] = WaitingReason(fields["waiting_reason"]) if fields["waiting_reason"] else None
    fields["roles"] = tuple(fields["roles"])
    fields["capabilities"] = tuple(fields["capabilities"])
    fields["declined_in"] = tuple(fields["declined_in"])
    return Task(**fields)


async def select_task(conn: Connection, task_id: UUID) -> Task | None:
    row = await conn.fetchrow(f"SELECT {COLUMNS} FROM tasks WHERE id = $1", task_id)
    return as_task(row) if row else None


async def select_tasks(conn: Connection, task_ids: Sequence[UUID]) -> list[Task]:
    rows = await conn.fetch(f"SELECT {COLUMNS} FROM tasks WHERE id = ANY($1)", task_ids)
    return [as_task(row) for row in rows]


async def lock_tasks(conn: Connection, task_ids: Sequence[UUID]) -> list[Task]:
    """These tasks, locked in id order. Teams are locked before tasks, always."""
    rows = await conn.fetch(f"SELECT {COLUMNS} FROM tasks WHERE id = ANY($1) ORDER BY id FOR UPDATE", task_ids)
    return [as_task(row) for row in rows]


async def update_held(
    conn: Connection, task_ids: Sequence[UUID], assignment_ids: Sequence[UUID], team_ids: Sequence[UUID], now: datetime
) -> None:
    """Give tasks to teams: `assigned`, each under its assignment. The three sequences run in parallel."""
    await conn.execute(
        """
        UPDATE tasks t
           SET status = 'assigned', assignment_id = n.assignment_id, team_id = n.team_id, waiting_reason = NULL,
               waiting_detail = '{}', plan_at = NULL, version = version + 1, updated_at = $4
          FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS n (id, assignment_id, team_id)
         WHERE t.id = n.id
        """,
        task_ids,
        assignment_ids,
        team_ids,
        now,
    )


async def update_changed(conn: Connection, task: Task, now: datetime) -> None:
    """Write what people may change of an open task, and why and until when it waits where it is pending."""
    await conn.execute(
        """
        UPDATE tasks
           SET earliest = $2, due_at = $3, priority = $4, capabilities = $5, service_s = $6, instructions = $7, household_id = $8, lat = $9,
               lon = $10, grid_id = $11, waiting_reason = $12, waiting_detail = $13, plan_at = $14, version = version + 1, updated_at = $15
         WHERE id = $1
        """,
        task.id,
        task.earliest,
        task.due_at,
        task.priority,
        list(task.capabilities),
        task.service_s,
        task.instructions,
        task.household_id,
        task.lat,
        task.lon,
        task.grid_id,
        task.waiting_reason,
        dict(task.waiting_detail),
        task.plan_at,
        now,
    )


async def update_to_household(conn: Connection, task_ids: Sequence[UUID], household_id: UUID, now: datetime) -> None:
    """Have these tasks done at another household; what is pending is looked at again."""
    await conn.execute(
        """
        UPDATE tasks t
           SET household_id = h.id, lat = h.lat, lon = h.lon, grid_id = h.grid_id,
               plan_at = CASE WHEN status = 'pending' THEN $3 ELSE plan_at END,
               waiting_reason = CASE WHEN status = 'pending' THEN 'being_planned' ELSE waiting_reason END, version = version + 1,
               updated_at = $3
          FROM households h
         WHERE t.id = ANY($1) AND h.id = $2
        """,
        task_ids,
        household_id,
        now,
    )


async def update_status(conn: Connection, task_ids: Sequence[UUID], status: Status, now: datetime) -> None:
    """Move held tasks along: accepted, in_progress."""
    await conn.execute(
        "UPDATE tasks SET status = $2, version = version + 1, updated_at = $3 WHERE id = ANY($1)", task_ids, status, now
    )


async def update_pending(conn: Connection, task_ids: Sequence[UUID], now: datetime) -> None:
    """Give tasks back to the placer, to be looked at now."""
    await conn.execute(
        """
        UPDATE tasks
           SET status = 'pending', waiting_reason = 'being_planned', waiting_detail = '{}', plan_at = $2,
               assignment_id = NULL, team_id = NULL, version = version + 1, updated_at = $2
         WHERE id = ANY($1)
        """,
        task_ids,
        now,
    )


async def update_for_retry(
    conn: Connection, task_id: UUID, *, earliest: datetime, due_at: datetime, attempts: int, now: datetime
) -> None:
    """Back to pending with a later window, after an attempt that did not see the person; opens a closed task again."""
    await conn.execute(
        """
        UPDATE tasks
           SET status = 'pending', waiting_reason = 'being_planned', waiting_detail = '{}', plan_at = $5, earliest = $2, due_at = $3,
               attempts = $4, assignment_id = NULL, team_id = NULL, closed_at = NULL, closed_reason = '', version = version + 1,
               updated_at = $5
         WHERE id = $1
        """,
        task_id,
        earliest,
        due_at,
        attempts,
        now,
    )


async def update_declined(conn: Connection, task_id: UUID, shift_id: UUID) -> None:
    """Remember that the team of this shift declined the task."""
    await conn.execute("UPDATE tasks SET declined_in = array_append(declined_in, $2) WHERE id = $1", task_id, shift_id)


async def update_closed(
    conn: Connection,
    task_ids: Sequence[UUID],
    status: Status,
    *,
    reason: str,
    now: datetime,
    attempts: int | None = None,
) -> None:
    """Close tasks as completed, not_executable, cancelled or expired."""
    await conn.execute(
        """
        UPDATE tasks
           SET status = $2, closed_at = $4, closed_reason = $3, waiting_reason = NULL, waiting_detail = '{}', plan_at = NULL,
               assignment_id = NULL, team_id = NULL, attempts = coalesce($5, attempts), version = version + 1, updated_at = $4
         WHERE id = ANY($1)
        """,
        task_ids,
        status,
        reason,
        now,
        attempts,
    )


async def update_waiting(
    conn: Connection,
    task_ids: Sequence[UUID],
    reasons: Sequence[str],
    details: Sequence[dict[str, Any]],
    look_again_at: Sequence[datetime],
    looked_at: datetime,
) -> list[Record]:
    """Say why pending tasks wait and when to look again; returns id and reason of those whose reason is a new one.

    A task that something else asked to be looked at after `looked_at`, or that somebody else has locked just now, keeps its earlier turn.
    """
    return await conn.fetch(
        """
        WITH said AS (
            SELECT t.id, t.waiting_reason AS before, n.reason, n.detail, n.look_again_at
              FROM tasks t JOIN unnest($1::uuid[], $2::text[], $3::jsonb[], $4::timestamptz[]) AS n (id, reason, detail, look_again_at)
                ON t.id = n.id
             WHERE t.status = 'pending' AND t.plan_at <= $5
             ORDER BY t.id
               FOR UPDATE OF t SKIP LOCKED
        ), written AS (
            UPDATE tasks t SET waiting_reason = said.reason, waiting_detail = said.detail, plan_at = said.look_again_at
              FROM said WHERE t.id = said.id
        )
        SELECT id, reason FROM said WHERE before IS DISTINCT FROM reason
        """,
        task_ids,
        reasons,
        details,
        look_again_at,
        looked_at,
    )


async def update_astray(conn: Connection, district_id: UUID, *, now: datetime, look_again_at: datetime) -> list[Record]:
    """Have the due visits without a point, or outside every grid of a district that has grids, wait for a person to mend the map.

    Returns id, waiting_reason and `before`, the reason until now.
    """
    return await conn.fetch(
        """
        UPDATE tasks t
           SET waiting_reason = CASE WHEN t.lat IS NULL THEN 'no_location' ELSE 'outside_every_grid' END, waiting_detail = '{}',
               plan_at = $3
          FROM (SELECT id, waiting_reason AS before FROM tasks
                 WHERE district_id = $1 AND status = 'pending' AND plan_at <= $2 AND channel = 'visit'
                   AND (lat IS NULL OR (grid_id IS NULL AND EXISTS (SELECT FROM grids WHERE district_id = $1)))
                 ORDER BY id FOR UPDATE) due
         WHERE t.id = due.id
        RETURNING t.id, t.waiting_reason, due.before
        """,
        district_id,
        now,
        look_again_at,
    )


async def update_plan_at_for_district(conn: Connection, district_id: UUID, now: datetime) -> None:
    """Have the placer look at everything that waits in the district: something changed that may help it.

    What somebody else has locked is being looked at or changed just now; it keeps its turn, so that nobody waits for anybody here.
    """
    await conn.execute(
        """
        WITH waiting AS (
            SELECT id FROM tasks
             WHERE district_id = $1 AND status = 'pending' AND plan_at > $2
             ORDER BY id
               FOR NO KEY UPDATE SKIP LOCKED
        )
        UPDATE tasks t SET plan_at = $2 FROM waiting WHERE t.id = waiting.id
        """,
        district_id,
        now,
    )


async def select_due_for_planning(conn: Connection, district_id: UUID, now: datetime, limit: int) -> list[Task]:
    """Pending tasks whose turn it is, the most urgent first."""
    rows = await conn.fetch(
        f"""
        SELECT {COLUMNS} FROM tasks
         WHERE district_id = $1 AND status = 'pending' AND plan_at <= $2
         ORDER BY priority DESC, due_at, id
         LIMIT $3
        """,
        district_id,
        now,
        limit,
    )
    return [as_task(row) for row in rows]


async def select_districts_with_due_work(conn: Connection, now: datetime) -> list[UUID]:
    """Districts in which a pending task's turn has come."""
    rows = await conn.fetch("SELECT DISTINCT district_id FROM tasks WHERE status = 'pending' AND plan_at <= $1", now)
    return [row["district_id"] for row in rows]


async def select_expiring(conn: Connection, now: datetime, most: int) -> list[Record]:
    """id and district_id of open tasks, not accepted, whose window is over and whose kind says that they are worthless then."""
    return await conn.fetch(
        """
        SELECT id, district_id FROM tasks
         WHERE closed_at IS NULL AND expires AND due_at < $1 AND status IN ('pending', 'assigned')
         ORDER BY due_at LIMIT $2
        """,
        now,
        most,
    )


async def select_held_at_household(conn: Connection, household_id: UUID) -> list[UUID]:
    """Tasks at this door that teams hold."""
    rows = await conn.fetch(
        "SELECT id FROM tasks WHERE household_id = $1 AND closed_at IS NULL AND assignment_id IS NOT NULL", household_id
    )
    return [row["id"] for row in rows]


async def select_waiting_for_teams(conn: Connection, district_id: UUID, limit: int) -> list[Task]:
    """Pending tasks that a team could be sent to, whenever their turn is, the most urgent first."""
    rows = await conn.fetch(
        f"""
        SELECT {COLUMNS} FROM tasks
         WHERE district_id = $1 AND status = 'pending' AND waiting_reason NOT IN ('no_location', 'outside_every_grid')
         ORDER BY priority DESC, due_at, id
         LIMIT $2
        """,
        district_id,
        limit,
    )
    return [as_task(row) for row in rows]
