"""The walks of a district's teams side by side, as arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from services.worker.planner.positions import Gap, Int
from shared.domain.routing import PlannedWork, TeamOnShift

SPARE_COLUMNS = 8  # a walk grows by as many tasks before the arrays are copied


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One team's walk. The arrays have a column for each gap: where the team is there (degrees, nan: unknown), and the fields of `Gap`."""

    team: TeamOnShift
    planned: tuple[PlannedWork, ...]
    first: int  # open gap; those before it are frozen
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    gaps: Int  # (fields, gaps), of the open gaps only
    visits: int


class Board:
    """A row a team, a column a gap; only rows that were put hold anything. Kept from pass to pass, so that only what changed is written."""

    def __init__(self) -> None:
        self._ids: list[UUID] = []
        self._laid: list[Layout | None] = []
        self._make_room(0)

    def follow(self, teams: Sequence[TeamOnShift]) -> None:
        """Have a row for each of these teams, in this order, as wide as the longest walk with one task more."""
        ids = [team.team_id for team in teams]
        longest = max(map(len, map(attrgetter("works"), teams)), default=0)
        if ids != self._ids:
            self._ids, self._laid = ids, [None] * len(ids)
            self._make_room(longest + 1)
        elif longest + 1 > self.lat.shape[1]:
            self._make_room(longest + 1)

    def put(self, row: int, laid: Layout) -> None:
        """Write a team's walk into its row, if it is not there."""
        if self._laid[row] is laid:
            return
        self._laid[row] = laid
        if len(laid.lat) > self.lat.shape[1]:
            self._make_room(len(laid.lat))
        else:
            self._write(row, laid)

    def laid(self, row: int) -> Layout:
        """The walk that was put there."""
        laid = self._laid[row]
        assert laid is not None, "it was put there"  # noqa: S101 - the caller did
        return laid

    def gaps(self, rows: Int | None) -> Gap[Int]:
        """The gaps of these rows, or of all: each field an array (rows, gaps)."""
        return Gap(*(self.table if rows is None else self.table[:, rows]))

    def _make_room(self, columns: int) -> None:
        shape = len(self._ids), columns + SPARE_COLUMNS
        self.lat, self.lon = np.full(shape, np.nan), np.full(shape, np.nan)  # degrees; nan: not known
        self.table: Int = np.zeros((len(Gap._fields), *shape), dtype=np.int64)
        self.visits = np.zeros(shape[0], dtype=np.int64)
        for row, laid in enumerate(self._laid):
            if laid is not None:
                self._write(row, laid)

    def _write(self, row: int, laid: Layout) -> None:
        end = len(laid.lat)
        self.lat[row], self.lon[row] = np.nan, np.nan
        self.lat[row, :end], self.lon[row, :end] = laid.lat, laid.lon
        self.table[:, row] = 0
        self.table[:, row, laid.first : end] = laid.gaps
        self.visits[row] = laid.visits
