"""The API's description, for programs and for people; all files are local."""

from importlib.resources import files
from pathlib import Path
from typing import Literal

from aiohttp import web

from services.dispatcher import keys
from services.dispatcher.payloads.fields import Payload
from services.dispatcher.request import Request

_OWN = Path(__file__).parent.parent / "web" / "docs"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class DocsFile(Payload):
    """A file of the page at /docs."""

    name: Literal["docs.js", "swagger-ui.css", "swagger-ui-bundle.js"]


async def get_openapi(request: Request) -> web.Response:
    """The OpenAPI 3.1 document of everything here."""
    return web.Response(body=await request.raw.app[keys.OPENAPI].read(), content_type="application/json")


async def get_docs(_request: Request) -> web.FileResponse:
    """The page on which people read and try the API."""
    return web.FileResponse(_OWN / "docs.html", headers={"Content-Security-Policy": _POLICY})


async def get_docs_file(_request: Request, path: DocsFile) -> web.FileResponse:
    """A script or style of that page."""
    folder = _OWN if path.name == "docs.js" else _swagger_ui()
    return web.FileResponse(folder / path.name, headers={"Cache-Control": "no-cache"})


def _swagger_ui() -> Path:
    """The folder of Swagger UI; its name ends in the version."""
    vendor = Path(str(files("swagger_ui_bundle"))) / "vendor"
    return next(vendor.glob("swagger-ui-*"))
