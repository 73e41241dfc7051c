"""The pad: 280x280 ink that grows with the pen, so that a movement costs its new segments only."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from .capsules import coverage, pieces, squared_distance
from .strokes import PEN_WIDTH, Stroke

SIDE = 28
"""Pixels along a side of the networks' input."""
FINE = 10
"""Pad pixels along a side of an input pixel."""
PAD_SIDE = SIDE * FINE

_LONGEST = 64.0
"""Longer segments are cut: the box of a long diagonal is mostly empty."""


class Pad:
    """Ink float32[280, 280] in 0..1, in the order of the strokes: the pen adds, the eraser takes away.

    A segment costs about 0.02 ms, so undo may draw again what is left: some 0.6 ms for a stroke of 30 points.
    """

    def __init__(self) -> None:
        self.ink: NDArray[np.float32] = np.zeros((PAD_SIDE, PAD_SIDE), np.float32)
        self._last: NDArray[np.float32] | None = None
        self._radius = PEN_WIDTH / 2 * FINE
        self._erase = False

    @classmethod
    def of(cls, strokes: Iterable[Stroke]) -> Pad:
        """A pad with these strokes on it."""
        pad = cls()
        for stroke in strokes:
            pad.begin(stroke.width, stroke.erase)
            pad.extend(stroke.points)
        return pad

    def begin(self, width: float = PEN_WIDTH, erase: bool = False) -> None:
        """Start a stroke; `width` in pixels of the 28x28 input."""
        self._last = None
        self._radius = width / 2 * FINE
        self._erase = erase

    def extend(self, points: NDArray[np.float32]) -> None:
        """Continue the stroke through points float32[n, 2] in the unit square (see clean_strokes)."""
        if not len(points):
            return
        path = np.asarray(points, np.float32) * np.float32(PAD_SIDE)
        if self._last is not None:
            path = np.concatenate([self._last[None], path])
        self._last = path[-1]
        for start, end in zip(*pieces(path, _LONGEST), strict=True):
            self._stamp(start, end)

    def clear(self) -> None:
        """Take all ink away; the next points begin a stroke of their own."""
        self.ink[:] = 0.0
        self._last = None

    def copy(self) -> Pad:
        """A pad that goes on independently from here."""
        other = Pad()
        other.ink = self.ink.copy()
        other._last, other._radius, other._erase = self._last, self._radius, self._erase
        return other

    def _stamp(self, start: NDArray[np.float32], end: NDArray[np.float32]) -> None:
        reach = self._radius + 0.5
        (x0, y0), (x1, y1) = start.tolist(), end.tolist()
        left, right = max(int(min(x0, x1) - reach), 0), min(int(max(x0, x1) + reach) + 1, PAD_SIDE)
        top, bottom = max(int(min(y0, y1) - reach), 0), min(int(max(y0, y1) + reach) + 1, PAD_SIDE)
        if left >= right or top >= bottom:
            return
        x = _CENTRES[None, left:right] - start[0]
        y = _CENTRES[top:bottom, None] - start[1]
        squared = squared_distance(x, y, end[0] - start[0], end[1] - start[1])
        box = self.ink[top:bottom, left:right]
        new = coverage(squared, self._radius)
        if self._erase:
            np.minimum(box, np.subtract(1.0, new, out=new), out=box)
        else:
            np.maximum(box, new, out=box)


def downsample(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32[280, 280] -> float32[28, 28]: each input pixel is the mean of its 10x10."""
    return _MEAN @ ink @ _MEAN.T


_CENTRES = np.arange(PAD_SIDE, dtype=np.float32) + np.float32(0.5)
_MEAN = np.kron(np.eye(SIDE, dtype=np.float32), np.full((1, FINE), 1 / FINE, np.float32))
