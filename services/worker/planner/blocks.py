"""What a part of a problem is taken apart into before a solver sees it: blocks of work that is free, and where each team comes to them."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.worker.planner.evaluate import Standing
from shared.domain.breaks import place_of_break
from shared.domain.geography import Point
from shared.domain.routing import Work

VISIT_LOAD = 100
"""What a visit loads: so that one too many costs as much as a hundred seconds of lateness. The penalties are made for seconds: as one unit
they hardly feel it, and where teams are near their limit nothing feasible is found."""


class Block(NamedTuple):
    """A visit or break and the calls made right after it; to the solver, one visit.

    Begun at `earliest` or later it takes `service_s`, begun before it ends no sooner; begun by `latest`, nothing in it is late.
    """

    works: tuple[Work, ...]
    earliest: int
    latest: int
    service_s: int
    holder: UUID | None  # the team that has it now
    begin: int | None  # when it is begun in the walk that stands, if in one
    anchor: int | None = None  # of a break: the place in the matrices where its team is before it in that walk

    @property
    def visit(self) -> Work:
        return self.works[0]

    @property
    def is_fixed(self) -> bool:
        return any(work.team_fixed for work in self.works)

    @property
    def load(self) -> int:
        return 0 if self.visit.is_break else VISIT_LOAD


class Option(NamedTuple):
    """A way to make a block's visit: begun by `latest`, worth `prize`."""

    latest: int
    prize: int


class Start(NamedTuple):
    """Where, when and with what behind it a team comes to what is free."""

    standing: Standing
    prefix: tuple[Work, ...]
    place: Point | None
    door: UUID | None
    free_at: datetime


def start_of(standing: Standing) -> Start:
    """Cut off what keeps its place, and the calls made right after it."""
    head = standing.frozen
    while head < len(standing.planned) and is_call(standing.planned[head].work):
        head += 1
    steps = standing.planned[:head]
    visits = [step.work for step in steps if step.work.point is not None]
    return Start(
        standing=standing,
        prefix=tuple(step.work for step in steps),
        place=visits[-1].point if visits else standing.team.place,
        door=visits[-1].door if visits else None,
        free_at=steps[-1].leave_at if steps else standing.team.free_at,
    )


def holds_fixed_work_beyond_shift(standing: Standing) -> bool:
    """Then the walk is a person's to mend, and stays as it is. A break finds its place again once the walk is shorter."""
    fixed = (step for step in standing.planned if step.work.team_fixed and not step.work.is_break)
    return any(step.leave_at > standing.team.shift_ends for step in fixed)


def with_breaks(start: Start, walks: Mapping[UUID, tuple[Work, ...]]) -> tuple[Work, ...]:
    """The team's new walk; a break that found no place is where the rule puts it."""
    walk = walks[start.standing.team.team_id]
    for left_out in (work for work in start.standing.team.works if work.is_break and work not in walk):
        at = place_of_break(start.standing.team.with_works(walk), left_out)
        walk = (*walk[:at], left_out, *walk[at:])
    return walk


def is_call(work: Work) -> bool:
    return work.point is None and not work.is_break
