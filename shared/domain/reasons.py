"""Why a task is with a team, and why it waits: what people are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.domain.words import WaitingReason


@dataclass(frozen=True, slots=True, kw_only=True)
class NextBest:
    """The other team that would have got the task, and what it would have cost there. Fields as in AssignmentReason."""

    team_id: UUID
    added_travel_s: int
    home_grid: bool
    slack_s: int

    @property
    def on_time(self) -> bool:
        return self.slack_s >= 0

    def as_json(self) -> dict[str, object]:
        return {
            "team_id": str(self.team_id),
            "added_travel_s": self.added_travel_s,
            "home_grid": self.home_grid,
            "slack_s": self.slack_s,
            "on_time": self.on_time,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentReason:
    """Why this team: what the task added to its walk, and how much time was left to the deadline when it was given."""

    added_travel_s: int  # may be negative: inserted works change which leg pays for parking and rounding
    home_grid: bool
    slack_s: int  # from the planned begin to the due time, rounded down; negative: late
    on_time: bool
    next_best: NextBest | None = None  # None: no other team could (or nobody looked: see `figures`)

    def as_json(self) -> dict[str, object]:
        return {**self.figures(), "next_best": self.next_best.as_json() if self.next_best else None}

    def figures(self) -> dict[str, object]:
        """What is known of this team alone, where nobody looked at others."""
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
    """Why a task waits, and when to look again. `detail` is plain JSON, ids and codes only.

    Where there is a team, `team_id` names the nearest of those that lack least, and `travel_s` is its way there from where it
    is now (left out for calls, and where its place is not known). Besides, of that team:
    `role_missing` → `roles`, `capability_missing` → `capabilities`: what it lacks, sorted;
    `role_missing` besides → `must_rest`: those of the roles that a rule of rest keeps off, and `rest_until` (RFC 3339), in the shift;
    `opens_later` → `earliest`, when the window opens, and `shift_ends` (RFC 3339);
    `all_teams_full` → `stopped_by`: `visits`, `shift_ends` (then also when, `shift_ends`), `would_be_late`, `declined`.
    `being_planned` has `stopped_by` `planning_failed` where that is so.
    """

    reason: WaitingReason
    detail: Mapping[str, object]
    look_again_at: datetime
