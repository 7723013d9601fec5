"""What phones say: each report once, in a transaction of its own, with the answer it got."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.district import District
from shared.domain.errors import (
    AlreadyUnderWay,
    BodyDiffers,
    DomainError,
    FieldError,
    TooFarAhead,
)
from shared.domain.reports import (
    Accept,
    Acknowledge,
    Answer,
    Answered,
    Arrive,
    Correct,
    Decline,
    Depart,
    DutyChanged,
    HandOver,
    Keep,
    Position,
    PositionSeen,
    Report,
    Said,
    SuitChanged,
    VisitMade,
)
from shared.domain.words import EndReason, Status
from shared.operations import holding
from shared.operations.breaks import note_setting_out
from shared.operations.corrections import correct_visit
from shared.operations.handover import hand_over, keep
from shared.operations.members import set_duty, set_suit
from shared.operations.own_tasks import at, district_of, event_of, lock_own, team_now
from shared.operations.phone_alarms import acknowledge_by_phone
from shared.operations.scenes import team_then
from shared.operations.visits import record_visit
from shared.operations.walks import load_teams, rewrite_routes
from shared.store import assignments, positions, reports, routes, shifts, tasks, teams
from shared.store.connection import Connection
from shared.store.events import insert_events
from shared.store.outage import is_outage

Connect = Callable[[], AbstractAsyncContextManager[Connection]]
Describe = Callable[[Report, Answer], dict[str, Any]]

# Deadlocks, lost connections: tried again after these pauses; together shorter than a phone's patience.
_PAUSES_S = (0.05, 0.2, 0.5, 1.0)

_DONE = Answer(status=Answered.DONE)
_DONE_AND_WAKE = Answer(status=Answered.DONE, wakes_the_placer=True)


async def take_report(connect: Connect, report: Report, describe: Describe) -> tuple[dict[str, Any], bool]:
    """Carry out one report and keep it with its answer, in one transaction. The same report again gets the first answer.

    `describe` makes an answer what is stored and sent. Returns that, and whether the placer has something to do. What passes (a deadlock,
    a lost connection) is tried a few times, then raised. Raises BodyDiffers where the id came before with another body or member.
    """
    for pause_s in _PAUSES_S:
        try:
            async with connect() as conn:
                return await _take(conn, report, describe)
        except Exception as error:
            if not is_outage(error):
                raise
        await asyncio.sleep(pause_s)
    async with connect() as conn:
        return await _take(conn, report, describe)


async def _take(conn: Connection, report: Report, describe: Describe) -> tuple[dict[str, Any], bool]:
    async with conn.transaction():
        if not await reports.insert_report(conn, report):
            return await _first_answer(conn, report), False
        answer = await _answer(conn, report)
        described = describe(report, answer)
        await reports.update_answer(conn, report.id, described)
        return described, answer.wakes_the_placer


async def _first_answer(conn: Connection, report: Report) -> dict[str, Any]:
    first = await reports.select_report(conn, report.id)
    if first is None or first["member_id"] != report.member_id or first["body_hash"] != report.body_hash:
        raise BodyDiffers(errors=(FieldError(in_="body", loc="id", msg="It came before with another body."),))
    answer: dict[str, Any] = first["answer"]
    return answer


async def _answer(conn: Connection, report: Report) -> Answer:
    try:
        async with conn.transaction():
            return await _carry_out(conn, report)
    except DomainError as error:
        return Answer(status=Answered.REFUSED, error=error)


async def _carry_out(conn: Connection, report: Report) -> Answer:
    return await _HOW[type(report.said)](conn, report, report.said)


async def _accept(conn: Connection, report: Report, said: Accept) -> Answer:
    """The team takes these of its next stops for good; what it has accepted before stays so."""
    team_id = await team_now(conn, report)
    held = await lock_own(conn, report, team_id, said.task_ids)
    district = await district_of(conn, report)
    new = [task.id for task in held if task.status is Status.ASSIGNED]
    near = await _next_stops(conn, team_id, district.settings.accept_limit)
    if too_far := [task_id for task_id in new if task_id not in near]:
        raise TooFarAhead(
            errors=at(said.task_ids, too_far, f"It is not among the next {district.settings.accept_limit} stops.")
        )
    if new:
        await assignments.update_accepted(conn, new, report.corrected_at)
        await tasks.update_status(conn, new, Status.ACCEPTED, report.received_at)
        await insert_events(conn, [event_of(report, "task.accepted", team_id, task_id) for task_id in new])
        await holding.rewrite_walks(conn, district, [team_id], now=report.received_at, why="accepted")
    return _DONE


async def _decline(conn: Connection, report: Report, said: Decline) -> Answer:
    """The task goes back to be placed with another team: this shift's does not get it again. Raises AlreadyUnderWay."""
    team_id = await team_now(conn, report)
    (task,) = await lock_own(conn, report, team_id, [said.task_id])
    if task.status is Status.IN_PROGRESS:
        raise AlreadyUnderWay
    shift = await shifts.select_shift_at(conn, team_id, report.received_at)
    if shift is not None:
        await tasks.update_declined(conn, task.id, shift.id)
    district = await district_of(conn, report)
    await holding.take_back(
        conn,
        district,
        [task],
        EndReason.DECLINED,
        now=report.received_at,
        member_id=report.member_id,
        note=said.reason,
    )
    return _DONE_AND_WAKE


