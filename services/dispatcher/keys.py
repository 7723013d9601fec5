"""What the application carries, each under a typed key."""

import asyncio
from typing import Any, Protocol
from uuid import UUID

from aiohttp import web

from services.dispatcher.access import Credentials
from services.dispatcher.metrics import Metrics
from services.dispatcher.ratelimits import RateLimits
from shared.settings import Settings
from shared.store.connection import Pool


class Nudges(Protocol):
    """Wakes the workers of a district, soon and without promise."""

    def nudge(self, district_id: UUID) -> None: ...

    async def is_there(self) -> bool: ...


SETTINGS = web.AppKey("settings", Settings)
POOL = web.AppKey("pool", Pool)
CREDENTIALS = web.AppKey("credentials", Credentials)
RATE_LIMITS = web.AppKey("rate_limits", RateLimits)
METRICS = web.AppKey("metrics", Metrics)
OPENAPI = web.AppKey("openapi", dict[str, Any])
NUDGER = web.AppKey("nudger", Nudges)
CLOSING = web.AppKey("closing", asyncio.Event)
"""Set when the process stops: streams end."""
