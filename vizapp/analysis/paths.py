"""The way of the strongest contributions, from a node down to one pixel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vizapp.nets.trace import Trace


@dataclass(frozen=True)
class Flow:
    """An edge with what flows along it: `product` = `weight` × `value`, the activation of its source."""

    source: int
    target: int
    weight: float
    value: float

    @property
    def product(self) -> float:
        return self.weight * self.value


def strongest_input(trace: Trace, node: int, row: int = 0) -> Flow:
    """The edge that contributed most to what a node's sum became; of a pooling node, the winner's.

    Most in the direction of the sum: to a positive one the input that adds most, to a negative one the one that
    takes most. Where none goes that way, the one of the largest magnitude; where nothing comes in at all, the
    one with the largest weight. (Layer-wise relevance would choose the same: into one node it is proportional to
    the contributions.)

    Raises:
        ValueError: if there is no such node, or nothing ends in it.
    """
    network = trace.network
    edges = network.edges_into(node, trace, row)
    if not len(edges):
        raise ValueError(f"nothing ends in {network.node_name(node)}")
    values = trace.activation[row, edges.source]
    products = edges.weight * values
    forward = products if trace.pre[row, node] >= 0 else -products
    if edges.won is not None:
        best = int(edges.won.argmax())
    elif forward.max() > 0:
        best = int(forward.argmax())
    elif products.any():
        best = int(np.abs(products).argmax())
    else:
        best = int(np.abs(edges.weight).argmax())
    return Flow(int(edges.source[best]), node, float(edges.weight[best]), float(values[best]))


def strongest_path(trace: Trace, node: int, row: int = 0) -> tuple[Flow, ...]:
    """From the input up to a node, each flow the strongest into its target; none for a node of the input."""
    network = trace.network
    flows: list[Flow] = []
    for _ in range(network.layer_index_of(node)):
        flows.append(strongest_input(trace, flows[-1].source if flows else node, row))
    return tuple(reversed(flows))
