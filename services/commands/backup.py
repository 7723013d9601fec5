"""`doorstep backup` and `doorstep restore`: the whole database in one file of pg_dump's custom format.

The file holds everything, personal data and password hashes too; it is made readable by its owner only. Redis holds nothing
worth keeping.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

import asyncpg

from services.errors import CommandError
from services.standalone.binaries import postgres_program
from shared.store.connection import Connection, connect
from shared.store.migrate import migrate

STANDARD_STREAM = Path("-")

# What a freshly migrated system has none of; kinds are seeded.
_TABLES_OF_USE = ("districts", "accounts", "tasks", "events")


class NotEmpty(CommandError):
    """The database is in use: restore only into an empty one (`doorstep up --empty`, or a new database)."""


class DumpFailed(CommandError):
    """pg_dump or pg_restore gave up."""


def backup(url: str, file: Path) -> None:
    """Write a consistent copy of the running system's database into the file (`-`: standard output).

    The file appears whole or not at all. Raises DumpFailed.
    """
    dump = ["pg_dump", "--format=custom", "--no-owner", "--no-privileges"]
    if file == STANDARD_STREAM:
        _run(dump, url, stdout=sys.stdout.buffer)
        return
    partial = file.with_name(f"{file.name}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as output:
            _run(dump, url, stdout=output)
            os.fsync(output.fileno())
        partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


def restore(url: str, file: Path) -> list[str]:
    """Fill an empty or freshly migrated database from the file (`-`: standard input), migrated to this release.

    The file is restored into a database beside it, which then takes its name: all of it lands, or nothing. Services may be
    running; their connections are cut and they connect again. The user must be allowed to create databases. Returns the
    migrations applied. Raises NotEmpty, DumpFailed.
    """
    if file == STANDARD_STREAM:
        return asyncio.run(_restore(url, sys.stdin.buffer))
    if not file.is_file():
        raise CommandError(f"There is no file {file}.")
    with file.open("rb") as source:
        return asyncio.run(_restore(url, source))


async def _restore(url: str, source: IO[bytes]) -> list[str]:
    name = unquote(urlsplit(url).path.lstrip("/"))
    beside = f"{name}_restoring"
    await _refuse_unless_empty(url)
    async with connect(
        _with_database(url, "postgres"), application_name="doorstep-restore", statement_timeout_s=0
    ) as admin:
        await admin.execute(f"DROP DATABASE IF EXISTS {_quoted(beside)}")
        await admin.execute(f"CREATE DATABASE {_quoted(beside)}")
        try:
            options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "--dbname", beside]
            await asyncio.to_thread(_run, ["pg_restore", *options], url, stdin=source)
            applied = await migrate(_with_database(url, beside))
            await _refuse_unless_empty(url)
            await _take_name(admin, name, beside)
        finally:
            await admin.execute(f"DROP DATABASE IF EXISTS {_quoted(beside)} WITH (FORCE)")
    return applied


async def _refuse_unless_empty(url: str) -> None:
    async with connect(url, application_name="doorstep-restore") as conn:
        for table in _TABLES_OF_USE:
            known = await conn.fetchval("SELECT to_regclass($1) IS NOT NULL", table)
            if known and await conn.fetchval(f"SELECT EXISTS (SELECT FROM {table})"):  # noqa: S608 - our constant
                raise NotEmpty


async def _take_name(admin: Connection, name: str, beside: str) -> None:
    """Let the two databases swap names while nobody is connected to either."""
    await admin.execute(f"ALTER DATABASE {_quoted(name)} ALLOW_CONNECTIONS false")
    await admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ($1, $2)", name, beside
    )
    old = f"{name}_before_restore"
    try:
        async with admin.transaction():
            await admin.execute(f"ALTER DATABASE {_quoted(name)} RENAME TO {_quoted(old)}")
            await admin.execute(f"ALTER DATABASE {_quoted(beside)} RENAME TO {_quoted(name)}")
    except asyncpg.PostgresError:
        await admin.execute(f"ALTER DATABASE {_quoted(name)} ALLOW_CONNECTIONS true")
        raise
    await admin.execute(f"DROP DATABASE {_quoted(old)} WITH (FORCE)")


def _with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(name)}"))


def _quoted(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'


def _run(command: Sequence[str], url: str, *, stdin: IO[bytes] | None = None, stdout: IO[bytes] | None = None) -> None:
    program, *arguments = command
    done = subprocess.run(
        [str(postgres_program(program)), *arguments],
        env={**os.environ, **_environment(url)},
        stdin=stdin if stdin is not None else subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=False,
        check=False,
    )
    if done.returncode:
        raise DumpFailed(done.stderr.decode(errors="replace").strip())


def _environment(url: str) -> dict[str, str]:
    """The URL for libpq, by environment: everybody may read a command line, and this has a password."""
    parts = urlsplit(url)
    named = {
        "PGHOST": parts.hostname,
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
    }
    options = {
        f"PG{name.upper()}": value for name, value in parse_qsl(parts.query) if name in {"sslmode", "sslrootcert"}
    }
    return {name: value for name, value in (named | options).items() if value}
