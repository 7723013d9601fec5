"""`doorstep import` against a dispatcher that serves."""

import asyncio
import csv
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.commands.importer import CannotRead, SomeRejected, run_import
from services.errors import CommandError
from shared.store.connection import Connection
from tests.city import City, make_city

HEADER = "kind,ref,household_address,household_lat,household_lon,subject_phone\n"
Import = Callable[..., Awaitable[None]]


@pytest.fixture
async def city(conn: Connection) -> City:
    return await make_city(conn, teams=1)


@pytest.fixture
async def district_id(city: City) -> UUID:
    """The fixtures' callers belong to a district with kinds."""
    return city.district_id


@pytest.fixture
def import_file(coordinator: Any, http: Any, monkeypatch: pytest.MonkeyPatch) -> Import:
    monkeypatch.setenv("DOORSTEP_TOKEN", coordinator.token)
    url = str(http.make_url("/"))

    async def run(file: Path, encoding: str = "utf-8") -> None:
        await asyncio.to_thread(run_import, file, district=None, url=url, encoding=encoding)

    return run


def rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.reader(opened))


async def test_a_table_larger_than_a_batch_is_imported_and_may_be_imported_again(
    import_file: Import, tmp_path: Path, conn: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "tasks.csv"
    file.write_text(HEADER + "".join(f"notice,r{i},Lane {i},31.22,121.46,\n" for i in range(2500)))
    await import_file(file)
    assert await conn.fetchval("SELECT count(*) FROM tasks") == 2500
    await import_file(file)
    assert "0 created, 2500 repeated, 0 rejected" in capsys.readouterr().out
    assert not (tmp_path / "tasks.rejected.csv").exists()


async def test_rejected_rows_are_written_beside_and_may_be_mended_and_imported(
    import_file: Import, tmp_path: Path, conn: Connection
) -> None:
    file = tmp_path / "tasks.csv"
    good = "notice,r{},Lane,31.22,121.46,+86 139\n"
    file.write_text(HEADER + good.format(1) + "\n" + "juggling,r2,=Lane,31.22,121.46,+86 138\n" + good.format(3))
    with pytest.raises(SomeRejected):
        await import_file(file)
    beside = tmp_path / "tasks.rejected.csv"
    header, row = rows(beside)
    assert header[-1] == "problem"
    assert row == ["juggling", "r2", "'=Lane", "31.22", "121.46", "'+86 138", "kind: There is no such kind."]
    beside.write_text(beside.read_text(encoding="utf-8-sig").replace("juggling", "notice"), encoding="utf-8-sig")
    await import_file(beside)
    assert await conn.fetchval("SELECT address FROM households WHERE address LIKE '=%'") == "=Lane"
    assert await conn.fetchval("SELECT count(*) FROM subjects WHERE phone = '+86 138'") == 1
    assert await conn.fetchval("SELECT count(*) FROM tasks") == 3


async def test_a_file_of_another_encoding_is_refused_unless_said(
    import_file: Import, tmp_path: Path, conn: Connection
) -> None:
    file = tmp_path / "tasks.csv"
    file.write_bytes((HEADER + "notice,r1,长寿路,31.22,121.46,\n").encode("gb18030"))
    with pytest.raises(CannotRead):
        await import_file(file)
    await import_file(file, encoding="gb18030")
    assert await conn.fetchval("SELECT address FROM households") == "长寿路"


async def test_a_table_that_the_api_refuses_says_why(import_file: Import, tmp_path: Path) -> None:
    file = tmp_path / "tasks.csv"
    file.write_text("kind;ref\nnotice;r1\n")
    with pytest.raises(CommandError, match="not separated by commas"):
        await import_file(file)
