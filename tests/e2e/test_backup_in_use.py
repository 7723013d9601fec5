"""A system in use is backed up and restored on another machine: people, phones and listeners go on there as if nothing had been."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr

from services.commands.backup import backup, restore
from services.dispatcher.app import create_app
from services.standalone.ports import free_port
from services.standalone.postgres import EmbeddedPostgres
from services.worker.app import working
from shared.domain.clock import utc_now
from shared.domain.words import Permission
from shared.operations.accounts import create_account
from shared.operations.sessions import hash_secret
from shared.settings import Settings
from shared.store.connection import Connection, connect
from shared.store.migrate import migrate
from tests.calls import Caller, make_token
from tests.city import City, assert_consistent, make_city, post

ADMIN = {"name": "anna", "secret": "a long enough secret"}
AN_OLD_SERVER = "DO $$ BEGIN FOR i IN 1..5000 LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"
EVENTS_IN_ORDER = "SELECT tx || '-' || id AS id FROM events ORDER BY tx, id"
PLACED_WITHIN_S = HEARD_WITHIN_S = 60


@pytest.fixture
async def another_machine(server_folder: Path) -> AsyncIterator[EmbeddedPostgres]:
    """A server whose transaction numbers have just begun, with a freshly migrated database."""
    name = secrets.token_hex(4)
    server = EmbeddedPostgres(
        server_folder / name, port=free_port(), password=secrets.token_hex(32), log=server_folder / f"{name}.log"
    )
    await asyncio.to_thread(server.start)
    await migrate(server.url())
    yield server
    await asyncio.to_thread(server.stop)


@asynccontextmanager
async def dispatcher(url: str) -> AsyncIterator[Caller]:
    """A dispatcher on that database, and somebody without a token who calls it."""
    async with TestClient(TestServer(create_app(settings(url)))) as http:
        yield Caller(http)


def settings(url: str) -> Settings:
    """Without Redis: the sweep does its work."""
    return Settings(postgres_url=SecretStr(url), redis_url=SecretStr("redis://127.0.0.1:1/0"), drain_s=1)


async def give_out(url: str, conn: Connection) -> None:
    """Let a worker work until every task has a team."""
    deadline = time.monotonic() + PLACED_WITHIN_S
    async with working(settings(url)):
        while await conn.fetchval("SELECT count(*) FROM tasks WHERE team_id IS NULL"):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.05)


async def use(url: str, conn: Connection) -> City:
    """A morning's work: tasks with teams, an admin who may log in."""
    city = await make_city(conn)
    await post(conn, city, 20)
    await give_out(url, conn)
    await create_account(
        conn,
        name=ADMIN["name"],
        secret_hash=await hash_secret(ADMIN["secret"]),
        permission=Permission.ADMIN,
        districts=[],
        now=utc_now(),
    )
    return city


async def event_ids(conn: Connection) -> list[str]:
    return [row["id"] for row in await conn.fetch(EVENTS_IN_ORDER)]


async def listen(caller: Caller, after: str, count: int) -> list[str]:
    """The ids of the next `count` events behind that one."""
    headers = {"Authorization": f"Bearer {caller.token}", "Last-Event-ID": after}
    heard: list[str] = []
    async with (
        asyncio.timeout(HEARD_WITHIN_S),
        caller.http.get("/v1/events", headers=headers) as stream,
    ):
        said: dict[str, str] = {}
        while len(heard) < count:
            line = (await stream.content.readline()).decode().strip()
            if not line and "data" in said:
                heard.append(said["id"])
            if not line:
                said = {}
            else:
                name, _, value = line.partition(": ")
                said[name] = value
    return heard


async def test_people_phones_and_listeners_go_on_after_a_restore_on_another_machine(
    database: str, another_machine: EmbeddedPostgres, tmp_path: Path
) -> None:
    async with connect(database, application_name="test") as conn, dispatcher(database) as before:
        await conn.execute(AN_OLD_SERVER)
        city = await use(database, conn)
        session = (await before.post("/v1/sessions", ADMIN))["token"]
        phone = await make_token(conn, member_id=city.member_ids[0])
        route = await Caller(before.http, phone).get("/v1/me/route")
        assert route["stops"]
        old_events = await event_ids(conn)
        last_heard = old_events[len(old_events) // 2]
        await asyncio.to_thread(backup, database, tmp_path / "backup")

    url = another_machine.url()
    async with dispatcher(url) as after:
        await after.get("/readyz")  # it has connections open to what the restore replaces
        await asyncio.to_thread(restore, url, tmp_path / "backup")
        admin = Caller(after.http, session)
        assert (await admin.get("/v1/me"))["name"] == ADMIN["name"]
        assert await Caller(after.http, phone).get("/v1/me/route") == route
        await after.post("/v1/sessions", ADMIN)

        async with connect(url, application_name="test") as conn:
            assert await event_ids(conn) == old_events
            await post(conn, city, 5, seed=2)
            await give_out(url, conn)
            await assert_consistent(conn)
            new_events = [event for event in await event_ids(conn) if event not in set(old_events)]
        missed = old_events[old_events.index(last_heard) + 1 :]
        assert len(new_events) > 5
        assert await listen(admin, last_heard, len(missed) + len(new_events)) == missed + new_events
