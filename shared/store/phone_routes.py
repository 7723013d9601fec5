"""What a phone shows: one read of everything about the tasks that a team holds, and of who is behind the phone."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from shared.store.connection import Connection, Record
from shared.store.specimens import TUBES_ON_LEG


async def select_held_tasks(conn: Connection, team_id: UUID) -> list[Record]:
    """The tasks that a team holds, each with its assignment's standing, kind, household and subject.

    Of a leg of specimens `pick_up_point` and how many `tubes` are there by now.
    """
    return await conn.fetch(
        f"""
        SELECT t.id, t.status, t.channel, t.lat, t.lon, t.earliest, t.due_at, t.priority, t.roles, t.capabilities, t.service_s,
               t.instructions, t.attempts, t.max_attempts, t.grid_id, t.household_id, t.subject_id,
               a.pinned, a.assigned_at, a.kept_at, a.accepted_at, a.departed_at, a.arrived_at, a.caller_id,
               k.code AS kind, k.names, k.suit, k.form_version,
               h.address, h.access_notes, h.lat AS household_lat, h.lon AS household_lon,
               s.name AS subject_name, s.phone AS subject_phone, s.flags AS subject_flags,
               o.day AS follow_up_day, f.last_day - f.first_day + 1 AS follow_up_days,
               p.name AS pick_up_point, CASE WHEN l.task_id IS NOT NULL THEN {TUBES_ON_LEG} END AS tubes
          FROM tasks t
          JOIN assignments a ON a.id = t.assignment_id
          JOIN kinds k ON k.id = t.kind_id
          LEFT JOIN households h ON h.id = t.household_id
          LEFT JOIN subjects s ON s.id = t.subject_id
          LEFT JOIN follow_up_occurrences o ON o.task_id = t.id
          LEFT JOIN follow_ups f ON f.id = o.follow_up_id
          LEFT JOIN specimen_legs l ON l.task_id = t.id
          LEFT JOIN pick_up_points p ON p.id = l.pick_up_point_id
         WHERE t.team_id = $1
         ORDER BY t.id
        """,
        team_id,
    )


async def select_current_forms(
    conn: Connection, district_id: UUID, codes: Collection[str], *, alert: str
) -> list[Record]:
    """kind, version and schema of the forms in force of these kinds; follow_ons: names of the kinds in use that follow on that alert."""
    return await conn.fetch(
        """
        SELECT k.code AS kind, f.version, f.schema, ARRAY(
                   SELECT o.names
                     FROM jsonb_array_elements_text(k.follow_on -> $3) WITH ORDINALITY AS n (code, place)
                     JOIN kinds o ON o.district_id = k.district_id AND o.code = n.code AND o.active
                    ORDER BY n.place) AS follow_ons
          FROM kinds k JOIN kind_forms f ON f.kind_id = k.id AND f.version = k.form_version
         WHERE k.district_id = $1 AND k.code = ANY($2)
         ORDER BY k.code
        """,
        district_id,
        list(codes),
        alert,
    )


async def select_shift_now_or_next(conn: Connection, team_id: UUID, now: datetime) -> Record | None:
    """id, starts_at and ends_at of the team's shift now, else of the next one."""
    return await conn.fetchrow(
        """
        SELECT id, lower(during) AS starts_at, upper(during) AS ends_at
          FROM shifts
         WHERE team_id = $1 AND upper(during) > $2
         ORDER BY lower(during)
         LIMIT 1
        """,
        team_id,
        now,
    )
