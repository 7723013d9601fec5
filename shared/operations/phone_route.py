"""What a phone shows, read as one consistent picture and cut to what its member's role may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.domain.calls import stands_in
from shared.domain.clock import start_of_day
from shared.domain.errors import NotFound
from shared.domain.handover import Ending
from shared.domain.kind import FEVER, asks_for_temperature
from shared.domain.phone import (
    NEUTRAL_NAMES,
    Colleague,
    Form,
    PhoneCaller,
    PhoneFollowUp,
    PhoneHandover,
    PhoneRoute,
    PhoneSpecimens,
    PhoneStop,
    PhoneSubject,
    PhoneTask,
    Recorded,
    Self,
    ShiftNowOrNext,
    sees_medical_facts,
)
from shared.domain.reports import told
from shared.domain.routing import TeamOnShift
from shared.domain.words import Channel, Duty
from shared.operations.handover import ending_of_row
from shared.operations.phone_alarms import load_phone_alarms
from shared.operations.walks import load_teams
from shared.store import districts, handovers, members, memberships, phone_routes, routes, teams, visits
from shared.store.connection import Connection, Record


async def load_self(conn: Connection, member_id: UUID, now: datetime) -> Self:
    """Raises NotFound."""
    member = await members.select_member(conn, member_id)
    district = await districts.select_district(conn, member.district_id) if member else None
    if member is None or district is None:
        raise NotFound
    team_id = await memberships.select_team_of_member(conn, member_id, now)
    if team_id is None:
        return Self(member=member, district=district)
    roster = await memberships.select_roster(conn, [team_id], now)
    shift = await phone_routes.select_shift_now_or_next(conn, team_id, now)
    return Self(
        member=member,
        district=district,
        team=await teams.select_team(conn, team_id),
        colleagues=tuple(
            Colleague(id=row["member_id"], name=row["name"], role=row["role"], duty=row["duty"])
            for row in roster
            if row["member_id"] != member_id
        ),
        shift=ShiftNowOrNext(**shift) if shift else None,
    )


async def load_phone_route(conn: Connection, member_id: UUID, now: datetime) -> PhoneRoute:
    """The route as one consistent picture. Raises NotFound where there is no such member."""
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        myself = await load_self(conn, member_id, now)
        recorded = await _recorded_today(conn, myself, now)
        to_correct = [visit.kind for visit in recorded if visit.kind is not None]
        if myself.team is None:
            return PhoneRoute(
                accept_limit=myself.district.settings.accept_limit,
                forms=await _forms(conn, myself, to_correct),
                recorded_today=recorded,
            )
        team_id = myself.team.id
        (team,) = await load_teams(conn, myself.district.settings, now=now, team_ids=[team_id])
        held = {row["id"]: row for row in await phone_routes.select_held_tasks(conn, team_id)}
        route = await routes.select_route(conn, team_id)
        settings = myself.district.settings
        ending = ending_of_row(await handovers.select_ending(conn, team_id, now), settings)
        came = await _handovers(conn, myself, held)
        seen = _Seen(myself=myself, team=team, held=held, handovers=came, ending=ending, now=now)
        return PhoneRoute(
            team_id=team_id,
            version=myself.team.route_version,
            planned_at=route["planned_at"] if route else None,
            accept_limit=settings.accept_limit,
            ending=None if ending is None or ending.goes_on else ending,
            stops=_stops(seen, route),
            forms=await _forms(conn, myself, [*(row["kind"] for row in held.values()), *to_correct]),
            recorded_today=recorded,
            alarms=await load_phone_alarms(conn, team_id, myself.member.role),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What stops are shown from: who looks and when, the team with its walk, and everything about the tasks that it holds."""

    myself: Self
    team: TeamOnShift
    held: Mapping[UUID, Record]
    handovers: Mapping[UUID, tuple[PhoneHandover, ...]]
    ending: Ending | None
    now: datetime


async def _handovers(
    conn: Connection, myself: Self, task_ids: Iterable[UUID]
) -> Mapping[UUID, tuple[PhoneHandover, ...]]:
    medical = sees_medical_facts(myself.member.role)
    came: dict[UUID, tuple[PhoneHandover, ...]] = {}
    for row in await handovers.select_notes(conn, list(task_ids)):
        one = PhoneHandover(from_team=row["from_team"], at=row["at"], note=row["note"] if medical else None)
        came[row["task_id"]] = (*came.get(row["task_id"], ()), one)
    return came


def _stops(seen: _Seen, route: Record | None) -> tuple[PhoneStop, ...]:
    """The stops as they were planned: the list on a phone does not drift with the clock."""
    stops = []
    has_break = route is not None and any(
        work.is_break and work.task_id in route["task_ids"] for work in seen.team.works
    )
    for stop in route["stops"] if route else []:
        if stop.get("break"):
            stops += [_break(stop)] if has_break else []
            continue
        task_ids = [UUID(task_id) for task_id in stop["task_ids"]]
        begins = dict(zip(task_ids, map(datetime.fromisoformat, stop["begin_at"]), strict=True))
        here = [seen.held[task_id] for task_id in task_ids if task_id in seen.held]
        if here:
            stops.append(_stop(seen, here, begins, stop))
    return tuple(stops)


def _break(stop: Mapping[str, Any]) -> PhoneStop:
    return PhoneStop(
        arrive_at=datetime.fromisoformat(stop["begin_at"][0]),
        leave_at=datetime.fromisoformat(stop["leave_at"]),
        is_break=True,
    )


