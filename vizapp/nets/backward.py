"""Gradients by back-propagation: with respect to the parameters, and to every node.

The counterpart of `vizapp.nets.plan`, in the same manner: `BackwardPlan` is a list of calls on preallocated
arrays with the image index last, which training runs hundreds of thousands of times. `node_gradients` and
`parameter_gradients` are what an analysis calls with a trace.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vizapp.nets import activations
from vizapp.nets.layers import Conv, Dense, Layer, Pool
from vizapp.nets.network import CHUNK, Network
from vizapp.nets.plan import Plan
from vizapp.nets.trace import Trace

Array = NDArray[Any]


class BackwardPlan:
    """The backward pass that belongs to a forward `Plan`; it reads that plan's activations and patches.

    Attributes:
        pre, activation: [n_nodes, width], gradients with respect to pre-activations and activations.
        parameters: "conv1.weight" → gradient, summed over the images of the plan.
    """

    def __init__(self, layers: Sequence[Layer], plan: Plan, down_to: int = 0) -> None:
        """`down_to`: position of the lowest layer whose nodes' gradients are wanted."""
        offsets = np.cumsum([0, *(layer.n_nodes for layer in layers)])
        spans = [slice(a, b) for a, b in pairwise(offsets.tolist())]
        self.pre: Array = np.zeros_like(plan.pre)
        self.activation: Array = np.zeros_like(plan.pre)
        self.parameters: dict[str, Array] = {}
        self._spans = spans
        self._layers = layers
        self._plan = plan
        # Per layer: what takes its nodes' gradients to its parameters, and what to the layer below.
        self._to_parameters: list[list[Callable[[], Any]]] = [[] for _ in layers]
        self._to_below: list[list[Callable[[], Any]]] = [[] for _ in layers]
        for position in range(1, len(layers)):
            layer, span, below = layers[position], spans[position], spans[position - 1]
            if isinstance(layer, Dense):
                self._dense(position, layer, span, below, position > down_to)
            elif isinstance(layer, Conv):
                self._conv(position, layer, span, below, position > down_to)
            elif isinstance(layer, Pool):
                self._pool(position, layer, span, below)

    def seed(self, position: int, gradient: Array) -> None:
        """Start from the gradient [nodes, width] with respect to the pre-activations of a layer."""
        self.pre[self._spans[position]] = gradient

    def run(self, top: int, down_to: int = 0, with_parameters: bool = False) -> None:
        """From the seeded layer `top` down to the nodes of layer `down_to`."""
        for position in range(top, 0, -1):
            if with_parameters:
                for step in self._to_parameters[position]:
                    step()
            if position > down_to:
                for step in self._to_below[position]:
                    step()
                self._through_activation(position - 1)
            elif not with_parameters:
                break

    def _through_activation(self, position: int) -> None:
        span, name = self._spans[position], self._layers[position].activation
        gradient, value = self.activation[span], self._plan.activation[span]
        if name == "relu":  # in place, for the sake of training
            np.multiply(gradient, value > 0, out=self.pre[span])
        else:
            self.pre[span] = activations.pull_back(name, gradient, value, axis=0)

    def _dense(self, position: int, layer: Dense, span: slice, below: slice, signal: bool) -> None:
        assert layer.weight is not None
        pre, source = self.pre[span], self._plan.activation[below]
        weight = self.parameters[f"{layer.name}.weight"] = np.zeros_like(layer.weight)
        bias = self.parameters[f"{layer.name}.bias"] = np.zeros_like(layer.bias)
        self._to_parameters[position] = [
            partial(np.dot, pre, source.T, out=weight),
            partial(np.add.reduce, pre, axis=1, out=bias),
        ]
        if signal:
            self._to_below[position] = [partial(np.dot, layer.weight.T, pre, out=self.activation[below])]

    def _conv(self, position: int, layer: Conv, span: slice, below: slice, signal: bool) -> None:
        plan, maps = self._plan, layer.shape[0]
        pre = self.pre[span].reshape(maps, -1)
        kernels = plan.kernels[layer.name]
        both = np.zeros_like(kernels)
        self.parameters[f"{layer.name}.weight"] = both[:, :-1].reshape(
            maps, *layer.parameter_shapes["weight"][1:]
        )
        self.parameters[f"{layer.name}.bias"] = both[:, -1]
        self._to_parameters[position] = [partial(np.dot, pre, plan.patches[layer.name].T, out=both)]
        if not signal:
            return
        patches = np.empty((layer.fan_in, pre.shape[1]), pre.dtype)
        _, rows, columns = layer.shape
        parts = patches.reshape(layer.below[0], layer.size, layer.size, rows, columns, plan.width)
        target = self.activation[below].reshape(*layer.below, plan.width)
        steps: list[Callable[[], Any]] = [
            partial(np.dot, kernels[:, :-1].T, pre, out=patches),
            partial(target.fill, 0),
        ]
        for b in range(layer.size):
            for c in range(layer.size):
                window = target[:, b : b + rows, c : c + columns]
                steps.append(partial(np.add, window, parts[:, b, c], out=window))
        self._to_below[position] = steps

    def _pool(self, position: int, layer: Pool, span: slice, below: slice) -> None:
        plan, size = self._plan, layer.size
        maps, rows, columns = layer.shape
        shape = (maps, rows, columns, plan.width)
        gradient = self.pre[span].reshape(shape)
        winner = plan.activation[span].reshape(shape)
        source = plan.activation[below].reshape(*layer.below, plan.width)
        target = self.activation[below].reshape(*layer.below, plan.width)
        free, won = np.empty(shape, bool), np.empty(shape, bool)
        steps: list[Callable[[], Any]] = [partial(free.fill, True)]
        for i in range(size):
            for j in range(size):
                corner = np.s_[:, i : rows * size : size, j : columns * size : size]
                steps += [  # of equal inputs the first wins, as `Edges.won` has it
                    partial(np.equal, source[corner], winner, out=won),
                    partial(np.logical_and, won, free, out=won),
                    partial(np.logical_xor, free, won, out=free),
                    partial(np.multiply, gradient, won, out=target[corner]),
                ]
        self._to_below[position] = steps


