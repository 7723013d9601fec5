"""A roster as a table has it: a row says who of which team works from when until when. Each row is taken whole or not at all.

Pure: the book begins with the shifts and memberships that are known, takes row after row, and says in the end what is to be written.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from shared.domain.breaks import Break, check_break, usual_break
from shared.domain.clock import aware
from shared.domain.district import DistrictSettings
from shared.domain.errors import FieldError, Invalid, ShiftOverlaps, SlotFilled
from shared.domain.household import plain_phone
from shared.domain.ids import new_id
from shared.domain.member import Member, Membership
from shared.domain.team import Shift, Team, check_span


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """One row: a shift of a team, named by its code, and who fills which slot in it, named by phone, name or id.

    Slots that are not in `people` stay as they are. `break_`: None where the row says that there is none, or says nothing (`says_break`).
    """

    team: str
    starts_at: datetime
    ends_at: datetime
    people: Mapping[str, str]
    break_: Break | None = None
    says_break: bool = False

    def __post_init__(self) -> None:
        aware(self.starts_at)
        aware(self.ends_at)


class Entry(StrEnum):
    """What a row did."""

    CREATED = "created"  # a new shift
    CHANGED = "changed"  # other people, or another break, in a known one
    REPEATED = "repeated"  # nothing: it was so before


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What is to be written, in this order."""

    gone: tuple[UUID, ...]  # memberships
    cut: tuple[Membership, ...]  # end earlier than before
    new: tuple[Membership, ...]
    new_shifts: tuple[Shift, ...]
    changed_shifts: tuple[Shift, ...]


class RosterBook:
    """The rosters of a district's teams while rows are entered. What has been is never rewritten."""

    def __init__(
        self,
        *,
        district_id: UUID,
        roles: Sequence[str],
        settings: DistrictSettings,
        teams: Iterable[Team],
        members: Iterable[Member],
        shifts: Iterable[Shift],
        memberships: Iterable[Membership],
        now: datetime,
    ) -> None:
        """`shifts`, `memberships`: whatever of these teams and members is not over, and of the teams that those members are on."""
        self._district_id, self._roles, self._settings, self._now = district_id, roles, settings, now
        self._teams = {team.code: team for team in teams}
        self._codes = {team.id: team.code for team in self._teams.values()}
        self._people = _People(members)
        self._shifts: dict[UUID, list[Shift]] = defaultdict(list)
        for shift in shifts:
            self._shifts[shift.team_id].append(shift)
        self._known_shifts = {shift.id: shift for of_team in self._shifts.values() for shift in of_team}
        self._known = {membership.id: membership for membership in memberships}
        self._memberships = dict(self._known)
        self._of_team: dict[UUID, set[UUID]] = defaultdict(set)
        self._of_member: dict[UUID, set[UUID]] = defaultdict(set)
        for membership in self._known.values():
            self._keep(membership)

    @property
    def shifts(self) -> list[Shift]:
        return [shift for of_team in self._shifts.values() for shift in of_team]

    @property
    def memberships(self) -> list[Membership]:
        return list(self._memberships.values())

    def enter(self, row: RosterRow) -> tuple[Entry, Shift]:
        """Take a row; what it did, and its shift. The book stays as it was where this raises.

        Raises Invalid (no such team, member or slot, a time gone by, a break outside), ShiftOverlaps, SlotFilled (a member works elsewhere
        then), each naming the fields.
        """
        team, seats = self._read(row)
        known = self._shift_of(team, row)
        to_fill = {role: member for role, member in seats.items() if not self._fills(team.id, role, member.id, row)}
        break_ = self._break(row, known)
        if known is not None and not to_fill and break_ == known.break_:
            return Entry.REPEATED, known
        if row.starts_at < self._now:
            raise _refused(("from", "Give a time from now on: what has been stays."))
        self._check_free(to_fill, team.id, row)
        for role, member in to_fill.items():
            self._seat(team.id, role, member.id, row)
        shift = self._write_shift(team, row, known, break_)
        return (Entry.CREATED if known is None else Entry.CHANGED), shift

    def writing(self) -> Writing:
        """What differs from what was known."""
        stay = self._memberships
        return Writing(
            gone=tuple(sorted(known for known in self._known if known not in stay)),
            cut=tuple(m for m in stay.values() if m.id in self._known and m != self._known[m.id]),
            new=tuple(m for m in stay.values() if m.id not in self._known),
            new_shifts=tuple(shift for shift in self.shifts if shift.id not in self._known_shifts),
            changed_shifts=tuple(shift for shift in self.shifts if self._known_shifts.get(shift.id, shift) != shift),
        )

    def _read(self, row: RosterRow) -> tuple[Team, dict[str, Member]]:
        """The team and who is meant. Raises Invalid naming every field that says nothing."""
        wrong: list[tuple[str, str]] = []
        team = self._teams.get(row.team)
        if team is None:
            wrong.append(("team", "There is no such team."))
        elif not team.active:
            wrong.append(("team", "The team is not active."))
        seats: dict[str, Member] = {}
        for role, said in row.people.items():
            found = self._people.find(said, role)
            if role not in self._roles:
                wrong.append((f"members.{role}", "The district has no such slot."))
            elif isinstance(found, str):
                wrong.append((f"members.{role}", found))
            elif any(found.id == other.id for other in seats.values()):
                wrong.append((f"members.{role}", "The same member is in another slot of this row."))
            else:
                seats[role] = found
        wrong += _problems_of_span(row)
        if team is None or wrong:
            raise _refused(*wrong)
        return team, seats

    def _shift_of(self, team: Team, row: RosterRow) -> Shift | None:
        touching = [s for s in self._shifts[team.id] if s.starts_at < row.ends_at and row.starts_at < s.ends_at]
        for shift in touching:
            if (shift.starts_at, shift.ends_at) != (row.starts_at, row.ends_at):
                raise ShiftOverlaps(errors=_at(("from", "Overlaps another shift of the team.")))
        return touching[0] if touching else None

    def _break(self, row: RosterRow, known: Shift | None) -> Break | None:
        if row.says_break:
            return row.break_
        return usual_break(self._settings, row.starts_at, row.ends_at) if known is None else known.break_

    def _fills(self, team_id: UUID, role: str, member_id: UUID, row: RosterRow) -> bool:
        """Whether the member is in that slot for all of the row's time."""
        return any(
            m.role == role and m.member_id == member_id and m.starts_at <= row.starts_at and _until(m) >= row.ends_at
            for m in self._touching(self._of_team[team_id], row)
        )

    def _check_free(self, seats: Mapping[str, Member], team_id: UUID, row: RosterRow) -> None:
        """Who is on another team that works then cannot be here."""
        wrong = []
        for role, member in seats.items():
            for membership in self._touching(self._of_member[member.id], row):
                begins = max(membership.starts_at, row.starts_at)
                ends = min(_until(membership), row.ends_at)
                other = membership.team_id
                if other != team_id and any(s.starts_at < ends and begins < s.ends_at for s in self._shifts[other]):
                    wrong.append((f"members.{role}", f"Works in team {self._codes.get(other, '?')} at that time."))
                    break
        if wrong:
            raise SlotFilled(errors=_at(*wrong))

    def _seat(self, team_id: UUID, role: str, member_id: UUID, row: RosterRow) -> None:
        """The member is in the slot for the row's time; whoever was there, and wherever the member was, is back afterwards."""
        in_the_slot = [m for m in self._touching(self._of_team[team_id], row) if m.role == role]
        elsewhere = list(self._touching(self._of_member[member_id], row))
        for membership in {m.id: m for m in (*in_the_slot, *elsewhere)}.values():
            self._take_out(membership, row)
        self._keep(
            Membership(
                id=new_id(),
                district_id=self._district_id,
                team_id=team_id,
                member_id=member_id,
                role=role,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
            )
        )

    def _take_out(self, membership: Membership, row: RosterRow) -> None:
        self._drop(membership)
        if membership.starts_at < row.starts_at:
            self._keep(replace(membership, ends_at=row.starts_at))
        if _until(membership) > row.ends_at:
            self._keep(replace(membership, id=new_id(), starts_at=row.ends_at))

    def _write_shift(self, team: Team, row: RosterRow, known: Shift | None, break_: Break | None) -> Shift:
        if known is None:
            shift = Shift(
                id=new_id(),
                district_id=self._district_id,
                team_id=team.id,
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                break_=break_,
            )
            self._shifts[team.id].append(shift)
            return shift
        shift = (
            known if break_ == known.break_ else replace(known, break_=break_, break_began_at=None, break_over_at=None)
        )
        self._shifts[team.id] = [shift if each.id == shift.id else each for each in self._shifts[team.id]]
        return shift

    def _touching(self, ids: Iterable[UUID], row: RosterRow) -> Iterator[Membership]:
        for membership in [self._memberships[each] for each in ids]:
            if membership.starts_at < row.ends_at and row.starts_at < _until(membership):
                yield membership

    def _keep(self, membership: Membership) -> None:
        self._memberships[membership.id] = membership
        self._of_team[membership.team_id].add(membership.id)
        self._of_member[membership.member_id].add(membership.id)

    def _drop(self, membership: Membership) -> None:
        del self._memberships[membership.id]
        self._of_team[membership.team_id].discard(membership.id)
        self._of_member[membership.member_id].discard(membership.id)


