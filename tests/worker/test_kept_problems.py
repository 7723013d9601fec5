"""Problems that rounds leave behind: nobody's name or door is in them, the folder does not grow, and they plan to what the round did."""

import gzip
import json
import random
import re
import stat
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli import app
from services.worker.improver import Improver
from services.worker.kept_problems import Keeping, elsewhere, keep
from services.worker.metrics import Metrics
from services.worker.planner.improve import improve
from services.worker.planner.problem import Problem
from services.worker.planner.solver import Stop
from services.worker.problem_file import problem_of, round_of
from services.worker.travel.great_circle import GreatCircle
from shared.domain.clock import utc_now
from shared.domain.geography import Point, metres_between
from shared.domain.intake import HouseholdDraft, SubjectDraft, TaskDraft
from shared.operations.improving import load_round
from shared.operations.intake import take_in
from shared.queue import Nudger
from shared.settings import Settings
from shared.store.connection import Connection, Pool
from tests.city import LAT, LON, City, make_city, post
from tests.phones import give

SAID = {
    "name": "Wang Xiulan",
    "phone": "+8613800138000",
    "address": "Tiantong Road 51",
    "notes": "ring twice at the blue door",
    "instructions": "she hears badly",
    "ref": "case-77341",
}
MakeImprover = Callable[..., Improver]


@pytest.fixture
async def make_improver(settings: Settings, pool: Pool, tmp_path: Path) -> AsyncIterator[MakeImprover]:
    nudger = Nudger(settings.redis_url.get_secret_value(), timeout_s=1)
    made: list[Improver] = []

    def make(**changed: object) -> Improver:
        here = {"home": tmp_path / "home", "improve_part_s": 0.05, **changed}
        made.append(Improver(settings.model_copy(update=here), pool, nudger, Metrics()))
        return made[-1]

    yield make
    for improver in made:
        await improver.close()
    await nudger.close()


async def walking(conn: Connection, *, teams: int = 2) -> City:
    """Teams that walk, and one more task that waits, with all that people say about a task."""
    city = await make_city(conn, teams=teams, freeze_s=0, plan_ahead_s=7200, home_grid_price_s=77)
    task_ids = await post(conn, city, 8 * teams, seed=2)
    for number, team_id in enumerate(city.team_ids):
        await give(conn, city, team_id, task_ids[number::teams])
    draft = TaskDraft(
        kind="temperature_check",
        ref=SAID["ref"],
        household=HouseholdDraft(address=SAID["address"], lat=LAT, lon=LON, access_notes=SAID["notes"]),
        subject=SubjectDraft(name=SAID["name"], phone=SAID["phone"]),
        due_at=utc_now() + timedelta(hours=6),
        instructions=SAID["instructions"],
    )
    await take_in(conn, city.district_id, [draft], now=utc_now())
    return city


async def problem_in(conn: Connection, city: City) -> Problem:
    situation = await load_round(conn, city.district_id, utc_now(), most=100)
    return Problem(
        now=situation.now,
        district_id=city.district_id,
        settings=situation.district.settings,
        teams=situation.teams,
        pending=situation.pending,
    )


async def test_the_last_rounds_are_kept_by_district_number_and_time_for_the_owner_alone(
    conn: Connection, make_improver: MakeImprover, tmp_path: Path
) -> None:
    city = await walking(conn)
    improver = make_improver(keep_problems=2)
    for number in (1, 2, 3):
        await improver.improve(city.district_id, number)
    kept = sorted((tmp_path / "home" / "problems").iterdir(), key=lambda file: file.stat().st_mtime_ns)
    assert [file.name.partition("-")[2] for file in kept] == [
        f"{city.district_id}-{number}.json.gz" for number in (2, 3)
    ]
    assert {stat.S_IMODE(file.stat().st_mode) for file in kept} == {0o600}


