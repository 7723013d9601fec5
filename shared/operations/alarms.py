"""Alarms raised, escalated, acknowledged and cleared, each with its event in the same transaction.

The database keeps an occasion and each of its levels from being raised twice, however many workers look and whatever stopped them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.alarm import DEFAULT_RULES, ENDS_BY_ITSELF, Alarm, AlarmRule, is_beyond, next_level
from shared.domain.errors import NotFound
from shared.domain.ids import new_id
from shared.domain.words import AlarmCode, AlarmLevel
from shared.operations.push import wake_for_alarms
from shared.store import alarm_rules, alarms, shifts
from shared.store.connection import Connection
from shared.store.events import NewEvent, insert_events


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """Something that is wrong, since `due_at` worth an alarm. `data`: ids and codes."""

    due_at: datetime
    task_id: UUID | None = None
    team_id: UUID | None = None
    subject_id: UUID | None = None
    member_id: UUID | None = None
    occasion: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    def about(self, district_id: UUID) -> UUID:
        """What it is about: the task, else the subject, the member, the team, the district."""
        return self.task_id or self.subject_id or self.member_id or self.team_id or district_id


async def raise_alarm(
    conn: Connection,
    *,
    district_id: UUID,
    what: AlarmCode,
    level: AlarmLevel | None = None,
    now: datetime,
    task_id: UUID | None = None,
    team_id: UUID | None = None,
    subject_id: UUID | None = None,
    member_id: UUID | None = None,
    occasion: str = "",
    data: Mapping[str, Any] | None = None,
) -> UUID | None:
    """Raise an alarm about the task (else the subject, member, team, district) at once; its id, or None: raised before, or switched off.

    `level` is told first where the district has no rule of its own for this alarm; None: as the defaults say. A team is told only while
    its shift is on, else its coordinator. Of one occasion each level is raised once: again, with a later level, raises that level.
    """
    async with conn.transaction():
        own = (await alarm_rules.select_rules(conn, district_id)).get(what)
        rule = own or (replace(DEFAULT_RULES[what], first=level) if level else DEFAULT_RULES[what])
        if not rule.enabled:
            return None
        cause = Cause(
            due_at=now,
            task_id=task_id,
            team_id=team_id,
            subject_id=subject_id,
            member_id=member_id,
            occasion=occasion,
            data=data or {},
        )
        raised = await raise_causes(conn, district_id, rule, [cause], now)
        if raised:
            return raised[0]
        known = await alarms.lock_same(conn, what, cause.about(district_id), occasion)
        if known is None or own or level is None or known.cleared_at or not is_beyond(level, known.level):
            return None
        await _raise_levels(conn, [(known, level, now)], rule, now)
        return known.id


async def raise_alarms(
    conn: Connection, district_id: UUID, what: AlarmCode, causes: Sequence[Cause], now: datetime
) -> list[UUID]:
    """Raise these of one code as a set, as the district's rule says; the ids of those that were not raised before."""
    if not causes:
        return []
    rule = (await alarm_rules.select_rules(conn, district_id)).get(what, DEFAULT_RULES[what])
    return await raise_causes(conn, district_id, rule, causes, now) if rule.enabled else []


async def raise_causes(
    conn: Connection, district_id: UUID, rule: AlarmRule, causes: Sequence[Cause], now: datetime
) -> list[UUID]:
    """Raise the first level of each that was not raised before, as a set; the ids of those raised, in the order given."""
    async with conn.transaction():
        at_work = await _teams_at_work(conn, [cause.team_id for cause in causes], now)
        drafted = [
            (_draft(district_id, rule, cause, now, team_works=cause.team_id in at_work), cause) for cause in causes
        ]
        written = await alarms.insert_alarms(conn, [alarm for alarm, _ in drafted])
        raised = [(alarm, cause.due_at) for alarm, cause in drafted if alarm.id in written]
        await alarms.insert_levels(
            conn, [alarm.id for alarm, _ in raised], [alarm.level for alarm, _ in raised], [at for _, at in raised], now
        )
        await _tell_raised(conn, [alarm for alarm, _ in raised], now)
        return [alarm.id for alarm, _ in raised]


async def escalate(conn: Connection, district_id: UUID, alarm_ids: Sequence[UUID], now: datetime) -> None:
    """Tell the next levels of those of these alarms whose time has come, one level after the other, as far as they are due by now."""
    async with conn.transaction():
        own = await alarm_rules.select_rules(conn, district_id)
        for _ in AlarmLevel:
            due = await alarms.lock_escalating(conn, alarm_ids, now)
            for what in {alarm.what for alarm in due}:
                steps = [
                    (alarm, level, alarm.escalate_at)
                    for alarm in due
                    if alarm.what is what and alarm.escalate_at and (level := next_level(alarm.level))
                ]
                await _raise_levels(conn, steps, own.get(what, DEFAULT_RULES[what]), now)


