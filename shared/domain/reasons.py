"""Why a task is with a team, and why it waits: what people are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.domain.words import WaitingReason


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentReason:
    """Why this team: what the task added to its walk, and how much time was left to the deadline when it was given."""

    added_travel_s: int  # may be negative: inserted works change which leg pays for parking and rounding
    home_grid: bool
    slack_s: int  # from the planned begin to the due time, rounded down; negative: late
    on_time: bool

    def as_json(self) -> dict[str, int | bool]:
        return {
            "added_travel_s": self.added_travel_s,
            "home_grid": self.home_grid,
            "slack_s": self.slack_s,
            "on_time": self.on_time,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    team_id: UUID
    reason: AssignmentReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Why a task waits, and when to look again. `detail` is plain JSON, ids and codes only:

    `role_missing` → `roles`, `capability_missing` → `capabilities`: what the team that comes closest lacks, sorted;
    `opens_later` → `earliest` (RFC 3339); `all_teams_full` → `team_id` of the nearest able team and `stopped_by`, one of
    `visits`, `shift_ends`, `would_be_late`, `declined`; `no_team_on_shift` → nothing.
    """

    reason: WaitingReason
    detail: Mapping[str, object]
    look_again_at: datetime
