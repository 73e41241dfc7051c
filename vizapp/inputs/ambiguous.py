"""The reference images that a network finds hard to tell: small margins between first and second guess."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from vizapp.nets import Network

from .reference import reference

_BATCH = 16


@dataclass(frozen=True, eq=False)
class Guesses:
    """A network's answers to the reference images: first and second guess, as digits, with probabilities."""

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    probability: NDArray[np.float32]
    """float32[10000, 2], of the first and the second guess."""

    @property
    def margin(self) -> NDArray[np.float32]:
        """float32[10000]: how much more probable the first guess is than the second."""
        return self.probability[:, 0] - self.probability[:, 1]


def guesses(network: Network) -> Guesses:
    """The network's answers to all reference images: under a second at the first call, then remembered."""
    with _lock:
        if network not in _known:
            _known[network] = _answers(network)
        return _known[network]


def ambiguous(network: Network, count: int = 200, between: tuple[int, int] | None = None) -> NDArray[np.intp]:
    """Indices of the reference images with the smallest margins, the smallest first.

    between: only those whose two guesses are these two digits, in either order.
    """
    answers = guesses(network)
    order = np.argsort(answers.margin, kind="stable")
    if between is not None:
        pair = np.sort(np.stack([answers.first, answers.second]), axis=0)
        wanted = (pair[0] == min(between)) & (pair[1] == max(between))
        order = order[wanted[order]]
    return order[:count]


def _answers(network: Network) -> Guesses:
    images, _ = reference()
    batches = []
    for start in range(0, len(images), _BATCH):
        # Small batches: a trace keeps every activation, and fresh memory costs more than the arithmetic.
        inputs = images[start : start + _BATCH].astype(np.float32) / np.float32(255)
        batches.append(network.forward(inputs).probabilities)
    probabilities = np.concatenate(batches)
    best = np.argsort(-probabilities, axis=1, kind="stable")[:, :2]
    return Guesses(best[:, 0], best[:, 1], np.take_along_axis(probabilities, best, axis=1))


_lock = threading.Lock()
_known: WeakKeyDictionary[Network, Guesses] = WeakKeyDictionary()
