"""The table `routes`, and the rows from which a team's walk is loaded."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.store.connection import Connection, Record


async def select_rosters(
    conn: Connection,
    *,
    now: datetime,
    plan_ahead: timedelta,
    suit_limit: timedelta | None = None,
    district_id: UUID | None = None,
    team_ids: Sequence[UUID] | None = None,
) -> list[Record]:
    """Active teams of a district, or these teams: their shift now (or the next that begins within `plan_ahead`), who is on
    duty (and who rests) in it, its break, the order of their route and how many visits (calls apart) they made in the shift.

    Whom a rule of rest keeps from the shift at `now` (or its start) is not on duty, and in `rests`; who is in a protective suit for longer
    than `suit_limit` counts as on a break. An account of `rests`: member_id, role, rule, until."""
    return await conn.fetch(
        """
        SELECT t.id AS team_id, t.district_id, t.mode, t.home_grid_id, t.start_lat, t.start_lon, t.place_lat, t.place_lon, t.place_at,
               t.max_visits, t.route_version, t.roster_version,
               s.id AS shift_id, lower(s.during) AS shift_starts, upper(s.during) AS shift_ends,
               s.break_earliest, s.break_latest, s.break_s, s.break_began_at, s.break_over_at,
               there.roles, there.capabilities, there.resting_roles, there.resting_capabilities, there.members, there.rests,
               coalesce(r.task_ids, '{}') AS task_ids,
               (SELECT count(*) FROM visits v JOIN tasks k ON k.id = v.task_id
                 WHERE v.team_id = t.id AND v.received_at >= lower(s.during) AND v.struck_at IS NULL AND k.channel = 'visit') AS visits
          FROM teams t
          LEFT JOIN LATERAL (
               SELECT id, during, break_earliest, break_latest, break_s, break_began_at, break_over_at FROM shifts
                WHERE team_id = t.id AND upper(during) > $1 AND lower(during) <= $1 + $2::interval
                ORDER BY lower(during) LIMIT 1) s ON t.active
          LEFT JOIN routes r ON r.team_id = t.id
         CROSS JOIN LATERAL (
               SELECT coalesce(array_agg(DISTINCT x.role) FILTER (WHERE x.duty = 'on'), '{}') AS roles,
                      coalesce(array_agg(DISTINCT c) FILTER (WHERE x.duty = 'on' AND c IS NOT NULL), '{}') AS capabilities,
                      coalesce(array_agg(DISTINCT x.role) FILTER (WHERE x.duty = 'break'), '{}') AS resting_roles,
                      coalesce(array_agg(DISTINCT c) FILTER (WHERE x.duty = 'break' AND c IS NOT NULL), '{}') AS resting_capabilities,
                      coalesce(jsonb_agg(DISTINCT jsonb_build_object('member_id', x.member_id, 'role', x.role))
                               FILTER (WHERE x.duty = 'on'), '[]') AS members,
                      coalesce(jsonb_agg(DISTINCT jsonb_build_object('member_id', x.member_id, 'role', x.role, 'rule', x.rule,
                                                                     'until', x.until))
                               FILTER (WHERE x.rule IS NOT NULL), '[]') AS rests
                 FROM (SELECT x.member_id, x.role, m.capabilities, z.rule, z.until,
                              CASE WHEN z.rule IS NOT NULL THEN 'off'
                                   WHEN m.duty = 'on' AND m.suit_since <= $1 - $5::interval AND lower(s.during) <= $1 THEN 'break'
                                   ELSE m.duty END AS duty
                         FROM memberships x
                         JOIN members m ON m.id = x.member_id
                         LEFT JOIN rests z ON z.shift_id = s.id AND z.member_id = x.member_id AND z.until > greatest($1, lower(s.during))
                        WHERE x.team_id = t.id AND x.during @> greatest($1, lower(s.during)) AND m.active) x
                 LEFT JOIN unnest(x.capabilities) AS c ON true) there
         WHERE ($3::uuid IS NULL OR (t.district_id = $3 AND t.active)) AND ($4::uuid[] IS NULL OR t.id = ANY($4))
         ORDER BY t.id
        """,
        now,
        plan_ahead,
        district_id,
        team_ids,
        suit_limit,
    )


async def select_held_works(conn: Connection, team_ids: Sequence[UUID]) -> list[Record]:
    """What these teams hold, each with its assignment's standing."""
    return await conn.fetch(
        """
        SELECT t.id, t.team_id, t.household_id, t.grid_id, t.channel, t.lat, t.lon, t.earliest, t.due_at, t.service_s, t.priority, t.roles,
               t.capabilities, t.declined_in, a.pinned, a.accepted_at, a.departed_at, a.arrived_at
          FROM tasks t JOIN assignments a ON a.id = t.assignment_id
         WHERE t.team_id = ANY($1)
        """,
        team_ids,
    )


async def upsert_routes(
    conn: Connection,
    *,
    team_ids: Sequence[UUID],
    versions: Sequence[int],
    task_ids: Sequence[list[UUID]],
    stops: Sequence[list[dict[str, Any]]],
    reports_due_at: Sequence[datetime | None],
    now: datetime,
) -> None:
    """Replace routes whole; the sequences run in parallel, one entry a team."""
    await conn.executemany(
        """
        INSERT INTO routes (team_id, version, task_ids, stops, report_due_at, planned_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (team_id) DO UPDATE SET version = excluded.version, task_ids = excluded.task_ids, stops = excluded.stops,
                                            report_due_at = excluded.report_due_at, planned_at = excluded.planned_at
        """,
        [(*route, now) for route in zip(team_ids, versions, task_ids, stops, reports_due_at, strict=True)],
    )


async def select_late(conn: Connection, now: datetime, *, usually_after: timedelta, most: int) -> list[Record]:
    """Routes whose next report is overdue by their district's `late_after_s` (`usually_after` where it set none): team_id, district_id."""
    return await conn.fetch(
        """
        SELECT r.team_id, d.id AS district_id
          FROM routes r JOIN teams t ON t.id = r.team_id JOIN districts d ON d.id = t.district_id
         WHERE r.report_due_at <= $1
           AND r.report_due_at <= $1::timestamptz - coalesce(make_interval(secs => (d.settings ->> 'late_after_s')::float), $2::interval)
         ORDER BY r.report_due_at
         LIMIT $3
        """,
        now,
        usually_after,
        most,
    )


async def select_report_due(conn: Connection, team_id: UUID) -> datetime | None:
    """When the team's next report is due by its route; None where none is."""
    due_at: datetime | None = await conn.fetchval("SELECT report_due_at FROM routes WHERE team_id = $1", team_id)
    return due_at


async def update_no_report_due(conn: Connection, team_id: UUID) -> None:
    """No report of this team is due until its route is written anew."""
    await conn.execute("UPDATE routes SET report_due_at = NULL WHERE team_id = $1", team_id)


async def select_route(conn: Connection, team_id: UUID) -> Record | None:
    """version, task_ids, stops, planned_at of a team's route."""
    return await conn.fetchrow("SELECT version, task_ids, stops, planned_at FROM routes WHERE team_id = $1", team_id)


async def update_route_versions(conn: Connection, team_ids: Sequence[UUID]) -> None:
    """Count one more route for each of these (locked) teams."""
    await conn.execute("UPDATE teams SET route_version = route_version + 1 WHERE id = ANY($1)", team_ids)
