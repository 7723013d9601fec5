"""What has been kept long enough, and its redaction: one statement a table, for a batch of ids.

Every statement asks again whether the row's time has come, so that a batch found long ago does no harm.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from shared.domain.district import DistrictSettings
from shared.domain.words import FollowUpStatus, Outcome, Trigger
from shared.store.connection import Connection, Record

BATCH = 500
"""Rows of one transaction: a few tenths of a second, for readers of events wait for the oldest transaction."""

_DAYS = f"make_interval(days => coalesce((d.settings ->> 'retention_days')::int, {DistrictSettings().retention_days}))"
_UNDER_FOLLOW_UP = "EXISTS (SELECT FROM follow_ups f WHERE f.subject_id = {} AND f.ended_at IS NULL)"
# Our own codes say what they say to everybody; whatever a person wrote may name somebody.
_CODES = sorted(
    {
        *Outcome,
        *Trigger,
        *(f"follow_up_{status}" for status in FollowUpStatus),
        *(
            "corrected",
            "follow_up_changed",
            "last_day_over",
            "nearer_contact",
            "not_seen",
            "occurrence_over",
            "window_over",
        ),
    }
)
_UNLESS_A_CODE = f"CASE WHEN {{0}} = ANY ('{{{{{','.join(_CODES)}}}}}') THEN {{0}} ELSE '' END"

# What → (table, its clock, what keeps it although its time has come).
_DUE = {
    "tasks": ("tasks", "closed_at", _UNDER_FOLLOW_UP.format("x.subject_id")),
    "visits": (
        "visits",
        "received_at",
        "NOT EXISTS (SELECT FROM tasks t WHERE t.id = x.task_id AND t.redacted_at IS NOT NULL)",
    ),
    "reports": ("reports", "received_at", "false"),
    "contacts": (
        "contacts",
        "updated_at",
        f"{_UNDER_FOLLOW_UP.format('x.subject_id')} OR {_UNDER_FOLLOW_UP.format('x.index_id')}",
    ),
    "follow_ups": ("follow_ups", "ended_at", "false"),
}
REDACTED = tuple(_DUE)


async def select_due(conn: Connection, what: str, now: datetime, most: int) -> Sequence[Record]:
    """Up to `most` batches of one of REDACTED: district_id, ids, `before` (their clock is before it) and what."""
    table, clock, kept = _DUE[what]
    return await conn.fetch(
        f"""
        SELECT due.district_id, due.before, $3::text AS what, array_agg(due.id ORDER BY due.place) AS ids
          FROM (SELECT d.id AS district_id, $1::timestamptz - {_DAYS} AS before, x.id, row_number() OVER (PARTITION BY d.id) - 1 AS place
                  FROM districts d
                 CROSS JOIN LATERAL (
                       SELECT x.id FROM {table} x
                        WHERE x.district_id = d.id AND x.redacted_at IS NULL AND x.{clock} < $1::timestamptz - {_DAYS} AND NOT ({kept})
                        ORDER BY x.{clock} LIMIT $2) x) due
         GROUP BY due.district_id, due.before, due.place / {BATCH}
         LIMIT $4
        """,
        now,
        most * BATCH,
        what,
        most,
    )


async def update_tasks(
    conn: Connection, task_ids: Sequence[UUID], *, closed_before: datetime, now: datetime
) -> list[Record]:
    """id, subject_id, household_id of those redacted. What somebody has locked just now is left for the next look."""
    return await conn.fetch(
        f"""
        WITH due AS (
            SELECT t.id FROM tasks t
             WHERE t.id = ANY($1) AND t.closed_at < $2 AND t.redacted_at IS NULL AND NOT {_UNDER_FOLLOW_UP.format("t.subject_id")}
             ORDER BY t.id FOR UPDATE SKIP LOCKED
        )
        UPDATE tasks t
           SET instructions = '', closed_reason = {_UNLESS_A_CODE.format("t.closed_reason")}, lat = NULL, lon = NULL, redacted_at = $3,
               version = version + 1, updated_at = $3
          FROM due WHERE t.id = due.id
        RETURNING t.id, t.subject_id, t.household_id
        """,
        task_ids,
        closed_before,
        now,
    )


async def update_end_notes(conn: Connection, task_ids: Sequence[UUID]) -> None:
    await conn.execute("UPDATE assignments SET end_note = '' WHERE task_id = ANY($1) AND end_note <> ''", task_ids)


async def update_handover_notes(conn: Connection, task_ids: Sequence[UUID]) -> None:
    await conn.execute("UPDATE handovers SET note = '' WHERE task_id = ANY($1) AND note <> ''", task_ids)


async def update_visits_of_tasks(
    conn: Connection, task_ids: Sequence[UUID], *, received_before: datetime, now: datetime
) -> None:
    await conn.execute(
        """
        UPDATE visits SET result = '{}', note = '', redacted_at = $3
         WHERE task_id = ANY($1) AND received_at < $2 AND redacted_at IS NULL
        """,
        task_ids,
        received_before,
        now,
    )


async def update_visits(conn: Connection, visit_ids: Sequence[UUID], *, now: datetime) -> int:
    """Visits that came when their task was redacted already; how many."""
    status = await conn.execute(
        "UPDATE visits SET result = '{}', note = '', redacted_at = $2 WHERE id = ANY($1) AND redacted_at IS NULL",
        visit_ids,
        now,
    )
    return int(status.split()[-1])


async def update_reports(conn: Connection, report_ids: Sequence[UUID], *, now: datetime) -> int:
    """What phones said, word for word. The hash stays, so that the same report said again still gets its answer: without what was wrong in
    it, which would quote it. How many."""
    status = await conn.execute(
        """
        UPDATE reports
           SET body = '{}', redacted_at = $2,
               answer = CASE WHEN jsonb_typeof(answer -> 'problem') = 'object'
                             THEN jsonb_set(answer, '{problem}', (answer -> 'problem') - 'errors' - 'detail') ELSE answer END
         WHERE id = ANY($1) AND redacted_at IS NULL
        """,
        report_ids,
        now,
    )
    return int(status.split()[-1])


async def update_contacts(
    conn: Connection, contact_ids: Sequence[UUID], *, before: datetime, now: datetime
) -> list[UUID]:
    """The subjects of those redacted, both of each."""
    rows = await conn.fetch(
        """
        UPDATE contacts SET note = '', said = '{}', redacted_at = $3
         WHERE id = ANY($1) AND updated_at < $2 AND redacted_at IS NULL
        RETURNING subject_id, index_id
        """,
        contact_ids,
        before,
        now,
    )
    return [subject_id for row in rows for subject_id in (row["subject_id"], row["index_id"])]


async def update_follow_ups(conn: Connection, follow_up_ids: Sequence[UUID], *, now: datetime) -> list[UUID]:
    """The subjects of those redacted."""
    rows = await conn.fetch(
        f"""
        UPDATE follow_ups SET end_reason = {_UNLESS_A_CODE.format("end_reason")}, redacted_at = $2
         WHERE id = ANY($1) AND ended_at IS NOT NULL AND redacted_at IS NULL
        RETURNING subject_id
        """,
        follow_up_ids,
        now,
    )
    return [row["subject_id"] for row in rows]


async def select_homes(conn: Connection, subject_ids: Collection[UUID]) -> list[UUID]:
    """The households in which these subjects live."""
    rows = await conn.fetch(
        "SELECT DISTINCT household_id FROM subjects WHERE id = ANY($1) AND household_id IS NOT NULL", list(subject_ids)
    )
    return [row["household_id"] for row in rows]


async def lock_households(conn: Connection, household_ids: Collection[UUID]) -> None:
    """Before it is asked whether anything needs them: whoever makes a task there waits until that is answered."""
    await conn.execute("SELECT FROM households WHERE id = ANY($1) ORDER BY id FOR UPDATE", list(household_ids))


async def lock_subjects(conn: Connection, subject_ids: Collection[UUID]) -> None:
    await conn.execute("SELECT FROM subjects WHERE id = ANY($1) ORDER BY id FOR UPDATE", list(subject_ids))


async def update_subjects(conn: Connection, subject_ids: Collection[UUID], *, now: datetime) -> int:
    """Those of these (locked) subjects of whom nothing that is kept tells; how many. Afterwards nobody is recognised as one of them."""
    status = await conn.execute(
        """
        UPDATE subjects s
           SET person = 'redacted:' || s.id, ref = NULL, name = '', phone = '', flags = '{}', household_id = NULL, redacted_at = $2,
               updated_at = $2
         WHERE s.id = ANY($1) AND s.redacted_at IS NULL
           AND NOT EXISTS (SELECT FROM tasks t WHERE t.subject_id = s.id AND t.redacted_at IS NULL)
           AND NOT EXISTS (SELECT FROM follow_ups f WHERE f.subject_id = s.id AND f.redacted_at IS NULL)
           AND NOT EXISTS (SELECT FROM contacts c WHERE c.subject_id = s.id AND c.redacted_at IS NULL)
           AND NOT EXISTS (SELECT FROM contacts c WHERE c.index_id = s.id AND c.redacted_at IS NULL)
        """,
        list(subject_ids),
        now,
    )
    return int(status.split()[-1])


async def update_households(conn: Connection, household_ids: Collection[UUID], *, now: datetime) -> int:
    """Those of these (locked) households that nobody of whom anything is kept lives in or is visited at; how many."""
    status = await conn.execute(
        """
        UPDATE households h
           SET door = 'redacted:' || h.id, ref = NULL, address = '', lat = NULL, lon = NULL, access_notes = '', redacted_at = $2,
               updated_at = $2
         WHERE h.id = ANY($1) AND h.redacted_at IS NULL
           AND NOT EXISTS (SELECT FROM tasks t WHERE t.household_id = h.id AND t.redacted_at IS NULL)
           AND NOT EXISTS (SELECT FROM subjects s WHERE s.household_id = h.id AND s.redacted_at IS NULL)
           AND NOT EXISTS (SELECT FROM pick_up_points p WHERE p.household_id = h.id)
        """,
        list(household_ids),
        now,
    )
    return int(status.split()[-1])
