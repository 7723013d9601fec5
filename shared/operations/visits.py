"""Visits: recorded whatever happens, and what each makes of its task (design, section 4).

* A visit that *saw* the person closes the task wherever it now is; another team's assignment ends and that team is told.
* One that did not see them counts only for the team that held the task when it knocked, as long as nobody else has the task now.
* A visit on a closed task, and one of a team that never held it, are kept and flagged, with no consequences.
* A result that does not fit its form is kept and flagged; the outcome has its consequences all the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.district import District
from shared.domain.errors import FieldError, Invalid, NotFound
from shared.domain.kind import Kind, is_fever
from shared.domain.reports import Answer, Answered, Findings, Report, Review, Visit, VisitMade
from shared.domain.task import AfterVisit, Task, after_visit
from shared.domain.words import EndReason, Outcome, Status
from shared.operations import alerts, holding
from shared.operations.breaks import note_visit
from shared.operations.forms import check_result
from shared.store import assignments, districts, kinds, memberships, teams, visits
from shared.store.connection import Connection
from shared.store.events import NewEvent, insert_events


@dataclass(frozen=True, slots=True, kw_only=True)
class Knock:
    """Who made a visit and when: what a correction leaves as it was."""

    member_id: UUID
    team_id: UUID | None
    members: tuple[Mapping[str, Any], ...]
    device_at: datetime
    corrected_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A visit's task, locked (as are its follow-on tasks), and everything by which the visit is judged."""

    report: Report
    knock: Knock
    findings: Findings
    district: District
    task: Task
    kind: Kind
    follow_ons: tuple[Task, ...]
    broken: tuple[FieldError, ...]  # what in the result breaks the form

    @property
    def now(self) -> datetime:
        return self.report.received_at

    @property
    def has_fever(self) -> bool:
        return self.findings.outcome.saw_the_person and is_fever(self.findings.result, self.district.settings)

    @property
    def outcome(self) -> Outcome:
        return Outcome.SEEN_NOT_OK if self.has_fever else self.findings.outcome

    def event(self, name: str, data: Mapping[str, Any]) -> NewEvent:
        """An event about the visit, which its team hears."""
        return NewEvent(
            district_id=self.task.district_id,
            at=self.now,
            name=name,
            task_id=self.task.id,
            team_id=self.knock.team_id,
            member_id=self.report.member_id,
            data=dict(data),
        )


async def record_visit(conn: Connection, report: Report, said: VisitMade) -> Answer:
    """Keep a visit and do what follows from it. Raises NotFound where the task is not of the member's district."""
    async with conn.transaction():
        knock = await _knock(conn, report)
        scene = await set_scene(conn, report, knock, said.task_id, said.findings)
        visit = await keep(conn, scene, await flags_of(conn, scene), replaces=None)
        point = scene.task.point
        if knock.team_id is not None and point is not None:
            await teams.update_place(conn, knock.team_id, point.lat, point.lon, knock.corrected_at)
        if knock.team_id is not None:
            await note_visit(conn, knock.team_id, knock.corrected_at, report.received_at)
        made: Sequence[UUID] = ()
        if visit.counted:
            await move_task(conn, scene, scene.task)
            if scene.has_fever:
                made = await alerts.raise_fever(conn, scene.event, scene.district, scene.task, scene.kind)
        return answer_of(scene, visit, made)


async def team_then(conn: Connection, report: Report) -> UUID | None:
    """The member's team when it happened, else the one they are on now."""
    then = await memberships.select_team_of_member(conn, report.member_id, report.corrected_at)
    return then or await memberships.select_team_of_member(conn, report.member_id, report.received_at)


