"""The words that are stored: one meaning each, said to people in the glossary."""

import inspect
from enum import StrEnum
from pathlib import Path

import pytest

from shared.domain import errors, words
from shared.domain.errors import DomainError
from shared.domain.words import CLOSED, HELD, Outcome, Permission, Status

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"
WORDS = [kind for _, kind in inspect.getmembers(words, inspect.isclass) if kind.__module__ == words.__name__]


@pytest.mark.parametrize("kind", WORDS)
def test_a_word_is_written_as_it_is_named(kind: type[StrEnum]) -> None:
    assert [word.value for word in kind] == [name.lower() for name in kind.__members__]


def test_a_task_is_pending_held_or_closed() -> None:
    assert {Status.PENDING} | HELD | CLOSED == set(Status)
    assert not HELD & CLOSED
    assert [status for status in Status if status.is_held] == [status for status in Status if status in HELD]
    assert [status for status in Status if status.is_closed] == [status for status in Status if status in CLOSED]


def test_only_two_outcomes_saw_the_person() -> None:
    assert {outcome for outcome in Outcome if outcome.saw_the_person} == {Outcome.SEEN_OK, Outcome.SEEN_NOT_OK}


@pytest.mark.parametrize("kind", [Status, words.WaitingReason, Outcome, Permission, words.Duty])
def test_the_glossary_says_every_word(kind: type[StrEnum]) -> None:
    said = GLOSSARY.read_text(encoding="utf-8")
    assert [word for word in kind if f"`{word}`" not in said] == []


def test_every_error_says_in_one_sentence_what_is_wrong() -> None:
    found = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, DomainError)]
    for kind in found:
        assert kind.message().endswith("."), kind
        assert kind.message()[0].isupper(), kind
    codes = [kind.code for kind in found if kind is not DomainError]
    assert len(codes) == len(set(codes))
