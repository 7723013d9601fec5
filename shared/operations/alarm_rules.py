"""How a district raises its alarms."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from shared.domain.alarm import DEFAULT_RULES, AlarmRule
from shared.domain.errors import NotFound
from shared.domain.words import AlarmCode
from shared.operations.alarms import end_alarms
from shared.store import alarm_rules, alarms, districts
from shared.store.connection import Connection
from shared.store.events import NewEvent, insert_events


async def change_rules(
    conn: Connection, district_id: UUID, rules: Sequence[AlarmRule], *, now: datetime, account_id: UUID | None
) -> dict[AlarmCode, AlarmRule]:
    """Let the district have these rules and the defaults for all else; the rules that it has of its own then.

    Alarms that it wants no more are over. Those that stand keep the moment at which the next level is told. Raises NotFound.
    """
    async with conn.transaction():
        if await districts.lock_district(conn, district_id) is None:
            raise NotFound
        await alarm_rules.delete_rules(conn, district_id)
        await alarm_rules.insert_rules(conn, district_id, rules)
        unwanted = [rule.what for rule in rules if not rule.enabled]
        await end_alarms(conn, await alarms.lock_standing_of_district(conn, district_id, unwanted), now)
        event = NewEvent(district_id=district_id, at=now, name="alarm_rules.changed", account_id=account_id)
        await insert_events(conn, [event])
        return await alarm_rules.select_rules(conn, district_id)


def rules_in_force(own: Mapping[AlarmCode, AlarmRule]) -> list[AlarmRule]:
    """The rule of every alarm: the district's own, else the default."""
    return [own.get(what, DEFAULT_RULES[what]) for what in AlarmCode]
