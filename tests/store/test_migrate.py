import asyncio
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from shared.store.connection import connect
from shared.store.migrate import ChangedMigration, migrate, read_migrations


def write(folder: Path, name: str, sql: str) -> None:
    (folder / f"{name}.sql").write_text(sql)


async def applied(url: str) -> list[str]:
    async with connect(url, application_name="test") as conn:
        return [row["name"] for row in await conn.fetch("SELECT name FROM schema_migrations ORDER BY version")]


async def test_an_empty_database_gets_every_migration_and_a_second_run_does_nothing(empty_database: str) -> None:
    names = [migration.name for migration in read_migrations()]
    assert await migrate(empty_database) == names
    assert await migrate(empty_database) == []
    assert await applied(empty_database) == names


def test_migrations_are_numbered_without_gaps() -> None:
    versions = [migration.version for migration in read_migrations()]
    assert versions == list(range(1, len(versions) + 1))


async def test_four_processes_starting_at_once_all_succeed(empty_database: str) -> None:
    program = "import asyncio, sys; from shared.store.migrate import migrate; print(*asyncio.run(migrate(sys.argv[1])))"
    processes = [
        subprocess.Popen(  # noqa: ASYNC220 - they must start together; their end is awaited in a thread
            [sys.executable, "-c", program, empty_database], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    ends = [await asyncio.to_thread(process.communicate, timeout=60) for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0, 0], ends
    applied_by_each = [output.split() for output, _ in ends]
    assert sorted(map(len, applied_by_each)) == [0, 0, 0, len(read_migrations())]


async def test_a_migration_edited_after_it_was_applied_is_refused_by_name(empty_database: str, tmp_path: Path) -> None:
    write(tmp_path, "0001_doors", "CREATE TABLE doors (id int)")
    await migrate(empty_database, tmp_path)
    write(tmp_path, "0001_doors", "CREATE TABLE doors (id bigint)")
    write(tmp_path, "0002_bells", "CREATE TABLE bells (id int)")
    with pytest.raises(ChangedMigration, match="0001_doors"):
        await migrate(empty_database, tmp_path)
    assert await applied(empty_database) == ["0001_doors"]


async def test_a_schema_newer_than_this_release_is_left_alone(empty_database: str, tmp_path: Path) -> None:
    write(tmp_path, "0001_doors", "CREATE TABLE doors (id int)")
    write(tmp_path, "0002_bells", "CREATE TABLE bells (id int)")
    await migrate(empty_database, tmp_path)
    (tmp_path / "0002_bells.sql").unlink()
    assert await migrate(empty_database, tmp_path) == []
    assert await applied(empty_database) == ["0001_doors", "0002_bells"]


async def test_a_failing_migration_leaves_those_before_it_and_nothing_of_itself(
    empty_database: str, tmp_path: Path
) -> None:
    write(tmp_path, "0001_doors", "CREATE TABLE doors (id int)")
    write(tmp_path, "0002_bells", "CREATE TABLE bells (id int); SELECT 1 / 0")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(empty_database, tmp_path)
    assert await applied(empty_database) == ["0001_doors"]
    async with connect(empty_database, application_name="test") as conn:
        assert await conn.fetchval("SELECT to_regclass('bells')") is None


def test_two_migrations_of_one_number_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "0001_doors", "")
    write(tmp_path, "0001_bells", "")
    with pytest.raises(ValueError, match="share a number"):
        read_migrations(tmp_path)
