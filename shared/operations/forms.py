"""Result forms: which ones a kind may have, and whether a visit's result fits."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

import orjson
from jsonschema import Draft202012Validator, SchemaError, ValidationError, validators
from referencing import Registry

from shared.domain.errors import FieldError, Invalid

MOST_FORM_BYTES = 64 * 1024
MOST_RESULT_BYTES = 16 * 1024
_MOST_PARTS = 5000  # of a form with its references written out
_LOCAL = "#/$defs/"

# A pattern can take hours on one string, a dynamic reference leads anywhere.
_REFUSED = {"pattern", "patternProperties", "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$id", "$vocabulary"}


def check_form(schema: Mapping[str, Any], loc: str = "form") -> None:
    """Raises Invalid unless this is a JSON Schema 2020-12 of an object, of bounded size, which refers to nothing outside itself."""
    problem = _problem_of_form(schema)
    if problem:
        raise Invalid(errors=(FieldError(in_="body", loc=loc, msg=problem),))


def check_result(schema: Mapping[str, Any], result: Any, loc: str = "result") -> tuple[FieldError, ...]:
    """What does not fit the form, nothing when all does. Messages name rules, never values, for these are medical.

    Decimals count as they are written: 36.6 is a multiple of 0.1. Not-a-number and infinity fit nothing.
    """
    try:
        too_large = len(orjson.dumps(result)) > MOST_RESULT_BYTES
    except orjson.JSONEncodeError:
        return (FieldError(in_="body", loc=loc, msg="This is not JSON, or it nests too deep."),)
    if too_large:
        return (FieldError(in_="body", loc=loc, msg=f"A result has at most {MOST_RESULT_BYTES // 1024} kB."),)
    endless = tuple(FieldError(in_="body", loc=place, msg="Give a finite number.") for place in _endless(result, loc))
    if endless:
        return endless
    checker = _Form(schema, registry=Registry(), format_checker=Draft202012Validator.FORMAT_CHECKER)
    return tuple(
        FieldError(in_="body", loc=".".join([loc, *map(str, error.absolute_path)]), msg=_message(error))
        for error in sorted(checker.iter_errors(result), key=lambda error: str(error.absolute_path))
    )


def _endless(value: Any, loc: str) -> Iterator[str]:
    if isinstance(value, float) and not isfinite(value):
        yield loc
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _endless(item, f"{loc}.{name}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _endless(item, f"{loc}.{index}")


def _message(error: ValidationError) -> str:
    rule: Any = error.validator_value
    match error.validator:
        case "required":
            return f"These are required: {', '.join(map(str, rule))}."
        case "additionalProperties" | "unevaluatedProperties":
            return "The form has no such field."
        case "enum":
            return f"Give one of: {', '.join(map(str, rule))}."
        case "type":
            return f"Give a value of type {rule}."
        case keyword:
            return f"This breaks the form's rule {keyword}: {orjson.dumps(rule).decode()[:80]}."


def _multiple_of(_: Any, step: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:  # noqa: ARG001 - jsonschema's signature
    if isinstance(instance, bool) or not isinstance(instance, int | float):
        return
    try:
        fits = Decimal(str(instance)) % Decimal(str(step)) == 0
    except InvalidOperation:
        fits = False
    if not fits:
        yield ValidationError("not a multiple")


_Form: type[Draft202012Validator] = validators.extend(  # type: ignore[no-untyped-call]  # the stubs leave it open
    Draft202012Validator, {"multipleOf": _multiple_of}
)


def _problem_of_form(schema: Mapping[str, Any]) -> str | None:
    if schema.get("type") != "object":
        return 'A form describes an object: "type": "object".'
    try:
        if len(orjson.dumps(schema)) > MOST_FORM_BYTES:
            return f"A form has at most {MOST_FORM_BYTES // 1024} kB."
        Draft202012Validator.check_schema(schema)
        _count_parts(schema, schema.get("$defs", {}), ())
    except SchemaError as error:
        return f"At {'.'.join(map(str, error.absolute_path)) or 'the top'} this is not JSON Schema 2020-12."
    except _FormRefused as error:
        return str(error)
    except (orjson.JSONEncodeError, RecursionError):
        return "The form nests too deep."
    return None


class _FormRefused(Exception):
    """The message says what a form may not have."""


def _count_parts(part: Any, defs: Mapping[str, Any], inside: tuple[str, ...]) -> int:
    """How many parts a form has once its references are written out. Raises _FormRefused."""
    if not isinstance(part, Mapping):
        return 1
    if refused := _REFUSED & part.keys():
        raise _FormRefused(f"A form cannot use {', '.join(sorted(refused))}.")
    count = 1 + sum(_count_parts(inner, defs, inside) for inner in _parts_of(part))
    if "$ref" in part:
        count += _count_referred(part["$ref"], defs, inside)
    if count > _MOST_PARTS:
        raise _FormRefused(f"A form has at most {_MOST_PARTS} parts, references written out.")
    return count


def _parts_of(part: Mapping[str, Any]) -> Iterator[Any]:
    """The schemas directly inside a schema; `$defs` count where they are referred to."""
    for keyword, value in part.items():
        if keyword in ("properties", "dependentSchemas"):
            yield from value.values()
        elif keyword in ("$defs", "enum", "const", "default", "examples") or keyword.startswith("x-"):
            continue
        elif isinstance(value, list):
            yield from value
        else:
            yield value


def _count_referred(target: Any, defs: Mapping[str, Any], inside: tuple[str, ...]) -> int:
    name = str(target).removeprefix(_LOCAL)
    if not str(target).startswith(_LOCAL) or name not in defs:
        raise _FormRefused(f"A form refers to its own {_LOCAL}… only.")
    if name in inside:
        raise _FormRefused(f"A form does not contain itself: {name}.")
    return _count_parts(defs[name], defs, (*inside, name))
