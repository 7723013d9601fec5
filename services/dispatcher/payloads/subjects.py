"""Subjects: the people that tasks are about."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.dispatcher.paging import PageQuery
from services.dispatcher.payloads.changes import Changes, left_out
from services.dispatcher.payloads.fields import District, Id, Payload, Phone, Ref, Text200
from shared.domain.household import Subject
from shared.domain.ids import new_id

_SAFE = 2**53 - 1  # the largest whole number that every reader of JSON keeps exactly
FlagName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
FlagValue = bool | Annotated[int, Field(ge=-_SAFE, le=_SAFE)] | Text200
Flags = Annotated[dict[FlagName, FlagValue], Field(max_length=30, examples=[{"language": "en", "no_smartphone": True}])]


class NewSubject(Payload):
    """A person. They need a ref, a phone, or a name and a household."""

    id: Id | None = None
    district: District | None = None
    ref: Ref | None = None
    name: Text200 = ""
    phone: Phone | None = None
    flags: Flags = Field(default_factory=dict)
    household_id: Id | None = None

    def subject(self, district_id: UUID) -> Subject:
        return Subject(
            id=self.id or new_id(),
            district_id=district_id,
            person="",
            phone=self.phone or "",
            **self.model_dump(exclude={"id", "district", "phone"}),
        )


class SubjectPatch(Changes):
    """`flags` are given whole."""

    ref: Ref | None = left_out()
    name: Text200 = left_out()
    phone: Phone | None = left_out()
    flags: Flags = left_out()
    household_id: Id | None = left_out()


class SubjectQuery(PageQuery):
    district: District | None = None
    q: Annotated[str, Field(min_length=1, max_length=200, description="part of the name or phone")] | None = None
    ref: Ref | None = None
    household_id: Id | None = None


class SubjectOut(Payload):
    """`redacted_at`: nothing needs to know any more who this was."""

    id: UUID
    district_id: UUID
    ref: str | None
    name: str
    phone: str | None
    flags: dict[str, FlagValue]
    household_id: UUID | None
    created_at: datetime | None
    updated_at: datetime | None
    redacted_at: datetime | None

    @classmethod
    def of(cls, subject: Subject) -> "SubjectOut":
        fields = {name: getattr(subject, name) for name in cls.model_fields}
        return cls(**{**fields, "phone": subject.phone or None})
