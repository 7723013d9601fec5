"""Breaks as they are had: begun, over, or still ahead after all. The rule is in `shared.domain.breaks`.

Callers of `note_…` hold the team's lock.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.routing import Work
from shared.domain.team import Shift
from shared.domain.words import Duty
from shared.operations.walks import lock_team, rewrite_routes
from shared.store import memberships, routes, shifts
from shared.store.connection import Connection
from shared.store.events import NewEvent, insert_events


async def note_duty(
    conn: Connection, team_id: UUID, member_id: UUID, *, was: Duty, duty: Duty, at: datetime, now: datetime
) -> None:
    """A member went on a break at `at`: the team's begins, if it is one. Or came back as the last: then it is over."""
    if duty is not Duty.BREAK and was is not Duty.BREAK:
        return
    others_rest = await _somebody_rests(conn, team_id, now, but=member_id)
    if duty is Duty.BREAK:
        await _begin_announced(conn, team_id, at, now, announced_before=others_rest)
    elif not others_rest:
        await note_setting_out(conn, team_id, at, now)


async def note_setting_out(conn: Connection, team_id: UUID, at: datetime, now: datetime) -> None:
    """The team works again from `at` on: a break under way is over then, or still ahead where little of it was had."""
    shift = await shifts.select_shift_at(conn, team_id, at)
    if shift is None or shift.break_ is None or shift.break_began_at is None or shift.break_over_at is None:
        return
    if not shift.break_began_at <= at < shift.break_over_at:
        return
    if shift.break_.was_had(shift.break_began_at, at):
        await _write(conn, shift, shift.break_began_at, at, "break_over", now)
    else:
        await _write(conn, shift, None, None, "break_put_off", now)


async def note_visit(conn: Connection, team_id: UUID, at: datetime, now: datetime) -> None:
    """A visit was made at `at`: a break that nobody announced was none. One announced is not ended by what is recorded in it."""
    if not await _somebody_rests(conn, team_id, now):
        await note_setting_out(conn, team_id, at, now)


async def show_break(conn: Connection, team_id: UUID, shift_id: UUID, now: datetime) -> None:
    """After a change of that shift's break: write the team's route anew where it has it or should have it."""
    district, team = await lock_team(conn, team_id, now)
    route = await routes.select_route(conn, team_id)
    if team.shift_id == shift_id or (route is not None and shift_id in route["task_ids"]):
        await rewrite_routes(conn, [(team, team.works)], district_id=district.id, now=now, why="break")


async def settle_break(conn: Connection, team_id: UUID, now: datetime) -> None:
    """Put the break into the team's route where it is missing there; begin it, unannounced, where it is next and its planned time has come.

    Raises NotFound where the team is gone.
    """
    async with conn.transaction():
        _, team = await lock_team(conn, team_id, now)
        ahead = next((work for work in team.works if work.is_break and not work.is_under_way), None)
        shift = await shifts.select_shift(conn, ahead.task_id) if ahead else None
        if ahead is None or shift is None:
            return
        route = await routes.select_route(conn, team_id)
        if route is None or ahead.task_id not in route["task_ids"]:
            await show_break(conn, team_id, ahead.task_id, now)
        elif team.works[0] is ahead and (planned_at := _planned_first(route["stops"], ahead)) and planned_at <= now:
            await _begin(conn, shift, planned_at, now)


def _planned_first(stops: list[Mapping[str, Any]], ahead: Work) -> datetime | None:
    """When the break was planned to begin, where it is the first of the stops."""
    if not stops or not stops[0].get("break"):
        return None
    return max(ahead.earliest, datetime.fromisoformat(stops[0]["begin_at"][0]))


async def _begin_announced(
    conn: Connection, team_id: UUID, at: datetime, now: datetime, *, announced_before: bool
) -> None:
    """The word of the first who says so counts, also against the plan's guess while that lasts."""
    shift = await shifts.select_shift_at(conn, team_id, at)
    if shift is None or shift.break_ is None or not shift.break_.may_begin(at):
        return
    if shift.break_over_at is not None and (announced_before or shift.break_over_at <= at):
        return
    await _begin(conn, shift, at, now)


async def _begin(conn: Connection, shift: Shift, at: datetime, now: datetime) -> None:
    assert shift.break_ is not None, "the caller looked"  # noqa: S101 - for the type
    await _write(conn, shift, at, at + shift.break_.duration, "break_began", now)


async def _write(
    conn: Connection, shift: Shift, began_at: datetime | None, over_at: datetime | None, what: str, now: datetime
) -> None:
    """Keep it, tell it, and write the route anew."""
    await shifts.update_break_had(conn, shift.id, began_at, over_at)
    event = NewEvent(
        district_id=shift.district_id,
        at=now,
        name="shift.changed",
        team_id=shift.team_id,
        data={"what": what, "shift_ids": [str(shift.id)]},
    )
    await insert_events(conn, [event])
    await show_break(conn, shift.team_id, shift.id, now)


async def _somebody_rests(conn: Connection, team_id: UUID, now: datetime, *, but: UUID | None = None) -> bool:
    roster = await memberships.select_roster(conn, [team_id], now)
    return any(row["active"] and row["duty"] == Duty.BREAK and row["member_id"] != but for row in roster)
