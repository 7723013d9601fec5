"""The figures of a district. What each one means stands in `shared.domain.figures` and in the glossary."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field

from services.dispatcher.payloads.fields import Day, Payload
from shared.domain import figures
from shared.domain.district import District
from shared.domain.errors import FieldError, Invalid
from shared.domain.figures import MOST_DAYS, DistrictFigures, Figures, MemberFigures, TeamFigures
from shared.domain.words import AlarmCode, WaitingReason

_USUAL_DAYS = timedelta(days=6)


class FiguresQuery(Payload):
    """Days of the district, both included: a quarter of a year at most, the seven days up to today where nothing is said."""

    from_: Day | None = Field(None, alias="from")
    to: Day | None = None
    table: Literal["days", "teams", "members"] = Field(
        "days", description="With `Accept: text/csv`: a row a day, or a row for each team or member and day"
    )

    def days(self, time_zone: str, now: datetime) -> tuple[date, date]:
        """The first and the last day. Raises Invalid."""
        today = now.astimezone(ZoneInfo(time_zone)).date()
        last = self.to or (today if self.from_ is None else max(today, self.from_))
        first = self.from_ or last - _USUAL_DAYS
        if last < first:
            raise Invalid(errors=(FieldError(in_="query", loc="to", msg="This is before the first day."),))
        if (last - first).days >= MOST_DAYS:
            raise Invalid(errors=(FieldError(in_="query", loc="to", msg=f"Ask for {MOST_DAYS} days at most."),))
        return first, last


class WaitingOut(Payload):
    """Tasks that waited for a team for that reason at some time, and how long together, in hours."""

    reason: WaitingReason
    tasks: int
    hours: float


class AlarmsOut(Payload):
    """How many alarms about that were raised."""

    what: AlarmCode
    raised: int


class FiguresOut(Payload):
    """The figures of a day, or of all days together.

    `completed` is `on_time` and `late` together. `response_s`: the median from when a task could be begun to its first visit.
    `seen_share`: of the people under follow-up, seen that day.
    `travel_share`: of the time under way and at doors, where phones told both (`stops_timed` stops). Null: there is nothing to count.
    """

    posted: int
    completed: int
    on_time: int
    late: int
    became_overdue: int
    not_executable: int
    cancelled: int
    expired: int
    response_s: float | None
    visits: int
    seen: int
    waiting: list[WaitingOut]
    stops_timed: int
    travel_s: float
    at_door_s: float
    travel_share: float | None
    subjects_followed: int
    subjects_seen: int
    seen_share: float | None
    occurrences_done: int
    occurrences_missed: int
    alarms: list[AlarmsOut]

    @classmethod
    def of(cls, found: Figures) -> "FiguresOut":
        return cls(**_plain(found))


class DayOut(FiguresOut):
    """A day of the district, from `begins` until `ends`; 23 or 25 hours long where clocks change."""

    day: date
    begins: datetime
    ends: datetime

    @classmethod
    def on(cls, day: figures.Day, found: Figures) -> "DayOut":
        return cls(day=day.date, begins=day.begins, ends=day.ends, **_plain(found))


def _plain(found: Figures) -> dict[str, Any]:
    waiting = [
        WaitingOut(reason=WaitingReason(reason), tasks=one.tasks, hours=round(one.seconds / 3600, 3))
        for reason, one in sorted(found.waiting.items())
    ]
    alarms = [AlarmsOut(what=AlarmCode(what), raised=raised) for what, raised in sorted(found.alarms.items())]
    plain = {name: getattr(found, name) for name in FiguresOut.model_fields if name not in ("waiting", "alarms")}
    return {**plain, "waiting": waiting, "alarms": alarms}


class TeamFiguresOut(Payload):
    """What a team did: a number for each day, in order. `shift_h`: hours on shift, until now."""

    team_id: UUID
    code: str
    name: str
    visits: list[int]
    seen: list[int]
    shift_h: list[float]

    @classmethod
    def of(cls, team: TeamFigures) -> "TeamFiguresOut":
        return cls(
            team_id=team.team_id,
            code=team.code,
            name=team.name,
            visits=list(team.visits),
            seen=list(team.seen),
            shift_h=_hours(team.shift_h),
        )


class MemberFiguresOut(Payload):
    """What a member did: a number for each day, in order. `visits`: they were there; `recorded`: by them. `name` is null for those who may
    not read members."""

    member_id: UUID
    name: str | None
    role: str
    visits: list[int]
    recorded: list[int]
    shift_h: list[float]

    @classmethod
    def of(cls, member: MemberFigures, *, named: bool) -> "MemberFiguresOut":
        return cls(
            member_id=member.member_id,
            name=member.name if named else None,
            role=member.role,
            visits=list(member.visits),
            recorded=list(member.recorded),
            shift_h=_hours(member.shift_h),
        )


class DistrictFiguresOut(Payload):
    """The figures of a district by its own days, as they are known at `at`: late reports and corrections mend the days they belong to."""

    district_id: UUID
    time_zone: str
    at: datetime
    days: list[DayOut]
    whole: FiguresOut
    teams: list[TeamFiguresOut]
    members: list[MemberFiguresOut]

    @classmethod
    def of(cls, district: District, found: DistrictFigures, now: datetime, *, named: bool) -> "DistrictFiguresOut":
        return cls(
            district_id=district.id,
            time_zone=district.time_zone,
            at=now,
            days=[DayOut.on(day, of_day) for day, of_day in zip(found.days, found.by_day, strict=True)],
            whole=FiguresOut.of(found.whole),
            teams=[TeamFiguresOut.of(team) for team in found.teams],
            members=[MemberFiguresOut.of(member, named=named) for member in found.members],
        )


def _hours(by_day: Sequence[float]) -> list[float]:
    return [round(hours, 2) for hours in by_day]
