"""What people do to a system while it is being killed: post tasks, walk and report, listen. Each goes on until it is answered."""

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import orjson

from shared.domain.clock import utc_now
from tests.city import LAT, LON, SPREAD

_PASSING = (aiohttp.ClientError, asyncio.TimeoutError, OSError)
_ATTEMPT = aiohttp.ClientTimeout(total=10)


class Client:
    """One token's requests, sent again on a broken connection, a 429 or a 503."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str) -> None:
        self.session = session
        self.url = url
        self.headers = {"Authorization": f"Bearer {token}"}
        self.repeats = 0

    async def send(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """The status (below 500) and body of the first answer. A 500 is nobody's to mend: it fails the test."""
        while True:
            try:
                async with self.session.request(
                    method, self.url + path, json=body, headers=self.headers, timeout=_ATTEMPT
                ) as response:
                    content = await response.read()
                    assert response.status != 500, content
                    if response.status < 500 and response.status != 429:
                        return response.status, orjson.loads(content) if content else None
            except _PASSING:
                pass
            self.repeats += 1
            await asyncio.sleep(0.1)


async def post_tasks(client: Client, refs: Sequence[str], *, every_s: float, chance: random.Random) -> set[UUID]:
    """Post a task for each ref, one after the other; the ids that were answered with 2xx."""
    answered = set()
    for ref in refs:
        body = {
            "kind": "door_sensor_check",
            "ref": ref,
            "household": {
                "ref": f"door-{ref}",
                "lat": LAT + chance.uniform(-SPREAD, SPREAD),
                "lon": LON + chance.uniform(-SPREAD, SPREAD),
            },
        }
        status, task = await client.send("POST", "/v1/tasks", body)
        assert status in (200, 201), task
        answered.add(UUID(task["id"]))
        await asyncio.sleep(every_s)
    return answered


async def follow_up_people(
    client: Client, people: int, *, every_s: float, chance: random.Random
) -> tuple[set[UUID], set[UUID]]:
    """Follow so many people up, something being due every hour, and end every third of these plans a little later.

    The ids of the plans that go on, and of those that ended.
    """
    going_on: set[UUID] = set()
    ended: set[UUID] = set()
    times = [f"{hour:02}:00" for hour in range(24)]
    for number in range(people):
        follow_up_id = str(uuid4())
        body = {
            "id": follow_up_id,
            "subject": {"ref": f"person-{number}", "name": f"Person {number}"},
            "household": {
                "ref": f"home-{number}",
                "lat": LAT + chance.uniform(-SPREAD, SPREAD),
                "lon": LON + chance.uniform(-SPREAD, SPREAD),
            },
            "last_day": str((utc_now() + timedelta(days=2)).date()),
            "lines": [{"kind": "temperature_check", "times": times}],
        }
        status, answer = await client.send("POST", "/v1/follow-ups", body)
        assert status in (200, 201), answer
        going_on.add(UUID(follow_up_id))
        await asyncio.sleep(every_s)
        if number % 3 == 2:
            leaving = going_on.pop()
            status, answer = await client.send("POST", f"/v1/follow-ups/{leaving}/end", {"status": "cancelled"})
            assert status == 200, answer
            ended.add(leaving)
    return going_on, ended


class Phone:
    """A team's phone: it accepts the next stops, walks from door to door and reports each, once or, as after a lost answer, again."""

    def __init__(self, client: Client, chance: random.Random, *, accepts: int = 1) -> None:
        self._client = client
        self._chance = chance
        self._accepts = accepts
        self.visited: set[UUID] = set()
        """Reports of visits that were answered."""

    async def walk(self) -> None:
        """Until cancelled; a visit that has begun is told to its end first."""
        while True:
            _, route = await self._client.send("GET", "/v1/me/route")
            if route["stops"]:
                next_ids = [stop["tasks"][0]["id"] for stop in route["stops"][: self._accepts]]
                visiting = asyncio.ensure_future(self._visit(next_ids))
                try:
                    await asyncio.shield(visiting)
                except asyncio.CancelledError:
                    await visiting
                    raise
            await asyncio.sleep(self._chance.uniform(0.2, 0.5))

    async def _visit(self, task_ids: Sequence[str]) -> None:
        """The first of them, after all were accepted."""
        visit = _said("visit", task_id=task_ids[0], outcome="seen_ok", form_version=1)
        accepted = [_said("accept", task_ids=[task_id]) for task_id in task_ids]
        reports = [*accepted, _said("depart", task_id=task_ids[0]), visit]
        envelope = {"sent_at": utc_now().isoformat(), "reports": reports}
        status, answer = await self._client.send("POST", "/v1/me/reports", envelope)
        assert status == 200, answer
        self.visited.add(UUID(visit["id"]))
        if self._chance.random() < 0.4:
            _, again = await self._client.send("POST", "/v1/me/reports", envelope)
            assert again["items"] == answer["items"], "sent again, a report gets its first answer"


def _said(report: str, **details: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "at": utc_now().isoformat(), "report": report, **details}


class Listener:
    """A program on the event stream that reconnects where it broke off."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.last_id = ""
        self.begins_at = ""
        """The position behind which it hears everything."""
        self.heard: list[str] = []
        self.connections = 0
        self.listening = asyncio.Event()
        """Set once the stream has said where it begins."""

    async def listen(self) -> None:
        """Until cancelled."""
        while True:
            with suppress(*_PASSING):
                await self._listen_until_it_breaks()
            await asyncio.sleep(0.1)

    async def _listen_until_it_breaks(self) -> None:
        headers = self._client.headers | ({"Last-Event-ID": self.last_id} if self.last_id else {})
        timeout = aiohttp.ClientTimeout(total=None, sock_read=20, sock_connect=2)
        async with self._client.session.get(
            self._client.url + "/v1/events", headers=headers, timeout=timeout
        ) as response:
            response.raise_for_status()
            self.connections += 1
            message: dict[str, str] = {}
            async for line in response.content:
                text = line.decode().rstrip("\r\n")
                if text:
                    name, _, value = text.partition(": ")
                    message[name] = value
                else:
                    self._take(message)
                    message = {}

    def _take(self, message: dict[str, str]) -> None:
        """Only a whole message counts: what broke off in the middle comes again."""
        if "data" in message:
            self.heard.append(message["id"])
        if "id" in message:
            self.last_id = message["id"]
            self.begins_at = self.begins_at or self.last_id
            self.listening.set()
