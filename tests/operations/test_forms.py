"""Which forms a kind may have, and which results fit them."""

import re
from math import inf, nan
from typing import Any

import pytest

from shared.domain.catalogue import SEED_KINDS
from shared.domain.errors import Invalid
from shared.domain.forms import TEMPERATURE_CHECK
from shared.domain.kind import asks_for_temperature
from shared.domain.words import Trigger
from shared.operations.forms import check_form, check_result


@pytest.mark.parametrize("kind", SEED_KINDS, ids=lambda kind: kind.code)
def test_every_seeded_form_is_one_that_a_person_might_have_posted(kind: Any) -> None:
    check_form(kind.form)


@pytest.mark.parametrize("kind", SEED_KINDS, ids=lambda kind: kind.code)
def test_every_seeded_form_speaks_english_and_chinese(kind: Any) -> None:
    assert kind.form["x-order"] == list(kind.form["properties"])
    for name, field in kind.form["properties"].items():
        assert field["title"], name
        assert re.search(r"[\u4e00-\u9fff]", field["x-title-zh"]), name
        chosen = field.get("items", field)
        if values := chosen.get("enum"):
            assert list(chosen["x-labels"]) == list(chosen["x-labels-zh"]) == values
            assert all([*chosen["x-labels"].values(), *chosen["x-labels-zh"].values()]), name


@pytest.mark.parametrize("kind", SEED_KINDS, ids=lambda kind: kind.code)
def test_what_is_usual_lies_inside_what_is_allowed(kind: Any) -> None:
    for name, field in kind.form["properties"].items():
        usual = field.get("x-usual", {})
        assert set(usual) <= {"minimum", "maximum"}, name
        assert usual.get("minimum", field.get("minimum", 0)) >= field.get("minimum", 0)
        assert usual.get("maximum", field.get("maximum", 0)) <= field.get("maximum", 0)


def test_a_form_asks_for_a_temperature_where_it_has_that_field() -> None:
    asking = {kind.code for kind in SEED_KINDS if asks_for_temperature(kind.form)}
    assert asking >= {"temperature_check", "isolation_visit"}
    assert asking.isdisjoint({"delivery", "trace_call"})
    assert {kind.code for kind in SEED_KINDS if Trigger.FEVER in kind.follow_on} <= asking
    assert not asks_for_temperature({"type": "object"})


@pytest.mark.parametrize("tenths", range(340, 431))
def test_every_temperature_with_one_decimal_fits(tenths: int) -> None:
    assert check_result(TEMPERATURE_CHECK, {"temperature_c": tenths / 10, "method": "ear"}) == ()


@pytest.mark.parametrize(
    ("result", "loc"),
    [
        ({"temperature_c": 36.65, "method": "ear"}, "result.temperature_c"),
        ({"temperature_c": 33.9, "method": "ear"}, "result.temperature_c"),
        ({"temperature_c": 43.1, "method": "ear"}, "result.temperature_c"),
        ({"temperature_c": nan, "method": "ear"}, "result.temperature_c"),
        ({"temperature_c": inf, "method": "ear"}, "result.temperature_c"),
        ({"temperature_c": 1e308, "method": "ear"}, "result.temperature_c"),
        ({"temperature_c": "36.6", "method": "ear"}, "result.temperature_c"),
        ({"temperature_c": True, "method": "ear"}, "result.temperature_c"),
        ({"temperature_c": 36.6}, "result"),
        ({"temperature_c": 36.6, "method": "guess"}, "result.method"),
        ({"temperature_c": 36.6, "method": "ear", "mood": "fine"}, "result"),
        ({"temperature_c": 36.6, "method": "ear", "symptoms": ["cough", "cough"]}, "result.symptoms"),
        ({"temperature_c": 36.6, "method": "ear", "symptoms": ["hiccups"]}, "result.symptoms.0"),
        ([], "result"),
        (None, "result"),
        ({"temperature_c": 36.6, "method": "x" * 20_000}, "result"),
    ],
)
def test_a_result_that_breaks_its_form_says_where(result: Any, loc: str) -> None:
    errors = check_result(TEMPERATURE_CHECK, result)
    assert {error.loc for error in errors} == {loc}


def test_no_message_repeats_a_value() -> None:
    errors = check_result(TEMPERATURE_CHECK, {"temperature_c": 40.123, "method": "secret-method", "secret-name": 1})
    assert errors
    assert not any("40.123" in error.msg or "secret" in error.msg for error in errors)


def test_a_result_that_nests_deeper_than_json_goes_is_refused() -> None:
    result: Any = {}
    for _ in range(2000):
        result = {"a": result}
    assert check_result({"type": "object"}, result)


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "array"},
        {"type": "object", "properties": 3},
        {"type": "object", "properties": {"a": {"type": "temperature"}}},
        {"type": "object", "properties": {"a": {"$ref": "https://example.org/form"}}},
        {"type": "object", "properties": {"a": {"$ref": "#/properties/b"}}},
        {"type": "object", "properties": {"a": {"$ref": "#/$defs/nothing"}}},
        {"type": "object", "$ref": "#"},
        {"type": "object", "allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"not": {"$ref": "#/$defs/a"}}}},
        {"type": "object", "properties": {"a": {"$dynamicRef": "#a"}}},
        {"type": "object", "properties": {"a": {"type": "string", "pattern": "(a+)+$"}}},
        {"type": "object", "patternProperties": {"(a+)+$": {}}},
        {"type": "object", "description": "x" * 70_000},
    ],
)
def test_a_form_that_could_lead_elsewhere_or_nowhere_is_refused(schema: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        check_form(schema)


def test_a_form_that_doubles_itself_with_every_reference_is_refused() -> None:
    defs: dict[str, Any] = {f"a{i}": {"allOf": [{"$ref": f"#/$defs/a{i + 1}"}] * 2} for i in range(30)}
    with pytest.raises(Invalid):
        check_form({"type": "object", "allOf": [{"$ref": "#/$defs/a0"}], "$defs": {**defs, "a30": {}}})


def test_a_form_that_nests_a_thousand_deep_is_refused() -> None:
    form: dict[str, Any] = {"type": "object"}
    for _ in range(1000):
        form = {"type": "object", "not": form}
    with pytest.raises(Invalid):
        check_form(form)


def test_fields_may_be_called_what_keywords_are_called() -> None:
    form = {"type": "object", "properties": {"pattern": {"type": "string"}, "$id": {"type": "integer"}}}
    check_form(form)
    assert check_result(form, {"pattern": "stripes", "$id": 3}) == ()


def test_a_form_may_refer_to_its_own_definitions() -> None:
    form = {
        "type": "object",
        "properties": {"morning": {"$ref": "#/$defs/reading"}, "evening": {"$ref": "#/$defs/reading"}},
        "$defs": {"reading": {"type": "number", "multipleOf": 0.1}},
    }
    check_form(form)
    assert check_result(form, {"morning": 36.6, "evening": 37.3}) == ()
    assert [error.loc for error in check_result(form, {"evening": 37.33})] == ["result.evening"]
