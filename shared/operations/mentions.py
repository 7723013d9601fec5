"""The doors and people that tasks mention: found where they are known, made where they are not, a whole batch in one statement each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from shared.domain.errors import FieldError, Invalid
from shared.domain.household import Household, Subject
from shared.domain.ids import new_id
from shared.domain.intake import HouseholdDraft, SubjectDraft
from shared.store import households, subjects
from shared.store.connection import Connection, Record


class Draft(Protocol):
    """Whatever mentions a door or a person: a task, a contact."""

    @property
    def household(self) -> HouseholdDraft | None: ...
    @property
    def subject(self) -> SubjectDraft | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a task is to be done, as far as anybody knows."""

    household_id: UUID | None = None
    lat: float | None = None
    lon: float | None = None
    grid_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Whom a task is about, and where that person is known to live."""

    subject_id: UUID | None = None
    phone: str = ""
    household_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The households and subjects that were mentioned by their ids, as far as the district has them."""

    places: Mapping[UUID, Place] = field(default_factory=dict)
    persons: Mapping[UUID, Person] = field(default_factory=dict)


async def find_known(conn: Connection, district_id: UUID, drafts: Iterable[Draft]) -> Known:
    """What the ids in these drafts stand for."""
    mentioned = list(drafts)
    household_ids = [draft.household.id for draft in mentioned if draft.household and draft.household.id]
    subject_ids = [draft.subject.id for draft in mentioned if draft.subject and draft.subject.id]
    return Known(
        places=await _places_of(conn, district_id, household_ids),
        persons={
            row["id"]: Person(subject_id=row["id"], phone=row["phone"], household_id=row["household_id"])
            for row in (await subjects.select_mentioned(conn, district_id, subject_ids) if subject_ids else [])
        },
    )


def check_known(draft: Draft, known: Known) -> None:
    """Raises Invalid naming an id for which there is no household or subject in the district."""
    wrong = []
    if draft.household and draft.household.id and draft.household.id not in known.places:
        wrong.append(FieldError(in_="body", loc="household.id", msg="The district has no such household."))
    if draft.subject and draft.subject.id and draft.subject.id not in known.persons:
        wrong.append(FieldError(in_="body", loc="subject.id", msg="The district has no such subject."))
    if wrong:
        raise Invalid(errors=tuple(wrong))


async def settle_places(
    conn: Connection, district_id: UUID, drafts: Mapping[int, Draft], known: Known, now: datetime
) -> dict[int, Place]:
    """The place of each draft that mentions a household. Pending visits to a household that is now known elsewhere follow it."""
    mentions: dict[str, Household] = {}
    doors: dict[int, str] = {}
    settled: dict[int, Place] = {}
    for index, draft in drafts.items():
        if draft.household is None or not draft.household.is_place:
            continue
        if draft.household.id is not None:
            settled[index] = known.places[draft.household.id]
            continue
        door = doors[index] = draft.household.door
        mentions[door] = _mentioned_again(mentions.get(door), draft.household, district_id, door)
    if not mentions:
        return settled
    rows = await households.upsert_households(conn, district_id, list(mentions.values()))
    if moved := [row["id"] for row in rows if row["moved"]]:
        await households.update_pending_tasks_to_households(conn, moved, now)
    places = {row["door"]: _place(row) for row in rows}
    return settled | {index: places[door] for index, door in doors.items()}


async def settle_persons(
    conn: Connection, district_id: UUID, drafts: Mapping[int, Draft], places: Mapping[int, Place], known: Known
) -> dict[int, Person]:
    """The person of each draft that mentions a subject."""
    mentions: dict[str, Subject] = {}
    names: dict[int, str] = {}
    settled: dict[int, Person] = {}
    for index, draft in drafts.items():
        if draft.subject is None:
            continue
        if draft.subject.id is not None:
            settled[index] = known.persons[draft.subject.id]
            continue
        place = places.get(index)
        household_id = place.household_id if place else None
        person = names[index] = draft.subject.person(str(household_id or ""))
        mentions[person] = _said_again(mentions.get(person), draft.subject, district_id, person, household_id)
    if not mentions:
        return settled
    rows = await subjects.upsert_subjects(conn, district_id, list(mentions.values()))
    persons = {
        row["person"]: Person(subject_id=row["id"], phone=row["phone"], household_id=row["household_id"])
        for row in rows
    }
    return settled | {index: persons[person] for index, person in names.items()}


async def settle_homes(
    conn: Connection, district_id: UUID, places: Mapping[int, Place], persons: Mapping[int, Person]
) -> dict[int, Place]:
    """The known homes of those persons whose draft mentions no household."""
    homes = {i: person.household_id for i, person in persons.items() if i not in places and person.household_id}
    found = await _places_of(conn, district_id, homes.values())
    return {index: found[household_id] for index, household_id in homes.items()}


async def _places_of(conn: Connection, district_id: UUID, household_ids: Iterable[UUID]) -> dict[UUID, Place]:
    wanted = list(household_ids)
    rows = await households.select_mentioned(conn, district_id, wanted) if wanted else []
    return {row["id"]: _place(row) for row in rows}


def _place(row: Record) -> Place:
    return Place(household_id=row["id"], lat=row["lat"], lon=row["lon"], grid_id=row["grid_id"])


def _mentioned_again(before: Household | None, draft: HouseholdDraft, district_id: UUID, door: str) -> Household:
    """One mention of a door out of two: the later word counts, what it leaves blank stays."""
    if before is None:
        return Household(
            id=new_id(),
            district_id=district_id,
            door=door,
            ref=draft.ref,
            address=draft.address,
            lat=draft.lat,
            lon=draft.lon,
            access_notes=draft.access_notes,
        )
    nowhere = draft.lat is None
    return replace(
        before,
        address=draft.address or before.address,
        lat=before.lat if nowhere else draft.lat,
        lon=before.lon if nowhere else draft.lon,
        access_notes=draft.access_notes or before.access_notes,
    )


def _said_again(
    before: Subject | None, draft: SubjectDraft, district_id: UUID, person: str, household_id: UUID | None
) -> Subject:
    """One mention of a person out of two: the later word counts, what it leaves blank stays."""
    if before is None:
        return Subject(
            id=new_id(),
            district_id=district_id,
            person=person,
            ref=draft.ref,
            name=draft.name,
            phone=draft.phone,
            flags=draft.flags,
            household_id=household_id,
        )
    return replace(
        before,
        name=draft.name or before.name,
        phone=draft.phone or before.phone,
        flags={**before.flags, **draft.flags},
        household_id=household_id or before.household_id,
    )
