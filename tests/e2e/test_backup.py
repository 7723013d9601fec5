import asyncio
from pathlib import Path

import pytest

from services.commands.backup import DumpFailed, NotEmpty, backup, restore
from shared.domain.ids import new_id
from shared.store.connection import Connection, Pool, connect
from shared.store.migrate import migrate


async def contents(url: str) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    async with connect(url, application_name="test") as conn:
        tables = await conn.fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
        return {
            table["name"]: sorted(row[0] for row in await conn.fetch(f"SELECT t::text FROM {table['name']} t"))
            for table in tables
        }


async def add_event(conn: Connection) -> int:
    """One more event of any district; its place in the stream."""
    tx: int = await conn.fetchval(
        "INSERT INTO events (district_id, at, name) SELECT id, now(), 'task.created' FROM districts LIMIT 1 RETURNING tx"
    )
    return tx


async def fill(conn: Connection) -> None:
    await conn.execute(
        "INSERT INTO districts (id, code, name, time_zone) VALUES ($1, 'moat', '护城河 Moat', 'Asia/Shanghai')",
        new_id(),
    )
    await conn.execute(
        "INSERT INTO accounts (id, name, secret_hash, permission) VALUES ($1, 'anna', 'hash', 'admin')", new_id()
    )
    await add_event(conn)


async def test_a_restored_system_holds_every_row_of_the_one_backed_up(
    database: str, empty_database: str, tmp_path: Path
) -> None:
    async with connect(database, application_name="test") as conn:
        await fill(conn)
    await asyncio.to_thread(backup, database, tmp_path / "backup")
    await asyncio.to_thread(restore, empty_database, tmp_path / "backup")
    assert await contents(empty_database) == await contents(database)


async def test_only_its_owner_may_read_a_backup(database: str, tmp_path: Path) -> None:
    await asyncio.to_thread(backup, database, tmp_path / "backup")
    assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["backup"]


async def test_a_freshly_migrated_system_with_open_connections_can_be_restored_into(
    pool: Pool, database: str, empty_database: str, tmp_path: Path
) -> None:
    await migrate(empty_database)
    async with connect(empty_database, application_name="test") as conn:
        await fill(conn)
    await asyncio.to_thread(backup, empty_database, tmp_path / "backup")
    assert await pool.fetchval("SELECT count(*) FROM districts") == 0
    await asyncio.to_thread(restore, database, tmp_path / "backup")
    assert await pool.fetchval("SELECT name FROM districts") == "护城河 Moat"


async def test_events_after_a_restore_come_behind_those_before_it(
    database: str, empty_database: str, tmp_path: Path
) -> None:
    async with connect(database, application_name="test") as conn:
        await fill(conn)
        far_ahead: int = await conn.fetchval("UPDATE events SET tx = tx + 1000000 RETURNING tx")
    await asyncio.to_thread(backup, database, tmp_path / "backup")
    await asyncio.to_thread(restore, empty_database, tmp_path / "backup")
    async with connect(empty_database, application_name="test") as conn:
        assert await add_event(conn) > far_ahead


async def test_a_system_in_use_is_never_restored_over(database: str, tmp_path: Path) -> None:
    async with connect(database, application_name="test") as conn:
        await fill(conn)
    await asyncio.to_thread(backup, database, tmp_path / "backup")
    before = await contents(database)
    with pytest.raises(NotEmpty):
        await asyncio.to_thread(restore, database, tmp_path / "backup")
    assert await contents(database) == before


@pytest.mark.parametrize("share", [0.0, 0.5])
async def test_a_damaged_backup_leaves_the_system_as_it_was(
    database: str, empty_database: str, tmp_path: Path, share: float
) -> None:
    async with connect(database, application_name="test") as conn:
        await fill(conn)
    await asyncio.to_thread(backup, database, tmp_path / "backup")
    whole = (tmp_path / "backup").read_bytes()
    (tmp_path / "damaged").write_bytes(whole[: int(len(whole) * share)])
    await migrate(empty_database)
    before = await contents(empty_database)
    with pytest.raises(DumpFailed):
        await asyncio.to_thread(restore, empty_database, tmp_path / "damaged")
    assert await contents(empty_database) == before
