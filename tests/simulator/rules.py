"""What no log may do, checked from the two files alone: nothing of the simulator is used here."""

import json
import math
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

SHARED = Path(__file__).parents[3] / "shared"
SCORER = SHARED / "tools" / "score-day"


class Knock(NamedTuple):
    team: str
    began: float
    ended: float
    task: str
    found: bool


def seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def lines_of(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


def knocks_of(lines: list[dict[str, Any]]) -> list[Knock]:
    """Each begin with its end; what has one only is an error of the log."""
    begun: dict[str, dict[str, Any]] = {}
    knocks = []
    for line in lines:
        if line["event"] == "started":
            assert line["team"] not in begun, f"{line['team']} is in two places"
            begun[line["team"]] = line
        elif line["event"] == "finished":
            began = begun.pop(line["team"])
            assert began["task"] == line["task"]
            knocks.append(
                Knock(line["team"], seconds(began["at"]), seconds(line["at"]), line["task"], line["outcome"] == "done")
            )
    assert not begun
    return knocks


def broken(day: dict[str, Any], lines: list[dict[str, Any]]) -> list[str]:
    """Every broken rule in words; none: the log could have happened."""
    tasks = {task["id"]: task for task in day["tasks"]}
    by_team = defaultdict(list)
    for knock in knocks_of(lines):
        by_team[knock.team].append(knock)
    wrong = [
        said for knocks in by_team.values() for knock in knocks for said in _wrong_at_the_door(tasks[knock.task], knock)
    ]
    for team in day["teams"]:
        wrong += _wrong_on_the_way(day["travel"], team, [(tasks[knock.task], knock) for knock in by_team[team["id"]]])
    seen = [knock.task for knocks in by_team.values() for knock in knocks if knock.found]
    wrong += [f"{task} is visited again after it was done" for task in set(seen) if seen.count(task) > 1]
    return wrong + list(_wrong_in_hand(lines))


def _wrong_at_the_door(task: dict[str, Any], knock: Knock) -> Iterator[str]:
    if knock.began < max(seconds(task["earliest"]), seconds(task["created_at"])):
        yield f"{knock.task} is begun too early"
    if "cancelled_at" in task and knock.began > seconds(task["cancelled_at"]):
        yield f"{knock.task} is begun after it was cancelled"
    in_from = seconds(task["absent_until"]) - 1 if "absent_until" in task else -math.inf
    if knock.found != (knock.began >= in_from):
        yield f"{knock.task}: who was in was not seen, or the other way round"
    lasts = task.get("actual_service_s", task["service_s"]) if knock.found else 120
    if knock.ended - knock.began != lasts:
        yield f"{knock.task} took {knock.ended - knock.began} s instead of {lasts}"


def _wrong_on_the_way(
    travel: dict[str, float], team: dict[str, Any], knocks: list[tuple[dict[str, Any], Knock]]
) -> Iterator[str]:
    free = max(seconds(member["on_from"]) for member in team["members"])
    off = min(seconds(member["on_until"]) for member in team["members"])
    gone = seconds(team["gone"]["at"]) if "gone" in team else math.inf
    place = team["start"]
    for task, knock in knocks:
        if knock.began - free < _travel_s(travel, team["mode"], place, task) - 1:
            yield f"{team['id']} cannot be at {knock.task} so soon"
        if knock.began + task["service_s"] > off or knock.began > gone:
            yield f"{team['id']} begins {knock.task} when it should not"
        if not set(task["needs"]) <= set(team["capabilities"]):
            yield f"{team['id']} cannot do {knock.task}"
        free, place = knock.ended, task


def _wrong_in_hand(lines: list[dict[str, Any]]) -> Iterator[str]:
    """A task is with one team at a time, and visited by the one that has it."""
    holder: dict[str, str] = {}
    for line in lines:
        task, team = line["task"], line["team"]
        if line["event"] == "assigned" and holder.setdefault(task, team) != team:
            yield f"{task} is given to {team} while {holder[task]} has it"
        if line["event"] != "assigned" and holder.get(task) != team:
            yield f"{task} is {line['event']} by {team}, which has it not"
        if line["event"] == "released" or line.get("outcome") == "done":
            holder.pop(task, None)


def _travel_s(travel: dict[str, float], mode: str, a: dict[str, Any], b: dict[str, Any]) -> float:
    south, north = math.radians(a["lat"]), math.radians(b["lat"])
    half = math.sin((north - south) / 2) ** 2
    half += math.cos(south) * math.cos(north) * math.sin(math.radians(b["lon"] - a["lon"]) / 2) ** 2
    metres = 2 * 6_371_008.8 * math.asin(math.sqrt(half))
    parking = travel["scooter_parking_s"] if mode == "scooter" and metres > 5 else 0
    return math.ceil(metres * travel["detour"] * 3.6 / travel[f"{mode}_kmh"] + parking)


def score(day: Path, log: Path) -> dict[str, Any]:
    """What the scorer beside this checkout says. It exits with 1 where a rule is broken."""
    said = subprocess.run([sys.executable, str(SCORER), str(day), str(log)], capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(said.stdout.splitlines()[0])
    return found
