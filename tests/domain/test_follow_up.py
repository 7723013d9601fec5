"""What a follow-up has due: expanded by the district's clocks, whatever those do."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.domain.errors import Invalid
from shared.domain.follow_up import (
    Line,
    Occurrence,
    Window,
    check_days,
    length,
    lost_at,
    occurrences_of,
    still_to_come,
)
from shared.domain.ids import new_id
from shared.domain.kind import Kind
from shared.domain.wall_clock import day_begins, day_of, moment_of
from shared.domain.words import Channel

SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"
ZONES = sorted(available_timezones())
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def kind(due_after_s: int | None = 6 * 3600) -> Kind:
    return Kind(
        id=new_id(),
        district_id=new_id(),
        code="temperature_check",
        names={"en": "Temperature check"},
        channel=Channel.VISIT,
        service_s=180,
        required_roles=("doctor",),
        due_after_s=due_after_s,
        priority=3,
    )


CHECK, VISIT = kind(), kind(due_after_s=None)
KINDS = {CHECK.id: CHECK, VISIT.id: VISIT}
TWICE = Line(kind_id=CHECK.id, times=(480, 960))


def expand(lines: Sequence[Line], first_day: date, last_day: date, time_zone: str = SHANGHAI) -> list[Occurrence]:
    return occurrences_of(lines, first_day, last_day, KINDS, time_zone)


def openings(planned: Sequence[Occurrence], time_zone: str) -> list[str]:
    return [one.opens_at.astimezone(ZoneInfo(time_zone)).strftime("%m-%d %H:%M %z") for one in planned]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


lines = st.builds(
    Line,
    kind_id=st.sampled_from(sorted(KINDS)),
    times=st.lists(st.integers(0, 1439), min_size=1, max_size=4, unique=True).map(lambda t: tuple(sorted(t))),
    every=st.integers(1, 5),
    days=st.none() | st.lists(st.integers(-20, 20).filter(bool), min_size=1, max_size=5, unique=True).map(tuple),
)
plans = st.tuples(
    st.lists(lines, min_size=1, max_size=3),
    st.dates(date(1980, 1, 1), date(2037, 12, 1)),
    st.integers(0, 20),
    st.sampled_from(ZONES),
)


@given(plans)
@example(([TWICE], date(2011, 12, 28), 5, "Pacific/Apia"))
@example(([TWICE], date(2011, 12, 30), 0, "Pacific/Apia"))
@example(([Line(kind_id=CHECK.id, times=(125, 150, 170))], date(2026, 3, 28), 2, BERLIN))
@example(([Line(kind_id=CHECK.id, times=(0, 1439))], date(2024, 2, 28), 2, SHANGHAI))
def test_every_occurrence_is_there_once_and_of_each_kind_one_begins_where_the_one_before_ends(
    plan: tuple[list[Line], date, int, str],
) -> None:
    given_lines, first_day, more, time_zone = plan
    last_day = first_day + more * DAY
    planned = expand(given_lines, first_day, last_day, time_zone)
    over_at = day_begins(last_day + DAY, time_zone)
    assert len({one.key for one in planned}) == len(planned)
    assert planned == sorted(planned, key=lambda one: one.opens_at)
    for kind_id in KINDS:
        of_kind = [one for one in planned if one.kind_id == kind_id]
        assert [one.ends_at for one in of_kind] == [*(one.opens_at for one in of_kind[1:]), over_at][: len(of_kind)]
    for one in planned:
        assert day_begins(first_day, time_zone) <= one.opens_at < one.due_at <= one.ends_at <= over_at
        assert one.on_day == first_day + (one.day - 1) * DAY


@given(plans)
def test_none_is_lost_but_in_hours_that_the_clocks_leap_over(plan: tuple[list[Line], date, int, str]) -> None:
    given_lines, first_day, more, time_zone = plan
    days = more + 1
    planned = {one.key for one in expand(given_lines, first_day, first_day + more * DAY, time_zone)}
    for line in given_lines:
        for day in line.days_of(days):
            on_day = first_day + (day - 1) * DAY
            for minute in line.times:
                shown = moment_of(on_day, minute, time_zone).astimezone(ZoneInfo(time_zone))
                is_shown = (shown.date(), shown.hour * 60 + shown.minute) == (on_day, minute)
                assert (line.kind_id, day, minute) in planned or not is_shown


@given(st.dates(date(1980, 1, 1), date(2037, 12, 1)), st.integers(0, 1439), st.sampled_from(ZONES))
def test_a_wall_time_is_taken_the_first_time_and_a_missing_one_right_after_the_leap(
    day: date, minute: int, time_zone: str
) -> None:
    zone = ZoneInfo(time_zone)
    found = moment_of(day, minute, time_zone)
    wall = datetime.combine(day, time(minute // 60, minute % 60))

    def shown(moment: datetime) -> datetime:
        return moment.astimezone(zone).replace(tzinfo=None)

    assert shown(found) >= wall
    assert shown(found - timedelta(seconds=1)) < wall


@given(plans)
def test_the_last_day_is_the_last_and_every_so_many_days_begins_with_the_first(
    plan: tuple[list[Line], date, int, str],
) -> None:
    _, first_day, more, _ = plan
    days = more + 1
    release = Line(kind_id=VISIT.id, times=(540,), days=(-1,))
    assert list(release.days_of(days)) == [days]
    assert list(Line(kind_id=VISIT.id, times=(540,), every=3).days_of(days)) == list(range(1, days + 1, 3))
    assert list(Line(kind_id=VISIT.id, times=(540,), days=(1, 4, 99, -99)).days_of(days)) == [
        day for day in (1, 4) if day <= days
    ]
    assert length(first_day, first_day + more * DAY) == days


def test_the_clocks_go_forward() -> None:
    """At 02:00 on 29 March 2026 it is 03:00 in Berlin."""
    night = Line(kind_id=CHECK.id, times=(150,))
    planned = expand([night], date(2026, 3, 28), date(2026, 3, 30), BERLIN)
    assert openings(planned, BERLIN) == ["03-28 02:30 +0100", "03-29 03:00 +0200", "03-30 02:30 +0200"]


def test_the_clocks_go_back() -> None:
    """At 03:00 on 25 October 2026 it is 02:00 again in Berlin."""
    night = Line(kind_id=CHECK.id, times=(150,))
    planned = expand([night], date(2026, 10, 24), date(2026, 10, 26), BERLIN)
    assert openings(planned, BERLIN) == ["10-24 02:30 +0200", "10-25 02:30 +0200", "10-26 02:30 +0100"]


def test_of_two_that_a_leap_makes_one_the_later_stands() -> None:
    night = Line(kind_id=CHECK.id, times=(125, 150, 480))
    planned = expand([night], date(2026, 3, 29), date(2026, 3, 29), BERLIN)
    assert [one.minute for one in planned] == [150, 480]


def test_a_day_that_the_calendar_leaves_out_has_nothing_due() -> None:
    """Samoa went from 29 to 31 December 2011."""
    planned = expand([TWICE], date(2011, 12, 29), date(2011, 12, 31), "Pacific/Apia")
    assert [(one.day, one.minute) for one in planned] == [(1, 480), (1, 960), (3, 480), (3, 960)]


def test_months_end_and_february_leaps() -> None:
    once = Line(kind_id=CHECK.id, times=(480,))
    assert openings(expand([once], date(2024, 2, 28), date(2024, 3, 1)), SHANGHAI) == [
        "02-28 08:00 +0800",
        "02-29 08:00 +0800",
        "03-01 08:00 +0800",
    ]
    assert [one.on_day for one in expand([once], date(2026, 12, 31), date(2027, 1, 1))] == [
        date(2026, 12, 31),
        date(2027, 1, 1),
    ]


def test_it_is_due_as_its_kind_says_and_at_the_latest_when_it_ends() -> None:
    first, second = expand([TWICE], date(2026, 3, 2), date(2026, 3, 2))
    assert (first.due_at - first.opens_at, second.due_at - second.opens_at) == (6 * HOUR, 6 * HOUR)
    assert (first.ends_at, second.ends_at) == (second.opens_at, utc("2026-03-02T16:00"))
    thrice = expand([Line(kind_id=CHECK.id, times=(480, 600))], date(2026, 3, 2), date(2026, 3, 2))
    assert thrice[0].due_at == thrice[0].ends_at == thrice[1].opens_at
    (visit,) = expand([Line(kind_id=VISIT.id, times=(600,))], date(2026, 3, 2), date(2026, 3, 2))
    assert visit.due_at == utc("2026-03-02T16:00")


@pytest.mark.parametrize(
    ("now", "made"),
    [
        ("2026-03-01T23:59", [480, 960]),
        ("2026-03-02T02:00", [480, 960]),  # 10:00: open, and not due before 14:00
        ("2026-03-02T06:00", [960]),  # 14:00: it was due
        ("2026-03-02T14:00", []),  # 22:00
    ],
)
def test_a_plan_made_late_has_what_is_not_due_yet(now: str, made: list[int]) -> None:
    planned = expand([TWICE], date(2026, 3, 2), date(2026, 3, 2))
    assert [one.minute for one in still_to_come(planned, utc(now))] == made


def test_what_is_open_already_is_not_asked_for_again_where_the_same_kind_is_done_or_with_a_team() -> None:
    planned = expand([TWICE], date(2026, 3, 2), date(2026, 3, 2))
    now = utc("2026-03-02T02:00")
    done = Window(kind_id=CHECK.id, opens_at=utc("2026-03-01T23:00"), due_at=utc("2026-03-02T05:00"))
    assert [one.minute for one in still_to_come(planned, now, [done])] == [960]
    of_another = Window(kind_id=VISIT.id, opens_at=done.opens_at, due_at=done.due_at)
    assert len(still_to_come(planned, now, [of_another])) == 2
    before = Window(kind_id=CHECK.id, opens_at=utc("2026-03-01T20:00"), due_at=planned[0].opens_at)
    assert len(still_to_come(planned, now, [before])) == 2


days_of_plan = st.sets(st.dates(date(2026, 1, 1), date(2026, 2, 28)), max_size=20)


@given(
    days_of_plan, st.none() | st.dates(date(2026, 1, 1), date(2026, 2, 28)), st.integers(1, 5), st.sampled_from(ZONES)
)
def test_a_subject_is_lost_after_so_many_planned_days_unseen(
    days: set[date], last_seen: date | None, lost_after_days: int, time_zone: str
) -> None:
    at = lost_at(days, last_seen, lost_after_days, time_zone)
    unseen = sorted(day for day in days if last_seen is None or day > last_seen)
    if at is None:
        assert len(unseen) < lost_after_days
    else:
        over = [day for day in unseen if day_begins(day + DAY, time_zone) <= at]
        assert len(over) == lost_after_days
        assert day_of(at - timedelta(seconds=1), time_zone) == over[-1]
    assert lost_at(days, last_seen, None, time_zone) is None


@pytest.mark.parametrize(
    ("first_day", "last_day", "wrong"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), []),
        (date(2026, 3, 3), date(2026, 3, 2), ["last_day"]),
        (date(2026, 2, 1), date(2026, 3, 1), ["last_day"]),
        (date(2026, 3, 2), date(2027, 3, 3), ["last_day"]),
        (date(2024, 1, 1), date(2026, 3, 2), ["first_day", "last_day"]),
    ],
)
def test_days_that_nobody_means_are_refused(first_day: date, last_day: date, wrong: list[str]) -> None:
    said: list[str] = []
    try:
        check_days(first_day, last_day, date(2026, 3, 2))
    except Invalid as refused:
        said = [error.loc for error in refused.errors]
    assert said == wrong
