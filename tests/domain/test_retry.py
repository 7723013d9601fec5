"""The next attempt: how often, after how long, in which part of the day."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.ids import new_id
from shared.domain.retry import ENOUGH_ROOM, LONGEST_EXTRA_WINDOW, DayPart, Retry, after_visit, part_of_day
from shared.domain.task import AfterVisit, Task
from shared.domain.words import Channel, Outcome, Status

SHANGHAI = "Asia/Shanghai"
ZONES = (SHANGHAI, "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo")
UNSEEN = [outcome for outcome in Outcome if not outcome.saw_the_person]

moments = st.datetimes(datetime(2011, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive
spans = st.timedeltas(timedelta(0), timedelta(days=4))
zones = st.sampled_from(ZONES)


def shanghai(hour: int, minute: int = 0, *, day: int = 2) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=ZoneInfo(SHANGHAI))


def task(earliest: datetime, due_at: datetime, *, attempts: int = 0, max_attempts: int = 3) -> Task:
    return Task(
        id=new_id(),
        district_id=new_id(),
        kind_id=new_id(),
        channel=Channel.VISIT,
        earliest=earliest,
        due_at=due_at,
        priority=3,
        roles=(),
        service_s=60,
        attempts=attempts,
        max_attempts=max_attempts,
        created_at=earliest,
        updated_at=earliest,
    )


def again(window: tuple[datetime, datetime], at: datetime, after: timedelta, *, elsewhen: bool = True) -> AfterVisit:
    """After a knock at which nobody was there."""
    retry = Retry(after=after, elsewhen=elsewhen, time_zone=SHANGHAI)
    return after_visit(task(*window), Outcome.UNAVAILABLE, at, retry)


@pytest.mark.parametrize(
    ("wall", "part"),
    [
        ((0, 0), DayPart.NIGHT),
        ((5, 59), DayPart.NIGHT),
        ((6, 0), DayPart.MORNING),
        ((10, 59), DayPart.MORNING),
        ((11, 0), DayPart.NOON),
        ((17, 0), DayPart.EVENING),
        ((21, 59), DayPart.EVENING),
        ((22, 0), DayPart.NIGHT),
    ],
)
def test_a_day_has_parts_by_the_districts_clock(wall: tuple[int, int], part: DayPart) -> None:
    assert part_of_day(shanghai(*wall), SHANGHAI) is part


def test_nobody_home_in_the_morning_is_tried_at_noon_and_then_in_the_evening() -> None:
    window = (shanghai(8), shanghai(8, day=3))
    first = again(window, shanghai(9), timedelta(minutes=30))
    assert first.earliest == shanghai(11)
    second = again(window, shanghai(11, 20), timedelta(minutes=30))
    assert second.earliest == shanghai(17)
    assert {first.due_at, second.due_at} == {window[1]}


def test_nobody_is_tried_again_at_night_while_the_window_leaves_another_time() -> None:
    window = (shanghai(8), shanghai(12, day=3))
    assert again(window, shanghai(21), timedelta(hours=2)).earliest == shanghai(6, day=3)
    assert again(window, shanghai(23), timedelta(hours=2)).earliest == shanghai(6, day=3)


def test_a_window_that_leaves_no_other_part_of_the_day_is_used_as_it_is() -> None:
    assert again((shanghai(8), shanghai(11, 20)), shanghai(8, 30), timedelta(hours=1)).earliest == shanghai(9, 30)
    assert again((shanghai(8), shanghai(11, 30)), shanghai(8, 30), timedelta(hours=1)).earliest == shanghai(11)


def test_without_the_rule_only_the_pause_counts() -> None:
    window = (shanghai(8), shanghai(20))
    assert again(window, shanghai(9), timedelta(minutes=30), elsewhen=False).earliest == shanghai(9, 30)


def test_what_opens_after_it_was_due_gets_as_long_as_before_and_at_most_two_hours() -> None:
    opened = again((shanghai(8), shanghai(9)), shanghai(8, 50), timedelta(hours=2))
    assert (opened.earliest, opened.due_at) == (shanghai(10, 50), shanghai(11, 50))
    long = again((shanghai(8, day=1), shanghai(9)), shanghai(8, 50), timedelta(hours=2))
    assert long.due_at == shanghai(12, 50)


@given(
    opens=moments,
    lasts=spans,
    late=spans,
    after=spans,
    elsewhen=st.booleans(),
    zone=zones,
    outcome=st.sampled_from(UNSEEN),
)
def test_a_window_never_ends_before_it_opens_and_never_opens_before_the_pause_is_over(
    opens: datetime, lasts: timedelta, late: timedelta, after: timedelta, elsewhen: bool, zone: str, outcome: Outcome
) -> None:
    knocked = opens + late
    known = task(opens, opens + lasts)
    found = after_visit(known, outcome, knocked, Retry(after=after, elsewhen=elsewhen, time_zone=zone))
    assert found.status is Status.PENDING
    assert found.earliest is not None
    assert found.due_at is not None
    assert found.earliest <= found.due_at
    assert found.earliest >= max(knocked + after, opens)
    assert found.due_at >= known.due_at
    assert found.due_at <= max(known.due_at, found.earliest + LONGEST_EXTRA_WINDOW)


@given(opens=moments, lasts=spans, late=spans, after=spans, zone=zones)
def test_elsewhen_is_another_part_of_the_day_whenever_the_window_leaves_one(
    opens: datetime, lasts: timedelta, late: timedelta, after: timedelta, zone: str
) -> None:
    knocked = opens + late
    known = task(opens, opens + lasts)
    found = after_visit(known, Outcome.UNAVAILABLE, knocked, Retry(after=after, elsewhen=True, time_zone=zone))
    assert found.earliest is not None
    soonest, latest = max(knocked + after, opens), known.due_at - ENOUGH_ROOM
    tried = part_of_day(knocked, zone)
    candidates = [
        soonest + timedelta(minutes=10) * step for step in range((latest - soonest) // timedelta(minutes=10) + 1)
    ]
    others = [moment for moment in candidates if part_of_day(moment, zone) not in (tried, DayPart.NIGHT)]
    if others:
        assert part_of_day(found.earliest, zone) not in (tried, DayPart.NIGHT)
        assert soonest <= found.earliest <= min(others), "and no later than needed"
        assert found.due_at == known.due_at
    elif part_of_day(found.earliest, zone) == tried:
        assert found.earliest == soonest


@given(
    outcomes=st.lists(st.sampled_from(list(Outcome)), max_size=12),
    most=st.integers(1, 5),
    elsewhen=st.booleans(),
    zone=zones,
    start=moments,
)
def test_attempts_never_exceed_the_most_and_every_task_ends_or_waits_for_another(
    outcomes: list[Outcome], most: int, elsewhen: bool, zone: str, start: datetime
) -> None:
    retry = Retry(after=timedelta(hours=1), elsewhen=elsewhen, time_zone=zone)
    earliest, due_at, attempts = start, start + timedelta(hours=8), 0
    for outcome in outcomes:
        known = task(earliest, due_at, attempts=attempts, max_attempts=most)
        found = after_visit(known, outcome, earliest, retry)
        attempts = found.attempts
        assert attempts <= most
        if found.status is not Status.PENDING:
            assert found.status is (Status.COMPLETED if outcome.saw_the_person else Status.NOT_EXECUTABLE)
            assert outcome.saw_the_person or attempts == most
            return
        assert found.earliest is not None
        assert found.due_at is not None
        earliest, due_at = found.earliest, found.due_at
    assert attempts == len(outcomes) < most
