"""One node and the calculation that it performs: what comes in, what it makes of it, what follows from it.

Everything is read from a trace and from the network's own parameters, for any network; sums are taken in
float64 of the float32 inputs and weights, so that they add up to the pre-activation to float32's precision.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vizapp.analysis.receptive import receptive_field
from vizapp.nets.layers import Conv, Dense, Layer
from vizapp.nets.network import Network
from vizapp.nets.trace import Trace

Floats = NDArray[np.float32]

TERMS = 12
"""Summands that are listed one by one."""


@dataclass(frozen=True)
class Place:
    """Where a node stands in its layer: maps and units counted from 1, rows and columns from 0.

    None where it makes no sense: the input has one map, and outputs are called by their class.
    """

    map: int | None = None
    row: int | None = None
    col: int | None = None
    unit: int | None = None


@dataclass(frozen=True, eq=False)
class Incoming:
    """What comes in: `sources` int32[n] node ids, `inputs` and `weights` float32[n].

    `bias` is None where nothing is added up: pooling (whose weights are 1) and the input. `shape` is that of the
    patch of the layer below, [maps, rows, columns] or [units]; [] for the input.
    """

    sources: NDArray[np.int32]
    inputs: Floats
    weights: Floats
    bias: float | None
    shape: tuple[int, ...]

    @property
    def products(self) -> NDArray[np.float64]:
        """float64[n]: input times weight; none where nothing is added up."""
        if self.bias is None:
            return np.empty(0)
        return self.inputs.astype(np.float64) * self.weights


@dataclass(frozen=True, eq=False)
class Split:
    """A sum as its largest terms and the rest: `largest` int64[k] are places of terms, the largest |term| first.

    `count` and `sum` are of all other terms. Terms that are zero are never among the largest.
    """

    largest: NDArray[np.int64]
    count: int
    sum: float

    @classmethod
    def of(cls, terms: NDArray[np.float64], limit: int = TERMS) -> Split:
        candidates = np.flatnonzero(terms)
        order = np.argsort(-np.abs(terms[candidates]), kind="stable")
        largest, rest = candidates[order[:limit]], candidates[order[limit:]]
        return cls(largest, len(terms) - len(largest), float(terms[rest].sum()))


@dataclass(frozen=True, eq=False)
class Outgoing:
    """The weights float32[m] with which all nodes of the dense layer above, the first of id `first`, take a node."""

    layer: str
    first: int
    weights: Floats


@dataclass(frozen=True, eq=False)
class FeatureMap:
    """The map that a node belongs to: `pre` and `output` float32[rows, cols], node ids from `first` on."""

    first: int
    pre: Floats
    output: Floats


@dataclass(frozen=True, eq=False)
class Rival:
    """What a class has, or lacks, compared with the best other one: the difference of the two logits, `gap`.

    `sources` int32[n] are the nodes below, `mine` and `theirs` float64[n] what each gives to either logit, and
    `bias` the difference of the two biases: (mine − theirs).sum() + bias = gap.
    """

    node: int
    gap: float
    bias: float
    sources: NDArray[np.int32]
    mine: NDArray[np.float64]
    theirs: NDArray[np.float64]

    @property
    def difference(self) -> NDArray[np.float64]:
        return self.mine - self.theirs


def place(network: Network, node: int) -> Place:
    """Raises ValueError if there is no such node, as all functions here do."""
    layer, local = _layer(network, node)
    if len(layer.shape) == 1:
        return Place() if layer is network.layers[-1] else Place(unit=local + 1)
    plane, row, column = (int(index) for index in np.unravel_index(local, layer.shape))
    return Place(plane + 1 if layer.shape[0] > 1 else None, row, column)


def incoming(trace: Trace, node: int, row: int = 0) -> Incoming:
    network = trace.network
    layer, local = _layer(network, node)
    edges = network.edges_into(node)
    bias = None
    if layer.bias is not None:
        bias = float(layer.bias[local // (layer.n_nodes // len(layer.bias))])
    return Incoming(edges.source, trace.activation[row][edges.source], edges.weight, bias, _patch(layer))


def winner(trace: Trace, node: int, row: int = 0) -> int | None:
    """Which of a pooling node's sources it hands on, the first of equal ones; None for all other nodes."""
    won = trace.network.edges_into(node, trace, row).won
    return None if won is None else int(won.argmax())


