"""Sweeps: what Postgres says is due, found by looking, so that no lost nudge, job or worker costs more than a moment.

Every worker sweeps. Each part is a loop of its own: when one fails, the others go on.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from services.worker.errands import ERRANDS, Errand
from services.worker.metrics import Metrics
from services.worker.pauses import pause_s
from services.worker.placer import Placer, begin_all
from shared.domain.clock import utc_now
from shared.log import describe, get_logger
from shared.operations import tidying
from shared.queue import Nudger
from shared.settings import Settings
from shared.store import locks, tasks
from shared.store.connection import Connection, Pool
from shared.store.outage import is_outage

PATIENCE = timedelta(seconds=1)
"""How long due work may lie before the sweep stops relying on nudges and does it."""
TIDY_EVERY_S = 600.0
TRIM_EVERY_S = 10.0
_PART_LIMIT_S = 60.0
_LONGEST_PAUSE_S = 5.0
_LONGEST_PAUSE_IN_OUTAGE_S = 1.0
_CONNECTION_LIMIT_S = 5.0
MOST_AT_ONCE = 200
"""Rows of one look of an errand."""

log = get_logger(__name__)


class Sweeps:
    """The parts and their loops. `beat_at` says when the first of them last came round (monotonic seconds)."""

    def __init__(self, settings: Settings, pool: Pool, placer: Placer, nudger: Nudger, metrics: Metrics) -> None:
        self._settings = settings
        self._pool = pool
        self._placer = placer
        self._nudger = nudger
        self._metrics = metrics
        self._errands_at_once = asyncio.Semaphore(max(1, settings.pool_max_size // 2))
        self.beat_at = time.monotonic()

    async def run(self) -> None:
        """Sweep until cancelled."""
        often = self._settings.sweep_interval_s
        async with asyncio.TaskGroup() as group:
            group.create_task(self._repeat("wake_districts", self.wake_districts, often))
            group.create_task(self._repeat("trim_queue", self.trim_queue, TRIM_EVERY_S))
            group.create_task(self._repeat("tidy", self.tidy, TIDY_EVERY_S))
            for errand in ERRANDS:
                every_s = max(often, errand.every_s)
                group.create_task(self._repeat(errand.name, partial(self.run_errand, errand), every_s))

    async def wake_districts(self) -> None:
        """Nudge for what is due; place ourselves what nobody took within a second, and everything while Redis is away."""
        self.beat_at = time.monotonic()
        now = utc_now()
        async with self._pool.acquire(timeout=_CONNECTION_LIMIT_S) as conn:
            due = await tasks.select_districts_with_due_work(conn, now)
            late = await tasks.select_districts_with_due_work(conn, now - PATIENCE) if due else []
        if due:
            taken = await self._nudger.send(due)
            begin_all(self._placer, late if taken else due)

    async def run_errand(self, errand: Errand) -> None:
        """Deal with what is due of one errand, unless another replica is at it.

        Errands have half of the connections: where Postgres keeps them all waiting, what places goes on.
        """

        async def all_due(conn: Connection) -> None:
            await self._deal_with_each(conn, errand)

        async with self._errands_at_once:
            await self._alone(errand.name, all_due)

    async def trim_queue(self) -> None:
        """Drop old nudges, so that new ones are found at once."""
        await self._nudger.forget_stale()

    async def tidy(self) -> None:
        """Forget answers, log-in failures and tokens whose time is over."""
        await self._alone("tidy", self._tidy)

    async def _deal_with_each(self, conn: Connection, errand: Errand) -> None:
        """A row that fails is noted and keeps no other waiting. Raises an outage of Postgres."""
        for row in await errand.find(conn, utc_now(), MOST_AT_ONCE):
            try:
                # Each at its own time: what a long look gives back late would seem older to a placer than its own look at it.
                await errand.deal(conn, row, utc_now())
            except Exception as error:
                if is_outage(error):
                    raise
                self._note_failure(errand.name, 1, error)
            if errand.nudges:
                self._nudger.nudge(row["district_id"])

    async def _tidy(self, conn: Connection) -> None:
        await tidying.forget_ended(
            conn, utc_now(), answers_kept=timedelta(seconds=self._settings.idempotency_lifetime_s)
        )

    async def _alone(self, name: str, part: Callable[[Connection], Awaitable[None]]) -> None:
        """Do it unless another replica is at it."""
        async with self._pool.acquire(timeout=_CONNECTION_LIMIT_S) as conn:
            if await locks.lock_if_free(conn, f"sweep:{name}"):
                try:
                    await part(conn)
                finally:
                    await locks.unlock(conn, f"sweep:{name}")

    async def _repeat(self, name: str, part: Callable[[], Awaitable[None]], interval_s: float) -> None:
        failures = 0
        while True:
            pause = interval_s
            try:
                async with asyncio.timeout(_PART_LIMIT_S):
                    await part()
                failures = 0
            except Exception as error:  # noqa: BLE001 - noted, and tried again: the sweep never ends
                failures += 1
                longest_s = _LONGEST_PAUSE_IN_OUTAGE_S if is_outage(error) else _LONGEST_PAUSE_S
                pause = max(pause, pause_s(failures, first_s=interval_s, longest_s=longest_s))
                self._note_failure(name, failures, error)
            # Replicas drift apart, so that together they look more often than each alone.
            await asyncio.sleep(pause * random.uniform(0.7, 1))  # noqa: S311 - no secret

    def _note_failure(self, part: str, failures: int, error: Exception) -> None:
        self._metrics.failures.labels(part).inc()
        if failures == 1 or not is_outage(error):
            log.error("sweep_failed", part=part, failures=failures, **describe(error))
