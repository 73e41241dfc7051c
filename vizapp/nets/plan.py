"""The forward pass as a plan: a list of NumPy calls on preallocated arrays, made once and then just run.

One image through `cnn` costs some 40 µs, less than what allocating and slicing on the way would add. So all
arrays and all views of them are made when a plan is made, and running it is a loop over ready calls. The
arrays have the image index *last*: the activations of a layer are then, without moving anything, the right
hand side of the product that makes the next layer, and a convolution is one product with its patches
(im2col), the bias being the weight of a row of ones.

A plan is not thread-safe. `Network` keeps one per thread and copies the results out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from vizapp.nets.layers import Conv, Dense, Input, Layer, Pool

Array = NDArray[Any]


class Plan:
    """The forward pass of `width` images at a time.

    Attributes:
        pre, activation: [n_nodes, width], filled by `run`.
        image: [maps, rows, columns, width], what `run` fills first: the input layer without its frame.
        patches: per convolution, [fan_in + 1, rows × columns × width], the last row being ones.
        kernels: per convolution, [maps, fan_in + 1], the last column being the bias.
        steps: the calls, their arguments bound.
    """

    def __init__(self, layers: Sequence[Layer], width: int, dtype: Any = np.float32) -> None:
        offsets = np.cumsum([0, *(layer.n_nodes for layer in layers)])
        self.width = width
        self.pre: Array = np.zeros((offsets[-1], width), dtype)
        self.activation: Array = np.zeros((offsets[-1], width), dtype)
        self.patches: dict[str, Array] = {}
        self.kernels: dict[str, Array] = {}
        self.steps: list[Callable[[], Any]] = []
        self._zero: Array = np.zeros((), dtype)  # an array, since NumPy needs half a microsecond for a number
        below = self.activation[:0]
        for layer, start, stop in zip(layers, offsets[:-1], offsets[1:], strict=True):
            pre, activation = self.pre[start:stop], self.activation[start:stop]
            if isinstance(layer, Input):
                pad, (_, rows, columns) = layer.pad, layer.shape
                frame = activation.reshape(*layer.shape, width)
                self.image: Array = frame[:, pad : rows - pad, pad : columns - pad]
            elif isinstance(layer, Dense):
                self._dense(layer, below, pre)
            elif isinstance(layer, Conv):
                self._conv(layer, below, pre)
            elif isinstance(layer, Pool):
                self._pool(layer, below, activation)
            if layer.kind in ("input", "pool"):
                self._add(np.copyto, pre, activation)
            else:
                self._activate(layer.activation, pre, activation)
            below = activation

    def run(self, images: Array) -> None:
        """Fill `pre` and `activation` for `images` [width, rows, columns]."""
        np.copyto(self.image, images.transpose(1, 2, 0))
        for step in self.steps:
            step()

    def refresh(self, layers: Sequence[Layer]) -> None:
        """Take over changed parameters of convolutions (those of dense layers are used where they are)."""
        for layer in layers:
            if layer.name in self.kernels:
                assert layer.weight is not None and layer.bias is not None
                kernel = self.kernels[layer.name]
                kernel[:, :-1] = layer.weight.reshape(len(kernel), -1)
                kernel[:, -1] = layer.bias

    def _add(self, call: Callable[..., Any], *arguments: Any, **options: Any) -> None:
        self.steps.append(partial(call, *arguments, **options))

    def _dense(self, layer: Dense, below: Array, pre: Array) -> None:
        assert layer.weight is not None and layer.bias is not None
        self._add(np.dot, layer.weight, below, pre)
        self._add(np.add, pre, layer.bias[:, None], out=pre)

    def _conv(self, layer: Conv, below: Array, pre: Array) -> None:
        maps, rows, columns = layer.shape
        width, item = self.width, below.itemsize
        patches = np.ones((layer.fan_in + 1, rows * columns * width), below.dtype)
        plane = layer.below[1] * layer.below[2] * width * item
        row, column = layer.below[2] * width * item, width * item
        # Rows and columns of one patch row that lie together in memory are copied as one run.
        windows = as_strided(
            below,
            (layer.below[0], layer.size, layer.size, rows, columns * width),
            (plane, row, column, row, item),
            writeable=False,
        )
        self.patches[layer.name] = patches
        self.kernels[layer.name] = np.empty((maps, layer.fan_in + 1), below.dtype)
        self.refresh([layer])
        self._add(np.copyto, patches[:-1].reshape(windows.shape), windows)
        self._add(np.dot, self.kernels[layer.name], patches, pre.reshape(maps, -1))

    def _pool(self, layer: Pool, below: Array, activation: Array) -> None:
        maps, rows, columns = layer.shape
        size = layer.size
        source = below.reshape(*layer.below, self.width)[:, : rows * size, : columns * size]
        target = activation.reshape(*layer.shape, self.width)
        corners = [source[:, i::size, j::size] for i in range(size) for j in range(size)]
        self._add(np.maximum, corners[0], corners[1], out=target)
        for corner in corners[2:]:
            self._add(np.maximum, target, corner, out=target)

    def _activate(self, name: str, pre: Array, activation: Array) -> None:
        if name == "identity":
            self._add(np.copyto, activation, pre)
        elif name == "relu":
            self._add(np.maximum, pre, self._zero, out=activation)
        elif name == "tanh":
            self._add(np.tanh, pre, out=activation)
        elif name == "sigmoid":
            self._add(np.multiply, pre, 0.5, out=activation)
            self._add(np.tanh, activation, out=activation)
            self._add(np.multiply, activation, 0.5, out=activation)
            self._add(np.add, activation, 0.5, out=activation)
        elif name == "softmax":
            extreme = np.empty((1, self.width), pre.dtype)
            self._add(np.maximum.reduce, pre, axis=0, keepdims=True, out=extreme)
            self._add(np.subtract, pre, extreme, out=activation)
            self._add(np.exp, activation, out=activation)
            self._add(np.add.reduce, activation, axis=0, keepdims=True, out=extreme)
            self._add(np.divide, activation, extreme, out=activation)
        else:
            raise ValueError(f"unknown activation function {name!r}")
