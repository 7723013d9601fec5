"""Phones are woken by a real worker at a real push service, which checks and decrypts; and nobody waits for one that does not answer."""

import asyncio
import logging
import os
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec

from services.standalone.service import Service
from services.worker.app import working
from services.worker.metrics import Metrics
from services.worker.push_service import Fate, open_push_services, send
from services.worker.pusher import LEASE, MOST_IN_FLIGHT, Pusher
from shared.domain.clock import utc_now
from shared.operations.push_keys import load_push_key
from shared.settings import Settings
from shared.store import push_messages
from shared.store.connection import Connection, Pool
from tests.city import City, make_city, post
from tests.phones import give
from tests.push_service import HANG, Browser, PushService, decrypt, push_service, subscribe
from tests.worker.conftest import LIMIT_S, Eventually


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    async with push_service() as running:
        yield running


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=2)


@pytest.fixture
def allowing(without_redis: Settings, service: PushService) -> Settings:
    """A worker's settings that let phones be reached at this test's push service."""
    return without_redis.model_copy(
        update={"push_hosts": (service.host,), "vapid_contact": "mailto:ops@example.org", "sweep_interval_s": 0.05}
    )


async def wake(conn: Connection, city: City, *browsers: Browser) -> list[UUID]:
    """Have messages wait for these browsers of one member; their sessions."""
    sessions = [await subscribe(conn, city.member_ids[0], browser) for browser in browsers]
    await give(conn, city, city.team_ids[0], await post(conn, city, priority=5))
    return sessions


async def none_waits(conn: Connection) -> bool:
    return await conn.fetchval("SELECT count(*) FROM push_messages WHERE next_try_at IS NOT NULL") == 0


def counted(metrics: Metrics, outcome: str) -> float:
    value = metrics.registry.get_sample_value("doorstep_wake_ups_total", {"outcome": outcome})
    return value or 0.0


