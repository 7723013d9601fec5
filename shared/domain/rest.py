"""Rest: who must not work yet. Rosters that break a rule are warned of; at dispatch the rule binds.

A **stint** is the time for which one member is rostered in one shift. The rules, each a district's setting:

* Between two shifts of a member lie at least so many hours, in time that passes (a change of the clocks does not shorten a night). A
  stint in another team's shift goes on with the same work where the two shifts overlap: a doctor who is lent to the neighbours at noon
  has one working day. That day is no longer than what the rest leaves of 24 hours, or than its longest shift.
* At most so many days in a row, a stint counting for the district's day in which its work begins.

What a rule keeps a member from is not work: the next rest is counted from what was worked before. So of three shifts in a row the first is
worked, and whoever had no free day in a week has one. What is over stays as it was judged while it was ahead.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.domain.clock import aware
from shared.domain.district import DistrictSettings
from shared.domain.words import RestRule

_A_DAY = timedelta(days=1)
Key = tuple[UUID, UUID]
"""(member_id, shift_id)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stint:
    """One member in one shift, from `starts_at` until before `ends_at`. Raises NaiveTime."""

    member_id: UUID
    shift_id: UUID
    team_id: UUID
    shift_starts: datetime
    shift_ends: datetime
    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        for moment in (self.shift_starts, self.shift_ends, self.starts_at, self.ends_at):
            aware(moment)

    @property
    def key(self) -> Key:
        return self.member_id, self.shift_id


@dataclass(frozen=True, slots=True, kw_only=True)
class RestLimits:
    """A district's rules; None: there is no such rule."""

    between: timedelta | None
    days: int | None
    time_zone: str

    @classmethod
    def of(cls, settings: DistrictSettings, time_zone: str) -> "RestLimits":
        between_s = settings.rest_between_shifts_s
        return cls(
            between=None if between_s is None else timedelta(seconds=between_s),
            days=settings.most_days_in_a_row,
            time_zone=time_zone,
        )

    @property
    def looks_back(self) -> timedelta:
        """What was worked longer ago decides nothing."""
        return timedelta(days=(self.days or 0) + 2) + (self.between or timedelta(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """A member does not count in a shift before `until`; not at all where that is not before the shift's end.

    `since`: when the work ended that the rest follows, or when the first of the days in a row began.
    """

    member_id: UUID
    shift_id: UUID
    team_id: UUID
    rule: RestRule
    since: datetime
    until: datetime

    @property
    def key(self) -> Key:
        return self.member_id, self.shift_id


def judge(
    stints: Iterable[Stint], limits: RestLimits, *, now: datetime, known: Mapping[Key, datetime] | None = None
) -> list[Rest]:
    """The rests of these stints that are not over by `now`, by member and time, one a member and shift.

    `known`: until when rests were judged that stints which are over were part of; those stay facts.
    """
    by_member: dict[UUID, list[Stint]] = defaultdict(list)
    for stint in stints:
        by_member[stint.member_id].append(stint)
    found: dict[Key, Rest] = {}
    for member_id in sorted(by_member):
        worked = _Worked(limits)
        for stint in sorted(by_member[member_id], key=lambda s: (s.starts_at, s.ends_at, s.shift_id)):
            if stint.ends_at <= now:
                worked.take(stint, (known or {}).get(stint.key))
                continue
            rest = worked.rest_before(stint)
            worked.take(stint, None if rest is None else rest.until)
            if rest is not None and (stint.key not in found or found[stint.key].until < rest.until):
                found[stint.key] = rest
    return list(found.values())


@dataclass(slots=True)
class _Worked:
    """What a member has worked so far, stint by stint in order of time."""

    limits: RestLimits
    began_at: datetime | None = None  # the working day that goes on, or was the last
    ended_at: datetime | None = None
    shifts: list[tuple[datetime, datetime]] = field(default_factory=list)  # of that working day
    days: list[tuple[date, datetime]] = field(default_factory=list)  # in a row up to it, and when each began

    def rest_before(self, stint: Stint) -> Rest | None:
        if self._goes_on_with(stint):
            return None
        if self.limits.days is not None and len(row := self._row_with(stint)) > self.limits.days:
            return _rest(stint, RestRule.DAYS_IN_A_ROW, row[0][1], stint.shift_ends)
        if self.limits.between is None or self.ended_at is None:
            return None
        until = self.ended_at + self.limits.between
        return _rest(stint, RestRule.BETWEEN_SHIFTS, self.ended_at, until) if until > stint.starts_at else None

    def take(self, stint: Stint, rest_until: datetime | None) -> None:
        """Count what is worked of the stint when nothing is worked before `rest_until`."""
        begins = stint.starts_at if rest_until is None else max(stint.starts_at, rest_until)
        if begins >= stint.ends_at:
            return
        if not self._goes_on_with(stint):
            self.days = self._row_with(stint)
            self.began_at, self.shifts = begins, []
        self.shifts.append((stint.shift_starts, stint.shift_ends))
        self.ended_at = stint.ends_at if self.ended_at is None else max(self.ended_at, stint.ends_at)

    def _goes_on_with(self, stint: Stint) -> bool:
        if self.began_at is None or not any(
            starts < stint.shift_ends and stint.shift_starts < ends for starts, ends in self.shifts
        ):
            return False
        longest_shift = max(ends - starts for starts, ends in (*self.shifts, (stint.shift_starts, stint.shift_ends)))
        return stint.ends_at - self.began_at <= max(longest_shift, _A_DAY - (self.limits.between or timedelta(0)))

    def _row_with(self, stint: Stint) -> list[tuple[date, datetime]]:
        day = stint.starts_at.astimezone(ZoneInfo(self.limits.time_zone)).date()
        if self.days and day == self.days[-1][0]:
            return self.days
        if self.days and day == self.days[-1][0] + _A_DAY:
            return [*self.days, (day, stint.starts_at)]
        return [(day, stint.starts_at)]


def _rest(stint: Stint, rule: RestRule, since: datetime, until: datetime) -> Rest:
    return Rest(
        member_id=stint.member_id,
        shift_id=stint.shift_id,
        team_id=stint.team_id,
        rule=rule,
        since=since,
        until=until,
    )


def is_free_of_rest(
    stints: Sequence[Stint], extra: Stint, limits: RestLimits, *, now: datetime, known: Mapping[Key, datetime]
) -> bool:
    """Whether one more stint of that member is neither kept short by a rule nor makes one keep another short that was not before."""
    before = {rest.key: rest.until for rest in judge(stints, limits, now=now, known=known)}
    return all(
        rest.key in before and rest.until <= before[rest.key]
        for rest in judge([*stints, extra], limits, now=now, known=known)
    )
