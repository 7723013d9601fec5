"""Tasks as they are shown."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from services.dispatcher.payloads.fields import JsonObject, Payload
from services.dispatcher.payloads.handovers import HandoverOut
from services.dispatcher.payloads.task_points import TaskPoint
from shared.domain.explain import Names, why_it_waits, why_this_team
from shared.domain.household import Household, Subject
from shared.domain.phrases import Said
from shared.domain.reports import Visit
from shared.domain.task import Assignment, Task
from shared.domain.words import Channel, Consequence, EndReason, Outcome, Status, Trigger, WaitingReason
from shared.operations.intake import TakenIn
from shared.store.connection import Record

NamesByDistrict = Mapping[UUID, Names]


class Sentences(Payload):
    """The same in English and in Chinese, for people; made from codes and figures that stand beside it. Times are the district's."""

    en: str
    zh: str

    @classmethod
    def of(cls, said: Said) -> "Sentences":
        return cls(en=said.en, zh=said.zh)


class TaskOut(Payload):
    """A task. `waiting_reason` is set exactly while it is pending, `team_id` while a team holds it. `why`: why it waits, where it does.

    `redacted_at`: it was closed longer than its district's `retention_days`, and lost what it told of its person and door.
    """

    id: UUID
    district_id: UUID
    ref: str | None
    kind: str
    channel: Channel
    status: Status
    waiting_reason: WaitingReason | None
    waiting_detail: JsonObject
    why: Sentences | None
    overdue: bool
    household_id: UUID | None
    subject_id: UUID | None
    grid_id: UUID | None
    lat: float | None
    lon: float | None
    earliest: datetime
    due_at: datetime
    priority: int
    roles: list[str]
    capabilities: list[str]
    service_s: int
    instructions: str
    team_id: UUID | None
    attempts: int
    max_attempts: int
    closed_at: datetime | None
    closed_reason: str
    made_by_task_id: UUID | None
    version: int
    redacted_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, task: Task, kind: str, now: datetime, names: NamesByDistrict) -> "TaskOut":
        return cls(**fields_of(task, names), kind=kind, overdue=task.is_overdue(now))


_PLAIN = tuple(name for name in TaskOut.model_fields if name not in ("kind", "overdue", "roles", "capabilities", "why"))


def fields_of(task: Task, names: NamesByDistrict) -> dict[str, Any]:
    """What TaskOut shows of a task itself; `names` has its district where it waits."""
    plain = {name: getattr(task, name) for name in _PLAIN}
    why = task.waiting_reason and why_it_waits(task.waiting_reason, task.waiting_detail, names[task.district_id])
    return {
        **plain,
        "roles": list(task.roles),
        "capabilities": list(task.capabilities),
        "why": why and Sentences.of(why),
    }


class Warned(Payload):
    """Something to look at; the task is in all the same. `twin`: the open task of the same kind for the same person or door, as it is."""

    code: Literal["possible_duplicate"]
    task_id: UUID
    twin: TaskPoint | None

    @classmethod
    def of(cls, taken: TakenIn, twins: Mapping[UUID, TaskPoint]) -> "list[Warned]":
        twin = taken.possible_duplicate
        return [] if twin is None else [cls(code="possible_duplicate", task_id=twin, twin=twins.get(twin))]


class TaskTaken(TaskOut):
    """A task just taken in, or known already by its ref or id."""

    warnings: list[Warned]

    @classmethod
    def answer(
        cls, taken: TakenIn, kind: str, now: datetime, names: NamesByDistrict, twins: Mapping[UUID, TaskPoint]
    ) -> "TaskTaken":
        task = taken.task
        return cls(**fields_of(task, names), kind=kind, overdue=task.is_overdue(now), warnings=Warned.of(taken, twins))


class TaskPreview(Payload):
    """What would become of a task if it were posted now. Ids of what would be made are made up, but for those that you gave."""

    status: Literal["created", "repeated"]
    task: TaskTaken


class TaskListed(TaskOut):
    """A task with what a list shows of its door, person and team."""

    address: str | None
    subject_name: str | None
    team_code: str | None

    @classmethod
    def row(cls, row: Record, task: Task, now: datetime, names: NamesByDistrict) -> "TaskListed":
        return cls(
            **fields_of(task, names),
            kind=row["kind"],
            overdue=task.is_overdue(now),
            address=row["address"],
            subject_name=row["subject_name"],
            team_code=row["team_code"],
        )


