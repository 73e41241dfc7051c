"""Fewer points for the same path.

Source: D. Douglas, T. Peucker, "Algorithms for the reduction of the number of points required to represent a
digitized line or its caricature" (1973).
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

LONGEST = 1000
"""Points that are looked at together: bounds what a long path costs, which grows with their square."""
_EXACT = 1e-6
"""Of points on a line the distance is not computed as exactly 0."""


def simplified(path: NDArray[np.int64], off: float) -> NDArray[np.int64]:
    """Those points of path[n, 2] from whose straight connections no other point is further away than `off`.

    Simplifying the result again changes nothing, unless the path is longer than `LONGEST`.
    """
    keep = np.zeros(len(path), bool)
    ends = [*range(0, len(path) - 1, LONGEST), len(path) - 1]
    keep[ends] = True
    open_ends = list(pairwise(ends))
    while open_ends:
        start, end = open_ends.pop()
        if end - start < 2:
            continue
        farthest, distance = _farthest(path[start : end + 1])
        if distance > off + _EXACT:
            keep[start + farthest] = True
            open_ends += [(start, start + farthest), (start + farthest, end)]
    return path[keep]


def _farthest(path: NDArray[np.int64]) -> tuple[int, float]:
    """Which inner point is farthest from the straight line between the ends, and how far."""
    offset = (path[1:-1] - path[0]).astype(np.float64)
    line = (path[-1] - path[0]).astype(np.float64)
    length = line @ line
    # A path that ends where it began: the distance is that to its end.
    along = np.clip(offset @ line / length, 0, 1) if length else np.zeros(len(offset))
    away = offset - along[:, None] * line
    squared = np.einsum("ij,ij->i", away, away)
    index = int(squared.argmax())
    return index + 1, float(np.sqrt(squared[index]))
