"""The numbers behind a picture, exact: one map or layer at a time, and the edges of one node."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.explorer import Explorer
from vizapp.nets.edges import Edges
from vizapp.nets.network import Network
from vizapp.views import incoming
from vizapp.views.incoming import MessageError
from vizapp.views.topics.topic import Handler, Topic

MAX_EDGES = 50
"""Edges that are listed in each direction."""


class Tables(Topic):
    """Answers at once: no table is larger than a feature map."""

    @property
    def handlers(self) -> dict[str, Handler]:
        return {"table": self._on_table, "edge_table": self._on_edges}

    def _on_table(self, data: Mapping[str, Any]) -> None:
        seq, layer = incoming.whole(data, "seq"), data.get("layer")
        if layer is None:
            self.line.tell(image_table(self.explorer, seq))
            return
        net = self.explorer.net
        name = incoming.text(data, "layer", 40)
        # A page may still ask for a layer of the network that it just left.
        if name not in {each.name for each in net.layers}:
            return
        shape = net.layer(name).shape
        plane = incoming.whole(data, "map", 0, shape[0] - 1 if len(shape) == 3 else 0)
        self.line.tell(layer_table(self.explorer, name, plane, seq))

    def _on_edges(self, data: Mapping[str, Any]) -> None:
        seq, node = incoming.whole(data, "seq"), incoming.whole(data, "node")
        if node < self.explorer.net.n_nodes:
            self.line.tell(edge_table(self.explorer, node, seq))


def image_table(explorer: Explorer, ack: int = 0) -> dict[str, Any]:
    """What the network sees, ink from 0 to 1 per pixel."""
    rows, cols = explorer.image.shape
    return _table(explorer, ack, layer=None, map=0, maps=1, first=None, rows=rows, cols=cols) | {
        "output": _plain(explorer.image)
    }


def layer_table(explorer: Explorer, name: str, plane: int, ack: int = 0) -> dict[str, Any]:
    """Every node of a feature map, or of a layer that has none: one column of units.

    `pre` and `output` float32[rows · cols] in the order of the nodes, the first of id `first`; `pre` is null for the
    input, `reference` (the outputs for the reference drawing) where there is none.

    Raises:
        KeyError: for an unknown layer.
        MessageError: for a map that the layer has not.
    """
    network, trace = explorer.net, explorer.trace
    layer, span = network.layer(name), network.span(name)
    maps, rows, cols = layer.shape if len(layer.shape) == 3 else (1, layer.n_nodes, 1)
    if not 0 <= plane < maps:
        raise MessageError(f"{name} has maps 0 to {maps - 1}.")
    first = span.start + plane * rows * cols
    part = slice(first, first + rows * cols)
    against = explorer.reference_trace
    return _table(explorer, ack, layer=name, map=plane, maps=maps, first=first, rows=rows, cols=cols) | {
        "pre": None if layer is network.layers[0] else _plain(trace.pre[0, part]),
        "output": _plain(trace.activation[0, part]),
        "reference": None if against is None else _plain(against.activation[0, part]),
    }


def edge_table(explorer: Explorer, node: int, ack: int = 0) -> dict[str, Any]:
    """The strongest edges into and out of a node: by what they carry, then by their weight.

    Each side has `count` (all there are) and, of at most MAX_EDGES: `nodes` uint32[n], the other ends; `weights`,
    `inputs` (the output of the node that the edge starts in) and `products` float32[n]. An edge of a pooling layer has
    no weight: `pool` is true, and its product is its input where that is the largest, else 0.

    Raises:
        ValueError: if there is no such node.
    """
    network, trace = explorer.net, explorer.trace
    into, out = network.edges_into(node, trace), network.edges_out_of(node, trace)
    return {
        "type": "edge_table",
        "ack": ack,
        "network": network.name,
        "node": node,
        "output": float(trace.activation[0, node]),
        "empty": explorer.empty,
        "into": _strongest(network, into, into.source, trace.activation[0]),
        "out": _strongest(network, out, out.target, trace.activation[0]),
    }


def _strongest(
    network: Network, edges: Edges, ends: NDArray[np.int32], activation: NDArray[np.float32]
) -> dict[str, Any]:
    inputs = activation[edges.source]
    products = inputs * (edges.weight if edges.won is None else edges.won)
    order = np.lexsort((-np.abs(edges.weight), -np.abs(products)))[:MAX_EDGES]
    return {
        "count": len(edges),
        "pool": edges.won is not None,
        "nodes": ends[order].astype(np.uint32),
        "weights": _plain(edges.weight[order]),
        "inputs": _plain(inputs[order]),
        "products": _plain(products[order]),
    }


def _table(explorer: Explorer, ack: int, **about: object) -> dict[str, Any]:
    head = {"type": "table", "ack": ack, "network": explorer.network, "empty": explorer.empty}
    return {**head, **about, "pre": None, "reference": None}


def _plain(values: NDArray[Any]) -> NDArray[np.float32]:
    return np.ascontiguousarray(values, np.float32).ravel()
