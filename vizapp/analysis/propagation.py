"""Layer-wise relevance propagation, epsilon rule, as a plan: calls on preallocated arrays, made once.

Bach et al. (2015), "On Pixel-Wise Explanations for Non-Linear Classifier Decisions by Layer-Wise Relevance
Propagation": the relevance R_j of a node is shared out among its sources in proportion to what each of them
adds to its pre-activation,

    R_ij = a_i w_ij R_j / (z_j + ε sgn z_j),        R_i = Σ_j R_ij.

This is a backward pass in which the derivative of each activation function is replaced by
a_j / (z_j + ε sgn z_j) (Ancona et al. 2018, "Towards better understanding of gradient-based attribution
methods", proposition 1), and so it costs what a gradient costs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.nets.layers import Conv, Dense, Layer, Pool

Array = NDArray[Any]


class Propagation:
    """`width` relevance passes at a time through the layers of a network, all for the same input.

    Not thread-safe: the arrays belong to the plan and are overwritten by the next `run`.

    Attributes:
        source: [n_nodes], a_i; zero for a node that loses in max pooling.
        target: [width, n_nodes], R_j / (z_j + ε sgn z_j); for a pooling node R_j / a_j.
        node: [width, n_nodes], R_j.
    """

    def __init__(self, layers: Sequence[Layer], width: int, dtype: Any = np.float32) -> None:
        self.offsets = [0]
        for layer in layers:
            self.offsets.append(self.offsets[-1] + layer.n_nodes)
        n_nodes = self.offsets[-1]
        self.spans = [slice(a, b) for a, b in pairwise(self.offsets)]
        self.width = width
        self.source: Array = np.zeros(n_nodes, dtype)
        self.target: Array = np.zeros((width, n_nodes), dtype)
        self.node: Array = np.zeros((width, n_nodes), dtype)
        self._activation: Array = np.zeros(n_nodes, dtype)
        self._slope: Array = np.zeros(n_nodes, dtype)  # a_j / (z_j + ε sgn z_j); 1 for pooling nodes
        self._arriving: Array = np.zeros((width, n_nodes), dtype)  # R_i / a_i = Σ_j w_ij target_j
        self._pools = [i for i, layer in enumerate(layers) if layer.kind == "pool"]
        # Per layer: the calls that find the winners below it, and those that take `target` down.
        self._choose: list[list[Callable[[], Any]]] = [[] for _ in layers]
        self._down: list[list[Callable[[], Any]]] = [[] for _ in layers]
        for position in range(1, len(layers)):
            layer = layers[position]
            if isinstance(layer, Dense):
                self._dense(position, layer)
            elif isinstance(layer, Conv):
                self._conv(position, layer)
            elif isinstance(layer, Pool):
                self._pool(position, layer)

    def run(self, pre: Array, activation: Array, top: int, functional: Array, epsilon: float) -> None:
        """Fill the arrays.

        Args:
            pre, activation: [n_nodes], the values of a trace for one input.
            top: position of the layer to start from.
            functional: [width, nodes of that layer], the k of the quantities Σ k_j z_j that are shared out.
            epsilon: the stabiliser, in units of the pre-activations; 0 or more.
        """
        start = self.spans[top]
        above = start.start
        np.copyto(self._activation, activation)
        np.copyto(self.source, activation)
        # The smallest number in place of no ε at all: a node with z = 0 then passes on nothing.
        stabilised = pre + np.copysign(np.asarray(max(epsilon, 1e-37), pre.dtype), pre)
        np.divide(activation, stabilised, out=self._slope)
        for pool in self._pools:
            self._slope[self.spans[pool]] = 1
        self._arriving[:, above:] = 0
        self.target[:, above:] = 0
        first = 1 if top in self._pools else pre[start] / stabilised[start]
        np.multiply(functional, first, out=self.target[:, start])
        for position in range(top, 0, -1):
            below = self.spans[position - 1]
            for step in self._choose[position]:
                step()
            for step in self._down[position]:
                step()
            if position > 1:
                np.multiply(self._arriving[:, below], self._slope[below], out=self.target[:, below])
        np.multiply(self._arriving, self._activation, out=self.node)
        np.multiply(functional, pre[start], out=self.node[:, start])

    def _dense(self, position: int, layer: Dense) -> None:
        assert layer.weight is not None
        target, below = self.target[:, self.spans[position]], self._arriving[:, self.spans[position - 1]]
        if self.width == 1:
            target, below = target[0], below[0]
        # Into an array of its own: a part of a wider one cannot be the target of a product.
        product = np.empty((*target.shape[:-1], below.shape[-1]), below.dtype)
        self._down[position] = [
            partial(np.dot, target, layer.weight, out=product),
            partial(np.copyto, below, product),
        ]

    def _conv(self, position: int, layer: Conv) -> None:
        assert layer.weight is not None
        maps, rows, columns = layer.shape
        planes, _, width = layer.below
        size, passes = layer.size, self.width
        target = self.target[:, self.spans[position]].reshape(passes, maps, rows * columns)
        below = self._arriving[:, self.spans[position - 1]].reshape(passes, *layer.below)
        assert np.shares_memory(below, self._arriving)
        kernels = np.ascontiguousarray(layer.weight.reshape(maps, -1).T)
        patches = np.empty((passes, layer.fan_in, rows * columns), below.dtype)
        parts = patches.reshape(passes, planes, size, size, rows, columns)
        # Patches overlap and are summed in two moves, first along the rows and then down the columns: ten
        # calls instead of twenty-five.
        lines = np.zeros((passes, planes, size, rows, width), below.dtype)
        steps: list[Callable[[], Any]] = [
            partial(np.matmul, kernels, target, out=patches),
            partial(lines.fill, 0),
            partial(below.fill, 0),
        ]
        for c in range(size):
            window = lines[..., c : c + columns]
            steps.append(partial(np.add, window, parts[:, :, :, c], out=window))
        for b in range(size):
            window = below[:, :, b : b + rows]
            steps.append(partial(np.add, window, lines[:, :, b], out=window))
        self._down[position] = steps

    def _pool(self, position: int, layer: Pool) -> None:
        """The winner takes all. Of equal inputs the first wins, as `Edges.won` has it."""
        size, below = layer.size, self.spans[position - 1]
        _, rows, columns = layer.shape
        value = self._activation[below].reshape(layer.below)
        source = self.source[below].reshape(layer.below)
        winner = self._activation[self.spans[position]].reshape(layer.shape)
        target = self.target[:, self.spans[position]].reshape(self.width, *layer.shape)
        arriving = self._arriving[:, below].reshape(self.width, *layer.below)
        assert np.shares_memory(arriving, self._arriving)
        free, won = np.empty(layer.shape, bool), np.zeros(layer.below, bool)
        self._choose[position] = [partial(free.fill, True)]
        for b in range(size):
            for c in range(size):
                corner = np.s_[..., b : rows * size : size, c : columns * size : size]
                self._choose[position] += [
                    partial(np.equal, value[corner], winner, out=won[corner]),
                    partial(np.logical_and, won[corner], free, out=won[corner]),
                    partial(np.logical_xor, won[corner], free, out=free),
                ]
                self._down[position].append(partial(np.multiply, target, won[corner], out=arriving[corner]))
        self._choose[position].append(partial(np.multiply, value, won, out=source))
