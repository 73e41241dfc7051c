"""The way of blending: each pixel changes linearly. The baseline: what lies between are two ghosts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class Blend:
    """The way between two images float32[28, 28]."""

    def __init__(self, start: Floats, end: Floats) -> None:
        self._start, self._end = start, end

    def at(self, t: float) -> Floats:
        """float32[28, 28], the image at this share of the way, between 0 and 1."""
        share = np.float32(t)
        return (1 - share) * self._start + share * self._end
