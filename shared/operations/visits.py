"""Visits: recorded whatever happens, and what each makes of its task (design, section 4).

* A visit that *saw* the person closes the task wherever it now is; another team's assignment ends and that team is told.
* One that did not see them counts only for the team that held the task when it knocked, as long as nobody else has the task now.
* A visit that saw the person before their task expired completes it, however late it is told; one that saw somebody before they were
  taken for lost goes on with their follow-up.
* A visit on a closed task, and one of a team that never held it, are kept and flagged, with no consequences; but a fever raises its alarm
  whatever became of the task.
* A result that does not fit its form is kept and flagged; the outcome has its consequences all the same.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from shared.domain.errors import Invalid
from shared.domain.reports import Answer, Answered, Report, Review, Visit, VisitMade, told
from shared.domain.retry import after_visit
from shared.domain.task import AfterVisit, Task
from shared.domain.words import EndReason, Status
from shared.operations import consequences, follow_up_effects, holding
from shared.operations.breaks import note_visit
from shared.operations.scenes import Scene, knock_of, set_scene
from shared.store import assignments, teams, visits
from shared.store.connection import Connection
from shared.store.events import insert_events


async def record_visit(conn: Connection, report: Report, said: VisitMade) -> Answer:
    """Keep a visit and do what follows from it. Raises NotFound where the task is not of the member's district."""
    async with conn.transaction():
        knock = await knock_of(conn, report)
        scene = await set_scene(conn, report, knock, said.task_id, said.findings)
        flags = [*await flags_of(conn, scene), *await _marks_of(conn, scene)]
        visit = await keep(conn, scene, flags, replaces=None)
        point = scene.task.point
        if knock.team_id is not None and point is not None:
            await teams.update_place(conn, knock.team_id, point.lat, point.lon, knock.corrected_at)
        if knock.team_id is not None:
            await note_visit(conn, knock.team_id, knock.corrected_at, report.received_at)
        made: Sequence[UUID] = ()
        if visit.counted:
            status = await move_task(conn, scene, scene.task)
            if scene.has_fever:
                await insert_events(conn, [scene.event("alert.fever", {})])
            made = await consequences.follow(conn, scene, visit.id, scene.triggers(status))
        elif scene.has_fever:
            await consequences.tell_of_fever(conn, scene, visit.id)
        await follow_up_effects.find_again(conn, scene)
        return answer_of(scene, visit, made)


async def flags_of(conn: Connection, scene: Scene) -> list[Review]:
    """Why a person should look at the visit."""
    flags = [Review.RESULT_BREAKS_FORM] if scene.broken else []
    if scene.task.is_closed and not _was_made_in_time(scene):
        return [*flags, Review.TASK_WAS_CLOSED]
    if scene.outcome.saw_the_person or await _held_by_the_team(conn, scene):
        return flags
    return [*flags, Review.NOT_HELD_BY_TEAM]


async def _marks_of(conn: Connection, scene: Scene) -> list[Review]:
    """What looks wrong about the knock itself; it counts all the same."""
    kind, task, knock, position = scene.kind, scene.task, scene.knock, scene.findings.position
    if task.point is None:
        return []
    marks = []
    if kind.quick_s is not None and knock.team_id is not None and task.household_id is not None:
        gap = timedelta(seconds=kind.quick_s)
        since, until = knock.corrected_at - gap, knock.corrected_at + gap
        if await visits.has_visited_another_door(conn, knock.team_id, task.household_id, since=since, until=until):
            marks.append(Review.TOO_QUICK)
    if kind.far_m is not None and position is not None and position.is_farther_than(kind.far_m, task.point):
        marks.append(Review.TOO_FAR)
    return marks


async def keep(conn: Connection, scene: Scene, flags: Sequence[Review], *, replaces: Visit | None) -> Visit:
    """Write the visit and its event."""
    report, knock, task = scene.report, scene.knock, scene.task
    live = await assignments.select_live_assignment(conn, task.id)
    is_the_teams = live is not None and live.team_id == knock.team_id
    visit = Visit(
        id=report.id,
        district_id=task.district_id,
        task_id=task.id,
        team_id=knock.team_id,
        assignment_id=replaces.assignment_id if replaces else live.id if live and is_the_teams else None,
        member_id=knock.member_id,
        members=knock.members,
        outcome=scene.outcome,
        result=scene.findings.result,
        form_version=scene.findings.form_version,
        needs_review=tuple(flags),
        note=scene.findings.note,
        device_at=knock.device_at,
        corrected_at=knock.corrected_at,
        received_at=report.received_at,
        replaces_id=replaces.id if replaces else None,
    )
    await visits.insert_visit(conn, visit)
    data: dict[str, Any] = {
        "visit_id": str(visit.id),
        "outcome": visit.outcome,
        "on_time": knock.corrected_at <= task.due_at,
        "needs_review": list(flags),
    }
    if replaces is not None:
        data["replaces_id"] = str(replaces.id)
    name = "visit.recorded" if replaces is None else "visit.corrected"
    await insert_events(conn, [scene.event(name, data)])
    return visit


async def move_task(conn: Connection, scene: Scene, before: Task) -> Status:
    """Do what a visit that counts makes of its task, and say what that is; `before` is the task as the visit found it."""
    retry = scene.kind.retry(scene.district.time_zone)
    after = after_visit(before, scene.outcome, scene.knock.corrected_at, retry)
    member_id = scene.report.member_id
    if after.status is Status.PENDING:
        if scene.task.is_closed:
            await insert_events(conn, [scene.event("task.reopened", {"reason": "corrected"})])
        await holding.take_back_for_retry(conn, scene.district, scene.task, after, now=scene.now, member_id=member_id)
        return after.status
    await holding.close(
        conn,
        scene.district,
        [scene.task],
        after.status,
        _end_reason(scene, after),
        now=scene.now,
        reason=scene.outcome,
        attempts=after.attempts,
        member_id=member_id,
    )
    return after.status


def answer_of(scene: Scene, visit: Visit, made: Sequence[UUID]) -> Answer:
    reviews = told(visit.needs_review)
    return Answer(
        status=Answered.KEPT_FOR_REVIEW if reviews else Answered.DONE,
        error=Invalid(errors=scene.broken) if scene.broken else None,
        needs_review=reviews,
        outcome=visit.outcome,
        made_task_ids=tuple(made),
        wakes_the_placer=visit.counted,
    )


def _end_reason(scene: Scene, after: AfterVisit) -> EndReason:
    by_another = scene.task.team_id is not None and scene.task.team_id != scene.knock.team_id
    return EndReason.VISITED_BY_ANOTHER if by_another else after.end_reason


def _was_made_in_time(scene: Scene) -> bool:
    """Whether the task only expired because nobody had told yet that the person was seen."""
    task = scene.task
    expired_at = task.closed_at if task.status is Status.EXPIRED else None
    if expired_at is None or task.redacted_at is not None:
        return False
    return scene.outcome.saw_the_person and scene.knock.corrected_at < expired_at


async def _held_by_the_team(conn: Connection, scene: Scene) -> bool:
    """Whether the team has the task, or had it when it knocked and nobody else has it now."""
    team_id = scene.knock.team_id
    if team_id is None or scene.task.team_id is not None:
        return team_id is not None and scene.task.team_id == team_id
    return await visits.was_held_at(conn, scene.task.id, team_id, scene.knock.corrected_at)
