"""Specimens: each counted swab is on exactly one leg; a leg's counts agree, or a person looks.

Whoever records a visit leaves a note with it (a trigger of `visits`); what the note asks for is done here, later and as often as needed.
Locks: tasks in id order (the swab's and the transports'), then legs.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.domain.district import District
from shared.domain.errors import DomainError
from shared.domain.intake import HouseholdDraft, TaskDraft
from shared.domain.specimens import (
    SPECIMEN_TRANSPORT,
    PickUpPoint,
    Sorting,
    nearest_point,
    round_end,
    sort_specimens,
    tubes,
)
from shared.domain.task import Task
from shared.domain.words import AlarmCode, Status
from shared.operations.alarms import clear_alarms, raise_alarm
from shared.operations.intake import take_in
from shared.store import districts, kinds, pick_up_points, specimens, tasks, visits
from shared.store.connection import Connection, Record
from shared.store.events import NewEvent, insert_events

_UNTIL_THERE_IS_A_POINT = timedelta(minutes=10)
"""Between two looks at a swab that no pick-up point takes since the last one was closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Next:
    """The leg that a swab goes with: of that point and round; `leg_id` None: it is still to be made."""

    district: District
    point: PickUpPoint
    round_ends_at: datetime
    leg_id: UUID | None


class _StartAgain(Exception):
    """Something else changed what was read: undo, and go again with what is known now."""


async def sort_task(conn: Connection, task_id: UUID, now: datetime) -> None:
    """Put what a task's visits left on the leg of the nearest pick-up point and the present round; take off what turned out to be none."""
    while True:
        try:
            async with conn.transaction():
                return await _sort(conn, task_id, now)
        except _StartAgain:
            continue  # ends: each time somebody else has committed a change


async def look_at_leg(conn: Connection, leg_id: UUID, now: datetime) -> None:
    """Count a leg that was delivered (again, where its visit was corrected), give one up whose task ended without, find one late."""
    async with conn.transaction():
        locked = {task.id: task for task in await tasks.lock_tasks(conn, [leg_id])}
        leg = await specimens.lock_leg(conn, leg_id)
        if leg is None:
            return
        task = locked[leg_id]
        if task.status is Status.COMPLETED:
            await _count(conn, leg, now)
        elif task.is_closed:
            await _give_up(conn, leg, now)
        elif leg["ended_at"] is not None:
            await specimens.update_leg_ended(conn, leg_id, None)
        elif leg["late_at"] is None and leg["due_at"] < now:
            await _find_late(conn, leg, task, now)


async def _sort(conn: Connection, task_id: UUID, now: datetime) -> None:
    task = await tasks.select_task(conn, task_id)
    if task is None:
        return
    before = {specimen.leg_id for specimen in await specimens.select_specimens_of_task(conn, task_id)}
    next_leg = await _next_leg(conn, task, now)
    ahead = {next_leg.leg_id} if next_leg and next_leg.leg_id else set()
    await tasks.lock_tasks(conn, list({task_id} | before | ahead))
    known = await specimens.select_specimens_of_task(conn, task_id)
    if {specimen.leg_id for specimen in known} - before:
        raise _StartAgain
    sorting = sort_specimens(await visits.select_visits_of_task(conn, task_id), known)
    for visit_id, now_told_by in sorting.renamed.items():
        await specimens.update_visit_of_specimen(conn, visit_id, now_told_by)
    await specimens.delete_specimens(conn, sorting.gone)
    if sorting.for_a_leg and next_leg is None:
        await specimens.update_to_sort_later(conn, task_id, now + _UNTIL_THERE_IS_A_POINT)
        return
    if sorting.for_a_leg and next_leg is not None:
        await _put_on(conn, task, sorting, next_leg, now)
    await specimens.delete_to_sort(conn, task_id)


async def _next_leg(conn: Connection, task: Task, now: datetime) -> _Next | None:
    """None: no pick-up point takes specimens of this kind (any more)."""
    kind = await kinds.select_kind(conn, task.kind_id)
    district = await districts.select_district(conn, task.district_id)
    if kind is None or district is None:
        return None
    point = nearest_point(await pick_up_points.select_all_pick_up_points(conn, district.id), kind.code, task.point)
    if point is None:
        return None
    round_s = district.settings.specimen_round_s
    ends_at = round_end(now, district.time_zone, round_s)
    legs = await specimens.select_legs_from(conn, point.id, ends_at)
    while ends_at in legs and not legs[ends_at]["open"]:
        ends_at = round_end(ends_at, district.time_zone, round_s)
    leg = legs.get(ends_at)
    return _Next(district=district, point=point, round_ends_at=ends_at, leg_id=leg["task_id"] if leg else None)


