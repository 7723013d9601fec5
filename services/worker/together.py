"""Many tasks at once, placed together by the solver: a morning's import is on the phones some seconds later, and lies better there."""

import asyncio

from services.worker.planner.problem import Plan, Problem
from services.worker.round_process import Order, RoundProcess
from shared.log import describe, get_logger

PARTS_S = 5.0
"""For all parts together: then what was imported should be on the phones."""
LIMIT_S = 20.0
"""Starting the process included: who imported waits no longer, whatever hangs."""

log = get_logger(__name__)


class Together:
    """Asks a solver's process that lives for one answer: mornings are rare, and it needs fifty megabytes. One district at a time."""

    def __init__(self, part_s: float) -> None:
        self._part_s = part_s
        self._is_busy = False

    @property
    def is_busy(self) -> bool:
        """Whether it is at another district's tasks."""
        return self._is_busy

    async def plan(self, problem: Problem) -> Plan | None:
        """The pending tasks placed; None where that failed or took too long: then they are placed one by one."""
        self._is_busy, process = True, RoundProcess()
        try:
            async with asyncio.timeout(LIMIT_S):
                await process.start()
                order = Order(
                    problem=problem, number=1, together=True, part_s=self._part_s, parts_s=PARTS_S, limit_s=LIMIT_S
                )
                answer = await process.plan(order)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is no reason to leave them lying
            log.warning("not_placed_together", district_id=str(problem.district_id), **describe(error))
            return None
        finally:
            self._is_busy = False
            await process.close()
        if answer.plan is None:
            log.warning("not_placed_together", district_id=str(problem.district_id), **answer.failed)
        return answer.plan