class Run:
    """A pusher by itself, at work while inside."""

    def __init__(self, settings: Settings, pool: Pool) -> None:
        self.metrics = Metrics()
        self._pusher = Pusher(settings, pool, self.metrics)

    async def __aenter__(self) -> "Run":
        self._task = asyncio.create_task(self._pusher.run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


def test_our_endpoint_decrypts_the_example_of_rfc_8291() -> None:
    def octets(text: str) -> bytes:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))

    key = ec.derive_private_key(int.from_bytes(octets("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")), ec.SECP256R1())
    body = octets(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert decrypt(body, key, octets("BTBZMqHH6r4Tts7J_aSIgg")) == b"When I grow up, I want to be a watermelon"


async def test_an_urgent_task_that_comes_in_wakes_the_phone_of_who_gets_it(
    conn: Connection, service: PushService, allowing: Settings, eventually: Eventually
) -> None:
    city = await make_city(conn, teams=1)
    phones = [service.browser() for _ in range(3)]
    for member_id, phone in zip(city.member_ids, phones, strict=True):
        await subscribe(conn, member_id, phone)
    async with working(allowing):
        await post(conn, city)
        await post(conn, city, 4, priority=5)

        async def are_woken() -> bool:
            return all(phone.heard for phone in phones)

        await eventually(are_woken)
    key = (await load_push_key(conn, None, utc_now())).public
    for phone in phones:
        (heard,) = phone.heard
        assert heard.said == {"what": "new_urgent_task"}
        assert heard.signed_with == key
        assert heard.claims["sub"] == "mailto:ops@example.org"
        assert {name: heard.headers[name] for name in ("Urgency", "Topic", "Content-Encoding")} == {
            "Urgency": "high",
            "Topic": "urgent",
            "Content-Encoding": "aes128gcm",
        }
        assert 3500 <= int(heard.headers["TTL"]) <= 3600


async def test_two_workers_send_each_message_once(
    conn: Connection, city: City, service: PushService, allowing: Settings, pool: Pool, eventually: Eventually
) -> None:
    phones = [service.browser() for _ in range(2 * MOST_IN_FLIGHT)]
    await wake(conn, city, *phones)
    async with Run(allowing, pool), Run(allowing, pool):
        await eventually(lambda: none_waits(conn))
    assert [phone.knocks for phone in phones] == [1] * len(phones)


@pytest.mark.parametrize("status", [404, 410])
async def test_a_phone_that_is_gone_is_forgotten(
    status: int,
    conn: Connection,
    city: City,
    service: PushService,
    allowing: Settings,
    pool: Pool,
    eventually: Eventually,
) -> None:
    gone, there = service.browser(status), service.browser()
    _, session = await wake(conn, city, gone, there)
    async with Run(allowing, pool) as run:

        async def is_forgotten() -> bool:
            rows = await conn.fetch("SELECT token_id FROM push_subscriptions")
            return [row["token_id"] for row in rows] == [session]

        await eventually(is_forgotten)
        await eventually(lambda: _is(there.knocks == 1))
        assert counted(run.metrics, "gone") == 1
    assert gone.knocks == 1


async def _is(so: bool) -> bool:
    return so


async def test_a_push_service_that_has_no_time_is_asked_again(
    conn: Connection, city: City, service: PushService, allowing: Settings, pool: Pool, eventually: Eventually
) -> None:
    phone = service.browser(429, 503, **{"Retry-After": "90"})
    await wake(conn, city, phone)
    async with Run(allowing, pool) as run:
        for answer in ("429", "503"):

            async def is_put_off(answer: str = answer) -> bool:
                wait: timedelta = await conn.fetchval("SELECT next_try_at - now() FROM push_messages")
                failure: str | None = await conn.fetchval("SELECT failure FROM push_subscriptions")
                return failure == answer and timedelta(seconds=30) < wait <= timedelta(seconds=90)

            await eventually(is_put_off)
            await conn.execute("UPDATE push_messages SET next_try_at = now()")
        await eventually(lambda: none_waits(conn))
    assert len(phone.heard) == 1
    assert counted(run.metrics, "failed") == 2


@pytest.mark.parametrize("status", [400, 403, 413, 302])
async def test_what_a_push_service_refuses_is_not_sent_again(
    status: int,
    conn: Connection,
    city: City,
    service: PushService,
    allowing: Settings,
    pool: Pool,
    eventually: Eventually,
) -> None:
    elsewhere = service.browser()
    phone = service.browser(status, Location=elsewhere.endpoint)
    await wake(conn, city, phone)
    async with Run(allowing, pool) as run:
        await eventually(lambda: none_waits(conn))
    assert counted(run.metrics, "refused") == 1
    assert (phone.knocks, elsewhere.knocks) == (1, 0), "and no redirect is followed"
    assert await conn.fetchval("SELECT failure FROM push_subscriptions") == str(status)


async def test_a_host_that_is_allowed_no_more_is_not_called(
    conn: Connection,
    city: City,
    service: PushService,
    without_redis: Settings,
    pool: Pool,
    eventually: Eventually,
) -> None:
    phone = service.browser()
    await wake(conn, city, phone)
    async with Run(without_redis, pool) as run:
        await eventually(lambda: _is(counted(run.metrics, "refused") == 1))
    assert phone.knocks == 0


async def test_a_phone_that_hangs_keeps_no_other_and_no_task_waiting(
    conn: Connection,
    city: City,
    service: PushService,
    allowing: Settings,
    eventually: Eventually,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Longer than all that follows: whoever waited for it would be seen.
    monkeypatch.setattr("services.worker.push_service.SEND_LIMIT_S", 3600)
    monkeypatch.setattr("services.worker.pusher.LEASE", timedelta(hours=2))
    hanging, other = service.browser(HANG), service.browser()
    await wake(conn, city, hanging)
    async with working(allowing):
        await eventually(lambda: _is(hanging.knocks == 1))
        (task_id,) = await post(conn, city)

        async def is_assigned() -> bool:
            return await conn.fetchval("SELECT status FROM tasks WHERE id = $1", task_id) == "assigned"

        await eventually(is_assigned)
        await subscribe(conn, city.member_ids[3], other)
        await conn.execute("UPDATE members SET duty = 'off' WHERE id = ANY($1)", city.member_ids[:3])
        await post(conn, city, priority=5)  # for the other team alone
        await eventually(lambda: _is(len(other.heard) == 1))
    assert hanging.knocks == 1


async def test_a_push_service_that_is_away_rests_and_takes_no_place_from_others(
    conn: Connection, city: City, service: PushService, allowing: Settings, pool: Pool, eventually: Eventually
) -> None:
    dead = "127.0.0.1:1"
    phones = [Browser(endpoint=f"http://{dead}/{number}") for number in range(3 * MOST_IN_FLIGHT)]
    await wake(conn, city, *phones)
    settings = allowing.model_copy(update={"push_hosts": (service.host, dead)})
    async with Run(settings, pool) as run:
        await eventually(lambda: _is(counted(run.metrics, "failed") >= 4))
        await asyncio.sleep(0.5)  # it must stay quiet while it rests
        assert counted(run.metrics, "failed") <= 2 * MOST_IN_FLIGHT
        there = service.browser()
        await subscribe(conn, city.member_ids[3], there)
        await give(conn, city, city.team_ids[1], await post(conn, city, priority=5))
        await eventually(lambda: _is(len(there.heard) == 1))


async def test_a_worker_that_is_killed_while_it_sends_loses_nothing(
    conn: Connection,
    city: City,
    service: PushService,
    allowing: Settings,
    pool: Pool,
    database: str,
    tmp_path: Path,
    eventually: Eventually,
) -> None:
    phone = service.browser(HANG)
    await wake(conn, city, phone)
    env = {
        **os.environ,
        "DOORSTEP_POSTGRES_URL": database,
        "DOORSTEP_REDIS_URL": allowing.redis_url.get_secret_value(),
        "DOORSTEP_PUSH_HOSTS": service.host,
        "DOORSTEP_HOME": str(tmp_path),
    }
    worker = Service("worker", log=tmp_path / "worker.log", env=env)
    worker.start()
    try:
        await eventually(lambda: _is(phone.knocks == 1))
    finally:
        worker.kill()
    assert await conn.fetchval("SELECT next_try_at > now() FROM push_messages"), "nobody else takes it at once"
    async with Run(allowing, pool):
        await conn.execute("UPDATE push_messages SET next_try_at = now()")  # as if its lease were over
        await eventually(lambda: none_waits(conn))
    assert len(phone.heard) == 1


async def test_who_logged_out_before_it_went_out_is_not_told(
    conn: Connection, city: City, service: PushService, allowing: Settings, pool: Pool, eventually: Eventually
) -> None:
    expired, off_duty = service.browser(), service.browser()
    session, _ = await wake(conn, city, expired, off_duty)
    await conn.execute("UPDATE tokens SET expires_at = now() WHERE id = $1", session)
    await conn.execute("UPDATE members SET duty = 'off' WHERE id = $1", city.member_ids[0])
    async with Run(allowing, pool) as run:
        await eventually(lambda: none_waits(conn))
    assert counted(run.metrics, "dropped") == 2
    assert expired.knocks == off_duty.knocks == 0


async def test_no_log_line_tells_where_a_phone_is_reached(
    conn: Connection,
    city: City,
    service: PushService,
    allowing: Settings,
    pool: Pool,
    eventually: Eventually,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    dead = Browser(endpoint="http://127.0.0.1:1/send/secret-name")
    refused = service.browser(403)
    await wake(conn, city, dead, refused)
    settings = allowing.model_copy(update={"push_hosts": (service.host, dead.endpoint.split("/")[2])})
    async with Run(settings, pool) as run:
        await eventually(lambda: _is(counted(run.metrics, "refused") + counted(run.metrics, "failed") >= 2))
    captured = capfd.readouterr()
    told = captured.out + captured.err + caplog.text
    assert "push_refused" in told
    assert not [secret for secret in ("secret-name", refused.endpoint.split("/")[-1], refused.p256dh) if secret in told]


async def test_a_slow_push_service_is_given_up_in_time(
    conn: Connection, city: City, service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = service.browser(HANG)
    await wake(conn, city, phone)
    key = await load_push_key(conn, None, utc_now())
    (message,) = await push_messages.claim_due(conn, utc_now(), lease=LEASE, resting_hosts=(), most=1)
    monkeypatch.setattr("services.worker.push_service.SEND_LIMIT_S", 0.3)
    async with AsyncExitStack() as stack:
        http = await stack.enter_async_context(open_push_services(1))
        async with asyncio.timeout(LIMIT_S):
            sent = await send(http, message, key, "mailto:ops@example.org", utc_now())
    assert sent.fate is Fate.FAILED


async def test_an_answer_without_end_is_not_read(conn: Connection, city: City) -> None:
    async def pour(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=201)
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65536)

    app = web.Application()
    app.add_routes([web.post("/{name}", pour)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        host = f"127.0.0.1:{runner.addresses[0][1]}"
        await wake(conn, city, Browser(endpoint=f"http://{host}/x"))
        key = await load_push_key(conn, None, utc_now())
        (message,) = await push_messages.claim_due(conn, utc_now(), lease=LEASE, resting_hosts=(), most=1)
        async with open_push_services(1) as http, asyncio.timeout(LIMIT_S):
            sent: Any = await send(http, message, key, "mailto:ops@example.org", utc_now())
        assert sent.fate is Fate.SENT
    finally:
        await runner.cleanup()
