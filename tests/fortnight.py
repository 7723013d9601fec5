"""What should come of follow-ups, worked out by a model that knows nothing of how plans are kept: for the test of a fortnight."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Berlin")
STEP = timedelta(minutes=30)
AHEAD = timedelta(hours=4)
"""follow_up_ahead_s of a district that did not set it."""
DUE_AFTER = {
    "temperature_check": timedelta(hours=6),
    "isolation_visit": timedelta(hours=12),
    "release": timedelta(hours=12),
}


@dataclass(frozen=True)
class Plan:
    """What somebody reads in a protocol: kind → the days on which it is due and the times of such a day."""

    protocol: str | None
    days: int
    lines: dict[str, tuple[tuple[int, ...], tuple[str, ...]]]
    lost_after_days: int


def every(step: int, days: int) -> tuple[int, ...]:
    return tuple(range(1, days + 1, step))


ISOLATION = Plan(
    "home_isolation",
    14,
    {
        "temperature_check": (every(1, 14), ("08:00", "16:00")),
        "isolation_visit": (every(3, 14), ("10:00",)),
        "release": ((14,), ("09:00",)),
    },
    2,
)
MONITORING = Plan("health_monitoring", 7, {"temperature_check": (every(1, 7), ("09:00",))}, 3)
WATCH = Plan(
    "fever_watch",
    7,
    {"temperature_check": (every(1, 7), ("08:00", "14:00", "20:00")), "isolation_visit": (every(1, 7), ("10:00",))},
    1,
)
BY_HAND = Plan(None, 10, {"temperature_check": ((1, 4, 7, 8, 10), ("02:30", "14:00"))}, 5)


@cache
def moment(day: date, clock: str) -> datetime:
    """The first minute of that day at which the clocks of the district show that time or a later one, found by looking at every minute."""
    wanted = datetime.combine(day, datetime.strptime(clock, "%H:%M").time())  # noqa: DTZ007 - wall time, compared with wall time
    minute = datetime.combine(day, datetime.min.time(), UTC) - timedelta(hours=3)
    while minute.astimezone(ZONE).replace(tzinfo=None) < wanted:
        minute += timedelta(minutes=1)
    return minute


@dataclass
class Slot:
    """One thing due in the model: (kind, day, time) and what became of it."""

    kind: str
    day: int
    clock: str
    opens: datetime
    due: datetime
    ends: datetime
    accepted: bool = False
    seen: bool = False

    @property
    def key(self) -> tuple[str, int, str]:
        return self.kind, self.day, self.clock


@dataclass
class Followed:
    """The model of one follow-up: when it began, and what was done about it."""

    id: UUID
    plan: Plan
    subject: UUID
    started: datetime
    first_day: date
    slots: list[Slot]
    ended: datetime | None = None
    status: str = "under_follow_up"
    seen_at: list[datetime] = field(default_factory=list)
    measured: Counter[date] = field(default_factory=Counter)  # day → temperatures taken
    never_in: bool = False

    @property
    def over(self) -> datetime:
        return moment(self.first_day + timedelta(days=self.plan.days), "00:00")

    def slot(self, key: tuple[str, int, str]) -> Slot:
        return next(slot for slot in self.slots if slot.key == key)


def slots_of(plan: Plan, first_day: date, now: datetime, before: list[Slot]) -> list[Slot]:
    """All that is due of a plan that begins now: what is past is not asked for, nor what `before` has done, or a team accepted, today."""
    slots: list[Slot] = []
    over = moment(first_day + timedelta(days=plan.days), "00:00")
    for kind, (days, clocks) in plan.lines.items():
        opening = sorted(
            (moment(first_day + timedelta(days=day - 1), clock), day, clock) for day in days for clock in clocks
        )
        for (opens, day, clock), ends in zip(opening, [*(o for o, _, _ in opening[1:]), over], strict=True):
            due = min(opens + DUE_AFTER[kind], ends)
            covered = any(
                slot.kind == kind and slot.due > now and (slot.seen or slot.accepted) and slot.opens < due
                for slot in before
            )
            if due > now and not (opens < now and covered):
                slots.append(Slot(kind, day, clock, opens, due, ends))
    return slots


def expected_states(followed: Followed, now: datetime) -> dict[tuple[str, int, str], str]:
    """What should be there of a follow-up: what is withdrawn or was never made is not."""
    end = followed.ended or now
    states: dict[tuple[str, int, str], str] = {}
    for slot in followed.slots:
        if slot.seen:
            states[slot.key] = "done"
        elif slot.ends <= end:
            states[slot.key] = "missed"
        elif slot.accepted:
            states[slot.key] = "open"
        elif followed.ended is None and slot.due < now and slot.kind == "temperature_check":
            states[slot.key] = "missed"  # worthless after its window
        elif followed.ended is None:
            states[slot.key] = "open" if slot.opens <= now + AHEAD else "planned"
        elif slot.due < end and slot.kind == "temperature_check":
            states[slot.key] = "missed"
    return states


def unseen_days(followed: Followed, end: datetime) -> int:
    """Days with something planned that were wholly over at the end, since the one on which the subject was last seen."""
    seen = max((at.astimezone(ZONE).date() for at in followed.seen_at if at <= end), default=date.min)
    planned = {slot.opens.astimezone(ZONE).date() for slot in followed.slots}
    return sum(day > seen and moment(day + timedelta(days=1), "00:00") <= end for day in planned)


def moments(first_day: date, days: int) -> Iterator[datetime]:
    now, end = moment(first_day, "06:00"), moment(first_day + timedelta(days=days), "01:00")
    while now <= end:
        yield now
        now += STEP


def minutes_of(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def clock_of(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def difference(followed: Followed, found: dict[Any, str], expected: dict[Any, str]) -> str:
    unlike = sorted(key for key in found.keys() | expected.keys() if found.get(key) != expected.get(key))
    told = [f"{key}: {found.get(key)} instead of {expected.get(key)}" for key in unlike]
    return f"{followed.plan.protocol} {followed.status} from {followed.started} to {followed.ended}: {told}"
