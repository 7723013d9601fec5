"""A district with one of everything in it, each thing known by its ids and by an unmistakable mark in its texts."""

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from shared.domain.clock import utc_now
from shared.domain.ids import new_id
from shared.domain.secrets import hash_token, new_token
from shared.domain.words import DEFAULT_SLOTS, Permission, TokenPurpose
from shared.store import tokens
from shared.store.accounts import insert_account, insert_account_districts
from shared.store.connection import Connection

LAT, LON = 31.22, 121.46
_RING = [[LON - 1, LAT - 1], [LON + 1, LAT - 1], [LON + 1, LAT + 1], [LON - 1, LAT + 1], [LON - 1, LAT - 1]]
OUTLINE: dict[str, Any] = {"type": "Polygon", "coordinates": [_RING]}


@dataclass(frozen=True, kw_only=True)
class Tenant:
    """Ids of a district and what is in it. Every name, address and note in it contains `mark`, in lower case."""

    mark: str
    district_id: UUID
    grid_id: UUID
    kind_id: UUID
    household_id: UUID
    subject_id: UUID
    index_id: UUID  # a subject, too: the one to whom that one was exposed
    contact_id: UUID
    member_id: UUID  # the doctor of the team, on duty
    free_member_id: UUID  # a doctor on no team
    team_id: UUID
    shift_id: UUID  # now
    task_id: UUID  # waits for a team
    protocol_id: UUID
    follow_up_id: UUID  # of the subject, one day of one occurrence
    visit_id: UUID  # of that task, to be looked at
    pick_up_point_id: UUID  # has a leg, whose task is that one
    alarm_id: UUID  # about that task, told its team and nobody else so far
    account_id: UUID  # a coordinator of this district
    token_id: UUID  # of that account
    link_token: str

    @property
    def code(self) -> str:
        """The district's code."""
        return f"d-{self.mark}"

    @property
    def ids(self) -> set[str]:
        return {str(getattr(self, field.name)) for field in fields(self) if field.name.endswith("_id")}

    @property
    def traces(self) -> set[str]:
        """What nobody else may be shown of it."""
        return self.ids | {self.mark}


_IDS = [field.name for field in fields(Tenant) if field.name.endswith("_id")]


def absent_tenant() -> Tenant:
    """One that is nowhere: its ids look like ids, and that is all."""
    made: dict[str, Any] = {name: new_id() for name in _IDS}
    return Tenant(**made, mark=f"x{new_id().hex[-10:]}", link_token=new_token())


def same_tenant_each_time() -> Tenant:
    """One whose ids are the same in every run, for what is drawn by chance from them."""
    made: dict[str, Any] = {name: uuid5(NAMESPACE_OID, name) for name in _IDS}
    return Tenant(**made, mark="x0123456789", link_token="L" * 43)


async def make_tenant(conn: Connection, tenant: Tenant | None = None) -> Tenant:
    tenant = tenant or absent_tenant()
    async with conn.transaction():
        await _make_places(conn, tenant)
        await _make_people(conn, tenant)
        await _make_work(conn, tenant)
        await _make_follow_up(conn, tenant)
        await _make_contact(conn, tenant)
        await _make_access(conn, tenant)
    return tenant


async def _make_places(conn: Connection, t: Tenant) -> None:
    await conn.execute(
        "INSERT INTO districts (id, code, name, time_zone) VALUES ($1, $2, $3, 'Asia/Shanghai')",
        t.district_id,
        t.code,
        f"District {t.mark}",
    )
    slots = [(t.district_id, role, place) for place, role in enumerate(DEFAULT_SLOTS)]
    await conn.executemany("INSERT INTO slots (district_id, role, place) VALUES ($1, $2, $3)", slots)
    await conn.execute(
        "INSERT INTO grids (id, district_id, code, name, geometry, area_m2) VALUES ($1, $2, $3, $4, $5, 1e8)",
        t.grid_id,
        t.district_id,
        f"grid-{t.mark}",
        f"Grid {t.mark}",
        OUTLINE,
    )
    await conn.execute(
        "INSERT INTO grid_shapes (grid_id, outer_ring) VALUES ($1, polygon(box(point($2, $3), point($4, $5))))",
        t.grid_id,
        *(LON - 1, LAT - 1),
        *(LON + 1, LAT + 1),
    )
    await conn.execute(
        """
        INSERT INTO households (id, district_id, door, ref, address, lat, lon, grid_id, access_notes)
        VALUES ($1, $2, 'ref:' || $3, $3, $4, $5, $6, $7, $8)
        """,
        t.household_id,
        t.district_id,
        f"door-{t.mark}",
        f"Address {t.mark}",
        LAT,
        LON,
        t.grid_id,
        f"Notes {t.mark}",
    )