class _People:
    """The members that rows may mean."""

    def __init__(self, members: Iterable[Member]) -> None:
        self._by: dict[str, list[Member]] = defaultdict(list)
        for member in members:
            for said in {plain_phone(member.phone), member.name, str(member.id)}:
                self._by[said].append(member)

    def find(self, said: str, role: str) -> Member | str:
        """Who is meant, of several of one name the one of that role; or why nobody is."""
        found = (
            self._by.get(said.strip().lower()) or self._by.get(said.strip()) or self._by.get(plain_phone(said)) or []
        )
        active = [member for member in found if member.active]
        if found and not active:
            return "The member is not active."
        if len(active) > 1:
            active = [member for member in active if member.role == role]
            if len(active) != 1:
                return "Several members have that name: give the phone."
        return active[0] if active else "The district has no such member: give the phone or the whole name."


def names_of(rows: Iterable[RosterRow]) -> set[str]:
    """In which words the rows may name members: as they are written, and as phones are kept."""
    said = {said.strip() for row in rows for said in row.people.values()}
    return said | {plain_phone(each) for each in said} | {each.lower() for each in said}


def _problems_of_span(row: RosterRow) -> Iterator[tuple[str, str]]:
    try:
        check_span(row.starts_at, row.ends_at)
        check_break(row.break_, row.starts_at, row.ends_at)
    except Invalid as error:
        for wrong in error.errors:
            yield ("until" if wrong.loc == "ends_at" else "break"), wrong.msg


def _until(membership: Membership) -> datetime:
    return membership.ends_at or _FOREVER


_FOREVER = datetime.max.replace(tzinfo=UTC)


def _at(*wrong: tuple[str, str]) -> tuple[FieldError, ...]:
    return tuple(FieldError(in_="body", loc=loc, msg=msg) for loc, msg in wrong)


def _refused(*wrong: tuple[str, str]) -> Invalid:
    return Invalid(errors=_at(*wrong))
