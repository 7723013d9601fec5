"""Households."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.dispatcher.paging import PageQuery
from services.dispatcher.payloads.changes import Changes, left_out
from services.dispatcher.payloads.fields import District, Id, Lat, Lon, Payload, Ref, Text2000
from shared.domain.household import Household
from shared.domain.ids import new_id

Address = Annotated[str, Field(max_length=500)]


class NewHousehold(Payload):
    """A door. It needs a ref, an address or a point."""

    id: Id | None = None
    district: District | None = None
    ref: Ref | None = None
    address: Address = ""
    lat: Lat | None = None
    lon: Lon | None = None
    access_notes: Text2000 = ""

    def household(self, district_id: UUID) -> Household:
        return Household(
            id=self.id or new_id(), district_id=district_id, door="", **self.model_dump(exclude={"id", "district"})
        )


class HouseholdPatch(Changes):
    ref: Ref | None = left_out()
    address: Address = left_out()
    lat: Lat | None = left_out()
    lon: Lon | None = left_out()
    access_notes: Text2000 = left_out()


class HouseholdQuery(PageQuery):
    district: District | None = None
    q: Annotated[str, Field(min_length=1, max_length=200, description="part of the address")] | None = None
    ref: Ref | None = None
    grid_id: Id | None = None


class HouseholdOut(Payload):
    """`redacted_at`: nothing needs it any more, and it lost its personal data."""

    id: UUID
    district_id: UUID
    ref: str | None
    address: str
    lat: float | None
    lon: float | None
    grid_id: UUID | None
    access_notes: str
    created_at: datetime | None
    updated_at: datetime | None
    redacted_at: datetime | None

    @classmethod
    def of(cls, household: Household) -> "HouseholdOut":
        return cls(**{name: getattr(household, name) for name in cls.model_fields})
