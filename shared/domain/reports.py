"""What phones say, the answer each report gets, and the rules by which a visit counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias
from uuid import UUID

from shared.domain.clock import aware
from shared.domain.errors import DomainError
from shared.domain.geography import Point, metres_between
from shared.domain.words import Duty, Outcome


class Answered(StrEnum):
    """What became of a report."""

    DONE = "done"
    KEPT_FOR_REVIEW = "kept_for_review"  # recorded; a person should look at it
    REFUSED = "refused"  # nothing changed; the problem says why


class Review(StrEnum):
    """Why a person should look at a recorded visit."""

    RESULT_BREAKS_FORM = "result_breaks_form"
    TASK_WAS_CLOSED = "task_was_closed"
    NOT_HELD_BY_TEAM = "not_held_by_team"
    TOO_QUICK = "too_quick"  # sooner after the team's visit at another door than its kind believes
    TOO_FAR = "too_far"  # told from farther off the door than its kind believes


# A visit with one of these had no consequences for its task.
WITHOUT_CONSEQUENCES = frozenset({Review.TASK_WAS_CLOSED, Review.NOT_HELD_BY_TEAM})

# A visit with one of these looks wrong; it counts all the same, and its team is not told.
MARKS = frozenset({Review.TOO_QUICK, Review.TOO_FAR})

# A phone that knows its place no better than this does not move its team: travel times would jump about.
WORST_ACCURACY_M = 200.0


def told(reviews: Iterable[str]) -> tuple[Review, ...]:
    """Of the reasons to look at a visit those that its team is told: who learns where a mark begins stays just short of it."""
    return tuple(review for review in map(Review, reviews) if review not in MARKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a phone was. `accuracy_m` is the radius it believes itself, None where it did not say."""

    point: Point
    accuracy_m: float | None = None

    def is_farther_than(self, metres: float, door: Point) -> bool:
        """Whether the phone was farther from the door than that, wherever within its accuracy it was."""
        return metres_between(self.point, door) - (self.accuracy_m or 0) > metres

    @property
    def moves_the_team(self) -> bool:
        return self.accuracy_m is None or self.accuracy_m <= WORST_ACCURACY_M


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a visit found: the outcome, the kind's form filled in, a note."""

    outcome: Outcome
    result: Mapping[str, Any] = field(default_factory=dict)
    form_version: int
    note: str = ""
    position: Position | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept:
    task_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline:
    task_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Depart:
    task_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrive:
    task_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitMade:
    task_id: UUID
    findings: Findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Correct:
    """An earlier visit was entered in error: these findings are what it should have said."""

    visit_id: UUID
    findings: Findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """The team finishes these itself although its shift ends."""

    task_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """These go to the team that follows, with a note."""

    task_ids: tuple[UUID, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge:
    """Somebody of the team looks at this alarm."""

    alarm_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyChanged:
    duty: Duty


@dataclass(frozen=True, slots=True, kw_only=True)
class SuitChanged:
    """The member put a protective suit on, or took it off."""

    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionSeen:
    position: Position


Said: TypeAlias = (
    Accept
    | Decline
    | Depart
    | Arrive
    | VisitMade
    | Correct
    | Keep
    | HandOver
    | Acknowledge
    | DutyChanged
    | SuitChanged
    | PositionSeen
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One item of what a phone sent. `body` is what it said word for word, `kind` its name for it. Raises NaiveTime."""

    id: UUID
    member_id: UUID
    district_id: UUID
    role: str
    kind: str
    said: Said
    body: Mapping[str, Any]
    body_hash: bytes
    device_at: datetime
    corrected_at: datetime  # device_at mended by the envelope's sent_at: lateness is judged by it
    received_at: datetime  # order is judged by it

    def __post_init__(self) -> None:
        for moment in (self.device_at, self.corrected_at, self.received_at):
            aware(moment)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the phone is told. `outcome` may differ from the reported one: a fever makes it seen_not_ok."""

    status: Answered
    error: DomainError | None = None
    needs_review: tuple[Review, ...] = ()
    outcome: Outcome | None = None
    made_task_ids: tuple[UUID, ...] = ()
    wakes_the_placer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One row of `visits`: one knock (or call) by one team."""

    id: UUID
    district_id: UUID
    task_id: UUID
    team_id: UUID | None  # None: the member was on no team then
    assignment_id: UUID | None  # the team's live assignment, where the visit counted for it
    member_id: UUID
    members: tuple[Mapping[str, Any], ...]
    outcome: Outcome
    result: Mapping[str, Any]
    form_version: int
    needs_review: tuple[Review, ...] = ()
    note: str = ""
    device_at: datetime
    corrected_at: datetime
    received_at: datetime
    replaces_id: UUID | None = None
    struck_at: datetime | None = None
    struck_by: UUID | None = None
    reviewed_at: datetime | None = None  # somebody at a desk looked at what needs_review says
    reviewed_by: UUID | None = None  # an account

    @property
    def counted(self) -> bool:
        """Whether it had consequences for its task."""
        return not WITHOUT_CONSEQUENCES.intersection(self.needs_review)
