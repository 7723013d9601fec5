"""Correcting a visit that was entered in error: the old one stays, struck; the right one takes its place.

The correction says what was found; who knocked and when stays as it was. What follows is derived anew, as far as this visit was the last
word on its task:

* seen → not seen: the task is open again (or not executable, after the kind's attempts), unless another visit saw the person;
* not seen → seen: the task is completed, wherever it now is;
* what follows from the new visit by the rules of its kind (a fever found late raises the alert) is made; what followed from the old one
  only is taken back, as far as no team has accepted it;
* a task that something else closed since stays closed, and the correction is flagged;
* what two visits saw, one on the task that the other had closed, stands until both are taken back.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from shared.domain.clock import start_of_day
from shared.domain.errors import CorrectedAlready, NotFound, TooLateToCorrect
from shared.domain.kind import FEVER
from shared.domain.reports import MARKS, Answer, Correct, Report, Review, Visit
from shared.domain.words import Status
from shared.operations import consequences
from shared.operations.scenes import Knock, Scene, set_scene, team_then
from shared.operations.visits import answer_of, flags_of, keep, move_task
from shared.store import visits
from shared.store.connection import Connection
from shared.store.events import insert_events


async def correct_visit(conn: Connection, report: Report, said: Correct) -> Answer:
    """Replace one of today's visits of the member or of their team. Raises NotFound, TooLateToCorrect or CorrectedAlready."""
    async with conn.transaction():
        old = await _own_visit(conn, report, said.visit_id)
        scene = await set_scene(conn, report, _knock_of(old), old.task_id, said.findings)
        if old.received_at < start_of_day(scene.now, scene.district.time_zone):
            raise TooLateToCorrect
        if not await visits.update_struck(conn, old.id, by=report.member_id, now=scene.now):
            raise CorrectedAlready
        if await _is_the_only_word(conn, scene, old):
            old = replace(old, needs_review=tuple(set(old.needs_review) - {Review.TASK_WAS_CLOSED}))
        flags = [*await _flags(conn, scene, old), *(mark for mark in old.needs_review if mark in MARKS)]
        visit = await keep(conn, scene, flags, replaces=old)
        status = await _move_task(conn, scene, old) if visit.counted else scene.task.status
        made = await _settle(conn, scene, old, visit, status)
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


async def _move_task(conn: Connection, scene: Scene, old: Visit) -> Status:
    """Only whether the person was seen moves a task. Returns where it is then."""
    if not old.counted:
        return await move_task(conn, scene, scene.task)
    saw = old.outcome.saw_the_person
    if saw == scene.outcome.saw_the_person or (saw and await _another_saw(conn, scene, old)):
        return scene.task.status
    return await move_task(conn, scene, replace(scene.task, attempts=max(0, scene.task.attempts - 1)))


async def _settle(conn: Connection, scene: Scene, old: Visit, new: Visit, status: Status) -> Sequence[UUID]:
    """Take back what no visit gives reason for any more, then make what the new one asks for; the ids of new tasks."""
    left = [visit for visit in await visits.select_visits_of_task(conn, old.task_id) if visit.struck_at is None]
    speak = [visit for visit in left if visit.counted or visit.id == new.id or visit.outcome.saw_the_person]
    reasons = {reason for visit in speak for reason in scene.reasons(visit, status)}
    left_standing = await consequences.withdraw(conn, scene, reasons)
    had_fever = old.counted and scene.has_fever_in(old)
    if had_fever and not any(scene.has_fever_in(visit) for visit in left):
        await insert_events(conn, [scene.event("alert.withdrawn", {"alert": FEVER})])
    if not new.counted:
        if scene.has_fever:
            await consequences.tell_of_fever(conn, left_standing, new.id)
        return ()
    if scene.has_fever and not had_fever:
        await insert_events(conn, [scene.event("alert.fever", {})])
    return await consequences.follow(conn, left_standing, new.id, scene.triggers(status))


async def _is_the_only_word(conn: Connection, scene: Scene, old: Visit) -> bool:
    """Whether the task stays completed by this (struck) visit alone: it came second, and the first was taken back before."""
    return (
        Review.TASK_WAS_CLOSED in old.needs_review
        and old.outcome.saw_the_person
        and scene.task.status is Status.COMPLETED
        and not await _another_saw(conn, scene, old)
    )


async def _was_the_last_word(conn: Connection, old: Visit) -> bool:
    """Whether no knock was told after this one. A correction tells of the same knock."""
    by_id = {visit.id: visit for visit in await visits.select_visits_of_task(conn, old.task_id)}

    def told_at(visit: Visit) -> datetime:
        while visit.replaces_id is not None:
            visit = by_id[visit.replaces_id]
        return visit.received_at

    return not any(
        visit.counted and visit.struck_at is None and told_at(visit) > told_at(old) for visit in by_id.values()
    )


async def _another_saw(conn: Connection, scene: Scene, old: Visit) -> bool:
    return any(
        visit.outcome.saw_the_person and visit.struck_at is None and visit.id not in (old.id, scene.report.id)
        for visit in await visits.select_visits_of_task(conn, old.task_id)
    )
