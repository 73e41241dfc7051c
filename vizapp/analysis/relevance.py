"""Evidence: where a logit, a difference of two logits, or the value of any node comes from.

Layer-wise relevance propagation with the epsilon rule, see `vizapp.analysis.propagation`. What it is not: it
splits the value that the network computed for this very input among the edges that carried it, along the
slopes at this input. It does not say what would happen if a pixel changed by much, and an empty pixel, whose
activation is zero, never gets any relevance, though its being empty may have mattered.

**What is split.** Σ_j k_j z_j over one layer's pre-activations, start R_j = k_j z_j: a class's logit z_c, or
the difference of two, R_a = z_a and R_b = −z_b. That start sums to z_a − z_b, is linear in k (the relevance
of the difference is the difference of the relevances), and below the output it is, but for ε, the relevance
of one virtual output with weights w_a − w_b. The virtual output itself is not used: its z is z_a − z_b, so
near a tie, the most interesting place, ε would absorb everything, and its edges are none of the network's.

**What gets lost.** Part of z_j is the bias and not what came in; the bias takes its share b_j R_j / z_j, and
no node below sees it. ε absorbs ε |R_j| / (|z_j| + ε) of each node, which quietens nodes that have barely
switched on, whose large opposite messages would flicker under the pen. `Relevance.absorbed` has both, and
but for rounding start = relevance of the input + what biases absorbed + what ε absorbed. The biases' part is
not small: it can well be half of the difference of two logits.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Protocol
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.propagation import Propagation
from vizapp.nets.layers import Input
from vizapp.nets.network import Network
from vizapp.nets.trace import Trace

Array = NDArray[Any]

# Small beside the pre-activations (0.1 to 4 on average): it absorbs some 0.5 % (mlp) and 2 % (cnn) of the
# difference of the two best logits.
EPSILON = 0.01


class SomeEdges(Protocol):
    """`nets.Edges` and everything else that lists edges by node ids."""

    @property
    def source(self) -> Array: ...
    @property
    def target(self) -> Array: ...
    @property
    def weight(self) -> Array: ...


class Absorbed(NamedTuple):
    """float64[len(layers)] each: what did not reach the layer below, at the nodes of each layer, signed."""

    bias: Array
    epsilon: Array


@dataclass(frozen=True, eq=False)
class Relevance:
    """One quantity, split among all nodes and edges; read-only.

    The relevance of an edge i → j is source[i] · w_ij · target[j], for the edges of *all* layers. That holds
    for pooling too (w = 1): where max pooling takes what a node says, all edges out of that node go into the
    pool, and `source` is zero for the losers.

    Attributes:
        trace, row: the input in question.
        position: the layer that the quantity was read from; the layers above have no relevance.
        functional: the k of the quantity Σ k_j z_j, one per node of that layer.
        epsilon: the stabiliser, in units of the pre-activations.
        node: float32[N], R_j, in units of the logits (or whatever was split).
        source: float32[N], the activations a_i, losers of max pooling zero.
        target: float32[N], R_j / (z_j + ε sgn z_j); for a pooling node R_j / a_j.
    """

    trace: Trace
    row: int
    position: int
    functional: Array
    epsilon: float
    node: Array
    source: Array
    target: Array

    @property
    def network(self) -> Network:
        return self.trace.network

    @property
    def start(self) -> float:
        """The quantity that was split."""
        pre = self.trace.pre_of(self.network.layers[self.position].name)[self.row].ravel()
        return float(pre.astype(np.float64) @ self.functional)

    @property
    def arrived(self) -> float:
        """The part of it that arrived at the input."""
        return float(self.node[self.network.span(self.network.layers[0].name)].sum(dtype=np.float64))

    @property
    def residual(self) -> float:
        """start − arrived: zero if nothing had been absorbed."""
        return self.start - self.arrived

    @cached_property
    def absorbed(self) -> Absorbed:
        """Where the residual stayed: in the biases of which layer, and in ε at which layer."""
        network, pre = self.network, self.trace.pre[self.row]
        bias, epsilon = np.zeros((2, len(network.layers)))
        for position, layer in enumerate(network.layers[: self.position + 1]):
            if layer.bias is None:
                continue
            span = network.span(layer.name)
            target = self.target[span].astype(np.float64)
            bias[position] = target.reshape(len(layer.bias), -1).sum(1) @ layer.bias.astype(np.float64)
            epsilon[position] = self.epsilon * (target @ np.copysign(1, pre[span]))
        return Absorbed(bias, epsilon)

    @property
    def pixels(self) -> Array:
        """float32[rows, columns]: the relevance of the image's pixels, without the frame around them."""
        return without_frame(self.network, self.node)

    def of_edges(self, edges: SomeEdges) -> Array:
        """float32[E]: the relevance of each edge, in the order given."""
        return np.asarray(self.source[edges.source] * edges.weight * self.target[edges.target])


