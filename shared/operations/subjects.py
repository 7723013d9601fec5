"""Subjects: made and changed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.errors import FieldError, Invalid, NotFound
from shared.domain.household import Subject, person_key, plain_phone
from shared.domain.task import Task
from shared.operations import holding
from shared.operations.follow_up_locks import open_tasks_of
from shared.operations.repeats import first_or_taken, making
from shared.store import districts, follow_ups, households, subjects, tasks
from shared.store.connection import Connection
from shared.store.constraints import domain_errors
from shared.store.events import NewEvent, insert_events

_SET_BY_PEOPLE = ("district_id", "ref", "name", "phone", "flags", "household_id")


async def create_subject(conn: Connection, subject: Subject, *, now: datetime, account_id: UUID | None) -> Subject:
    """A new subject. Raises Taken (ref, phone with name, or id with other content), NotFound (household), Invalid."""
    async with making(conn, subject.id):
        subject = await _with_person(conn, subject)
        first = await subjects.select_subject(conn, subject.id)
        if first is not None:
            return first_or_taken(first, subject, _SET_BY_PEOPLE)
        made = await subjects.insert_subject(conn, subject)
        await insert_events(conn, [_changed(made, now, account_id)])
        return made


async def change_subject(
    conn: Connection, subject_id: UUID, changes: Mapping[str, Any], *, now: datetime, account_id: UUID | None
) -> Subject:
    """Change a subject. Who moves is visited at the new home by what their follow-up has due. Raises NotFound, Taken, Invalid."""
    with domain_errors():
        async with conn.transaction():
            due = await _lock_due(conn, subject_id) if changes.get("household_id") else {}
            known = await subjects.lock_subject(conn, subject_id)
            if known is None:
                raise NotFound
            subject = await _with_person(conn, replace(known, **changes))
            made = await subjects.update_subject(conn, subject, now)
            if made.household_id != known.household_id:
                there = [task for task in due.values() if task.household_id == known.household_id]
                await _move(conn, made, there, now)
            await insert_events(conn, [_changed(made, now, account_id)])
            return made


async def _lock_due(conn: Connection, subject_id: UUID) -> Mapping[UUID, Task]:
    """The tasks of the subject's follow-up that are open, locked."""
    live = await follow_ups.select_live_of_subject(conn, subject_id)
    locked = await holding.lock(conn, await open_tasks_of(conn, live.id)) if live else {}
    return {task.id: task for task in locked.values() if not task.is_closed}


async def _move(conn: Connection, subject: Subject, due: Sequence[Task], now: datetime) -> None:
    """Have these (locked) tasks done at the subject's home; the teams that hold one have their routes timed anew."""
    district = await districts.select_district(conn, subject.district_id)
    if subject.household_id is None or district is None or not due:
        return
    await tasks.update_to_household(conn, [task.id for task in due], subject.household_id, now)
    holders = {task.team_id for task in due if task.team_id is not None}
    await holding.rewrite_walks(conn, district, holders, now=now, why="household_moved")


async def _with_person(conn: Connection, subject: Subject) -> Subject:
    """Raises Invalid where nothing tells this person from others, NotFound where the household is not the district's."""
    door = ""
    if subject.household_id is not None:
        household = await households.select_household(conn, subject.household_id)
        if household is None or household.district_id != subject.district_id:
            raise NotFound(errors=(FieldError(in_="body", loc="household_id", msg="There is no such household."),))
        door = household.door
    if not (subject.ref or plain_phone(subject.phone) or (subject.name.strip() and door)):
        problem = "Give a ref, a phone, or a name and a household."
        raise Invalid(errors=(FieldError(in_="body", loc="name", msg=problem),))
    return replace(subject, person=person_key(subject.ref, subject.phone, subject.name, door))


def _changed(subject: Subject, now: datetime, account_id: UUID | None) -> NewEvent:
    return NewEvent(
        district_id=subject.district_id,
        at=now,
        name="subject.changed",
        account_id=account_id,
        data={"subject_id": str(subject.id)},
    )
