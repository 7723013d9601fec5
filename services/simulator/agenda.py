"""What happens when: the clock of a simulation."""

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count

Action = Callable[[datetime], None]


class Agenda:
    """Actions by moment. Those of one moment run in order of their rank, then in the order in which they were put down."""

    def __init__(self) -> None:
        self._queue: list[tuple[datetime, int, int, Action]] = []
        self._numbers = count()
        self._wakes: set[datetime] = set()

    def at(self, moment: datetime, action: Action, *, rank: int = 0) -> None:
        heapq.heappush(self._queue, (moment, rank, next(self._numbers), action))

    def wake(self, moment: datetime) -> None:
        """Let that moment come even if nothing happens then."""
        if moment not in self._wakes:
            self._wakes.add(moment)
            self.at(moment, self._wakes.discard)

    def next_moment(self) -> datetime | None:
        """When something happens next; None: never again."""
        return self._queue[0][0] if self._queue else None

    def due(self, now: datetime) -> Iterator[Action]:
        """Take off, one by one, what happens by `now`, with what is put down for `now` meanwhile."""
        while self._queue and self._queue[0][0] <= now:
            yield heapq.heappop(self._queue)[3]
