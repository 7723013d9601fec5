"""Who asks, and how far that reaches."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shared.domain.words import Permission

EVERYONE = frozenset(Permission)
ADMINS = frozenset({Permission.ADMIN})
MEMBERS = frozenset({Permission.MEMBER})
COORDINATORS = frozenset({Permission.ADMIN, Permission.COORDINATOR})
POSTERS = frozenset({Permission.ADMIN, Permission.COORDINATOR, Permission.INTEGRATION})
READERS = frozenset({Permission.ADMIN, Permission.COORDINATOR, Permission.AUDITOR})
DESKS = frozenset({Permission.ADMIN, Permission.COORDINATOR, Permission.AUDITOR, Permission.INTEGRATION})


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The account or member behind a request, by the token they sent.

    `districts` are those named in the account (id → code), or a member's own one; an admin reaches every district.
    """

    id: UUID
    permission: Permission
    token_id: UUID
    expires_at: datetime
    name: str
    role: str | None = None
    language: str | None = None
    districts: Mapping[UUID, str] = field(default_factory=dict)

    @property
    def account_id(self) -> UUID | None:
        return None if self.permission is Permission.MEMBER else self.id

    @property
    def member_id(self) -> UUID | None:
        return self.id if self.permission is Permission.MEMBER else None

    @property
    def reaches_everything(self) -> bool:
        return self.permission is Permission.ADMIN

    def reaches(self, district_id: UUID) -> bool:
        return self.reaches_everything or district_id in self.districts
