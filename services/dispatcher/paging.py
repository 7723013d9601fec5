"""Lists in pages by keyset: an opaque cursor says after which row the next page begins."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints

from services.dispatcher.answers import Page
from services.dispatcher.payloads.fields import Payload, plain_integer

Row = TypeVar("Row")
Item = TypeVar("Item")

# 22 characters of base64 hold the 16 bytes of an id; any 22 do, so a cursor that looks like one is one.
Cursor = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{22}$"), Field(description="next_cursor of the page before")
]


class PageQuery(Payload):
    """What every list takes; derive from it to add filters. Stores are asked for `limit + 1` rows (`fetch`)."""

    limit: Annotated[int, Field(ge=1, le=200), BeforeValidator(plain_integer)] = 50
    cursor: Cursor | None = None

    @property
    def fetch(self) -> int:
        """One row more than a page holds, to see whether there is a next one."""
        return self.limit + 1

    def after_id(self) -> UUID | None:
        """The id after which the page begins."""
        return None if self.cursor is None else UUID(bytes=urlsafe_b64decode(f"{self.cursor}=="))


def page_of(
    rows: Sequence[Row], query: PageQuery, item: Callable[[Row], Item], key: Callable[[Row], tuple[UUID]]
) -> Page[Item]:
    """A page of up to `query.limit` items from `query.fetch` rows; `key` gives the id that `query.after_id` reads again."""
    shown = rows[: query.limit]
    cursor = None
    if len(rows) > query.limit:
        (last,) = key(shown[-1])
        cursor = urlsafe_b64encode(last.bytes).rstrip(b"=").decode()
    return Page(items=[item(row) for row in shown], next_cursor=cursor)
