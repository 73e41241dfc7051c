"""The nearest image on the other side of a plane, among those that are images: all ink between 0 and 1."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def projected(image: Floats, gradient: Floats, gap: float) -> Floats | None:
    """The nearest image in the box 0 to 1 on which gap + gradient · (it − image) is 0 or less.

    The nearest is clip(image − λ·gradient, 0, 1) for the least λ ≥ 0 that suffices. The gap falls with λ in
    straight pieces, and steadily less steeply, as pixel after pixel comes to its limit: λ lies between two
    such limits. If even λ = ∞ does not suffice, that is the image; None for a gradient of zero.
    """
    if gap <= 0:
        return image
    x, slope = image.ravel(), gradient.ravel()
    moving = np.flatnonzero(slope)
    if not len(moving):
        return None
    x, slope = x[moving], slope[moving]
    # How far λ may go until this pixel is empty or full, and what the gap loses per λ until then.
    limit = np.where(slope > 0, x, x - 1) / slope
    rate = slope * slope
    order = np.argsort(limit)
    limit, rate = limit[order], rate[order]
    still = rate[::-1].cumsum()[::-1]  # of all that have not come to their limit
    before = np.concatenate([[0.0], limit[:-1]])
    fallen = np.cumsum(still * (limit - before))
    place = int(np.searchsorted(fallen, gap))
    if place == len(fallen):
        ends = np.inf
    else:
        so_far = float(fallen[place - 1]) if place else 0.0
        ends = float(before[place] + (gap - so_far) / still[place])
    flat = image.ravel().copy()
    if np.isinf(ends):
        flat[moving] = np.where(slope > 0, 0.0, 1.0)
    else:
        flat[moving] = np.clip(x - ends * slope, 0, 1)
    return flat.reshape(image.shape)
