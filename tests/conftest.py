"""Real servers for every test, and a database of its own made from a migrated template."""

import asyncio
import itertools
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from services.standalone import ports
from services.standalone.ports import free_port
from services.standalone.postgres import EmbeddedPostgres
from services.standalone.valkey import EmbeddedValkey
from shared.store.connection import Connection, Pool, connect, open_pool
from shared.store.migrate import migrate

_MEMORY = Path("/dev/shm")  # noqa: S108 - only a folder of its own is made there
_MEMORY_NEEDED = 4 << 30
_MOST_PROCESSES = 4
_TOGETHER = ("tests/web/", "tests/e2e/")
_numbers = itertools.count(1)

settings.register_profile("busy", deadline=None)  # the machine may be busy with other tests
if "CI" not in os.environ:  # there hypothesis loads a profile of its own: the same examples every time
    settings.load_profile("busy")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the minutes-long versions of the fault tests too")


def pytest_configure(config: pytest.Config) -> None:
    """Each process draws ports from a part of its own: between the choice and the server another might choose the same."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    ports.FOR_SERVERS = ports.FOR_SERVERS[number % _MOST_PROCESSES :: _MOST_PROCESSES]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        return
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="minutes long; run with --long"))


class ByFile(LoadScopeScheduling):
    """Where tests run side by side: those of the pages share one process and its browser, those of whole systems begin early because the
    longest are among them, the others go file by file."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((folder for folder in _TOGETHER if file.startswith(folder)), file)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One more than processors: tests of whole systems wait as much as they work. Each takes a gigabyte or two."""
    return min((os.cpu_count() or 1) + 1, _MOST_PROCESSES)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    return ByFile(config, log)


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A folder of this run that an unprivileged server may enter; gone afterwards. In memory where there is plenty: a database for every
    test is made six times as fast there (12 ms instead of 72)."""
    in_memory = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free >= _MEMORY_NEEDED
    where = _MEMORY if in_memory else None
    with tempfile.TemporaryDirectory(prefix="doorstep-tests-", dir=where, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.fixture(scope="session")
def postgres(server_folder: Path) -> Iterator[EmbeddedPostgres]:
    """The run's Postgres. It forgets everything in a crash, so a test that kills a server starts one of its own."""
    server = EmbeddedPostgres(
        server_folder / "postgres",
        port=free_port(),
        password=secrets.token_hex(32),
        log=server_folder / "postgres.log",
        options={
            "fsync": "off",
            "full_page_writes": "off",
            "synchronous_commit": "off",
            "max_wal_size": "1GB",
            "wal_level": "minimal",
            "max_wal_senders": "0",
        },
    )
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def valkey(server_folder: Path) -> Iterator[EmbeddedValkey]:
    """The run's Valkey; see `redis_url` for an empty one per test."""
    server = EmbeddedValkey(
        server_folder / "valkey", port=free_port(), password=secrets.token_hex(32), log=server_folder / "valkey.log"
    )
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def template(postgres: EmbeddedPostgres) -> str:
    """The name of a migrated database that nobody connects to."""
    postgres.run_client("createdb", "template_migrated")
    asyncio.run(migrate(postgres.url("template_migrated")))
    return "template_migrated"


@pytest.fixture
async def empty_database(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """URL of a database of this test alone with nothing in it."""
    async with _own_database(postgres, "template0") as url:
        yield url


@pytest.fixture
async def database(postgres: EmbeddedPostgres, template: str) -> AsyncIterator[str]:
    """URL of a migrated database of this test alone."""
    async with _own_database(postgres, template) as url:
        yield url


@pytest.fixture
async def pool(database: str) -> AsyncIterator[Pool]:
    """A pool on `database`, as the services open it."""
    opened = await open_pool(database, min_size=1, max_size=10, application_name="test")
    yield opened
    opened.terminate()


@pytest.fixture
async def conn(database: str) -> AsyncIterator[Connection]:
    """A connection to `database`, in no transaction."""
    async with connect(database, application_name="test") as opened:
        yield opened


@pytest.fixture
def redis_url(valkey: EmbeddedValkey) -> str:
    """URL of the run's Valkey, empty at the start of this test."""
    valkey.command("FLUSHALL")
    return valkey.url()


@asynccontextmanager
async def _own_database(postgres: EmbeddedPostgres, template: str) -> AsyncIterator[str]:
    name = f"test_{next(_numbers)}"
    async with connect(postgres.url("postgres"), application_name="test") as admin:
        # Copying files takes a third of the time of writing them through the log.
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    yield postgres.url(name)
    async with connect(postgres.url("postgres"), application_name="test") as admin:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
