"""The table `handovers`, and the end of a shift to which it belongs."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from shared.domain.district import DistrictSettings
from shared.domain.handover import Handover
from shared.store.connection import Connection, Record

_SHOWN = """
    SELECT h.id, h.task_id, h.at, h.note, h.from_team_id, f.name AS from_team, h.to_team_id, n.name AS to_team, h.member_id,
           m.name AS member, h.shift_id, k.code AS kind, k.names, d.address, t.status, t.team_id AS holder_id, o.name AS holder
      FROM handovers h
      JOIN tasks t ON t.id = h.task_id
      JOIN kinds k ON k.id = t.kind_id
      JOIN teams f ON f.id = h.from_team_id
      LEFT JOIN teams n ON n.id = h.to_team_id
      LEFT JOIN teams o ON o.id = t.team_id
      LEFT JOIN members m ON m.id = h.member_id
      LEFT JOIN households d ON d.id = t.household_id AND t.redacted_at IS NULL
"""


async def insert_handovers(conn: Connection, handovers: Sequence[Handover]) -> None:
    await conn.executemany(
        """
        INSERT INTO handovers (id, district_id, task_id, from_team_id, to_team_id, shift_id, member_id, note, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        [
            (h.id, h.district_id, h.task_id, h.from_team_id, h.to_team_id, h.shift_id, h.member_id, h.note, h.at)
            for h in handovers
        ],
    )


async def select_ending(conn: Connection, team_id: UUID, now: datetime) -> Record | None:
    """id, starts_at, ends_at of the team's shift now, else of the last that ended in a month, and `goes_on`: its next begins as that one
    ends."""
    return await conn.fetchrow(f"{_ENDING} WHERE s.team_id = $1 AND s.during && {_MONTH} {_NEWEST}", team_id, now)


async def select_ending_of_shift(conn: Connection, shift_id: UUID) -> Record | None:
    """The same of one shift."""
    return await conn.fetchrow(f"{_ENDING} WHERE s.id = $1", shift_id)


_MONTH = "tstzrange($2::timestamptz - interval '30 days', $2, '[]')"
_NEWEST = "ORDER BY lower(s.during) DESC LIMIT 1"
_ENDING = """
    SELECT s.id, s.team_id, s.district_id, lower(s.during) AS starts_at, upper(s.during) AS ends_at,
           EXISTS (SELECT FROM shifts n WHERE n.team_id = s.team_id AND n.during @> upper(s.during)) AS goes_on
      FROM shifts s
"""


async def select_followers(
    conn: Connection, grid_id: UUID, *, besides: UUID, ends_at: datetime, starts_by: datetime
) -> list[UUID]:
    """Other active teams at home in that grid that have a shift which begins by `starts_by` and is on after `ends_at`."""
    rows = await conn.fetch(
        """
        SELECT t.id FROM teams t
         WHERE t.home_grid_id = $1 AND t.id <> $2 AND t.active
           AND EXISTS (SELECT FROM shifts s WHERE s.team_id = t.id AND lower(s.during) <= $4 AND upper(s.during) > $3)
        """,
        grid_id,
        besides,
        ends_at,
        starts_by,
    )
    return [row["id"] for row in rows]


async def select_notes(conn: Connection, task_ids: Collection[UUID]) -> list[Record]:
    """task_id, at, note and from_team (its name) of what became of these tasks at ends of shifts, oldest first."""
    return await conn.fetch(
        """
        SELECT h.task_id, h.at, h.note, t.name AS from_team FROM handovers h JOIN teams t ON t.id = h.from_team_id
         WHERE h.task_id = ANY($1) ORDER BY h.at, h.id
        """,
        list(task_ids),
    )


async def select_handovers_of_task(conn: Connection, task_id: UUID) -> list[Record]:
    """Each with its teams, who handed it over, its kind, door and holder now; oldest first."""
    return await conn.fetch(f"{_SHOWN} WHERE h.task_id = $1 ORDER BY h.at, h.id", task_id)


