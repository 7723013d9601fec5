"""Taking jobs: arq's worker, started again whenever Redis brings it down. Meanwhile the sweep goes on by itself."""

import asyncio
import random
import time
from contextlib import suppress
from typing import Any

from arq import Worker, func
from arq.worker import Function

from services.worker.jobs import JOBS
from services.worker.jobs.place_district import PLACER
from services.worker.pauses import pause_s
from services.worker.placer import RUN_LIMIT_S, Placer
from shared.log import describe, get_logger
from shared.queue import QUEUE, from_json, open_patient_queue, to_json
from shared.settings import Settings

_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 1.0
_HANG_UP_LIMIT_S = 1.0
_GOOD_RUN_S = 120.0
"""A worker that lasted longer than it waits for Redis had found it: what ends it then is a new outage."""

log = get_logger(__name__)


def worker_settings(settings: Settings) -> dict[str, Any]:
    """What arq's Worker is told, its connections and context apart. The why of each is in the design under "Reliable"."""
    functions: list[Function] = [func(job, name=job.__name__) for job in JOBS]
    return {
        "functions": functions,
        "queue_name": QUEUE,
        "job_serializer": to_json,
        "job_deserializer": from_json,
        "max_jobs": settings.worker_jobs,
        "max_tries": 1,
        "retry_jobs": False,
        "keep_result": 0,
        "job_timeout": RUN_LIMIT_S + 10,
        "poll_delay": settings.poll_delay_s,
        "queue_read_limit": 1000,
        "health_check_interval": 10,
        "allow_abort_jobs": False,
        "handle_signals": False,
        "log_results": False,
    }


async def take_jobs(settings: Settings, placer: Placer, stop: asyncio.Event) -> None:
    """Take jobs until `stop`; then finish those begun, for at most `drain_s`."""
    failures = 0
    while not stop.is_set():
        began = time.monotonic()
        try:
            await _take_until_it_breaks(settings, placer, stop)
        except Exception as error:  # noqa: BLE001 - arq lets through whatever its Redis client raises, a wide field
            failures = 1 if time.monotonic() - began > _GOOD_RUN_S else failures + 1
            if failures == 1:
                log.warning("queue_lost", **describe(error))
            pause = pause_s(failures, first_s=_FIRST_PAUSE_S, longest_s=_LONGEST_PAUSE_S) * random.uniform(0.5, 1)  # noqa: S311 - spreads reconnects
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)


async def _take_until_it_breaks(settings: Settings, placer: Placer, stop: asyncio.Event) -> None:
    redis = open_patient_queue(settings.redis_url.get_secret_value())
    worker = Worker(redis_pool=redis, ctx={PLACER: placer}, **worker_settings(settings))
    taking = asyncio.create_task(worker.async_run())
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([taking, stopping], return_when=asyncio.FIRST_COMPLETED)
        if taking.done():
            taking.result()
        worker.allow_pick_jobs = False
        if worker.tasks:
            await asyncio.wait(worker.tasks.values(), timeout=settings.drain_s)
    finally:
        await _hang_up(worker, [stopping, taking])
        await redis.aclose(close_connection_pool=True)


async def _hang_up(worker: Worker, ours: list[asyncio.Task[Any]]) -> None:
    """Not `worker.close()`: that waits for Redis to note the end of each job, and Redis may be what broke."""
    begun = [*ours, *([worker.main_task] if worker.main_task else []), *worker.tasks.values()]
    for task in begun:
        task.cancel()
    done, _ = await asyncio.wait(begun, timeout=_HANG_UP_LIMIT_S)
    for task in done:
        if not task.cancelled():
            task.exception()  # seen: it was logged, or is the outage that brought us here
