"""The queue in which dispatcher and worker meet: its jobs, JSON on the wire, its connections, and the nudge.

A job is a nudge: Postgres says what there is to do, so losing every job costs a moment and nothing else.
"""

import asyncio
import time
from collections.abc import Awaitable, Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

import orjson
from arq import ArqRedis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from shared.log import get_logger

QUEUE = "doorstep:jobs"
PLACE_DISTRICT = "place_district"
"""Job: place what waits in a district. Takes the district's id as text."""

SENT_TOGETHER = 50
"""Nudges under one time limit."""
_LANES = 10  # connections that share them: a nudge is four round trips, one after the other
GATHER_S = 0.02
"""Nudges of a district within this become one."""
STALE_S = 30.0
"""A nudge older than this has nothing to say: sweeps have looked since."""

_FAULTS: list[type[Exception]] = [RedisConnectionError, RedisTimeoutError, OSError]
_ANSWER_LIMIT_S = 5.0

log = get_logger(__name__)


def to_json(value: Any) -> bytes:
    """Serialise a job. What JSON does not know (an exception in a failed job's result) becomes text."""
    return orjson.dumps(value, default=str)


def from_json(data: bytes) -> Any:
    """The job that `to_json` wrote. Never pickle: that would let whoever writes Redis run code here."""
    return orjson.loads(data)


def open_patient_queue(url: str) -> ArqRedis:
    """A worker's connections: they wait out a Redis that restarts. Connects at first use; the caller closes it.

    Command and connection both retry, so eight is about a minute.
    """
    return _open(url, Retry(ExponentialBackoff(cap=1, base=0.05), 8), _ANSWER_LIMIT_S)


def open_hasty_queue(url: str, *, timeout_s: float) -> ArqRedis:
    """Connections for those who must not wait: a command fails within about `timeout_s`, and the next one connects anew."""
    return _open(url, Retry(NoBackoff(), 1), timeout_s)


def _open(url: str, retry: Retry, timeout_s: float) -> ArqRedis:
    redis: ArqRedis = ArqRedis.from_url(
        url,
        retry=retry,
        retry_on_error=_FAULTS,
        socket_connect_timeout=min(1.0, timeout_s),
        socket_timeout=timeout_s,
        health_check_interval=10,
    )
    redis.job_serializer = to_json
    redis.job_deserializer = from_json
    redis.default_queue_name = QUEUE
    redis.expires_extra_ms = int(2 * STALE_S * 1000)
    return redis


class Nudger:
    """Wakes the workers of districts: soon, and without promise. Belongs to one event loop; close it there."""

    def __init__(self, url: str, *, timeout_s: float) -> None:
        self._redis = open_hasty_queue(url, timeout_s=timeout_s)
        self._timeout_s = timeout_s
        self._waiting: set[UUID] = set()
        self._sending: asyncio.Task[None] | None = None
        self._is_away = False
        self.lost = 0
        """Nudges that Redis did not take."""

    def nudge(self, district_id: UUID) -> None:
        """Wake a worker for this district; returns at once, whatever Redis does."""
        self._waiting.add(district_id)
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send_waiting())

    async def send(self, district_ids: Collection[UUID]) -> bool:
        """Nudge these districts now; False where Redis does not take them: each `SENT_TOGETHER` have the time limit for themselves."""
        rest = list(district_ids)
        while rest:
            if not await self._try(self._enqueue(rest[:SENT_TOGETHER]), nudges=len(rest)):
                return False
            del rest[:SENT_TOGETHER]
        return True

    async def is_there(self) -> bool:
        """Whether Redis answers in time."""
        return await self._try(self._redis.ping())

    async def forget_stale(self) -> bool:
        """Drop nudges that nobody took, and those that killed workers left behind; False where Redis is away."""
        return await self._try(self._redis.zremrangebyscore(QUEUE, 0, (time.time() - STALE_S) * 1000))

    async def _enqueue(self, district_ids: Sequence[UUID]) -> None:
        lanes = [self._enqueue_in_turn(district_ids[first::_LANES]) for first in range(min(_LANES, len(district_ids)))]
        for fault in await asyncio.gather(*lanes, return_exceptions=True):
            if fault is not None:
                raise fault

    async def _enqueue_in_turn(self, district_ids: Iterable[UUID]) -> None:
        for district_id in district_ids:
            await self._redis.enqueue_job(PLACE_DISTRICT, str(district_id), _job_id=_job_id(district_id))

    async def _try(self, command: Awaitable[Any], *, nudges: int = 0) -> bool:
        try:
            async with asyncio.timeout(self._timeout_s):
                await command
        except (RedisError, OSError) as error:
            self._note_outage(error, nudges)
            return False
        self._note_return()
        return True

    async def close(self) -> None:
        """Send what waits, within the time limit, and hang up."""
        if self._sending is not None:
            await asyncio.wait([self._sending], timeout=self._timeout_s)
            self._sending.cancel()
        await self._redis.aclose(close_connection_pool=True)

    async def _send_waiting(self) -> None:
        while self._waiting:
            districts, self._waiting = self._waiting, set()
            await self.send(districts)
            await asyncio.sleep(GATHER_S)

    def _note_outage(self, error: Exception, lost: int) -> None:
        self.lost += lost
        if not self._is_away:
            self._is_away = True
            log.warning("redis_away", error=type(error).__name__)

    def _note_return(self) -> None:
        if self._is_away:
            self._is_away = False
            log.info("redis_back", nudges_lost=self.lost)


def _job_id(district_id: UUID) -> str:
    """One id per district and moment: replicas that nudge together make one job, and no job is taken for an earlier one."""
    return f"{PLACE_DISTRICT}:{district_id}:{int(time.time() / GATHER_S)}"
