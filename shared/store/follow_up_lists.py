"""Read views of follow-ups: lists for people, the ledger of a day, one with all that it has due."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.domain.follow_up import FollowUp
from shared.store.connection import Connection, Record
from shared.store.follow_ups import COLUMNS, as_follow_up
from shared.store.patterns import contains

_NAMES = tuple(name.strip() for name in COLUMNS.split(","))
_OF_FOLLOW_UP = ", ".join(f"f.{name}" for name in _NAMES)

# How often an item `i` of a ledger is due on the day `on_day` (a date) of `f` in district `d`, and how often it was done. A visit counts
# for the day of its occurrence, else for the day on which it was; of one task it counts once. What is looked up by an id is looked up in a
# subquery of its own: joined, a plan made while tables were small reads them whole for each person.
_DUE = """
    CASE WHEN on_day NOT BETWEEN f.first_day AND f.last_day THEN 0
         WHEN i.item ->> 'expected' = 'daily' THEN 1
         WHEN i.item ->> 'expected' = 'as_planned' THEN (
              SELECT count(*)::int
                FROM follow_up_occurrences o
               WHERE o.follow_up_id = f.id AND o.on_day = on_day.on_day AND o.withdrawn_at IS NULL
                 AND i.item -> 'kind_ids' ? o.kind_id::text
                 AND (SELECT t.status FROM tasks t WHERE t.id = o.task_id) IS DISTINCT FROM 'cancelled')
         ELSE 0
    END
"""
_DONE = """
    (SELECT count(*)::int
       FROM tasks t
      WHERE t.subject_id = f.subject_id
        AND coalesce(t.closed_at, 'infinity'::timestamptz) >= (on_day.on_day - 1)::timestamp AT TIME ZONE d.time_zone
        AND i.item -> 'kind_ids' ? t.kind_id::text
        AND (SELECT true
               FROM visits v
              WHERE v.task_id = t.id AND v.struck_at IS NULL AND v.outcome IN ('seen_ok', 'seen_not_ok')
                AND coalesce((SELECT o.on_day FROM follow_up_occurrences o WHERE o.task_id = t.id AND o.follow_up_id = f.id),
                             (v.corrected_at AT TIME ZONE d.time_zone)::date) = on_day.on_day
                AND (i.item ->> 'field' IS NULL
                     OR v.result ? (i.item ->> 'field')
                        AND (i.item -> 'value' = 'null'::jsonb OR v.result -> (i.item ->> 'field') = i.item -> 'value'))
              LIMIT 1))
"""
_ITEMS = "jsonb_array_elements(f.ledger) WITH ORDINALITY AS i (item, place)"
_LACKS = f"EXISTS (SELECT FROM {_ITEMS} WHERE CASE WHEN {_DUE} > 0 THEN {_DONE} < {_DUE} ELSE false END)"
_LEDGER = f"""
    coalesce((SELECT jsonb_agg(jsonb_build_object('code', i.item ->> 'code', 'due', {_DUE}, 'done', {_DONE}) ORDER BY i.place)
                FROM {_ITEMS}), '[]') AS ledger_of_day
"""
_PERSON = """
       p.code AS protocol, p.names AS protocol_names, s.ref AS subject_ref, s.name AS subject_name, s.phone AS subject_phone,
       s.flags AS subject_flags, h.id AS household_id, h.address, h.grid_id, h.lat, h.lon, on_day.on_day
"""
_JOINED = """
  FROM follow_ups f
  JOIN districts d ON d.id = f.district_id
  JOIN subjects s ON s.id = f.subject_id
  LEFT JOIN households h ON h.id = s.household_id
  LEFT JOIN protocols p ON p.id = f.protocol_id
"""
_STANDING = """
       (SELECT count(*)::int FROM follow_up_occurrence_states o WHERE o.follow_up_id = f.id AND o.state = 'missed') AS missed,
       (SELECT max(v.corrected_at)
          FROM tasks t JOIN visits v ON v.task_id = t.id
         WHERE t.subject_id = f.subject_id AND coalesce(t.closed_at, 'infinity'::timestamptz) >= f.started_at
           AND v.struck_at IS NULL AND v.outcome IN ('seen_ok', 'seen_not_ok')) AS last_seen_at,
       (SELECT to_jsonb(n) FROM (
               SELECT k.code AS kind, k.names, o.opens_at, o.due_at, o.task_id
                 FROM follow_up_occurrence_states o JOIN kinds k ON k.id = o.kind_id
                WHERE o.follow_up_id = f.id AND o.state IN ('planned', 'open') AND f.ended_at IS NULL AND o.ends_at > $1
                ORDER BY o.opens_at, o.id LIMIT 1) n) AS next
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpFilter:
    """Which follow-ups a list shows; None and empty: no matter. `q` is part of the subject's name or phone, or of the address.

    `missing_today`: whether the ledger of the district's today lacks something.
    """

    districts: Collection[UUID] | None
    ids: Collection[UUID] = ()
    statuses: Collection[str] = ()
    protocol: str | None = None
    subject_id: UUID | None = None
    grid_id: UUID | None = None
    missing_today: bool | None = None
    q: str | None = None