async def _make_people(conn: Connection, t: Tenant) -> None:
    await conn.execute(
        "INSERT INTO subjects (id, district_id, person, ref, name, phone, household_id) VALUES ($1, $2, 'ref:' || $3, $3, $4, $5, $6)",
        t.subject_id,
        t.district_id,
        f"person-{t.mark}",
        f"Subject {t.mark}",
        f"+86{t.subject_id.int % 10**11:011d}",
        t.household_id,
    )
    doctors = [(member_id, f"Doctor {t.mark}", member_id.int) for member_id in (t.member_id, t.free_member_id)]
    await conn.executemany(
        "INSERT INTO members (id, district_id, name, phone, role) VALUES ($1, $2, $3, $4, 'doctor')",
        [(member_id, t.district_id, name, f"+86{number % 10**11:011d}") for member_id, name, number in doctors],
    )
    await conn.execute(
        "INSERT INTO teams (id, district_id, code, name, home_grid_id) VALUES ($1, $2, $3, $4, $5)",
        t.team_id,
        t.district_id,
        f"team-{t.mark}",
        f"Team {t.mark}",
        t.grid_id,
    )
    now = utc_now()
    await conn.execute(
        """
        INSERT INTO memberships (id, district_id, team_id, member_id, role, during)
        VALUES ($1, $2, $3, $4, 'doctor', tstzrange($5, NULL))
        """,
        new_id(),
        t.district_id,
        t.team_id,
        t.member_id,
        now - timedelta(hours=1),
    )
    await conn.execute(
        "INSERT INTO shifts (id, district_id, team_id, during) VALUES ($1, $2, $3, tstzrange($4, $5))",
        t.shift_id,
        t.district_id,
        t.team_id,
        now - timedelta(hours=1),
        now + timedelta(hours=7),
    )


async def _make_work(conn: Connection, t: Tenant) -> None:
    await conn.execute(
        """
        INSERT INTO kinds (id, district_id, code, names, channel, service_s, required_roles, priority, max_attempts, retry_after_s)
        VALUES ($1, $2, $3, $4, 'visit', 60, '{doctor}', 3, 3, 600)
        """,
        t.kind_id,
        t.district_id,
        f"kind_{t.mark}",
        {"en": f"Kind {t.mark}"},
    )
    await conn.execute(
        "INSERT INTO kind_forms (kind_id, version, schema) VALUES ($1, 1, $2)", t.kind_id, {"type": "object"}
    )
    now = utc_now()
    await conn.execute(
        """
        INSERT INTO tasks (id, district_id, ref, kind_id, household_id, subject_id, grid_id, channel, lat, lon, earliest, due_at,
                           priority, roles, service_s, instructions, waiting_reason, plan_at, max_attempts)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'visit', $8, $9, $10, $11, 3, '{doctor}', 60, $12, 'being_planned', $10, 3)
        """,
        t.task_id,
        t.district_id,
        f"task-{t.mark}",
        t.kind_id,
        t.household_id,
        t.subject_id,
        t.grid_id,
        LAT,
        LON,
        now,
        now + timedelta(hours=6),
        f"Instructions {t.mark}",
    )
    await conn.execute(
        """
        INSERT INTO visits (id, district_id, task_id, team_id, member_id, members, outcome, form_version, needs_review, note,
                            device_at, corrected_at, received_at)
        VALUES ($1, $2, $3, $4, $5, '[]', 'unavailable', 1, '{too_far}', $6, $7, $7, $7)
        """,
        t.visit_id,
        t.district_id,
        t.task_id,
        t.team_id,
        t.member_id,
        f"Note {t.mark}",
        now,
    )
    await conn.execute(
        "INSERT INTO households (id, district_id, door, address, lat, lon) VALUES ($1, $2, $3, $3, $4, $5)",
        t.pick_up_point_id,
        t.district_id,
        f"Gate {t.mark}",
        LAT,
        LON,
    )
    await conn.execute(
        """
        INSERT INTO pick_up_points (id, district_id, household_id, name, lab_address, kinds)
        VALUES ($1, $2, $1, $3, 'Lab Road 1', $4)
        """,
        t.pick_up_point_id,
        t.district_id,
        f"Gate {t.mark}",
        [f"kind_{t.mark}"],
    )
    await conn.execute(
        """
        INSERT INTO specimen_legs (task_id, district_id, pick_up_point_id, round_ends_at, due_at) VALUES ($1, $2, $3, $4, $5)
        """,
        t.task_id,
        t.district_id,
        t.pick_up_point_id,
        now,
        now + timedelta(hours=6),
    )
    await conn.execute(
        """
        INSERT INTO alarms (id, district_id, what, about, level, task_id, team_id, subject_id, member_id, data, raised_at)
        VALUES ($1, $2, 'overdue', $3, 'team', $3, $4, $5, $6, $7, $8)
        """,
        t.alarm_id,
        t.district_id,
        t.task_id,
        t.team_id,
        t.subject_id,
        t.member_id,
        {"mark": t.mark},
        now,
    )
    await conn.execute(
        "INSERT INTO alarm_levels (alarm_id, level, due_at, raised_at) VALUES ($1, 'team', $2, $2)", t.alarm_id, now
    )
    told: list[tuple[str, UUID | None, UUID | None, dict[str, str]]] = [
        ("task.created", t.task_id, None, {"kind": f"kind_{t.mark}"}),
        ("route.changed", None, t.team_id, {}),
    ]
    await conn.executemany(
        "INSERT INTO events (district_id, at, name, task_id, team_id, data) VALUES ($1, $2, $3, $4, $5, $6)",
        [(t.district_id, now, *event) for event in told],
    )


