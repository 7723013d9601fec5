"""Bring a database to this release's schema: numbered SQL files, each in a transaction of its own.

Any number of processes may start at once: they queue on a blocking advisory lock and the first one does the work.
Versions newer than this release's are left alone, so that an old process runs beside a newer schema.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from shared.store.connection import Connection, connect

MIGRATIONS = Path(__file__).with_name("migrations")

# Any constant works, as long as every release takes the same one.
_LOCK_KEY = 0x646F6F7273746570

_CREATE_TABLE = """
    CREATE TABLE IF NOT EXISTS schema_migrations (
        version integer PRIMARY KEY,
        name text NOT NULL,
        checksum text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
    )
"""


class ChangedMigration(Exception):
    """A migration that this database has already applied was edited since."""


@dataclass(frozen=True, kw_only=True)
class Migration:
    """One file `NNNN_name.sql`."""

    version: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read_migrations(folder: Path = MIGRATIONS) -> list[Migration]:
    """The folder's migrations in order. Raises ValueError when two share a number or a name has none."""
    migrations = [
        Migration(version=int(path.name[:4]), name=path.stem, sql=path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.sql"))
    ]
    versions = [migration.version for migration in migrations]
    if len(set(versions)) != len(versions):
        raise ValueError(f"two migrations share a number: {sorted(versions)}")
    return migrations


async def migrate(url: str, folder: Path = MIGRATIONS) -> list[str]:
    """Apply what is missing and return its names, in order; then settle the event clock.

    Raises ChangedMigration when an applied file was edited, `asyncpg.PostgresError` when one fails (it is rolled back,
    those before it stay).
    """
    async with connect(url, application_name="doorstep-migrate", statement_timeout_s=0) as conn:
        await conn.execute("SELECT pg_advisory_lock($1)", _LOCK_KEY)  # until the connection closes
        await conn.execute(_CREATE_TABLE)
        applied = await _apply_missing(conn, read_migrations(folder))
        await _settle_event_clock(conn)
        return applied


async def _apply_missing(conn: Connection, migrations: list[Migration]) -> list[str]:
    rows = await conn.fetch("SELECT version, checksum FROM schema_migrations")
    checksums = {row["version"]: row["checksum"] for row in rows}
    changed = [m.name for m in migrations if checksums.get(m.version, m.checksum) != m.checksum]
    if changed:
        raise ChangedMigration(f"edited after this database applied it: {', '.join(changed)}; add a new file instead")
    missing = [m for m in migrations if m.version not in checksums]
    for migration in missing:
        async with conn.transaction():
            await conn.execute(migration.sql)
            await conn.execute(
                "INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)",
                migration.version,
                migration.name,
                migration.checksum,
            )
    return [migration.name for migration in missing]


async def _settle_event_clock(conn: Connection) -> None:
    """A restored dump lies on a server whose transaction numbers began again; events must stay ahead of the old ones."""
    if await conn.fetchval("SELECT to_regprocedure('doorstep_settle_event_clock()') IS NOT NULL"):
        await conn.execute("SELECT doorstep_settle_event_clock()")
