"""Read views of alarms: the lists of people at desks, and of a team's phones."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.store.connection import Connection, Record

_SHOWN = """
    a.id, a.district_id, a.what, a.level, a.task_id, coalesce(t.team_id, a.team_id) AS team_id, a.subject_id, a.member_id, a.data,
    a.raised_at, a.escalate_at, a.acknowledged_at, a.acknowledged_by_account_id, a.acknowledged_by_member_id, a.cleared_at,
    coalesce(c.name, w.name) AS acknowledged_by, t.due_at, k.code AS kind, h.address, s.name AS subject_name, m.code AS team,
    who.name AS member_name, l.levels
"""
_FROM = """
    alarms a
    LEFT JOIN tasks t ON t.id = a.task_id
    LEFT JOIN kinds k ON k.id = t.kind_id
    LEFT JOIN households h ON h.id = t.household_id AND t.redacted_at IS NULL
    LEFT JOIN subjects s ON s.id = a.subject_id
    LEFT JOIN teams m ON m.id = coalesce(t.team_id, a.team_id)
    LEFT JOIN members who ON who.id = a.member_id
    LEFT JOIN accounts c ON c.id = a.acknowledged_by_account_id
    LEFT JOIN members w ON w.id = a.acknowledged_by_member_id
   CROSS JOIN LATERAL (
         SELECT jsonb_agg(jsonb_build_object('level', n.level, 'due_at', n.due_at, 'raised_at', n.raised_at)
                          ORDER BY array_position(ARRAY['team', 'coordinator', 'lead'], n.level)) AS levels
           FROM alarm_levels n WHERE n.alarm_id = a.id) l
"""
# Leads first, and of one level the oldest.
_PLACE = "array_position(ARRAY['lead', 'coordinator', 'team'], {}.level)"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmFilter:
    """Which alarms a list shows; None and empty: no matter. `team_id`: of the team that has the task now."""

    districts: Collection[UUID] | None
    standing: bool = True
    what: Collection[str] = ()
    levels: Collection[str] = ()
    acknowledged: bool | None = None
    team_id: UUID | None = None
    task_id: UUID | None = None


async def select_alarms(conn: Connection, wanted: AlarmFilter, *, after: UUID | None, limit: int) -> list[Record]:
    """Standing alarms, the highest level and of it the oldest first; or those that are over, the newest first; behind the alarm `after`."""
    place = _PLACE.format("a")
    behind = f"""
        ({place}, a.id) > (SELECT {_PLACE.format("b")}, b.id FROM alarms b WHERE b.id = $7)
    """
    return await conn.fetch(
        f"""
        SELECT {_SHOWN}
          FROM {_FROM}
         WHERE ($1::uuid[] IS NULL OR a.district_id = ANY($1))
           AND a.cleared_at IS {"" if wanted.standing else "NOT "}NULL
           AND ($2::text[] IS NULL OR a.what = ANY($2))
           AND ($3::text[] IS NULL OR a.level = ANY($3))
           AND ($4::boolean IS NULL OR (a.acknowledged_at IS NOT NULL) = $4)
           AND ($5::uuid IS NULL OR coalesce(t.team_id, a.team_id) = $5)
           AND ($6::uuid IS NULL OR a.task_id = $6)
           AND ($7::uuid IS NULL OR {behind if wanted.standing else "a.id < $7"})
         ORDER BY {f"{place}, a.id" if wanted.standing else "a.id DESC"}
         LIMIT $8
        """,
        None if wanted.districts is None else list(wanted.districts),
        list(wanted.what) or None,
        list(wanted.levels) or None,
        wanted.acknowledged,
        wanted.team_id,
        wanted.task_id,
        after,
        limit,
    )


async def select_alarm(conn: Connection, alarm_id: UUID) -> Record | None:
    """One alarm as lists show it."""
    return await conn.fetchrow(f"SELECT {_SHOWN} FROM {_FROM} WHERE a.id = $1", alarm_id)


async def select_district_ids(conn: Connection, alarm_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """id → district of those of these alarms that there are."""
    rows = await conn.fetch("SELECT id, district_id FROM alarms WHERE id = ANY($1)", list(alarm_ids))
    return {row["id"]: row["district_id"] for row in rows}


async def select_alarms_of_team(conn: Connection, team_id: UUID) -> list[Record]:
    """The standing alarms that the team was told of and whose tasks, if they are about some, it still has; the oldest first.

    id, what, task_id, data, raised_at, due_at, acknowledged_at, acknowledged_by.
    """
    return await conn.fetch(
        """
        SELECT a.id, a.what, a.task_id, a.data, a.raised_at, t.due_at, a.acknowledged_at, coalesce(c.name, w.name) AS acknowledged_by
          FROM alarms a
          LEFT JOIN tasks t ON t.id = a.task_id
          LEFT JOIN accounts c ON c.id = a.acknowledged_by_account_id
          LEFT JOIN members w ON w.id = a.acknowledged_by_member_id
         WHERE a.cleared_at IS NULL
           AND a.id IN (SELECT id FROM alarms WHERE team_id = $1 AND task_id IS NULL AND cleared_at IS NULL
                         UNION ALL
                        SELECT x.id FROM tasks y JOIN alarms x ON x.task_id = y.id WHERE y.team_id = $1 AND x.cleared_at IS NULL)
           AND EXISTS (SELECT FROM alarm_levels n WHERE n.alarm_id = a.id AND n.level = 'team')
         ORDER BY a.id
        """,
        team_id,
    )
