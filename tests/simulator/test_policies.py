"""Who gets what under each policy, on days small enough to think through; and the rules that all of them keep on days made up."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from services.simulator.command import POLICIES
from services.simulator.day import day_of, read_day
from services.simulator.figures import figures_of
from services.simulator.improving import doorstep
from services.simulator.log import write_log
from services.simulator.policies import Doorstep, Nearest, Place, Pull
from services.simulator.policy import NewWalks, Policy
from services.simulator.policy_names import PolicyName
from services.simulator.run import simulate
from services.worker.planner.problem import Problem
from services.worker.planner.solver import Stop
from tests.simulator import rules
from tests.simulator.days import day, made_up, moment, task, team
from tests.simulator.test_street import played

DAYS = rules.SHARED / "data" / "days"
needs_the_scorer = pytest.mark.skipif(not rules.SCORER.exists(), reason="the scorer lies beside some checkouts only")


def test_nearest_pushes_to_the_team_whose_walk_ends_nearest() -> None:
    teams = [team("a", 0), team("b", 3000)]
    said = played(day(teams, [task("v", 2000), task("w", 1400, created=1)]), Nearest())
    assert said[:3] == ["0 assigned v b", "1 assigned w b", "16.6667 started v b"]


def test_nearest_waits_for_the_window_and_for_somebody_with_time() -> None:
    said = played(
        day([team("a", 0, off=60), team("b", 9000, on=90)], [task("v", 600, opens=30), task("w", 60, opens=50)]),
        Nearest(),
    )
    assert said[:2] == ["30 assigned v a", "40 started v a"]
    assert "90 assigned w b" in said


def test_whoever_has_nothing_to_do_pulls_the_nearest_open_task() -> None:
    tasks = [task("far", 900), task("near", 300), task("shut", 60, opens=100), task("other", 0, needs=["swab"])]
    assert [words for words in played(day([team("a", 0)], tasks), Pull()) if "assigned" in words] == [
        "0 assigned near a",
        "15 assigned far a",
        "100 assigned shut a",
    ]


def test_place_plans_ahead_and_keeps_the_order_that_costs_least() -> None:
    tasks = [task("far", 900), task("near", 300, created=0.5, opens=0.5)]
    assert [words for words in played(day([team("a", 0, on=1)], tasks)) if "assigned" not in words] == [
        "6 started near a",
        "16 finished near a",
        "26 started far a",
        "36 finished far a",
    ]


def test_place_looks_again_at_what_waits_as_the_worker_does() -> None:
    """All the team's time is taken; when v is over long before it was thought to be, w fits."""
    tasks = [task("v", 0, due=10, service_s=3000, actual_service_s=570), task("w", 60, due=20)]
    said = played(day([team("a", 0, off=55)], tasks), Place())
    assert said[-3:] == ["10 assigned w a", "11 started w a", "21 finished w a"]


class Swap:
    """Hands what waits behind to the other team, once each round; remembers its rounds."""

    def __init__(self) -> None:
        self.rounds: list[Problem] = []

    def __call__(self, problem: Problem) -> NewWalks:
        self.rounds.append(problem)
        if len(problem.teams) < 2:
            return {}
        a, b = problem.teams
        ahead = {each.team_id: 1 if each.works and each.works[0].is_under_way else 0 for each in (a, b)}
        return {
            a.team_id: (*a.works[: ahead[a.team_id]], *b.works[ahead[b.team_id] :]),
            b.team_id: (*b.works[: ahead[b.team_id]], *a.works[ahead[a.team_id] :]),
        }


def test_doorstep_improves_every_five_minutes_what_place_made() -> None:
    swap = Swap()
    tasks = [task("v", 600), task("w", 1200), task("late comer", 60, created=7)]
    said = played(day([team("a", 0), team("b", 3000)], tasks), Doorstep(swap))
    assert minutes(swap)[:4] == [0, 5, 10, 15]
    assert all(not problem.pending for problem in swap.rounds)
    assert [words for words in said if "assigned" in words or "released" in words][:6] == [
        "0 assigned v b",
        "0 assigned w b",
        "5 released w b",
        "5 assigned w a",
        "7 assigned late comer b",
        "10 released late comer b",
    ]


def made(policy: PolicyName, seed: int) -> Policy:
    """As the command line makes it, but with rounds of a few iterations."""
    return doorstep(seed, Stop(iterations=15)) if policy is PolicyName.DOORSTEP else POLICIES[policy](seed)


