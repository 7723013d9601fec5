"""Kinds and their forms."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from services.dispatcher.paging import PageQuery
from services.dispatcher.payloads.changes import Changes, left_out
from services.dispatcher.payloads.districts import Role
from services.dispatcher.payloads.fields import District, Id, JsonObject, Payload, QueryBool
from shared.domain.ids import new_id
from shared.domain.kind import CAN_RAISE_ALARM, Kind
from shared.domain.words import Channel, Trigger
from shared.store.connection import Record

_LONGEST_S = 366 * 86_400

FieldName = Annotated[str, StringConstraints(min_length=1, max_length=100)]
KindCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Capability = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Capabilities = Annotated[tuple[Capability, ...], Field(max_length=20)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")]
KindName = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Names = Annotated[
    dict[Language, KindName], Field(min_length=1, max_length=20, examples=[{"en": "Notice", "zh": "告知送达"}])
]
Roles = Annotated[tuple[Role, ...], Field(max_length=12)]
ServiceS = Annotated[int, Field(ge=0, le=86_400)]
DueAfterS = Annotated[int, Field(ge=1, le=_LONGEST_S)]
Priority = Annotated[int, Field(ge=1, le=5, description="1 can wait, 5 is urgent")]
Attempts = Annotated[int, Field(ge=1, le=100)]
RetryAfterS = Annotated[int, Field(ge=0, le=_LONGEST_S)]
FollowOn = Annotated[
    dict[KindCode, Annotated[tuple[KindCode, ...], Field(max_length=10)]],
    Field(
        max_length=20,
        description=f"trigger ({', '.join(Trigger)}) → kinds of the tasks that it makes, each once per task and trigger",
        examples=[{"fever": ["home_swab"], "refused": ["breach_check"]}],
    ),
]


class FollowUpRule(Payload):
    """What becomes of the subject's follow-up: it ends so, or is converted to another protocol. `when`: only with this in the result.

    Who is seen and not well (`seen_not_ok`) is never let out of it.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["end"], "properties": {"end": {"type": "string"}, "convert_to": {"type": "null"}}},
                {"required": ["convert_to"], "properties": {"convert_to": {"type": "string"}, "end": {"type": "null"}}},
            ]
        }
    )

    end: Literal["completed", "cancelled"] | None = None
    convert_to: KindCode | None = Field(None, description="code of a protocol")
    when: Annotated[
        dict[FieldName, bool | int | Annotated[str, StringConstraints(max_length=200)]],
        Field(max_length=5, examples=[{"released": True}]),
    ] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _does_one_thing(self) -> "FollowUpRule":
        if (self.end is None) == (self.convert_to is None):
            raise ValueError("Give either end or convert_to.")
        return self

    def rule(self) -> dict[str, Any]:
        """The rule as a kind keeps it."""
        return {name: value for name, value in self.model_dump().items() if value not in (None, {})}


class FollowUpRuleOut(Payload):
    """What becomes of the subject's follow-up: `end` or `convert_to`."""

    end: str | None = None
    convert_to: str | None = None
    when: dict[str, bool | int | str] = Field(default_factory=dict)


ThenFollowUp = Annotated[dict[Trigger, FollowUpRule], Field(max_length=len(Trigger))]
AlarmTrigger = Literal["fever", "refused", "unsafe", "not_executable"]
RaisesAlarm = Annotated[list[AlarmTrigger], Field(max_length=len(CAN_RAISE_ALARM))]
QuickS = Annotated[int, Field(ge=1, le=86_400, description="sooner after the team's visit at another door: marked")]
FarM = Annotated[int, Field(ge=1, le=1_000_000, description="told from farther off the door: marked")]
Form = Annotated[JsonObject, Field(description="JSON Schema 2020-12 of a visit's result; no references outside itself")]


class NewKind(Payload):
    """`due_after_s` null: due at the end of the district's day. `expires`: worthless once its window is over.

    `retry_elsewhen`: the next attempt opens in another part of the day, if the window allows. `quick_s` and `far_m`: visits beyond them
    count and are marked for review; null: none is. `suit`: its visits are made in a protective suit.
    """

    id: Id | None = None
    district: District | None = None
    code: KindCode
    names: Names
    channel: Channel = Channel.VISIT
    service_s: ServiceS
    required_roles: Roles
    required_capabilities: Capabilities = ()
    due_after_s: DueAfterS | None
    priority: Priority = 3
    max_attempts: Attempts = 3
    retry_after_s: RetryAfterS = 7200
    retry_elsewhen: bool = False
    expires: bool = False
    suit: bool = False
    follow_on: FollowOn = Field(default_factory=dict)
    then_follow_up: ThenFollowUp = Field(default_factory=dict)
    raises_alarm: RaisesAlarm = Field(default_factory=list)
    quick_s: QuickS | None = None
    far_m: FarM | None = None
    form: Form = Field(default_factory=lambda: {"type": "object"})
    active: bool = True

    def kind(self, district_id: UUID) -> Kind:
        return Kind(
            id=self.id or new_id(),
            district_id=district_id,
            **self.model_dump(exclude={"id", "district", "form", "channel", "then_follow_up", "raises_alarm"}),
            channel=self.channel,
            then_follow_up=_rules(self.then_follow_up),
            raises_alarm=tuple(self.raises_alarm),
        )


