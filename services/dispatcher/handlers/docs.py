"""The API's description."""

import orjson
from aiohttp import web

from services.dispatcher import keys
from services.dispatcher.request import Request


async def get_openapi(request: Request) -> web.Response:
    """The OpenAPI 3.1 document of everything here."""
    document = orjson.dumps(request.raw.app[keys.OPENAPI])
    return web.Response(body=document, content_type="application/json")
