"""What happens out there: teams walk and wait, knock and leave, and what goes wrong goes wrong when it does."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from services.simulator.day import Day, day_of
from services.simulator.log import Line
from services.simulator.policies import Place, Pull
from services.simulator.policy import News, NewWalks, Policy, PolicyBroke
from services.simulator.run import simulate
from services.worker.planner.problem import Problem
from tests.simulator.days import day, made_up, moment, task, team


class Says:
    """Gives the teams what a test says, the first time there is anything to say it of."""

    def __init__(self, say: Any) -> None:
        self._say = say

    def react(self, problem: Problem, news: frozenset[News]) -> NewWalks:
        walks: NewWalks = self._say(problem, news)
        return walks

    def look_again_at(self) -> datetime | None:
        return None


class Watching:
    """Remembers what a policy was shown."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.shown: list[tuple[Problem, frozenset[News]]] = []

    def react(self, problem: Problem, news: frozenset[News]) -> NewWalks:
        self.shown.append((problem, news))
        return self._policy.react(problem, news)

    def look_again_at(self) -> datetime | None:
        return self._policy.look_again_at()


def told(of: Day, lines: Sequence[Line]) -> list[str]:
    """The log as short words: minute, event, task, team."""
    names = {task.work.task_id: task.id for task in of.tasks} | {team.team_id: team.id for team in of.teams}
    words = []
    for line in lines:
        minutes = (line.at - of.start).total_seconds() / 60
        outcome = " in vain" if line.found is False else ""
        words.append(f"{minutes:g} {line.event} {names[line.task_id]} {names[line.team_id]}{outcome}")
    return words


def played(of: Day, policy: Policy | None = None) -> list[str]:
    return told(of, simulate(of, policy or Place()).lines)


def test_a_team_walks_to_the_door_and_stays_as_long_as_it_takes() -> None:
    assert played(day([team("a", 0)], [task("v", 600)])) == ["0 assigned v a", "10 started v a", "20 finished v a"]


def test_nobody_walks_before_all_members_are_there() -> None:
    assert played(day([team("a", 0, on=30)], [task("v", 600)]))[1] == "40 started v a"


def test_nobody_knocks_before_the_window_opens_and_who_waits_waits_where_they_are() -> None:
    late_comer = task("w", 0, created=50)
    assert played(day([team("a", 0)], [task("v", 600, opens=120), late_comer])) == [
        "0 assigned v a",
        "50 assigned w a",
        "50 started w a",
        "60 finished w a",
        "120 started v a",
        "130 finished v a",
    ]


def test_who_has_set_out_is_not_sent_elsewhere() -> None:
    on_the_way_there = task("w", 300, created=2)
    assert played(day([team("a", 0)], [task("v", 600), on_the_way_there])) == [
        "0 assigned v a",
        "2 assigned w a",
        "10 started v a",
        "20 finished v a",
        "25 started w a",
        "35 finished w a",
    ]


def test_a_task_is_not_known_before_it_is_created() -> None:
    watching = Watching(Place())
    simulate(day([team("a", 0)], [task("v", 600, created=30)]), watching)
    first = next(problem for problem, _ in watching.shown if problem.pending)
    assert first.now == moment(30)


def test_how_long_a_visit_really_takes_shows_when_it_ends() -> None:
    watching = Watching(Place())
    longer = day([team("a", 0)], [task("v", 600, actual_service_s=1500), task("w", 1200)])
    assert told(longer, simulate(longer, watching).lines)[2:] == [
        "10 started v a",
        "35 finished v a",
        "45 started w a",
        "55 finished w a",
    ]
    assert all(work.service_s == 600 for problem, _ in watching.shown for team in problem.teams for work in team.works)


def test_where_nobody_is_in_the_team_knocks_for_two_minutes_and_somebody_comes_again() -> None:
    assert played(day([team("a", 0)], [task("v", 600, absent_until=moment(30).isoformat())])) == [
        "0 assigned v a",
        "10 started v a",
        "12 finished v a in vain",
        "12 released v a",
        "12 assigned v a",
        "42 started v a",
        "52 finished v a",
    ]


def test_a_door_is_tried_again_sooner_when_its_task_is_due_sooner() -> None:
    said = played(day([team("a", 0)], [task("v", 600, due=32, absent_until=moment(20).isoformat())]))
    assert said[-2] == "22 started v a"


def test_a_task_that_is_due_already_is_tried_until_somebody_is_in() -> None:
    said = played(day([team("a", 0)], [task("v", 0, due=5, absent_until=moment(100).isoformat())]))
    assert [words for words in said if "started" in words][-1].startswith("1")
    assert said[-1].endswith("finished v a")


def test_a_task_cancelled_on_the_way_stops_the_team_there() -> None:
    """Five minutes out of ten walked: the next door, a minute further on, is six minutes away and not eleven."""
    stopped = day([team("a", 0)], [task("v", 600, cancelled_at=moment(5).isoformat()), task("w", 660)])
    assert played(stopped) == [
        "0 assigned v a",
        "0 assigned w a",
        "5 released v a",
        "11 started w a",
        "21 finished w a",
    ]


def test_a_task_cancelled_during_the_visit_is_done_all_the_same() -> None:
    assert played(day([team("a", 0)], [task("v", 600, cancelled_at=moment(15).isoformat())]))[-1] == "20 finished v a"


def test_a_task_cancelled_at_the_moment_of_the_knock_is_not_begun() -> None:
    said = played(day([team("a", 0)], [task("v", 600, cancelled_at=moment(10).isoformat())]))
    assert said == ["0 assigned v a", "10 released v a"]


def test_a_task_cancelled_after_a_knock_in_vain_is_not_tried_again() -> None:
    absent: dict[str, Any] = {"absent_until": moment(400).isoformat(), "cancelled_at": moment(11).isoformat()}
    assert played(day([team("a", 0)], [task("v", 600, **absent)]))[-1] == "12 finished v a in vain"


