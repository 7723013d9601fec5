"""Tasks: taken in, looked for, changed, and moved by hand."""

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from aiohttp import hdrs, web

from services.dispatcher import idempotency, keys, task_table
from services.dispatcher.answers import Created, Page
from services.dispatcher.naming import names_for
from services.dispatcher.paging import page_of
from services.dispatcher.payloads.fields import IdPath
from services.dispatcher.payloads.handovers import HandoverOut
from services.dispatcher.payloads.task_moves import AssignOut, EffectOut
from services.dispatcher.payloads.task_points import TaskPoint
from services.dispatcher.payloads.task_views import (
    AssignmentOut,
    ConsequenceOut,
    HouseholdShown,
    SubjectShown,
    TaskDetail,
    TaskEvent,
    TaskListed,
    TaskOut,
    TaskPreview,
    TaskTaken,
    VisitOut,
    fields_of,
)
from services.dispatcher.payloads.tasks import AssignIn, CancelIn, IfMatch, NewTask, ReleaseIn, TaskPatch, TaskQuery
from services.dispatcher.request import Request
from services.dispatcher.table import wants_csv
from shared.domain.access import READERS
from shared.domain.errors import DomainError, FieldError, Invalid, NotFound
from shared.domain.explain import Facts
from shared.domain.intake import TaskDraft
from shared.domain.reports import Visit
from shared.domain.task import Assignment, Task
from shared.operations import by_hand
from shared.operations.intake import Answer, TakenIn, take_in, try_out
from shared.operations.tasks import change_task
from shared.store import (
    assignments,
    consequences,
    events,
    handovers,
    households,
    kinds,
    subjects,
    task_lists,
    task_points,
    tasks,
    visits,
)
from shared.store.connection import Connection, Record


async def post_task(request: Request, body: NewTask) -> Created[TaskTaken] | TaskTaken:
    """Take a task in. The same `ref` or `id` with the same body is the same task (200); with another body a conflict (409).

    What looks like an open task (same subject or household, same kind) is made all the same, with a warning.
    """
    district_id = await request.district(body.district)
    answer = await _take_one(request, district_id, body.draft())
    if isinstance(answer, DomainError):
        raise answer
    shown = await _taken(request, answer, body.kind)
    if answer.repeated:
        return shown
    request.nudge(district_id)
    return Created(shown, location=f"/v1/tasks/{shown.id}")


async def post_task_preview(request: Request, body: NewTask) -> TaskPreview:
    """What posting that task would answer: its window, grid and warnings, or what is wrong with it. Nothing is written."""
    district_id = await request.district(body.district)
    async with request.connection() as conn:
        (answer,) = await try_out(
            conn, district_id, [[body.draft()]], now=request.now, account_id=request.actor.account_id
        )
    if isinstance(answer, DomainError):
        raise answer
    status: Literal["created", "repeated"] = "repeated" if answer.repeated else "created"
    return TaskPreview(status=status, task=await _taken(request, answer, body.kind))


async def get_tasks(request: Request, query: TaskQuery) -> Page[TaskListed] | web.Response:
    """Tasks, the newest first. With `Accept: text/csv` all of them at once, from `cursor` on, as a table for spreadsheets.

    The table has the columns of `POST /v1/tasks/batch`, so rows cut down to these may be sent in again; times are the district's.
    """
    wanted = task_lists.TaskFilter(
        districts=await request.scope(query.district),
        ids=query.id,
        statuses=query.status,
        kind=query.kind,
        grid_id=query.grid_id,
        team_id=query.team_id,
        household_id=query.household_id,
        subject_id=query.subject_id,
        waiting_reason=query.waiting_reason,
        overdue=query.overdue,
        due_soon=query.due_soon,
        needs_review=query.needs_review,
        ref=query.ref,
        q=query.q,
    )
    if wants_csv(request):
        return await task_table.answer(request, wanted, before=query.after_id())
    async with request.connection() as conn:
        rows = await task_lists.select_tasks_listed(
            conn, wanted, now=request.now, before=query.after_id(), limit=query.fetch
        )
        names = await names_for(request, [_told(task) for task, _ in rows])
    return page_of(
        rows,
        query,
        lambda found: TaskListed.row(found[1], found[0], request.now, names),
        key=lambda found: (found[0].id,),
    )


