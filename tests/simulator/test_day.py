"""Reading days: what is in them, and what is said of bad ones."""

import gzip
import json
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from services.simulator.day import day_of, read_day
from services.simulator.files import CannotRead
from tests.simulator.days import at, content, made_up, moment, task, team


def test_a_team_is_there_while_all_its_members_are() -> None:
    late, early = team("a", 0, on=30, off=480), team("a", 0, on=0, off=400)
    members = [late["members"][0], early["members"][1], late["members"][2]]
    (read,) = day_of(content([{**early, "members": members}], [])).teams
    assert (read.on_from, read.on_until) == (moment(30), moment(400))


def test_a_task_is_known_as_promised_and_keeps_its_surprises_apart() -> None:
    surprises: dict[str, Any] = {"actual_service_s": 900, "absent_until": at(60), "cancelled_at": at(90)}
    (read,) = day_of(content([], [task("v", 100, opens=20, due=60, weight=10, needs=["swab"], **surprises)])).tasks
    assert (read.work.earliest, read.work.due_at, read.work.service_s) == (moment(20), moment(60), 600)
    assert read.work.priority == 5
    assert read.work.capabilities == {"swab"}
    assert (read.actual_service_s, read.absent_until, read.cancelled_at) == (900, moment(60), moment(90))


def test_equal_households_share_a_door() -> None:
    tasks = day_of(content([], [task("v", 100), task("w", 100), task("x", 200)])).tasks
    assert tasks[0].work.door == tasks[1].work.door != tasks[2].work.door


def test_settings_come_from_the_day_with_no_set_up_and_no_most_visits() -> None:
    day = day_of(made_up(1))
    assert (day.settings.detour, day.settings.walk_kmh, day.settings.scooter_parking_s) == (1.3, 4.5, 30)
    assert (day.settings.setup_s, day.settings.max_visits_per_shift) == (0, None)
    assert timedelta(seconds=day.settings.plan_ahead_s) == day.end - day.start


def test_a_packed_file_is_the_same_day(tmp_path: Path) -> None:
    plain, packed = tmp_path / "day.json", tmp_path / "day.json.gz"
    plain.write_text(json.dumps(made_up(1)))
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read_day(plain) == read_day(packed)


def changed(*path: Any, to: Any) -> Any:
    made: Any = content([team("a", 0), team("b", 0)], [task("v", 1), task("w", 2)])
    at_last = made
    for step in path[:-1]:
        at_last = at_last[step]
    at_last[path[-1]] = to
    return made


BAD = {
    "another format": (changed("format", to="doorstep-day/2"), "format: Input should be 'doorstep-day/1'"),
    "no object": ([1], "all of it: "),
    "a naive time": (changed("tasks", 1, "due_at", to="2026-03-16T09:00:00"), "task w.due_at: "),
    "nowhere": (changed("tasks", 0, "lat", to=91), "task v.lat: "),
    "not a number": (changed("teams", 0, "start", "lon", to="east"), "team a.start.lon: "),
    "an unknown role": (changed("teams", 1, "members", 0, "role", to="cook"), "team b.members.0.role: "),
    "a role twice": (changed("teams", 1, "members", 0, "role", to="doctor"), "team b: members: "),
    "nobody": (changed("teams", 1, "members", to=[]), "team b: members: "),
    "a team twice": (changed("teams", 1, "id", to="a"), "teams: a comes twice"),
    "a task twice": (changed("tasks", 1, "id", to="v"), "tasks: v comes twice"),
    "due before it opens": (changed("tasks", 0, "due_at", to=at(-1)), "task v: due_at lies before earliest"),
    "an end before the start": (changed("end", to=at(-1)), "end: the day ends before it begins"),
    "no speed": (changed("travel", "walk_kmh", to=0), "travel.walk_kmh: "),
    "nothing": ({}, "format: Field required (and 6 more)"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_day_is_refused_in_one_line_that_names_the_place(name: str, tmp_path: Path) -> None:
    bad, said = deepcopy(BAD[name])
    file = tmp_path / "day.json"
    file.write_text(json.dumps(bad))
    with pytest.raises(CannotRead) as refused:
        read_day(file)
    assert str(refused.value).startswith(f"{file}: {said}")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("bytes_", "said"),
    [
        (None, "No such file"),
        (b"day", "is no JSON"),
        (b"\xff\xfe", "is no JSON"),
        (gzip.compress(b"{}", mtime=0)[:-4], "is damaged"),
        (b"\x1f\x8bnot really", "is damaged"),
    ],
)
def test_a_file_that_is_no_day_is_refused_in_one_line(bytes_: bytes | None, said: str, tmp_path: Path) -> None:
    file = tmp_path / "day.json.gz"
    if bytes_ is not None:
        file.write_bytes(bytes_)
    with pytest.raises(CannotRead, match=said) as refused:
        read_day(file)
    assert "\n" not in str(refused.value)
