"""What the teams of a problem can and may do, as arrays: a row a team."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from shared.domain.routing import TeamOnShift, Work

Bool = NDArray[np.bool_]
Needs = tuple[frozenset[str], frozenset[str], frozenset[UUID]]

NO_LIMIT = np.iinfo(np.int64).max


class Rosters:
    """Abilities, shifts and home grids; `at` counts moments. Thousands of teams can but a few different things: each is asked once."""

    def __init__(self, teams: Sequence[TeamOnShift], at: Callable[[datetime], int]) -> None:
        self.shift_ends = np.array([at(team.shift_ends) for team in teams])
        self.setup_s = np.array([team.setup_s for team in teams])
        self.most_visits = np.array([NO_LIMIT if team.visits_left is None else team.visits_left for team in teams])
        kinds: dict[tuple[frozenset[str], frozenset[str]], int] = {}
        self._kind = np.array([kinds.setdefault((team.roles, team.capabilities), len(kinds)) for team in teams])
        self._kinds = list(kinds)
        self._shifts = [team.shift_id for team in teams]
        grids: dict[UUID | None, int] = {}
        self._home = np.array([grids.setdefault(team.home_grid_id, len(grids)) for team in teams])
        self._grids = grids
        self._able: dict[Needs, Bool] = {}

    def able(self, work: Work) -> Bool:
        """Who has the roles and capabilities on duty and did not decline it in this shift: `TeamOnShift.can_do`."""
        needs = work.roles, work.capabilities, work.declined_in
        if needs not in self._able:
            can = [work.roles <= roles and work.capabilities <= capabilities for roles, capabilities in self._kinds]
            able = np.array(can)[self._kind]
            if work.declined_in:
                able[[row for row, shift in enumerate(self._shifts) if shift in work.declined_in]] = False
            self._able[needs] = able
        return self._able[needs]

    def away(self, grid_id: UUID | None) -> Bool:
        """Who would leave the home grid for it; nobody where there is no grid."""
        if grid_id is None:
            return np.zeros(len(self._home), dtype=np.bool_)
        away: Bool = self._home != self._grids.get(grid_id, -1)
        return away
