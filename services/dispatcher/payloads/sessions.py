"""Logging in and out."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Discriminator, Field, Tag

from services.dispatcher.payloads.fields import District, Name, Payload, Phone, Pin
from shared.domain.access import Actor
from shared.domain.words import Permission


class NameLogin(Payload):
    """A person or program at a desk."""

    name: Name
    secret: Annotated[str, Field(min_length=1, max_length=200)]
    cookie: bool = Field(False, description="keep the token in an HttpOnly cookie instead of answering it")


class PhoneLogin(Payload):
    """A member on a phone. `district` is needed only where the same phone and PIN are known in several."""

    phone: Phone
    pin: Pin
    district: District | None = None
    cookie: bool = Field(False, description="keep the token in an HttpOnly cookie instead of answering it")


class LinkLogin(Payload):
    """A member who was shown a one-time link or its QR code."""

    link_token: Annotated[str, Field(min_length=20, max_length=200)]
    cookie: bool = Field(False, description="keep the token in an HttpOnly cookie instead of answering it")


def _shape(body: Any) -> str | None:
    if not isinstance(body, dict):
        return None
    return next((tag for field, tag in _SHAPES.items() if field in body), None)


_SHAPES = {"name": "<name>", "secret": "<name>", "phone": "<phone>", "pin": "<phone>", "link_token": "<link>"}

Login = Annotated[
    Annotated[NameLogin, Tag("<name>")] | Annotated[PhoneLogin, Tag("<phone>")] | Annotated[LinkLogin, Tag("<link>")],
    Discriminator(
        _shape,
        custom_error_type="login_shape",
        custom_error_message="Send name and secret, phone and pin, or link_token.",
    ),
]


class DistrictRef(Payload):
    id: UUID
    code: str


class Who(Payload):
    """Who is logged in. `everywhere`: reaches every district, whatever `districts` says."""

    kind: Literal["account", "member"]
    id: UUID
    name: str
    permission: Permission
    role: str | None
    language: str | None
    districts: list[DistrictRef]
    everywhere: bool

    @classmethod
    def of(cls, actor: Actor) -> "Who":
        return cls(
            kind="member" if actor.member_id else "account",
            id=actor.id,
            name=actor.name,
            permission=actor.permission,
            role=actor.role,
            language=actor.language,
            districts=[DistrictRef(id=district_id, code=code) for district_id, code in actor.districts.items()],
            everywhere=actor.reaches_everything,
        )


class SessionOut(Payload):
    """A fresh session; `token` is shown this once, and null where the cookie holds it."""

    token: str | None
    expires_at: datetime
    who: Who


class CurrentSession(Payload):
    expires_at: datetime
    who: Who


class LinkOut(Payload):
    """A one-time link. The token stands in the fragment of `url`, which no server ever sees; good once."""

    link_token: str
    url: str
    expires_at: datetime
