"""Shifts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Discriminator, Field, Tag

from services.dispatcher.paging import PageQuery
from services.dispatcher.payloads.changes import Changes, left_out
from services.dispatcher.payloads.fields import District, Id, Payload, WorkTime, plain_integer
from shared.domain.breaks import Break, usual_break
from shared.domain.district import DistrictSettings
from shared.domain.ids import new_id
from shared.domain.rest import Rest
from shared.domain.team import Shift
from shared.domain.words import RestRule


class BreakIn(Payload):
    """The team rests once in the shift: from a moment from `earliest` to `latest` on, for `duration_s`, and ends before the shift does."""

    earliest: WorkTime
    latest: WorkTime
    duration_s: Annotated[int, Field(ge=60, le=14_400)]

    def break_(self) -> Break:
        return Break(earliest=self.earliest, latest=self.latest, duration_s=self.duration_s)


class NewShift(Payload):
    """At most 24 hours of one team; its shifts never overlap. `break` null: none; left out: the district's, where the shift has room
    for it."""

    id: Id | None = None
    team_id: Id
    starts_at: WorkTime
    ends_at: WorkTime
    break_: BreakIn | None = Field(None, alias="break")

    def shift(self, district_id: UUID, settings: DistrictSettings) -> Shift:
        if "break_" in self.model_fields_set:
            break_ = None if self.break_ is None else self.break_.break_()
        else:
            break_ = usual_break(settings, self.starts_at, self.ends_at)
        return Shift(
            id=self.id or new_id(),
            district_id=district_id,
            team_id=self.team_id,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            break_=break_,
        )


NewShifts = Annotated[
    Annotated[NewShift, Tag("<one>")] | Annotated[list[NewShift], Field(min_length=1, max_length=1000), Tag("<many>")],
    Discriminator(lambda body: "<many>" if isinstance(body, list) else "<one>"),
]


class ShiftPatch(Changes):
    """Another `break` than before is planned anew, whatever was had of the one before; null: none."""

    starts_at: WorkTime = left_out()
    ends_at: WorkTime = left_out()
    break_: BreakIn | None = Field(default_factory=lambda: None, alias="break")

    def shift_changes(self) -> dict[str, Any]:
        """What is written with the shift's row."""
        given = self.given()
        return (
            {**given, "break_": None if self.break_ is None else self.break_.break_()} if "break_" in given else given
        )


class ShiftQuery(PageQuery):
    """Shifts that touch the time from `since` until before `until`. A week of fifty teams is one page."""

    limit: Annotated[int, Field(ge=1, le=2000), BeforeValidator(plain_integer)] = 50
    district: District | None = None
    team_id: Id | None = None
    since: WorkTime | None = None
    until: WorkTime | None = None


class BreakOut(Payload):
    """`began_at` null: it is ahead. `over_at`: when it is or was over; work before its half puts it off."""

    earliest: datetime
    latest: datetime
    duration_s: int
    began_at: datetime | None
    over_at: datetime | None


class RestWarning(Payload):
    """By that rule a member does not count in a shift before `until`; not at all, where that is not before its end.

    `since`: when the work ended that the rest follows, or when the days in a row began.
    """

    rule: RestRule
    member_id: UUID
    shift_id: UUID
    team_id: UUID
    since: datetime
    until: datetime

    @classmethod
    def of(cls, rest: Rest) -> "RestWarning":
        return cls(**{name: getattr(rest, name) for name in cls.model_fields})


class ShiftOut(Payload):
    """`warnings`: who must rest in it; where it was just made or changed, also who must rest in another shift because of it."""

    id: UUID
    district_id: UUID
    team_id: UUID
    starts_at: datetime
    ends_at: datetime
    break_: BreakOut | None = Field(alias="break")
    created_at: datetime | None
    warnings: list[RestWarning]

    @classmethod
    def of(cls, shift: Shift, rests: Sequence[Rest] = ()) -> "ShiftOut":
        plain = {name: getattr(shift, name) for name in cls.model_fields if name not in ("break_", "warnings")}
        rest = shift.break_ and BreakOut(
            earliest=shift.break_.earliest,
            latest=shift.break_.latest,
            duration_s=shift.break_.duration_s,
            began_at=shift.break_began_at,
            over_at=shift.break_over_at,
        )
        return cls(**{**plain, "break": rest, "warnings": [RestWarning.of(each) for each in rests]})


class ShiftList(Payload):
    """`warnings`: who must rest in other shifts because of these."""

    items: list[ShiftOut]
    warnings: list[RestWarning]
