"""Counts over the tables, by day. `bounds` are the moments at which the days begin, and last the one at which the last of them ends.

Rows have `day`: 1 for the first day, NULL for all of them together where a function says so. What each figure means: `domain.figures`.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from shared.domain.reports import WITHOUT_CONSEQUENCES
from shared.domain.words import Outcome
from shared.store.connection import Connection, Record

_SAW = "outcome IN ({})".format(", ".join(f"'{outcome}'" for outcome in Outcome if outcome.saw_the_person))
_NO_WORD = f"'{{{','.join(sorted(WITHOUT_CONSEQUENCES))}}}'"
_SINCE_AND_UNTIL = "($2::timestamptz[])[1] AS since, ($2::timestamptz[])[cardinality($2)] AS until"
# Shifts that lie in the days, each with the days' numbers and spans until now.
_SHIFTS_BY_DAY = """generate_series(1, cardinality($2::timestamptz[]) - 1) AS day
         CROSS JOIN LATERAL (SELECT tstzrange(($2::timestamptz[])[day],
                                              greatest(($2::timestamptz[])[day], least(($2::timestamptz[])[day + 1], $3))) AS today) t
          JOIN shifts s ON s.during && today"""


async def select_tasks_by_day(
    conn: Connection, district_id: UUID, bounds: Sequence[datetime], now: datetime
) -> list[Record]:
    """day, what, tasks and median_s: how many were `posted`, `on_time`, `late`, `became_overdue`, `not_executable`, `cancelled`, `expired`.

    And how many were first `visited`, each day and (`day` NULL) on all of them, with the median of the seconds until then.
    """
    return await conn.fetch(
        f"""
        WITH span AS (SELECT {_SINCE_AND_UNTIL}),
        lived AS MATERIALIZED (
            SELECT t.created_at, t.earliest, t.due_at, t.status, t.closed_at, found.visited_at,
                   CASE WHEN t.status = 'completed' THEN coalesce(found.seen_at, t.closed_at) END AS seen_at
              FROM tasks t
             CROSS JOIN span
             CROSS JOIN LATERAL (
                   SELECT min(v.corrected_at) FILTER (WHERE v.{_SAW}) AS seen_at,
                          min(v.corrected_at) FILTER (WHERE NOT (v.needs_review && {_NO_WORD})) AS visited_at
                     FROM visits v WHERE v.task_id = t.id AND v.struck_at IS NULL) found
             WHERE t.district_id = $1 AND t.created_at < span.until AND (t.closed_at IS NULL OR t.closed_at >= span.since)
        ),
        happened AS (
            SELECT x.what, width_bucket(x.at, $2::timestamptz[]) AS day
              FROM lived
             CROSS JOIN LATERAL (VALUES
                   ('posted', created_at),
                   (CASE WHEN seen_at <= due_at THEN 'on_time' ELSE 'late' END, seen_at),
                   ('became_overdue', CASE WHEN coalesce(seen_at, closed_at, $3) > due_at THEN greatest(due_at, created_at) END),
                   (status, CASE WHEN status IN ('not_executable', 'cancelled', 'expired') THEN closed_at END)) AS x (what, at)
             WHERE x.at IS NOT NULL
        ),
        visited AS (
            SELECT width_bucket(visited_at, $2::timestamptz[]) AS day,
                   extract(epoch FROM visited_at - CASE WHEN earliest <= visited_at THEN greatest(created_at, earliest)
                                                        ELSE created_at END)::float8 AS after_s
              FROM lived
             WHERE visited_at >= ($2::timestamptz[])[1] AND visited_at < ($2::timestamptz[])[cardinality($2)]
        )
        SELECT day, what, count(*) AS tasks, NULL AS median_s
          FROM happened WHERE day BETWEEN 1 AND cardinality($2) - 1
         GROUP BY day, what
         UNION ALL
        SELECT day, 'visited', count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY after_s)
          FROM visited
         GROUP BY GROUPING SETS ((day), ())
        """,
        district_id,
        bounds,
        now,
    )


async def select_waiting_by_day(
    conn: Connection, district_id: UUID, bounds: Sequence[datetime], now: datetime
) -> list[Record]:
    """day (NULL: all), reason, tasks and seconds: how many tasks waited for that reason, and how long together.

    The names of events are those of the index `events_of_waits`.
    """
    return await conn.fetch(
        f"""
        WITH span AS (SELECT {_SINCE_AND_UNTIL}),
        waits AS (
            SELECT t.id AS task_id, w.reason, w.since, w.until
              FROM tasks t
             CROSS JOIN span
             CROSS JOIN LATERAL (
                   SELECT e.at AS since, lead(e.at, 1, $3) OVER (ORDER BY e.tx, e.id) AS until,
                          CASE e.name WHEN 'task.waiting' THEN e.data ->> 'reason'
                                      WHEN 'task.created' THEN coalesce(e.data ->> 'waiting_reason', 'being_planned')
                                      WHEN 'task.changed' THEN e.data ->> 'waiting_reason'
                                      WHEN 'task.released' THEN 'being_planned'
                                      WHEN 'task.reopened' THEN 'being_planned' END AS reason
                     FROM events e
                    WHERE e.task_id = t.id
                      AND e.name IN ('task.created', 'task.waiting', 'task.changed', 'task.released', 'task.reopened', 'task.assigned',
                                     'task.completed', 'task.not_executable', 'task.cancelled', 'task.expired')
                      AND (e.name <> 'task.changed' OR e.data ? 'waiting_reason')) w
             WHERE t.district_id = $1 AND t.created_at < span.until AND (t.closed_at IS NULL OR t.closed_at >= span.since)
               AND w.reason IS NOT NULL AND w.until > w.since
        ),
        by_day AS (
            SELECT task_id, reason, day,
                   sum(least(waits.until, ($2::timestamptz[])[day + 1]) - greatest(waits.since, ($2::timestamptz[])[day])) AS wait
              FROM waits, generate_series(greatest(1, width_bucket(waits.since, $2::timestamptz[])),
                                          least(cardinality($2) - 1, width_bucket(waits.until, $2::timestamptz[]))) AS day
             WHERE least(waits.until, ($2::timestamptz[])[day + 1]) > greatest(waits.since, ($2::timestamptz[])[day])
             GROUP BY task_id, reason, day
        )
        SELECT day, reason, count(*) AS tasks, extract(epoch FROM sum(wait))::float8 AS seconds
          FROM by_day
         GROUP BY day, reason
         UNION ALL
        SELECT NULL, reason, count(DISTINCT task_id), extract(epoch FROM sum(wait))::float8
          FROM by_day
         GROUP BY reason
        """,
        district_id,
        bounds,
        now,
    )


async def select_visits_of_teams_by_day(
    conn: Connection, district_id: UUID, bounds: Sequence[datetime]
) -> list[Record]:
    """team_id (NULL: made by somebody on no team), day, visits and seen."""
    return await conn.fetch(
        f"""
        SELECT team_id, width_bucket(corrected_at, $2::timestamptz[]) AS day, count(*) AS visits, count(*) FILTER (WHERE {_SAW}) AS seen
          FROM visits
         WHERE district_id = $1 AND corrected_at >= ($2::timestamptz[])[1] AND corrected_at < ($2::timestamptz[])[cardinality($2)]
           AND struck_at IS NULL
         GROUP BY team_id, day
        """,
        district_id,
        bounds,
    )


async def select_visits_of_members_by_day(
    conn: Connection, district_id: UUID, bounds: Sequence[datetime]
) -> list[Record]:
    """member_id, day, visits (they were there) and recorded (by them)."""
    return await conn.fetch(
        """
        WITH crews AS (
            SELECT width_bucket(corrected_at, $2::timestamptz[]) AS day, members, member_id, count(*) AS visits
              FROM visits
             WHERE district_id = $1 AND corrected_at >= ($2::timestamptz[])[1] AND corrected_at < ($2::timestamptz[])[cardinality($2)]
               AND struck_at IS NULL
             GROUP BY 1, 2, 3
        )
        SELECT there.member_id, day, sum(visits)::bigint AS visits,
               coalesce(sum(visits) FILTER (WHERE there.member_id = crews.member_id), 0)::bigint AS recorded
          FROM crews, jsonb_to_recordset(crews.members) AS there (member_id uuid)
         GROUP BY there.member_id, day
        """,
        district_id,
        bounds,
    )


async def select_stops_by_day(conn: Connection, district_id: UUID, bounds: Sequence[datetime]) -> list[Record]:
    """day, stops_timed, travel_s and at_door_s of the stops at which a team's setting out, arrival and visit are all known."""
    return await conn.fetch(
        """
        WITH stops AS (
            SELECT a.departed_at, a.arrived_at, max(v.corrected_at) AS left_at
              FROM assignments a JOIN visits v ON v.task_id = a.task_id AND v.assignment_id = a.id AND v.struck_at IS NULL
             WHERE a.district_id = $1 AND a.arrived_at >= ($2::timestamptz[])[1] AND a.arrived_at < ($2::timestamptz[])[cardinality($2)]
               AND a.departed_at IS NOT NULL
             GROUP BY a.team_id, a.departed_at, a.arrived_at
        )
        SELECT width_bucket(arrived_at, $2::timestamptz[]) AS day, count(*) AS stops_timed,
               extract(epoch FROM sum(arrived_at - departed_at))::float8 AS travel_s,
               extract(epoch FROM sum(left_at - arrived_at))::float8 AS at_door_s
          FROM stops
         WHERE departed_at <= arrived_at AND arrived_at <= left_at
         GROUP BY day
        """,
        district_id,
        bounds,
    )