async def select_follow_ups_listed(
    conn: Connection, wanted: FollowUpFilter, *, now: datetime, before: UUID | None, limit: int
) -> list[tuple[FollowUp, Record]]:
    """Follow-ups with smaller ids than `before`, the newest first, each with person, protocol, ledger of today, next, missed, last_seen_at.

    Whether something is missing is only asked of those that everything else lets through.
    """
    conditions, values = _conditions(wanted, before)
    rows = await conn.fetch(
        f"""
        SELECT {_OF_FOLLOW_UP}, {_PERSON}, {_LEDGER}, {_STANDING}
        {_JOINED}
         CROSS JOIN LATERAL (SELECT ($1::timestamptz AT TIME ZONE d.time_zone)::date) AS on_day (on_day)
         WHERE {" AND ".join(conditions)}
         ORDER BY f.id DESC
         LIMIT {int(limit)}
        """,
        now,
        *values,
    )
    return [_shown(row) for row in rows]


async def select_ledger_of_district(
    conn: Connection,
    district_id: UUID,
    *,
    day: date,
    missing: bool | None,
    grid_id: UUID | None,
    before: UUID | None,
    limit: int,
) -> list[tuple[FollowUp, Record]]:
    """The follow-ups that had that day, with smaller ids than `before`, the newest first, each with person, protocol, ledger of the day."""
    rows = await conn.fetch(
        f"""
        SELECT {_OF_FOLLOW_UP}, {_PERSON}, {_LEDGER}
        {_JOINED}
         CROSS JOIN LATERAL (SELECT $2::date) AS on_day (on_day)
         WHERE f.district_id = $1 AND f.first_day <= $2 AND f.last_day >= $2
           AND (f.started_at AT TIME ZONE d.time_zone)::date <= $2
           AND (f.ended_at IS NULL OR (f.ended_at AT TIME ZONE d.time_zone)::date >= $2)
           AND ($3::uuid IS NULL OR h.grid_id = $3)
           AND ($4::uuid IS NULL OR f.id < $4)
           AND ($5::bool IS NULL OR {_LACKS} = $5)
         ORDER BY f.id DESC
         LIMIT $6
        """,
        district_id,
        day,
        grid_id,
        before,
        missing,
        limit,
    )
    return [_shown(row) for row in rows]


async def select_ledger(conn: Connection, follow_up_id: UUID, until: date) -> list[Record]:
    """day (1: the first), on_day and ledger_of_day of each day of a follow-up until that one, or until it ended."""
    return await conn.fetch(
        f"""
        SELECT on_day.on_day - f.first_day + 1 AS day, on_day.on_day, {_LEDGER}
          FROM follow_ups f
          JOIN districts d ON d.id = f.district_id
         CROSS JOIN LATERAL (
               SELECT n::date FROM generate_series(
                   f.first_day, least(f.last_day, $2, (f.ended_at AT TIME ZONE d.time_zone)::date), interval '1 day') AS n
               ) AS on_day (on_day)
         WHERE f.id = $1
         ORDER BY on_day.on_day
        """,
        follow_up_id,
        until,
    )


async def select_occurrences(conn: Connection, follow_up_id: UUID) -> list[Record]:
    """All that a follow-up has and had due, by opening: kind, names, day, on_day, minute, opens_at, due_at, ends_at, state, task_id,
    refused, missed_at."""
    return await conn.fetch(
        """
        SELECT k.code AS kind, k.names, o.day, o.on_day, o.minute, o.opens_at, o.due_at, o.ends_at, o.state, o.task_id, o.refused,
               o.missed_at
          FROM follow_up_occurrence_states o JOIN kinds k ON k.id = o.kind_id
         WHERE o.follow_up_id = $1
         ORDER BY o.opens_at, o.id
        """,
        follow_up_id,
    )


def _shown(row: Record) -> tuple[FollowUp, Record]:
    return as_follow_up({name: row[name] for name in _NAMES}), row


def _conditions(wanted: FollowUpFilter, before: UUID | None) -> tuple[list[str], list[Any]]:
    """SQL for what is asked, and its parameters from $2 on. Only what is asked is said, so that each list finds its own index; one district
    is said by `=`, for then the index by district and id gives the order too."""
    several = None if wanted.districts is None or len(wanted.districts) == 1 else list(wanted.districts)
    alone = next(iter(wanted.districts)) if wanted.districts is not None and several is None else None
    only_live = set(wanted.statuses) == {"under_follow_up"}
    said: list[tuple[str, Any]] = [
        ("f.district_id = {}", alone),
        ("f.district_id = ANY({})", several),
        ("f.id = ANY({})", list(wanted.ids) or None),
        ("f.status = ANY({})" + " AND f.ended_at IS NULL" * only_live, list(wanted.statuses) or None),
        ("p.code = {}", wanted.protocol),
        ("f.subject_id = {}", wanted.subject_id),
        ("h.grid_id = {}", wanted.grid_id),
        ("(s.name || ' ' || s.phone ILIKE {0} OR h.address ILIKE {0})", contains(wanted.q)),
        ("f.id < {}", before),
        (f"(f.ended_at IS NULL AND {_LACKS}) = {{}}", wanted.missing_today),
    ]
    asked = [(condition, value) for condition, value in said if value is not None]
    conditions = [condition.format(f"${number}") for number, (condition, _) in enumerate(asked, start=2)]
    return conditions or ["true"], [value for _, value in asked]
