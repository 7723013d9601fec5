"""By what a day can be played: apart, so that the command line need not load the planner to name them."""

from enum import StrEnum


class PolicyName(StrEnum):
    """As the command line says it."""

    NEAREST = "nearest"
    PULL = "pull"
    PLACE = "place"
    DOORSTEP = "doorstep"