async def get_task(request: Request, path: IdPath) -> TaskDetail:
    """One task with its door and person, who has it and had it, what was found, and what happened when."""
    async with request.connection() as conn:
        task = await _own_task(request, conn, path.id)
        shown = await _detail(conn, task, request)
    request.outgoing[hdrs.ETAG] = f'"{task.version}"'
    return shown


async def patch_task(request: Request, path: IdPath, headers: IfMatch, body: TaskPatch) -> TaskOut:
    """Change an open task. What waits is looked at anew; a team that has not accepted it gives it back where it fits no more."""
    version = headers.version if headers.version is not None else body.version
    async with request.transaction() as conn:
        known = await _own_task(request, conn, path.id)
        task = await change_task(
            conn,
            path.id,
            body.changes(),
            version=version,
            now=request.now,
            account_id=request.actor.account_id,
        )
        shown = await _shown(conn, task, request)
    request.nudge(known.district_id)
    request.outgoing[hdrs.ETAG] = f'"{task.version}"'
    return shown


async def post_task_cancel(request: Request, path: IdPath, body: CancelIn) -> TaskOut:
    """Cancel an open task, wherever it is. Repeatable."""
    async with request.transaction() as conn:
        district_id = (await _own_task(request, conn, path.id)).district_id
        answers = await by_hand.cancel(
            conn,
            district_id,
            [path.id],
            reason=body.reason,
            now=request.now,
            account_id=request.actor.account_id,
        )
        request.nudge(district_id)
        return await _shown(conn, _single(answers), request)


async def post_task_release(request: Request, path: IdPath, body: ReleaseIn | None) -> TaskOut:
    """Take a task back from its team, accepted or not, to be placed anew. Repeatable."""
    async with request.transaction() as conn:
        district_id = (await _own_task(request, conn, path.id)).district_id
        answers = await by_hand.release(
            conn,
            district_id,
            [path.id],
            reason=body.reason if body else None,
            now=request.now,
            account_id=request.actor.account_id,
        )
        shown = await _shown(conn, _single(answers), request)
    request.nudge(district_id)
    return shown


async def post_task_assign(request: Request, path: IdPath, body: AssignIn) -> AssignOut:
    """Pin a task to a team of its district, where it costs the walk least; with `preview` only say what that would do. Repeatable."""
    async with request.transaction() as conn:
        district_id = (await _own_task(request, conn, path.id)).district_id
        team_id = await team_named(conn, district_id, body.team)
        done = await by_hand.assign(
            conn,
            team_id,
            [path.id],
            force=body.force,
            preview=body.preview,
            now=request.now,
            account_id=request.actor.account_id,
        )
        task = await _shown(conn, _single(done.answers), request)
        names = await names_for(request, [(district_id, {"team_id": team_id})])
    request.nudge(district_id)
    return AssignOut(task=task, effect=EffectOut.of(done.effects[path.id], team_id, names[district_id]))


async def team_named(conn: Connection, district_id: UUID, name: str) -> UUID:
    """The district's team of that code or id. Raises Invalid."""
    team_id = await task_lists.select_team_id(conn, district_id, name)
    if team_id is None:
        raise Invalid(errors=(FieldError(in_="body", loc="team", msg="The district has no such team."),))
    return team_id


async def _take_one(request: Request, district_id: UUID, draft: TaskDraft) -> Answer:
    """Together with others that arrive now; alone in this request's transaction where its answer is kept under a key."""
    account_id = request.actor.account_id
    if idempotency.HEADER not in request.raw.headers:
        return await request.raw.app[keys.INTAKE].take_in(district_id, account_id, draft)
    async with request.transaction() as conn:
        (answer,) = await take_in(conn, district_id, [draft], now=request.now, account_id=account_id)
        return answer


