"""The table `follow_ups`: one function, one statement."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.domain.follow_up import FollowUp
from shared.domain.words import FollowUpStatus
from shared.store.connection import Connection, Record
from shared.store.plan_json import ledger_from_json, ledger_to_json, lines_from_json, lines_to_json

COLUMNS = (
    "id, district_id, subject_id, protocol_id, status, first_day, last_day, lines, ledger, lost_after_days, since, over_at, lost_at, "
    "made_by_task_id, follows_id, started_at, ended_at, end_reason, version"
)


def as_follow_up(row: Record | dict[str, Any]) -> FollowUp:
    """The follow-up in a row of COLUMNS."""
    return FollowUp(
        **{
            **row,
            "status": FollowUpStatus(row["status"]),
            "lines": lines_from_json(row["lines"]),
            "ledger": ledger_from_json(row["ledger"]),
        }
    )


async def insert_follow_ups(conn: Connection, new: Sequence[FollowUp]) -> set[UUID]:
    """Write new live follow-ups; those whose subject has a live one, and those whose id is taken, are left out. Returns what is in."""
    rows = await conn.fetch(
        """
        INSERT INTO follow_ups (id, district_id, subject_id, protocol_id, first_day, last_day, lines, ledger, lost_after_days, since,
                                over_at, lost_at, made_by_task_id, follows_id, started_at)
        SELECT id, district_id, subject_id, protocol_id, first_day, last_day, plan -> 'lines', plan -> 'ledger', lost_after_days, since,
               over_at, lost_at, made_by_task_id, follows_id, started_at
          FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::date[], $6::date[], $7::jsonb[], $8::int[], $9::timestamptz[],
                      $10::timestamptz[], $11::timestamptz[], $12::uuid[], $13::uuid[], $14::timestamptz[])
            AS n (id, district_id, subject_id, protocol_id, first_day, last_day, plan, lost_after_days, since, over_at, lost_at,
                  made_by_task_id, follows_id, started_at)
        ON CONFLICT DO NOTHING
        RETURNING id
        """,
        *zip(*(_inserted(follow_up) for follow_up in new), strict=True),
    )
    return {row["id"] for row in rows}


def _inserted(follow_up: FollowUp) -> tuple[Any, ...]:
    """Lines and ledger go in one object: the driver takes a list inside of a list for one more dimension of the array."""
    return (
        follow_up.id,
        follow_up.district_id,
        follow_up.subject_id,
        follow_up.protocol_id,
        follow_up.first_day,
        follow_up.last_day,
        {"lines": lines_to_json(follow_up.lines), "ledger": ledger_to_json(follow_up.ledger)},
        follow_up.lost_after_days,
        follow_up.since,
        follow_up.over_at,
        follow_up.lost_at,
        follow_up.made_by_task_id,
        follow_up.follows_id,
        follow_up.started_at,
    )


async def update_plan(conn: Connection, follow_up: FollowUp) -> None:
    """Write what a change of plan changes; the caller holds the row's lock."""
    await conn.execute(
        """
        UPDATE follow_ups
           SET last_day = $2, lines = $3, ledger = $4, lost_after_days = $5, since = $6, over_at = $7, lost_at = $8, replan_at = NULL,
               version = version + 1
         WHERE id = $1
        """,
        follow_up.id,
        follow_up.last_day,
        lines_to_json(follow_up.lines),
        ledger_to_json(follow_up.ledger),
        follow_up.lost_after_days,
        follow_up.since,
        follow_up.over_at,
        follow_up.lost_at,
    )


async def update_ended(
    conn: Connection, follow_up_id: UUID, status: FollowUpStatus, *, reason: str, now: datetime
) -> FollowUp:
    """End a follow-up; the caller holds the row's lock."""
    row = await conn.fetchrow(
        f"""
        UPDATE follow_ups SET status = $2, end_reason = $3, ended_at = $4, lost_at = NULL, version = version + 1
         WHERE id = $1
        RETURNING {COLUMNS}
        """,
        follow_up_id,
        status,
        reason,
        now,
    )
    assert row is not None  # noqa: S101 - the caller holds the row's lock
    return as_follow_up(row)


async def update_lost_at(conn: Connection, follow_up_id: UUID, lost_at: datetime | None) -> None:
    """When to look again whether the subject is lost."""
    await conn.execute("UPDATE follow_ups SET lost_at = $2 WHERE id = $1", follow_up_id, lost_at)


async def select_follow_up(conn: Connection, follow_up_id: UUID) -> FollowUp | None:
    row = await conn.fetchrow(f"SELECT {COLUMNS} FROM follow_ups WHERE id = $1", follow_up_id)
    return None if row is None else as_follow_up(row)


async def select_follow_ups_by_id(conn: Connection, follow_up_ids: Sequence[UUID]) -> dict[UUID, FollowUp]:
    """id → follow-up of those that there are, of any district."""
    rows = await conn.fetch(f"SELECT {COLUMNS} FROM follow_ups WHERE id = ANY($1)", follow_up_ids)
    return {row["id"]: as_follow_up(row) for row in rows}


