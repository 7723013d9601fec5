"""What is wrong with a field, in plain words: pydantic's own name Python's types, and now and then repeat what was sent."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from pydantic import ValidationError

Loc = tuple[str, ...]

_OBJECT, _LIST, _TEXT = "Give an object.", "Give a list.", "Give a text."
_WHOLE, _NUMBER, _YES_NO = "Give a whole number.", "Give a number.", "Give true or false."

TOO_DEEP = "It nests too deep, or a number in it is too large."

_PLAIN: Mapping[str, str] = {
    "missing": "This is missing.",
    "extra_forbidden": "There is no such field.",
    "dict_type": _OBJECT,
    "mapping_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "list_type": _LIST,
    "tuple_type": _LIST,
    "string_type": _TEXT,
    "string_unicode": _TEXT,
    "bool_type": _YES_NO,
    "bool_parsing": _YES_NO,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "none_required": "Give null.",
    "json_invalid": TOO_DEEP,  # of what was read as JSON before
}
_BOUNDED: Mapping[str, str] = {
    "greater_than": "Give more than {gt}.",
    "greater_than_equal": "Give {ge} or more.",
    "less_than": "Give less than {lt}.",
    "less_than_equal": "Give {le} or less.",
    "string_too_short": "Give at least {min_length} characters.",
    "string_too_long": "Give at most {max_length} characters.",
    "too_short": "Give at least {min_length} items.",
    "too_long": "Give at most {max_length} items.",
    "string_pattern_mismatch": "Give a text that matches {pattern}.",
    "union_tag_not_found": "Say which {discriminator}.",
}
_CHOICES: Mapping[str, str] = {"enum": "expected", "literal_error": "expected", "union_tag_invalid": "expected_tags"}
_VALUE = re.compile(r"'([^']*)'")
# How pydantic calls the members of `bool | int | str` in a location.
_MEMBERS = frozenset({"bool", "constrained-int", "constrained-str"})
_TYPES = frozenset({_TEXT, _WHOLE, _NUMBER, _YES_NO})


def bad_fields(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Every bad field that pydantic found, as its dotted location and a sentence; values are never repeated, for they may be personal."""
    found = ((_place(one["loc"]), _sentence(one)) for one in error.errors(include_url=False, include_input=False))
    for (loc, is_member), same in groupby(found, key=lambda pair: pair[0]):
        said = [sentence for _, sentence in same]
        for sentence in [_of_any(said)] if is_member else said:
            yield ".".join(loc), sentence


def _place(loc: tuple[int | str, ...]) -> tuple[Loc, bool]:
    """A location without the tags of unions, which we write `<so>`, and whether it was said of one member of a union."""
    parts = tuple(
        str(part)
        for place, part in enumerate(loc)
        if not (isinstance(part, str) and part.startswith("<") and place < len(loc) - 1)
    )
    is_member = len(parts) > 1 and parts[-1] in _MEMBERS
    return (parts[:-1] if is_member else parts), is_member


def _of_any(said: Iterable[str]) -> str:
    """What is wrong with a value that fits no member of a union: the bound that it breaks, else the types that it may have."""
    sentences = list(dict.fromkeys(said))
    bounds = [sentence for sentence in sentences if sentence not in _TYPES]
    if bounds:
        return bounds[0]
    *others, last = (sentence.removeprefix("Give ").removesuffix(".") for sentence in sentences)
    return f"Give {', '.join(others)} or {last}." if others else f"Give {last}."


def _sentence(found: Mapping[str, Any]) -> str:
    kind, context = found["type"], found.get("ctx", {})
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind in _CHOICES:
        choices: str = context[_CHOICES[kind]]
        return f"Give one of: {', '.join(_VALUE.findall(choices)) or choices}."
    if kind in _BOUNDED:
        sentence = _BOUNDED[kind].format_map({name: _shown(value) for name, value in context.items()})
        return sentence.replace(" 1 characters", " 1 character").replace(" 1 items", " 1 item")
    message: str = found["msg"]
    return message.removeprefix("Value error, ")


def _shown(value: object) -> str:
    """`90` for the bound 90.0, `report` for the discriminator 'report'."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip("'")
