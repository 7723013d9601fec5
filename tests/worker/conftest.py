"""A worker in this process, on servers of its own choice."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest
from pydantic import SecretStr

from services.standalone.ports import free_port
from shared.settings import Settings

Eventually = Callable[[Callable[[], Awaitable[bool]], float], Awaitable[None]]


@pytest.fixture
def settings(database: str, redis_url: str) -> Settings:
    return Settings(postgres_url=SecretStr(database), redis_url=SecretStr(redis_url), drain_s=2)


@pytest.fixture
def without_redis(settings: Settings) -> Settings:
    """The same, with nobody listening where Redis should be."""
    return settings.model_copy(update={"redis_url": SecretStr(f"redis://127.0.0.1:{free_port()}/0")})


@pytest.fixture
def eventually() -> Eventually:
    """`await eventually(is_so, 3)`: wait until it is so; fail after so many seconds."""

    async def wait(is_so: Callable[[], Awaitable[bool]], limit_s: float) -> None:
        deadline = time.monotonic() + limit_s
        while not await is_so():
            assert time.monotonic() < deadline, f"not so within {limit_s} s"
            await asyncio.sleep(0.02)

    return wait
