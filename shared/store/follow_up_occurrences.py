"""The table `follow_up_occurrences`: what a follow-up has due, and which task each got."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from shared.domain.district import DistrictSettings
from shared.domain.follow_up import Occurrence, Window
from shared.domain.ids import new_id
from shared.domain.words import Status
from shared.store.connection import Connection, Record

_OCCURRENCE = tuple(field.name for field in fields(Occurrence))
_AHEAD = f"coalesce((d.settings ->> 'follow_up_ahead_s')::float8, {DistrictSettings().follow_up_ahead_s})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An occurrence that is written and not withdrawn, with where its task stands (None: it has none yet, or was refused one)."""

    id: UUID
    follow_up_id: UUID
    occurrence: Occurrence
    task_id: UUID | None
    task_status: Status | None
    is_made: bool
    is_settled: bool
    is_missed: bool


def _kept(row: Record) -> Kept:
    return Kept(
        id=row["id"],
        follow_up_id=row["follow_up_id"],
        occurrence=Occurrence(**{name: row[name] for name in _OCCURRENCE}),
        task_id=row["task_id"],
        task_status=Status(row["task_status"]) if row["task_status"] else None,
        is_made=row["made_at"] is not None,
        is_settled=row["settled_at"] is not None,
        is_missed=row["missed_at"] is not None,
    )


async def insert_occurrences(conn: Connection, district_id: UUID, planned: Sequence[tuple[UUID, Occurrence]]) -> None:
    """Write occurrences, each with its follow-up's id. Raises UniqueViolationError where one is there already.

    What many follow-ups have due alike (the contacts of one case) is sent once.
    """
    if not planned:
        return
    alike: dict[Occurrence, int] = {}
    places = [alike.setdefault(occurrence, len(alike) + 1) for _, occurrence in planned]
    await conn.execute(
        """
        INSERT INTO follow_up_occurrences (id, district_id, follow_up_id, kind_id, day, on_day, minute, opens_at, due_at, ends_at)
        SELECT n.id, $1, n.follow_up_id, o.kind_id, o.day, o.on_day, o.minute, o.opens_at, o.due_at, o.ends_at
          FROM unnest($2::uuid[], $3::uuid[], $4::int[]) AS n (id, follow_up_id, place)
          JOIN unnest($5::uuid[], $6::int[], $7::date[], $8::int[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[])
               WITH ORDINALITY AS o (kind_id, day, on_day, minute, opens_at, due_at, ends_at, place) USING (place)
        """,
        district_id,
        [new_id() for _ in planned],
        [owner for owner, _ in planned],
        places,
        *zip(*((o.kind_id, o.day, o.on_day, o.minute, o.opens_at, o.due_at, o.ends_at) for o in alike), strict=True),
    )


async def select_kept(conn: Connection, follow_up_id: UUID) -> list[Kept]:
    """What a follow-up has that was not withdrawn, by opening."""
    rows = await conn.fetch(
        """
        SELECT o.*, t.status AS task_status
          FROM follow_up_occurrences o LEFT JOIN tasks t ON t.id = o.task_id
         WHERE o.follow_up_id = $1 AND o.withdrawn_at IS NULL
         ORDER BY o.opens_at, o.id
        """,
        follow_up_id,
    )
    return [_kept(row) for row in rows]


async def select_tasks_at_stake(conn: Connection, follow_up_id: UUID) -> list[UUID]:
    """A follow-up's tasks, not withdrawn, that are open or whose occurrence is not settled yet."""
    rows = await conn.fetch(
        """
        SELECT o.task_id
          FROM follow_up_occurrences o JOIN tasks t ON t.id = o.task_id
         WHERE o.follow_up_id = $1 AND o.withdrawn_at IS NULL AND (t.closed_at IS NULL OR o.settled_at IS NULL)
         ORDER BY o.task_id
        """,
        follow_up_id,
    )
    return [row["task_id"] for row in rows]


