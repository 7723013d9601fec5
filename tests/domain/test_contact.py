"""People and exposures put together from what is said of them, in any order: nobody doubled, nothing lost."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.contact import ContactDraft, Directory, Exposures, check_contact, dialled
from shared.domain.errors import Invalid
from shared.domain.household import plain_text
from shared.domain.intake import HouseholdDraft, SubjectDraft
from shared.domain.words import ContactClass

DISTRICT = UUID(int=1)
NOW = datetime(2026, 3, 2, tzinfo=UTC)
TODAY = date(2026, 3, 2)
PHONES = ("138 0000 0001", "+86 13800000001", "13800000002", "")


def persons(refs: Sequence[str | None], phones: Sequence[str]) -> st.SearchStrategy[SubjectDraft]:
    return st.builds(
        SubjectDraft,
        ref=st.sampled_from(refs),
        name=st.sampled_from(("Li", "li ", "Wang", "")),
        phone=st.sampled_from(phones),
        flags=st.dictionaries(st.sampled_from(("language", "deaf")), st.sampled_from(("en", "fr", True)), max_size=2),
    ).filter(lambda person: bool(person.ref or person.phone))


def contacts_of(people: st.SearchStrategy[SubjectDraft]) -> st.SearchStrategy[list[ContactDraft]]:
    return st.lists(
        st.builds(
            ContactDraft,
            index=st.sampled_from((SubjectDraft(ref="case-1"), SubjectDraft(ref="case-2"))),
            subject=people,
            contact_class=st.sampled_from(ContactClass),
            last_exposure=st.sampled_from((None, TODAY, TODAY - timedelta(days=3))),
            note=st.sampled_from(("", "taxi", "dinner")),
        ),
        max_size=12,
    )


rows = contacts_of(persons((None, "p-1", "p-2", "p-3"), PHONES))
by_phone_and_ref = contacts_of(
    st.one_of(
        persons((None, "p-1"), ("138 0000 0001", "+86 13800000001")),
        persons((None, "p-2"), ("13800000002",)),
        persons(("p-3",), ("",)),
    )
)
"""Where nobody shares a phone with somebody of another ref."""


def take(drafts: list[ContactDraft]) -> tuple[Directory, Exposures, list[tuple[UUID, UUID, UUID]]]:
    """The people, the contacts, and of each row its index person, person and contact."""
    directory, exposures = Directory(DISTRICT, ()), Exposures(DISTRICT, ())
    taken = []
    for draft in drafts:
        index = directory.meet(draft.index, None)
        met = directory.meet(draft.subject, None)
        noted = exposures.note(draft, index, met, NOW)
        taken.append((index.subject_id, met.subject_id, noted.contact_id))
    return directory, exposures, taken


@given(rows)
def test_everything_that_was_said_of_a_person_is_kept_somewhere(drafts: list[ContactDraft]) -> None:
    directory, exposures, taken = take(drafts)
    for draft, (_, subject_id, contact_id) in zip(drafts, taken, strict=True):
        person, said = directory[subject_id], exposures[contact_id].said
        assert draft.subject.ref in (None, person.ref)
        if name := draft.subject.name:
            assert plain_text(name) in {plain_text(one) for one in (person.name, *said.get("name", ()))}
        if phone := draft.subject.phone:
            assert dialled(phone) in {dialled(one) for one in (person.phone, *said.get("phone", ()))}
        for flag, value in draft.subject.flags.items():
            assert value == person.flags[flag] or value in said.get(f"flags.{flag}", ())
        assert draft.note in ("", *exposures[contact_id].note.split("\n"))


@given(rows)
def test_every_exposure_is_one_contact_with_its_day_and_at_least_its_class(drafts: list[ContactDraft]) -> None:
    _, exposures, taken = take(drafts)
    for draft, (index_id, subject_id, contact_id) in zip(drafts, taken, strict=True):
        contact = exposures[contact_id]
        assert (contact.index_id, contact.subject_id) == (index_id, subject_id)
        assert draft.last_exposure in (None, contact.last_exposure)
        assert contact.contact_class in (ContactClass.CLOSE, draft.contact_class)
    days = [(exposures[one].index_id, exposures[one].subject_id, exposures[one].last_exposure) for one in exposures.new]
    assert len(days) == len(set(days))


@given(rows)
def test_refs_name_one_person_each_and_phones_without_a_ref_too(drafts: list[ContactDraft]) -> None:
    directory, _, taken = take(drafts)
    found = {subject_id: directory[subject_id] for _, subject_id, _ in taken}.values()
    refs = [person.ref for person in found if person.ref]
    assert len(refs) == len(set(refs))
    keys = [person.person for person in found]
    assert len(keys) == len(set(keys)), "what the database holds unique"


@given(by_phone_and_ref)
def test_the_same_rows_again_say_nothing_new(drafts: list[ContactDraft]) -> None:
    directory, exposures, _ = take(drafts)
    directory.filled.clear()
    exposures.changed.clear()
    people_before, contacts_before = set(directory.new), set(exposures.new)
    for draft in drafts:
        index, met = directory.meet(draft.index, None), directory.meet(draft.subject, None)
        exposures.note(draft, index, met, NOW)
    assert (directory.new, exposures.new) == (people_before, contacts_before)
    assert not directory.filled
    assert not exposures.changed


def draft(**said: Any) -> ContactDraft:
    given_: dict[str, Any] = {"index": SubjectDraft(ref="c"), "subject": SubjectDraft(phone="138 0000")}
    return ContactDraft(**{**given_, "contact_class": ContactClass.CLOSE, **said})


@pytest.mark.parametrize(
    ("said", "loc"),
    [
        ({"subject": SubjectDraft(name="Li")}, "subject.phone"),
        ({"subject": SubjectDraft(name=" "), "household": HouseholdDraft(ref="h")}, "subject.phone"),
        ({"index": SubjectDraft(name="Wang")}, "index.phone"),
        ({"last_exposure": TODAY + timedelta(days=1)}, "last_exposure"),
        ({"last_exposure": TODAY - timedelta(days=400)}, "last_exposure"),
    ],
)
def test_who_cannot_be_known_and_days_that_cannot_be_are_refused(said: dict[str, Any], loc: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_contact(draft(**said), TODAY)
    assert [error.loc for error in refused.value.errors] == [loc]


def test_a_name_and_a_home_are_enough() -> None:
    check_contact(draft(subject=SubjectDraft(name="Li"), household=HouseholdDraft(ref="h"), last_exposure=TODAY), TODAY)


def test_two_ways_of_writing_a_number_are_one() -> None:
    assert dialled("+86 (138) 0000-0001") == dialled("13800000001")
    assert dialled("138 0000 0001") != dialled("158 0000 0001")
