"""The one table of routes: everything the dispatcher answers, and who may ask."""

from services.dispatcher.contract import PUBLIC, Route
from services.dispatcher.handlers import docs, health
from services.dispatcher.refusals import Unavailable

ROUTES: tuple[Route, ...] = (
    Route(
        "GET", "/healthz", health.get_healthz, allow=PUBLIC, summary="Does the process live", tag="ops", limited=False
    ),
    Route(
        "GET",
        "/readyz",
        health.get_readyz,
        allow=PUBLIC,
        summary="Can it serve",
        tag="ops",
        limited=False,
        errors=(Unavailable,),
    ),
    Route(
        "GET",
        "/metrics",
        health.get_metrics,
        allow=PUBLIC,
        summary="Counts for Prometheus",
        tag="ops",
        limited=False,
        produces="text/plain",
    ),
    Route(
        "GET",
        "/openapi.json",
        docs.get_openapi,
        allow=PUBLIC,
        summary="This document",
        tag="ops",
        limited=False,
        hidden=True,
    ),
)
