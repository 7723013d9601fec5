"""Figures as tables for spreadsheets: a row a day, or a row for each team or member and day."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from services.spreadsheet import escape_cell
from shared.domain.figures import Day, DistrictFigures, Figures
from shared.domain.words import WaitingReason

_COUNTS = ("posted", "completed", "on_time", "late", "became_overdue", "not_executable", "cancelled", "expired")
_REASONS = tuple(reason.value for reason in WaitingReason)
DAY_COLUMNS = (
    "day",
    "hours",
    *_COUNTS,
    "response_min",
    "visits",
    "seen",
    "travel_share",
    "stops_timed",
    "subjects_followed",
    "subjects_seen",
    "occurrences_done",
    "occurrences_missed",
    "alarms",
    *(f"waiting_{reason}" for reason in _REASONS),
    *(f"waiting_{reason}_h" for reason in _REASONS),
)
TEAM_COLUMNS = ("day", "team", "name", "visits", "seen", "shift_h")
MEMBER_COLUMNS = ("day", "member_id", "name", "role", "visits", "recorded", "shift_h")


def figures_table(found: DistrictFigures, table: str, *, named: bool) -> tuple[Sequence[str], bytes]:
    """The columns and the lines of that table: `days`, `teams` or `members`; without the members' names where not `named`."""
    match table:
        case "teams":
            return TEAM_COLUMNS, _lines(_of_teams(found))
        case "members":
            return MEMBER_COLUMNS, _lines(_of_members(found, named=named))
    return DAY_COLUMNS, _lines(_of_day(day, figures) for day, figures in zip(found.days, found.by_day, strict=True))


def _lines(rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode()


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case float():
            return f"{value:.3f}".rstrip("0").rstrip(".")
        case str():
            return escape_cell(value)
    return str(value)


def _of_day(day: Day, found: Figures) -> Sequence[object]:
    return (
        day.date,
        (day.ends - day.begins).total_seconds() / 3600,
        *(getattr(found, name) for name in _COUNTS),
        None if found.response_s is None else found.response_s / 60,
        found.visits,
        found.seen,
        found.travel_share,
        found.stops_timed,
        found.subjects_followed,
        found.subjects_seen,
        found.occurrences_done,
        found.occurrences_missed,
        sum(found.alarms.values()),
        *(found.waiting[reason].tasks if reason in found.waiting else 0 for reason in _REASONS),
        *(found.waiting[reason].seconds / 3600 if reason in found.waiting else 0 for reason in _REASONS),
    )


def _of_teams(found: DistrictFigures) -> Iterator[Sequence[object]]:
    for number, day in enumerate(found.days):
        for team in found.teams:
            done = (series[number] for series in (team.visits, team.seen, team.shift_h))
            yield day.date, team.code, team.name, *done


def _of_members(found: DistrictFigures, *, named: bool) -> Iterator[Sequence[object]]:
    for number, day in enumerate(found.days):
        for member in found.members:
            done = (series[number] for series in (member.visits, member.recorded, member.shift_h))
            yield day.date, member.member_id, member.name if named else None, member.role, *done
