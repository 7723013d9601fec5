"""Whatever the order of clocks, stops, changes and acknowledgements: each level of each occasion once, in order, none before it is due."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.domain.alarm import DEFAULT_RULES
from shared.domain.clock import utc_now
from shared.domain.words import AlarmCode, AlarmLevel
from shared.operations.alarms import acknowledge_alarm
from shared.store.connection import Connection
from tests.city import make_city, post
from tests.errands import run_errands
from tests.phones import give

MINUTE = timedelta(minutes=1)
SHIFT_HOURS = 4
RULE = DEFAULT_RULES[AlarmCode.OVERDUE]

Happening: TypeAlias = tuple[Literal["look", "due", "acknowledge"], int]
# Minutes until then, what happens, and of a new due time how many minutes after the first.
happenings = st.tuples(
    st.sampled_from([0, 1, 4, 7, 15, 31, 90]),
    st.one_of(
        st.tuples(st.just("look"), st.integers(1, 3)),
        st.tuples(st.just("due"), st.sampled_from([0, 20, 60])),
        st.tuples(st.just("acknowledge"), st.just(0)),
    ),
)


@dataclass
class Expected:
    """What should be raised of the task's due times, by the rule as it is said to people."""

    shift_ends: datetime
    due_at: datetime
    levels: dict[datetime, list[AlarmLevel]] = field(default_factory=dict)
    next_at: dict[datetime, datetime | None] = field(default_factory=dict)
    standing: datetime | None = None

    def look(self, now: datetime) -> None:
        if self.standing is not None and self.standing != self.due_at:
            self.next_at[self.standing] = None
            self.standing = None
        if self.due_at < now and self.due_at not in self.levels:
            first = RULE.first_level(team_works=now < self.shift_ends)
            self.levels[self.due_at] = [first]
            self.next_at[self.due_at] = RULE.escalates_at(first, self.due_at)
            self.standing = self.due_at
        while self.standing is not None and (at := self.next_at[self.standing]) and at <= now:
            following = AlarmLevel.COORDINATOR if self.levels[self.standing][-1] is AlarmLevel.TEAM else AlarmLevel.LEAD
            self.levels[self.standing].append(following)
            self.next_at[self.standing] = RULE.escalates_at(following, at)

    def acknowledge(self) -> None:
        if self.standing is not None:
            self.next_at[self.standing] = None


@pytest.mark.timeout(300)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(happenings, max_size=14))
async def test_each_level_of_each_occasion_is_raised_once_and_in_order(
    conn: Connection, story: list[tuple[int, Happening]]
) -> None:
    around = conn.transaction()
    await around.start()
    try:
        await _play(conn, story)
    finally:
        await around.rollback()


async def _play(conn: Connection, story: list[tuple[int, Happening]]) -> None:
    city = await make_city(conn, teams=1, hours=SHIFT_HOURS)
    began = now = utc_now()
    first_due = began + 30 * MINUTE
    (task_id,) = await post(conn, city, due_at=first_due)
    await give(conn, city, city.team_ids[0], [task_id])
    shift_ends: datetime = await conn.fetchval("SELECT upper(during) FROM shifts")
    expected = Expected(shift_ends=shift_ends, due_at=first_due)
    for minutes, (what, detail) in story:
        now += minutes * MINUTE
        if what == "look":
            for _ in range(detail):
                await run_errands(conn, now, "clear_alarms", "raise_overdue", "escalate_alarms")
            expected.look(now)
        elif what == "due":
            expected.due_at = first_due + detail * MINUTE
            await conn.execute("UPDATE tasks SET due_at = $2 WHERE id = $1", task_id, expected.due_at)
        else:
            standing = await conn.fetchval("SELECT id FROM alarms WHERE cleared_at IS NULL AND what = 'overdue'")
            if standing:
                await acknowledge_alarm(conn, standing, at=now, now=now, member_id=city.member_ids[0])
            expected.acknowledge()
    rows = await conn.fetch(
        """
        SELECT to_timestamp(a.occasion::float8) AS due_at, e.data ->> 'level' AS level
          FROM events e JOIN alarms a ON a.id = (e.data ->> 'alarm_id')::uuid
         WHERE e.name = 'alarm.raised' AND a.what = 'overdue' ORDER BY e.id
        """
    )
    told: dict[datetime, list[AlarmLevel]] = {}
    for row in rows:
        told.setdefault(row["due_at"], []).append(AlarmLevel(row["level"]))
    assert told == expected.levels
