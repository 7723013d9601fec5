"""Contacts: who was exposed to whom."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.contact import Contact
from shared.domain.words import ContactClass
from shared.store.connection import Connection, Record
from shared.store.patterns import contains

COLUMNS = (
    "id, district_id, index_id, subject_id, class, last_exposure, note, said, task_id, plan_wanted, follow_up_id, plan_refused, "
    "created_at, updated_at"
)


def as_contact(row: Record) -> Contact:
    """The contact in a row of COLUMNS."""
    fields: dict[str, Any] = dict(row)
    return Contact(contact_class=ContactClass(fields.pop("class")), **fields)


async def select_between(conn: Connection, district_id: UUID, subject_ids: Sequence[UUID]) -> list[Contact]:
    """The contacts of any of these people to any of them."""
    rows = await conn.fetch(
        f"SELECT {COLUMNS} FROM contacts WHERE district_id = $1 AND subject_id = ANY($2) AND index_id = ANY($2) ORDER BY id",
        district_id,
        subject_ids,
    )
    return [as_contact(row) for row in rows]


async def insert_contacts(conn: Connection, made: Sequence[Contact]) -> None:
    """Write new contacts."""
    await conn.executemany(
        """
        INSERT INTO contacts (id, district_id, index_id, subject_id, class, last_exposure, note, said, plan_wanted, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        [
            (
                contact.id,
                contact.district_id,
                contact.index_id,
                contact.subject_id,
                contact.contact_class,
                contact.last_exposure,
                contact.note,
                dict(contact.said),
                contact.plan_wanted,
                contact.created_at,
                contact.updated_at,
            )
            for contact in made
        ],
    )


async def update_contacts(conn: Connection, changed: Sequence[Contact]) -> None:
    """Write what is known now of these contacts."""
    await conn.executemany(
        """
        UPDATE contacts
           SET class = $2, last_exposure = $3, note = $4, said = $5, plan_wanted = $6, updated_at = $7, redacted_at = NULL
         WHERE id = $1
        """,
        [
            (
                contact.id,
                contact.contact_class,
                contact.last_exposure,
                contact.note,
                dict(contact.said),
                contact.plan_wanted,
                contact.updated_at,
            )
            for contact in changed
        ],
    )


async def update_tasks_of_contacts(conn: Connection, tasks: Mapping[UUID, UUID]) -> None:
    """Contact → the task by which the person is asked."""
    await conn.execute(
        """
        UPDATE contacts c SET task_id = n.task_id
          FROM unnest($1::uuid[], $2::uuid[]) AS n (id, task_id)
         WHERE c.id = n.id
        """,
        list(tasks),
        list(tasks.values()),
    )


async def select_open_tasks(
    conn: Connection, subject_ids: Sequence[UUID], kind_ids: Sequence[UUID]
) -> dict[UUID, UUID]:
    """Subject → an open task of one of these kinds about them."""
    rows = await conn.fetch(
        """
        SELECT n.id AS subject_id, t.id
          FROM unnest($1::uuid[]) AS n (id) CROSS JOIN LATERAL (
               SELECT id FROM tasks
                WHERE subject_id = n.id AND closed_at IS NULL AND kind_id = ANY($2) ORDER BY due_at LIMIT 1) t
        """,
        subject_ids,
        kind_ids,
    )
    return {row["subject_id"]: row["id"] for row in rows}


async def select_districts_to_plan(conn: Connection, now: datetime, most: int) -> Sequence[Record]:
    """district_id of districts with contacts to whom the policy on follow-ups is still to be applied."""
    return await conn.fetch(
        "SELECT DISTINCT district_id FROM contacts WHERE plan_wanted AND created_at <= $1 LIMIT $2", now, most
    )


async def select_waiting_for_plan(conn: Connection, district_id: UUID, now: datetime, most: int) -> list[Contact]:
    """A district's contacts to whom the policy on follow-ups is still to be applied, locked, oldest first. What an import is changing just
    now is left for the next look."""
    rows = await conn.fetch(
        f"""
        SELECT {COLUMNS} FROM contacts
         WHERE plan_wanted AND district_id = $1 AND created_at <= $2 ORDER BY created_at, id LIMIT $3
           FOR NO KEY UPDATE SKIP LOCKED
        """,
        district_id,
        now,
        most,
    )
    return [as_contact(row) for row in rows]


