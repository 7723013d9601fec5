"""The dispatcher: HTTP in, JSON out."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import suppress
from functools import partial

import uvloop
from aiohttp import web

from services.dispatcher import keys
from services.dispatcher.access import Credentials
from services.dispatcher.contract import Route
from services.dispatcher.document import Document
from services.dispatcher.endpoint import Endpoint
from services.dispatcher.intake import Intake
from services.dispatcher.memory import give_large_blocks_back
from services.dispatcher.metrics import Metrics
from services.dispatcher.middleware import explain, observe, prepare
from services.dispatcher.openapi import build_openapi
from services.dispatcher.ratelimits import RateLimits
from services.dispatcher.routes import ROUTES
from services.dispatcher.stream import event_stream
from shared.log import configure_logging, get_logger
from shared.queue import Nudger
from shared.settings import Settings
from shared.store.connection import Pool, open_pool
from shared.store.outage import is_outage

_log = get_logger(__name__)
_RETRY_S = 1.0
# A list's longest filters and cursor fit one line even where each character takes twelve bytes of the URL.
_HTTP_LIMITS = {"access_log": None, "max_line_size": 64 * 1024, "max_field_size": 32 * 1024}


def create_app(settings: Settings, routes: Sequence[Route] = ROUTES) -> web.Application:
    """Everything the dispatcher is; it opens its connections when it starts and closes them when it stops."""
    app = web.Application(middlewares=[observe, explain], handler_args=_HTTP_LIMITS)
    app[keys.SETTINGS] = settings
    app[keys.CREDENTIALS] = Credentials()
    app[keys.RATE_LIMITS] = RateLimits(settings.requests_per_minute)
    app[keys.METRICS] = Metrics()
    app[keys.OPENAPI] = Document(partial(build_openapi, routes))
    app[keys.CLOSING] = asyncio.Event()
    app.cleanup_ctx.extend((_postgres, _nudger, event_stream, _intake))
    app.on_response_prepare.append(prepare)
    app.on_shutdown.append(_close_streams)
    places = _places(routes)
    for route in routes:
        app.router.add_route(route.method, _pattern(route.path, places), Endpoint(route).answer)
    return app


def _places(routes: Sequence[Route]) -> Mapping[tuple[str, ...], set[str]]:
    """What the paths say next, by what they said before."""
    places: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for route in routes:
        parts = tuple(route.path.split("/"))
        for place, part in enumerate(parts):
            places[parts[:place]].add(part)
    return places


def _pattern(path: str, places: Mapping[tuple[str, ...], set[str]]) -> str:
    """The path as the router takes it: a parameter is none of the words that other paths have in its place.

    So `PATCH /v1/tasks/batch` is no change of a task called "batch", and what it may be asked by is said right.
    """
    parts = tuple(path.split("/"))
    return "/".join(_part(part, places[parts[:place]] - {part}) for place, part in enumerate(parts))


def _part(part: str, beside: Collection[str]) -> str:
    if not part.startswith("{") or not beside:
        return part
    return f"{part[:-1]}:(?!(?:{'|'.join(sorted(beside))})(?:/|$))[^/]+}}"


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; then finish what has begun, for at most `drain_s` seconds."""
    give_large_blocks_back()
    configure_logging(settings, service="dispatcher")
    web.run_app(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        loop=uvloop.new_event_loop(),
        shutdown_timeout=settings.drain_s,
        access_log=None,
        print=lambda line: _log.info("serving", line=line.splitlines()[0]),
    )


async def _postgres(app: web.Application) -> AsyncIterator[None]:
    """The pool. It connects when first needed, so the process starts, and answers /healthz, while Postgres is away."""
    settings = app[keys.SETTINGS]
    pool = await open_pool(
        settings.postgres_url.get_secret_value(),
        min_size=0,
        max_size=settings.pool_max_size,
        application_name="doorstep-dispatcher",
        statement_timeout_s=settings.statement_timeout_s,
        keeps_nothing=True,
    )
    app[keys.POOL] = pool
    greeting = asyncio.create_task(_greet(pool))
    yield
    greeting.cancel()
    with suppress(asyncio.CancelledError):
        await greeting
    with suppress(TimeoutError):
        await asyncio.wait_for(pool.close(), settings.drain_s)
    pool.terminate()


async def _nudger(app: web.Application) -> AsyncIterator[None]:
    """What wakes the workers. It connects when first needed: without Redis everything but the waking goes on."""
    settings = app[keys.SETTINGS]
    nudger = Nudger(settings.redis_url.get_secret_value(), timeout_s=settings.nudge_timeout_s)
    app[keys.NUDGER] = nudger
    yield
    await nudger.close()


async def _intake(app: web.Application) -> AsyncIterator[None]:
    """Single tasks taken in together; what waits when the process stops is taken in first."""
    app[keys.INTAKE] = Intake(app[keys.POOL])
    yield
    await app[keys.INTAKE].drain(app[keys.SETTINGS].drain_s)


async def _greet(pool: Pool) -> None:
    """Say when Postgres is there; say so while it is not."""
    while True:
        try:
            await pool.execute("SELECT 1")
        except Exception as error:
            if not is_outage(error):
                raise
            _log.warning("waiting_for_postgres", error=type(error).__name__)
            await asyncio.sleep(_RETRY_S)
        else:
            _log.info("postgres_is_there")
            return


async def _close_streams(app: web.Application) -> None:
    app[keys.CLOSING].set()