@dataclass(frozen=True, eq=False)
class Contrast:
    """The evidence for two classes, of the same input, side by side."""

    a: Relevance
    b: Relevance

    @cached_property
    def difference(self) -> Relevance:
        """The relevance of z_a − z_b: an edge speaks for a where it is positive and for b where negative.

        What both logits share, and softmax ignores, has cancelled.
        """
        a, b = self.a, self.b
        return Relevance(
            a.trace,
            a.row,
            a.position,
            _frozen(a.functional - b.functional),
            a.epsilon,
            _frozen(a.node - b.node),
            a.source,
            _frozen(a.target - b.target),
        )

    def of_edges(self, edges: SomeEdges) -> tuple[Array, Array]:
        """float32[E] twice: the evidence that each edge carries *for* a and *for* b, 0 or more.

        Evidence against a class is left out. Where both are positive the edge speaks for both: the mixture.
        """
        return np.maximum(self.a.of_edges(edges), 0), np.maximum(self.b.of_edges(edges), 0)


def rivals(trace: Trace, row: int = 0) -> tuple[int, int]:
    """The classes of the largest and the second largest logit."""
    first, second = np.argsort(-trace.logits[row], kind="stable")[:2]
    return int(first), int(second)


def of_class(trace: Trace, digit: int, row: int = 0, epsilon: float = EPSILON) -> Relevance:
    """Split the logit of a class: positive where an edge or node speaks for it.

    Raises:
        ValueError: for a class that the network does not have, or an ε that is negative.
    """
    return _split(trace, row, len(trace.network.layers) - 1, _one_hot(trace, digit), epsilon)[0]


def of_difference(trace: Trace, a: int, b: int, row: int = 0, epsilon: float = EPSILON) -> Relevance:
    """Split z_a − z_b: positive where an edge or node speaks for a, not b; ValueError as `of_class`."""
    functional = _one_hot(trace, a) - _one_hot(trace, b)
    return _split(trace, row, len(trace.network.layers) - 1, functional, epsilon)[0]


def contrast(trace: Trace, a: int, b: int, row: int = 0, epsilon: float = EPSILON) -> Contrast:
    """Split the logits of two classes, in one pass for both; ValueError as `of_class`."""
    functional = np.concatenate([_one_hot(trace, a), _one_hot(trace, b)])
    return Contrast(*_split(trace, row, len(trace.network.layers) - 1, functional, epsilon))


def of_node(trace: Trace, node: int, row: int = 0, epsilon: float = EPSILON) -> Relevance:
    """Split the pre-activation of any node (for one that is on: its activation).

    Raises:
        ValueError: if there is no such node, or for an ε that is negative.
    """
    position = trace.network.layer_index_of(node)
    functional = np.zeros((1, trace.network.layers[position].n_nodes), trace.pre.dtype)
    functional[0, node - trace.network.offsets[position]] = 1
    return _split(trace, row, position, functional, epsilon)[0]


def without_frame(network: Network, values: Array) -> Array:
    """[rows, columns] of the image, from values of all nodes [N]."""
    layer = network.layers[0]
    assert isinstance(layer, Input)
    image = values[: layer.n_nodes].reshape(layer.shape[1:])
    return image[layer.pad : image.shape[0] - layer.pad, layer.pad : image.shape[1] - layer.pad]


_local = threading.local()  # each thread has its own plans


def _split(trace: Trace, row: int, position: int, functional: Array, epsilon: float) -> Sequence[Relevance]:
    """One relevance per row of `functional` [width, nodes of the layer at `position`]."""
    if not epsilon >= 0:
        raise ValueError(f"epsilon must be 0 or more, not {epsilon}")
    plans: WeakKeyDictionary[Network, dict[int, Propagation]]
    plans = _local.__dict__.setdefault("plans", WeakKeyDictionary())
    widths, width = plans.setdefault(trace.network, {}), len(functional)
    if width not in widths:
        widths[width] = Propagation(trace.network.layers, width, trace.network.dtype)
    plan = widths[width]
    plan.run(trace.pre[row], trace.activation[row], position, functional, epsilon)
    source = _frozen(plan.source.copy())
    nodes, targets = _frozen(plan.node.copy()), _frozen(plan.target.copy())
    return [
        Relevance(trace, row, position, _frozen(one), epsilon, node, source, target)
        for one, node, target in zip(functional, nodes, targets, strict=True)
    ]


def _one_hot(trace: Trace, digit: int) -> Array:
    n_classes = trace.logits.shape[1]
    if not 0 <= digit < n_classes:
        raise ValueError(f"{trace.network.name} has no class {digit}: they go from 0 to {n_classes - 1}")
    one_hot = np.zeros((1, n_classes), trace.pre.dtype)
    one_hot[0, digit] = 1
    return one_hot


def _frozen(array: Array) -> Array:
    array.flags.writeable = False
    return array