async def _taken(request: Request, answer: TakenIn, kind: str) -> TaskTaken:
    """The answer with its sentences, and with the open task that it looks like."""
    names = await names_for(request, [_told(answer.task)])
    twins: list[Record] = []
    if answer.possible_duplicate is not None:
        async with request.connection() as conn:
            twins = await task_points.select_points(conn, None, ids=[answer.possible_duplicate], limit=1)
    return TaskTaken.answer(answer, kind, request.now, names, {row["id"]: TaskPoint.of(row) for row in twins})


async def _own_task(request: Request, conn: Connection, task_id: UUID) -> Task:
    task = await tasks.select_task(conn, task_id)
    if task is None:
        raise NotFound
    request.check_district(task.district_id)
    return task


def _single(answers: Mapping[UUID, Task | DomainError]) -> Task:
    (answer,) = answers.values()
    if isinstance(answer, DomainError):
        raise answer
    return answer


async def _shown(conn: Connection, task: Task, request: Request) -> TaskOut:
    kind = await kinds.select_kind(conn, task.kind_id)
    return TaskOut.of(task, kind.code if kind else "", request.now, await names_for(request, [_told(task)]))


def _told(task: Task) -> tuple[UUID, Facts]:
    return task.district_id, task.waiting_detail


async def _detail(conn: Connection, task: Task, request: Request) -> TaskDetail:
    kind = await kinds.select_kind(conn, task.kind_id)
    known = task.redacted_at is None
    household = await households.select_household(conn, task.household_id) if task.household_id and known else None
    subject = await subjects.select_subject(conn, task.subject_id) if task.subject_id and known else None
    found = await visits.select_visits_of_task(conn, task.id)
    followed = await consequences.select_consequences_shown(conn, task.id)
    happened = await events.select_events_of_task(conn, task.id)
    had = await assignments.select_assignments_of_task(conn, task.id)
    codes = await task_lists.select_team_codes(conn, [assignment.team_id for assignment in had])
    whys: list[Facts] = [{**assignment.reason, "team_id": assignment.team_id} for assignment in had]
    names = await names_for(request, [_told(task), *((task.district_id, why) for why in whys)])
    shown = [AssignmentOut.of(assignment, codes, names[task.district_id]) for assignment in had]
    return TaskDetail(
        **fields_of(task, names),
        kind=kind.code if kind else "",
        overdue=task.is_overdue(request.now),
        kind_names=dict(kind.names) if kind else {},
        household=household and HouseholdShown.of(household),
        subject=subject and SubjectShown.of(subject),
        assignment=next((assignment for assignment in shown if assignment.ended_at is None), None),
        earlier_assignments=[assignment for assignment in shown if assignment.ended_at is not None],
        visits=[VisitOut.of(visit, task.due_at) for visit in found],
        consequences=[ConsequenceOut(**dict(row)) for row in followed],
        handovers=[HandoverOut.of(row) for row in await handovers.select_handovers_of_task(conn, task.id)],
        events=[TaskEvent.of(row) for row in happened],
        people=await _people(conn, request, had, found, happened),
    )


async def _people(
    conn: Connection, request: Request, had: list[Assignment], found: list[Visit], happened: list[Record]
) -> dict[UUID, str]:
    """The names in a task's story. Programs are shown ids only, as they may read no members."""
    if request.actor.permission not in READERS:
        return {}
    snapshots = [assignment.members for assignment in had] + [visit.members for visit in found]
    members = {UUID(str(member["member_id"])) for snapshot in snapshots for member in snapshot}
    members |= {row["member_id"] for row in happened if row["member_id"] is not None}
    accounts = {row["account_id"] for row in happened if row["account_id"] is not None}
    return await task_lists.select_names(conn, list(members), list(accounts))
