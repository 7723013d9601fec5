"""Sweeps: what Postgres says is due, found by looking, so that no lost nudge, job or worker costs more than a moment.

Every worker sweeps. Each part is a loop of its own: when one fails, the others go on.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from services.worker.metrics import Metrics
from services.worker.pauses import pause_s
from services.worker.placer import Placer, begin_all
from shared.domain.clock import utc_now
from shared.domain.district import DistrictSettings
from shared.log import describe, get_logger
from shared.operations import breaks, lateness, release, tidying
from shared.queue import Nudger
from shared.settings import Settings
from shared.store import locks, memberships, routes, shifts, tasks
from shared.store.connection import Connection, Pool, Record
from shared.store.outage import is_outage

PATIENCE = timedelta(seconds=1)
"""How long due work may lie before the sweep stops relying on nudges and does it."""
LOOK_FOR_LATE_EVERY_S = 5.0
"""Against ten minutes of lateness."""
TIDY_EVERY_S = 600.0
TRIM_EVERY_S = 10.0
_PART_LIMIT_S = 60.0
_LONGEST_PAUSE_S = 5.0
_LONGEST_PAUSE_IN_OUTAGE_S = 1.0
_CONNECTION_LIMIT_S = 5.0
MOST_AT_ONCE = 200
"""Ended shifts, ended memberships, breaks, expiring tasks or late routes of one look."""

_Due = TypeVar("_Due")

log = get_logger(__name__)


class Sweeps:
    """The parts and their loops. `beat_at` says when the first of them last came round (monotonic seconds)."""

    def __init__(self, settings: Settings, pool: Pool, placer: Placer, nudger: Nudger, metrics: Metrics) -> None:
        self._settings = settings
        self._pool = pool
        self._placer = placer
        self._nudger = nudger
        self._metrics = metrics
        self.beat_at = time.monotonic()

    async def run(self) -> None:
        """Sweep until cancelled."""
        often = self._settings.sweep_interval_s
        parts = (
            (self.wake_districts, often),
            (self.end_shifts, often),
            (self.end_memberships, often),
            (self.settle_breaks, often),
            (self.expire, often),
        )
        seldom = (
            (self.lay_out_late, LOOK_FOR_LATE_EVERY_S),
            (self.trim_queue, TRIM_EVERY_S),
            (self.tidy, TIDY_EVERY_S),
        )
        async with asyncio.TaskGroup() as group:
            for part, interval_s in parts + seldom:
                group.create_task(self._repeat(part, interval_s))

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

    async def end_shifts(self) -> None:
        """Give back what ended shifts left open."""
        await self._alone(self._end_shifts)

    async def end_memberships(self) -> None:
        """Give back what teams cannot do since somebody left them at a time set before."""
        await self._alone(self._end_memberships)

    async def settle_breaks(self) -> None:
        """Show breaks that no route shows yet, and begin those whose time has come unannounced."""
        await self._alone(self._settle_breaks)

    async def expire(self) -> None:
        """Close what is worthless since its window is over."""
        await self._alone(self._expire)

    async def lay_out_late(self) -> None:
        """Give routes that fell behind true times again."""
        await self._alone(self._lay_out_late)

    async def trim_queue(self) -> None:
        """Drop old nudges, so that new ones are found at once."""
        await self._nudger.forget_stale()

    async def tidy(self) -> None:
        """Forget answers, log-in failures and tokens whose time is over."""
        await self._alone(self._tidy)

    async def _end_shifts(self, conn: Connection) -> None:
        now = utc_now()

        async def close(row: Record) -> None:
            await release.close_ended_shift(conn, row["id"], row["team_id"], now)
            self._nudger.nudge(row["district_id"])

        await self._each("end_shifts", await shifts.select_ended_unclosed(conn, now, MOST_AT_ONCE), close)

    async def _end_memberships(self, conn: Connection) -> None:
        now = utc_now()

        async def settle(row: Record) -> None:
            await release.settle_ended_membership(conn, row["id"], row["team_id"], now)
            self._nudger.nudge(row["district_id"])

        await self._each("end_memberships", await memberships.select_ended_unsettled(conn, now, MOST_AT_ONCE), settle)

    async def _settle_breaks(self, conn: Connection) -> None:
        now = utc_now()

        async def settle(row: Record) -> None:
            await breaks.settle_break(conn, row["team_id"], now)

        await self._each("settle_breaks", await shifts.select_breaks_due(conn, now, MOST_AT_ONCE), settle)

    async def _expire(self, conn: Connection) -> None:
        now = utc_now()

        async def close(task_id: UUID) -> None:
            await release.expire_task(conn, task_id, now)

        await self._each("expire", await tasks.select_expiring(conn, now, MOST_AT_ONCE), close)

    async def _lay_out_late(self, conn: Connection) -> None:
        now = utc_now()
        usually_after = timedelta(seconds=DistrictSettings().late_after_s)

        async def lay_out(row: Record) -> None:
            await lateness.lay_out_late_route(conn, row["team_id"], now)

        late = await routes.select_late(conn, now, usually_after=usually_after, most=MOST_AT_ONCE)
        await self._each("lay_out_late", late, lay_out)

    async def _each(self, part: str, due: Sequence[_Due], deal: Callable[[_Due], Awaitable[None]]) -> None:
        """Deal with each; one that fails is noted and keeps nobody waiting. Raises an outage of Postgres."""
        for one in due:
            try:
                await deal(one)
            except Exception as error:
                if is_outage(error):
                    raise
                self._note_failure(part, 1, error)

    async def _tidy(self, conn: Connection) -> None:
        await tidying.forget_ended(
            conn, utc_now(), answers_kept=timedelta(seconds=self._settings.idempotency_lifetime_s)
        )

    async def _alone(self, part: Callable[[Connection], Awaitable[None]]) -> None:
        """Do it unless another replica is at it."""
        async with self._pool.acquire(timeout=_CONNECTION_LIMIT_S) as conn:
            name = f"sweep:{part.__name__}"
            if await locks.lock_if_free(conn, name):
                try:
                    await part(conn)
                finally:
                    await locks.unlock(conn, name)

    async def _repeat(self, part: Callable[[], Awaitable[None]], interval_s: float) -> None:
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
                self._note_failure(part.__name__, failures, error)
            # Replicas drift apart, so that together they look more often than each alone.
            await asyncio.sleep(pause * random.uniform(0.7, 1))  # noqa: S311 - no secret

    def _note_failure(self, part: str, failures: int, error: Exception) -> None:
        self._metrics.failures.labels(part).inc()
        if failures == 1 or not is_outage(error):
            log.error("sweep_failed", part=part, failures=failures, **describe(error))
