"""Rosters of weeks taken in row by row: good rows land whole, each bad one is answered, and all may be sent again."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from shared.domain.district import District
from shared.domain.errors import DomainError, NotFound
from shared.domain.rest import Rest, RestLimits, Stint, judge
from shared.domain.roster_book import Entry, RosterBook, RosterRow, Writing, names_of
from shared.domain.team import Shift
from shared.operations.release import release_what_team_cannot_do
from shared.operations.rest import judge_rest, lock_teams_concerned
from shared.operations.shifts import tell_shifts
from shared.operations.teams import changed_event
from shared.store import districts, members, memberships, rests, shifts, tasks, teams
from shared.store.connection import Connection
from shared.store.constraints import domain_errors
from shared.store.events import insert_events


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What a row did, its shift, and who must rest in it."""

    entry: Entry
    shift: Shift
    rests: tuple[Rest, ...] = ()


Answer: TypeAlias = Entered | DomainError


async def import_rosters(
    conn: Connection, district_id: UUID, rows: Sequence[RosterRow], *, now: datetime, account_id: UUID | None
) -> tuple[list[Answer], list[Rest]]:
    """Take these rows in, in one transaction; the answers in their order, and who must rest in other shifts because of them.

    Raises NotFound (district).
    """
    with domain_errors():
        async with conn.transaction():
            district = await _district(conn, district_id)
            known = await teams.select_teams_by_code(conn, district_id, {row.team for row in rows})
            meant = await members.select_members_named(conn, district_id, names_of(rows))
            team_ids, member_ids = [team.id for team in known], [member.id for member in meant]
            locked = await lock_teams_concerned(conn, team_ids, now, member_ids=member_ids)
            await members.lock_members(conn, member_ids)
            book = await _open_book(conn, district, rows, since=now, now=now)
            answers = _enter(book, rows)
            writing = book.writing()
            await _write(conn, writing)
            touched = {a.shift.team_id for a in answers if isinstance(a, Entered) and a.entry is not Entry.REPEATED}
            await tell_shifts(conn, writing.new_shifts, "created", now, account_id)
            await tell_shifts(conn, writing.changed_shifts, "changed", now, account_id)
            regrouped = {m.team_id for m in (*writing.new, *writing.cut)} & set(locked)
            await insert_events(
                conn, [changed_event(locked[each], "roster", now, account_id) for each in sorted(regrouped)]
            )
            await judge_rest(conn, district_id, now=now, team_ids=touched, member_ids=member_ids)
            await _look_again(conn, district, touched, answers, now)
            own = [a.shift.id for a in answers if isinstance(a, Entered)]
            found = await rests.select_warnings(conn, shift_ids=own, team_ids=touched, judged_at=now)
            return _with_rests(answers, found)


async def preview_rosters(
    conn: Connection, district_id: UUID, rows: Sequence[RosterRow], *, now: datetime
) -> tuple[list[Answer], list[Rest]]:
    """What `import_rosters` would answer; nothing is written or locked. Raises NotFound (district)."""
    district = await _district(conn, district_id)
    limits = RestLimits.of(district.settings, district.time_zone)
    book = await _open_book(conn, district, rows, since=now - limits.looks_back, now=now)
    answers = _enter(book, rows)
    stints = _stints(book)
    before = {rest.key: rest for rest in await rests.select_rests_of_members(conn, {s.member_id for s in stints})}
    found = judge(stints, limits, now=now, known={key: rest.until for key, rest in before.items()})
    own = {a.shift.id for a in answers if isinstance(a, Entered)}
    return _with_rests(answers, [rest for rest in found if rest.shift_id in own or before.get(rest.key) != rest])


async def _district(conn: Connection, district_id: UUID) -> District:
    district = await districts.select_district(conn, district_id)
    if district is None:
        raise NotFound("There is no such district.")
    return district


