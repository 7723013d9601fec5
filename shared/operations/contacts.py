"""Contacts taken in: people found or made, each exposure kept, and somebody set to ask each of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from asyncpg import DeadlockDetectedError, UniqueViolationError

from shared.domain.contact import ContactDraft, Directory, Exposures, Met, Noted, check_contact, dialled
from shared.domain.district import District
from shared.domain.errors import ChangedMeanwhile, DomainError, FieldError, Invalid, NotFound
from shared.domain.household import Subject
from shared.domain.intake import SubjectDraft, TaskDraft
from shared.domain.kind import Kind
from shared.domain.wall_clock import day_of
from shared.domain.words import Trigger
from shared.operations import mentions, trying
from shared.operations.intake import TakenIn, take_in
from shared.operations.mentions import Place
from shared.store import contacts, districts, subjects, task_intake
from shared.store.connection import Connection
from shared.store.events import NewEvent, insert_events

_TRIES = 20
"""Each needs somebody else's commit between two of our statements, or one more draft refused: so many in a row do not happen."""


class Became(StrEnum):
    """What became of a row: a new contact, one of which more is known now, one that said nothing new."""

    CREATED = "created"
    MERGED = "merged"
    REPEATED = "repeated"


class Concern(StrEnum):
    """What somebody should look at; the contact is in all the same."""

    DIFFERS = "differs"  # from what is known of the person: that stays, and what was said is kept beside it
    POSSIBLE_DUPLICATE = "possible_duplicate"  # somebody else has the same phone
    NO_TASK = "no_task"  # nobody is set to ask the person: no phone and no home, or the kind is not in use


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """`fields`: what differs; `subject_id`: who else it might be."""

    code: Concern
    fields: tuple[str, ...] = ()
    subject_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A contact that is in. `known`: the person was known before, from the district or an earlier row, `index_known` the index
    person. `task_id`: by which the person is or was asked."""

    contact_id: UUID
    subject_id: UUID
    index_id: UUID
    status: Became
    known: bool
    index_known: bool
    task_id: UUID | None = None
    warnings: tuple[Warned, ...] = ()


Answer = Imported | DomainError
Name = TypeVar("Name", str, UUID)


class _StartAgain(Exception):
    """What was read does not hold any more, or a draft turned out to be bad: undo, and go again with what is known now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Import:
    """One round: the drafts that are good so far, and the people and exposures that they are about."""

    district: District
    drafts: Mapping[int, ContactDraft]
    people: Directory
    exposures: Exposures
    now: datetime
    rows: dict[int, tuple[Met, Met, Noted]] = field(default_factory=dict)  # index person, contact, exposure

    @property
    def new_contacts(self) -> list[UUID]:
        return [noted.contact_id for _, _, noted in self.rows.values() if noted.is_new]


async def import_contacts(
    conn: Connection,
    district_id: UUID,
    drafts: Sequence[ContactDraft],
    *,
    call_kind: str,
    now: datetime,
    account_id: UUID | None = None,
) -> list[Answer]:
    """Take these contacts in, in one transaction, and have everybody who is new as one asked by a task of `call_kind` (where only a home is
    known, as that kind says for who is not reached), unless such a task is open. Answers in the order of the drafts.

    An answer is the contact or Invalid (naming the fields). Imports of a district go one after the other, so two that bring the same
    people make them once. Raises NotFound where there is no such district.
    """
    refused: dict[int, DomainError] = {}
    for _ in range(_TRIES):
        try:
            async with conn.transaction():
                district = await districts.lock_district(conn, district_id)
                if district is None:
                    raise NotFound("There is no such district.")
                return await _attempt(conn, district, drafts, refused, call_kind, now, account_id)
        except (_StartAgain, DeadlockDetectedError, UniqueViolationError):
            continue
    raise ChangedMeanwhile


async def try_out(
    conn: Connection,
    district_id: UUID,
    chunks: Sequence[Sequence[ContactDraft]],
    *,
    call_kind: str,
    now: datetime,
) -> list[Answer]:
    """What `import_contacts` would answer to these chunks one after the other; nothing of it stays, and new ids are made up."""

    async def import_all() -> list[Answer]:
        answers: list[Answer] = []
        for drafts in chunks:
            answers += await import_contacts(conn, district_id, drafts, call_kind=call_kind, now=now)
        return answers

    return await trying.try_out(conn, import_all)