async def _make_contact(conn: Connection, t: Tenant) -> None:
    """Its subject was exposed to somebody else."""
    now = utc_now()
    await conn.execute(
        "INSERT INTO subjects (id, district_id, person, ref, name) VALUES ($1, $2, $3, $4, $5)",
        t.index_id,
        t.district_id,
        f"ref:index-{t.mark}",
        f"index-{t.mark}",
        f"Index {t.mark}",
    )
    await conn.execute(
        """
        INSERT INTO contacts (id, district_id, index_id, subject_id, class, note, said, task_id, created_at, updated_at)
        VALUES ($1, $2, $3, $4, 'close', $5, $6, $7, $8, $8)
        """,
        t.contact_id,
        t.district_id,
        t.index_id,
        t.subject_id,
        f"Bus {t.mark}",
        {"name": [f"Other {t.mark}"]},
        t.task_id,
        now,
    )


async def _make_follow_up(conn: Connection, t: Tenant) -> None:
    now = utc_now()
    lines = [{"kind_id": str(t.kind_id), "times": [1439], "every": 1, "days": None}]
    await conn.execute(
        "INSERT INTO protocols (id, district_id, code, names, days, lines) VALUES ($1, $2, $3, $4, 2, $5)",
        t.protocol_id,
        t.district_id,
        f"protocol_{t.mark}",
        {"en": f"Protocol {t.mark}"},
        lines,
    )
    await conn.execute(
        """
        INSERT INTO follow_ups (id, district_id, subject_id, protocol_id, first_day, last_day, lines, since, over_at, started_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8)
        """,
        t.follow_up_id,
        t.district_id,
        t.subject_id,
        t.protocol_id,
        now.date(),
        now.date() + timedelta(days=2),
        lines,
        now,
        now + timedelta(days=3),
    )


async def _make_access(conn: Connection, t: Tenant) -> None:
    now = utc_now()
    await insert_account(
        conn,
        t.account_id,
        name=f"account-{t.mark}",
        secret_hash="unusable",
        permission=Permission.COORDINATOR,
        created_at=now,
    )
    await insert_account_districts(conn, t.account_id, [t.district_id])
    granted: list[tuple[UUID, TokenPurpose, str, dict[str, UUID]]] = [
        (t.token_id, TokenPurpose.PROGRAM, new_token(), {"account_id": t.account_id}),
        (new_id(), TokenPurpose.LINK, t.link_token, {"member_id": t.member_id}),
    ]
    for token_id, purpose, token, owner in granted:
        await tokens.insert_token(
            conn,
            token_id,
            digest=hash_token(token),
            purpose=purpose,
            label=f"Token {t.mark}",
            created_at=now,
            expires_at=now + timedelta(minutes=5),
            **owner,
        )
    reads: list[tuple[UUID, str, UUID | None, UUID | None, str]] = [
        (new_id(), "GET /v1/subjects/{id}", t.account_id, None, str(t.subject_id)),
        (new_id(), "GET /v1/me/route", None, t.member_id, str(t.team_id)),
    ]
    await conn.executemany(
        "INSERT INTO audit (id, district_id, action, account_id, member_id, target) VALUES ($2, $1, $3, $4, $5, $6)",
        [(t.district_id, *read) for read in reads],
    )
