"""The reference set as a map: each image at the place that the network's last hidden layer gives it, in the plane.

Two projections, both linear, so that a drawing lands on the map at once and moves smoothly with the pen:

- *pca*, principal components: the two directions in which the images differ most. It knows nothing of classes.
- *lda*, Fisher's linear discriminant, Rao (1948): the two directions that best part the classes, in units of the
  spread within them. Made with the labels, it shows the classes further apart than they are, and since it prefers
  parting one class widely to parting many a little, pairs may lie upon each other.

What the map is not: of a hundred dimensions two are left, so that points which are neighbours on it need not be
neighbours in the layer (`share` says how much of the variance is left; for real distances see
`vizapp.analysis.nearness`). Methods that bend the plane to keep neighbours together, t-SNE and UMAP, would need a
library, and either a drawing could not be put on the map live, or only by guessing between its neighbours.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis import scores
from vizapp.analysis.references import Answers, answers, last_hidden
from vizapp.nets.network import Network
from vizapp.nets.trace import Trace

Array = NDArray[Any]
Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

RIDGE = 1e-3
"""Of the mean variance, added to every direction: nodes that are silent for all images have none of their own."""


@dataclass(frozen=True, eq=False)
class Projection:
    """(features − centre) @ axes; `centre` float64[nodes], `axes` float64[nodes, 2]; read-only.

    `share`: the part of the features' variance that lies in the plane of the axes, 0 to 1.
    """

    name: str
    centre: Floats
    axes: Floats
    share: float

    def __call__(self, features: Array) -> Floats:
        """float64[…, 2] of the last hidden layer's activations […, nodes]."""
        return np.asarray((features - self.centre) @ self.axes)


@dataclass(frozen=True, eq=False)
class Landscape:
    """The map of the reference set for one network. Rows are reference images in their order; read-only.

    Attributes:
        position: float32[n, 2].
        label, answer: uint8[n], what it is and what the network says.
        entropy: float32[n], bits. margin: float32[n], between the two best logits.
        error: bool[n].
    """

    network: str
    layer: str
    projection: Projection
    position: NDArray[np.float32]
    label: NDArray[np.uint8]
    answer: NDArray[np.uint8]
    entropy: NDArray[np.float32]
    margin: NDArray[np.float32]
    error: NDArray[np.bool_]

    def project(self, trace: Trace) -> Floats:
        """float64[B, 2]: where the inputs of a trace of this network are on the map."""
        return self.projection(trace.layer(self.layer).reshape(len(trace), -1))

    def most_ambiguous(self, count: int = 200, among: Indices | None = None) -> Indices:
        """Indices of images with the smallest margins, the smallest first; `among` those given, or all."""
        chosen = np.arange(len(self.margin)) if among is None else np.asarray(among)
        return chosen[np.argsort(self.margin[chosen], kind="stable")[:count]]

    def misclassified(self) -> Indices:
        """Indices of the errors, the surest first: the largest margins."""
        wrong = np.flatnonzero(self.error)
        return wrong[np.argsort(-self.margin[wrong], kind="stable")]

    def nearest(self, x: float, y: float) -> int:
        """The image at a place, or the nearest one on the map."""
        return int(((self.position - np.array([x, y])) ** 2).sum(axis=1).argmin())

    def within(self, polygon: Array) -> Indices:
        """Indices, ascending, of the images inside a polygon [corners, 2] of map coordinates, by the even-odd rule."""
        corners = np.asarray(polygon, np.float64).reshape(-1, 2)
        if len(corners) < 3:
            return np.empty(0, np.intp)
        low, high = corners.min(axis=0), corners.max(axis=0)
        near = np.flatnonzero(((self.position >= low) & (self.position <= high)).all(axis=1))
        x, y = self.position[near].astype(np.float64).T
        inside = np.zeros(len(near), bool)
        for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
            if y0 != y1:
                crosses = (y0 > y) != (y1 > y)
                inside ^= crosses & (x < x0 + (y - y0) / (y1 - y0) * (x1 - x0))
        return near[inside]


def landscape(network: Network, method: str = "pca") -> Landscape:
    """A tenth of a second after `answers` (which takes longer at its first call); then remembered.

    Raises:
        ValueError: for a method that is not one of `METHODS`.
    """
    if method not in METHODS:
        raise ValueError(f"there is no projection {method!r}: there are {', '.join(METHODS)}")
    with _lock:
        known = _known.setdefault(network, {})
        if method not in known:
            known[method] = _landscape(network, answers(network), METHODS[method])
        return known[method]


def pca(features: Array, labels: Array) -> Projection:
    """Principal components of features [n, nodes]; the labels do not matter."""
    centre, centred = _centred(features)
    # The right singular vectors of the data, from the much smaller covariance, whose eigenvectors they are.
    vectors: Floats = np.linalg.eigh(centred.T @ centred)[1]
    return _projection("pca", centre, centred, vectors[:, :-3:-1])


def lda(features: Array, labels: Array) -> Projection:
    """Fisher's discriminants of features [n, nodes], labels int[n]; the spread within classes is 1 on either axis."""
    centre, centred = _centred(features)
    labels = np.asarray(labels, np.intp)
    counts = np.bincount(labels)
    present = np.flatnonzero(counts)
    means = np.stack([centred[labels == label].mean(axis=0) for label in present])
    around = centred - means[np.searchsorted(present, labels)]
    within = around.T @ around / len(labels)
    within += RIDGE * max(float(np.trace(within)) / len(within), 1e-12) * np.eye(len(within))
    scale, vectors = np.linalg.eigh(within)
    white = vectors / np.sqrt(scale)
    between = (means @ white).T @ (counts[present, None] * (means @ white))
    axes: Floats = white @ np.linalg.eigh(between)[1][:, :-3:-1]
    return _projection("lda", centre, centred, axes)


METHODS: dict[str, Callable[[Array, Array], Projection]] = {"pca": pca, "lda": lda}
"""Ways of projecting, the first choice first."""


def _centred(features: Array) -> tuple[Floats, Floats]:
    values = np.asarray(features, np.float64)
    centre = values.mean(axis=0)
    return centre, values - centre


def _projection(name: str, centre: Floats, centred: Floats, axes: Floats) -> Projection:
    # An axis may point either way: its largest entry is made positive, so that a map is always the same.
    largest = axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])]
    axes = axes * np.where(largest < 0, -1, 1)
    plane = centred @ np.linalg.qr(axes)[0]
    share = float((plane**2).sum() / max((centred**2).sum(), np.finfo(float).tiny))
    for array in (centre, axes):
        array.setflags(write=False)
    return Projection(name, centre, axes, share)


def _landscape(network: Network, found: Answers, method: Callable[[Array, Array], Projection]) -> Landscape:
    projection = method(found.features, found.labels)
    columns: tuple[Array, ...] = (
        projection(found.features).astype(np.float32),
        found.labels,
        found.prediction.astype(np.uint8),
        scores.entropy(found.probabilities).astype(np.float32),
        scores.margin(found.logits).astype(np.float32),
        found.prediction != found.labels,
    )
    for column in columns:
        column.setflags(write=False)
    return Landscape(network.name, last_hidden(network), projection, *columns)


_lock = threading.Lock()
_known: WeakKeyDictionary[Network, dict[str, Landscape]] = WeakKeyDictionary()
