"""Whether the process lives, whether it can serve, and how much it served."""

import asyncio

from aiohttp import web

from services.dispatcher import keys
from services.dispatcher.payloads.health import Health, Readiness
from services.dispatcher.refusals import Unavailable
from services.dispatcher.request import Request

_PATIENCE_S = 2.0


async def get_healthz(_request: Request) -> Health:
    """Answers as long as the process lives, whatever else is away."""
    return Health(status="ok")


async def get_readyz(request: Request) -> Readiness:
    """Ready when Postgres answers. Without Redis the service is degraded: tasks wait for the sweep, none is lost."""
    try:
        async with asyncio.timeout(_PATIENCE_S), request.connection() as conn:
            await conn.execute("SELECT 1")
    except TimeoutError:
        raise Unavailable from None
    redis_is_there = await request.raw.app[keys.NUDGER].is_there()
    return Readiness(
        status="ok" if redis_is_there else "degraded", postgres="ok", redis="ok" if redis_is_there else "away"
    )


async def get_metrics(request: Request) -> web.Response:
    """Counts and times in the Prometheus text format."""
    return web.Response(
        body=request.raw.app[keys.METRICS].text(),
        headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
    )
