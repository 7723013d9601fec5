"""Members."""

import re
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.dispatcher.paging import PageQuery
from services.dispatcher.payloads.changes import Changes, left_out
from services.dispatcher.payloads.districts import Role
from services.dispatcher.payloads.fields import District, Id, Name, Payload, Phone, Pin, QueryBool, WorkTime
from services.dispatcher.payloads.kinds import Capabilities, Language
from shared.domain.errors import FieldError, Invalid
from shared.domain.household import plain_phone
from shared.domain.ids import new_id
from shared.domain.member import Member
from shared.domain.words import Duty

_DIALLED = re.compile(r"[ +()-]*[0-9][0-9 +()-]*")


class NewMember(Payload):
    """A person for the teams. `role` is one of the district's slots; without a PIN they log in by link only."""

    id: Id | None = None
    district: District | None = None
    name: Name
    phone: Phone
    role: Role
    capabilities: Capabilities = ()
    language: Language = "zh"
    pin: Pin | None = None
    duty: Duty = Duty.ON
    active: bool = True

    def member(self, district_id: UUID) -> Member:
        given = self.model_dump(exclude={"id", "district", "pin", "capabilities"})
        return Member(
            id=self.id or new_id(), district_id=district_id, capabilities=_in_order(self.capabilities), **given
        )


class MemberPatch(Changes):
    """A new `pin`, or `active: false`, logs the member out. `suit`: whether they wear a protective suit, from now on."""

    name: Name = left_out()
    phone: Phone = left_out()
    role: Role = left_out()
    capabilities: Capabilities = left_out()
    language: Language = left_out()
    pin: Pin = left_out()
    duty: Duty = left_out()
    suit: bool = left_out()
    active: bool = left_out()

    def member_changes(self) -> dict[str, Any]:
        """What is written with the member's row: all but PIN, duty and suit."""
        changes = {name: value for name, value in self.given().items() if name not in ("pin", "duty", "suit")}
        if "capabilities" in changes:
            changes["capabilities"] = _in_order(self.capabilities)
        return changes


class MemberQuery(PageQuery):
    """`free_from` and `free_until`: who could stand in then: in no shift, and forbidden none by a rule of rest."""

    district: District | None = None
    q: Annotated[str, Field(min_length=1, max_length=200, description="part of the name or phone")] | None = None
    role: Role | None = None
    duty: Duty | None = None
    active: QueryBool | None = None
    free_from: WorkTime | None = None
    free_until: WorkTime | None = None

    @property
    def free(self) -> tuple[datetime, datetime] | None:
        """From when until before when they should be free. Raises Invalid where one of the two is missing, or both are no span."""
        if self.free_from is None or self.free_until is None:
            if self.free_from is self.free_until:
                return None
            missing = "free_from" if self.free_from is None else "free_until"
            raise Invalid(errors=(FieldError(in_="query", loc=missing, msg="Give both free_from and free_until."),))
        if self.free_until <= self.free_from:
            raise Invalid(errors=(FieldError(in_="query", loc="free_until", msg="Give a time after free_from."),))
        return self.free_from, self.free_until

    @property
    def text(self) -> str | None:
        """What to look for: a part of a phone number however it is written."""
        return plain_phone(self.q) if self.q and _DIALLED.fullmatch(self.q) else self.q


class MemberOut(Payload):
    id: UUID
    district_id: UUID
    name: str
    phone: str
    role: str
    capabilities: list[str]
    language: str
    duty: Duty
    duty_changed_at: datetime | None
    active: bool
    has_pin: bool
    suit_since: datetime | None
    created_at: datetime | None

    @classmethod
    def of(cls, member: Member) -> "MemberOut":
        fields = {name: getattr(member, name) for name in cls.model_fields}
        return cls(**{**fields, "capabilities": list(member.capabilities)})


def _in_order(capabilities: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(capabilities)))
