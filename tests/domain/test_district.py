"""Settings of a district, the catalogue of kinds, and when a temperature is a fever."""

from dataclasses import fields
from datetime import UTC, datetime
from math import inf, nan
from typing import Any
from uuid import UUID

import pytest

from shared.domain.catalogue import SEED_KINDS, seed_kinds
from shared.domain.district import (
    SETTING_BOUNDS,
    DistrictSettings,
    check_settings,
    is_time_zone,
    settings_from_json,
    settings_to_json,
)
from shared.domain.errors import Invalid
from shared.domain.ids import new_id
from shared.domain.kind import is_fever
from shared.domain.words import DEFAULT_SLOTS, Channel


def test_every_setting_has_bounds_and_a_default_within_them() -> None:
    assert set(SETTING_BOUNDS) == {item.name for item in fields(DistrictSettings)}
    assert check_settings(settings_to_json(DistrictSettings())) == settings_to_json(DistrictSettings())


def test_what_a_district_does_not_set_keeps_its_default() -> None:
    assert settings_from_json({"walk_kmh": 4.0}) == DistrictSettings(walk_kmh=4.0)


def test_a_setting_of_a_newer_release_is_left_aside_when_read() -> None:
    assert settings_from_json({"drones": 3}) == DistrictSettings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("drones", 1),
        ("walk_kmh", "4"),
        ("walk_kmh", 0),
        ("walk_kmh", nan),
        ("walk_kmh", inf),
        ("walk_kmh", True),
        ("walk_kmh", None),
        ("accept_limit", 2.5),
        ("accept_limit", 0),
        ("retention_days", 10**9),
        ("fever_line_c", [37]),
    ],
)
def test_a_bad_setting_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(Invalid) as refused:
        check_settings({"setup_s": 30, name: value})
    assert [error.loc for error in refused.value.errors] == [f"settings.{name}"]


def test_a_shift_may_have_no_limit_of_visits() -> None:
    assert check_settings({"max_visits_per_shift": None}) == {"max_visits_per_shift": None}


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Asia/Shanghai", True),
        ("Europe/Monaco", True),
        ("Mars/Base", False),
        ("", False),
        ("Asia", False),
        ("../etc/passwd", False),
    ],
)
def test_only_names_of_time_zones_are_time_zones(name: str, known: bool) -> None:
    assert is_time_zone(name) is known


@pytest.mark.parametrize(
    ("result", "fever"),
    [
        ({"temperature_c": 37.3}, False),
        ({"temperature_c": 37.4}, True),
        ({"temperature_c": 39}, True),
        ({"temperature_c": "39"}, False),
        ({"temperature_c": True}, False),
        ({"temperature_c": nan}, False),
        ({}, False),
    ],
)
def test_a_fever_is_a_temperature_above_the_line(result: dict[str, Any], fever: bool) -> None:
    assert is_fever(result, DistrictSettings()) is fever


def test_the_fever_line_is_the_district_s() -> None:
    assert is_fever({"temperature_c": 37.4}, DistrictSettings(fever_line_c=37.5)) is False


def test_the_catalogue_holds_every_kind_in_two_languages() -> None:
    assert len({kind.code for kind in SEED_KINDS}) == len(SEED_KINDS) == 18
    assert all(kind.en and kind.zh for kind in SEED_KINDS)
    codes = {kind.code for kind in SEED_KINDS}
    assert all(set(kind.roles) <= set(DEFAULT_SLOTS) for kind in SEED_KINDS)
    assert all(set(follow_ons) <= codes for kind in SEED_KINDS for follow_ons in kind.follow_on.values())


@pytest.mark.parametrize("kind", SEED_KINDS, ids=lambda kind: kind.code)
def test_every_field_of_a_form_has_titles_in_both_languages(kind: Any) -> None:
    for field in kind.form["properties"].values():
        assert field["title"]
        assert field["x-title-zh"]
        options = field.get("items", field)
        if "enum" in options:
            assert set(options["enum"]) == set(options["x-labels"]) == set(options["x-labels-zh"])


def test_a_call_has_two_hours_and_a_record_the_rest_of_the_day() -> None:
    kinds = {kind.code: kind for kind, _ in seed_kinds(UUID(int=1), DEFAULT_SLOTS)}
    now = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)  # four in the morning of the 2nd in Shanghai
    assert kinds["trace_call"].channel is Channel.PHONE
    assert kinds["trace_call"].due_at(now, "Asia/Shanghai") == datetime(2026, 3, 1, 22, 0, tzinfo=UTC)
    assert kinds["info_verification"].due_at(now, "Asia/Shanghai") == datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
    assert kinds["home_swab"].required_capabilities == ("swab",)


def test_a_district_with_other_slots_gets_kinds_that_its_teams_can_do() -> None:
    for kind, _ in seed_kinds(new_id(), ("nurse", "doctor")):
        assert kind.required_roles
        assert set(kind.required_roles) <= {"nurse", "doctor"}
