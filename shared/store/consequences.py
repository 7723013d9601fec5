"""The table `consequences`: what followed from visits; taken back by corrections, never deleted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.domain.words import Consequence, Trigger
from shared.store.connection import Connection, Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """One row of `consequences`. `made_id`: the task or alarm that was made, or the follow-up that was ended or converted."""

    id: UUID
    district_id: UUID
    task_id: UUID
    visit_id: UUID | None
    trigger: Trigger
    what: Consequence
    kind_id: UUID | None
    made_id: UUID
    at: datetime


_COLUMNS = "id, district_id, task_id, visit_id, trigger, what, kind_id, made_id, at"


def as_followed(row: Record) -> Followed:
    """What followed, from a row of _COLUMNS."""
    return Followed(**{**row, "trigger": Trigger(row["trigger"]), "what": Consequence(row["what"])})


async def insert_consequences(conn: Connection, followed: Sequence[Followed]) -> None:
    await conn.executemany(
        f"INSERT INTO consequences ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        [tuple(getattr(one, name) for name in _COLUMNS.split(", ")) for one in followed],
    )


async def select_standing(conn: Connection, task_id: UUID) -> list[Followed]:
    """What followed from a task's visits and was not taken back, oldest first."""
    rows = await conn.fetch(
        f"SELECT {_COLUMNS} FROM consequences WHERE task_id = $1 AND withdrawn_at IS NULL ORDER BY at, id", task_id
    )
    return [as_followed(row) for row in rows]


async def select_open_follow_ons(conn: Connection, subject_id: UUID, kinds: Collection[str]) -> list[UUID]:
    """The person's open tasks of these kinds (codes) that followed from a visit, of whatever task, and were not taken back."""
    rows = await conn.fetch(
        """
        SELECT t.id
          FROM tasks t
          JOIN kinds k ON k.id = t.kind_id
         WHERE t.subject_id = $1 AND t.closed_at IS NULL AND k.code = ANY($2)
           AND EXISTS (SELECT FROM consequences c WHERE c.made_id = t.id AND c.what = 'task' AND c.withdrawn_at IS NULL)
        """,
        subject_id,
        list(kinds),
    )
    return [row["id"] for row in rows]


async def select_made_for_others(conn: Connection, made_ids: Collection[UUID], task_id: UUID) -> set[UUID]:
    """Which of these still follow from visits of another task."""
    rows = await conn.fetch(
        "SELECT DISTINCT made_id FROM consequences WHERE made_id = ANY($1) AND task_id <> $2 AND withdrawn_at IS NULL",
        list(made_ids),
        task_id,
    )
    return {row["made_id"] for row in rows}


async def update_withdrawn(conn: Connection, ids: Collection[UUID], now: datetime) -> None:
    """These were taken back."""
    await conn.execute("UPDATE consequences SET withdrawn_at = $2 WHERE id = ANY($1)", list(ids), now)


async def select_consequences_shown(conn: Connection, task_id: UUID) -> list[Record]:
    """trigger, what, made_id, at and withdrawn_at of all that followed from a task's visits, oldest first; of a task its kind (the code)
    and status."""
    return await conn.fetch(
        """
        SELECT c.trigger, c.what, c.made_id, c.at, c.withdrawn_at, k.code AS kind, t.status
          FROM consequences c
          LEFT JOIN kinds k ON k.id = c.kind_id
          LEFT JOIN tasks t ON t.id = c.made_id AND c.what = 'task'
         WHERE c.task_id = $1
         ORDER BY c.at, c.id
        """,
        task_id,
    )
