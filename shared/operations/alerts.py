"""Alerts that a visit's result raises, and the follow-on tasks that its kind names."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from shared.domain.district import District
from shared.domain.errors import DomainError
from shared.domain.intake import HouseholdDraft, SubjectDraft, TaskDraft
from shared.domain.kind import FEVER, Kind
from shared.domain.task import Task
from shared.domain.words import EndReason, Status
from shared.operations import holding
from shared.operations.intake import take_in
from shared.store import kinds, visits
from shared.store.connection import Connection
from shared.store.events import NewEvent, insert_events

MakesEvents: TypeAlias = Callable[[str, dict[str, Any]], NewEvent]
"""Makes an event about the visit at hand from a name and ids and codes."""


async def raise_fever(
    conn: Connection, event: MakesEvents, district: District, task: Task, kind: Kind
) -> Sequence[UUID]:
    """Sound `alert.fever` and make the tasks that the kind names: each once, however often it is visited or corrected.

    The caller holds the task's lock. What cannot be made (a kind that is gone, say) is told as `task.follow_on_refused`.
    """
    earlier = await visits.select_follow_ons(conn, task.id)
    there = {row["kind_id"] for row in earlier if row["status"] != Status.CANCELLED}
    known = {kind.code: kind.id for kind in await kinds.select_all_kinds(conn, district.id)}
    wanted = [code for code in kind.follow_on.get(FEVER, ()) if known.get(code) not in there]
    drafts = [_follow_on(task, code) for code in wanted]
    said = event("alert.fever", {})
    await insert_events(conn, [said])
    made = await take_in(conn, district.id, drafts, now=said.at) if drafts else []
    refused = [
        event("task.follow_on_refused", {"kind": code, "code": answer.code})
        for code, answer in zip(wanted, made, strict=True)
        if isinstance(answer, DomainError)
    ]
    await insert_events(conn, refused)
    return [answer.task.id for answer in made if not isinstance(answer, DomainError)]


async def withdraw_fever(conn: Connection, event: MakesEvents, district: District, follow_ons: Iterable[Task]) -> None:
    """It was a typing mistake: `alert.withdrawn`, and the follow-on tasks (locked) that no team has accepted are cancelled."""
    said = event("alert.withdrawn", {"alert": FEVER})
    await insert_events(conn, [said])
    idle = [task for task in follow_ons if task.status in (Status.PENDING, Status.ASSIGNED)]
    if idle:
        await holding.close(
            conn,
            district,
            idle,
            Status.CANCELLED,
            EndReason.CANCELLED,
            now=said.at,
            reason="corrected",
            member_id=said.member_id,
        )


def _follow_on(task: Task, kind: str) -> TaskDraft:
    return TaskDraft(
        kind=kind,
        household=HouseholdDraft(id=task.household_id) if task.household_id else None,
        subject=SubjectDraft(id=task.subject_id) if task.subject_id else None,
        made_by_task_id=task.id,
    )
