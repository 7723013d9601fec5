"""Tasks as points: as little of each as a map and a long list need, nothing of its person or address."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from shared.store.connection import Connection, Record


async def select_points(
    conn: Connection,
    districts: Collection[UUID] | None,
    *,
    ids: Collection[UUID] | None = None,
    after: UUID | None = None,
    limit: int,
) -> list[Record]:
    """Open tasks of these districts (None: of all) behind id `after`, in id order; with `ids` those of them, closed ones too.

    `stop` counts the doors of its team's walk from 1, breaks left out; `begin_at` is when the team's plan begins it. Both are null where no
    team has it.
    """
    conditions, values = _conditions(districts, ids, after)
    return await conn.fetch(
        f"""
        WITH shown AS MATERIALIZED (
        SELECT t.id, t.district_id, k.code AS kind, t.channel, t.status, t.waiting_reason, t.lat, t.lon, t.household_id, t.grid_id,
               t.team_id, t.earliest, t.due_at, t.priority, coalesce(a.pinned, false) AS pinned, t.version
          FROM tasks t
          JOIN kinds k ON k.id = t.kind_id
          LEFT JOIN assignments a ON a.id = t.assignment_id
         WHERE {" AND ".join(conditions)}
         ORDER BY t.id
         LIMIT {int(limit)}
        ), placed AS MATERIALIZED (
        SELECT r.team_id, task.id::uuid AS task_id, dense_rank() OVER (PARTITION BY r.team_id ORDER BY stop.place) AS stop,
               (stop.said -> 'begin_at' ->> (task.place::int - 1))::timestamptz AS begin_at
          FROM routes r
         CROSS JOIN jsonb_array_elements(r.stops) WITH ORDINALITY AS stop (said, place)
         CROSS JOIN jsonb_array_elements_text(stop.said -> 'task_ids') WITH ORDINALITY AS task (id, place)
         WHERE r.team_id IN (SELECT team_id FROM shown)
        )
        SELECT shown.*, placed.stop, placed.begin_at
          FROM shown LEFT JOIN placed ON placed.task_id = shown.id AND placed.team_id = shown.team_id
         ORDER BY shown.id
        """,
        *values,
    )


def _conditions(
    districts: Collection[UUID] | None, ids: Collection[UUID] | None, after: UUID | None
) -> tuple[list[str], list[Any]]:
    """SQL for what is asked, and its parameters. One district is said by `=`, for then its open tasks have an index of their own."""
    several = None if districts is None or len(districts) == 1 else list(districts)
    alone = next(iter(districts)) if districts is not None and several is None else None
    said: list[tuple[str, Any]] = [
        ("t.district_id = ?", alone),
        ("t.district_id = ANY(?)", several),
        ("t.id = ANY(?)", None if ids is None else list(ids)),
        ("t.id > ?", after),
    ]
    asked = [(condition, value) for condition, value in said if value is not None]
    conditions = [condition.replace("?", f"${number}") for number, (condition, _) in enumerate(asked, start=1)]
    return conditions + ["t.closed_at IS NULL"] * (ids is None), [value for _, value in asked]
