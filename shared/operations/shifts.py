"""Shifts: made, moved and removed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from shared.domain.breaks import check_break
from shared.domain.errors import FieldError, NotFound, ShiftOverlaps
from shared.domain.team import Shift, check_span
from shared.operations.breaks import show_break
from shared.operations.left_open import tell_of_removed_shift
from shared.operations.release import release_what_team_cannot_do
from shared.operations.repeats import first_or_taken
from shared.operations.rest import judge_rest, lock_teams_concerned
from shared.store import shifts, tasks
from shared.store.connection import Connection
from shared.store.constraints import domain_errors
from shared.store.events import NewEvent, insert_events

_SET_BY_PEOPLE = ("district_id", "team_id", "starts_at", "ends_at", "break_")


async def create_shifts(
    conn: Connection, district_id: UUID, given: Sequence[Shift], *, now: datetime, account_id: UUID | None
) -> list[Shift]:
    """These shifts of one district's teams, all or none, in the order given; those sent before are answered as they were made.

    Raises NotFound (teams), Invalid (spans, breaks), ShiftOverlaps naming the shifts, Taken (an id with other content).
    """
    for index, shift in enumerate(given):
        where = f"{index}." if len(given) > 1 else ""
        check_span(shift.starts_at, shift.ends_at, where)
        check_break(shift.break_, shift.starts_at, shift.ends_at, where)
    with domain_errors():
        async with conn.transaction():
            await _lock_teams(conn, district_id, given, now)
            _check_overlaps(given, await shifts.select_overlapping(conn, given))
            made = {shift.id: shift for shift in await shifts.insert_shifts(conn, given)}
            repeated = [shift.id for shift in given if shift.id not in made]
            first = {shift.id: shift for shift in await shifts.select_shifts_by_id(conn, repeated)}
            answer = [made.get(s.id) or first_or_taken(first.get(s.id), s, _SET_BY_PEOPLE) for s in given]
            await tell_shifts(conn, list(made.values()), "created", now, account_id)
            await judge_rest(conn, district_id, now=now, team_ids={shift.team_id for shift in made.values()})
            await tasks.update_plan_at_for_district(conn, district_id, now)
            return answer


async def change_shift(
    conn: Connection, shift_id: UUID, changes: Mapping[str, Any], *, now: datetime, account_id: UUID | None
) -> Shift:
    """Move a shift's start or end, or set its break; what the team cannot do any more and has not accepted goes back.

    Another break than before is ahead, whatever was had of the one before. Raises NotFound, Invalid, ShiftOverlaps.
    """
    with domain_errors():
        async with conn.transaction():
            known = await _lock_shift(conn, shift_id, now)
            shift = replace(known, **changes)
            check_span(shift.starts_at, shift.ends_at)
            check_break(shift.break_, shift.starts_at, shift.ends_at)
            if shift.break_ != known.break_:
                shift = replace(shift, break_began_at=None, break_over_at=None)
            made = await shifts.update_shift(conn, shift)
            if made is None:
                raise NotFound
            await tell_shifts(conn, [made], "changed", now, account_id)
            if made.break_ != known.break_:
                await show_break(conn, made.team_id, made.id, now)
            await judge_rest(conn, made.district_id, now=now, team_ids=[made.team_id], but=made.team_id)
            await release_what_team_cannot_do(conn, made.team_id, now)
            return made


async def remove_shift(conn: Connection, shift_id: UUID, *, now: datetime, account_id: UUID | None) -> None:
    """Remove a shift. What the team has not accepted goes back when it was its present one; the rest is told. Raises NotFound."""
    async with conn.transaction():
        known = await _lock_shift(conn, shift_id, now)
        await shifts.delete_shift(conn, shift_id)
        await tell_shifts(conn, [known], "removed", now, account_id)
        if known.break_ is not None:
            await show_break(conn, known.team_id, known.id, now)
        await judge_rest(conn, known.district_id, now=now, team_ids=[known.team_id], but=known.team_id)
        await release_what_team_cannot_do(conn, known.team_id, now)
        await tell_of_removed_shift(conn, known, now)


async def _lock_teams(conn: Connection, district_id: UUID, given: Sequence[Shift], now: datetime) -> None:
    locked = await lock_teams_concerned(conn, {shift.team_id for shift in given}, now)
    known = {team.id for team in locked.values() if team.district_id == district_id}
    unknown = [
        FieldError(in_="body", loc=f"{index}.team_id" if len(given) > 1 else "team_id", msg="There is no such team.")
        for index, shift in enumerate(given)
        if shift.team_id not in known
    ]
    if unknown:
        raise NotFound(errors=tuple(unknown))


async def _lock_shift(conn: Connection, shift_id: UUID, now: datetime) -> Shift:
    """The shift as it is under its team's lock; a shift never changes teams. Raises NotFound."""
    seen = await shifts.select_shift(conn, shift_id)
    if seen is not None:
        await lock_teams_concerned(conn, [seen.team_id], now)
        seen = await shifts.select_shift(conn, shift_id)
    if seen is None:
        raise NotFound
    return seen


def _check_overlaps(given: Sequence[Shift], with_known: Sequence[UUID]) -> None:
    overlapping = set(with_known)
    in_order = sorted(given, key=lambda shift: (shift.team_id, shift.starts_at))
    for earlier, later in pairwise(in_order):
        if earlier.team_id == later.team_id and later.starts_at < earlier.ends_at:
            overlapping.add(later.id)
    errors = tuple(
        FieldError(in_="body", loc=str(index) if len(given) > 1 else "starts_at", msg="Overlaps another shift.")
        for index, shift in enumerate(given)
        if shift.id in overlapping
    )
    if errors:
        raise ShiftOverlaps(errors=errors)


async def tell_shifts(
    conn: Connection, changed: Sequence[Shift], what: str, now: datetime, account_id: UUID | None
) -> None:
    """Write `shift.changed`, one event a team; `what` is created, changed or removed."""
    by_team: dict[UUID, list[Shift]] = {}
    for shift in changed:
        by_team.setdefault(shift.team_id, []).append(shift)
    await insert_events(
        conn,
        [
            NewEvent(
                district_id=theirs[0].district_id,
                at=now,
                name="shift.changed",
                team_id=team_id,
                account_id=account_id,
                data={"what": what, "shift_ids": [str(shift.id) for shift in theirs]},
            )
            for team_id, theirs in by_team.items()
        ],
    )
