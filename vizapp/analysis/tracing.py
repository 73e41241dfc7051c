"""Trace back: the edges that carried most of a node's value, from the node down to the pixels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.relevance import EPSILON, Relevance, of_node, without_frame
from vizapp.nets.edges import Edges, edges_into_nodes
from vizapp.nets.network import Network
from vizapp.nets.trace import Trace

Array = NDArray[Any]

LIMIT = 20_000  # edges: what the scene draws in one call


@dataclass(frozen=True, eq=False)
class Step:
    """The kept edges that end in one layer, strongest first.

    Attributes:
        layer: name of that layer.
        source, target: int32[n] node ids.
        value: float32[n] relevance, signed.
        share: the part that they carry of the |relevance| on all edges into the nodes reached so far.
        of: the number of those edges, not counting the ones that carry nothing.
    """

    layer: str
    source: NDArray[np.int32]
    target: NDArray[np.int32]
    value: Array
    share: float
    of: int

    def __len__(self) -> int:
        return len(self.source)


@dataclass(frozen=True, eq=False)
class TraceBack:
    """What `trace_back` found.

    Attributes:
        node: the node that it started from.
        relevance: its value, split among all nodes; nothing is pruned here.
        steps: the kept edges, layer by layer, the highest first; empty for a node that nothing flows into.
        share: what each layer was to keep: as asked for, or less if `truncated`.
        truncated: whether the share had to be lowered to stay within the limit of edges.
    """

    node: int
    relevance: Relevance
    steps: tuple[Step, ...]
    share: float
    truncated: bool

    @property
    def source(self) -> NDArray[np.int32]:
        """int32[n]: of all steps, as are `target` and `value`."""
        return np.concatenate([np.empty(0, np.int32), *(step.source for step in self.steps)])

    @property
    def target(self) -> NDArray[np.int32]:
        return np.concatenate([np.empty(0, np.int32), *(step.target for step in self.steps)])

    @property
    def value(self) -> Array:
        return np.concatenate([np.empty(0, np.float32), *(step.value for step in self.steps)])

    @property
    def nodes(self) -> NDArray[np.int32]:
        """int32[n]: ids of all nodes on the paths, ascending; the starting node is one of them."""
        return np.unique(np.concatenate([self.source, self.target, np.array([self.node], np.int32)]))

    @property
    def pixels(self) -> Array:
        """float32[rows, columns]: what the kept edges bring from each pixel of the image."""
        network = self.relevance.network
        values = np.zeros(network.n_nodes, np.float32)
        if self.steps:
            lowest = self.steps[-1]
            np.add.at(values, lowest.source, lowest.value)
        return without_frame(network, values)


def trace_back(
    trace: Trace, node: int, share: float = 0.8, row: int = 0, epsilon: float = EPSILON, limit: int = LIMIT
) -> TraceBack:
    """The paths that carry most of the evidence for a node, from the node down to the pixels.

    What is traced is the node's pre-activation (for a node that is on: its activation; for one that is off
    one sees what keeps it off), split by `relevance.of_node`; the values are those of the evidence lens, and
    do not depend on the share. From the top down, of all edges into the nodes reached so far, the fewest are
    kept that carry `share` of their |relevance|, the strongest first; besides, each of those nodes keeps its
    strongest edge, so that no path breaks off. So every kept edge lies on a path from the node down to a
    pixel, or to a node that lives on its bias alone. Raising the share adds edges and, though no theorem says
    so, takes none away on the digits tried.

    Args:
        share: 0.5 to 0.99 is useful; above 0, at most 1.
        limit: of edges in all; for more, the share is lowered in steps of a hundredth. A single path is
            always kept.

    Raises:
        ValueError: if there is no such node, or for a share or an ε out of range.
    """
    if not 0 < share <= 1:
        raise ValueError(f"share must be above 0 and at most 1, not {share}")
    relevance = of_node(trace, node, row, epsilon)
    descend = partial(_descend, trace.network.n_nodes, _rank(trace.network, relevance))
    steps, used = descend(share), share
    if sum(map(len, steps)) > limit:
        low, high = 0, int(np.ceil(share * 100))  # hundredths that are within the limit, and that are not
        while high - low > 1:
            middle = (low + high) // 2
            if sum(map(len, descend(middle / 100))) > limit:
                high = middle
            else:
                low = middle
        used = low / 100
        steps = descend(used)
    return TraceBack(node, relevance, tuple(steps), used, used < share)


def _rank(network: Network, relevance: Relevance) -> list[tuple[str, Edges]]:
    """Per layer, from that of the start down: the edges that carry anything, strongest first.

    Their "weight" is the relevance.
    """
    ranked = []
    for position in range(relevance.position, 0, -1):
        layer = network.layers[position]
        active = np.flatnonzero(relevance.target[network.span(layer.name)])
        edges = edges_into_nodes(network, position, active)
        value = relevance.of_edges(edges)
        order = np.flatnonzero(value)
        order = order[np.argsort(-np.abs(value[order]), kind="stable")]
        ranked.append((layer.name, Edges(edges.source[order], edges.target[order], value[order])))
    return ranked


def _descend(n_nodes: int, ranked: list[tuple[str, Edges]], share: float) -> list[Step]:
    """The kept edges of each layer, as far down as there are any."""
    steps: list[Step] = []
    for name, edges in ranked:
        if steps:
            reached = np.zeros(n_nodes, bool)
            reached[steps[-1].source] = True
            places = np.flatnonzero(reached[edges.target])
        else:
            places = np.arange(len(edges))
        if not len(places):
            break
        target, value = edges.target[places], edges.weight[places]
        running = np.cumsum(np.abs(value), dtype=np.float64)
        # A hair less, as the sum of all need not equal its own share in floating point.
        enough = int(np.searchsorted(running, share * running[-1] * (1 - 1e-12))) + 1
        strongest = np.full(n_nodes, -1)
        strongest[target[::-1]] = np.arange(len(target))[::-1]  # of several, the last assignment holds
        keep = np.zeros(len(target), bool)
        keep[:enough] = True
        keep[strongest[strongest >= 0]] = True
        source, target, value = edges.source[places[keep]], target[keep], value[keep]
        carried = float(np.abs(value).sum(dtype=np.float64) / running[-1])
        steps.append(Step(name, source, target, value, carried, len(places)))
    return steps
