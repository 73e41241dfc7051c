"""Trace back: the edges that carried most of a node's value, from the node down to the pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.relevance import EPSILON, Relevance, of_node, without_frame
from vizapp.nets.edges import edges_into_nodes
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
        share: what each node was to keep: as asked for, or less if `truncated`.
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
    do not depend on the share. From the top down, each node that has been reached keeps the fewest edges that
    carry `share` of the |relevance| on all edges into it, the strongest first. So the edges into every layer
    carry at least that share too; every kept edge lies on a path from the node down to a pixel, or to a node
    that lives on its bias alone; and raising the share only ever adds edges. (Choosing among all the edges
    into a layer at once would keep fewer, but a small change of the share could then remove some.)

    Args:
        share: above 0, at most 1; 0.5 to 0.99 is useful.
        limit: of edges in all; if there are more, the share is lowered. A single path is always kept.

    Raises:
        ValueError: if there is no such node, or for a share or an ε out of range.
    """
    if not 0 < share <= 1:
        raise ValueError(f"share must be above 0 and at most 1, not {share}")
    relevance = of_node(trace, node, row, epsilon)
    found, used = _descend(relevance, node, share), share
    needs = np.concatenate([np.empty(0), *(layer.needs for layer in found)])
    if np.count_nonzero(_within(needs, share)) > limit:
        used = max(0.0, float(np.partition(needs, limit)[limit]))
    steps = (layer.step(used) for layer in found)
    return TraceBack(node, relevance, tuple(step for step in steps if len(step)), used, used < share)


@dataclass(frozen=True, eq=False)
class _Layer:
    """The edges into a layer that are kept at some share, and what the share has to exceed for each.

    Attributes:
        source, target, value, needs: [edges].
        node_needs: [nodes], the same for being reached, for each node that some of the edges end in.
        total, of: [nodes], the |relevance| on all edges into these nodes, and the number of those with any.
    """

    name: str
    source: Array
    target: Array
    value: Array
    needs: Array
    node_needs: Array
    total: Array
    of: Array

    def step(self, share: float) -> Step:
        kept = np.flatnonzero(_within(self.needs, share))
        kept = kept[np.argsort(-np.abs(self.value[kept]), kind="stable")]
        reached = _within(self.node_needs, share)
        source, target, value = self.source[kept], self.target[kept], self.value[kept]
        carried = float(np.abs(value).sum(dtype=np.float64) / self.total[reached].sum())
        return Step(self.name, source, target, value, carried, int(self.of[reached].sum()))


def _descend(relevance: Relevance, node: int, share: float) -> list[_Layer]:
    """All edges that are kept at this share or less, layer by layer, as far down as there are any.

    An edge is needed where the stronger edges into its target do not reach the share, and its target is
    itself reached, through whichever edge needs the least.
    """
    network = relevance.network
    found: list[_Layer] = []
    nodes, needs = np.array([node]), np.full(network.n_nodes, -1.0)
    for position in range(relevance.position, 0, -1):
        edges = edges_into_nodes(network, position, nodes - network.offsets[position])
        value = relevance.of_edges(edges).reshape(len(nodes), -1)
        order = np.argsort(-np.abs(value), axis=1, kind="stable")
        value = np.take_along_axis(value, order, axis=1)
        source = np.take_along_axis(edges.source.reshape(order.shape), order, axis=1)
        running = np.abs(value).cumsum(axis=1, dtype=np.float64)
        total = running[:, -1]
        before = np.full(value.shape, -1.0)  # of the strongest edge, which is always needed
        np.divide(running[:, :-1], total[:, None], out=before[:, 1:], where=total[:, None] > 0)
        before = np.maximum(before, needs[nodes, None])
        at = np.nonzero(_within(before, share) & (value != 0))
        if not len(at[0]):
            break
        target = nodes[at[0]].astype(np.int32)
        layer, of = network.layers[position].name, np.count_nonzero(value, axis=1)
        found.append(_Layer(layer, source[at], target, value[at], before[at], needs[nodes], total, of))
        needs = np.full(network.n_nodes, np.inf)
        np.minimum.at(needs, source[at], before[at])
        nodes = np.flatnonzero(needs < np.inf)
    return found


def _within(needs: Array, share: float) -> Array:
    """A hair less than the share, since what adds up to it exactly may not in floating point."""
    return np.asarray(needs < share - 1e-12)
