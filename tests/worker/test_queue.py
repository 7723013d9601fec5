"""Nudges: coalesced, quick to give up, JSON on the wire."""

import asyncio
import time
from typing import Any

import orjson
from pydantic import SecretStr

from services.standalone.valkey import EmbeddedValkey
from services.worker.app import working
from services.worker.jobs import JOBS
from services.worker.taking import worker_settings
from shared import queue
from shared.domain.ids import new_id
from shared.queue import PLACE_DISTRICT, QUEUE, Nudger, open_hasty_queue
from shared.settings import Settings
from shared.store.connection import Connection
from tests.city import make_city, post
from tests.worker.conftest import LIMIT_S

NOWHERE = "redis://127.0.0.1:1/0"


async def queued(redis_url: str) -> list[Any]:
    redis = open_hasty_queue(redis_url, timeout_s=LIMIT_S)
    ids = await redis.zrange(QUEUE, 0, -1)
    bodies = [await redis.get(b"arq:job:" + job_id) for job_id in ids]
    await redis.aclose(close_connection_pool=True)
    return [orjson.loads(body) for body in bodies]


def test_every_job_is_named_by_a_constant_of_the_queue() -> None:
    names = {value for name, value in vars(queue).items() if name.isupper() and isinstance(value, str)} - {QUEUE}
    assert {job.__name__ for job in JOBS} == names


def test_whoever_writes_redis_cannot_run_code_here(settings: Settings) -> None:
    assert worker_settings(settings)["job_serializer"] is queue.to_json
    assert worker_settings(settings)["job_deserializer"] is queue.from_json


async def test_nudges_that_come_together_become_one_job_in_json(redis_url: str) -> None:
    nudger, district_id = Nudger(redis_url, timeout_s=LIMIT_S), new_id()
    for _ in range(100):
        nudger.nudge(district_id)
    await nudger.close()
    (job,) = await queued(redis_url)
    assert (job["f"], job["a"]) == (PLACE_DISTRICT, [str(district_id)])


async def test_a_nudge_after_a_moment_is_a_job_of_its_own(redis_url: str) -> None:
    nudger, district_id = Nudger(redis_url, timeout_s=LIMIT_S), new_id()
    for _ in range(3):
        assert await nudger.send([district_id])
        await asyncio.sleep(2 * queue.GATHER_S)
    await nudger.close()
    assert len(await queued(redis_url)) == 3


async def test_five_hundred_districts_are_woken_at_once_and_none_is_forgotten(redis_url: str) -> None:
    """More than one time limit would hold: each fifty have their own."""
    nudger, districts = Nudger(redis_url, timeout_s=LIMIT_S), [new_id() for _ in range(500)]
    assert await nudger.send(districts)
    assert sorted(job["a"] for job in await queued(redis_url)) == sorted([str(district)] for district in districts)
    assert nudger.lost == 0
    await nudger.close()


async def test_without_redis_many_districts_cost_one_time_limit() -> None:
    nudger = Nudger(NOWHERE, timeout_s=0.25)
    began = time.monotonic()
    assert not await nudger.send([new_id() for _ in range(500)])
    assert time.monotonic() - began < 2.5, "ten limits would be as much"
    assert nudger.lost == 500
    await nudger.close()


async def test_without_redis_a_nudge_is_lost_quietly_and_counted() -> None:
    nudger = Nudger(NOWHERE, timeout_s=0.25)
    nudger.nudge(new_id())
    assert not await nudger.is_there()
    assert not await nudger.send([new_id(), new_id()])
    await nudger.close()
    assert nudger.lost == 3


async def test_a_redis_that_accepts_and_says_nothing_costs_no_more_than_the_limit() -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    nudger = Nudger(f"redis://127.0.0.1:{port}/0", timeout_s=0.25)
    began = time.monotonic()
    assert not await nudger.send([new_id()])
    assert time.monotonic() - began < 5, "it does not wait for an answer"
    await nudger.close()
    server.close()


async def test_nudges_go_on_after_redis_came_back(valkey: EmbeddedValkey, redis_url: str) -> None:
    nudger = Nudger(redis_url, timeout_s=LIMIT_S)
    assert await nudger.send([new_id()])
    valkey.kill()
    assert not await nudger.send([new_id()])
    valkey.start()
    assert await nudger.send([new_id()])
    await nudger.close()


async def test_old_nudges_are_dropped_and_new_ones_kept(redis_url: str) -> None:
    nudger, fresh = Nudger(redis_url, timeout_s=LIMIT_S), new_id()
    redis = open_hasty_queue(redis_url, timeout_s=LIMIT_S)
    await redis.zadd(QUEUE, {"left by a killed worker": (time.time() - 2 * queue.STALE_S) * 1000})
    await nudger.send([fresh])
    await nudger.forget_stale()
    assert [job["a"] for job in await queued(redis_url)] == [[str(fresh)]]
    await nudger.close()
    await redis.aclose(close_connection_pool=True)


async def test_a_job_that_is_nonsense_harms_nobody(
    settings: Settings, redis_url: str, conn: Connection, eventually: Any
) -> None:
    redis = open_hasty_queue(redis_url, timeout_s=LIMIT_S)
    await redis.set("arq:job:nonsense", b"\x80\x04N.")
    await redis.zadd(QUEUE, {"nonsense": 1})
    await redis.enqueue_job(PLACE_DISTRICT, "no id")
    await redis.enqueue_job("no_such_job")
    city = await make_city(conn)
    quick = settings.model_copy(update={"redis_url": SecretStr(redis_url)})
    async with working(quick):
        (task_id,) = await post(conn, city)

        async def is_assigned() -> bool:
            return await conn.fetchval("SELECT status FROM tasks WHERE id = $1", task_id) == "assigned"

        await eventually(is_assigned)
    await redis.aclose(close_connection_pool=True)
