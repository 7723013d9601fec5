"""One message to one phone's push service: encrypted for the phone (RFC 8291), signed with our key (RFC 8292), sent (RFC 8030)."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from http import HTTPStatus
from urllib.parse import urlsplit

import aiohttp
from py_vapid import Vapid02
from pywebpush import WebPusher

from shared.domain.wake_up import MESSAGES
from shared.domain.words import WakeUp
from shared.operations.push_keys import PushKey, as_text
from shared.store.connection import Record

SEND_LIMIT_S = 10.0
_CONNECT_LIMIT_S = 4.0
_SIGNED_FOR_S = 12 * 3600
"""RFC 8292 allows a day; clocks of others may be wrong by some hours."""
_TOPIC = "urgent"
"""A push service keeps only the newest message of a topic for a phone that is off."""
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_TRY_AGAIN = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


class Fate(Enum):
    """What became of sending a message once."""

    SENT = auto()
    GONE = auto()  # the phone is not reached there any more
    REFUSED = auto()  # and would be refused again
    FAILED = auto()  # may go well later


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """`code`: the status, or the class of what went wrong. `retry_after_s`: what the push service asked for."""

    fate: Fate
    code: str
    retry_after_s: float = 0


@asynccontextmanager
async def open_push_services(most_at_once: int) -> AsyncIterator[aiohttp.ClientSession]:
    """Connections to push services: nothing is remembered, no proxy of the environment is used, none may be slow."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=most_at_once),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=SEND_LIMIT_S, sock_connect=_CONNECT_LIMIT_S),
    ) as http:
        yield http


async def send(http: aiohttp.ClientSession, message: Record, key: PushKey, contact: str, now: datetime) -> Sent:
    """Send a claimed message. No redirect is followed: it could lead to where no phone may point. Answers are not read."""
    headers, body = await asyncio.to_thread(_letter, message, key, contact, now)
    try:
        async with http.post(message["endpoint"], data=body, headers=headers, allow_redirects=False) as response:
            return _sent(response.status, response.headers, now)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return Sent(fate=Fate.FAILED, code=type(error).__name__)


def _letter(message: Record, key: PushKey, contact: str, now: datetime) -> tuple[dict[str, str], bytes]:
    endpoint = urlsplit(message["endpoint"])
    claims = {
        "aud": f"{endpoint.scheme}://{endpoint.netloc}",
        "exp": int(time.time()) + _SIGNED_FOR_S,
        "sub": contact,
    }
    # Its own check of `sub` refuses web addresses with a port or path.
    signed = Vapid02(private_key=key.private, conf={"no-strict": True}).sign(claims)
    keys = {"p256dh": as_text(message["p256dh"]), "auth": as_text(message["auth"])}
    said = MESSAGES[WakeUp(message["what"])]
    body: bytes = WebPusher({"endpoint": message["endpoint"], "keys": keys}).encode(said)["body"]
    headers = {
        **signed,
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(max(0, int((message["expires_at"] - now).total_seconds()))),
        "Urgency": "high",
        "Topic": _TOPIC,
    }
    return headers, body


def _sent(status: int, headers: Mapping[str, str], now: datetime) -> Sent:
    code = str(status)
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Sent(fate=Fate.SENT, code=code)
    if status in _GONE:
        return Sent(fate=Fate.GONE, code=code)
    if status in _TRY_AGAIN or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Sent(fate=Fate.FAILED, code=code, retry_after_s=_retry_after_s(headers.get("Retry-After", ""), now))
    return Sent(fate=Fate.REFUSED, code=code)


def _retry_after_s(said: str, now: datetime) -> float:
    """Seconds until then (RFC 9110: seconds or a date); 0 where nothing is said that can be read."""
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return 0
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
