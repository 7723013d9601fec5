"""Read views of visits: lists for people, in the order in which they were made."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.reports import Visit
from shared.store.connection import Connection, Record
from shared.store.visits import COLUMNS, as_visit

_NAMES = tuple(name.strip() for name in COLUMNS.split(","))
_OF_VISIT = ", ".join(f"v.{name}" for name in _NAMES)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitFilter:
    """Which visits a list shows; None: no matter. `since` and `until` are of when they were made, `until` excluded."""

    districts: Collection[UUID] | None
    since: datetime | None = None
    until: datetime | None = None
    kind: str | None = None
    outcome: str | None = None
    team_id: UUID | None = None
    member_id: UUID | None = None
    task_id: UUID | None = None
    needs_review: bool | None = None
    struck: bool | None = None


async def select_visits_listed(
    conn: Connection, wanted: VisitFilter, *, before: UUID | None, limit: int
) -> list[tuple[Visit, Record]]:
    """Visits made before that of id `before`, the last first, each with what a list shows of its task, door, person, team and recorder.

    Besides those of the visit: kind, channel, due_at, task_ref, district, time_zone, grid, team_code, member_name, household_ref, address,
    subject_ref, subject_name.
    """
    conditions, values = _conditions(wanted, before)
    rows = await conn.fetch(
        f"""
        SELECT {_OF_VISIT}, k.code AS kind, t.channel, t.due_at, t.ref AS task_ref, d.code AS district, d.time_zone, g.code AS grid,
               m.code AS team_code, p.name AS member_name, h.ref AS household_ref, h.address, s.ref AS subject_ref, s.name AS subject_name
          FROM visits v
          JOIN tasks t ON t.id = v.task_id
          JOIN kinds k ON k.id = t.kind_id
          JOIN members p ON p.id = v.member_id
          JOIN districts d ON d.id = v.district_id
          LEFT JOIN grids g ON g.id = t.grid_id
          LEFT JOIN households h ON h.id = t.household_id AND t.redacted_at IS NULL
          LEFT JOIN subjects s ON s.id = t.subject_id AND t.redacted_at IS NULL
          LEFT JOIN teams m ON m.id = v.team_id
         WHERE {" AND ".join(conditions) or "true"}
         ORDER BY v.corrected_at DESC, v.id DESC
         LIMIT {int(limit)}
        """,
        *values,
    )
    return [(as_visit({name: row[name] for name in _NAMES}), row) for row in rows]


def _conditions(wanted: VisitFilter, before: UUID | None) -> tuple[list[str], list[Any]]:
    """SQL for what is asked, and its parameters; one district is said by `=`, for then its index gives the order too."""
    several = None if wanted.districts is None or len(wanted.districts) == 1 else list(wanted.districts)
    alone = next(iter(wanted.districts)) if wanted.districts is not None and several is None else None
    said: list[tuple[str, Any]] = [
        ("v.district_id = ?", alone),
        ("v.district_id = ANY(?)", several),
        ("v.corrected_at >= ?", wanted.since),
        ("v.corrected_at < ?", wanted.until),
        ("k.code = ?", wanted.kind),
        ("v.outcome = ?", wanted.outcome),
        ("v.team_id = ?", wanted.team_id),
        ("v.member_id = ?", wanted.member_id),
        ("v.task_id = ?", wanted.task_id),
        ("(v.needs_review <> '{}') = ?", wanted.needs_review),
        ("(v.struck_at IS NOT NULL) = ?", wanted.struck),
        ("(v.corrected_at, v.id) < (SELECT b.corrected_at, b.id FROM visits b WHERE b.id = ?)", before),
    ]
    asked = [(condition, value) for condition, value in said if value is not None]
    conditions = [condition.replace("?", f"${number}") for number, (condition, _) in enumerate(asked, start=1)]
    return conditions, [value for _, value in asked]
