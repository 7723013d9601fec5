"""Who read personal data."""

from datetime import datetime
from uuid import UUID

from services.dispatcher.paging import PageQuery
from services.dispatcher.payloads.fields import District, Id, Payload, Text200
from shared.store.connection import Record


class AuditQuery(PageQuery):
    district: District | None = None
    account_id: Id | None = None
    member_id: Id | None = None
    target: Text200 | None = None


class AuditOut(Payload):
    """One read: who (an account or a member), by which route, of what (an id; empty for a list)."""

    id: UUID
    at: datetime
    district_id: UUID | None
    account_id: UUID | None
    member_id: UUID | None
    action: str
    target: str
    request_id: str

    @classmethod
    def of(cls, row: Record) -> "AuditOut":
        return cls(**dict(row))