def test_a_task_cancelled_while_it_waits_is_never_given_to_anybody() -> None:
    waiting = task("v", 600, cancelled_at=moment(60).isoformat(), needs=["swab"])
    assert played(day([team("a", 0)], [waiting])) == []


def test_when_a_member_leaves_the_visit_under_way_is_finished_and_nothing_begun_after() -> None:
    leaves = team("a", 0, gone={"role": "police", "at": moment(15).isoformat()})
    assert played(day([leaves, team("b", 5000)], [task("v", 600), task("w", 1200)])) == [
        "0 assigned v a",
        "0 assigned w a",
        "10 started v a",
        "15 released w a",
        "15 assigned w b",
        "20 finished v a",
        "78.3333 started w b",
        "88.3333 finished w b",
    ]


def test_when_a_member_leaves_on_the_way_the_team_does_not_arrive() -> None:
    leaves = team("a", 0, gone={"role": "doctor", "at": moment(5).isoformat()})
    assert played(day([leaves], [task("v", 600)])) == ["0 assigned v a", "5 released v a"]


def test_what_can_no_longer_be_done_within_the_shift_goes_to_another_team() -> None:
    """The visit at v takes 20 minutes longer than said, so that w would end after the shift."""
    shorter = team("a", 0, off=45)
    tasks = [task("v", 600, actual_service_s=1800), task("w", 1200)]
    assert played(day([shorter, team("b", 9000)], tasks))[3:6] == [
        "40 finished v a",
        "40 released w a",
        "40 assigned w b",
    ]


def test_at_the_end_of_a_shift_what_waits_behind_a_long_visit_is_given_back() -> None:
    watching = Watching(Place())
    of = day([team("a", 0, off=60)], [task("v", 600, actual_service_s=6000), task("w", 900)])
    assert told(of, simulate(of, watching).lines)[3:] == ["60 released w a", "110 finished v a"]
    assert any(News.SHIFT_ENDED in news for _, news in watching.shown)


def test_after_the_end_of_the_day_nobody_sets_out() -> None:
    of = day([team("a", 0, off=900)], [task("v", 600), task("w", 1200)], end=moment(15).isoformat())
    assert [words for words in played(of) if "w" in words.split()] == ["0 assigned w a", "900 released w a"]


@pytest.mark.parametrize(
    ("say", "said"),
    [
        (lambda a, _b, v, w: {a: [v, w, v]}, "two places"),
        (lambda a, b, v, w: {a: [v], b: [v, w]}, "two places"),
        (lambda _a, b, v, w: {b: [v, w]}, "b cannot do w"),
    ],
)
def test_a_policy_that_asks_for_what_cannot_be_is_stopped(say: Any, said: str) -> None:
    def ask(problem: Problem, _news: frozenset[News]) -> NewWalks:
        walks: NewWalks = say(*(team.team_id for team in problem.teams), *problem.pending)
        return walks

    with pytest.raises(PolicyBroke, match=said):
        simulate(
            day([team("a", 0, can=("swab",)), team("b", 0)], [task("v", 600), task("w", 600, needs=["swab"])]),
            Says(ask),
        )


def test_a_policy_that_sends_a_team_elsewhere_on_its_way_is_stopped() -> None:
    def ask(problem: Problem, _news: frozenset[News]) -> NewWalks:
        (team,) = problem.teams
        return {team.team_id: [*problem.pending, *team.works]}

    with pytest.raises(PolicyBroke, match="a is under way"):
        simulate(day([team("a", 0)], [task("v", 600), task("w", 600, created=5)]), Says(ask))


def test_a_policy_that_takes_from_a_team_without_saying_so_is_stopped() -> None:
    def ask(problem: Problem, _news: frozenset[News]) -> NewWalks:
        a, b = problem.teams
        return {b.team_id: a.works} if a.works else {a.team_id: problem.pending}

    with pytest.raises(PolicyBroke, match="w is not to be had for b"):
        simulate(day([team("a", 0), team("b", 0)], [task("w", 600, opens=100), task("v", 600, created=5)]), Says(ask))


def test_a_policy_that_insists_on_what_cannot_be_finished_is_stopped() -> None:
    def insist(problem: Problem, _news: frozenset[News]) -> NewWalks:
        return {problem.teams[0].team_id: problem.pending}

    with pytest.raises(PolicyBroke, match="again and again"):
        simulate(day([team("a", 0, off=15)], [task("v", 600)]), Says(insist))


@pytest.mark.parametrize("seed", range(3))
def test_nothing_of_a_surprise_is_known_before_it_happens(seed: int) -> None:
    """The same day with and without its surprises looks the same until the first of them shows."""
    calm, disturbed = Watching(Pull()), Watching(Pull())
    simulate(day_of(made_up(seed)), calm)
    of = day_of(made_up(seed, disturbed=True))
    log = simulate(of, disturbed)
    first_difference = next(b.now for (a, _), (b, _) in zip(calm.shown, disturbed.shown, strict=False) if a != b)
    planned = {task.work.task_id: task.work.service_s for task in of.tasks}
    began = {line.task_id: line.at for line in log.lines if line.event == "started"}
    shows = [task.cancelled_at for task in of.tasks if task.cancelled_at] + [
        team.gone.at for team in of.teams if team.gone
    ]
    shows += [
        line.at
        for line in log.lines
        if line.event == "finished" and (line.at - began[line.task_id]).total_seconds() != planned[line.task_id]
    ]
    overdue = [began[task_id].timestamp() + planned[task_id] for task_id in began]
    assert first_difference.timestamp() >= min(min(shows).timestamp(), min(overdue))
