"""The deletion curve: does an attribution find the ink that matters?

Samek et al. (2017), "Evaluating the Visualization of What a Deep Neural Network Has Learned": remove the ink,
pixel by pixel, that is said to matter most, and watch the difference of the two logits fall. It should fall
faster than when the same ink is removed in random order. A drawing with holes is not a drawing, so neither
curve says how a person would see it; that is why they are only compared with each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.attribution.method import Array, Attribution, contrast, image_of
from vizapp.analysis.gradients import logits
from vizapp.nets.trace import Trace

Floats = NDArray[np.float64]

POINTS = 24
"""Steps in which all ink is removed."""
ORDERS = 20
SEED = 1


@dataclass(frozen=True, eq=False)
class Deletion:
    """z_a − z_b along the removal of ink.

    Attributes:
        removed: int64[P + 1], pixels removed: from 0 to all that have ink.
        curve: float64[P + 1], in the order of the attribution, the most in favour of a first.
        random: float64[orders, P + 1], in random orders.
    """

    removed: NDArray[np.int64]
    curve: Floats
    random: Floats

    @property
    def share(self) -> Floats:
        """float64[P + 1]: `removed` as a share of all pixels with ink, 0 to 1."""
        return self.removed / max(int(self.removed[-1]), 1)

    @property
    def mean(self) -> Floats:
        """float64[P + 1]: of the random orders; `spread`: their standard deviation."""
        return np.asarray(self.random.mean(axis=0))

    @property
    def spread(self) -> Floats:
        return np.asarray(self.random.std(axis=0))

    @property
    def advantage(self) -> float:
        """In logits: by how much the curve lies below the mean random one, on average along the removal."""
        return float(_area(self.mean, self.share) - _area(self.curve, self.share))

    @property
    def beaten_by(self) -> int:
        """How many of the random orders bring the difference down at least as fast."""
        return int((_area(self.random, self.share) <= _area(self.curve, self.share)).sum())


def deletion(
    trace: Trace,
    attribution: Attribution,
    row: int = 0,
    points: int = POINTS,
    orders: int = ORDERS,
    seed: int = SEED,
) -> Deletion:
    """Remove the ink of a row of a trace by the rank of an attribution of this row, and in random orders.

    The random orders depend on the seed and on the number of pixels with ink only: different methods are held
    against the same ones.
    """
    image = image_of(trace, row)
    inked = np.flatnonzero(image)
    best = inked[np.argsort(-attribution.pixels.ravel()[inked], kind="stable")]
    rng = np.random.default_rng(seed)
    ranked = np.stack([best, *(rng.permutation(inked) for _ in range(orders))])
    removed = np.unique(np.round(np.linspace(0, len(inked), points + 1)).astype(np.int64))
    values = _differences(trace, image, ranked, removed, contrast(trace, attribution.a, attribution.b))
    return Deletion(removed, values[0], values[1:])


def _differences(trace: Trace, image: Array, ranked: Array, removed: Array, functional: Array) -> Floats:
    """float64[orders, points]."""
    images = np.empty((len(ranked), len(removed), image.size), image.dtype)
    images[:] = image.ravel()
    for order, versions in zip(ranked, images, strict=True):
        for count, version in zip(removed.tolist(), versions, strict=True):
            version[order[:count]] = 0
    found = logits(trace.network, images.reshape(-1, *image.shape)).astype(np.float64) @ functional
    return np.asarray(found.reshape(len(ranked), len(removed)))


def _area(curve: Floats, share: Floats) -> Floats:
    """The mean of curves […, P + 1] along the removal; 0 without ink."""
    return np.asarray(np.trapezoid(curve, share, axis=-1))
