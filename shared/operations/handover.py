"""The end of a shift: what the team has not accepted goes to the team that follows; what it has accepted it keeps or hands over.

Every way ends in `shared.operations.holding`: a task is with the team that follows, inside its shift, or back to be placed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from shared.domain.district import District, DistrictSettings
from shared.domain.errors import NotFound, TooEarlyToHandOver
from shared.domain.handover import Ending, Handover, PassedOn, follows, pass_on
from shared.domain.ids import new_id
from shared.domain.reports import Answer, Answered, HandOver, Keep, Report
from shared.domain.routing import TeamOnShift
from shared.domain.task import Task
from shared.domain.words import EndReason, Status
from shared.operations import holding
from shared.operations.own_tasks import district_of, event_of, lock_own, team_now
from shared.operations.walks import load_teams, work_of
from shared.store import assignments, districts, handovers, rounds, shifts, tasks, teams
from shared.store.connection import Connection, Record
from shared.store.events import NewEvent, insert_events


async def close_ended_shift(conn: Connection, shift_id: UUID, team_id: UUID, now: datetime) -> None:
    """Hand over what a shift that is over left open and nobody accepted, once. Raises NotFound where the team is gone."""
    async with conn.transaction():
        found = await teams.select_team(conn, team_id)
        if found is None:
            raise NotFound("There is no such team.")
        district = await _district(conn, found.district_id)
        ending = ending_of_row(await handovers.select_ending_of_shift(conn, shift_id), district.settings)
        if ending is None:
            return
        following = await _followers(conn, district.settings, team_id, found.home_grid_id, ending, now)
        await teams.lock_teams(conn, [team_id, *following])
        shift = await shifts.select_shift(conn, shift_id)
        if shift is None or shift.ends_at > now or shift.closed_at is not None:
            return  # it was moved, removed or closed before we had the lock
        await _hand_over_rest(conn, district, team_id, following, ending, now)
        await shifts.update_closed(conn, shift_id, now)
        event = NewEvent(
            district_id=district.id, at=now, name="shift.ended", team_id=team_id, data={"shift_id": str(shift_id)}
        )
        await insert_events(conn, [event])


async def keep(conn: Connection, report: Report, said: Keep) -> Answer:
    """The team finishes these itself; what of them it had not accepted it accepts with that. Raises TooEarlyToHandOver."""
    team_id = await team_now(conn, report)
    held = await lock_own(conn, report, team_id, said.task_ids)
    district = await district_of(conn, report)
    await _ending_to_speak_of(conn, district, team_id, report.received_at)
    new = [task.id for task in held if task.status is Status.ASSIGNED]
    kept = [task.id for task in held]
    await assignments.update_kept(conn, kept, report.received_at)
    events = [event_of(report, "task.kept", team_id, task_id) for task_id in kept]
    if new:
        await assignments.update_accepted(conn, new, report.corrected_at)
        await tasks.update_status(conn, new, Status.ACCEPTED, report.received_at)
        events += [event_of(report, "task.accepted", team_id, task_id) for task_id in new]
    await insert_events(conn, events)
    await holding.rewrite_walks(conn, district, [team_id] if new else [], now=report.received_at, why="accepted")
    return Answer(status=Answered.DONE)


async def hand_over(conn: Connection, report: Report, said: HandOver) -> Answer:
    """These go to the team that follows as far as they fit into its shift, else back to be placed, with the note.

    The team that gives them does not get them again in this shift. Raises TooEarlyToHandOver.
    """
    now = report.received_at
    team_id = await team_now(conn, report)
    district = await district_of(conn, report)
    ending = await _ending_to_speak_of(conn, district, team_id, now)
    found = await teams.select_team(conn, team_id)
    home = found.home_grid_id if found else None
    following = await _followers(conn, district.settings, team_id, home, ending, now)
    held = await lock_own(conn, report, team_id, said.task_ids, with_teams=following)
    ending = await _ending_to_speak_of(conn, district, team_id, now)
    shift = await shifts.select_shift_at(conn, team_id, now)
    if shift is not None:
        for task in held:
            await tasks.update_declined(conn, task.id, shift.id)
    followers = await _those_who_follow(conn, district, team_id, following, ending, now)
    await _pass_on(conn, district, held, followers, ending, now=now, member_id=report.member_id, note=said.note.strip())
    return Answer(status=Answered.DONE, wakes_the_placer=True)


def ending_of_row(row: Record | None, settings: DistrictSettings) -> Ending | None:
    """The end of a shift as `handovers.select_ending` reads it."""
    if row is None:
        return None
    return Ending(
        shift_id=row["id"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        asks_from=row["ends_at"] - timedelta(seconds=settings.handover_ask_s),
        goes_on=row["goes_on"],
    )


async def _ending_to_speak_of(conn: Connection, district: District, team_id: UUID, now: datetime) -> Ending | None:
    """The end of the team's shift, close enough to hand over; None where it has none. Raises TooEarlyToHandOver."""
    ending = ending_of_row(await handovers.select_ending(conn, team_id, now), district.settings)
    if ending is not None and not ending.asks_at(now):
        raise TooEarlyToHandOver
    return ending


