"""Alarms and the rules by which a district raises them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.dispatcher.paging import PageQuery
from services.dispatcher.payloads.fields import District, Id, JsonObject, Payload, QueryBool
from shared.domain.alarm import BY_THE_CLOCK, LONGEST_S, AlarmRule, wait_s
from shared.domain.district import DistrictSettings
from shared.domain.errors import FieldError, Invalid
from shared.domain.words import AlarmCode, AlarmLevel
from shared.store.alarm_views import AlarmFilter
from shared.store.connection import Record

MOST_AT_ONCE = 200
Wait = Annotated[int, Field(ge=0, le=LONGEST_S, description="seconds")]


class AlarmQuery(PageQuery):
    """Without more: everything that stands, the highest level and of it the oldest first."""

    district: District | None = None
    standing: Annotated[QueryBool, Field(description="false: what is over, the newest first")] = True
    what: Annotated[list[AlarmCode], Field(max_length=len(AlarmCode))] = Field(default_factory=list)
    level: Annotated[list[AlarmLevel], Field(max_length=len(AlarmLevel))] = Field(default_factory=list)
    acknowledged: QueryBool | None = None
    team_id: Id | None = None
    task_id: Id | None = None

    def as_filter(self, districts: list[UUID] | None) -> AlarmFilter:
        return AlarmFilter(
            districts=districts,
            standing=self.standing,
            what=self.what,
            levels=self.level,
            acknowledged=self.acknowledged,
            team_id=self.team_id,
            task_id=self.task_id,
        )


class LevelRaised(Payload):
    """When that level was told, and when it was due by the clock."""

    level: AlarmLevel
    due_at: datetime
    raised_at: datetime


class Acknowledged(Payload):
    """Who looks at it, since when: an account or a member."""

    at: datetime
    account_id: UUID | None
    member_id: UUID | None
    name: str


class AlarmOut(Payload):
    """What a person must look at. `level`: the highest told so far, `escalate_at`: when the next is. It stands until `cleared_at`.

    `team_id`: the team that has the task now, else the one it is about. `data`: ids and codes, such as the `role` that is missing.
    """

    id: UUID
    district_id: UUID
    what: AlarmCode
    level: AlarmLevel
    levels: list[LevelRaised]
    raised_at: datetime
    escalate_at: datetime | None
    acknowledged: Acknowledged | None
    cleared_at: datetime | None
    task_id: UUID | None
    team_id: UUID | None
    subject_id: UUID | None
    member_id: UUID | None
    kind: str | None
    due_at: datetime | None
    address: str | None
    team: str | None
    subject_name: str | None
    member_name: str | None
    data: JsonObject

    @classmethod
    def of(cls, row: Record) -> "AlarmOut":
        shown = {name: row[name] for name in cls.model_fields if name not in ("acknowledged", "levels")}
        return cls(
            **shown, levels=[LevelRaised.model_validate(one) for one in row["levels"]], acknowledged=_acknowledged(row)
        )


class AlarmsToAcknowledge(Payload):
    ids: Annotated[list[Id], Field(min_length=1, max_length=MOST_AT_ONCE)]


class AlarmsAcknowledged(Payload):
    """How many of them nobody had acknowledged before."""

    acknowledged: int


class Escalation(Payload):
    """After how many seconds without anybody acknowledging it the next level is told; null: not by itself."""

    team: Wait | None = None
    coordinator: Wait | None = None


class EscalationOut(Payload):
    """The same, with nothing left out."""

    team: Wait | None
    coordinator: Wait | None


class AlarmRuleIn(Payload):
    """How the district raises one alarm. `after_s`: how long its cause lasts first (`due_soon`: how long before the due time); null:
    as the district's own setting says. Alarms that are raised by what happens have none."""

    what: AlarmCode
    enabled: bool = True
    after_s: Wait | None = None
    first_level: AlarmLevel
    escalate_after_s: Escalation = Field(default_factory=Escalation)


class AlarmRulesIn(Payload):
    """The rules that the district has of its own, whole: whatever alarm is not named has the default rule again."""

    rules: Annotated[list[AlarmRuleIn], Field(max_length=len(AlarmCode))]

    def as_rules(self) -> list[AlarmRule]:
        """Raises Invalid where an alarm is named twice, or given a wait that it cannot have."""
        errors: list[FieldError] = []
        seen: set[AlarmCode] = set()
        for place, rule in enumerate(self.rules):
            if rule.what in seen:
                errors.append(FieldError(in_="body", loc=f"rules.{place}.what", msg="This alarm has a rule already."))
            if rule.after_s is not None and rule.what not in BY_THE_CLOCK:
                errors.append(
                    FieldError(in_="body", loc=f"rules.{place}.after_s", msg="What happens raises it at once.")
                )
            seen.add(rule.what)
        if errors:
            raise Invalid(errors=tuple(errors))
        return [_rule(rule) for rule in self.rules]


class AlarmRuleOut(Payload):
    """`own`: the district has it of its own. `waits_s`: how long the cause lasts first, all told; null: it is raised at once."""

    what: AlarmCode
    enabled: bool
    after_s: Wait | None
    first_level: AlarmLevel
    escalate_after_s: EscalationOut
    own: bool
    waits_s: int | None

    @classmethod
    def of(cls, rule: AlarmRule, settings: DistrictSettings, *, own: bool) -> "AlarmRuleOut":
        return cls(
            what=rule.what,
            enabled=rule.enabled,
            after_s=rule.after_s,
            first_level=rule.first,
            escalate_after_s=EscalationOut(
                team=rule.escalate_after_s.get(AlarmLevel.TEAM),
                coordinator=rule.escalate_after_s.get(AlarmLevel.COORDINATOR),
            ),
            own=own,
            waits_s=wait_s(rule, settings) if rule.what in BY_THE_CLOCK else None,
        )


class AlarmRulesOut(Payload):
    """The rule of every alarm."""

    rules: list[AlarmRuleOut]

    @classmethod
    def of(
        cls, rules: list[AlarmRule], own: Mapping[AlarmCode, AlarmRule], settings: DistrictSettings
    ) -> "AlarmRulesOut":
        return cls(rules=[AlarmRuleOut.of(rule, settings, own=rule.what in own) for rule in rules])


def _rule(given: AlarmRuleIn) -> AlarmRule:
    waits = {AlarmLevel.TEAM: given.escalate_after_s.team, AlarmLevel.COORDINATOR: given.escalate_after_s.coordinator}
    return AlarmRule(
        what=given.what,
        enabled=given.enabled,
        after_s=given.after_s,
        first=given.first_level,
        escalate_after_s={level: wait for level, wait in waits.items() if wait is not None},
    )


def _acknowledged(row: Record) -> Acknowledged | None:
    if row["acknowledged_at"] is None:
        return None
    return Acknowledged(
        at=row["acknowledged_at"],
        account_id=row["acknowledged_by_account_id"],
        member_id=row["acknowledged_by_member_id"],
        name=row["acknowledged_by"],
    )
