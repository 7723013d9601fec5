"""Pick-up points, and the legs on which specimens travel."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from services.dispatcher.paging import PageQuery
from services.dispatcher.payloads.changes import Changes, left_out
from services.dispatcher.payloads.fields import District, Id, Lat, Lon, Name, Payload, QueryBool, WorkTime
from shared.domain.geography import Point
from shared.domain.ids import new_id
from shared.domain.specimens import HOME_SWAB, LegStatus, PickUpPoint, leg_status
from shared.domain.words import Status
from shared.store.connection import Record

Address = Annotated[str, Field(max_length=500)]
LabAddress = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=r"[^\s\u0085\ufeff]")]
Kinds = Annotated[
    list[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]], Field(min_length=1, max_length=50)
]


class NewPickUpPoint(Payload):
    """Where teams leave tubes. `kinds`: codes of the kinds whose visits leave something there; the nearest point takes it."""

    id: Id | None = None
    district: District | None = None
    name: Name
    lat: Lat
    lon: Lon
    address: Address = ""
    lab_address: LabAddress
    kinds: Kinds = Field(default_factory=lambda: [HOME_SWAB])
    active: bool = True

    def pick_up_point(self, district_id: UUID) -> PickUpPoint:
        point_id = self.id or new_id()
        return PickUpPoint(
            id=point_id,
            district_id=district_id,
            household_id=point_id,
            name=self.name,
            address=self.address or self.name,
            point=Point(self.lat, self.lon),
            lab_address=self.lab_address,
            kinds=tuple(dict.fromkeys(self.kinds)),
            active=self.active,
        )


class PickUpPointPatch(Changes):
    """`lat` and `lon` go together."""

    name: Name = left_out()
    lat: Lat = left_out()
    lon: Lon = left_out()
    address: LabAddress = left_out()
    lab_address: LabAddress = left_out()
    kinds: Kinds = left_out()
    active: bool = left_out()

    def changes(self, before: PickUpPoint) -> dict[str, Any]:
        """What is written of the point."""
        given = self.given()
        lat, lon = given.pop("lat", before.point.lat), given.pop("lon", before.point.lon)
        if "kinds" in given:
            given["kinds"] = tuple(dict.fromkeys(self.kinds))
        return {**given, "point": Point(lat, lon)}


class PickUpPointQuery(PageQuery):
    district: District | None = None
    active: QueryBool | None = None


class PickUpPointOut(Payload):
    id: UUID
    district_id: UUID
    name: str
    address: str
    lat: float
    lon: float
    lab_address: str
    kinds: list[str]
    active: bool
    created_at: datetime | None

    @classmethod
    def of(cls, point: PickUpPoint) -> "PickUpPointOut":
        made = ("lat", "lon", "kinds")
        own = {name: getattr(point, name) for name in cls.model_fields if name not in made}
        return cls(**own, lat=point.point.lat, lon=point.point.lon, kinds=list(point.kinds))


class LegQuery(PageQuery):
    """Legs whose rounds end from `since` until before `until`, in the order in which they were made."""

    district: District | None = None
    pick_up_point_id: Id | None = None
    since: WorkTime | None = None
    until: WorkTime | None = None


class LegOut(Payload):
    """One transport, from a pick-up point at the end of a round to the lab. `id` is its task's.

    `tubes`: how many teams left there by what they recorded. `specimens_out` were taken from the point, `specimens_in` handed to the lab;
    `agree`: whether all three do, null until it is delivered. `late`: not delivered when it was due, or delivered later.
    """

    id: UUID
    district_id: UUID
    pick_up_point_id: UUID
    pick_up_point: str
    round_ends_at: datetime
    due_at: datetime
    status: LegStatus
    team_id: UUID | None
    tubes: int
    specimens_out: int | None
    specimens_in: int | None
    agree: bool | None
    delivered_at: datetime | None
    late: bool

    @classmethod
    def of(cls, row: Record, now: datetime) -> "LegOut":
        return cls(**_fields_of(row, now))


def _fields_of(row: Record, now: datetime) -> dict[str, Any]:
    plain = ("district_id", "pick_up_point_id", "pick_up_point", "round_ends_at", "due_at", "team_id", "tubes")
    counts = ("specimens_out", "specimens_in", "delivered_at")
    status = leg_status(Status(row["status"]), arrived=row["arrived"])
    delivered = row["delivered_at"]
    return {
        **{name: row[name] for name in plain + counts},
        "id": row["task_id"],
        "status": status,
        "agree": None if delivered is None else row["tubes"] == row["specimens_out"] == row["specimens_in"],
        "late": status is not LegStatus.VOID and (delivered or now) > row["due_at"],
    }


class SpecimenOut(Payload):
    """A tube: by its visit, its task and, where it was noted, its code. `struck`: the visit was entered in error, yet the tube was picked
    up."""

    visit_id: UUID
    task_id: UUID
    tube_code: str | None
    swabbed_at: datetime
    struck: bool


class LegDetail(LegOut):
    specimens: list[SpecimenOut]

    @classmethod
    def with_specimens(cls, row: Record, specimens: list[Record], now: datetime) -> "LegDetail":
        return cls(**_fields_of(row, now), specimens=[SpecimenOut(**specimen) for specimen in specimens])
