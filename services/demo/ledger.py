"""What the demo said and what it was told: the books that the system's own are held against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Ledger:
    """`posted` are the ids of tasks answered 2xx; `visits`, visit id → task id, those answered as recorded."""

    posted: set[str] = field(default_factory=set)
    rows_refused: int = 0
    visits: dict[str, str] = field(default_factory=dict)
    reports_sent: int = 0
    reports_repeated: int = 0
    reports_refused: int = 0
    answers_changed: int = 0
    """Reports sent twice and answered differently."""

    def book(self, reports: Sequence[Mapping[str, Any]], answers: Sequence[Mapping[str, Any]]) -> None:
        """Reports sent for the first time, and their answers in the same order."""
        for report, answer in zip(reports, answers, strict=True):
            self.reports_sent += 1
            if answer["status"] == "refused":
                self.reports_refused += 1
            elif report["report"] == "visit":
                self.visits[report["id"]] = report["task_id"]

    def book_again(
        self,
        reports: Sequence[Mapping[str, Any]],
        first: Sequence[Mapping[str, Any]],
        again: Sequence[Mapping[str, Any]],
    ) -> None:
        """The same reports sent once more: each must get its first answer."""
        self.reports_repeated += len(reports)
        self.answers_changed += sum(a != b for a, b in zip(first, again, strict=True))
