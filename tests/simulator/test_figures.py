"""What is counted from a log."""

from uuid import UUID

import pytest

from services.simulator.figures import figures_of
from services.simulator.log import Event, Log
from tests.simulator.days import day, moment, task, team

TWO_TEAMS = day([team("a", 0), team("b", 100)], [task("v", 200)])
A, B = (each.team_id for each in TWO_TEAMS.teams)
V = TWO_TEAMS.tasks[0].work.task_id


def late_changes(*happened: tuple[float, Event, UUID], unable: bool = False) -> int:
    log = Log()
    for minutes, event, team_id in happened:
        log.add(moment(minutes), event, V, team_id, unable=unable and event is Event.RELEASED)
    return figures_of(TWO_TEAMS, log.lines).late_changes


def handed_over(minutes: float) -> tuple[tuple[float, Event, UUID], ...]:
    """From a to b, who is at the door half an hour after the day's start."""
    return (
        (0, Event.ASSIGNED, A),
        (minutes, Event.RELEASED, A),
        (minutes, Event.ASSIGNED, B),
        (30, Event.STARTED, B),
    )


@pytest.mark.parametrize(("minutes", "late"), [(19, 0), (20, 0), (20.1, 1), (30, 1)])
def test_a_change_of_team_is_late_within_ten_minutes_of_the_visit(minutes: float, late: int) -> None:
    assert late_changes(*handed_over(minutes)) == late


def test_a_change_is_not_late_where_the_team_could_not_go_on() -> None:
    assert late_changes(*handed_over(25), unable=True) == 0


def test_there_and_back_again_is_a_late_change_too() -> None:
    assert (
        late_changes(*handed_over(22)[:3], (25, Event.RELEASED, B), (25, Event.ASSIGNED, A), (30, Event.STARTED, A))
        == 1
    )


def test_given_late_but_never_to_another_team_is_no_change() -> None:
    assert (
        late_changes((0, Event.ASSIGNED, A), (28, Event.RELEASED, A), (29, Event.ASSIGNED, A), (30, Event.STARTED, A))
        == 0
    )
