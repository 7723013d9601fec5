"""Teams, their people and substitutes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from services.dispatcher.paging import PageQuery
from services.dispatcher.payloads.changes import Changes, left_out
from services.dispatcher.payloads.districts import Role
from services.dispatcher.payloads.fields import District, Id, Lat, Lon, Name, Payload, QueryBool, WorkTime
from services.dispatcher.payloads.shifts import RestWarning, ShiftOut
from shared.domain.ids import new_id
from shared.domain.member import Membership
from shared.domain.rest import Rest
from shared.domain.team import Shift, Team
from shared.domain.words import Duty, Mode
from shared.operations.rosters import Seat
from shared.store.connection import Record

# No spaces and nothing invisible, spelt out because dialects of \s differ.
_VISIBLE = r"^[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f\u3000\ufeff]{1,63}$"
TeamCode = Annotated[str, Field(pattern=_VISIBLE, description="as it is painted on the vest")]
GridName = Annotated[str, Field(min_length=1, max_length=63, description="code or id of a grid of the district")]
MaxVisits = Annotated[int, Field(ge=1, le=10_000)]


class Position(Payload):
    """WGS 84"""

    lat: Lat
    lon: Lon


class SeatIn(Payload):
    """A member in a slot; without `role` in the slot of the member's own role."""

    member_id: Id
    role: Role | None = None

    def seat(self) -> Seat:
        return Seat(member_id=self.member_id, role=self.role)


Seats = Annotated[list[SeatIn], Field(max_length=50)]


class NewTeam(Payload):
    """`members` are on the team from `from` (left out: now) on. `max_visits` null: as many in a shift as the district says."""

    id: Id | None = None
    district: District | None = None
    code: TeamCode
    name: Name
    mode: Mode = Mode.WALK
    home_grid: GridName | None = None
    start: Position | None = None
    max_visits: MaxVisits | None = None
    active: bool = True
    members: Seats = Field(default_factory=list)
    from_: WorkTime | None = Field(None, alias="from")

    def team(self, district_id: UUID, home_grid_id: UUID | None) -> Team:
        return Team(
            id=self.id or new_id(),
            district_id=district_id,
            code=self.code,
            name=self.name,
            mode=self.mode,
            home_grid_id=home_grid_id,
            start_lat=None if self.start is None else self.start.lat,
            start_lon=None if self.start is None else self.start.lon,
            max_visits=self.max_visits,
            active=self.active,
        )


class TeamPatch(Changes):
    code: TeamCode = left_out()
    name: Name = left_out()
    mode: Mode = left_out()
    home_grid: GridName | None = left_out()
    start: Position | None = left_out()
    max_visits: MaxVisits | None = left_out()
    active: bool = left_out()

    def team_changes(self) -> dict[str, Any]:
        """What is written with the team's row; the home grid is to be looked up."""
        changes = {name: value for name, value in self.given().items() if name not in ("home_grid", "start")}
        if "start" in self.model_fields_set:
            changes["start_lat"] = None if self.start is None else self.start.lat
            changes["start_lon"] = None if self.start is None else self.start.lon
        return changes


class Roster(Payload):
    """Who is on the team from `from` (left out: now) on, all of them."""

    members: Seats
    from_: WorkTime | None = Field(None, alias="from")


class NewSubstitute(SeatIn):
    """From `from` (left out: now) until before `until` this member fills the slot; whoever filled it is back afterwards."""

    from_: WorkTime | None = Field(None, alias="from")
    until: WorkTime


class TeamQuery(PageQuery):
    district: District | None = None
    q: Annotated[str, Field(min_length=1, max_length=100, description="part of the code or name")] | None = None
    active: QueryBool | None = None


class MembershipOut(Payload):
    """`until` null: until further notice."""

    team_id: UUID
    member_id: UUID
    role: str
    from_: datetime = Field(alias="from")
    until: datetime | None

    @classmethod
    def of(cls, membership: Membership) -> "MembershipOut":
        span = {"from": membership.starts_at, "until": membership.ends_at}
        return cls(team_id=membership.team_id, member_id=membership.member_id, role=membership.role, **span)


class RosterOut(Payload):
    items: list[MembershipOut]


class RosterMade(RosterOut):
    """`warnings`: who of the team must rest in which shift because of it."""

    warnings: list[RestWarning]


class SubstituteMade(MembershipOut):
    """`warnings`: who of the team must rest in which shift because of it."""

    warnings: list[RestWarning]


class TeamMember(Payload):
    """Who is on the team now."""

    member_id: UUID
    role: str
    name: str
    capabilities: list[str]
    language: str
    duty: Duty
    active: bool
    from_: datetime = Field(alias="from")
    until: datetime | None

    @classmethod
    def of(cls, row: Record) -> "TeamMember":
        plain = {name: row[name] for name in cls.model_fields if name not in ("from_", "until")}
        return cls(**{**plain, "from": row["starts_at"], "until": row["ends_at"]})


class TeamOut(Payload):
    """A team with its people and its shift now."""

    id: UUID
    district_id: UUID
    code: str
    name: str
    mode: Mode
    home_grid_id: UUID | None
    start: Position | None
    max_visits: int | None
    active: bool
    created_at: datetime | None
    members: list[TeamMember]
    shift: ShiftOut | None

    @classmethod
    def of(cls, team: Team, roster: list[Record], shift: Shift | None, rests: Sequence[Rest] = ()) -> "TeamOut":
        return cls(
            id=team.id,
            district_id=team.district_id,
            code=team.code,
            name=team.name,
            mode=team.mode,
            home_grid_id=team.home_grid_id,
            start=team.start and Position(lat=team.start.lat, lon=team.start.lon),
            max_visits=team.max_visits,
            active=team.active,
            created_at=team.created_at,
            members=[TeamMember.of(row) for row in roster],
            shift=shift and ShiftOut.of(shift, rests),
        )
