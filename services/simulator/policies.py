"""The policies that a day can be played with."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from services.simulator.policy import News, NewWalks
from services.worker.placing import MOST_TASKS
from services.worker.planner.place import place
from services.worker.planner.problem import Plan, Problem
from services.worker.travel.great_circle import GreatCircle
from shared.domain.routing import TeamOnShift, Work, timetable

Improve = Callable[[Problem], NewWalks]
"""Whole new walks of the teams that should walk differently. Must leave what is under way first in its walk."""
PlacePending = Callable[[Problem], Plan]
"""The pending tasks placed where they fit."""

FREES_CAPACITY = frozenset({News.CANCELLED, News.GIVEN_BACK, News.SHIFT_BEGAN})
"""After these the worker looks at every task that waits."""
BREAKS_A_ROUTE = frozenset({News.CANCELLED, News.GIVEN_BACK, News.OFF_DUTY})
"""After these a round of improvement does not wait for its turn."""


def one_by_one(problem: Problem) -> Plan:
    """Each pending task where it costs least, the most urgent first."""
    return place(problem, GreatCircle)


class Nearest:
    """Pushes each task, when its window opens, to the team on shift whose walk ends nearest and has time for it. Nothing is re-planned."""

    def __init__(self) -> None:
        self._look_again_at: datetime | None = None

    def react(self, problem: Problem, news: frozenset[News]) -> NewWalks:
        if news == {News.VISITED}:
            return {}
        now = problem.now
        teams = {team.team_id: _at_the_end(team) for team in problem.teams if team.free_at <= now}
        added: dict[UUID, list[Work]] = {}
        for work in sorted(_open(problem), key=lambda work: (work.earliest, work.task_id)):
            able = [team for team in teams.values() if _has_time_for(team, work, team.free_at)]
            if able:
                nearest = min(able, key=lambda team: (_travel_s(team, work), team.team_id))
                busy = timedelta(seconds=_travel_s(nearest, work) + work.service_s)
                teams[nearest.team_id] = replace(nearest, place=work.point, free_at=nearest.free_at + busy)
                added.setdefault(nearest.team_id, []).append(work)
        self._look_again_at = _next_opening(problem)
        return {team.team_id: (*team.works, *added[team.team_id]) for team in problem.teams if team.team_id in added}

    def look_again_at(self) -> datetime | None:
        return self._look_again_at


class Pull:
    """A team with nothing to do takes the nearest task whose window is open."""

    def __init__(self) -> None:
        self._look_again_at: datetime | None = None

    def react(self, problem: Problem, _news: frozenset[News]) -> NewWalks:
        left = {work.task_id: work for work in _open(problem)}
        taken: dict[UUID, Sequence[Work]] = {}
        for team in problem.teams:
            if team.works or team.free_at > problem.now:
                continue
            able = [work for work in left.values() if _has_time_for(team, work, problem.now)]
            if able:
                nearest = min(able, key=lambda work: (_travel_s(team, work), work.due_at, work.task_id))
                taken[team.team_id] = (left.pop(nearest.task_id),)
        self._look_again_at = _next_opening(problem)
        return taken

    def look_again_at(self) -> datetime | None:
        return self._look_again_at


class Place:
    """Places tasks as the worker does: on arrival, and what waits when its time has come or something frees a team."""

    def __init__(self, place: PlacePending = one_by_one) -> None:
        self._place = place
        self.placed_late = False  # whether the last reaction placed a task behind its due time
        self._look_at: dict[UUID, datetime] = {}  # of what waits

    def react(self, problem: Problem, news: frozenset[News]) -> NewWalks:
        due = self._due(problem, news)
        teams = {team.team_id: team for team in problem.teams}
        changed: dict[UUID, Sequence[Work]] = {}
        self.placed_late = False
        for first in range(0, len(due), MOST_TASKS):
            some = tuple(due[first : first + MOST_TASKS])
            plan = self._place(replace(problem, teams=tuple(teams.values()), pending=some))
            for team_id, route in plan.routes.items():
                changed[team_id] = tuple(stop.work for stop in route)
                teams[team_id] = teams[team_id].with_works(changed[team_id])
            self.placed_late |= any(not placement.reason.on_time for placement in plan.placements.values())
            for task_id in plan.placements:
                self._look_at.pop(task_id, None)
            self._look_at |= {task_id: waiting.look_again_at for task_id, waiting in plan.waiting.items()}
        return changed

    def look_again_at(self) -> datetime | None:
        return min(self._look_at.values(), default=None)

    def _due(self, problem: Problem, news: frozenset[News]) -> list[Work]:
        """What to look at now, the most urgent first."""
        pending = {work.task_id for work in problem.pending}
        freed = bool(news & FREES_CAPACITY)
        self._look_at = {
            task_id: problem.now if freed else at for task_id, at in self._look_at.items() if task_id in pending
        }
        due = [work for work in problem.pending if self._look_at.get(work.task_id, problem.now) <= problem.now]
        return sorted(due, key=lambda work: (-work.priority, work.due_at, work.task_id))


class Doorstep:
    """Places at once and improves in rounds: every `period`, and sooner when a route broke or a task was placed late."""

    def __init__(
        self,
        improve: Improve,
        *,
        place: PlacePending = one_by_one,
        period: timedelta = timedelta(seconds=300),
        debounce: timedelta = timedelta(seconds=60),
    ) -> None:
        self._place = Place(place)
        self._improve = improve
        self._period = period
        self._debounce = debounce
        self._last_round_at: datetime | None = None
        self._next_round_at: datetime | None = None

    def react(self, problem: Problem, news: frozenset[News]) -> NewWalks:
        placed = self._place.react(problem, news)
        now, after = problem.now, _with_walks(problem, placed)
        if not any(team.works for team in after.teams):
            self._next_round_at = None
            return placed
        self._call_for_round(now, urgent=bool(news & BREAKS_A_ROUTE) or self._place.placed_late)
        if self._next_round_at is None or now < self._next_round_at:
            return placed
        self._last_round_at, self._next_round_at = now, now + self._period
        return {**placed, **self._improve(after)}

    def look_again_at(self) -> datetime | None:
        return min(filter(None, (self._place.look_again_at(), self._next_round_at)), default=None)

    def _call_for_round(self, now: datetime, *, urgent: bool) -> None:
        soonest = now if self._last_round_at is None else max(now, self._last_round_at + self._debounce)
        if urgent or self._next_round_at is None:
            self._next_round_at = min(self._next_round_at or soonest, soonest)


def _with_walks(problem: Problem, walks: NewWalks) -> Problem:
    held = {work.task_id for works in walks.values() for work in works}
    return replace(
        problem,
        teams=tuple(team.with_works(walks.get(team.team_id, team.works)) for team in problem.teams),
        pending=tuple(work for work in problem.pending if work.task_id not in held),
    )


def _open(problem: Problem) -> list[Work]:
    return [work for work in problem.pending if work.earliest <= problem.now]


def _next_opening(problem: Problem) -> datetime | None:
    return min((work.earliest for work in problem.pending if work.earliest > problem.now), default=None)


def _at_the_end(team: TeamOnShift) -> TeamOnShift:
    """The team as it will be when it has done what it has."""
    if not team.works:
        return team
    last = timetable(team, team.works)[-1]
    return replace(team, place=last.work.point, free_at=last.leave_at, works=())


def _travel_s(team: TeamOnShift, work: Work) -> int:
    return team.pace.seconds(team.place, work.point) if team.place and work.point else 0


def _has_time_for(team: TeamOnShift, work: Work, at: datetime) -> bool:
    """Whether the team can do it within its shift if it sets out then, the window being open."""
    return team.can_do(work) and at + timedelta(seconds=_travel_s(team, work) + work.service_s) <= team.shift_ends
