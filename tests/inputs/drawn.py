"""Drawings for the tests, and a slow, plain rasteriser to compare with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.inputs import Stroke


def stroke(points: Any, width: float = 2.4, erase: bool = False) -> Stroke:
    return Stroke(np.asarray(points, np.float32).reshape(-1, 2), width, erase)


def curve(points: int = 60, centre: tuple[float, float] = (0.5, 0.5), size: float = 0.6) -> Stroke:
    """A figure like a lying 8 whose longer side is `size`."""
    angle = np.linspace(0.3, 5.9, points)
    return stroke(np.stack([np.cos(angle), np.sin(2 * angle) * 0.7], axis=1) * size / 2 + centre)


def supersampled(strokes: Sequence[Stroke], side: int = 1120) -> NDArray[Any]:
    """float[28, 28]: the share of side x side sample points that lie in the ink."""
    centres = (np.arange(side) + 0.5) / side
    x, y = np.meshgrid(centres, centres)
    ink = np.zeros((side, side), bool)
    for item in strokes:
        points = item.points.astype(float)
        radius = item.width / 2 / 28
        for start, end in zip(points, points[1:] if len(points) > 1 else points, strict=False):
            low, high = np.minimum(start, end) - radius, np.maximum(start, end) + radius
            box = (
                slice(*np.searchsorted(centres, (low[1], high[1]))),
                slice(*np.searchsorted(centres, (low[0], high[0]))),
            )
            step = end - start
            along = (x[box] - start[0]) * step[0] + (y[box] - start[1]) * step[1]
            share = np.clip(along / max(step @ step, 1e-12), 0, 1)
            distance = np.hypot(x[box] - start[0] - share * step[0], y[box] - start[1] - share * step[1])
            ink[box][distance <= radius] = not item.erase
    return ink.reshape(28, side // 28, 28, side // 28).mean((1, 3))
