"""Calibration: one number, the temperature, that makes a network's probabilities mean what they say.

Guo et al. (2017), "On Calibration of Modern Neural Networks": softmax(z / T), with the T that minimises the
negative log-likelihood of held-out labels. It changes no answer, only how sure each is said to be. A
temperature below 1 says that the network was too modest, which training with smoothed labels makes it.

Fitted on one half of the reference set, measured on the other (`vizapp.analysis.references.halves`). It holds for
images like these: how often drawings from the pad are read correctly, nothing here has measured.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis import scores
from vizapp.analysis.references import answers, halves
from vizapp.nets.network import Network

Array = NDArray[Any]
Floats = NDArray[np.float64]

BINS = 15
"""Of equal width, as in the paper."""
COLDEST, HOTTEST = 0.01, 100.0
"""Where the temperature is looked for."""


@dataclass(frozen=True, eq=False)
class Reliability:
    """How often answers of a given confidence are right; confidence is the first guess's probability, 0 to 1.

    All arrays have one entry per bin of equal width; means of empty bins are nan.

    Attributes:
        edges: float64[bins + 1].
        count: int64[bins], images.
        confidence, accuracy: float64[bins], means over the bin's images.
        low, high: float64[bins], Wilson's 95 % interval for the accuracy: what so few images can tell.
        ece: expected calibration error, Σ count/n · |accuracy − confidence|.
        nll: mean negative log-likelihood of the labels, in nats.
    """

    edges: Floats
    count: NDArray[np.int64]
    confidence: Floats
    accuracy: Floats
    low: Floats
    high: Floats
    ece: float
    nll: float


@dataclass(frozen=True, eq=False)
class Calibration:
    """The temperature of a network, and its reliability `before` (T = 1) and `after`, on images not fitted on.

    `fitted` and `checked` are the numbers of images of the two halves.
    """

    temperature: float
    before: Reliability
    after: Reliability
    fitted: int
    checked: int

    def probabilities(self, logits: Array) -> Floats:
        """Calibrated probabilities, float64[…, classes]."""
        return scores.probabilities(logits, self.temperature)


def calibration(network: Network) -> Calibration:
    """Some milliseconds after `answers` (which takes longer at its first call); then remembered."""
    with _lock:
        if network not in _known:
            found = answers(network)
            fit, check = halves()
            temperature = best_temperature(found.logits[fit], found.labels[fit])
            before, after = (
                reliability(scores.probabilities(found.logits[check], t), found.labels[check])
                for t in (1.0, temperature)
            )
            _known[network] = Calibration(temperature, before, after, len(fit), len(check))
        return _known[network]


def best_temperature(logits: Array, labels: Array) -> float:
    """The temperature with the least mean negative log-likelihood of the labels, to 9 digits.

    In 1/T it is a convex function, whose slope is the mean of E_p[z] − z_y: bisection finds where it is zero.
    Where there is no such place (all answers are right, or they are worse than chance) it is `COLDEST` or
    `HOTTEST`.

    Args:
        logits: [n, classes]. labels: int[n].

    Raises:
        ValueError: if there are none.
    """
    if not len(logits):
        raise ValueError("no temperature without images to fit it on")
    values = np.asarray(logits, np.float64)
    wanted = np.take_along_axis(values, np.asarray(labels, np.intp)[:, None], axis=1).mean()

    def slope(inverse: float) -> float:
        return float((scores.probabilities(values, 1 / inverse) * values).sum(axis=1).mean() - wanted)

    low, high = 1 / HOTTEST, 1 / COLDEST
    if slope(low) >= 0:
        return HOTTEST
    if slope(high) <= 0:
        return COLDEST
    while high - low > 1e-9 * high:
        middle = (low * high) ** 0.5
        if slope(middle) < 0:
            low = middle
        else:
            high = middle
    return 1 / high


def likelihood_loss(logits: Array, labels: Array, temperature: float = 1.0) -> float:
    """Mean of −ln p_y, in nats, at a temperature."""
    scaled = np.asarray(logits, np.float64) / temperature
    of_label = np.take_along_axis(scaled, np.asarray(labels, np.intp)[:, None], axis=1)[:, 0]
    return float((np.logaddexp.reduce(scaled, axis=1) - of_label).mean())


def reliability(probabilities: Array, labels: Array, bins: int = BINS) -> Reliability:
    """Of probabilities [n, classes] and labels int[n]; a confidence on an edge counts in the bin below it."""
    probabilities = np.asarray(probabilities, np.float64)
    labels = np.asarray(labels, np.intp)
    edges = np.linspace(0, 1, bins + 1)
    sure = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    place = np.clip(np.searchsorted(edges, sure, side="left") - 1, 0, bins - 1)
    count = np.bincount(place, minlength=bins)
    with np.errstate(invalid="ignore"):
        confidence = np.bincount(place, sure, bins) / count
        accuracy = np.bincount(place, right, bins) / count
    low, high = wilson(accuracy, count)
    gaps = np.abs(np.bincount(place, right, bins) - np.bincount(place, sure, bins))
    of_label = np.take_along_axis(probabilities, labels[:, None], axis=1)
    return Reliability(
        edges,
        count,
        confidence,
        accuracy,
        low,
        high,
        float(gaps.sum() / len(labels)),
        float(-np.log(np.maximum(of_label, np.finfo(float).tiny)).mean()),
    )


def wilson(share: Floats, count: NDArray[np.int64], z: float = 1.959964) -> tuple[Floats, Floats]:
    """Wilson (1927): the shares that would not be surprised, at 95 %, to see this one among `count`."""
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = z**2 / count
        middle = (share + spread / 2) / (1 + spread)
        half = np.sqrt(share * (1 - share) * spread + (spread / 2) ** 2) / (1 + spread)
    return np.asarray(np.clip(middle - half, 0, 1)), np.asarray(np.clip(middle + half, 0, 1))


_lock = threading.Lock()
_known: WeakKeyDictionary[Network, Calibration] = WeakKeyDictionary()
