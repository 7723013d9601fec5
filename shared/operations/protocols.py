"""Protocols: made and changed. Follow-ups that began keep what they copied."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.errors import FieldError, Invalid, NotFound
from shared.domain.follow_up import MOST_OCCURRENCES, check_lines
from shared.domain.protocol import Protocol
from shared.operations.repeats import first_or_taken
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
    with domain_errors():
        async with conn.transaction():
            await _check(conn, protocol)
            made = await protocols.insert_protocol(conn, protocol)
            if made is None:
                first = await protocols.select_protocol(conn, protocol.id)
                return first_or_taken(first, protocol, _SET_BY_PEOPLE)
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
