"""What a handler is given: who asks, when, the database, and what to do once the answer stands."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

from aiohttp import hdrs, web
from multidict import CIMultiDict

from services.dispatcher import access, keys
from services.dispatcher.addresses import client_address, own_origin
from services.dispatcher.refusals import NotModified
from shared.domain.access import Actor
from shared.domain.errors import FieldError, NotFound, NotLoggedIn, WhichDistrict
from shared.settings import Settings
from shared.store.connection import Connection

REQUEST_ID = web.RequestKey("request_id", str)
ACTOR_ID = web.RequestKey("actor_id", str)
_WAIT_FOR_CONNECTION_S = 5


class Request:
    """One request. `raw` is aiohttp's own, for streams; `outgoing` are headers of the answer."""

    def __init__(self, raw: web.Request, now: datetime) -> None:
        self.raw = raw
        self.now = now
        self.settings: Settings = raw.app[keys.SETTINGS]
        self.outgoing: CIMultiDict[str] = CIMultiDict()
        self.nudged: set[UUID] = set()
        self.credentials_changed = False
        self.audited: list[tuple[str, UUID | None]] = []
        self.about_district: UUID | None = None
        self._actor: Actor | None = None
        self._conn: Connection | None = None

    @property
    def id(self) -> str:
        """The request id that the log, the problem document and the audit share."""
        return self.raw[REQUEST_ID]

    @property
    def actor(self) -> Actor:
        """Who asks. Raises NotLoggedIn on a public route."""
        if self._actor is None:
            raise NotLoggedIn
        return self._actor

    def log_in(self, actor: Actor) -> None:
        """Settle who asks."""
        self._actor = actor
        self.raw[ACTOR_ID] = str(actor.id)

    @property
    def address(self) -> str:
        """The client's address, behind trusted proxies its own."""
        return client_address(self.raw, self.settings)

    @property
    def origin(self) -> str:
        """Scheme, host and port of this site as the caller sees it."""
        return own_origin(self.raw, self.settings)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection, the same one for all that is nested in it. A stream gives it back before it waits."""
        if self._conn is not None:
            yield self._conn
            return
        pool = self.raw.app[keys.POOL]
        patience_s = None if pool.get_idle_size() else _WAIT_FOR_CONNECTION_S  # a timer costs more than an idle one
        async with pool.acquire(timeout=patience_s) as conn:
            self._conn = conn
            try:
                yield conn
            finally:
                self._conn = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection inside a transaction; a savepoint where one is open already."""
        async with self.connection() as conn, conn.transaction():
            yield conn

    @property
    def reach(self) -> list[UUID] | None:
        """The districts that the actor may use, for `WHERE ($1::uuid[] IS NULL OR district_id = ANY($1))`; None: every one."""
        return None if self.actor.reaches_everything else sorted(self.actor.districts)

    def may_use(self, district_id: UUID) -> bool:
        """Whether the actor may use that district. Where they may, it is the one that an audited read is booked under."""
        if not self.actor.reaches(district_id):
            return False
        self.about_district = district_id
        return True

    def check_district(self, district_id: UUID) -> None:
        """Raises NotFound, as if nothing were there, where the actor may not use that district."""
        if not self.may_use(district_id):
            raise NotFound

    async def district(self, given: UUID | str | None, *, where: str = "body") -> UUID:
        """The district meant by an id or a code in the body or `query`; where none is given, the actor's only one.

        Raises NotFound for one that is absent or foreign, WhichDistrict where none is given and there are several.
        """
        if not self.actor.reaches_everything:
            self.about_district = _district_named(given, self.actor.districts, where)
            return self.about_district
        credentials = self.raw.app[keys.CREDENTIALS]
        try:
            found = _district_named(
                given, await credentials.district_codes(self.connection, afresh=given is None), where
            )
        except NotFound:  # perhaps it is new
            found = _district_named(given, await credentials.district_codes(self.connection, afresh=True), where)
        self.about_district = found
        return found

    async def scope(self, given: UUID | str | None) -> list[UUID] | None:
        """The districts that a list covers: the one given (raises NotFound where foreign), else all that the actor may use."""
        return self.reach if given is None else [await self.district(given, where="query")]

    def nudge(self, district_id: UUID) -> None:
        """Wake that district's workers once everything here is committed."""
        self.nudged.add(district_id)

    def audit(self, target: object, district_id: UUID | None = None) -> None:
        """Book that personal data of `target` (an id) is read. On a route declared `audited` the path's id is booked anyway."""
        self.audited.append((str(target), district_id or self.about_district))

    def check_etag(self, version: object) -> None:
        """Name the version of what is answered. Raises NotModified where the caller has it already, under the name they know."""
        etag = f'"{version}"'
        self.outgoing[hdrs.ETAG] = etag
        for known in self.raw.headers.get(hdrs.IF_NONE_MATCH, "").split(","):
            tag = known.strip()
            if tag.removeprefix("W/") in (etag, "*"):
                self.outgoing[hdrs.ETAG] = etag if tag == "*" else tag
                raise NotModified

    def forget_credentials(self) -> None:
        """A token, account or member changed: once that is committed, ask the database anew who is who."""
        self.credentials_changed = True

    def keep_in_cookie(self, token: str, lifetime_s: int) -> None:
        """Hand the token to the browser for so many seconds; an empty one for 0 seconds takes it back."""
        secure = self.origin.startswith("https:")
        self.outgoing[hdrs.SET_COOKIE] = access.session_cookie(token, lifetime_s, secure=secure)


def _district_named(given: UUID | str | None, districts: Mapping[UUID, str], where: str) -> UUID:
    if given is None:
        if len(districts) != 1:
            raise WhichDistrict(errors=(FieldError(in_=where, loc="district", msg="Say which district."),))
        return next(iter(districts))
    for district_id, code in districts.items():
        if given in (district_id, str(district_id), code):
            return district_id
    raise NotFound(errors=(FieldError(in_=where, loc="district", msg="There is no such district."),))
