"""Protocols: made and changed. Follow-ups that began keep what they copied."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.errors import FieldError, Invalid, NotFound
from shared.domain.follow_up import MOST_OCCURRENCES, check_lines
from shared.domain.protocol import CONTACT_CLASSES, KINDS_OF_PROTOCOLS, SEED_PROTOCOLS, Protocol, seed_protocols
from shared.operations.kinds import make_usual_kinds
from shared.operations.repeats import first_or_taken, making
from shared.store import kinds, protocols
from shared.store.connection import Connection
from shared.store.constraints import domain_errors
from shared.store.events import NewEvent, insert_events

_SET_BY_PEOPLE = (
    "district_id",
    "code",
    "names",
    "days",
    "lines",
    "ledger",
    "lost_after_days",
    "for_contacts",
    "active",
)


async def create_protocol(conn: Connection, protocol: Protocol, *, now: datetime, account_id: UUID | None) -> Protocol:
    """A new protocol. Raises Taken (code, or id with other content), Invalid (kinds)."""
    async with making(conn, protocol.id):
        await _check(conn, protocol)
        first = await protocols.select_protocol(conn, protocol.id)
        if first is not None:
            return first_or_taken(first, protocol, _SET_BY_PEOPLE)
        made = await protocols.insert_protocol(conn, protocol)
        await insert_events(conn, [_changed(made, now, account_id)])
        return made


async def change_protocol(
    conn: Connection, protocol_id: UUID, changes: Mapping[str, Any], *, now: datetime, account_id: UUID | None
) -> Protocol:
    """Change a protocol for follow-ups that begin from now on. Raises NotFound, Taken, Invalid."""
    with domain_errors():
        async with conn.transaction():
            known = await protocols.lock_protocol(conn, protocol_id)
            if known is None:
                raise NotFound
            protocol = replace(known, **changes)
            await _check(conn, protocol)
            made = await protocols.update_protocol(conn, protocol)
            await insert_events(conn, [_changed(made, now, account_id)])
            return made


async def make_usual_protocols(
    conn: Connection, district_id: UUID, *, now: datetime, account_id: UUID | None
) -> list[Protocol]:
    """Make the protocols of the catalogue that the district has not, and the kinds that they name; what it has stays as it is.

    Lines of kinds that are not in use any more are left out, and a protocol of which none is left. Contacts of a class that has its
    protocol stay with it. Returns the protocols made. Raises NotFound.
    """
    async with conn.transaction():
        codes = {seed.code for seed in SEED_PROTOCOLS}
        await make_usual_kinds(
            conn, district_id, now=now, account_id=account_id, only=KINDS_OF_PROTOCOLS, protocols_to_come=codes
        )
        there = await protocols.select_protocols_by_code(conn, district_id, codes)
        known = await kinds.select_all_kinds(conn, district_id)
        in_use = {kind.id for kind in known if kind.active}
        taken = [one for one in CONTACT_CLASSES if await protocols.select_protocol_for_contacts(conn, district_id, one)]
        made = []
        for seed in seed_protocols(district_id, known):
            lines = tuple(line for line in seed.lines if line.kind_id in in_use)
            if seed.code not in there and lines:
                free = tuple(one for one in seed.for_contacts if one not in taken)
                protocol = replace(seed, lines=lines, for_contacts=free)
                made.append(await create_protocol(conn, protocol, now=now, account_id=account_id))
        return made


async def _check(conn: Connection, protocol: Protocol) -> None:
    """Raises Invalid naming lines whose kind is not in use in the district, and where it is all too much."""
    known = {kind.id: kind for kind in await kinds.select_all_kinds(conn, protocol.district_id)}
    check_lines(protocol.lines, known)
    total = sum(len(line.times) * sum(1 for _ in line.days_of(protocol.days)) for line in protocol.lines)
    if total > MOST_OCCURRENCES:
        problem = f"That is due {total} times; at most {MOST_OCCURRENCES} are taken."
        raise Invalid(errors=(FieldError(in_="body", loc="lines", msg=problem),))


def _changed(protocol: Protocol, now: datetime, account_id: UUID | None) -> NewEvent:
    return NewEvent(
        district_id=protocol.district_id,
        at=now,
        name="protocol.changed",
        account_id=account_id,
        data={"protocol_id": str(protocol.id), "code": protocol.code},
    )
