"""The alarms that the clock raises: found in all districts at once, raised, escalated and cleared as sets, a district at a time.

Nothing is timed. Whoever looks finds what is due by `now`, so a stop of any length costs delay and no alarm.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from shared.domain.alarm import DEFAULT_RULES, wait_s
from shared.domain.district import settings_from_json
from shared.domain.words import AlarmCode
from shared.operations import alarms
from shared.operations.alarms import Cause
from shared.store import alarm_causes, alarm_rules
from shared.store.connection import Connection, Record

SETS = 10
"""So many alarms are dealt with where other errands deal with one row: a set costs little more than one."""


async def find_causes(conn: Connection, what: AlarmCode, now: datetime, most: int) -> Sequence[Record]:
    """What is worth this alarm by `now` and was not raised, as `shared.store.alarm_causes` says it: a row a district."""
    own = await alarm_rules.select_rules_for(conn, [what])
    districts: list[UUID] = []
    until: list[datetime] = []
    for row in await alarm_causes.select_districts(conn):
        rule = own.get((row["id"], what), DEFAULT_RULES[what])
        if rule.enabled:
            wait = timedelta(seconds=wait_s(rule, settings_from_json(row["settings"])))
            districts.append(row["id"])
            until.append(now + wait if what is AlarmCode.DUE_SOON else now - wait)
    return await alarm_causes.BY_CODE[what](conn, districts, until, now, most * SETS)


async def raise_found(conn: Connection, what: AlarmCode, found: Record, now: datetime) -> None:
    """Raise what `find_causes` found of one district."""
    async with conn.transaction():
        await alarms.raise_alarms(conn, found["district_id"], what, _causes(found), now)


async def find_escalating(conn: Connection, now: datetime, most: int) -> Sequence[Record]:
    """Alarms that nobody acknowledged in time: a row a district."""
    return await alarm_causes.select_escalating(conn, now, most * SETS)


async def escalate_found(conn: Connection, found: Record, now: datetime) -> None:
    """Tell the next levels of what `find_escalating` found of one district."""
    await alarms.escalate(conn, found["district_id"], found["alarm_ids"], now)


async def find_over(conn: Connection, now: datetime, most: int) -> Sequence[Record]:
    """Alarms whose cause is gone: a row a district."""
    return await alarm_causes.select_over(conn, now, most * SETS)


async def clear_found(conn: Connection, found: Record, now: datetime) -> None:
    """End what `find_over` found of one district."""
    await alarms.end_alarms(conn, found["alarm_ids"], now)


def _causes(found: Record) -> list[Cause]:
    columns = ("task_ids", "team_ids", "subject_ids", "occasions", "data", "due_at")
    return [
        Cause(task_id=task_id, team_id=team_id, subject_id=subject_id, occasion=occasion, data=data, due_at=due_at)
        for task_id, team_id, subject_id, occasion, data, due_at in zip(*(found[name] for name in columns), strict=True)
    ]
