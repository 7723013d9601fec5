"""Memberships: who fills which slot of which team, from when to when."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from shared.domain.member import Membership
from shared.store.connection import Connection, Record

COLUMNS = "id, district_id, team_id, member_id, role, lower(during) AS starts_at, upper(during) AS ends_at"


def _membership(row: Record) -> Membership:
    return Membership(**row)


async def insert_memberships(conn: Connection, memberships: Sequence[Membership]) -> None:
    """Write new memberships; the caller holds the teams' and the members' locks."""
    await conn.execute(
        """
        INSERT INTO memberships (id, district_id, team_id, member_id, role, during)
        SELECT m.id, m.district_id, m.team_id, m.member_id, m.role, tstzrange(m.starts_at, m.ends_at)
          FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::timestamptz[])
            AS m (id, district_id, team_id, member_id, role, starts_at, ends_at)
        """,
        [m.id for m in memberships],
        [m.district_id for m in memberships],
        [m.team_id for m in memberships],
        [m.member_id for m in memberships],
        [m.role for m in memberships],
        [m.starts_at for m in memberships],
        [m.ends_at for m in memberships],
    )


async def update_membership_end(conn: Connection, membership_id: UUID, ends_at: datetime) -> None:
    """End a membership, at a moment within it."""
    await conn.execute(
        "UPDATE memberships SET during = tstzrange(lower(during), $2) WHERE id = $1", membership_id, ends_at
    )


async def delete_memberships(conn: Connection, membership_ids: Collection[UUID]) -> None:
    """Remove memberships that had not begun."""
    await conn.execute("DELETE FROM memberships WHERE id = ANY($1)", list(membership_ids))


async def select_ended_unsettled(conn: Connection, now: datetime, most: int) -> list[Record]:
    """id, district_id and team_id of memberships that are over and whose teams were not looked at since, oldest first."""
    return await conn.fetch(
        """
        SELECT id, district_id, team_id
          FROM memberships
         WHERE settled_at IS NULL AND NOT upper_inf(during) AND upper(during) <= $1
         ORDER BY upper(during)
         LIMIT $2
        """,
        now,
        most,
    )


async def update_settled(conn: Connection, membership_id: UUID, now: datetime) -> None:
    """Mark that the team was looked at after the membership's end. Counts its roster version up: plans made before are overtaken."""
    await conn.execute("UPDATE memberships SET settled_at = $2 WHERE id = $1", membership_id, now)


async def select_memberships_of_team(
    conn: Connection, team_id: UUID, *, since: datetime, until: datetime | None = None
) -> list[Membership]:
    """A team's memberships that touch the span from `since` until before `until` (None: for ever), oldest first."""
    rows = await conn.fetch(
        f"""
        SELECT {COLUMNS}
          FROM memberships
         WHERE team_id = $1
           AND during && tstzrange($2, $3)
         ORDER BY lower(during), role
        """,
        team_id,
        since,
        until,
    )
    return [_membership(row) for row in rows]


async def select_memberships_among(
    conn: Connection, team_ids: Collection[UUID], member_ids: Collection[UUID], *, since: datetime
) -> list[Membership]:
    """The memberships of these teams, and of these members on any team, that were not over at `since`."""
    rows = await conn.fetch(
        f"""
        SELECT {COLUMNS} FROM memberships
         WHERE (team_id = ANY($1) OR member_id = ANY($2)) AND during && tstzrange($3, NULL)
        """,
        list(team_ids),
        list(member_ids),
        since,
    )
    return [_membership(row) for row in rows]


async def update_membership_ends(conn: Connection, memberships: Sequence[Membership]) -> None:
    """End these memberships at their `ends_at`, moments within them."""
    await conn.execute(
        """
        UPDATE memberships m SET during = tstzrange(lower(m.during), cut.ends_at)
          FROM unnest($1::uuid[], $2::timestamptz[]) AS cut (id, ends_at) WHERE m.id = cut.id
        """,
        [m.id for m in memberships],
        [m.ends_at for m in memberships],
    )


async def select_idle_memberships(
    conn: Connection, member_id: UUID, *, since: datetime, until: datetime
) -> list[Membership]:
    """A member's memberships that touch the span, of teams that have no shift while they do."""
    rows = await conn.fetch(
        f"""
        SELECT {COLUMNS}
          FROM memberships x
         WHERE member_id = $1 AND during && tstzrange($2, $3)
           AND NOT EXISTS (SELECT FROM shifts s WHERE s.team_id = x.team_id AND s.during && (x.during * tstzrange($2, $3)))
        """,
        member_id,
        since,
        until,
    )
    return [_membership(row) for row in rows]


async def select_roster(conn: Connection, team_ids: Collection[UUID], at: datetime) -> list[Record]:
    """Who is on these teams at that moment, in the order of the slots: the columns below."""
    return await conn.fetch(
        """
        SELECT s.team_id, s.member_id, s.role, lower(s.during) AS starts_at, upper(s.during) AS ends_at,
               m.name, m.phone, m.capabilities, m.language, m.duty, m.active
          FROM memberships s
          JOIN members m ON m.id = s.member_id
          LEFT JOIN slots p ON p.district_id = s.district_id AND p.role = s.role
         WHERE s.team_id = ANY($1)
           AND s.during @> $2::timestamptz
         ORDER BY s.team_id, p.place, s.role
        """,
        list(team_ids),
        at,
    )


async def select_team_of_member(conn: Connection, member_id: UUID, at: datetime) -> UUID | None:
    """The team that the member is on at that moment."""
    team_id: UUID | None = await conn.fetchval(
        "SELECT team_id FROM memberships WHERE member_id = $1 AND during @> $2::timestamptz", member_id, at
    )
    return team_id
