"""The key pair that push services know us by (VAPID, RFC 8292). The private half is never logged nor answered."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from shared.store import push_keys
from shared.store.connection import Connection

_CURVE = ec.SECP256R1()


@dataclass(frozen=True, slots=True)
class PushKey:
    """A P-256 key pair. `public` is what a page subscribes with: an uncompressed point, base64url without padding."""

    private: ec.EllipticCurvePrivateKey = field(repr=False)

    @property
    def public(self) -> str:
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return as_text(point)


async def load_push_key(conn: Connection, given: str | None, now: datetime) -> PushKey:
    """The key `given` in the settings (32 bytes in base64url), else the one in the database, made where there is none."""
    if given is not None:
        return _key(as_bytes(given))
    kept = await push_keys.select_private_key(conn)
    if kept is None:
        await push_keys.insert_private_key(conn, _new_private_key(), now)
        kept = await push_keys.select_private_key(conn)
    assert kept is not None  # noqa: S101 - nobody deletes it
    return _key(kept)


def is_point(raw: bytes) -> bool:
    """Whether these bytes are an uncompressed point of the curve, as a browser's public key is."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, raw)
    except ValueError:
        return False
    return len(raw) == 65  # 0x04, x, y


def as_bytes(text: str) -> bytes:
    """From base64url without padding."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def as_text(raw: bytes) -> str:
    """To base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _key(private: bytes) -> PushKey:
    return PushKey(ec.derive_private_key(int.from_bytes(private), _CURVE))


def _new_private_key() -> bytes:
    return ec.generate_private_key(_CURVE).private_numbers().private_value.to_bytes(32)
