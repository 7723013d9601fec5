"""Follow-ups begin: one or thousands by the same few statements; good ones begin, each bad one comes back as its error."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.domain.district import District
from shared.domain.errors import DomainError, FieldError, FollowedUpAlready, Invalid, NotFound, Taken
from shared.domain.follow_up import (
    FollowUp,
    FollowUpDraft,
    Line,
    Occurrence,
    Window,
    check_days,
    check_lines,
    check_number,
    lost_at,
    occurrences_of,
    still_to_come,
)
from shared.domain.ids import new_id
from shared.domain.intake import TaskDraft
from shared.domain.kind import Kind
from shared.domain.protocol import Protocol
from shared.domain.wall_clock import day_begins, day_of
from shared.operations import mentions
from shared.operations.mentions import Person, Place
from shared.store import districts, follow_up_occurrences, follow_ups, kinds, protocols, subjects
from shared.store.connection import Connection
from shared.store.events import NewEvent, insert_events

Answer = FollowUp | DomainError
_WHO = ("district_id", "subject_id", "protocol_id")
_SAID_BY_DRAFTS = ("first_day", "last_day", "lines", "ledger", "lost_after_days")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """What a district says to these drafts. `plans` keeps what was expanded: contacts of one case have the same days."""

    district: District
    kinds: Mapping[UUID, Kind]
    protocols: Mapping[str, Protocol]
    now: datetime
    plans: dict[tuple[tuple[Line, ...], date, date], list[Occurrence]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return day_of(self.now, self.district.time_zone)

    def plan(self, follow_up: FollowUp) -> list[Occurrence]:
        key = (follow_up.lines, follow_up.first_day, follow_up.last_day)
        if key not in self.plans:
            self.plans[key] = occurrences_of(*key, self.kinds, self.district.time_zone)
        return self.plans[key]


async def start_follow_ups(
    conn: Connection,
    district_id: UUID,
    drafts: Sequence[FollowUpDraft],
    *,
    now: datetime,
    account_id: UUID | None = None,
    made_by_task_id: UUID | None = None,
    follows_id: UUID | None = None,
) -> list[Answer]:
    """Begin to follow these subjects of one district up, in one transaction. Answers in the order of the drafts.

    An answer is the follow-up, or Invalid (naming the fields), FollowedUpAlready, Taken (the id belongs to another). The same draft with
    the same id again is the first one. Raises NotFound where there is no such district.
    """
    async with conn.transaction():
        ground = await _ground(conn, district_id, drafts, now)
        answers: dict[int, Answer] = {}
        for index, draft in enumerate(drafts):
            try:
                _check(draft, ground)
            except DomainError as error:
                answers[index] = error
        fresh = {index: draft for index, draft in enumerate(drafts) if index not in answers}
        persons = await _persons(conn, district_id, fresh, answers, now)
        made = {
            index: _follow_up(fresh[index], subject_id, ground, made_by_task_id, follows_id)
            for index, subject_id in persons.items()
        }
        answers |= await _known_already(conn, made, fresh)
        answers |= await _begin(conn, ground, {i: f for i, f in made.items() if i not in answers}, account_id)
        return [answers[index] for index in range(len(drafts))]


def event_about(follow_up: FollowUp, name: str, now: datetime, account_id: UUID | None = None, **data: Any) -> NewEvent:
    """An event about a follow-up: who it is about by id, and codes."""
    said = {"follow_up_id": str(follow_up.id), "subject_id": str(follow_up.subject_id), **data}
    return NewEvent(district_id=follow_up.district_id, at=now, name=name, account_id=account_id, data=said)


async def _ground(conn: Connection, district_id: UUID, drafts: Iterable[FollowUpDraft], now: datetime) -> _Ground:
    district = await districts.select_district(conn, district_id)
    if district is None:
        raise NotFound("There is no such district.")
    codes = {draft.protocol for draft in drafts if draft.protocol is not None}
    return _Ground(
        district=district,
        kinds={kind.id: kind for kind in await kinds.select_all_kinds(conn, district_id)},
        protocols=await protocols.select_protocols_by_code(conn, district_id, codes) if codes else {},
        now=now,
    )


def _check(draft: FollowUpDraft, ground: _Ground) -> None:
    """Raises Invalid naming what is wrong with the draft itself."""
    protocol = ground.protocols.get(draft.protocol or "")
    if draft.protocol is not None and (protocol is None or not protocol.active):
        problem = "There is no such protocol." if protocol is None else "This protocol is not in use any more."
        raise Invalid(errors=(FieldError(in_="body", loc="protocol", msg=problem),))
    subject = draft.subject
    if not (subject.id or subject.ref or subject.phone or (subject.name and draft.household is not None)):
        problem = "Say who: an id, a ref, a phone, or a name and a household."
        raise Invalid(errors=(FieldError(in_="body", loc="subject", msg=problem),))
    if draft.last_day is None and protocol is None:
        raise Invalid(errors=(FieldError(in_="body", loc="last_day", msg="Say the last day, or name a protocol."),))
    first_day, last_day = _days(draft, protocol, ground.today)
    check_days(first_day, last_day, ground.today)
    lines = _lines(draft, protocol)
    check_lines(lines, ground.kinds)


async def _persons(
    conn: Connection,
    district_id: UUID,
    drafts: Mapping[int, FollowUpDraft],
    answers: dict[int, Answer],
    now: datetime,
) -> dict[int, UUID]:
    """The subject of each draft, found or made with their household; who has neither home nor phone is refused into `answers`."""
    mentioned = {i: TaskDraft(kind="", household=d.household, subject=d.subject) for i, d in drafts.items()}
    known = await mentions.find_known(conn, district_id, mentioned.values())
    for index, draft in list(mentioned.items()):
        try:
            mentions.check_known(draft, known)
        except Invalid as error:
            answers[index] = error
            del mentioned[index]
    places = await mentions.settle_places(conn, district_id, mentioned, known, now)
    persons = await mentions.settle_persons(conn, district_id, mentioned, places, known)
    found: dict[int, UUID] = {}
    for index, person in persons.items():
        if person.subject_id is None:
            continue
        place = places.get(index, Place())
        if not (place.household_id or person.household_id or person.phone):
            problem = "No place is known, and no phone number."
            answers[index] = Invalid(errors=(FieldError(in_="body", loc="household", msg=problem),))
            continue
        found[index] = person.subject_id
        await _move_home(conn, drafts[index], person, place, now)
    return found


async def _move_home(conn: Connection, draft: FollowUpDraft, person: Person, place: Place, now: datetime) -> None:
    """Somebody known by id lives where the draft says."""
    home = place.household_id
    if draft.subject.id is not None and home is not None and home != person.household_id:
        await subjects.update_home(conn, draft.subject.id, home, now)


def _follow_up(
    draft: FollowUpDraft, subject_id: UUID, ground: _Ground, made_by_task_id: UUID | None, follows_id: UUID | None
) -> FollowUp:
    protocol = ground.protocols.get(draft.protocol or "")
    first_day, last_day = _days(draft, protocol, ground.today)
    lost_after_days = draft.lost_after_days
    if lost_after_days is None and protocol is not None:
        lost_after_days = protocol.lost_after_days
    return FollowUp(
        id=draft.id or new_id(),
        district_id=ground.district.id,
        subject_id=subject_id,
        protocol_id=None if protocol is None else protocol.id,
        first_day=first_day,
        last_day=last_day,
        lines=_lines(draft, protocol),
        ledger=draft.ledger if draft.ledger is not None else protocol.ledger if protocol is not None else (),
        lost_after_days=lost_after_days,
        since=ground.now,
        over_at=day_begins(last_day + timedelta(days=1), ground.district.time_zone),
        made_by_task_id=made_by_task_id,
        follows_id=follows_id,
        started_at=ground.now,
    )


async def _known_already(
    conn: Connection, made: Mapping[int, FollowUp], drafts: Mapping[int, FollowUpDraft]
) -> dict[int, Answer]:
    """Answers to those whose id is in use, and to those whose subject is under follow-up, by an earlier draft of these too."""
    earlier = await follow_ups.select_follow_ups_by_id(conn, [follow_up.id for follow_up in made.values()])
    live = await follow_ups.select_live_of_subjects(conn, [follow_up.subject_id for follow_up in made.values()])
    answers: dict[int, Answer] = {}
    followed = dict(live)
    for index, follow_up in made.items():
        first = earlier.get(follow_up.id)
        if first is not None:
            answers[index] = first if _is_the_same(first, follow_up, drafts[index]) else _taken()
        elif followed.setdefault(follow_up.subject_id, follow_up.id) != follow_up.id:
            answers[index] = FollowedUpAlready()
    return answers


async def _begin(
    conn: Connection, ground: _Ground, made: Mapping[int, FollowUp], account_id: UUID | None
) -> dict[int, Answer]:
    """Write these with what they have due."""
    if not made:
        return {}
    covered = await follow_up_occurrences.select_covered(
        conn, [follow_up.subject_id for follow_up in made.values()], ground.now
    )
    answers: dict[int, Answer] = {}
    coming: dict[UUID, list[Occurrence]] = {}
    for index, follow_up in made.items():
        try:
            coming[follow_up.id] = _coming(follow_up, ground, covered.get(follow_up.subject_id, ()))
        except Invalid as error:
            answers[index] = error
    ready = {
        index: _with_lost_at(follow_up, coming[follow_up.id], ground)
        for index, follow_up in made.items()
        if index not in answers
    }
    begun = await follow_ups.insert_follow_ups(conn, list(ready.values())) if ready else set()
    there = [follow_up for follow_up in ready.values() if follow_up.id in begun]
    planned = [(follow_up.id, one) for follow_up in there for one in coming[follow_up.id]]
    await follow_up_occurrences.insert_occurrences(conn, ground.district.id, planned)
    await insert_events(conn, [event_about(one, "follow_up.started", ground.now, account_id) for one in there])
    return answers | {i: one if one.id in begun else FollowedUpAlready() for i, one in ready.items()}


def _coming(follow_up: FollowUp, ground: _Ground, covered: Sequence[Window]) -> list[Occurrence]:
    planned = ground.plan(follow_up)
    check_number(planned)
    return still_to_come(planned, ground.now, covered)


def _with_lost_at(follow_up: FollowUp, coming: Iterable[Occurrence], ground: _Ground) -> FollowUp:
    days = {one.on_day for one in coming}
    look_at = lost_at(days, None, follow_up.lost_after_days, ground.district.time_zone)
    return replace(follow_up, lost_at=look_at)


def _days(draft: FollowUpDraft, protocol: Protocol | None, today: date) -> tuple[date, date]:
    first_day = draft.first_day or today
    if draft.last_day is not None:
        return first_day, draft.last_day
    return first_day, first_day + timedelta(days=protocol.days - 1 if protocol else 0)


def _lines(draft: FollowUpDraft, protocol: Protocol | None) -> tuple[Line, ...]:
    return draft.lines if draft.lines is not None else protocol.lines if protocol is not None else ()


def _is_the_same(first: FollowUp, again: FollowUp, draft: FollowUpDraft) -> bool:
    """By who is meant and what the draft itself says: what it leaves to the day and to the protocol may be another by now."""
    said = [name for name in _SAID_BY_DRAFTS if getattr(draft, name) is not None]
    return all(getattr(first, name) == getattr(again, name) for name in (*_WHO, *said))


def _taken() -> Taken:
    return Taken(errors=(FieldError(in_="body", loc="id", msg="This id is in use already."),))
