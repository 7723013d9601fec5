"""Alarms: what a person must look at. Raised once per level, escalated while nobody acknowledges, over when the cause is gone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.domain.clock import aware
from shared.domain.district import DistrictSettings
from shared.domain.words import POLICE, AlarmCode, AlarmLevel

LEVELS = tuple(AlarmLevel)
"""From the first who is told to the last."""

BY_THE_CLOCK = frozenset(
    {
        AlarmCode.DUE_SOON,
        AlarmCode.OVERDUE,
        AlarmCode.UNACCEPTED,
        AlarmCode.UNASSIGNED,
        AlarmCode.PHONE_SILENT,
        AlarmCode.ROLE_SHORT,
    }
)
"""Found by looking at rows and the time; the others are raised by what happens."""

ABOUT_TEAMS = frozenset({AlarmCode.UNACCEPTED, AlarmCode.PHONE_SILENT, AlarmCode.ROLE_SHORT})
"""Of those by the clock the ones for which every team on shift is looked at."""

ENDS_BY_ITSELF = BY_THE_CLOCK | {
    AlarmCode.ROUTE_LATE,
    AlarmCode.HANDOVER_OPEN,
    AlarmCode.SPECIMEN_LATE,
    AlarmCode.SUIT_TOO_LONG,
}
"""Stands until its cause is gone, acknowledged or not. Of the others nothing is left to be done once somebody has acknowledged them."""

# Neither a medical result nor what tells one.
_POLICE_MAY_KNOW = frozenset(
    {
        AlarmCode.DUE_SOON,
        AlarmCode.OVERDUE,
        AlarmCode.UNACCEPTED,
        AlarmCode.UNASSIGNED,
        AlarmCode.ROUTE_LATE,
        AlarmCode.PHONE_SILENT,
        AlarmCode.ROLE_SHORT,
        AlarmCode.UNSAFE,
        AlarmCode.HANDOVER_OPEN,
        AlarmCode.REST_BROKEN,
    }
)

LONGEST_S = 7 * 86_400
"""The longest wait that a rule may name: beyond a week lies a typing mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRule:
    """How a district raises one alarm.

    `after_s`: how long its cause lasts first (of `due_soon`: how long before the due time); None where the district's own setting says so
    or what happens raises it at once. `escalate_after_s`: from each level how long until the next is told; a level that is not in it
    keeps the alarm.
    """

    what: AlarmCode
    enabled: bool = True
    after_s: int | None = None
    first: AlarmLevel = AlarmLevel.COORDINATOR
    escalate_after_s: Mapping[AlarmLevel, int] = field(default_factory=dict)

    def first_level(self, *, team_works: bool) -> AlarmLevel:
        """Who is told first: a team only while its shift is on; in its quiet hours the coordinator is."""
        if self.first is AlarmLevel.TEAM and not team_works:
            return AlarmLevel.COORDINATOR
        return self.first

    def escalates_at(self, level: AlarmLevel, due_at: datetime) -> datetime | None:
        """When the level after `level`, itself due at `due_at`, is told; None where none is by itself."""
        wait_s = self.escalate_after_s.get(level)
        if wait_s is None or next_level(level) is None:
            return None
        return aware(due_at) + timedelta(seconds=wait_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One row of `alarms`. `level` is the highest raised so far, `data` holds ids and codes."""

    id: UUID
    district_id: UUID
    what: AlarmCode
    about: UUID
    occasion: str = ""
    level: AlarmLevel
    task_id: UUID | None = None
    team_id: UUID | None = None
    subject_id: UUID | None = None
    member_id: UUID | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    raised_at: datetime
    escalate_at: datetime | None = None
    acknowledged_at: datetime | None = None
    acknowledged_by_account_id: UUID | None = None
    acknowledged_by_member_id: UUID | None = None
    cleared_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneAlarm:
    """An alarm as a team's phone shows it. `role`: the slot that is missing, of `role_short`; `due_at` is its task's."""

    id: UUID
    what: AlarmCode
    task_id: UUID | None
    role: str | None
    raised_at: datetime
    due_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None


def next_level(level: AlarmLevel) -> AlarmLevel | None:
    """Who is told after `level`; None after the last."""
    place = LEVELS.index(level) + 1
    return LEVELS[place] if place < len(LEVELS) else None


def is_beyond(level: AlarmLevel, other: AlarmLevel) -> bool:
    """Whether `level` is told after `other`."""
    return LEVELS.index(level) > LEVELS.index(other)


def may_know(role: str | None, what: str) -> bool:
    """Whether the role slot may hear of that alarm: the police slot of none that tells a medical result."""
    return role != POLICE or what in _POLICE_MAY_KNOW


# Street offices gave a team ten minutes and a coordinator half an hour; a fever and a threatened team cannot wait so long.
_TEN_MINUTES, _HALF_AN_HOUR, _HOUR = 600, 1800, 3600
_TEAM, _COORDINATOR = AlarmLevel.TEAM, AlarmLevel.COORDINATOR
_TEAM_FIRST = {_TEAM: _TEN_MINUTES, _COORDINATOR: _HALF_AN_HOUR}
_DEFAULTS = (
    AlarmRule(what=AlarmCode.DUE_SOON, first=_TEAM),
    AlarmRule(what=AlarmCode.OVERDUE, after_s=0, first=_TEAM, escalate_after_s=_TEAM_FIRST),
    AlarmRule(
        what=AlarmCode.UNACCEPTED, after_s=900, first=_TEAM, escalate_after_s={_TEAM: _TEN_MINUTES, _COORDINATOR: _HOUR}
    ),
    AlarmRule(what=AlarmCode.UNASSIGNED, after_s=_TEN_MINUTES, escalate_after_s={_COORDINATOR: _HALF_AN_HOUR}),
    AlarmRule(what=AlarmCode.ROUTE_LATE),
    AlarmRule(what=AlarmCode.PHONE_SILENT, escalate_after_s={_COORDINATOR: _HOUR}),
    AlarmRule(what=AlarmCode.ROLE_SHORT, after_s=300, escalate_after_s={_COORDINATOR: _HOUR}),
    AlarmRule(what=AlarmCode.FEVER, escalate_after_s={_COORDINATOR: 900}),
    AlarmRule(what=AlarmCode.REFUSED, escalate_after_s={_COORDINATOR: _HOUR}),
    AlarmRule(what=AlarmCode.UNSAFE, escalate_after_s={_COORDINATOR: 900}),
    AlarmRule(what=AlarmCode.NOT_EXECUTABLE),
    AlarmRule(what=AlarmCode.HANDOVER_OPEN, escalate_after_s={_COORDINATOR: _HALF_AN_HOUR}),
    AlarmRule(what=AlarmCode.REST_BROKEN),
    AlarmRule(what=AlarmCode.SUIT_TOO_LONG, first=_TEAM, escalate_after_s={_TEAM: _TEN_MINUTES}),
    AlarmRule(what=AlarmCode.SPECIMEN_LATE, first=_TEAM, escalate_after_s=_TEAM_FIRST),
    AlarmRule(what=AlarmCode.SPECIMEN_COUNT_DIFFERS, escalate_after_s={_COORDINATOR: _HALF_AN_HOUR}),
    AlarmRule(what=AlarmCode.OCCURRENCE_MISSED),
    AlarmRule(what=AlarmCode.SUBJECT_LOST, escalate_after_s={_COORDINATOR: _HOUR}),
)
DEFAULT_RULES: Mapping[AlarmCode, AlarmRule] = {rule.what: rule for rule in _DEFAULTS}


def wait_s(rule: AlarmRule, settings: DistrictSettings) -> int:
    """How many seconds the cause of a clock's alarm lasts before it is raised: the rule's, else the district's own setting."""
    if rule.after_s is not None:
        return rule.after_s
    own = {AlarmCode.DUE_SOON: settings.due_soon_s, AlarmCode.PHONE_SILENT: settings.silent_after_s}
    return own.get(rule.what, DEFAULT_RULES[rule.what].after_s or 0)
