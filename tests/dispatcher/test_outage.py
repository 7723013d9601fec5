"""Postgres goes away and comes back; the dispatcher stays."""

import asyncio
import secrets
import time
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from services.dispatcher.app import create_app
from services.standalone.ports import free_port
from services.standalone.postgres import EmbeddedPostgres
from shared.domain.words import Permission
from shared.settings import Settings
from shared.store.connection import connect
from shared.store.migrate import migrate
from tests.calls import Caller, make_actor, make_district

BACK_WITHIN_S = 30


@pytest.fixture
def own_postgres(server_folder: Path) -> EmbeddedPostgres:
    """A server of this test alone, not started yet."""
    name = secrets.token_hex(4)
    return EmbeddedPostgres(
        server_folder / name, port=free_port(), password=secrets.token_hex(32), log=server_folder / f"{name}.log"
    )


async def test_the_dispatcher_starts_without_postgres_and_serves_through_its_restart(
    own_postgres: EmbeddedPostgres,
) -> None:
    settings = Settings(
        postgres_url=SecretStr(own_postgres.url()), redis_url=SecretStr("redis://127.0.0.1:1/0"), drain_s=1
    )
    async with TestClient(TestServer(create_app(settings))) as http:
        anyone = Caller(http)
        await anyone.get("/healthz")
        await anyone.get("/readyz", expect=503)
        await asyncio.to_thread(own_postgres.start)
        try:
            await migrate(own_postgres.url())
            async with connect(own_postgres.url(), application_name="test") as conn:
                coordinator = await make_actor(conn, Permission.COORDINATOR, (await make_district(conn, "centre"),))
            caller = Caller(http, coordinator)
            await caller.get("/v1/audit", expect=403)
            await anyone.get("/readyz")

            await asyncio.to_thread(own_postgres.stop)
            answer = await anyone.send("POST", "/v1/sessions", {"name": "li", "secret": "x"}, expect=503)
            assert answer.json["code"] == "unavailable"
            assert answer.headers["Retry-After"] == "1"
            await anyone.get("/readyz", expect=503)
            await anyone.get("/healthz")

            await asyncio.to_thread(own_postgres.start)
            began = time.monotonic()
            while (await anyone.send("POST", "/v1/sessions", {"name": "li", "secret": "x"})).status != 401:
                assert time.monotonic() - began < BACK_WITHIN_S
                await asyncio.sleep(0.05)
        finally:
            await asyncio.to_thread(own_postgres.stop)
