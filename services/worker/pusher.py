"""Waking phones: messages that Postgres says are due are sent, beside everything else that a worker does and never in its way."""

import asyncio
import random
import time
from datetime import datetime, timedelta

import aiohttp

from services.worker.metrics import Metrics
from services.worker.pauses import pause_s
from services.worker.push_service import SEND_LIMIT_S, Fate, Sent, open_push_services, send
from shared.domain.clock import utc_now
from shared.domain.errors import Invalid
from shared.domain.wake_up import LIFETIME, PAUSE, host_of
from shared.log import describe, get_logger
from shared.operations.push_keys import PushKey, load_push_key
from shared.settings import Settings
from shared.store import push_messages, push_subscriptions
from shared.store.connection import Pool, Record
from shared.store.outage import is_outage

MOST_IN_FLIGHT = 32
LEASE = timedelta(seconds=2 * SEND_LIMIT_S)
"""After it another worker takes the message: the one that had it is dead or hangs."""
_CONNECTION_LIMIT_S = 5.0
_FINISH_LIMIT_S = 1.0
_FIRST_RETRY_S, _LONGEST_RETRY_S = 4.0, 300.0
_FAILURES_BEFORE_REST = 4
_FIRST_REST_S, _LONGEST_REST_S = 2.0, 60.0
_LONGEST_PAUSE_S = 5.0
_NOBODY = "mailto:nobody@localhost"

log = get_logger(__name__)


