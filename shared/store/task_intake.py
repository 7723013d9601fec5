"""The table `tasks` as tasks are taken in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.domain.kind import Kind
from shared.domain.task import Task
from shared.store import kinds
from shared.store.connection import Connection
from shared.store.tasks import COLUMNS, as_task


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a district says to tasks of some kinds: code → kind, inactive ones included."""

    time_zone: str
    has_grids: bool
    kinds: Mapping[str, Kind]


async def select_ground(conn: Connection, district_id: UUID, codes: Collection[str]) -> Ground | None:
    """The ground for tasks of these kinds; None where there is no such district."""
    rows = await conn.fetch(
        f"""
        SELECT d.time_zone, EXISTS (SELECT FROM grids g WHERE g.district_id = d.id) AS has_grids, k.*
          FROM districts d LEFT JOIN (SELECT {kinds.COLUMNS} FROM kinds) k ON k.district_id = d.id AND k.code = ANY($2)
         WHERE d.id = $1
        """,
        district_id,
        list(codes),
    )
    if not rows:
        return None
    found = [{name: value for name, value in row.items() if name not in ("time_zone", "has_grids")} for row in rows]
    return Ground(
        time_zone=rows[0]["time_zone"],
        has_grids=rows[0]["has_grids"],
        kinds={row["code"]: kinds.as_kind(row) for row in found if row["code"] is not None},
    )


async def select_earlier(
    conn: Connection, district_id: UUID, refs: Sequence[str], ids: Sequence[UUID]
) -> list[tuple[Task, bytes | None]]:
    """The district's tasks with one of these refs, any district's with one of these ids; each with the hash of what made it.

    LATERAL … LIMIT 1 holds the planner to one look into an index per name: left free, a plan kept from when the table was small reads the
    whole district (measured: 100 ms instead of 2 for 500 refs beside 17,000 tasks).
    """
    rows = await conn.fetch(
        f"""
        SELECT t.* FROM unnest($2::text[]) AS n (ref) CROSS JOIN LATERAL (
               SELECT {COLUMNS}, body_hash FROM tasks WHERE district_id = $1 AND tasks.ref = n.ref LIMIT 1) t
         UNION ALL
        SELECT t.* FROM unnest($3::uuid[]) AS n (id) CROSS JOIN LATERAL (
               SELECT {COLUMNS}, body_hash FROM tasks WHERE tasks.id = n.id LIMIT 1) t
        """,
        district_id,
        refs,
        ids,
    )
    found = [dict(row) for row in rows]
    return [(as_task({name: row[name] for name in row if name != "body_hash"}), row["body_hash"]) for row in found]


async def select_duplicates(conn: Connection, task_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """Open ones of these tasks → an open task of the same kind for the same subject or household that was there before."""
    rows = await conn.fetch(
        """
        SELECT t.id, coalesce(
            (SELECT o.id FROM tasks o
              WHERE o.subject_id = t.subject_id AND o.kind_id = t.kind_id AND o.closed_at IS NULL
                AND (o.created_at, o.id) < (t.created_at, t.id) LIMIT 1),
            (SELECT o.id FROM tasks o
              WHERE o.household_id = t.household_id AND o.kind_id = t.kind_id AND o.closed_at IS NULL
                AND (o.created_at, o.id) < (t.created_at, t.id) LIMIT 1)
        ) AS duplicate_id
          FROM unnest($1::uuid[]) AS n (id) CROSS JOIN LATERAL (
               SELECT id, kind_id, subject_id, household_id, created_at FROM tasks
                WHERE tasks.id = n.id AND closed_at IS NULL LIMIT 1) t
        """,
        task_ids,
    )
    return {row["id"]: row["duplicate_id"] for row in rows if row["duplicate_id"] is not None}


async def insert_tasks(
    conn: Connection, new: Sequence[Task], body_hashes: Sequence[bytes | None], *, account_id: UUID | None
) -> dict[UUID, UUID | None]:
    """Write new pending tasks and the event of each; those whose id or ref is taken are left out, of the answer too.

    One statement, because a single task waits for every round trip.
    Returns id → an open task of the same kind for the same subject or household that was there before.
    """
    if not new:
        return {}
    rows = await conn.fetch(
        """
        WITH made AS (
        INSERT INTO tasks AS t (
               id, district_id, ref, body_hash, kind_id, household_id, subject_id, grid_id, channel, lat, lon, earliest, due_at, expires,
               priority, roles, capabilities, service_s, instructions, waiting_reason, plan_at, max_attempts, made_by_task_id,
               created_at, updated_at)
        SELECT id, district_id, ref, body_hash, kind_id, household_id, subject_id, grid_id, channel, lat, lon, earliest, due_at, expires,
               priority, string_to_array(roles, ','), string_to_array(capabilities, ','), service_s, instructions, waiting_reason, plan_at,
               max_attempts, made_by_task_id, created_at, created_at
          FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[], $5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[], $9::text[],
                      $10::float8[], $11::float8[], $12::timestamptz[], $13::timestamptz[], $14::bool[], $15::smallint[], $16::text[],
                      $17::text[], $18::int[], $19::text[], $20::text[], $21::timestamptz[], $22::int[], $23::uuid[],
                      $24::timestamptz[])
            AS n (id, district_id, ref, body_hash, kind_id, household_id, subject_id, grid_id, channel, lat, lon, earliest, due_at,
                  expires, priority, roles, capabilities, service_s, instructions, waiting_reason, plan_at, max_attempts,
                  made_by_task_id, created_at)
         ORDER BY ref, id
        ON CONFLICT DO NOTHING
        RETURNING t.id, t.district_id, t.kind_id, t.waiting_reason, t.created_at, coalesce(
            (SELECT o.id FROM tasks o
              WHERE o.subject_id = t.subject_id AND o.kind_id = t.kind_id AND o.closed_at IS NULL LIMIT 1),
            (SELECT o.id FROM tasks o
              WHERE o.household_id = t.household_id AND o.kind_id = t.kind_id AND o.closed_at IS NULL LIMIT 1)
        ) AS duplicate_id
        ), told AS (
        INSERT INTO events (district_id, at, name, task_id, account_id, data)
        SELECT district_id, created_at, 'task.created', id, $25,
               jsonb_strip_nulls(jsonb_build_object('kind_id', kind_id, 'waiting_reason', nullif(waiting_reason, 'being_planned')))
          FROM made
        )
        SELECT id, duplicate_id FROM made
        """,
        *zip(*(_inserted(task, body_hash) for task, body_hash in zip(new, body_hashes, strict=True)), strict=True),
        account_id,
    )
    return {row["id"]: row["duplicate_id"] for row in rows}


def _inserted(task: Task, body_hash: bytes | None) -> tuple[Any, ...]:
    return (
        task.id,
        task.district_id,
        task.ref,
        body_hash,
        task.kind_id,
        task.household_id,
        task.subject_id,
        task.grid_id,
        task.channel,
        task.lat,
        task.lon,
        task.earliest,
        task.due_at,
        task.expires,
        task.priority,
        ",".join(task.roles),
        ",".join(task.capabilities),
        task.service_s,
        task.instructions,
        task.waiting_reason,
        task.plan_at,
        task.max_attempts,
        task.made_by_task_id,
        task.created_at,
    )
