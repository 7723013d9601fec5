"""Subjects: the people that tasks are about."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from shared.domain.household import Subject
from shared.store.connection import Connection, Record
from shared.store.patterns import contains

COLUMNS = "id, district_id, person, ref, name, phone, flags, household_id, created_at, updated_at, redacted_at"
_MOST_AT_ONE_PHONE = 50  # a care home's switchboard has hundreds: beyond so many a phone tells nobody apart


def _subject(row: Record) -> Subject:
    return Subject(**row)


async def upsert_subjects(conn: Connection, district_id: UUID, subjects: Sequence[Subject]) -> list[Record]:
    """Find or make the subjects of these mentions, each person once; what a mention leaves blank stays as it was known, flags are added.

    Returns person, id, phone, household_id in no particular order. `id` of a mention is used where its person is new.
    """
    ordered = sorted(subjects, key=lambda subject: subject.person)
    return await conn.fetch(
        """
        INSERT INTO subjects AS s (id, district_id, person, ref, name, phone, flags, household_id)
        SELECT g.id, $1, g.person, g.ref, g.name, g.phone, g.flags, g.household_id
          FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::uuid[])
            AS g (id, person, ref, name, phone, flags, household_id)
        ON CONFLICT (district_id, person) DO UPDATE
           SET name = coalesce(nullif(excluded.name, ''), s.name),
               phone = coalesce(nullif(excluded.phone, ''), s.phone),
               flags = s.flags || excluded.flags,
               household_id = coalesce(excluded.household_id, s.household_id),
               updated_at = now()
        RETURNING s.person, s.id, s.phone, s.household_id
        """,
        district_id,
        [s.id for s in ordered],
        [s.person for s in ordered],
        [s.ref for s in ordered],
        [s.name for s in ordered],
        [s.phone for s in ordered],
        [s.flags for s in ordered],
        [s.household_id for s in ordered],
    )


async def insert_subject(conn: Connection, subject: Subject) -> Subject:
    """Write a new subject."""
    row = await conn.fetchrow(
        f"""
        INSERT INTO subjects (id, district_id, person, ref, name, phone, flags, household_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        RETURNING {COLUMNS}
        """,
        subject.id,
        subject.district_id,
        subject.person,
        subject.ref,
        subject.name,
        subject.phone,
        subject.flags,
        subject.household_id,
    )
    assert row is not None  # noqa: S101 - what is inserted is returned
    return _subject(row)


async def update_subject(conn: Connection, subject: Subject, now: datetime) -> Subject:
    """Write a subject; the caller holds its lock."""
    row = await conn.fetchrow(
        f"""
        UPDATE subjects
           SET person = $2, ref = $3, name = $4, phone = $5, flags = $6, household_id = $7, updated_at = $8
         WHERE id = $1
        RETURNING {COLUMNS}
        """,
        subject.id,
        subject.person,
        subject.ref,
        subject.name,
        subject.phone,
        subject.flags,
        subject.household_id,
        now,
    )
    assert row is not None  # noqa: S101 - the caller holds the row's lock
    return _subject(row)


async def update_home(conn: Connection, subject_id: UUID, household_id: UUID, now: datetime) -> None:
    """A subject lives there now."""
    await conn.execute(
        "UPDATE subjects SET household_id = $2, updated_at = $3 WHERE id = $1", subject_id, household_id, now
    )


async def lock_subject(conn: Connection, subject_id: UUID) -> Subject | None:
    row = await conn.fetchrow(
        f"SELECT {COLUMNS} FROM subjects WHERE id = $1 AND redacted_at IS NULL FOR NO KEY UPDATE", subject_id
    )
    return None if row is None else _subject(row)


async def select_subject(conn: Connection, subject_id: UUID) -> Subject | None:
    row = await conn.fetchrow(f"SELECT {COLUMNS} FROM subjects WHERE id = $1", subject_id)
    return None if row is None else _subject(row)


async def select_subjects(
    conn: Connection,
    districts: Collection[UUID] | None,
    *,
    q: str | None,
    ref: str | None,
    household_id: UUID | None,
    after: UUID | None,
    limit: int,
) -> list[Subject]:
    """Subjects of these districts (None: of all) behind id `after`, in id order; `q` is part of name and phone."""
    rows = await conn.fetch(
        f"""
        SELECT {COLUMNS}
          FROM subjects
         WHERE redacted_at IS NULL
           AND ($1::uuid[] IS NULL OR district_id = ANY($1))
           AND ($2::text IS NULL OR (name || ' ' || phone) ILIKE $2)
           AND ($3::text IS NULL OR ref = $3)
           AND ($4::uuid IS NULL OR household_id = $4)
           AND ($5::uuid IS NULL OR id > $5)
         ORDER BY id
         LIMIT $6
        """,
        None if districts is None else list(districts),
        contains(q),
        ref,
        household_id,
        after,
        limit,
    )
    return [_subject(row) for row in rows]


async def select_mentioned(conn: Connection, district_id: UUID, subject_ids: Sequence[UUID]) -> list[Record]:
    """id, phone, household_id of those of these subjects that are in the district."""
    return await conn.fetch(
        "SELECT id, phone, household_id FROM subjects WHERE district_id = $1 AND id = ANY($2) AND redacted_at IS NULL",
        district_id,
        subject_ids,
    )


async def lock_meant(
    conn: Connection,
    district_id: UUID,
    *,
    ids: Sequence[UUID],
    refs: Sequence[str],
    dialled: Sequence[str],
    persons: Sequence[str],
) -> list[Subject]:
    """The district's subjects with one of these ids, refs, keys or phones (their last eleven digits), locked in the order of `person`.

    LATERAL holds the planner to one look into an index per name.
    """
    rows = await conn.fetch(
        f"""
        SELECT {COLUMNS} FROM subjects WHERE redacted_at IS NULL AND id IN (
               SELECT s.id FROM subjects s WHERE s.district_id = $1 AND s.id = ANY($2)
                UNION
               SELECT x.id FROM unnest($3::text[]) AS n (ref) CROSS JOIN LATERAL (
                      SELECT id FROM subjects s WHERE s.district_id = $1 AND s.ref = n.ref LIMIT 1) x
                UNION
               SELECT x.id FROM unnest($4::text[]) AS n (dialled) CROSS JOIN LATERAL (
                      SELECT id FROM subjects s
                       WHERE s.district_id = $1 AND right(translate(s.phone, '+ ()-', ''), 11) = n.dialled AND s.phone <> ''
                       LIMIT {_MOST_AT_ONE_PHONE}) x
                UNION
               SELECT x.id FROM unnest($5::text[]) AS n (person) CROSS JOIN LATERAL (
                      SELECT id FROM subjects s WHERE s.district_id = $1 AND s.person = n.person LIMIT 1) x)
         ORDER BY person
           FOR NO KEY UPDATE
        """,
        district_id,
        ids,
        refs,
        dialled,
        persons,
    )
    return [_subject(row) for row in rows]


async def update_subjects(conn: Connection, filled: Sequence[Subject], now: datetime) -> None:
    """Write what is known now of these subjects; the caller holds their locks."""
    await conn.executemany(
        """
        UPDATE subjects SET person = $2, ref = $3, name = $4, phone = $5, flags = $6, household_id = $7, updated_at = $8 WHERE id = $1
        """,
        [(s.id, s.person, s.ref, s.name, s.phone, dict(s.flags), s.household_id, now) for s in filled],
    )
