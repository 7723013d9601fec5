"""From JSON text to values: strict about types, lenient about how a whole number is written."""

import pytest
from pydantic import TypeAdapter

from services.dispatcher.parsing import header_name, read_json
from services.dispatcher.payloads.fields import AwareTime, Payload
from shared.domain.errors import Invalid


class Sample(Payload):
    count: int = 0
    degrees: float = 0.0
    text: str = ""
    flag: bool = False
    at: AwareTime | None = None


SAMPLE = TypeAdapter(Sample)


def test_a_whole_number_may_be_written_with_a_point() -> None:
    assert read_json(SAMPLE, b'{"count": 300.0, "degrees": 37}') == Sample(count=300, degrees=37.0)


@pytest.mark.parametrize(
    "content",
    [
        b'{"count": 300.5}',
        b'{"count": "300"}',
        b'{"count": true}',
        b'{"count": 1e300}',
        b'{"degrees": "37"}',
        b'{"text": 37}',
        b'{"flag": 1}',
        b'{"flag": "true"}',
        b'{"at": "2026-03-02T09:00"}',
        b'{"at": "0000-01-01T00:00:00Z"}',
        b'{"at": "0001-01-01T00:00:00+08:00"}',
    ],
)
def test_nothing_else_is_coerced(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        read_json(SAMPLE, content)
    assert [error.loc for error in refused.value.errors] == [content.split(b'"')[1].decode()]


def test_headers_are_spelt_as_people_spell_them() -> None:
    assert header_name("last_event_id") == "Last-Event-ID"
