"""Many tasks moved by hand in one request."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from services.dispatcher.handlers.tasks import team_named
from services.dispatcher.naming import names_for
from services.dispatcher.payloads.task_moves import BulkItem, BulkOut, TaskEffect, WalkChange
from services.dispatcher.payloads.tasks import BulkIn
from services.dispatcher.problems import problem_of
from services.dispatcher.request import Request
from shared.domain.errors import DomainError, NotFound
from shared.domain.task import Task
from shared.operations import by_hand
from shared.operations.by_hand import Effect
from shared.store import tasks
from shared.store.connection import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moved:
    """What became of one district's tasks; where they were assigned, to which team and what each does to its walk."""

    answers: by_hand.Answers
    team_id: UUID | None = None
    effects: Mapping[UUID, Effect] = field(default_factory=dict)


async def post_tasks_bulk(request: Request, body: BulkIn) -> BulkOut:
    """Cancel, release or assign many tasks; each is answered for itself. Repeatable. With `preview` only say what assigning would do."""
    moved: dict[UUID, _Moved] = {}
    async with request.transaction() as conn:
        for district_id, task_ids in (await _by_district(request, conn, body.task_ids)).items():
            moved[district_id] = await _move(request, conn, district_id, task_ids, body)
            if not body.preview:
                request.nudge(district_id)
        effects = await _told(request, moved)
    answers = {task_id: answer for each in moved.values() for task_id, answer in each.answers.items()}
    walks = [WalkChange.over(list(each.effects.values())) for each in moved.values()]
    return BulkOut(
        items=[_item(task_id, answers.get(task_id, NotFound()), effects.get(task_id)) for task_id in body.task_ids],
        walk=walks[0] if len(walks) == 1 else None,
    )


async def _by_district(request: Request, conn: Connection, task_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Those of these tasks that the actor may use, in the order of their districts."""
    wanted = list(task_ids)
    known = {task.id: task.district_id for task in await tasks.select_tasks(conn, wanted)}
    found: dict[UUID, list[UUID]] = {}
    for task_id in wanted:
        district_id = known.get(task_id)
        if district_id is not None and request.may_use(district_id):
            found.setdefault(district_id, []).append(task_id)
    return {district_id: found[district_id] for district_id in sorted(found)}


async def _move(request: Request, conn: Connection, district_id: UUID, task_ids: list[UUID], body: BulkIn) -> _Moved:
    now, account_id = request.now, request.actor.account_id
    if body.action == "cancel":
        reason = body.reason or ""
        return _Moved(
            answers=await by_hand.cancel(conn, district_id, task_ids, reason=reason, now=now, account_id=account_id)
        )
    if body.action == "release":
        return _Moved(answers=await by_hand.release(conn, district_id, task_ids, now=now, account_id=account_id))
    team_id = await team_named(conn, district_id, body.team or "")
    done = await by_hand.assign(
        conn, team_id, task_ids, force=body.force, preview=body.preview, now=now, account_id=account_id
    )
    return _Moved(answers=done.answers, team_id=team_id, effects=done.effects)


async def _told(request: Request, moved: Mapping[UUID, _Moved]) -> dict[UUID, TaskEffect]:
    """What assigning does, in figures and words, by task."""
    assigned = {each.team_id: (district_id, each.effects) for district_id, each in moved.items() if each.team_id}
    names = await names_for(request, [(named[0], {"team_id": team_id}) for team_id, named in assigned.items()])
    return {
        task_id: TaskEffect.of(effect, team_id, names[district_id])
        for team_id, (district_id, effects) in assigned.items()
        for task_id, effect in effects.items()
    }


def _item(task_id: UUID, answer: Task | DomainError, effect: TaskEffect | None) -> BulkItem:
    if isinstance(answer, DomainError):
        return BulkItem(task_id=task_id, status="refused", problem=problem_of(answer))
    return BulkItem(task_id=task_id, status="done", effect=effect)
