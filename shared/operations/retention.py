"""Retention: what was closed longer ago than the district's days loses its personal data, batch by batch. Rows stay, to be counted.

* A closed task loses its instructions, its point and the words of its closing, its visits' results and notes, the notes of assignments
  and handovers; while its subject is under follow-up it keeps them.
* What phones said word for word goes when it is old: visits keep what is needed of it.
* A person goes with the last task, contact and follow-up that tells of them, a door with the last task at it and the last person in it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import chain
from uuid import UUID

from asyncpg import LockNotAvailableError

from shared.store import locks, retention
from shared.store.connection import Connection, Record
from shared.store.events import NewEvent, insert_events

MOST_BATCHES = 20
"""Of one look: some seconds of work, so that the errands of others get their turn."""
_GIVES_WAY_AFTER_S = 0.5  # below Postgres' deadlock_timeout, so that it is never the others who are undone


async def find_old(conn: Connection, now: datetime, most: int) -> Sequence[Record]:
    """Batches whose time has come by the days of their districts."""
    found: list[Record] = []
    for what in retention.REDACTED:
        room = min(most, MOST_BATCHES) - len(found)
        if room > 0:
            found += await retention.select_due(conn, what, now, room)
    return found


async def redact(conn: Connection, batch: Record, now: datetime) -> None:
    """Redact one batch in a transaction of its own. It is left for the next look where somebody else holds one of its people or doors."""
    try:
        async with conn.transaction():
            await locks.update_lock_timeout(conn, _GIVES_WAY_AFTER_S)
            await _redact(conn, batch, now)
    except LockNotAvailableError:
        return


async def _redact(conn: Connection, batch: Record, now: datetime) -> None:
    ids, before = batch["ids"], batch["before"]
    rows = 0
    subjects: Collection[UUID] = ()
    households: Collection[UUID] = ()
    match batch["what"]:
        case "tasks":
            redacted = await _redact_tasks(conn, ids, before, now)
            rows = len(redacted)
            subjects = {row["subject_id"] for row in redacted} - {None}
            households = {row["household_id"] for row in redacted} - {None}
        case "visits":
            rows = await retention.update_visits(conn, ids, now=now)
        case "reports":
            rows = await retention.update_reports(conn, ids, now=now)
        case "contacts":
            both = await retention.update_contacts(conn, ids, before=before, now=now)
            rows, subjects = len(both) // 2, set(both)
        case "follow_ups":
            followed = await retention.update_follow_ups(conn, ids, now=now)
            rows, subjects = len(followed), set(followed)
    people, doors = await _empty(conn, subjects, households, now)
    if rows:
        data = {"what": batch["what"], "rows": rows, "subjects": people, "households": doors}
        event = NewEvent(district_id=batch["district_id"], at=now, name="data.redacted", data=data)
        await insert_events(conn, [event])


async def _redact_tasks(conn: Connection, ids: Sequence[UUID], before: datetime, now: datetime) -> list[Record]:
    redacted = await retention.update_tasks(conn, ids, closed_before=before, now=now)
    task_ids = [row["id"] for row in redacted]
    await retention.update_end_notes(conn, task_ids)
    await retention.update_handover_notes(conn, task_ids)
    await retention.update_visits_of_tasks(conn, task_ids, received_before=before, now=now)
    return redacted


async def _empty(
    conn: Connection, subjects: Collection[UUID], households: Collection[UUID], now: datetime
) -> tuple[int, int]:
    """Of these the people and doors that nothing needs any more. Whatever still needs one asks again when it is redacted itself.

    Doors are locked before people, as where tasks are taken in.
    """
    if not subjects and not households:
        return 0, 0
    doors = set(chain(households, await retention.select_homes(conn, subjects)))
    await retention.lock_households(conn, doors)
    await retention.lock_subjects(conn, subjects)
    people = await retention.update_subjects(conn, subjects, now=now)
    return people, await retention.update_households(conn, doors, now=now)
