"""The OpenAPI document as it is sent."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import orjson


class Document:
    """Written when it is first asked for: that takes as long as all else at the start."""

    def __init__(self, build: Callable[[], Mapping[str, Any]]) -> None:
        self._build = build
        self._written: bytes | None = None

    async def read(self) -> bytes:
        if self._written is None:
            self._written = await asyncio.to_thread(lambda: orjson.dumps(self._build()))
        return self._written
