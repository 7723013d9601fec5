"""Teams that fell behind their plan: nobody said so, the clock did."""

from datetime import datetime, timedelta
from uuid import UUID

from shared.domain.words import AlarmCode
from shared.operations.alarms import raise_alarm
from shared.operations.walks import lock_team, rewrite_routes
from shared.store import alarms, rounds, routes
from shared.store.connection import Connection


async def lay_out_late_route(conn: Connection, team_id: UUID, now: datetime) -> bool:
    """Lay the team's route out from now, in its order, wish for a round and raise the alarm; whether it was late still.

    So each lateness counts once: the next one begins at the new times. Raises NotFound.
    """
    async with conn.transaction():
        district, team = await lock_team(conn, team_id, now)
        due_at = await routes.select_report_due(conn, team_id)
        if due_at is None or now < due_at + timedelta(seconds=district.settings.late_after_s):
            return False
        if team.shift_id is None or not team.works:
            await routes.update_no_report_due(conn, team_id)
            return False
        await rewrite_routes(conn, [(team, team.works)], district_id=district.id, now=now, why="late")
        await rounds.insert_wish(conn, district.id, now)
        if not await alarms.has_standing(conn, AlarmCode.ROUTE_LATE, team_id):
            await raise_alarm(
                conn,
                district_id=district.id,
                what=AlarmCode.ROUTE_LATE,
                team_id=team_id,
                occasion=due_at.isoformat(),
                now=now,
            )
        return True
