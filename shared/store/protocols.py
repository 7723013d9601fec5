"""Protocols: the templates of follow-ups."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from shared.domain.protocol import Protocol
from shared.store.connection import Connection, Record
from shared.store.patterns import contains
from shared.store.plan_json import ledger_from_json, ledger_to_json, lines_from_json, lines_to_json

COLUMNS = "id, district_id, code, names, days, lines, ledger, lost_after_days, for_contacts, active, created_at"


def as_protocol(row: Record) -> Protocol:
    """The protocol in a row of COLUMNS."""
    return Protocol(
        **{
            **row,
            "lines": lines_from_json(row["lines"]),
            "ledger": ledger_from_json(row["ledger"]),
            "for_contacts": tuple(row["for_contacts"]),
        }
    )


async def insert_protocol(conn: Connection, protocol: Protocol) -> Protocol:
    """Write a new protocol."""
    row = await conn.fetchrow(
        f"""
        INSERT INTO protocols (id, district_id, code, names, days, lines, ledger, lost_after_days, for_contacts, active)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        RETURNING {COLUMNS}
        """,
        protocol.id,
        protocol.district_id,
        *_set_by_people(protocol),
    )
    assert row is not None  # noqa: S101 - what is inserted is returned
    return as_protocol(row)


async def update_protocol(conn: Connection, protocol: Protocol) -> Protocol:
    """Write a protocol; the caller holds its lock."""
    row = await conn.fetchrow(
        f"""
        UPDATE protocols
           SET code = $2, names = $3, days = $4, lines = $5, ledger = $6, lost_after_days = $7, for_contacts = $8, active = $9
         WHERE id = $1
        RETURNING {COLUMNS}
        """,
        protocol.id,
        *_set_by_people(protocol),
    )
    assert row is not None  # noqa: S101 - the caller holds the row's lock
    return as_protocol(row)


def _set_by_people(protocol: Protocol) -> tuple[Any, ...]:
    return (
        protocol.code,
        protocol.names,
        protocol.days,
        lines_to_json(protocol.lines),
        ledger_to_json(protocol.ledger),
        protocol.lost_after_days,
        list(protocol.for_contacts),
        protocol.active,
    )


async def lock_protocol(conn: Connection, protocol_id: UUID) -> Protocol | None:
    row = await conn.fetchrow(f"SELECT {COLUMNS} FROM protocols WHERE id = $1 FOR NO KEY UPDATE", protocol_id)
    return None if row is None else as_protocol(row)


async def select_protocol(conn: Connection, protocol_id: UUID) -> Protocol | None:
    row = await conn.fetchrow(f"SELECT {COLUMNS} FROM protocols WHERE id = $1", protocol_id)
    return None if row is None else as_protocol(row)


async def select_protocols_by_code(conn: Connection, district_id: UUID, codes: Collection[str]) -> dict[str, Protocol]:
    """code → protocol of those that there are, inactive ones included."""
    rows = await conn.fetch(
        f"SELECT {COLUMNS} FROM protocols WHERE district_id = $1 AND code = ANY($2)", district_id, list(codes)
    )
    return {row["code"]: as_protocol(row) for row in rows}


async def select_protocol_for_contacts(conn: Connection, district_id: UUID, contact_class: str) -> Protocol | None:
    """The protocol in use that contacts of this class get by themselves; the first by code where there are several."""
    row = await conn.fetchrow(
        f"""
        SELECT {COLUMNS} FROM protocols
         WHERE district_id = $1 AND active AND $2 = ANY (for_contacts)
         ORDER BY code LIMIT 1
        """,
        district_id,
        contact_class,
    )
    return None if row is None else as_protocol(row)


async def select_protocols(
    conn: Connection,
    districts: Collection[UUID] | None,
    *,
    q: str | None,
    active: bool | None,
    after: UUID | None,
    limit: int,
) -> list[Protocol]:
    """Protocols of these districts (None: of all) behind id `after`, in id order; `q` is part of code and names."""
    rows = await conn.fetch(
        f"""
        SELECT {COLUMNS}
          FROM protocols
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
    return [as_protocol(row) for row in rows]
