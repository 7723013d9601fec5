"""Rows per second through `POST /v1/tasks/batch`."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

import aiohttp
import orjson

from bench.district import make_district, task_bodies
from bench.system import Bench
from services.demo.client import Api


def measure_batches(bench: Bench, token: str, *, rounds: int, rows: int) -> float:
    """The median of `rounds` batches of `rows` new tasks each."""
    return asyncio.run(_measure(bench, token, rounds, rows))


async def _measure(bench: Bench, token: str, rounds: int, rows: int) -> float:
    await make_district(bench.url, token, "batches", teams=2)
    speeds: list[float] = []
    async with aiohttp.ClientSession() as session:
        api = Api(session, bench.url, token)
        for number in range(rounds):
            content = batch(task_bodies("batches", rows, seed=100 + number))
            start = time.perf_counter()
            await post_batch(api, "batches", content)
            speeds.append(rows / (time.perf_counter() - start))
    return median(speeds)


def batch(bodies: Sequence[Mapping[str, Any]]) -> bytes:
    """A batch of these tasks, as JSON."""
    tasks = [{name: value for name, value in body.items() if name != "district"} for body in bodies]
    return orjson.dumps({"tasks": tasks})


async def post_batch(api: Api, code: str, content: bytes) -> None:
    """Post a batch; every row must land."""
    answer = await api.send(
        "POST", "/v1/tasks/batch", content, query={"district": code}, headers={"Content-Type": "application/json"}
    )
    refused = [item for item in answer.body["items"] if not item.get("id")]
    assert not refused, refused[:3]
