"""Tasks as they are asked for, changed and looked for."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from services.dispatcher.paging import PageQuery
from services.dispatcher.payloads.changes import Changes, left_out
from services.dispatcher.payloads.fields import (
    AwareTime,
    District,
    Id,
    Lat,
    Lon,
    Payload,
    Phone,
    QueryBool,
    Ref,
    Text200,
    Text2000,
)
from services.dispatcher.payloads.households import Address
from services.dispatcher.payloads.kinds import Capability, KindCode, Priority, ServiceS
from services.dispatcher.payloads.subjects import Flags
from shared.domain.intake import HouseholdDraft, SubjectDraft, TaskDraft
from shared.domain.words import Status, WaitingReason

Needs = Annotated[list[Capability], Field(max_length=20, description="capabilities", examples=[["woman"]])]
Why = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$", examples=["team_delayed"])]
Words = Annotated[str, Field(min_length=1, max_length=200)]
TeamName = Annotated[str, Field(min_length=1, max_length=63, description="code or id of a team of the district")]


def _alone(field: str) -> dict[str, Any]:
    """JSON Schema: where the field is given, nothing else is."""
    return {"anyOf": [{"properties": {field: {"type": "null"}}}, {"required": [field], "maxProperties": 1}]}


_WHOLE_POINT: dict[str, Any] = {
    "anyOf": [
        {"properties": {"lat": {"type": "null"}, "lon": {"type": "null"}}},
        {"properties": {"lat": {"type": "number"}, "lon": {"type": "number"}}, "required": ["lat", "lon"]},
    ]
}


class HouseholdMention(Payload):
    """A door: a known one by `id` alone, or by `ref`, else by address and point. What is said about a known ref is kept."""

    model_config = ConfigDict(json_schema_extra={"allOf": [_alone("id"), _WHOLE_POINT]})

    id: Id | None = None
    ref: Ref | None = None
    address: Address = ""
    lat: Lat | None = None
    lon: Lon | None = None
    access_notes: Text2000 = ""

    @model_validator(mode="after")
    def _is_one_place(self) -> "HouseholdMention":
        if (self.lat is None) != (self.lon is None):
            raise ValueError("A point has lat and lon.")
        if self.id is not None and self.model_fields_set != {"id"}:
            raise ValueError("Give the id alone; change the household at /v1/households.")
        return self

    def draft(self) -> HouseholdDraft:
        return HouseholdDraft(
            id=self.id,
            ref=self.ref,
            address=self.address,
            lat=self.lat,
            lon=self.lon,
            access_notes=self.access_notes,
        )


class SubjectMention(Payload):
    """A person: a known one by `id` alone, or by `ref`, else by phone and name. What is said about a known ref is kept."""

    model_config = ConfigDict(json_schema_extra=_alone("id"))

    id: Id | None = None
    ref: Ref | None = None
    name: Text200 = ""
    phone: Phone | None = None
    flags: Flags = Field(default_factory=dict)

    @model_validator(mode="after")
    def _is_one_person(self) -> "SubjectMention":
        if self.id is not None and self.model_fields_set != {"id"}:
            raise ValueError("Give the id alone; change the subject at /v1/subjects.")
        return self

    def draft(self) -> SubjectDraft:
        return SubjectDraft(id=self.id, ref=self.ref, name=self.name, phone=self.phone or "", flags=self.flags)


class TaskIn(Payload):
    """A task. All but `kind` and a place (a call: a phone) may be left out; the kind says the rest."""

    id: Id | None = None
    ref: Ref | None = None
    kind: KindCode
    household: HouseholdMention | None = None
    subject: SubjectMention | None = None
    earliest: AwareTime | None = None
    due_at: AwareTime | None = Field(None, description="the visit starts by then")
    priority: Priority | None = None
    needs: Needs = Field(default_factory=list)
    service_s: ServiceS | None = None
    instructions: Text2000 = ""

    def draft(self) -> TaskDraft:
        return TaskDraft(
            id=self.id,
            ref=self.ref,
            kind=self.kind,
            household=self.household.draft() if self.household else None,
            subject=self.subject.draft() if self.subject else None,
            earliest=self.earliest,
            due_at=self.due_at,
            priority=self.priority,
            needs=tuple(self.needs),
            service_s=self.service_s,
            instructions=self.instructions,
        )


class NewTask(TaskIn):
    """A task. All but `kind` and a place (a call: a phone) may be left out; the kind says the rest."""

    district: District | None = None


class TaskPatch(Changes):
    """`version`: refuse the change (409) when the task is at another one by now; `If-Match` says the same."""

    version: Annotated[int, Field(ge=1, le=2_147_483_647)] = left_out()
    household: HouseholdMention = left_out()
    earliest: AwareTime = left_out()
    due_at: AwareTime = left_out()
    priority: Priority = left_out()
    needs: Needs = left_out()
    service_s: ServiceS = left_out()
    instructions: Text2000 = left_out()

    def changes(self) -> dict[str, Any]:
        """What to change, in the words of `shared.operations.tasks.change_task`."""
        given = {name: value for name, value in self.given().items() if name != "version"}
        if self.household is not None:
            given["household"] = self.household.draft()
        if self.needs is not None:
            given["needs"] = tuple(self.needs)
        return given


class IfMatch(Payload):
    if_match: (
        Annotated[str, Field(pattern=r'^(W/)?"[0-9]{1,9}"$', description="the ETag of the task", examples=['"3"'])]
        | None
    ) = None

    @property
    def version(self) -> int | None:
        return None if self.if_match is None else int(self.if_match.removeprefix("W/").strip('"'))


class TaskQuery(PageQuery):
    """Newest first."""

    district: District | None = None
    id: list[Id] = Field(
        default_factory=list, max_length=200, description="these alone, such as the rows of a list in sight"
    )
    status: list[Status] = Field(default_factory=list, max_length=8)
    kind: KindCode | None = None
    grid_id: Id | None = None
    team_id: Id | None = None
    household_id: Id | None = None
    subject_id: Id | None = None
    waiting_reason: WaitingReason | None = None
    overdue: QueryBool | None = None
    due_soon: Annotated[QueryBool, Field(description="due within the district's `due_soon_s`")] | None = None
    needs_review: Annotated[
        QueryBool | None, Field(description="with a visit that a person should look at and nobody has")
    ] = None
    ref: Ref | None = None
    q: Annotated[str, Field(min_length=1, max_length=200, description="part of address, name, phone or ref")] | None = (
        None
    )


class CancelIn(Payload):
    """Why, for those who read the task later."""

    reason: Words


class ReleaseIn(Payload):
    """Why: a code, because it goes into the events, which carry no free text."""

    reason: Why | None = None


class AssignIn(Payload):
    """`preview`: say what it does to the route, change nothing. `force`: even where the team cannot or others become late."""

    team: TeamName
    preview: bool = False
    force: bool = False


def _needing(action: str, *fields: str) -> dict[str, Any]:
    """JSON Schema: that action, with those fields said; only `assign` can be previewed."""
    said: dict[str, Any] = {field: {"type": "string"} for field in fields}
    if action != "assign":
        said["preview"] = {"const": False}
    return {"properties": {"action": {"const": action}, **said}, "required": ["action", *fields]}


class BulkIn(Payload):
    """The same thing done to many tasks; each is answered for itself. `assign` needs a `team`, `cancel` a `reason`.

    `preview`: `assign` says what it does to the route, and nothing is changed.
    """

    model_config = ConfigDict(
        json_schema_extra={"anyOf": [_needing("release"), _needing("assign", "team"), _needing("cancel", "reason")]}
    )

    action: Literal["cancel", "release", "assign"]
    task_ids: Annotated[list[Id], Field(min_length=1, max_length=1000)]
    reason: Words | None = None
    team: TeamName | None = None
    force: bool = False
    preview: bool = False

    @model_validator(mode="after")
    def _has_what_it_needs(self) -> "BulkIn":
        if self.action == "assign" and self.team is None:
            raise ValueError("To assign, say the team.")
        if self.action == "cancel" and self.reason is None:
            raise ValueError("To cancel, say the reason.")
        if self.preview and self.action != "assign":
            raise ValueError("Only assign can be previewed.")
        return self
