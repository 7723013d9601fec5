"""What the application carries, each under a typed key."""

import asyncio

from aiohttp import web

from services.dispatcher.access import Credentials
from services.dispatcher.document import Document
from services.dispatcher.intake import Intake
from services.dispatcher.metrics import Metrics
from services.dispatcher.ratelimits import RateLimits
from shared.queue import Nudger
from shared.settings import Settings
from shared.store.connection import Pool

SETTINGS = web.AppKey("settings", Settings)
POOL = web.AppKey("pool", Pool)
CREDENTIALS = web.AppKey("credentials", Credentials)
RATE_LIMITS = web.AppKey("rate_limits", RateLimits)
INTAKE = web.AppKey("intake", Intake)
METRICS = web.AppKey("metrics", Metrics)
OPENAPI = web.AppKey("openapi", Document)
NUDGER = web.AppKey("nudger", Nudger)
CLOSING = web.AppKey("closing", asyncio.Event)
"""Set when the process stops: streams end."""
