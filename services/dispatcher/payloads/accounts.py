"""Accounts and their tokens."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.dispatcher.paging import PageQuery
from services.dispatcher.payloads.fields import AwareTime, District, Id, Name, Payload, Secret, Text200
from services.dispatcher.payloads.sessions import DistrictRef
from shared.domain.words import Permission, TokenPurpose
from shared.store.connection import Record

AccountPermission = Literal[Permission.ADMIN, Permission.COORDINATOR, Permission.AUDITOR, Permission.INTEGRATION]
Leads = Annotated[bool, Field(description="a district lead, who is told of alarms that nobody took up")]
Districts = Annotated[list[District], Field(max_length=1000, description="codes or ids; an admin needs none")]


class NewAccount(Payload):
    """Without a secret nobody logs in by name: the account of a program, which is given tokens."""

    id: Id | None = None
    name: Name
    secret: Secret | None = None
    permission: AccountPermission
    districts: Districts = Field(default_factory=list)
    leads: Leads = False


class AccountPatch(Payload):
    """What to change. A new secret ends the sessions; `active: false` ends every token."""

    name: Name | None = None
    secret: Secret | None = None
    permission: AccountPermission | None = None
    active: bool | None = None
    districts: Districts | None = None
    leads: Leads | None = None


class AccountQuery(PageQuery):
    text: Annotated[str, Field(min_length=1, max_length=200, description="part of the name")] | None = None
    permission: AccountPermission | None = None


class AccountOut(Payload):
    id: UUID
    name: str
    permission: Permission
    active: bool
    leads: Leads
    districts: list[DistrictRef]
    created_at: datetime

    @classmethod
    def of(cls, row: Record) -> "AccountOut":
        return cls(
            id=row["id"],
            name=row["name"],
            permission=Permission(row["permission"]),
            active=row["active"],
            leads=row["leads"],
            districts=[DistrictRef(id=UUID(key), code=code) for key, code in row["districts"].items()],
            created_at=row["created_at"],
        )


class NewToken(Payload):
    """A program's standing token; without `expires_at` it lives a year."""

    label: Text200 = ""
    expires_at: AwareTime | None = None


class TokenOut(Payload):
    id: UUID
    purpose: TokenPurpose
    label: str
    created_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, row: Record) -> "TokenOut":
        return cls(**dict(row))


class TokenMade(Payload):
    """`token` is shown this once."""

    id: UUID
    token: str
    expires_at: datetime


class TokenList(Payload):
    items: list[TokenOut]
