"""A follow-up: one subject's plan, and the occurrences at which its tasks are due.

Days are the district's. Day 1 is the first one; an occurrence is one kind at one time of one day. It opens at that time, is due when its
kind says, at the latest when it ends: when the next occurrence of its kind opens, or with the plan's last day.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.domain.clock import aware
from shared.domain.errors import FieldError, Invalid
from shared.domain.intake import HouseholdDraft, SubjectDraft
from shared.domain.kind import Kind
from shared.domain.wall_clock import day_begins, day_of, is_on_calendar, moment_of
from shared.domain.words import FollowUpStatus

LONGEST_DAYS = 366
MOST_OCCURRENCES = 2000
"""Of one follow-up: more is a typing mistake."""


class Expected(StrEnum):
    """How often an item of the ledger is due in a day. Kept inside of a ledger's JSON, so no column has it."""

    AS_PLANNED = "as_planned"  # once for each occurrence of its kinds that day
    DAILY = "daily"
    OPTIONAL = "optional"  # shown where it was done, never missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One kind at some times of some days: `times` in minutes of the district's day (480 is 08:00).

    `days` are chosen ones (1 is the first, -1 the last); None: every `every`-th day from the first on.
    """

    kind_id: UUID
    times: tuple[int, ...]
    every: int = 1
    days: tuple[int, ...] | None = None

    def days_of(self, length: int) -> Iterator[int]:
        """The days of a plan of that many days on which it is due, in no particular order."""
        if self.days is None:
            return iter(range(1, length + 1, self.every))
        counted = (day if day > 0 else length + 1 + day for day in self.days)
        return (day for day in counted if 1 <= day <= length)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerItem:
    """What should be done for a subject in a day, told from the visits that saw them.

    Done by a visit of one of `kind_ids` whose result has `field` (None: any result), with `value` where that is not None.
    """

    code: str
    names: Mapping[str, str]
    kind_ids: tuple[UUID, ...]
    field: str | None = None
    value: bool | int | str | None = None
    expected: Expected = Expected.AS_PLANNED


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """One row of `follow_ups`. `since`: from when on its present lines hold. `over_at`: the midnight that ends the last day."""

    id: UUID
    district_id: UUID
    subject_id: UUID
    protocol_id: UUID | None = None
    status: FollowUpStatus = FollowUpStatus.UNDER_FOLLOW_UP
    first_day: date
    last_day: date
    lines: tuple[Line, ...]
    ledger: tuple[LedgerItem, ...] = ()
    lost_after_days: int | None = None
    since: datetime
    over_at: datetime
    lost_at: datetime | None = None  # lost then, unless somebody sees the subject before
    made_by_task_id: UUID | None = None
    follows_id: UUID | None = None  # the follow-up that was converted to this one
    started_at: datetime
    ended_at: datetime | None = None
    end_reason: str = ""
    version: int = 1

    @property
    def days(self) -> int:
        """How many days it has."""
        return length(self.first_day, self.last_day)

    @property
    def is_live(self) -> bool:
        return self.status is FollowUpStatus.UNDER_FOLLOW_UP

    def day_on(self, today: date) -> int | None:
        """Which of its days that is; None before the first and after the last."""
        number = length(self.first_day, today)
        return number if 1 <= number <= self.days else None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpDraft:
    """A follow-up as somebody asks for it. None: as its protocol says; `first_day` None: today."""

    subject: SubjectDraft
    household: HouseholdDraft | None = None
    id: UUID | None = None
    protocol: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    lines: tuple[Line, ...] | None = None
    ledger: tuple[LedgerItem, ...] | None = None
    lost_after_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One (kind, day, minute) of a follow-up, with its window in UTC. A row of `follow_up_occurrences` before it has a task."""

    kind_id: UUID
    day: int
    on_day: date
    minute: int
    opens_at: datetime
    due_at: datetime
    ends_at: datetime

    @property
    def key(self) -> tuple[UUID, int, int]:
        """What makes it one of its follow-up."""
        return self.kind_id, self.day, self.minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When something of a kind is due, or was."""

    kind_id: UUID
    opens_at: datetime
    due_at: datetime


def length(first_day: date, last_day: date) -> int:
    """Days from one to the other, both counted."""
    return (last_day - first_day).days + 1


def occurrences_of(
    lines: Iterable[Line], first_day: date, last_day: date, kinds: Mapping[UUID, Kind], time_zone: str
) -> list[Occurrence]:
    """Every occurrence of these lines from the first day to the last, by opening, whatever the time is now.

    A day that the calendar leaves out has none. Of two of a kind that a leap of the clocks makes open together the later one stands.
    """
    over_at = day_begins(last_day + timedelta(days=1), time_zone)
    minutes = _minutes_by_kind_and_day(lines, length(first_day, last_day))
    made: list[Occurrence] = []
    for kind_id, days in minutes.items():
        opening = _openings(days, first_day, time_zone)
        for place, (day, on_day, minute, opens_at) in enumerate(opening, start=1):
            ends_at = opening[place][3] if place < len(opening) else over_at
            if opens_at < ends_at:
                made.append(
                    Occurrence(
                        kind_id=kind_id,
                        day=day,
                        on_day=on_day,
                        minute=minute,
                        opens_at=opens_at,
                        due_at=due_at(kinds[kind_id], opens_at, ends_at, time_zone),
                        ends_at=ends_at,
                    )
                )
    return sorted(made, key=lambda one: (one.opens_at, one.day, one.minute, one.kind_id))


def due_at(kind: Kind, opens_at: datetime, ends_at: datetime, time_zone: str) -> datetime:
    """When an occurrence is due: as its kind says, at the latest when it ends."""
    return min(kind.due_at(opens_at, time_zone), ends_at)


def still_to_come(planned: Iterable[Occurrence], now: datetime, covered: Collection[Window] = ()) -> list[Occurrence]:
    """Of a plan that begins to hold `now`: what is not due yet. What is open already counts unless the same kind is done or with a team
    in a window that overlaps (`covered`)."""
    return [one for one in planned if one.due_at > now and not (one.opens_at < now and _is_covered(one, covered))]


def lost_at(
    planned_days: Iterable[date], last_seen: date | None, lost_after_days: int | None, time_zone: str
) -> datetime | None:
    """The end of the day on which the subject is lost: so many days with something planned passed since the one on which they were last
    seen, and nobody saw them. None where the plan has no such day. `last_seen` None: never."""
    if lost_after_days is None:
        return None
    unseen = sorted({day for day in planned_days if last_seen is None or day > last_seen})
    if len(unseen) < lost_after_days:
        return None
    return day_begins(unseen[lost_after_days - 1] + timedelta(days=1), time_zone)


def first_day_of(draft: FollowUpDraft, time_zone: str, now: datetime) -> date:
    """The day given, else the district's today."""
    return draft.first_day or day_of(aware(now), time_zone)


