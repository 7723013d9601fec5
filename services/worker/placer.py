"""Who places where: one run per district and process, one process per district, each district's trouble its own."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from services.worker.metrics import Metrics
from services.worker.pauses import pause_s
from services.worker.placing import Memory, Placing
from services.worker.together import Together
from shared.domain.clock import utc_now
from shared.domain.errors import NotFound
from shared.log import describe, get_logger
from shared.store import locks, tasks
from shared.store.connection import Connection, Pool
from shared.store.outage import is_outage

MOST_PASSES = 40
"""Of one run: then the sweep goes on, and a district that never rests does not hold its place for ever."""
MOST_REMEMBERED = 16
"""Districts whose walks are remembered between runs: some megabytes for a large one."""
RUN_LIMIT_S = 120.0
_CONNECTION_LIMIT_S = 5.0
_FIRST_PAUSE_S = 0.25
_LONGEST_PAUSE_S = 30.0
_LONGEST_PAUSE_IN_OUTAGE_S = 1.0

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Trouble:
    failures: int
    not_before: float  # by the monotonic clock


class Placer:
    """Places what is due in districts, each on a connection of its own. Belongs to one event loop."""

    def __init__(self, pool: Pool, metrics: Metrics, *, most_at_once: int, together_part_s: float = 0.3) -> None:
        """`together_part_s`: how long the solver works on each part of a district where many tasks come at once."""
        self._pool = pool
        self._metrics = metrics
        self._together = Together(together_part_s)
        self._slots = asyncio.Semaphore(most_at_once)
        self._running: dict[UUID, asyncio.Task[None]] = {}
        self._again: set[UUID] = set()
        self._troubles: dict[UUID, _Trouble] = {}
        self._memories: OrderedDict[UUID, Memory] = OrderedDict()

    async def place(self, district_id: UUID) -> None:
        """Place what is due there. Returns at once where a run is on already (it looks again) or trouble asks for a pause.

        Never raises what goes wrong: the sweep comes back to it. Cancelling the caller does not cut a run short.
        """
        run = self.begin(district_id)
        if run is not None:
            await asyncio.shield(run)

    def begin(self, district_id: UUID) -> asyncio.Task[None] | None:
        """Start placing there, as `place` does, and return the run; None where none was started."""
        if district_id in self._running:
            self._again.add(district_id)
            return None
        trouble = self._troubles.get(district_id)
        if trouble is not None and time.monotonic() < trouble.not_before:
            return None
        run = asyncio.create_task(self._run(district_id))
        self._running[district_id] = run
        self._metrics.busy_districts.set(len(self._running))
        return run

    async def drain(self, limit_s: float) -> None:
        """Let what runs finish, for at most `limit_s`; then cut it short. What a transaction had not committed is due still."""
        running = list(self._running.values())
        if not running:
            return
        _, late = await asyncio.wait(running, timeout=limit_s)
        for run in late:
            run.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _run(self, district_id: UUID) -> None:
        try:
            while True:
                self._again.discard(district_id)
                await self._place_all_due(district_id)
                # Nothing is awaited from here to the end: a nudge comes before and is seen, or after and starts a run of its own.
                if district_id not in self._again or district_id in self._troubles:
                    return
        finally:
            del self._running[district_id]
            self._metrics.busy_districts.set(len(self._running))

    async def _place_all_due(self, district_id: UUID) -> None:
        try:
            async with (
                self._slots,
                asyncio.timeout(RUN_LIMIT_S),
                self._pool.acquire(timeout=_CONNECTION_LIMIT_S) as conn,
            ):
                await self._alternate(conn, district_id)
        except NotFound:
            log.info("no_such_district", district_id=str(district_id))
        except Exception as error:  # noqa: BLE001 - noted, and tried again: one district's trouble is not the next one's
            self._note_trouble(district_id, error)
        else:
            self._troubles.pop(district_id, None)

    async def _alternate(self, conn: Connection, district_id: UUID) -> None:
        """Place under the district's lock, let go, look again: who was turned away meanwhile relies on that last look."""
        name = f"place:{district_id}"
        placing = Placing(conn, district_id, self._metrics, self._remember(district_id), self._together)
        for _ in range(MOST_PASSES):
            if not await locks.lock_if_free(conn, name):
                return
            try:
                more = await placing.place_due()
            finally:
                await locks.unlock(conn, name)
            if not more and not await tasks.select_due_for_planning(conn, district_id, utc_now(), 1):
                return

    def _remember(self, district_id: UUID) -> Memory:
        """What the district's last run left, nothing after trouble; only the busiest few are kept."""
        memory = Memory() if district_id in self._troubles else self._memories.pop(district_id, Memory())
        self._memories[district_id] = memory
        if len(self._memories) > MOST_REMEMBERED:
            self._memories.popitem(last=False)
        return memory

    def _note_trouble(self, district_id: UUID, error: Exception) -> None:
        passing = is_outage(error)
        before = self._troubles.get(district_id)
        failures = before.failures + 1 if before else 1
        longest_s = _LONGEST_PAUSE_IN_OUTAGE_S if passing else _LONGEST_PAUSE_S
        pause = pause_s(failures, first_s=_FIRST_PAUSE_S, longest_s=longest_s)
        self._troubles[district_id] = _Trouble(failures, time.monotonic() + pause)
        self._metrics.failures.labels("place").inc()
        if failures == 1 or not passing:
            log.error("placing_failed", district_id=str(district_id), failures=failures, **describe(error))


def begin_all(placer: Placer, district_ids: Iterable[UUID]) -> None:
    """Start placing in each of these districts."""
    for district_id in district_ids:
        placer.begin(district_id)
