"""A district that has worked for weeks, made by SQL: tasks, who had them, what was found, and what was told of it."""

from datetime import datetime
from uuid import UUID

from shared.domain.ids import new_id
from shared.domain.words import DEFAULT_SLOTS
from shared.store.connection import Connection

TEAMS = 40


async def make_visits(
    conn: Connection,
    count: int,
    *,
    until: datetime,
    days: int = 31,
    district_id: UUID | None = None,
    note: str = "在家, 状态良好",
    told: bool = True,
) -> UUID:
    """That many tasks, each visited once, evenly over the `days` before `until`; the district's id.

    The teams of a district that is there take turns, each with one member of each role; a new district has 40.

    Every fifth waited for a team; every tenth was late. `told`: with assignments and events.
    """
    if district_id is None:
        district_id = await _make_district(conn)
    async with conn.transaction():
        await conn.execute(
            "SET LOCAL session_replication_role = replica"
        )  # the rows agree with each other: no need to look each up
        await conn.execute(
            "CREATE TEMPORARY TABLE work (task_id uuid, visit_id uuid, assignment_id uuid, n integer, seen_at timestamptz, team_id uuid,"
            " members jsonb, recorder uuid, kind_id uuid) ON COMMIT DROP"
        )
        await conn.execute(_WORK, district_id, until, days, count)
        await conn.execute(_TASKS, district_id)
        await conn.execute(_VISITS, district_id, note)
        if told:
            await conn.execute(_ASSIGNMENTS, district_id)
            await conn.execute(_EVENTS, district_id)
    return district_id


async def _make_district(conn: Connection) -> UUID:
    district_id = new_id()
    await conn.execute(
        "INSERT INTO districts (id, code, name, time_zone) VALUES ($1, $2, 'Worked', 'Asia/Shanghai')",
        district_id,
        f"d{district_id.hex[:13]}",
    )
    await conn.executemany(
        "INSERT INTO slots (district_id, role, place) VALUES ($1, $2, $3)",
        [(district_id, role, place) for place, role in enumerate(DEFAULT_SLOTS)],
    )
    await conn.execute(
        """
        INSERT INTO kinds (id, district_id, code, names, channel, service_s, required_roles, priority, max_attempts, retry_after_s)
        VALUES (gen_random_uuid(), $1, 'temperature_check', '{"en": "Temperature", "zh": "测温"}', 'visit', 300, '{doctor}', 3, 3, 3600)
        """,
        district_id,
    )
    await conn.execute(
        """
        INSERT INTO teams (id, district_id, code, name)
        SELECT gen_random_uuid(), $1, 'team-' || n, 'Team ' || n FROM generate_series(1, $2) n
        """,
        district_id,
        TEAMS,
    )
    await conn.execute(
        """
        INSERT INTO members (id, district_id, name, phone, role)
        SELECT gen_random_uuid(), $1, s.role || ' ' || n, '+86' || (13000000000 + n * 10 + s.place), s.role
          FROM generate_series(1, $2) n, slots s WHERE s.district_id = $1
        """,
        district_id,
        TEAMS,
    )
    return district_id


_WORK = """
    INSERT INTO work
    WITH team AS (SELECT id, row_number() OVER (ORDER BY code) - 1 AS place FROM teams WHERE district_id = $1),
    member AS (SELECT id, role, (row_number() OVER (PARTITION BY role ORDER BY phone)) - 1 AS place FROM members WHERE district_id = $1),
    crew AS (SELECT place, jsonb_agg(jsonb_build_object('member_id', id, 'role', role) ORDER BY role) AS members,
                    (array_agg(id ORDER BY role))[1] AS recorder
               FROM member GROUP BY place)
    SELECT gen_random_uuid() AS task_id, gen_random_uuid() AS visit_id, gen_random_uuid() AS assignment_id, n,
           $2::timestamptz - make_interval(secs => $3::int * 86400.0 * n / $4::int) AS seen_at,
           team.id AS team_id, crew.members, crew.recorder, (SELECT id FROM kinds WHERE district_id = $1 LIMIT 1) AS kind_id
      FROM generate_series(1, $4::int) n JOIN team ON team.place = n % (SELECT count(*) FROM team) JOIN crew USING (place)
"""
_TASKS = """
    INSERT INTO tasks (id, district_id, kind_id, channel, lat, lon, earliest, due_at, priority, roles, service_s, status, max_attempts,
                       attempts, closed_at, closed_reason, created_at, updated_at)
    SELECT task_id, $1, kind_id, 'visit', 31.2, 121.4, seen_at - interval '2 hours',
           seen_at + make_interval(mins => CASE WHEN n % 10 = 0 THEN -15 ELSE 60 END), 3, '{doctor}', 300, 'completed', 3, 1,
           seen_at + interval '2 seconds', 'seen_ok', seen_at - interval '2 hours', seen_at
      FROM work
"""
_VISITS = """
    INSERT INTO visits (id, district_id, task_id, team_id, assignment_id, member_id, members, outcome, result, form_version, note,
                        device_at, corrected_at, received_at)
    SELECT visit_id, $1, task_id, team_id, assignment_id, recorder, members, 'seen_ok',
           jsonb_build_object('temperature_c', 36 + (n % 10) / 10.0, 'method', 'forehead'), 1, $2, seen_at, seen_at,
           seen_at + interval '2 seconds'
      FROM work
"""
_ASSIGNMENTS = """
    INSERT INTO assignments (id, district_id, task_id, team_id, members, reason, assigned_at, accepted_at, departed_at, arrived_at,
                             ended_at, end_reason)
    SELECT assignment_id, $1, task_id, team_id, members, '{}', seen_at - interval '1 hour', seen_at - interval '30 minutes',
           seen_at - interval '12 minutes', seen_at - interval '5 minutes', seen_at + interval '2 seconds', 'completed'
      FROM work
"""
_EVENTS = """
    INSERT INTO events (district_id, at, name, task_id, team_id, data)
    SELECT $1, seen_at + told.after, told.name, task_id, CASE WHEN told.place > 2 THEN team_id END, told.data
      FROM work,
           (VALUES (1, 'task.created', interval '-2 hours', '{}'::jsonb),
                   (2, 'task.waiting', interval '-110 minutes', '{"reason": "all_teams_full"}'),
                   (3, 'task.assigned', interval '-1 hour', '{}'),
                   (4, 'task.accepted', interval '-30 minutes', '{}'),
                   (5, 'task.departed', interval '-12 minutes', '{}'),
                   (6, 'task.arrived', interval '-5 minutes', '{}'),
                   (7, 'visit.recorded', interval '2 seconds', '{"outcome": "seen_ok"}'),
                   (8, 'task.completed', interval '2 seconds', '{"reason": "completed"}')) AS told (place, name, after, data)
     WHERE told.place <> 2 OR n % 5 = 0
     ORDER BY seen_at, told.place
"""
