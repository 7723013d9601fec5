"""Who must rest: between shifts, after days in a row; whatever the order, the clocks and the midnights."""

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.district import DistrictSettings
from shared.domain.errors import NaiveTime
from shared.domain.rest import Rest, RestLimits, Stint, judge
from shared.domain.words import RestRule

H = timedelta(hours=1)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"
MEMBER, TEAM, OTHER_TEAM = UUID(int=1), UUID(int=10), UUID(int=11)
USUAL = RestLimits.of(DistrictSettings(), SHANGHAI)


def at(day: int, hour: float = 0, *, zone: str = SHANGHAI, month: int = 3) -> datetime:
    return (datetime(2026, month, 1, tzinfo=ZoneInfo(zone)) + timedelta(days=day - 1, hours=hour)).astimezone(UTC)


def stint(
    starts_at: datetime,
    hours: float = 8,
    *,
    shift: int | None = None,
    of_shift: tuple[datetime, datetime] | None = None,
    team: UUID = TEAM,
    member: UUID = MEMBER,
) -> Stint:
    ends_at = starts_at + hours * H
    shift_starts, shift_ends = of_shift or (starts_at, ends_at)
    return Stint(
        member_id=member,
        shift_id=UUID(int=shift if shift is not None else int(starts_at.timestamp())),
        team_id=team,
        shift_starts=shift_starts,
        shift_ends=shift_ends,
        starts_at=starts_at,
        ends_at=ends_at,
    )


def rests(*stints: Stint, limits: RestLimits = USUAL, now: datetime = LONG_AGO) -> list[tuple[RestRule, datetime]]:
    return [(rest.rule, rest.until) for rest in judge(stints, limits, now=now)]


def test_eleven_hours_between_two_shifts_are_enough_and_a_minute_less_is_not() -> None:
    assert rests(stint(at(2, 8)), stint(at(3, 3))) == []
    late = stint(at(2, 8) + timedelta(minutes=1))
    assert rests(late, stint(at(3, 3))) == [(RestRule.BETWEEN_SHIFTS, late.ends_at + 11 * H)]


def test_who_comes_too_early_counts_from_the_moment_the_rest_is_had() -> None:
    (rest,) = judge([stint(at(2, 15)), stint(at(3, 8))], USUAL, now=LONG_AGO)
    assert (rest.since, rest.until) == (at(2, 23), at(3, 10))


def test_of_three_shifts_in_a_row_the_first_is_worked_and_the_third_from_when_the_rest_is_had() -> None:
    first, second, third = (stint(at(2, hour)) for hour in (8, 16, 24))
    found = {rest.shift_id: rest.until for rest in judge([third, first, second], USUAL, now=LONG_AGO)}
    assert found == {second.shift_id: at(3, 3), third.shift_id: at(3, 3)}


def test_one_long_shift_breaks_no_rule() -> None:
    assert rests(stint(at(2, 8), 24)) == []


def test_back_to_back_shifts_are_two_shifts() -> None:
    assert [rule for rule, _ in rests(stint(at(2, 8), 4), stint(at(2, 12), 4))] == [RestRule.BETWEEN_SHIFTS]


def test_who_is_lent_to_another_team_in_the_middle_of_a_shift_has_one_working_day() -> None:
    own = (at(2, 8), at(2, 16))
    lent = stint(at(2, 10), 2, shift=2, of_shift=(at(2, 7), at(2, 15)), team=OTHER_TEAM)
    day = [stint(at(2, 8), 2, shift=1, of_shift=own), lent, stint(at(2, 12), 4, shift=1, of_shift=own)]
    assert rests(*day) == []
    assert [until for _, until in rests(*day, stint(at(3, 2)))] == [at(3, 3)]


def test_shifts_that_overlap_by_a_quarter_of_an_hour_do_not_make_a_day_of_sixteen() -> None:
    early = stint(at(2, 8), 8, shift=1, of_shift=(at(2, 8), at(2, 16.25)))
    late = stint(at(2, 16), 8, shift=2, team=OTHER_TEAM)
    assert rests(early, late) == [(RestRule.BETWEEN_SHIFTS, at(3, 3))]


