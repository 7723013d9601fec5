"""What follows from a visit by the rules of its kind, and how a correction takes that back.

Each consequence follows once per task and trigger, however often the task is visited or corrected: a row in `consequences` says that it
stands. Two tasks of one person may have the same follow-on: it stays while one of them gives reason for it. The caller holds the locks of
the scene.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from uuid import UUID

from shared.domain.errors import DomainError
from shared.domain.ids import new_id
from shared.domain.intake import HouseholdDraft, SubjectDraft, TaskDraft
from shared.domain.task import Task
from shared.domain.words import AlarmCode, Consequence, EndReason, Status, Trigger
from shared.operations import alarms, follow_up_effects, holding
from shared.operations.intake import TakenIn, take_in
from shared.operations.scenes import Scene
from shared.store import consequences, kinds
from shared.store.connection import Connection
from shared.store.consequences import Followed
from shared.store.events import insert_events

_Key = tuple[Trigger, Consequence, UUID | None]


async def follow(conn: Connection, scene: Scene, visit_id: UUID, triggers: Collection[Trigger]) -> Sequence[UUID]:
    """Make what these triggers ask for and what does not stand yet; the ids of new tasks.

    What cannot be made (a kind that is gone, say) is told as `task.follow_on_refused`, and stops nothing.
    """
    standing = {(one.trigger, one.what, one.kind_id) for one in scene.standing}
    in_order = [trigger for trigger in Trigger if trigger in triggers]
    await _raise_alarms(conn, scene, visit_id, in_order, standing)
    made = await _make_tasks(conn, scene, visit_id, in_order, standing)
    rule = scene.kind.for_follow_up(triggers, scene.outcome, scene.findings.result)
    if rule is not None and (rule[0], Consequence.FOLLOW_UP, None) not in standing:
        follow_up_id = await follow_up_effects.take_effect(conn, scene, *rule)
        if follow_up_id is not None:
            followed = _followed(scene, visit_id, rule[0], Consequence.FOLLOW_UP, follow_up_id)
            await consequences.insert_consequences(conn, [followed])
    return made


async def tell_of_fever(conn: Connection, scene: Scene, visit_id: UUID) -> None:
    """Raise the alarm of a fever that a visit without consequences found, unless one stands already."""
    standing = {(one.trigger, one.what, one.kind_id) for one in scene.standing}
    await _raise_alarms(conn, scene, visit_id, [Trigger.FEVER], standing)


async def withdraw(conn: Connection, scene: Scene, reasons: Collection[tuple[Trigger, Consequence]]) -> Scene:
    """Take back what stands without any of these reasons: tasks that no team has accepted are cancelled. alarms are over, and a
    follow-up that was ended or converted goes on.

    Returns the scene after that.
    """
    lapsed = [one for one in scene.standing if (one.trigger, one.what) not in reasons]
    kept = [one for one in scene.standing if one not in lapsed]
    await consequences.update_withdrawn(conn, [one.id for one in lapsed], scene.now)
    await alarms.end_alarms(conn, [one.made_id for one in lapsed if one.what is Consequence.ALARM], scene.now)
    for one in lapsed:
        if one.what is Consequence.FOLLOW_UP:
            await follow_up_effects.undo(conn, scene, one.made_id)
    gone = {one.made_id for one in lapsed} - {one.made_id for one in kept}
    gone -= await consequences.select_made_for_others(conn, gone, scene.task.id)
    idle = [task for task in scene.follow_ons if task.id in gone and task.status in (Status.PENDING, Status.ASSIGNED)]
    if idle:
        await holding.close(
            conn,
            scene.district,
            idle,
            Status.CANCELLED,
            EndReason.CANCELLED,
            now=scene.now,
            reason="corrected",
            member_id=scene.report.member_id,
        )
    return replace(scene, standing=tuple(kept), follow_ons=tuple(task for task in scene.follow_ons if task not in idle))


async def _raise_alarms(
    conn: Connection, scene: Scene, visit_id: UUID, triggers: Sequence[Trigger], standing: Collection[_Key]
) -> None:
    for trigger in triggers:
        if trigger not in scene.kind.raises_alarm or (trigger, Consequence.ALARM, None) in standing:
            continue
        alarm_id = await alarms.raise_alarm(
            conn,
            district_id=scene.district.id,
            what=AlarmCode(trigger),
            now=scene.now,
            task_id=scene.task.id,
            team_id=scene.knock.team_id,
            subject_id=scene.task.subject_id,
            occasion=str(visit_id),
            data={"visit_id": str(visit_id)},
        )
        if alarm_id is not None:
            followed = _followed(scene, visit_id, trigger, Consequence.ALARM, alarm_id)
            await consequences.insert_consequences(conn, [followed])


async def _make_tasks(
    conn: Connection, scene: Scene, visit_id: UUID, triggers: Sequence[Trigger], standing: Collection[_Key]
) -> list[UUID]:
    """Tasks of the kinds that follow on; of one kind a person has at most one at a time, whatever it followed from."""
    known = {kind.code: kind.id for kind in await kinds.select_all_kinds(conn, scene.district.id)}
    wanted = {
        trigger: [
            code
            for code in scene.kind.follow_on.get(trigger, ())
            if (trigger, Consequence.TASK, known.get(code)) not in standing
        ]
        for trigger in triggers
    }
    codes = {code for several in wanted.values() for code in several}
    there = {task.kind_id: task.id for task in scene.follow_ons if not task.is_closed}
    fresh = sorted(code for code in codes if known.get(code) not in there)
    answers = await take_in(conn, scene.district.id, [_draft(scene.task, code) for code in fresh], now=scene.now)
    made = {answer.task.kind_id: answer.task.id for answer in answers if isinstance(answer, TakenIn)}
    refused = [
        scene.event("task.follow_on_refused", {"kind": code, "code": answer.code})
        for code, answer in zip(fresh, answers, strict=True)
        if isinstance(answer, DomainError)
    ]
    await insert_events(conn, refused)
    ids = there | made
    await consequences.insert_consequences(
        conn,
        [
            _followed(scene, visit_id, trigger, Consequence.TASK, ids[known[code]], kind_id=known[code])
            for trigger, several in wanted.items()
            for code in several
            if known.get(code) in ids
        ],
    )
    return list(made.values())


def _followed(
    scene: Scene, visit_id: UUID, trigger: Trigger, what: Consequence, made_id: UUID, *, kind_id: UUID | None = None
) -> Followed:
    return Followed(
        id=new_id(),
        district_id=scene.district.id,
        task_id=scene.task.id,
        visit_id=visit_id,
        trigger=trigger,
        what=what,
        kind_id=kind_id,
        made_id=made_id,
        at=scene.now,
    )


def _draft(task: Task, kind: str) -> TaskDraft:
    return TaskDraft(
        kind=kind,
        household=HouseholdDraft(id=task.household_id) if task.household_id else None,
        subject=SubjectDraft(id=task.subject_id) if task.subject_id else None,
        made_by_task_id=task.id,
    )