async def select_live_of_subject(conn: Connection, subject_id: UUID) -> FollowUp | None:
    """The subject's follow-up that has not ended; there is at most one."""
    row = await conn.fetchrow(
        f"SELECT {COLUMNS} FROM follow_ups WHERE subject_id = $1 AND ended_at IS NULL", subject_id
    )
    return None if row is None else as_follow_up(row)


async def select_lost_since(conn: Connection, subject_id: UUID, seen_at: datetime) -> FollowUp | None:
    """The subject's last follow-up, where it ran at that moment and ended since because nobody saw them."""
    row = await conn.fetchrow(
        f"""
        SELECT {COLUMNS} FROM (SELECT * FROM follow_ups WHERE subject_id = $1 ORDER BY id DESC LIMIT 1) f
         WHERE f.status = 'lost' AND f.end_reason = 'not_seen' AND f.started_at <= $2 AND f.ended_at > $2
        """,
        subject_id,
        seen_at,
    )
    return None if row is None else as_follow_up(row)


async def select_live_of_subjects(conn: Connection, subject_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """subject → its live follow-up, of those that have one."""
    rows = await conn.fetch(
        "SELECT subject_id, id FROM follow_ups WHERE subject_id = ANY($1) AND ended_at IS NULL", subject_ids
    )
    return {row["subject_id"]: row["id"] for row in rows}


async def update_replan_at(conn: Connection, district_id: UUID, now: datetime) -> None:
    """Have every live follow-up of the district planned anew: its clocks changed."""
    await conn.execute(
        "UPDATE follow_ups SET replan_at = $2 WHERE district_id = $1 AND ended_at IS NULL", district_id, now
    )


async def select_to_replan(conn: Connection, now: datetime, most: int) -> list[Record]:
    """id, district_id of live follow-ups that are to be planned anew, the longest waiting first."""
    return await conn.fetch(
        """
        SELECT id, district_id FROM follow_ups
         WHERE replan_at <= $1 AND ended_at IS NULL
         ORDER BY replan_at, id
         LIMIT $2
        """,
        now,
        most,
    )


async def lock_follow_up(conn: Connection, follow_up_id: UUID) -> FollowUp | None:
    """Lock a follow-up until the transaction ends; whoever locks tasks locks them before."""
    row = await conn.fetchrow(f"SELECT {COLUMNS} FROM follow_ups WHERE id = $1 FOR NO KEY UPDATE", follow_up_id)
    return None if row is None else as_follow_up(row)


async def lock_follow_ups(conn: Connection, follow_up_ids: Sequence[UUID]) -> list[FollowUp]:
    """Lock these in id order."""
    rows = await conn.fetch(
        f"SELECT {COLUMNS} FROM follow_ups WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", follow_up_ids
    )
    return [as_follow_up(row) for row in rows]


async def select_over(conn: Connection, now: datetime, most: int) -> list[Record]:
    """id, district_id of live follow-ups whose last day is over and of which nothing is left to make or settle."""
    return await conn.fetch(
        """
        SELECT f.id, f.district_id
          FROM follow_ups f
         WHERE f.ended_at IS NULL AND f.over_at <= $1
           AND NOT EXISTS (SELECT FROM follow_up_occurrences o WHERE o.follow_up_id = f.id AND o.settled_at IS NULL)
         ORDER BY f.over_at
         LIMIT $2
        """,
        now,
        most,
    )


async def select_maybe_lost(conn: Connection, now: datetime, most: int) -> list[Record]:
    """id, district_id of live follow-ups whose subject was, as far as anybody looked, not seen for too long."""
    return await conn.fetch(
        """
        SELECT id, district_id FROM follow_ups
         WHERE ended_at IS NULL AND lost_at <= $1
         ORDER BY lost_at
         LIMIT $2
        """,
        now,
        most,
    )


async def select_last_seen(conn: Connection, subject_id: UUID, since: datetime) -> datetime | None:
    """When a visit last saw the subject, of those on tasks that were open at some time since then. None: never."""
    seen: datetime | None = await conn.fetchval(
        """
        SELECT max(v.corrected_at)
          FROM tasks t JOIN visits v ON v.task_id = t.id
         WHERE t.subject_id = $1 AND coalesce(t.closed_at, 'infinity'::timestamptz) >= $2
           AND v.struck_at IS NULL AND v.outcome IN ('seen_ok', 'seen_not_ok')
        """,
        subject_id,
        since,
    )
    return seen


async def select_planned_days(conn: Connection, follow_up_id: UUID) -> list[date]:
    """The days with something planned that was not withdrawn. What was made when it was over already (the worker was away) is nothing for
    which anybody could have come."""
    rows = await conn.fetch(
        """
        SELECT DISTINCT on_day FROM follow_up_occurrences
         WHERE follow_up_id = $1 AND withdrawn_at IS NULL AND (made_at IS NULL OR made_at < ends_at) ORDER BY on_day
        """,
        follow_up_id,
    )
    return [row["on_day"] for row in rows]
