"""Writes that may be sent again: the first answer is kept in the write's own transaction and given again."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from services.dispatcher.answers import Reply
from services.dispatcher.contract import Route
from services.dispatcher.request import Request
from shared.domain.errors import BodyDiffers, FieldError, Invalid, StillInFlight
from shared.store import idempotency_keys as store

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
LONGEST = 200

Perform = Callable[[Request, dict[str, Any]], Awaitable[Reply | web.StreamResponse]]


async def answer_once(
    request: Request, route: Route, key: str, content: bytes, perform: Perform, given: dict[str, Any]
) -> Reply:
    """The first answer to this key of this actor on this route; performed now where there was none.

    Only successes are kept: a refusal wrote nothing, so the mended request may use the same key.
    Raises Invalid for a key that is empty, too long or not printable ASCII, StillInFlight, BodyDiffers.
    """
    if not (0 < len(key) <= LONGEST and key.isascii() and key.isprintable()):
        wrong = FieldError(in_="header", loc=HEADER, msg=f"Use 1 to {LONGEST} printable ASCII characters.")
        raise Invalid(errors=(wrong,))
    scope = f"{request.actor.id} {route.method} {route.path}"
    digest = _fingerprint(request.raw, content)
    async with request.transaction() as conn:
        if not await store.lock_key(conn, scope, key):
            raise StillInFlight
        kept = await store.select_answer(conn, scope, key)
        if kept is not None:
            if kept["body_hash"] != digest:
                raise BodyDiffers
            return Reply(kept["status"], {**kept["headers"], REPLAYED: "true"}, kept["body"])
        reply = await perform(request, given)
        if isinstance(reply, web.StreamResponse):
            raise TypeError(f"{route.path} streams and cannot be repeated")
        await store.insert_answer(
            conn,
            scope=scope,
            key=key,
            body_hash=digest,
            status=reply.status,
            headers=reply.headers,
            body=reply.body,
            created_at=request.now,
        )
        return reply


def _fingerprint(raw: web.Request, content: bytes) -> bytes:
    digest = hashlib.sha256(raw.rel_url.raw_path_qs.encode())
    digest.update(f"\x00{raw.content_type}\x00".encode())
    digest.update(content)
    return digest.digest()
