"""Repeated writes: what a client made under its own id is made once."""

from collections.abc import Sequence
from typing import Any, TypeVar

from shared.domain.errors import FieldError, Taken

Made = TypeVar("Made")


def first_or_taken(first: Made | None, again: Any, fields: Sequence[str]) -> Made:
    """What the first sending of the same thing made. Raises Taken where the id belongs to something else, by these fields."""
    if first is None or any(getattr(first, name) != getattr(again, name) for name in fields):
        raise Taken(errors=(FieldError(in_="body", loc="id", msg="This id is in use already."),))
    return first