async def _put_on(conn: Connection, task: Task, sorting: Sorting, leg: _Next, now: datetime) -> None:
    if leg.leg_id is None:
        leg_id = await _make_leg(conn, leg, now)
    else:
        leg_id = leg.leg_id
        there = (await specimens.select_legs_from(conn, leg.point.id, leg.round_ends_at)).get(leg.round_ends_at)
        if there is None or not there["open"]:
            raise _StartAgain
    for visit_id in sorting.for_a_leg:
        await specimens.upsert_specimen(conn, visit_id, district_id=task.district_id, task_id=task.id, leg_id=leg_id)


async def _make_leg(conn: Connection, leg: _Next, now: datetime) -> UUID:
    """Take in the transport's task and write the leg. Raises _StartAgain where somebody else made it meanwhile."""
    due_at = leg.round_ends_at + timedelta(seconds=leg.district.settings.specimen_lab_s)
    draft = TaskDraft(
        kind=SPECIMEN_TRANSPORT,
        household=HouseholdDraft(id=leg.point.household_id),
        earliest=leg.round_ends_at,
        due_at=due_at,
        instructions=f"{leg.point.name} → {leg.point.lab_address}",
    )
    (answer,) = await take_in(conn, leg.district.id, [draft], now=now)
    if isinstance(answer, DomainError):
        raise answer
    leg_id = answer.task.id
    made = await specimens.insert_leg(
        conn,
        leg_id,
        district_id=leg.district.id,
        point_id=leg.point.id,
        round_ends_at=leg.round_ends_at,
        due_at=due_at,
        now=now,
    )
    if not made:
        raise _StartAgain
    await _tell(conn, leg_id, leg.district.id, "leg.opened", now, pick_up_point_id=str(leg.point.id))
    return leg_id


async def _count(conn: Connection, leg: Record, now: datetime) -> None:
    """Compare what is on the leg with what was picked up and what the lab got; raise an alarm where they do not agree."""
    visit_id: UUID | None = leg["counted_visit_id"]
    visit = await visits.select_visit(conn, visit_id) if visit_id else None
    if visit is None:
        await specimens.update_leg_ended(conn, leg["task_id"], now)
        return
    if visit.id == leg["visit_id"]:
        return
    expected = tubes((row["visit_id"], row["tube_code"]) for row in await specimens.select_tubes(conn, leg["task_id"]))
    out, in_ = (_count_in(visit.result.get(name)) for name in ("specimens_out", "specimens_in"))
    await specimens.update_leg_counted(
        conn,
        leg["task_id"],
        visit_id=visit.id,
        expected=expected,
        specimens_out=out,
        specimens_in=in_,
        delivered_at=visit.corrected_at,
        now=now,
    )
    agree = expected == out == in_
    await _tell(conn, leg["task_id"], leg["district_id"], "leg.delivered", now, agree=agree)
    await clear_alarms(conn, AlarmCode.SPECIMEN_LATE, [leg["task_id"]], now)
    await clear_alarms(conn, AlarmCode.SPECIMEN_COUNT_DIFFERS, [leg["task_id"]], now)
    if not agree:
        await raise_alarm(
            conn,
            district_id=leg["district_id"],
            what=AlarmCode.SPECIMEN_COUNT_DIFFERS,
            now=now,
            task_id=leg["task_id"],
            occasion=str(visit.id),
        )


async def _give_up(conn: Connection, leg: Record, now: datetime) -> None:
    """The task ended without a pick-up: what was on the leg goes with the next one."""
    await specimens.update_leg_ended(conn, leg["task_id"], now)
    await specimens.insert_to_sort(conn, leg["task_id"], now)
    await clear_alarms(conn, AlarmCode.SPECIMEN_LATE, [leg["task_id"]], now)
    await _tell(conn, leg["task_id"], leg["district_id"], "leg.given_up", now)


async def _find_late(conn: Connection, leg: Record, task: Task, now: datetime) -> None:
    await specimens.update_leg_late(conn, leg["task_id"], now)
    await raise_alarm(
        conn,
        district_id=leg["district_id"],
        what=AlarmCode.SPECIMEN_LATE,
        now=now,
        task_id=task.id,
        team_id=task.team_id,
    )


def _count_in(value: Any) -> int | None:
    """A count of a result. A result that breaks its form is kept all the same, so it may be anything."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 1_000_000 else None


async def _tell(conn: Connection, leg_id: UUID, district_id: UUID, name: str, now: datetime, **data: Any) -> None:
    await insert_events(conn, [NewEvent(district_id=district_id, at=now, name=name, task_id=leg_id, data=data)])
