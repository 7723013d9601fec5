"""What everything but travel is worth in seconds of travel: one table for the evaluator that judges and the solver that searches."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.domain.district import DistrictSettings
from shared.domain.routing import Work

URGENT_PRIORITY = 5
"""From here on a task is planned against half its deadline, with fallback to the real one: a quarter off the mean response measured."""
WEIGHTS: Mapping[int, float] = {1: 0.3, 2: 0.6, 3: 1.0, 4: 3.0, 5: 10.0}
"""By priority: how many ordinary visits being on time is worth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Seconds of travel. Weighted ones count as often as the task's weight says."""

    home_grid_s: int = 60  # a visit outside the team's home grid
    change_s: int = 120  # a visit that was another team's so far
    even_s: int = 0  # a pair of visits in one walk: an even share has the fewest pairs
    slow_s: int = 600  # an urgent visit begun in the second half of its time
    late_s: int = 1800  # weighted: a visit begun after its due time
    late_per_s: float = 0.25  # weighted: each second of that, up to `loss_s` in all
    loss_s: int = 7200  # weighted: a task that no team has
    weights: Mapping[int, float] = field(default_factory=lambda: WEIGHTS)

    def weight(self, work: Work) -> float:
        return self.weights.get(work.priority, 1.0)

    def of_beginning(self, work: Work, begin_at: datetime) -> int:
        """What it costs that the visit begins then: nothing while it is on time and, if urgent, in the first half."""
        late_s = (begin_at - work.due_at).total_seconds()
        if late_s > 0:
            return round(self.weight(work) * min(self.late_s + self.late_per_s * late_s, self.loss_s))
        return self.slow_s if is_urgent(work) and begin_at > half_due(work) else 0

    def of_loss(self, work: Work) -> int:
        """What it costs that nobody does it."""
        return round(self.weight(work) * self.loss_s) + (self.slow_s if is_urgent(work) else 0)


def prices_of(settings: DistrictSettings) -> Prices:
    """The prices of a district."""
    return Prices(home_grid_s=settings.home_grid_price_s)


def is_urgent(work: Work) -> bool:
    """Whether the task should begin well before its due time."""
    return work.priority >= URGENT_PRIORITY


def half_due(work: Work) -> datetime:
    """The middle of its window."""
    return work.earliest + (work.due_at - work.earliest) / 2
