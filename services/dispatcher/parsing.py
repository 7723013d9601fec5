"""From what came over the wire to a handler's arguments; every bad field is named in one answer."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

import orjson
from aiohttp import ClientError, web
from aiohttp.http_exceptions import HttpProcessingError
from multidict import MultiMapping
from pydantic import BaseModel, ValidationError

from services.dispatcher.contract import JSON, RawBody, Route, Signature
from services.dispatcher.problems import field_errors
from services.dispatcher.refusals import BodyTooLarge, MalformedBody, WrongContentType
from shared.domain.errors import FieldError, Invalid

_NUL = "\x00"
_EXACT = 2**53  # up to here a float holds every whole number
# Any escape in JSON text; in its group NUL and surrogates without their other half.
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u(?:0000|[dD][89a-fA-F][0-9a-fA-F]{2}))|\\."
)
_REPLACEMENT = rb"\ufffd"
_NO_NUL = "Text must not contain the character NUL."


async def read_body(raw: web.Request, limit: int) -> bytes:
    """The whole body. Raises BodyTooLarge beyond `limit` bytes, MalformedBody where its encoding is broken."""
    if raw.content_length is not None and raw.content_length > limit:
        raise BodyTooLarge
    content = bytearray()
    try:
        async for chunk in raw.content.iter_any():
            content += chunk
            if len(content) > limit:
                raise BodyTooLarge
    except (ClientError, HttpProcessingError, web.RequestPayloadError) as error:
        raise MalformedBody from error
    return bytes(content)


def arguments(raw: web.Request, route: Route, signature: Signature, content: bytes) -> dict[str, Any]:
    """The handler's keyword arguments. Raises Invalid naming every bad field, MalformedBody, WrongContentType."""
    found: dict[str, Any] = {}
    wrong: list[FieldError] = []
    if signature.path is not None:
        _validate(found, wrong, "path", signature.path, raw.match_info)
    _query(found, wrong, signature.query, raw)
    if signature.headers is not None:
        named = {
            name: raw.headers[header] for name, header in _header_names(signature.headers) if header in raw.headers
        }
        _validate(found, wrong, "headers", signature.headers, named)
    if signature.takes_raw_body:
        found["body"] = _raw_body(raw, route, content)
    elif signature.body is not None:
        _json_body(found, wrong, signature, raw, _mended(content) if route.mends_text else content)
    if wrong:
        raise Invalid(errors=tuple(wrong))
    return found


def header_name(field: str) -> str:
    """How a field of a `headers` model is spelt on the wire: `last_event_id` is `Last-Event-ID`."""
    return "-".join("ID" if part == "id" else part.title() for part in field.split("_"))


def _header_names(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    return ((name, header_name(name)) for name in model.model_fields)


def _query(found: dict[str, Any], wrong: list[FieldError], model: type[BaseModel] | None, raw: web.Request) -> None:
    fields = {} if model is None else {info.alias or name: info for name, info in model.model_fields.items()}
    wrong.extend(
        FieldError(in_="query", loc=name, msg="There is no such parameter.") for name in set(raw.query) - set(fields)
    )
    if model is None:
        return
    values: dict[str, Any] = {}
    for name, info in fields.items():
        given = raw.query.getall(name, [])
        if _takes_many(info.annotation):
            values |= {name: given} if given else {}
        elif len(given) > 1:
            wrong.append(FieldError(in_="query", loc=name, msg="Give it once."))
        elif given:
            values[name] = given[0]
    _validate(found, wrong, "query", model, values)


def _takes_many(annotation: Any) -> bool:
    return get_origin(annotation) is list or any(get_origin(member) is list for member in get_args(annotation))


def _validate(
    found: dict[str, Any],
    wrong: list[FieldError],
    name: str,
    model: type[BaseModel],
    values: Mapping[str, Any] | MultiMapping[str],
) -> None:
    where = name.removesuffix("s")
    with_nul = [loc for loc, value in values.items() if _NUL in value]
    wrong.extend(FieldError(in_=where, loc=loc, msg=_NO_NUL) for loc in with_nul)
    try:
        found[name] = model.model_validate(dict(values), strict=False)
    except ValidationError as error:
        wrong.extend(field_errors(error, where))


def _json_body(
    found: dict[str, Any], wrong: list[FieldError], signature: Signature, raw: web.Request, content: bytes
) -> None:
    if not content and not signature.body_required:
        found["body"] = None
        return
    if raw.content_type != JSON:
        raise WrongContentType(JSON)
    try:
        found["body"] = read_json(signature.body, content)
    except Invalid as error:
        wrong.extend(error.errors)


def _mended(content: bytes) -> bytes:
    """JSON text with a replacement character for each that cannot be kept. A phone that cut an emoji in two cannot mend what it stored."""
    return _ESCAPE.sub(lambda found: _REPLACEMENT if found[1] else found[0], content)


def read_json(adapter: Any, content: bytes) -> Any:
    """A value of the adapter's type from JSON text, without coercion of types, but for whole numbers written as 300.0.

    Raises MalformedBody where it is no JSON (NaN and Infinity are none), Invalid naming every bad field.
    """
    try:
        decoded = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise MalformedBody from error
    if b"\\u0000" in content:
        refuse_nul(decoded)
    try:
        return adapter.validate_json(content, strict=True)
    except ValidationError as error:
        if not _has_whole_float(error):
            raise Invalid(errors=tuple(field_errors(error, "body"))) from None
    try:
        return adapter.validate_json(orjson.dumps(_with_whole_numbers(decoded)), strict=True)
    except ValidationError as error:
        raise Invalid(errors=tuple(field_errors(error, "body"))) from None


def refuse_nul(decoded: Any) -> None:
    """Raises Invalid naming every text in decoded JSON that contains NUL, MalformedBody where it nests too deep to look."""
    try:
        with_nul = tuple(FieldError(in_="body", loc=loc, msg=_NO_NUL) for loc in _nul_places(decoded, ""))
    except RecursionError:
        raise MalformedBody from None
    if with_nul:
        raise Invalid(errors=with_nul)


def _has_whole_float(error: ValidationError) -> bool:
    """Whether an integer was written as 300.0, which JSON Schema allows and tables exported by pandas do."""
    return any(found["type"] == "int_type" and isinstance(found["input"], float) for found in error.errors())


def _with_whole_numbers(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return int(value)
    if isinstance(value, list):
        return [_with_whole_numbers(item) for item in value]
    if isinstance(value, dict):
        return {name: _with_whole_numbers(item) for name, item in value.items()}
    return value


def _nul_places(value: Any, loc: str) -> Iterator[str]:
    """Where a text or a name in decoded JSON contains NUL, which Postgres cannot keep."""
    if isinstance(value, str):
        if _NUL in value:
            yield loc
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _nul_places(item, f"{loc}.{index}".lstrip("."))
    elif isinstance(value, dict):
        for name, item in value.items():
            if _NUL in name:
                yield loc
            yield from _nul_places(item, f"{loc}.{name}".lstrip("."))


def _raw_body(raw: web.Request, route: Route, content: bytes) -> RawBody:
    if raw.content_type not in route.media:
        raise WrongContentType(*route.media)
    return RawBody(content=content, media_type=raw.content_type, charset=raw.charset or "utf-8")
