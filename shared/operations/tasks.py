"""Changing what a task asks for, after it was taken in."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.district import District
from shared.domain.errors import ChangedMeanwhile, NotFound, TaskClosed
from shared.domain.intake import LOOK_AGAIN_ASTRAY, HouseholdDraft, TaskDraft, astray, check_window
from shared.domain.routing import TeamOnShift, timetable
from shared.domain.task import Task
from shared.domain.words import EndReason, Status, WaitingReason
from shared.operations import holding, mentions
from shared.operations.walks import load_teams
from shared.store import districts, grids, kinds, tasks
from shared.store.connection import Connection
from shared.store.events import NewEvent, insert_events


async def change_task(
    conn: Connection,
    task_id: UUID,
    changes: Mapping[str, Any],
    *,
    version: int | None,
    now: datetime,
    account_id: UUID | None,
) -> Task:
    """Change earliest, due_at, priority, needs (a tuple), service_s, instructions or household (a HouseholdDraft) of an open task.

    What waits is looked at anew. A team that has not accepted it yet gives it back where it does not fit any more.
    Raises NotFound, TaskClosed, ChangedMeanwhile (it is not at `version`), Invalid.
    """
    async with conn.transaction():
        task = (await holding.lock(conn, [task_id])).get(task_id)
        if task is None:
            raise NotFound("There is no such task.")
        if version is not None and version != task.version:
            raise ChangedMeanwhile(f"It is at version {task.version}.")
        if task.is_closed:
            raise TaskClosed
        district = await districts.select_district(conn, task.district_id)
        if district is None:
            raise NotFound("There is no such district.")
        before = await _holder(conn, district, task, now)
        changed = await _changed(conn, task, changes, now)
        await tasks.update_changed(conn, changed, now)
        await _tell(conn, changed, sorted(changes), now, account_id)
        if before is not None:
            await _keep_or_give_back(conn, district, changed, before, now, account_id)
        (after,) = await tasks.select_tasks(conn, [task_id])
        return after


async def _changed(conn: Connection, task: Task, changes: Mapping[str, Any], now: datetime) -> Task:
    given = dict(changes)
    check_window(given.get("earliest"), given.get("due_at"), now, known=task)
    needs, household = given.pop("needs", None), given.pop("household", None)
    changed = replace(task, **given)
    if needs is not None:
        kind = await kinds.select_kind(conn, task.kind_id)
        own = kind.required_capabilities if kind else ()
        changed = replace(changed, capabilities=tuple(sorted({*own, *needs})))
    if household is not None:
        changed = await _moved(conn, changed, household, now)
    if task.status is not Status.PENDING:
        return changed
    return replace(changed, **await _waiting(conn, changed, now))


async def _moved(conn: Connection, task: Task, household: HouseholdDraft, now: datetime) -> Task:
    draft = TaskDraft(kind="", household=household)
    known = await mentions.find_known(conn, task.district_id, [draft])
    mentions.check_known(draft, known)
    settled = await mentions.settle_places(conn, task.district_id, {0: draft}, known, now)
    place = settled.get(0, mentions.Place())
    return replace(task, household_id=place.household_id, lat=place.lat, lon=place.lon, grid_id=place.grid_id)


async def _waiting(conn: Connection, task: Task, now: datetime) -> dict[str, Any]:
    """Why the pending task waits now, and when it is looked at."""
    reason = astray(task, has_grids=await grids.has_grids(conn, task.district_id))
    return {
        "waiting_reason": reason or WaitingReason.BEING_PLANNED,
        "waiting_detail": {},
        "plan_at": now + LOOK_AGAIN_ASTRAY if reason else now,
    }


async def _holder(conn: Connection, district: District, task: Task, now: datetime) -> TeamOnShift | None:
    if task.team_id is None:
        return None
    (team,) = await load_teams(conn, district.settings, now=now, team_ids=[task.team_id])
    return team


async def _keep_or_give_back(
    conn: Connection, district: District, task: Task, before: TeamOnShift, now: datetime, account_id: UUID | None
) -> None:
    (after,) = await load_teams(conn, district.settings, now=now, team_ids=[before.team_id])
    work = next(work for work in after.works if work.task_id == task.id)
    if work.team_fixed or work.is_under_way or _still_fits(before, after):
        await holding.rewrite_walks(conn, district, [before.team_id], now=now, why="task_changed")
    else:
        await holding.take_back(conn, district, [task], EndReason.RELEASED, now=now, account_id=account_id)


def _still_fits(before: TeamOnShift, after: TeamOnShift) -> bool:
    """Whether the team can still do all it has, and nothing in its walk became later than due or ran beyond the shift by the change."""
    then = {step.work.task_id: step for step in timetable(before, before.works)}
    now = [(then[step.work.task_id], step) for step in timetable(after, after.works)]
    return all(
        after.keeps(step.work) and step.late_s <= was.late_s and step.leave_at <= max(after.shift_ends, was.leave_at)
        for was, step in now
    )


async def _tell(conn: Connection, task: Task, changed: list[str], now: datetime, account_id: UUID | None) -> None:
    event = NewEvent(
        district_id=task.district_id,
        at=now,
        name="task.changed",
        task_id=task.id,
        team_id=task.team_id,
        account_id=account_id,
        data={"changed": changed} | ({"waiting_reason": task.waiting_reason} if task.waiting_reason else {}),
    )
    await insert_events(conn, [event])