async def _open_book(
    conn: Connection, district: District, rows: Sequence[RosterRow], *, since: datetime, now: datetime
) -> RosterBook:
    """The book with all that these rows may be about, as far as it was not over at `since`, or when the first row begins."""
    since = min([since, *(row.starts_at for row in rows)])
    known = await teams.select_teams_by_code(conn, district.id, {row.team for row in rows})
    meant = await members.select_members_named(conn, district.id, names_of(rows))
    theirs = await memberships.select_memberships_among(
        conn, [team.id for team in known], [member.id for member in meant], since=since
    )
    others = await memberships.select_memberships_among(conn, [], {m.member_id for m in theirs}, since=since)
    on_teams = {team.id for team in known} | {m.team_id for m in others}
    return RosterBook(
        district_id=district.id,
        roles=district.slots,
        settings=district.settings,
        teams=known,
        members=meant,
        shifts=await shifts.select_shifts_of_teams(conn, on_teams, since=since),
        memberships={m.id: m for m in (*theirs, *others)}.values(),
        now=now,
    )


def _enter(book: RosterBook, rows: Sequence[RosterRow]) -> list[Answer]:
    answers: list[Answer] = []
    for row in rows:
        try:
            entry, shift = book.enter(row)
            answers.append(Entered(entry=entry, shift=shift))
        except DomainError as error:
            answers.append(error)
    return answers


async def _write(conn: Connection, writing: Writing) -> None:
    if writing.gone:
        await memberships.delete_memberships(conn, writing.gone)
    if writing.cut:
        await memberships.update_membership_ends(conn, writing.cut)
    if writing.new_shifts:
        await shifts.insert_shifts(conn, writing.new_shifts)
    for shift in writing.changed_shifts:
        await shifts.update_shift(conn, shift)
    if writing.new:
        await memberships.insert_memberships(conn, writing.new)


async def _look_again(
    conn: Connection, district: District, touched: Collection[UUID], answers: Sequence[Answer], now: datetime
) -> None:
    """What is planned already for a shift whose people changed goes back where they cannot do it; what waits is looked at again."""
    planned_until = now + timedelta(seconds=district.settings.plan_ahead_s)
    soon = {a.shift.team_id for a in answers if isinstance(a, Entered) and a.shift.starts_at <= planned_until}
    for team_id in sorted(soon & set(touched)):
        await release_what_team_cannot_do(conn, team_id, now)
    if touched:
        await tasks.update_plan_at_for_district(conn, district.id, now)


def _stints(book: RosterBook) -> list[Stint]:
    of_team: dict[UUID, list[Shift]] = {}
    for shift in book.shifts:
        of_team.setdefault(shift.team_id, []).append(shift)
    return [
        Stint(
            member_id=m.member_id,
            shift_id=shift.id,
            team_id=shift.team_id,
            shift_starts=shift.starts_at,
            shift_ends=shift.ends_at,
            starts_at=max(shift.starts_at, m.starts_at),
            ends_at=shift.ends_at if m.ends_at is None else min(shift.ends_at, m.ends_at),
        )
        for m in book.memberships
        for shift in of_team.get(m.team_id, ())
        if m.starts_at < shift.ends_at and (m.ends_at is None or shift.starts_at < m.ends_at)
    ]


def _with_rests(answers: Sequence[Answer], found: Sequence[Rest]) -> tuple[list[Answer], list[Rest]]:
    """The answers with the rests in their shifts, and the rests elsewhere."""
    in_shift: dict[UUID, list[Rest]] = {}
    for rest in found:
        in_shift.setdefault(rest.shift_id, []).append(rest)
    told: list[Answer] = []
    own = set()
    for answer in answers:
        if isinstance(answer, Entered):
            own.add(answer.shift.id)
            answer = Entered(entry=answer.entry, shift=answer.shift, rests=tuple(in_shift.get(answer.shift.id, ())))
        told.append(answer)
    return told, [rest for rest in found if rest.shift_id not in own]
