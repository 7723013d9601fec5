"""`doorstep account`, as an operator types it."""

import asyncio
import os
import subprocess
import sys
from datetime import timedelta

import pytest

from shared.domain.clock import utc_now
from shared.domain.ids import new_id
from shared.domain.secrets import hash_token
from shared.operations.sessions import verify_secret
from shared.store import accounts, tokens
from shared.store.connection import Connection


@pytest.fixture
def account(database: str) -> "Account":
    return Account(database)


class Account:
    """Runs the command against a database."""

    def __init__(self, database: str) -> None:
        self._env = {**os.environ, "DOORSTEP_POSTGRES_URL": database}

    async def run(self, *arguments: str, typed: str = "", expect: int = 0) -> str:
        """What it printed."""
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "services.cli", "account", *arguments],
            env=self._env,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == expect, done.stdout + done.stderr
        return done.stdout + done.stderr


async def test_the_first_admin_comes_from_the_command_line(account: Account, conn: Connection) -> None:
    secret = (await account.run("create", "ops", "--permission", "admin")).split()[-1]
    login = await accounts.select_login(conn, "ops")
    assert login is not None
    assert await verify_secret(login["secret_hash"], secret)


async def test_an_account_reaches_the_districts_it_was_given(account: Account, conn: Connection) -> None:
    await conn.execute(
        "INSERT INTO districts (id, code, name, time_zone) VALUES ($1, 'harbour', 'Harbour', 'UTC')", new_id()
    )
    await account.run("create", "desk", "--permission", "coordinator", "--district", "harbour")
    assert await account.run("list") == "desk\tcoordinator\tharbour\n"


async def test_a_district_that_does_not_exist_or_a_name_in_use_is_refused_in_one_line(account: Account) -> None:
    said = await account.run("create", "desk", "--permission", "coordinator", "--district", "nowhere", expect=1)
    assert said == "doorstep: There is no district nowhere.\n"
    await account.run("create", "desk", "--permission", "auditor")
    said = await account.run("create", "desk", "--permission", "auditor", expect=1)
    assert said.startswith("doorstep: ")
    assert said.count("\n") == 1


async def test_a_token_lets_a_program_in(account: Account, conn: Connection) -> None:
    await account.run("create", "importer", "--permission", "integration")
    token = (await account.run("token", "importer", "--days", "2")).strip()
    actor = await tokens.select_actor(conn, hash_token(token), utc_now())
    assert actor is not None
    assert actor.name == "importer"
    assert actor.expires_at < utc_now() + timedelta(days=3)


async def test_a_new_secret_replaces_the_old_one(account: Account, conn: Connection) -> None:
    old = (await account.run("create", "ops", "--permission", "admin")).split()[-1]
    new = (await account.run("password", "ops")).split()[-1]
    login = await accounts.select_login(conn, "ops")
    assert login is not None
    assert await verify_secret(login["secret_hash"], new)
    assert not await verify_secret(login["secret_hash"], old)
    said = await account.run("password", "nobody", expect=1)
    assert said == "doorstep: There is no account nobody.\n"
