"""What the demo said and what it was promised: the books that the system's own are held against."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Ledger:
    """`posted` are the ids of tasks answered 2xx. `visits`: visit id → task id, each answered as recorded."""

    posted: set[str] = field(default_factory=set)
    refused_rows: int = 0
    visits: dict[str, str] = field(default_factory=dict)
    reports_sent: int = 0
    reports_repeated: int = 0
    reports_refused: int = 0
    answers_changed: int = 0
    """Reports sent twice and answered differently."""
    doors_done: int = 0
    """Tasks that a phone has finished with; what the progress bar shows."""
