"""What everything but travel is worth in seconds of travel: one table for the evaluator that judges and the solver that searches."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from shared.domain.district import DistrictSettings
from shared.domain.routing import TeamOnShift, Work

URGENT_PRIORITY = 5
SLOW_S: Mapping[int, int] = {3: 100, 4: 200, 5: 1200}
"""By priority. An urgent task is planned against half its deadline, with fallback to the real one; the others a little, too: what is done
early leaves room for what nobody knows of yet (20x640-s1 and -s2: 636 and 633 of 640 on time, without it 632 and 629). Three times as
much saves the last few visits, for a tenth more travel and half as many changes of team again."""
WEIGHTS: Mapping[int, float] = {1: 0.3, 2: 0.6, 3: 1.0, 4: 1.5, 5: 3.0}
"""By priority: how many ordinary visits being on time is worth. Wider apart (1, 3, 10) more ordinary ones are lost, no fewer urgent ones:
632 and 629 of 640 on time instead of 629 and 624."""

RESERVE_SHARE = 0.5
RESERVE_PER_S = 0.5
"""Walks that end early and evenly leave every team room for what nobody knows of yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Seconds of travel. Weighted ones count as often as the task's weight says."""

    home_grid_s: int = 60  # a visit outside the team's home grid
    change_s: int = 120  # a visit that was another team's so far
    even_s: int = 0  # a visit more than a team's share, the second twice, the third thrice that
    slow_s: Mapping[int, int] = field(default_factory=lambda: SLOW_S)  # a visit begun later than `soon_by`
    soon_share: float = 0.5  # of a task's time, from its earliest begin to its due time: what counts as soon
    reserve_share: float = RESERVE_SHARE  # of what is left of a team's shift: its end, kept free for what is to come
    reserve_per_s: float = RESERVE_PER_S  # a second that a walk goes on in there
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

    def of_unevenness(self, visits: int, share: float) -> int:
        """What it costs that a team makes so many visits from now on where that would be its share, or as many fewer."""
        return round(self.even_s * (visits - share) ** 2 / 2)

    def of_reserve(self, team: TeamOnShift, ends_at: datetime) -> int:
        """What it costs that the team's walk ends then."""
        return round(self.reserve_per_s * max(0.0, (ends_at - self.reserve_begins(team)).total_seconds()))

    def reserve_begins(self, team: TeamOnShift) -> datetime:
        """From when on the rest of the shift should stay free for what nobody knows of yet."""
        left = max(timedelta(0), team.shift_ends - team.free_at)
        return team.shift_ends - left * self.reserve_share

    def with_nothing_to_come(self) -> "Prices":
        """The same for a problem that nobody adds to: being early and keeping the ends of shifts free leaves room for nothing then."""
        return replace(self, slow_s={}, reserve_per_s=0.0)

    def soon_by(self, work: Work) -> datetime:
        """Until when a begin is soon."""
        return work.earliest + (work.due_at - work.earliest) * self.soon_share


def prices_of(settings: DistrictSettings) -> Prices:
    """The prices of a district."""
    return Prices(home_grid_s=settings.home_grid_price_s, even_s=settings.even_price_s)
