"""A worker's two pages: `/healthz`, which its container asks for, and `/metrics`."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from services.worker.metrics import Metrics
from services.worker.sweeps import Sweeps

SILENT_LIMIT_S = 30.0
"""A worker whose sweep has not come round for this long hangs. Servers that are away do not stop the sweep."""


@asynccontextmanager
async def pages(host: str, port: int, sweeps: Sweeps, metrics: Metrics) -> AsyncIterator[int]:
    """Answer on `port` (0: a free one) while inside; yields the port. Raises OSError when it is taken."""

    async def get_healthz(_: web.Request) -> web.Response:
        alive = time.monotonic() - sweeps.beat_at < SILENT_LIMIT_S
        return web.json_response({"status": "ok" if alive else "hangs"}, status=200 if alive else 503)

    async def get_metrics(_: web.Request) -> web.Response:
        return web.Response(body=metrics.text(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    app = web.Application()
    app.add_routes([web.get("/healthz", get_healthz), web.get("/metrics", get_metrics)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
