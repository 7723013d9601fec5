"""Follow-ups: started, changed, ended, converted, each under the locks of `follow_up_locks`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.domain.errors import ChangedMeanwhile, FollowUpEnded
from shared.domain.follow_up import (
    FollowUp,
    FollowUpDraft,
    check_days,
    check_lines,
    check_number,
    lost_at,
    occurrences_of,
    still_to_come,
)
from shared.domain.intake import SubjectDraft
from shared.domain.kind import Kind
from shared.domain.wall_clock import day_begins, day_of
from shared.domain.words import AlarmCode, FollowUpStatus
from shared.operations.alarms import raise_alarm
from shared.operations.follow_up_locks import Locked, lock_follow_up, withdraw
from shared.operations.follow_up_starts import event_about, start_follow_ups
from shared.store import follow_up_occurrences, follow_ups, kinds
from shared.store.connection import Connection
from shared.store.events import insert_events


async def start_follow_up(
    conn: Connection,
    district_id: UUID,
    draft: FollowUpDraft,
    *,
    now: datetime,
    account_id: UUID | None = None,
    made_by_task_id: UUID | None = None,
) -> FollowUp:
    """Begin to follow a subject up. Raises Invalid, FollowedUpAlready, Taken, NotFound."""
    async with conn.transaction():
        (answer,) = await start_follow_ups(
            conn, district_id, [draft], now=now, account_id=account_id, made_by_task_id=made_by_task_id
        )
        if isinstance(answer, FollowUp):
            return answer
        raise answer


async def end_follow_up(
    conn: Connection,
    follow_up_id: UUID,
    status: FollowUpStatus,
    *,
    now: datetime,
    reason: str,
    account_id: UUID | None = None,
    member_id: UUID | None = None,
) -> FollowUp:
    """End a follow-up; what no team has accepted is withdrawn. One that ended already stays as it ended. Raises NotFound."""
    async with conn.transaction():
        locked = await lock_follow_up(conn, follow_up_id, now)
        if not locked.follow_up.is_live:
            return locked.follow_up
        return await _end(conn, locked, status, now=now, reason=reason, account_id=account_id, member_id=member_id)


async def convert_follow_up(
    conn: Connection,
    follow_up_id: UUID,
    protocol_code: str,
    *,
    now: datetime,
    reason: str = "",
    last_day: date | None = None,
    account_id: UUID | None = None,
    member_id: UUID | None = None,
    made_by_task_id: UUID | None = None,
) -> FollowUp:
    """End a follow-up and begin another today, by that protocol (until `last_day`); what is done or with a team today is not asked for
    again.

    Returns the new one. Raises NotFound, FollowUpEnded, Invalid (no such protocol).
    """
    async with conn.transaction():
        locked = await lock_follow_up(conn, follow_up_id, now)
        old = locked.follow_up
        if not old.is_live:
            raise FollowUpEnded
        await _end(
            conn, locked, FollowUpStatus.CONVERTED, now=now, reason=reason, account_id=account_id, member_id=member_id
        )
        draft = FollowUpDraft(subject=SubjectDraft(id=old.subject_id), protocol=protocol_code, last_day=last_day)
        (answer,) = await start_follow_ups(
            conn,
            old.district_id,
            [draft],
            now=now,
            account_id=account_id,
            made_by_task_id=made_by_task_id,
            follows_id=old.id,
        )
        if isinstance(answer, FollowUp):
            return answer
        raise answer


async def change_follow_up(
    conn: Connection,
    follow_up_id: UUID,
    changes: Mapping[str, Any],
    *,
    version: int | None,
    now: datetime,
    account_id: UUID | None = None,
) -> FollowUp:
    """Change lines, ledger, last_day or lost_after_days of a live follow-up, from now on.

    What falls out of the plan and no team has accepted is withdrawn; what stays in it stays as it is. Raises NotFound, FollowUpEnded,
    ChangedMeanwhile (it is not at `version`), Invalid.
    """
    async with conn.transaction():
        locked = await lock_follow_up(conn, follow_up_id, now)
        old, district = locked.follow_up, locked.district
        if version is not None and version != old.version:
            raise ChangedMeanwhile(f"It is at version {old.version}.")
        if not old.is_live:
            raise FollowUpEnded
        today = day_of(now, district.time_zone)
        wanted = replace(old, **changes)
        if wanted.last_day != old.last_day:
            check_days(old.first_day, wanted.last_day, today)
        known = {kind.id: kind for kind in await kinds.select_all_kinds(conn, district.id)}
        if wanted.lines != old.lines:
            check_lines(wanted.lines, known)
        await _replan(conn, locked, wanted, known, now)
        await insert_events(conn, [event_about(wanted, "follow_up.changed", now, account_id, changed=sorted(changes))])
        made = await follow_ups.select_follow_up(conn, old.id)
        assert made is not None  # noqa: S101 - the row is locked here
        return made


async def replan_follow_up(conn: Connection, follow_up_id: UUID, now: datetime) -> None:
    """After a change of the district's clocks: what is not made yet is due by the new ones."""
    async with conn.transaction():
        locked = await lock_follow_up(conn, follow_up_id, now)
        if locked.follow_up.is_live:
            known = {kind.id: kind for kind in await kinds.select_all_kinds(conn, locked.district.id)}
            await _replan(conn, locked, locked.follow_up, known, now)


