"""The way of distances: each point's signed distance from the edge of the ink changes linearly.

Distances are exact, between pixels of a picture of four times the resolution (P. Felzenszwalb and
D. Huttenlocher, "Distance transforms of sampled functions", 2012); ink is what has a negative one. Edges are crisp,
so lines that are far apart vanish in one place and grow in another.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..normalise import resampled, resampling
from ..pad import SIDE

Floats = NDArray[np.float32]

FINE = 4
"""Pixels of a distance field along a side of an input pixel."""
SIZE = SIDE * FINE
_FADES = 4
"""What an image has besides crisp edges goes with this power of the way."""


class Distance:
    """The way between two images float32[28, 28], neither of them without ink."""

    def __init__(self, start: Floats, end: Floats) -> None:
        self._fields = field(start), field(end)
        self._rests = start - shape(self._fields[0]), end - shape(self._fields[1])

    def at(self, t: float) -> Floats:
        """float32[28, 28], the image at this share of the way, between 0 and 1."""
        first, second = self._fields
        image = shape(first + np.float32(t) * (second - first))
        # The grey levels of the ends do not follow from their edges. They fade soon, and leave no jump.
        image += np.float32((1 - t) ** _FADES) * self._rests[0] + np.float32(t**_FADES) * self._rests[1]
        return np.clip(image, 0.0, 1.0, out=image)


def field(image: Floats) -> Floats:
    """float32[112, 112]: signed distances, in input pixels, from the edge of the ink; negative in the ink.

    The edge is where the image, interpolated linearly, has half of its strongest ink.
    """
    from scipy.ndimage import distance_transform_edt

    ink = resampled(image, _UP, _UP) >= image.max() / 2
    # From centre to centre of pixels, so half a pixel too long on both sides.
    outside = np.maximum(distance_transform_edt(~ink) - 0.5, 0)
    inside = np.maximum(distance_transform_edt(ink) - 0.5, 0)
    return np.asarray((outside - inside) / FINE, np.float32)


def shape(distances: Floats) -> Floats:
    """float32[28, 28]: the ink inside an edge, antialiased."""
    return resampled(np.clip(0.5 - FINE * distances, 0, 1), _DOWN, _DOWN)


_UP = resampling(SIDE, FINE, 0.0, SIZE)
_DOWN = resampling(SIZE, 1 / FINE, 0.0, SIDE)
