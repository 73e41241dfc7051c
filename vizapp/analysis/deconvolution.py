"""Deconvolution: the part of the drawing that one node sees.

Zeiler and Fergus (2014), "Visualizing and Understanding Convolutional Networks", section 2.1: from a node's
activation, all others of its layer being silent, down to the pixels. What a layer takes as a sum is given back
through the same weights (the filters transposed); what max pooling took goes back to where it came from (the
switches, which the drawing has set); and what would be negative is dropped, as ReLU drops it on the way up.
Biases are left out.

What it is not: a part of the node's value. The drawing decides which places in a pool won and nothing else; below
the last pooling layer the picture is the node's filters painted over each other, for any drawing (Springenberg et
al. 2015, "Striving for Simplicity"), so that `mlp`, which has no pools, gives every drawing the same picture.
For what the drawing contributed there is `vizapp.analysis.relevance`.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.relevance import without_frame
from vizapp.nets.backward import BackwardPlan
from vizapp.nets.layers import Input
from vizapp.nets.network import Network
from vizapp.nets.plan import Plan
from vizapp.nets.trace import Trace

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Deconvolution:
    """What came down from a node; read-only.

    Attributes:
        node: its id.
        start: its activation, which everything is proportional to: 0, and an empty picture, if the node is off.
        framed: float32[rows, columns] of the input layer with its frame; positive where the node wants ink.
        picture: the same without the frame, as large as the image.
    """

    node: int
    start: float
    framed: Array
    picture: Array


def deconvolution(trace: Trace, node: int, row: int = 0) -> Deconvolution:
    """The part of a row's image that a node sees: a fraction of a millisecond.

    Raises:
        ValueError: if there is no such node.
    """
    network = trace.network
    position = network.layer_index_of(node)
    start = float(trace.activation[row, node])
    plan, down = _plans(network)
    plan.activation[:, 0] = trace.activation[row]
    seed = np.zeros((network.layers[position].n_nodes, 1), network.dtype)
    seed[node - network.offsets[position]] = start
    down.seed(position, seed)
    down.run(position)
    source = network.layers[0]
    assert isinstance(source, Input)
    values = down.pre[: source.n_nodes, 0].copy()
    values.setflags(write=False)
    return Deconvolution(node, start, values.reshape(source.shape[1:]), without_frame(network, values))


class _Down(BackwardPlan):
    """A backward pass in which ReLU is applied to what comes down, and not its slope."""

    def _through_activation(self, position: int) -> None:
        span = self._spans[position]
        if self._layers[position].activation == "relu":
            np.maximum(self.activation[span], 0, out=self.pre[span])
        else:
            np.copyto(self.pre[span], self.activation[span])


_local = threading.local()  # plans are not thread-safe: each thread has its own


def _plans(network: Network) -> tuple[Plan, _Down]:
    # A forward plan that is never run: the way down reads which inputs of the pools won from its activations.
    known: WeakKeyDictionary[Network, tuple[Plan, _Down]]
    known = _local.__dict__.setdefault("plans", WeakKeyDictionary())
    if network not in known:
        plan = Plan(network.layers, 1, network.dtype)
        known[network] = plan, _Down(network.layers, plan)
    return known[network]
