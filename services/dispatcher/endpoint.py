"""One request from its bytes to its answer: who, may they, with what, then the handler."""

import time
from typing import Any
from uuid import UUID

from aiohttp import hdrs, web
from pydantic import TypeAdapter

from services.dispatcher import access, idempotency, keys
from services.dispatcher.answers import Created, NoContent, Reply
from services.dispatcher.compression import compress
from services.dispatcher.contract import JSON, WRITES, Route, signature_of
from services.dispatcher.parsing import arguments, read_body
from services.dispatcher.refusals import NotModified, TooManyRequests
from services.dispatcher.request import Request
from shared.domain.access import Actor
from shared.domain.clock import utc_now
from shared.domain.errors import NotAllowed
from shared.domain.ids import new_id
from shared.store import audit


class Endpoint:
    """A route with its handler's signature read once."""

    def __init__(self, route: Route) -> None:
        self.route = route
        self.signature = signature_of(route.handler)

    async def answer(self, raw: web.Request) -> web.StreamResponse:
        """Answer one request. Raises DomainError; the middleware makes it a problem document."""
        request = Request(raw, utc_now())
        await self._admit(request)
        content = await self._content(request)
        given = arguments(raw, self.route, self.signature, content)
        try:
            result = await self._once_or_again(request, content, given)
        except NotModified:
            return web.Response(status=304, headers={**request.outgoing, hdrs.VARY: hdrs.ACCEPT_ENCODING})
        finally:
            _tell(request)
        response = _response(result)
        if isinstance(response, web.Response) and not self.route.secret:
            await compress(raw, response)
        return response

    async def _once_or_again(
        self, request: Request, content: bytes, given: dict[str, Any]
    ) -> Reply | web.StreamResponse:
        """What the handler answers; under an Idempotency-Key what it answered first."""
        key = request.raw.headers.get(idempotency.HEADER) if self.route.repeatable else None
        if key is None:
            return await self._perform(request, given)
        return await idempotency.answer_once(request, self.route, key, content, self._perform, given)

    async def _admit(self, request: Request) -> None:
        """Find out who asks. Raises NotLoggedIn, NotAllowed, TooManyRequests and what `access.token_of` raises."""
        route = self.route
        if route.allow is None:
            self._count(request, request.address)
            return
        token = access.token_of(request.raw, request.settings)
        actor: Actor = await request.raw.app[keys.CREDENTIALS].actor(token, request.connection, request.now)
        request.log_in(actor)
        self._count(request, str(actor.token_id))
        if actor.permission not in route.allow:
            raise NotAllowed

    def _count(self, request: Request, asker: str) -> None:
        if not self.route.limited:
            return
        retry_after_s = request.raw.app[keys.RATE_LIMITS].take(asker, time.monotonic())
        if retry_after_s:
            raise TooManyRequests(retry_after_s)

    async def _content(self, request: Request) -> bytes:
        if self.route.method not in WRITES:
            return b""
        settings = request.settings
        return await read_body(
            request.raw, settings.batch_limit_bytes if self.route.batch else settings.body_limit_bytes
        )

    async def _perform(self, request: Request, given: dict[str, Any]) -> Reply | web.StreamResponse:
        """Call the handler, book the read, shape the answer."""
        result = await self.route.handler(request, **given)
        if self.route.audited or request.audited:
            await _book(request, self.route)
        if isinstance(result, web.StreamResponse):
            return result
        headers = {"Content-Type": JSON, **{str(name): value for name, value in request.outgoing.items()}}
        if isinstance(result, NoContent):
            del headers["Content-Type"]
            return Reply(204, headers, b"")
        if isinstance(result, Created):
            headers["Location"] = result.location
            return Reply(201, headers, _json(self.signature.answers[201], result.item))
        return Reply(200, headers, _json(self.signature.answers[200], result))


def _json(adapter: TypeAdapter[Any] | None, value: Any) -> bytes:
    if adapter is None:
        raise TypeError("this answer has no body")
    return adapter.dump_json(value)


def _response(reply: Reply | web.StreamResponse) -> web.StreamResponse:
    if isinstance(reply, web.StreamResponse):
        return reply
    return web.Response(status=reply.status, headers=reply.headers, body=reply.body)


def _tell(request: Request) -> None:
    """After the commit: wake the workers, and ask anew who is who."""
    if request.credentials_changed:
        request.raw.app[keys.CREDENTIALS].forget()
    for district_id in request.nudged:
        request.raw.app[keys.NUDGER].nudge(district_id)


async def _book(request: Request, route: Route) -> None:
    """One audit row for each thing read; where no district was settled, one for each district that the actor reads in."""
    actor = request.actor
    reads = request.audited or [(request.raw.match_info.get("id", ""), request.about_district)]
    async with request.connection() as conn:
        for target, district_id in reads:
            districts: list[UUID | None] = [district_id] if district_id else [*actor.districts] or [None]
            for booked_under in districts:
                await audit.insert_audit(
                    conn,
                    new_id(),
                    at=request.now,
                    district_id=booked_under,
                    account_id=actor.account_id,
                    member_id=actor.member_id,
                    action=f"{route.method} {route.path}",
                    target=target,
                    request_id=request.id,
                )
