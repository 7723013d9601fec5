"""Improve rounds: district by district all that is free is planned anew, in a process of its own, and written where it is still better."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from services.worker.kept_problems import Keeping
from services.worker.metrics import Metrics
from services.worker.planner.evaluate import evaluate
from services.worker.planner.prices import prices_of
from services.worker.planner.problem import Plan, Problem
from services.worker.round_process import Order, RoundProcess
from shared.domain.clock import utc_now
from shared.domain.district import District
from shared.domain.routing import TeamOnShift, Work
from shared.log import describe, get_logger
from shared.operations.improving import Walks, apply_walks, load_round
from shared.operations.planning import Situation
from shared.queue import Nudger
from shared.settings import Settings
from shared.store import rounds
from shared.store.connection import Pool

MOST_WAITING = 500
_LOOK_EVERY_S = 1.0
_PAUSE_AFTER_TROUBLE_S = 5.0
_SHARE_OF_PERIOD = 0.5
"""The solver works for at most this part of a period, however many parts the district is cut into."""
_CONNECTION_LIMIT_S = 5.0

log = get_logger(__name__)


class PlanningFailed(Exception):
    """Planning a round raised something, in the solver's process. `described`: what and where, for the log."""

    def __init__(self, described: Mapping[str, Any]) -> None:
        super().__init__()
        self.described = described


class Improver:
    """One round at a time: a worker that falls behind skips rounds, it never piles them up. Belongs to one event loop."""

    def __init__(self, settings: Settings, pool: Pool, nudger: Nudger, metrics: Metrics) -> None:
        self._settings = settings
        self._pool = pool
        self._nudger = nudger
        self._metrics = metrics
        self._process = RoundProcess()
        folder = settings.problems_folder or settings.home / "problems"
        self._keeping = Keeping(folder=folder, most=settings.keep_problems) if settings.keep_problems else None

    @property
    def solver_pid(self) -> int | None:
        """None: no round was done yet, or the last one broke."""
        return self._process.pid

    async def run(self) -> None:
        """Improve what is due until cancelled."""
        try:
            while True:
                pause_s = await self._improve_what_is_due()
                await asyncio.sleep(pause_s)
        finally:
            await self.close()

    async def _improve_what_is_due(self) -> float:
        """Claim a district's round and do it; how many seconds to wait before the next."""
        district_id: UUID | None = None
        period = timedelta(seconds=self._settings.improve_period_s)
        haste = timedelta(seconds=self._settings.improve_haste_s)
        try:
            async with self._pool.acquire(timeout=_CONNECTION_LIMIT_S) as conn:
                claimed = await rounds.claim_round(conn, utc_now(), period=period, haste=haste)
            if claimed is None:
                return _LOOK_EVERY_S
            district_id = claimed["district_id"]
            await self.improve(district_id, claimed["number"])
        except Exception as error:  # noqa: BLE001 - noted, and the next round comes
            self._metrics.failures.labels("improve").inc()
            described = error.described if isinstance(error, PlanningFailed) else describe(error)
            log.error("improving_failed", district_id=str(district_id) if district_id else None, **described)
            return _PAUSE_AFTER_TROUBLE_S
        return 0

    async def improve(self, district_id: UUID, number: int) -> int:
        """One round of a district; how many groups of teams got better walks.

        Raises TimeoutError where it takes longer than a period, PlanningFailed where it cannot be planned, what broken pipes raise where
        the solver's process ended, and what Postgres raises. A round that raised is done again when the next period begins.
        """
        await self._process.start()  # loading the solver takes a second, once
        async with asyncio.timeout(self._settings.improve_period_s):
            written = await self._improve(district_id, number)
            async with self._pool.acquire() as conn:
                await rounds.update_ended(conn, district_id, number, utc_now())
        return written

    async def close(self) -> None:
        """End the solver's process."""
        await self._process.close()

    async def _improve(self, district_id: UUID, number: int) -> int:
        with self._metrics.improving("load"):
            async with self._pool.acquire() as conn:
                situation = await load_round(conn, district_id, utc_now(), most=MOST_WAITING)
        if not situation.teams:
            return 0
        with self._metrics.improving("plan"):
            plan = await self._plan(situation, number)
        with self._metrics.improving("apply"):
            written = await self._apply(situation, plan)
        if written:
            self._nudger.nudge(district_id)
        return written

    async def _plan(self, situation: Situation, number: int) -> Plan:
        problem = _problem(situation.district, situation.now, situation.teams, situation.pending)
        period_s = self._settings.improve_period_s
        answer = await self._process.plan(
            Order(
                problem=problem,
                number=number,
                part_s=self._settings.improve_part_s,
                parts_s=period_s * _SHARE_OF_PERIOD,
                limit_s=period_s,
                keeping=self._keeping,
            )
        )
        if answer.not_kept:
            log.warning("problem_not_kept", error=answer.not_kept)
        if answer.plan is None:
            raise PlanningFailed(answer.failed)
        return answer.plan

    async def _apply(self, situation: Situation, plan: Plan) -> int:
        walks = {team_id: [step.work for step in planned] for team_id, planned in plan.routes.items()}
        reasons = {task_id: placement.reason for task_id, placement in plan.placements.items()}
        written = 0
        for group in groups_of(situation.teams, walks):
            now = utc_now()
            async with self._pool.acquire() as conn:
                done = await apply_walks(
                    conn,
                    situation.district,
                    {team_id: walks[team_id] for team_id in group},
                    reasons=reasons,
                    is_better=partial(is_better, now),
                    now=now,
                )
            written += done
            (self._metrics.improved if done else self._metrics.not_improved).inc()
        return written


def groups_of(teams: Sequence[TeamOnShift], walks: Mapping[UUID, Sequence[Work]]) -> list[list[UUID]]:
    """The teams with new walks, together where a task moves between them: each group can be written by itself."""
    holder = {work.task_id: team.team_id for team in teams for work in team.works}
    group_of = {team_id: {team_id} for team_id in walks}
    for team_id, works in walks.items():
        for work in works:
            before = holder.get(work.task_id, team_id)
            if before in group_of and group_of[before] is not group_of[team_id]:
                joined = group_of[before] | group_of[team_id]
                group_of.update(dict.fromkeys(joined, joined))
    return sorted({tuple(sorted(group)): sorted(group) for group in group_of.values()}.values())


def _problem(district: District, now: datetime, teams: Sequence[TeamOnShift], waiting: Sequence[Work]) -> Problem:
    return Problem(
        now=now, district_id=district.id, settings=district.settings, teams=tuple(teams), pending=tuple(waiting)
    )


def is_better(
    now: datetime, district: District, group: Sequence[TeamOnShift], waiting: Sequence[Work], walks: Walks
) -> bool:
    """Whether these walks of a group are allowed now and cost less than those it has."""
    problem, prices = _problem(district, now, group, waiting), prices_of(district.settings)
    verdict = evaluate(problem, walks, prices)
    return verdict.is_allowed and verdict.cost.total_s < evaluate(problem, {}, prices).cost.total_s
