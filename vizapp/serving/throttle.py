"""How often somebody may do something."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from time import monotonic

Clock = Callable[[], float]


class Bucket:
    """Holds `most` and is filled up by `rate` a second. `clock` tells seconds."""

    def __init__(self, rate: float, most: float, clock: Clock = monotonic) -> None:
        self._rate, self._most, self._clock = rate, most, clock
        self._level, self._at = most, clock()

    def take(self, amount: float = 1) -> bool:
        """Take `amount` if there is as much."""
        if self.wait(amount) > 0:
            return False
        self._level -= amount
        return True

    def spend(self, amount: float) -> float:
        """Take `amount` in any case; returns for how many seconds to rest until nothing is owed."""
        self._fill()
        self._level -= amount
        return max(0.0, -self._level / self._rate)

    def wait(self, amount: float = 1) -> float:
        """Seconds until there is `amount`, which is at most what the bucket holds."""
        self._fill()
        return max(0.0, (amount - self._level) / self._rate)

    def _fill(self) -> None:
        now = self._clock()
        self._level = min(self._most, self._level + (now - self._at) * self._rate)
        self._at = now


class Throttle:
    """A bucket for each key. Of keys that were not seen for long, or are too many, nothing is kept."""

    def __init__(self, rate: float, most: float, keys: int = 10_000, clock: Clock = monotonic) -> None:
        self._rate, self._most, self._keys, self._clock = rate, most, keys, clock
        self._buckets: OrderedDict[Hashable, Bucket] = OrderedDict()

    def wait(self, key: Hashable) -> float:
        """Seconds until one more may be spent for the key."""
        return self._buckets[key].wait() if key in self._buckets else 0.0

    def spend(self, key: Hashable, amount: float = 1) -> None:
        bucket = self._buckets.setdefault(key, Bucket(self._rate, self._most, self._clock))
        bucket.spend(amount)
        self._buckets.move_to_end(key)
        if len(self._buckets) > self._keys:
            self._buckets.popitem(last=False)
