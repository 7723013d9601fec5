"""The first start and `doorstep demo`, against real processes; and the made-up city and day that they play in."""

import os
import random
import re
import signal
import stat
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import Point, shape

from services.demo.city import City, made_up_city, read_city
from services.demo.ledger import Ledger
from services.demo.results import made_up_result
from services.demo.tally import tally
from services.demo.workload import MIX, arrivals
from services.standalone.state import read_state
from shared.domain.catalogue import SEED_KINDS
from shared.domain.words import DEFAULT_SLOTS
from shared.operations.forms import check_result

MONACO = Path(__file__).parents[3] / "shared" / "data" / "monaco"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a running system that was started for the first time."""
    folder = tmp_path_factory.mktemp("home")
    output = folder / "output"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.cli", "up"],
            env=environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + 120
        while "Ctrl-C" not in output.read_text():
            assert process.poll() is None, output.read_text()
            assert time.monotonic() < deadline, "did not come up"
            time.sleep(0.1)
        yield folder
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DOORSTEP_")}
    return kept | {"DOORSTEP_HOME": str(home), "DOORSTEP_PORT": "0", "COLUMNS": "120"}


def run_demo(home: Path, *arguments: str) -> dict[str, str]:
    """The table's rows, first column → second. The command must end well."""
    done = subprocess.run(
        [sys.executable, "-m", "services.cli", "demo", *arguments],
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rows = re.findall(r"│ (.+?) +│ (.+?) +│", done.stdout)
    return {name.strip(): value for name, value in rows}


def test_a_first_start_makes_logins_that_only_the_owner_reads(home: Path) -> None:
    whos = [login.who for login in read_state(home).logins]
    assert whos == ["admin", "coordinator", *(f"team-01 {role}" for role in DEFAULT_SLOTS)]
    assert stat.S_IMODE((home / "standalone.json").stat().st_mode) == 0o600


def test_the_demo_plays_a_day_in_which_nothing_is_lost_or_doubled(home: Path) -> None:
    table = run_demo(home, "--teams", "3", "--tasks", "40", "--seed", "5")
    assert table["posted"] == table["assigned"] == "40"
    assert table["lost"] == table["assigned twice"] == table["visits lost"] == "0"
    closed = int(table["completed"]) + int(table["not executable"])
    assert closed == 40 + int(table["made by visits"])


@pytest.mark.skipif(not MONACO.exists(), reason="the city's files are not beside this checkout")
def test_the_demo_plays_in_a_real_city(home: Path) -> None:
    files = ("--grids", str(MONACO / "grids.geojson"), "--households", str(MONACO / "households.csv"))
    table = run_demo(home, *files, "--teams", "4", "--tasks", "30", "--seed", "5")
    assert table["posted"] == table["assigned"] == "30"
    assert table["lost"] == table["assigned twice"] == "0"


def test_the_same_seed_makes_the_same_city_and_the_same_day() -> None:
    assert made_up_city(3) == made_up_city(3) != made_up_city(4)
    city = made_up_city(3)
    assert arrivals(city, 50, 1) == arrivals(city, 50, 1) != arrivals(city, 50, 2)


@pytest.mark.parametrize("seed", range(5))
def test_every_door_of_a_made_up_city_has_its_own_name_and_lies_in_one_grid(seed: int) -> None:
    city = made_up_city(seed)
    assert len({door.ref for door in city.doors}) == len({door.address for door in city.doors}) == len(city.doors)
    assert all(len(grids_at(city, door.lat, door.lon)) == 1 for door in city.doors)


def grids_at(city: City, lat: float, lon: float) -> list[str]:
    return [area.code for area in city.areas if shape(area.geometry).contains(Point(lon, lat))]


@pytest.mark.parametrize("count", [1, 40, 600])
def test_a_day_has_the_mix_and_comes_in_singly_and_in_two_batches(count: int) -> None:
    day = arrivals(made_up_city(1), count, 1)
    kinds = Counter(task.body["kind"] for task in day)
    assert all(abs(kinds[kind] - share * count) <= 1 for kind, share in MIX.items())
    assert len({task.body["ref"] for task in day}) == count
    for way in ("json", "csv"):
        assert len({task.at for task in day if task.way == way}) <= 1


@pytest.mark.skipif(not MONACO.exists(), reason="the city's files are not beside this checkout")
def test_a_city_is_read_from_files() -> None:
    city = read_city(MONACO / "grids.geojson", MONACO / "households.csv")
    assert len(city.areas) == 12
    assert all(grids_at(city, door.lat, door.lon) for door in city.doors)


@pytest.mark.parametrize("kind", SEED_KINDS, ids=lambda kind: kind.code)
def test_made_up_results_fit_the_forms_of_every_kind(kind: Any) -> None:
    rng = random.Random(1)
    assert [problem for _ in range(50) for problem in check_result(kind.form, made_up_result(kind.form, rng))] == []


def shown(task_id: str, **fields: Any) -> dict[str, Any]:
    """A task as the API shows it."""
    nothing = {"assignment": None, "earlier_assignments": [], "visits": [], "waiting_reason": None, "attempts": 0}
    return {"id": task_id, "status": "completed", "created_at": "2026-02-03T08:00:00Z", **nothing, **fields}


def held(from_: str, until: str | None) -> dict[str, Any]:
    end = None if until is None else f"2026-02-03T{until}Z"
    return {"assigned_at": f"2026-02-03T{from_}Z", "ended_at": end}


def test_the_table_calls_lost_what_is_gone_or_says_nothing() -> None:
    ledger = Ledger(posted={"gone", "silent", "waits", "held"}, visits={"v1": "held"})
    tasks = [
        shown("silent", status="pending"),
        shown("waits", status="pending", waiting_reason="all_teams_full"),
        shown("held", status="accepted", assignment=held("08:00:01", None)),
    ]
    found = tally(ledger, tasks)
    assert found.lost == {"gone", "silent"}
    assert found.visits_lost == {"v1"}
    assert found.waits_ms == (1000.0,)
    assert not found.is_sound


def test_the_table_calls_doubled_what_two_teams_had_at_once_or_two_visits_closed() -> None:
    seen = {"outcome": "seen_ok", "needs_review": [], "struck_at": None}
    tasks = [
        shown("after", earlier_assignments=[held("08:00:01", "08:05:00"), held("08:05:00", "08:09:00")]),
        shown("at-once", earlier_assignments=[held("08:00:01", "08:05:00"), held("08:04:00", "08:09:00")]),
        shown("closed-twice", visits=[{"id": "v1", **seen}, {"id": "v2", **seen}]),
        shown("flagged", visits=[{"id": "v3", **seen}, {"id": "v4", **seen, "needs_review": ["task_was_closed"]}]),
    ]
    assert tally(Ledger(), tasks).doubled == {"at-once", "closed-twice"}
