"""What a phone shows: who its member is, the team's stops in order, what the member recorded today, as far as the role may see.

The police slot sees where to go, when, how to get in, what stands behind a neutral label, and whether the police are needed there; of the
person the name, where the police are needed. It sees no kind (its name may tell a medical fact), no instructions (they may, too), no form,
no outcome and no result, not even of visits that it recorded itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.alarm import PhoneAlarm
from shared.domain.district import District
from shared.domain.handover import Ending
from shared.domain.member import Member
from shared.domain.team import Team
from shared.domain.words import POLICE, Channel

NEUTRAL_NAMES: Mapping[str, Mapping[str, str]] = {
    Channel.VISIT: {"en": "Household visit", "zh": "入户走访"},
    Channel.PHONE: {"en": "Phone call", "zh": "电话联系"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Who else is on the team."""

    id: UUID
    name: str
    role: str
    duty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftNowOrNext:
    id: UUID
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Self:
    """The member behind a phone, with team and shift where there is one."""

    member: Member
    district: District
    team: Team | None = None
    colleagues: tuple[Colleague, ...] = ()
    shift: ShiftNowOrNext | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneSubject:
    name: str
    phone: str = ""
    flags: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneCaller:
    """Who on the team makes a call; any other may make it all the same."""

    name: str
    role: str
    is_me: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneHandover:
    """From which team a task came at the end of its shift. The note is None for whoever may not read medical facts: it may tell some."""

    from_team: str
    at: datetime
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneFollowUp:
    """Which day of the subject's plan the task is for: `day` of `days`."""

    day: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneSpecimens:
    """What a transport fetches: how many tubes are expected by now, and at which pick-up point."""

    expected: int
    pick_up_point: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneTask:
    """One task of a stop. `needed`: whether it needs the member's own role. `kept`: the team said that it finishes it although its
    shift ends. `warnings` are codes: `late` (planned to begin after its due
    time), `overdue`, `role_missing`, `capability_missing` (on duty now), `no_location`."""

    id: UUID
    kind: str | None
    names: Mapping[str, str]
    channel: str
    status: str
    accepted: bool
    pinned: bool
    kept: bool
    under_way: bool
    needed: bool
    assigned_at: datetime
    departed_at: datetime | None
    arrived_at: datetime | None
    begin_at: datetime
    earliest: datetime
    due_at: datetime
    service_s: int
    suit: bool  # needs a protective suit: everybody at the door is told
    priority: int
    instructions: str
    subject: PhoneSubject | None
    caller: PhoneCaller | None = None  # of a call, where somebody on the team can make it
    capabilities: tuple[str, ...]
    attempt: int
    max_attempts: int
    form_version: int | None
    warnings: tuple[str, ...]
    handovers: tuple[PhoneHandover, ...] = ()  # oldest first
    follow_up: PhoneFollowUp | None = None  # None too for whoever may not read medical facts
    specimens: PhoneSpecimens | None = None  # of a transport; None too for whoever may not read medical facts


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneStop:
    """One door (or call), with all its tasks. `household_id` is None where only a phone number is known.

    The team's break is a stop without door and tasks, from `arrive_at` to `leave_at`.
    """

    household_id: UUID | None = None
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    access_notes: str = ""
    travel_s: int = 0
    arrive_at: datetime
    leave_at: datetime
    tasks: tuple[PhoneTask, ...] = ()
    is_break: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The form in force of a kind of which there is something to do or to correct, as JSON Schema 2020-12; above which temperature a
    result is a fever (None: it asks for none), and the names of the kinds whose tasks follow from one."""

    kind: str
    version: int
    schema: Mapping[str, Any]
    fever_above_c: float | None
    on_fever: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A visit that the member recorded today. `struck`: it was corrected."""

    id: UUID
    task_id: UUID
    kind: str | None
    names: Mapping[str, str]
    address: str
    at: datetime
    received_at: datetime
    struck: bool
    replaces_id: UUID | None
    outcome: str | None
    result: Mapping[str, Any] | None
    form_version: int | None
    note: str | None
    needs_review: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneRoute:
    """A team's stops in order, planned as of `planned_at`; `version` counts the team's routes, `accept_limit` the next stops that it may
    accept."""

    team_id: UUID | None = None
    version: int = 0
    planned_at: datetime | None = None
    accept_limit: int
    ending: Ending | None = (
        None  # of the shift now, else of the last; None where the team has none, or its next begins at once
    )
    stops: tuple[PhoneStop, ...] = ()
    forms: tuple[Form, ...] = ()
    recorded_today: tuple[Recorded, ...] = ()
    alarms: tuple[PhoneAlarm, ...] = ()  # oldest first


def sees_medical_facts(role: str) -> bool:
    """Whether members of that role may read kinds, instructions, outcomes and results."""
    return role != POLICE
