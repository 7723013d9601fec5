"""A task: a reason to reach a household or person within a window, and what may become of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.geography import Point
from shared.domain.words import Channel, EndReason, Status, WaitingReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One row of `tasks`. Times are aware; `team_id` and `assignment_id` are set exactly while a team holds it."""

    id: UUID
    district_id: UUID
    ref: str | None = None
    kind_id: UUID
    household_id: UUID | None = None
    subject_id: UUID | None = None
    grid_id: UUID | None = None
    channel: Channel
    lat: float | None = None
    lon: float | None = None
    earliest: datetime
    due_at: datetime
    expires: bool = False
    priority: int
    roles: tuple[str, ...]
    capabilities: tuple[str, ...] = ()
    service_s: int
    instructions: str = ""
    status: Status = Status.PENDING
    waiting_reason: WaitingReason | None = WaitingReason.BEING_PLANNED
    waiting_detail: Mapping[str, Any] = field(default_factory=dict)
    plan_at: datetime | None = None
    assignment_id: UUID | None = None
    team_id: UUID | None = None
    attempts: int = 0
    max_attempts: int
    declined_in: tuple[UUID, ...] = ()  # the shifts whose teams declined it
    closed_at: datetime | None = None
    closed_reason: str = ""
    made_by_task_id: UUID | None = None
    version: int = 1
    redacted_at: datetime | None = None  # closed so long ago that it lost its personal data
    created_at: datetime
    updated_at: datetime

    @property
    def point(self) -> Point | None:
        """Where the team has to go; None for a call, or where nobody knows yet."""
        if self.channel is Channel.PHONE or self.lat is None or self.lon is None:
            return None
        return Point(self.lat, self.lon)

    @property
    def is_closed(self) -> bool:
        return self.status.is_closed

    def is_overdue(self, now: datetime) -> bool:
        return not self.is_closed and now > self.due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """The dated fact that a task is with a team, and why; ended, never overwritten."""

    id: UUID
    district_id: UUID
    task_id: UUID
    team_id: UUID
    members: tuple[Mapping[str, Any], ...]
    reason: Mapping[str, Any]
    pinned: bool = False
    assigned_at: datetime
    accepted_at: datetime | None = None
    departed_at: datetime | None = None
    arrived_at: datetime | None = None
    ended_at: datetime | None = None
    end_reason: EndReason | None = None
    end_note: str = ""  # of a team that declined: why, in its own words
    caller_id: UUID | None = None  # of a call: the member who makes it


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterVisit:
    """What a visit that counts makes of its task: closed with `status`, or pending again with a later window."""

    status: Status
    end_reason: EndReason
    attempts: int
    earliest: datetime | None = None
    due_at: datetime | None = None
