"""Lines and ledgers as the tables `follow_ups` and `protocols` keep them."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from shared.domain.follow_up import Expected, LedgerItem, Line


def lines_to_json(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """As they are stored."""
    return [
        {
            "kind_id": str(line.kind_id),
            "times": list(line.times),
            "every": line.every,
            "days": None if line.days is None else list(line.days),
        }
        for line in lines
    ]


def lines_from_json(stored: Iterable[Mapping[str, Any]]) -> tuple[Line, ...]:
    """As they were stored."""
    return tuple(
        Line(
            kind_id=UUID(line["kind_id"]),
            times=tuple(line["times"]),
            every=line["every"],
            days=None if line["days"] is None else tuple(line["days"]),
        )
        for line in stored
    )


def ledger_to_json(ledger: Iterable[LedgerItem]) -> list[dict[str, Any]]:
    """As it is stored."""
    return [
        {
            "code": item.code,
            "names": dict(item.names),
            "kind_ids": [str(kind_id) for kind_id in item.kind_ids],
            "field": item.field,
            "value": item.value,
            "expected": item.expected,
        }
        for item in ledger
    ]


def ledger_from_json(stored: Iterable[Mapping[str, Any]]) -> tuple[LedgerItem, ...]:
    """As it was stored."""
    return tuple(
        LedgerItem(
            code=item["code"],
            names=item["names"],
            kind_ids=tuple(UUID(kind_id) for kind_id in item["kind_ids"]),
            field=item["field"],
            value=item["value"],
            expected=Expected(item["expected"]),
        )
        for item in stored
    )
