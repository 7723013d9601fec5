"""A live follow-up with its open tasks, locked for whoever ends or changes it.

Locks: the plan's open tasks (their teams first), then its row. Whoever makes tasks holds the row, so under it nothing new appears.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.domain.district import District
from shared.domain.errors import NotFound
from shared.domain.follow_up import FollowUp
from shared.domain.task import Task
from shared.domain.words import EndReason, Status
from shared.operations import holding, occurrences
from shared.store import districts, follow_up_occurrences, follow_ups, tasks
from shared.store.connection import Connection
from shared.store.follow_up_occurrences import Kept

_NOT_ACCEPTED = frozenset({Status.PENDING, Status.ASSIGNED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """A live follow-up and its open tasks, locked; what it has that was not withdrawn."""

    district: District
    follow_up: FollowUp
    tasks: Mapping[UUID, Task]
    kept: Sequence[Kept]

    def withdrawable(self, kept: Sequence[Kept]) -> list[Kept]:
        """Those of these whose task is open and no team has accepted it."""
        return [one for one in kept if one.task_id and self._is_idle(self.tasks.get(one.task_id))]

    def _is_idle(self, task: Task | None) -> bool:
        return task is not None and task.status in _NOT_ACCEPTED


async def open_tasks_of(conn: Connection, follow_up_id: UUID) -> list[UUID]:
    """The tasks of a follow-up that are open or not settled yet: whoever is to end or convert it while holding other locks locks them with
    those, before."""
    return await follow_up_occurrences.select_tasks_at_stake(conn, follow_up_id)


async def lock_follow_up(conn: Connection, follow_up_id: UUID, now: datetime) -> Locked:
    """Lock the open tasks and then the row; where tasks came meanwhile, again. What the worker should have made or settled by now (it was
    away) is made and settled here, so that it counts. Raises NotFound."""
    while True:
        task_ids = await open_tasks_of(conn, follow_up_id)
        attempt = conn.transaction()
        await attempt.start()
        await holding.lock(conn, task_ids)
        follow_up = await follow_ups.lock_follow_up(conn, follow_up_id)
        if follow_up is None:
            await attempt.rollback()
            raise NotFound("There is no such follow-up.")
        if set(await open_tasks_of(conn, follow_up_id)) <= set(task_ids):
            await attempt.commit()
            break
        await attempt.rollback()
    district = await districts.select_district(conn, follow_up.district_id)
    if district is None:
        raise NotFound("There is no such district.")
    if follow_up.is_live:
        await _catch_up(conn, follow_up, now)
    still_open = await tasks.lock_tasks(conn, await open_tasks_of(conn, follow_up_id))
    return Locked(
        district=district,
        follow_up=follow_up,
        tasks={task.id: task for task in still_open},
        kept=await follow_up_occurrences.select_kept(conn, follow_up_id),
    )


async def _catch_up(conn: Connection, follow_up: FollowUp, now: datetime) -> None:
    kept = await follow_up_occurrences.select_kept(conn, follow_up.id)
    unmade = [one.id for one in kept if not one.is_made and one.occurrence.opens_at <= now]
    if unmade:
        await occurrences.make_occurrences(conn, follow_up.district_id, unmade, now)
    unsettled = [one.id for one in kept if one.is_made and not one.is_settled and one.occurrence.ends_at <= now]
    if unsettled:
        await occurrences.settle_occurrences(conn, follow_up.district_id, unsettled, now)


async def withdraw(
    conn: Connection,
    locked: Locked,
    kept: Sequence[Kept],
    now: datetime,
    reason: str,
    *,
    account_id: UUID | None = None,
    member_id: UUID | None = None,
) -> None:
    """Cancel the tasks of these that no team has accepted."""
    lost = locked.withdrawable(kept)
    if not lost:
        return
    await holding.close(
        conn,
        locked.district,
        [locked.tasks[one.task_id] for one in lost if one.task_id],
        Status.CANCELLED,
        EndReason.CANCELLED,
        now=now,
        reason=reason,
        account_id=account_id,
        member_id=member_id,
    )
    await follow_up_occurrences.update_withdrawn(conn, [one.id for one in lost], now)
