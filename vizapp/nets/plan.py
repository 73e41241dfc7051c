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
from itertools import pairwise
from math import prod
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from vizapp.nets import activations
from vizapp.nets.layers import Conv, Dense, Input, Layer, Pool

Array = NDArray[Any]


class Plan:
    """The forward pass of `width` images at a time.

    Attributes:
        values: [2, n_nodes, width], filled by `run`: the pre-activations and the activations.
        pre, activation: the two by themselves.
        rows: [2, width, n_nodes], the same with the image index first.
        image: [width, rows, columns], what `run` fills first: a view of the input layer without its frame.
        patches: per convolution, [fan_in + 1, rows × columns × width], the last row being ones.
        kernels: per convolution, [maps, fan_in + 1], the last column being the bias.
        steps: the calls, their arguments bound.
    """

    def __init__(
        self, layers: Sequence[Layer], width: int, dtype: Any = np.float32, whole: bool = True
    ) -> None:
        """`whole`: fill all of `values`. Otherwise only what is needed to go on, and what `read` needs."""
        offsets = np.cumsum([0, *(layer.n_nodes for layer in layers)])
        self.width = width
        self.values = _aligned((2, int(offsets[-1]), width), dtype)
        self.pre, self.activation = self.values
        self.rows = self.values.reshape(2, 1, -1) if width == 1 else self.values.transpose(0, 2, 1)
        self._spaces: dict[str, Array] = {}
        self._skipped: set[int] = set()
        self.patches: dict[str, Array] = {}
        self.kernels: dict[str, Array] = {}
        self.steps: list[Callable[[], Any]] = []
        self._zeros: Array = np.zeros(offsets[-1], dtype)
        below = self.activation[:0]
        for position, (layer, (start, stop)) in enumerate(zip(layers, pairwise(offsets), strict=True)):
            pre, activation = self.pre[start:stop], self.activation[start:stop]
            pooled = position + 1 < len(layers) and isinstance(layers[position + 1], Pool)
            if isinstance(layer, Input):
                self._input(layer, activation)
            elif isinstance(layer, Dense):
                self._dense(layer, below, pre)
            elif isinstance(layer, Conv):
                self._conv(layer, below, pre)
            elif isinstance(layer, Pool):
                self._pool(layer, below, activation)
                if not whole:
                    self._activate(layers[position - 1].activation, activation, activation)
            below = activation
            if layer.kind in ("input", "pool"):
                if whole or layer.kind == "pool":
                    self._add(np.copyto, self._lean(pre), self._lean(activation))
            elif whole or not pooled:
                self._activate(layer.activation, pre, activation)
            else:  # no activation function falls: the maximum may be taken first, and has fewer values
                self._skipped.add(int(start))
                below = pre
        self._spans = _runs(layers, offsets)

    def run(self, images: Array) -> None:
        """Fill `values` for `images` [width, rows, columns]."""
        np.copyto(self.image, images)
        for step in self.steps:
            step()

    def read(self, images: Array, rows: Array) -> None:
        """Write the results for `images` [count, rows, columns], the first of the last run, to a trace's rows.

        `rows` is [2, count, n_nodes]. Moving the image index to the front is slow. So it is done with the
        pre-activations only, from which the activations are then soon computed.
        """
        count = len(images)
        hidden = slice(self._spans[0][1].stop, None)
        pre, activation = rows
        np.copyto(pre[:, hidden], self.rows[0, :count, hidden])
        self._inner[:count] = images
        rows[:, :, : hidden.start] = self._framed[:count]
        for name, span in self._spans[1:]:
            if name == "relu":
                np.fmax(pre[:, span], self._zeros[span], activation[:, span])
            elif span.start in self._skipped:
                activation[:, span] = activations.apply(name, pre[:, span])
            else:
                np.copyto(activation[:, span], self.rows[1, :count, span])

    def refresh(self, layers: Sequence[Layer]) -> None:
        """Take over changed parameters of convolutions (those of dense layers are used where they are)."""
        for layer in layers:
            if layer.name in self.kernels:
                assert layer.weight is not None
                assert layer.bias is not None
                kernel = self.kernels[layer.name]
                kernel[:, :-1] = layer.weight.reshape(len(kernel), -1)
                kernel[:, -1] = layer.bias

    def _add(self, call: Callable[..., Any], *arguments: Any) -> None:
        # Never with keywords, which cost as much as the rest of a small call. (Hence also `fmax` instead of
        # `maximum`, which no longer takes its target as a plain argument; they differ for NaN only, and no
        # weights with NaN are loaded.)
        self.steps.append(partial(call, *arguments))

    def _input(self, layer: Input, activation: Array) -> None:
        pad, (_, rows, columns) = layer.pad, layer.shape
        frame = activation.reshape(rows, columns, self.width)[pad : rows - pad, pad : columns - pad]
        framed = np.zeros((self.width, rows, columns), activation.dtype)
        self._framed = framed.reshape(self.width, -1)
        self._inner = framed[:, pad : rows - pad, pad : columns - pad]
        # As `run` is given them: the image index first.
        self.image: Array = frame[None, :, :, 0] if self.width == 1 else frame.transpose(2, 0, 1)

    def _dense(self, layer: Dense, below: Array, pre: Array) -> None:
        assert layer.weight is not None
        assert layer.bias is not None
        self._add(np.dot, layer.weight, below, pre)
        target = self._lean(pre)  # one view for both, or NumPy takes time to find that they are the same
        self._add(np.add, target, self._lean(layer.bias[:, None]), target)

    def _conv(self, layer: Conv, below: Array, pre: Array) -> None:
        maps, rows, columns = layer.shape
        planes, height, width = layer.below
        size, run, item = layer.size, columns * self.width, below.itemsize
        # In two moves, since few long runs are copied faster than many short ones: first every row in each
        # of its `size` horizontal shifts, then of those, for each vertical shift, all rows as one run.
        shifts = self._space("shifts", (size, planes * height, run))
        line, pixel = width * self.width * item, self.width * item
        windows = as_strided(below, shifts.shape, (pixel, line, item), writeable=False)
        patches = _aligned((layer.fan_in + 1, rows * run), below.dtype)
        blocks = as_strided(
            shifts,
            (size, planes, size, rows * run),
            (planes * height * run * item, height * run * item, run * item, item),
            writeable=False,
        )
        ordered = patches[:-1].reshape(planes, size, size, -1).transpose(2, 0, 1, 3)
        self.patches[layer.name] = patches
        self.kernels[layer.name] = _aligned((maps, layer.fan_in + 1), below.dtype)
        self.refresh([layer])
        patches[-1] = 1
        self._add(np.copyto, shifts, windows)
        self._add(np.copyto, ordered, blocks)
        self._add(np.dot, self.kernels[layer.name], patches, pre.reshape(maps, -1))

    def _pool(self, layer: Pool, below: Array, activation: Array) -> None:
        width = layer.below[2]
        size = layer.size
        # The maximum over the square that starts at *every* node, from whole shifted arrays, and of these
        # the few that are wanted: more arithmetic than need be, but in long runs. Squares that reach
        # over an edge are never among the wanted.
        below = self._lean(below)
        tall, square = self._space("tall", below.shape), self._space("square", below.shape)
        self._maximum(below, tall, size, width)
        self._maximum(tall, square, size, 1)
        corners = layer.sources(np.arange(layer.n_nodes))[:, 0].copy()
        self._add(square.take, corners, 0, self._lean(activation), "wrap")  # "raise" would make a copy

    def _maximum(self, source: Array, target: Array, size: int, stride: int) -> None:
        """The maximum over `size` entries `stride` apart, starting from each entry but the last ones."""
        stop = len(source) - (size - 1) * stride
        running = source
        for k in range(1, size):
            self._add(np.fmax, running[:stop], source[k * stride :][:stop], target[:stop])
            running = target

    def _space(self, purpose: str, shape: tuple[int, ...]) -> Array:
        """Zeros, or what was last left there: layers share their working memory, so that the cache holds it."""
        size = prod(shape)
        if purpose not in self._spaces or self._spaces[purpose].size < size:
            self._spaces[purpose] = _aligned((size,), self.values.dtype)
        return self._spaces[purpose][:size].reshape(shape)

    def _lean(self, values: Array) -> Array:
        """Without the image index if there is but one image: NumPy is quicker at fewer dimensions."""
        return values[:, 0] if self.width == 1 else values

    def _activate(self, name: str, pre: Array, activation: Array) -> None:
        pre, activation = self._lean(pre), self._lean(activation)
        if name == "identity":
            self._add(np.copyto, activation, pre)
        elif name == "relu":
            # Not the number 0: NumPy compares two arrays with each other three times as fast.
            self._add(np.fmax, pre, self._space("zeros", pre.shape), activation)
        elif name == "tanh":
            self._add(np.tanh, pre, activation)
        elif name == "sigmoid":
            self._add(np.multiply, pre, 0.5, activation)
            self._add(np.tanh, activation, activation)
            self._add(np.multiply, activation, 0.5, activation)
            self._add(np.add, activation, 0.5, activation)
        elif name == "softmax":
            total = np.empty(pre.shape[1:], pre.dtype)  # log of the sum of exponentials
            self._add(np.logaddexp.reduce, pre, 0, None, total)
            self._add(np.subtract, pre, total, activation)
            self._add(np.exp, activation, activation)
        else:
            raise ValueError(f"unknown activation function {name!r}")


def _aligned(shape: tuple[int, ...], dtype: Any) -> Array:
    """Zeros that start with a cache line: products of matrices are some per cent quicker."""
    line = 64
    size = prod(shape) * np.dtype(dtype).itemsize
    memory = np.zeros(size + line, np.uint8)
    start = -memory.ctypes.data % line
    return np.asarray(memory[start : start + size].view(dtype).reshape(shape))


def _runs(layers: Sequence[Layer], offsets: Array) -> list[tuple[str, slice]]:
    """Activation function and nodes of layer after layer, successive ones with relu taken together.

    A pooling layer has no function, but if that of the layer below is relu, relu changes nothing in its values.
    """
    runs: list[tuple[str, slice]] = []
    for position, (layer, (start, stop)) in enumerate(zip(layers, pairwise(offsets.tolist()), strict=True)):
        name = layer.activation
        if layer.kind == "pool" and layers[position - 1].activation == "relu":
            name = "relu"
        if len(runs) > 1 and runs[-1][0] == name == "relu":
            start = runs.pop()[1].start
        runs.append((name, slice(start, stop)))
    return runs