def minutes(swap: Swap) -> list[float]:
    """When its rounds were."""
    return [(problem.now - moment(0)) / timedelta(minutes=1) for problem in swap.rounds]


def test_doorstep_does_not_wait_for_its_turn_when_a_route_breaks_but_a_minute_it_does() -> None:
    swap = Swap()
    cancelled = task("v", 6000, opens=200, due=400, cancelled_at=moment(0.5).isoformat())
    again = task("w", 6000, opens=200, due=400, cancelled_at=moment(3).isoformat())
    stays = task("x", 6000, opens=200)
    simulate(day([team("a", 0), team("b", 9000)], [cancelled, again, stays]), Doorstep(swap))
    assert minutes(swap)[:4] == [0, 1, 3, 8]


def test_doorstep_improves_at_once_when_a_task_can_only_be_late() -> None:
    swap = Swap()
    simulate(day([team("a", 0), team("b", 0)], [task("v", 600), task("w", 3600, created=2, due=3)]), Doorstep(swap))
    assert minutes(swap)[:2] == [0, 2]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("policy", PolicyName)
def test_no_policy_breaks_a_rule_whatever_goes_wrong(policy: PolicyName, seed: int, tmp_path: Path) -> None:
    content = made_up(seed, disturbed=seed % 2 == 1)
    of, log = day_of(content), tmp_path / "log.jsonl"
    write_log(simulate(of, made(policy, seed)).lines, of, log)
    lines = rules.lines_of(log)
    assert rules.broken(content, lines) == []
    assert sum(line["event"] == "finished" for line in lines) > 30


@pytest.mark.parametrize("seed", range(4))
def test_changing_plans_break_no_rule_either(seed: int, tmp_path: Path) -> None:
    content = made_up(seed, teams=2, tasks=20, disturbed=True)
    for each in content["tasks"]:
        each["needs"] = []
    del content["teams"][0]["gone"]
    for each in content["teams"]:
        each["members"] = content["teams"][0]["members"]
    of, log = day_of(content), tmp_path / "log.jsonl"
    lines = simulate(of, Doorstep(Swap())).lines
    write_log(lines, of, log)
    assert rules.broken(content, rules.lines_of(log)) == []
    assert figures_of(of, lines).team_changes > 20


@pytest.mark.parametrize("policy", PolicyName)
def test_the_same_seed_writes_the_same_log(policy: PolicyName) -> None:
    content = made_up(3, disturbed=True)
    first, second = (simulate(day_of(content), made(policy, 5)).lines for _ in range(2))
    assert list(first) == list(second)


def agree(of_file: Path, policy: Policy, log: Path) -> None:
    """Our figures are the scorer's, and it finds no broken rule."""
    of = read_day(of_file)
    lines = simulate(of, policy).lines
    write_log(lines, of, log)
    ours, theirs = figures_of(of, lines), rules.score(of_file, log)
    assert theirs["rules_broken"] == 0
    for name in ("tasks", "cancelled", "on_time", "late", "unserved", "team_changes", "visits", "load_max"):
        assert getattr(ours, name) == theirs[name], name
    for name in ("weighted_pct", "travel_h", "urgent_on_time_pct", "urgent_response_min", "home_pct", "load_sd"):
        assert getattr(ours, name) == pytest.approx(theirs[name], abs=0.06), name


@needs_the_scorer
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("policy", PolicyName)
def test_our_figures_are_the_scorers_on_days_made_up(policy: PolicyName, seed: int, tmp_path: Path) -> None:
    file = tmp_path / "day.json"
    file.write_text(json.dumps(made_up(seed, disturbed=True)))
    agree(file, made(policy, 1), tmp_path / "log.jsonl")


@needs_the_scorer
@pytest.mark.parametrize("policy", PolicyName)
def test_our_figures_are_the_scorers_on_a_day_of_a_hundred(policy: PolicyName, tmp_path: Path) -> None:
    agree(DAYS / "5x100-s1.json", made(policy, 1), tmp_path / "log.jsonl")


@needs_the_scorer
def test_our_figures_are_the_scorers_on_a_disturbed_day(tmp_path: Path) -> None:
    agree(DAYS / "20x640-s3-disturbed.json", Pull(), tmp_path / "log.jsonl")
