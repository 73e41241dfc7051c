"""The kinds of layer: input, dense, convolution, max pooling; their geometry and their parameters.

A layer knows the shape of the layer below it and nothing else of its network. Its nodes are numbered in C
order of its shape (map, row, column), and so are its sources in the layer below; `vizapp.nets.network` adds
the offsets that make these local numbers into node ids.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Index = NDArray[np.int64]
Shape = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Layer:
    """What all kinds share.

    Attributes:
        name: unique in its network, "conv1".
        shape: (maps, rows, columns), or (units,) for a dense layer.
        below: shape of the layer below; () for the input.
        activation: name of the activation function, see `vizapp.nets.activations`.
        weight, bias: the parameters, None for a layer that has none.
    """

    name: str
    shape: Shape
    below: Shape = ()
    activation: str = "identity"
    weight: Array | None = None
    bias: Array | None = None
    kind: ClassVar[str] = ""

    @property
    def n_nodes(self) -> int:
        return prod(self.shape)

    @property
    def n_edges(self) -> int:
        return self.n_nodes * self.fan_in

    @property
    def fan_in(self) -> int:
        """Edges into each node."""
        return 0

    @property
    def parameter_shapes(self) -> dict[str, Shape]:
        """Shapes of "weight" and "bias"; empty for a layer without parameters."""
        return {}

    def with_parameters(self, weight: Array, bias: Array) -> Layer:
        return replace(self, weight=weight, bias=bias)

    def sources(self, nodes: Index) -> Index:
        """int64[len(nodes), fan_in]: local numbers, in the layer below, of the sources of `nodes`."""
        return np.empty((len(nodes), 0), np.int64)

    def weights(self, nodes: Index) -> Array:
        """[len(nodes), fan_in]: the weights of the edges from `sources(nodes)`."""
        return np.empty((len(nodes), 0), np.float32)

    def targets(self, source: int) -> Index:
        """int64[n]: local numbers of this layer's nodes that local node `source` of the layer below feeds."""
        return np.empty(0, np.int64)


@dataclass(frozen=True, eq=False)
class Input(Layer):
    """The image, with a frame of `pad` empty pixels around it that is part of the layer."""

    pad: int = 0
    kind: ClassVar[str] = "input"

    @property
    def image_shape(self) -> tuple[int, int]:
        """(rows, columns) of the image without its frame."""
        return self.shape[1] - 2 * self.pad, self.shape[2] - 2 * self.pad


@dataclass(frozen=True, eq=False)
class Dense(Layer):
    """Every unit sees every node below: pre = weight @ below + bias; weight is (units, nodes below)."""

    kind: ClassVar[str] = "dense"

    @property
    def fan_in(self) -> int:
        return prod(self.below)

    @property
    def parameter_shapes(self) -> dict[str, Shape]:
        return {"weight": (self.n_nodes, self.fan_in), "bias": (self.n_nodes,)}

    def sources(self, nodes: Index) -> Index:
        return np.broadcast_to(np.arange(self.fan_in), (len(nodes), self.fan_in))

    def weights(self, nodes: Index) -> Array:
        assert self.weight is not None
        return self.weight[nodes]

    def targets(self, source: int) -> Index:
        return np.arange(self.n_nodes)


@dataclass(frozen=True, eq=False)
class Conv(Layer):
    """Square kernels, stride 1, no padding, every map of the layer below seen by every map of this one.

    A cross-correlation, as in every deep learning library: weight is (maps, maps below, size, size).
    """

    size: int = 5
    kind: ClassVar[str] = "conv"

    @property
    def fan_in(self) -> int:
        return self.below[0] * self.size * self.size

    @property
    def parameter_shapes(self) -> dict[str, Shape]:
        maps = self.shape[0]
        return {"weight": (maps, self.below[0], self.size, self.size), "bias": (maps,)}

    def sources(self, nodes: Index) -> Index:
        _, row, column = np.unravel_index(nodes, self.shape)
        maps, rows, columns = self.below
        a, b, c = np.ogrid[:maps, : self.size, : self.size]
        kernel = ((a * rows + b) * columns + c).ravel()
        return np.asarray((row * columns + column)[:, None] + kernel)

    def weights(self, nodes: Index) -> Array:
        assert self.weight is not None
        return self.weight.reshape(self.shape[0], -1)[nodes // prod(self.shape[1:])]

    def targets(self, source: int) -> Index:
        row, column = divmod(source % prod(self.below[1:]), self.below[2])
        maps, rows, columns = self.shape
        r = np.arange(max(0, row - self.size + 1), min(rows - 1, row) + 1)
        c = np.arange(max(0, column - self.size + 1), min(columns - 1, column) + 1)
        m = np.arange(maps)
        return np.asarray((m[:, None, None] * rows + r[:, None]) * columns + c).ravel()


@dataclass(frozen=True, eq=False)
class Pool(Layer):
    """Maximum over squares of `size` × `size` that do not overlap. Its edges have weight 1; one of them wins."""

    size: int = 2
    kind: ClassVar[str] = "pool"

    @property
    def fan_in(self) -> int:
        return self.size * self.size

    def sources(self, nodes: Index) -> Index:
        plane, row, column = np.unravel_index(nodes, self.shape)
        _, rows, columns = self.below
        corner = (plane * rows + row * self.size) * columns + column * self.size
        b, c = np.ogrid[: self.size, : self.size]
        return np.asarray(corner[:, None] + (b * columns + c).ravel())

    def weights(self, nodes: Index) -> Array:
        return np.ones((len(nodes), self.fan_in), np.float32)

    def targets(self, source: int) -> Index:
        plane, row, column = np.unravel_index(source, self.below)
        _, rows, columns = self.shape
        row, column = row // self.size, column // self.size
        if row >= rows or column >= columns:  # a rest that fills no square
            return np.empty(0, np.int64)
        return np.array([(plane * rows + row) * columns + column])


def image(name: str, rows: int, columns: int, pad: int = 0) -> Input:
    """An input layer of one map for images of rows × columns pixels."""
    return Input(name, (1, rows + 2 * pad, columns + 2 * pad), pad=pad)


def dense(name: str, below: Shape, units: int, activation: str) -> Dense:
    return Dense(name, (units,), below, activation)


def conv(name: str, below: Shape, maps: int, size: int, activation: str) -> Conv:
    shape = (maps, below[1] - size + 1, below[2] - size + 1)
    return Conv(name, shape, below, activation, size=size)


def pool(name: str, below: Shape, size: int) -> Pool:
    return Pool(name, (below[0], below[1] // size, below[2] // size), below, size=size)
