"""The tables `alarms` and `alarm_levels`."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from shared.domain.alarm import Alarm
from shared.domain.words import AlarmCode, AlarmLevel
from shared.store.connection import Connection, Record

COLUMNS = (
    "id, district_id, what, about, occasion, level, task_id, team_id, subject_id, member_id, data, raised_at, escalate_at, "
    "acknowledged_at, acknowledged_by_account_id, acknowledged_by_member_id, cleared_at"
)


def as_alarm(row: Record) -> Alarm:
    """The alarm in a row of COLUMNS."""
    fields = dict(row)
    fields["what"] = AlarmCode(fields["what"])
    fields["level"] = AlarmLevel(fields["level"])
    return Alarm(**fields)


async def insert_alarms(conn: Connection, alarms: Sequence[Alarm]) -> set[UUID]:
    """Write alarms; the ids of those written: the others were raised before.

    In the order of what they are about: each keeps its task from being locked by others, and whoever locks tasks does so in id order.
    """
    alarms = sorted(alarms, key=lambda one: one.about)
    rows = await conn.fetch(
        """
        INSERT INTO alarms (id, district_id, what, about, occasion, level, task_id, team_id, subject_id, member_id, data, raised_at,
                            escalate_at)
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::uuid[], $9::uuid[],
                             $10::uuid[], $11::jsonb[], $12::timestamptz[], $13::timestamptz[])
        ON CONFLICT ON CONSTRAINT alarms_once DO NOTHING
        RETURNING id
        """,
        [one.id for one in alarms],
        [one.district_id for one in alarms],
        [one.what for one in alarms],
        [one.about for one in alarms],
        [one.occasion for one in alarms],
        [one.level for one in alarms],
        [one.task_id for one in alarms],
        [one.team_id for one in alarms],
        [one.subject_id for one in alarms],
        [one.member_id for one in alarms],
        [dict(one.data) for one in alarms],
        [one.raised_at for one in alarms],
        [one.escalate_at for one in alarms],
    )
    return {row["id"] for row in rows}


async def insert_levels(
    conn: Connection,
    alarm_ids: Sequence[UUID],
    levels: Sequence[AlarmLevel],
    due_at: Sequence[datetime],
    now: datetime,
) -> None:
    """Note that these levels are raised; three parallel sequences."""
    await conn.execute(
        """
        INSERT INTO alarm_levels (alarm_id, level, due_at, raised_at)
        SELECT n.alarm_id, n.level, n.due_at, $4 FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS n (alarm_id, level, due_at)
        """,
        list(alarm_ids),
        list(levels),
        list(due_at),
        now,
    )


async def lock_alarm(conn: Connection, alarm_id: UUID) -> Alarm | None:
    row = await conn.fetchrow(f"SELECT {COLUMNS} FROM alarms WHERE id = $1 FOR UPDATE", alarm_id)
    return as_alarm(row) if row else None


async def lock_same(conn: Connection, what: AlarmCode, about: UUID, occasion: str) -> Alarm | None:
    """The alarm of this occasion, locked."""
    row = await conn.fetchrow(
        f"SELECT {COLUMNS} FROM alarms WHERE what = $1 AND about = $2 AND occasion = $3 FOR UPDATE",
        what,
        about,
        occasion,
    )
    return as_alarm(row) if row else None


async def lock_escalating(conn: Connection, alarm_ids: Sequence[UUID], now: datetime) -> list[Alarm]:
    """Those of these alarms whose next level is due, the oldest first; one that somebody is just dealing with is left aside."""
    rows = await conn.fetch(
        f"""
        SELECT {COLUMNS} FROM alarms WHERE id = ANY($1) AND escalate_at <= $2 ORDER BY escalate_at, id
           FOR UPDATE SKIP LOCKED
        """,
        list(alarm_ids),
        now,
    )
    return [as_alarm(row) for row in rows]


async def update_levels(
    conn: Connection, alarm_ids: Sequence[UUID], levels: Sequence[AlarmLevel], escalate_at: Sequence[datetime | None]
) -> None:
    """Move (locked) alarms to these levels; three parallel sequences."""
    await conn.execute(
        """
        UPDATE alarms a SET level = n.level, escalate_at = n.escalate_at
          FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS n (id, level, escalate_at)
         WHERE a.id = n.id
        """,
        list(alarm_ids),
        list(levels),
        list(escalate_at),
    )


async def update_acknowledged(
    conn: Connection,
    alarm_id: UUID,
    *,
    at: datetime,
    account_id: UUID | None,
    member_id: UUID | None,
    cleared_at: datetime | None,
) -> None:
    """Somebody looks at it: no further level is told. `cleared_at`: it is over by that."""
    await conn.execute(
        """
        UPDATE alarms
           SET acknowledged_at = $2, acknowledged_by_account_id = $3, acknowledged_by_member_id = $4, escalate_at = NULL, cleared_at = $5
         WHERE id = $1
        """,
        alarm_id,
        at,
        account_id,
        member_id,
        cleared_at,
    )


async def update_cleared(conn: Connection, alarm_ids: Collection[UUID], now: datetime) -> list[Alarm]:
    """End those of these alarms that stand; returned as they are now. One that somebody is just dealing with is left aside."""
    rows = await conn.fetch(
        f"""
        WITH over AS (
            SELECT id FROM alarms WHERE id = ANY($1) AND cleared_at IS NULL ORDER BY id FOR UPDATE SKIP LOCKED
        )
        UPDATE alarms SET cleared_at = $2, escalate_at = NULL WHERE id IN (SELECT id FROM over)
        RETURNING {COLUMNS}
        """,
        list(alarm_ids),
        now,
    )
    return [as_alarm(row) for row in rows]


async def lock_standing_about(conn: Connection, what: AlarmCode, about: Collection[UUID]) -> list[UUID]:
    """The alarms of that sort about these that stand, locked in id order."""
    rows = await conn.fetch(
        "SELECT id FROM alarms WHERE what = $1 AND about = ANY($2) AND cleared_at IS NULL ORDER BY id FOR UPDATE",
        what,
        list(about),
    )
    return [row["id"] for row in rows]


async def select_told_teams(conn: Connection, alarm_ids: Collection[UUID]) -> set[UUID]:
    """Those of these alarms of which the team was told."""
    rows = await conn.fetch(
        "SELECT alarm_id FROM alarm_levels WHERE alarm_id = ANY($1) AND level = 'team'", list(alarm_ids)
    )
    return {row["alarm_id"] for row in rows}


async def has_standing(conn: Connection, what: AlarmCode, about: UUID) -> bool:
    """Whether an alarm of that sort about this stands."""
    sql = "SELECT true FROM alarms WHERE what = $1 AND about = $2 AND cleared_at IS NULL LIMIT 1"
    return await conn.fetchval(sql, what, about) is not None


async def lock_standing_of_district(conn: Connection, district_id: UUID, what: Collection[AlarmCode]) -> list[UUID]:
    """The standing alarms of these sorts in a district, locked in id order."""
    rows = await conn.fetch(
        "SELECT id FROM alarms WHERE district_id = $1 AND what = ANY($2) AND cleared_at IS NULL ORDER BY id FOR UPDATE",
        district_id,
        list(what),
    )
    return [row["id"] for row in rows]