async def update_planned(conn: Connection, planned: Mapping[UUID, tuple[UUID | None, str | None]]) -> None:
    """The policy was applied: contact → the follow-up that the person is under, and why there is none or another than it wanted."""
    await conn.execute(
        """
        UPDATE contacts c SET plan_wanted = false, follow_up_id = n.follow_up_id, plan_refused = n.refused
          FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS n (id, follow_up_id, refused)
         WHERE c.id = n.id AND c.plan_wanted
        """,
        list(planned),
        [follow_up_id for follow_up_id, _ in planned.values()],
        [refused for _, refused in planned.values()],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFilter:
    """Which contacts a list shows; None: no matter. `reached`: whether somebody spoke with or saw the person since; `q` is part of the
    person's name or phone."""

    districts: Collection[UUID] | None
    index_id: UUID | None = None
    subject_id: UUID | None = None
    contact_class: str | None = None
    reached: bool | None = None
    q: str | None = None


_REACHED = """EXISTS (
               SELECT FROM visits v JOIN tasks r ON r.id = v.task_id
                WHERE r.subject_id = c.subject_id AND v.struck_at IS NULL AND v.outcome IN ('seen_ok', 'seen_not_ok')
                  AND v.received_at >= c.created_at)"""


async def select_contacts(conn: Connection, wanted: ContactFilter, *, after: UUID | None, limit: int) -> list[Record]:
    """Contacts behind id `after`, in id order: COLUMNS, the people's names, phones and refs, the address, how the task and the follow-up
    stand, and whether the person was reached; redacted_at: when it lost what it told."""
    own = ", ".join(f"c.{name.strip()}" for name in COLUMNS.split(","))
    return await conn.fetch(
        f"""
        SELECT {own}, c.redacted_at, i.name AS index_name, i.phone AS index_phone, i.ref AS index_ref,
               s.name, s.phone, s.ref, s.household_id, h.address,
               t.status AS task_status, t.due_at AS task_due_at, t.attempts AS task_attempts, k.code AS task_kind, t.team_id,
               (SELECT v.outcome FROM visits v WHERE v.task_id = c.task_id AND v.struck_at IS NULL
                 ORDER BY v.received_at DESC LIMIT 1) AS task_outcome,
               f.status AS follow_up_status, p.code AS protocol, {_REACHED} AS reached
          FROM contacts c
          JOIN subjects i ON i.id = c.index_id
          JOIN subjects s ON s.id = c.subject_id
          LEFT JOIN households h ON h.id = s.household_id
          LEFT JOIN tasks t ON t.id = c.task_id
          LEFT JOIN kinds k ON k.id = t.kind_id
          LEFT JOIN follow_ups f ON f.id = c.follow_up_id
          LEFT JOIN protocols p ON p.id = f.protocol_id
         WHERE ($1::uuid[] IS NULL OR c.district_id = ANY($1))
           AND ($2::uuid IS NULL OR c.index_id = $2)
           AND ($3::uuid IS NULL OR c.subject_id = $3)
           AND ($4::text IS NULL OR c.class = $4)
           AND ($5::boolean IS NULL OR {_REACHED} = $5)
           AND ($6::text IS NULL OR (s.name || ' ' || s.phone) ILIKE $6)
           AND ($7::uuid IS NULL OR c.id > $7)
         ORDER BY c.id
         LIMIT $8
        """,
        None if wanted.districts is None else list(wanted.districts),
        wanted.index_id,
        wanted.subject_id,
        wanted.contact_class,
        wanted.reached,
        contains(wanted.q),
        after,
        limit,
    )


async def select_index_persons(
    conn: Connection, districts: Collection[UUID] | None, *, q: str | None, after: UUID | None, limit: int
) -> list[Record]:
    """People to whom others were exposed, behind id `after`, in id order: id, district_id, name, phone, ref, and how many contacts they
    have, how many of them close, how many reached."""
    return await conn.fetch(
        f"""
        SELECT s.id, s.district_id, s.name, s.phone, s.ref, n.contacts, n.close, n.reached, n.latest_exposure
          FROM subjects s CROSS JOIN LATERAL (
               SELECT count(*) AS contacts, count(*) FILTER (WHERE c.class = 'close') AS close,
                      count(*) FILTER (WHERE {_REACHED}) AS reached, max(c.last_exposure) AS latest_exposure
                 FROM contacts c WHERE c.index_id = s.id) n
         WHERE s.id IN (SELECT index_id FROM contacts WHERE $1::uuid[] IS NULL OR district_id = ANY($1))
           AND ($2::text IS NULL OR (s.name || ' ' || s.phone) ILIKE $2)
           AND ($3::uuid IS NULL OR s.id > $3)
         ORDER BY s.id
         LIMIT $4
        """,
        None if districts is None else list(districts),
        contains(q),
        after,
        limit,
    )
