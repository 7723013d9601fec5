"""Whatever the API refuses is said on the pages in the reader's language."""

from collections.abc import Iterator
from typing import Any

import pytest

from services.dispatcher import refusals
from shared.domain import errors
from shared.domain.errors import DomainError
from tests.web.words import read_tables


def codes(parent: type[DomainError] = DomainError) -> Iterator[str]:
    for child in parent.__subclasses__():
        if child.__module__ in {errors.__name__, refusals.__name__}:
            yield child.code
        yield from codes(child)


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    return next(table["REFUSALS"] for table in read_tables() if "REFUSALS" in table)


@pytest.mark.parametrize("code", sorted(set(codes())))
def test_every_refusal_has_its_words_in_both_languages(said: dict[str, Any], code: str) -> None:
    assert said[code]["en"].endswith(".")
    assert said[code]["zh"].endswith("。")
