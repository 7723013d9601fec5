"""Who hears which event, and how much of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from shared.domain.alarm import may_know
from shared.domain.reports import told
from shared.domain.words import POLICE

# What the police slot hears: nothing whose name or data tells a medical result.
_POLICE_HEARS = frozenset(
    {
        "alarm.acknowledged",
        "alarm.cleared",
        "alarm.raised",
        "route.changed",
        "task.accepted",
        "task.arrived",
        "task.assigned",
        "task.cancelled",
        "task.completed",
        "task.departed",
        "task.expired",
        "task.handed_over",
        "task.kept",
        "task.not_executable",
        "task.released",
        "member.duty_changed",
        "member.suit_changed",
        "shift.ended",
    }
)
# Not `why`: a coordinator's own code, such as one that says what was found.
_POLICE_READS = frozenset(
    {
        "version",
        "reason",
        "suit",
        "pinned",
        "assignment_id",
        "duty",
        "shift_id",
        "alarm_id",
        "what",
        "level",
        "handover_id",
        "from_team_id",
    }
)


class Event(Protocol):
    """A row of `events`: district_id, team_id, member_id, name, data, …"""

    def __getitem__(self, column: str, /) -> Any: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """What one listener may hear: events of `districts` (None: all), a member only those of their team and their own."""

    districts: frozenset[UUID] | None
    member_id: UUID | None = None
    team_id: UUID | None = None
    role: str | None = None

    def hears(self, event: Event) -> bool:
        """Whether the event is for this listener."""
        if self.districts is not None and event["district_id"] not in self.districts:
            return False
        if self.member_id is None:
            return True
        if event["name"].startswith("alarm.") and not may_know(self.role, event["data"]["what"]):
            return False
        own_team = self.team_id is not None and event["team_id"] == self.team_id
        if not own_team and event["member_id"] != self.member_id:
            return False
        return self.role != POLICE or event["name"] in _POLICE_HEARS

    def reads(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """Of the event's data, what this listener may read."""
        if self.member_id is None:
            return dict(data)
        if self.role == POLICE:
            return {name: value for name, value in data.items() if name in _POLICE_READS}
        return {name: told(value) if name == "needs_review" else value for name, value in data.items()}
