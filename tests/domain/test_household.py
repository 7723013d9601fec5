"""What makes two mentions one door, or one person."""

import pytest

from shared.domain.household import door_key, person_key


def test_a_reference_alone_makes_the_door() -> None:
    assert door_key("H-7", "Garden Road 1", 31.2, 121.4) == door_key("H-7", "", None, None)
    assert door_key("H-7", "", None, None) != door_key("H-8", "", None, None)


@pytest.mark.parametrize(
    "spelling",
    ["Garden Road 1, 302", "  garden  road 1,302 ", "Ｇarden Ｒoad １，302", "GARDEN ROAD 1; 302"],
)
def test_spacing_case_and_full_width_letters_do_not_make_another_door(spelling: str) -> None:
    assert door_key(None, spelling, 31.2, 121.4) == door_key(None, "garden road 1 302", 31.2, 121.4)


def test_the_point_tells_doors_apart_down_to_a_metre() -> None:
    here = door_key(None, "", 31.2, 121.4)
    assert door_key(None, "", 31.2000001, 121.4000001) == here
    assert door_key(None, "", 31.2001, 121.4) != here
    assert door_key(None, "", None, None) != here


def test_minus_nothing_is_nothing() -> None:
    assert door_key(None, "", -0.0000001, 0.0000001) == door_key(None, "", 0.0, 0.0)


def test_a_long_address_makes_a_short_key_of_its_own() -> None:
    first, second = door_key(None, "x" * 5000, 1, 1), door_key(None, "x" * 5001, 1, 1)
    assert len(first) < 300
    assert first != second


def test_people_are_told_apart_by_reference_then_phone_and_name_then_door_and_name() -> None:
    assert person_key("S-1", "138", "Li", "door") == person_key("S-1", "", "", "")
    assert person_key(None, "+86 138-0000", "Li Na", "a") == person_key(None, "+861380000", "li na", "b")
    assert person_key(None, "138", "Li Na", "a") != person_key(None, "138", "Li Ming", "a")
    assert person_key(None, "", "Li Na", "a") != person_key(None, "", "Li Na", "b")