def _stop(seen: _Seen, here: Sequence[Record], begins: Mapping[UUID, datetime], stop: Mapping[str, Any]) -> PhoneStop:
    door = here[0]
    return PhoneStop(
        household_id=door["household_id"],
        address=door["address"] or "",
        lat=door["lat"],
        lon=door["lon"],
        access_notes=door["access_notes"] or "",
        travel_s=stop["travel_s"],
        arrive_at=datetime.fromisoformat(stop["arrive_at"]),
        leave_at=datetime.fromisoformat(stop["leave_at"]),
        tasks=tuple(_task(seen, row, begins[row["id"]]) for row in here),
    )


def _task(seen: _Seen, row: Record, begin_at: datetime) -> PhoneTask:
    role = seen.myself.member.role
    needed = role in row["roles"]
    medical = sees_medical_facts(role)
    return PhoneTask(
        id=row["id"],
        kind=row["kind"] if medical else None,
        names=row["names"] if medical else NEUTRAL_NAMES[row["channel"]],
        channel=row["channel"],
        status=row["status"],
        accepted=row["accepted_at"] is not None,
        pinned=row["pinned"],
        kept=seen.ending is not None and seen.ending.was_kept(row["kept_at"]),
        assigned_at=row["assigned_at"],
        under_way=row["departed_at"] is not None or row["arrived_at"] is not None,
        needed=needed,
        departed_at=row["departed_at"],
        arrived_at=row["arrived_at"],
        begin_at=begin_at,
        earliest=row["earliest"],
        due_at=row["due_at"],
        service_s=row["service_s"],
        suit=row["suit"],
        priority=row["priority"],
        instructions=row["instructions"] if medical else "",
        subject=_subject(row, medical=medical, needed=needed),
        caller=_caller(seen.myself, row),
        capabilities=tuple(row["capabilities"]) if medical else (),
        attempt=row["attempts"] + 1,
        max_attempts=row["max_attempts"],
        form_version=row["form_version"] if medical else None,
        warnings=tuple(_warnings(seen.team, row, begin_at, seen.now, medical=medical)),
        handovers=seen.handovers.get(row["id"], ()),
        follow_up=_follow_up(row) if medical else None,
        specimens=_specimens(row) if medical else None,
    )


def _follow_up(row: Record) -> PhoneFollowUp | None:
    day = row["follow_up_day"]
    return None if day is None else PhoneFollowUp(day=day, days=row["follow_up_days"])


def _specimens(row: Record) -> PhoneSpecimens | None:
    if row["tubes"] is None:
        return None
    return PhoneSpecimens(expected=row["tubes"], pick_up_point=row["pick_up_point"])


def _caller(myself: Self, row: Record) -> PhoneCaller | None:
    """Who was named when the team got the call; where that member is off duty, or not on it any more, who stands in."""
    if row["channel"] != Channel.PHONE:
        return None
    me = Colleague(id=myself.member.id, name=myself.member.name, role=myself.member.role, duty=myself.member.duty)
    team = (me, *myself.colleagues)
    named = next((one for one in team if one.id == row["caller_id"] and one.duty != Duty.OFF), None)
    named = named or stands_in(team, row["roles"])
    return None if named is None else PhoneCaller(name=named.name, role=named.role, is_me=named is me)


def _subject(row: Record, *, medical: bool, needed: bool) -> PhoneSubject | None:
    if row["subject_id"] is None or not (medical or needed):
        return None
    if not medical:
        return PhoneSubject(name=row["subject_name"])
    return PhoneSubject(name=row["subject_name"], phone=row["subject_phone"], flags=row["subject_flags"])


def _warnings(team: TeamOnShift, row: Record, begin_at: datetime, now: datetime, *, medical: bool) -> list[str]:
    warnings = []
    if begin_at > row["due_at"]:
        warnings.append("late")
    if now > row["due_at"]:
        warnings.append("overdue")
    if not set(row["roles"]) <= team.roles:
        warnings.append("role_missing")
    if medical and not set(row["capabilities"]) <= team.capabilities:
        warnings.append("capability_missing")
    if row["channel"] == Channel.VISIT and row["lat"] is None:
        warnings.append("no_location")
    return warnings


async def _forms(conn: Connection, myself: Self, kinds: Iterable[str]) -> tuple[Form, ...]:
    if not sees_medical_facts(myself.member.role):
        return ()
    forms = await phone_routes.select_current_forms(conn, myself.district.id, set(kinds), alert=FEVER)
    line = myself.district.settings.fever_line_c
    return tuple(
        Form(
            kind=row["kind"],
            version=row["version"],
            schema=row["schema"],
            fever_above_c=line if asks_for_temperature(row["schema"]) else None,
            on_fever=tuple(row["follow_ons"]),
        )
        for row in forms
    )


async def _recorded_today(conn: Connection, myself: Self, now: datetime) -> tuple[Recorded, ...]:
    since = start_of_day(now, myself.district.time_zone)
    medical = sees_medical_facts(myself.member.role)
    return tuple(
        _recorded(row, medical=medical) for row in await visits.select_visits_since(conn, myself.member.id, since)
    )


def _recorded(row: Record, *, medical: bool) -> Recorded:
    return Recorded(
        id=row["id"],
        task_id=row["task_id"],
        kind=row["kind"] if medical else None,
        names=row["names"] if medical else NEUTRAL_NAMES[row["channel"]],
        address=row["address"] or "",
        at=row["corrected_at"],
        received_at=row["received_at"],
        struck=row["struck_at"] is not None,
        replaces_id=row["replaces_id"],
        outcome=row["outcome"] if medical else None,
        result=row["result"] if medical else None,
        form_version=row["form_version"] if medical else None,
        note=row["note"] if medical else None,
        needs_review=told(row["needs_review"]) if medical else (),
    )
