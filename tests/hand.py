"""How a hand moves along a line: for people in tests and measurements who draw at human speed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SPEED = 1.6
"""Pad widths per second, about what people draw digits with."""


def moved(line: NDArray[np.floating], rate: float, speed: float = SPEED) -> NDArray[np.float64]:
    """Where a hand that follows a line float[n, 2] is at each of `rate` pointer events a second: slow at both ends.

    Source: the minimum-jerk profile of reaching movements, Flash and Hogan (1985).
    """
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    time = np.linspace(0, 1, max(8, round(along[-1] / speed * rate)))
    where = (10 * time**3 - 15 * time**4 + 6 * time**5) * along[-1]
    return np.stack([np.interp(where, along, axis) for axis in line.T], axis=1)