async def select_covered(conn: Connection, subject_ids: Sequence[UUID], now: datetime) -> dict[UUID, list[Window]]:
    """subject → the windows that are not over by now of what any follow-up had due for them and that is done, or with a team."""
    rows = await conn.fetch(
        """
        SELECT f.subject_id, o.kind_id, o.opens_at, o.due_at
          FROM follow_ups f
          JOIN follow_up_occurrences o ON o.follow_up_id = f.id
          JOIN tasks t ON t.id = o.task_id
         WHERE f.subject_id = ANY($1) AND o.withdrawn_at IS NULL AND o.due_at > $2
           AND t.status IN ('completed', 'assigned', 'accepted', 'in_progress')
        """,
        subject_ids,
        now,
    )
    windows: dict[UUID, list[Window]] = {}
    for row in rows:
        window = Window(kind_id=row["kind_id"], opens_at=row["opens_at"], due_at=row["due_at"])
        windows.setdefault(row["subject_id"], []).append(window)
    return windows


async def select_to_make(conn: Connection, now: datetime, most: int) -> list[Record]:
    """district_id and ids of up to `most` occurrences of each district of which it is time to make the tasks, the earliest first."""
    return await conn.fetch(
        f"""
        SELECT d.id AS district_id, due.ids
          FROM districts d CROSS JOIN LATERAL (
               SELECT array_agg(o.id ORDER BY o.opens_at, o.id) AS ids, min(o.opens_at) AS first FROM (
                      SELECT id, opens_at FROM follow_up_occurrences
                       WHERE district_id = d.id AND made_at IS NULL AND opens_at <= $1::timestamptz + make_interval(secs => {_AHEAD})
                       ORDER BY opens_at LIMIT $2) o) due
         WHERE due.ids IS NOT NULL
         ORDER BY due.first
        """,
        now,
        most,
    )


async def select_to_settle(conn: Connection, now: datetime, most: int) -> list[Record]:
    """district_id and ids of up to `most` made occurrences that ended and that nobody looked at since, the earliest first."""
    return await conn.fetch(
        """
        SELECT district_id, array_agg(id) AS ids FROM (
               SELECT id, district_id, ends_at FROM follow_up_occurrences
                WHERE settled_at IS NULL AND made_at IS NOT NULL AND ends_at <= $1
                ORDER BY ends_at LIMIT $2) due
         GROUP BY district_id
         ORDER BY min(ends_at)
        """,
        now,
        most,
    )


async def select_to_settle_again(conn: Connection, now: datetime, most: int) -> list[Record]:
    """district_id and ids of up to `most` occurrences whose task came back after they were settled or their plan ended, the longest
    waiting first."""
    return await conn.fetch(
        """
        SELECT district_id, array_agg(id) AS ids FROM (
               SELECT id, district_id FROM follow_up_occurrences
                WHERE came_back_at <= $1 ORDER BY came_back_at LIMIT $2) back
         GROUP BY district_id
        """,
        now,
        most,
    )


async def select_owners(conn: Connection, occurrence_ids: Sequence[UUID]) -> list[UUID]:
    """The follow-ups of these occurrences."""
    rows = await conn.fetch(
        "SELECT DISTINCT follow_up_id FROM follow_up_occurrences WHERE id = ANY($1) ORDER BY follow_up_id",
        occurrence_ids,
    )
    return [row["follow_up_id"] for row in rows]


async def select_unmade(conn: Connection, occurrence_ids: Sequence[UUID]) -> list[Kept]:
    """Those of these that have no task yet, by opening."""
    rows = await conn.fetch(
        """
        SELECT o.*, NULL AS task_status FROM follow_up_occurrences o
         WHERE o.id = ANY($1) AND o.made_at IS NULL ORDER BY o.opens_at, o.id
        """,
        occurrence_ids,
    )
    return [_kept(row) for row in rows]


async def select_unsettled(conn: Connection, occurrence_ids: Sequence[UUID]) -> list[Kept]:
    """Those of these that are made and not settled."""
    rows = await conn.fetch(
        """
        SELECT o.*, t.status AS task_status
          FROM follow_up_occurrences o LEFT JOIN tasks t ON t.id = o.task_id
         WHERE o.id = ANY($1) AND o.made_at IS NOT NULL AND o.settled_at IS NULL
        """,
        occurrence_ids,
    )
    return [_kept(row) for row in rows]


