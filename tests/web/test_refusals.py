"""Whatever the API refuses is said on the pages in the reader's language."""

from typing import Any

import pytest

from services.dispatcher import problems
from tests.web.words import read_tables


@pytest.fixture(scope="module")
def refusals() -> dict[str, Any]:
    return next(table["REFUSALS"] for table in read_tables() if "REFUSALS" in table)


@pytest.mark.parametrize("code", sorted(error.code for error in problems.STATUSES))
def test_every_refusal_has_its_words_in_both_languages(refusals: dict[str, Any], code: str) -> None:
    said = refusals[code]
    assert said["en"].endswith(".")
    assert said["zh"].endswith("。")