async def complete_if_over(conn: Connection, follow_up_id: UUID, now: datetime) -> None:
    """End a follow-up whose last day is over and of which nothing is left to make or settle; leave any other alone. Who was not seen in
    its last days is lost, whoever looks first."""
    async with conn.transaction():
        locked = await lock_follow_up(conn, follow_up_id, now)
        left = any(not one.is_settled for one in locked.kept)
        if locked.follow_up.is_live and locked.follow_up.over_at <= now and not left:
            lost_since = await _lost_since(conn, locked)
            if lost_since is not None and lost_since <= now:
                await _lose(conn, locked, now)
            else:
                await _end(conn, locked, FollowUpStatus.COMPLETED, now=now, reason="last_day_over")


async def lose_if_unseen(conn: Connection, follow_up_id: UUID, now: datetime) -> None:
    """End a follow-up whose subject nobody saw for too long; where somebody did, say when to look again."""
    async with conn.transaction():
        locked = await lock_follow_up(conn, follow_up_id, now)
        if not locked.follow_up.is_live:
            return
        look_at = await _lost_since(conn, locked)
        if look_at is not None and look_at <= now:
            await _lose(conn, locked, now)
        else:
            await follow_ups.update_lost_at(conn, follow_up_id, look_at)


async def _lost_since(conn: Connection, locked: Locked) -> datetime | None:
    days = await follow_ups.select_planned_days(conn, locked.follow_up.id)
    return await _lost_at(conn, locked.follow_up, days, locked.district.time_zone)


async def _lose(conn: Connection, locked: Locked, now: datetime) -> None:
    lost = await _end(conn, locked, FollowUpStatus.LOST, now=now, reason="not_seen")
    await raise_alarm(
        conn,
        district_id=lost.district_id,
        what=AlarmCode.SUBJECT_LOST,
        now=now,
        subject_id=lost.subject_id,
        occasion=str(lost.id),
        data={"follow_up_id": str(lost.id)},
    )


async def _end(
    conn: Connection,
    locked: Locked,
    status: FollowUpStatus,
    *,
    now: datetime,
    reason: str,
    account_id: UUID | None = None,
    member_id: UUID | None = None,
) -> FollowUp:
    await follow_up_occurrences.delete_occurrences(conn, [one.id for one in locked.kept if not one.is_made])
    await withdraw(conn, locked, locked.kept, now, f"follow_up_{status}", account_id=account_id, member_id=member_id)
    await follow_up_occurrences.update_all_settled(conn, locked.follow_up.id, now)
    ended = await follow_ups.update_ended(conn, locked.follow_up.id, status, reason=reason, now=now)
    event = replace(
        event_about(ended, "follow_up.ended", now, account_id, status=status),
        member_id=member_id,
    )
    await insert_events(conn, [event])
    return ended


async def _replan(
    conn: Connection, locked: Locked, wanted: FollowUp, known: Mapping[UUID, Kind], now: datetime
) -> None:
    """Bring the occurrences that are written in line with the plan that is wanted from now on."""
    time_zone = locked.district.time_zone
    planned = occurrences_of(wanted.lines, wanted.first_day, wanted.last_day, known, time_zone)
    check_number(planned)
    by_key = {one.key: one for one in planned}
    made = [one for one in locked.kept if one.is_made]
    await follow_up_occurrences.delete_occurrences(conn, [one.id for one in locked.kept if not one.is_made])
    fallen_out = [one for one in made if not one.is_settled and one.occurrence.key not in by_key]
    await withdraw(conn, locked, fallen_out, now, "follow_up_changed")
    there = {one.occurrence.key for one in made}
    covered = await follow_up_occurrences.select_covered(conn, [wanted.subject_id], now)
    coming = still_to_come([one for one in planned if one.key not in there], now, covered.get(wanted.subject_id, ()))
    await follow_up_occurrences.insert_occurrences(conn, wanted.district_id, [(wanted.id, one) for one in coming])
    staying = [(one.id, by_key[one.occurrence.key]) for one in made if one.occurrence.key in by_key]
    await follow_up_occurrences.update_windows(conn, staying)
    over_at = day_begins(wanted.last_day + timedelta(days=1), time_zone)
    days = await follow_ups.select_planned_days(conn, wanted.id)
    look_at = await _lost_at(conn, wanted, days, time_zone)
    await follow_ups.update_plan(conn, replace(wanted, since=now, over_at=over_at, lost_at=look_at))


async def _lost_at(conn: Connection, follow_up: FollowUp, days: Sequence[Any], time_zone: str) -> datetime | None:
    seen = await follow_ups.select_last_seen(conn, follow_up.subject_id, follow_up.started_at)
    last_seen = None if seen is None else day_of(seen, time_zone)
    return lost_at(days, last_seen, follow_up.lost_after_days, time_zone)
