"""What a visit is judged by: who knocked and when, the locked task and its kind, and all that it may touch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.district import District
from shared.domain.errors import FieldError, NotFound
from shared.domain.kind import Kind, is_fever, triggers_of
from shared.domain.reports import Findings, Report, Visit
from shared.domain.task import Task
from shared.domain.words import Consequence, Outcome, Status, Trigger
from shared.operations import holding
from shared.operations.follow_up_locks import open_tasks_of
from shared.operations.forms import check_result
from shared.store import consequences, districts, follow_ups, kinds, locks, memberships, tasks
from shared.store.connection import Connection
from shared.store.consequences import Followed
from shared.store.events import NewEvent


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
    """A visit's task, locked (as is whatever it may touch besides), and everything by which the visit is judged."""

    report: Report
    knock: Knock
    findings: Findings
    district: District
    task: Task
    kind: Kind
    follow_ons: tuple[Task, ...]  # they followed from its visits or, open ones, from others of the person
    standing: tuple[Followed, ...]  # what followed from its visits and was not taken back
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

    def triggers(self, status: Status) -> frozenset[Trigger]:
        """What the visit sets off that leaves its task there."""
        return triggers_of(self.outcome, fever=self.has_fever, status=status)

    def has_fever_in(self, visit: Visit) -> bool:
        return visit.outcome.saw_the_person and is_fever(visit.result, self.district.settings)

    def reasons(self, visit: Visit, status: Status) -> set[tuple[Trigger, Consequence]]:
        """What a visit of this task gives reason for, while the task is there."""
        closed_so = status is Status.COMPLETED if visit.outcome.saw_the_person else status is Status.NOT_EXECUTABLE
        triggers = triggers_of(
            visit.outcome, fever=self.has_fever_in(visit), status=status if closed_so else Status.PENDING
        )
        kept = {trigger for trigger in triggers if self.kind.lets_follow_up(trigger, visit.outcome, visit.result)}
        return {(trigger, what) for trigger in triggers for what in (Consequence.TASK, Consequence.ALARM)} | {
            (trigger, Consequence.FOLLOW_UP) for trigger in kept
        }

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


async def team_then(conn: Connection, report: Report) -> UUID | None:
    """The member's team when it happened, else the one they are on now."""
    then = await memberships.select_team_of_member(conn, report.member_id, report.corrected_at)
    return then or await memberships.select_team_of_member(conn, report.member_id, report.received_at)


async def set_scene(conn: Connection, report: Report, knock: Knock, task_id: UUID, findings: Findings) -> Scene:
    """Lock the task and what its visits may touch (teams first) and read what judges the visit. Raises NotFound."""
    seen = await tasks.select_task(conn, task_id)
    kind = await kinds.select_kind(conn, seen.kind_id) if seen else None
    if seen is None or kind is None or seen.district_id != report.district_id:
        raise NotFound("There is no such task.")
    if seen.subject_id is not None and kind.follow_on:
        await locks.lock_in_turn(conn, f"what follows for {seen.subject_id}")
    locked, at_stake = await _lock(conn, seen, kind, knock)
    district = await districts.select_district(conn, seen.district_id)
    if district is None or task_id not in locked:
        raise NotFound("There is no such task.")
    return Scene(
        report=report,
        knock=knock,
        findings=findings,
        district=district,
        task=locked[task_id],
        kind=kind,
        follow_ons=tuple(task for task in locked.values() if task.id in at_stake.follow_ons),
        standing=tuple(at_stake.standing),
        broken=await _form_errors(conn, kind, findings),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _AtStake:
    """What a visit may touch besides its task: what followed from visits and, where a rule is about the subject's follow-up, its tasks."""

    standing: Sequence[Followed]
    follow_ons: frozenset[UUID]
    of_follow_up: frozenset[UUID]

    @property
    def task_ids(self) -> frozenset[UUID]:
        return self.follow_ons | self.of_follow_up


async def _lock(conn: Connection, seen: Task, kind: Kind, knock: Knock) -> tuple[dict[UUID, Task], _AtStake]:
    """The task and all that may be touched with it, locked.

    What that is may change before the locks are had: then they are given back and taken again in order, as `holding.lock` does.
    """
    wanted = await _at_stake(conn, seen, kind)
    while True:
        attempt = conn.transaction()
        await attempt.start()
        locked = await holding.lock(conn, [seen.id, *wanted.task_ids], *([knock.team_id] if knock.team_id else []))
        before, wanted = wanted, await _at_stake(conn, seen, kind)
        if wanted.task_ids <= before.task_ids:
            await attempt.commit()
            return locked, wanted
        await attempt.rollback()


async def _at_stake(conn: Connection, task: Task, kind: Kind) -> _AtStake:
    standing = await consequences.select_standing(conn, task.id)
    follow_ons = {one.made_id for one in standing if one.what is Consequence.TASK}
    codes = {code for several in kind.follow_on.values() for code in several}
    if task.subject_id is not None and codes:
        follow_ons |= {*await consequences.select_open_follow_ons(conn, task.subject_id, codes)} - {task.id}
    may_end = bool(kind.then_follow_up) or any(one.what is Consequence.FOLLOW_UP for one in standing)
    live = await follow_ups.select_live_of_subject(conn, task.subject_id) if may_end and task.subject_id else None
    return _AtStake(
        standing=standing,
        follow_ons=frozenset(follow_ons),
        of_follow_up=frozenset(await open_tasks_of(conn, live.id) if live else ()),
    )


async def knock_of(conn: Connection, report: Report) -> Knock:
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
