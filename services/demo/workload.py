"""What comes in during the demo's day: tasks of the field's mix, in two humps."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from services.demo.city import City, Door

Way = Literal["single", "json", "csv"]

# Shares of a day's tasks, from field reports.
MIX = {
    "temperature_check": 0.45,
    "trace_call": 0.15,
    "isolation_visit": 0.20,
    "home_swab": 0.12,
    "delivery": 0.08,
}
_HUMPS = ((0.25, 0.09), (0.70, 0.12))  # middle and width, in parts of the day
_BATCHED = {"json": 0.2, "csv": 0.15}  # what a morning's and a noon's list bring at once

_FAMILY_NAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
_GIVEN_NAMES = (
    "伟",
    "芳",
    "秀英",
    "敏",
    "静",
    "丽",
    "强",
    "磊",
    "洋",
    "艳",
    "勇",
    "军",
    "杰",
    "娟",
    "涛",
    "明",
    "桂兰",
)
_OTHER_NAMES = (
    "Anna Rossi",
    "Jean Blanc",
    "María Gil",
    "Omar Haddad",
    "Lena Vogt",
    "Tom O'Hara",
    "Ngozi Eze",
    "Yuki Mori",
)
_ORDERS = (
    "大米10斤,鸡蛋一板 (rice, eggs)",
    "insulin from the pharmacy, keep cool",
    "蔬菜包两份 (vegetables)",
    "baby formula, nappies",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A task on its way in: when, as a part of the day from 0 to 1, how, and what `POST /v1/tasks` takes."""

    at: float
    way: Way
    body: dict[str, Any]


def arrivals(city: City, count: int, seed: int) -> list[Arrival]:
    """`count` tasks in the order of their coming; those of a batch share their moment. The same arguments give the same tasks."""
    rng = random.Random(f"workload {seed}")  # noqa: S311 - a day, not a secret
    kinds = list(_kinds(count))
    rng.shuffle(kinds)
    moments = sorted(_moment(rng) for _ in range(count))
    ways = _ways(count)
    made = [
        _arrival(rng, number, kind, way, at, city)
        for number, (kind, way, at) in enumerate(zip(kinds, ways, moments, strict=True), start=1)
    ]
    first = {way: min((task.at for task in made if task.way == way), default=0.0) for way in _BATCHED}
    batched = [task for task in made if task.way in first]
    singles = [task for task in made if task.way not in first]
    together = [Arrival(at=first[task.way], way=task.way, body=task.body) for task in batched]
    return sorted([*together, *singles], key=lambda task: task.at)


def person(rng: random.Random) -> str:
    """A name."""
    if rng.random() < 0.25:
        return rng.choice(_OTHER_NAMES)
    return rng.choice(_FAMILY_NAMES) + rng.choice(_GIVEN_NAMES)


def _kinds(count: int) -> Iterator[str]:
    """Each kind as often as its share says, to the nearest whole."""
    for number in range(count):
        part = (number + 0.5) / count
        for kind, share in MIX.items():
            part -= share
            if part < 0 or kind == list(MIX)[-1]:
                yield kind
                break


def _moment(rng: random.Random) -> float:
    middle, width = rng.choice(_HUMPS)
    return min(1.0, max(0.0, rng.gauss(middle, width)))


def _ways(count: int) -> list[Way]:
    """The batches lie at the feet of the humps: a list before work, another at noon."""
    ways: list[Way] = ["single"] * count
    json_rows, csv_rows = round(count * _BATCHED["json"]), round(count * _BATCHED["csv"])
    ways[:json_rows] = ["json"] * json_rows
    ways[count // 2 : count // 2 + csv_rows] = ["csv"] * csv_rows
    return ways


def _arrival(rng: random.Random, number: int, kind: str, way: Way, at: float, city: City) -> Arrival:
    body: dict[str, Any] = {"kind": kind, "ref": f"demo-{number:05}"}
    by_phone_only = kind == "trace_call" and rng.random() < 0.5
    if not by_phone_only:
        body["household"] = _household(rng.choice(city.doors))
    body["subject"] = {"name": person(rng), "phone": f"+86 139 {number // 10_000:04} {number % 10_000:04}"}
    if rng.random() < 0.1:
        body["subject"]["flags"] = {"no_smartphone": True}
    if kind == "delivery":
        body["instructions"] = rng.choice(_ORDERS)
    elif rng.random() < 0.1:
        body["instructions"] = "please ring twice"
    if rng.random() < 0.05:
        body["priority"] = 5
    return Arrival(at=at, way=way, body=body)


def _household(door: Door) -> dict[str, Any]:
    place: dict[str, Any] = {"ref": door.ref, "address": door.address, "lat": door.lat, "lon": door.lon}
    return {**place, "access_notes": door.access_notes} if door.access_notes else place
