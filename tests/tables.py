"""What the tables hold, to see that nothing was written."""

from shared.store.connection import Connection


async def everything(conn: Connection) -> dict[str, tuple[int, int]]:
    """Of each table how many rows there are and who wrote last."""
    names = await conn.fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
    parts = [
        f"SELECT '{row['name']}' AS name, count(*) AS rows, max(xmin::text::bigint) AS last FROM {row['name']}"
        for row in names
    ]
    return {row["name"]: (row["rows"], row["last"]) for row in await conn.fetch(" UNION ALL ".join(parts))}
