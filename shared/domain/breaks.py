"""A shift's break: one piece of its team's walk, begun inside a window.

* It has **begun** when a member says so (duty `break`) from about the opening of its window on, or, unannounced, when it is the next thing
  in the walk and the time planned for it has come.
* It is **over** when it has lasted as long as it should, when nobody of the team rests any more, or when the team sets out.
* Cut short before its half, it was none: it is still ahead. So neither a slip of a thumb nor a team that walked on loses a break, and a
  break that was had is never planned again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.domain.clock import aware
from shared.domain.district import DistrictSettings
from shared.domain.errors import FieldError, Invalid
from shared.domain.routing import TeamOnShift, Work, timetable

PRIORITY = 5
ABOUT = timedelta(minutes=10)
"""A break that begins so much before its window is the break. What a member rests before that is their own affair."""
_ENOUGH = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """What people set: it begins from `earliest` to `latest` and lasts `duration_s`. Raises NaiveTime."""

    earliest: datetime
    latest: datetime
    duration_s: int

    def __post_init__(self) -> None:
        aware(self.earliest)
        aware(self.latest)

    @property
    def duration(self) -> timedelta:
        return timedelta(seconds=self.duration_s)

    def may_begin(self, at: datetime) -> bool:
        """Whether rest that begins then is this break; after the window it is, too, and late."""
        return at >= self.earliest - ABOUT

    def was_had(self, began_at: datetime, ended_at: datetime) -> bool:
        """Whether that much of it counts as the break."""
        return ended_at - began_at >= _ENOUGH * self.duration

    def work(self, shift_id: UUID, *, began_at: datetime | None = None, over_at: datetime | None = None) -> Work:
        """The break in a walk: ahead, or under way from `began_at` until `over_at`."""
        service_s = self.duration_s
        if began_at is not None and over_at is not None:
            service_s = round((over_at - began_at).total_seconds())
        return Work(
            task_id=shift_id,
            door=None,
            point=None,
            grid_id=None,
            earliest=self.earliest if began_at is None else min(self.earliest, began_at),
            due_at=self.latest,
            service_s=service_s,
            priority=PRIORITY,
            roles=frozenset(),
            capabilities=frozenset(),
            team_fixed=True,
            arrived_at=began_at,
            is_break=True,
        )


def usual_break(settings: DistrictSettings, starts_at: datetime, ends_at: datetime) -> Break | None:
    """The break of a shift that is made without a word on it; None where the district has none, or the shift is too short for it."""
    if settings.break_s is None:
        return None
    earliest = starts_at + timedelta(seconds=settings.break_after_s)
    last = ends_at - timedelta(seconds=settings.break_s)
    if earliest > last:
        return None
    latest = min(earliest + timedelta(seconds=settings.break_window_s), last)
    return Break(earliest=earliest, latest=latest, duration_s=settings.break_s)


def check_break(given: Break | None, starts_at: datetime, ends_at: datetime, where: str = "") -> None:
    """Raises Invalid, naming fields of `{where}break`, unless it lies in the shift however late it begins in its window."""
    if given is None:
        return
    errors = []
    if not starts_at <= given.earliest <= ends_at:
        errors.append(("earliest", "Give a time in the shift."))
    if given.latest < given.earliest:
        errors.append(("latest", "Give a time that is not before earliest."))
    elif given.latest + given.duration > ends_at:
        errors.append(("latest", "A break that begins then ends after the shift."))
    if errors:
        raise Invalid(errors=tuple(FieldError(in_="body", loc=f"{where}break.{name}", msg=msg) for name, msg in errors))


def place_of_break(team: TeamOnShift, work: Work) -> int:
    """Where in the team's walk a break comes that nobody has put anywhere yet, behind what is under way.

    The first place at which the team is free inside the window; else the last at which the break is not late; else the first.
    """
    first = max((at for at, held in enumerate(team.works, start=1) if held.is_under_way), default=0)
    free_at = [team.free_at, *(stop.leave_at for stop in timetable(team, team.works))][first:]
    inside = (at for at, free in enumerate(free_at, start=first) if work.earliest <= free <= work.due_at)
    in_time = [at for at, free in enumerate(free_at, start=first) if free <= work.due_at]
    return next(inside, in_time[-1] if in_time else first)
