"""The bench's table of days."""

import json
import sys
from pathlib import Path

import pytest

from bench import days
from services.worker.planner.solver import Stop
from tests.simulator.days import made_up


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for seed in (1, 2):
        (tmp_path / f"made-up-{seed}.json").write_text(json.dumps(made_up(seed, tasks=20, disturbed=True)))
    return tmp_path


def table(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: object) -> list[list[str]]:
    monkeypatch.setattr(sys, "argv", ["bench.days", *map(str, arguments)])
    days.main()
    lines = capsys.readouterr().out.splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]


def test_every_day_is_a_row_and_every_policy_a_column(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(days, "PASSES", 1)
    monkeypatch.setattr(days, "STOP", Stop(iterations=50))
    head, _, *rows = table(monkeypatch, capsys, folder, "--policy", "pull", "--policy", "place")
    assert head == ["day", "pull", "place", "hindsight"]
    assert [row[0] for row in rows] == ["made up 1", "made up 2"]
    assert all([cell.count("/") for cell in row] == [0, 4, 4, 2] for row in rows)


def test_some_days_may_be_asked_for_and_their_logs_kept(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = (folder, "--day", "made-up-2", "--policy", "nearest", "--no-hindsight", "--logs", tmp_path)
    _, _, *rows = table(monkeypatch, capsys, *asked)
    assert [row[0] for row in rows] == ["made up 2"]
    assert (tmp_path / "made-up-2.nearest.jsonl").exists()


def test_a_large_day_is_only_planned(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(days, "MOST_PLAYED", 19)
    _, _, *rows = table(monkeypatch, capsys, folder, "--policy", "pull", "--no-hindsight")
    assert [row[1] for row in rows] == ["–", "–"]


def test_a_day_that_is_not_there_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["bench.days", str(folder), "--day", "nowhere"])
    with pytest.raises(SystemExit, match="no such day"):
        days.main()
