"""What happens around every request: an id, one log line, counts, security headers, and errors turned into problems."""

import os
import re
import time

import orjson
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from services.dispatcher import keys
from services.dispatcher.problems import MEDIA_TYPE, problem_headers, problem_of
from services.dispatcher.refusals import Broken, NoSuchRoute, Refused, Unavailable, WrongMethod
from services.dispatcher.request import ACTOR_ID, REQUEST_ID
from shared.domain.errors import DomainError
from shared.log import describe, get_logger
from shared.store.outage import is_outage

_log = get_logger(__name__)
_CLIENT_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset(hdrs.METH_ALL)
REQUEST_ID_HEADER = "X-Request-ID"
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked every few seconds: logged at `debug` only."""

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self)",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    hdrs.CACHE_CONTROL: "no-store",
}


@web.middleware
async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request its id; log and count it by route template, without anything of its path, query or body."""
    given = request.headers.get(REQUEST_ID_HEADER, "")
    request[REQUEST_ID] = given if _CLIENT_ID.fullmatch(given) else os.urandom(12).hex()
    metrics = request.app[keys.METRICS]
    route = _template(request)
    began = time.perf_counter()
    status = 499  # the client went away before there was an answer
    with metrics.in_flight.track_inprogress():
        try:
            response = await handler(request)
            status = response.status
            return response
        finally:
            seconds = time.perf_counter() - began
            method = request.method if request.method in _METHODS else "OTHER"
            metrics.count(method, route, status, seconds)
            say = _log.debug if route in PROBES else _log.info
            say(
                "request",
                method=method,
                route=route,
                status=status,
                ms=round(seconds * 1000, 1),
                request_id=request[REQUEST_ID],
                actor_id=request.get(ACTOR_ID),
            )


@web.middleware
async def explain(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever goes wrong into a problem document; the unknown is logged and opaque."""
    try:
        return await handler(request)
    except DomainError as error:
        return _problem(request, error)
    except web.HTTPNotFound:
        return _problem(request, NoSuchRoute())
    except web.HTTPMethodNotAllowed as error:
        return _problem(request, WrongMethod(error.allowed_methods))
    except web.HTTPException as error:
        return _problem(request, Refused(error.status)) if error.status >= 400 else error
    except Exception as error:  # noqa: BLE001  (the last resort: whatever it is, the caller gets a problem document)
        if is_outage(error):
            _log.warning("database_unavailable", error=type(error).__name__, request_id=request[REQUEST_ID])
            return _problem(request, Unavailable())
        _log.error("request_broke", route=_template(request), request_id=request[REQUEST_ID], **describe(error))
        return _problem(request, Broken())


async def prepare(raw: web.Request, response: web.StreamResponse) -> None:
    """Add the headers that every answer has, streams included."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers[hdrs.SERVER] = "doorstep"
    if (request_id := raw.get(REQUEST_ID)) is not None:
        response.headers[REQUEST_ID_HEADER] = request_id


def _problem(raw: web.Request, error: DomainError) -> web.Response:
    problem = problem_of(error, request_id=raw[REQUEST_ID])
    return web.Response(
        status=problem.status,
        headers=problem_headers(error),
        body=orjson.dumps(problem.model_dump(mode="json")),
        content_type=MEDIA_TYPE,
    )


def _template(raw: web.Request) -> str:
    resource = raw.match_info.route.resource
    return resource.canonical if resource is not None else "unmatched"
