"""The numbers by which a district is steered, by its own days. What each one means stands here and, for people, in the glossary.

All of them are counted anew at each asking from what is stored, so a report that comes late, or a correction, mends the day to which it
belongs. A *day* runs from midnight to midnight in the district's time zone: 23 or 25 hours where clocks change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from shared.domain.wall_clock import day_begins

MOST_DAYS = 92
"""A quarter of a year: what one answer covers at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of a district: from `begins` until just before `ends`, in UTC."""

    date: date
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Waiting without a team for one reason. `tasks` waited for it at some time, `seconds` is what they waited together."""

    tasks: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of a day, or of several together.

    posted: tasks taken in.
    on_time, late: tasks completed, by when the person was first seen (the phone's time, mended): by `due_at` as it stood last, or after it.
        They belong to the day of that visit, whenever the report came. A visit that was struck counts nowhere.
    became_overdue: tasks whose `due_at` passed (or had passed when they were posted) while nobody had been seen and nobody had closed them.
    not_executable, cancelled, expired: tasks closed so, by when that was.
    response_s: the median of the seconds from when a task could be begun (posted; or its window opened, where that was later and before the
        visit) to its first visit that counted, whatever it found, of the tasks first visited that day. None: there were none. A visit that
        does not see the person moves the window, so where the window had opened later than the posting and the first visit did not see the
        person, it is taken from the posting.
    visits, seen: visits recorded (calls too), and those of them that saw the person.
    waiting: by reason, from the events: who waited for several reasons counts at each. A change of reason that no event told (by a release
        before these figures) is not seen.
    stops_timed, travel_s, at_door_s: stops at which the phones said that the team set out and arrived, and when it recorded the last visit
        there: their number, the time under way and the time there. They belong to the day of the arrival.
    subjects_followed, subjects_seen: people under follow-up on that day, the last day of a follow-up that ended early included, and of them
        those whom a visit saw that day, whatever for. Of days ahead nobody is counted; several days together count people once a day.
    occurrences_done, occurrences_missed: what follow-ups had due on that day and was done, and what was not when the next one came; a visit
        that comes late makes it done. What was withdrawn or cancelled counts nowhere.
    alarms: by what they are about, those raised that day, each once however far it went up.
    """

    posted: int = 0
    on_time: int = 0
    late: int = 0
    became_overdue: int = 0
    not_executable: int = 0
    cancelled: int = 0
    expired: int = 0
    response_s: float | None = None
    visits: int = 0
    seen: int = 0
    waiting: Mapping[str, Waiting]
    stops_timed: int = 0
    travel_s: float = 0
    at_door_s: float = 0
    subjects_followed: int = 0
    subjects_seen: int = 0
    occurrences_done: int = 0
    occurrences_missed: int = 0
    alarms: Mapping[str, int]

    @property
    def completed(self) -> int:
        return self.on_time + self.late

    @property
    def travel_share(self) -> float | None:
        """The part of the time under way and at doors that was under way, at the stops of which that is known; None: at none."""
        whole = self.travel_s + self.at_door_s
        return self.travel_s / whole if whole else None

    @property
    def seen_share(self) -> float | None:
        """The part of the people under follow-up that was seen; None: there were none."""
        return self.subjects_seen / self.subjects_followed if self.subjects_followed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamFigures:
    """A team's visits, of them those that saw the person, and its hours on shift until now, each by day."""

    team_id: UUID
    code: str
    name: str
    visits: Sequence[int]
    seen: Sequence[int]
    shift_h: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFigures:
    """The visits at which a member was there, those they recorded, and their hours on a team on shift until now, each by day."""

    member_id: UUID
    name: str
    role: str
    visits: Sequence[int]
    recorded: Sequence[int]
    shift_h: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictFigures:
    """The figures of each day, of all days together, and who did how much."""

    days: Sequence[Day]
    by_day: Sequence[Figures]
    whole: Figures
    teams: Sequence[TeamFigures]
    members: Sequence[MemberFigures]


def days_between(first: date, last: date, time_zone: str) -> list[Day]:
    """The days from the first to the last, both included, in that time zone."""
    dates = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [
        Day(date=each, begins=day_begins(each, time_zone), ends=day_begins(each + timedelta(days=1), time_zone))
        for each in dates
    ]
