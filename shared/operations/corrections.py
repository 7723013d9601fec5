"""Correcting a visit that was entered in error: the old one stays, struck; the right one takes its place.

The correction says what was found; who knocked and when stays as it was. What follows is derived anew, as far as this visit was the last
word on its task:

* seen → not seen: the task is open again (or not executable, after the kind's attempts), unless another visit saw the person;
* not seen → seen: the task is completed, wherever it now is;
* a fever found late raises the alert; one that was a typing mistake is taken back;
* a task that something else closed since stays closed, and the correction is flagged.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from shared.domain.clock import start_of_day
from shared.domain.errors import CorrectedAlready, NotFound, TooLateToCorrect
from shared.domain.kind import is_fever
from shared.domain.reports import Answer, Correct, Report, Review, Visit
from shared.domain.words import Status
from shared.operations import alerts
from shared.operations.visits import Knock, Scene, answer_of, flags_of, keep, move_task, set_scene, team_then
from shared.store import visits
from shared.store.connection import Connection


async def correct_visit(conn: Connection, report: Report, said: Correct) -> Answer:
    """Replace one of today's visits of the member or of their team. Raises NotFound, TooLateToCorrect or CorrectedAlready."""
    async with conn.transaction():
        old = await _own_visit(conn, report, said.visit_id)
        scene = await set_scene(conn, report, _knock_of(old), old.task_id, said.findings)
        if old.received_at < start_of_day(scene.now, scene.district.time_zone):
            raise TooLateToCorrect
        if not await visits.update_struck(conn, old.id, by=report.member_id, now=scene.now):
            raise CorrectedAlready
        visit = await keep(conn, scene, await _flags(conn, scene, old), replaces=old)
        made: Sequence[UUID] = ()
        if visit.counted:
            await _move_task(conn, scene, old)
            made = await _settle_fever(conn, scene, old)
        return answer_of(scene, visit, made)


async def _own_visit(conn: Connection, report: Report, visit_id: UUID) -> Visit:
    visit = await visits.select_visit(conn, visit_id)
    if visit is None or visit.district_id != report.district_id:
        raise NotFound("There is no such visit.")
    team_id = await team_then(conn, report)
    if visit.member_id != report.member_id and (team_id is None or visit.team_id != team_id):
        raise NotFound("There is no such visit.")
    return visit


def _knock_of(visit: Visit) -> Knock:
    return Knock(
        member_id=visit.member_id,
        team_id=visit.team_id,
        members=visit.members,
        device_at=visit.device_at,
        corrected_at=visit.corrected_at,
    )


async def _flags(conn: Connection, scene: Scene, old: Visit) -> list[Review]:
    """A visit that had no consequences is judged like a new one; one that had keeps them unless something else closed the task."""
    if not old.counted:
        return await flags_of(conn, scene)
    flags = [Review.RESULT_BREAKS_FORM] if scene.broken else []
    closed_by_visit = scene.task.status in (Status.COMPLETED, Status.NOT_EXECUTABLE)
    if scene.task.is_closed and not (closed_by_visit and await _was_the_last_word(conn, old)):
        return [*flags, Review.TASK_WAS_CLOSED]
    return flags


async def _move_task(conn: Connection, scene: Scene, old: Visit) -> None:
    """Only whether the person was seen moves a task."""
    if not old.counted:
        await move_task(conn, scene, scene.task)
        return
    saw = old.outcome.saw_the_person
    if saw == scene.outcome.saw_the_person or (saw and await _another_saw(conn, scene, old)):
        return
    await move_task(conn, scene, replace(scene.task, attempts=max(0, scene.task.attempts - 1)))


async def _settle_fever(conn: Connection, scene: Scene, old: Visit) -> Sequence[UUID]:
    had = old.counted and old.outcome.saw_the_person and is_fever(old.result, scene.district.settings)
    if scene.has_fever and not had:
        return await alerts.raise_fever(conn, scene.event, scene.district, scene.task, scene.kind)
    if had and not scene.has_fever:
        await alerts.withdraw_fever(conn, scene.event, scene.district, scene.follow_ons)
    return ()


async def _was_the_last_word(conn: Connection, old: Visit) -> bool:
    return not any(
        visit.counted and visit.struck_at is None and visit.received_at > old.received_at
        for visit in await visits.select_visits_of_task(conn, old.task_id)
    )


async def _another_saw(conn: Connection, scene: Scene, old: Visit) -> bool:
    return any(
        visit.outcome.saw_the_person and visit.struck_at is None and visit.id not in (old.id, scene.report.id)
        for visit in await visits.select_visits_of_task(conn, old.task_id)
    )
