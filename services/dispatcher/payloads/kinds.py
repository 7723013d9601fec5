"""Kinds and their forms."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.dispatcher.paging import PageQuery
from services.dispatcher.payloads.changes import Changes, left_out
from services.dispatcher.payloads.districts import Role
from services.dispatcher.payloads.fields import District, Id, JsonObject, Payload, QueryBool
from shared.domain.ids import new_id
from shared.domain.kind import Kind
from shared.domain.words import Channel
from shared.store.connection import Record

_LONGEST_S = 366 * 86_400

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
    Field(max_length=20, description="alert → kinds of the tasks that it makes", examples=[{"fever": ["home_swab"]}]),
]
Form = Annotated[JsonObject, Field(description="JSON Schema 2020-12 of a visit's result; no references outside itself")]


class NewKind(Payload):
    """`due_after_s` null: due at the end of the district's day. `expires`: worthless once its window is over."""

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
    expires: bool = False
    follow_on: FollowOn = Field(default_factory=dict)
    form: Form = Field(default_factory=lambda: {"type": "object"})
    active: bool = True

    def kind(self, district_id: UUID) -> Kind:
        return Kind(
            id=self.id or new_id(),
            district_id=district_id,
            **self.model_dump(exclude={"id", "district", "form", "channel"}),
            channel=self.channel,
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
    expires: bool = left_out()
    follow_on: FollowOn = left_out()
    form: Form = left_out()
    active: bool = left_out()


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
    expires: bool
    follow_on: dict[str, list[str]]
    form_version: int
    active: bool
    created_at: datetime | None

    @classmethod
    def of(cls, kind: Kind) -> "KindItem":
        return cls(**_fields(kind))


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
        "follow_on": {alert: list(codes) for alert, codes in kind.follow_on.items()},
    }