async def _attempt(
    conn: Connection,
    district: District,
    drafts: Sequence[ContactDraft],
    refused: dict[int, DomainError],
    call_kind: str,
    now: datetime,
    account_id: UUID | None,
) -> list[Answer]:
    fresh = {index: draft for index, draft in enumerate(drafts) if index not in refused}
    known = await mentions.find_known(conn, district.id, fresh.values())
    today = day_of(now, district.time_zone)
    wrong: dict[int, DomainError] = {}
    for index, draft in fresh.items():
        try:
            check_contact(draft, today)
            mentions.check_known(draft, known)
        except Invalid as error:
            wrong[index] = error
    good = {index: draft for index, draft in fresh.items() if index not in wrong}
    places = await mentions.settle_places(conn, district.id, good, known, now)
    read = await _read(conn, district, good, places, now)
    if not_so := _meet_all(read, places):
        refused |= not_so
        raise _StartAgain
    await _write(conn, read)
    asked = await _ask(conn, read, call_kind, account_id)
    await _tell(conn, read, asked, account_id)
    bad = {**refused, **wrong}
    return [bad[index] if index in bad else _answer(read, index, asked) for index in range(len(drafts))]


async def _read(
    conn: Connection, district: District, good: Mapping[int, ContactDraft], places: Mapping[int, Place], now: datetime
) -> _Import:
    """The people whom these drafts may mean, locked, with the contacts between them."""
    said = [draft.index for draft in good.values()]
    said += [draft.subject for draft in good.values()]
    homes = {index: str(place.household_id or "") for index, place in places.items()}
    people = await subjects.lock_meant(
        conn,
        district.id,
        ids=_once(one.id for one in said),
        refs=_once(one.ref for one in said),
        dialled=_once(dialled(one.phone) or None for one in said),
        persons=_once(draft.subject.person(homes.get(index, "")) for index, draft in good.items()),
    )
    between = await contacts.select_between(conn, district.id, [one.id for one in people])
    return _Import(
        district=district,
        drafts=good,
        people=Directory(district.id, people),
        exposures=Exposures(district.id, between),
        now=now,
    )


def _meet_all(read: _Import, places: Mapping[int, Place]) -> dict[int, DomainError]:
    """Fill `rows`; the drafts that turn out to be of nobody, or of somebody to themselves, come back."""
    not_so: dict[int, DomainError] = {}
    for index, draft in read.drafts.items():
        place = places.get(index)
        try:
            _check_ids(draft, read.people)
            met_index = read.people.meet(draft.index, None)
            met = read.people.meet(draft.subject, place.household_id if place else None)
            read.rows[index] = met_index, met, read.exposures.note(draft, met_index, met, read.now)
        except Invalid as error:
            not_so[index] = error
    return not_so


def _check_ids(draft: ContactDraft, people: Directory) -> None:
    """Raises Invalid."""
    if draft.index.id is not None and draft.index.id not in people:
        raise Invalid(errors=(FieldError(in_="body", loc="index.id", msg="The district has no such subject."),))


async def _write(conn: Connection, read: _Import) -> None:
    """The people and exposures as they are known now. Raises _StartAgain where somebody else made one of these people meanwhile."""
    made = [read.people[one] for one in read.people.new]
    if made:
        rows = await subjects.upsert_subjects(conn, read.district.id, made)
        if {row["id"] for row in rows} != read.people.new:
            raise _StartAgain
    filled: list[Subject] = [read.people[one] for one in sorted(read.people.filled - read.people.new)]
    await subjects.update_subjects(conn, filled, read.now)
    new = read.exposures.new
    await contacts.insert_contacts(conn, [read.exposures[one] for one in sorted(new)])
    await contacts.update_contacts(conn, [read.exposures[one] for one in sorted(read.exposures.changed - new)])


