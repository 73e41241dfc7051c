"""Lenses: what an edge shows. Every lens but `count` gives an edge i → j the value source[i] · w_ij · target[j].

Values are shares: of all that flows between the two layers (weight, contribution) or of a class's logit
(evidence), so that one colour bar holds for edges of all layers. docs/edges.md has the formulas.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.relevance import Relevance, contrast, of_class
from vizapp.nets.network import Network
from vizapp.nets.trace import Trace

Floats = NDArray[np.float32]

LENSES = ("weight", "contribution", "evidence", "contrast", "count")

_SMALL_LOGIT = 0.1
"""Of a logit closer to zero than this, shares are of this instead: of next to nothing they would say nothing."""


class Edges(Protocol):
    """Edges as arrays of equal length: ends int32, weight float32."""

    @property
    def source(self) -> NDArray[np.int32]: ...
    @property
    def target(self) -> NDArray[np.int32]: ...
    @property
    def weight(self) -> Floats: ...


@dataclass(frozen=True, eq=False)
class EdgeFactors:
    """The value of an edge i → j is `source[i] * w_ij * target[j]`; both float32[node], target 1 where None."""

    source: Floats
    target: Floats | None = None

    def values(self, edges: Edges) -> Floats:
        """The value of each of these edges, float32[edge]."""
        product: Floats = self.source[edges.source] * edges.weight
        if self.target is not None:
            product *= self.target[edges.target]
        return product


@dataclass(frozen=True, eq=False)
class EdgeLens:
    """Values of one kind, or of two classes that are contrasted.

    `split`: the logits that evidence is a share of. `counts`: every edge is 1, and `first`, the weight lens,
    only says which edges are the strongest.
    """

    first: EdgeFactors
    second: EdgeFactors | None = None
    split: tuple[Relevance, ...] = ()
    counts: bool = False

    @property
    def per_node(self) -> bool:
        """Whether a value depends on the source node and the fixed weight alone."""
        return self.second is None and self.first.target is None and not self.counts


def follows_drawing(name: str) -> bool:
    """Whether the values of this lens are others for another drawing."""
    return name not in ("weight", "count")


def edge_lens(
    name: str, network: Network, trace: Trace, classes: tuple[int, int], typical: Floats, row: int = 0
) -> EdgeLens:
    """The lens of that name on one row of a trace. `typical` float32[layer] is from `typical_flow`.

    Raises:
        ValueError: if there is no such lens or class.
    """
    if name not in LENSES:
        raise ValueError(f"there is no lens {name!r}: there are {', '.join(LENSES)}")
    if not follows_drawing(name):
        return EdgeLens(_weight(network), counts=name == "count")
    if name == "contribution":
        return EdgeLens(_contribution(network, trace, row, typical))
    if name == "evidence":
        evidence = of_class(trace, classes[0], row=row)
        return EdgeLens(_shares(evidence, abs(evidence.start)), split=(evidence,))
    both = contrast(trace, *classes, row=row)
    whole = (abs(both.a.start) + abs(both.b.start)) / 2
    return EdgeLens(_shares(both.a, whole), _shares(both.b, whole), (both.a, both.b))


def _shares(evidence: Relevance, whole: float) -> EdgeFactors:
    """Relevance as a share of `whole`, in logits."""
    return EdgeFactors(
        np.divide(evidence.source, max(whole, _SMALL_LOGIT), dtype=np.float32), evidence.target
    )


@cache
def _weight(network: Network) -> EdgeFactors:
    """w_ij as a share of the sum of |w| over the layer's edges: what was learned, whatever the input."""
    ones = np.ones(network.n_nodes, np.float32)
    return EdgeFactors(ones / _spread(network, _layer_flow(network, ones)))


def _contribution(network: Network, trace: Trace, row: int, typical: Floats) -> EdgeFactors:
    """w_ij · a_i as a share of the usual sum of |w · a| between two layers.

    Of a pooling node's inputs only the winner's value flows on.
    """
    shares: Floats = np.divide(_flowing(network, trace, row), _spread(network, typical), dtype=np.float32)
    return EdgeFactors(shares)


def typical_flow(network: Network, traces: Trace) -> Floats:
    """Median over the rows of a trace of the sum of |w · a| out of each layer, float32[layer]; 1 for the last."""
    flows = [_layer_flow(network, np.abs(_flowing(network, traces, row))) for row in range(len(traces))]
    return np.median(flows, axis=0).astype(np.float32)


def _flowing(network: Network, trace: Trace, row: int) -> Floats:
    """Activations float32[node]; zero where max pooling takes another: of equal inputs the first wins."""
    values = np.array(trace.activation[row], np.float32)
    for below, layer in pairwise(network.layers):
        if layer.kind != "pool":
            continue
        maps, rows, cols = layer.shape
        window = below.shape[1] // rows
        inputs = values[network.span(below.name)].reshape(maps, rows, window, cols, window)
        windows = inputs.swapaxes(2, 3).reshape(maps, rows, cols, window**2)
        won = np.arange(window**2) == windows.argmax(axis=-1)[..., None]
        inputs *= won.reshape(maps, rows, cols, window, window).swapaxes(2, 3)
    return values


def _layer_flow(network: Network, values: Floats) -> Floats:
    """Sum over the edges out of each layer of |w| · value, float32[layer]; 1 where nothing flows."""
    flow = np.add.reduceat(_outgoing(network) * values, network.offsets[:-1])
    return np.where(flow > 0, flow, 1).astype(np.float32)


def _spread(network: Network, per_layer: Floats) -> Floats:
    """One number per layer, given to each of its nodes."""
    return np.repeat(per_layer, np.diff(network.offsets))


@cache
def _outgoing(network: Network) -> Floats:
    """Sum of |w| over the edges out of each node, float32[node]."""
    total = np.zeros(network.n_nodes)
    for layer in network.layers[1:]:
        edges = network.edges_of(layer.name)
        np.add.at(total, edges.source, np.abs(edges.weight))
    return total.astype(np.float32)
