"""Reference images that are like something: those that activate a node most, those nearest to an input in a layer.

Both look at thousands of images, which takes up to a second at the first call and is then remembered for all
sessions: for worker threads, of which only one computes at a time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from vizapp.inputs.reference import reference
from vizapp.nets.network import Network
from vizapp.nets.trace import Trace

Floats = NDArray[np.float32]

MOST = 12
"""Images that are remembered for each node."""
NEAREST = 3
"""Images that are found for each class."""
WIDE = 1500
FEW = 2000
"""In layers of more than `WIDE` nodes only so many images are compared with: memory."""
KEPT_BYTES = 64 << 20
"""Of activations that are kept to be compared with, for all sessions together."""
_BATCH = 48
_PLACES, _LAST = np.uint64(16), np.uint64(0xFFFF)


@dataclass(frozen=True, eq=False)
class Strongest:
    """For every node the images with the greatest activations, the greatest first, of equal ones the first.

    `image` int32[nodes, 12], indices of the reference set, −1 where no more images activate the node at all;
    `activation` float32[nodes, 12]. `count`: how many images there were to choose from.
    """

    image: NDArray[np.int32]
    activation: Floats
    count: int

    def of(self, node: int) -> list[tuple[int, float]]:
        """(image, activation) of those above zero."""
        found = zip(self.image[node].tolist(), self.activation[node].tolist(), strict=True)
        return [(image, value) for image, value in found if image >= 0]


def strongest(network: Network) -> Strongest:
    """For all nodes at once: some 0.6 s (mlp: 0.2 s) at the first call, then remembered."""
    with _lock:
        if network not in _known:
            _known[network] = _strongest(network)
        return _known[network]


@dataclass(frozen=True, eq=False)
class Near:
    """Images of one class, the nearest first: `image` int64[k], `distance` float64[k], Euclidean."""

    label: int
    image: NDArray[np.int64]
    distance: NDArray[np.float64]


def nearest(trace: Trace, layer: str, labels: list[int], row: int = 0) -> tuple[int, list[Near]]:
    """For each of these classes the images whose activations in a layer are nearest to those of a trace's row.

    The first of the two results says among how many images, of all classes, they were looked for. Some 0.3 s at
    the first call for a layer, then a few milliseconds. KeyError for an unknown layer.
    """
    features = _features(trace.network, layer)
    of_image = reference()[1][: len(features)]
    here = trace.layer(layer)[row].ravel()
    found = []
    for label in labels:
        images = np.flatnonzero(of_image == label)
        difference = features[images] - here
        distance = np.sqrt(np.einsum("ij,ij->i", difference, difference))
        order = np.argsort(distance, kind="stable")[:NEAREST]
        exact = np.linalg.norm(difference[order].astype(np.float64), axis=1)
        found.append(Near(label, images[order], exact))
    return len(features), found


def candidates(trace: Trace, row: int = 0, count: int = 3) -> list[int]:
    """The first guesses, the first one first."""
    return [int(label) for label in np.argsort(-trace.logits[row], kind="stable")[:count]]


def _answers(network: Network, count: int) -> Iterator[tuple[int, Trace]]:
    """The network's answers to the first reference images in batches, each with the index of its first."""
    images = reference()[0][:count]
    for start in range(0, len(images), _BATCH):
        yield start, network.forward(images[start : start + _BATCH].astype(np.float32) / np.float32(255))


def _strongest(network: Network) -> Strongest:
    # Activation and image in one whole number, so that the order is total: the bits of a positive float32 grow
    # with it, and of equal activations the earlier image comes out greater.
    count = len(reference()[0])
    best: NDArray[np.uint64] = np.zeros((network.n_nodes, MOST), np.uint64)
    for start, trace in _answers(network, count):
        least = (best.min(axis=1) >> _PLACES).astype(np.uint32).view(np.float32)
        nodes = np.flatnonzero(trace.activation.max(axis=0) > least)  # the others keep what they have
        activation: Floats = np.maximum(trace.activation[:, nodes].T, np.float32(0), order="C")
        keys = activation.view(np.uint32).astype(np.uint64) << _PLACES
        images = np.arange(start, start + len(trace), dtype=np.uint64)
        both = np.concatenate([best[nodes], np.where(keys > 0, keys | (_LAST - images), keys)], axis=1)
        best[nodes] = np.partition(both, len(trace), axis=1)[:, len(trace) :]
    best = np.sort(best, axis=1)[:, ::-1]
    image = np.where(best > 0, (_LAST - (best & _LAST)).astype(np.int32), np.int32(-1))
    return Strongest(image, (best >> _PLACES).astype(np.uint32).view(np.float32), count)


def _features(network: Network, layer: str) -> Floats:
    """float32[images, nodes of the layer]: activations of the reference images, the last used ones kept."""
    key = network, layer
    with _lock:
        if key not in _kept:
            _kept[key] = _activations(network, network.span(layer))
        _kept.move_to_end(key)
        while len(_kept) > 1 and sum(array.nbytes for array in _kept.values()) > KEPT_BYTES:
            _kept.popitem(last=False)
        return _kept[key]


def _activations(network: Network, span: slice) -> Floats:
    width = span.stop - span.start
    count = min(FEW if width > WIDE else len(reference()[0]), len(reference()[0]))
    found = np.empty((count, width), np.float32)
    for start, trace in _answers(network, count):
        found[start : start + len(trace)] = trace.activation[:, span]
    return found


_lock = threading.Lock()
_known: WeakKeyDictionary[Network, Strongest] = WeakKeyDictionary()
_kept: OrderedDict[tuple[Network, str], Floats] = OrderedDict()
