"""Accepted work that a team left open at the end of its shift and said nothing about: its coordinator is told, until it is settled."""

from collections.abc import Sequence
from datetime import datetime

from shared.domain.handover import KEPT_FOR, OPEN_AFTER
from shared.domain.team import Shift
from shared.domain.words import AlarmCode
from shared.operations.alarms import Cause, raise_alarm, raise_alarms
from shared.store import handovers, shifts
from shared.store.connection import Connection, Record


async def find_left_open(conn: Connection, now: datetime, most: int) -> Sequence[Record]:
    """What is to be told of by now."""
    return await handovers.select_left_open(conn, now, usually_after=OPEN_AFTER, kept_for=KEPT_FOR, most=most)


async def tell_of_left_open(conn: Connection, row: Record, now: datetime) -> None:
    """Raise the alarm about one task of `find_left_open`, once for that shift."""
    await raise_alarm(
        conn,
        district_id=row["district_id"],
        what=AlarmCode.HANDOVER_OPEN,
        now=now,
        task_id=row["task_id"],
        team_id=row["team_id"],
        occasion=str(row["shift_id"]),
        data={"shift_id": str(row["shift_id"])},
    )


async def tell_of_removed_shift(conn: Connection, shift: Shift, now: datetime) -> None:
    """A shift that had begun was removed: raise the alarm at once about what its team, locked, holds for good and is off shift with."""
    if shift.starts_at > now or await shifts.select_shift_at(conn, shift.team_id, now) is not None:
        return
    causes = [
        Cause(
            due_at=now,
            task_id=row["task_id"],
            team_id=shift.team_id,
            occasion=str(shift.id),
            data={"shift_id": str(shift.id)},
        )
        for row in await handovers.select_asked_about(conn, shift.team_id, now)
    ]
    await raise_alarms(conn, shift.district_id, AlarmCode.HANDOVER_OPEN, causes, now)
