"""A kind: what sort of task, with its defaults, its rules and its versioned result form."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.domain.clock import aware, end_of_day
from shared.domain.district import DistrictSettings
from shared.domain.retry import Retry
from shared.domain.words import Channel, Outcome, Status, Trigger

CAN_RAISE_ALARM = (Trigger.FEVER, Trigger.REFUSED, Trigger.UNSAFE, Trigger.NOT_EXECUTABLE)
"""The triggers that have an alarm of their name."""

FEVER = Trigger.FEVER.value  # the alert of a temperature above the district's fever line
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
    suit: bool = False  # its visits are made in a protective suit
    retry_elsewhen: bool = False
    follow_on: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # trigger → kinds of the tasks it makes
    then_follow_up: Mapping[str, Mapping[str, Any]] = field(
        default_factory=dict
    )  # trigger → what becomes of the subject's
    raises_alarm: tuple[str, ...] = ()  # triggers
    quick_s: int | None = None  # a visit sooner than this after the same team's visit at another door is marked
    far_m: int | None = None  # a visit told from farther away than this is marked
    form_version: int = 1
    active: bool = True
    created_at: datetime | None = None  # None: not stored yet

    def due_at(self, earliest: datetime, time_zone: str) -> datetime:
        """When a task of this kind that opens at `earliest` is due unless its maker says otherwise."""
        if self.due_after_s is None:
            return end_of_day(earliest, time_zone)
        return aware(earliest) + timedelta(seconds=self.due_after_s)

    def retry(self, time_zone: str) -> Retry:
        return Retry(after=timedelta(seconds=self.retry_after_s), elsewhen=self.retry_elsewhen, time_zone=time_zone)

    def for_follow_up(
        self, triggers: Collection[Trigger], outcome: Outcome, result: Mapping[str, Any]
    ) -> tuple[Trigger, Mapping[str, Any]] | None:
        """What a visit that set these off does to its subject's follow-up, and by which of them: the first that has a rule for it."""
        for trigger in Trigger:
            rule = self.then_follow_up.get(trigger) if trigger in triggers else None
            if rule is not None and self.lets_follow_up(trigger, outcome, result):
                return trigger, rule
        return None

    def lets_follow_up(self, trigger: Trigger, outcome: Outcome, result: Mapping[str, Any]) -> bool:
        """Whether nothing that a visit found speaks against what this trigger does to a follow-up.

        A rule may ask for a result (`when`: field → value). Who was seen and is not well is not let out of the follow-up.
        """
        rule = self.then_follow_up.get(trigger, {})
        if "end" in rule and outcome is Outcome.SEEN_NOT_OK:
            return False
        return all(result.get(name) == value for name, value in rule.get("when", {}).items())


def triggers_of(outcome: Outcome, *, fever: bool, status: Status) -> frozenset[Trigger]:
    """What a visit sets off that found this and left its task there."""
    found = {Trigger.FEVER} if fever else {Trigger(outcome)} if not outcome.saw_the_person else set()
    became = {Trigger(status)} if status in (Status.COMPLETED, Status.NOT_EXECUTABLE) else set()
    return frozenset(found | became)


def is_fever(result: Mapping[str, Any], settings: DistrictSettings) -> bool:
    """Whether a visit's result holds a temperature above the district's fever line. Anything but a number is no temperature."""
    temperature = result.get(_TEMPERATURE)
    if isinstance(temperature, bool) or not isinstance(temperature, int | float):
        return False
    return temperature > settings.fever_line_c


def asks_for_temperature(form: Mapping[str, Any]) -> bool:
    """Whether a form has a field whose value `is_fever` looks at."""
    return _TEMPERATURE in form.get("properties", {})
