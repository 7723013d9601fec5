"""One placing pass: load, plan outside any transaction, apply. What fails in it is narrowed down to the task that is to blame."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from services.worker.metrics import Metrics
from services.worker.planner.layouts import Layouts
from services.worker.planner.place import MANY, are_many, place
from services.worker.planner.prices import URGENT_PRIORITY
from services.worker.planner.problem import Plan, Problem
from services.worker.together import Together
from services.worker.travel.great_circle import GreatCircle
from shared.domain.clock import utc_now
from shared.domain.reasons import Waiting
from shared.domain.routing import Work
from shared.domain.words import WaitingReason
from shared.log import describe, get_logger
from shared.operations.planning import Applied, NewWalk, Situation, apply_plan, load_situation
from shared.operations.walks import KnownWalks
from shared.store.connection import Connection
from shared.store.outage import is_outage

MOST_TASKS = 500
"""Of one pass: the first of ten thousand imported tasks need not wait for the last."""
TOGETHER_AGAIN_AFTER = timedelta(minutes=5)
"""Where planning together failed or left many: it takes seconds, and helps neither full teams nor those whose phones overtake it."""
SET_ASIDE_FOR = timedelta(minutes=1)
MOST_BLAMED = 3
"""So many failing one after the other, with nothing placed: it is not the tasks."""

log = get_logger(__name__)


@dataclass(slots=True)
class Memory:
    """What one pass in a district leaves to the next: read walks, walks laid out, and until when tasks are placed one by one."""

    known: KnownWalks = field(default_factory=dict)
    layouts: Layouts | None = None
    one_by_one_until: datetime | None = None


class Placing:
    """Placing in one district on one connection, pass by pass. Walks are laid out for the next full second, so that passes share them."""

    def __init__(
        self, conn: Connection, district_id: UUID, metrics: Metrics, memory: Memory, together: Together
    ) -> None:
        self._conn = conn
        self._district_id = district_id
        self._metrics = metrics
        self._memory = memory
        self._together = together

    async def place_due(self) -> bool:
        """One pass over what is due; whether there may be more. Raises what loading raises, and outages of Postgres."""
        situation = await self._load()
        if not situation.pending:
            return False
        first = self._urgent_of(situation) if self._may_plan_together(situation) else situation
        overtaken = await self._place_or_set_aside(first)
        return overtaken > 0 or first is not situation or len(situation.pending) == MOST_TASKS

    def _urgent_of(self, situation: Situation) -> Situation:
        """With the urgent tasks alone, which do not wait for a solver; all, where none or too many are urgent."""
        urgent = tuple(work for work in situation.pending if work.priority >= URGENT_PRIORITY)
        return replace(situation, pending=urgent) if 0 < len(urgent) < MANY else situation

    async def _load(self) -> Situation:
        now = utc_now()
        with self._metrics.timed("load"):
            return await load_situation(
                self._conn,
                self._district_id,
                now,
                most=MOST_TASKS,
                known=self._memory.known,
                lay_out_at=now.replace(microsecond=0) + timedelta(seconds=1),
            )

    async def _place_or_set_aside(self, situation: Situation) -> int:
        """Place; where that fails, halve the tasks until those that make it fail are found. Returns how many were overtaken.

        Raises what fails when it fails whatever is tried: then no task is to blame.
        """
        blamed: list[_Blamed] = []
        applied = await self._place_halving(situation, blamed)
        for each in blamed:
            await self._set_aside(each)
        return sum(done.overtaken for done in applied)

    async def _place_halving(self, situation: Situation, blamed: list["_Blamed"]) -> list[Applied]:
        try:
            return [await self._place(situation)]
        except Exception as error:
            if is_outage(error):
                raise
            if len(situation.pending) == 1:
                blamed.append(_Blamed(situation.pending[0], situation.read_at, error))
                return []
        middle = len(situation.pending) // 2
        applied: list[Applied] = []
        for half in (situation.pending[:middle], situation.pending[middle:]):
            current = await self._reload({work.task_id for work in half})
            if current.pending:
                applied += await self._place_halving(current, blamed)
            if len(blamed) >= MOST_BLAMED and not applied:
                raise blamed[0].error
        return applied

    async def _reload(self, task_ids: Collection[UUID]) -> Situation:
        situation = await self._load()
        return replace(situation, pending=tuple(work for work in situation.pending if work.task_id in task_ids))

    async def _place(self, situation: Situation) -> Applied:
        with self._metrics.timed("plan"):
            together = await self._plan_together(situation)
            plan = together or await self._plan_one_by_one(situation)
        with self._metrics.timed("apply"):
            applied = await self._apply(situation, plan)
        if together is not None and len(situation.pending) - applied.placed < MANY:
            self._memory.one_by_one_until = None
        self._metrics.placed.inc(applied.placed)
        self._metrics.overtaken.inc(applied.overtaken)
        self._metrics.waiting.inc(len(plan.waiting))
        return applied

    def _may_plan_together(self, situation: Situation) -> bool:
        """Not where they are few, nobody is on shift, the solver is busy with another district's, or it left many not long ago."""
        until = self._memory.one_by_one_until
        is_its_turn = until is None or situation.read_at >= until
        return is_its_turn and bool(situation.teams) and are_many(_problem(situation)) and not self._together.is_busy

    async def _plan_together(self, situation: Situation) -> Plan | None:
        """None where it failed. Until what it planned is written, it counts as having left many."""
        if not self._may_plan_together(situation):
            return None
        self._memory.one_by_one_until = situation.read_at + TOGETHER_AGAIN_AFTER
        return await self._together.plan(_problem(situation))

    async def _plan_one_by_one(self, situation: Situation) -> Plan:
        problem = _problem(situation)
        if self._memory.layouts is None or not self._memory.layouts.serve(problem):
            self._memory.layouts = Layouts(problem, self._memory.layouts)
        return await asyncio.to_thread(place, problem, GreatCircle, self._memory.layouts)

    async def _apply(self, situation: Situation, plan: Plan) -> Applied:
        teams = {team.team_id: team for team in situation.teams}
        return await apply_plan(
            self._conn,
            self._district_id,
            walks=[
                NewWalk(team=teams[team_id], works=[planned.work for planned in route])
                for team_id, route in plan.routes.items()
            ],
            reasons={task_id: placement.reason for task_id, placement in plan.placements.items()},
            waiting=plan.waiting,
            planned_at=situation.read_at,
            now=utc_now(),
        )

    async def _set_aside(self, blamed: "_Blamed") -> None:
        task_id = blamed.work.task_id
        self._metrics.set_aside.inc()
        log.error("task_set_aside", task_id=str(task_id), district_id=str(self._district_id), **describe(blamed.error))
        waiting = Waiting(
            reason=WaitingReason.BEING_PLANNED,
            detail={"stopped_by": "planning_failed"},
            look_again_at=blamed.looked_at + SET_ASIDE_FOR,
        )
        await apply_plan(
            self._conn,
            self._district_id,
            walks=[],
            reasons={},
            waiting={task_id: waiting},
            planned_at=blamed.looked_at,
            now=utc_now(),
        )


@dataclass(frozen=True, slots=True)
class _Blamed:
    work: Work
    looked_at: datetime
    error: Exception


def _problem(situation: Situation) -> Problem:
    return Problem(
        now=situation.now,
        district_id=situation.district.id,
        settings=situation.district.settings,
        teams=situation.teams,
        pending=situation.pending,
    )
