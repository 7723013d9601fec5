"""What a handler may return besides a plain model (200): made, nothing to say, one page of a list."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Created(Generic[Item]):
    """201: `item` was made and lives at `location` (a path)."""

    item: Item
    location: str


class NoContent:
    """204: done, nothing to say."""


class Page(BaseModel, Generic[Item]):
    """One page of a list; `next_cursor` asks for the next one and is null on the last."""

    model_config = ConfigDict(extra="forbid")

    items: list[Item]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Reply:
    """A finished answer, as it is sent and as it is kept under an Idempotency-Key."""

    status: int
    headers: dict[str, str]
    body: bytes
