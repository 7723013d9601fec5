"""`doorstep simulate` as a person calls it."""

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli import app
from services.errors import CommandError
from services.simulator.day import day_of
from services.simulator.picture import picture_of
from services.simulator.policies import Pull
from services.simulator.run import simulate
from tests.simulator import rules
from tests.simulator.days import content, day, made_up, task, team

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "day.json"
    made.write_text(json.dumps(made_up(1, disturbed=True)))
    return made


def run(*arguments: object) -> str:
    ran = CliRunner().invoke(app, ["simulate", *map(str, arguments)], env={"COLUMNS": "100"}, catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    return ran.output


def drawn(picture: str) -> ET.Element:
    return ET.fromstring(picture)  # noqa: S314 - drawn by ourselves


def test_it_prints_what_the_day_came_to_and_keeps_log_and_picture(file: Path, tmp_path: Path) -> None:
    log, picture = tmp_path / "log.jsonl", tmp_path / "day.svg"
    said = run(file, "--policy", "pull", "--seed", 3, "--log", log, "--picture", picture)
    assert "made up 1, pull" in said
    assert "on time" in said
    assert rules.broken(json.loads(file.read_text()), rules.lines_of(log)) == []
    assert drawn(picture.read_text()).tag == f"{SVG}svg"


def test_every_time_in_the_log_has_the_days_offset(file: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    run(file, "--log", log)
    assert {line["at"][-6:] for line in rules.lines_of(log)} == {"+08:00"}


def test_what_cannot_be_read_or_written_is_said_in_words(file: Path, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        run(tmp_path / "nothing.json")
    for option in ("--log", "--picture"):
        with pytest.raises(CommandError, match="No such file"):
            run(file, option, tmp_path / "nowhere" / "out")


def test_the_picture_names_what_was_late_and_shows_every_team() -> None:
    of = day([team("a<b", 0)], [task("v", 600), task("w", 3000, due=20), task("x", 0, needs=["swab"])])
    root = drawn(picture_of(of, simulate(of, Pull()).lines, "pull"))
    words = [element.text for element in root.iter(f"{SVG}text")]
    assert "w temperature_check: 40 min late" in words
    assert "x temperature_check: not seen" in words
    assert "a<b" in words
    titles = {element.text for element in root.iter(f"{SVG}title")}
    assert "v temperature_check by a<b at 08:10, due 16:00" in titles


@pytest.mark.parametrize("empty", [content([], []), content([team("a", 0)], []), content([], [task("v", 0)])])
def test_a_day_without_teams_or_tasks_is_played_and_drawn_too(empty: object, tmp_path: Path) -> None:
    file, picture = tmp_path / "day.json", tmp_path / "day.svg"
    file.write_text(json.dumps(empty))
    run(file, "--picture", picture)
    drawn(picture.read_text())
    of = day_of(empty)
    assert picture_of(of, simulate(of, Pull()).lines, "place") == picture.read_text()
