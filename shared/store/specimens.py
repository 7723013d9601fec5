"""Specimens and the legs on which they travel."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from shared.domain.reports import WITHOUT_CONSEQUENCES
from shared.domain.specimens import SPECIMEN_TRANSPORT, Specimen, leg_status
from shared.domain.words import Status
from shared.store.connection import Connection, Record

LOOKED_AT_AGAIN = timedelta(days=2)
"""After a leg ended: a visit is corrected on the day on which it was received."""

# Whether the team that has the leg stands at the point, or stood there.
_ARRIVED = "EXISTS (SELECT FROM assignments a WHERE a.id = t.assignment_id AND a.arrived_at IS NOT NULL)"
# The visit that stands: it saw somebody, counted, and was not entered in error.
_COUNTED = f"""
    SELECT v.id FROM visits v
     WHERE v.task_id = l.task_id AND v.struck_at IS NULL AND v.outcome IN ('seen_ok', 'seen_not_ok')
       AND NOT v.needs_review && '{{{",".join(sorted(WITHOUT_CONSEQUENCES))}}}'
     ORDER BY v.received_at DESC, v.id DESC LIMIT 1"""


TUBES_ON_LEG = """
    (SELECT count(DISTINCT coalesce(nullif(btrim(v.result ->> 'tube_code'), ''), s.visit_id::text))
       FROM specimens s JOIN visits v ON v.id = s.visit_id WHERE s.leg_id = l.task_id)"""
"""How many tubes are on leg `l`: several people's swabs in one tube have its code."""


async def select_to_sort(conn: Connection, now: datetime, most: int) -> Sequence[Record]:
    """task_id, district_id of tasks whose visits may have left a specimen since somebody looked, the oldest first.

    A district that does not use the kind of the transport (any more) has nobody who would fetch them.
    """
    return await conn.fetch(
        """
        SELECT s.task_id, s.district_id
          FROM specimens_to_sort s JOIN kinds k ON k.district_id = s.district_id AND k.code = $3 AND k.active
         WHERE s.since <= $1
         ORDER BY s.since, s.task_id LIMIT $2
        """,
        now,
        most,
        SPECIMEN_TRANSPORT,
    )


async def insert_to_sort(conn: Connection, leg_id: UUID, now: datetime) -> None:
    """Have everything on a leg looked at again."""
    await conn.execute(
        """
        INSERT INTO specimens_to_sort (task_id, district_id, since)
        SELECT DISTINCT task_id, district_id, $2::timestamptz FROM specimens WHERE leg_id = $1
        ON CONFLICT (task_id) DO NOTHING
        """,
        leg_id,
        now,
    )


async def update_to_sort_later(conn: Connection, task_id: UUID, since: datetime) -> None:
    """Look again from then on. The caller holds the task's lock."""
    await conn.execute("UPDATE specimens_to_sort SET since = $2 WHERE task_id = $1", task_id, since)


async def delete_to_sort(conn: Connection, task_id: UUID) -> None:
    """It was looked at. The caller holds the task's lock, as does whoever records a visit."""
    await conn.execute("DELETE FROM specimens_to_sort WHERE task_id = $1", task_id)


async def select_specimens_of_task(conn: Connection, task_id: UUID) -> list[Specimen]:
    rows = await conn.fetch(
        f"""
        SELECT s.visit_id, s.leg_id, t.status, {_ARRIVED} AS arrived
          FROM specimens s JOIN tasks t ON t.id = s.leg_id
         WHERE s.task_id = $1 ORDER BY s.visit_id
        """,
        task_id,
    )
    return [
        Specimen(
            visit_id=row["visit_id"],
            leg_id=row["leg_id"],
            leg_status=leg_status(Status(row["status"]), arrived=row["arrived"]),
        )
        for row in rows
    ]


async def upsert_specimen(conn: Connection, visit_id: UUID, *, district_id: UUID, task_id: UUID, leg_id: UUID) -> None:
    """Put a specimen on a leg, off the one on which it was."""
    await conn.execute(
        """
        INSERT INTO specimens (visit_id, district_id, task_id, leg_id) VALUES ($1, $2, $3, $4)
        ON CONFLICT (visit_id) DO UPDATE SET leg_id = excluded.leg_id
        """,
        visit_id,
        district_id,
        task_id,
        leg_id,
    )


async def update_visit_of_specimen(conn: Connection, before: UUID, now: UUID) -> None:
    """Another visit, its correction, tells of the tube now."""
    await conn.execute("UPDATE specimens SET visit_id = $2 WHERE visit_id = $1", before, now)


async def delete_specimens(conn: Connection, visit_ids: Sequence[UUID]) -> None:
    await conn.execute("DELETE FROM specimens WHERE visit_id = ANY($1)", visit_ids)


async def select_legs_from(conn: Connection, point_id: UUID, round_ends_at: datetime) -> dict[datetime, Record]:
    """round_ends_at → task_id and `open` (it waits to be picked up) of a point's legs of that round and later ones."""
    rows = await conn.fetch(
        f"""
        SELECT l.round_ends_at, l.task_id, t.closed_at IS NULL AND NOT {_ARRIVED} AS open
          FROM specimen_legs l JOIN tasks t ON t.id = l.task_id
         WHERE l.pick_up_point_id = $1 AND l.round_ends_at >= $2
        """,
        point_id,
        round_ends_at,
    )
    return {row["round_ends_at"]: row for row in rows}


