"""Giving back what a team cannot do any more. Accepted work stays until a person decides."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from shared.domain.district import District
from shared.domain.errors import NotFound
from shared.domain.routing import TeamOnShift, Work, timetable
from shared.domain.words import EndReason, Status
from shared.operations import holding
from shared.operations.walks import lock_team
from shared.store import districts, memberships, rounds, tasks
from shared.store.connection import Connection


async def release_what_team_cannot_do(conn: Connection, team_id: UUID, now: datetime) -> list[UUID]:
    """After a change of duty, people or shift: give back what is not accepted and needs somebody or some time that is gone.

    Returns the tasks given back, which are due for planning at once. Everything that waits in the district is looked at again too, because
    the change may as well have brought somebody. Raises NotFound.
    """
    async with conn.transaction():
        district, team = await lock_team(conn, team_id, now)
        released = await _release(conn, district, team, EndReason.OFF_DUTY, now, lambda work: not team.keeps(work))
        _, team = await lock_team(conn, team_id, now)
        too_late = {step.work.task_id for step in timetable(team, team.works) if step.leave_at > team.shift_ends}
        released += await _release(
            conn, district, team, EndReason.SHIFT_ENDED, now, lambda work: work.task_id in too_late
        )
        await tasks.update_plan_at_for_district(conn, district.id, now)
        await rounds.insert_wish(conn, district.id, now)
        return released


async def settle_ended_membership(conn: Connection, membership_id: UUID, team_id: UUID, now: datetime) -> None:
    """Give back what a team cannot do since a membership ended by the clock, once. Raises NotFound where the team is gone."""
    async with conn.transaction():
        await release_what_team_cannot_do(conn, team_id, now)
        await memberships.update_settled(conn, membership_id, now)


async def expire_task(conn: Connection, task_id: UUID, now: datetime) -> None:
    """Close an open task, not accepted, whose window is over and which is worthless then; leave any other alone."""
    async with conn.transaction():
        task = (await holding.lock(conn, [task_id])).get(task_id)
        if task is None or task.status not in (Status.PENDING, Status.ASSIGNED) or task.due_at >= now:
            return
        district = await districts.select_district(conn, task.district_id)
        if district is None:
            raise NotFound("There is no such district.")
        await holding.close(conn, district, [task], Status.EXPIRED, EndReason.EXPIRED, now=now, reason="window_over")


async def _release(
    conn: Connection,
    district: District,
    team: TeamOnShift,
    reason: EndReason,
    now: datetime,
    is_lost: Callable[[Work], bool],
) -> list[UUID]:
    lost: Sequence[UUID] = [
        work.task_id for work in team.works if not work.team_fixed and not work.is_under_way and is_lost(work)
    ]
    if not lost:
        return []
    locked = await tasks.lock_tasks(conn, lost)
    held = [task for task in locked if task.team_id == team.team_id and task.status is Status.ASSIGNED]
    await holding.take_back(conn, district, held, reason, now=now)
    return [task.id for task in held]
