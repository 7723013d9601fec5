"""What a route declares, and what its handler's signature says about parameters, body and answers."""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from aiohttp import web
from pydantic import BaseModel, TypeAdapter

from services.dispatcher.answers import Created, NoContent
from shared.domain.errors import DomainError
from shared.domain.words import Permission

Handler = Callable[..., Awaitable[Any]]

PUBLIC: frozenset[Permission] | None = None
JSON = "application/json"
EVENT_STREAM = "text/event-stream"
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RawBody:
    """A body that the handler reads itself, and which of the route's content types it came as."""

    content: bytes
    media_type: str
    charset: str


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the table: how the world reaches a handler, and who may (`allow`; PUBLIC: anyone).

    audited: each answer is booked as a read of personal data.
    media: content types of a RawBody, each with the model that describes it (None: free text).
    batch: takes bodies up to the batch limit.
    etag: may answer 304. produces: the content type where it is not JSON.
    secret: the answer holds a fresh token, so it is not kept under an Idempotency-Key.
    only_asks: a POST that writes nothing, because what it asks about is too long for a URL; an Idempotency-Key is not looked at.
    ids_inside: what it writes carries ids made by the client, each written once; an Idempotency-Key is not looked at.
    mends_text: characters that cannot be kept (NUL, half an emoji) are replaced, not refused.
    limited: counts against the asker's requests per minute.
    errors: what it may raise beyond what every such route may.
    hidden: left out of the OpenAPI document.
    """

    method: str
    path: str
    handler: Handler
    _: KW_ONLY
    allow: frozenset[Permission] | None
    summary: str
    tag: str
    audited: bool = False
    media: Mapping[str, type[BaseModel] | None] = field(default_factory=dict)
    batch: bool = False
    etag: bool = False
    produces: str = JSON
    secret: bool = False
    only_asks: bool = False
    ids_inside: bool = False
    mends_text: bool = False
    limited: bool = True
    errors: tuple[type[DomainError], ...] = ()
    hidden: bool = False

    @property
    def repeatable(self) -> bool:
        """Whether an Idempotency-Key counts here."""
        unsaid = self.allow is PUBLIC or self.secret or self.only_asks or self.ids_inside
        return self.method in WRITES and not unsaid


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A handler's parameters and answers: status → type of the JSON body (None: no body)."""

    path: type[BaseModel] | None
    query: type[BaseModel] | None
    headers: type[BaseModel] | None
    body: TypeAdapter[Any] | None
    body_required: bool
    takes_raw_body: bool
    answers: Mapping[int, TypeAdapter[Any] | None]
    streams: bool


@cache
def signature_of(handler: Handler) -> Signature:
    """Read a handler's annotations. Raises TypeError where they say something this framework does not know."""
    hints = get_type_hints(handler, include_extras=True)
    names = list(inspect.signature(handler).parameters)[1:]
    if unknown := set(names) - {"path", "query", "headers", "body"}:
        raise TypeError(f"{handler.__qualname__} takes {unknown}")
    body_type = hints.get("body")
    body_required = NoneType not in _members(body_type)
    answers: dict[int, TypeAdapter[Any] | None] = {}
    streams = False
    for answer in _members(hints["return"]):
        if answer is NoContent:
            answers[204] = None
        elif get_origin(answer) is Created:
            answers[201] = TypeAdapter(get_args(answer)[0])
        elif isinstance(answer, type) and issubclass(answer, web.StreamResponse):
            streams = True
        else:
            answers[200] = TypeAdapter(answer)
    return Signature(
        path=hints.get("path"),
        query=hints.get("query"),
        headers=hints.get("headers"),
        body=None if body_type in (None, RawBody) else TypeAdapter(body_type),
        body_required=body_required,
        takes_raw_body=body_type is RawBody,
        answers=answers,
        streams=streams,
    )


def _members(annotation: Any) -> tuple[Any, ...]:
    return get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
