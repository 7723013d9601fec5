"""The table at the end: what the system says became of each task, held against the ledger."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from rich.table import Table

from services.demo.ledger import Ledger

_HELD = {"assigned", "accepted", "in_progress"}
_CLOSED = {"completed", "not_executable", "cancelled", "expired"}
_CLOCKS = timedelta(seconds=1)
"""Ends and beginnings of assignments are written by different processes; so far their readings may be apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """`lost`: answered 2xx and neither assigned, closed nor waiting for a reason. `doubled`: with two teams at once, or with a visit that
    counted twice. `visits_lost`: answered as recorded and not on record."""

    posted: int
    assigned: int
    made_by_visits: int
    statuses: Counter[str]
    waiting: Counter[str]
    waits_ms: tuple[float, ...]
    lost: frozenset[str]
    doubled: frozenset[str]
    visits_lost: frozenset[str]
    ledger: Ledger

    @property
    def is_sound(self) -> bool:
        """Whether nothing was lost or doubled, and everything said was answered the same the second time."""
        return not (self.lost or self.doubled or self.visits_lost or self.ledger.answers_changed)


def tally(ledger: Ledger, tasks: Sequence[Mapping[str, Any]]) -> Tally:
    """Count. `tasks` are the district's, each as `GET /v1/tasks/{id}` answers it."""
    known = {task["id"]: task for task in tasks}
    recorded = {visit["id"] for task in tasks for visit in task["visits"]}
    posted = [known[task_id] for task_id in ledger.posted if task_id in known]
    return Tally(
        posted=len(ledger.posted),
        assigned=sum(bool(_assignments(task)) for task in posted),
        made_by_visits=len(known.keys() - ledger.posted),
        statuses=Counter(task["status"] for task in tasks),
        waiting=Counter(task["waiting_reason"] for task in tasks if task["status"] == "pending"),
        waits_ms=tuple(sorted(_wait_ms(task) for task in posted if _assignments(task))),
        lost=frozenset(task_id for task_id in ledger.posted if _is_lost(known.get(task_id))),
        doubled=frozenset(task["id"] for task in tasks if _is_with_two_teams(task) or _is_counted_twice(task)),
        visits_lost=frozenset(ledger.visits.keys() - recorded),
        ledger=ledger,
    )


def table_of(found: Tally) -> Table:
    """The table that is printed."""
    table = Table("", "", title="Doorstep demo", show_header=False)
    for name, value in _rows(found):
        table.add_row(name, value)
    return table


def quantile(ordered: Sequence[float], part: float) -> float:
    """The value that `part` of the others do not exceed; 0 where there are none."""
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


def _rows(found: Tally) -> Iterator[tuple[str, str]]:
    ledger = found.ledger
    yield "posted", str(found.posted)
    yield "made by visits", str(found.made_by_visits)
    yield "assigned", str(found.assigned)
    yield "completed", str(found.statuses["completed"])
    yield "not executable", str(found.statuses["not_executable"])
    for status in ("cancelled", "expired", *sorted(_HELD)):
        if found.statuses[status]:
            yield status.replace("_", " "), str(found.statuses[status])
    yield "waiting", str(found.waiting.total())
    for reason, count in found.waiting.most_common():
        yield f"  {reason}", str(count)
    yield "create → assigned p50", f"{quantile(found.waits_ms, 0.5):.0f} ms"
    yield "create → assigned p99", f"{quantile(found.waits_ms, 0.99):.0f} ms"
    yield "reports sent", str(ledger.reports_sent)
    yield "  sent again", str(ledger.reports_repeated)
    yield "  refused (overtaken)", str(ledger.reports_refused)
    yield "lost", _should_be_none(found.lost)
    yield "assigned twice", _should_be_none(found.doubled)
    yield "visits lost", _should_be_none(found.visits_lost)


def _should_be_none(ids: frozenset[str]) -> str:
    return "[green]0[/]" if not ids else f"[bold red]{len(ids)}[/]: {', '.join(sorted(ids)[:5])}"


def _is_lost(task: Mapping[str, Any] | None) -> bool:
    if task is None:
        return True
    return not (task["status"] in _CLOSED or (task["status"] in _HELD and _live(task)) or task["waiting_reason"])


def _live(task: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [assignment for assignment in _assignments(task) if assignment["ended_at"] is None]


def _assignments(task: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """All there were, the live one among them."""
    live = task["assignment"]
    return [*task["earlier_assignments"], *([live] if live else [])]


def _is_with_two_teams(task: Mapping[str, Any]) -> bool:
    spans = sorted(((_moment(a["assigned_at"]), a["ended_at"]) for a in _assignments(task)), key=lambda span: span[0])
    overlaps = any(ended is None or _moment(ended) > begun + _CLOCKS for (_, ended), (begun, _) in pairwise(spans))
    return overlaps or len(_live(task)) > 1


def _is_counted_twice(task: Mapping[str, Any]) -> bool:
    """At most one visit closes a task, and no attempt is without a visit of its own."""
    visits = {visit["id"]: visit for visit in task["visits"]}
    closing = [visit for visit in visits.values() if visit["outcome"].startswith("seen") and _has_consequences(visit)]
    return len(visits) < len(task["visits"]) or len(closing) > 1 or task["attempts"] > len(visits)


def _has_consequences(visit: Mapping[str, Any]) -> bool:
    return not (visit["struck_at"] or {"task_was_closed", "not_held_by_team"}.intersection(visit["needs_review"]))


def _wait_ms(task: Mapping[str, Any]) -> float:
    first = min(_moment(assignment["assigned_at"]) for assignment in _assignments(task))
    return (first - _moment(task["created_at"])).total_seconds() * 1000


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
