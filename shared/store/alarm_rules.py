"""The table `alarm_rules`: what districts do otherwise than the defaults say."""

from collections.abc import Collection, Sequence
from uuid import UUID

from shared.domain.alarm import AlarmRule
from shared.domain.words import AlarmCode, AlarmLevel
from shared.store.connection import Connection, Record

COLUMNS = "what, enabled, after_s, first_level, team_s, coordinator_s"


def as_rule(row: Record) -> AlarmRule:
    """The rule in a row of COLUMNS."""
    waits = {AlarmLevel.TEAM: row["team_s"], AlarmLevel.COORDINATOR: row["coordinator_s"]}
    return AlarmRule(
        what=AlarmCode(row["what"]),
        enabled=row["enabled"],
        after_s=row["after_s"],
        first=AlarmLevel(row["first_level"]),
        escalate_after_s={level: wait for level, wait in waits.items() if wait is not None},
    )


async def select_rules(conn: Connection, district_id: UUID) -> dict[AlarmCode, AlarmRule]:
    """The rules that a district has of its own."""
    rows = await conn.fetch(f"SELECT {COLUMNS} FROM alarm_rules WHERE district_id = $1", district_id)
    return {rule.what: rule for rule in map(as_rule, rows)}


async def select_rules_for(conn: Connection, what: Collection[AlarmCode]) -> dict[tuple[UUID, AlarmCode], AlarmRule]:
    """The own rules of all districts for these alarms."""
    rows = await conn.fetch(f"SELECT district_id, {COLUMNS} FROM alarm_rules WHERE what = ANY($1)", list(what))
    return {(row["district_id"], AlarmCode(row["what"])): as_rule(row) for row in rows}


async def delete_rules(conn: Connection, district_id: UUID) -> None:
    """Let the district have the defaults again."""
    await conn.execute("DELETE FROM alarm_rules WHERE district_id = $1", district_id)


async def insert_rules(conn: Connection, district_id: UUID, rules: Sequence[AlarmRule]) -> None:
    await conn.executemany(
        f"INSERT INTO alarm_rules (district_id, {COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        [
            (
                district_id,
                rule.what,
                rule.enabled,
                rule.after_s,
                rule.first,
                rule.escalate_after_s.get(AlarmLevel.TEAM),
                rule.escalate_after_s.get(AlarmLevel.COORDINATOR),
            )
            for rule in rules
        ],
    )