class HouseholdShown(Payload):
    id: UUID
    ref: str | None
    address: str
    lat: float | None
    lon: float | None
    grid_id: UUID | None
    access_notes: str

    @classmethod
    def of(cls, household: Household) -> "HouseholdShown":
        return cls(**{name: getattr(household, name) for name in cls.model_fields})


class SubjectShown(Payload):
    id: UUID
    ref: str | None
    name: str
    phone: str
    flags: JsonObject

    @classmethod
    def of(cls, subject: Subject) -> "SubjectShown":
        return cls(**{name: getattr(subject, name) for name in cls.model_fields})


class MemberThen(Payload):
    member_id: UUID
    role: str


class AssignmentOut(Payload):
    """With which team the task was, who was on it then, and why: `reason` in figures, as they were when it was given, `why` in words.

    `reason.next_best`: the other team that would have got it; null: no other could; absent: nobody looked. `end_reason` null: it is with
    it now; `end_note`: why it declined. `caller_id`: of a call, which of its members makes it.
    """

    id: UUID
    team_id: UUID
    team_code: str
    members: list[MemberThen]
    reason: JsonObject
    why: Sentences
    pinned: bool
    assigned_at: datetime
    accepted_at: datetime | None
    departed_at: datetime | None
    arrived_at: datetime | None
    ended_at: datetime | None
    end_reason: EndReason | None
    end_note: str
    caller_id: UUID | None

    @classmethod
    def of(cls, assignment: Assignment, team_codes: Mapping[UUID, str], names: Names) -> "AssignmentOut":
        own = {
            name: getattr(assignment, name)
            for name in cls.model_fields
            if name not in ("team_code", "members", "reason", "why")
        }
        return cls(
            **own,
            team_code=team_codes[assignment.team_id],
            members=[MemberThen(**member) for member in assignment.members],
            reason=dict(assignment.reason),
            why=Sentences.of(why_this_team(assignment.team_id, assignment.reason, names)),
        )


class VisitOut(Payload):
    """What a team recorded. `struck`: entered in error, kept; `needs_review`: why a person should look at it; `reviewed_at`: one has."""

    id: UUID
    team_id: UUID | None
    member_id: UUID
    members: list[MemberThen]
    outcome: Outcome
    result: JsonObject
    form_version: int
    needs_review: list[str]
    note: str
    device_at: datetime
    corrected_at: datetime
    received_at: datetime
    on_time: bool
    replaces_id: UUID | None
    struck: bool
    struck_at: datetime | None
    reviewed_at: datetime | None
    reviewed_by: UUID | None

    @classmethod
    def of(cls, visit: Visit, due_at: datetime) -> "VisitOut":
        made = ("members", "result", "needs_review", "on_time", "struck")
        own = {name: getattr(visit, name) for name in cls.model_fields if name not in made}
        return cls(
            **own,
            members=[MemberThen(**member) for member in visit.members],
            result=dict(visit.result),
            needs_review=list(visit.needs_review),
            on_time=visit.corrected_at <= due_at,
            struck=visit.struck_at is not None,
        )


class ConsequenceOut(Payload):
    """What followed from the task's visits, and whether a correction took it back. `made_id`: the task or alarm that was made, or the
    follow-up that was ended or converted; of a task, `kind` and `status`."""

    trigger: Trigger
    what: Consequence
    made_id: UUID
    kind: str | None
    status: Status | None
    at: datetime
    withdrawn_at: datetime | None


class TaskEvent(Payload):
    id: str
    at: datetime
    name: str
    team_id: UUID | None
    member_id: UUID | None
    account_id: UUID | None
    data: JsonObject

    @classmethod
    def of(cls, row: Record) -> "TaskEvent":
        own = {name: row[name] for name in cls.model_fields if name != "id"}
        return cls(id=f"{row['tx']}-{row['id']}", **own)


class TaskDetail(TaskOut):
    """A task with all that is known about it. `people`: id → name of the members and accounts in its story, for those who may know."""

    kind_names: dict[str, str]
    people: dict[UUID, str]
    household: HouseholdShown | None
    subject: SubjectShown | None
    assignment: AssignmentOut | None
    earlier_assignments: list[AssignmentOut]
    visits: list[VisitOut]
    consequences: list[ConsequenceOut]
    handovers: list[HandoverOut]
    events: list[TaskEvent]