async def select_handovers_of_shift(conn: Connection, shift_id: UUID, most: int) -> list[Record]:
    """The same of what a shift that ended handed over, at most so many."""
    return await conn.fetch(f"{_SHOWN} WHERE h.shift_id = $1 ORDER BY h.at, h.id LIMIT $2", shift_id, most)


async def select_handed_to(
    conn: Connection, team_id: UUID, starts_at: datetime, ends_at: datetime, most: int
) -> list[Record]:
    """The same of what was handed to a team for its shift from `starts_at` until `ends_at`: in it or up to half a day before."""
    return await conn.fetch(
        f"""
        {_SHOWN} WHERE h.to_team_id = $1 AND h.at >= $2::timestamptz - interval '12 hours' AND h.at < $3
           AND NOT EXISTS (SELECT FROM shifts s WHERE s.team_id = $1 AND upper(s.during) > h.at AND upper(s.during) <= $2)
         ORDER BY h.at, h.id LIMIT $4
        """,
        team_id,
        starts_at,
        ends_at,
        most,
    )


async def select_asked_about(conn: Connection, team_id: UUID, ends_at: datetime) -> list[Record]:
    """What a team holds for good of what it was given before its shift ends: task_id, kind, names, address, status, due_at, kept_at."""
    return await conn.fetch(
        """
        SELECT t.id AS task_id, k.code AS kind, k.names, d.address, t.status, t.due_at, a.kept_at
          FROM tasks t
          JOIN assignments a ON a.id = t.assignment_id
          JOIN kinds k ON k.id = t.kind_id
          LEFT JOIN households d ON d.id = t.household_id
         WHERE t.team_id = $1 AND a.assigned_at < $2 AND (t.status <> 'assigned' OR a.pinned)
         ORDER BY t.due_at, t.id
        """,
        team_id,
        ends_at,
    )


async def select_left_open(
    conn: Connection, now: datetime, *, usually_after: timedelta, kept_for: timedelta, most: int
) -> list[Record]:
    """Work that teams off shift hold for good since their last shift ended, of which no alarm of that shift was raised; oldest first.

    It is due for that the district's wait after the end (`usually_after` where it set none), and `kept_for` later where the team said that
    it finishes it. task_id, team_id, district_id, shift_id, due_at (when the alarm was due).
    """
    return await conn.fetch(
        """
        WITH off AS MATERIALIZED (
            SELECT held.team_id, s.id AS shift_id, s.ends_at
              FROM (SELECT DISTINCT team_id FROM tasks WHERE team_id IS NOT NULL) held
             CROSS JOIN LATERAL (SELECT id, upper(during) AS ends_at FROM shifts
                                  WHERE team_id = held.team_id AND during && tstzrange($1::timestamptz - interval '30 days', $1, '[]')
                                  ORDER BY lower(during) DESC LIMIT 1) s
             WHERE s.ends_at <= $1
        ), left_open AS (
            SELECT t.id AS task_id, t.team_id, t.district_id, off.shift_id,
                   off.ends_at + coalesce(make_interval(secs => r.after_s), $2::interval)
                   + CASE WHEN a.kept_at >= off.ends_at - make_interval(secs => coalesce((d.settings ->> 'handover_ask_s')::float, $5))
                          THEN $3::interval ELSE interval '0' END AS due_at
              FROM off
              JOIN tasks t ON t.team_id = off.team_id
              JOIN assignments a ON a.id = t.assignment_id
              JOIN districts d ON d.id = t.district_id
              LEFT JOIN alarm_rules r ON r.district_id = d.id AND r.what = 'handover_open'
             WHERE (t.status <> 'assigned' OR a.pinned) AND a.assigned_at < off.ends_at AND coalesce(r.enabled, true)
        )
        SELECT * FROM left_open
         WHERE due_at <= $1 AND NOT EXISTS (SELECT FROM alarms l
                WHERE l.what = 'handover_open' AND l.about = left_open.task_id AND l.occasion = left_open.shift_id::text)
         ORDER BY due_at, task_id
         LIMIT $4
        """,
        now,
        usually_after,
        kept_for,
        most,
        DistrictSettings().handover_ask_s,
    )
