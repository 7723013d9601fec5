"""What a bare aiohttp handler costs that does one asyncpg insert of a row like a task's: the yardstick of `POST /v1/tasks`."""

import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import uvloop
from aiohttp import web

# The columns and the primary key of `tasks`; none of its checks, references or other indexes.
CREATE = "CREATE TABLE bare_rows (LIKE tasks INCLUDING DEFAULTS); ALTER TABLE bare_rows ADD PRIMARY KEY (id)"
_INSERT = """
    INSERT INTO bare_rows (id, district_id, ref, body_hash, kind_id, household_id, subject_id, grid_id, channel, lat, lon,
                         earliest, due_at, priority, roles, service_s, waiting_reason, plan_at, max_attempts)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'visit', $9, $10, $11, $12, 3, '{doctor}', 180, 'being_planned', $11, 3)
"""
PGBENCH = """
INSERT INTO bare_rows (id, district_id, ref, body_hash, kind_id, household_id, subject_id, grid_id, channel, lat, lon,
                     earliest, due_at, priority, roles, service_s, waiting_reason, plan_at, max_attempts)
VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid()::text, '\\x0123456789abcdef0123456789abcdef'::bytea,
        gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'visit', 43.73, 7.42,
        now(), now() + interval '6 hours', 3, '{doctor}', 180, 'being_planned', now(), 3);
"""
_POOL = web.AppKey("pool", asyncpg.Pool)


async def post_row(request: web.Request) -> web.Response:
    """Insert one row and answer with its id."""
    body = await request.json()
    household = body.get("household", {})
    task_id, now = uuid4(), datetime.now(UTC)
    await request.app[_POOL].execute(
        _INSERT,
        task_id,
        uuid4(),
        body["ref"],
        task_id.bytes,
        uuid4(),
        uuid4(),
        uuid4(),
        uuid4(),
        household.get("lat"),
        household.get("lon"),
        now,
        now + timedelta(hours=6),
    )
    return web.json_response({"id": str(task_id)}, status=201)


async def _pool(app: web.Application, url: str) -> AsyncIterator[None]:
    async with asyncpg.create_pool(url, min_size=16, max_size=16) as pool:
        app[_POOL] = pool
        yield


def main(url: str, port: int) -> None:
    """Serve until SIGTERM, on the same event loop as the dispatcher."""
    app = web.Application()
    app.cleanup_ctx.append(lambda app: _pool(app, url))
    app.router.add_post("/rows", post_row)
    web.run_app(app, host="127.0.0.1", port=port, loop=uvloop.new_event_loop(), access_log=None, print=None)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
