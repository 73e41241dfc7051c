"""Strangeness: how far a drawing is, in the last hidden layer, from the reference images of each class.

Distances mean little by themselves, so each is held against what is usual in its class: the distances that the
class's own images have to their nearest fellow (leave one out). A percentile of 40 says that 40 % of the
reference images of a class have a nearer neighbour in it than the drawing has; 100, that all have.

The k-nearest-neighbour score of Papernot and McDaniel (2018), "Deep k-Nearest Neighbors", with k = 1 and one
layer. What it is not: a drawing that is far from all of MNIST in the last layer of *this* network is strange to
this network, and may be a perfect digit.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.alike import NEAREST, Near
from vizapp.analysis.references import Answers, answers
from vizapp.nets.network import Network

Array = NDArray[Any]
Floats = NDArray[np.float64]


class Closest(NamedTuple):
    """For each of K inputs and each class its nearest image: `image` int64[K, classes], an index of the
    reference set; `distance` float64[K, classes], Euclidean; `percentile` float64[K, classes], 0 to 100."""

    image: NDArray[np.int64]
    distance: Floats
    percentile: Floats

    @property
    def strangeness(self) -> Floats:
        """float64[K]: the smallest percentile. Where even that is near 100, the input is like no class."""
        return np.asarray(self.percentile.min(axis=1))


class Neighbourhood:
    """The reference images in a network's last hidden layer, by class.

    Attributes:
        usual: for each class, float64[images], ascending: the distance of each of its images to the nearest other.
        order: int64[n], indices of the reference set, class after class.
    """

    def __init__(self, found: Answers) -> None:
        self.order: NDArray[np.int64] = np.argsort(found.labels, kind="stable")
        counts = np.bincount(found.labels, minlength=found.logits.shape[1])
        self._starts = np.concatenate([[0], np.cumsum(counts)])
        self._features = found.features[self.order]
        # Distances come from |x|² − 2 x·y + |y|², which is one product of matrices and loses the fewer digits, the
        # shorter the vectors are. What is then reported is computed from the difference itself.
        self._centre = self._features.mean(axis=0)
        self._centred = self._features - self._centre
        self._squares = np.einsum("ij,ij->i", self._centred, self._centred)
        self.usual = [self._own(part) for part in self._parts()]

    def closest(self, features: Array, without: Sequence[int] | None = None) -> Closest:
        """The nearest image of each class, for activations of the last hidden layer [K, nodes].

        Args:
            without: for each input the index of a reference image that does not count, or −1: where the input is
                itself a reference image, its distance to itself says nothing.
        """
        features = np.asarray(features)
        remote = self._remoteness(features, without)
        places = np.stack([part.start + remote[:, part].argmin(axis=1) for part in self._parts()], axis=1)
        difference = self._features[places].astype(np.float64) - features[:, None]
        distance = np.sqrt(np.einsum("kcj,kcj->kc", difference, difference))
        return Closest(self.order[places], distance, self.percentile(distance))

    def nearest(self, features: Array, label: int, count: int = NEAREST, without: int = -1) -> Near:
        """The nearest images of one class, for the activations of one input [nodes]."""
        (part,) = self._parts()[label : label + 1]
        remote = self._remoteness(np.asarray(features)[None], [without], part)[0]
        order = np.argsort(remote, kind="stable")[:count]
        places = part.start + order[np.isfinite(remote[order])]
        distance = np.linalg.norm(self._features[places].astype(np.float64) - features, axis=1)
        order = np.argsort(distance, kind="stable")
        return Near(label, self.order[places[order]], distance[order])

    def percentile(self, distance: Floats) -> Floats:
        """float64[…, classes], 0 to 100: of distances […, classes] to the nearest image of each class."""
        found = np.empty(np.shape(distance))
        for label, usual in enumerate(self.usual):
            found[..., label] = 100 * np.searchsorted(usual, distance[..., label]) / max(len(usual), 1)
        return found

    def _parts(self) -> list[slice]:
        return [slice(start, stop) for start, stop in pairwise(self._starts.tolist())]

    def _remoteness(self, features: Array, without: Sequence[int] | None, part: slice = slice(None)) -> Array:
        """[K, images of the part]: squared distances but for what all of a row share."""
        remote = self._squares[part] - 2 * ((features - self._centre) @ self._centred[part].T)
        for row, image in enumerate(without or ()):
            remote[row, self.order[part] == image] = np.inf
        return np.asarray(remote)

    def _own(self, part: slice) -> Floats:
        own = self._features[part].astype(np.float64)
        remote = self._squares[part] - 2 * (self._centred[part] @ self._centred[part].T)
        np.fill_diagonal(remote, np.inf)
        other = remote.argmin(axis=1)
        return np.sort(np.linalg.norm(own[other] - own, axis=1))


def neighbourhood(network: Network) -> Neighbourhood:
    """A tenth of a second after `answers` (which takes longer at its first call); then remembered."""
    with _lock:
        if network not in _known:
            _known[network] = Neighbourhood(answers(network))
        return _known[network]


_lock = threading.Lock()
_known: WeakKeyDictionary[Network, Neighbourhood] = WeakKeyDictionary()
