"""What phones send to `POST /v1/me/reports`, and the answer to each item."""

from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from pydantic import Field, TypeAdapter, WrapValidator

from services.dispatcher.payloads.fields import AwareTime, Id, JsonObject, Lat, Lon, Payload, Text200, Text2000
from services.dispatcher.problems import Problem
from shared.domain import reports as said
from shared.domain.geography import Point
from shared.domain.words import Duty, Outcome

MOST_REPORTS = 500
_MOST_TASKS = 100
FormVersion = Annotated[int, Field(ge=1, le=2_147_483_647)]
Accuracy = Annotated[float, Field(ge=0, le=40_000_000, description="radius in metres")]


class PositionIn(Payload):
    lat: Lat
    lon: Lon
    accuracy_m: Accuracy | None = None

    def as_position(self) -> said.Position:
        return said.Position(point=Point(self.lat, self.lon), accuracy_m=self.accuracy_m)


class FindingsIn(Payload):
    """What a visit found. A result that does not fit its form is kept, and flagged for review."""

    outcome: Outcome
    result: JsonObject = Field(default_factory=dict)
    form_version: FormVersion
    note: Text2000 = ""
    position: PositionIn | None = None

    def as_findings(self) -> said.Findings:
        return said.Findings(
            outcome=self.outcome,
            result=self.result,
            form_version=self.form_version,
            note=self.note,
            position=self.position.as_position() if self.position else None,
        )


class _ReportIn(Payload):
    id: Id
    at: Annotated[AwareTime, Field(description="when it happened, by the phone's clock")]


class AcceptIn(_ReportIn):
    """The team takes these of its next stops for good."""

    report: Literal["accept"]
    task_ids: Annotated[list[Id], Field(min_length=1, max_length=_MOST_TASKS)]

    def as_said(self) -> said.Said:
        return said.Accept(task_ids=tuple(dict.fromkeys(self.task_ids)))


class DeclineIn(_ReportIn):
    """The task goes to another team."""

    report: Literal["decline"]
    task_id: Id
    reason: Text200

    def as_said(self) -> said.Said:
        return said.Decline(task_id=self.task_id, reason=self.reason)


class DepartIn(_ReportIn):
    """The team sets out for the task's stop."""

    report: Literal["depart"]
    task_id: Id

    def as_said(self) -> said.Said:
        return said.Depart(task_id=self.task_id)


class ArriveIn(_ReportIn):
    """The team is at the task's door."""

    report: Literal["arrive"]
    task_id: Id

    def as_said(self) -> said.Said:
        return said.Arrive(task_id=self.task_id)


class VisitIn(FindingsIn, _ReportIn):
    """One knock (or call)."""

    report: Literal["visit"]
    task_id: Id

    def as_said(self) -> said.Said:
        return said.VisitMade(task_id=self.task_id, findings=self.as_findings())


class CorrectIn(_ReportIn):
    """An earlier visit was entered in error; `visit` is what it should have said. The visit's id is that of its report."""

    report: Literal["correct"]
    visit_id: Id
    visit: FindingsIn

    def as_said(self) -> said.Said:
        return said.Correct(visit_id=self.visit_id, findings=self.visit.as_findings())


class KeepIn(_ReportIn):
    """The team finishes these itself although its shift ends. What of them it had not accepted it accepts with that."""

    report: Literal["keep"]
    task_ids: Annotated[list[Id], Field(min_length=1, max_length=_MOST_TASKS)]

    def as_said(self) -> said.Said:
        return said.Keep(task_ids=tuple(dict.fromkeys(self.task_ids)))


class HandOverIn(_ReportIn):
    """These go to the team that follows at the end of the shift, with the note; what does not fit there is placed anew."""

    report: Literal["hand_over"]
    task_ids: Annotated[list[Id], Field(min_length=1, max_length=_MOST_TASKS)]
    note: Text2000 = ""

    def as_said(self) -> said.Said:
        return said.HandOver(task_ids=tuple(dict.fromkeys(self.task_ids)), note=self.note)


class AcknowledgeIn(_ReportIn):
    """Somebody of the team looks at this alarm."""

    report: Literal["acknowledge"]
    alarm_id: Id

    def as_said(self) -> said.Said:
        return said.Acknowledge(alarm_id=self.alarm_id)


class DutyIn(_ReportIn):
    """The member's own duty."""

    report: Literal["duty"]
    duty: Duty

    def as_said(self) -> said.Said:
        return said.DutyChanged(duty=self.duty)


class SuitIn(_ReportIn):
    """The member put a protective suit on, or took it off."""

    report: Literal["suit"]
    on: bool

    def as_said(self) -> said.Said:
        return said.SuitChanged(on=self.on)


class SeenAtIn(PositionIn, _ReportIn):
    """Where the phone is."""

    report: Literal["position"]

    def as_said(self) -> said.Said:
        return said.PositionSeen(position=self.as_position())


ReportIn: TypeAlias = (
    AcceptIn
    | DeclineIn
    | DepartIn
    | ArriveIn
    | VisitIn
    | CorrectIn
    | KeepIn
    | HandOverIn
    | AcknowledgeIn
    | DutyIn
    | SuitIn
    | SeenAtIn
)
REPORT: TypeAdapter[ReportIn] = TypeAdapter(Annotated[ReportIn, Field(discriminator="report")])


def _as_it_came(value: Any, _: Any) -> Any:
    return value


def _or_anything(schema: dict[str, Any]) -> None:
    """Says in the API's description that no item makes the whole request fail."""
    report = dict(schema)
    schema.clear()
    schema["anyOf"] = [report, {"description": "Whatever is no report is answered with a problem of its own."}]


_Item = Annotated[
    ReportIn,
    Field(discriminator="report"),
    WrapValidator(_as_it_came),
    Field(json_schema_extra=_or_anything),
]


class ReportsIn(Payload):
    """What happened, in the order in which it happened. `sent_at` is the phone's clock as it sends: it corrects the times."""

    sent_at: AwareTime
    member_id: Id | None = Field(
        None, description="whose they are: with another member's session nothing of it is taken"
    )
    reports: Annotated[list[_Item], Field(max_length=MOST_REPORTS)]


class ReportAnswer(Payload):
    """What became of one report. `needs_review`: why a person will look at the visit. `outcome`: the visit's, where a fever changed it."""

    id: UUID | None
    status: said.Answered
    problem: Problem | None = None
    needs_review: list[said.Review] = Field(default_factory=list)
    outcome: Outcome | None = None
    made_task_ids: list[UUID] = Field(default_factory=list)


class ReportAnswers(Payload):
    """The answers, in the order of the reports."""

    items: list[ReportAnswer]
