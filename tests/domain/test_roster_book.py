"""Rosters of weeks, row after row: a row lands whole or not at all, whatever is in the others."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.breaks import Break
from shared.domain.district import DistrictSettings
from shared.domain.errors import DomainError, Invalid, ShiftOverlaps, SlotFilled
from shared.domain.member import Member, Membership
from shared.domain.roster_book import Entry, RosterBook, RosterRow
from shared.domain.team import Shift, Team
from shared.domain.words import DEFAULT_SLOTS

H = timedelta(hours=1)
NOW = datetime(2026, 3, 1, tzinfo=UTC)
DISTRICT = UUID(int=1)
TEAMS = [Team(id=UUID(int=10 + number), district_id=DISTRICT, code=f"T{number}", name="") for number in range(3)]
MEMBERS = [
    Member(
        id=UUID(int=100 + number),
        district_id=DISTRICT,
        name="王芳" if number < 2 else f"Member {number}",
        phone=f"+861380000{number:04d}",
        role=DEFAULT_SLOTS[number % 3],
    )
    for number in range(9)
]


def phone(number: int) -> str:
    return MEMBERS[number].phone


def book(
    memberships: list[Membership] | None = None,
    shifts: list[Shift] | None = None,
    *,
    now: datetime = NOW,
    settings: DistrictSettings | None = None,
) -> RosterBook:
    return RosterBook(
        district_id=DISTRICT,
        roles=DEFAULT_SLOTS,
        settings=settings or DistrictSettings(),
        teams=TEAMS,
        members=MEMBERS,
        shifts=shifts or [],
        memberships=memberships or [],
        now=now,
    )


def always(member: int, team: int = 0) -> Membership:
    return Membership(
        id=UUID(int=1000 + member),
        district_id=DISTRICT,
        team_id=TEAMS[team].id,
        member_id=MEMBERS[member].id,
        role=MEMBERS[member].role,
        starts_at=NOW - 24 * H,
    )


def row(hour: float = 8, hours: float = 8, team: str = "T0", **people: str) -> RosterRow:
    return RosterRow(team=team, starts_at=NOW + hour * H, ends_at=NOW + (hour + hours) * H, people=people)


def refused_at(error: DomainError) -> list[str]:
    return [wrong.loc for wrong in error.errors]


def test_a_row_makes_a_shift_with_its_people() -> None:
    rows = book()
    entry, shift = rows.enter(row(doctor=phone(1), police="Member 2"))
    assert entry is Entry.CREATED
    writing = rows.writing()
    assert writing.new_shifts == (shift,)
    assert {(m.member_id, m.role, m.starts_at, m.ends_at) for m in writing.new} == {
        (MEMBERS[1].id, "doctor", shift.starts_at, shift.ends_at),
        (MEMBERS[2].id, "police", shift.starts_at, shift.ends_at),
    }


def test_the_same_row_again_changes_nothing() -> None:
    rows = book()
    rows.enter(row(doctor=phone(1)))
    before = rows.writing()
    assert rows.enter(row(doctor=phone(1)))[0] is Entry.REPEATED
    assert rows.writing() == before


def test_who_has_the_slot_otherwise_is_back_after_the_shift() -> None:
    rows = book([always(1)])
    rows.enter(row(doctor=phone(4)))
    spans = sorted((m.starts_at, m.ends_at, m.member_id) for m in rows.memberships if m.ends_at)
    assert spans == [
        (NOW - 24 * H, NOW + 8 * H, MEMBERS[1].id),
        (NOW + 8 * H, NOW + 16 * H, MEMBERS[4].id),
    ]
    (back,) = [m for m in rows.memberships if m.ends_at is None]
    assert (back.member_id, back.starts_at) == (MEMBERS[1].id, NOW + 16 * H)


def test_slots_that_a_row_does_not_name_stay_as_they_are() -> None:
    rows = book([always(0), always(2)])
    rows.enter(row(doctor=phone(1)))
    assert [m.member_id for m in rows.memberships if m.ends_at is None] == [MEMBERS[0].id, MEMBERS[2].id]


def test_a_name_that_two_have_means_the_one_of_that_role() -> None:
    rows = book()
    rows.enter(row(doctor="王芳"))
    assert [m.member_id for m in rows.memberships] == [MEMBERS[1].id]
    with pytest.raises(Invalid) as refused:
        rows.enter(row(20, police="王芳"))
    assert refused_at(refused.value) == ["members.police"]


def test_every_wrong_field_of_a_row_is_named_and_nothing_of_it_lands() -> None:
    rows = book([always(1)])
    with pytest.raises(Invalid) as refused:
        rows.enter(row(8, 30, team="T9", doctor=phone(4), police="nobody", cook=phone(5)))
    assert set(refused_at(refused.value)) == {"team", "until", "members.police", "members.cook"}
    assert rows.writing() == book([always(1)]).writing()


def test_a_member_is_in_one_slot_of_a_row() -> None:
    with pytest.raises(Invalid) as refused:
        book().enter(row(doctor=phone(1), police=phone(1)))
    assert refused_at(refused.value) == ["members.police"]


def test_who_works_in_another_team_then_cannot_be_here() -> None:
    rows = book()
    rows.enter(row(8, 8, "T1", doctor=phone(1)))
    with pytest.raises(SlotFilled) as refused:
        rows.enter(row(12, 8, "T0", doctor=phone(1), police=phone(2)))
    assert refused_at(refused.value) == ["members.doctor"]
    assert rows.enter(row(16, 8, "T0", doctor=phone(1)))[0] is Entry.CREATED


def test_who_is_on_a_team_that_does_not_work_then_is_lent_and_back_afterwards() -> None:
    rows = book([always(1, team=1)])
    rows.enter(row(8, 8, "T0", doctor=phone(1)))
    teams = [m.team_id for m in sorted(rows.memberships, key=lambda m: m.starts_at)]
    assert teams == [TEAMS[1].id, TEAMS[0].id, TEAMS[1].id]


def test_a_shift_that_overlaps_another_of_the_team_is_refused() -> None:
    rows = book()
    rows.enter(row())
    with pytest.raises(ShiftOverlaps):
        rows.enter(row(9))


def test_what_has_begun_stays_and_may_be_sent_again_as_it_is() -> None:
    before = book(now=NOW)
    _, shift = before.enter(row(doctor=phone(1)))
    later = book(before.memberships, [shift], now=NOW + 9 * H)
    assert later.enter(row(doctor=phone(1)))[0] is Entry.REPEATED
    for changed in (row(doctor=phone(4)), row(0, 4)):
        with pytest.raises(Invalid) as refused:
            later.enter(changed)
        assert refused_at(refused.value) == ["from"]


def test_a_new_shift_without_a_word_on_a_break_gets_the_districts() -> None:
    settings = DistrictSettings(break_s=1800)
    rows = book(settings=settings)
    _, shift = rows.enter(row())
    assert shift.break_ == Break(earliest=NOW + 11 * H, latest=NOW + 13 * H, duration_s=1800)
    none = RosterRow(team="T1", starts_at=NOW + 8 * H, ends_at=NOW + 16 * H, people={}, says_break=True)
    assert rows.enter(none)[1].break_ is None
    assert rows.enter(row(30, 2))[1].break_ is None, "too short for one"


def spans_are_free(memberships: list[Membership]) -> bool:
    forever = datetime.max.replace(tzinfo=UTC)
    for by in ("member_id", "slot"):
        keyed: dict[object, list[Membership]] = {}
        for m in memberships:
            keyed.setdefault(m.member_id if by == "member_id" else (m.team_id, m.role), []).append(m)
        for theirs in keyed.values():
            theirs.sort(key=lambda m: m.starts_at)
            if any((a.ends_at or forever) > b.starts_at for a, b in pairwise(theirs)):
                return False
    return True


rows_of_any_kind = st.lists(
    st.builds(
        lambda hour, hours, team, people: RosterRow(
            team=team, starts_at=NOW + hour * H, ends_at=NOW + (hour + hours) * H, people=people
        ),
        st.integers(-4, 40),
        st.sampled_from([0, 2, 4, 8, 12, 30]),
        st.sampled_from(["T0", "T1", "T2", "T9"]),
        st.dictionaries(
            st.sampled_from([*DEFAULT_SLOTS, "cook"]),
            st.sampled_from([*(phone(n) for n in range(9)), "王芳", "nobody"]),
        ),
    ),
    max_size=14,
)
known_memberships = st.lists(st.sampled_from(range(9)), unique_by=lambda n: n % 3, max_size=3).map(
    lambda numbers: [always(number, team=number % 2) for number in numbers]
)


@given(rows_of_any_kind, known_memberships)
def test_a_row_lands_whole_or_not_at_all(rows: list[RosterRow], known: list[Membership]) -> None:
    entered = book(known)
    for each in rows:
        before = ({s.id: s for s in entered.shifts}, {m.id: m for m in entered.memberships})
        try:
            _, shift = entered.enter(each)
        except DomainError:
            after = ({s.id: s for s in entered.shifts}, {m.id: m for m in entered.memberships})
            assert after == before
            continue
        assert (shift.starts_at, shift.ends_at) == (each.starts_at, each.ends_at)
        there = {
            m.role
            for m in entered.memberships
            if m.team_id == shift.team_id
            and m.starts_at <= each.starts_at
            and (m.ends_at is None or m.ends_at >= each.ends_at)
        }
        assert set(each.people) <= there


@given(rows_of_any_kind, known_memberships)
def test_no_slot_and_no_member_is_ever_taken_twice(rows: list[RosterRow], known: list[Membership]) -> None:
    entered = book(known)
    for each in rows:
        try:
            entered.enter(each)
        except DomainError:
            continue
        assert spans_are_free(entered.memberships)


@given(rows_of_any_kind, known_memberships)
def test_what_has_been_is_as_it_was(rows: list[RosterRow], known: list[Membership]) -> None:
    entered = book(known)
    for each in rows:
        try:
            entered.enter(each)
        except DomainError:
            continue
    before = {(m.team_id, m.role): m.member_id for m in known}
    now = {(m.team_id, m.role): m.member_id for m in entered.memberships if m.starts_at < NOW}
    assert now == before


@given(rows_of_any_kind, known_memberships)
def test_a_table_sent_again_changes_nothing_that_the_last_word_said(
    rows: list[RosterRow], known: list[Membership]
) -> None:
    """Of rows for one shift the last counts; sent again, that one finds all as it is."""
    entered = book(known)
    landed: dict[tuple[str, datetime], RosterRow] = {}
    for each in rows:
        try:
            entered.enter(each)
        except DomainError:
            continue
        landed = {
            key: last for key, last in landed.items() if not set(last.people.values()) & set(each.people.values())
        }
        landed[each.team, each.starts_at] = each
    again = book(entered.memberships, entered.shifts)
    for each in landed.values():
        assert again.enter(each)[0] is Entry.REPEATED