def test_the_seventh_day_in_a_row_is_free_and_the_eighth_is_worked() -> None:
    days = [stint(at(day, 8)) for day in range(2, 10)]
    assert rests(*days) == [(RestRule.DAYS_IN_A_ROW, days[6].ends_at)]
    (rest,) = judge(days, USUAL, now=LONG_AGO)
    assert (rest.since, rest.shift_id) == (days[0].starts_at, days[6].shift_id)


def test_a_night_counts_for_the_day_in_which_it_begins() -> None:
    nights = [stint(at(day, 22)) for day in range(2, 8)]
    assert rests(*nights) == []
    assert len(rests(*nights, stint(at(8, 22)))) == 1


def test_two_shifts_on_one_day_are_one_day() -> None:
    split = RestLimits(between=H, days=2, time_zone=SHANGHAI)
    twice = [stint(at(day, hour), 4) for day in (2, 3) for hour in (6, 18)]
    assert rests(*twice, limits=split) == []


def test_days_are_the_districts_own() -> None:
    evenings = [stint(at(day, 23, zone=BERLIN)) for day in range(2, 8)]
    assert rests(*evenings, stint(at(8, 23, zone=BERLIN)), limits=RestLimits.of(DistrictSettings(), BERLIN))
    assert rests(*evenings, limits=RestLimits.of(DistrictSettings(), BERLIN)) == []


@pytest.mark.parametrize(("day", "month", "is_short"), [(29, 3, True), (25, 10, False)])
def test_a_night_in_which_the_clocks_change_is_as_long_as_it_is(day: int, month: int, is_short: bool) -> None:
    """By the clock on the wall both nights have eleven hours."""
    zone = ZoneInfo(BERLIN)
    evening = datetime(2026, month, day - 1, 13, tzinfo=zone)
    morning = datetime(2026, month, day, 8, tzinfo=zone)
    found = rests(
        stint(evening.astimezone(UTC)),
        stint(morning.astimezone(UTC)),
        limits=RestLimits.of(DistrictSettings(), BERLIN),
    )
    assert bool(found) is is_short


def test_without_rules_nobody_must_rest() -> None:
    none = RestLimits(between=None, days=None, time_zone=SHANGHAI)
    assert rests(*(stint(at(day, hour)) for day in range(1, 20) for hour in (0, 8, 16)), limits=none) == []


def test_what_is_over_stays_as_it_was_judged() -> None:
    yesterday, today = stint(at(2, 8)), stint(at(2, 22))
    assert len(rests(yesterday, today, now=at(2, 17))) == 1
    kept_off = {yesterday.key: yesterday.ends_at}
    assert judge([yesterday, today], USUAL, now=at(2, 17), known=kept_off) == []


def test_a_stint_without_offsets_is_refused() -> None:
    with pytest.raises(NaiveTime):
        stint(at(2, 8).replace(tzinfo=None))


# Shifts of three teams on a grid of quarters of an hour around a change of the clocks; each member on at most one team at a time.
@st.composite
def rosters(draw: st.DrawFn) -> tuple[list[Stint], RestLimits]:
    zone = draw(st.sampled_from([SHANGHAI, BERLIN, "America/New_York", "Australia/Lord_Howe"]))
    start = at(draw(st.integers(20, 35)), zone=zone)
    limits = RestLimits(
        between=draw(st.one_of(st.none(), st.integers(1, 24).map(lambda hours: hours * H))),
        days=draw(st.one_of(st.none(), st.integers(1, 7))),
        time_zone=zone,
    )
    stints = []
    free_from = start
    for number in range(draw(st.integers(0, 25))):
        begins = free_from + draw(st.integers(0, 80)) * H / 4
        long = draw(st.integers(1, 24 * 4)) * H / 4
        # A substitute has a part of the shift, at its beginning or its end.
        before, behind = (draw(st.sampled_from([0, 0, 0, 1, 8])) * H for _ in range(2))
        stints.append(stint(begins, long / H, shift=number, of_shift=(begins - before, begins + long + behind)))
        free_from = begins + long
    return stints, limits


