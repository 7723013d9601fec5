"""What a policy is: asked when something happened, it says which teams walk differently from now on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from services.worker.planner.problem import Problem
from shared.domain.routing import Work

NewWalks = Mapping[UUID, Sequence[Work]]


class PolicyBroke(Exception):
    """The policy asked for what cannot be."""


class News(StrEnum):
    """What happened since the policy was asked last."""

    ARRIVAL = "arrival"  # a task came in
    VISITED = "visited"  # a visit is over: a team is at a door with nothing to do there
    NOBODY_IN = "nobody_in"  # a knock in vain: the task is pending again, with a later window
    CANCELLED = "cancelled"
    GIVEN_BACK = "given_back"  # a team can no longer do what it had
    SHIFT_BEGAN = "shift_began"
    SHIFT_ENDED = "shift_ended"
    OFF_DUTY = "off_duty"  # a member left
    TIME = "time"  # the moment has come for which the policy asked


class Policy(Protocol):
    """Decides. It sees what the worker would see: the tasks that no team has, and each team's walk with what is under way."""

    def react(self, problem: Problem, news: frozenset[News], /) -> NewWalks:
        """Whole new walks of the teams that walk differently.

        What a team is under way to, or at, stays first in its walk. A task left out of every walk is pending again.
        """
        ...

    def look_again_at(self) -> datetime | None:
        """When it wants to be asked although nothing happens; after the `now` of the last problem."""
        ...
