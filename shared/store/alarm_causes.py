"""What the clock makes worth an alarm, found by index: one statement a sort of alarm, over all districts at once.

Each takes the districts with the moments up to which a cause of theirs counts, and gives a row a district, its causes in parallel arrays:
district_id, task_ids, team_ids, subject_ids, occasions, data, due_at; the oldest first, at most `most` causes in all. What was raised
before of the same occasion is left out. An occasion is told by what made it: a due time, an assignment, a shift, the last word of a phone.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from shared.domain.words import AlarmCode
from shared.store.connection import Connection, Record

SelectCauses: TypeAlias = Callable[
    [Connection, Sequence[UUID], Sequence[datetime], datetime, int], Awaitable[list[Record]]
]

# $1, $2: districts and the moments up to which; $3: now; $4: most.
_ASKED = "unnest($1::uuid[], $2::timestamptz[]) AS asked (district_id, until)"

# Of a standing alarm `a` (its task `t`): why its cause is gone by $1.
_DUE_OTHERWISE = "extract(epoch FROM t.due_at)::text <> a.occasion"
_OFF_SHIFT = "NOT EXISTS (SELECT FROM shifts s WHERE s.team_id = a.team_id AND s.during @> $1::timestamptz)"
_WAS_HEARD = """EXISTS (
    SELECT FROM memberships x
     WHERE x.team_id = a.team_id AND x.during @> $1::timestamptz
       AND (EXISTS (SELECT FROM reports h WHERE h.member_id = x.member_id AND h.received_at > a.raised_at)
            OR EXISTS (SELECT FROM positions h WHERE h.member_id = x.member_id AND h.at > a.raised_at)))"""
_GOES_ON = """EXISTS (
    SELECT FROM memberships x JOIN reports h ON h.member_id = x.member_id AND h.received_at > a.raised_at
     WHERE x.team_id = a.team_id AND x.during @> $1::timestamptz AND h.kind IN ('depart', 'arrive', 'visit'))
    OR NOT EXISTS (SELECT FROM routes r WHERE r.team_id = a.team_id AND r.report_due_at IS NOT NULL)"""
_SUIT_IS_OFF = """EXISTS (
    SELECT FROM members w WHERE w.id = a.member_id AND (w.suit_since IS NULL OR w.suit_since > a.raised_at))"""
_ROLE_IS_THERE = """EXISTS (
    SELECT FROM memberships x JOIN members w ON w.id = x.member_id
     WHERE x.team_id = a.team_id AND x.role = a.data ->> 'role' AND x.during @> $1::timestamptz AND w.active AND w.duty <> 'off')
    OR NOT EXISTS (SELECT FROM slots p WHERE p.district_id = a.district_id AND p.role = a.data ->> 'role')"""


async def select_due_soon(
    conn: Connection, districts: Sequence[UUID], until: Sequence[datetime], now: datetime, most: int
) -> list[Record]:
    """Open tasks that are due by then, nobody at them yet."""
    causes = f"""
        SELECT t.district_id, t.id AS task_id, t.team_id, t.subject_id, '{{}}'::jsonb AS data,
               extract(epoch FROM t.due_at)::text AS occasion, t.due_at - (asked.until - $3::timestamptz) AS due_at
          FROM {_ASKED}
          JOIN tasks t ON t.district_id = asked.district_id AND t.closed_at IS NULL AND t.due_at > $3 AND t.due_at <= asked.until
         WHERE t.status <> 'in_progress' AND t.earliest <= $3
    """
    return await _new(conn, AlarmCode.DUE_SOON, causes, districts, until, now, most)


async def select_overdue(
    conn: Connection, districts: Sequence[UUID], until: Sequence[datetime], now: datetime, most: int
) -> list[Record]:
    """Open tasks that were due by then; not those that expire instead."""
    causes = f"""
        SELECT t.district_id, t.id AS task_id, t.team_id, t.subject_id, '{{}}'::jsonb AS data,
               extract(epoch FROM t.due_at)::text AS occasion, t.due_at + ($3::timestamptz - asked.until) AS due_at
          FROM {_ASKED}
          JOIN tasks t ON t.district_id = asked.district_id AND t.closed_at IS NULL AND t.due_at < $3 AND t.due_at <= asked.until
         WHERE NOT (t.expires AND t.status IN ('pending', 'assigned'))
    """
    return await _new(conn, AlarmCode.OVERDUE, causes, districts, until, now, most)


async def select_unaccepted(
    conn: Connection, districts: Sequence[UUID], until: Sequence[datetime], now: datetime, most: int
) -> list[Record]:
    """The next tasks of teams on shift that they have not accepted, though nothing else has been before them since then."""
    causes = f"""
        SELECT t.district_id, t.id AS task_id, t.team_id, t.subject_id, '{{}}'::jsonb AS data,
               a.id::text || ':' || extract(epoch FROM since.at)::text AS occasion, since.at + ($3::timestamptz - asked.until) AS due_at
          FROM {_ASKED}
          JOIN teams m ON m.district_id = asked.district_id AND m.active
          JOIN routes r ON r.team_id = m.id
          JOIN tasks t ON t.id = r.task_ids[1] AND t.status = 'assigned' AND t.team_id = m.id
          JOIN assignments a ON a.id = t.assignment_id AND a.assigned_at <= asked.until
          JOIN shifts s ON s.team_id = m.id AND s.during @> $3::timestamptz AND lower(s.during) <= asked.until
         CROSS JOIN LATERAL (
               SELECT greatest(a.assigned_at, lower(s.during), t.earliest, CASE WHEN s.break_over_at <= $3 THEN s.break_over_at END,
                               (SELECT max(v.received_at) FROM visits v WHERE v.team_id = m.id)) AS at) since
         WHERE since.at <= asked.until AND NOT coalesce($3 >= s.break_began_at AND $3 < s.break_over_at, false)
    """
    return await _new(conn, AlarmCode.UNACCEPTED, causes, districts, until, now, most)


async def select_unassigned(
    conn: Connection, districts: Sequence[UUID], until: Sequence[datetime], now: datetime, most: int
) -> list[Record]:
    """Open windows of tasks that no team has had since then."""
    causes = f"""
        SELECT t.district_id, t.id AS task_id, NULL::uuid AS team_id, t.subject_id, '{{}}'::jsonb AS data,
               coalesce(before.id::text, '') AS occasion,
               greatest(t.earliest, t.created_at, before.ended_at) + ($3::timestamptz - asked.until) AS due_at
          FROM {_ASKED}
          JOIN tasks t ON t.district_id = asked.district_id AND t.status = 'pending' AND t.earliest <= asked.until
                      AND t.created_at <= asked.until
          LEFT JOIN LATERAL (SELECT a.id, a.ended_at FROM assignments a WHERE a.task_id = t.id
                              ORDER BY a.assigned_at DESC LIMIT 1) before ON true
         WHERE before.ended_at IS NULL OR before.ended_at <= asked.until
    """
    return await _new(conn, AlarmCode.UNASSIGNED, causes, districts, until, now, most)


async def select_silent(
    conn: Connection, districts: Sequence[UUID], until: Sequence[datetime], now: datetime, most: int
) -> list[Record]:
    """Teams on shift, somebody of them on duty, of whose phones nothing has been heard since then."""
    causes = f"""
        SELECT s.district_id, NULL::uuid AS task_id, s.team_id, NULL::uuid AS subject_id, '{{}}'::jsonb AS data,
               s.id::text || ':' || coalesce(extract(epoch FROM heard.at)::text, '') AS occasion,
               greatest(lower(s.during), heard.at) + ($3::timestamptz - asked.until) AS due_at
          FROM {_ASKED}
          JOIN shifts s ON s.district_id = asked.district_id AND s.during @> $3::timestamptz AND lower(s.during) <= asked.until
          JOIN teams m ON m.id = s.team_id AND m.active
         CROSS JOIN LATERAL (
               SELECT greatest(max(p.at), max(said.received_at)) AS at, bool_or(w.active AND w.duty = 'on') AS works
                 FROM memberships x
                 JOIN members w ON w.id = x.member_id
                 LEFT JOIN positions p ON p.member_id = x.member_id
                 LEFT JOIN LATERAL (SELECT received_at FROM reports r WHERE r.member_id = x.member_id
                                     ORDER BY received_at DESC LIMIT 1) said ON true
                WHERE x.team_id = s.team_id AND x.during @> $3::timestamptz) heard
         WHERE heard.works AND (heard.at IS NULL OR heard.at <= asked.until)
    """
    return await _new(conn, AlarmCode.PHONE_SILENT, causes, districts, until, now, most)


async def select_short(
    conn: Connection, districts: Sequence[UUID], until: Sequence[datetime], now: datetime, most: int
) -> list[Record]:
    """Slots of teams on shift that nobody there has filled since then; a break is no absence. `data` names the role.

    Who is there is read once, in advance: joined with everything else it was planned as a loop of 15,000 readings (5,000 teams).
    """
    causes = f"""
        WITH there AS MATERIALIZED (
            SELECT DISTINCT x.team_id, x.role
              FROM memberships x JOIN members w ON w.id = x.member_id
             WHERE x.district_id = ANY($1) AND x.during @> $3::timestamptz AND w.active AND w.duty <> 'off'
        ), short AS MATERIALIZED (
            SELECT s.district_id, s.team_id, s.id AS shift_id, lower(s.during) AS begins, p.role, asked.until
              FROM {_ASKED}
              JOIN shifts s ON s.district_id = asked.district_id AND s.during @> $3::timestamptz AND lower(s.during) <= asked.until
              JOIN teams m ON m.id = s.team_id AND m.active
              JOIN slots p ON p.district_id = s.district_id
             WHERE NOT EXISTS (SELECT FROM there WHERE there.team_id = s.team_id AND there.role = p.role)
        )
        SELECT short.district_id, NULL::uuid AS task_id, short.team_id, NULL::uuid AS subject_id,
               jsonb_build_object('role', short.role) AS data,
               short.shift_id::text || ':' || short.role || ':' || coalesce(extract(epoch FROM left_.at)::text, '') AS occasion,
               greatest(short.begins, left_.at) + ($3::timestamptz - short.until) AS due_at
          FROM short
         CROSS JOIN LATERAL (
               SELECT max(CASE WHEN x.during @> $3::timestamptz THEN w.duty_changed_at ELSE upper(x.during) END) AS at
                 FROM memberships x JOIN members w ON w.id = x.member_id
                WHERE x.team_id = short.team_id AND x.role = short.role AND lower(x.during) <= $3) left_
         WHERE left_.at IS NULL OR left_.at <= short.until
    """
    return await _new(conn, AlarmCode.ROLE_SHORT, causes, districts, until, now, most)


BY_CODE: Mapping[AlarmCode, SelectCauses] = {
    AlarmCode.DUE_SOON: select_due_soon,
    AlarmCode.OVERDUE: select_overdue,
    AlarmCode.UNACCEPTED: select_unaccepted,
    AlarmCode.UNASSIGNED: select_unassigned,
    AlarmCode.PHONE_SILENT: select_silent,
    AlarmCode.ROLE_SHORT: select_short,
}


async def _new(
    conn: Connection,
    what: AlarmCode,
    causes: str,
    districts: Sequence[UUID],
    until: Sequence[datetime],
    now: datetime,
    most: int,
) -> list[Record]:
    """Those of the causes that no alarm was raised for and none stands for, a row a district."""
    return await conn.fetch(
        f"""
        SELECT district_id, array_agg(task_id) AS task_ids, array_agg(team_id) AS team_ids, array_agg(subject_id) AS subject_ids,
               array_agg(occasion) AS occasions, array_agg(data) AS data, array_agg(due_at) AS due_at
          FROM (SELECT c.*
                  FROM ({causes}) c
                 WHERE NOT EXISTS (SELECT FROM alarms a WHERE a.what = $5 AND a.about = coalesce(c.task_id, c.team_id)
                                                          AND (a.occasion = c.occasion OR (a.cleared_at IS NULL AND a.data = c.data)))
                 ORDER BY c.due_at
                 LIMIT $4) AS found
         GROUP BY district_id
         ORDER BY min(due_at)
        """,
        districts,
        until,
        now,
        most,
        what,
    )


async def select_escalating(conn: Connection, now: datetime, most: int) -> list[Record]:
    """Alarms whose next level is due: district_id, alarm_ids; the oldest first, at most `most` alarms in all."""
    return await conn.fetch(
        """
        SELECT district_id, array_agg(id) AS alarm_ids
          FROM (SELECT id, district_id, escalate_at FROM alarms WHERE escalate_at <= $1 ORDER BY escalate_at, id LIMIT $2) AS due
         GROUP BY district_id
         ORDER BY min(escalate_at)
        """,
        now,
        most,
    )


async def select_over(conn: Connection, now: datetime, most: int) -> list[Record]:
    """Standing alarms whose cause is gone: district_id, alarm_ids; at most `most` alarms in all."""
    return await conn.fetch(
        f"""
        SELECT district_id, array_agg(id) AS alarm_ids
          FROM (SELECT a.id, a.district_id
                  FROM alarms a
                  LEFT JOIN tasks t ON t.id = a.task_id
                 WHERE a.cleared_at IS NULL
                   AND CASE a.what
                       WHEN 'due_soon' THEN t.closed_at IS NOT NULL OR t.status = 'in_progress' OR t.due_at <= $1 OR {_DUE_OTHERWISE}
                       WHEN 'overdue' THEN t.closed_at IS NOT NULL OR {_DUE_OTHERWISE}
                       WHEN 'unaccepted' THEN t.status <> 'assigned' OR NOT starts_with(a.occasion, t.assignment_id::text)
                            OR NOT EXISTS (SELECT FROM routes r WHERE r.team_id = t.team_id AND r.task_ids[1] = t.id)
                       WHEN 'unassigned' THEN t.status <> 'pending'
                       WHEN 'suit_too_long' THEN {_SUIT_IS_OFF}
                       WHEN 'specimen_late' THEN t.closed_at IS NOT NULL
                       WHEN 'occurrence_missed' THEN t.status = 'completed'
                       WHEN 'handover_open' THEN t.closed_at IS NOT NULL OR t.team_id IS DISTINCT FROM a.team_id
                       WHEN 'phone_silent' THEN {_OFF_SHIFT} OR {_WAS_HEARD}
                       WHEN 'route_late' THEN {_OFF_SHIFT} OR {_GOES_ON}
                       WHEN 'role_short' THEN {_OFF_SHIFT} OR {_ROLE_IS_THERE}
                       ELSE false END
                 LIMIT $2) AS over
         GROUP BY district_id
        """,
        now,
        most,
    )


async def select_districts(conn: Connection) -> list[Record]:
    """id and settings of every district."""
    return await conn.fetch("SELECT id, settings FROM districts")
