"""Hesitation: how sure a network is of one answer, in five numbers that do not mean the same.

- The *margin* of the two best logits: how far the answer is from being another one.
- The *entropy* of the probabilities, in bits: 1 is as undecided as a coin, between however many classes.
- The *calibrated* probability: the share of such answers that are right (`vizapp.analysis.calibration`).
- The *prediction set*: the classes that cannot be ruled out (`vizapp.analysis.conformal`).
- The *distances* to the nearest reference images of each candidate class: an ambiguous drawing is near to two
  classes, a strange one far from all (`vizapp.analysis.nearness`). The other four cannot tell the two apart.

The last three are measured on MNIST's test images, from which a drawing is not drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary, WeakSet

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis import scores
from vizapp.analysis.alike import Near, candidates
from vizapp.analysis.calibration import calibration
from vizapp.analysis.conformal import ALPHA, Level, level
from vizapp.analysis.nearness import neighbourhood
from vizapp.analysis.references import answers, last_hidden
from vizapp.nets.network import Network
from vizapp.nets.trace import Trace

Floats = NDArray[np.float64]

CANDIDATES = 3
"""Classes that images are shown of, or as many as the prediction set has."""
STRANGE = 99.0
"""The percentile, in every class, above which an input is called strange: about 1 in 100 reference images is."""
AS_NEAR = 1.4
"""A class up to so many times as far as the nearest one counts as near, too. Of 100 reference images whose prediction
set has one class 99 (`mlp`: 96) are then near to one class alone, of those whose set has more only 33 (25)."""


@dataclass(frozen=True, eq=False)
class Nearby:
    """A candidate class: its nearest images, and the percentile, 0 to 100, of the distance to the first of them
    among the distances that images of this class have to their own nearest fellow."""

    near: Near
    percentile: float

    @property
    def label(self) -> int:
        return self.near.label


@dataclass(frozen=True, eq=False)
class Hesitation:
    """What is to be said of one input.

    Attributes:
        guesses: all classes, the first guess first.
        margin: z_first − z_second.
        entropy: bits, of the network's own probabilities.
        probability: the network's own, of the first guess.
        temperature: that `calibrated` float64[classes] was made with.
        level: the level of the prediction set, with its measured coverage.
        members: the prediction set, the most probable class first; never empty.
        candidates: the first guesses, with their nearest reference images.
        distances: float64[classes], to the nearest image of each class.
        percentiles: float64[classes], of these distances.
    """

    guesses: tuple[int, ...]
    margin: float
    entropy: float
    probability: float
    temperature: float
    calibrated: Floats
    level: Level
    members: tuple[int, ...]
    candidates: tuple[Nearby, ...]
    distances: Floats
    percentiles: Floats

    @property
    def first(self) -> int:
        return self.guesses[0]

    @property
    def second(self) -> int:
        return self.guesses[1]

    @property
    def confidence(self) -> float:
        """The calibrated probability that the first guess is right, 0 to 1."""
        return float(self.calibrated[self.first])

    @property
    def ambiguous(self) -> bool:
        """Whether more than one class is left."""
        return len(self.members) > 1

    @property
    def forced(self) -> bool:
        """Whether no class is as probable as the level asks, and the first guess is all there is."""
        return not self.ambiguous and 1 - self.probability > self.level.threshold

    @property
    def strangeness(self) -> float:
        """The smallest percentile of any class."""
        return float(self.percentiles.min())

    @property
    def near(self) -> tuple[int, ...]:
        """The classes whose nearest image is about as near as that of the nearest class, which comes first."""
        order = np.argsort(self.distances, kind="stable").tolist()
        return tuple(label for label in order if self.distances[label] <= AS_NEAR * self.distances[order[0]])

    @property
    def strange(self) -> bool:
        """Whether the input is like no class."""
        return self.strangeness > STRANGE


def hesitation(trace: Trace, row: int = 0, alpha: float = ALPHA, without: int = -1) -> Hesitation:
    """How sure the answer to one row of a trace is: half a millisecond, once `prepare` has run for the network.

    Args:
        alpha: the level of the prediction set.
        without: index of a reference image that does not count as near, for an input that is this very image.

    Raises:
        ValueError: for a level that is not between 0 and 1.
    """
    network = trace.network
    logits = trace.logits[row]
    at = level(network, alpha)
    own = scores.probabilities(logits)
    inside = at.members(own)
    guesses = candidates(trace, row, len(logits))
    features = trace.layer(last_hidden(network))[row].ravel()
    around = neighbourhood(network)
    closest = around.closest(features[None], [without])
    named = guesses[: max(CANDIDATES, int(inside.sum()))]
    temperature = calibration(network).temperature
    return Hesitation(
        tuple(guesses),
        float(scores.margin(logits)),
        float(scores.entropy(own)),
        float(own.max()),
        temperature,
        scores.probabilities(logits, temperature),
        at,
        tuple(label for label in guesses if inside[label]),
        tuple(
            Nearby(around.nearest(features, label, without=without), float(closest.percentile[0, label]))
            for label in named
        ),
        closest.distance[0],
        closest.percentile[0],
    )


@dataclass(frozen=True)
class Usual:
    """Medians over the reference images: of the margin, and of the entropy in bits."""

    margin: float
    entropy: float


def usual(network: Network) -> Usual:
    """What is usual for a network, to hold a margin and an entropy against; remembered after the first call."""
    if network not in _usual:
        found = answers(network)
        shares = scores.entropy(found.probabilities)
        _usual[network] = Usual(float(np.median(scores.margin(found.logits))), float(np.median(shares)))
    return _usual[network]


def prepare(network: Network, alpha: float = ALPHA) -> None:
    """Compute what `hesitation` holds a drawing against: up to half a second at the first call for a network."""
    level(network, alpha)
    calibration(network)
    neighbourhood(network)
    usual(network)
    _prepared.add(network)


def ready(network: Network) -> bool:
    """Whether `prepare` has run, so that `hesitation` does not make anybody wait."""
    return network in _prepared


_prepared: WeakSet[Network] = WeakSet()
_usual: WeakKeyDictionary[Network, Usual] = WeakKeyDictionary()
