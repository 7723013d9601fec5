"""What a coordinator does to tasks by hand: cancel, release, assign. One task or many, each answered for itself; safe to repeat."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.district import District
from shared.domain.errors import AlreadyUnderWay, DomainError, NotFound, TaskClosed, TeamCannot
from shared.domain.routing import Insertion, PlannedWork, TeamOnShift, Work, insert_where_cheapest, timetable
from shared.domain.task import Task
from shared.domain.words import EndReason, Status
from shared.operations import holding
from shared.operations.holding import Gain
from shared.operations.walks import load_teams, work_of
from shared.store import assignments, districts, rounds, tasks, teams
from shared.store.connection import Connection

Answers = dict[UUID, Task | DomainError]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What giving a task to a team does to its walk. `breaks` are codes: what the team lacks, and who pays."""

    begin_at: datetime
    late_s: float
    added_travel_s: int
    made_late: tuple[UUID, ...] = ()
    overrun_s: int = 0
    breaks: tuple[str, ...] = ()
    before: tuple[PlannedWork, ...]
    after: tuple[PlannedWork, ...]
    reason: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def none(cls, walk: tuple[PlannedWork, ...], task_id: UUID) -> "Effect":
        """Of a task that the team has already."""
        step = next(step for step in walk if step.work.task_id == task_id)
        return cls(begin_at=step.begin_at, late_s=step.late_s, added_travel_s=0, before=walk, after=walk)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """What became of tasks given to a team by hand: each one's task or error, and of those newly placed what it does to the walk."""

    answers: Answers
    effects: Mapping[UUID, Effect]


async def cancel(
    conn: Connection,
    district_id: UUID,
    task_ids: Collection[UUID],
    *,
    reason: str,
    now: datetime,
    account_id: UUID | None,
) -> Answers:
    """Cancel open tasks; what waits is looked at for the place of one that a team held. One cancelled before is answered as it is.

    Errors: NotFound, TaskClosed (closed otherwise).
    """
    async with conn.transaction():
        district, answers = await _lock(conn, district_id, task_ids)
        wanted = [task for task in _tasks(answers) if not task.is_closed]
        for task in _tasks(answers):
            if task.is_closed and task.status is not Status.CANCELLED:
                answers[task.id] = TaskClosed(f"It is {task.status}.")
        if wanted:
            await holding.close(
                conn,
                district,
                wanted,
                Status.CANCELLED,
                EndReason.CANCELLED,
                reason=reason,
                now=now,
                account_id=account_id,
            )
        if any(task.status.is_held for task in wanted):
            await tasks.update_plan_at_for_district(conn, district_id, now)
        return await _as_they_are_now(conn, answers)


async def release(
    conn: Connection,
    district_id: UUID,
    task_ids: Collection[UUID],
    *,
    reason: str | None = None,
    now: datetime,
    account_id: UUID | None,
) -> Answers:
    """Take tasks back from their teams, accepted ones too, to be placed anew. One that waits is answered as it is.

    `reason` is a code for the event. Errors: NotFound, TaskClosed.
    """
    async with conn.transaction():
        district, answers = await _lock(conn, district_id, task_ids)
        held = [task for task in _tasks(answers) if task.status.is_held]
        for task in _tasks(answers):
            if task.is_closed:
                answers[task.id] = TaskClosed(f"It is {task.status}.")
        if held:
            await holding.take_back(
                conn, district, held, EndReason.RELEASED, now=now, account_id=account_id, why=reason
            )
        return await _as_they_are_now(conn, answers)


async def assign(
    conn: Connection,
    team_id: UUID,
    task_ids: Collection[UUID],
    *,
    force: bool,
    preview: bool,
    now: datetime,
    account_id: UUID | None,
) -> Assigned:
    """Pin tasks to a team, each where it costs its walk least. With `preview` nothing is written; what it would break is told.

    Errors of a task: NotFound (also in another district than the team), TaskClosed, AlreadyUnderWay (another team is on its way to it),
    TeamCannot; `force` sets the last two aside. Raises NotFound where there is no such team.
    """
    async with conn.transaction():
        found = await teams.select_team(conn, team_id)
        if found is None:
            raise NotFound("There is no such team.")
        district, answers = await _lock(conn, found.district_id, task_ids, team_id)
        (team,) = await load_teams(conn, district.settings, now=now, team_ids=[team_id])
        effects: dict[UUID, Effect] = {}
        grown = team
        for task in _tasks(answers):
            try:
                effects[task.id] = effect = _effect(district, grown, task, now, force=force, preview=preview)
            except DomainError as error:
                answers[task.id] = error
            else:
                grown = grown.with_works(step.work for step in effect.after)
        if not preview:
            await _pin(conn, district, team, grown, list(_tasks(answers)), effects, now, account_id)
        return Assigned(answers=await _as_they_are_now(conn, answers), effects=effects)