async def select_subjects_by_day(
    conn: Connection, district_id: UUID, bounds: Sequence[datetime], first: date, now: datetime
) -> list[Record]:
    """day, subjects_followed and subjects_seen: under follow-up, and of them those seen that day; `first` is the first day's date."""
    return await conn.fetch(
        f"""
        WITH followed AS (
            SELECT DISTINCT f.subject_id, day
              FROM follow_ups f
              JOIN generate_series(1, cardinality($2::timestamptz[]) - 1) AS day
                ON $3::date + (day - 1) BETWEEN f.first_day AND f.last_day
               AND f.started_at < ($2::timestamptz[])[day + 1]
               AND (f.ended_at IS NULL OR f.ended_at >= ($2::timestamptz[])[day])
             WHERE f.district_id = $1 AND ($2::timestamptz[])[day] <= $4
        ),
        seen AS (
            SELECT DISTINCT t.subject_id, width_bucket(v.corrected_at, $2::timestamptz[]) AS day
              FROM visits v JOIN tasks t ON t.id = v.task_id
             WHERE v.district_id = $1 AND v.corrected_at >= ($2::timestamptz[])[1] AND v.corrected_at < ($2::timestamptz[])[cardinality($2)]
               AND v.struck_at IS NULL AND v.{_SAW} AND t.subject_id IS NOT NULL
        )
        SELECT day, count(*) AS subjects_followed, count(seen.subject_id) AS subjects_seen
          FROM followed LEFT JOIN seen USING (subject_id, day)
         GROUP BY day
        """,
        district_id,
        bounds,
        first,
        now,
    )


