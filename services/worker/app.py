"""The worker: jobs in, rows out. It outlives Redis and Postgres being away, for however long."""

import asyncio
import gc
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import uvloop

from services.worker.health import pages
from services.worker.improver import Improver
from services.worker.metrics import Metrics
from services.worker.placer import Placer
from services.worker.pusher import Pusher
from services.worker.sweeps import Sweeps
from services.worker.taking import take_jobs
from shared.log import configure_logging, get_logger
from shared.queue import Nudger
from shared.settings import Settings
from shared.store.connection import Pool, open_pool

_STOP_LIMIT_S = 2.0

log = get_logger(__name__)


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; then finish what has begun, for at most `drain_s` seconds."""
    configure_logging(settings, service="worker")
    logging.getLogger("arq").setLevel(logging.WARNING)  # it says two lines a job
    _collect_seldom()
    uvloop.run(_serve(settings))


def _collect_seldom() -> None:
    """A pass makes tens of thousands of values that live until its end: looking for cycles among them cost a third of its loading."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with working(settings):
        log.info("working")
        await stop.wait()
        log.info("stopping")


@asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[Placer]:
    """A worker at work while inside; at the end it finishes what has begun and closes what it opened."""
    metrics = Metrics()
    stop = asyncio.Event()
    async with AsyncExitStack() as stack:
        pool = await stack.enter_async_context(_pool(settings))
        nudger = Nudger(settings.redis_url.get_secret_value(), timeout_s=settings.nudge_timeout_s)
        stack.push_async_callback(nudger.close)
        placer = Placer(pool, metrics, most_at_once=settings.worker_jobs, together_part_s=settings.improve_part_s)
        sweeps = Sweeps(settings, pool, placer, nudger, metrics)
        if settings.worker_metrics_port is not None:
            port = await stack.enter_async_context(pages(settings.host, settings.worker_metrics_port, sweeps, metrics))
            log.info("metrics", port=port)
        taking = asyncio.create_task(take_jobs(settings, placer, stop))
        sweeping = asyncio.create_task(sweeps.run())
        improving = asyncio.create_task(Improver(settings, pool, nudger, metrics).run())
        pushing = asyncio.create_task(Pusher(settings, pool, metrics).run())
        try:
            yield placer
        finally:
            stop.set()
            sweeping.cancel()
            improving.cancel()
            pushing.cancel()
            await asyncio.gather(
                *(taking, placer.drain(settings.drain_s), sweeping, improving, pushing), return_exceptions=True
            )


@asynccontextmanager
async def _pool(settings: Settings) -> AsyncIterator[Pool]:
    """A pool that connects when first needed, so that a worker may start while Postgres is away."""
    pool = await open_pool(
        settings.postgres_url.get_secret_value(),
        min_size=0,
        max_size=settings.pool_max_size,
        application_name="doorstep-worker",
        statement_timeout_s=settings.statement_timeout_s,
    )
    try:
        yield pool
    finally:
        with suppress(TimeoutError):
            await asyncio.wait_for(pool.close(), _STOP_LIMIT_S)
        pool.terminate()