def _effect(district: District, team: TeamOnShift, task: Task, now: datetime, *, force: bool, preview: bool) -> Effect:
    """Raises TaskClosed, AlreadyUnderWay, TeamCannot."""
    if task.is_closed:
        raise TaskClosed(f"It is {task.status}.")
    before = timetable(team, team.works)
    if task.team_id == team.team_id:
        return Effect.none(before, task.id)
    if task.status is Status.IN_PROGRESS and not force:
        raise AlreadyUnderWay
    work, settings = work_of(task, team_fixed=True), district.settings
    insertion = insert_where_cheapest(team, work, now, settings.freeze_s, settings.home_grid_price_s, forced=True)
    if insertion is None:
        raise TeamCannot
    breaks = tuple(_what_it_breaks(team, work, insertion))
    if breaks and not (force or preview):
        raise TeamCannot(f"It breaks: {', '.join(breaks)}.")
    return Effect(
        begin_at=insertion.begin_at,
        late_s=insertion.planned[insertion.position].late_s,
        added_travel_s=insertion.reason.added_travel_s,
        made_late=tuple(task_id for task_id in insertion.made_late if task_id not in _breaks_of(team)),
        overrun_s=insertion.overrun_s,
        breaks=breaks,
        before=before,
        after=insertion.planned,
        reason={**insertion.reason.figures(), "by_hand": True, **({"breaks": list(breaks)} if breaks else {})},
    )


def _what_it_breaks(team: TeamOnShift, work: Work, insertion: Insertion) -> Iterator[str]:
    if team.shift_id is None:
        yield "no_shift"
    if work.roles - team.roles:
        yield "role_missing"
    if work.capabilities - team.capabilities:
        yield "capability_missing"
    if team.shift_id in work.declined_in:
        yield "declined"
    if insertion.overrun_s > 0:
        yield "beyond_shift"
    if _breaks_of(team).intersection(insertion.made_late):
        yield "makes_break_late"
    if set(insertion.made_late) - _breaks_of(team):
        yield "makes_others_late"
    if not insertion.within_visits:
        yield "too_many_visits"


def _breaks_of(team: TeamOnShift) -> set[UUID]:
    return {work.task_id for work in team.works if work.is_break}


async def _pin(
    conn: Connection,
    district: District,
    team: TeamOnShift,
    grown: TeamOnShift,
    wanted: Sequence[Task],
    effects: Mapping[UUID, Effect],
    now: datetime,
    account_id: UUID | None,
) -> None:
    """Give the team those it does not hold yet, from whoever holds them; those it holds are pinned where they are."""
    new = [task for task in wanted if task.team_id != team.team_id]
    from_others = [task for task in new if task.status.is_held]
    await assignments.update_pinned(conn, [task.id for task in wanted if task.team_id == team.team_id])
    await holding.part_with(conn, from_others, EndReason.REASSIGNED, now=now, account_id=account_id)
    if new:
        gain = Gain(team=team, works=grown.works, reasons={task.id: effects[task.id].reason for task in new})
        await holding.give(
            conn, district.id, [gain], now=now, pinned=True, why="assigned_by_hand", account_id=account_id
        )
    losers = {task.team_id for task in from_others if task.team_id is not None}
    await holding.rewrite_walks(conn, district, losers, now=now, why=EndReason.REASSIGNED)
    if losers:
        await tasks.update_plan_at_for_district(conn, district.id, now)
        await rounds.insert_wish(conn, district.id, now)


async def _lock(
    conn: Connection, district_id: UUID, task_ids: Iterable[UUID], *team_ids: UUID
) -> tuple[District, Answers]:
    """The district and the locked tasks in the order asked for; NotFound for those that it does not have."""
    district = await districts.select_district(conn, district_id)
    if district is None:
        raise NotFound("There is no such district.")
    wanted = list(dict.fromkeys(task_ids))
    locked = await holding.lock(conn, wanted, *team_ids)
    own = {task_id: task for task_id, task in locked.items() if task.district_id == district_id}
    return district, {task_id: own.get(task_id) or NotFound("There is no such task.") for task_id in wanted}


def _tasks(answers: Answers) -> list[Task]:
    return [answer for answer in answers.values() if isinstance(answer, Task)]


async def _as_they_are_now(conn: Connection, answers: Answers) -> Answers:
    now = {task.id: task for task in await tasks.select_tasks(conn, [task.id for task in _tasks(answers)])}
    return {task_id: now.get(task_id, answer) for task_id, answer in answers.items()}
