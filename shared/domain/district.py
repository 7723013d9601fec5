"""A district: the tenant, and the numbers its people live with."""

from dataclasses import dataclass, field
from uuid import UUID

from shared.domain.geography import Pace
from shared.domain.words import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictSettings:
    """What a district may set. Defaults come from field reports of the teams of 2020–22 and from measured days."""

    fever_line_c: float = 37.3  # above it a temperature is a fever
    accept_limit: int = 5  # next stops a team may accept, so that the rest stays plannable
    walk_kmh: float = 4.5
    scooter_kmh: float = 12.0
    scooter_parking_s: int = 30
    detour: float = 1.3  # way on the ground per great circle
    setup_s: int = 60  # once a stop: the bell, the stairs, gloves
    max_visits_per_shift: int | None = 60
    home_grid_price_s: int = 60  # a team leaves its home grid when it saves more than this
    freeze_s: int = 600  # what starts sooner keeps its team and its place
    plan_ahead_s: int = 3600  # a shift that begins within this is planned already
    look_again_s: int = 60  # a task that fits nowhere is looked at again after this
    retention_days: int = 30

    def pace(self, mode: Mode) -> Pace:
        """How fast a team of that mode gets about here."""
        if mode is Mode.SCOOTER:
            return Pace(kmh=self.scooter_kmh, detour=self.detour, parking_s=self.scooter_parking_s)
        return Pace(kmh=self.walk_kmh, detour=self.detour)


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    id: UUID
    code: str
    name: str
    time_zone: str
    settings: DistrictSettings = field(default_factory=DistrictSettings)
    slots: tuple[str, ...]
