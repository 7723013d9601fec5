"""Rosters of weeks, as JSON or as tables with a column a role."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints

from services.dispatcher.payloads.districts import Role
from services.dispatcher.payloads.fields import District, JsonObject, Payload, WorkTime
from services.dispatcher.payloads.sheet import Sheet
from services.dispatcher.payloads.shifts import RestWarning
from services.dispatcher.problems import Problem
from shared.domain.breaks import Break
from shared.domain.errors import FieldError, Invalid
from shared.domain.roster_book import RosterRow

MOST_ROWS = 10_000
_BREAK = re.compile(r"(\d\d?[:：]\d\d)\s*[-–~至]\s*(\d\d?[:：]\d\d)[\s,，]+(\d{1,3})", re.ASCII)
_MINUTES = re.compile(r"\d{1,3}", re.ASCII)

TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01]?[0-9]|2[0-3]):[0-5][0-9]$")]
Said = Annotated[str, StringConstraints(min_length=1, max_length=200)]


class RosterBreakIn(Payload):
    """`minutes` of rest (0: none), begun between the times of day `from` and `until` of the district; without them in its usual window."""

    minutes: Annotated[int, Field(ge=0, le=240)]
    from_: TimeOfDay | None = Field(None, alias="from")
    until: TimeOfDay | None = None


class RosterRowIn(Payload):
    """A shift of the team with that code, and who fills which slot in it: role → phone, whole name or id. Slots that are not named stay as
    they are. `break` left out: a new shift gets the district's, a known one keeps its own."""

    team: Annotated[str, StringConstraints(min_length=1, max_length=63)]
    from_: WorkTime = Field(alias="from")
    until: WorkTime
    members: dict[Role, Said] = Field(default_factory=dict, max_length=12)
    break_: RosterBreakIn | None = Field(None, alias="break")

    def row(self, time_zone: str, usual_after_s: int, usual_window_s: int) -> RosterRow:
        """Raises Invalid where of the break's times one is missing."""
        return RosterRow(
            team=self.team,
            starts_at=self.from_,
            ends_at=self.until,
            people=self.members,
            break_=self._break(time_zone, timedelta(seconds=usual_after_s), timedelta(seconds=usual_window_s)),
            says_break=self.break_ is not None,
        )

    def _break(self, time_zone: str, usual_after: timedelta, usual_window: timedelta) -> Break | None:
        said = self.break_
        if said is None or said.minutes == 0:
            return None
        lasts = timedelta(minutes=said.minutes)
        if said.from_ is None and said.until is None:
            earliest = min(self.from_ + usual_after, max(self.until - lasts, self.from_))
            latest = max(earliest, min(earliest + usual_window, self.until - lasts))
        elif said.from_ is not None and said.until is not None:
            earliest = _next(self.from_, said.from_, time_zone)
            latest = _next(earliest, said.until, time_zone)
        else:
            missing = "from" if said.from_ is None else "until"
            raise Invalid(errors=(FieldError(in_="body", loc=f"break.{missing}", msg="Give both times or neither."),))
        return Break(earliest=earliest, latest=latest, duration_s=said.minutes * 60)


class RostersIn(Payload):
    """Each row is checked for itself: bad ones are answered, good ones land."""

    district: District | None = None
    rows: Annotated[list[JsonObject], Field(min_length=1, max_length=MOST_ROWS)]


class RostersQuery(Payload):
    district: District | None = None


class RosterItem(Payload):
    """`row`: in JSON the place in `rows`, from 1; in CSV the row of the spreadsheet, its header being row 1.

    `changed`: a known shift with other people or another break. `shift_id`: in a preview null where the shift is not there yet.
    `warnings`: who must rest in the shift.
    """

    row: int
    status: Literal["created", "changed", "repeated", "rejected"]
    shift_id: UUID | None = None
    warnings: list[RestWarning] = Field(default_factory=list)
    problem: Problem | None = None


class RostersOut(Payload):
    """What became of each row, in their order, and how often. `warnings`: who must rest in other shifts because of these."""

    created: int
    changed: int
    repeated: int
    rejected: int
    items: list[RosterItem]
    warnings: list[RestWarning]


def roster_sheet(roles: Sequence[str]) -> Sheet:
    """The table of a district whose teams have these roles."""
    columns: dict[str, tuple[str, ...]] = {"team": ("team",), "from": ("from",), "until": ("until",)}
    columns |= {role: ("members", role) for role in roles if role not in (*columns, "break")}
    return Sheet(
        {**columns, "break": ("break",)},
        required=("team", "from", "until"),
        readers={"break": _break_cell},
        times=frozenset({"from", "until"}),
    )


def _break_cell(text: str) -> Any:
    """`30` → minutes; `11:30-13:00 30` → minutes between two times of day; anything else as it is, to be refused."""
    if _MINUTES.fullmatch(text):
        return {"minutes": int(text)}
    written = _BREAK.fullmatch(text)
    if written is None:
        return text
    begins, ends, minutes = written.groups()
    return {"from": begins.replace("：", ":"), "until": ends.replace("：", ":"), "minutes": int(minutes)}


def _next(moment: datetime, time_of_day: str, time_zone: str) -> datetime:
    """When it is that time of day next, from `moment` on."""
    hour, minute = map(int, time_of_day.split(":"))
    local = moment.astimezone(ZoneInfo(time_zone))
    for days in (0, 1, 2):
        day = local.date() + timedelta(days=days)
        at = datetime.combine(day, time(hour, minute), ZoneInfo(time_zone)).astimezone(UTC)
        if at >= moment:
            return at
    raise AssertionError("every time of day comes within two days")