async def insert_leg(
    conn: Connection,
    task_id: UUID,
    *,
    district_id: UUID,
    point_id: UUID,
    round_ends_at: datetime,
    due_at: datetime,
    now: datetime,
) -> bool:
    """Write a leg; False where the point's round has one."""
    made = await conn.fetchval(
        """
        INSERT INTO specimen_legs (task_id, district_id, pick_up_point_id, round_ends_at, due_at, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (pick_up_point_id, round_ends_at) DO NOTHING
        RETURNING true
        """,
        task_id,
        district_id,
        point_id,
        round_ends_at,
        due_at,
        now,
    )
    return made is not None


async def select_legs_to_look_at(conn: Connection, now: datetime, most: int) -> Sequence[Record]:
    """task_id, district_id of legs to be counted (again), given up, opened again or found late, in the order in which they are due."""
    return await conn.fetch(
        f"""
        SELECT l.task_id, l.district_id
          FROM specimen_legs l JOIN tasks t ON t.id = l.task_id
         WHERE (l.ended_at IS NULL OR l.ended_at > $1::timestamptz - $3::interval)
           AND ((t.status = 'completed' AND l.visit_id IS DISTINCT FROM ({_COUNTED}))
                OR (t.closed_at IS NULL) = (l.ended_at IS NOT NULL)
                OR (l.late_at IS NULL AND l.delivered_at IS NULL AND l.due_at < $1 AND t.closed_at IS NULL))
         ORDER BY l.due_at, l.task_id LIMIT $2
        """,
        now,
        most,
        LOOKED_AT_AGAIN,
    )


async def lock_leg(conn: Connection, task_id: UUID) -> Record | None:
    """The leg and `counted_visit_id`, the visit that stands, if any. The caller holds the task's lock."""
    return await conn.fetchrow(
        f"SELECT l.*, ({_COUNTED}) AS counted_visit_id FROM specimen_legs l WHERE l.task_id = $1 FOR UPDATE OF l",
        task_id,
    )


async def update_leg_counted(
    conn: Connection,
    task_id: UUID,
    *,
    visit_id: UUID,
    expected: int,
    specimens_out: int | None,
    specimens_in: int | None,
    delivered_at: datetime,
    now: datetime,
) -> None:
    await conn.execute(
        """
        UPDATE specimen_legs
           SET visit_id = $2, expected = $3, specimens_out = $4, specimens_in = $5, delivered_at = $6, ended_at = $7
         WHERE task_id = $1
        """,
        task_id,
        visit_id,
        expected,
        specimens_out,
        specimens_in,
        delivered_at,
        now,
    )


async def update_leg_ended(conn: Connection, task_id: UUID, ended_at: datetime | None) -> None:
    """Nothing counts of the leg (any more): it was given up, or (None) is open again."""
    await conn.execute(
        """
        UPDATE specimen_legs
           SET visit_id = NULL, delivered_at = NULL, expected = NULL, specimens_out = NULL, specimens_in = NULL, ended_at = $2
         WHERE task_id = $1
        """,
        task_id,
        ended_at,
    )


async def update_leg_late(conn: Connection, task_id: UUID, now: datetime) -> None:
    await conn.execute("UPDATE specimen_legs SET late_at = $2 WHERE task_id = $1", task_id, now)


async def select_tubes(conn: Connection, leg_id: UUID) -> list[Record]:
    """visit_id, task_id, tube_code, swabbed_at and `struck` of what is on a leg, in the order in which it was swabbed."""
    return await conn.fetch(
        """
        SELECT s.visit_id, s.task_id, v.result ->> 'tube_code' AS tube_code, v.corrected_at AS swabbed_at, v.struck_at IS NOT NULL AS struck
          FROM specimens s JOIN visits v ON v.id = s.visit_id
         WHERE s.leg_id = $1 ORDER BY v.corrected_at, s.visit_id
        """,
        leg_id,
    )


async def select_legs(
    conn: Connection,
    districts: Collection[UUID] | None,
    *,
    leg_id: UUID | None = None,
    point_id: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after: UUID | None = None,
    limit: int = 1,
) -> list[Record]:
    """Legs of these districts (None: of all) behind id `after`, in id order, whose rounds end from `since` until before `until`.

    Each with its point's name, its task's status, `arrived`, team_id and `tubes`: how many are on it.
    """
    return await conn.fetch(
        f"""
        SELECT l.*, p.name AS pick_up_point, t.status, {_ARRIVED} AS arrived, t.team_id, coalesce(l.expected, {TUBES_ON_LEG}) AS tubes
          FROM specimen_legs l
          JOIN pick_up_points p ON p.id = l.pick_up_point_id
          JOIN tasks t ON t.id = l.task_id
         WHERE ($1::uuid[] IS NULL OR l.district_id = ANY($1))
           AND ($2::uuid IS NULL OR l.task_id = $2)
           AND ($3::uuid IS NULL OR l.pick_up_point_id = $3)
           AND ($4::timestamptz IS NULL OR l.round_ends_at >= $4)
           AND ($5::timestamptz IS NULL OR l.round_ends_at < $5)
           AND ($6::uuid IS NULL OR l.task_id > $6)
         ORDER BY l.task_id LIMIT $7
        """,
        None if districts is None else list(districts),
        leg_id,
        point_id,
        since,
        until,
        after,
        limit,
    )
