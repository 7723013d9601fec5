"""The API as programs meet it: JSON over HTTP, tried again until it answers."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import aiohttp
import orjson

from services.errors import CommandError

_ATTEMPT_S = 15.0
_PAUSES_S = (0.05, 0.2, 0.5, 1.0)
_PATIENCE_S = 90.0


class ApiAway(CommandError):
    """The API does not answer."""


class ApiRefused(CommandError):
    """The API refused a request; the message is its problem document."""

    def __init__(self, status: int, problem: Any, what: str) -> None:
        self.status = status
        self.problem = problem
        super().__init__(f"{what} was answered {status}: {problem}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    body: Any
    etag: str | None = None


class Api:
    """Requests of one credential. A request is sent again on a broken connection, a 5xx or a 429, with the same words and key, so that
    a service killed meanwhile costs time only."""

    def __init__(self, session: aiohttp.ClientSession, url: str, token: str | None = None) -> None:
        self._session = session
        self._url = url.rstrip("/")
        self._token = token
        self.repeats = 0
        """How often something had to be sent again."""

    def with_token(self, token: str) -> "Api":
        return Api(self._session, self._url, token)

    async def get(self, path: str, **query: Any) -> Any:
        """The body of a GET."""
        return (await self.send("GET", path, query=query)).body

    async def post(self, path: str, body: Any, *, key: str | None = None) -> Any:
        """The body of a POST sent under an Idempotency-Key."""
        return (await self.send("POST", path, body, headers={"Idempotency-Key": key or str(uuid4())})).body

    async def put(self, path: str, body: Any, **query: Any) -> Any:
        return (await self.send("PUT", path, body, query=query)).body

    async def patch(self, path: str, body: Any) -> Any:
        return (await self.send("PATCH", path, body)).body

    async def pages(self, path: str, **query: Any) -> AsyncIterator[dict[str, Any]]:
        """Every item of a list, page by page."""
        cursor: str | None = None
        while True:
            page = await self.get(path, **query, **({"cursor": cursor} if cursor else {}))
            for item in page["items"]:
                yield item
            cursor = page["next_cursor"]
            if cursor is None:
                return

    async def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """One request, as often as it needs. A body of bytes goes as it is, with the Content-Type in `headers`; others as JSON.

        Raises ApiRefused on a 4xx, ApiAway when nothing answers for a minute and a half.
        """
        deadline = time.monotonic() + _PATIENCE_S
        attempt = 0
        while True:
            try:
                answer, pause = await self._once(method, path, body, query or {}, headers or {})
                if answer is not None:
                    return answer
                trouble = "it is overloaded or broken"
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                trouble, pause = repr(error), None
            if time.monotonic() > deadline:
                raise ApiAway(f"{self._url} does not answer {method} {path}: {trouble}")
            self.repeats += 1
            await asyncio.sleep(pause or _PAUSES_S[min(attempt, len(_PAUSES_S) - 1)])
            attempt += 1

    async def events(self, path: str, on_event: Callable[[], None]) -> None:
        """Listen to a stream of server-sent events until cancelled, reconnecting; `on_event` is called for each."""
        last_id = ""
        while True:
            try:
                headers = self._headers(
                    {"Accept": "text/event-stream"} | ({"Last-Event-ID": last_id} if last_id else {})
                )
                timeout = aiohttp.ClientTimeout(total=None, sock_read=60)
                async with self._session.get(self._url + path, headers=headers, timeout=timeout) as response:
                    if response.status >= 400:
                        await asyncio.sleep(_PAUSES_S[-1])
                        continue
                    async for line in response.content:
                        if line.startswith(b"id:"):
                            last_id = line[3:].decode().strip()
                        elif line.startswith(b"data:"):
                            on_event()
            except (aiohttp.ClientError, TimeoutError, OSError):
                await asyncio.sleep(_PAUSES_S[1])

    async def _once(
        self, method: str, path: str, body: Any, query: dict[str, Any], headers: dict[str, str]
    ) -> tuple[Answer | None, float | None]:
        """The answer; or None and how long the server asks us to wait, where another try may help."""
        content = body if body is None or isinstance(body, bytes) else orjson.dumps(body)
        if content is not None and not isinstance(body, bytes):
            headers = {"Content-Type": "application/json", **headers}
        async with self._session.request(
            method,
            self._url + path,
            data=content,
            params={name: str(value) for name, value in query.items()},
            headers=self._headers(headers),
            timeout=aiohttp.ClientTimeout(total=_ATTEMPT_S),
        ) as response:
            raw = await response.read()
            problem_or_body = orjson.loads(raw) if raw and "json" in response.content_type else None
            if response.status >= 500 or response.status == 429 or _is_in_flight(response.status, problem_or_body):
                return None, float(response.headers.get("Retry-After", 0)) or None
            if response.status >= 400:
                raise ApiRefused(response.status, problem_or_body, f"{method} {path}")
            return Answer(status=response.status, body=problem_or_body, etag=response.headers.get("ETag")), None

    def _headers(self, headers: dict[str, str]) -> dict[str, str]:
        return headers | ({"Authorization": f"Bearer {self._token}"} if self._token else {})


def _is_in_flight(status: int, problem: Any) -> bool:
    return status == 409 and isinstance(problem, dict) and problem.get("code") == "still_in_flight"
