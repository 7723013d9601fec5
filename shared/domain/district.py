"""A district: the tenant, and the numbers its people live with."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.domain.errors import FieldError, Invalid
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
    even_price_s: int = 0  # so much further a visit goes to another team for each visit that this one has fewer
    freeze_s: int = 600  # what starts sooner keeps its team and its place
    plan_ahead_s: int = 43_200  # a shift that begins within this is planned already: the day's roster is known early
    look_again_s: int = 60  # a task that fits nowhere is looked at again after this
    due_soon_s: int = 1800  # a task due within this is shown as about to be due
    silent_after_s: int = 900  # a team on shift of whose phones nothing was heard for this long is shown as silent
    late_after_s: int = 600  # a route so far behind its plan is laid out anew and improved
    retention_days: int = 30

    def pace(self, mode: Mode) -> Pace:
        """How fast a team of that mode gets about here."""
        if mode is Mode.SCOOTER:
            return Pace(kmh=self.scooter_kmh, detour=self.detour, parking_s=self.scooter_parking_s)
        return Pace(kmh=self.walk_kmh, detour=self.detour)


# Least and most of each setting: beyond them lies a typing mistake, not a district.
SETTING_BOUNDS: Mapping[str, tuple[float, float]] = {
    "fever_line_c": (35, 40),
    "accept_limit": (1, 100),
    "walk_kmh": (0.5, 15),
    "scooter_kmh": (1, 60),
    "scooter_parking_s": (0, 1800),
    "detour": (1, 5),
    "setup_s": (0, 3600),
    "max_visits_per_shift": (1, 10_000),
    "home_grid_price_s": (0, 86_400),
    "even_price_s": (0, 600),
    "freeze_s": (0, 86_400),
    "plan_ahead_s": (0, 7 * 86_400),
    "look_again_s": (1, 86_400),
    "due_soon_s": (1, 86_400),
    "silent_after_s": (60, 86_400),
    "late_after_s": (60, 86_400),
    "retention_days": (1, 3650),
}


def settings_from_json(stored: Mapping[str, Any]) -> DistrictSettings:
    """The settings of a stored district: what it set, defaults for the rest. A newer release's settings are left aside."""
    known = {item.name for item in fields(DistrictSettings)}
    return DistrictSettings(**{name: value for name, value in stored.items() if name in known})


def settings_to_json(settings: DistrictSettings) -> dict[str, Any]:
    """Every setting with its value."""
    return asdict(settings)


def check_settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """The given settings as they are stored. Raises Invalid naming each that is unknown, of a wrong type or out of bounds."""
    errors = [
        FieldError(in_="body", loc=f"settings.{name}", msg=problem)
        for name, value in given.items()
        if (problem := _problem_of_setting(name, value))
    ]
    if errors:
        raise Invalid(errors=tuple(errors))
    return dict(given)


def _problem_of_setting(name: str, value: Any) -> str | None:
    if name not in SETTING_BOUNDS:
        return "There is no such setting."
    if value is None and name == "max_visits_per_shift":
        return None
    whole = not isinstance(getattr(DistrictSettings(), name), float)
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        return "Give a whole number." if whole else "Give a number."
    low, high = SETTING_BOUNDS[name]
    return None if low <= value <= high else f"Give a number from {low} to {high}."


def is_time_zone(name: str) -> bool:
    """Whether that is the name of an IANA time zone."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return name != ""


@dataclass(frozen=True, slots=True, kw_only=True)
class District:
    id: UUID
    code: str
    name: str
    time_zone: str
    settings: DistrictSettings = field(default_factory=DistrictSettings)
    slots: tuple[str, ...]
    created_at: datetime | None = None  # None: not stored yet
