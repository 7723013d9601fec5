"""Waking a phone by Web Push."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.dispatcher.payloads.fields import Payload
from shared.store.connection import Record

Endpoint = Annotated[str, StringConstraints(min_length=10, max_length=2000, pattern=r"^https?://[!-~]+$")]


class NewPushSubscription(Payload):
    """What the browser gave: `endpoint`, and of `keys` both, in base64url."""

    endpoint: Annotated[Endpoint, Field(description="the push service's address of this browser")]
    p256dh: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{87}$")]
    auth: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{22}$")]


class PushSubscriptionOut(Payload):
    """Where this session is reached. `failed_at`: when sending there last failed."""

    endpoint: str
    created_at: datetime
    failed_at: datetime | None


class PushOut(Payload):
    """`public_key` is what the browser subscribes with (`applicationServerKey`)."""

    public_key: str
    here: Annotated[PushSubscriptionOut | None, Field(description="of this session")]
    elsewhere: Annotated[int, Field(description="other sessions of this member that are woken too")]

    @classmethod
    def of(cls, public_key: str, found: Iterable[Record], token_id: UUID) -> "PushOut":
        rows = {row["token_id"]: row for row in found}
        own = rows.pop(token_id, None)
        here = own and PushSubscriptionOut(
            endpoint=own["endpoint"], created_at=own["created_at"], failed_at=own["failed_at"]
        )
        return cls(public_key=public_key, here=here, elsewhere=len(rows))