async def set_scene(conn: Connection, report: Report, knock: Knock, task_id: UUID, findings: Findings) -> Scene:
    """Lock the task (its teams first) and read what judges the visit. Raises NotFound."""
    follow_ons = [row["id"] for row in await visits.select_follow_ons(conn, task_id)]
    locked = await holding.lock(conn, [task_id, *follow_ons], *([knock.team_id] if knock.team_id else []))
    task = locked.pop(task_id, None)
    if task is None or task.district_id != report.district_id:
        raise NotFound("There is no such task.")
    district = await districts.select_district(conn, task.district_id)
    kind = await kinds.select_kind(conn, task.kind_id)
    if district is None or kind is None:
        raise NotFound("There is no such task.")
    return Scene(
        report=report,
        knock=knock,
        findings=findings,
        district=district,
        task=task,
        kind=kind,
        follow_ons=tuple(locked.values()),
        broken=await _form_errors(conn, kind, findings),
    )


async def flags_of(conn: Connection, scene: Scene) -> list[Review]:
    """Why a person should look at the visit."""
    flags = [Review.RESULT_BREAKS_FORM] if scene.broken else []
    if scene.task.is_closed:
        return [*flags, Review.TASK_WAS_CLOSED]
    if scene.outcome.saw_the_person or await _held_by_the_team(conn, scene):
        return flags
    return [*flags, Review.NOT_HELD_BY_TEAM]


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


async def move_task(conn: Connection, scene: Scene, before: Task) -> None:
    """Do what a visit that counts makes of its task; `before` is the task as the visit found it."""
    after = after_visit(before, scene.outcome, scene.knock.corrected_at, scene.kind.retry_after)
    member_id = scene.report.member_id
    if after.status is Status.PENDING:
        if scene.task.is_closed:
            await insert_events(conn, [scene.event("task.reopened", {"reason": "corrected"})])
        await holding.take_back_for_retry(conn, scene.district, scene.task, after, now=scene.now, member_id=member_id)
        return
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


def answer_of(scene: Scene, visit: Visit, made: Sequence[UUID]) -> Answer:
    return Answer(
        status=Answered.KEPT_FOR_REVIEW if visit.needs_review else Answered.DONE,
        error=Invalid(errors=scene.broken) if scene.broken else None,
        needs_review=visit.needs_review,
        outcome=visit.outcome,
        made_task_ids=tuple(made),
        wakes_the_placer=visit.counted,
    )


def _end_reason(scene: Scene, after: AfterVisit) -> EndReason:
    by_another = scene.task.team_id is not None and scene.task.team_id != scene.knock.team_id
    return EndReason.VISITED_BY_ANOTHER if by_another else after.end_reason


async def _knock(conn: Connection, report: Report) -> Knock:
    """The team is snapshotted: who was on it and on duty, and in any case who recorded the visit."""
    team_id = await team_then(conn, report)
    there = await memberships.select_roster(conn, [team_id], report.corrected_at) if team_id else []
    others = (row for row in there if row["member_id"] != report.member_id and row["active"] and row["duty"] == "on")
    members = [{"member_id": str(row["member_id"]), "role": row["role"]} for row in others]
    return Knock(
        member_id=report.member_id,
        team_id=team_id,
        members=({"member_id": str(report.member_id), "role": report.role}, *members),
        device_at=report.device_at,
        corrected_at=report.corrected_at,
    )


async def _form_errors(conn: Connection, kind: Kind, findings: Findings) -> tuple[FieldError, ...]:
    """What does not fit. Who saw nobody has nothing to fill in; what they filled in all the same must fit."""
    if not findings.outcome.saw_the_person and not findings.result:
        return ()
    form = await kinds.select_form(conn, kind.id, findings.form_version)
    if form is None:
        problem = f"This kind has no form of that version; the one in force is {kind.form_version}."
        return (FieldError(in_="body", loc="form_version", msg=problem),)
    return check_result(form, dict(findings.result))


async def _held_by_the_team(conn: Connection, scene: Scene) -> bool:
    """Whether the team has the task, or had it when it knocked and nobody else has it now."""
    team_id = scene.knock.team_id
    if team_id is None or scene.task.team_id is not None:
        return team_id is not None and scene.task.team_id == team_id
    return await visits.was_held_at(conn, scene.task.id, team_id, scene.knock.corrected_at)
