"""A believable district in the middle of a day, for pictures and for judging the pages as they look when they are full."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import aiohttp

from services.demo.city import City, made_up_city
from services.demo.client import Api
from services.demo.phones import log_in
from services.demo.results import made_up_result
from services.demo.setup import Member, Plan, Team, planned_teams, set_up
from services.demo.workload import arrivals
from shared.domain.clock import utc_now
from shared.domain.words import Permission
from shared.operations.accounts import create_account, make_program_token
from shared.operations.sessions import hash_secret
from shared.store.connection import Connection
from tests.web.district import PIN, SECRET, Person

_SEED = 11
_NAME = "柳河街道"
_TEAMS, _TASKS = 10, 130
_WALKING = 7  # teams whose phones were heard today
_DESKS = {Permission.COORDINATOR: "陈静", Permission.AUDITOR: "审计-周"}


@dataclass(frozen=True, kw_only=True)
class Show:
    """`phones` and `doctors` are the teams' grid workers and doctors, one a team; `idle` is on no team. `api` is an admin's."""

    code: str
    api: Api
    admin: Person
    coordinator: Person
    auditor: Person
    teams: Sequence[str]
    phones: Sequence[Person]
    doctors: Sequence[Person]
    police: Person
    idle: Person
    start: tuple[float, float]

    async def give(self, team: int, kind: str, address: str, **task: Any) -> str:
        """Post a task at a door and pin it to a team; its id."""
        lat, lon = self.start
        door = {"address": address, "lat": lat, "lon": lon, "access_notes": "门禁密码 2580，电梯右转"}
        made = await self.api.post("/v1/tasks", {"district": self.code, "kind": kind, "household": door, **task})
        await self.api.post(f"/v1/tasks/{made['id']}/assign", {"team": self.teams[team], "force": True})
        return str(made["id"])

    async def end_soon(self, team: int, follower: int) -> None:
        """The team's shift ends in twenty minutes; another, on shift for longer, is at home in its grid."""
        now = utc_now()
        mine = await self.api.get(f"/v1/teams/{self.teams[team]}")
        await self.api.patch(f"/v1/teams/{self.teams[follower]}", {"home_grid": mine["home_grid_id"]})
        today = {"since": now.isoformat(), "until": (now + timedelta(minutes=1)).isoformat()}
        (shift,) = (await self.api.get("/v1/shifts", district=self.code, team_id=self.teams[team], **today))["items"]
        await self.api.patch(f"/v1/shifts/{shift['id']}", {"ends_at": (now + timedelta(minutes=20)).isoformat()})

    async def follow(self, name: str, address: str, protocol: str, *, days: int) -> None:
        """Somebody whose follow-up counts from so many days ago."""
        lat, lon = self.start
        first_day = (utc_now() - timedelta(days=days)).date().isoformat()
        door = {"address": address, "lat": lat, "lon": lon}
        plan = {"subject": {"name": name, "phone": f"+86138001390{days:02}"}, "household": door, "protocol": protocol}
        await self.api.post("/v1/follow-ups", {"district": self.code, "first_day": first_day, **plan})

    async def make_a_pick_up_point(self, name: str) -> None:
        lat, lon = self.start
        lab = "区疾控中心实验室，柳河大道 5 号"
        point = {"district": self.code, "name": name, "lat": lat, "lon": lon, "lab_address": lab}
        await self.api.post("/v1/pick-up-points", point)

    async def swab(self, team: int, address: str, tube_code: str) -> None:
        """The team's doctor takes a swab at a door."""
        task_id = await self.give(team, "home_swab", address, subject={"name": "孙丽", "phone": "+8613800138003"})
        result = {"sample_taken": True, "tube_code": tube_code}
        await self.say(
            self.doctors[team], report="visit", task_id=task_id, outcome="seen_ok", result=result, form_version=1
        )

    async def say(self, person: Person, **report: Any) -> None:
        """What somebody reports by another phone than those that are looked at."""
        body = {"phone": person.phone, "pin": person.pin, "district": self.code}
        answer = await self.api.send("POST", "/v1/sessions", body)
        await _send(self.api.with_token(answer.body["token"]), [report])


