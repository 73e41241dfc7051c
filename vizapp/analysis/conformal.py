"""Prediction sets: the classes that cannot be ruled out at a level, by split conformal prediction.

Sadinle, Lei and Wasserman (2019), "Least Ambiguous Set-Valued Classifiers with Bounded Error Levels": a class is
in the set if 1 − p is at most the ⌈(n + 1)(1 − α)⌉-th smallest 1 − p_y of n held-out images. Whatever the network,
the true class of another image *of the same kind* is then outside with probability α at most. The probabilities
are the network's own, not the calibrated ones: a temperature fitted on the same images would undo the proof.

A network that errs less often than α would have to leave sets empty to miss often enough, which says
nothing about the image. So the first guess is always in the set, and it errs less often than asked.

What it is not: drawings are not drawn from MNIST, and for them nothing is promised.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from math import ceil, inf
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.calibration import wilson
from vizapp.analysis.references import answers, halves
from vizapp.nets.network import Network

Array = NDArray[Any]

ALPHAS = (0.02, 0.01, 0.005, 0.002, 0.001)
"""Levels to choose from. At more than a network's rate of errors nearly all sets are the first guess alone."""
ALPHA = 0.002
"""Of the shipped networks, which err on fewer than 1 % of the images, a level that lets doubts show."""


@dataclass(frozen=True, eq=False)
class Level:
    """Prediction sets at one level, and how they did on the half of the reference set that was not fitted on.

    Attributes:
        alpha: the share of true classes that may be outside.
        threshold: the largest 1 − p of a class in the set; infinite, for all classes, where α is too small for
            so few images.
        coverage: the share of true classes that were inside; `low`, `high`: Wilson's 95 % interval for it.
        mean_size: classes in a set, on average.
        sizes: int64[classes + 1], number of sets by their size.
        forced: number of sets that would have been empty.
        fitted, checked: images in the two halves.
    """

    alpha: float
    threshold: float
    coverage: float
    low: float
    high: float
    mean_size: float
    sizes: NDArray[np.int64]
    forced: int
    fitted: int
    checked: int

    def members(self, probabilities: Array) -> NDArray[np.bool_]:
        """bool[…, classes]: which classes are in the set, for the network's own probabilities […, classes]."""
        return members(probabilities, self.threshold)


def level(network: Network, alpha: float = ALPHA) -> Level:
    """A millisecond after `answers` (which takes longer at its first call); then remembered.

    Raises:
        ValueError: for a level that is not between 0 and 1.
    """
    with _lock:
        levels = _known.setdefault(network, {})
        if alpha not in levels:
            found, (fit, check) = answers(network), halves()
            bound = threshold(found.probabilities[fit], found.labels[fit], alpha)
            levels[alpha] = _measured(alpha, bound, len(fit), found.probabilities[check], found.labels[check])
        return levels[alpha]


def threshold(probabilities: Array, labels: Array, alpha: float) -> float:
    """The ⌈(n + 1)(1 − α)⌉-th smallest 1 − p_y of probabilities [n, classes] and labels int[n].

    Raises:
        ValueError: for a level that is not between 0 and 1.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"a level is between 0 and 1, not {alpha}")
    rank = ceil((len(labels) + 1) * (1 - alpha) - 1e-9)
    if rank > len(labels):
        return inf
    of_label = np.take_along_axis(probabilities, np.asarray(labels, np.intp)[:, None], axis=1)[:, 0]
    return float(np.partition(1 - of_label, rank - 1)[rank - 1])


def members(probabilities: Array, bound: float) -> NDArray[np.bool_]:
    """bool[…, classes]: classes with 1 − p of `bound` at most, and the first guess in any case."""
    inside = np.asarray(1 - probabilities <= bound)
    first = probabilities.argmax(axis=-1)
    np.put_along_axis(inside, np.asarray(first)[..., None], True, axis=-1)
    return inside


def _measured(alpha: float, bound: float, fitted: int, probabilities: Array, labels: Array) -> Level:
    count, classes = probabilities.shape
    sets = members(probabilities, bound)
    size = sets.sum(axis=1)
    coverage = float(sets[np.arange(count), labels].mean())
    low, high = wilson(np.array(coverage), np.array(count))
    return Level(
        alpha,
        bound,
        coverage,
        float(low),
        float(high),
        float(size.mean()),
        np.bincount(size, minlength=classes + 1),
        int(np.count_nonzero((1 - probabilities > bound).all(axis=1))),
        fitted,
        count,
    )


_lock = threading.Lock()
_known: WeakKeyDictionary[Network, dict[float, Level]] = WeakKeyDictionary()
