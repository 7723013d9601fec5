"""A member: a person who fills a role slot of a team, for dated spans of time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.domain.clock import aware
from shared.domain.words import Duty


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One row of `members`, without the PIN."""

    id: UUID
    district_id: UUID
    name: str
    phone: str
    role: str
    capabilities: tuple[str, ...] = ()
    language: str = "zh"
    duty: Duty = Duty.ON
    duty_changed_at: datetime | None = None
    active: bool = True
    suit_since: datetime | None = None  # in a protective suit since then; None: in none
    has_pin: bool = False
    created_at: datetime | None = None  # None: not stored yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """That a member fills a slot of a team from `starts_at` until before `ends_at` (None: until further notice)."""

    id: UUID
    district_id: UUID
    team_id: UUID
    member_id: UUID
    role: str
    starts_at: datetime
    ends_at: datetime | None = None

    def __post_init__(self) -> None:
        aware(self.starts_at)
        if self.ends_at is not None:
            aware(self.ends_at)
