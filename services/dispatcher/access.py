"""From what a request carries to who asks: a bearer token for programs, a cookie for pages, never both."""

import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from uuid import UUID

from aiohttp import hdrs, web

from services.dispatcher.addresses import own_origin
from services.dispatcher.refusals import CrossOrigin, TwoCredentials, WrongContentType
from shared.domain.access import Actor
from shared.domain.errors import NotLoggedIn
from shared.domain.secrets import hash_token
from shared.settings import Settings
from shared.store import accounts, tokens
from shared.store.connection import Connection

COOKIE = "doorstep_session"
_SAFE = frozenset({hdrs.METH_GET, hdrs.METH_HEAD, hdrs.METH_OPTIONS})
# What a form can send to any site; every other content type makes the browser ask this site first, and it never agrees.
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"})
_REMEMBERED_S = 1.0
_REMEMBERED_TOKENS = 10_000

Connect = Callable[[], AbstractAsyncContextManager[Connection]]


class Credentials:
    """Who is behind a token, remembered for a second: a revocation elsewhere takes at most that long, one here no time."""

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[float, Actor]] = {}
        self._generation = 0
        self._districts: tuple[float, dict[UUID, str]] = (0.0, {})

    async def actor(self, token: str, connect: Connect, now: datetime) -> Actor:
        """The actor behind a token. Raises NotLoggedIn where it is unknown, expired, revoked or its owner inactive."""
        digest = hash_token(token)
        known = self._known.get(digest)
        if known is not None and known[0] > time.monotonic() and known[1].expires_at > now:
            return known[1]
        generation = self._generation
        async with connect() as conn:
            actor = await tokens.select_actor(conn, digest, now)
        if actor is None:
            self._known.pop(digest, None)
            raise NotLoggedIn
        if generation == self._generation:
            if len(self._known) >= _REMEMBERED_TOKENS:
                self._known.clear()
            self._known[digest] = (time.monotonic() + _REMEMBERED_S, actor)
        return actor

    async def district_codes(self, connect: Connect, *, afresh: bool) -> dict[UUID, str]:
        """id → code of every district, for admins, who may use them all; remembered for a second unless asked for `afresh`."""
        if afresh or self._districts[0] <= time.monotonic():
            async with connect() as conn:
                self._districts = (time.monotonic() + _REMEMBERED_S, await accounts.select_district_codes(conn))
        return self._districts[1]

    def forget(self) -> None:
        """Ask the database anew for everybody: a token was revoked or an account changed."""
        self._generation += 1
        self._known.clear()


def token_of(raw: web.Request, settings: Settings) -> str:
    """The token that the request carries.

    Raises NotLoggedIn where there is none, TwoCredentials where header and cookie both have one, and CrossOrigin or
    WrongContentType where a change comes with the cookie but not as this site's own pages send it.
    """
    header = raw.headers.get(hdrs.AUTHORIZATION)
    cookie = raw.cookies.get(COOKIE)
    if header is not None and cookie is not None:
        raise TwoCredentials
    if header is not None:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise NotLoggedIn
        return token.strip()
    if cookie is None:
        raise NotLoggedIn
    check_same_origin(raw, settings)
    return cookie


def check_same_origin(raw: web.Request, settings: Settings) -> None:
    """A change that a cookie authorises comes from this site's pages, and not as a form of another site could send it.

    Raises CrossOrigin, WrongContentType.
    """
    if raw.method in _SAFE:
        return
    if raw.headers.get(hdrs.ORIGIN) != own_origin(raw, settings):
        raise CrossOrigin
    if raw.can_read_body and raw.content_type in _FORMS:
        raise WrongContentType("application/json")


def session_cookie(token: str, lifetime_s: int, *, secure: bool) -> str:
    """The value of the Set-Cookie header that keeps a token in a browser, unseen by scripts; a lifetime of 0 removes it."""
    parts = [f"{COOKIE}={token}", "Path=/", f"Max-Age={lifetime_s}", "HttpOnly", "SameSite=Strict"]
    return "; ".join([*parts, "Secure"] if secure else parts)
