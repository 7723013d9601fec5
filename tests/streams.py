"""A listener to server-sent events, as a browser's EventSource hears them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import orjson
from aiohttp import ClientResponse

from tests.calls import Caller


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One message."""

    id: str
    name: str
    data: Any


class Ear:
    """An open stream. `last_id` is what a client sends as `Last-Event-ID` when it comes back."""

    def __init__(self, response: ClientResponse) -> None:
        self.response = response
        self.last_id = ""
        self.comments = 0

    async def hear(self) -> Heard | None:
        """The next message; None at the end of the stream."""
        name, data = "message", ""
        while line := await self.response.content.readline():
            field, _, value = line.decode().rstrip("\r\n").partition(": ")
            if field == "id":
                self.last_id = value
            elif field == "event":
                name = value
            elif field == "data":
                data += value
            elif field == "" and value:
                self.comments += 1
            elif field == "" and data:
                return Heard(id=self.last_id, name=name, data=orjson.loads(data))
        return None

    async def opened(self) -> None:
        """Until the stream has said where it begins."""
        while not self.last_id:
            line = await self.response.content.readline()
            assert line, "the stream ended at once"
            field, _, value = line.decode().rstrip("\r\n").partition(": ")
            if field == "id":
                self.last_id = value


@asynccontextmanager
async def listening(caller: Caller, path: str = "/v1/events", *, after: str | None = None) -> AsyncIterator[Ear]:
    headers = {"Authorization": f"Bearer {caller.token}", **({"Last-Event-ID": after} if after else {})}
    async with caller.http.get(path, headers=headers) as response:
        assert response.status == 200, await response.text()
        assert response.content_type == "text/event-stream"
        ear = Ear(response)
        await ear.opened()
        yield ear
