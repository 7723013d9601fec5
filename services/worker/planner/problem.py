"""The planner's frozen input and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from shared.domain.clock import aware
from shared.domain.district import DistrictSettings
from shared.domain.geography import Point
from shared.domain.reasons import Placement, Waiting
from shared.domain.routing import PlannedWork, TeamOnShift, Work


class TravelTimes(Protocol):
    """How long the teams of a problem travel, many places at once; agrees with each team's `Pace.seconds`."""

    def to_and_from(
        self, lat: NDArray[np.float64], lon: NDArray[np.float64], point: Point
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Seconds from each place (degrees, one row a team) to the point, and back; 0 where the place is nan."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One district, now: its teams on shift (now or soon) with the walks they have, and the tasks that no team has.

    Raises NaiveTime, and ValueError where a team or a pending task comes twice.
    """

    now: datetime
    district_id: UUID
    settings: DistrictSettings
    teams: tuple[TeamOnShift, ...]
    pending: tuple[Work, ...]

    def __post_init__(self) -> None:
        aware(self.now)
        if len({team.team_id for team in self.teams}) < len(self.teams):
            raise ValueError("a team has one walk: it comes once in a problem")
        if len({work.task_id for work in self.pending}) < len(self.pending):
            raise ValueError("a task is pending once")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What changes: whole new walks of the teams that got something, who got what and why, and why the rest waits."""

    routes: Mapping[UUID, tuple[PlannedWork, ...]]  # by team
    placements: Mapping[UUID, Placement]  # by task
    waiting: Mapping[UUID, Waiting]  # by task