class Pusher:
    """Sends what is due, some dozens at once. A push service that fails rests, so that it takes no place from others."""

    def __init__(self, settings: Settings, pool: Pool, metrics: Metrics) -> None:
        self._settings = settings
        self._pool = pool
        self._metrics = metrics
        self._in_flight: set[asyncio.Task[None]] = set()
        self._failures: dict[str, int] = {}  # in a row, by host
        self._rests_until: dict[str, float] = {}  # monotonic seconds, by host
        given = settings.vapid_private_key
        self._given_key = given.get_secret_value() if given else None
        public = settings.public_url or ""
        self._contact = settings.vapid_contact or (public if public.startswith("https://") else _NOBODY)

    async def run(self) -> None:
        """Send what is due until cancelled; what is on its way then has a second to arrive."""
        failures = 0
        async with open_push_services(MOST_IN_FLIGHT) as http:
            try:
                while True:
                    failures = 0 if await self._begin_due(http, failures) else failures + 1
                    interval_s = self._settings.sweep_interval_s
                    pause = (
                        pause_s(failures, first_s=interval_s, longest_s=_LONGEST_PAUSE_S) if failures else interval_s
                    )
                    await asyncio.sleep(pause * random.uniform(0.7, 1))  # noqa: S311 - replicas drift apart
            finally:
                await self._finish()

    async def _begin_due(self, http: aiohttp.ClientSession, failures: int) -> bool:
        """Claim what is due and there is room for, and begin to send it; whether Postgres let us look."""
        room = MOST_IN_FLIGHT - len(self._in_flight)
        if not room:
            return True
        try:
            async with self._pool.acquire(timeout=_CONNECTION_LIMIT_S) as conn:
                claimed = await push_messages.claim_due(
                    conn, utc_now(), lease=LEASE, resting_hosts=self._resting_hosts(), most=room
                )
                key = await load_push_key(conn, self._given_key, utc_now()) if claimed else None
        except Exception as error:  # noqa: BLE001 - noted, and tried again
            self._note_failure(failures + 1, error)
            return False
        for message in claimed:
            assert key is not None  # noqa: S101 - there is something to send
            sending = asyncio.create_task(self._deal(http, message, key))
            self._in_flight.add(sending)
            sending.add_done_callback(self._in_flight.discard)
        return True

    async def _deal(self, http: aiohttp.ClientSession, message: Record, key: PushKey) -> None:
        try:
            if not message["is_wanted"]:
                await self._settle(message, "dropped")
            elif not self._is_allowed(message):
                await self._refuse(message, "host_not_allowed")
            else:
                sent = await send(http, message, key, self._contact, utc_now())
                self._note_service(message["host"], sent)
                await self._note(message, sent)
        except Exception as error:  # noqa: BLE001 - noted; when its lease is over it is sent again
            self._note_failure(1, error)

    def _is_allowed(self, message: Record) -> bool:
        """Whether phones may still point there: the setting may have changed since."""
        try:
            host_of(message["endpoint"], self._settings.push_hosts)
        except Invalid:
            return False
        return True

    async def _note(self, message: Record, sent: Sent) -> None:
        match sent.fate:
            case Fate.SENT:
                await self._settle(message, "sent")
            case Fate.REFUSED:
                await self._refuse(message, sent.code)
            case Fate.GONE:
                self._metrics.wake_ups.labels("gone").inc()
                async with self._pool.acquire(timeout=_CONNECTION_LIMIT_S) as conn:
                    await push_subscriptions.delete_subscription(
                        conn, message["token_id"], endpoint=message["endpoint"]
                    )
            case Fate.FAILED:
                self._metrics.wake_ups.labels("failed").inc()
                now = utc_now()
                async with self._pool.acquire(timeout=_CONNECTION_LIMIT_S) as conn:
                    await push_messages.update_retry(conn, message["token_id"], _retry_at(message, sent, now))
                    await push_subscriptions.update_failed(conn, message["token_id"], sent.code, now)

    async def _refuse(self, message: Record, code: str) -> None:
        """It would be refused again: a fault of our key, contact or settings, or of the push service."""
        log.warning("push_refused", host=message["host"], code=code)
        async with self._pool.acquire(timeout=_CONNECTION_LIMIT_S) as conn:
            await push_subscriptions.update_failed(conn, message["token_id"], code, utc_now())
        await self._settle(message, "refused")

    async def _settle(self, message: Record, outcome: str) -> None:
        self._metrics.wake_ups.labels(outcome).inc()
        async with self._pool.acquire(timeout=_CONNECTION_LIMIT_S) as conn:
            await push_messages.update_done(
                conn,
                message["token_id"],
                told_until=message["at"],
                sent=outcome == "sent",
                now=utc_now(),
                pause=PAUSE,
            )

    def _resting_hosts(self) -> list[str]:
        now = time.monotonic()
        return [host for host, until in self._rests_until.items() if until > now]

    def _note_service(self, host: str, sent: Sent) -> None:
        """Let a push service rest that failed several times in a row; one that only has no time for us (429) does not."""
        if sent.fate is not Fate.FAILED or sent.code.startswith("4"):
            self._failures.pop(host, None)
            self._rests_until.pop(host, None)
            return
        failures = self._failures[host] = self._failures.get(host, 0) + 1
        beyond = failures - _FAILURES_BEFORE_REST
        if beyond >= 0:
            rest_s = pause_s(beyond + 1, first_s=_FIRST_REST_S, longest_s=_LONGEST_REST_S)
            self._rests_until[host] = time.monotonic() + rest_s
        if beyond == 0:
            log.warning("push_service_rests", host=host, code=sent.code)

    def _note_failure(self, failures: int, error: Exception) -> None:
        self._metrics.failures.labels("push").inc()
        if failures == 1 or not is_outage(error):
            log.error("pushing_failed", failures=failures, **describe(error))

    async def _finish(self) -> None:
        if self._in_flight:
            _, late = await asyncio.wait(self._in_flight, timeout=_FINISH_LIMIT_S)
            for sending in late:
                sending.cancel()
            await asyncio.gather(*late, return_exceptions=True)


def _retry_at(message: Record, sent: Sent, now: datetime) -> datetime:
    """Later each time, and no sooner than the push service asked for; none is worth it after the message's life."""
    pause = pause_s(message["attempts"], first_s=_FIRST_RETRY_S, longest_s=_LONGEST_RETRY_S)
    pause *= random.uniform(0.7, 1)  # noqa: S311 - not all at once
    return now + min(timedelta(seconds=max(pause, sent.retry_after_s)), LIFETIME)
