"""A team and its shifts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.domain.breaks import Break
from shared.domain.clock import aware
from shared.domain.errors import FieldError, Invalid
from shared.domain.geography import Point
from shared.domain.words import Mode

LONGEST_SHIFT = timedelta(hours=24)  # a standby of three 8-hour shifts may be one


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """One row of `teams`."""

    id: UUID
    district_id: UUID
    code: str
    name: str
    mode: Mode = Mode.WALK
    home_grid_id: UUID | None = None
    start_lat: float | None = None
    start_lon: float | None = None
    place_lat: float | None = None
    place_lon: float | None = None
    place_at: datetime | None = None
    max_visits: int | None = None  # in one shift; None: the district's
    active: bool = True
    route_version: int = 0
    roster_version: int = 0
    created_at: datetime | None = None  # None: not stored yet

    @property
    def start(self) -> Point | None:
        return None if self.start_lat is None or self.start_lon is None else Point(self.start_lat, self.start_lon)

    @property
    def place(self) -> Point | None:
        """The last known place."""
        return None if self.place_lat is None or self.place_lon is None else Point(self.place_lat, self.place_lon)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One working period of a team, from `starts_at` until before `ends_at`, in UTC."""

    id: UUID
    district_id: UUID
    team_id: UUID
    starts_at: datetime
    ends_at: datetime
    break_: Break | None = None
    break_began_at: datetime | None = None
    break_over_at: datetime | None = None  # in the past, or a little ahead
    closed_at: datetime | None = None  # when what it left open was given back
    created_at: datetime | None = None  # None: not stored yet

    def __post_init__(self) -> None:
        aware(self.starts_at)
        aware(self.ends_at)


def check_span(starts_at: datetime, ends_at: datetime, where: str = "") -> None:
    """Raises Invalid, naming `{where}ends_at`, unless the shift runs forward and is at most a day long."""
    if not timedelta(0) < aware(ends_at) - aware(starts_at) <= LONGEST_SHIFT:
        problem = "Give a time after starts_at, at most 24 hours later."
        raise Invalid(errors=(FieldError(in_="body", loc=f"{where}ends_at", msg=problem),))
