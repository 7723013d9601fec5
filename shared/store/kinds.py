"""Kinds and the versions of their result forms."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from shared.domain.kind import Kind
from shared.domain.words import Channel
from shared.store.connection import Connection, Record
from shared.store.patterns import contains

COLUMNS = (
    "id, district_id, code, names, channel, service_s, required_roles, required_capabilities, due_after_s, priority,"
    " max_attempts, retry_after_s, retry_elsewhen, expires, suit, follow_on, then_follow_up, raises_alarm, quick_s, far_m, form_version,"
    " active, created_at"
)


def as_kind(row: Record | dict[str, Any]) -> Kind:
    """The kind in a row of COLUMNS."""
    return Kind(
        **{
            **row,
            "channel": Channel(row["channel"]),
            "required_roles": tuple(row["required_roles"]),
            "required_capabilities": tuple(row["required_capabilities"]),
            "follow_on": {trigger: tuple(codes) for trigger, codes in row["follow_on"].items()},
            "raises_alarm": tuple(row["raises_alarm"]),
        }
    )


async def insert_kind(conn: Connection, kind: Kind) -> Kind:
    """Write a new kind, without its form."""
    row = await conn.fetchrow(
        f"""
        INSERT INTO kinds (id, district_id, code, names, channel, service_s, required_roles, required_capabilities,
                           due_after_s, priority, max_attempts, retry_after_s, retry_elsewhen, expires, follow_on, then_follow_up,
                           raises_alarm, quick_s, far_m, suit, form_version, active)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
        RETURNING {COLUMNS}
        """,
        kind.id,
        kind.district_id,
        *_set_by_people(kind),
        kind.form_version,
        kind.active,
    )
    assert row is not None  # noqa: S101 - what is inserted is returned
    return as_kind(row)


async def update_kind(conn: Connection, kind: Kind) -> Kind:
    """Write a kind; the caller holds its lock."""
    row = await conn.fetchrow(
        f"""
        UPDATE kinds
           SET code = $2, names = $3, channel = $4, service_s = $5, required_roles = $6, required_capabilities = $7, due_after_s = $8,
               priority = $9, max_attempts = $10, retry_after_s = $11, retry_elsewhen = $12, expires = $13, follow_on = $14,
               then_follow_up = $15, raises_alarm = $16, quick_s = $17, far_m = $18, suit = $19, form_version = $20, active = $21
         WHERE id = $1
        RETURNING {COLUMNS}
        """,
        kind.id,
        *_set_by_people(kind),
        kind.form_version,
        kind.active,
    )
    assert row is not None  # noqa: S101 - the caller holds the row's lock
    return as_kind(row)


def _set_by_people(kind: Kind) -> tuple[Any, ...]:
    return (
        kind.code,
        kind.names,
        kind.channel,
        kind.service_s,
        list(kind.required_roles),
        list(kind.required_capabilities),
        kind.due_after_s,
        kind.priority,
        kind.max_attempts,
        kind.retry_after_s,
        kind.retry_elsewhen,
        kind.expires,
        kind.follow_on,
        kind.then_follow_up,
        list(kind.raises_alarm),
        kind.quick_s,
        kind.far_m,
        kind.suit,
    )


async def lock_kind(conn: Connection, kind_id: UUID) -> Kind | None:
    """Lock a kind until the transaction ends: one new form version at a time."""
    row = await conn.fetchrow(f"SELECT {COLUMNS} FROM kinds WHERE id = $1 FOR NO KEY UPDATE", kind_id)
    return None if row is None else as_kind(row)


async def select_kind(conn: Connection, kind_id: UUID) -> Kind | None:
    row = await conn.fetchrow(f"SELECT {COLUMNS} FROM kinds WHERE id = $1", kind_id)
    return None if row is None else as_kind(row)


async def select_kinds_by_id(conn: Connection, kind_ids: Collection[UUID]) -> dict[UUID, Kind]:
    """id → kind of those that there are."""
    rows = await conn.fetch(f"SELECT {COLUMNS} FROM kinds WHERE id = ANY($1)", list(kind_ids))
    return {row["id"]: as_kind(row) for row in rows}


async def select_all_kinds(conn: Connection, district_id: UUID) -> list[Kind]:
    """Every kind of a district, inactive ones included."""
    rows = await conn.fetch(f"SELECT {COLUMNS} FROM kinds WHERE district_id = $1 ORDER BY code", district_id)
    return [as_kind(row) for row in rows]


async def select_kinds(
    conn: Connection,
    districts: Collection[UUID] | None,
    *,
    q: str | None,
    active: bool | None,
    after: UUID | None,
    limit: int,
) -> list[Kind]:
    """Kinds of these districts (None: of all) behind id `after`, in id order; `q` is part of code and names."""
    rows = await conn.fetch(
        f"""
        SELECT {COLUMNS}
          FROM kinds
         WHERE ($1::uuid[] IS NULL OR district_id = ANY($1))
           AND ($2::text IS NULL OR code ILIKE $2 OR EXISTS (SELECT FROM jsonb_each_text(names) AS n WHERE n.value ILIKE $2))
           AND ($3::bool IS NULL OR active = $3)
           AND ($4::uuid IS NULL OR id > $4)
         ORDER BY id
         LIMIT $5
        """,
        None if districts is None else list(districts),
        contains(q),
        active,
        after,
        limit,
    )
    return [as_kind(row) for row in rows]


async def select_codes_beyond_slots(conn: Connection, district_id: UUID, slots: Sequence[str]) -> list[str]:
    """The kinds that require a role which is not among `slots`."""
    rows = await conn.fetch(
        "SELECT code FROM kinds WHERE district_id = $1 AND NOT required_roles <@ $2 ORDER BY code",
        district_id,
        list(slots),
    )
    return [row["code"] for row in rows]


async def insert_form(conn: Connection, kind_id: UUID, version: int, schema: Mapping[str, Any]) -> None:
    await conn.execute(
        "INSERT INTO kind_forms (kind_id, version, schema) VALUES ($1, $2, $3)", kind_id, version, schema
    )


async def select_form(conn: Connection, kind_id: UUID, version: int) -> dict[str, Any] | None:
    """The JSON Schema of one version of a kind's form."""
    schema: dict[str, Any] | None = await conn.fetchval(
        "SELECT schema FROM kind_forms WHERE kind_id = $1 AND version = $2", kind_id, version
    )
    return schema


async def select_form_versions(conn: Connection, kind_id: UUID) -> list[Record]:
    """version and created_at of each version of a kind's form, oldest first."""
    return await conn.fetch("SELECT version, created_at FROM kind_forms WHERE kind_id = $1 ORDER BY version", kind_id)
