"""Whatever the problem: placing breaks no rule, and one task goes where trying every place says it should."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.worker.planner.place import place
from services.worker.planner.problem import Plan, Problem
from services.worker.travel.great_circle import GreatCircle
from shared.domain.breaks import Break
from shared.domain.district import DistrictSettings
from shared.domain.geography import Pace, Point
from shared.domain.reasons import NextBest
from shared.domain.routing import PlannedWork, TeamOnShift, Work, frozen_prefix, insert_where_cheapest, timetable
from shared.domain.words import WaitingReason

NOW = datetime(2022, 4, 1, 8, tzinfo=UTC)
SETTINGS = DistrictSettings(freeze_s=600, home_grid_price_s=60)

# Few points, doors and round times, so that ties and exact boundaries are common.
moments = st.integers(-10, 40).map(lambda steps: NOW + timedelta(seconds=150 * steps))
points = st.builds(Point, st.sampled_from([31.2, 31.201, 31.21]), st.sampled_from([121.4, 121.402]))
grids = st.sampled_from([None, UUID(int=901), UUID(int=902)])


def words(*of: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(of))


@st.composite
def works(draw: st.DrawFn, *, under_way: bool = False) -> Work:
    earliest = draw(moments)
    departed_at = NOW - timedelta(minutes=3) if under_way else None
    return Work(
        task_id=UUID(int=draw(st.integers(10_000, 2**32))),  # shifts, whose breaks are in walks, have smaller numbers
        door=draw(st.sampled_from([None, UUID(int=801), UUID(int=802)])),
        point=draw(st.none() | points),
        grid_id=draw(grids),
        earliest=earliest,
        due_at=earliest + timedelta(seconds=draw(st.sampled_from([0, 300, 1800, 7200]))),
        service_s=draw(st.sampled_from([0, 60, 300, 1200])),
        priority=draw(st.integers(1, 5)),
        roles=draw(st.just(frozenset[str]()) | words("doctor", "police")),
        capabilities=draw(st.just(frozenset[str]()) | words("swab")),
        declined_in=draw(
            st.sampled_from([frozenset[UUID](), frozenset[UUID](), frozenset({UUID(int=501), UUID(int=503)})])
        ),
        departed_at=departed_at,
        arrived_at=draw(st.sampled_from([None, NOW - timedelta(minutes=1)])) if under_way else None,
    )


@st.composite
def breaks(draw: st.DrawFn, shift_id: UUID) -> Work:
    """Ahead, perhaps with its window gone by already, or under way."""
    earliest = draw(moments)
    latest = earliest + timedelta(seconds=draw(st.sampled_from([0, 900, 3600])))
    rest = Break(earliest=earliest, latest=latest, duration_s=draw(st.sampled_from([300, 1800])))
    ago_s = draw(st.sampled_from([None, None, None, 0, 200]))
    if ago_s is None:
        return rest.work(shift_id)
    began_at = NOW - timedelta(seconds=ago_s)
    return rest.work(shift_id, began_at=began_at, over_at=began_at + rest.duration)


@st.composite
def teams(draw: st.DrawFn, number: int) -> TeamOnShift:
    """Now and then with a break, wherever it stands in the walk; one under way comes first."""
    held = draw(st.lists(works(), max_size=5))
    first = draw(st.lists(works(under_way=True), max_size=1))
    walk = [replace(work, task_id=UUID(int=2**64 * number + place)) for place, work in enumerate(first + held)]
    for rest in draw(st.lists(breaks(UUID(int=500 + number)), max_size=1)):
        at = 0 if rest.is_under_way else draw(st.integers(len(first), len(walk)))
        walk.insert(at, rest)
    return TeamOnShift(
        team_id=UUID(int=number),
        shift_id=UUID(int=500 + number),
        pace=draw(st.sampled_from([Pace(kmh=4.5), Pace(kmh=12.0, parking_s=30)])),
        place=draw(st.none() | points),
        free_at=NOW + timedelta(seconds=draw(st.sampled_from([0, 1800]))),
        shift_ends=NOW + timedelta(seconds=draw(st.sampled_from([900, 3600, 7200]))),
        roles=draw(st.just(frozenset({"doctor", "police"})) | words("doctor", "police")),
        capabilities=draw(words("swab")),
        home_grid_id=draw(grids),
        visits_left=draw(st.sampled_from([None, 0, 2, 6])),
        visits_made=draw(st.integers(0, 9)),
        shift_starts=draw(st.sampled_from([None, NOW - timedelta(hours=2), NOW, NOW + timedelta(minutes=20)])),
        setup_s=draw(st.sampled_from([0, 60])),
        works=tuple(walk),
    )


@st.composite
def problems(draw: st.DrawFn, *, most_teams: int = 3, most_pending: int = 6) -> Problem:
    count = draw(st.integers(0, most_teams))
    pending = draw(st.lists(works(), min_size=1, max_size=most_pending, unique_by=lambda work: work.task_id))
    return Problem(
        now=NOW,
        district_id=UUID(int=1),
        settings=SETTINGS,
        teams=tuple(draw(teams(number)) for number in range(1, count + 1)),
        pending=tuple(pending),
    )


one_task = problems(most_pending=1)


def planned(problem: Problem) -> Plan:
    return place(problem, GreatCircle)


def walks(problem: Problem, plan: Plan) -> list[tuple[TeamOnShift, tuple[PlannedWork, ...], tuple[PlannedWork, ...]]]:
    """Each changed team with its walk before and after."""
    by_id = {team.team_id: team for team in problem.teams}
    return [
        (by_id[team_id], timetable(by_id[team_id], by_id[team_id].works), after)
        for team_id, after in plan.routes.items()
    ]


@given(problems())
def test_every_pending_task_is_placed_once_or_waits_with_a_reason(problem: Problem) -> None:
    plan = planned(problem)
    pending = {work.task_id for work in problem.pending}
    assert plan.placements.keys() | plan.waiting.keys() == pending
    assert not plan.placements.keys() & plan.waiting.keys()
    for team, before, after in walks(problem, plan):
        mine = [task_id for task_id, placement in plan.placements.items() if placement.team_id == team.team_id]
        assert mine
        assert sorted(stop.work.task_id for stop in after) == sorted(mine + [stop.work.task_id for stop in before])
    assert {placement.team_id for placement in plan.placements.values()} == plan.routes.keys()
    assert all(waiting.look_again_at > NOW for waiting in plan.waiting.values())


@given(problems())
def test_what_was_there_keeps_its_order_and_the_frozen_head_its_place(problem: Problem) -> None:
    plan = planned(problem)
    for team, before, after in walks(problem, plan):
        rest = iter(after)
        assert all(any(stop.work is work for stop in rest) for work in team.works)
        frozen = frozen_prefix(before, NOW, SETTINGS.freeze_s)
        assert after[:frozen] == before[:frozen]
        assert after == timetable(team, [stop.work for stop in after])


@given(problems())
def test_a_team_gets_only_what_it_can_do_within_its_shift_and_most_visits(problem: Problem) -> None:
    plan = planned(problem)
    for team, _, after in walks(problem, plan):
        new = [stop for stop in after if not any(stop.work is work for work in team.works)]
        assert all(team.can_do(stop.work) for stop in new)
        assert all(stop.begin_at >= stop.work.earliest and stop.leave_at <= team.shift_ends for stop in new)
        if team.visits_left is not None and any(stop.work.point for stop in new):
            assert sum(stop.work.point is not None for stop in after) <= team.visits_left


@given(problems())
def test_nobody_already_there_gets_late_or_later_or_beyond_the_shift(problem: Problem) -> None:
    plan = planned(problem)
    for team, before, after in walks(problem, plan):
        kept = [stop for stop in after if any(stop.work is work for work in team.works)]
        for then, now in zip(before, kept, strict=True):
            assert now.late_s <= then.late_s
            assert now.leave_at <= max(team.shift_ends, then.leave_at)


@given(problems())
def test_what_a_placement_promised_still_holds_when_all_are_placed(problem: Problem) -> None:
    plan = planned(problem)
    stops = {stop.work.task_id: stop for after in plan.routes.values() for stop in after}
    homes = {team.team_id: team.home_grid_id for team in problem.teams}
    for work in problem.pending:
        placement = plan.placements.get(work.task_id)
        if placement is None:
            continue
        reason, stop = placement.reason, stops[work.task_id]
        assert reason.on_time == (reason.slack_s >= 0)
        assert stop.late_s <= max(0, -reason.slack_s)
        assert reason.home_grid == (work.grid_id is not None and work.grid_id == homes[placement.team_id])


@given(problems())
def test_the_plan_does_not_depend_on_the_order_in_which_things_are_named(problem: Problem) -> None:
    shuffled = replace(
        problem, teams=tuple(reversed(problem.teams)), pending=tuple(sorted(problem.pending, key=lambda w: w.service_s))
    )
    assert planned(shuffled) == planned(problem)


@given(one_task)
def test_no_task_waits_for_being_overdue(problem: Problem) -> None:
    (work,) = problem.pending
    punctual = replace(problem, pending=(replace(work, due_at=NOW + timedelta(days=9)),))
    assert bool(planned(problem).waiting) == bool(planned(punctual).waiting)


def next_best_of(problem: Problem, work: Work, got_it: UUID) -> NextBest | None:
    """Slow and obvious: the task into the walk of each other team, the teams in order of their ids."""
    tries = []
    for team in sorted(problem.teams, key=lambda team: team.team_id):
        tried = insert_where_cheapest(team, work, NOW, SETTINGS.freeze_s, SETTINGS.home_grid_price_s)
        if tried is not None and team.team_id != got_it:
            tries.append((team.team_id, tried))
    on_time = [(team_id, tried) for team_id, tried in tries if tried.reason.on_time]
    if not tries:
        return None
    if on_time:
        team_id, best = min(
            on_time, key=lambda t: (t[1].cost_s, t[1].added_setup_s, t[1].weighted_wait(NOW), t[1].weight_behind)
        )
    else:
        team_id, best = min(tries, key=lambda t: (t[1].begin_at, t[1].cost_s, t[1].added_setup_s, t[1].weight_behind))
    reason = best.reason
    return NextBest(
        team_id=team_id, added_travel_s=reason.added_travel_s, home_grid=reason.home_grid, slack_s=reason.slack_s
    )


@given(one_task)
def test_the_next_best_team_is_the_one_that_trying_all_others_says(problem: Problem) -> None:
    (work,) = problem.pending
    placement = planned(problem).placements.get(work.task_id)
    if placement is not None:
        assert placement.reason.next_best == next_best_of(problem, work, placement.team_id)


Key = tuple[Any, ...]


def tried_everywhere(problem: Problem, work: Work) -> list[tuple[Key, Key, bool]]:
    """Slow and obvious: each allowed place as (key if on time, key if late, on time)."""
    allowed: list[tuple[Key, Key, bool]] = []
    for team in sorted(problem.teams, key=lambda team: team.team_id):
        before = timetable(team, team.works)
        for at in range(frozen_prefix(before, NOW, SETTINGS.freeze_s), len(before) + 1):
            after = timetable(team, [*team.works[:at], work, *team.works[at:]])
            if not breaks_a_rule(team, before, after, at):
                cost = sum(stop.travel_s for stop in after) - sum(stop.travel_s for stop in before)
                if work.grid_id and work.grid_id != team.home_grid_id:
                    cost += SETTINGS.home_grid_price_s
                setup = sum(stop.setup_s for stop in after) - sum(stop.setup_s for stop in before)
                begin, behind = after[at].begin_at, sum(stop.work.priority for stop in after[at + 1 :])
                busy = sum(stop.travel_s + stop.setup_s + stop.work.service_s for stop in after)
                busy -= sum(stop.travel_s + stop.setup_s + stop.work.service_s for stop in before)
                wait = work.priority * (begin - NOW) + behind * timedelta(seconds=busy)
                where = (team.team_id, at)
                if_on_time, if_late = (cost, setup, wait, behind, *where), (begin, cost, setup, behind, *where)
                allowed.append((if_on_time, if_late, begin <= work.due_at))
    return allowed


def breaks_a_rule(team: TeamOnShift, before: tuple[PlannedWork, ...], after: tuple[PlannedWork, ...], at: int) -> bool:
    new, others = after[at], after[:at] + after[at + 1 :]
    visits = sum(stop.work.point is not None for stop in after)
    return (
        not team.can_do(new.work)
        or new.work.earliest >= team.shift_ends
        or (new.work.point is not None and team.visits_left is not None and visits > team.visits_left)
        or new.leave_at > team.shift_ends
        or any(now.late_s > then.late_s for then, now in zip(before, others, strict=True))
        or any(now.leave_at > max(then.leave_at, team.shift_ends) for then, now in zip(before, others, strict=True))
    )


@given(one_task)
def test_one_task_goes_where_trying_every_place_says(problem: Problem) -> None:
    (work,) = problem.pending
    plan, allowed = planned(problem), tried_everywhere(problem, work)
    if not allowed:
        assert not plan.placements
        return
    on_time = [key for key, _, in_time in allowed if in_time]
    *_, team_id, position = min(on_time) if on_time else min(key for _, key, _ in allowed)
    assert plan.placements[work.task_id].team_id == team_id
    walk = plan.routes[team_id]
    assert [at for at, stop in enumerate(walk) if stop.work is work] == [position]


@given(one_task)
def test_arrays_and_plain_python_put_one_task_into_one_walk_alike(problem: Problem) -> None:
    (work,) = problem.pending
    for team in problem.teams:
        plan = planned(replace(problem, teams=(team,)))
        plain = insert_where_cheapest(team, work, NOW, SETTINGS.freeze_s, SETTINGS.home_grid_price_s)
        if plain is None:
            assert not plan.placements
        else:
            assert plan.placements[work.task_id].reason == plain.reason
            assert plan.routes[team.team_id] == plain.planned


@given(one_task)
def test_by_force_every_task_finds_a_place_and_what_it_breaks_is_said(problem: Problem) -> None:
    (work,) = problem.pending
    for team in problem.teams:
        forced = insert_where_cheapest(team, work, NOW, SETTINGS.freeze_s, SETTINGS.home_grid_price_s, forced=True)
        assert forced is not None
        before, at = timetable(team, team.works), forced.position
        broken = breaks_a_rule(team, before, forced.planned, at)
        assert broken == (not forced.fits or not team.can_do(work) or work.earliest >= team.shift_ends)
        others = forced.planned[:at] + forced.planned[at + 1 :]
        late = [now.work.task_id for then, now in zip(before, others, strict=True) if now.late_s > then.late_s]
        assert list(forced.made_late) == late


def nearest_of(teams: list[TeamOnShift], work: Work) -> str:
    def way(team: TeamOnShift) -> float:
        return team.pace.seconds(team.place, work.point) if team.place and work.point else float("inf")

    return str(min(teams, key=lambda team: (way(team), team.team_id)).team_id)


@given(one_task)
def test_the_waiting_reason_is_the_first_that_holds(problem: Problem) -> None:
    (work,) = problem.pending
    waiting = planned(problem).waiting.get(work.task_id)
    if waiting is None:
        return
    with_roles = [team for team in problem.teams if work.roles <= team.roles]
    able = [team for team in with_roles if work.capabilities <= team.capabilities]
    willing = [team for team in able if team.shift_id not in work.declined_in]
    if not problem.teams:
        expected = WaitingReason.NO_TEAM_ON_SHIFT
    elif not with_roles:
        expected = WaitingReason.ROLE_MISSING
        fewest = min(len(work.roles - team.roles) for team in problem.teams)
        lacking_least = [team for team in problem.teams if len(work.roles - team.roles) == fewest]
        assert waiting.detail["team_id"] == nearest_of(lacking_least, work)
    elif not able:
        expected = WaitingReason.CAPABILITY_MISSING
    elif not willing:
        expected = WaitingReason.ALL_TEAMS_FULL
        assert waiting.detail["stopped_by"] == "declined"
    elif all(team.shift_ends <= work.earliest for team in willing):
        expected = WaitingReason.OPENS_LATER
        assert waiting.detail["team_id"] == nearest_of(willing, work)
    else:
        expected = WaitingReason.ALL_TEAMS_FULL
        still_there = [team for team in willing if team.shift_ends > work.earliest]
        assert waiting.detail["team_id"] == nearest_of(still_there, work)
        assert waiting.detail["stopped_by"] in {"visits", "shift_ends", "would_be_late"}
    assert waiting.reason is expected
