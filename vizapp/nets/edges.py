"""Edges, computed from the geometry of the layers; nothing of the size of the network is stored for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from vizapp.nets.network import Network
    from vizapp.nets.trace import Trace


@dataclass(frozen=True, eq=False)
class Edges:
    """Some edges of a network, one per entry of the arrays.

    Attributes:
        source, target: int32[n], node ids.
        weight: float32[n]; 1 for the edges of a pooling layer.
        won: bool[n] where a trace was given and the edges go into pooling layers, otherwise None: True at
            the edge that carries the maximum. Of equal inputs the first in C order wins.
    """

    source: NDArray[np.int32]
    target: NDArray[np.int32]
    weight: NDArray[np.float32]
    won: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.source)


def edges_into_nodes(
    network: Network, position: int, nodes: NDArray[np.int64], trace: Trace | None = None, row: int = 0
) -> Edges:
    """All edges into `nodes` (local numbers) of the layer at `position`, ordered by target, then source."""
    layer = network.layers[position]
    below = int(network.offsets[position - 1]) if position else 0
    sources = layer.sources(nodes) + below
    targets = np.repeat(nodes + network.offsets[position], layer.fan_in)
    won = None
    if layer.kind == "pool" and trace is not None:
        won = _winners(trace.activation[row][sources]).ravel()
    return Edges(
        sources.ravel().astype(np.int32),
        targets.astype(np.int32),
        layer.weights(nodes).ravel(),
        won,
    )


def edges_out_of_node(
    network: Network, position: int, node: int, trace: Trace | None = None, row: int = 0
) -> Edges:
    """All edges out of local node `node` of the layer at `position`, ordered by target."""
    above = network.layers[position + 1]
    targets = above.targets(node)
    sources = above.sources(targets)
    at, which = np.nonzero(sources == node)
    won = None
    if above.kind == "pool" and trace is not None:
        values = trace.activation[row][sources + network.offsets[position]]
        won = _winners(values)[at, which]
    return Edges(
        np.full(len(targets), node + network.offsets[position], np.int32),
        (targets + network.offsets[position + 1]).astype(np.int32),
        above.weights(targets)[at, which],
        won,
    )


def _winners(values: NDArray[Any]) -> NDArray[np.bool_]:
    """bool, same shape: True at the first maximum of every row."""
    return np.asarray(np.arange(values.shape[1]) == values.argmax(axis=1)[:, None])
