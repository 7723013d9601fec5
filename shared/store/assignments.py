"""The table `assignments`: made and ended, never overwritten."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.task import Assignment
from shared.domain.words import EndReason
from shared.store.connection import Connection, Record

COLUMNS = (
    "id, district_id, task_id, team_id, members, reason, pinned, assigned_at, accepted_at, departed_at, arrived_at, "
    "ended_at, end_reason, end_note, caller_id"
)


def as_assignment(row: Record) -> Assignment:
    """The assignment in a row of COLUMNS."""
    fields = dict(row)
    fields["members"] = tuple(fields["members"])
    fields["end_reason"] = EndReason(fields["end_reason"]) if fields["end_reason"] else None
    return Assignment(**fields)


async def insert_assignments(
    conn: Connection,
    district_id: UUID,
    *,
    ids: Sequence[UUID],
    task_ids: Sequence[UUID],
    team_ids: Sequence[UUID],
    members: Sequence[list[dict[str, Any]]],
    reasons: Sequence[dict[str, Any]],
    caller_ids: Sequence[UUID | None],
    pinned: bool,
    now: datetime,
) -> None:
    """New live assignments; the sequences run in parallel. `caller_ids` count for calls only.

    Raises UniqueViolationError where a task has a live one already.
    """
    await conn.execute(
        """
        INSERT INTO assignments (id, district_id, task_id, team_id, members, reason, pinned, assigned_at, caller_id)
        SELECT n.id, $1, n.task_id, n.team_id, $5::jsonb -> (n.place::integer - 1), n.reason, $7, $8,
               CASE WHEN n.caller_id IS NOT NULL
                    THEN (SELECT n.caller_id FROM tasks t WHERE t.id = n.task_id AND t.channel = 'phone') END
          FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $6::jsonb[], $9::uuid[])
               WITH ORDINALITY AS n (id, task_id, team_id, reason, caller_id, place)
        """,
        district_id,
        ids,
        task_ids,
        team_ids,
        members,
        reasons,
        pinned,
        now,
        caller_ids,
    )


async def update_ended(
    conn: Connection, task_ids: Sequence[UUID], reason: EndReason, now: datetime, *, note: str = ""
) -> list[Assignment]:
    """End the live assignments of these tasks; returns them. `note` says why in somebody's own words."""
    rows = await conn.fetch(
        f"""
        UPDATE assignments SET ended_at = $3, end_reason = $2, end_note = $4
         WHERE task_id = ANY($1) AND ended_at IS NULL RETURNING {COLUMNS}
        """,
        task_ids,
        reason,
        now,
        note,
    )
    return [as_assignment(row) for row in rows]


async def update_pinned(conn: Connection, task_ids: Sequence[UUID]) -> None:
    """A coordinator wants these tasks to stay with the teams that hold them."""
    await conn.execute(
        "UPDATE assignments SET pinned = true WHERE task_id = ANY($1) AND ended_at IS NULL AND NOT pinned", task_ids
    )


async def update_accepted(conn: Connection, task_ids: Sequence[UUID], now: datetime) -> None:
    await conn.execute(
        "UPDATE assignments SET accepted_at = coalesce(accepted_at, $2) WHERE task_id = ANY($1) AND ended_at IS NULL",
        task_ids,
        now,
    )


async def update_departed(conn: Connection, task_ids: Sequence[UUID], at: datetime) -> None:
    await conn.execute(
        "UPDATE assignments SET departed_at = coalesce(departed_at, $2) WHERE task_id = ANY($1) AND ended_at IS NULL",
        task_ids,
        at,
    )


async def update_arrived(conn: Connection, task_ids: Sequence[UUID], at: datetime) -> None:
    await conn.execute(
        "UPDATE assignments SET arrived_at = coalesce(arrived_at, $2) WHERE task_id = ANY($1) AND ended_at IS NULL",
        task_ids,
        at,
    )


async def update_kept(conn: Connection, task_ids: Sequence[UUID], at: datetime) -> None:
    """The teams that hold these tasks finish them themselves although their shifts end."""
    await conn.execute("UPDATE assignments SET kept_at = $2 WHERE task_id = ANY($1) AND ended_at IS NULL", task_ids, at)


async def select_given_before(conn: Connection, task_ids: Sequence[UUID], at: datetime) -> set[UUID]:
    """Which of these tasks were given to the teams that hold them before that moment."""
    rows = await conn.fetch(
        "SELECT task_id FROM assignments WHERE task_id = ANY($1) AND ended_at IS NULL AND assigned_at < $2",
        task_ids,
        at,
    )
    return {row["task_id"] for row in rows}


async def select_live_assignment(conn: Connection, task_id: UUID) -> Assignment | None:
    row = await conn.fetchrow(f"SELECT {COLUMNS} FROM assignments WHERE task_id = $1 AND ended_at IS NULL", task_id)
    return as_assignment(row) if row else None


async def select_assignments_of_task(conn: Connection, task_id: UUID) -> list[Assignment]:
    """All that the task ever had, oldest first."""
    rows = await conn.fetch(f"SELECT {COLUMNS} FROM assignments WHERE task_id = $1 ORDER BY assigned_at, id", task_id)
    return [as_assignment(row) for row in rows]


async def select_open_calls(conn: Connection, member_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Member → how many calls they have still to make, of those who have some."""
    rows = await conn.fetch(
        """
        SELECT caller_id, count(*) AS calls FROM assignments
         WHERE caller_id = ANY($1) AND ended_at IS NULL GROUP BY caller_id
        """,
        member_ids,
    )
    return {row["caller_id"]: row["calls"] for row in rows}
