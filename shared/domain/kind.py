"""A kind: what sort of task, with its defaults, its rules and its versioned result form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.domain.clock import aware, end_of_day
from shared.domain.district import DistrictSettings
from shared.domain.words import Channel

FEVER = "fever"  # the alert of a temperature above the district's fever line
_TEMPERATURE = "temperature_c"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One row of `kinds`. A task copies what it needs, so that changing a kind changes future tasks only."""

    id: UUID
    district_id: UUID
    code: str
    names: Mapping[str, str]  # language → name
    channel: Channel
    service_s: int
    required_roles: tuple[str, ...]
    required_capabilities: tuple[str, ...] = ()
    due_after_s: int | None  # None: due at the end of the district's day
    priority: int  # 1 (can wait) … 5 (urgent)
    max_attempts: int = 3
    retry_after_s: int = 7200
    expires: bool = False
    follow_on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # alert → kinds of the tasks it makes
    form_version: int = 1
    active: bool = True
    created_at: datetime | None = None  # None: not stored yet

    def due_at(self, earliest: datetime, time_zone: str) -> datetime:
        """When a task of this kind that opens at `earliest` is due unless its maker says otherwise."""
        if self.due_after_s is None:
            return end_of_day(earliest, time_zone)
        return aware(earliest) + timedelta(seconds=self.due_after_s)

    @property
    def retry_after(self) -> timedelta:
        return timedelta(seconds=self.retry_after_s)


def is_fever(result: Mapping[str, Any], settings: DistrictSettings) -> bool:
    """Whether a visit's result holds a temperature above the district's fever line. Anything but a number is no temperature."""
    temperature = result.get(_TEMPERATURE)
    if isinstance(temperature, bool) or not isinstance(temperature, int | float):
        return False
    return temperature > settings.fever_line_c


def asks_for_temperature(form: Mapping[str, Any]) -> bool:
    """Whether a form has a field whose value `is_fever` looks at."""
    return _TEMPERATURE in form.get("properties", {})