def outgoing(network: Network, node: int) -> Outgoing | None:
    """None unless the layer above is dense."""
    position = network.layer_index_of(node)
    if position + 1 == len(network.layers):
        return None
    above = network.layers[position + 1]
    if not isinstance(above, Dense):
        return None
    assert above.weight is not None
    first = int(network.offsets[position + 1])
    return Outgoing(above.name, first, above.weight[:, node - int(network.offsets[position])])


def feature_map(trace: Trace, node: int, row: int = 0) -> FeatureMap | None:
    """None for a node of a dense layer."""
    layer, local = _layer(trace.network, node)
    if len(layer.shape) == 1:
        return None
    plane, size = local // (layer.shape[1] * layer.shape[2]), layer.shape[1] * layer.shape[2]
    first = node - local + plane * size
    pre, output = (
        values[row, first : first + size].reshape(layer.shape[1:]) for values in (trace.pre, trace.activation)
    )
    return FeatureMap(first, pre, output)


def kernel(network: Network, node: int) -> Floats | None:
    """float32[maps below, size, size] that all nodes of a convolution's map share; None for other nodes."""
    layer, local = _layer(network, node)
    if not isinstance(layer, Conv):
        return None
    assert layer.weight is not None
    return np.asarray(layer.weight[local // (layer.shape[1] * layer.shape[2])])


def rival(trace: Trace, node: int, row: int = 0) -> Rival | None:
    """An output against the other output of the greatest logit; None for nodes of other layers."""
    network = trace.network
    layer, local = _layer(network, node)
    if layer is not network.layers[-1] or layer.n_nodes < 2:
        return None
    first = node - local
    others = np.array(trace.logits[row])
    others[local] = -np.inf
    other = int(others.argmax())
    mine, theirs = incoming(trace, node, row), incoming(trace, first + other, row)
    logits = trace.logits[row].astype(np.float64)
    return Rival(
        first + other,
        float(logits[local] - logits[other]),
        (mine.bias or 0.0) - (theirs.bias or 0.0),
        mine.sources,
        mine.products,
        theirs.products,
    )


def role(network: Network, node: int) -> str:
    """What a node does, in one sentence."""
    position = network.layer_index_of(node)
    layer, local = _layer(network, node)
    if position == 0:
        if receptive_field(network, node) is None:
            return "Belongs to the empty frame that lets kernels reach the border of the picture: always 0."
        return "Says how much ink there is at its place in the picture: 0 is none, 1 is full ink."
    below = network.layers[position - 1]
    if layer.kind == "pool":
        maps = f" of map {local // (layer.shape[1] * layer.shape[2]) + 1}" if layer.shape[0] > 1 else ""
        return f"Hands on the largest of {layer.fan_in} neighbouring nodes{maps} of {below.name}."
    if isinstance(layer, Conv):
        seen = f"all {below.shape[0]} maps of {below.name}" if below.shape[0] > 1 else f"the {below.name}"
        return (
            f"Looks for the pattern of its kernel in a patch of {layer.size}×{layer.size} nodes of {seen}; "
            f"all {layer.shape[1] * layer.shape[2]} nodes of its map share that kernel."
        )
    if layer is network.layers[-1]:
        shares = f"; {layer.activation} turns the sums of all {layer.n_nodes} classes into probabilities"
        return (
            f"Adds up what the nodes of {below.name} say for class {local}"
            f"{shares if layer.activation == 'softmax' else ''}."
        )
    quiet = "; it is silent where the sum is negative" if layer.activation == "relu" else ""
    return f"Weighs all {layer.fan_in} nodes of {below.name} and adds its bias{quiet}."


def _layer(network: Network, node: int) -> tuple[Layer, int]:
    """The layer of a node, and the node's number within it."""
    position = network.layer_index_of(node)
    return network.layers[position], node - int(network.offsets[position])


def _patch(layer: Layer) -> tuple[int, ...]:
    if isinstance(layer, Conv):
        return layer.below[0], layer.size, layer.size
    if layer.kind == "pool":
        side = round(layer.fan_in**0.5)
        return 1, side, side
    return layer.below
