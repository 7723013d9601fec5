"""JSON answers made smaller for those who can read them so: five thousand tasks are a third of a megabyte instead of three."""

import asyncio
import gzip
import re

from aiohttp import hdrs, web

_LEAST = 1024
"""Shorter answers fit one packet anyway."""
_LARGE = 64 * 1024
"""From here on a thread does it: 10 ms for 3 MB."""
_LEVEL = 1
"""5,000 tasks: 2.6 MB become 310 kB in 10 ms; level 6 saves another tenth in three times the time."""
_JSON = re.compile(r"application/([a-z.-]+\+)?json")
_WEIGHT = re.compile(r";\s*q=(0(\.0{0,3})?)\s*$", re.IGNORECASE)


async def compress(raw: web.Request, response: web.Response) -> None:
    """Gzip a JSON answer worth it, where the asker takes it. Caches are told that it depends on `Accept-Encoding`.

    The ETag of what is compressed is a weak one: the same content, other bytes.
    Not for answers with a fresh secret: secrets were guessed from how long an answer became that repeats what somebody else sent, too
    (BREACH, 2013).
    """
    if not _JSON.fullmatch(response.content_type):
        return
    response.headers[hdrs.VARY] = hdrs.ACCEPT_ENCODING
    body = response.body
    if not isinstance(body, bytes) or len(body) < _LEAST or not takes_gzip(raw.headers.get(hdrs.ACCEPT_ENCODING, "")):
        return
    response.body = await asyncio.to_thread(_gzip, body) if len(body) >= _LARGE else _gzip(body)
    response.headers[hdrs.CONTENT_ENCODING] = "gzip"
    etag = response.headers.get(hdrs.ETAG, "")
    if etag.startswith('"'):
        response.headers[hdrs.ETAG] = f"W/{etag}"


def takes_gzip(accept_encoding: str) -> bool:
    """Whether that header (RFC 9110, section 12.5.3) allows gzip: by its name, else by `*`, and not with weight 0."""
    allowed: dict[str, bool] = {}
    for part in accept_encoding.split(","):
        name = part.partition(";")[0].strip().lower()
        allowed[name] = _WEIGHT.search(part) is None
    return allowed.get("gzip", allowed.get("x-gzip", allowed.get("*", False)))


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, _LEVEL, mtime=0)