async def _ask(conn: Connection, read: _Import, call_kind: str, account_id: UUID | None) -> dict[UUID, UUID]:
    """New contact → the task by which the person is asked, one a person."""
    notes = {read.rows[index][2].contact_id: draft.note for index, draft in read.drafts.items()}
    about = {contact_id: read.exposures[contact_id].subject_id for contact_id in read.new_contacts}
    call, instead = await _kinds(conn, read.district.id, call_kind)
    if not about or call is None:
        return {}
    people = list(dict.fromkeys(about.values()))
    task_of = await contacts.select_open_tasks(conn, people, [call.id, *(kind.id for kind in instead)])
    drafts: dict[UUID, TaskDraft] = {}
    for contact_id, subject_id in about.items():
        code = _asked_by(read.people[subject_id], call, instead)
        if code is not None and subject_id not in task_of:
            said = TaskDraft(kind=code, subject=SubjectDraft(id=subject_id), instructions=notes[contact_id])
            drafts.setdefault(subject_id, said)
    answers = await take_in(conn, read.district.id, list(drafts.values()), now=read.now, account_id=account_id)
    task_of |= {
        subject_id: answer.task.id
        for subject_id, answer in zip(drafts, answers, strict=True)
        if isinstance(answer, TakenIn)
    }
    asked = {one: task_of[subject_id] for one, subject_id in about.items() if subject_id in task_of}
    await contacts.update_tasks_of_contacts(conn, asked)
    return asked


async def _kinds(conn: Connection, district_id: UUID, code: str) -> tuple[Kind | None, list[Kind]]:
    """The kind of the calls, and those that it says follow where nobody is reached; as far as they are in use."""
    ground = await task_intake.select_ground(conn, district_id, {code})
    call = ground.kinds.get(code) if ground else None
    if call is None or not call.active:
        return None, []
    others = await task_intake.select_ground(conn, district_id, set(call.follow_on.get(Trigger.NOT_EXECUTABLE, ())))
    return call, [kind for kind in others.kinds.values() if kind.active] if others else []


def _asked_by(person: Subject, call: Kind, instead: Sequence[Kind]) -> str | None:
    """The kind of the task: a call, a knock where there is no phone; None where there is no home either."""
    if person.phone:
        return call.code
    return instead[0].code if instead and person.household_id else None


async def _tell(conn: Connection, read: _Import, asked: Mapping[UUID, UUID], account_id: UUID | None) -> None:
    told = [("contact.added", one) for one in sorted(read.exposures.new)]
    told += [("contact.changed", one) for one in sorted(read.exposures.changed - read.exposures.new)]
    await insert_events(
        conn,
        [
            NewEvent(
                district_id=read.district.id,
                at=read.now,
                name=name,
                task_id=asked.get(contact_id),
                account_id=account_id,
                data={
                    "contact_id": str(contact_id),
                    "index_id": str(read.exposures[contact_id].index_id),
                    "subject_id": str(read.exposures[contact_id].subject_id),
                    "class": read.exposures[contact_id].contact_class,
                },
            )
            for name, contact_id in told
        ],
    )


def _answer(read: _Import, row: int, asked: Mapping[UUID, UUID]) -> Imported:
    index, met, noted = read.rows[row]
    more = noted.changed or met.filled or index.filled
    task_id = asked.get(noted.contact_id) or read.exposures[noted.contact_id].task_id
    return Imported(
        contact_id=noted.contact_id,
        subject_id=met.subject_id,
        index_id=index.subject_id,
        status=Became.CREATED if noted.is_new else Became.MERGED if more else Became.REPEATED,
        known=not met.is_new,
        index_known=not index.is_new,
        task_id=task_id,
        warnings=tuple(_warnings(index, met, noted, asked=task_id is not None)),
    )


def _warnings(index: Met, met: Met, noted: Noted, *, asked: bool) -> Iterable[Warned]:
    fields = [*(f"subject.{name}" for name in met.differs), *(f"index.{name}" for name in index.differs)]
    fields = ["household" if name == "subject.household_id" else name for name in fields]
    fields += ["class"] if noted.class_differs else []
    if fields:
        yield Warned(code=Concern.DIFFERS, fields=tuple(fields))
    if met.twin is not None:
        yield Warned(code=Concern.POSSIBLE_DUPLICATE, subject_id=met.twin)
    if noted.is_new and not asked:
        yield Warned(code=Concern.NO_TASK)


def _once(names: Iterable[Name | None]) -> list[Name]:
    return list(dict.fromkeys(name for name in names if name is not None))
