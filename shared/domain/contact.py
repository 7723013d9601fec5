"""Contacts: who was exposed to whom, and how what an import says of a person is put together with what is known of them.

A person is known by reference or by phone. What is said of a known person fills the gaps; where it differs, what was known stays and
what was said is kept beside it and told, so that a person decides. Two exposures are two contacts, whoever they are of.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.domain.errors import FieldError, Invalid
from shared.domain.household import Subject, person_key, plain_phone, plain_text
from shared.domain.ids import new_id
from shared.domain.intake import HouseholdDraft, SubjectDraft
from shared.domain.words import ContactClass

TRACE_CALL = "trace_call"
OLDEST = timedelta(days=366)  # an exposure longer ago is a typing mistake
_DIALLED = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDraft:
    """A contact as somebody tells it: `subject`, living at `household`, was exposed to `index`. `last_exposure`: a day of the district."""

    index: SubjectDraft
    subject: SubjectDraft
    household: HouseholdDraft | None = None
    contact_class: ContactClass
    last_exposure: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One row of `contacts`. `said`: what imports said of the person otherwise than it is known, field → values."""

    id: UUID
    district_id: UUID
    index_id: UUID
    subject_id: UUID
    contact_class: ContactClass
    last_exposure: date | None = None
    note: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)
    task_id: UUID | None = None
    plan_wanted: bool = False
    follow_up_id: UUID | None = None
    plan_refused: str | None = None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """A person as an import met them. `differs`: what it said otherwise than it is known; `twin`: somebody else who may be the same
    person, or at least answers the same phone."""

    subject_id: UUID
    is_new: bool
    filled: bool = False
    differs: Mapping[str, Any] = field(default_factory=dict)
    twin: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What became of one exposure: a new contact, one that says more now (`changed`), or nothing new."""

    contact_id: UUID
    is_new: bool
    changed: bool
    class_differs: bool = False


def dialled(phone: str) -> str:
    """What makes two ways of writing a number one: its last eleven digits (+86 138 0013 8000 and 138-0013-8000)."""
    return plain_phone(phone).removeprefix("+")[-_DIALLED:]


def check_contact(draft: ContactDraft, today: date) -> None:
    """Raises Invalid naming what keeps this from being a contact: nothing to know a person by, or a day that cannot be."""
    wrong = []
    if not _is_known_by(draft.subject, draft.household):
        problem = "Give a ref, a phone, or a name and a household."
        wrong.append(FieldError(in_="body", loc="subject.phone", msg=problem))
    if not _is_known_by(draft.index, None):
        wrong.append(FieldError(in_="body", loc="index.phone", msg="Give an id, a ref or a phone."))
    if draft.last_exposure is not None and not today - OLDEST <= draft.last_exposure <= today:
        problem = "Give a day that is not ahead and at most a year ago."
        wrong.append(FieldError(in_="body", loc="last_exposure", msg=problem))
    if wrong:
        raise Invalid(errors=tuple(wrong))


def _is_known_by(person: SubjectDraft, household: HouseholdDraft | None) -> bool:
    if person.id or person.ref or plain_phone(person.phone):
        return True
    return bool(plain_text(person.name)) and household is not None and household.is_place


class Directory:
    """The people of a district that an import may mean, and those it brings; asked row by row, it grows.

    `known` are those with one of the ids, refs, phones or keys that `mentioned` names.
    """

    def __init__(self, district_id: UUID, known: Iterable[Subject]) -> None:
        self._district_id = district_id
        self._people: dict[UUID, Subject] = {}
        self._by_ref: dict[str, UUID] = {}
        self._by_key: dict[str, UUID] = {}
        self._by_phone: dict[str, list[UUID]] = defaultdict(list)
        self.new: set[UUID] = set()
        self.filled: set[UUID] = set()
        for subject in known:
            self._put(subject)

    def __contains__(self, subject_id: UUID) -> bool:
        return subject_id in self._people

    def __getitem__(self, subject_id: UUID) -> Subject:
        return self._people[subject_id]

    def meet(self, said: SubjectDraft, household_id: UUID | None) -> Met:
        """Who that is: one who is known, with what was said filling the gaps, or somebody new."""
        before, twin = self._find(said, household_id)
        if before is None:
            made = self._made(said, household_id)
            self.new.add(made.id)
            self._put(made)
            return Met(subject_id=made.id, is_new=True, twin=twin)
        after = _with_gaps_filled(before, said, household_id)
        if after != before:
            self.filled.add(after.id)
            self._put(after)
        return Met(
            subject_id=after.id,
            is_new=False,
            filled=after != before,
            differs=_differing(after, said, household_id),
            twin=twin,
        )

    def _find(self, said: SubjectDraft, household_id: UUID | None) -> tuple[Subject | None, UUID | None]:
        """Who it is, and who else it might be."""
        if said.id is not None:
            return self._people[said.id], None
        alike = [self._people[one] for one in self._by_phone.get(dialled(said.phone), ())] if said.phone else []
        if said.ref is not None and said.ref in self._by_ref:
            found = self._people[self._by_ref[said.ref]]
            return found, next((one.id for one in alike if one.id != found.id), None)
        # Who has another ref is somebody else, though they share a phone: a mother and her child.
        same = [one for one in alike if said.ref is None or one.ref is None]
        if same:
            name = plain_text(said.name)
            found = min(same, key=lambda one: (plain_text(one.name) != name, bool(one.name)))
            return found, next((one.id for one in same if one.id != found.id), None)
        twin = alike[0].id if alike else None
        known = self._by_key.get(said.person(str(household_id or "")))
        return (self._people[known] if known else None), twin

    def _made(self, said: SubjectDraft, household_id: UUID | None) -> Subject:
        return Subject(
            id=new_id(),
            district_id=self._district_id,
            person=said.person(str(household_id or "")),
            ref=said.ref,
            name=said.name,
            phone=said.phone,
            flags=said.flags,
            household_id=household_id,
        )

    def _put(self, subject: Subject) -> None:
        self._people[subject.id] = subject
        self._by_key[subject.person] = subject.id
        if subject.ref is not None:
            self._by_ref[subject.ref] = subject.id
        if subject.phone and subject.id not in self._by_phone[dialled(subject.phone)]:
            self._by_phone[dialled(subject.phone)].append(subject.id)


def _with_gaps_filled(known: Subject, said: SubjectDraft, household_id: UUID | None) -> Subject:
    filled = replace(
        known,
        ref=known.ref or said.ref,
        name=known.name or said.name,
        phone=known.phone or said.phone,
        flags={**said.flags, **known.flags},
        household_id=known.household_id or household_id,
    )
    if (filled.ref, filled.name, filled.phone) == (known.ref, known.name, known.phone) or not (
        filled.ref or filled.phone
    ):
        return filled
    return replace(filled, person=person_key(filled.ref, filled.phone, filled.name, ""))


def _differing(known: Subject, said: SubjectDraft, household_id: UUID | None) -> dict[str, Any]:
    differs: dict[str, Any] = {}
    if said.name and plain_text(said.name) != plain_text(known.name):
        differs["name"] = said.name
    if said.phone and dialled(said.phone) != dialled(known.phone):
        differs["phone"] = said.phone
    if household_id is not None and household_id != known.household_id:
        differs["household_id"] = str(household_id)
    for name, value in said.flags.items():
        if known.flags[name] != value:
            differs[f"flags.{name}"] = value
    return differs


class Exposures:
    """The contacts between people that an import may mean, and those it brings. A contact is one exposure: two days are two."""

    def __init__(self, district_id: UUID, known: Iterable[Contact]) -> None:
        self._district_id = district_id
        self._contacts: dict[UUID, Contact] = {}
        self._between: dict[tuple[UUID, UUID], list[UUID]] = defaultdict(list)
        self.new: set[UUID] = set()
        self.changed: set[UUID] = set()
        for contact in known:
            self._put(contact)

    def __getitem__(self, contact_id: UUID) -> Contact:
        return self._contacts[contact_id]

    def note(self, draft: ContactDraft, index: Met, met: Met, now: datetime) -> Noted:
        """Keep what was said of an exposure. Of two words on one exposure the nearer class counts; a day that was not known is filled in.
        Either asks for a plan again.

        Raises Invalid where it is of a person to themselves.
        """
        if index.subject_id == met.subject_id:
            problem = "This is the index person: nobody is a contact of themselves."
            raise Invalid(errors=(FieldError(in_="body", loc="subject", msg=problem),))
        said = _otherwise(index, met)
        before = self._same(index.subject_id, met.subject_id, draft.last_exposure)
        if before is None:
            return self._first(draft, index, met, said, now)
        nearest = min(before.contact_class, draft.contact_class, key=NEARER.index)
        last_exposure = before.last_exposure or draft.last_exposure
        is_another = (nearest, last_exposure) != (before.contact_class, before.last_exposure)
        after = replace(
            before,
            contact_class=nearest,
            last_exposure=last_exposure,
            note=_both(before.note, draft.note),
            said=_all_said(before.said, said),
            plan_wanted=before.plan_wanted or is_another,
        )
        changed = after != before
        if changed:
            self._contacts[after.id] = replace(after, updated_at=now)
            self.changed.add(after.id)
        return Noted(
            contact_id=after.id,
            is_new=False,
            changed=changed,
            class_differs=before.contact_class != draft.contact_class,
        )

    def _first(self, draft: ContactDraft, index: Met, met: Met, said: dict[str, Any], now: datetime) -> Noted:
        made = Contact(
            id=new_id(),
            district_id=self._district_id,
            index_id=index.subject_id,
            subject_id=met.subject_id,
            contact_class=draft.contact_class,
            last_exposure=draft.last_exposure,
            note=draft.note,
            said=said,
            plan_wanted=True,
            created_at=now,
            updated_at=now,
        )
        self.new.add(made.id)
        self._put(made)
        return Noted(contact_id=made.id, is_new=True, changed=False)

    def _same(self, index_id: UUID, subject_id: UUID, day: date | None) -> Contact | None:
        """The contact that this is: of the same day; where no day is said the first; where a day is said one without any."""
        between = [self._contacts[one] for one in self._between.get((index_id, subject_id), ())]
        if day is None:
            return min(between, key=lambda one: one.id, default=None)
        of_that_day = next((one for one in between if one.last_exposure == day), None)
        return of_that_day or next((one for one in between if one.last_exposure is None), None)

    def _put(self, contact: Contact) -> None:
        self._contacts[contact.id] = contact
        self._between[contact.index_id, contact.subject_id].append(contact.id)


NEARER: Sequence[ContactClass] = (ContactClass.CLOSE, ContactClass.SECONDARY)


def _otherwise(index: Met, met: Met) -> dict[str, Any]:
    """What was said of the two otherwise than they are known."""
    said: dict[str, Any] = {name: [value] for name, value in met.differs.items()}
    return said | {f"index.{name}": [value] for name, value in index.differs.items()}


def _both(before: str, said: str) -> str:
    return before if not said or said in before.split("\n") else f"{before}\n{said}".lstrip("\n")


def _all_said(before: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: [*before.get(name, ()), *(value for value in said.get(name, ()) if value not in before.get(name, ()))]
        for name in dict.fromkeys((*before, *said))
    }
