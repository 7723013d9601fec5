"""The OpenAPI 3.1 document, built from the route table and the handlers' signatures."""

import inspect
import re
from collections.abc import Iterable, Iterator, Sequence
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from services.dispatcher import refusals
from services.dispatcher.access import COOKIE
from services.dispatcher.contract import EVENT_STREAM, JSON, PUBLIC, WRITES, Route, Signature, signature_of
from services.dispatcher.idempotency import HEADER, LONGEST
from services.dispatcher.parsing import header_name
from services.dispatcher.problems import MEDIA_TYPE, Problem, status_of
from shared.domain import errors
from shared.domain.errors import DomainError

Schema = dict[str, Any]
Wanted = tuple[tuple[str, str], JsonSchemaMode, TypeAdapter[Any]]

_PROBLEM = ("problem", "")
_EVENT: Schema = {
    "type": "object",
    "description": "one event of the stream",
    "properties": {
        "id": {"type": "string"},
        "event": {"type": "string"},
        "data": {"type": "string", "contentMediaType": JSON},
        "retry": {"type": "integer"},
    },
}
_REPEAT: Schema = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Send the write again under the same key and the first answer comes back. Kept for 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": "^[!-~]([ -~]*[!-~])?$"},
}


def build_openapi(routes: Sequence[Route]) -> Schema:
    """The document that describes these routes."""
    shown = [(route, signature_of(route.handler)) for route in routes if not route.hidden]
    schemas, rest = TypeAdapter.json_schemas(list(_wanted(shown)), ref_template="#/components/schemas/{model}")
    found = {key: _closed(schema) for (key, _mode), schema in schemas.items()}
    paths: dict[str, Schema] = {}
    for route, signature in shown:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, signature, found)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Doorstep",
            "version": version("doorstep-dispatch"),
            "description": "Dispatches door-to-door public-health visits to teams on the street.",
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in dict.fromkeys(route.tag for route, _ in shown)],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(_closed(rest.get("$defs", {})).items())),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE},
            },
        },
    }


def _wanted(shown: Iterable[tuple[Route, Signature]]) -> Iterator[Wanted]:
    """Everything whose JSON Schema the document needs, each under operation and slot (`body`, a media type, a status)."""
    yield _PROBLEM, "serialization", TypeAdapter(Problem)
    for route, signature in shown:
        name = route.handler.__name__
        if signature.body is not None:
            yield (name, "body"), "validation", signature.body
        for media_type, model in route.media.items():
            if model is not None:
                yield (name, media_type), "validation", TypeAdapter(model)
        for status, adapter in signature.answers.items():
            if adapter is not None:
                yield (name, str(status)), "serialization", adapter


def _operation(route: Route, signature: Signature, found: dict[tuple[str, str], Schema]) -> Schema:
    operation: Schema = {
        "operationId": route.handler.__name__,
        "summary": route.summary,
        "tags": [route.tag],
        "parameters": list(_parameters(route, signature)),
        "responses": {**_answers(route, signature, found), **_problems(route, signature, found[_PROBLEM])},
        "security": [] if route.allow is PUBLIC else [{"bearer": []}, {"cookie": []}],
    }
    if description := inspect.getdoc(route.handler):
        operation["description"] = description
    if body := _request_body(route, signature, found):
        operation["requestBody"] = body
    if route.allow is not None:
        operation["x-permissions"] = sorted(route.allow)
    return operation


def _parameters(route: Route, signature: Signature) -> Iterator[Schema]:
    for where, model in (("path", signature.path), ("query", signature.query), ("header", signature.headers)):
        if model is not None:
            yield from _fields(where, model)
    if signature.path is None:
        for name in re.findall(r"{(\w+)", route.path):
            yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    if route.repeatable:
        yield _REPEAT


def _fields(where: str, model: type[BaseModel]) -> Iterator[Schema]:
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})
    for name, field in schema["properties"].items():
        inlined = _without_null(_inlined(field, definitions))
        described = {"description": inlined.pop("description")} if "description" in inlined else {}
        yield {
            "name": header_name(name) if where == "header" else name,
            "in": where,
            "required": name in schema.get("required", ()),
            "schema": inlined,
            **described,
        }


