"""The one judge of a plan: which rules it breaks, and what it costs in seconds of travel.

Everything is measured against what stands: the walks that the problem's teams have now. Who searches with a model of its own (the
solver's integers know neither lateness nor a team that was late before) brings what it found here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from services.worker.planner.prices import Prices
from services.worker.planner.problem import Problem
from services.worker.planner.shares import shares_of
from shared.domain.routing import PlannedWork, TeamOnShift, Work, frozen_prefix, is_home, timetable

AHEAD = 2.0
"""Teams get ahead of their plan, where nobody is in: what changes its team is planned to begin so many times the freeze later."""
NewWalks = Mapping[UUID, Sequence[Work]]
"""Whole walks by team; a team that is not named keeps the one it has."""


class Rule(StrEnum):
    """What no plan may do. Named after what it breaks."""

    UNKNOWN = "unknown"  # a team or a task that is not in the problem, or not as it is there
    TWICE = "twice"  # a task in two places
    FROZEN = "frozen"  # what is under way or starts soon, with another team or in another order
    TOO_SOON = "too_soon"  # another team's so far, and to begin so soon that nobody is to be upset any more
    TEAM_FIXED = "team_fixed"  # accepted or pinned, and not with its team
    ABILITY = "ability"  # new to a team that lacks a role or capability or declined it
    SHIFT = "shift"  # ends after the shift, and later than it stands
    VISITS = "visits"  # more visits than the shift allows, and than stand
    BREAK = "break"  # a team's left out, begun after its window and later than it stands, or in another team's walk


class Breach(NamedTuple):
    rule: Rule
    id: UUID  # of the task, or the team


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a plan costs, by cause; seconds of travel but for the counts. Costs add up."""

    travel_s: int = 0
    setup_s: int = 0
    home_grid_s: int = 0
    change_s: int = 0
    even_s: int = 0
    reserve_s: int = 0
    late_s: int = 0  # weighted lateness, urgent visits in the second half of their time included
    loss_s: int = 0
    visits: int = 0  # counts, from here on
    late: int = 0
    lost: int = 0
    changes: int = 0

    @property
    def total_s(self) -> int:
        by_order = self.travel_s + self.setup_s + self.home_grid_s + self.change_s
        return by_order + self.even_s + self.reserve_s + self.late_s + self.loss_s

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(**{item.name: getattr(self, item.name) + getattr(other, item.name) for item in fields(Cost)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    cost: Cost
    breaches: tuple[Breach, ...]

    @property
    def is_allowed(self) -> bool:
        return not self.breaches


class Origin(NamedTuple):
    """What stood before the round began. A later pass of a round starts from what the pass before it made, but is measured against this."""

    holder: Mapping[UUID, UUID]  # task → the team that has it
    frozen: Mapping[UUID, int]  # team → how many works at the head of its walk keep team and place
    shares: Mapping[UUID, float]  # team → how many visits were an even share for it
    moves_after: datetime  # what changes its team begins later than this

    def is_moved(self, work: Work, team_id: UUID) -> bool:
        """Whether the work was another team's."""
        return self.holder.get(work.task_id, team_id) != team_id


def origin_of(problem: Problem) -> Origin:
    """What stands in the problem."""
    freeze_s = problem.settings.freeze_s
    return Origin(
        holder={work.task_id: team.team_id for team in problem.teams for work in team.works},
        frozen={
            team.team_id: frozen_prefix(timetable(team, team.works), problem.now, freeze_s) for team in problem.teams
        },
        shares=shares_of(problem),
        moves_after=problem.now + timedelta(seconds=freeze_s * AHEAD),
    )


def evaluate(problem: Problem, new_walks: NewWalks, prices: Prices, origin: Origin | None = None) -> Verdict:
    """Judge the walks; tasks in none are lost. `origin`: what changes are counted from, if not from the problem's own walks."""
    origin = origin or origin_of(problem)
    walks = {team.team_id: new_walks.get(team.team_id, team.works) for team in problem.teams}
    known = {work.task_id: work for team in problem.teams for work in team.works}
    known |= {work.task_id: work for work in problem.pending}
    breaches = [Breach(Rule.UNKNOWN, team_id) for team_id in new_walks if team_id not in walks]
    breaches += _strange_or_doubled(walks, known)
    cost = Cost()
    for team in problem.teams:
        standing = Standing(team, origin)
        planned = timetable(team, walks[team.team_id])
        breaches += standing.breaches(planned)
        cost += cost_of_walk(team, planned, origin, prices)
    done = {work.task_id for works in walks.values() for work in works}
    lost = [work for task_id, work in known.items() if task_id not in done]
    breaches += [Breach(Rule.TEAM_FIXED, work.task_id) for work in lost if work.team_fixed and not work.is_break]
    tasks = [work for work in lost if not work.is_break]
    cost += Cost(loss_s=sum(map(prices.of_loss, tasks)), lost=len(tasks))
    return Verdict(cost=cost, breaches=tuple(breaches))


class Standing:
    """A team with the walk it has: what a new walk of it is measured against."""

    def __init__(self, team: TeamOnShift, origin: Origin) -> None:
        self.team = team
        self.planned = timetable(team, team.works)
        self.frozen = origin.frozen[team.team_id]
        self._origin = origin
        self._ends_at = {stop.work.task_id: stop.leave_at for stop in self.planned}
        self._breaks_by = {
            stop.work.task_id: max(stop.work.due_at, stop.begin_at) for stop in self.planned if stop.work.is_break
        }
        self._visits = sum(work.point is not None for work in team.works)

    def holds(self, work: Work) -> bool:
        """Whether the work is in the walk that the team has."""
        return work.task_id in self._ends_at

    def has_in_time(self, stop: PlannedWork) -> bool:
        """Whether the break is this team's and begins in its window, or no later than it stands."""
        begins_by = self._breaks_by.get(stop.work.task_id)
        return begins_by is not None and stop.begin_at <= begins_by

    def must_leave_by(self, work: Work) -> datetime:
        """The end of the shift, or later where it stands so already."""
        return max(self.team.shift_ends, self._ends_at.get(work.task_id, self.team.shift_ends))

    @property
    def most_visits(self) -> int | None:
        """Of the shift from now on, or more where more stand already; None: no limit."""
        return None if self.team.visits_left is None else max(self.team.visits_left, self._visits)

    def breaches(self, planned: Sequence[PlannedWork]) -> list[Breach]:
        """The rules that this new walk breaks, but for what takes a look at other teams."""
        works = [stop.work for stop in planned]
        found = []
        if tuple(works[: self.frozen]) != self.team.works[: self.frozen]:
            found.append(Breach(Rule.FROZEN, self.team.team_id))
        for stop in planned:
            if stop.work.is_break and not self.has_in_time(stop):
                found.append(Breach(Rule.BREAK, stop.work.task_id))
            elif not self.holds(stop.work) and stop.work.team_fixed:
                found.append(Breach(Rule.TEAM_FIXED, stop.work.task_id))
            if not self.holds(stop.work) and not self.team.can_do(stop.work):
                found.append(Breach(Rule.ABILITY, stop.work.task_id))
            if self._origin.is_moved(stop.work, self.team.team_id) and stop.begin_at <= self._origin.moves_after:
                found.append(Breach(Rule.TOO_SOON, stop.work.task_id))
            if stop.leave_at > self.must_leave_by(stop.work):
                found.append(Breach(Rule.SHIFT, stop.work.task_id))
        there = {work.task_id for work in works}
        found += [Breach(Rule.BREAK, shift_id) for shift_id in self._breaks_by if shift_id not in there]
        if self.most_visits is not None and sum(work.point is not None for work in works) > self.most_visits:
            found.append(Breach(Rule.VISITS, self.team.team_id))
        return found


def cost_of_walk(team: TeamOnShift, planned: Sequence[PlannedWork], origin: Origin, prices: Prices) -> Cost:
    """What one team's walk costs, `origin` saying what changes its team. What is planned beyond the shift counts as lost.

    A break is no task: late or beyond the shift it has its price, but is not counted.
    """
    away = sum(stop.work.grid_id is not None and not is_home(team, stop.work) for stop in planned)
    changes = sum(origin.is_moved(stop.work, team.team_id) for stop in planned)
    visits = sum(stop.work.point is not None for stop in planned)
    in_shift = [stop for stop in planned if stop.leave_at <= team.shift_ends]
    beyond = [stop.work for stop in planned if stop.leave_at > team.shift_ends]
    return Cost(
        travel_s=sum(stop.travel_s for stop in planned),
        setup_s=sum(stop.setup_s for stop in planned),
        home_grid_s=away * prices.home_grid_s,
        change_s=changes * prices.change_s,
        even_s=prices.of_unevenness(visits, origin.shares[team.team_id]),
        reserve_s=prices.of_reserve(team, in_shift[-1].leave_at) if in_shift else 0,
        late_s=sum(prices.of_beginning(stop.work, stop.begin_at) for stop in in_shift),
        loss_s=sum(map(prices.of_loss, beyond)),
        visits=visits,
        late=sum(stop.late_s > 0 and not stop.work.is_break for stop in in_shift),
        lost=sum(not work.is_break for work in beyond),
        changes=changes,
    )


def _strange_or_doubled(walks: NewWalks, known: Mapping[UUID, Work]) -> list[Breach]:
    found, seen = [], set()
    for works in walks.values():
        for work in works:
            if known.get(work.task_id) != work:
                found.append(Breach(Rule.UNKNOWN, work.task_id))
            if work.task_id in seen:
                found.append(Breach(Rule.TWICE, work.task_id))
            seen.add(work.task_id)
    return found
