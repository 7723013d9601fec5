"""A team's alarms on its phones: what each role may know of, and acknowledged by whoever sees them first."""

from uuid import UUID

from shared.domain.alarm import PhoneAlarm, may_know
from shared.domain.errors import NotFound, NotOnATeam
from shared.domain.reports import Acknowledge, Report
from shared.domain.words import AlarmCode
from shared.operations.alarms import acknowledge_alarm
from shared.store import alarms, memberships
from shared.store.alarm_views import select_alarms_of_team
from shared.store.connection import Connection


async def load_phone_alarms(conn: Connection, team_id: UUID, role: str) -> tuple[PhoneAlarm, ...]:
    """The team's standing alarms that the role may know of, the oldest first."""
    return tuple(
        PhoneAlarm(
            id=row["id"],
            what=AlarmCode(row["what"]),
            task_id=row["task_id"],
            role=row["data"].get("role"),
            raised_at=row["raised_at"],
            due_at=row["due_at"],
            acknowledged_at=row["acknowledged_at"],
            acknowledged_by=row["acknowledged_by"],
        )
        for row in await select_alarms_of_team(conn, team_id)
        if may_know(role, AlarmCode(row["what"]))
    )


async def acknowledge_by_phone(conn: Connection, report: Report, said: Acknowledge) -> None:
    """Somebody of the team saw the alarm, when the phone says so. One that is over, or no longer the team's, is left as it is.

    Raises NotOnATeam, and NotFound where it is none that this member could have seen.
    """
    team_id = await memberships.select_team_of_member(conn, report.member_id, report.received_at)
    if team_id is None:
        raise NotOnATeam
    alarm = await alarms.lock_alarm(conn, said.alarm_id)
    if alarm is None or alarm.district_id != report.district_id or not may_know(report.role, alarm.what):
        raise NotFound("There is no such alarm.")
    if any(row["id"] == alarm.id for row in await select_alarms_of_team(conn, team_id)):
        await acknowledge_alarm(
            conn, alarm.id, at=report.corrected_at, now=report.received_at, member_id=report.member_id
        )
    elif alarm.team_id != team_id:
        raise NotFound("There is no such alarm.")
