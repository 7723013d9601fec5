"""An even share of a district's visits."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from services.worker.planner.problem import Problem


def shares_of(problem: Problem) -> Mapping[UUID, float]:
    """By team, how many visits would be its share from now on: below 0 where it has made more than its share already.

    All visits made so far are shared out by the time that teams have been on their shifts, all that are to be made by the time left.
    """
    teams = problem.teams
    passed_s = [_seconds(team.shift_starts or problem.now, problem.now) for team in teams]
    left_s = [_seconds(team.free_at, team.shift_ends) for team in teams]
    made_per_s = sum(team.visits_made for team in teams) / (sum(passed_s) or 1)
    ahead = sum(team.visits_ahead for team in teams) + sum(work.point is not None for work in problem.pending)
    ahead_per_s = ahead / (sum(left_s) or 1)
    return {
        team.team_id: made_per_s * passed + ahead_per_s * left - team.visits_made
        for team, passed, left in zip(teams, passed_s, left_s, strict=True)
    }


def _seconds(begin: datetime, end: datetime) -> float:
    return max(0.0, (end - begin).total_seconds())
