"""Who asks, and what a phone shows."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.dispatcher.payloads.fields import JsonObject, Payload
from shared.domain import phone
from shared.domain.words import AlarmCode, Channel, Duty, Outcome, Permission, Status

Texts = Annotated[dict[str, str], Field(description="language → text")]


class DistrictRef(Payload):
    id: UUID
    code: str


class ColleagueOut(Payload):
    name: str
    role: str
    duty: Duty


class TeamNow(Payload):
    id: UUID
    code: str
    name: str
    colleagues: list[ColleagueOut]


class ShiftOut(Payload):
    """The shift now, else the next one."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    is_now: bool


class MemberNow(Payload):
    role: str
    duty: Duty
    suit_since: datetime | None
    suit_limit_s: Annotated[int | None, Field(description="so long a protective suit may be worn; null: no limit")]
    language: str
    capabilities: list[str]
    time_zone: str
    team: TeamNow | None
    shift: ShiftOut | None


class Me(Payload):
    """The account or member behind the token. `member` is null for an account; `districts` are those it may use; `leads`: it is a
    district lead, who is told of alarms that nobody took up."""

    id: UUID
    name: str
    permission: Permission
    districts: list[DistrictRef]
    leads: bool
    member: MemberNow | None


def member_now(myself: phone.Self, now: datetime) -> MemberNow:
    """A member with their team and shift at `now`."""
    member, team, shift = myself.member, myself.team, myself.shift
    return MemberNow(
        role=member.role,
        duty=member.duty,
        suit_since=member.suit_since,
        suit_limit_s=myself.district.settings.suit_limit_s,
        language=member.language,
        capabilities=list(member.capabilities),
        time_zone=myself.district.time_zone,
        team=team
        and TeamNow(
            id=team.id,
            code=team.code,
            name=team.name,
            colleagues=[ColleagueOut(name=one.name, role=one.role, duty=Duty(one.duty)) for one in myself.colleagues],
        ),
        shift=shift
        and ShiftOut(
            id=shift.id, starts_at=shift.starts_at, ends_at=shift.ends_at, is_now=shift.starts_at <= now < shift.ends_at
        ),
    )


class PhoneSubjectOut(Payload):
    name: str
    phone: str
    flags: JsonObject


class PhoneCallerOut(Payload):
    """Who on the team makes a call; any other may make it all the same."""

    name: str
    role: str
    is_me: bool


class PhoneHandoverOut(Payload):
    """From which team the task came at the end of its shift, and what it said. `note` is null for the police."""

    from_team: str
    at: datetime
    note: str | None


class EndingOut(Payload):
    """The end of the team's shift: from `asks_from` on it says of each task that it has accepted whether it keeps it or hands it over."""

    shift_id: UUID
    ends_at: datetime
    asks_from: datetime


class PhoneFollowUpOut(Payload):
    """The task is for this `day` of the `days` of its subject's plan."""

    day: int
    days: int


class PhoneSpecimensOut(Payload):
    """What a transport fetches: how many tubes are expected by now, and at which pick-up point."""

    expected: int
    pick_up_point: str


class PhoneTaskOut(Payload):
    """One task of a stop. `needed`: it needs the member's own role. `kept`: the team said that it finishes it although its shift ends.
    `handovers`: oldest first. For the police `kind` is null and `names` are neutral."""

    id: UUID
    kind: str | None
    names: Texts
    channel: Channel
    status: Status
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
    suit: bool
    priority: int
    instructions: str
    subject: PhoneSubjectOut | None
    caller: PhoneCallerOut | None
    capabilities: list[str]
    attempt: int
    max_attempts: int
    form_version: int | None
    warnings: Annotated[list[str], Field(description="late, overdue, role_missing, capability_missing, no_location")]
    handovers: list[PhoneHandoverOut]
    follow_up: PhoneFollowUpOut | None
    specimens: PhoneSpecimensOut | None


class PhoneStopOut(Payload):
    """One door (or call), with its tasks; or the team's break from `arrive_at` to `leave_at`, without door and tasks."""

    break_: bool = Field(alias="break")
    household_id: UUID | None
    address: str
    lat: float | None
    lon: float | None
    access_notes: str
    travel_s: int
    arrive_at: datetime
    leave_at: datetime
    tasks: list[PhoneTaskOut]


class FormOut(Payload):
    """A kind's result form in force. `on_fever`: names of the kinds whose tasks follow where `temperature_c` is above `fever_above_c`
    (null: the form asks for none).

    The schema is JSON Schema 2020-12 with notes for people: `x-order` names the fields in their order; of a field `title` (English),
    `x-title-zh`, `x-usual` (`minimum` and `maximum`: what lies beyond is asked twice); of its `enum` (a list's in `items`) `x-labels`
    and `x-labels-zh`, value → text. A form may lack any of them.
    """

    kind: str
    version: int
    schema_: Annotated[JsonObject, Field(alias="schema")]
    fever_above_c: float | None
    on_fever: list[Texts]


class RecordedOut(Payload):
    """A visit that the member recorded today. `struck`: it was corrected."""

    id: UUID
    task_id: UUID
    kind: str | None
    names: Texts
    address: str
    at: datetime
    received_at: datetime
    struck: bool
    replaces_id: UUID | None
    outcome: Outcome | None
    result: JsonObject | None
    form_version: int | None
    note: str | None
    needs_review: list[str]


class PhoneAlarmOut(Payload):
    """What the team was told to look at and that stands, as far as the member's role may know of it. `role`: the slot that is missing, of
    `role_short`; `due_at` is its task's; `acknowledged_by` names who looks at it."""

    id: UUID
    what: AlarmCode
    task_id: UUID | None
    role: str | None
    raised_at: datetime
    due_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None


class PhoneRouteOut(Payload):
    """The team's stops in order. `version` counts the team's routes; `team_id` is null where the member is on no team; of the next
    `accept_limit` stops tasks may be accepted."""

    team_id: UUID | None
    version: int
    planned_at: datetime | None
    accept_limit: int
    ending: Annotated[
        EndingOut | None,
        Field(
            description="of the shift now, else of the last; null where the team has none, or its next begins at once"
        ),
    ]
    stops: list[PhoneStopOut]
    forms: list[FormOut]
    recorded_today: list[RecordedOut]
    alarms: Annotated[list[PhoneAlarmOut], Field(description="oldest first")]

    @classmethod
    def of(cls, route: phone.PhoneRoute) -> "PhoneRouteOut":
        said = asdict(route)
        stops = [{"break": stop.pop("is_break"), **stop} for stop in said["stops"]]
        ending = route.ending and {name: getattr(route.ending, name) for name in EndingOut.model_fields}
        return cls.model_validate({**said, "stops": stops, "ending": ending})
