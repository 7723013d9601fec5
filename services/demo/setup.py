"""A district made through the API: grids, members, teams, shifts. Its ids follow from its code, so that making it again changes nothing."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from services.demo.city import Area, City
from services.demo.client import Api
from services.demo.workload import person

ROLES = ("grid_worker", "doctor", "police")
_CAPABILITIES = {"grid_worker": ("english", "woman"), "doctor": ("swab", "english", "woman"), "police": ()}
_AT_ONCE = 4
"""Requests in flight while setting up: PINs are hashed two at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person with a phone."""

    id: UUID
    name: str
    phone: str
    pin: str
    role: str
    capabilities: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    id: UUID
    code: str
    name: str
    home: Area
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a district should have. `shifts` are each team's, from – until."""

    code: str
    name: str
    city: City
    teams: tuple[Team, ...]
    shifts: Sequence[tuple[datetime, datetime]]
    settings: Mapping[str, Any]

    @property
    def id(self) -> UUID:
        return _id(self.code, "district")


def planned_teams(code: str, city: City, count: int, rng: random.Random) -> tuple[Team, ...]:
    """`count` teams of three with phone numbers and PINs, one grid after the other as their home."""
    return tuple(_team(code, number, city.areas[(number - 1) % len(city.areas)], rng) for number in range(1, count + 1))


async def set_up(api: Api, plan: Plan) -> None:
    """Make the whole district. `api` is an admin's."""
    body = {"id": str(plan.id), "code": plan.code, "name": plan.name, "time_zone": plan.city.time_zone}
    await api.post("/v1/districts", {**body, "settings": dict(plan.settings)})
    features = [_feature(area) for area in plan.city.areas]
    await api.put("/v1/grids", {"type": "FeatureCollection", "features": features}, district=plan.code)
    limit = asyncio.Semaphore(_AT_ONCE)

    async def make(team: Team) -> None:
        async with limit:
            await _make_team(api, plan, team)

    await asyncio.gather(*(make(team) for team in plan.teams))
    await _believe_quick_visits(api, plan)
    await api.post("/v1/shifts", [_shift_body(plan, team, *span) for team in plan.teams for span in plan.shifts])


async def _believe_quick_visits(api: Api, plan: Plan) -> None:
    """The day that is played lasts minutes: every visit in it would look too quick."""
    kinds = await api.get("/v1/kinds", district=plan.code, limit="100")
    for kind in kinds["items"]:
        if kind["quick_s"] is not None:
            await api.patch(f"/v1/kinds/{kind['id']}", {"quick_s": None})


async def _make_team(api: Api, plan: Plan, team: Team) -> None:
    for member in team.members:
        await api.post("/v1/members", _member_body(plan, member))
    lat, lon = team.home.middle()
    body = {
        "id": str(team.id),
        "district": plan.code,
        "code": team.code,
        "name": team.name,
        "home_grid": team.home.code,
    }
    people = [{"member_id": str(member.id)} for member in team.members]
    await api.post("/v1/teams", {**body, "start": {"lat": lat, "lon": lon}, "members": people})


def _shift_body(plan: Plan, team: Team, starts_at: datetime, ends_at: datetime) -> dict[str, Any]:
    return {
        "id": str(_id(plan.code, f"shift {team.code} {starts_at.isoformat()}")),
        "team_id": str(team.id),
        "starts_at": starts_at.isoformat(),
        "ends_at": ends_at.isoformat(),
    }


def _member_body(plan: Plan, member: Member) -> dict[str, Any]:
    return {
        "id": str(member.id),
        "district": plan.code,
        "name": member.name,
        "phone": member.phone,
        "pin": member.pin,
        "role": member.role,
        "capabilities": list(member.capabilities),
    }


def _team(code: str, number: int, home: Area, rng: random.Random) -> Team:
    members = tuple(_member(code, f"{number}-{role}", role, rng) for role in ROLES)
    return Team(
        id=_id(code, f"team {number}"),
        code=f"team-{number:02}",
        name=f"第{number}小队 Team {number}",
        home=home,
        members=members,
    )


def _member(code: str, label: str, role: str, rng: random.Random) -> Member:
    extra = [capability for capability in _CAPABILITIES[role] if capability == "swab" or rng.random() < 0.4]
    return Member(
        id=_id(code, f"member {label}"),
        name=person(rng),
        phone=f"+86 138 {rng.randrange(10_000):04} {rng.randrange(10_000):04}",
        pin=f"{rng.randrange(1_000_000):06}",
        role=role,
        capabilities=tuple(extra),
    )


def _feature(area: Area) -> dict[str, Any]:
    return {"type": "Feature", "id": area.code, "properties": {"name": area.name}, "geometry": dict(area.geometry)}


def _id(code: str, label: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"doorstep:{code}:{label}")
