"""What a phone types into a kind's form: a result that the form takes, with here and there a fever."""

import random
from collections.abc import Mapping
from typing import Any

_FEVERS = 0.03


def made_up_result(form: Mapping[str, Any], rng: random.Random) -> dict[str, Any]:
    """A valid result for a form: a JSON Schema of an object. Every required field, and half of the others."""
    required = form.get("required", ())
    return {
        name: _temperature(rng) if name == "temperature_c" else _value(schema, rng)
        for name, schema in form.get("properties", {}).items()
        if name in required or rng.random() < 0.5
    }


def _temperature(rng: random.Random) -> float:
    return round(rng.uniform(37.4, 39.6) if rng.random() < _FEVERS else rng.uniform(35.9, 37.2), 1)


def _value(schema: Mapping[str, Any], rng: random.Random) -> Any:
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return rng.choice([value for value in schema["enum"] if value is not None])
    kind = schema.get("type", "string")
    match kind if isinstance(kind, str) else kind[0]:
        case "object":
            return made_up_result(schema, rng)
        case "array":
            return [_value(schema.get("items", {}), rng) for _ in range(max(1, schema.get("minItems", 0)))]
        case "boolean":
            return rng.random() < 0.5
        case "integer":
            low = schema.get("minimum", 0)
            return rng.randint(low, min(schema.get("maximum", low + 5), low + 5))
        case "number":
            return schema.get("minimum", 0)
        case _ if schema.get("format") == "date":
            return f"2026-02-{rng.randint(1, 28):02}"
        case _:
            return "OK".ljust(schema.get("minLength", 0), ".")
