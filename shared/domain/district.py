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
    handover_ask_s: int = 1800  # so long before its shift ends a team is asked about what it has accepted
    handover_within_s: int = 3600  # a team that begins so soon after the end of a shift in its grid follows it
    specimen_round_s: int = 2700  # how often a pick-up point is emptied
    specimen_lab_s: int = 5400  # from the end of a round to the lab
    follow_up_ahead_s: int = 14_400  # a follow-up's task is made so long before it opens: in time to be planned
    retention_days: int = 30  # after it closed tasks lose personal data
    # The daily rest of the EU's Working Time Directive 2003/88/EC, article 3, and its weekly free day, article 5. None: no such rule.
    rest_between_shifts_s: int | None = 39_600  # a member does not count in a shift before so long a rest
    most_days_in_a_row: int | None = 6  # nor on one day more
    suit_limit_s: int | None = 14_400  # in a protective suit for longer a member gets nothing new; the usual four hours
    break_s: int | None = None  # how long the break of a shift is that is made without a word on it; None: it has none
    break_after_s: int = 10_800  # it begins from so long after the shift's start on
    break_window_s: int = 7_200  # and within so long from then

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
    "handover_ask_s": (0, 14_400),
    "handover_within_s": (0, 14_400),
    "specimen_round_s": (600, 86_400),
    "specimen_lab_s": (600, 86_400),
    "follow_up_ahead_s": (0, 86_400),
    "retention_days": (1, 3650),
    "rest_between_shifts_s": (3600, 72 * 3600),
    "most_days_in_a_row": (1, 31),
    "suit_limit_s": (600, 86_400),
    "break_s": (60, 14_400),
    "break_after_s": (0, 86_400),
    "break_window_s": (0, 86_400),
}
# Those that may be null: there is no such limit.
OPTIONAL_SETTINGS = frozenset(
    {"max_visits_per_shift", "rest_between_shifts_s", "most_days_in_a_row", "suit_limit_s", "break_s"}
)


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
    if value is None and name in OPTIONAL_SETTINGS:
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
