"""Rests: who does not count in which shift, and until when. `shared.domain.rest` judges them from stints."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from shared.domain.rest import Rest, Stint
from shared.domain.words import RestRule
from shared.store.connection import Connection, Record

_COLUMNS = "member_id, shift_id, team_id, rule, since, until"


def _rest(row: Record) -> Rest:
    return Rest(**{**row, "rule": RestRule(row["rule"])})


async def select_stints(conn: Connection, member_ids: Collection[UUID], *, since: datetime) -> list[Stint]:
    """What these members are rostered for and was not over at `since`: each membership in each shift of its team."""
    rows = await conn.fetch(
        """
        SELECT x.member_id, s.id AS shift_id, s.team_id, lower(s.during) AS shift_starts, upper(s.during) AS shift_ends,
               lower(s.during * x.during) AS starts_at, upper(s.during * x.during) AS ends_at
          FROM memberships x JOIN shifts s ON s.team_id = x.team_id AND s.during && x.during
         WHERE x.member_id = ANY($1) AND x.during && tstzrange($2, NULL) AND s.during && tstzrange($2, NULL)
           AND upper(s.during * x.during) > $2
        """,
        list(member_ids),
        since,
    )
    return [Stint(**row) for row in rows]


async def select_rests_of_members(conn: Connection, member_ids: Collection[UUID]) -> list[Rest]:
    rows = await conn.fetch(f"SELECT {_COLUMNS} FROM rests WHERE member_id = ANY($1)", list(member_ids))
    return [_rest(row) for row in rows]


async def select_rests_of_shifts(conn: Connection, shift_ids: Collection[UUID]) -> list[Rest]:
    rows = await conn.fetch(
        f"SELECT {_COLUMNS} FROM rests WHERE shift_id = ANY($1) ORDER BY until, member_id", list(shift_ids)
    )
    return [_rest(row) for row in rows]


async def select_warnings(
    conn: Connection, *, shift_ids: Collection[UUID] = (), team_ids: Collection[UUID] = (), judged_at: datetime
) -> list[Rest]:
    """Rests in these shifts, and those that the writing of a roster at `judged_at` brought to whoever is or will be on these teams."""
    rows = await conn.fetch(
        f"""
        SELECT {_COLUMNS} FROM rests
         WHERE shift_id = ANY($1)
            OR (judged_at = $3 AND member_id IN (SELECT member_id FROM memberships
                                                  WHERE team_id = ANY($2) AND during && tstzrange($3, NULL)))
         ORDER BY until, member_id, shift_id
        """,
        list(shift_ids),
        list(team_ids),
        judged_at,
    )
    return [_rest(row) for row in rows]


async def select_teams_concerned(
    conn: Connection, team_ids: Collection[UUID], member_ids: Collection[UUID], *, since: datetime
) -> list[UUID]:
    """These teams, and those on which their people, or these members, are or will be, as far as it was not over at `since`."""
    rows = await conn.fetch(
        """
        SELECT unnest($1::uuid[]) AS team_id
         UNION
        SELECT x.team_id FROM memberships x
         WHERE x.during && tstzrange($3, NULL)
           AND x.member_id IN (SELECT unnest($2::uuid[]) UNION
                               SELECT member_id FROM memberships WHERE team_id = ANY($1) AND during && tstzrange($3, NULL))
        """,
        list(team_ids),
        list(member_ids),
        since,
    )
    return [row["team_id"] for row in rows]


async def select_members_of_teams(conn: Connection, team_ids: Collection[UUID], *, since: datetime) -> list[UUID]:
    """Who is or will be on these teams, as far as it was not over at `since`."""
    rows = await conn.fetch(
        "SELECT DISTINCT member_id FROM memberships WHERE team_id = ANY($1) AND during && tstzrange($2, NULL)",
        list(team_ids),
        since,
    )
    return [row["member_id"] for row in rows]


async def upsert_rests(
    conn: Connection, district_id: UUID, rests: Sequence[Rest], shift_ends: Sequence[datetime], now: datetime
) -> None:
    """Write rests; `shift_ends` runs in parallel. One that is not over before its shift has nothing to be looked at afterwards."""
    await conn.execute(
        """
        INSERT INTO rests AS known (shift_id, member_id, district_id, team_id, rule, since, until, judged_at, settled_at)
        SELECT r.shift_id, r.member_id, $1, r.team_id, r.rule, r.since, r.until, $9::timestamptz,
               CASE WHEN r.until >= r.shift_ends THEN $9::timestamptz END
          FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::timestamptz[],
                      $8::timestamptz[])
            AS r (shift_id, member_id, team_id, rule, since, until, shift_ends)
            ON CONFLICT (shift_id, member_id) DO UPDATE
           SET rule = excluded.rule, since = excluded.since, until = excluded.until,
               judged_at = excluded.judged_at, settled_at = excluded.settled_at
        """,
        district_id,
        [rest.shift_id for rest in rests],
        [rest.member_id for rest in rests],
        [rest.team_id for rest in rests],
        [rest.rule for rest in rests],
        [rest.since for rest in rests],
        [rest.until for rest in rests],
        list(shift_ends),
        now,
    )


async def delete_rests(conn: Connection, rests: Sequence[Rest]) -> None:
    """Remove these rests: nothing keeps their members from those shifts any more."""
    await conn.execute(
        "DELETE FROM rests WHERE (shift_id, member_id) IN (SELECT * FROM unnest($1::uuid[], $2::uuid[]))",
        [rest.shift_id for rest in rests],
        [rest.member_id for rest in rests],
    )


async def select_over_unsettled(conn: Connection, now: datetime, most: int) -> list[Record]:
    """shift_id, member_id, district_id and team_id of rests that are over and whose teams were not looked at since, oldest first."""
    return await conn.fetch(
        """
        SELECT shift_id, member_id, district_id, team_id FROM rests
         WHERE settled_at IS NULL AND until <= $1 ORDER BY until LIMIT $2
        """,
        now,
        most,
    )


async def select_untold(conn: Connection, now: datetime, most: int) -> list[Record]:
    """shift_id, member_id, district_id, team_id and rule of rests that go on in a shift that has begun, and that nobody was told of."""
    return await conn.fetch(
        """
        SELECT r.shift_id, r.member_id, r.district_id, r.team_id, r.rule
          FROM rests r JOIN shifts s ON s.id = r.shift_id
         WHERE r.told_at IS NULL AND r.until > $1 AND s.during @> $1::timestamptz
           AND EXISTS (SELECT FROM memberships x WHERE x.member_id = r.member_id AND x.team_id = r.team_id AND x.during @> $1::timestamptz)
         ORDER BY lower(s.during), r.shift_id, r.member_id
         LIMIT $2
        """,
        now,
        most,
    )


async def update_told(conn: Connection, shift_id: UUID, member_id: UUID, now: datetime) -> None:
    """Mark that people were told of the rest."""
    sql = "UPDATE rests SET told_at = $3 WHERE shift_id = $1 AND member_id = $2"
    await conn.execute(sql, shift_id, member_id, now)


async def update_settled(conn: Connection, shift_id: UUID, member_id: UUID, now: datetime) -> None:
    """Mark that the team was looked at after the rest. Counts its roster version up: plans made before are overtaken."""
    sql = "UPDATE rests SET settled_at = $3 WHERE shift_id = $1 AND member_id = $2 AND settled_at IS NULL"
    await conn.execute(sql, shift_id, member_id, now)


async def update_unsettled(conn: Connection, member_ids: Collection[UUID], now: datetime) -> None:
    """Have the teams looked at when these members' rests are over that reached to the end of a shift which is longer now."""
    await conn.execute(
        """
        UPDATE rests r SET settled_at = NULL FROM shifts s
         WHERE s.id = r.shift_id AND r.member_id = ANY($1) AND r.settled_at IS NOT NULL AND r.until > $2 AND r.until < upper(s.during)
        """,
        list(member_ids),
        now,
    )