async def _hand_over_rest(
    conn: Connection, district: District, team_id: UUID, following: Sequence[UUID], ending: Ending, now: datetime
) -> None:
    """What the team was given for the shift and nobody accepted; nothing where the team's next shift began at once."""
    (team,) = await load_teams(conn, district.settings, now=now, team_ids=[team_id])
    if team.shift_id is not None and team.free_at <= now:
        return
    free = [work.task_id for work in team.works if not work.team_fixed and not work.is_under_way]
    for_it = await assignments.select_given_before(conn, free, ending.ends_at)
    locked = await tasks.lock_tasks(conn, list(for_it))
    held = [task for task in locked if task.team_id == team_id and task.status is Status.ASSIGNED]
    followers = await _those_who_follow(conn, district, team_id, following, ending, now)
    await _pass_on(conn, district, held, followers, ending, now=now)


async def _followers(
    conn: Connection,
    settings: DistrictSettings,
    team_id: UUID,
    home_grid_id: UUID | None,
    ending: Ending | None,
    now: datetime,
) -> list[UUID]:
    """The teams that may follow, to be locked and looked at again."""
    if home_grid_id is None:
        return []
    ends_at = _end(ending, now)
    starts_by = ends_at + timedelta(seconds=settings.handover_within_s)
    return await handovers.select_followers(conn, home_grid_id, besides=team_id, ends_at=ends_at, starts_by=starts_by)


async def _those_who_follow(
    conn: Connection,
    district: District,
    team_id: UUID,
    following: Sequence[UUID],
    ending: Ending | None,
    now: datetime,
) -> list[TeamOnShift]:
    """Of the teams whose locks are held those that follow this one in its grid."""
    settings = district.settings
    loaded = await load_teams(conn, settings, now=now, team_ids=[team_id, *following])
    home = next(team.home_grid_id for team in loaded if team.team_id == team_id)
    within = timedelta(seconds=settings.handover_within_s)
    others = (team for team in loaded if team.team_id != team_id)
    return [team for team in others if follows(team, home, _end(ending, now), within)]


def _end(ending: Ending | None, now: datetime) -> datetime:
    return now if ending is None else max(ending.ends_at, now)


async def _pass_on(
    conn: Connection,
    district: District,
    held: Sequence[Task],
    followers: Sequence[TeamOnShift],
    ending: Ending | None,
    *,
    now: datetime,
    member_id: UUID | None = None,
    note: str = "",
) -> None:
    """Give these locked tasks of one team to those who follow it, the rest back to be placed, and write down what went where."""
    if not held:
        return
    settings = district.settings
    passed = pass_on(
        [work_of(task) for task in held],
        followers,
        now=now,
        freeze_s=settings.freeze_s,
        home_grid_price_s=settings.home_grid_price_s,
    )
    given = [task for task in held if passed.taker_of(task.id)]
    left = [task for task in held if not passed.taker_of(task.id)]
    await _write_down(conn, held, passed, ending, now=now, member_id=member_id, note=note)
    await holding.part_with(conn, given, EndReason.SHIFT_ENDED, now=now, member_id=member_id)
    await holding.give(conn, district.id, _gains(passed), now=now, why="handed_over")
    await holding.take_back(conn, district, left, EndReason.SHIFT_ENDED, now=now, member_id=member_id)
    if not left:
        holders = {task.team_id for task in given if task.team_id is not None}
        await holding.rewrite_walks(conn, district, holders, now=now, why=EndReason.SHIFT_ENDED)
    if not passed.all_on_time:
        await rounds.insert_wish(conn, district.id, now)


def _gains(passed: PassedOn) -> list[holding.Gain]:
    return [
        holding.Gain(
            team=team,
            works=passed.walks[team_id].works,
            reasons={
                task_id: {**reason.figures(), "handed_over": True}
                for task_id, (taker, reason) in passed.reasons.items()
                if taker == team_id
            },
        )
        for team_id, team in passed.teams.items()
    ]


async def _write_down(
    conn: Connection,
    held: Sequence[Task],
    passed: PassedOn,
    ending: Ending | None,
    *,
    now: datetime,
    member_id: UUID | None,
    note: str,
) -> None:
    written = [
        Handover(
            id=new_id(),
            district_id=task.district_id,
            task_id=task.id,
            from_team_id=task.team_id,
            to_team_id=passed.taker_of(task.id),
            shift_id=ending.shift_id if ending else None,
            member_id=member_id,
            note=note,
            at=now,
        )
        for task in held
        if task.team_id is not None
    ]
    await handovers.insert_handovers(conn, written)
    await insert_events(
        conn,
        [
            NewEvent(
                district_id=one.district_id,
                at=now,
                name="task.handed_over",
                task_id=one.task_id,
                team_id=one.to_team_id,
                member_id=member_id,
                data={"handover_id": str(one.id), "from_team_id": str(one.from_team_id)},
            )
            for one in written
        ],
    )


async def _district(conn: Connection, district_id: UUID) -> District:
    district = await districts.select_district(conn, district_id)
    if district is None:
        raise NotFound("There is no such district.")
    return district
