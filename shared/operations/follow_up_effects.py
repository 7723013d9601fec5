"""What a visit does to its subject's follow-up by the rules of its kind, and how a correction undoes it.

The caller holds the locks of the follow-up's open tasks.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shared.domain.errors import ChangedMeanwhile, DomainError
from shared.domain.follow_up import FollowUp, FollowUpDraft
from shared.domain.intake import SubjectDraft
from shared.domain.words import AlarmCode, FollowUpStatus, Trigger
from shared.operations.alarms import clear_alarms
from shared.operations.follow_up_starts import start_follow_ups
from shared.operations.follow_ups import change_follow_up, convert_follow_up, end_follow_up
from shared.operations.scenes import Scene
from shared.store import follow_ups, protocols
from shared.store.connection import Connection
from shared.store.events import insert_events

CORRECTED = "corrected"


async def take_effect(conn: Connection, scene: Scene, trigger: Trigger, rule: Mapping[str, Any]) -> UUID | None:
    """End or convert the follow-up of the task's subject as the rule says; its id, or None where there was nothing to do.

    What cannot be done (a protocol that is gone, say) is told as `follow_up.not_changed`, and stops nothing.
    """
    live = await _live(conn, scene)
    if live is None:
        return None
    try:
        if "end" in rule and scene.report.corrected_at < live.started_at:
            raise ChangedMeanwhile  # whoever began it since knew more: this was told late
        if "end" in rule:
            ended = await end_follow_up(
                conn,
                live.id,
                FollowUpStatus(rule["end"]),
                now=scene.now,
                reason=trigger,
                member_id=scene.report.member_id,
            )
            if (ended.ended_at, ended.end_reason) != (scene.now, trigger):
                return None  # somebody else was faster
        elif await _code_of(conn, live) == rule["convert_to"]:
            return None
        else:
            await convert_follow_up(
                conn,
                live.id,
                rule["convert_to"],
                now=scene.now,
                reason=trigger,
                member_id=scene.report.member_id,
                made_by_task_id=scene.task.id,
            )
    except DomainError as error:
        await _tell(conn, scene, live, error)
        return None
    return live.id


async def undo(conn: Connection, scene: Scene, follow_up_id: UUID) -> None:
    """Go on with a follow-up that a visit ended or converted, by what it had to its last day; what is done is not asked for again.

    Whatever somebody else made of it since stays. Where it cannot go on (its last day is over) `follow_up.not_changed` tells.
    """
    old = await follow_ups.select_follow_up(conn, follow_up_id)
    live = await _live(conn, scene)
    if old is None or old.is_live:
        return
    if live is None and old.status is FollowUpStatus.CONVERTED:
        return
    if live is not None:
        if live.follows_id != old.id:
            return
        await end_follow_up(
            conn,
            live.id,
            FollowUpStatus.CANCELLED,
            now=scene.now,
            reason=CORRECTED,
            member_id=scene.report.member_id,
        )
    await _go_on(conn, scene, old)


async def find_again(conn: Connection, scene: Scene) -> None:
    """Go on with a follow-up whose subject was taken for lost, because nobody had told yet of the visit that saw them before."""
    subject_id = scene.task.subject_id
    if subject_id is None or not scene.outcome.saw_the_person:
        return
    lost = await follow_ups.select_lost_since(conn, subject_id, scene.knock.corrected_at)
    if lost is None or await _live(conn, scene) is not None:
        return
    await _go_on(conn, scene, lost)
    await clear_alarms(conn, AlarmCode.SUBJECT_LOST, [subject_id], scene.now)


async def _go_on(conn: Connection, scene: Scene, old: FollowUp) -> None:
    draft = FollowUpDraft(
        subject=SubjectDraft(id=old.subject_id),
        protocol=await _code_of(conn, old, in_use=True),
        first_day=old.first_day,
        last_day=old.last_day,
        lines=old.lines,
        ledger=old.ledger,
        lost_after_days=old.lost_after_days,
    )
    (answer,) = await start_follow_ups(
        conn, old.district_id, [draft], now=scene.now, made_by_task_id=scene.task.id, follows_id=old.id
    )
    if isinstance(answer, DomainError):
        await _tell(conn, scene, old, answer)
    elif answer.lost_after_days != old.lost_after_days:  # nobody was to be lost, whatever the protocol says
        kept = {"lost_after_days": old.lost_after_days}
        await change_follow_up(conn, answer.id, kept, version=None, now=scene.now)


async def _live(conn: Connection, scene: Scene) -> FollowUp | None:
    subject_id = scene.task.subject_id
    return await follow_ups.select_live_of_subject(conn, subject_id) if subject_id else None


async def _code_of(conn: Connection, follow_up: FollowUp, *, in_use: bool = False) -> str | None:
    """The code of its protocol, if it has one (that is in use)."""
    protocol = await protocols.select_protocol(conn, follow_up.protocol_id) if follow_up.protocol_id else None
    return protocol.code if protocol is not None and (protocol.active or not in_use) else None


async def _tell(conn: Connection, scene: Scene, follow_up: FollowUp, error: DomainError) -> None:
    said = {"follow_up_id": str(follow_up.id), "code": error.code}
    await insert_events(conn, [scene.event("follow_up.not_changed", said)])
