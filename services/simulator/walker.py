"""A team in the simulated street: where it is, what it has to do, what it is doing."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.simulator.day import DayTeam
from shared.domain.geography import Point
from shared.domain.routing import TeamOnShift, Work


@dataclass(slots=True, kw_only=True)
class Walker:
    """Changes as the day goes. `works` begins with what is under way. `step` counts decisions: what an older one set going is void."""

    team: DayTeam
    place: Point
    roles: frozenset[str]
    works: list[Work] = field(default_factory=list)
    set_out_at: datetime | None = None  # on the way to works[0]
    began_at: datetime | None = None  # at the door of works[0]
    visits_made: int = 0
    step: int = 0

    @property
    def team_id(self) -> UUID:
        return self.team.team_id

    @property
    def is_under_way(self) -> bool:
        return self.set_out_at is not None or self.began_at is not None

    @property
    def waiting_works(self) -> list[Work]:
        """What it has to do and is not under way to."""
        return self.works[1:] if self.is_under_way else self.works[:]

    def is_on_shift(self, now: datetime) -> bool:
        return self.team.on_from <= now < self.team.on_until

    def as_seen(self, now: datetime) -> TeamOnShift:
        """As a plan sees it: what the worker would load."""
        return TeamOnShift(
            team_id=self.team_id,
            shift_id=self.team_id,
            pace=self.team.pace,
            place=self.place,
            shift_starts=self.team.on_from,
            free_at=max(now, self.team.on_from),
            shift_ends=self.team.on_until,
            roles=self.roles,
            capabilities=self.team.capabilities,
            home_grid_id=self.team.home_grid_id,
            visits_left=None,
            visits_made=self.visits_made,
            setup_s=0,
            works=tuple(self.works),
        )

    def times_of_next(self, now: datetime) -> tuple[datetime, datetime]:
        """When it would set out for its first work, just in time for the window, and begin there."""
        work = self.works[0]
        travel = timedelta(seconds=self.team.pace.seconds(self.place, work.point) if work.point else 0)
        begin_at = max(now + travel, work.earliest)
        return begin_at - travel, begin_at

    def set_out(self, now: datetime) -> None:
        self.set_out_at = now
        self.works[0] = replace(self.works[0], departed_at=now)

    def begin(self, now: datetime) -> Work:
        """It is at the door, and knocks. Returns what for."""
        self.set_out_at, self.began_at = None, now
        self.works[0] = replace(self.works[0], arrived_at=now)
        self.place = self.works[0].point or self.place
        return self.works[0]

    def leave(self) -> Work:
        """The visit is over. Returns the work as it was before."""
        self.began_at = None
        self.visits_made += 1
        return _not_under_way(self.works.pop(0))

    def stop_on_the_way(self, now: datetime) -> Work:
        """It learns on the way that it need not go on. Returns the work as it was before."""
        if self.set_out_at is None:
            raise ValueError("it is not on its way")
        work = self.works.pop(0)
        self.place = _on_the_way(self.place, work.point, self._part_walked(work, now))
        self.set_out_at = None
        self.step += 1
        return _not_under_way(work)

    def _part_walked(self, work: Work, now: datetime) -> float:
        if work.point is None or self.set_out_at is None:
            return 0.0
        whole_s = self.team.pace.seconds(self.place, work.point)
        return min(1.0, (now - self.set_out_at).total_seconds() / whole_s) if whole_s else 0.0


def _not_under_way(work: Work) -> Work:
    return replace(work, departed_at=None, arrived_at=None)


def _on_the_way(a: Point, b: Point | None, part: float) -> Point:
    """A district is small: its ways are straight lines on the map."""
    if b is None:
        return a
    return Point(a.lat + part * (b.lat - a.lat), a.lon + part * (b.lon - a.lon))