async def select_occurrences_by_day(
    conn: Connection, district_id: UUID, bounds: Sequence[datetime], first: date
) -> list[Record]:
    """day, occurrences_done and occurrences_missed; `first` is the first day's date."""
    return await conn.fetch(
        """
        SELECT on_day - $3::date + 1 AS day, count(*) FILTER (WHERE state = 'done') AS occurrences_done,
               count(*) FILTER (WHERE state = 'missed') AS occurrences_missed
          FROM follow_up_occurrence_states
         WHERE district_id = $1 AND on_day >= $3 AND on_day < $3::date + cardinality($2::timestamptz[]) - 1
         GROUP BY on_day
        """,
        district_id,
        bounds,
        first,
    )


async def select_alarms_by_day(conn: Connection, district_id: UUID, bounds: Sequence[datetime]) -> list[Record]:
    """day, what and alarms: how many were raised."""
    return await conn.fetch(
        """
        SELECT width_bucket(raised_at, $2::timestamptz[]) AS day, what, count(*) AS alarms
          FROM alarms
         WHERE district_id = $1 AND raised_at >= ($2::timestamptz[])[1] AND raised_at < ($2::timestamptz[])[cardinality($2)]
         GROUP BY 1, 2
        """,
        district_id,
        bounds,
    )


async def select_shifts_of_teams_by_day(
    conn: Connection, district_id: UUID, bounds: Sequence[datetime], now: datetime
) -> list[Record]:
    """team_id, day and seconds: how long each team's shifts lasted until now."""
    return await conn.fetch(
        f"""
        SELECT s.team_id, day, extract(epoch FROM sum(upper(part) - lower(part)))::float8 AS seconds
          FROM {_SHIFTS_BY_DAY}
         CROSS JOIN LATERAL (SELECT s.during * today AS part) p
         WHERE s.district_id = $1 AND NOT isempty(part)
         GROUP BY s.team_id, day
        """,
        district_id,
        bounds,
        now,
    )


async def select_shifts_of_members_by_day(
    conn: Connection, district_id: UUID, bounds: Sequence[datetime], now: datetime
) -> list[Record]:
    """member_id, day and seconds: how long until now each member was on a team on shift."""
    return await conn.fetch(
        f"""
        SELECT m.member_id, day, extract(epoch FROM sum(upper(part) - lower(part)))::float8 AS seconds
          FROM {_SHIFTS_BY_DAY}
          JOIN memberships m ON m.team_id = s.team_id AND m.during && s.during
         CROSS JOIN LATERAL (SELECT s.during * m.during * today AS part) p
         WHERE s.district_id = $1 AND NOT isempty(part)
         GROUP BY m.member_id, day
        """,
        district_id,
        bounds,
        now,
    )


async def select_teams_named(conn: Connection, district_id: UUID, team_ids: Sequence[UUID]) -> list[Record]:
    """id, code and name of these teams, by code."""
    return await conn.fetch(
        "SELECT id, code, name FROM teams WHERE district_id = $1 AND id = ANY($2) ORDER BY code", district_id, team_ids
    )


async def select_members_named(conn: Connection, district_id: UUID, member_ids: Sequence[UUID]) -> list[Record]:
    """id, name and role of these members, by role and name."""
    return await conn.fetch(
        "SELECT id, name, role FROM members WHERE district_id = $1 AND id = ANY($2) ORDER BY role, name, id",
        district_id,
        member_ids,
    )
