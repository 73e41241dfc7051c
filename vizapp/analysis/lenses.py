"""Lenses: what an edge shows. Every lens gives the value of an edge i → j as source[i] · w_ij · target[j].

Values are shares: of all that flows between the two layers (weight, contribution) or of a class's logit
(evidence), so that one colour bar holds for edges of all layers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vizapp.nets.network import Network
from vizapp.nets.trace import Trace

Floats = NDArray[np.float32]

LENSES = ("weight", "contribution")


@dataclass(frozen=True, eq=False)
class EdgeFactors:
    """The value of an edge i → j is `source[i] * w_ij * target[j]`; both float32[node], target 1 where None."""

    source: Floats
    target: Floats | None = None

    def values(self, source: NDArray[np.integer], target: NDArray[np.integer], weight: Floats) -> Floats:
        """The value of each of these edges, float32[edge]."""
        product = self.source[source] * weight
        return product if self.target is None else product * self.target[target]


def weight_factors(network: Network) -> EdgeFactors:
    """w_ij as a share of the sum of |w| over the layer's edges: what was learned, whatever the input."""
    return EdgeFactors(_ones(network) / _spread(network, _layer_flow(network, _ones(network))))


def contribution_factors(network: Network, trace: Trace, row: int, typical: Floats) -> EdgeFactors:
    """w_ij · a_i as a share of `typical` float32[layer], the usual sum of |w · a| between two layers.

    Of a pooling node's inputs only the winner's value flows on.
    """
    activation = trace.activation[row]
    return EdgeFactors(
        np.where(_lost(network, trace, row), np.float32(0), activation / _spread(network, typical))
    )


def typical_flow(network: Network, traces: Trace) -> Floats:
    """Median over the rows of a trace of the sum of |w · a| out of each layer, float32[layer]."""
    flows = [_layer_flow(network, np.abs(row)) for row in traces.activation]
    return np.median(flows, axis=0).astype(np.float32)


def _lost(network: Network, trace: Trace, row: int) -> NDArray[np.bool_]:
    """bool[node]: inputs of a pooling layer that are smaller than the largest of their window."""
    lost = np.zeros(network.n_nodes, bool)
    for below, layer in pairwise(network.layers):
        if layer.kind != "pool":
            continue
        maps, rows, cols = layer.shape
        window = below.shape[1] // rows
        inputs = trace.layer(below.name)[row].reshape(maps, rows, window, cols, window)
        smaller = inputs < trace.layer(layer.name)[row][:, :, None, :, None]
        lost[network.span(below.name)] = smaller.ravel()
    return lost


def _layer_flow(network: Network, values: Floats) -> Floats:
    """Sum over the edges out of each layer of |w| · value, float32[layer]; 1 where nothing flows."""
    flow = np.add.reduceat(_outgoing(network) * values, network.offsets[:-1])
    return np.where(flow > 0, flow, 1).astype(np.float32)


def _spread(network: Network, per_layer: Floats) -> Floats:
    """One number per layer, given to each of its nodes."""
    return np.repeat(per_layer, np.diff(network.offsets))


@cache
def _ones(network: Network) -> Floats:
    return np.ones(network.n_nodes, np.float32)


@cache
def _outgoing(network: Network) -> Floats:
    """Sum of |w| over the edges out of each node, float32[node]."""
    total = np.zeros(network.n_nodes)
    for layer in network.layers[1:]:
        edges = network.edges_of(layer.name)
        np.add.at(total, edges.source, np.abs(edges.weight))
    return total.astype(np.float32)
