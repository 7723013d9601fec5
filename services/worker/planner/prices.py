"""What everything but travel is worth in seconds of travel: one table for the evaluator that judges and the solver that searches."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from shared.domain.district import DistrictSettings
from shared.domain.routing import Work

URGENT_PRIORITY = 5
SLOW_S: Mapping[int, int] = {3: 100, 4: 200, 5: 1200}
"""By priority. An urgent task is planned against half its deadline, with fallback to the real one; the others a little, too: what is done
early leaves room for what nobody knows of yet (20x640-s1 and -s2: 636 and 633 of 640 on time, without it 632 and 629). Three times as
much saves the last few visits, for a tenth more travel and half as many changes of team again."""
WEIGHTS: Mapping[int, float] = {1: 0.3, 2: 0.6, 3: 1.0, 4: 1.5, 5: 3.0}
"""By priority: how many ordinary visits being on time is worth. Wider apart (1, 3, 10) more ordinary ones are lost, no fewer urgent ones:
632 and 629 of 640 on time instead of 629 and 624."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Seconds of travel. Weighted ones count as often as the task's weight says."""

    home_grid_s: int = 60  # a visit outside the team's home grid
    change_s: int = 120  # a visit that was another team's so far
    even_s: int = 0  # a pair of visits in one walk: an even share has the fewest pairs
    slow_s: Mapping[int, int] = field(default_factory=lambda: SLOW_S)  # a visit begun later than `soon_by`
    soon_share: float = 0.5  # of a task's time, from its earliest begin to its due time: what counts as soon
    late_s: int = 1800  # weighted: a visit begun after its due time
    late_per_s: float = 0.25  # weighted: each second of that, up to `loss_s` in all
    loss_s: int = 7200  # weighted: a task that no team has
    weights: Mapping[int, float] = field(default_factory=lambda: WEIGHTS)

    def weight(self, work: Work) -> float:
        return self.weights.get(work.priority, 1.0)

    def of_beginning(self, work: Work, begin_at: datetime) -> int:
        """What it costs that the visit begins then: nothing while it is soon."""
        late_s = (begin_at - work.due_at).total_seconds()
        if late_s > 0:
            return round(self.weight(work) * min(self.late_s + self.late_per_s * late_s, self.loss_s))
        return self.of_slowness(work) if begin_at > self.soon_by(work) else 0

    def of_loss(self, work: Work) -> int:
        """What it costs that nobody does it."""
        return round(self.weight(work) * self.loss_s) + self.of_slowness(work)

    def of_slowness(self, work: Work) -> int:
        """What it costs that the visit begins on time but not soon; a break is as good late in its window."""
        return 0 if work.is_break else self.slow_s.get(work.priority, 0)

    def without_haste(self) -> "Prices":
        """The same, but only what is urgent need be soon: right where nothing more is to come, and half the work for the solver.

        As the first half of every round's search it found cheaper plans (20x640-s1 at eight: 22 h of travel instead of 28) and made worse
        days: 630 of 640 on time instead of 635, 393 changes of team instead of 320, over two days and two seeds.
        """
        urgent = {priority: slow_s for priority, slow_s in self.slow_s.items() if priority >= URGENT_PRIORITY}
        return replace(self, slow_s=urgent)

    def soon_by(self, work: Work) -> datetime:
        """Until when a begin is soon."""
        return work.earliest + (work.due_at - work.earliest) * self.soon_share


def prices_of(settings: DistrictSettings) -> Prices:
    """The prices of a district."""
    return Prices(home_grid_s=settings.home_grid_price_s)