async def make_show(conn: Connection, http: aiohttp.ClientSession, url: str, *, code: str = "liuhe") -> Show:
    """Teams on shift, a day's tasks on their walks, some done, some late, some waiting for a reason. Workers must run."""
    admin, token = await _admin(conn, code)
    api = Api(http, url, token)
    now = utc_now()
    city = made_up_city(_SEED, columns=4, rows=4)
    teams = planned_teams(code, city, _TEAMS, random.Random(code))
    shifts = [
        (now - timedelta(hours=1), now + timedelta(hours=7)),
        (now + timedelta(hours=23), now + timedelta(hours=31)),
    ]
    await set_up(api, Plan(code=code, name=_NAME, city=city, teams=teams, shifts=shifts, settings={}))
    tasks = [*_late(city), *(task.body for task in arrivals(city, _TASKS, _SEED)), *_waiting(city)]
    await api.post("/v1/tasks/batch", {"district": code, "tasks": tasks})
    await _until_placed(conn, code)
    for number, team in enumerate(teams[:_WALKING]):
        await _walk(api, code, team, visits=number % 4, seed=number)
    await _break_something(api, teams)
    desks = {permission: await _desk(api, code, permission) for permission in _DESKS}
    idle = {
        "name": "林小满",
        "phone": f"+86 135 {random.Random(code).randrange(10**8):08}",
        "pin": PIN,
        "role": "grid_worker",
    }
    made = await api.post("/v1/members", {"district": code, **idle})
    return Show(
        code=code,
        api=api,
        admin=admin,
        coordinator=desks[Permission.COORDINATOR],
        auditor=desks[Permission.AUDITOR],
        teams=[str(team.id) for team in teams],
        phones=[_person(team.members[0]) for team in teams],
        doctors=[_person(team.members[1]) for team in teams],
        police=_person(teams[5].members[2]),
        idle=Person(id=made["id"], name=idle["name"], phone=idle["phone"]),
        start=city.areas[8].middle(),
    )


async def _admin(conn: Connection, code: str) -> tuple[Person, str]:
    now = utc_now()
    hashed = await hash_secret(SECRET)
    account = await create_account(
        conn, name=f"admin-{code}", secret_hash=hashed, permission=Permission.ADMIN, districts=(), now=now
    )
    _, token = await make_program_token(conn, account["id"], label="show", now=now, expires_at=now + timedelta(hours=3))
    return Person(id=account["id"], name=account["name"]), token


async def _desk(api: Api, code: str, permission: Permission) -> Person:
    name = f"{_DESKS[permission]}-{code}"
    made = await api.post(
        "/v1/accounts", {"name": name, "secret": SECRET, "permission": permission, "districts": [code]}
    )
    return Person(id=made["id"], name=name)


def _late(city: City) -> list[dict[str, Any]]:
    """What came too late to be done in time, and what is due very soon."""
    now, rng = utc_now(), random.Random(_SEED)
    return [
        _task(city, rng, kind, number, earliest=(now - timedelta(hours=3)).isoformat(), due_at=(now + due).isoformat())
        for number, (kind, due) in enumerate(
            [
                ("trace_call", timedelta(minutes=-42)),
                ("breach_check", timedelta(minutes=-15)),
                ("isolation_visit", timedelta(minutes=-27)),
                ("delivery", timedelta(minutes=-6)),
                ("isolation_visit", timedelta(minutes=-71)),
                ("need_assessment", timedelta(minutes=-33)),
                ("home_swab", timedelta(minutes=18)),
                ("door_sensor_check", timedelta(minutes=26)),
                ("temperature_check", timedelta(minutes=31)),
            ]
        )
    ]


