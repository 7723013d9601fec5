"""Days for tests: by hand, along a straight street where a team walks a metre a second; or made up by a seed, with surprises."""

import random
from datetime import datetime, timedelta
from typing import Any

from services.simulator.day import Day, day_of

START = datetime.fromisoformat("2026-03-16T08:00:00+08:00")
METRES_A_DEGREE = 111_195.08
ROLES = ("grid_worker", "doctor", "police")
KINDS = (("temperature_check", 1, 300), ("isolation_visit", 3, 480), ("trace_call", 10, 660), ("home_swab", 3, 780))


def at(minutes: float) -> str:
    """So long after the day's start, as the files write it."""
    return (START + timedelta(minutes=minutes)).isoformat()


def moment(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def along(metres: float) -> dict[str, float]:
    return {"lat": 0.0, "lon": metres * (1 - 1e-6) / METRES_A_DEGREE}


def team(
    name: str, metres: float, *, on: float = 0, off: float = 480, can: tuple[str, ...] = (), **but: Any
) -> dict[str, Any]:
    members = [{"role": role, "on_from": at(on), "on_until": at(off)} for role in ROLES]
    place = {"mode": "walk", "home_grid": "g0", "start": along(metres)}
    return {"id": name, **place, "capabilities": list(can), "members": members, **but}


def task(
    name: str, metres: float, *, created: float = 0, opens: float | None = None, due: float = 480, **but: Any
) -> dict[str, Any]:
    """A visit of ten minutes, unless it says otherwise; its window opens when it is created."""
    times = {"created_at": at(created), "earliest": at(created if opens is None else opens), "due_at": at(due)}
    values = {
        "kind": "temperature_check",
        "household": f"h-{metres}",
        "grid": "g0",
        "service_s": 600,
        "weight": 1,
        "needs": [],
    }
    return {"id": name, **values, **along(metres), **times, **but}


def content(teams: list[dict[str, Any]], tasks: list[dict[str, Any]], **but: Any) -> dict[str, Any]:
    travel = {"detour": 1.0, "walk_kmh": 3.6, "scooter_kmh": 12.0, "scooter_parking_s": 30}
    span = {"name": "by hand", "start": at(0), "end": at(720), "travel": travel}
    return {"format": "doorstep-day/1", **span, "teams": teams, "tasks": tasks, **but}


def day(teams: list[dict[str, Any]], tasks: list[dict[str, Any]], **but: Any) -> Day:
    return day_of(content(teams, tasks, **but))


def made_up(seed: int, *, teams: int = 4, tasks: int = 60, disturbed: bool = False) -> dict[str, Any]:
    """A morning-heavy day in a district of 3 km, the content of its file. The surprises of equal seeds lie on equal days."""
    chance, mischief = random.Random(seed), random.Random(seed + 1_000_000)
    made_tasks = [_made_up_task(chance, number) for number in range(tasks)]
    made_teams = [_made_up_team(chance, number) for number in range(teams)]
    if disturbed:
        for each in made_tasks:
            _disturb(mischief, each)
        made_teams[0]["gone"] = {"role": mischief.choice(ROLES), "at": at(mischief.randrange(120, 300))}
    travel = {"detour": 1.3, "walk_kmh": 4.5, "scooter_kmh": 12.0, "scooter_parking_s": 30}
    return content(made_teams, made_tasks, name=f"made up {seed}", travel=travel)


def _somewhere(chance: random.Random) -> dict[str, float]:
    return {"lat": round(34.7 + chance.uniform(0, 0.03), 6), "lon": round(113.6 + chance.uniform(0, 0.03), 6)}


def _made_up_team(chance: random.Random, number: int) -> dict[str, Any]:
    on = chance.choice([0, 10, 90])
    members = [
        {"role": role, "on_from": at(on + chance.choice([0, 10])), "on_until": at(on + chance.choice([450, 480]))}
        for role in ROLES
    ]
    return {
        "id": f"t{number:03}",
        "mode": chance.choice(["walk", "scooter"]),
        "home_grid": f"g{number}",
        "start": _somewhere(chance),
        "capabilities": ["swab"] if number % 2 else [],
        "members": members,
    }


def _made_up_task(chance: random.Random, number: int) -> dict[str, Any]:
    kind, weight, service_s = chance.choice(KINDS)
    created = 0.0 if chance.random() < 0.4 else round(60 * chance.triangular(0, 420, 120)) / 60
    opens = created + chance.choice([0, 0, 30, 120])
    return {
        "id": f"v{number:05}",
        "kind": kind,
        "household": f"h{chance.randrange(40)}",
        **_somewhere(chance),
        "grid": f"g{chance.randrange(6)}",
        "created_at": at(created),
        "earliest": at(opens),
        "due_at": at(opens + chance.choice([120, 210, 360])),
        "service_s": service_s,
        "weight": weight,
        "needs": ["swab"] if kind == "home_swab" else [],
    }


def _disturb(mischief: random.Random, task: dict[str, Any]) -> None:
    task["actual_service_s"] = round(task["service_s"] * mischief.uniform(0.6, 1.6))
    opens, due = (datetime.fromisoformat(task[name]) for name in ("earliest", "due_at"))
    if mischief.random() < 0.15:
        task["absent_until"] = (
            opens + timedelta(seconds=round((due - opens).total_seconds() * mischief.uniform(0.2, 0.7)))
        ).isoformat()
    if mischief.random() < 0.1:
        created = datetime.fromisoformat(task["created_at"])
        task["cancelled_at"] = (created + timedelta(seconds=mischief.randrange(600, 9000))).isoformat()
