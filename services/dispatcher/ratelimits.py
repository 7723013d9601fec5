"""How often one credential (or, before log-in, one address) may ask, in this process."""

import math
from collections import OrderedDict
from dataclasses import dataclass

_BUCKETS_KEPT = 20_000
_BURST_S = 10.0


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class RateLimits:
    """Token buckets: `per_minute` requests, with a burst of ten seconds' worth. Forgets the least recent of 20,000 askers."""

    def __init__(self, per_minute: int) -> None:
        self._per_second = per_minute / 60
        self._burst = max(self._per_second * _BURST_S, 1.0)
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, asker: str, now: float) -> int:
        """Take one request at monotonic second `now`: 0, or after how many seconds to come back."""
        bucket = self._buckets.get(asker)
        if bucket is None:
            bucket = self._buckets[asker] = _Bucket(left=self._burst, at=now)
            if len(self._buckets) > _BUCKETS_KEPT:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(asker)
            bucket.left = min(self._burst, bucket.left + (now - bucket.at) * self._per_second)
            bucket.at = now
        if bucket.left < 1:
            return max(1, math.ceil((1 - bucket.left) / self._per_second))
        bucket.left -= 1
        return 0