def worked(stints: list[Stint], found: list[Rest]) -> list[tuple[datetime, datetime, Stint]]:
    until = {rest.key: rest.until for rest in found}
    spans = [(max(s.starts_at, until.get(s.key, s.starts_at)), s.ends_at, s) for s in stints]
    return sorted(span for span in spans if span[0] < span[1])


def working_days(spans: list[tuple[datetime, datetime, Stint]]) -> list[list[tuple[datetime, datetime, Stint]]]:
    """What follows without a rest because the shifts overlap is one."""
    days: list[list[tuple[datetime, datetime, Stint]]] = []
    for span in spans:
        shift = span[2]
        goes_on = days and any(
            s.shift_starts < shift.shift_ends and shift.shift_starts < s.shift_ends for _, _, s in days[-1]
        )
        if goes_on:
            days[-1].append(span)
        else:
            days.append([span])
    return days


@given(rosters())
def test_whoever_keeps_to_the_rests_has_the_hours_between_shifts(roster: tuple[list[Stint], RestLimits]) -> None:
    stints, limits = roster
    spans = worked(stints, judge(stints, limits, now=LONG_AGO))
    for before, after in pairwise(working_days(spans)):
        assert limits.between is None or after[0][0] - before[-1][1] >= limits.between


@given(rosters())
def test_whoever_keeps_to_the_rests_has_a_free_day_in_time(roster: tuple[list[Stint], RestLimits]) -> None:
    stints, limits = roster
    zone = ZoneInfo(limits.time_zone)
    days = sorted(
        {
            day[0][2].starts_at.astimezone(zone).date()
            for day in working_days(worked(stints, judge(stints, limits, now=LONG_AGO)))
        }
    )
    in_a_row = 0
    for number, day in enumerate(days):
        in_a_row = in_a_row + 1 if number and day - days[number - 1] == timedelta(days=1) else 1
        assert limits.days is None or in_a_row <= limits.days


@given(rosters(), st.randoms(use_true_random=False))
def test_the_order_in_which_shifts_are_made_does_not_matter(
    roster: tuple[list[Stint], RestLimits], chance: random.Random
) -> None:
    stints, limits = roster
    shuffled = chance.sample(stints, len(stints))
    assert judge(shuffled, limits, now=LONG_AGO) == judge(stints, limits, now=LONG_AGO)


@given(rosters(), st.integers(0, 25))
def test_judged_again_as_time_passes_what_is_ahead_stays_as_it_was(
    roster: tuple[list[Stint], RestLimits], how_many_are_over: int
) -> None:
    stints, limits = roster
    at_first = {rest.key: rest for rest in judge(stints, limits, now=LONG_AGO)}
    ends = sorted(s.ends_at for s in stints)
    now = ends[min(how_many_are_over, len(ends) - 1)] if ends else LONG_AGO
    known = {key: rest.until for key, rest in at_first.items()}
    later = {rest.key: rest for rest in judge(stints, limits, now=now, known=known)}
    assert later == {
        key: rest for key, rest in at_first.items() if any(s.key == key and s.ends_at > now for s in stints)
    }


@given(rosters())
def test_nobody_rests_without_a_reason(roster: tuple[list[Stint], RestLimits]) -> None:
    stints, limits = roster
    found = judge(stints, limits, now=LONG_AGO)
    by_key: dict[tuple[UUID, UUID], list[Stint]] = defaultdict(list)
    for each in stints:
        by_key[each.key].append(each)
    for rest in found:
        rested = by_key[rest.key][0]
        assert rest.since <= rested.starts_at < rest.until
        if rest.rule is RestRule.BETWEEN_SHIFTS:
            assert rest.until - rest.since == limits.between
        else:
            assert rest.until == rested.shift_ends
