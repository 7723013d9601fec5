"""The district's policy on contacts: the protocol that is for their class, from today until so many days after the exposure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from shared.domain.contact import NEARER, Contact
from shared.domain.errors import DomainError, FollowedUpAlready
from shared.domain.follow_up import FollowUp, FollowUpDraft
from shared.domain.intake import SubjectDraft
from shared.domain.protocol import Protocol
from shared.domain.wall_clock import day_of
from shared.domain.words import ContactClass
from shared.operations.follow_up_starts import start_follow_ups
from shared.operations.follow_ups import change_follow_up, convert_follow_up
from shared.store import contacts, districts, follow_ups, protocols
from shared.store.connection import Connection, Record

AT_ONCE = 500
"""Contacts of a district in one transaction: about half a second."""
OVER = "exposure_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What the policy wants for one person: this protocol, until that day (None: as long as it lasts from today)."""

    subject_id: UUID
    contact_class: ContactClass
    protocol: Protocol
    last_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    follow_up_id: UUID | None = None
    refused: str | None = None


async def plan_contacts(conn: Connection, row: Record, now: datetime) -> None:
    """Apply the policy to contacts of `row["district_id"]` that wait for it, the oldest first.

    Who is followed up already stays so; who is now a nearer contact than their protocol is for is converted, a later exposure makes a
    contact's plan longer. Each contact is looked at once.
    """
    async with conn.transaction():
        district = await districts.select_district(conn, row["district_id"])
        waiting = await contacts.select_waiting_for_plan(conn, row["district_id"], now, AT_ONCE)
        if district is None or not waiting:
            return
        policy = {one: await protocols.select_protocol_for_contacts(conn, district.id, one) for one in ContactClass}
        today = day_of(now, district.time_zone)
        live = await _live(conn, waiting)
        wishes, outcomes = _wishes(waiting, policy, today)
        outcomes |= await _start(conn, district.id, [w for w in wishes.values() if w.subject_id not in live], now)
        for subject_id, follow_up in live.items():
            wish = wishes.get(subject_id)
            outcomes[subject_id] = (
                await _adapt(conn, follow_up, wish, now) if wish else _Outcome(follow_up_id=follow_up.id)
            )
        await contacts.update_planned(
            conn,
            {
                contact.id: (outcome.follow_up_id, outcome.refused)
                for contact in waiting
                for outcome in (outcomes.get(contact.subject_id, _Outcome()),)
            },
        )


async def _live(conn: Connection, waiting: Sequence[Contact]) -> dict[UUID, FollowUp]:
    ids = await follow_ups.select_live_of_subjects(conn, list({contact.subject_id for contact in waiting}))
    found = await follow_ups.select_follow_ups_by_id(conn, list(ids.values()))
    return {follow_up.subject_id: follow_up for follow_up in found.values()}


def _wishes(
    waiting: Iterable[Contact], policy: Mapping[ContactClass, Protocol | None], today: date
) -> tuple[dict[UUID, _Wish], dict[UUID, _Outcome]]:
    """By person: of several exposures the nearest class counts, of those the latest. Outcomes of those whose time is over already."""
    wishes: dict[UUID, _Wish] = {}
    over: dict[UUID, _Outcome] = {}
    for contact in sorted(waiting, key=_weight):
        protocol = policy[contact.contact_class]
        if protocol is None:
            continue
        exposed = contact.last_exposure
        last_day = None if exposed is None else exposed + timedelta(days=protocol.days)
        if last_day is not None and last_day < today:
            over[contact.subject_id] = _Outcome(refused=OVER)
            continue
        wishes[contact.subject_id] = _Wish(
            subject_id=contact.subject_id,
            contact_class=contact.contact_class,
            protocol=protocol,
            last_day=last_day,
        )
    return wishes, {subject_id: outcome for subject_id, outcome in over.items() if subject_id not in wishes}


def _weight(contact: Contact) -> tuple[int, date]:
    """Of one person's the last in this order counts; an exposure of an unknown day is taken for a late one."""
    return -NEARER.index(contact.contact_class), contact.last_exposure or date.max


async def _start(conn: Connection, district_id: UUID, wishes: Sequence[_Wish], now: datetime) -> dict[UUID, _Outcome]:
    drafts = [
        FollowUpDraft(subject=SubjectDraft(id=wish.subject_id), protocol=wish.protocol.code, last_day=wish.last_day)
        for wish in wishes
    ]
    answers = await start_follow_ups(conn, district_id, drafts, now=now) if drafts else []
    outcomes = {
        wish.subject_id: _Outcome(follow_up_id=answer.id)
        if isinstance(answer, FollowUp)
        else _Outcome(refused=answer.code)
        for wish, answer in zip(wishes, answers, strict=True)
    }
    refused = [subject_id for subject_id, outcome in outcomes.items() if outcome.refused == FollowedUpAlready.code]
    begun_meanwhile = await follow_ups.select_live_of_subjects(conn, refused) if refused else {}
    return outcomes | {subject_id: _Outcome(follow_up_id=one) for subject_id, one in begun_meanwhile.items()}


async def _adapt(conn: Connection, live: FollowUp, wish: _Wish, now: datetime) -> _Outcome:
    """Convert or prolong a plan that the policy on contacts made; any other stays as it is."""
    made_by = await protocols.select_protocol(conn, live.protocol_id) if live.protocol_id else None
    farther = NEARER[NEARER.index(wish.contact_class) + 1 :]
    try:
        if made_by is not None and made_by.for_contacts and set(made_by.for_contacts) <= set(farther):
            converted = await convert_follow_up(
                conn, live.id, wish.protocol.code, now=now, reason="nearer_contact", last_day=wish.last_day
            )
            return _Outcome(follow_up_id=converted.id)
        same = live.protocol_id == wish.protocol.id
        if same and wish.last_day is not None and wish.last_day > live.last_day:
            await change_follow_up(conn, live.id, {"last_day": wish.last_day}, version=None, now=now)
    except DomainError as error:
        return _Outcome(follow_up_id=live.id, refused=error.code)
    return _Outcome(follow_up_id=live.id)
