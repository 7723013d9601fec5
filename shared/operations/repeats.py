"""Repeated writes: what a client made under its own id is made once."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from uuid import UUID

from shared.domain.errors import FieldError, Taken
from shared.store import locks
from shared.store.connection import Connection
from shared.store.constraints import domain_errors

Made = TypeVar("Made")


@asynccontextmanager
async def making(conn: Connection, made_id: UUID) -> AsyncIterator[None]:
    """A transaction that makes something under an id its sender may have chosen, unless it is there: whoever sends the same at this moment
    comes after it and finds it. Raises what the database forbids, as `domain_errors` says it.
    """
    with domain_errors():
        async with conn.transaction():
            await locks.lock_in_turn(conn, f"made under {made_id}")
            yield


def first_or_taken(first: Made | None, again: Any, fields: Sequence[str]) -> Made:
    """What the first sending of the same thing made. Raises Taken where the id belongs to something else, by these fields."""
    if first is None or any(getattr(first, name) != getattr(again, name) for name in fields):
        raise Taken(errors=(FieldError(in_="body", loc="id", msg="This id is in use already."),))
    return first