def node_gradients(trace: Trace, gradient: Array, layer: str | None = None) -> tuple[Array, Array]:
    """Gradients of a scalar per input with respect to every node below a layer, that layer included.

    Args:
        trace: B inputs and their values.
        gradient: [B, nodes of the layer] (or one row for all), of the scalar with respect to the
            *pre-activations* of `layer`. One-hot rows at the output give the gradients of a logit.
        layer: where to start; the output by default.

    Returns:
        (pre, activation), each [B, n_nodes]: with respect to pre-activations and to activations; zero above
        the layer. Pooling passes everything to the first of its largest inputs. For input and pooling
        nodes, which have no activation function, the two are the same.

    Raises:
        KeyError: for an unknown layer; ValueError: for a gradient of another shape.
    """
    network = trace.network
    span = network.span(layer or network.layers[-1].name)
    top = network.layer_index_of(span.start)
    gradient = np.broadcast_to(gradient, (len(trace), span.stop - span.start))
    plan = network.plan(CHUNK)
    backward = BackwardPlan(network.layers, plan)
    values = np.zeros((2, len(trace), network.n_nodes), network.dtype)
    for start in range(0, len(trace), CHUNK):
        size = min(CHUNK, len(trace) - start)
        plan.activation[:, :size] = trace.activation[start : start + size].T
        backward.seed(top, _padded(gradient[start : start + size]))
        backward.run(top)
        values[0, start : start + size, : span.stop] = backward.pre[: span.stop, :size].T
        values[1, start : start + size, : span.start] = backward.activation[: span.start, :size].T
    if network.layers[top].activation == "identity":
        values[1, :, span] = values[0, :, span]
    return values[0], values[1]


def parameter_gradients(network: Network, images: Array, gradient: Array) -> dict[str, Array]:
    """Gradients of a scalar, summed over the images, with respect to all parameters.

    Args:
        images: [B, rows, columns], as for `Network.forward`.
        gradient: [B, classes], of the scalar with respect to the logits.

    Returns:
        "conv1.weight" and so on → array of the parameter's shape, in the order of `Network.parameters`.
    """
    images = np.asarray(images, network.dtype)
    plan = network.plan(CHUNK)
    backward = BackwardPlan(network.layers, plan, down_to=1)
    top = len(network.layers) - 1
    total = {name: np.zeros_like(value) for name, value in network.parameters.items()}
    for start in range(0, len(images), CHUNK):
        chunk = images[start : start + CHUNK]
        plan.run(np.concatenate([chunk, np.zeros((CHUNK - len(chunk), *chunk.shape[1:]), chunk.dtype)]))
        backward.seed(top, _padded(gradient[start : start + CHUNK]))
        backward.run(top, down_to=1, with_parameters=True)
        for name in total:
            total[name] += backward.parameters[name]
    return total


def _padded(rows: Array) -> Array:
    """[nodes, CHUNK] from up to CHUNK rows, the missing ones being zero: they then add nothing to any sum."""
    columns = np.zeros((rows.shape[1], CHUNK), rows.dtype)
    columns[:, : len(rows)] = rows.T
    return columns
