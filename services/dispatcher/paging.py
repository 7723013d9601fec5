"""Lists in pages by keyset: an opaque cursor says after which row the next page begins."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError
from pydantic_core import to_json

from services.dispatcher.answers import Page
from services.dispatcher.payloads.fields import Payload, QueryInt
from shared.domain.errors import FieldError, Invalid

Row = TypeVar("Row")
Item = TypeVar("Item")
Key = TypeVar("Key")

Cursor = Annotated[
    str, StringConstraints(min_length=1, max_length=1000), Field(description="next_cursor of the page before")
]


class PageQuery(Payload):
    """What every list takes; derive from it to add filters. Stores are asked for `limit + 1` rows (`fetch`)."""

    limit: Annotated[QueryInt, Field(ge=1, le=200)] = 50
    cursor: Cursor | None = None

    @property
    def fetch(self) -> int:
        """One row more than a page holds, to see whether there is a next one."""
        return self.limit + 1

    def after_id(self) -> UUID | None:
        """The id after which the page begins. Raises Invalid for a cursor that is none of ours."""
        key = self.after(tuple[UUID])
        return None if key is None else key[0]

    def after(self, shape: type[Key]) -> Key | None:
        """The key after which the page begins, a tuple of that shape such as `tuple[datetime, UUID]`. Raises Invalid."""
        if self.cursor is None:
            return None
        try:
            text = urlsafe_b64decode(self.cursor.encode() + b"=" * (-len(self.cursor) % 4))
            return TypeAdapter(shape).validate_json(text, strict=False)
        except (ValueError, ValidationError):
            wrong = FieldError(in_="query", loc="cursor", msg="This is no cursor of this list.")
            raise Invalid(errors=(wrong,)) from None


def page_of(
    rows: Sequence[Row],
    query: PageQuery,
    item: Callable[[Row], Item],
    key: Callable[[Row], tuple[Any, ...]],
) -> Page[Item]:
    """A page of up to `query.limit` items from `query.fetch` rows; `key` gives what `query.after` reads again."""
    shown = rows[: query.limit]
    more = len(rows) > query.limit
    return Page(
        items=[item(row) for row in shown],
        next_cursor=urlsafe_b64encode(to_json(key(shown[-1]))).rstrip(b"=").decode() if more else None,
    )
