"""A load generator lean enough to share a machine with what it measures: prepared bytes over kept connections."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any
from urllib.parse import urlsplit

import orjson
import uvloop


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """Requests to one path; `bodies` go in this order, each once."""

    url: str
    bodies: Sequence[Any]
    token: str = ""
    connections: int = 32
    per_second: float | None = None  # None: as fast as the answers come


@dataclass(slots=True, kw_only=True)
class Seen:
    """What came back. `latencies_ms` in the order of the answers."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    latencies_ms: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return sum(self.statuses.values()) / self.seconds


def shoot(shot: Shot) -> Seen:
    """Send everything from a process of its own and wait for the last answer."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as process:
        return process.submit(_shoot, shot).result()


def _shoot(shot: Shot) -> Seen:
    return uvloop.run(_send_all(shot))


async def _send_all(shot: Shot) -> Seen:
    place = urlsplit(shot.url)
    requests = [_request(place.path, place.netloc, shot.token, body) for body in shot.bodies]
    seen = Seen()
    queue = iter(enumerate(requests))
    connections = [
        await asyncio.open_connection(place.hostname, place.port, limit=1 << 20) for _ in range(shot.connections)
    ]
    start = time.perf_counter()
    await asyncio.gather(*(_connection(reader, writer, queue, shot, start, seen) for reader, writer in connections))
    seen.seconds = time.perf_counter() - start
    for _, writer in connections:
        writer.close()
    return seen


async def _connection(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, queue: Any, shot: Shot, start: float, seen: Seen
) -> None:
    for number, request in queue:
        if shot.per_second:
            await asyncio.sleep(max(0.0, start + number / shot.per_second - time.perf_counter()))
        sent = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        seen.statuses[int(head[9:12])] += 1
        seen.latencies_ms.append((time.perf_counter() - sent) * 1000)


def _request(path: str, host: str, token: str, body: Any) -> bytes:
    content = orjson.dumps(body)
    head = [
        f"POST {path} HTTP/1.1",
        f"Host: {host}",
        "Content-Type: application/json",
        f"Content-Length: {len(content)}",
    ]
    if token:
        head.append(f"Authorization: Bearer {token}")
    return "\r\n".join([*head, "", ""]).encode() + content
