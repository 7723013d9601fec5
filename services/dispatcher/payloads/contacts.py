"""Contacts: who was exposed to whom."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.dispatcher.paging import PageQuery
from services.dispatcher.payloads.batch import MOST_ROWS
from services.dispatcher.payloads.fields import Day, District, Id, JsonObject, Payload, QueryBool, Text2000
from services.dispatcher.payloads.kinds import KindCode
from services.dispatcher.payloads.sheet import Sheet, day, decimal, flags
from services.dispatcher.payloads.tasks import HouseholdMention, SubjectMention
from services.dispatcher.problems import Problem
from shared.domain.contact import TRACE_CALL, ContactDraft
from shared.domain.errors import FieldError, Invalid
from shared.domain.words import ContactClass, FollowUpStatus, Outcome
from shared.domain.words import Status as TaskStatus
from shared.operations.contacts import Became, Concern
from shared.store.connection import Record

CONTACTS = Sheet(
    {
        "index_id": ("index", "id"),
        "index_ref": ("index", "ref"),
        "index_name": ("index", "name"),
        "index_phone": ("index", "phone"),
        "subject_id": ("subject", "id"),
        "subject_ref": ("subject", "ref"),
        "subject_name": ("subject", "name"),
        "subject_phone": ("subject", "phone"),
        "subject_flags": ("subject", "flags"),
        "household_id": ("household", "id"),
        "household_ref": ("household", "ref"),
        "household_address": ("household", "address"),
        "household_lat": ("household", "lat"),
        "household_lon": ("household", "lon"),
        "household_access_notes": ("household", "access_notes"),
        "class": ("class",),
        "last_exposure": ("last_exposure",),
        "note": ("note",),
    },
    required=("class",),
    readers={"subject_flags": flags, "household_lat": decimal, "household_lon": decimal, "last_exposure": day},
)
"""A table of contacts: one row a contact, of the index person in the row or of the one in the query."""


class ContactIn(Payload):
    """`subject`, who lives at `household`, was exposed to `index` (left out: to the batch's index person)."""

    index: SubjectMention | None = None
    subject: SubjectMention = Field(default_factory=SubjectMention)
    household: HouseholdMention | None = None
    class_: ContactClass = Field(alias="class", strict=False)
    last_exposure: Annotated[Day, Field(description="a day of the district")] | None = None
    note: Annotated[Text2000, Field(description="how they met; the caller reads it")] = ""

    def draft(self, index: SubjectMention | None) -> ContactDraft:
        """`index`: the batch's. Raises Invalid where there is none at all."""
        of = self.index or index
        if of is None:
            problem = "Say whose contact this is."
            raise Invalid(errors=(FieldError(in_="body", loc="index", msg=problem),))
        return ContactDraft(
            index=of.draft(),
            subject=self.subject.draft(),
            household=self.household.draft() if self.household else None,
            contact_class=self.class_,
            last_exposure=self.last_exposure,
            note=self.note,
        )


class ContactsIn(Payload):
    """Contacts of one `index` person, or each with its own. Each is checked for itself: bad ones are answered, good ones land.

    A contact: `index`, `subject` and `household` as in a task, `class` (close, secondary), `last_exposure` (a day), `note`.
    """

    district: District | None = None
    index: SubjectMention | None = None
    contacts: Annotated[list[JsonObject], Field(min_length=1, max_length=MOST_ROWS)]


class ContactsQuery(Payload):
    """`index_id`: the index person of rows that name none."""

    district: District | None = None
    index_id: Id | None = None
    call_kind: Annotated[KindCode, Field(description="the kind of the calls that are made")] = TRACE_CALL


class ContactWarned(Payload):
    """Something to look at; the contact is in all the same.

    `differs`: `fields` say something else than is known of the person; what was known stays, what was said is kept in the contact's `said`.
    `possible_duplicate`: somebody else has that phone (`subject_id`; `row` where an earlier row brought them).
    `no_task`: neither phone nor home is known, or the kind is not in use, so nobody was set to ask.
    """

    code: Concern
    fields: list[str] = Field(default_factory=list)
    subject_id: UUID | None = None
    row: int | None = None


class ContactItem(Payload):
    """What became of a row. `row`: in JSON the place in `contacts`, from 1; in CSV the row of the spreadsheet, its header being row 1.

    `merged`: the contact was known, and says more now. `known`: the person was known before; `known_from_row`: from that earlier row.
    `task_id`: by which the person is asked. In a preview ids of what is not there yet are null.
    """

    row: int
    status: Became | Literal["rejected"]
    id: UUID | None = None
    index_id: UUID | None = None
    subject_id: UUID | None = None
    known: bool = False
    known_from_row: int | None = None
    task_id: UUID | None = None
    asked: Annotated[bool, Field(description="whether somebody is set to ask the person")] = False
    warnings: list[ContactWarned] = Field(default_factory=list)
    problem: Problem | None = None


class ContactsOut(Payload):
    """What became of each row, in their order, and how often. `people`: how many were not known before."""

    created: int
    merged: int
    repeated: int
    rejected: int
    people: int
    items: list[ContactItem]


class ContactQuery(PageQuery):
    district: District | None = None
    index_id: Annotated[Id, Field(description="contacts of this person")] | None = None
    subject_id: Annotated[Id, Field(description="to whom this person was exposed")] | None = None
    contact_class: ContactClass | None = None
    reached: Annotated[QueryBool, Field(description="whether somebody spoke with them since")] | None = None
    q: Annotated[str, Field(min_length=1, max_length=200, description="part of the name or phone")] | None = None


class PersonRef(Payload):
    id: UUID
    ref: str | None
    name: str
    phone: str | None


class ContactTask(Payload):
    """By which the person is asked, and what came of it last."""

    id: UUID
    kind: str
    status: TaskStatus
    outcome: Outcome | None
    due_at: datetime
    attempts: int
    team_id: UUID | None


class ContactFollowUp(Payload):
    id: UUID
    protocol: str | None
    status: FollowUpStatus


class ContactOut(Payload):
    """`reached`: somebody spoke with or saw the person since. `said`: what imports said otherwise than it is known, field → values.

    `plan_refused`: why the district's policy started no follow-up, a code. `redacted_at`: it is
    older than the district keeps what was said, and lost it."""

    id: UUID
    district_id: UUID
    index: PersonRef
    subject: PersonRef
    household_id: UUID | None
    address: str
    class_: ContactClass = Field(alias="class")
    last_exposure: date | None
    note: str
    said: JsonObject
    reached: bool
    task: ContactTask | None
    follow_up: ContactFollowUp | None
    plan_refused: str | None
    redacted_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: Record) -> "ContactOut":
        return cls.model_validate(
            {
                **{name: row[name] for name in ("id", "district_id", "class", "last_exposure", "note", "said")},
                **{
                    name: row[name]
                    for name in ("household_id", "reached", "plan_refused", "redacted_at", "created_at", "updated_at")
                },
                "address": row["address"] or "",
                "index": _person(row["index_id"], row["index_ref"], row["index_name"], row["index_phone"]),
                "subject": _person(row["subject_id"], row["ref"], row["name"], row["phone"]),
                "task": _task(row),
                "follow_up": row["follow_up_id"]
                and ContactFollowUp(
                    id=row["follow_up_id"], protocol=row["protocol"], status=FollowUpStatus(row["follow_up_status"])
                ),
            },
        )


def _person(subject_id: UUID, ref: str | None, name: str, phone: str) -> PersonRef:
    return PersonRef(id=subject_id, ref=ref, name=name, phone=phone or None)


def _task(row: Record) -> ContactTask | None:
    if row["task_id"] is None:
        return None
    return ContactTask(
        id=row["task_id"],
        kind=row["task_kind"],
        status=row["task_status"],
        outcome=row["task_outcome"],
        due_at=row["task_due_at"],
        attempts=row["task_attempts"],
        team_id=row["team_id"],
    )


class IndexPersonQuery(PageQuery):
    district: District | None = None
    q: Annotated[str, Field(min_length=1, max_length=200, description="part of the name or phone")] | None = None


class IndexPersonOut(Payload):
    """A person with contacts: how many they are, how many of them close, how many were reached."""

    id: UUID
    district_id: UUID
    ref: str | None
    name: str
    phone: str | None
    contacts: int
    close: int
    reached: int
    latest_exposure: date | None

    @classmethod
    def of(cls, row: Record) -> "IndexPersonOut":
        return cls(**{**row, "phone": row["phone"] or None})
