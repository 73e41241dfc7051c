"""A network's answers to the reference images: what a drawing's own answer is held against.

The reference images are MNIST's test images, on which none of the shipped networks was trained. What is
*fitted* on them (a temperature, the threshold of prediction sets) is fitted on one half and measured on the
other; `halves` says which is which, always the same.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis import scores
from vizapp.inputs.reference import reference
from vizapp.nets.network import CHUNK, Network

Array = NDArray[Any]
Floats = NDArray[np.float64]

SEED = 5
"""Of the shuffle that halves the reference set."""


@dataclass(frozen=True, eq=False)
class Answers:
    """Read-only: `features` float32[n, nodes], the activations of the last hidden layer; `logits` float32[n, classes].

    `labels` uint8[n]. Rows are reference images, in their order.
    """

    features: Array
    logits: Array
    labels: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.labels)

    @cached_property
    def probabilities(self) -> Floats:
        """float64[n, classes]."""
        return scores.probabilities(self.logits)

    @cached_property
    def prediction(self) -> NDArray[np.intp]:
        """int64[n]: the first guess."""
        return np.asarray(self.logits.argmax(axis=1))


def answers(network: Network) -> Answers:
    """The answers to all reference images: under half a second at the first call, then remembered.

    It belongs into a worker thread then; if several ask at once, one computes.
    """
    with _lock:
        if network not in _known:
            _known[network] = _answers(network)
        return _known[network]


@cache
def halves() -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Two sorted index arrays that share the reference set: 5,000 images to fit on, 5,000 to check with."""
    order = np.random.default_rng(SEED).permutation(len(reference()[1]))
    middle = len(order) // 2
    fit, check = np.sort(order[:middle]), np.sort(order[middle:])
    fit.setflags(write=False)
    check.setflags(write=False)
    return fit, check


def last_hidden(network: Network) -> str:
    """The name of the layer below the output."""
    return network.layers[-2].name


def _answers(network: Network) -> Answers:
    images, labels = reference()
    hidden, output = network.span(last_hidden(network)), network.span(network.layers[-1].name)
    features = np.empty((len(images), hidden.stop - hidden.start), network.dtype)
    logits = np.empty((len(images), output.stop - output.start), network.dtype)
    plan = network.plan(CHUNK, whole=False)
    full = np.zeros((CHUNK, *images.shape[1:]), network.dtype)
    for start in range(0, len(images), CHUNK):
        count = min(CHUNK, len(images) - start)
        np.divide(images[start : start + count], np.float32(255), out=full[:count], casting="unsafe")
        plan.run(full)
        features[start : start + count] = plan.activation[hidden, :count].T
        logits[start : start + count] = plan.pre[output, :count].T
    for array in (features, logits):
        array.setflags(write=False)
    return Answers(features, logits, labels)


_lock = threading.Lock()
_known: WeakKeyDictionary[Network, Answers] = WeakKeyDictionary()
