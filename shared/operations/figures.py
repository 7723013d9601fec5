"""The figures of a district over days, counted at the moment of asking, all from one snapshot."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.domain.district import District
from shared.domain.figures import (
    DistrictFigures,
    Figures,
    MemberFigures,
    TeamFigures,
    Waiting,
    days_between,
)
from shared.store import figures
from shared.store.connection import Connection, Record

_HOUR_S = 3600
_SUMMED = {
    *("visits", "seen", "stops_timed", "travel_s", "at_door_s"),
    *("subjects_followed", "subjects_seen", "occurrences_done", "occurrences_missed"),
}


async def load_figures(
    conn: Connection, district: District, first: date, last: date, *, now: datetime
) -> DistrictFigures:
    """The figures of the days from `first` to `last`, both included; of what lies ahead there are none.

    `conn` is in no transaction: all is read as of one moment.
    """
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        days = days_between(first, last, district.time_zone)
        bounds = [*(day.begins for day in days), days[-1].ends]
        made = await figures.select_visits_of_teams_by_day(conn, district.id, bounds)
        by_day, whole = await _of_days(conn, district.id, first, bounds, made, now)
        return DistrictFigures(
            days=days,
            by_day=by_day,
            whole=whole,
            teams=await _of_teams(conn, district.id, bounds, made, now),
            members=await _of_members(conn, district.id, bounds, now),
        )


async def _of_days(
    conn: Connection, district_id: UUID, first: date, bounds: Sequence[datetime], made: Sequence[Record], now: datetime
) -> tuple[list[Figures], Figures]:
    """Of each day and of all together (day None)."""
    found: dict[int | None, dict[str, Any]] = defaultdict(lambda: {"waiting": {}, "alarms": Counter()})
    for row in await figures.select_tasks_by_day(conn, district_id, bounds, now):
        if row["what"] == "visited":
            found[row["day"]]["response_s"] = row["median_s"]
        else:
            _add(found, row["day"], row["what"], row["tasks"])
    for row in await figures.select_waiting_by_day(conn, district_id, bounds, now):
        found[row["day"]]["waiting"][row["reason"]] = Waiting(tasks=row["tasks"], seconds=row["seconds"])
    for row in await figures.select_alarms_by_day(conn, district_id, bounds):
        for day in (row["day"], None):
            found[day]["alarms"][row["what"]] += row["alarms"]
    stops = await figures.select_stops_by_day(conn, district_id, bounds)
    subjects = await figures.select_subjects_by_day(conn, district_id, bounds, first, now)
    occurrences = await figures.select_occurrences_by_day(conn, district_id, bounds, first)
    for row in [*made, *stops, *subjects, *occurrences]:
        for name in _SUMMED.intersection(row.keys()):
            _add(found, row["day"], name, row[name])
    return [Figures(**found[day]) for day in range(1, len(bounds))], Figures(**found[None])


def _add(found: dict[int | None, dict[str, Any]], day: int, name: str, much: float) -> None:
    """To that day, and to all days together."""
    for one in (day, None):
        found[one][name] = found[one].get(name, 0) + much


async def _of_teams(
    conn: Connection, district_id: UUID, bounds: Sequence[datetime], made: Sequence[Record], now: datetime
) -> list[TeamFigures]:
    hours = await figures.select_shifts_of_teams_by_day(conn, district_id, bounds, now)
    table = _table("team_id", [*made, *hours])
    return [
        TeamFigures(
            team_id=row["id"],
            code=row["code"],
            name=row["name"],
            visits=_row(table[row["id"]], "visits", bounds),
            seen=_row(table[row["id"]], "seen", bounds),
            shift_h=_row(table[row["id"]], "seconds", bounds, _hours),
        )
        for row in await figures.select_teams_named(conn, district_id, list(table))
    ]


async def _of_members(
    conn: Connection, district_id: UUID, bounds: Sequence[datetime], now: datetime
) -> list[MemberFigures]:
    made = await figures.select_visits_of_members_by_day(conn, district_id, bounds)
    hours = await figures.select_shifts_of_members_by_day(conn, district_id, bounds, now)
    table = _table("member_id", [*made, *hours])
    return [
        MemberFigures(
            member_id=row["id"],
            name=row["name"],
            role=row["role"],
            visits=_row(table[row["id"]], "visits", bounds),
            recorded=_row(table[row["id"]], "recorded", bounds),
            shift_h=_row(table[row["id"]], "seconds", bounds, _hours),
        )
        for row in await figures.select_members_named(conn, district_id, list(table))
    ]


def _table(whose: str, rows: Iterable[Record]) -> dict[UUID, dict[tuple[str, int], float]]:
    """Whose → (what, day) → how much."""
    table: dict[UUID, dict[tuple[str, int], float]] = defaultdict(dict)
    for row in rows:
        if row[whose] is not None:
            table[row[whose]].update({(what, row["day"]): row[what] for what in {*row.keys()} - {whose, "day"}})
    return table


def _row(
    found: dict[tuple[str, int], Any], what: str, bounds: Sequence[datetime], shown: Callable[[Any], Any] = int
) -> list[Any]:
    return [shown(found.get((what, day), 0)) for day in range(1, len(bounds))]


def _hours(seconds: float) -> float:
    return seconds / _HOUR_S
