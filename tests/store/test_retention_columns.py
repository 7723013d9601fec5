"""Every column that could hold a person's words or whereabouts is declared: lost after retention, or nobody's in particular.

A column that is added and not declared here fails; one that is declared as lost and is not lost fails too.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from services.standalone.postgres import EmbeddedPostgres
from shared.domain.clock import utc_now
from shared.domain.ids import new_id
from shared.store.connection import Connection
from tests.errands import run_errands
from tests.tenant import Tenant, make_tenant

LOST: Mapping[str, set[str]] = {
    "tasks": {"instructions", "closed_reason", "lat", "lon"},
    "assignments": {"end_note"},
    "visits": {"result", "note"},
    "reports": {"body", "answer"},  # of the answer what it says of the body
    "handovers": {"note"},
    "contacts": {"note", "said"},
    "follow_ups": {"end_reason"},
    "subjects": {"person", "ref", "name", "phone", "flags"},
    "households": {"door", "ref", "address", "lat", "lon", "access_notes"},
}
"""Table → columns that lose what they hold when their time has come."""

SET_UP = "set up by the district for its own work"
STAFF = "about people who work here, kept as long as they do"
CODES = "ids, codes, figures and times"
HASH = "a digest"
SYSTEM = "the system's own"
SHORT_LIVED = "gone within a day or with what it belongs to"
NOBODYS: Mapping[str, Mapping[str, str]] = {
    "account_districts": {},
    "accounts": {"name": STAFF, "secret_hash": HASH, "permission": CODES},
    "alarm_levels": {"level": CODES},
    "alarm_rules": {"what": CODES, "first_level": CODES},
    "alarms": {"what": CODES, "occasion": CODES, "level": CODES, "data": CODES},
    "assignments": {"members": CODES, "reason": CODES, "end_reason": CODES},
    "audit": {"action": CODES, "target": CODES, "request_id": CODES},
    "consequences": {"trigger": CODES, "what": CODES},
    "contacts": {"class": CODES, "plan_refused": CODES},
    "districts": {"code": SET_UP, "name": SET_UP, "time_zone": SET_UP, "settings": SET_UP},
    "events": {"name": CODES, "data": CODES},
    "follow_up_occurrences": {"refused": CODES},
    "follow_ups": {"status": CODES, "lines": CODES, "ledger": SET_UP},
    "grid_shapes": {"outer_ring": SET_UP, "holes": SET_UP},
    "grids": {"code": SET_UP, "name": SET_UP, "geometry": SET_UP, "area_m2": SET_UP},
    "idempotency_keys": {"scope": CODES, "key": CODES, "body_hash": HASH, "headers": SHORT_LIVED, "body": SHORT_LIVED},
    "kind_forms": {"schema": SET_UP},
    "kinds": {
        "code": SET_UP,
        "names": SET_UP,
        "channel": CODES,
        "required_roles": CODES,
        "required_capabilities": CODES,
        "follow_on": CODES,
        "then_follow_up": CODES,
        "raises_alarm": CODES,
    },
    "login_failures": {"subject": HASH},
    "members": {
        "name": STAFF,
        "phone": STAFF,
        "pin_hash": HASH,
        "role": CODES,
        "capabilities": CODES,
        "language": CODES,
        "duty": CODES,
    },
    "memberships": {"role": CODES},
    "pick_up_points": {"name": SET_UP, "lab_address": SET_UP, "kinds": CODES},
    "positions": {"lat": STAFF, "lon": STAFF, "accuracy_m": STAFF},
    "protocols": {"code": SET_UP, "names": SET_UP, "lines": CODES, "ledger": SET_UP, "for_contacts": CODES},
    "push_keys": {"private_key": SYSTEM},
    "push_messages": {"what": CODES},
    "push_subscriptions": {"endpoint": STAFF, "host": STAFF, "p256dh": STAFF, "auth": STAFF, "failure": CODES},
    "reports": {"kind": CODES, "body_hash": HASH},
    "rests": {"rule": CODES},
    "routes": {"stops": CODES},
    "schema_migrations": {"name": SYSTEM, "checksum": SYSTEM},
    "slots": {"role": CODES},
    "tasks": {
        "ref": "another system's name for the task: by it that system counts, and sends nothing twice",
        "body_hash": HASH,
        "channel": CODES,
        "roles": CODES,
        "capabilities": CODES,
        "status": CODES,
        "waiting_reason": CODES,
        "waiting_detail": CODES,
    },
    "teams": {
        "code": SET_UP,
        "name": SET_UP,
        "mode": CODES,
        "start_lat": SET_UP,
        "start_lon": SET_UP,
        "place_lat": STAFF,
        "place_lon": STAFF,
    },
    "tokens": {"hash": HASH, "purpose": CODES, "label": STAFF},
    "visits": {"members": CODES, "outcome": CODES, "needs_review": CODES},
}
"""Table → column → why it may stay."""

_HOLDS_NOTHING = {
    "uuid",
    "bigint",
    "integer",
    "smallint",
    "boolean",
    "date",
    "timestamp with time zone",
    "tstzrange",
}
MARK = "王小明-13800001111"
PLACE = 31.987654321


async def test_every_column_says_whether_it_is_lost(conn: Connection) -> None:
    rows = await conn.fetch(
        """
        SELECT c.table_name, c.column_name,
               coalesce(e.data_type, CASE WHEN c.data_type = 'USER-DEFINED' THEN c.udt_name ELSE c.data_type END) AS data_type
          FROM information_schema.columns c
          JOIN information_schema.tables t USING (table_schema, table_name)
          LEFT JOIN information_schema.element_types e
            ON e.object_schema = c.table_schema AND e.object_name = c.table_name AND e.collection_type_identifier = c.dtd_identifier
         WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
        """
    )
    found = {(row["table_name"], row["column_name"]) for row in rows if row["data_type"] not in _HOLDS_NOTHING}
    lost = {(table, column) for table, columns in LOST.items() for column in columns}
    stay = {(table, column) for table, columns in NOBODYS.items() for column in columns}
    assert not found - lost - stay, "say of these whether they are lost after retention (and lose them) or may stay"
    assert not (lost | stay) - found, "these columns are gone"
    assert not lost & stay


async def make_past(conn: Connection, tenant: Tenant) -> None:
    """A closed task of the tenant with one of everything that tells of it."""
    now = utc_now()
    team, member, subject = tenant.team_id, tenant.member_id, tenant.subject_id
    await conn.execute("DELETE FROM specimen_legs; DELETE FROM pick_up_points")  # whose door stays
    await conn.execute("DELETE FROM households WHERE id = $1", tenant.pick_up_point_id)
    await conn.execute("UPDATE follow_ups SET status = 'cancelled', ended_at = $1 WHERE ended_at IS NULL", now)
    await conn.execute(
        """
        UPDATE tasks SET status = 'cancelled', closed_at = $1, waiting_reason = NULL, plan_at = NULL, assignment_id = NULL, team_id = NULL
        """,
        now,
    )
    await conn.execute(
        """
        INSERT INTO assignments (id, district_id, task_id, team_id, members, reason, assigned_at, ended_at, end_reason)
        VALUES ($1, $2, $3, $4, '[]', '{}', $5, $5, 'declined')
        """,
        *(new_id(), tenant.district_id, tenant.task_id, team, now),
    )
    await conn.execute(
        """
        INSERT INTO visits (id, district_id, task_id, team_id, member_id, members, outcome, form_version, device_at, corrected_at,
                            received_at)
        VALUES ($1, $2, $3, $4, $5, '[]', 'seen_ok', 1, $6, $6, $6)
        """,
        *(new_id(), tenant.district_id, tenant.task_id, team, member, now),
    )
    await conn.execute(
        """
        INSERT INTO reports (id, district_id, member_id, kind, body, body_hash, device_at, corrected_at, received_at, answer)
        VALUES ($1, $2, $3, 'visit', '{}', '', $4, $4, $4, '{}')
        """,
        *(new_id(), tenant.district_id, member, now),
    )
    await conn.execute(
        "INSERT INTO handovers (id, district_id, task_id, from_team_id, at) VALUES ($1, $2, $3, $4, $5)",
        *(new_id(), tenant.district_id, tenant.task_id, team, now),
    )
    index_id = new_id()
    await conn.execute(
        "INSERT INTO subjects (id, district_id, person, name) VALUES ($1, $2, $3, $3)",
        index_id,
        tenant.district_id,
        MARK,
    )
    await conn.execute(
        """
        INSERT INTO contacts (id, district_id, index_id, subject_id, class, created_at, updated_at) VALUES ($1, $2, $3, $4, 'close', $5, $5)
        """,
        *(new_id(), tenant.district_id, index_id, subject, now),
    )
    await conn.execute(
        """
        INSERT INTO follow_ups (id, district_id, subject_id, status, first_day, last_day, lines, since, over_at, started_at, ended_at)
        VALUES ($1, $2, $3, 'cancelled', '2026-01-01', '2026-01-02', '[]', $4, $4, $4, $4)
        """,
        *(new_id(), tenant.district_id, subject, now),
    )


async def plant(conn: Connection) -> None:
    """Put the mark into whatever is to be lost."""
    answer = {"status": "refused", "problem": {"code": "invalid", "detail": MARK, "errors": [{"msg": MARK}]}}
    for table, columns in LOST.items():
        for column in columns:
            kind = await conn.fetchval(
                "SELECT data_type FROM information_schema.columns WHERE table_name = $1 AND column_name = $2",
                table,
                column,
            )
            value: Any = PLACE if kind == "double precision" else MARK if kind == "text" else {"said": MARK}
            if (table, column) == ("reports", "answer"):
                value = answer
            if column in ("person", "door"):
                await conn.execute(f"UPDATE {table} SET {column} = $1 || id", MARK)
            elif column == "ref":
                await conn.execute(f"UPDATE {table} SET ref = $1 || id", MARK)
            else:
                await conn.execute(f"UPDATE {table} SET {column} = $1", value)


async def tables_with(conn: Connection, *traces: str) -> set[str]:
    tables = await conn.fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
    return {
        table["name"]
        for table in tables
        for trace in traces
        if await conn.fetchval(f"SELECT EXISTS (SELECT FROM {table['name']} t WHERE t::text LIKE $1)", f"%{trace}%")
    }


@pytest.mark.parametrize("days", [7, 30])
async def test_what_is_declared_as_lost_is_lost_after_the_districts_days(conn: Connection, days: int) -> None:
    tenant = await make_tenant(conn)
    await make_past(conn, tenant)
    await plant(conn)
    await conn.execute("UPDATE districts SET settings = $1", {"retention_days": days})
    assert await tables_with(conn, MARK) == set(LOST)
    early = utc_now() + timedelta(days=days) - timedelta(minutes=10)
    await run_errands(conn, early, "redact")
    assert await tables_with(conn, MARK) == set(LOST)
    counted = {table: await conn.fetchval(f"SELECT count(*) FROM {table}") for table in LOST}
    for _ in range(2):
        await run_errands(conn, early + timedelta(minutes=20), "redact")
    assert await tables_with(conn, MARK, str(PLACE)) == set()
    assert {table: await conn.fetchval(f"SELECT count(*) FROM {table}") for table in LOST} == counted
    assert await run_errands(conn, early + timedelta(minutes=30), "redact") == 0


async def test_a_dump_of_a_redacted_district_tells_of_nobody(
    conn: Connection, postgres: EmbeddedPostgres, database: str
) -> None:
    tenant = await make_tenant(conn)
    await make_past(conn, tenant)
    await plant(conn)
    for _ in range(2):
        await run_errands(conn, utc_now() + timedelta(days=31), "redact")
    dump = await asyncio.to_thread(dumped, postgres, database)
    assert "CREATE TABLE public.visits" in dump
    assert MARK not in dump
    assert str(PLACE) not in dump


def dumped(postgres: EmbeddedPostgres, database: str) -> str:
    return postgres.run_client("pg_dump", "--no-owner", database.rpartition("/")[2].partition("?")[0])
