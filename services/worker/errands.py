"""The day's errands: what the clock makes due, each found by looking into Postgres and dealt with row by row.

A stop of any length costs nothing but delay, because nothing is timed: an errand asks what is due by now, never what became due lately.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

from shared.domain.alarm import ABOUT_TEAMS, BY_THE_CLOCK
from shared.domain.district import DistrictSettings
from shared.domain.words import AlarmCode, RestRule
from shared.operations import alarm_clock, breaks, follow_ups, handover, lateness, left_open, occurrences, release, rest
from shared.operations import members as people
from shared.operations.contact_plans import plan_contacts
from shared.operations.retention import find_old, redact
from shared.operations.specimens import look_at_leg, sort_task
from shared.store import contacts, follow_up_occurrences, members, memberships, rests, routes, shifts, specimens, tasks
from shared.store import follow_ups as stored_follow_ups
from shared.store.connection import Connection, Record

ALARMS_EVERY_S = 5.0
"""Against minutes after which somebody is told."""
TEAM_ALARMS_EVERY_S = 15.0
"""Looking at how 5,000 teams stand takes Postgres a fifth of a second each; at 100,000 tasks, by index, half of that."""
LATE_ROUTES_EVERY_S = 5.0
"""Against ten minutes of lateness."""

LEFT_OPEN_EVERY_S = 15.0
"""Against ten minutes after a shift."""
REST_EVERY_S = 5.0
"""Against hours in a suit, or of rest."""
SOON_EVERY_S = 2.0
"""What somebody may watch for on a page: a break that begins, the tasks of a plan just made."""
OCCURRENCES_EVERY_S = 5.0
"""Against a task that stands for hours until the next one takes its place."""
DAYS_EVERY_S = 30.0
"""Against whole days of a follow-up."""

Find: TypeAlias = Callable[[Connection, datetime, int], Awaitable[Sequence[Record]]]
"""What is due by `now`, oldest first, at most so many rows; each with its district_id."""
Deal: TypeAlias = Callable[[Connection, Record, datetime], Awaitable[object]]
"""Do what is due of one row in a transaction of its own. Dealing with it again does no harm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One thing that the clock makes due. `every_s`: how long between two looks (0: whenever sweeps come round); `nudges`: what it
    does is news for the placer."""

    name: str
    find: Find
    deal: Deal
    every_s: float = 0.0
    nudges: bool = False


async def _end_shift(conn: Connection, row: Record, now: datetime) -> None:
    await handover.close_ended_shift(conn, row["id"], row["team_id"], now)


async def _settle_membership(conn: Connection, row: Record, now: datetime) -> None:
    await release.settle_ended_membership(conn, row["id"], row["team_id"], now)


async def _settle_rest(conn: Connection, row: Record, now: datetime) -> None:
    await rest.settle_rest(conn, row["shift_id"], row["member_id"], row["team_id"], now)


async def _judge_rest(conn: Connection, row: Record, now: datetime) -> None:
    await rest.judge_anew(conn, row["district_id"], row["member_ids"], now)


async def _tell_rest(conn: Connection, row: Record, now: datetime) -> None:
    rule = RestRule(row["rule"])
    await rest.tell_rest(conn, row["district_id"], row["shift_id"], row["member_id"], row["team_id"], rule, now)


async def _find_long_suits(conn: Connection, now: datetime, most: int) -> Sequence[Record]:
    usual_s = DistrictSettings().suit_limit_s
    usual = None if usual_s is None else timedelta(seconds=usual_s)
    return await members.select_long_in_suits(conn, now, usual_limit=usual, most=most)


async def _note_long_suit(conn: Connection, row: Record, now: datetime) -> None:
    await people.note_long_suit(conn, row["id"], now)


async def _take_suit_off(conn: Connection, row: Record, now: datetime) -> None:
    await people.set_suit(conn, row["id"], on=False, now=now)


async def _settle_break(conn: Connection, row: Record, now: datetime) -> None:
    await breaks.settle_break(conn, row["team_id"], now)


async def _expire(conn: Connection, row: Record, now: datetime) -> None:
    await release.expire_task(conn, row["id"], now)


async def _find_late_routes(conn: Connection, now: datetime, most: int) -> Sequence[Record]:
    usually_after = timedelta(seconds=DistrictSettings().late_after_s)
    return await routes.select_late(conn, now, usually_after=usually_after, most=most)


async def _lay_out_late_route(conn: Connection, row: Record, now: datetime) -> None:
    await lateness.lay_out_late_route(conn, row["team_id"], now)


async def _sort_specimens(conn: Connection, row: Record, now: datetime) -> None:
    await sort_task(conn, row["task_id"], now)


async def _look_at_leg(conn: Connection, row: Record, now: datetime) -> None:
    await look_at_leg(conn, row["task_id"], now)


def _raising(what: AlarmCode) -> Errand:
    async def find(conn: Connection, now: datetime, most: int) -> Sequence[Record]:
        return await alarm_clock.find_causes(conn, what, now, most)

    async def deal(conn: Connection, row: Record, now: datetime) -> None:
        await alarm_clock.raise_found(conn, what, row, now)

    every_s = TEAM_ALARMS_EVERY_S if what in ABOUT_TEAMS else ALARMS_EVERY_S
    return Errand(name=f"raise_{what}", find=find, deal=deal, every_s=every_s)


_ALARMS = (
    Errand(name="clear_alarms", find=alarm_clock.find_over, deal=alarm_clock.clear_found, every_s=ALARMS_EVERY_S),
    *(_raising(what) for what in AlarmCode if what in BY_THE_CLOCK),
    Errand(
        name="escalate_alarms",
        find=alarm_clock.find_escalating,
        deal=alarm_clock.escalate_found,
        every_s=ALARMS_EVERY_S,
    ),
)


async def _replan_follow_up(conn: Connection, row: Record, now: datetime) -> None:
    await follow_ups.replan_follow_up(conn, row["id"], now)


async def _complete_follow_up(conn: Connection, row: Record, now: datetime) -> None:
    await follow_ups.complete_if_over(conn, row["id"], now)


async def _lose_follow_up(conn: Connection, row: Record, now: datetime) -> None:
    await follow_ups.lose_if_unseen(conn, row["id"], now)


ERRANDS: tuple[Errand, ...] = (
    Errand(name="end_shifts", find=shifts.select_ended_unclosed, deal=_end_shift, nudges=True),
    Errand(
        name="tell_of_left_open",
        find=left_open.find_left_open,
        deal=left_open.tell_of_left_open,
        every_s=LEFT_OPEN_EVERY_S,
    ),
    Errand(name="end_memberships", find=memberships.select_ended_unsettled, deal=_settle_membership, nudges=True),
    Errand(name="end_rests", find=rests.select_over_unsettled, deal=_settle_rest, every_s=REST_EVERY_S, nudges=True),
    Errand(name="judge_rest", find=rests.select_checks, deal=_judge_rest, every_s=SOON_EVERY_S, nudges=True),
    Errand(name="tell_rests", find=rests.select_untold, deal=_tell_rest, every_s=REST_EVERY_S),
    Errand(name="note_long_suits", find=_find_long_suits, deal=_note_long_suit, every_s=REST_EVERY_S),
    Errand(name="end_suits", find=members.select_suits_after_shifts, deal=_take_suit_off, every_s=REST_EVERY_S),
    Errand(name="settle_breaks", find=shifts.select_breaks_due, deal=_settle_break, every_s=SOON_EVERY_S),
    Errand(name="expire", find=tasks.select_expiring, deal=_expire, every_s=SOON_EVERY_S),
    Errand(name="lay_out_late", find=_find_late_routes, deal=_lay_out_late_route, every_s=LATE_ROUTES_EVERY_S),
    Errand(name="sort_specimens", find=specimens.select_to_sort, deal=_sort_specimens, every_s=5.0, nudges=True),
    Errand(name="look_at_legs", find=specimens.select_legs_to_look_at, deal=_look_at_leg, every_s=10.0),
    *_ALARMS,
    Errand(
        name="plan_contacts",
        find=contacts.select_districts_to_plan,
        deal=plan_contacts,
        every_s=SOON_EVERY_S,
        nudges=True,
    ),
    Errand(
        name="replan_follow_ups", find=stored_follow_ups.select_to_replan, deal=_replan_follow_up, every_s=SOON_EVERY_S
    ),
    Errand(
        name="make_occurrences",
        find=follow_up_occurrences.select_to_make,
        deal=occurrences.make_due,
        every_s=SOON_EVERY_S,
        nudges=True,
    ),
    Errand(
        name="settle_occurrences",
        find=follow_up_occurrences.select_to_settle,
        deal=occurrences.settle_due,
        every_s=OCCURRENCES_EVERY_S,
    ),
    Errand(
        name="settle_what_came_back",
        find=follow_up_occurrences.select_to_settle_again,
        deal=occurrences.settle_again,
        every_s=OCCURRENCES_EVERY_S,
    ),
    Errand(
        name="lose_follow_ups", find=stored_follow_ups.select_maybe_lost, deal=_lose_follow_up, every_s=DAYS_EVERY_S
    ),
    Errand(
        name="complete_follow_ups", find=stored_follow_ups.select_over, deal=_complete_follow_up, every_s=DAYS_EVERY_S
    ),
    Errand(name="redact", find=find_old, deal=redact, every_s=30.0),
)
