"""What follow-ups have due becomes tasks, and what nobody did by its end is missed.

Locks: tasks (their teams first), then the follow-ups in id order. Making a task holds the follow-up's row, so that an end or a change of
the plan comes before or after it, never between.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.district import District
from shared.domain.errors import DomainError, NotFound
from shared.domain.follow_up import FollowUp, due_at
from shared.domain.intake import SubjectDraft, TaskDraft
from shared.domain.kind import Kind
from shared.domain.task import Task
from shared.domain.words import AlarmCode, EndReason, Status
from shared.operations import holding
from shared.operations.alarms import Cause, raise_alarms
from shared.operations.follow_up_starts import event_about
from shared.operations.intake import take_in
from shared.store import districts, follow_up_occurrences, follow_ups, kinds
from shared.store.connection import Connection, Record
from shared.store.events import insert_events
from shared.store.follow_up_occurrences import Kept
from shared.store.outage import is_outage

_Many = Callable[[Connection, UUID, Sequence[UUID], datetime], Awaitable[None]]


async def make_due(conn: Connection, row: Record, now: datetime) -> None:
    """Make the tasks of these occurrences (`ids`) of a district; one that cannot be made keeps no other from it."""
    await _together_or_singly(make_occurrences, conn, row, now)


async def settle_due(conn: Connection, row: Record, now: datetime) -> None:
    """Settle these occurrences (`ids`) of a district; one that cannot be settled keeps no other from it."""
    await _together_or_singly(settle_occurrences, conn, row, now)


async def settle_again(conn: Connection, row: Record, now: datetime) -> None:
    """Look again at these occurrences (`ids`) of a district; one that fails keeps no other from it."""
    await _together_or_singly(settle_what_came_back, conn, row, now)


async def make_occurrences(conn: Connection, district_id: UUID, occurrence_ids: Sequence[UUID], now: datetime) -> None:
    """Take the tasks of these occurrences in, those of live follow-ups that have none yet.

    What ended before anybody made it (the worker was away) gets its task all the same, expired at once, and is missed.
    """
    async with conn.transaction():
        owners = await follow_ups.lock_follow_ups(conn, await follow_up_occurrences.select_owners(conn, occurrence_ids))
        live = {follow_up.id: follow_up for follow_up in owners if follow_up.is_live}
        unmade = [
            one for one in await follow_up_occurrences.select_unmade(conn, occurrence_ids) if one.follow_up_id in live
        ]
        if not unmade:
            return
        district = await _district(conn, district_id)
        known = {kind.id: kind for kind in await kinds.select_all_kinds(conn, district_id)}
        drafts = [_draft(one, live[one.follow_up_id], known, district.time_zone) for one in unmade]
        answers = await take_in(conn, district_id, drafts, now=now)
        taken = [None if isinstance(answer, DomainError) else answer.task for answer in answers]
        refused = [answer.code if isinstance(answer, DomainError) else None for answer in answers]
        dues = [draft.due_at or one.occurrence.due_at for draft, one in zip(drafts, unmade, strict=True)]
        task_ids = [task.id if task else None for task in taken]
        await follow_up_occurrences.update_made(conn, [one.id for one in unmade], task_ids, refused, dues, now)
        await insert_events(
            conn,
            [
                event_about(
                    live[one.follow_up_id],
                    "follow_up.task_refused",
                    now,
                    kind_id=str(one.occurrence.kind_id),
                    code=code,
                )
                for one, code in zip(unmade, refused, strict=True)
                if code is not None
            ],
        )
        made = {one.id: task for one, task in zip(unmade, taken, strict=True) if task}
        await _settle(conn, district, [one for one in unmade if one.occurrence.ends_at <= now], made, live, now)


async def settle_occurrences(
    conn: Connection, district_id: UUID, occurrence_ids: Sequence[UUID], now: datetime
) -> None:
    """What ended and is not done is missed; a task of it that no team has accepted expires. Work that a team accepted stays with it, and
    the occurrence counts as missed until it is done."""
    async with conn.transaction():
        seen = await follow_up_occurrences.select_unsettled(conn, occurrence_ids)
        tasks = await holding.lock(conn, [one.task_id for one in seen if one.task_id])
        owners = await follow_ups.lock_follow_ups(conn, list({one.follow_up_id for one in seen}))
        ended = [
            one
            for one in await follow_up_occurrences.select_unsettled(conn, occurrence_ids)
            if one.occurrence.ends_at <= now
        ]
        if ended:
            made = {one.id: tasks[one.task_id] for one in ended if one.task_id}
            district = await _district(conn, district_id)
            await _settle(conn, district, ended, made, {owner.id: owner for owner in owners}, now)


async def settle_what_came_back(
    conn: Connection, district_id: UUID, occurrence_ids: Sequence[UUID], now: datetime
) -> None:
    """Work that comes back after its time (a team gives it back, a visit was entered in error) expires, and its occurrence is missed.
    What comes back when its plan has ended is withdrawn, unless it was missed before."""
    async with conn.transaction():
        seen = await follow_up_occurrences.select_back(conn, occurrence_ids)
        tasks = await holding.lock(conn, [one.task_id for one in seen if one.task_id])
        owners = {
            owner.id: owner
            for owner in await follow_ups.lock_follow_ups(conn, list({one.follow_up_id for one in seen}))
        }
        back = await follow_up_occurrences.select_back(conn, occurrence_ids)
        district = await _district(conn, district_id)
        made = {one.id: tasks[one.task_id] for one in back if one.task_id in tasks}
        gone = [
            one
            for one in back
            if not one.is_missed
            and not owners[one.follow_up_id].is_live
            and made[one.id].status in (Status.PENDING, Status.ASSIGNED)
        ]
        await _withdraw(conn, district, gone, made, owners, now)
        over = [one for one in back if one not in gone and one.occurrence.ends_at <= now]
        await _settle(conn, district, over, made, owners, now)
        await follow_up_occurrences.update_looked_at(conn, [one.id for one in back])


async def _withdraw(
    conn: Connection,
    district: District,
    gone: Sequence[Kept],
    made: Mapping[UUID, Task],
    owners: Mapping[UUID, FollowUp],
    now: datetime,
) -> None:
    for one in gone:
        reason = f"follow_up_{owners[one.follow_up_id].status}"
        await holding.close(
            conn, district, [made[one.id]], Status.CANCELLED, EndReason.CANCELLED, now=now, reason=reason
        )
    await follow_up_occurrences.update_withdrawn(conn, [one.id for one in gone], now)


async def _settle(
    conn: Connection,
    district: District,
    ended: Sequence[Kept],
    made: Mapping[UUID, Task],
    owners: Mapping[UUID, FollowUp],
    now: datetime,
) -> None:
    """`made`: occurrence → its task, locked or new."""
    if not ended:
        return
    done = {one_id for one_id, task in made.items() if task.status in (Status.COMPLETED, Status.CANCELLED)}
    missed = [one for one in ended if one.id not in done]
    idle = [
        task
        for one in missed
        if (task := made.get(one.id)) is not None and task.status in (Status.PENDING, Status.ASSIGNED)
    ]
    if idle:
        await holding.close(conn, district, idle, Status.EXPIRED, EndReason.EXPIRED, now=now, reason="occurrence_over")
    await follow_up_occurrences.update_settled(conn, [one.id for one in ended], [one.id for one in missed], now)
    news = [one for one in missed if not one.is_missed]
    await insert_events(
        conn, [event_about(owners[one.follow_up_id], "occurrence.missed", now, **_said(one)) for one in news]
    )
    await raise_alarms(
        conn,
        district.id,
        AlarmCode.OCCURRENCE_MISSED,
        [
            Cause(
                due_at=one.occurrence.ends_at,
                task_id=one.task_id,
                subject_id=owners[one.follow_up_id].subject_id,
                occasion=str(one.id),
                data={"kind_id": str(one.occurrence.kind_id), "follow_up_id": str(one.follow_up_id)},
            )
            for one in news
        ],
        now,
    )


def _said(one: Kept) -> dict[str, Any]:
    said = {
        "occurrence_id": str(one.id),
        "kind_id": str(one.occurrence.kind_id),
        "day": one.occurrence.day,
    }
    return said | ({"task_id": str(one.task_id)} if one.task_id else {})


def _draft(one: Kept, follow_up: FollowUp, known: Mapping[UUID, Kind], time_zone: str) -> TaskDraft:
    """The task of an occurrence, at the subject's home as it is known now, due as the kind says now."""
    kind = known[one.occurrence.kind_id]
    return TaskDraft(
        kind=kind.code,
        subject=SubjectDraft(id=follow_up.subject_id),
        earliest=one.occurrence.opens_at,
        due_at=due_at(kind, one.occurrence.opens_at, one.occurrence.ends_at, time_zone),
    )


async def _district(conn: Connection, district_id: UUID) -> District:
    district = await districts.select_district(conn, district_id)
    if district is None:
        raise NotFound("There is no such district.")
    return district


async def _together_or_singly(deal: _Many, conn: Connection, row: Record, now: datetime) -> None:
    """Raises an outage at once; of what fails one by one the last failure."""
    try:
        await deal(conn, row["district_id"], row["ids"], now)
    except Exception as error:
        if is_outage(error) or len(row["ids"]) == 1:
            raise
    else:
        return
    failure: Exception | None = None
    for occurrence_id in row["ids"]:
        try:
            await deal(conn, row["district_id"], [occurrence_id], now)
        except Exception as error:
            if is_outage(error):
                raise
            failure = error
    if failure is not None:
        raise failure