async def insert_checks(conn: Connection, district_id: UUID, now: datetime) -> None:
    """Have the rest of all members of the district who are or will be on a team judged anew."""
    await conn.execute(
        """
        INSERT INTO rest_checks (member_id, district_id, wanted_at)
        SELECT DISTINCT member_id, district_id, $2::timestamptz FROM memberships WHERE district_id = $1 AND during && tstzrange($2, NULL)
            ON CONFLICT (member_id) DO UPDATE SET wanted_at = excluded.wanted_at
        """,
        district_id,
        now,
    )


async def select_checks(conn: Connection, now: datetime, most: int) -> list[Record]:
    """district_id and member_ids, at most some hundred of one district a row, whose rest is to be judged anew, oldest first."""
    return await conn.fetch(
        """
        SELECT district_id, array_agg(member_id) AS member_ids
          FROM (SELECT district_id, member_id, wanted_at,
                       (row_number() OVER (PARTITION BY district_id ORDER BY wanted_at, member_id) - 1) / 200 AS part
                  FROM rest_checks WHERE wanted_at <= $1) waiting
         GROUP BY district_id, part
         ORDER BY min(wanted_at)
         LIMIT $2
        """,
        now,
        most,
    )


async def delete_checks(conn: Connection, member_ids: Collection[UUID], now: datetime) -> None:
    """These members are judged as of `now`; what was wanted later stays."""
    await conn.execute("DELETE FROM rest_checks WHERE member_id = ANY($1) AND wanted_at <= $2", list(member_ids), now)
