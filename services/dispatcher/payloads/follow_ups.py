"""Follow-ups as they are asked for, changed and looked for."""

from typing import Annotated, Any, Literal

from pydantic import Field

from services.dispatcher.paging import PageQuery
from services.dispatcher.payloads.changes import Changes, left_out
from services.dispatcher.payloads.fields import Day, District, Id, Payload, QueryBool, Text200
from services.dispatcher.payloads.protocols import (
    Days,
    KindIds,
    Ledger,
    Lines,
    ProtocolCode,
    ledger_of,
    lines_of,
)
from services.dispatcher.payloads.tasks import HouseholdMention, SubjectMention
from shared.domain.follow_up import FollowUpDraft
from shared.domain.words import FollowUpStatus


class NewFollowUp(Payload):
    """A subject's plan, from `first_day` (null: today) to `last_day`: by a protocol, which what is said here goes before, or given whole.

    What was due before it begins is not made; what is open now is.
    """

    id: Id | None = None
    district: District | None = None
    subject: SubjectMention
    household: HouseholdMention | None = None
    protocol: ProtocolCode | None = None
    first_day: Day | None = None
    last_day: Day | None = None
    lines: Lines | None = None
    ledger: Ledger | None = None
    lost_after_days: Days | None = None

    def draft(self, kinds: KindIds) -> FollowUpDraft:
        """Raises Invalid."""
        return FollowUpDraft(
            id=self.id,
            subject=self.subject.draft(),
            household=self.household.draft() if self.household else None,
            protocol=self.protocol,
            first_day=self.first_day,
            last_day=self.last_day,
            lines=None if self.lines is None else lines_of(self.lines, kinds),
            ledger=None if self.ledger is None else ledger_of(self.ledger, kinds),
            lost_after_days=self.lost_after_days,
        )


class FollowUpPatch(Changes):
    """From now on. What falls out of the plan and no team has accepted is withdrawn. `version`: only where it is at that version."""

    last_day: Day = left_out()
    lines: Lines = left_out()
    ledger: Ledger = left_out()
    lost_after_days: Days | None = left_out()
    version: Annotated[int, Field(ge=1, le=2_147_483_647)] | None = left_out()

    def changes(self, kinds: KindIds) -> dict[str, Any]:
        """Raises Invalid."""
        given = {name: value for name, value in self.given().items() if name != "version"}
        if "lines" in given:
            given["lines"] = lines_of(self.lines, kinds)
        if "ledger" in given:
            given["ledger"] = ledger_of(self.ledger, kinds)
        return given


class FollowUpEnd(Payload):
    """How it ends, and why in a few words."""

    status: Literal["completed", "lost", "cancelled"]
    reason: Text200 = ""


class FollowUpConversion(Payload):
    """To which protocol, from today on, and why in a few words."""

    protocol: ProtocolCode
    reason: Text200 = ""


class FollowUpQuery(PageQuery):
    """Newest first. `missing_today`: whether something that is due today is not done yet."""

    district: District | None = None
    status: Annotated[list[FollowUpStatus], Field(max_length=10)] = Field(default_factory=list)
    protocol: ProtocolCode | None = None
    subject_id: Id | None = None
    grid_id: Id | None = None
    missing_today: QueryBool | None = None
    q: (
        Annotated[str, Field(min_length=1, max_length=200, description="part of the name, the phone or the address")]
        | None
    ) = None


class LedgerQuery(PageQuery):
    """Newest first. `day` null: today. `missing`: whether something that is due that day is not done."""

    day: Day | None = None
    missing: QueryBool | None = None
    grid_id: Id | None = None
