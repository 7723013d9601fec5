"""Lines and ledgers come back from their JSON as they were."""

from uuid import UUID

import orjson
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.follow_up import Expected, LedgerItem, Line
from shared.store.plan_json import ledger_from_json, ledger_to_json, lines_from_json, lines_to_json

KIND_ID = UUID(int=7)
LINES = st.builds(
    Line,
    kind_id=st.uuids(),
    times=st.lists(st.integers(0, 1439)).map(tuple),
    every=st.integers(1, 366),
    days=st.none() | st.lists(st.integers(-366, 366)).map(tuple),
)


@given(st.lists(LINES, max_size=4))
def test_lines_are_read_back_as_they_were_written(lines: list[Line]) -> None:
    assert lines_from_json(orjson.loads(orjson.dumps(lines_to_json(lines)))) == tuple(lines)


def test_a_ledger_is_read_back_as_it_was_written() -> None:
    items = (
        LedgerItem(code="measured", names={"en": "Measured"}, kind_ids=(KIND_ID,), field="temperature_c"),
        LedgerItem(
            code="safe", names={"zh": "平安"}, kind_ids=(KIND_ID,), field="ok", value=True, expected=Expected.DAILY
        ),
    )
    assert ledger_from_json(orjson.loads(orjson.dumps(ledger_to_json(items)))) == items
