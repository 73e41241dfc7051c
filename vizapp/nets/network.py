"""Network: an ordered list of layers with their parameters, and what can be asked of it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.nets.edges import Edges, edges_into_nodes, edges_out_of_node
from vizapp.nets.layers import Input, Layer
from vizapp.nets.plan import Plan
from vizapp.nets.trace import Trace

Array = NDArray[Any]

# Images per chunk: enough to feed the matrix products, few enough to stay in the processor's cache.
CHUNK = 16


class _PerThread(threading.local):
    """Plans by their width and whether they are whole; every thread has its own."""

    def __init__(self) -> None:
        self.single: Plan | None = None
        self.plans: dict[tuple[int, bool], Plan] = {}


class Network:
    """A feed-forward network of named layers.

    Nodes are numbered through all layers: node id = offsets[layer] + number within the layer (C order).
    A network is immutable, and everything in it may be called from several threads at once.

    Attributes:
        name: what it is called, "cnn".
        layers: the layers, the input first.
        offsets: int64[len(layers) + 1], first node id of each layer, then the number of nodes.
        n_nodes, n_edges, n_parameters: counts over all layers.
        image_shape: (rows, columns) of the images it takes.
        dtype: the type that everything is computed in: float32 for networks from disk.
    """

    def __init__(self, name: str, layers: Iterable[Layer]) -> None:
        self.name = name
        self.layers = tuple(layers)
        self.offsets: NDArray[np.int64] = np.cumsum([0, *(layer.n_nodes for layer in self.layers)])
        self.n_nodes = int(self.offsets[-1])
        self.n_edges = sum(layer.n_edges for layer in self.layers)
        values = self.parameters.values()
        self.n_parameters = sum(value.size for value in values)
        self.dtype: np.dtype[Any] = next(iter(values)).dtype
        self._position = {layer.name: index for index, layer in enumerate(self.layers)}
        self._span = {
            layer.name: slice(int(start), int(stop))
            for layer, start, stop in zip(self.layers, self.offsets[:-1], self.offsets[1:], strict=True)
        }
        source = self.layers[0]
        assert isinstance(source, Input)
        self.image_shape = source.image_shape
        self._own = _PerThread()

    def __repr__(self) -> str:
        return f"<Network {self.name}: {self.n_nodes} nodes, {self.n_edges} edges>"

    # The layers and their parameters

    def layer(self, name: str) -> Layer:
        """The layer of that name; KeyError if there is none."""
        return self.layers[self._position[name]]

    def span(self, name: str) -> slice:
        """The node ids of a layer; KeyError for an unknown name."""
        return self._span[name]

    @property
    def parameters(self) -> dict[str, Array]:
        """ "conv1.weight" and so on → array, in the order of the layers."""
        named: dict[str, Array] = {}
        for layer in self.layers:
            if layer.weight is not None and layer.bias is not None:
                named[f"{layer.name}.weight"] = layer.weight
                named[f"{layer.name}.bias"] = layer.bias
        return named

    def with_parameters(self, parameters: Mapping[str, Array]) -> Network:
        """The same network with some parameters replaced; those not named are shared with this one.

        Raises:
            ValueError: for a parameter that the network does not have, or one of another shape.
        """
        present = self.parameters
        for key, value in parameters.items():
            if key not in present:
                raise ValueError(f"{self.name} has no parameter {key!r}")
            if np.shape(value) != present[key].shape:
                raise ValueError(f"{key} has shape {np.shape(value)} instead of {present[key].shape}")
        merged = {**present, **parameters}
        return Network(
            self.name,
            (
                layer.with_parameters(merged[f"{layer.name}.weight"], merged[f"{layer.name}.bias"])
                if layer.parameter_shapes
                else layer
                for layer in self.layers
            ),
        )

    # The forward pass

    def forward(self, images: Array) -> Trace:
        """Run images [B, rows, columns] (or one, [rows, columns]) of ink, 0 to 1, 1 being full ink.

        Raises:
            ValueError: if the images are not of the shape of the input layer.
        """
        images = np.asarray(images, self.dtype)
        if images.ndim == 2:
            images = images[None]
        if images.ndim != 3 or images.shape[1:] != self.image_shape:
            rows, columns = self.image_shape
            raise ValueError(f"images have shape {images.shape}; {self.name} takes (B, {rows}, {columns})")
        count = len(images)
        if count == 1:
            plan = self._own.single or self._single()
            plan.run(images)
            return Trace(self, plan.rows.copy())
        # One block: two would each be given back to the system and paged in again, which costs more than
        # the arithmetic.
        values: Array = np.empty((2, count, self.n_nodes), self.dtype)
        plan = self.plan(CHUNK, whole=False)
        for start in range(0, count, CHUNK):
            chunk = images[start : start + CHUNK]
            size = len(chunk)
            if size < CHUNK:
                chunk = np.concatenate([chunk, np.zeros((CHUNK - size, *chunk.shape[1:]), chunk.dtype)])
            plan.run(chunk)
            plan.read(images[start : start + size], values[:, start : start + size])
        return Trace(self, values)

    def plan(self, width: int, whole: bool = True) -> Plan:
        """This thread's own forward plan for `width` images at a time; what it holds, the next use overwrites."""
        plans = self._own.plans
        if (width, whole) not in plans:
            plans[width, whole] = Plan(self.layers, width, self.dtype, whole)
        return plans[width, whole]

    def _single(self) -> Plan:
        plan = self._own.single = self.plan(1)
        return plan

    # Nodes

    def layer_index_of(self, node: int) -> int:
        """Position, in `layers`, of the layer of a node id; ValueError if there is no such node."""
        if not 0 <= node < self.n_nodes:
            raise ValueError(f"{self.name} has no node {node}: ids go from 0 to {self.n_nodes - 1}")
        return int(np.searchsorted(self.offsets, node, side="right")) - 1

    def node_name(self, node: int) -> str:
        """ "conv2 map 7 (3, 4)", "fc1 unit 31", "output 7", "input (3, 4)"; ValueError if there is no such node.

        Maps and units are counted from one, rows and columns from zero; an output is called by its digit.
        """
        position = self.layer_index_of(node)
        layer = self.layers[position]
        local = node - int(self.offsets[position])
        if len(layer.shape) == 1:
            return f"{layer.name} {local}" if layer is self.layers[-1] else f"{layer.name} unit {local + 1}"
        plane, row, column = (int(index) for index in np.unravel_index(local, layer.shape))
        where = f"({row}, {column})"
        return f"{layer.name} {where}" if layer.shape[0] == 1 else f"{layer.name} map {plane + 1} {where}"

    # Edges

    def edges_into(self, node: int, trace: Trace | None = None, row: int = 0) -> Edges:
        """The edges that end in a node id, ordered by source; none for a node of the input layer.

        Raises:
            ValueError: if there is no such node.
        """
        position = self.layer_index_of(node)
        local = np.array([node - self.offsets[position]])
        return edges_into_nodes(self, position, local, trace, row)

    def edges_out_of(self, node: int, trace: Trace | None = None, row: int = 0) -> Edges:
        """The edges that start in a node id, ordered by target; none for a node of the last layer.

        Raises:
            ValueError: if there is no such node.
        """
        position = self.layer_index_of(node)
        if position == len(self.layers) - 1:
            return edges_into_nodes(self, 0, np.empty(0, np.int64))
        return edges_out_of_node(self, position, node - int(self.offsets[position]), trace, row)

    def edges_of(self, layer_name: str, trace: Trace | None = None, row: int = 0) -> Edges:
        """All edges that end in a layer, ordered by target, then source; KeyError for an unknown name."""
        position = self._position[layer_name]
        return edges_into_nodes(self, position, np.arange(self.layers[position].n_nodes), trace, row)