async def _go(conn: Connection, report: Report, said: Depart | Arrive) -> Answer:
    """The team sets out for, or stands at, the task's stop: all tasks there are under way, and the stop is the first of the walk."""
    task_id, arrived = said.task_id, isinstance(said, Arrive)
    team_id = await team_now(conn, report)
    stop = await _stop_of(conn, team_id, task_id)
    held = await lock_own(conn, report, team_id, [task_id], besides=stop)
    district = await district_of(conn, report)
    under_way = [task.id for task in held]
    await note_setting_out(conn, team_id, report.corrected_at, report.received_at)
    if arrived:
        await assignments.update_arrived(conn, under_way, report.corrected_at)
        point = next((task.point for task in held if task.point is not None), None)
        if point is not None:
            await teams.update_place(conn, team_id, point.lat, point.lon, report.corrected_at)
    else:
        await assignments.update_departed(conn, under_way, report.corrected_at)
    moved = [task.id for task in held if task.status is not Status.IN_PROGRESS]
    await tasks.update_status(conn, moved, Status.IN_PROGRESS, report.received_at)
    name = "task.arrived" if arrived else "task.departed"
    await insert_events(conn, [event_of(report, name, team_id, moved_id) for moved_id in under_way])
    await _put_first(conn, district, team_id, under_way, report.received_at, why=name.removeprefix("task."))
    return _DONE


async def _visit(conn: Connection, report: Report, said: VisitMade) -> Answer:
    if said.findings.position is not None:
        await positions.upsert_position(conn, **_seen_at(report, said.findings.position))
    return await record_visit(conn, report, said)


async def _change_duty(conn: Connection, report: Report, said: DutyChanged) -> Answer:
    await set_duty(conn, report.member_id, said.duty, report.received_at, at=report.corrected_at)
    return _DONE_AND_WAKE


async def _change_suit(conn: Connection, report: Report, said: SuitChanged) -> Answer:
    await set_suit(conn, report.member_id, on=said.on, now=report.received_at, at=report.corrected_at)
    return _DONE_AND_WAKE


async def _acknowledge(conn: Connection, report: Report, said: Acknowledge) -> Answer:
    await acknowledge_by_phone(conn, report, said)
    return _DONE


async def _be_seen(conn: Connection, report: Report, said: PositionSeen) -> Answer:
    """Newest wins, by corrected time. A position known well enough moves the team."""
    position = said.position
    await positions.upsert_position(conn, **_seen_at(report, position))
    team_id = await team_then(conn, report)
    if team_id is not None and position.moves_the_team:
        await teams.update_place(conn, team_id, position.point.lat, position.point.lon, report.corrected_at)
    return _DONE


async def _next_stops(conn: Connection, team_id: UUID, count: int) -> set[UUID]:
    """The tasks of the team's next `count` stops."""
    route = await routes.select_route(conn, team_id)
    with_tasks = [stop["task_ids"] for stop in route["stops"] if stop["task_ids"]] if route is not None else []
    return {UUID(task_id) for task_ids in with_tasks[:count] for task_id in task_ids}


async def _stop_of(conn: Connection, team_id: UUID, task_id: UUID) -> list[UUID]:
    """All tasks of the stop that the task is part of."""
    route = await routes.select_route(conn, team_id)
    for stop in route["stops"] if route is not None else []:
        if str(task_id) in stop["task_ids"]:
            return [UUID(at_door) for at_door in stop["task_ids"]]
    return [task_id]


async def _put_first(
    conn: Connection, district: District, team_id: UUID, first: Sequence[UUID], now: datetime, *, why: str
) -> None:
    (team,) = await load_teams(conn, district.settings, now=now, team_ids=[team_id])
    ahead = [work for work in team.works if work.task_id in first]
    behind = [work for work in team.works if work.task_id not in first]
    await rewrite_routes(conn, [(team, [*ahead, *behind])], district_id=district.id, now=now, why=why)


def _seen_at(report: Report, position: Position) -> dict[str, Any]:
    return {
        "member_id": report.member_id,
        "at": report.corrected_at,
        "lat": position.point.lat,
        "lon": position.point.lon,
        "accuracy_m": position.accuracy_m,
    }


# How each is carried out; a test holds it complete.
_HOW: Mapping[type[Said], Callable[[Connection, Report, Any], Awaitable[Answer]]] = {
    Accept: _accept,
    Decline: _decline,
    Depart: _go,
    Arrive: _go,
    VisitMade: _visit,
    Correct: correct_visit,
    Keep: keep,
    HandOver: hand_over,
    Acknowledge: _acknowledge,
    DutyChanged: _change_duty,
    SuitChanged: _change_suit,
    PositionSeen: _be_seen,
}