def _waiting(city: City) -> list[dict[str, Any]]:
    """What no team can do, each for a reason of its own."""
    rng, later = random.Random(_SEED + 1), utc_now() + timedelta(hours=30)
    nowhere = {"ref": "show-nowhere", "address": "柳荫街甲 8 号（新楼，地图上没有）"}
    outside = {"ref": "show-outside", "address": "城东物流园 2 号门", "lat": 29.95, "lon": 121.70}
    return [
        {
            "kind": "delivery",
            "ref": "show-1",
            "household": nowhere,
            "subject": {"name": "何桂兰", "phone": "+8613900007001"},
        },
        {"kind": "notice", "ref": "show-2", "household": outside},
        _task(city, rng, "psychological_support", 3, needs=["sign_language"]),
        _task(city, rng, "isolation_visit", 4, needs=["russian"]),
        _task(city, rng, "delivery", 5, earliest=later.isoformat()),
    ]


def _task(city: City, rng: random.Random, kind: str, number: int, **fields: Any) -> dict[str, Any]:
    door = rng.choice(city.doors)
    place = {
        "ref": door.ref,
        "address": door.address,
        "lat": door.lat,
        "lon": door.lon,
        "access_notes": door.access_notes,
    }
    subject = {
        "name": rng.choice(["李秀英", "张伟", "王芳", "赵磊"]),
        "phone": f"+86 137 0000 {rng.randrange(10_000):04}",
    }
    return {"kind": kind, "ref": f"show-{kind}-{number}", "household": place, "subject": subject, **fields}


async def _until_placed(conn: Connection, code: str) -> None:
    for _ in range(600):
        waiting = await conn.fetchval(
            "SELECT count(*) FROM tasks t JOIN districts d ON d.id = t.district_id WHERE d.code = $1 AND waiting_reason = 'being_planned'",
            code,
        )
        if not waiting:
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the day's tasks were not placed within a minute")


async def _walk(api: Api, code: str, team: Team, *, visits: int, seed: int) -> None:
    """The team accepts its next stops, makes that many visits and sets out for the next."""
    rng = random.Random(seed)
    phone = await log_in(api, code, team.members[0])
    for done in range(visits + 1):
        route = await phone.fetch_route()
        stops = [stop for stop in route["stops"] if not stop["break"] and stop["lat"] is not None]
        if not stops:
            return
        tasks = [task for stop in stops[:4] for task in stop["tasks"]]
        said: list[dict[str, Any]] = [{"report": "accept", "task_ids": [task["id"] for task in tasks]}] if tasks else []
        said.append({"report": "position", "lat": stops[0]["lat"], "lon": stops[0]["lon"], "accuracy_m": 12})
        if done < visits:
            said += [_visit(task, route, rng) for task in stops[0]["tasks"] if task["kind"] is not None]
        else:
            said.append({"report": "depart", "task_id": stops[0]["tasks"][0]["id"]})
        await _send(phone.api, said)


def _visit(task: Mapping[str, Any], route: Mapping[str, Any], rng: random.Random) -> dict[str, Any]:
    form = next(form for form in route["forms"] if form["kind"] == task["kind"])
    result = made_up_result(form["schema"], rng)
    if "temperature_c" in result:
        result["temperature_c"] = 36.5
    return {
        "report": "visit",
        "task_id": task["id"],
        "outcome": "seen_ok",
        "result": result,
        "form_version": form["version"],
    }


async def _send(api: Api, said: Sequence[dict[str, Any]]) -> None:
    now = utc_now().isoformat()
    reports = [{"id": str(uuid4()), "at": now, **report} for report in said]
    await api.send("POST", "/v1/me/reports", {"sent_at": now, "reports": reports})


async def _break_something(api: Api, teams: Sequence[Team]) -> None:
    """A doctor goes home, a police officer has a break."""
    await api.patch(f"/v1/members/{teams[2].members[1].id}", {"duty": "off"})
    await api.patch(f"/v1/members/{teams[4].members[2].id}", {"duty": "break"})


def _person(member: Member) -> Person:
    return Person(id=member.id, name=member.name, phone=member.phone, role=member.role, pin=member.pin)
