"""The way of transport: each bit of ink of one image goes straight to its place in the other.

The ink of both images is cut into 256 equal parts, each a bit of a pixel or of a few neighbouring ones, and parts
are assigned to each other so that the sum of squared distances is least (displacement interpolation: R. McCann,
"A convexity principle for interacting gases", 1997). Within a pair of parts the pixels' shares are passed on in
order. So every pixel's ink, to the last bit, has somewhere to go: at both ends the images are the given ones, and
between them the total of the ink changes linearly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..pad import SIDE

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

PARTS = 256
_FULL = 1 + 1e-6
_ROUNDS = 200


class Transport:
    """The way between two images float32[28, 28], neither of them without ink."""

    def __init__(self, start: Floats, end: Floats) -> None:
        # Here, since importing it takes half a second; see `morphs.warm_up`.
        from scipy.optimize import linear_sum_assignment

        first, second = _Ink(start), _Ink(end)
        squared = ((first.middles[:, None] - second.middles) ** 2).sum(axis=2)
        partner = linear_sum_assignment(squared)[1]
        # Both images' ink on one line of length 256, the n-th unit of which is the n-th pair of parts.
        from_bit, to_bit, share = _joined(first, second, partner)
        self._from = first.places[from_bit]
        self._way = second.places[to_bit] - self._from
        self._share = share / PARTS
        self.totals = first.total, second.total

    def at(self, t: float) -> Floats:
        """float32[28, 28], the image at this share of the way, between 0 and 1."""
        total = (1 - t) * self.totals[0] + t * self.totals[1]
        image = _splat(self._from + t * self._way, total * self._share)
        return np.asarray(_levelled(image), np.float32)


class _Ink:
    """An image's ink along a path from pixel to neighbouring pixel, cut into 256 equal parts.

    total: the sum of all pixels.
    places: float64[m, 2], (x, y) of the pixel that each bit belongs to; a bit lies in one pixel and one part.
    starts: float64[m], where the bits start on the path, whose n-th unit is part n.
    middles: float64[256, 2], the centres of mass of the parts.
    """

    def __init__(self, image: Floats) -> None:
        rows, columns = np.nonzero(image)
        pixels = np.stack([columns, rows], axis=1).astype(np.float64)
        order = _neighbours(pixels)
        amounts = image[rows, columns].astype(np.float64)[order]
        self.total = float(amounts.sum())
        ends = np.cumsum(amounts)
        ends *= PARTS / ends[-1]
        cuts = np.union1d(ends, np.arange(PARTS + 1, dtype=np.float64))
        self.starts, sizes = cuts[:-1], np.diff(cuts)
        centres = self.starts + sizes / 2
        pixel = np.minimum(np.searchsorted(ends, centres), len(ends) - 1)
        self.places = pixels[order][pixel]
        part = np.minimum(centres.astype(np.intp), PARTS - 1)
        self.middles = np.stack([np.bincount(part, sizes * place, PARTS) for place in self.places.T], axis=1)


def _joined(
    first: _Ink, second: _Ink, partner: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp], Doubles]:
    """Which bit goes to which, and how much of a part it is, when part n goes to part partner[n]."""
    part = np.minimum(second.starts.astype(np.intp), PARTS - 1)
    moved = np.argsort(partner)[part] + (second.starts - part)
    order = np.argsort(moved, kind="stable")
    cuts = np.union1d(first.starts, moved)
    sizes = np.diff(cuts, append=float(PARTS))
    from_bit = np.searchsorted(first.starts, cuts, side="right") - 1
    to_bit = order[np.searchsorted(moved[order], cuts, side="right") - 1]
    return from_bit, to_bit, sizes


def _neighbours(pixels: Doubles) -> NDArray[np.intp]:
    """An order that goes from each pixel [n, 2] to the nearest one not yet visited, from the topmost on.

    It depends on where pixels lie to each other only: an image that is merely moved is cut into the same parts.
    """
    squared = ((pixels[:, None] - pixels) ** 2).sum(axis=2)
    order = np.zeros(len(pixels), np.intp)
    at = 0
    for index in range(1, len(pixels)):
        squared[:, at] = np.inf
        at = int(squared[at].argmin())
        order[index] = at
    return order


def _splat(places: Doubles, amounts: Doubles) -> Doubles:
    """float64[28, 28]: ink at places [m, 2] between pixels, each shared out among the four around it."""
    corner = np.clip(np.floor(places), 0, SIDE - 2)
    x, y = (places - corner).T
    column, row = corner.astype(np.intp).T
    at = row * SIDE + column
    index = np.concatenate([at, at + 1, at + SIDE, at + SIDE + 1])
    share = np.concatenate([(1 - x) * (1 - y), x * (1 - y), (1 - x) * y, x * y])
    image = np.bincount(index, share * np.tile(amounts, 4), SIDE * SIDE)
    return np.asarray(image.reshape(SIDE, SIDE), np.float64)


def _levelled(image: Doubles) -> Doubles:
    """No pixel holds more than full ink: what is too much where ways cross flows to the pixels around."""
    for _ in range(_ROUNDS):
        surplus = image - 1
        if surplus.max() <= _FULL - 1:
            break
        np.maximum(surplus, 0, out=surplus)
        image = image - surplus + _spread(surplus)
    return np.clip(image, 0.0, 1.0)


def _spread(ink: Doubles) -> Doubles:
    """Each pixel's ink shared out among its four neighbours; at the border what would leave stays."""
    quarter = ink / 4
    result = np.zeros_like(ink)
    for target, source in ((result, quarter), (result.T, quarter.T)):
        target[1:] += source[:-1]
        target[:-1] += source[1:]
        target[0] += source[0]
        target[-1] += source[-1]
    return result