class KindPatch(Changes):
    """A form unlike the present one becomes the kind's next version."""

    code: KindCode = left_out()
    names: Names = left_out()
    channel: Channel = left_out()
    service_s: ServiceS = left_out()
    required_roles: Roles = left_out()
    required_capabilities: Capabilities = left_out()
    due_after_s: DueAfterS | None = left_out()
    priority: Priority = left_out()
    max_attempts: Attempts = left_out()
    retry_after_s: RetryAfterS = left_out()
    retry_elsewhen: bool = left_out()
    expires: bool = left_out()
    suit: bool = left_out()
    follow_on: FollowOn = left_out()
    then_follow_up: ThenFollowUp = left_out()
    raises_alarm: RaisesAlarm = left_out()
    quick_s: QuickS | None = left_out()
    far_m: FarM | None = left_out()
    form: Form = left_out()
    active: bool = left_out()

    def changes(self) -> dict[str, Any]:
        """What to change of a kind, its form left out."""
        given = {name: value for name, value in self.given().items() if name != "form"}
        if "then_follow_up" in given:
            given["then_follow_up"] = _rules(self.then_follow_up)
        if "raises_alarm" in given:
            given["raises_alarm"] = tuple(self.raises_alarm)
        return given


class KindQuery(PageQuery):
    district: District | None = None
    q: Annotated[str, Field(min_length=1, max_length=100, description="part of the code or a name")] | None = None
    active: QueryBool | None = None


class FormPath(Payload):
    """`/…/{id}/forms/{version}`"""

    id: Id
    version: Annotated[int, Field(ge=1, le=1_000_000)]


class KindItem(Payload):
    """A kind without its form."""

    id: UUID
    district_id: UUID
    code: str
    names: dict[str, str]
    channel: Channel
    service_s: int
    required_roles: list[str]
    required_capabilities: list[str]
    due_after_s: int | None
    priority: int
    max_attempts: int
    retry_after_s: int
    retry_elsewhen: bool
    expires: bool
    suit: bool
    follow_on: dict[str, list[str]]
    then_follow_up: dict[str, FollowUpRuleOut]
    raises_alarm: list[str]
    quick_s: int | None
    far_m: int | None
    form_version: int
    active: bool
    created_at: datetime | None

    @classmethod
    def of(cls, kind: Kind) -> "KindItem":
        return cls(**_fields(kind))


class UsualIn(Payload):
    """Which district is to have what is usual."""

    district: District | None = None


class UsualKindsOut(Payload):
    """The kinds made now; none where all were there."""

    made: list[KindItem]


class FormVersion(Payload):
    version: int
    created_at: datetime


class KindOut(KindItem):
    """A kind with the form that results must fit now, and the versions that it had."""

    form: JsonObject
    form_versions: list[FormVersion]

    @classmethod
    def with_form(cls, kind: Kind, form: JsonObject, versions: list[Record]) -> "KindOut":
        return cls(**_fields(kind), form=form, form_versions=[FormVersion(**dict(row)) for row in versions])


class FormOut(Payload):
    kind_id: UUID
    version: int
    form: JsonObject


def _fields(kind: Kind) -> dict[str, object]:
    return {
        **{name: getattr(kind, name) for name in KindItem.model_fields},
        "required_roles": list(kind.required_roles),
        "required_capabilities": list(kind.required_capabilities),
        "follow_on": {trigger: list(codes) for trigger, codes in kind.follow_on.items()},
        "then_follow_up": {trigger: FollowUpRuleOut(**rule) for trigger, rule in kind.then_follow_up.items()},
        "raises_alarm": list(kind.raises_alarm),
    }


def _rules(said: Mapping[Trigger, FollowUpRule]) -> dict[str, dict[str, Any]]:
    return {trigger.value: rule.rule() for trigger, rule in said.items()}