async def test_nothing_is_kept_unless_asked_for(conn: Connection, make_improver: MakeImprover, tmp_path: Path) -> None:
    city = await walking(conn)
    await make_improver().improve(city.district_id, 1)
    assert not (tmp_path / "home").exists()


async def test_a_round_goes_on_where_its_problem_cannot_be_written(
    conn: Connection, make_improver: MakeImprover, tmp_path: Path
) -> None:
    city = await walking(conn)
    (tmp_path / "file").touch()
    assert await make_improver(keep_problems=1, problems_folder=tmp_path / "file").improve(city.district_id, 1) > 0


async def test_no_name_phone_address_member_or_point_gets_into_a_file(conn: Connection, tmp_path: Path) -> None:
    city = await walking(conn)
    problem = await problem_in(conn, city)
    assert problem.pending, "the task with all the words is among them"
    assert problem.teams[0].members
    content = gzip.decompress(keep(problem, 5, Keeping(folder=tmp_path, most=1)).read_bytes()).decode()
    text = re.sub(r"T\d\d:\d\d:[\d.]+", "", content)  # a time may hold a latitude's digits: 08:15:31.22
    people = [value for row in await conn.fetch("SELECT id::text, name, phone FROM members") for value in row]
    households = await conn.fetch("SELECT address, ref, access_notes, lat::text, lon::text FROM households")
    doors = [value for row in households for value in row if value]
    places = [
        value
        for row in await conn.fetch("SELECT code, name, start_lat::text, start_lon::text FROM teams")
        for value in row
    ]
    told = [*SAID.values(), *people, *doors, *places, "Hongkou"]
    assert [value for value in told if value in text] == []
    assert f"{LAT:.2f}" not in text
    assert f"{LON:.2f}" not in text


async def test_a_kept_problem_plans_to_what_the_round_planned(conn: Connection, tmp_path: Path) -> None:
    """Twelve teams, so that the cuts must be the same too."""
    problem = await problem_in(conn, await walking(conn, teams=12))
    file = keep(problem, 5, Keeping(folder=tmp_path, most=1))
    content = json.loads(gzip.decompress(file.read_bytes()))
    again, make_travel = problem_of(content)
    assert (again.settings, again.now, round_of(content)) == (problem.settings, problem.now, 5)
    stop = Stop(iterations=40)
    first = improve(problem, GreatCircle, seed=5, stop=stop, turn=5)
    second = improve(again, make_travel, seed=5, stop=stop, turn=5)
    assert first.routes
    walks = {team_id: [(stop.work.task_id, stop.begin_at) for stop in route] for team_id, route in first.routes.items()}
    assert walks == {
        team_id: [(stop.work.task_id, stop.begin_at) for stop in route] for team_id, route in second.routes.items()
    }
    output = tmp_path / "plan.json"
    arguments = ["plan", str(file), "--iterations", "40", "--passes", "1", "--seed", "5", "--output", str(output)]
    ran = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert ran.exit_code == 0, ran.output
    replayed = json.loads(output.read_text())["walks"]
    assert {walk["team"]: [stop["task"] for stop in walk["stops"]] for walk in replayed} == {
        str(team_id): [str(task_id) for task_id, _ in walk] for team_id, walk in walks.items()
    }


async def test_the_map_is_turned_without_changing_a_distance(conn: Connection) -> None:
    problem = await problem_in(conn, await walking(conn))
    moved = elsewhere(problem)

    def points(of: Problem) -> list[Point]:
        return [work.point for team in of.teams for work in team.works if work.point]

    before, after = points(problem), points(moved)
    for one, other in combinations(range(len(before)), 2):
        assert metres_between(after[one], after[other]) == pytest.approx(
            metres_between(before[one], before[other]), abs=1e-6
        )
    assert all(abs(point.lat) < 0.1 and abs(point.lon) < 0.1 for point in after)
    north = random.Random(1).sample(range(len(before)), 2)
    assert (before[north[0]].lat < before[north[1]].lat) == (after[north[0]].lat < after[north[1]].lat)