def check_days(first_day: date, last_day: date, today: date) -> None:
    """Raises Invalid where the plan runs backwards, is longer than a year, is over, or begins more than a year away."""
    wrong = []
    if abs((first_day - today).days) > LONGEST_DAYS:
        wrong.append(FieldError(in_="body", loc="first_day", msg="Give a day at most a year away."))
    if last_day < first_day:
        wrong.append(FieldError(in_="body", loc="last_day", msg="Give a day not before first_day."))
    elif last_day < today:
        wrong.append(FieldError(in_="body", loc="last_day", msg="That day is over."))
    elif length(first_day, last_day) > LONGEST_DAYS:
        wrong.append(FieldError(in_="body", loc="last_day", msg=f"Give at most {LONGEST_DAYS} days."))
    if wrong:
        raise Invalid(errors=tuple(wrong))


def check_lines(lines: Sequence[Line], kinds: Mapping[UUID, Kind]) -> None:
    """Raises Invalid naming the lines whose kind is not of the district (`kinds`) or not in use any more, and that none is given."""
    wrong = [
        FieldError(in_="body", loc=f"lines.{index}.kind", msg=problem)
        for index, line in enumerate(lines)
        if (problem := _problem_of(kinds.get(line.kind_id)))
    ]
    if not lines:
        wrong.append(FieldError(in_="body", loc="lines", msg="Say what is due when, or name a protocol."))
    if wrong:
        raise Invalid(errors=tuple(wrong))


def check_number(planned: Sequence[Occurrence]) -> None:
    """Raises Invalid where a plan has more occurrences than people would ever plan."""
    if len(planned) > MOST_OCCURRENCES:
        problem = f"That is due {len(planned)} times; at most {MOST_OCCURRENCES} are taken."
        raise Invalid(errors=(FieldError(in_="body", loc="lines", msg=problem),))


def _problem_of(kind: Kind | None) -> str | None:
    if kind is None:
        return "The district has no such kind."
    return None if kind.active else "This kind is not in use any more."


def _minutes_by_kind_and_day(lines: Iterable[Line], days: int) -> dict[UUID, dict[int, set[int]]]:
    minutes: dict[UUID, dict[int, set[int]]] = {}
    for line in lines:
        for day in line.days_of(days):
            minutes.setdefault(line.kind_id, {}).setdefault(day, set()).update(line.times)
    return minutes


def _openings(days: Mapping[int, set[int]], first_day: date, time_zone: str) -> list[tuple[int, date, int, datetime]]:
    """(day, date, minute, opening) in the order in which they open."""
    found = []
    for day in sorted(days):
        on_day = first_day + timedelta(days=day - 1)
        if is_on_calendar(on_day, time_zone):
            found += [(day, on_day, minute, moment_of(on_day, minute, time_zone)) for minute in sorted(days[day])]
    return sorted(found, key=lambda one: (one[3], one[0], one[2]))


def _is_covered(one: Occurrence, covered: Iterable[Window]) -> bool:
    return any(w.kind_id == one.kind_id and w.opens_at < one.due_at and one.opens_at < w.due_at for w in covered)
