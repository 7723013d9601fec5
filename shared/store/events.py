"""Events: what changed, written in the change's own transaction; read in commit order below the horizon."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.store.connection import Connection, Record

COLUMNS = "id, tx, district_id, at, name, task_id, team_id, member_id, account_id, data"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """One event to write. `data` holds ids and codes only: readers get content under their own permission."""

    district_id: UUID
    at: datetime
    name: str
    task_id: UUID | None = None
    team_id: UUID | None = None
    member_id: UUID | None = None
    account_id: UUID | None = None
    data: dict[str, Any] = field(default_factory=dict)


async def insert_events(conn: Connection, events: Sequence[NewEvent]) -> None:
    """Write events in the order given."""
    if not events:
        return
    await conn.execute(
        """
        INSERT INTO events (district_id, at, name, task_id, team_id, member_id, account_id, data)
        SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::uuid[], $5::uuid[], $6::uuid[], $7::uuid[], $8::jsonb[])
        """,
        *zip(
            *((e.district_id, e.at, e.name, e.task_id, e.team_id, e.member_id, e.account_id, e.data) for e in events),
            strict=True,
        ),
    )


async def select_horizon(conn: Connection) -> tuple[int, int]:
    """The position before which nothing can still appear: (tx, 0)."""
    return await conn.fetchval("SELECT event_horizon()"), 0


async def select_events(
    conn: Connection,
    *,
    after: tuple[int, int],
    districts: Sequence[UUID] | None,
    team_id: UUID | None = None,
    member_id: UUID | None = None,
    limit: int = 500,
) -> list[Record]:
    """The next events behind position `after`, in commit order, of these districts (None: of all), of one team or member where given."""
    return await conn.fetch(
        f"""
        SELECT {COLUMNS}
          FROM events
         WHERE (tx, id) > ($1, $2)
           AND tx < (SELECT event_horizon())
           AND ($3::uuid[] IS NULL OR district_id = ANY($3))
           AND (($4::uuid IS NULL AND $5::uuid IS NULL) OR team_id = $4 OR member_id = $5)
         ORDER BY tx, id
         LIMIT $6
        """,
        *after,
        districts,
        team_id,
        member_id,
        limit,
    )


async def select_events_of_task(conn: Connection, task_id: UUID) -> list[Record]:
    """A task's history, oldest first."""
    return await conn.fetch(f"SELECT {COLUMNS} FROM events WHERE task_id = $1 ORDER BY tx, id", task_id)