async def acknowledge_alarm(
    conn: Connection,
    alarm_id: UUID,
    *,
    at: datetime,
    now: datetime,
    account_id: UUID | None = None,
    member_id: UUID | None = None,
) -> Alarm:
    """A person looks at it since `at`: nobody else is told. Who was first stays; an alarm that is over stays as it is. Raises NotFound."""
    async with conn.transaction():
        alarm = await alarms.lock_alarm(conn, alarm_id)
        if alarm is None:
            raise NotFound
        if alarm.acknowledged_at is not None or alarm.cleared_at is not None:
            return alarm
        done_at = None if alarm.what in ENDS_BY_ITSELF else now
        await alarms.update_acknowledged(
            conn, alarm.id, at=at, account_id=account_id, member_id=member_id, cleared_at=done_at
        )
        await _tell(conn, "alarm.acknowledged", [alarm], now, account_id=account_id, member_id=member_id)
        return replace(
            alarm,
            acknowledged_at=at,
            acknowledged_by_account_id=account_id,
            acknowledged_by_member_id=member_id,
            escalate_at=None,
            cleared_at=done_at,
        )


async def clear_alarms(conn: Connection, what: AlarmCode, about: Collection[UUID], now: datetime) -> None:
    """The cause of these alarms is gone: of `what`, about these tasks (subjects, members, teams), of every occasion."""
    async with conn.transaction():
        await end_alarms(conn, await alarms.lock_standing_about(conn, what, about), now)


async def end_alarms(conn: Connection, alarm_ids: Collection[UUID], now: datetime) -> None:
    """End those of these alarms that stand, as a set."""
    if not alarm_ids:
        return
    async with conn.transaction():
        await _tell(conn, "alarm.cleared", await alarms.update_cleared(conn, alarm_ids, now), now)


def _draft(district_id: UUID, rule: AlarmRule, cause: Cause, now: datetime, *, team_works: bool) -> Alarm:
    level = rule.first_level(team_works=team_works)
    return Alarm(
        id=new_id(),
        district_id=district_id,
        what=rule.what,
        about=cause.about(district_id),
        occasion=cause.occasion,
        level=level,
        task_id=cause.task_id,
        team_id=cause.team_id,
        subject_id=cause.subject_id,
        member_id=cause.member_id,
        data=cause.data,
        raised_at=now,
        escalate_at=rule.escalates_at(level, cause.due_at),
    )


async def _raise_levels(
    conn: Connection, steps: Sequence[tuple[Alarm, AlarmLevel, datetime]], rule: AlarmRule, now: datetime
) -> None:
    """Move these locked alarms, each with its new level and when that was due, to that level."""
    ids, levels = [alarm.id for alarm, _, _ in steps], [level for _, level, _ in steps]
    await alarms.update_levels(conn, ids, levels, [rule.escalates_at(level, due_at) for _, level, due_at in steps])
    await alarms.insert_levels(conn, ids, levels, [due_at for _, _, due_at in steps], now)
    await _tell_raised(conn, [replace(alarm, level=level) for alarm, level, _ in steps], now)


async def _teams_at_work(conn: Connection, team_ids: Sequence[UUID | None], now: datetime) -> set[UUID | None]:
    asked = {team_id for team_id in team_ids if team_id is not None}
    return {shift.team_id for shift in await shifts.select_shifts_at(conn, asked, now)} if asked else set()


async def _tell_raised(conn: Connection, raised: Sequence[Alarm], now: datetime) -> None:
    """The event of each, which its team hears where the team is the one told; then its phones are woken."""
    for_teams = [alarm for alarm in raised if alarm.level is AlarmLevel.TEAM and alarm.team_id is not None]
    told = {alarm.id for alarm in for_teams}
    await insert_events(conn, [_event("alarm.raised", alarm, now, hears=alarm.id in told) for alarm in raised])
    await wake_for_alarms(conn, [(alarm.team_id, alarm.what) for alarm in for_teams if alarm.team_id], now=now)


async def _tell(
    conn: Connection,
    name: str,
    changed: Sequence[Alarm],
    now: datetime,
    *,
    account_id: UUID | None = None,
    member_id: UUID | None = None,
) -> None:
    """The event of each, which its team hears where it was told of the alarm."""
    told = await alarms.select_told_teams(conn, [alarm.id for alarm in changed]) if changed else set()
    events = [_event(name, alarm, now, hears=alarm.id in told) for alarm in changed]
    await insert_events(conn, [replace(event, account_id=account_id, member_id=member_id) for event in events])


def _event(name: str, alarm: Alarm, now: datetime, *, hears: bool) -> NewEvent:
    return NewEvent(
        district_id=alarm.district_id,
        at=now,
        name=name,
        task_id=alarm.task_id,
        team_id=alarm.team_id if hears else None,
        data={"alarm_id": str(alarm.id), "what": alarm.what, "level": alarm.level},
    )
