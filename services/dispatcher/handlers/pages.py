"""The phone page and the console: built files, served as they are."""

from pathlib import Path
from typing import Annotated

from aiohttp import web
from pydantic import StringConstraints

from services.dispatcher.payloads.fields import Payload
from services.dispatcher.refusals import NoSuchRoute, PagesNotBuilt
from services.dispatcher.request import Request

_BUILT = Path(__file__).parent.parent / "web" / "dist"
_FOREVER = "public, max-age=31536000, immutable"  # a file under assets/ has its hash in its name
_ASK_FIRST = "no-cache"
_TYPES = {".webmanifest": "application/manifest+json", ".js": "text/javascript", ".svg": "image/svg+xml"}

FileName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}$")]


class PageFile(Payload):
    """A file of a page."""

    name: FileName


class MapSettings(Payload):
    """Where the pages' maps get pictures of streets from (`{z}`, `{x}`, `{y}` in the address); null: they draw only what Doorstep knows."""

    tiles_url: str | None
    tiles_attribution: str


async def get_map_settings(request: Request) -> MapSettings:
    """The tile server of the pages' maps."""
    settings = request.settings
    return MapSettings(tiles_url=settings.tiles_url, tiles_attribution=settings.tiles_attribution)


async def get_root(_request: Request) -> web.Response:
    """Whoever types the bare address gets to the console."""
    return web.Response(status=302, headers={"Location": "/console"})


async def get_phone(request: Request) -> web.FileResponse:
    """The page on a member's phone."""
    return _page("phone", request)


async def get_phone_file(request: Request, path: PageFile) -> web.FileResponse:
    """Its service worker, manifest or icon."""
    answer = _file("phone", path.name, _ASK_FIRST)
    if path.name == "sw.js":
        answer.headers["Service-Worker-Allowed"] = "/phone"  # the page itself lies above the script's folder
        answer.headers["Content-Security-Policy"] = _policy(request)
    return answer


async def get_phone_asset(_request: Request, path: PageFile) -> web.FileResponse:
    """A script, style or picture of it."""
    return _file("phone/assets", path.name, _FOREVER)


async def get_console(request: Request) -> web.FileResponse:
    """The page at a coordinator's desk."""
    return _page("console", request)


async def get_console_file(_request: Request, path: PageFile) -> web.FileResponse:
    """Its icon."""
    return _file("console", path.name, _ASK_FIRST)


async def get_console_asset(_request: Request, path: PageFile) -> web.FileResponse:
    """A script, style or picture of it."""
    return _file("console/assets", path.name, _FOREVER)


def _page(name: str, request: Request) -> web.FileResponse:
    if not (_BUILT / name / "index.html").is_file():
        raise PagesNotBuilt
    answer = _file(name, "index.html", _ASK_FIRST)
    answer.headers["Content-Security-Policy"] = _policy(request)
    return answer


def _file(folder: str, name: str, cached: str) -> web.FileResponse:
    path = _BUILT / folder / name
    if not path.is_file():
        raise NoSuchRoute
    headers = {"Cache-Control": cached}
    if content_type := _TYPES.get(path.suffix):
        headers["Content-Type"] = content_type
    return web.FileResponse(path, headers=headers)


def _policy(request: Request) -> str:
    """Scripts, styles and answers from here only; pictures also from the tile server that the settings name."""
    tiles = request.settings.tiles_origin
    pictures = " ".join(["'self'", "data:", "blob:", *([tiles] if tiles else [])])
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {pictures}; connect-src 'self'; "
        "manifest-src 'self'; worker-src 'self'; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
