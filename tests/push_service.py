"""A push service on this machine: it checks who signed (RFC 8292), decrypts (RFC 8291) and answers as it is told."""

import asyncio
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import http_ece
import jwt
import orjson
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shared.domain.clock import utc_now
from shared.domain.ids import new_id
from shared.domain.secrets import hash_token
from shared.operations import push
from shared.operations.push_keys import as_text
from shared.store.connection import Connection
from tests.calls import make_token

AUTH = b"sixteen octets!!"
HANG = 0
"""In place of a status: the answer never comes."""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """One message: what stood in it, and what came with it."""

    said: Any
    headers: dict[str, str]
    claims: dict[str, Any]
    signed_with: str


@dataclass(kw_only=True)
class Browser:
    """A browser with a subscription. It answers `answers` one after the other, then 201; `knocks` counts every try."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    answers: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    heard: list[Heard] = field(default_factory=list)
    knocks: int = 0

    @property
    def p256dh(self) -> str:
        return as_text(self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    @property
    def body(self) -> dict[str, str]:
        """What its page says to the dispatcher."""
        return {"endpoint": self.endpoint, "p256dh": self.p256dh, "auth": as_text(AUTH)}


class PushService:
    """Where browsers are reached."""

    def __init__(self) -> None:
        self.port = 0
        self._browsers: dict[str, Browser] = {}

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def browser(self, *answers: int, **headers: str) -> Browser:
        """A browser that subscribes here and answers so at first."""
        name = new_id().hex
        made = Browser(endpoint=f"http://{self.host}/send/{name}", answers=list(answers), headers=headers)
        self._browsers[name] = made
        return made

    async def take(self, request: web.Request) -> web.Response:
        """Raises what says that a message is none: a bad signature, a key or body that does not fit."""
        browser = self._browsers[request.match_info["name"]]
        browser.knocks += 1
        status = browser.answers.pop(0) if browser.answers else 201
        if status == HANG:
            await asyncio.sleep(3600)
        if status == 201:
            browser.heard.append(read(await request.read(), dict(request.headers), browser.key, self.host))
        return web.Response(status=status, headers=browser.headers)


def read(body: bytes, headers: dict[str, str], key: ec.EllipticCurvePrivateKey, host: str) -> Heard:
    """Check the signature and decrypt."""
    scheme, _, said = headers["Authorization"].partition(" ")
    assert scheme == "vapid"
    parts = dict(part.split("=", 1) for part in said.split(","))
    point = urlsafe_b64decode(parts["k"] + "=" * (-len(parts["k"]) % 4))
    signer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    claims = jwt.decode(parts["t"], signer, algorithms=["ES256"], audience=f"http://{host}")
    assert 0 < claims["exp"] - utc_now().timestamp() <= 24 * 3600
    return Heard(said=orjson.loads(decrypt(body, key)), headers=headers, claims=claims, signed_with=parts["k"])


def decrypt(body: bytes, key: ec.EllipticCurvePrivateKey, auth: bytes = AUTH) -> bytes:
    content: bytes = http_ece.decrypt(body, private_key=key, auth_secret=auth, version="aes128gcm")
    return content


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    """One on a free port while inside."""
    service = PushService()
    app = web.Application()
    app.add_routes([web.post("/send/{name}", service.take)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        service.port = runner.addresses[0][1]
        yield service
    finally:
        await runner.cleanup()


async def subscribe(conn: Connection, member_id: UUID, browser: Browser, *, hosts: Sequence[str] | None = None) -> UUID:
    """Log a member in on that browser and have it woken; the session's token id."""
    token = await make_token(conn, member_id=member_id)
    token_id: UUID = await conn.fetchval("SELECT id FROM tokens WHERE hash = $1", hash_token(token))
    allowed = hosts or (browser.endpoint.split("/")[2],)
    await push.subscribe(conn, token_id, **browser.body, allowed_hosts=allowed, now=utc_now())
    return token_id
