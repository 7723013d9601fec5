"""What a member's report may touch: tasks that are with the member's team as the report is taken."""

from collections.abc import Collection, Sequence
from uuid import UUID

from shared.domain.district import District
from shared.domain.errors import FieldError, NotFound, NotOnATeam, NotYourTask
from shared.domain.reports import Report
from shared.domain.task import Task
from shared.operations import holding
from shared.store import districts, memberships
from shared.store.connection import Connection
from shared.store.events import NewEvent


async def team_now(conn: Connection, report: Report) -> UUID:
    """The member's team. Raises NotOnATeam."""
    team_id = await memberships.select_team_of_member(conn, report.member_id, report.received_at)
    if team_id is None:
        raise NotOnATeam
    return team_id


async def lock_own(
    conn: Connection,
    report: Report,
    team_id: UUID,
    task_ids: Sequence[UUID],
    *,
    besides: Sequence[UUID] = (),
    with_teams: Collection[UUID] = (),
) -> list[Task]:
    """These tasks, locked, and their team and `with_teams` before them; of `besides` those that are still with the team.

    Raises NotFound where one of `task_ids` is not of the member's district, NotYourTask where it is not with the team (any more).
    """
    locked = await holding.lock(conn, [*task_ids, *besides], team_id, *with_teams)
    known = {task.id for task in locked.values() if task.district_id == report.district_id}
    if unknown := [task_id for task_id in task_ids if task_id not in known]:
        raise NotFound("There is no such task.", errors=at(task_ids, unknown, "There is no such task."))
    own = {task.id for task in locked.values() if task.team_id == team_id}
    if lost := [task_id for task_id in task_ids if task_id not in own]:
        raise NotYourTask(errors=at(task_ids, lost, "It is not with your team (any more)."))
    return [locked[task_id] for task_id in dict.fromkeys((*task_ids, *besides)) if task_id in own]


async def district_of(conn: Connection, report: Report) -> District:
    """Raises NotFound."""
    district = await districts.select_district(conn, report.district_id)
    if district is None:
        raise NotFound("There is no such district.")
    return district


def at(said: Sequence[UUID], wrong: Sequence[UUID], msg: str) -> tuple[FieldError, ...]:
    """Which of the tasks said are meant; nothing where only one was said."""
    if len(said) == 1:
        return ()
    return tuple(FieldError(in_="body", loc=f"task_ids.{said.index(task_id)}", msg=msg) for task_id in wrong)


def event_of(report: Report, name: str, team_id: UUID, task_id: UUID) -> NewEvent:
    """An event about a task of the member's team, of which the report tells."""
    return NewEvent(
        district_id=report.district_id,
        at=report.received_at,
        name=name,
        task_id=task_id,
        team_id=team_id,
        member_id=report.member_id,
    )