async def select_back(conn: Connection, occurrence_ids: Sequence[UUID]) -> list[Kept]:
    """Those of these whose task came back and that nobody looked at since."""
    rows = await conn.fetch(
        """
        SELECT o.*, t.status AS task_status
          FROM follow_up_occurrences o JOIN tasks t ON t.id = o.task_id
         WHERE o.id = ANY($1) AND o.came_back_at IS NOT NULL
        """,
        occurrence_ids,
    )
    return [_kept(row) for row in rows]


async def update_made(
    conn: Connection,
    occurrence_ids: Sequence[UUID],
    task_ids: Sequence[UUID | None],
    refused: Sequence[str | None],
    dues: Sequence[datetime],
    now: datetime,
) -> None:
    """Give occurrences their tasks, or say why they were refused one. The sequences run in parallel."""
    await conn.execute(
        """
        UPDATE follow_up_occurrences o
           SET task_id = n.task_id, refused = n.refused, due_at = n.due_at, made_at = $5
          FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[]) AS n (id, task_id, refused, due_at)
         WHERE o.id = n.id
        """,
        occurrence_ids,
        task_ids,
        refused,
        dues,
        now,
    )


async def update_settled(
    conn: Connection, occurrence_ids: Sequence[UUID], missed_ids: Sequence[UUID], now: datetime
) -> None:
    """These were looked at after they ended; those of them in `missed_ids` were not done."""
    await conn.execute(
        """
        UPDATE follow_up_occurrences
           SET settled_at = $3::timestamptz, missed_at = CASE WHEN id = ANY($2) THEN coalesce(missed_at, $3::timestamptz) END,
               came_back_at = NULL
         WHERE id = ANY($1)
        """,
        occurrence_ids,
        missed_ids,
        now,
    )


async def update_looked_at(conn: Connection, occurrence_ids: Sequence[UUID]) -> None:
    """Nothing is to be done about these that came back."""
    await conn.execute("UPDATE follow_up_occurrences SET came_back_at = NULL WHERE id = ANY($1)", occurrence_ids)


async def update_withdrawn(conn: Connection, occurrence_ids: Sequence[UUID], now: datetime) -> None:
    await conn.execute(
        """
        UPDATE follow_up_occurrences SET withdrawn_at = $2, settled_at = coalesce(settled_at, $2), came_back_at = NULL
         WHERE id = ANY($1) AND withdrawn_at IS NULL
        """,
        occurrence_ids,
        now,
    )


async def update_all_settled(conn: Connection, follow_up_id: UUID, now: datetime) -> None:
    """The plan has ended: what teams have accepted stays with them, and is not counted as missed any more."""
    await conn.execute(
        "UPDATE follow_up_occurrences SET settled_at = $2 WHERE follow_up_id = $1 AND settled_at IS NULL",
        follow_up_id,
        now,
    )


async def update_windows(conn: Connection, planned: Sequence[tuple[UUID, Occurrence]]) -> None:
    """New ends of occurrences that a changed plan keeps; what is due later than they end is due by then."""
    await conn.execute(
        """
        UPDATE follow_up_occurrences o SET ends_at = n.ends_at, due_at = least(o.due_at, n.ends_at)
          FROM unnest($1::uuid[], $2::timestamptz[]) AS n (id, ends_at)
         WHERE o.id = n.id AND o.ends_at <> n.ends_at AND o.opens_at < n.ends_at AND o.settled_at IS NULL
        """,
        [occurrence_id for occurrence_id, _ in planned],
        [occurrence.ends_at for _, occurrence in planned],
    )


async def delete_occurrences(conn: Connection, occurrence_ids: Sequence[UUID]) -> None:
    """Forget occurrences that never got a task."""
    await conn.execute("DELETE FROM follow_up_occurrences WHERE id = ANY($1) AND made_at IS NULL", occurrence_ids)
