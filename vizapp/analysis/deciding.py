"""The nodes that decided: an exact split of what changed between two rows of a trace, and when nodes switch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vizapp.nets.layers import Dense
from vizapp.nets.trace import Trace

Doubles = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Split:
    """The change of z_a − z_b from one row to another, shared out over the nodes of the last hidden layer.

    Attributes:
        a, b: the two classes.
        nodes: int64[n] node ids, all of the layer, the largest share, by magnitude, first.
        shares: float64[n], signed: what each node added to the change. Positive speaks for a.
        total: their sum, exact in double precision.
        change: z_a − z_b of the later row minus that of the earlier, from the trace's own logits, which are
            float32: `total` differs from it by their rounding only.
    """

    a: int
    b: int
    nodes: NDArray[np.int64]
    shares: Doubles
    total: float
    change: float


def split(trace: Trace, before: int, after: int, a: int, b: int) -> Split:
    """Which nodes of the last hidden layer moved z_a − z_b between two rows, and by how much.

    A logit is linear in that layer, z_c = Σ_j w_cj h_j + bias_c, so the change is
    Σ_j (w_aj − w_bj)(h_j(after) − h_j(before)) and nothing is left over; the biases cancel.

    Raises:
        ValueError: if the output layer is not a dense one.
    """
    network = trace.network
    output = network.layers[-1]
    if not isinstance(output, Dense) or output.weight is None:
        raise ValueError(f"{network.name} ends in a layer that is not dense: there is no exact split over it")
    span = network.span(network.layers[-2].name)
    hidden = trace.activation[:, span].astype(np.float64)
    weight = output.weight.astype(np.float64)
    shares = (weight[a] - weight[b]) * (hidden[after] - hidden[before])
    order = np.argsort(-np.abs(shares), kind="stable")
    logits = trace.logits.astype(np.float64)
    change = (logits[after, a] - logits[after, b]) - (logits[before, a] - logits[before, b])
    return Split(a, b, span.start + order, shares[order], float(shares.sum()), float(change))


@dataclass(frozen=True, eq=False)
class Switching:
    """When nodes cross half of their own range along a sweep.

    Attributes:
        first, last: float64[n] positions of the first and the last crossing; NaN for a node that never changes.
        rises: bool[n], whether the node ends above its half, having started below it.
        falls: bool[n], the other way round; neither holds for a node that comes back.
        range: float64[n], its largest activation minus its smallest.
    """

    first: Doubles
    last: Doubles
    rises: NDArray[np.bool_]
    falls: NDArray[np.bool_]
    range: Doubles

    def order(self) -> NDArray[np.intp]:
        """Indices of the nodes, those that switch first at the top, those that never do at the end."""
        return np.argsort(self.first, kind="stable")


def switching(positions: Doubles, activations: NDArray[np.float32], least: float = 0.0) -> Switching:
    """When each column of activations [K, n], rows at `positions` [K], crosses half of its range.

    A node whose range is not above `least` never switches. Between rows the position is interpolated linearly.
    """
    low, high = activations.min(axis=0).astype(np.float64), activations.max(axis=0).astype(np.float64)
    half = (low + high) / 2
    above = activations > half
    crossed = above[1:] != above[:-1]
    moves = (high - low > least) & crossed.any(axis=0)
    first, last = np.full(len(half), np.nan), np.full(len(half), np.nan)
    nodes = np.flatnonzero(moves)
    if len(nodes):
        of = crossed[:, nodes]
        for target, rows in ((first, of.argmax(axis=0)), (last, len(of) - 1 - of[::-1].argmax(axis=0))):
            start = activations[rows, nodes].astype(np.float64)
            end = activations[rows + 1, nodes].astype(np.float64)
            share = (half[nodes] - start) / (end - start)
            target[nodes] = positions[rows] + share * (positions[rows + 1] - positions[rows])
    return Switching(first, last, moves & above[-1] & ~above[0], moves & above[0] & ~above[-1], high - low)
