"""A worker in this process, on servers of its own choice."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest
from pydantic import SecretStr

from shared.settings import Settings

Eventually = Callable[[Callable[[], Awaitable[bool]]], Awaitable[None]]
LIMIT_S = 60
"""Nothing is as slow as this, on a busy machine either. What must not wait is shown by what stands still meanwhile, not by seconds."""


@pytest.fixture
def settings(database: str, redis_url: str) -> Settings:
    return Settings(postgres_url=SecretStr(database), redis_url=SecretStr(redis_url), drain_s=2)


@pytest.fixture
def without_redis(settings: Settings) -> Settings:
    """The same, with nobody listening where Redis should be, now or later: port 1 is given to no server."""
    return settings.model_copy(update={"redis_url": SecretStr("redis://127.0.0.1:1/0")})


@pytest.fixture
def eventually() -> Eventually:
    """`await eventually(is_so)`: wait until it is so; fail where that does not come."""

    async def wait(is_so: Callable[[], Awaitable[bool]]) -> None:
        deadline = time.monotonic() + LIMIT_S
        while not await is_so():
            assert time.monotonic() < deadline, f"not so within {LIMIT_S} s"
            await asyncio.sleep(0.02)

    return wait