def _inlined(schema: Any, definitions: dict[str, Schema]) -> Any:
    """The schema with its references to `definitions` replaced by what they name."""
    if isinstance(schema, list):
        return [_inlined(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        named = definitions[schema["$ref"].rpartition("/")[2]]
        return _inlined({**named, **{key: value for key, value in schema.items() if key != "$ref"}}, definitions)
    return {key: _inlined(value, definitions) for key, value in schema.items() if key != "title"}


def _closed(schema: Any) -> Any:
    """The schema with maps closed to names that do not fit the pattern of theirs, as pydantic validates them."""
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    return {**closed, "additionalProperties": False} if "patternProperties" in closed else closed


def _without_null(schema: Schema) -> Schema:
    """A parameter is left out rather than null."""
    schema = {key: value for key, value in schema.items() if not (key == "default" and value is None)}
    options = [option for option in schema.get("anyOf", ()) if option != {"type": "null"}]
    if len(options) == 1:
        del schema["anyOf"]
        return {**options[0], **schema}
    return {**schema, "anyOf": options} if options else schema


def _request_body(route: Route, signature: Signature, found: dict[tuple[str, str], Schema]) -> Schema | None:
    name = route.handler.__name__
    if signature.takes_raw_body:
        content = {media: {"schema": found.get((name, media), {"type": "string"})} for media in route.media}
        return {"required": True, "content": content}
    if signature.body is None:
        return None
    return {"required": signature.body_required, "content": {JSON: {"schema": found[name, "body"]}}}


def _answers(route: Route, signature: Signature, found: dict[tuple[str, str], Schema]) -> dict[str, Schema]:
    name = route.handler.__name__
    answers: dict[str, Schema] = {}
    for status in sorted(signature.answers):
        answers[str(status)] = {"description": HTTPStatus(status).phrase}
        if (schema := found.get((name, str(status)))) is not None:
            answers[str(status)]["content"] = {JSON: {"schema": schema}}
    if 201 in signature.answers:
        answers["201"]["headers"] = {"Location": {"schema": {"type": "string"}}}
    if signature.streams:
        whole = answers.setdefault("200", {"description": "OK", "content": {}})
        whole["content"][route.produces] = {"schema": _streamed(route.produces)}
    if route.etag:
        answers["200"]["headers"] = {"ETag": {"schema": {"type": "string"}}}
        answers["304"] = {"description": "The caller has this version already (If-None-Match)"}
    return answers


def _streamed(media_type: str) -> Schema:
    if media_type == EVENT_STREAM:
        return _EVENT
    return {"type": "object" if media_type.endswith("json") else "string"}


def _problems(route: Route, signature: Signature, schema: Schema) -> dict[str, Schema]:
    """One problem response per status that the route may refuse with, saying in words what it can mean."""
    said: dict[int, list[str]] = {}
    for error in _errors(route, signature):
        said.setdefault(status_of(error), []).append(error.message())
    return {
        str(int(status)): {
            "description": " Or: ".join(dict.fromkeys(messages)),
            "content": {MEDIA_TYPE: {"schema": schema}},
        }
        for status, messages in sorted(said.items())
    }


def _errors(route: Route, signature: Signature) -> Iterator[type[DomainError]]:
    yield from route.errors
    yield errors.Invalid
    if route.limited:
        yield refusals.TooManyRequests
        yield refusals.Unavailable
    if route.allow is not PUBLIC:
        yield from (errors.NotLoggedIn, errors.NotAllowed, errors.NotFound, refusals.TwoCredentials)
    if route.method in WRITES:
        yield refusals.BodyTooLarge
    if route.method in WRITES and route.allow is not PUBLIC:
        yield from (refusals.CrossOrigin, refusals.WrongContentType)
    if route.repeatable:
        yield from (errors.BodyDiffers, errors.StillInFlight)
    if signature.takes_raw_body or signature.body is not None:
        yield from (refusals.MalformedBody, refusals.WrongContentType)
