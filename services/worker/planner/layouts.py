"""How each walk lies in time: its timetable and its gaps, worked out once for each team and `now`."""

from uuid import UUID

import numpy as np

from services.worker.planner.board import Board, Layout
from services.worker.planner.nearby import Nearby
from services.worker.planner.positions import Clock, gaps
from services.worker.planner.problem import Problem
from shared.domain.routing import PlannedWork, TeamOnShift, frozen_prefix, timetable


class Layouts:
    """Layouts at the `now` of a problem, remembered by team. They serve every further problem of that district at the same `now`.

    One `Walks` at a time stands on them. Where teams come by does not hang on `now`: it is taken over from the layouts `before`, which
    then serve no more.
    """

    def __init__(self, problem: Problem, before: "Layouts | None" = None) -> None:
        self.nearby: Nearby = Nearby() if before is None else before.nearby
        self.board = Board()
        self.at = Clock(problem.now)
        self._now = problem.now
        self._settings = problem.settings
        self._doors: dict[UUID, int] = {}
        self._remembered: dict[UUID, Layout] = {}

    def serve(self, problem: Problem) -> bool:
        """Whether what is remembered here is right for that problem."""
        return problem.now == self._now and problem.settings == self._settings

    def of(self, team: TeamOnShift) -> Layout:
        """The team's walk as it is."""
        layout = self._remembered.get(team.team_id)
        if layout is None or (layout.team is not team and layout.team != team):
            planned = timetable(team, team.works)
            layout = self._lay_out(team, planned, frozen_prefix(planned, self._now, self._settings.freeze_s))
            self._remembered[team.team_id] = layout
        return layout

    def grown(self, team: TeamOnShift, first: int) -> Layout:
        """The team's walk with a task inserted, at or behind the `first` gap, which stays the first open one."""
        return self._lay_out(team, timetable(team, team.works), first)

    def door(self, door: UUID) -> int:
        """The number that stands for that door here, 0 or more."""
        return self._doors.setdefault(door, len(self._doors))

    def _lay_out(self, team: TeamOnShift, planned: tuple[PlannedWork, ...], first: int) -> Layout:
        places = [(np.nan, np.nan) if team.place is None else (team.place.lat, team.place.lon)]
        for work in team.works:
            places.append(places[-1] if work.point is None else (work.point.lat, work.point.lon))
        lat, lon = np.array(places).T
        return Layout(
            team=team,
            planned=planned,
            first=first,
            lat=lat,
            lon=lon,
            gaps=np.array(gaps(team, planned, first, self.at, self.door)).T,
            visits=sum(work.point is not None for work in team.works),
        )
