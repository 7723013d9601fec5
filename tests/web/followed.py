"""A subject who has been under follow-up for some days: what was due was made at its time, some of it done, some missed."""

from collections.abc import Collection
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from shared.domain.clock import utc_now
from shared.domain.follow_up import FollowUpDraft
from shared.domain.ids import new_id
from shared.domain.intake import HouseholdDraft, SubjectDraft
from shared.domain.reports import Findings, Report, VisitMade
from shared.domain.wall_clock import day_begins, day_of
from shared.domain.words import Outcome
from shared.operations.follow_ups import start_follow_up
from shared.operations.occurrences import make_occurrences, settle_occurrences
from shared.operations.visits import record_visit
from shared.store.connection import Connection

_ZONE = "Asia/Shanghai"
_FIND = """
    SELECT o.id, o.task_id, o.day, o.minute, k.code
      FROM follow_up_occurrences o JOIN kinds k ON k.id = o.kind_id
     WHERE o.follow_up_id = $1 AND {due} AND o.settled_at IS NULL
     ORDER BY o.opens_at
"""
_RESULTS: dict[str, dict[str, Any]] = {
    "temperature_check": {"temperature_c": 36.5, "method": "forehead"},
    "isolation_visit": {"at_home": True},
}


async def follow(
    conn: Connection,
    district_id: UUID,
    doctor_id: UUID,
    *,
    name: str,
    door: HouseholdDraft,
    protocol: str = "home_isolation",
    since_days: int = 4,
    missed: Collection[tuple[int, int]] = (),
) -> UUID:
    """Begin so many days ago; the doctor does everything but what was due on a day at an hour of `missed`. The follow-up's id.

    All in one transaction, for workers that run would settle what lies in the past at once.
    """
    now = utc_now()
    first_day = day_of(now, _ZONE) - timedelta(days=since_days)
    begins = day_begins(first_day, _ZONE) + timedelta(hours=7)
    subject = SubjectDraft(name=name, phone=f"+86139{new_id().int % 10**8:08}")
    draft = FollowUpDraft(subject=subject, household=door, protocol=protocol, first_day=first_day)
    async with conn.transaction():
        plan = await start_follow_up(conn, district_id, draft, now=begins)
        for one in await conn.fetch(_FIND.format(due="o.opens_at <= $2"), plan.id, now):
            await make_occurrences(conn, district_id, [one["id"]], begins)
        for one in await conn.fetch(_FIND.format(due="o.ends_at <= $2"), plan.id, now):
            if (one["day"], one["minute"] // 60) not in missed:
                await _see(conn, district_id, doctor_id, one["task_id"], one["code"], now)
        ended = await conn.fetch(_FIND.format(due="o.ends_at <= $2"), plan.id, now)
        await settle_occurrences(conn, district_id, [one["id"] for one in ended], now)
    return plan.id


async def _see(conn: Connection, district_id: UUID, doctor_id: UUID, task_id: UUID, kind: str, when: datetime) -> None:
    findings = Findings(outcome=Outcome.SEEN_OK, result=_RESULTS[kind], form_version=1)
    said = VisitMade(task_id=task_id, findings=findings)
    report = Report(
        id=new_id(),
        member_id=doctor_id,
        district_id=district_id,
        role="doctor",
        kind="visit",
        said=said,
        body={},
        body_hash=sha256().digest(),
        device_at=when,
        corrected_at=when,
        received_at=when,
    )
    await record_visit(conn, report, said)
