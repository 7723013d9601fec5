"""Many things in one request, as JSON or CSV: each row read for itself, so that a bad one is answered and the others land."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass
from itertools import islice
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson
from pydantic import TypeAdapter, ValidationError

from services.dispatcher.contract import JSON, RawBody
from services.dispatcher.parsing import read_json, refuse_nul
from services.dispatcher.payloads.fields import Payload
from services.dispatcher.payloads.sheet import Sheet
from services.dispatcher.problems import field_errors
from services.dispatcher.refusals import MalformedBody
from services.dispatcher.request import Request
from services.dispatcher.wording import TOO_DEEP
from shared.domain.errors import DomainError, FieldError, Invalid, NotFound
from shared.store import districts

_READ_AT_ONCE = 100
"""Rows read before other requests get their turn: about 5 ms."""
TAKEN_AT_ONCE = 500
"""Rows in one transaction: about 80 ms of tasks. Larger ones are not faster, and hold back every reader of events."""

Item = TypeVar("Item")
Outer = TypeVar("Outer", bound=Payload)


@dataclass(frozen=True, slots=True)
class Row(Generic[Item]):
    """`number`: in JSON the place in the list, from 1; in CSV the row of the spreadsheet, its header being row 1."""

    number: int
    said: Item | DomainError


@dataclass(frozen=True, slots=True)
class Batch(Generic[Outer, Item]):
    """How a batch is read: `outer` is the JSON body with `district` and the list `name`; `one` reads an item of the list, or what `sheet`
    makes of a row of the table."""

    name: str
    _: KW_ONLY
    outer: type[Outer]
    one: TypeAdapter[Item]
    sheet: Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Generic[Outer, Item]):
    """`outer` is None where it came as a table."""

    district_id: UUID
    outer: Outer | None
    rows: list[Row[Item]]


async def read_batch(
    request: Request, district: str | None, body: RawBody, batch: Batch[Outer, Item]
) -> Said[Outer, Item]:
    """The district that is meant and the rows. `district`: the one in the query. Raises NotFound, WhichDistrict, MalformedBody, and
    Invalid where there are no rows or too many."""
    most = request.settings.batch_limit_rows
    outer: Outer | None = None
    where = "query"
    if body.media_type == JSON:
        outer = _outer(body.content, batch, most)
        named: str | None = getattr(outer, "district")  # noqa: B009 - every `outer` has it
        if named or district is None:
            district, where = named, "body"
    district_id = await request.district(district, where=where)
    if outer is None:
        table = batch.sheet.read(body.content, body.charset)
        time_zone = await _time_zone(request, district_id)
        rows = await _read(_table_rows(table, batch, time_zone), batch.name, most)
    else:
        rows = await _read(_json_rows(getattr(outer, batch.name), batch), batch.name, most)
    if not rows:
        raise Invalid(errors=(FieldError(in_="body", loc=batch.name, msg=f"There are no {batch.name}."),))
    return Said(district_id=district_id, outer=outer, rows=rows)


def _outer(content: bytes, batch: Batch[Outer, Item], most: int) -> Outer:
    """Raises MalformedBody, Invalid."""
    try:
        decoded = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise MalformedBody from error
    if isinstance(decoded, dict) and isinstance(decoded.get(batch.name), list) and len(decoded[batch.name]) > most:
        raise _too_many(batch.name, most)
    if isinstance(decoded, dict) and b"\\u0000" in content:
        refuse_nul({name: value for name, value in decoded.items() if name != batch.name})
    try:
        return batch.outer.model_validate(decoded)
    except ValidationError as error:
        raise Invalid(errors=tuple(field_errors(error, "body"))) from None


def _too_many(name: str, most: int) -> Invalid:
    return Invalid(errors=(FieldError(in_="body", loc=name, msg=f"Send at most {most} {name} at once."),))


def _json_rows(listed: Iterable[Any], batch: Batch[Outer, Item]) -> Iterator[Row[Item]]:
    for number, body in enumerate(listed, start=1):
        said = _item(body, batch)
        yield Row(number, said)


def _table_rows(
    table: Iterator[tuple[int, dict[str, str]]], batch: Batch[Outer, Item], time_zone: str
) -> Iterator[Row[Item]]:
    for number, cells in table:
        said = _item_of_cells(cells, batch, time_zone)
        yield Row(number, said)


def _item_of_cells(cells: Mapping[str, str], batch: Batch[Outer, Item], time_zone: str) -> Item | DomainError:
    try:
        said = _item(batch.sheet.as_json(cells, time_zone), batch)
    except Invalid as error:
        return error
    return batch.sheet.in_columns(said) if isinstance(said, Invalid) else said


def _item(body: Any, batch: Batch[Outer, Item]) -> Item | DomainError:
    """Read as a body alone would be read, from its bytes, so that there is one way of reading it."""
    try:
        content = orjson.dumps(body)
    except orjson.JSONEncodeError:
        return Invalid(errors=(FieldError(in_="body", loc="", msg=TOO_DEEP),))
    try:
        item: Item = read_json(batch.one, content)
        return item
    except (Invalid, MalformedBody) as error:
        return error


async def _read(rows: Iterator[Row[Item]], name: str, most: int) -> list[Row[Item]]:
    """All rows, letting others have their turn. Raises Invalid beyond `most`."""
    read: list[Row[Item]] = []
    while chunk := list(islice(rows, _READ_AT_ONCE)):
        read += chunk
        if len(read) > most:
            raise _too_many(name, most)
        await asyncio.sleep(0)
    return read


async def _time_zone(request: Request, district_id: UUID) -> str:
    async with request.connection() as conn:
        district = await districts.select_district(conn, district_id)
    if district is None:
        raise NotFound
    return district.time_zone
