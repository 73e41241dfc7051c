"""Capsules: the ink of straight pieces of a round pen, many at once.

A capsule is every point within `radius` of a straight piece. A pixel's ink is how far its centre lies inside,
`clip(radius + 1/2 - distance, 0, 1)`: exact for a straight edge along the grid, close elsewhere.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_BATCH = 1 << 20
"""Pixels looked at in one go: bounds memory however long the drawing is."""


def squared_distance(x: Floats, y: Floats, dx: Floats, dy: Floats) -> Floats:
    """Squared distance of (x, y), as seen from a piece's start, to the piece from (0, 0) to (dx, dy)."""
    # A dot has no direction: any positive number keeps the quotient 0 instead of 0/0.
    along = x * dx + y * dy
    along /= np.maximum(dx * dx + dy * dy, np.float32(1e-12))
    np.clip(along, 0.0, 1.0, out=along)
    distance = np.square(x - along * dx)
    distance += np.square(y - along * dy)
    return distance


def coverage(squared: Floats, radius: float) -> Floats:
    """Ink of pixels at this squared distance from the middle of the line; in place."""
    np.sqrt(squared, out=squared)
    np.subtract(np.float32(radius + 0.5), squared, out=squared)
    return np.clip(squared, 0.0, 1.0, out=squared)


def pieces(path: Floats, longest: float, spacing: float = 0.0) -> tuple[Floats, Floats]:
    """The path float32[n, 2] as starts and ends of pieces no longer than `longest`.

    Short pieces have small boxes, so that a long diagonal does not cost its square. Points that advance the
    path by less than `spacing` are dropped: a slow pen reports many per pixel. One point is a piece, too.
    """
    steps = np.hypot(*np.diff(path, axis=0).T)
    if spacing and len(path) > 2:
        keep = np.ones(len(path), bool)
        keep[1:-1] = np.diff(np.floor(np.cumsum(steps) / spacing), prepend=0.0)[:-1] > 0
        path = path[keep]
        steps = np.hypot(*np.diff(path, axis=0).T)
    if not len(steps):
        return path[:1], path[:1]
    counts = np.maximum(np.ceil(steps / longest), 1).astype(np.intp)
    if counts.max() == 1:
        return path[:-1], path[1:]
    first = np.repeat(np.arange(len(steps)), counts)
    number = np.arange(len(first)) - np.repeat(np.cumsum(counts) - counts, counts)
    share = np.stack([number, number + 1]) / counts[first]
    share = share.astype(np.float32)[..., None]
    start, step = path[first], (path[1:] - path[:-1])[first]
    return start + share[0] * step, start + share[1] * step


def ink(start: Floats, end: Floats, radius: float, size: int) -> Floats:
    """float32[size, size]: the ink of capsules from start[n, 2] to end[n, 2], in pixels of the canvas (x, y).

    Pieces may lie outside the canvas. All get boxes that fit the longest of them.
    """
    side = int(np.ceil(2 * radius + 1 + np.abs(end - start).max(initial=0.0))) + 1
    corner = np.floor(np.minimum(start, end) - np.float32(radius + 0.5))
    seen = ((corner > -side) & (corner < size)).all(axis=1)
    start, end, corner = start[seen], end[seen], corner[seen]
    # A margin of one box around the canvas: no box needs clipping.
    full = size + 2 * side
    nearest = np.full(full * full, np.inf, np.float32)
    cells = np.arange(side)
    within = (cells[:, None] * full + cells).ravel()
    centres = cells.astype(np.float32) + np.float32(0.5)
    batch = max(1, _BATCH // (side * side))
    for at in range(0, len(start), batch):
        part = slice(at, at + batch)
        box = corner[part].astype(np.intp) + side
        offset = corner[part] - start[part]
        step = end[part] - start[part]
        x = centres[None, None, :] + offset[:, 0, None, None]
        y = centres[None, :, None] + offset[:, 1, None, None]
        squared = squared_distance(x, y, step[:, 0, None, None], step[:, 1, None, None])
        where = (box[:, 1] * full + box[:, 0])[:, None] + within
        np.minimum.at(nearest, where.ravel(), squared.ravel())
    return coverage(nearest.reshape(full, full)[side : side + size, side : side + size].copy(), radius)
