"""A day from its first moment to its last: what happens, happens; the policy is asked; the teams move on."""

from collections.abc import Callable
from datetime import datetime

from services.simulator.agenda import Agenda
from services.simulator.day import Day
from services.simulator.log import Log
from services.simulator.policy import News, Policy, PolicyBroke
from services.simulator.street import Street

MOST_ROUNDS = 1000
"""Of asking at one moment: more, and it gives a task to a team that gives it back, again and again."""


def simulate(day: Day, policy: Policy, on_moment: Callable[[datetime, Log], None] | None = None) -> Log:
    """Play the day and return what happened. `on_moment` is told of each moment as it has passed.

    Equal days and policies give equal logs. After the day's end nobody sets out any more. Raises PolicyBroke.
    """
    log, agenda = Log(), Agenda()
    street = Street(day, agenda, log)
    while (now := agenda.next_moment()) is not None:
        for action in agenda.due(now):
            action(now)
        if now < day.end:
            _go_on(street, policy, agenda, now)
        if on_moment:
            on_moment(now, log)
    return log


def _go_on(street: Street, policy: Policy, agenda: Agenda, now: datetime) -> None:
    """Ask the policy until nobody gives anything back."""
    for _ in range(MOST_ROUNDS):
        _ask(street, policy, agenda, now)
        street.move_on(now)
        if not street.news:
            return
    raise PolicyBroke("it gives tasks to teams that give them back, again and again")


def _ask(street: Street, policy: Policy, agenda: Agenda, now: datetime) -> None:
    look_at = policy.look_again_at()
    if look_at is not None and look_at <= now:
        street.news.add(News.TIME)
    if not street.news:
        return
    news, street.news = frozenset(street.news), set()
    street.rewrite(policy.react(street.problem(now), news), now)
    look_at = policy.look_again_at()
    if look_at is not None:
        if look_at <= now:
            raise PolicyBroke("it asks to be asked in the past")
        agenda.wake(look_at)
